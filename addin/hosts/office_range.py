"""Blocks of cells in LibreOffice, as xlwings sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from addin.hosts.block_range import BlockRange, colour
from addin.hosts.entry import EPOCH, GENERAL, Entry, excel_entry
from addin.hosts.grid import Block, in_rows
from addin.hosts.sheet_xml import CellError

CONTENT, NOTES, EVERYTHING = 1 | 2 | 4 | 16, 8, 1023  # com.sun.star.sheet.CellFlags
_BOOLEAN = "BOOLEAN"  # the office knows truths by their number format only
_MM100 = 2540 / 72  # in a point
_CHARACTER = 7 * 2540 / 96  # the width of a digit in 1/100 mm
_FONT = {"size": "CharHeight", "bold": "CharWeight"}
_NORMAL, _BOLD = 100.0, 150.0  # com.sun.star.awt.FontWeight
_NO_COLOUR = -1
_ALIGNED = {
    None: "com.sun.star.table.CellHoriJustify:STANDARD",
    "left": "com.sun.star.table.CellHoriJustify:LEFT",
    "center": "com.sun.star.table.CellHoriJustify:CENTER",
    "right": "com.sun.star.table.CellHoriJustify:RIGHT",
}
_MIDDLE = 2  # com.sun.star.table.CellVertJustify2
_INDENT = 353  # 1/100 mm: as the office reads an indent of 1 in Excel's files
_LINE_ENDS = re.compile("\r\n?")
_HALVES = re.compile("[\ud800-\udfff]")


def area(block: Block) -> list[int]:
    """Return a block as the office's side counts: from 0."""
    return [block.row - 1, block.column - 1, block.rows, block.columns]


def moment(number: float) -> datetime:
    """Return the moment of a day number, to the millisecond."""
    return EPOCH + timedelta(milliseconds=round(number * 86_400_000))


def day_number(value: datetime) -> float:
    """Return the day number of a moment."""
    return (value - EPOCH) / timedelta(days=1)


