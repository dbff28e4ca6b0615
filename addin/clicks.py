"""What each button does, the same in Excel and in LibreOffice; whatever goes wrong is said in words.

`addin.live` and `addin.office` are where the clicks of Excel and LibreOffice come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from addin import adjust_clicks, book, commands, draw_clicks, page_clicks, plans, public_clicks
from addin.buttons import BUTTONS
from addin.desk import Click, Desk, Kind, Said, now_and_then, paragraphs
from addin.logbook import noted
from addin.trouble import FileTrouble
from engine import __version__
from engine.issue import InputError, Issue, errors
from engine.wording import Lang, Text, plain

if TYPE_CHECKING:
    from engine.measuring import Measured
    from engine.placing import Placed

_SHOWN = 8  # issues in a message box
_STOPPED = Text("已停止；工作簿没有改动。", "Stopped; the workbook is as it was.")
_RUNNING = Text("正在分班……", "Placing …")
_PLACED = Text(
    "分好了：{n} 名学生，{k} 个班。{floor}/{all} 项达到最小可能差；{rules}。",
    "Done: {n} pupils in {k} classes. {floor} of {all} criteria have the smallest gap possible; {rules}.",
)
_NO_BETTER = Text(
    "没有找到更好的分班，没有改动。{floor}/{all} 项达到最小可能差；{rules}。",
    "Nothing better was found and nothing was changed. {floor} of {all} criteria are at their floor; {rules}.",
)
_MEASURED = Text("{floor}/{all} 项达到最小可能差；{rules}。", "{floor} of {all} criteria are at their floor; {rules}.")
_KEPT = Text("规则全部遵守", "every rule is kept")
_BROKEN = Text("有 {n} 处违规，见“规则检查”", "rules are broken {n} times: see the sheet Checks")
_NO_ISSUES = Text("没有问题，可以分班。", "No issues: ready to place.")
_FOUND = Text("有 {n} 个问题，已写进“问题”表：", "Issues found: {n}. They stand in the sheet Issues:")
_MORE = Text("……还有 {n} 个", "… and {n} more")
_REFUSED = Text("请先改正；工作簿没有改动。", "Please correct these first; the workbook is as it was.")
_CHOOSE = Text("选择名单", "Choose the roster")
_IMPORTED = Text(
    "读入了 {n} 名学生。请看一下“列设置”里每一列的用途，在“班级”里填好有哪些班，然后按“一键分班”。",
    "{n} pupils were read. Look over the uses in the sheet Columns, fill in the sheet Classes, then press Place.",
)
_NEW = Text(
    "新工作簿好了。请用“导入名单”读入名单，或把名单粘贴到“学生”表里；别忘了保存。",
    "The new workbook is ready. Press Import roster, or paste the roster into the sheet Students; remember to save it.",
)
_NOT_PLACED = Text("还没有分班。请先按“一键分班”。", "Nobody is placed yet. Press Place first.")
_ABOUT = Text(
    "EvenClass 均衡分班 {v}\n开源软件，MIT 许可。名单只在这台电脑上处理，不上传。",
    "EvenClass {v}\nOpen source, MIT licence. Rosters are handled on this PC only; nothing is sent anywhere.",
)
_TESTED = Text("自检：{n} 项中 {k} 项通过。{w}", "Self-test: {k} of {n} passed. {w}")
_ALL_WELL = Text("一切正常。详见新工作簿里的报告。", "All is well; the report is in the new workbook.")
_NOT_WELL = Text(
    "请把新工作簿里的报告发给帮您安装的人。", "Please send the report in the new workbook to whoever installed this."
)
_TESTING = Text("正在自检……", "Testing …")


def clicked(desk: Desk, key: str) -> None:
    """Do what a button says; whatever goes wrong is said in a message box."""
    lang: Lang = "zh"
    try:
        lang = desk.language()
        button = next(button for button in BUTTONS if button.key == key)
        said = WORKS[key](Click(desk, lang, button.label.to(lang)))
    except InputError as error:
        said = _listed(error.issues, error.lang, _REFUSED), "warning"
    except commands.StoppedError:
        said = _STOPPED.to(lang), "info"
    except FileTrouble as trouble:
        said = trouble.text.to(lang), "warning"
    except Exception as problem:
        said = noted(problem, f"click {key}").to(lang), "critical"
    if said is not None:
        words, kind = said
        caution = desk.caution() if kind != "critical" else None
        desk.say(words if caution is None else f"{words}\n\n{caution.to(lang)}", kind)


def _new_workbook(click: Click) -> Said:
    click.desk.new_workbook(click.lang)
    click.desk.show_table("Students")
    return _NEW.to(click.lang), "info"


def _import_roster(click: Click) -> Said:
    from addin.roster_file import FORMATS, pupils_in

    desk = click.desk
    path = desk.choose_file(_CHOOSE.to(click.lang), FORMATS)
    if path is None:
        return None
    roster = pupils_in(path)
    workbook = desk.workbook
    if workbook is None or not book.has_tables(workbook) or commands.has_pupils(workbook):
        workbook = desk.new_workbook(click.lang)
    with desk.one_step(click.label):
        commands.import_roster(workbook, roster.students)
    desk.show_table("Columns")
    words = _IMPORTED.fill(n=len(roster.students)).to(click.lang)
    if not roster.issues:
        return words, "info"
    return words + "\n\n" + _listed(roster.issues, click.lang, plain("")), "warning"


def _check(click: Click) -> Said:
    workbook = click.workbook
    with click.desk.one_step(click.label):
        issues, said = commands.check(workbook)
    if not issues:
        return _NO_ISSUES.to(said), "info"
    click.desk.show_table("Issues")
    return _listed(issues, said, plain("")), "warning" if errors(issues) else "info"


def _place(click: Click) -> Said:
    workbook = click.workbook
    with click.desk.one_step(click.label), click.desk.status(_RUNNING.to(click.lang)) as tell:
        placed = commands.place(workbook, progress=now_and_then(tell))
    click.desk.show_table("Gaps")
    return _placed(placed).to(placed.cohort.settings.language), _kind(placed.measured)


def _improve(click: Click) -> Said:
    from engine.placing import Placed

    workbook = click.workbook
    with click.desk.one_step(click.label), click.desk.status(_RUNNING.to(click.lang)) as tell:
        improved = commands.improve(workbook, progress=now_and_then(tell))
    found, lang = improved.found, commands.language_of(workbook)
    if not isinstance(found, Placed):
        return paragraphs(lang, _NO_BETTER.fill(**_facts(found)), improved.held), _kind(found)
    click.desk.show_table("Gaps")
    return paragraphs(lang, _placed(found), improved.held), _kind(found.measured)


def _undo(click: Click) -> Said:
    workbook = click.workbook
    with click.desk.one_step(click.label):
        command, lang = commands.take_back(workbook)
    return commands.UNDONE.fill(c=command).to(lang), "info"


def _redo(click: Click) -> Said:
    workbook = click.workbook
    with click.desk.one_step(click.label):
        command, lang = commands.do_again(workbook)
    return commands.REDONE.fill(c=command).to(lang), "info"


def _measure(click: Click) -> Said:
    workbook = click.workbook
    found, edited = plans.recheck(workbook)
    with click.desk.one_step(click.label):
        plans.show_recheck(workbook, found)
    lang, measured = found.cohort.settings.language, found.measured
    words = [_MEASURED.fill(**_facts(measured)).to(lang)]
    if edited:
        words.append(plans.edits_said(edited).to(lang))
    if found.issues:
        words.append(_listed(found.issues, lang, Text("", "")))
    click.desk.show_table("Gaps")
    return "\n\n".join(words), "warning" if errors(found.issues) else _kind(measured)


def _class_lists(click: Click) -> Said:
    lists = book.read_tables(click.workbook, ["ClassLists"]).get("ClassLists")
    if lists is None or lists["class"].isna().all():
        raise FileTrouble(_NOT_PLACED)
    click.desk.show_table("ClassLists")
    return None


def _settings(click: Click) -> Said:
    if click.workbook is not None:
        click.desk.show_table("Settings")
    return None


def _check_installation(click: Click) -> Said:
    from addin.install.check import check_installation
    from addin.install.finding import LEVELS

    found = sorted(check_installation(), key=lambda finding: list(LEVELS).index(finding.level))
    lines = [f"{LEVELS[finding.level].to(click.lang)}: {finding.text.to(click.lang)}" for finding in found]
    return "\n".join(lines), "warning" if any(finding.level in ("error", "warning") for finding in found) else "info"


def _self_test(click: Click) -> Said:
    from addin import selftest

    scratch = click.desk.new_workbook(click.lang)
    with click.desk.status(_TESTING.to(click.lang)) as tell:
        report = selftest.tested(scratch, click.lang, tell)
    passed = sum(result.passed for result in report)
    word = _ALL_WELL if passed == len(report) else _NOT_WELL
    words = _TESTED.fill(n=len(report), k=passed, w=word).to(click.lang)
    return words, "info" if passed == len(report) else "critical"


def _help(click: Click) -> Said:
    import tempfile
    import webbrowser
    from pathlib import Path

    from addin.install.guide import write_guide

    webbrowser.open(write_guide(click.lang, Path(tempfile.gettempdir())).as_uri())
    return None


def _about(click: Click) -> Said:
    return _ABOUT.fill(v=__version__).to(click.lang), "info"


WORKS: dict[str, Callable[[Click], Said]] = {
    "new_workbook": _new_workbook,
    "import_roster": _import_roster,
    "check": _check,
    "place": _place,
    "improve": _improve,
    "undo": _undo,
    "redo": _redo,
    **adjust_clicks.WORKS,
    **draw_clicks.WORKS,
    **page_clicks.WORKS,
    "measure": _measure,
    "class_lists": _class_lists,
    **public_clicks.WORKS,
    "settings": _settings,
    "check_installation": _check_installation,
    "self_test": _self_test,
    "help": _help,
    "about": _about,
}


def _placed(placed: Placed) -> Text:
    facts = {"n": len(placed.cohort.ids), "k": len(placed.cohort.classes), **_facts(placed.measured)}
    return _PLACED.fill(**facts)


def _facts(measured: Measured) -> dict[str, object]:
    broken = measured.violations
    floors = sum(gap.at_floor for gap in measured.gaps)
    return {"floor": floors, "all": len(measured.gaps), "rules": _BROKEN.fill(n=broken) if broken else _KEPT}


def _kind(measured: Measured) -> Kind:
    return "warning" if measured.violations or not measured.tolerated else "info"


def _listed(issues: Sequence[Issue], lang: Lang, foot: Text) -> str:
    lines = [_FOUND.fill(n=len(issues)).to(lang)] if not foot.en else []
    lines += [issue.line(lang, None) for issue in issues[:_SHOWN]]
    if len(issues) > _SHOWN:
        lines.append(_MORE.fill(n=len(issues) - _SHOWN).to(lang))
    return "\n".join([*lines, foot.to(lang)]).strip()
