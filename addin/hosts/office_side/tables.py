"""Tables: the office's database ranges, which is what it makes of an Excel table; and charts that follow them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .books import Books
from .cells import Area, area_of

# What new rows take over from the first one.
_LOOKS = tuple(
    sorted(
        "CellBackColor CellStyle CharColor CharFontName CharHeight CharPosture CharWeight HoriJustify IsTextWrapped "
        "NumberFormat ParaIndent ShrinkToFit TableBorder2 VertJustify".split()
    )
)
_REFERENCE = re.compile(r"\$?('(?:[^']|'')*'|[^.$']+)\.\$([A-Z]+)\$([0-9]+):\$([A-Z]+)\$([0-9]+)")


class Tables:
    """What can be asked of tables."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def tables(self, book: int) -> list[list[Any]]:
        """Return name, sheet's position from 0, area, header row, totals row, filter buttons of every table."""
        ranges = self._books.thing(book).DatabaseRanges
        found = []
        for name in ranges.ElementNames:
            each = ranges.getByName(name)
            where = each.DataArea
            parts = [bool(each.ContainsHeader), bool(each.TotalsRow), bool(each.AutoFilter)]
            found.append([name, where.Sheet, area_of(where), *parts])
        return found

    def add_table(self, book: int, sheet: int, name: str, area: Area) -> None:
        """Make a block a table, with filter buttons as Excel makes it."""
        ranges = self._books.thing(book).DatabaseRanges
        ranges.addNewByName(name, self._address(sheet, area))
        ranges.getByName(name).ContainsHeader = True
        ranges.getByName(name).AutoFilter = True

    def remove_table(self, book: int, name: str) -> None:
        """Make a table plain cells again."""
        self._books.thing(book).DatabaseRanges.removeByName(name)

    def rename_table(self, book: int, old: str, new: str) -> None:
        """Give a table another name."""
        self._books.thing(book).DatabaseRanges.getByName(old).setName(new)

    def set_table(self, book: int, name: str, key: str, on: bool) -> None:
        """Switch a table's filter buttons, header or totals row."""
        setattr(self._books.thing(book).DatabaseRanges.getByName(name), key, on)

    def filtered(self, book: int, name: str) -> bool:
        """Return whether a table has a filter that may hide rows."""
        return bool(self._books.thing(book).DatabaseRanges.getByName(name).getFilterDescriptor().getFilterFields())

    def show_all(self, book: int, sheet: int, name: str) -> None:
        """Lift the filter of a table; the buttons stay, and so does the header row, which a new filter forgets."""
        table = self._books.thing(book).DatabaseRanges.getByName(name)
        header, buttons = table.ContainsHeader, table.AutoFilter
        row, column, rows, columns = area_of(table.DataArea)
        cells = self._books.thing(sheet).getCellRangeByPosition(column, row, column + columns - 1, row + rows - 1)
        empty = cells.createFilterDescriptor(True)
        empty.ContainsHeader = header
        cells.filter(empty)
        table.getFilterDescriptor().setFilterFields(())
        table.ContainsHeader, table.AutoFilter = header, buttons

    def resize_table(self, book: int, sheet: int, name: str, area: Area) -> None:
        """Give a table another size from the same first cell; charts on all its rows follow."""
        table = self._books.thing(book).DatabaseRanges.getByName(name)
        old = area_of(table.DataArea)
        filtered = bool(table.AutoFilter)
        if filtered:
            table.AutoFilter = False
        table.DataArea = self._address(sheet, area)
        if filtered:
            table.AutoFilter = True
        head = int(bool(table.ContainsHeader))
        self._dress(sheet, old, area, head)
        self._follow(book, sheet, (old[0] + head, old[2] - head), area[2] - head, area)

    def _address(self, sheet: int, area: Area) -> Any:
        row, column, rows, columns = area
        cells = self._books.thing(sheet).getCellRangeByPosition(column, row, column + columns - 1, row + rows - 1)
        return cells.getRangeAddress()

    def _dress(self, sheet: int, old: Area, new: Area, head: int) -> None:
        """Give new rows the looks of the first one, new header cells those of the last one before."""
        cells = self._books.thing(sheet)
        first, last = old[0] + head, new[0] + new[2] - 1
        grown = old[0] + old[2]
        for column in range(new[1], new[1] + new[3]):
            fresh = column >= old[1] + old[3]
            top = first + 1 if fresh else grown
            if last >= top:
                looks = cells.getCellByPosition(column, first).getPropertyValues(_LOOKS)
                border = looks[_LOOKS.index("TableBorder2")]
                border.HorizontalLine = border.BottomLine  # between the rows of a block, as below a single one
                border.IsHorizontalLineValid = border.IsBottomLineValid
                cells.getCellRangeByPosition(column, top, column, last).setPropertyValues(_LOOKS, looks)
            if fresh and head and cells.getCellByPosition(column, new[0]).CellBackColor == -1:
                looks = cells.getCellByPosition(old[1] + old[3] - 1, new[0]).getPropertyValues(_LOOKS)
                cells.getCellByPosition(column, new[0]).setPropertyValues(_LOOKS, looks)

    def _follow(self, book: int, sheet: int, old: tuple[int, int], rows: int, area: Area) -> None:
        """Let chart sequences that held exactly the old data rows of the table hold the new ones."""
        if old[1] == rows:
            return
        name = self._books.thing(sheet).Name
        for chart in self._charts(book):
            provider = chart.getDataProvider()
            for holder, values in _sequences(chart):
                moved = _followed(values.getSourceRangeRepresentation(), name, old, rows, area)
                if moved is not None:
                    fresh = provider.createDataSequenceByRangeRepresentation(moved)
                    fresh.Role = values.Role
                    holder.setValues(fresh)

    def _charts(self, book: int) -> Iterator[Any]:
        sheets = self._books.thing(book).Sheets
        for position in range(sheets.Count):
            charts = sheets.getByIndex(position).Charts
            for name in charts.ElementNames:
                yield charts.getByName(name).EmbeddedObject

    def charts(self, book: int) -> list[list[str]]:
        """Return the references that each chart draws."""
        return [[seq.getSourceRangeRepresentation() for _, seq in _sequences(chart)] for chart in self._charts(book)]


def _sequences(chart: Any) -> Iterator[tuple[Any, Any]]:
    """Return every labelled sequence of a chart, with its values: series and categories."""
    for system in chart.getFirstDiagram().getCoordinateSystems():
        for kind in system.getChartTypes():
            for series in kind.getDataSeries():
                for labelled in series.getDataSequences():
                    yield labelled, labelled.getValues()
        axis = system.getAxisByDimension(0, 0)
        categories = axis.getScaleData().Categories if axis is not None else None
        if categories is not None:
            yield categories, categories.getValues()


def _followed(text: str, sheet: str, old: tuple[int, int], rows: int, area: Area) -> str | None:
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    name, left, top, right, bottom = match.groups()
    plain = name[1:-1].replace("''", "'") if name.startswith("'") else name
    held = (int(top) - 1, int(bottom) - int(top) + 1)
    inside = area[1] <= _column(left) <= _column(right) < area[1] + area[3]
    if plain != sheet or held != old or not inside:
        return None
    return "${}.${}${}:${}${}".format(name, left, top, right, int(top) + rows - 1)


def _column(letters: str) -> int:
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number - 1
