"""What the user must fix: every problem with its place, the actual value, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.wording import Lang, Text

Level = Literal["error", "warning", "note"]

LEVELS: dict[Level, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
}


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
        return self.what.to(lang) + gap + self.do.to(lang)


class InputError(Exception):
    """The input has errors: carries *all* issues found, errors and milder ones alike."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__("\n".join(issue.sentence("en") for issue in self.issues if issue.level == "error"))


def errors(issues: Iterable[Issue]) -> list[Issue]:
    """Return those issues that forbid a placement."""
    return [issue for issue in issues if issue.level == "error"]
