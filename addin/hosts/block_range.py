"""What a block of cells is in every host without Excel: its place, its address, its cells counted from 1."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self

from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb

from addin.hosts.grid import LAST_COLUMN, LAST_ROW, Block, block_at, in_rows, quoted


def block_from(first: Any, last: Any = None) -> Block:
    """Return a block: an address, (row, column), (row, column, rows, columns), or from one place to another."""
    block = _block(first, last if isinstance(first, int) else None)
    if last is not None and not isinstance(first, int):
        block = block.around(_block(last))
    return block


def _block(place: Any, column: int | None = None) -> Block:
    if isinstance(place, BlockRange):
        return place.block
    if isinstance(place, str):
        return block_at(place)
    numbers = (place, column) if isinstance(place, int) else place
    if 0 in numbers[:2]:
        raise IndexError("rows and columns are counted from 1")
    return Block(*numbers)


_STEPS = {"d": (1, 0), "u": (-1, 0), "r": (0, 1), "l": (0, -1)}  # by the first letter of the direction


def _steps_to_edge(filled: list[bool]) -> int | None:
    """Return how far the last filled cell of a run is, or the next filled one over a gap; None if there is none."""
    run = 0
    while run + 1 < len(filled) and filled[run + 1]:
        run += 1
    if filled[0] and run:
        return run
    return next((at for at, full in enumerate(filled[1:], start=1) if full), None)


def colour(value: str | int | Sequence[int] | None) -> tuple[int, ...] | None:
    """Return red, green, blue of a colour as xlwings takes it: those, ``#RRGGBB``, or Excel's number."""
    if isinstance(value, str):
        red, green, blue = hex_to_rgb(value)
        return red, green, blue
    if isinstance(value, int):
        red, green, blue = int_to_rgb(value)
        return red, green, blue
    return None if value is None else tuple(value)


class BlockFont(base_classes.Font):
    """The font of a block of cells: what a sheet made on demand needs of it, size and weight."""

    __slots__ = ("cells",)  # they also hide the properties of the base

    def __init__(self, cells: BlockRange) -> None:
        self.cells = cells

    @property
    def size(self) -> float | None:
        """The size in points, None if it differs."""
        found: float | None = self.cells.font_part("size")
        return found

    @size.setter
    def size(self, value: float) -> None:
        self.cells.set_font_part("size", value)

    @property
    def bold(self) -> bool | None:
        """Whether it is bold, None if it differs."""
        found: bool | None = self.cells.font_part("bold")
        return found

    @bold.setter
    def bold(self, value: bool) -> None:
        self.cells.set_font_part("bold", value)


class BlockRange(base_classes.Range, ABC):
    """A block of cells on a sheet, whatever the host; the hosts add values and looks."""

    __slots__ = ("block", "options", "sheet")  # they also hide the properties of the base

    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: Any, block: Block) -> None:
        self.sheet = sheet
        self.block = block
        self.options: dict[str, object] = {}

    @property
    def api(self) -> Self:
        """The range itself: there is no other behind it."""
        return self

    @property
    def row(self) -> int:
        """The first row, from 1."""
        return self.block.row

    @property
    def column(self) -> int:
        """The first column, from 1."""
        return self.block.column

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        return self.block.rows, self.block.columns

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        """The sheet's name, first row, first column, rows, columns."""
        return self.sheet.name, self.row, self.column, *self.shape

    def __len__(self) -> int:
        return self.block.rows * self.block.columns

    def __call__(self, row: int, column: int | None = None) -> Self:
        """Return a cell counted from 1: row and column, or one number along the rows."""
        if column is None:
            down, across = divmod(row - 1, self.block.columns)
            return type(self)(self.sheet, self.block.part(down, across))
        return type(self)(self.sheet, self.block.part(row - 1, column - 1))

    @property
    def has_array(self) -> bool:
        """Whether it is part of an array formula: the hosts do not tell."""
        return False

    def end(self, direction: str) -> Self:
        """Return the cell where Ctrl and an arrow key lead to in Excel: the edge of what is filled, or of the sheet."""
        cell, used = self.block.part(0, 0), self.sheet.used_range.block
        (down, across), reach = _STEPS[direction[0]], used.around(cell)
        ahead = down + across > 0
        edge = Block(reach.last_row if down else cell.row, reach.last_column if across else cell.column)
        line = cell.around(edge if ahead else Block(1 if down else cell.row, 1 if across else cell.column))
        values = [value for row in in_rows(type(self)(self.sheet, line).raw_value, line) for value in row]
        steps = _steps_to_edge([value not in (None, "") for value in (values if ahead else values[::-1])])
        if steps is None:
            last = LAST_ROW - cell.row if down else LAST_COLUMN - cell.column
            steps = last if ahead else len(values) - 1
        return type(self)(self.sheet, cell.part(down * steps, across * steps))

    @property
    def rows(self) -> Self:
        """The same cells."""
        return self

    columns = rows

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        """Return the address, with the names of book and sheet if ``external``."""
        address = self.block.address(row_absolute=row_absolute, column_absolute=col_absolute)
        return f"{quoted(f'[{self.sheet.book.name}]{self.sheet.name}')}!{address}" if external else address

    @property
    def address(self) -> str:
        """The address with dollar signs."""
        return self.block.address()

    @property
    def font(self) -> BlockFont:
        """The font of the cells."""
        return BlockFont(self)

    @abstractmethod
    def font_part(self, part: str) -> Any:
        """Return ``size`` or ``bold`` of the font, None if it differs."""

    @abstractmethod
    def set_font_part(self, part: str, value: object) -> None:
        """Set ``size`` or ``bold`` of the font."""

    @property
    def table(self) -> Any:
        """The table that the range meets, None if there is none."""
        return self.sheet.table_at(self.block)
