"""The worksheets of a workbook file, as xlwings sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.cell import Cell
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE, BUILTIN_FORMATS_REVERSE
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break, RowBreak
from openpyxl.worksheet.properties import PageSetupProperties

from addin.hosts.block_table import BlockSheet, BlockSheets
from addin.hosts.entry import GENERAL
from addin.hosts.file_range import Range, shown_rows
from addin.hosts.file_table import Tables
from addin.hosts.grid import Block
from addin.hosts.sheet_xml import Place, Result, formula_results
from workbook_templates.paper import A4, Paper

if TYPE_CHECKING:
    from addin.hosts.workbook_file import Book


class Sheets(BlockSheets):
    """The worksheets of a book."""

    __slots__ = ("_all", "book")  # they also hide the properties of the base

    def __init__(self, book: Book, sheets: list[Sheet]) -> None:
        self.book = book
        self._all = sheets

    def all(self) -> Sequence[Sheet]:
        """Return the sheets."""
        return self._all

    @property
    def active(self) -> Sheet:
        """The sheet in front."""
        front = self.book.workbook.active
        return next((sheet for sheet in self._all if sheet.api is front), self._all[0])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Add an empty worksheet, before the one in front if nothing else is said, and bring it to the front."""
        place = self._all.index(after) + 1 if after else self._all.index(before or self.active)
        title = name or self.free_name()
        if title in self:
            raise ValueError(f"there is a sheet {title} already")
        sheet = Sheet(self.book, self.book.workbook.create_sheet(title, place))
        self._all.insert(place, sheet)
        sheet.activate()
        return sheet


class Sheet(BlockSheet):
    """One worksheet; ``api`` is openpyxl's."""

    __slots__ = ("_columns", "_formats", "_results", "api")  # they also hide the properties of the base

    range_class = Range

    def __init__(self, book: Book, worksheet: Any) -> None:
        self.book = book
        self.api = worksheet
        self._results: dict[Place, Result] | None = None
        self._formats: dict[int, str] = {}
        self._columns: dict[int, Any] | None = None

    @property
    def name(self) -> str:
        """The name on the tab."""
        return str(self.api.title)

    @name.setter
    def name(self, value: str) -> None:
        self.book.rename_sheet(self, value)

    @property
    def index(self) -> int:
        """The position among the worksheets, from 1."""
        return [sheet is self for sheet in self.book.sheets].index(True) + 1

    @property
    def visible(self) -> bool:
        """Whether the tab is shown."""
        return bool(self.api.sheet_state == "visible")

    @visible.setter
    def visible(self, value: bool) -> None:
        self.api.sheet_state = "visible" if value else "hidden"

    def hide(self) -> None:
        """Hide the tab, also from the list of hidden sheets."""
        self.api.sheet_state = "veryHidden"

    def set_window(self, colour: str, rows: int, columns: int) -> None:
        """Give the tab a colour, keep these rows and columns in sight, show no grid."""
        self.api.sheet_properties.tabColor = colour.lstrip("#")
        self.api.sheet_view.showGridLines = False
        self.api.freeze_panes = Block(rows + 1, columns + 1).address(row_absolute=False, column_absolute=False)

    def set_paper(self, paper: Paper, block: Block | None) -> None:
        """Let the sheet go onto paper so; of the sheet only ``block`` if that is given."""
        sheet, page = self.api, self.api.page_setup
        page.paperSize = A4
        page.orientation = sheet.ORIENTATION_LANDSCAPE if paper.landscape else sheet.ORIENTATION_PORTRAIT
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=paper.fitted)
        if paper.fitted:
            page.fitToWidth, page.fitToHeight = paper.pages_wide or 0, paper.pages_tall or 0
        elif paper.scale is not None:
            page.scale = paper.scale
        if block is not None:
            sheet.print_area = block.address(row_absolute=False, column_absolute=False)
        if paper.head is not None:
            sheet.print_title_rows = f"{paper.head + 1}:{paper.head + 1}"
        if paper.first_column:
            sheet.print_title_cols = "A:A"
        margins = paper.left, paper.right, paper.top, paper.bottom
        sheet.page_margins = PageMargins(*margins, header=paper.foot, footer=paper.foot)
        sheet.print_options.horizontalCentered = True
        parts = sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right
        for part, text in zip(parts, paper.footer, strict=True):
            part.text = text or None

    def start_pages(self, first: int, last: int, starts: Sequence[int]) -> None:
        """Start printed pages at these rows, and at no other of the rows from first to last."""
        kept = [each for each in self.api.row_breaks.brk if not first <= each.id + 1 <= last]
        breaks = [*kept, *(Break(id=row - 1) for row in starts)]
        self.api.row_breaks = RowBreak(brk=sorted(breaks, key=lambda each: int(each.id)))

    @property
    def protected(self) -> bool:
        """Whether the cells are protected."""
        return bool(self.api.protection.sheet)

    def delete(self) -> None:
        """Take the sheet out of the book."""
        self.book.remove_sheet(self)

    @property
    def tables(self) -> Tables:
        """The tables on the sheet."""
        return Tables(self)

    @property
    def used_range(self) -> Range:
        """From the first cell to the last that holds something."""
        return Range(self, Block(1, 1, max(1, self.api.max_row), max(1, self.api.max_column)))

    def activate(self) -> None:
        """Bring the sheet to the front."""
        self.book.workbook.active = self.api

    @property
    def results(self) -> dict[Place, Result]:
        """What the formulas of the sheet showed when the file was saved, read when first asked for."""
        if self._results is None:
            source = self.book.sources.get(id(self.api), "")
            formulas = any(cell.data_type == "f" for cell in self.api._cells.values())
            self._results = formula_results(self.book.parts.content[source]) if formulas and source else {}
        return self._results

    def format_of(self, style: Any) -> str:
        """Return the number format of a cell style."""
        number = 0 if style is None else style.numFmtId
        if number not in self._formats:
            own = number - BUILTIN_FORMATS_MAX_SIZE
            formats = self.book.workbook._number_formats
            known: str = BUILTIN_FORMATS.get(number, GENERAL)
            self._formats[number] = formats[own] if 0 <= own < len(formats) else known
        return self._formats[number]

    def format_number(self, number_format: str) -> int:
        """Return the number by which cell styles know a number format."""
        if number_format in BUILTIN_FORMATS_REVERSE:
            return int(BUILTIN_FORMATS_REVERSE[number_format])
        return int(BUILTIN_FORMATS_MAX_SIZE + self.book.workbook._number_formats.add(number_format))

    def style_at(self, place: Place) -> Any:
        """Return the style of a cell, whether it exists yet or not: its own, its row's or its column's."""
        cell = self.api._cells.get(place)
        if cell is not None:
            return cell._style
        row = self.api.row_dimensions.get(place[0]) if place[0] in self.api.row_dimensions else None
        if row is not None and row.customFormat:
            return row._style
        if self._columns is None:
            self._columns = {
                number: dimension._style
                for dimension in self.api.column_dimensions.values()
                for number in range(dimension.min or 0, (dimension.max or -1) + 1)
            }
        return self._columns.get(place[1])

    def cell_at(self, place: Place) -> Any:
        """Return the cell at a place, made with the style that belongs there if it did not exist."""
        cell = self.api._cells.get(place)
        if cell is None:
            style = self.style_at(place)
            cell = Cell(self.api, row=place[0], column=place[1])
            cell._style = style
            self.api._cells[place] = cell
        return cell

    def values(self, block: Block) -> Sequence[object]:
        """Return the values of a block, row by row, dates as they are."""
        return [value for row in shown_rows(self, block) for value in row]
