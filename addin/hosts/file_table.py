"""Tables (ListObjects) in a workbook file, as xlwings sees them; resizing does what Excel does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as FileTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from addin.hosts.block_table import BlockTable, BlockTables
from addin.hosts.chart_part import followed_block, followed_reference
from addin.hosts.entry import unique_headers
from addin.hosts.grid import Block, block_at
from addin.hosts.sheet_xml import noted

if TYPE_CHECKING:
    from addin.hosts.file_sheet import Sheet


class Tables(BlockTables):
    """The tables on a sheet of a workbook file."""

    __slots__ = ()

    def all(self) -> Sequence[Table]:
        """Return the tables."""
        return [Table(self.sheet, each) for each in self.sheet.api.tables.values()]

    def add(self, source: Any, name: str | None = None, **options: Any) -> Table:
        """Make a range with a header row a table."""
        block = source.impl.block
        title = self.free_name(block, name)
        made = FileTable(displayName=title, ref=_relative(block))
        style = options.get("table_style_name")
        made.tableStyleInfo = TableStyleInfo(name=style, showRowStripes=True) if style else None
        made.autoFilter = AutoFilter(ref=_relative(block))
        made.tableColumns = [TableColumn(id=n + 1, name=f"Column{n + 1}") for n in range(block.columns)]
        self.sheet.api.add_table(made)
        table = Table(self.sheet, made)
        table.name_headers()
        return table


class Table(BlockTable):
    """One table; ``api`` is openpyxl's."""

    __slots__ = ("api",)  # they also hide the properties of the base

    def __init__(self, sheet: Sheet, table: Any) -> None:
        self.parent = sheet
        self.api = table

    def title(self) -> str:
        """Return the table's name."""
        return str(self.api.displayName)

    def rename(self, name: str) -> None:
        """Give the table another name. Raises NotImplementedError where something knows it by the old one."""
        self.parent.book.refuse_known(self.name)
        del self.parent.api.tables[self.api.name]
        self.api.name = self.api.displayName = name
        self.parent.api.add_table(self.api)

    @property
    def whole(self) -> Block:
        """Header, data and totals."""
        return block_at(self.api.ref)

    def has_headers(self) -> bool:
        """Return whether there is a header row."""
        return bool(self.api.headerRowCount != 0)

    def has_totals(self) -> bool:
        """Return whether there is a totals row."""
        return bool(self.api.totalsRowCount)

    def set_totals(self, value: bool, whole: Block) -> None:
        """Switch the totals row, which gives the table another size."""
        self.api.totalsRowCount = 1 if value else None
        self._set_ref(whole)

    @property
    def filtered(self) -> bool:
        """Whether a filter hides rows."""
        return self.api.autoFilter is not None and bool(self.api.autoFilter.filterColumn)

    def show_all(self) -> None:
        """Lift the filter; its buttons stay."""
        if self.filtered:
            self.api.autoFilter.filterColumn = []
            for row in range(self.body.row, self.body.last_row + 1):
                self.parent.api.row_dimensions[row].hidden = False

    @property
    def show_autofilter(self) -> bool:
        """Whether the headers have filter buttons."""
        return self.api.autoFilter is not None

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.api.autoFilter = AutoFilter(ref=self.api.ref) if value else None

    @property
    def table_style(self) -> str | None:
        """The name of the table's style."""
        return None if self.api.tableStyleInfo is None else str(self.api.tableStyleInfo.name)

    @table_style.setter
    def table_style(self, value: str) -> None:
        self.api.tableStyleInfo = TableStyleInfo(name=value, showRowStripes=True)

    def set_whole(self, block: Block) -> None:
        """Give the table another size; names, validations and conditional formats on all its rows follow too."""
        whole, body = self.whole, self.body
        first = {
            column: self.parent.style_at((body.row, column)) for column in range(whole.column, 1 + whole.last_column)
        }
        self._set_ref(block)
        self._dress(first, body.last_row + 1)
        self._set_columns(block.columns)
        self.name_headers()
        self._follow(body, self.body)

    def _set_ref(self, block: Block) -> None:
        self.api.ref = _relative(block)
        if self.api.autoFilter is not None:
            self.api.autoFilter.ref = self.api.ref
        if self.api.sortState is not None:
            self.api.sortState = None

    def _dress(self, first: dict[int, Any], row: int) -> None:
        """Give the rows from this one on the looks of the first data row; new columns look as prepared."""
        sheet, body = self.parent, self.body
        new = {column: sheet.style_at((body.row, column)) for column in range(body.column, body.last_column + 1)}
        looks = new | {column: style for column, style in first.items() if column in new}
        for place in body.cells():
            if place[0] >= row or place[1] not in first:
                sheet.cell_at(place)._style = looks[place[1]]
        self._fix_heights(range(row, body.last_row + 1))
        header = body.row - 1
        known = sheet.style_at((header, max(first)))
        for column in new.keys() - first.keys():
            cell = sheet.cell_at((header, column))
            if cell._style is None or not any(cell._style):
                cell._style = known

    def _fix_heights(self, rows: range) -> None:
        """Write down the height of new rows where the sheet prescribes one.

        LibreOffice does not take a prescribed height for that of rows with cells: it would measure each of their cells
        whenever one is written, 1 s for 10,000 pupils.
        """
        usual, dimensions = self.parent.api.sheet_format, self.parent.api.row_dimensions
        if usual.customHeight:
            for row in rows:
                if dimensions[row].height is None:
                    dimensions[row].height = usual.defaultRowHeight

    def _set_columns(self, count: int) -> None:
        columns = list(self.api.tableColumns)[:count]
        free = max((column.id for column in columns), default=0) + 1
        columns += [TableColumn(id=free + n, name=f"\0{n}") for n in range(count - len(columns))]
        self.api.tableColumns = columns

    def name_headers(self) -> None:
        """Make every header cell a text of its own, as Excel insists, and let the table know."""
        if not self.show_headers:
            return
        head = self.whole.part(0, 0, 1, self.whole.columns)
        values = self.parent.values(head)
        for column, place, value, text in zip(
            self.api.tableColumns, head.cells(), values, unique_headers(values), strict=True
        ):
            column.name = noted(text)
            if value != text:
                cell = self.parent.cell_at(place)
                cell._value, cell.data_type = noted(text), "s"

    def _follow(self, old: Block, new: Block) -> None:
        sheet = self.parent
        if old.rows == new.rows:
            return
        sheet.book.follow(sheet, old, new)
        names = [*sheet.book.workbook.defined_names.values(), *sheet.api.defined_names.values()]
        for name in names:
            name.attr_text = followed_reference(name.attr_text, sheet.name, old, new) or name.attr_text
        for validation in sheet.api.data_validations.dataValidation:
            validation.sqref = _followed_ranges(validation.sqref, old, new)
        rules = sheet.api.conditional_formatting
        kept = [(area, area.rules) for area in rules]
        rules._cf_rules.clear()
        for area, each in kept:
            area.sqref = _followed_ranges(area.sqref, old, new)
            rules._cf_rules.setdefault(area, []).extend(each)


def _relative(block: Block) -> str:
    return block.address(row_absolute=False, column_absolute=False)


def _followed_ranges(ranges: Any, old: Block, new: Block) -> Any:
    """Return openpyxl's ranges with those that cover all rows of table columns brought to the new rows."""
    moved = []
    for each in str(ranges).split():
        block = followed_block(block_at(each), old, new)
        moved.append(each if block is None else _relative(block))
    return MultiCellRange(" ".join(moved))
