"""Tables in LibreOffice, as xlwings sees them: database ranges, which is what it makes of an Excel table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from addin.hosts.block_table import BlockTable, BlockTables
from addin.hosts.entry import unique_headers
from addin.hosts.grid import Block
from addin.hosts.office_range import area

if TYPE_CHECKING:
    from addin.hosts.office_sheet import Sheet


class Tables(BlockTables):
    """The tables on a sheet of LibreOffice."""

    __slots__ = ()

    def all(self) -> Sequence[Table]:
        """Return the tables."""
        here = self.sheet.index - 1
        return [Table(self.sheet, name) for name, at in self.sheet.book.table_list().items() if at.sheet == here]

    def add(self, source: Any, name: str | None = None, **options: Any) -> Table:
        """Make a range with a header row a table."""
        book, block = self.sheet.book, source.impl.block
        title = self.free_name(block, name)
        book.ask("add_table", self.sheet.number, title, area(block))
        book.forget()
        if style := options.get("table_style_name"):
            book.styles[title] = style
        table = Table(self.sheet, title)
        table.name_headers()
        return table

    def clear(self) -> None:
        """Make all tables of the sheet plain cells."""
        for table in self:
            self.sheet.book.ask("remove_table", table.name)
        self.sheet.book.forget()


class Table(BlockTable):
    """One table, known by its name."""

    __slots__ = ("_name",)  # they also hide the properties of the base

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.parent = sheet
        self._name = name

    @property
    def api(self) -> Table:
        """The table itself: there is no other behind it."""
        return self

    def title(self) -> str:
        """Return the table's name."""
        return self._name

    def rename(self, name: str) -> None:
        """Give the table another name."""
        book = self.parent.book
        book.ask("rename_table", self._name, name)
        if self._name in book.styles:
            book.styles[name] = book.styles.pop(self._name)
        self._name = name
        book.forget()

    @property
    def whole(self) -> Block:
        """Header, data and totals."""
        return self.parent.book.table_list()[self._name].block

    def has_headers(self) -> bool:
        """Return whether there is a header row."""
        return self.parent.book.table_list()[self._name].header

    def has_totals(self) -> bool:
        """Return whether there is a totals row."""
        return self.parent.book.table_list()[self._name].totals

    def set_totals(self, value: bool, whole: Block) -> None:
        """Switch the totals row, which gives the table another size."""
        self._resize(whole)
        self.parent.book.ask("set_table", self._name, "TotalsRow", value)
        self.parent.book.forget()

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

    @table_style.setter
    def table_style(self, value: str) -> None:
        self.parent.book.styles[self._name] = value

    def set_whole(self, block: Block) -> None:
        """Give the table another size, where nothing is in the way."""
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
