"""Every command run in a scratch workbook of the user's own host, every result checked, and a report written there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from addin import book, commands
from addin.logbook import noted
from addin.trouble import FileTrouble
from engine import __version__
from engine.issue import InputError, errors
from engine.tables import TABLES
from engine.wording import Lang, Text
from workbook_templates import example_roster_path

SHEET = Text("自检报告", "Self-test report")
CLASSES = 4
AWKWARD = ("007", "1-2", "3/4", "=1+1", "360730201209010018", " 王 ", "1E5", "TRUE")  # what a sheet likes to misread
_QUICK = {"effort": "quick", "seed": 1}
_PASSED, _FAILED = Text("通过", "passed"), Text("失败", "FAILED")


@dataclass(frozen=True, slots=True)
class Result:
    """What was tested, whether it passed, and what was found."""

    what: Text
    passed: bool
    found: Text

    @property
    def text(self) -> Text:
        """What was tested and what was found, in one sentence."""
        return Text("{a}：{b}", "{a}: {b}").fill(a=self.what, b=self.found)


class Wrong(Exception):  # noqa: N818 # reads as what was found
    """A result is not what it must be."""


@dataclass(slots=True)
class Scratch:
    """The scratch workbook, and what the steps leave for each other."""

    workbook: book.Book
    lang: Lang
    tell: Callable[[float], bool]
    roster: pd.DataFrame = field(default_factory=pd.DataFrame)
    placed: list[object] = field(default_factory=list)

    def students(self) -> pd.DataFrame:
        """Return the table *Students*."""
        return book.read_tables(self.workbook, ["Students"])["Students"]

    def classes(self) -> list[object]:
        """Return the class of every pupil."""
        return list(self.students()["placed_class"])

    def tables(self) -> dict[str, list[Any]]:
        """Return what all tables hold, but for the record of undo."""
        read = book.read_tables(self.workbook, [name for name in TABLES if name != "Undo"])
        return {name: frame.where(frame.notna(), None).to_numpy().tolist() for name, frame in read.items()}

    def must(self, true: bool, otherwise: str) -> None:
        """Raise `Wrong` unless something is true."""
        if not true:
            raise Wrong(otherwise)


def tested(workbook: book.Book, lang: Lang, tell: Callable[[float], bool] = lambda _: True) -> list[Result]:
    """Run every step on a new workbook of ours, write the report into it and return it."""
    scratch = Scratch(workbook, lang, tell)
    results = []
    for number, (what, step) in enumerate(STEPS):
        if not tell(number / len(STEPS)):
            raise commands.StoppedError
        try:
            found = step(scratch)
            results.append(Result(what, passed=True, found=found))
        except Wrong as wrong:
            results.append(Result(what, passed=False, found=Text(str(wrong), str(wrong))))
        except FileTrouble as trouble:
            results.append(Result(what, passed=False, found=trouble.text))
        except Exception as problem:
            results.append(Result(what, passed=False, found=noted(problem, f"self-test, {what.en}")))
    book.write_report(workbook, SHEET.to(lang), report(results, lang, host_of(workbook)))
    return results


def report(results: list[Result], lang: Lang, host: str) -> list[list[str]]:
    """Return the rows of the report sheet."""
    head = Text("自检报告：{k}/{n} 项通过", "Self-test: {k} of {n} passed")
    filled = head.fill(k=sum(result.passed for result in results), n=len(results))
    rows = [
        [filled.to(lang), "", f"EvenClass {__version__}, {host}, {datetime.now():%Y-%m-%d %H:%M}"],
        [
            Text("检查了什么", "What was tested").to(lang),
            Text("结果", "Result").to(lang),
            Text("情况", "Found").to(lang),
        ],
    ]
    for each in results:
        rows.append([each.what.to(lang), (_PASSED if each.passed else _FAILED).to(lang), each.found.to(lang)])
    return rows


def said(result: Result) -> tuple[Text, str]:
    """Return the word for a result, and the level of a finding whose colour it has."""
    return (_PASSED, "ok") if result.passed else (_FAILED, "error")


def host_of(workbook: book.Book) -> str:
    """Return the host's name and version."""
    return f"{workbook.app.engine.name} {workbook.app.impl.version}"


def _template(scratch: Scratch) -> Text:
    lacking = set(TABLES) - set(book.read_tables(scratch.workbook))
    scratch.must(not lacking, f"{sorted(lacking)}")
    return Text("{n} 张表都在", "all {n} tables are there").fill(n=len(TABLES))


