"""What sheets and tables are in every host without Excel: blocks of cells, of which a host knows place and content."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from xlwings import base_classes

from addin.hosts.block_range import BlockRange, block_from
from addin.hosts.grid import LAST_COLUMN, LAST_ROW, Block
from addin.hosts.listed import Listed


class BlockSheets(Listed, base_classes.Sheets):
    """The sheets of a book."""

    __slots__ = ()

    def free_name(self) -> str:
        """Return a name for a new sheet."""
        number = len(self) + 1
        while f"Sheet{number}" in self:
            number += 1
        return f"Sheet{number}"


class BlockSheet(base_classes.Sheet):
    """A sheet, whatever the host; ``range_class`` is what blocks of cells are there."""

    __slots__ = ("book",)  # they also hide the properties of the base

    range_class: type[BlockRange]

    @property
    def cells(self) -> Any:
        """All cells."""
        return self.block(Block(1, 1, LAST_ROW, LAST_COLUMN))

    def range(self, first: Any, last: Any = None) -> Any:
        """Return a range: an address, (row, column), (row, column, rows, columns), or from one place to another."""
        return self.block(block_from(first, last))

    def block(self, block: Block) -> Any:
        """Return a range."""
        return self.range_class(self, block)

    def table_at(self, block: Block) -> Any:
        """Return the first table that meets a block, None if there is none."""
        return next((table for table in self.tables if table.whole.meets(block)), None)

    def clear_contents(self) -> None:
        """Empty all cells; their looks stay."""
        self.used_range.clear_contents()

    def clear_formats(self) -> None:
        """Take away the looks of all cells."""
        self.used_range.clear_formats()

    def clear(self) -> None:
        """Empty all cells and take away their looks."""
        self.used_range.clear()

    def select(self) -> None:
        """Bring the sheet to the front."""
        self.activate()


class BlockTables(Listed, base_classes.Tables):
    """The tables on a sheet."""

    __slots__ = ("sheet",)  # they also hide the properties of the base

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet

    def free_name(self, block: Block, name: str | None) -> str:
        """Return the name of a new table. Raises ValueError if Excel would not have it there or under this name."""
        used = {table.name.casefold() for sheet in self.sheet.book.sheets for table in sheet.tables}
        number = len(used) + 1
        while name is None and f"table{number}" in used:
            number += 1
        title = name or f"Table{number}"
        if title.casefold() in used or any(table.whole.meets(block) for table in self):
            raise ValueError(f"{title} would overlap another table or has its name")
        return title


class BlockTable(base_classes.Table, ABC):
    """A table: ``whole`` is its block with header, data and totals; hosts say how that and its parts change."""

    __slots__ = ("parent",)  # they also hide the properties of the base

    @property
    @abstractmethod
    def whole(self) -> Block:
        """Header, data and totals."""

    @property
    def name(self) -> str:
        """The name by which formulas know the table."""
        return self.title()

    @name.setter
    def name(self, value: str) -> None:
        self.rename(value)

    display_name = name

    @abstractmethod
    def title(self) -> str:
        """Return the table's name."""

    @abstractmethod
    def rename(self, name: str) -> None:
        """Give the table another name."""

    @property
    def show_headers(self) -> bool:
        """Whether there is a header row; it cannot be switched in the hosts."""
        return self.has_headers()

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        if value != self.show_headers:
            raise NotImplementedError("header rows cannot be switched on and off")

    @abstractmethod
    def has_headers(self) -> bool:
        """Return whether there is a header row."""

    @property
    def body(self) -> Block:
        """The data rows."""
        head, foot = int(self.show_headers), int(self.show_totals)
        return self.whole.part(head, 0, self.whole.rows - head - foot, self.whole.columns)

    @property
    def range(self) -> Any:
        """Header, data and totals."""
        return self.parent.block(self.whole)

    @property
    def header_row_range(self) -> Any:
        """The header row, None if it is switched off."""
        return self._row(0) if self.show_headers else None

    @property
    def data_body_range(self) -> Any:
        """The data rows, None if there are none."""
        return self.parent.block(self.body) if self.body.rows > 0 else None

    @property
    def totals_row_range(self) -> Any:
        """The totals row, None if it is switched off."""
        return self._row(self.whole.rows - 1) if self.show_totals else None

    def _row(self, row: int) -> Any:
        return self.parent.block(self.whole.part(row, 0, 1, self.whole.columns))

    @property
    def show_totals(self) -> bool:
        """Whether there is a totals row; switched on, it is empty."""
        return self.has_totals()

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        if value == self.show_totals:
            return
        whole, totals = self.whole, self.totals_row_range
        self.set_totals(value, whole.part(0, 0, whole.rows + (1 if value else -1), whole.columns))
        if totals is not None:
            totals.clear_contents()

    @abstractmethod
    def has_totals(self) -> bool:
        """Return whether there is a totals row."""

    @abstractmethod
    def set_totals(self, value: bool, whole: Block) -> None:
        """Switch the totals row, which gives the table another size."""

    def resize(self, new: Any) -> None:
        """Give the table another size from the same first cell.

        As in Excel, new rows look like the first one, charts on all rows follow, and cells that fall out keep what
        they hold. Raises ValueError where Excel would refuse.
        """
        block, whole = new.impl.block, self.whole
        if (block.row, block.column) != (whole.row, whole.column) or block.rows < 2:
            raise ValueError("a table keeps its first cell and has at least one data row")
        others = [table for table in self.parent.tables if table.name != self.name]
        if self.show_totals or any(table.whole.meets(block) for table in others):
            raise ValueError("a table cannot grow over another one or with its totals row")
        self.set_whole(block)

    @abstractmethod
    def set_whole(self, block: Block) -> None:
        """Give the table another size, where nothing is in the way."""
