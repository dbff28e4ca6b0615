"""Blocks of cells in a workbook file, as xlwings sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

from addin.hosts.block_range import BlockRange, colour
from addin.hosts.entry import GENERAL, Kind, excel_entry
from addin.hosts.grid import Block, block_at, in_rows, letters
from addin.hosts.sheet_xml import CellError, Place, day_fraction, denoted, noted

if TYPE_CHECKING:
    from addin.hosts.file_sheet import Sheet

_TYPES: dict[Kind, str] = {
    "blank": "n",
    "text": "s",
    "number": "n",
    "date": "d",
    "truth": "b",
    "error": "e",
    "formula": "f",
}
_FONT = {"size": "sz", "bold": "b"}  # as openpyxl calls them
_NOWHERE = -1  # the number of no format


def shown(sheet: Sheet, place: Place) -> object:
    """Return what a cell shows: None if blank, text, number, truth, moment, `CellError`; a formula's last result."""
    cell = sheet.api._cells.get(place)
    if cell is None:
        return None
    value, kind = cell._value, cell.data_type
    if kind == "f":
        value = sheet.results.get(place)
        if isinstance(value, int | float) and not isinstance(value, bool) and is_date_format(cell.number_format):
            value = from_excel(value, sheet.book.workbook.epoch)
        return day_fraction(value)
    if isinstance(value, CellRichText):
        value = str(value)
    if isinstance(value, str):
        return CellError(value) if kind == "e" else denoted(value) or None
    return day_fraction(value)


def shown_rows(sheet: Sheet, block: Block) -> list[list[object]]:
    """Return what the cells of a block show, row by row; plain numbers and texts, nearly all cells, in a few steps."""
    found, across = sheet.api._cells.get, range(block.column, block.column + block.columns)
    rows: list[list[object]] = []
    for row in range(block.row, block.row + block.rows):
        line: list[object] = []
        for column in across:
            cell = found((row, column))
            value = None if cell is None else cell._value
            if value is not None:
                kind = type(value)
                plain = kind is int or kind is float or (kind is str and cell.data_type == "s" and "_x" not in value)
                value = (value or (None if kind is str else value)) if plain else shown(sheet, (row, column))
            line.append(value)
        rows.append(line)
    return rows