def _texts(scratch: Scratch) -> Text:
    given = pd.DataFrame({"x": list(AWKWARD), "placed_class": None, "locked": None}, dtype=object)
    book.write_tables(scratch.workbook, {"Students": given}, scratch.lang)
    read = list(scratch.students()["x"])
    scratch.must(read == list(AWKWARD), f"{read}")
    return Text("学号、日期样、公式样的文字都原样保留", "ids and texts like dates or formulas stay as they are")


def _import(scratch: Scratch) -> Text:
    from addin.roster_file import read_roster

    scratch.roster = read_roster(example_roster_path()).students
    book.write_tables(
        scratch.workbook, {"Classes": pd.DataFrame({"class": [f"{n + 1}" for n in range(CLASSES)]})}, scratch.lang
    )
    commands.import_roster(scratch.workbook, scratch.roster)
    _roster_untouched(scratch)
    return Text("{n} 名学生，每一格都一样", "{n} pupils, every cell the same").fill(n=len(scratch.roster))


def _check(scratch: Scratch) -> Text:
    issues, _ = commands.check(scratch.workbook)
    scratch.must(not errors(issues), "; ".join(issue.line(scratch.lang) for issue in issues))
    return Text("没有错误，{n} 条提示", "no errors, {n} milder issues").fill(n=len(issues))


def _stop(scratch: Scratch) -> Text:
    before = scratch.tables()
    with suppress(commands.StoppedError):
        commands.place(scratch.workbook, chosen=_QUICK, progress=lambda _: False)
    scratch.must(scratch.tables() == before, "the tables differ")
    return Text("停止后，每张表都和原来一样", "after a stop every table is as it was")


def _place(scratch: Scratch) -> Text:
    placed = commands.place(scratch.workbook, chosen=_QUICK, progress=scratch.tell)
    scratch.placed = scratch.classes()
    sizes = sorted(pd.Series(scratch.placed).value_counts())
    scratch.must(len(sizes) == CLASSES and sizes[-1] - sizes[0] <= 1, f"{sizes}")
    scratch.must(placed.measured.violations == 0, f"{placed.measured.violations} violations")
    tables = book.read_tables(scratch.workbook)
    scratch.must(len(tables["ClassLists"]) == len(scratch.placed), "a pupil is missing in the class lists")
    scratch.must(len(tables["Gaps"]) == len(placed.measured.gaps), "a criterion is missing in Gaps")
    _roster_untouched(scratch)
    floors = sum(gap.at_floor for gap in placed.measured.gaps)
    what = Text("{k}/{n} 项达到最小可能差，规则全部遵守", "{k} of {n} criteria at their floor, every rule kept")
    return what.fill(k=floors, n=len(placed.measured.gaps))


def _measure(scratch: Scratch) -> Text:
    _, measured, _ = commands.measure(scratch.workbook)
    shown = book.read_tables(scratch.workbook, ["Gaps"])["Gaps"]
    gaps = [round(float(gap.gap), 6) for gap in measured.gaps if gap.criterion.kind != "spread"]
    written = [
        round(float(cell), 6)
        for cell, kind in zip(shown["gap"], measured.gaps, strict=True)
        if kind.criterion.kind != "spread"
    ]
    scratch.must(gaps == written and measured.violations == 0, f"{gaps} / {written}")
    return Text("和分班时的结果一致", "the same as when placed")


def _undo(scratch: Scratch) -> Text:
    commands.take_back(scratch.workbook)
    scratch.must(set(scratch.classes()) == {None}, "classes are left")
    commands.place(scratch.workbook, chosen=_QUICK)
    scratch.must(scratch.classes() == scratch.placed, "the same seed gave other classes")
    before = scratch.tables()
    commands.place(scratch.workbook, chosen={**_QUICK, "seed": 2})
    commands.take_back(scratch.workbook)
    scratch.must(scratch.tables() == before, "not every cell came back")
    return Text("每一格都恢复；同一种子得到同样的分班", "every cell came back; the same seed gave the same classes")


def _edited(scratch: Scratch) -> Text:
    classes = scratch.classes()
    book.write_column(scratch.workbook, "Students", "placed_class", [classes[-1], *classes[:-1]], scratch.lang)
    try:
        commands.take_back(scratch.workbook)
    except FileTrouble as refused:
        return refused.text
    raise Wrong("an edit since was lost")


