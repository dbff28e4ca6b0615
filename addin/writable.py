"""Whether tables of an open workbook can be written: looked at before the first cell is.

Works on xlwings' objects without importing it, like everything beside `addin.book`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from addin.hosts import guard
from addin.trouble import FileTrouble
from engine.adjust_tables import DECLARED
from engine.tables import Table
from engine.wording import Lang, Text

_IN_THE_WAY = Text(
    "工作表“{sheet}”的 {cell} 有内容“{value}”，挡住了表格 {table}。请先把它移到别处，再试一次；什么都没有改动。",
    "Sheet {sheet}, {cell}: “{value}” stands where the table {table} has to grow. Move it elsewhere and retry; nothing "
    "was changed.",
)
_SHEET_TAKEN = Text(
    "工作表“{sheet}”里没有表格 {table}{there}。如果内容还要用，请把它套用表格（选中标题和各行，按 Ctrl+T），"
    "表名写 {table}；不用了就给这张工作表改名，程序会重新建一张。什么都没有改动。",
    "Sheet {sheet} has no table {table}{there}. To keep what stands there, make it a table (select headings and rows, "
    "Ctrl+T) called {table}; otherwise rename the sheet: a new one will be made. Nothing was changed.",
)
_OTHER_NAME = Text("，那里的表格叫“{name}”，改回表名即可", "; the table there is called “{name}”: rename it back")
_PROTECTED = Text(
    "工作表“{sheet}”受保护，不能写入。请在“审阅”里撤消工作表保护，再试一次；什么都没有改动。",
    "Sheet {sheet} is protected and cannot be written to. Unprotect it (Review, Unprotect Sheet) and retry; nothing "
    "was changed.",
)
_LOCKED = Text(
    "工作簿没有表格 {table}，而工作簿的结构受保护，不能添加工作表。请在“审阅”里撤消工作簿保护，再试一次；"
    "什么都没有改动。",
    "The workbook has no table {table}, and its structure is protected, so that no sheet can be added. Unprotect the "
    "workbook (Review, Protect Workbook) and retry; nothing was changed.",
)
_MERGED = Text(
    "工作表“{sheet}”的 {cell} 有合并单元格，表格 {table} 里不能有。请取消合并，再试一次；什么都没有改动。",
    "Sheet {sheet} has merged cells at {cell}; table {table} cannot have any. Unmerge them and retry; nothing was "
    "changed.",
)
_READ_ONLY = Text(
    "这个工作簿是以只读方式打开的。请先另存为一个新文件，在新文件里再试一次；什么都没有改动。",
    "This workbook is open read-only. Save it under another name first and retry there; nothing was changed.",
)


def found_table(book: Any, name: str) -> Any:
    """Return the table of this name, None if there is none."""
    tables = (table for sheet in book.sheets for table in sheet.tables)
    return next((table for table in tables if table.name.casefold() == name.casefold()), None)


def data_shape(table: Any) -> tuple[int, int]:
    """Return the numbers of data rows and columns."""
    body = table.data_body_range
    return (0 if body is None else body.shape[0]), table.range.shape[1]


def refuse_unwritable(book: Any, names: Iterable[str]) -> None:
    """Raise `FileTrouble` if some of these tables cannot be written: protected or read-only; nothing is changed."""
    if guard.is_read_only(book):
        raise FileTrouble(_READ_ONLY)
    for name in names:
        table = found_table(book, name)
        if table is None and guard.is_structure_locked(book):
            raise FileTrouble(_LOCKED.fill(table=name))
        if table is not None and guard.is_protected(table.parent):
            raise FileTrouble(_PROTECTED.fill(sheet=table.parent.name))
        refuse_merged(book, name)


def refuse_merged(book: Any, name: str) -> None:
    """Raise `FileTrouble` naming the first merged cell of a table, if it has any."""
    table = found_table(book, name)
    if table is not None:
        _refuse_merged(table, table.range)


def _refuse_merged(table: Any, block: Any) -> None:
    """Raise `FileTrouble` naming the first merged cell of a block: what is written to the others would be lost."""
    if not guard.has_merged(block):
        return
    while block.shape != (1, 1):
        rows, columns = block.shape
        half = block[: rows // 2, :] if rows > 1 else block[:, : columns // 2]
        rest = block[rows // 2 :, :] if rows > 1 else block[:, columns // 2 :]
        block = half if guard.has_merged(half) else rest
    cell = block.get_address(False, False)
    raise FileTrouble(_MERGED.fill(sheet=table.parent.name, cell=cell, table=table.name))


def can_be_had(book: Any, name: str) -> bool:
    """Return whether a table is there, or a sheet could be added for it."""
    return found_table(book, name) is not None or not guard.is_structure_locked(book)


def check_room(table: Any, rows: int, columns: int) -> None:
    """Raise `FileTrouble` if something else stands where a table would grow to."""
    height, width = data_shape(table)
    first = table.range[0, 0]
    foot = height + 1 + bool(table.show_totals)
    below = first.offset(foot, 0).resize(rows + 1 - foot, columns) if rows + 1 > foot else None
    beside = first.offset(0, width).resize(min(rows + 1, foot), columns - width) if columns > width else None
    for area in (below, beside):
        if area is not None:
            _refuse_merged(table, area)
        values = [] if area is None else area.options(ndim=2, err_to_str=True).value
        for down, row in enumerate(values):
            for across, value in enumerate(row):
                if area is not None and value is not None:
                    cell = area[down, across].get_address(False, False)
                    place = _IN_THE_WAY.fill(sheet=table.parent.name, cell=cell, value=value, table=table.name)
                    raise FileTrouble(place)


def check_sheet(book: Any, declared: Table, *langs: Lang) -> None:
    """Raise `FileTrouble` if the sheet that a missing table has in these languages is there without the table."""
    names = {declared.sheet.to(lang).casefold() for lang in langs}
    for sheet in book.sheets:
        if sheet.name.casefold() in names:
            others = [table.name for table in sheet.tables if table.name not in DECLARED]
            there = _OTHER_NAME.fill(name=others[0]) if others else Text("", "")
            raise FileTrouble(_SHEET_TAKEN.fill(sheet=sheet.name, table=declared.name, there=there))
