"""Tables in LibreOffice, as xlwings sees them: database ranges, which is what it makes of an Excel table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.entry import unique_headers
from addin.hosts.grid import Block
from addin.hosts.office_range import Range, area

if TYPE_CHECKING:
    from addin.hosts.office_sheet import Sheet


class Tables(base_classes.Tables):  # type: ignore[misc]
    """The tables on a sheet."""

    __slots__ = ("sheet",)  # they also hide the properties of the base

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def _names(self) -> list[str]:
        here = self.sheet.index - 1
        return [name for name, facts in self.sheet.book.table_list().items() if facts.sheet == here]

    def __call__(self, key: str | int) -> Table:
        """Return a table by name or by position from 1."""
        names = self._names()
        if isinstance(key, int):
            return Table(self.sheet, names[key - 1])
        for name in names:
            if name.casefold() == key.casefold():
                return Table(self.sheet, name)
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._names())

    def __iter__(self) -> Iterator[Table]:
        return iter([Table(self.sheet, name) for name in self._names()])

    def __contains__(self, key: str) -> bool:
        return any(name.casefold() == key.casefold() for name in self._names())

    def add(self, source: Any, name: str | None = None, **options: Any) -> Table:
        """Make a range with a header row a table."""
        book, block = self.sheet.book, source.impl.block
        used = {each.casefold() for each in book.table_list()}
        number = len(used) + 1
        while name is None and f"table{number}" in used:
            number += 1
        title = name or f"Table{number}"
        if title.casefold() in used or any(table.whole.meets(block) for table in self):
            raise ValueError(f"{title} would overlap another table or has its name")
        book.ask("add_table", self.sheet.number, title, area(block))
        book.forget()
        if style := options.get("table_style_name"):
            book.styles[title] = style
        table = Table(self.sheet, title)
        table.name_headers()
        return table

    def clear(self) -> None:
        """Make all tables of the sheet plain cells."""
        for name in self._names():
            self.sheet.book.ask("remove_table", name)
        self.sheet.book.forget()


class Table(base_classes.Table):  # type: ignore[misc]
    """One table, known by its name."""

    __slots__ = ("_name", "parent")  # they also hide the properties of the base

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.parent = sheet
        self._name = name

    @property
    def api(self) -> Table:
        """The table itself: there is no other behind it."""
        return self

    @property
    def name(self) -> str:
        """The name by which formulas know the table."""
        return self._name

    display_name = name

    @property
    def whole(self) -> Block:
        """Header, data and totals."""
        return self.parent.book.table_list()[self._name].block

    @property
    def body(self) -> Block:
        """The data rows."""
        head, foot = int(self.show_headers), int(self.show_totals)
        return self.whole.part(head, 0, self.whole.rows - head - foot, self.whole.columns)

    @property
    def range(self) -> Range:
        """Header, data and totals."""
        return Range(self.parent, self.whole)

    @property
    def header_row_range(self) -> Range | None:
        """The header row, None if it is switched off."""
        return Range(self.parent, self.whole.part(0, 0, 1, self.whole.columns)) if self.show_headers else None

    @property
    def data_body_range(self) -> Range | None:
        """The data rows, None if there are none."""
        return Range(self.parent, self.body) if self.body.rows > 0 else None

    @property
    def totals_row_range(self) -> Range | None:
        """The totals row, None if it is switched off."""
        last = self.whole.rows - 1
        return Range(self.parent, self.whole.part(last, 0, 1, self.whole.columns)) if self.show_totals else None

    @property
    def show_headers(self) -> bool:
        """Whether there is a header row."""
        return self.parent.book.table_list()[self._name].header

    @property
    def show_totals(self) -> bool:
        """Whether there is a totals row; switched on, it is empty."""
        return self.parent.book.table_list()[self._name].totals

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        if value == self.show_totals:
            return
        whole, totals = self.whole, self.totals_row_range
        if value:
            self._resize(whole.part(0, 0, whole.rows + 1, whole.columns))
            self.parent.book.ask("set_table", self._name, "TotalsRow", True)
            self.parent.book.forget()
            return
        self.parent.book.ask("set_table", self._name, "TotalsRow", False)
        self._resize(whole.part(0, 0, whole.rows - 1, whole.columns))
        if totals is not None:
            totals.clear_contents()

    @property
    def filtered(self) -> bool:
        """Whether a filter hides rows."""
        return bool(self.parent.book.ask("filtered", self._name))

    def show_all(self) -> None:
        """Lift the filter; its buttons stay."""
        self.parent.book.ask("show_all", self.parent.number, self._name)
        self.parent.book.forget()

    @property
    def show_autofilter(self) -> bool:
        """Whether the headers have filter buttons."""
        return self.parent.book.table_list()[self._name].filtered

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.parent.book.ask("set_table", self._name, "AutoFilter", bool(value))
        self.parent.book.forget()

    @property
    def table_style(self) -> str | None:
        """The name of the table's style; LibreOffice does not show it, the saved file has it."""
        return self.parent.book.styles.get(self._name)

    def resize(self, new: Any) -> None:
        """Give the table another size from the same first cell.

        As in Excel, new rows look like the first one, charts on all rows follow, and cells that fall out keep what
        they hold. Raises ValueError where Excel would refuse.
        """
        block, whole = new.impl.block, self.whole
        if (block.row, block.column) != (whole.row, whole.column) or block.rows < 2:
            raise ValueError("a table keeps its first cell and has at least one data row")
        others = [table for table in self.parent.tables if table.name != self._name]
        if self.show_totals or any(table.whole.meets(block) for table in others):
            raise ValueError("a table cannot grow over another one or with its totals row")
        self._resize(block)
        self.name_headers()

    def _resize(self, block: Block) -> None:
        self.parent.book.ask("resize_table", self.parent.number, self._name, area(block))
        self.parent.book.forget()

    def name_headers(self) -> None:
        """Make every header cell a text of its own, as Excel insists."""
        head = self.header_row_range
        if head is None:
            return
        values = head.values()[0]
        texts = unique_headers(values)
        if texts != values:
            self.parent.ask("write", area(head.block), [texts], {})
