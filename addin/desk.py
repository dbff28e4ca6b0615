"""What surrounds the workbook in front of the user, whichever the host: message boxes, status bar, sheets, files.

Each host has a desk of its own: `addin.hosts.excel_desk`, `addin.hosts.office_desk`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from addin import book
from addin.trouble import FileTrouble
from engine.wording import Lang, Text

Kind = Literal["info", "warning", "critical"]
Said = tuple[str, Kind] | None  # what a button says at the end
_OFTEN = 0.2  # seconds between two looks at the status bar and the stop button
_NO_BOOK = Text("请先打开一个分班工作簿，或用“新建工作簿”。", "Open a workbook first, or press New workbook.")
_NOT_OURS = Text(
    "这个工作簿里没有“学生”表（Students），没有改动它。请用“新建工作簿”，再用“导入名单”读入名单。",
    "This workbook has no table Students and was left alone. Press New workbook, then Import roster.",
)


class Desk(Protocol):
    """What surrounds the workbook in front of the user, None if there is none."""

    workbook: book.Book | None

    def language(self) -> Lang:
        """Return the language of the menus."""

    def say(self, words: str, kind: Kind) -> None:
        """Show a message box and wait until it is closed."""

    def caution(self) -> Text | None:
        """Return what to know before saving with the host's own Save; once for each workbook, None if nothing."""

    def choose_file(self, title: str, endings: Sequence[str]) -> Path | None:
        """Let the user choose a file; None if they think better of it."""

    def new_workbook(self, lang: Lang) -> book.Book:
        """Make an empty workbook of ours; it is the one in front then."""

    def areas(self) -> list[tuple[str, int, int, int, int]]:
        """Return what is selected: sheet, first row, first column, rows, columns of each area, counted from 1."""

    def show_table(self, name: str) -> None:
        """Bring the sheet of a table to the front."""

    def one_step(self, name: str) -> AbstractContextManager[None]:
        """Let what is done meanwhile be one step for the host's own Undo; after an exception it is taken back."""

    def status(self, text: str) -> AbstractContextManager[Callable[[float], bool]]:
        """Show progress; what is given takes the share done and returns whether the user lets it go on."""


@dataclass(frozen=True, slots=True)
class Click:
    """One click: where, in which language the menus are, and what the button is called."""

    desk: Desk
    lang: Lang
    label: str

    @property
    def workbook(self) -> book.Book:
        """The workbook in front. Raises `FileTrouble` if there is none of ours."""
        workbook = self.desk.workbook
        if workbook is None:
            raise FileTrouble(_NO_BOOK)
        if not book.has_tables(workbook):
            raise FileTrouble(_NOT_OURS)
        return workbook


def now_and_then(tell: Callable[[float], bool]) -> Callable[[float], bool]:
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


def paragraphs(lang: Lang, *texts: Text) -> str:
    """Return what a message box says, a blank line between; texts that say nothing are left out."""
    return "\n\n".join(said for text in texts if (said := text.to(lang)))
