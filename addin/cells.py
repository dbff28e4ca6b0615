"""Write blocks of cells through xlwings so that each value arrives as it is: text as text, numbers as numbers.

Excel reads text sent to a cell as if it had been typed. So a cell gets the number format text first, where the text
could be taken for something else; and loses it, where a number is to stand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from typing import Protocol

import pandas as pd

from addin.hosts.entry import AS_TEXT, DATE, GENERAL, MOMENT, stays_text
from workbook_templates.sheets import ROW_HEIGHT, row_height
from workbook_templates.widths import lines_of

_EXACT = 10**15  # Excel keeps 15 digits
_NARROW = 4  # no text this short is wrapped


class Cells(Protocol):
    """What is needed of a range of xlwings, counted from 0; this module does not import it."""

    value: object
    number_format: str | None
    row_height: float | None

    @property
    def column_width(self) -> float | None:
        """Width in characters, None if it differs."""

    @property
    def wrap_text(self) -> bool | None:
        """Whether long text is wrapped, None if it differs."""

    def __getitem__(self, key: tuple[slice | int, slice | int]) -> Cells:
        """Return a part."""


def as_read(value: object) -> object:
    """Return a cell's value as every host gives it: whole numbers as int, blank as None."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, Decimal):  # Excel gives currency so
        value = float(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


def as_written(value: object) -> object:
    """Return a value as a cell can take it: None, text, int, float, bool or datetime.

    A number with more digits than Excel keeps becomes text, as does what a cell cannot hold.
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int):
        return value if -_EXACT < value < _EXACT else str(value)
    if not isinstance(value, date | time) and hasattr(value, "item"):
        value = value.item()
    if value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124 # only NaN differs from itself
        return None
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, int | float):
        return value if isinstance(value, bool) or (math.isfinite(value) and abs(value) < _EXACT) else str(value)
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value if isinstance(value, datetime | time) else str(value)


def write_cells(block: Cells, rows: Sequence[Sequence[object]], *, fit: bool = False) -> None:
    """Write rows of values (`as_written`) to a block of the same shape; with ``fit``, rows get the height they need."""
    for position, values in enumerate(zip(*rows, strict=True)):
        _prepare(block[:, position], values)
    block.value = [list(row) for row in rows]
    if fit:
        fit_rows(block, rows)


def _prepare(column: Cells, values: Sequence[object]) -> None:
    """Set number formats in a column before its values come: as few calls as can be."""
    if all(value is None for value in values):
        return
    risky = [isinstance(value, str) and not stays_text(value) for value in values]
    formats = list(format_runs(column, 0, len(values)))
    if any(risky) and all(value is None or isinstance(value, str) for value in values):
        if formats != [(0, len(values), AS_TEXT)]:
            column.number_format = AS_TEXT
        return
    usual = next((form for _, _, form in formats if form != AS_TEXT), GENERAL)
    wanted: list[str | None] = []
    for start, stop, form in formats:
        wanted += [_wanted(values[row], form, usual, risky=risky[row]) for row in range(start, stop)]
    row = 0
    for new, run in groupby(wanted):
        length = len(list(run))
        if new is not None:
            column[row : row + length, :].number_format = new
        row += length


def _wanted(value: object, form: str, usual: str, *, risky: bool) -> str | None:
    """Return the number format that a cell needs for a value, None if the one it has will do."""
    if value is None:
        return None
    if isinstance(value, str):
        return AS_TEXT if risky and form != AS_TEXT else None
    if isinstance(value, datetime | time):
        if form not in (AS_TEXT, GENERAL):
            return None
        if isinstance(value, time):
            return "hh:mm"
        return DATE if value.time() == time() else MOMENT
    return usual if form == AS_TEXT else None


def format_runs(column: Cells, start: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Return runs of rows of a column with one number format each: first row, row after the last, format."""
    form = column[start:stop, :].number_format
    if form is not None or stop - start == 1:
        yield start, stop, form or GENERAL
        return
    middle = (start + stop) // 2
    yield from format_runs(column, start, middle)
    yield from format_runs(column, middle, stop)


def fit_rows(block: Cells, rows: Sequence[Sequence[object]]) -> None:
    """Give rows the height that their wrapped text needs; a table without wrapped columns keeps its heights."""
    lines = [1] * len(rows)
    now, wrapped = block.row_height, False
    low = now is not None and abs(now - ROW_HEIGHT) < 1
    for position, values in enumerate(zip(*rows, strict=True)):
        if low and not any(isinstance(value, str) and len(value) > _NARROW for value in values):
            continue
        first = block[0, position]
        if first.wrap_text:
            wrapped, width = True, first.column_width or 10
            needed = [lines_of(value, width) if isinstance(value, str) else 1 for value in values]
            lines = [max(each) for each in zip(lines, needed, strict=True)]
    if not wrapped or (low and max(lines) == 1):
        return
    block.row_height = ROW_HEIGHT
    row = 0
    for count, run in groupby(lines):
        length = len(list(run))
        if count > 1:
            block[row : row + length, :].row_height = row_height(min(count, 26))  # Excel's rows end at 409 points
        row += length
