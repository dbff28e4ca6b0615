"""A LibreOffice document, as xlwings sees it, and where its tables are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.hosts import office_file, open_books
from addin.hosts.grid import Block
from addin.hosts.office_sheet import Sheets

if TYPE_CHECKING:
    from addin.hosts.libreoffice import Books

Formats = list[tuple[Block, str]]
_FRESH = 0.25  # seconds for which what the user can change is taken for true


@dataclass(frozen=True, slots=True)
class TableFacts:
    """Where a table is and what it has."""

    sheet: int
    block: Block
    header: bool
    totals: bool
    filtered: bool


class Book(open_books.Book):
    """A document, known to the office's side by number, and what the office has forgotten of its file."""

    # they also hide the properties of the base
    __slots__ = ("_formats", "_sheets", "_tables", "_until", "lacking", "number")

    def __init__(self, books: Books, number: int, path: Path, lacking: office_file.Forgotten | None = None) -> None:
        super().__init__(books, path)
        self.number = number
        self.lacking = lacking or office_file.Forgotten()
        self.forget()

    def ask(self, operation: str, *arguments: object) -> Any:
        """Return the answer of the office's side to a question about this document."""
        return self.app.line.ask(operation, self.number, *arguments)

    @property
    def styles(self) -> dict[str, str]:
        """The style of each table by its name, to be read and changed."""
        return self.lacking.styles

    def forget(self) -> None:
        """Look anew for sheets and tables when next asked."""
        self._until = 0.0
        self._sheets: list[tuple[int, str, bool]] | None = None
        self._tables: dict[str, TableFacts] | None = None
        self.forget_formats()

    def forget_formats(self) -> None:
        """Look anew for number formats when next asked."""
        self._formats: tuple[int, Block, Formats] | None = None

    def formats_at(self, sheet: int, block: Block) -> Formats:
        """Return the number formats in a block of a sheet, part by part; asked of halves, the whole is remembered."""
        self._refresh()
        if self._formats is not None and self._formats[0] == sheet and self._formats[1].holds(block):
            return [(part.shared(block), code) for part, code in self._formats[2] if part.meets(block)]
        asked = self.app.line.ask("formats", sheet, [block.row - 1, block.column - 1, block.rows, block.columns])
        parts = [(block.part(*part), code) for part, code in asked]
        self._formats = sheet, block, parts
        return parts

    def _refresh(self) -> None:
        if time.monotonic() > self._until:
            self.forget()
            self._until = time.monotonic() + _FRESH

    def sheet_list(self) -> list[tuple[int, str, bool]]:
        """Return number, name and visibility of every sheet; what the user changes shows a moment later."""
        self._refresh()
        if self._sheets is None:
            self._sheets = [(number, name, shown) for number, name, shown in self.ask("sheets")]
        return self._sheets

    def table_list(self) -> dict[str, TableFacts]:
        """Return where every table is; what the user changes shows a moment later."""
        self._refresh()
        if self._tables is None:
            self._tables = {
                name: TableFacts(sheet, Block(row + 1, column + 1, rows, columns), *parts)
                for name, sheet, (row, column, rows, columns), *parts in self.ask("tables")
            }
        return self._tables

    @property
    def api(self) -> Book:
        """The book itself: there is no other behind it."""
        return self

    @property
    def sheets(self) -> Sheets:
        """The sheets."""
        return Sheets(self)

    @property
    def structure_locked(self) -> bool:
        """Whether no sheet can be added."""
        return bool(self.ask("structure_locked"))

    @property
    def read_only(self) -> bool:
        """Whether the document is only to be read."""
        return bool(self.ask("read_only"))

    def forget_undo(self) -> None:
        """Let the user's Undo have nothing to take back."""
        self.ask("forget_undo")

    def close(self) -> None:
        """Close the book without saving."""
        self.ask("close")
        super().close()

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Write the book to a file, in place of what is there, in one step. Raises `FileTrouble` if that fails."""
        target = self.target(path)
        office_file.save(self.ask, target, self.lacking, password)
        self.path = target

    @contextmanager
    def one_step(self, name: str) -> Iterator[None]:
        """Let all that is done meanwhile be one step for the user's Undo; after an exception it is taken back."""
        self.ask("undo_begin", name)
        done = False
        try:
            yield
            done = True
        finally:
            self.ask("undo_end", done)
            self.forget()