def _improve(scratch: Scratch) -> Text:
    moved = scratch.classes()  # shifted by one pupil in the step before
    locked: list[object] = [None] * len(moved)
    locked[0] = "yes"
    book.write_column(scratch.workbook, "Students", "locked", locked, scratch.lang)
    _, before, _ = commands.measure(scratch.workbook)
    commands.improve(scratch.workbook, chosen=_QUICK)
    _, after, _ = commands.measure(scratch.workbook)
    scratch.must(after.violations <= before.violations, "more rules are broken than before")
    scratch.must(scratch.classes()[0] == moved[0], "a locked pupil was moved")
    what = Text("违规 {a} → {b}，锁定的学生没动", "violations {a} → {b}, the locked pupil stayed")
    return what.fill(a=before.violations, b=after.violations)


def _adjust(scratch: Scratch) -> Text:
    from addin.selftest_adjusting import argued

    wrong, found = argued(scratch.workbook)
    scratch.must(not wrong, "; ".join(wrong))
    return found


def _fairness(scratch: Scratch) -> Text:
    from addin.fairness import fairness, show_fairness

    before = scratch.classes()
    found, lang = fairness(scratch.workbook, resamples=99)
    show_fairness(scratch.workbook, found, lang)
    shown = book.read_tables(scratch.workbook, ["Fairness"])["Fairness"]
    scratch.must(len(shown) == len(found.found), "a test is missing in the sheet")
    scratch.must(scratch.classes() == before, "testing moved someone")
    commands.take_back(scratch.workbook)
    return Text("{n} 项检验", "{n} tests").fill(n=len(found.found))


def _draw(scratch: Scratch) -> Text:
    from addin.selftest_drawing import drawn

    wrong, found = drawn(scratch.workbook)
    scratch.must(not wrong, "; ".join(wrong))
    return found


def _refused(scratch: Scratch) -> Text:
    fresh = scratch.students()
    column = next(header for header in fresh.columns if len(set(fresh[header])) == len(fresh))
    ids = list(fresh[column])
    spoilt = pd.Series([ids[0], ids[0], *ids[2:]], dtype=object)
    book.write_tables(scratch.workbook, {"Students": fresh.assign(**{column: spoilt})}, scratch.lang)
    before = scratch.tables()
    try:
        commands.place(scratch.workbook, chosen=_QUICK)
    except InputError as error:
        scratch.must(scratch.tables() == before, "something was written")
        return Text(error.issues[0].line("zh"), error.issues[0].line("en"))
    finally:
        book.write_tables(scratch.workbook, {"Students": fresh}, scratch.lang)
    raise Wrong("a repeated id was not refused")


def _guide(scratch: Scratch) -> Text:
    from addin.install.guide import guide_page

    scratch.must(len(guide_page(scratch.lang)) > 1000, "the guide is empty")
    return Text("使用说明在", "the guide is there")


def _roster_untouched(scratch: Scratch) -> None:
    now = scratch.students()[list(scratch.roster.columns)]
    differs = [
        f"{column} {row + 1}: {old!r} → {new!r}"
        for column in scratch.roster.columns
        for row, (old, new) in enumerate(zip(scratch.roster[column], now[column], strict=True))
        if old != new and not (pd.isna(old) and new is None)
    ]
    scratch.must(not differs, "; ".join(differs[:5]))


STEPS: tuple[tuple[Text, Callable[[Scratch], Text]], ...] = (
    (Text("新建工作簿", "New workbook"), _template),
    (Text("容易被误认的文字", "Texts that are easily misread"), _texts),
    (Text("导入名单", "Import roster"), _import),
    (Text("检查", "Check"), _check),
    (Text("停止", "Stop"), _stop),
    (Text("一键分班", "Place"), _place),
    (Text("重新核对", "Measure"), _measure),
    (Text("撤销", "Undo"), _undo),
    (Text("改过之后撤销，应被拒绝", "Undo after an edit is refused"), _edited),
    (Text("继续优化", "Improve"), _improve),
    (Text("手工调整", "Adjusting by hand"), _adjust),
    (Text("公平性检验", "Was it fair"), _fairness),
    (Text("现场抽签", "Draw"), _draw),
    (Text("名单有错，应被拒绝", "A wrong roster is refused"), _refused),
    (Text("使用说明", "Guide"), _guide),
)
