"""What the user must fix: every problem with its place, the actual value, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.adjust_tables import DECLARED
from engine.wording import Lang, Text

Level = Literal["error", "warning", "note"]
Place = tuple[str, int | None, str | Text | None]  # table name, data row from 1, column (header or field header)

LEVELS: dict[Level, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
}
NOTHING_TO_DO = Text("", "")


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing the user must fix (error), should look at (warning) or may like to know (note).

    ``table`` is a table name of `engine.tables`, ``row`` counts the table's data rows from 1 (None: the
    whole table), ``column`` is the header as the user sees it.
    """

    level: Level
    table: str
    row: int | None
    column: str | None
    what: Text
    do: Text

    def sentence(self, lang: Lang) -> str:
        """Return what is wrong and what to do, without the place."""
        gap = "" if lang == "zh" else " "
        return (self.what.to(lang) + gap + self.do.to(lang)).strip()

    def line(self, lang: Lang, sheet: Text | None = None) -> str:
        """Return the whole message with its place: ``规则表 第1行 学生：…`` or ``Rules, row 1, Pupils: …``.

        ``sheet`` replaces the table's name where it stands in a file of the user's.
        """
        where = sheet or Text("{s}表", "{s}").fill(s=DECLARED[self.table].sheet)
        if lang == "zh":
            parts = [where.zh, f"第{self.row}行" if self.row else None, self.column]
            return " ".join(part for part in parts if part) + "：" + self.sentence(lang)
        parts = [where.en, f"row {self.row}" if self.row else None, self.column]
        return ", ".join(part for part in parts if part) + ": " + self.sentence(lang)


@dataclass(slots=True)
class Findings:
    """Gathers issues while input tables are read, so that all are told at once."""

    lang: Lang
    issues: list[Issue] = field(default_factory=list)

    def add(
        self,
        level: Level,
        place: Place,
        what: Text,
        do: Text = NOTHING_TO_DO,
    ) -> None:
        """Note an issue at ``place``: table name, data row from 1 or None, column (header or field header) or None."""
        table, row, column = place
        header = column.to(self.lang) if isinstance(column, Text) else column
        issue = Issue(level, table, row, header, what, do)
        if issue not in self.issues:
            self.issues.append(issue)

    @property
    def failed(self) -> bool:
        """Return whether anything found forbids a placement."""
        return any(issue.level == "error" for issue in self.issues)


class InputError(Exception):
    """The input has errors: carries *all* issues found, errors and milder ones alike, and the input's language."""

    def __init__(self, issues: Iterable[Issue], lang: Lang = "zh") -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        self.lang: Lang = lang
        super().__init__("\n".join(issue.sentence("en") for issue in self.issues if issue.level == "error"))


def errors(issues: Iterable[Issue]) -> list[Issue]:
    """Return those issues that forbid a placement."""
    return [issue for issue in issues if issue.level == "error"]


def told_once(of_columns: Iterable[Issue], of_pupils: Sequence[Issue]) -> tuple[Issue, ...]:
    """Return what was found on reading a roster, then on checking it.

    What is said of a whole column is left out where the same, with the same advice, is said of its pupils one by one.
    """
    told = {(issue.level, issue.table, issue.column, issue.do) for issue in of_pupils if issue.row is not None}
    kept = (each for each in of_columns if (each.level, each.table, each.column, each.do) not in told)
    return (*kept, *of_pupils)
