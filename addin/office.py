"""A click in LibreOffice: ``python -m addin.office KEY``, started by the extension, does what the button says.

The document in front is the caller, as a workbook in Excel is; the same commands run on it. Everything that a click
does is one step for LibreOffice's own Undo, and nothing if it fails or is stopped.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any, Literal

from addin import book, commands
from addin.buttons import BUTTONS, Button
from addin.hosts.libreoffice import attach, serving_app
from addin.hosts.office_desk import Desk
from addin.trouble import FileTrouble
from engine.issue import InputError, Issue, errors
from engine.wording import Lang, Text, plain

_OFTEN = 0.2  # seconds between two looks at the status bar and the stop button
_SHOWN = 8  # issues in a message box
_NO_BOOK = Text(
    "请先打开一个电子表格。",
    "Open a spreadsheet first.",
)
_NOT_OURS = Text(
    "这个工作簿里没有“学生”表（Students）。请打开 evenclass new 新建的工作簿，把名单粘贴进去。",
    "This workbook has no table Students. Open a workbook made with evenclass new and paste the roster into it.",
)
_NOT_YET = Text(
    "“{b}”在 LibreOffice 里还不能用；请用命令行 evenclass。",
    "“{b}” does not work in LibreOffice yet; use the command line, evenclass.",
)
_STOPPED = Text("已停止；工作簿没有改动。", "Stopped; the workbook is as it was.")
_RUNNING = Text("正在分班……", "Placing …")
_PLACED = Text(
    "分好了：{n} 名学生，{k} 个班。{floor}/{all} 项达到最小可能差；{rules}。",
    "Done: {n} pupils in {k} classes. {floor} of {all} criteria have the smallest gap possible; {rules}.",
)
_MEASURED = Text("{floor}/{all} 项达到最小可能差；{rules}。", "{floor} of {all} criteria are at their floor; {rules}.")
_KEPT = Text("规则全部遵守", "every rule is kept")
_BROKEN = Text("有 {n} 处违规，见“规则检查”", "rules are broken {n} times: see the sheet Checks")
_NO_ISSUES = Text("没有问题，可以分班。", "No issues: ready to place.")
_FOUND = Text("有 {n} 个问题，已写进“问题”表：", "{n} issues, written to the sheet Issues:")
_MORE = Text("……还有 {n} 个", "… and {n} more")
_REFUSED = Text("请先改正；工作簿没有改动。", "Please correct these first; the workbook is as it was.")

Kind = Literal["info", "warning", "critical"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a button says; return 0 also when it was refused in words."""
    parser = argparse.ArgumentParser(prog="python -m addin.office", description=__doc__)
    parser.add_argument("key", choices=[button.key for button in BUTTONS])
    parser.add_argument("--pipe", help="attach to an office that listens there instead of the one that started this")
    chosen = parser.parse_args(arguments)
    desk = Desk(attach(chosen.pipe) if chosen.pipe else serving_app())
    clicked(desk, chosen.key)
    return 0


def clicked(desk: Desk, key: str) -> None:
    """Do what a button says to the workbook in front; whatever goes wrong is said in a message box."""
    button = next(button for button in BUTTONS if button.key == key)
    lang = desk.language()
    workbook = desk.workbook
    work = _WORKS.get(key)
    try:
        if work is None:
            desk.say(_NOT_YET.fill(b=button.label).to(lang), "info")
        elif workbook is None:
            desk.say(_NO_BOOK.to(lang), "info")
        elif not book.has_tables(workbook):
            desk.say(_NOT_OURS.to(lang), "info")
        else:
            with desk.one_step(button.label.to(lang)) if _writes(button) else nullcontext():
                words, kind = work(desk, workbook, lang)
            desk.say(words, kind)
    except InputError as error:
        desk.say(_listed(error.issues, error.lang, _REFUSED), "warning")
    except commands.StoppedError:
        desk.say(_STOPPED.to(lang), "info")
    except FileTrouble as trouble:
        desk.say(trouble.text.to(lang), "warning")


def _writes(button: Button) -> bool:
    return button.key != "measure"


def _place(desk: Desk, workbook: book.Book, lang: Lang) -> tuple[str, Kind]:
    with desk.status(_RUNNING.to(lang)) as tell:
        placed = commands.place(workbook, progress=_now_and_then(tell))
    desk.show_table("Gaps")
    measured, cohort, said = placed.measured, placed.cohort, placed.cohort.settings.language
    facts = _facts(measured)
    return _PLACED.fill(n=len(cohort.ids), k=len(cohort.classes), **facts).to(said), _kind(measured)


def _check(desk: Desk, workbook: book.Book, lang: Lang) -> tuple[str, Kind]:
    issues, said = commands.check(workbook)
    if not issues:
        return _NO_ISSUES.to(said), "info"
    desk.show_table("Issues")
    return _listed(issues, said, plain("")), "warning" if errors(issues) else "info"


def _measure(desk: Desk, workbook: book.Book, lang: Lang) -> tuple[str, Kind]:
    cohort, measured, _ = commands.measure(workbook)
    return _MEASURED.fill(**_facts(measured)).to(cohort.settings.language), _kind(measured)


_WORKS: dict[str, Callable[[Desk, book.Book, Lang], tuple[str, Kind]]] = {
    "place": _place,
    "check": _check,
    "measure": _measure,
}


def _facts(measured: Any) -> dict[str, object]:  # engine.measuring.Measured, imported late
    broken = measured.violations
    floors = sum(gap.at_floor for gap in measured.gaps)
    return {"floor": floors, "all": len(measured.gaps), "rules": _BROKEN.fill(n=broken) if broken else _KEPT}


def _kind(measured: Any) -> Kind:
    return "warning" if measured.violations or not measured.tolerated else "info"


def _listed(issues: Sequence[Issue], lang: Lang, foot: Text) -> str:
    lines = [_FOUND.fill(n=len(issues)).to(lang)] if not foot.en else []
    lines += [issue.line(lang, None) for issue in issues[:_SHOWN]]
    if len(issues) > _SHOWN:
        lines.append(_MORE.fill(n=len(issues) - _SHOWN).to(lang))
    return "\n".join([*lines, foot.to(lang)]).strip()


def _now_and_then(tell: Callable[[float], bool]) -> Callable[[float], bool]:
    """Return a progress function that really tells a few times a second."""
    last = 0.0

    def progress(share: float) -> bool:
        nonlocal last
        now = time.monotonic()
        if now - last < _OFTEN:
            return True
        last = now
        return tell(share)

    return progress


if __name__ == "__main__":
    raise SystemExit(main())