class Range(BlockRange):
    """A block of cells on a sheet of LibreOffice."""

    __slots__ = ()

    def _ask(self, operation: str, *arguments: object) -> Any:
        return self.sheet.ask(operation, area(self.block), *arguments)

    def _formats(self) -> list[tuple[Block, str]]:
        found: list[tuple[Block, str]] = self.sheet.book.formats_at(self.sheet.number, self.block)
        return found

    def values(self) -> list[list[Any]]:
        """Return what the cells show, row by row: None if blank, text, number, truth, moment, `CellError`."""
        found = self._ask("read")
        rows: list[list[Any]] = found["rows"]
        for kind, made in (("dates", moment), ("truths", bool)):
            for row, column, height, width in found[kind]:
                for line in rows[row : row + height]:
                    for across in range(column, column + width):
                        value = line[across]
                        if isinstance(value, float):
                            line[across] = made(value)
        for row, column, text in found["errors"]:
            rows[row][column] = CellError(text)
        return rows

    @property
    def raw_value(self) -> Any:
        """The values: rows of values, or one value for one cell."""
        rows = self.values()
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, data: object) -> None:
        rows = in_rows(data, self.block)
        codes = _Codes(self._formats(), self.block)
        cells = [
            [_entered(each, code) for each, code in zip(line, codes.of_row(row), strict=True)]
            for row, line in enumerate(rows)
        ]
        formats = list(codes.changes([[entry for entry, _ in line] for line in cells]))
        formulas = [
            (row, column, "=" + str(entry.value).removeprefix("="))
            for row, line in enumerate(cells)
            for column, (entry, _) in enumerate(line)
            if entry.kind in ("formula", "error")
        ]
        self._ask("write", [[plain for _, plain in line] for line in cells], {"formats": formats, "formulas": formulas})
        self.sheet.headers_written(self.block)

    @property
    def formula(self) -> Any:
        """The formulas, or the values where there are none."""
        rows = [["" if value is None else value for value in row] for row in self.values()]
        for row, column, text in self._ask("formulas"):
            rows[row][column] = text
        return rows[0][0] if len(self) == 1 else tuple(map(tuple, rows))

    @formula.setter
    def formula(self, value: object) -> None:
        self.raw_value = value

    def clear_contents(self) -> None:
        """Empty the cells; their looks stay."""
        self._ask("clear", CONTENT)
        self.sheet.headers_written(self.block)

    def clear_formats(self) -> None:
        """Take away the looks of the cells."""
        self._ask("clear", EVERYTHING & ~(CONTENT | NOTES))

    def clear(self) -> None:
        """Empty the cells and take away their looks."""
        self._ask("clear", EVERYTHING)
        self.sheet.headers_written(self.block)

    @property
    def number_format(self) -> str | None:
        """The number format, None if the cells have different ones."""
        codes = {GENERAL if code == _BOOLEAN else code for _, code in self._formats()}
        return codes.pop() if len(codes) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._ask("set_format", value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The colour that fills the first cell, None if there is none."""
        code = self.sheet.ask("get", area(self.block.part(0, 0)), "CellBackColor")
        return None if code in (None, _NO_COLOUR) else (code >> 16 & 255, code >> 8 & 255, code & 255)

    @color.setter
    def color(self, value: Any) -> None:
        rgb = colour(value)
        code = _NO_COLOUR if rgb is None else rgb[0] << 16 | rgb[1] << 8 | rgb[2]
        self._ask("set", "CellBackColor", code)

    def font_part(self, part: str) -> Any:
        """Return ``size`` or ``bold`` of the font, None if it differs."""
        found = self._ask("get", _FONT[part])
        return found if part == "size" or found is None else found > _NORMAL

    def set_font_part(self, part: str, value: object) -> None:
        """Set ``size`` or ``bold`` of the font, for every script."""
        for script in ("", "Asian", "Complex"):
            self._ask("set", _FONT[part] + script, value if part == "size" else _BOLD if value else _NORMAL)

    def dress(self, properties: Mapping[str, Any]) -> None:
        """Give the cells an ordinary look with these properties of XlsxWriter's on top."""
        given = properties.get
        wanted: dict[str, Any] = {
            "CharColor": _code(given("font_color")),
            "CellBackColor": _code(given("bg_color")),
            "IsTextWrapped": bool(given("text_wrap")),
            "VertJustify": _MIDDLE,
            "HoriJustify": _ALIGNED[given("align")],
            "ParaIndent": given("indent", 0) * _INDENT,
        }
        for script in ("", "Asian", "Complex"):
            wanted["CharFontName" + script] = given("font_name")
            wanted["CharHeight" + script] = given("font_size")
            wanted["CharWeight" + script] = _BOLD if given("bold") else _NORMAL
        for name, value in wanted.items():
            self._ask("set", name, value)
        if "bottom" in properties:
            self._ask("underline", _code(properties["bottom_color"]))
        self._ask("set_format", given("num_format", GENERAL))

    def merge(self, across: bool) -> None:
        """Make one cell of the block, or of each of its rows."""
        for row in range(self.block.rows if across else 1):
            part = self.block.part(row, 0, 1, self.block.columns) if across else self.block
            self.sheet.ask("merge", area(part))

    @property
    def wrap_text(self) -> bool | None:
        """Whether long text is wrapped, None if it differs."""
        found: bool | None = self._ask("get", "IsTextWrapped")
        return found

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._ask("set", "IsTextWrapped", value)

    @property
    def column_width(self) -> float | None:
        """The width of the columns in characters, None if it differs."""
        widths = {round(each / _CHARACTER, 2) for each in self._ask("sizes", True)}
        return widths.pop() if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        self._ask("set_size", True, round(value * _CHARACTER))

    @property
    def row_height(self) -> float | None:
        """The height of the rows in points, to a quarter as in Excel; None if it differs."""
        heights = {round(each / _MM100 * 4) / 4 for each in self._ask("sizes", False)}
        return heights.pop() if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        self._ask("set_size", False, round(value * _MM100))

    @property
    def has_merged(self) -> bool:
        """Whether cells in it are merged."""
        return bool(self._ask("merged"))

    def autofit(self, axis: str | None = None) -> None:
        """Make rows or columns, or both, as large as their content."""
        for across in [axis in ("columns", "c")] if axis else [False, True]:
            self._ask("set_size", across, 0)


def _code(colour_code: str | None) -> int:
    return _NO_COLOUR if colour_code is None else int(colour_code[1:], 16)


class _Codes:
    """The number formats of a block, and what a write changes about them."""

    def __init__(self, parts: Sequence[tuple[Block, str]], block: Block) -> None:
        self._only = parts[0][1] if len(parts) == 1 else None
        self._rows: list[list[str]] = []
        self._named = [_called(parts[0][1])] * block.columns
        if self._only is None:
            self._rows = [[GENERAL] * block.columns for _ in range(block.rows)]
            for part, code in parts:
                down, across = part.row - block.row, part.column - block.column
                for line in self._rows[down : down + part.rows]:
                    line[across : across + part.columns] = [code] * part.columns

    def _code(self, row: int, column: int) -> str:
        return self._only if self._only is not None else self._rows[row][column]

    def of_row(self, row: int) -> list[str]:
        """Return the number formats of a row, as Excel would call them."""
        return self._named if self._only is not None else [_called(code) for code in self._rows[row]]

    def changes(self, entries: Sequence[Sequence[Entry]]) -> Iterator[tuple[list[int], str]]:
        """Return the parts of columns that take on another number format, and which."""
        if self._only not in (None, _BOOLEAN) and not any(
            entry.form is not None or entry.kind == "truth" for line in entries for entry in line
        ):
            return
        for column in range(len(entries[0]) if entries else 0):
            wanted = (self._wanted(line[column], row, column) for row, line in enumerate(entries))
            row = 0
            for code, run in groupby(wanted):
                length = len(list(run))
                if code is not None:
                    yield [row, column, length, 1], code
                row += length

    def _wanted(self, entry: Entry, row: int, column: int) -> str | None:
        code = self._code(row, column)
        if entry.kind == "truth":
            return None if code == _BOOLEAN else _BOOLEAN
        if entry.form is not None:
            return entry.form
        return GENERAL if code == _BOOLEAN and entry.kind != "blank" else None


def _called(code: str) -> str:
    return GENERAL if code == _BOOLEAN else code


@lru_cache(maxsize=1 << 14, typed=True)  # many cells of a table are the same; 1 is not True
def _entered(value: object, code: str) -> tuple[Entry, str | float | None]:
    """Return what Excel would make of a value, and what the office's side writes for it."""
    entry = excel_entry(value, code)
    return entry, _plain(entry)


def _plain(entry: Entry) -> str | float | None:
    """Return what the office's side writes as it is; formulas come later."""
    if entry.kind in ("formula", "error", "blank"):
        return None
    if isinstance(entry.value, datetime):
        return day_number(entry.value)
    if isinstance(entry.value, str):
        text = _HALVES.sub("\ufffd", _LINE_ENDS.sub("\n", entry.value))
        return text.replace("\t", " ") if "\n" in text else text  # a tab in several lines would become something else
    return None if entry.value is None else float(entry.value)
