"""The geometry that every spreadsheet host shares: A1 addresses, blocks of cells, values in the shape of a block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")
_PLAIN_SHEET = re.compile(r"[^\W\d]\w*")
_LIKE_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]+|[rR][0-9]*[cC]?[0-9]*|[cC][0-9]*")


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells: first row and column counted from 1, number of rows and columns; both may be 0."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        """The last row in the block."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """The last column in the block."""
        return self.column + self.columns - 1

    def cells(self) -> Iterator[tuple[int, int]]:
        """Return the places of all cells, row by row."""
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + self.columns):
                yield row, column

    def part(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Block:
        """Return a block placed relative to this one's first cell, which is (0, 0); it may reach outside."""
        return Block(self.row + row, self.column + column, rows, columns)

    def meets(self, other: Block) -> bool:
        """Return whether the two blocks have a cell in common."""
        return (
            self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )

    def holds(self, other: Block) -> bool:
        """Return whether every cell of the other block is in this one."""
        return self.around(other) == self

    def shared(self, other: Block) -> Block:
        """Return the cells that are in both blocks, which meet."""
        row, column = max(self.row, other.row), max(self.column, other.column)
        last_row, last_column = min(self.last_row, other.last_row), min(self.last_column, other.last_column)
        return Block(row, column, last_row - row + 1, last_column - column + 1)

    def around(self, other: Block) -> Block:
        """Return the smallest block that holds both."""
        row, column = min(self.row, other.row), min(self.column, other.column)
        last_row, last_column = max(self.last_row, other.last_row), max(self.last_column, other.last_column)
        return Block(row, column, last_row - row + 1, last_column - column + 1)

    def address(self, *, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """Return the A1 address: ``$A$1:$B$2``, or one cell."""
        down, across = "$" if row_absolute else "", "$" if column_absolute else ""
        first = f"{across}{letters(self.column)}{down}{self.row}"
        if self.rows == 1 and self.columns == 1:
            return first
        return f"{first}:{across}{letters(self.last_column)}{down}{self.last_row}"


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """Return the letters of a column counted from 1: 1 is A, 27 is AA."""
    if not 1 <= column <= LAST_COLUMN:
        raise ValueError(f"no such column: {column}")
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@lru_cache(maxsize=1024)
def column_number(text: str) -> int:
    """Return the column, counted from 1, that these letters name."""
    number = 0
    for char in text.upper():
        number = number * 26 + ord(char) - 64
    if not 1 <= number <= LAST_COLUMN:
        raise ValueError(f"no such column: {text}")
    return number


def block_at(address: str) -> Block:
    """Return the block at an A1 address, ``$`` or not: a cell, a range, whole columns or rows.

    Raises ValueError for anything else.
    """
    if match := _ADDRESS.fullmatch(address):
        first, top, last, bottom = match.groups()
        corner = _cell(first, top)
        return corner if last is None else corner.around(_cell(last, bottom))
    if match := _COLUMNS.fullmatch(address):
        left, right = sorted(column_number(text) for text in match.groups())
        return Block(1, left, LAST_ROW, right - left + 1)
    if match := _ROWS.fullmatch(address):
        top_row, bottom_row = sorted(int(text) for text in match.groups())
        if top_row >= 1 and bottom_row <= LAST_ROW:
            return Block(top_row, 1, bottom_row - top_row + 1, LAST_COLUMN)
    raise ValueError(f"not an address: {address}")


def _cell(column: str, row: str) -> Block:
    if not 1 <= int(row) <= LAST_ROW:
        raise ValueError(f"no such row: {row}")
    return Block(int(row), column_number(column))


def sheet_reference(formula: str) -> tuple[str, Block] | None:
    """Return sheet name and block of a reference such as ``'my sheet'!$A$4:$A$9``; None if it is not just that."""
    sheet, mark, address = formula.rpartition("!")
    if not mark:
        return None
    if sheet.startswith("'") and sheet.endswith("'") and len(sheet) > 2:
        sheet = sheet[1:-1].replace("''", "'")
    try:
        return sheet, block_at(address)
    except ValueError:
        return None


def quoted(sheet: str) -> str:
    """Return a sheet name as it stands in a formula, in quotes where Excel needs them."""
    if _PLAIN_SHEET.fullmatch(sheet) and not _LIKE_ADDRESS.fullmatch(sheet):
        return sheet
    return "'" + sheet.replace("'", "''") + "'"


def in_rows(values: object, block: Block) -> list[Sequence[object]]:
    """Return values in the shape of a block: rows as they are, one row, or one value for every cell.

    Raises ValueError when the shape is another; Excel would cut off or fill up with #N/A, which hides a mistake.
    """
    if not isinstance(values, list | tuple):
        return [[values] * block.columns for _ in range(block.rows)]
    rows = list(values)
    if not rows or not isinstance(rows[0], list | tuple):
        rows = [rows]
    if len(rows) != block.rows or any(len(row) != block.columns for row in rows):
        raise ValueError(f"{len(rows)} rows of values do not fit {block.address()}")
    return rows