class Range(BlockRange):
    """A block of cells on a sheet of a workbook file."""

    __slots__ = ()

    @property
    def raw_value(self) -> Any:
        """The values: rows of values, or one value for one cell."""
        rows = shown_rows(self.sheet, self.block)
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, data: object) -> None:
        for row, values in enumerate(in_rows(data, self.block), start=self.row):
            self._enter_row(row, values)
        if (table := self.sheet.table_at(self.block)) is not None:
            table.name_headers()

    def _enter_row(self, row: int, values: Sequence[object]) -> None:
        sheet = self.sheet
        for column, value in enumerate(values, start=self.column):
            place = (row, column)
            cell = sheet.cell_at(place)
            if isinstance(cell, MergedCell):
                continue
            entry = excel_entry(value, sheet.format_of(cell._style))
            cell.data_type = _TYPES[entry.kind]
            cell._value = noted(entry.value) if entry.kind == "text" and isinstance(entry.value, str) else entry.value
            if entry.form is not None:
                cell._style = sheet.book.style_with_format(cell._style, sheet.format_number(entry.form))
            if entry.kind == "formula":
                sheet.results.pop(place, None)

    @property
    def formula(self) -> Any:
        """The formulas, or the values where there are none."""
        cells, block = self.sheet.api._cells, self.block
        rows = [["" if value is None else value for value in row] for row in shown_rows(self.sheet, block)]
        for row, column in block.cells():
            cell = cells.get((row, column))
            if cell is not None and cell.data_type == "f":
                rows[row - block.row][column - block.column] = getattr(cell._value, "text", cell._value)
        return rows[0][0] if len(self) == 1 else tuple(tuple(row) for row in rows)

    @formula.setter
    def formula(self, value: object) -> None:
        self.raw_value = value

    def clear_contents(self) -> None:
        """Empty the cells; their looks stay."""
        cells = self.sheet.api._cells
        for place in self.block.cells():
            cell = cells.get(place)
            if cell is not None and not isinstance(cell, MergedCell):
                cell._value, cell.data_type, cell._hyperlink = None, "n", None
        if (table := self.sheet.table_at(self.block)) is not None:
            table.name_headers()

    def clear_formats(self) -> None:
        """Take away the looks of the cells."""
        for cell in map(self.sheet.api._cells.get, self.block.cells()):
            if cell is not None:
                cell._style = StyleArray()

    def clear(self) -> None:
        """Empty the cells and take away their looks."""
        self.clear_contents()
        self.clear_formats()

    @property
    def number_format(self) -> str | None:
        """The number format, None if the cells have different ones."""
        found: str | None = None
        last = _NOWHERE
        for place in self.block.cells():
            style = self.sheet.style_at(place)
            number = 0 if style is None else style.numFmtId
            if number != last:
                form, last = self.sheet.format_of(style), number
                if found not in (None, form):
                    return None
                found = form
        return found

    @number_format.setter
    def number_format(self, value: str) -> None:
        number = self.sheet.format_number(value)
        for place in self.block.cells():
            cell = self.sheet.cell_at(place)
            cell._style = self.sheet.book.style_with_format(cell._style, number)

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The colour that fills the first cell, None if there is none."""
        style = self.sheet.style_at((self.row, self.column))
        fill = self.sheet.book.workbook._fills[0 if style is None else style.fillId]
        code = fill.start_color.rgb if fill.fill_type == "solid" else None
        return (int(code[2:4], 16), int(code[4:6], 16), int(code[6:8], 16)) if isinstance(code, str) else None

    @color.setter
    def color(self, value: Any) -> None:
        rgb = colour(value)
        fill = PatternFill() if rgb is None else PatternFill("solid", "{:02X}{:02X}{:02X}".format(*rgb))
        self._set_style("fillId", self.sheet.book.workbook._fills.add(fill))

    def dress(self, properties: Mapping[str, Any]) -> None:
        """Give the cells an ordinary look with these properties of XlsxWriter's on top."""
        workbook, given = self.sheet.book.workbook, properties.get
        style = StyleArray()
        font = Font(
            name=given("font_name"), size=given("font_size"), bold=given("bold"), color=_argb(given("font_color"))
        )
        style.fontId = workbook._fonts.add(font)
        alignment = Alignment(
            horizontal=given("align"), vertical="center", indent=given("indent", 0), wrap_text=given("text_wrap")
        )
        style.alignmentId = workbook._alignments.add(alignment)
        style.numFmtId = self.sheet.format_number(given("num_format", GENERAL))
        if "bg_color" in properties:
            style.fillId = workbook._fills.add(PatternFill("solid", _argb(properties["bg_color"])))
        if "bottom" in properties:
            style.borderId = workbook._borders.add(Border(bottom=Side("thin", _argb(properties["bottom_color"]))))
        for place in self.block.cells():
            self.sheet.cell_at(place)._style = StyleArray(style)

    def _set_style(self, part: str, number: int) -> None:
        for place in self.block.cells():
            cell = self.sheet.cell_at(place)
            cell._style = StyleArray() if cell._style is None else StyleArray(cell._style)
            setattr(cell._style, part, number)

    def font_part(self, part: str) -> Any:
        """Return ``size`` or ``bold`` of the font, None if it differs."""
        fonts = self.sheet.book.workbook._fonts
        styles = (self.sheet.style_at(place) for place in self.block.cells())
        found = {getattr(fonts[0 if style is None else style.fontId], _FONT[part]) for style in styles}
        return found.pop() if len(found) == 1 else None

    def set_font_part(self, part: str, value: object) -> None:
        """Set ``size`` or ``bold`` of the font."""
        fonts = self.sheet.book.workbook._fonts
        for place in self.block.cells():
            style = self.sheet.cell_at(place)._style
            font = copy(fonts[0 if style is None else style.fontId])
            setattr(font, _FONT[part], value)
            Range(self.sheet, Block(*place))._set_style("fontId", fonts.add(font))

    def merge(self, across: bool) -> None:
        """Make one cell of the block, or of each of its rows."""
        parts = [self.block.part(row, 0, 1, self.block.columns) for row in range(self.block.rows)] if across else []
        for part in parts or [self.block]:
            self.sheet.api.merge_cells(part.address(row_absolute=False, column_absolute=False))

    @property
    def wrap_text(self) -> bool | None:
        """Whether long text is wrapped, None if it differs."""
        alignments = self.sheet.book.workbook._alignments
        styles = (self.sheet.style_at(place) for place in self.block.cells())
        found = {bool(style is not None and alignments[style.alignmentId].wrap_text) for style in styles}
        return found.pop() if len(found) == 1 else None

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._set_style("alignmentId", self.sheet.book.workbook._alignments.add(Alignment(wrap_text=value or None)))

    @property
    def column_width(self) -> float | None:
        """The width of the columns in characters, None if it differs."""
        widths = {self._width(column) for column in range(self.column, self.column + self.block.columns)}
        return widths.pop() if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        for column in range(self.column, self.column + self.block.columns):
            own_dimension(self.sheet.api, column).width = value

    def _width(self, column: int) -> float:
        for dimension in self.sheet.api.column_dimensions.values():
            if (dimension.min or 0) <= column <= (dimension.max or -1):
                return float(dimension.width)
        return float(self.sheet.api.sheet_format.defaultColWidth or 8.43)

    @property
    def has_merged(self) -> bool:
        """Whether cells in it are merged."""
        return any(self.block.meets(block_at(each.coord)) for each in self.sheet.api.merged_cells.ranges)

    @property
    def row_height(self) -> float | None:
        """The height of the rows in points, None if it differs."""
        dimensions = self.sheet.api.row_dimensions
        usual = float(self.sheet.api.sheet_format.defaultRowHeight or 15)
        rows = range(self.row, self.row + self.block.rows)
        heights = {float(dimensions[row].height or usual) if row in dimensions else usual for row in rows}
        return heights.pop() if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        for row in range(self.row, self.row + self.block.rows):
            self.sheet.api.row_dimensions[row].height = value


def own_dimension(sheet: Any, column: int) -> Any:
    """Return what openpyxl knows of one column; columns that it knows as one are first told apart."""
    dimensions = sheet.column_dimensions
    shared = next((each for each in dimensions.values() if (each.min or 0) <= column <= (each.max or -1)), None)
    if shared is not None and shared.min != shared.max:
        first, last = shared.min, shared.max
        for start, stop in ((first, column - 1), (column, column), (column + 1, last)):
            if start <= stop:
                part = copy(shared)
                part.min, part.max, part.index = start, stop, letters(start)
                dimensions[part.index] = part
    dimension = dimensions[letters(column)]
    dimension.min = dimension.max = column
    return dimension


def _argb(code: str | None) -> str | None:
    return None if code is None else "FF" + code.lstrip("#")
