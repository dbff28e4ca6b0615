"""The sheets of a LibreOffice document, as xlwings sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from addin.hosts.block_table import BlockSheet, BlockSheets
from addin.hosts.grid import Block
from addin.hosts.office_range import Range, area
from addin.hosts.office_table import Tables
from workbook_templates.paper import Paper

if TYPE_CHECKING:
    from addin.hosts.office_book import Book

_LOOKS_ONLY = ("read", "formulas", "get", "sizes", "used", "protected")  # no number format changes by that


class Sheets(BlockSheets):
    """The sheets of a book."""

    __slots__ = ("book",)  # they also hide the properties of the base

    def __init__(self, book: Book) -> None:
        self.book = book

    def all(self) -> Sequence[Sheet]:
        """Return the sheets."""
        return [Sheet(self.book, number) for number, _, _ in self.book.sheet_list()]

    @property
    def active(self) -> Sheet:
        """The sheet in front."""
        return Sheet(self.book, self.book.ask("active_sheet"))

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Add an empty sheet, before the one in front if nothing else is said, and bring it to the front."""
        sheets = self.all()
        place = sheets.index(after) + 1 if after else sheets.index(before or self.active)
        title = name or self.free_name()
        number = self.book.ask("add_sheet", title, place)
        self.book.forget()
        sheet = Sheet(self.book, number)
        sheet.activate()
        return sheet


class Sheet(BlockSheet):
    """One sheet, known to the office's side by number."""

    __slots__ = ("number",)  # they also hide the properties of the base

    range_class = Range

    def __init__(self, book: Book, number: int) -> None:
        self.book = book
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sheet) and (self.book, self.number) == (other.book, other.number)

    def __hash__(self) -> int:
        return hash(self.number)

    @property
    def api(self) -> Sheet:
        """The sheet itself: there is no other behind it."""
        return self

    def ask(self, operation: str, *arguments: object) -> Any:
        """Return the answer of the office's side to a question about this sheet."""
        if operation not in _LOOKS_ONLY:
            self.book.forget_formats()
        return self.book.app.line.ask(operation, self.number, *arguments)

    def _entry(self) -> tuple[int, str, bool]:
        for place, (number, name, shown) in enumerate(self.book.sheet_list()):
            if number == self.number:
                return place, name, shown
        raise KeyError(self.number)

    @property
    def name(self) -> str:
        """The name on the tab."""
        return self._entry()[1]

    @name.setter
    def name(self, value: str) -> None:
        self.ask("rename_sheet", value)
        self.book.forget()

    @property
    def index(self) -> int:
        """The position among the sheets, from 1."""
        return self._entry()[0] + 1

    @property
    def visible(self) -> bool:
        """Whether the tab is shown."""
        return self._entry()[2]

    @visible.setter
    def visible(self, value: bool) -> None:
        self.ask("show_sheet", bool(value))
        self.book.forget()

    def hide(self) -> None:
        """Hide the tab; LibreOffice has no sheets hidden deeper."""
        self.visible = False

    def set_window(self, colour: str, rows: int, columns: int) -> None:
        """Give the tab a colour and keep these rows and columns in sight; the sheet is in front."""
        self.ask("set_window", int(colour[1:], 16), rows, columns)

    def set_paper(self, paper: Paper, block: Block | None) -> None:
        """Let the sheet go onto paper so; of the sheet only ``block`` if that is given."""
        said = {**asdict(paper), "fitted": paper.fitted}
        self.ask("set_paper", said, None if block is None else area(block))

    def start_pages(self, first: int, last: int, starts: Sequence[int]) -> None:
        """Start printed pages at these rows, and at no other of the rows from first to last."""
        self.ask("start_pages", first - 1, last - 1, [row - 1 for row in starts])

    @property
    def protected(self) -> bool:
        """Whether the cells are protected."""
        return bool(self.ask("protected"))

    @property
    def tables(self) -> Tables:
        """The tables on the sheet."""
        return Tables(self)

    @property
    def used_range(self) -> Range:
        """From the first cell to the last that holds something."""
        row, column, rows, columns = self.ask("used")
        return Range(self, Block(row + 1, column + 1, rows, columns))

    def activate(self) -> None:
        """Bring the sheet to the front."""
        self.book.ask("activate_sheet", self.number)

    def delete(self) -> None:
        """Remove the sheet."""
        self.book.ask("remove_sheet", self.number)
        self.book.forget()

    def headers_written(self, block: Block) -> None:
        """Make header cells that were just written what Excel makes of them: text, none blank, none twice."""
        table = self.table_at(block)
        if table is not None and table.show_headers and block.row <= table.whole.row:
            table.name_headers()
