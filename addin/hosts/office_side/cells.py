"""Blocks of cells: ``[first row, first column, rows, columns]``, counted from 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import uno

from .books import Books

Area = Sequence[int]
DATE, TIME, LOGICAL = 2, 4, 1024  # com.sun.star.util.NumberFormat
CONTENT = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: values, dates, texts, formulas
FORMULA_VALUE, FORMULA_ERROR = 1, 4  # com.sun.star.sheet.FormulaResult
EXCEL_A1 = 1  # com.sun.star.sheet.AddressConvention
GENERAL, AS_TEXT, BOOLEAN = "General", "@", "BOOLEAN"
_MANY_BREAKS, _LONG = 30, 1000
_HAIRLINE = 26  # 1/100 mm: as the office reads a thin line of Excel's files
_STANDARD, _TEXT, _PER_LANGUAGE = 0, 100, 10000  # where number formats stand in the list of each language
_ERRORS = {503: "#NUM!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}


def area_of(found: Any) -> list[int]:
    """Return the area of a UNO CellRangeAddress."""
    rows, columns = found.EndRow - found.StartRow + 1, found.EndColumn - found.StartColumn + 1
    return [found.StartRow, found.StartColumn, rows, columns]


class Cells:
    """What can be asked of cells."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._codes: dict[tuple[int, int], tuple[str, int]] = {}
        self._parsers: dict[int, Any] = {}

    def _range(self, sheet: int, area: Area) -> Any:
        row, column, rows, columns = area
        return self._books.thing(sheet).getCellRangeByPosition(column, row, column + columns - 1, row + rows - 1)

    def read(self, sheet: int, area: Area) -> dict[str, Any]:
        """Return the values of a block, and where dates, truths and errors stand among them."""
        cells = self._range(sheet, area)
        rows = [[None if value == "" else value for value in row] for row in cells.getDataArray()]
        dates, truths = [], []
        for part, _, kind in self._formatted(sheet, cells, area):
            if kind & LOGICAL:
                truths.append(part)
            elif kind & DATE:
                dates.append(part)
        return {
            "rows": rows,
            "dates": dates,
            "truths": truths + self._true(cells, area),
            "errors": _errors(cells, area),
        }

    def _true(self, cells: Any, area: Area) -> list[list[int]]:
        """Return where formulas say true or false; a truth in an .xlsx file is read as ``=TRUE()``."""
        found = []
        for address in cells.queryFormulaCells(FORMULA_VALUE).getRangeAddresses():
            row, column, rows, columns = area_of(address)
            row, column = row - area[0], column - area[1]
            part = cells.getCellRangeByPosition(column, row, column + columns - 1, row + rows - 1)
            for down, (formulas, values) in enumerate(zip(part.getFormulaArray(), part.getDataArray())):
                for across, (formula, value) in enumerate(zip(formulas, values)):
                    plain = formula in ("=TRUE()", "=FALSE()")
                    if plain or (value in (0.0, 1.0) and not _is_figure(part.getCellByPosition(across, down).String)):
                        found.append([row + down, column + across, 1, 1])
        return found

    def formulas(self, sheet: int, area: Area) -> list[list[Any]]:
        """Return place and text of every formula in a block, as Excel spells them."""
        found = []
        cells = self._range(sheet, area)
        parser = self._parser(sheet)
        for address in cells.queryFormulaCells(7).getRangeAddresses():
            row, column, rows, columns = area_of(address)
            for down in range(row, row + rows):
                for across in range(column, column + columns):
                    cell = cells.getCellByPosition(across - area[1], down - area[0])
                    text = parser.printFormula(cell.getTokens(), cell.getCellAddress())
                    found.append([down - area[0], across - area[1], "=" + text])
        return found

    def _parser(self, sheet: int) -> Any:
        document = self._books.owner(sheet)
        parser = document.createInstance("com.sun.star.sheet.FormulaParser")
        parser.FormulaConvention, parser.CompileEnglish = EXCEL_A1, True
        return parser

    def write(self, sheet: int, area: Area, rows: Sequence[Sequence[Any]], more: dict[str, Any]) -> None:
        """Write values as they are; ``more`` has ``formats`` [area, code] and ``formulas`` [row, column, text]."""
        cells = self._range(sheet, area)
        for part, code in more.get("formats", ()):
            self.set_format(sheet, [area[0] + part[0], area[1] + part[1], part[2], part[3]], code)
        if self._books.in_step(sheet):
            self._let_undo_empty(cells)
        cells.setDataArray(tuple(tuple("" if value is None else value for value in row) for row in rows))
        formulas = more.get("formulas", ())
        parser = self._parser(sheet)
        for row, column, text in formulas:
            cell = cells.getCellByPosition(column, row)
            if text.startswith("=#"):
                cell.setFormula(text)
            else:
                cell.setTokens(parser.parseFormula(text[1:], cell.getCellAddress()))

    @staticmethod
    def _let_undo_empty(cells: Any) -> None:
        """Make the user's Undo empty what is blank now: undoing a block write does not, undoing a matrix does."""
        sheet = cells.getSpreadsheet()
        for each in cells.queryEmptyCells().getRangeAddresses():
            blank = sheet.getCellRangeByPosition(each.StartColumn, each.StartRow, each.EndColumn, each.EndRow)
            blank.setArrayFormula("=0")
            blank.clearContents(CONTENT)

    def clear(self, sheet: int, area: Area, flags: int) -> None:
        """Empty cells; ``flags`` are UNO's CellFlags."""
        self._range(sheet, area).clearContents(flags)

    def formats(self, sheet: int, area: Area) -> list[list[Any]]:
        """Return the number formats in a block: parts and their code, in Excel's spelling."""
        return [[part, code] for part, code, _ in self._formatted(sheet, self._range(sheet, area), area)]

    def _formatted(self, sheet: int, cells: Any, area: Area) -> list[tuple[list[int], str, int]]:
        key = cells.NumberFormat
        if (area[2] == 1 and area[3] == 1) or cells.getPropertyState("NumberFormat").value != "AMBIGUOUS_VALUE":
            return [([0, 0, area[2], area[3]], *self._format(sheet, key))]
        found = []
        for group in cells.getUniqueCellFormatRanges():
            code = self._format(sheet, group.NumberFormat)
            for row, column, rows, columns in map(area_of, group.getRangeAddresses()):
                found.append(([row - area[0], column - area[1], rows, columns], *code))
        return found

    def _format(self, sheet: int, key: int) -> tuple[str, int]:
        known = (self._books.book_of(sheet), key)
        if known not in self._codes:
            if key % _PER_LANGUAGE in (_STANDARD, _TEXT):
                self._codes[known] = (GENERAL if key % _PER_LANGUAGE == _STANDARD else AS_TEXT, 0)
            else:
                form = self._books.owner(sheet).NumberFormats.getByKey(key)
                code, kind = str(form.FormatString), int(form.Type)
                if kind & LOGICAL:
                    code = BOOLEAN
                elif kind & (DATE | TIME):
                    code = code.lower().replace("am/pm", "AM/PM")
                self._codes[known] = (code, kind)
        return self._codes[known]

    def set_format(self, sheet: int, area: Area, code: str) -> None:
        """Give cells a number format, in Excel's spelling."""
        formats = self._books.owner(sheet).NumberFormats
        language = uno.createUnoStruct("com.sun.star.lang.Locale")
        if code == GENERAL:
            key = formats.getStandardIndex(language)
        else:
            key = formats.queryKey(code, language, False)
            if key == -1:
                key = formats.addNew(code, language)
        self._range(sheet, area).NumberFormat = key

    def get(self, sheet: int, area: Area, name: str) -> Any:
        """Return a property of cells, None if it differs among them."""
        cells = self._range(sheet, area)
        if cells.getPropertyState(name).value == "AMBIGUOUS_VALUE":
            return None
        value = cells.getPropertyValue(name)
        return getattr(value, "value", value)  # an enum's word

    def set(self, sheet: int, area: Area, name: str, value: Any) -> None:
        """Set a property of cells; enums by ``type:word``."""
        if isinstance(value, str) and value.startswith("com.sun.star"):
            value = uno.Enum(*value.split(":"))
        self._range(sheet, area).setPropertyValue(name, value)

    def merge(self, sheet: int, area: Area) -> None:
        """Make one cell of a block."""
        self._range(sheet, area).merge(True)

    def underline(self, sheet: int, area: Area, colour: int) -> None:
        """Draw a hairline below every cell of a block."""
        cells = self._range(sheet, area)
        border = cells.TableBorder2
        line = uno.createUnoStruct("com.sun.star.table.BorderLine2")
        line.Color, line.LineWidth = colour, _HAIRLINE
        border.BottomLine = border.HorizontalLine = line
        border.IsBottomLineValid = border.IsHorizontalLineValid = True
        cells.TableBorder2 = border

    def sizes(self, sheet: int, area: Area, across: bool) -> list[int]:
        """Return the different heights of rows, or widths of columns, in 1/100 mm; at most the first 2,000 are seen."""
        cells = self._range(sheet, area)
        lines = cells.Columns if across else cells.Rows
        size = "Width" if across else "Height"
        if (area[3] if across else area[2]) > 8 and not across:
            usual = lines.getByIndex(0).Height
            top, bottom = cells.getCellByPosition(0, 0).Position.Y, cells.Size.Height
            if top is not None and abs(bottom - usual * area[2]) <= area[2]:
                return [usual]
        return sorted({getattr(lines.getByIndex(n), size) for n in range(min(lines.Count, 2000))})

    def set_size(self, sheet: int, area: Area, across: bool, size: int) -> None:
        """Set the height of rows or the width of columns, in 1/100 mm; 0: as high or wide as needed."""
        cells = self._range(sheet, area)
        lines = cells.Columns if across else cells.Rows
        if size:
            setattr(lines, "Width" if across else "Height", size)
        else:
            setattr(lines, "OptimalWidth" if across else "OptimalHeight", True)

    def start_pages(self, sheet: int, first: int, last: int, starts: Sequence[int]) -> None:
        """Start printed pages at these rows, and at no other of the rows from first to last."""
        thing = self._books.thing(sheet)
        style = self._books.owner(sheet).StyleFamilies.getByName("PageStyles").getByName(thing.PageStyle)
        scale = style.PageScale
        fitted = scale > 0 and (len(starts) > _MANY_BREAKS or last - first > _LONG)
        if fitted:  # or all pages of the sheet are worked out anew for every break, and there are thousands of them
            style.ScaleToPages = 1
        try:
            breaks = thing.getRowPageBreaks()
            now = {each.Position for each in breaks if each.ManualBreak and first <= each.Position <= last}
            for row in now.symmetric_difference(starts):
                thing.Rows.getByIndex(row).IsStartOfNewPage = row not in now
        finally:
            if fitted:
                style.PageScale = scale

    def merged(self, sheet: int, area: Area) -> bool:
        """Return whether a block has merged cells."""
        return bool(self._range(sheet, area).getIsMerged())

    def used(self, sheet: int) -> list[int]:
        """Return the block from the first cell to the last that holds something."""
        cursor = self._books.thing(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        return [0, 0, cursor.RangeAddress.EndRow + 1, cursor.RangeAddress.EndColumn + 1]

    def box(self, sheet: int, area: Area) -> list[float]:
        """Return left, top, width and height of cells in 1/100 mm."""
        cells = self._range(sheet, area)
        return [cells.Position.X, cells.Position.Y, cells.Size.Width, cells.Size.Height]


def _errors(cells: Any, area: Area) -> list[list[Any]]:
    found: list[list[Any]] = []
    for address in cells.queryFormulaCells(FORMULA_ERROR).getRangeAddresses():
        row, column, rows, columns = area_of(address)
        for down in range(row - area[0], row - area[0] + rows):
            for across in range(column - area[1], column - area[1] + columns):
                found.append([down, across, _excel_error(cells.getCellByPosition(across, down))])
    return found


def _excel_error(cell: Any) -> str:
    return _ERRORS.get(cell.getError(), "#VALUE!")


def _is_figure(text: str) -> bool:
    return any(char.isdigit() for char in text)
