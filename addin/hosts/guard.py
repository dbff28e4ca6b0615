"""What xlwings cannot ask or do: protection, read-only, filters, sheets that nobody sees, a workbook from a template.

Hosts of ours answer through their own objects: ``sheet.impl.protected``, ``sheet.impl.hide()``,
``book.impl.structure_locked``, ``book.impl.read_only``, ``table.impl.filtered``, ``table.impl.show_all()``,
``book.impl.forget_undo()``, ``sheet.impl.one_page()``, ``sheet.impl.start_pages()``, ``books.impl.from_template()``;
Excel through COM.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlwings as xw

_VERY_HIDDEN = 2  # xlSheetVeryHidden
_A4, _PORTRAIT = 9, 1  # xlPaperA4, xlPortrait
_PIXELS, _NARROW_PIXELS = 7, 12  # of one character, in files; in Excel where a column is narrower than one
_BREAK, _NO_BREAK = -4135, -4142  # xlPageBreakManual, xlPageBreakNone
EXCEL = "excel"


def is_excel(app: Any) -> bool:
    """Return whether an app is Excel itself."""
    return bool(app.engine.name == EXCEL)


def is_protected(sheet: Any) -> bool:
    """Return whether the cells of a sheet are protected."""
    return bool(sheet.api.ProtectContents if is_excel(sheet.book.app) else sheet.impl.protected)


def is_structure_locked(book: Any) -> bool:
    """Return whether no sheet can be added to a workbook."""
    return bool(book.api.ProtectStructure if is_excel(book.app) else book.impl.structure_locked)


def is_read_only(book: Any) -> bool:
    """Return whether a workbook is open only to be read."""
    return bool(book.api.ReadOnly if is_excel(book.app) else book.impl.read_only)


def has_merged(block: Any) -> bool:
    """Return whether cells in a block are merged; Excel says neither yes nor no where only some are."""
    return block.api.MergeCells is not False if is_excel(block.sheet.book.app) else bool(block.impl.has_merged)


def show_all(table: Any) -> None:
    """Lift the filter of a table, its buttons stay: Excel misplaces a block that is written over filtered rows."""
    if not is_excel(table.parent.book.app):
        if table.impl.filtered:
            table.impl.show_all()
    elif table.api.ShowAutoFilter and table.api.AutoFilter.FilterMode:
        table.api.AutoFilter.ShowAllData()


def hide(sheet: Any) -> None:
    """Hide a sheet so that it is not even in the list of hidden sheets, where the host can do that."""
    if is_excel(sheet.book.app):
        sheet.api.Visible = _VERY_HIDDEN
    else:
        sheet.impl.hide()


def forget_undo(book: Any) -> None:
    """Let the host's own Undo have nothing to take back, as Excel's has not after a program wrote."""
    if not is_excel(book.app):
        book.impl.forget_undo()


def squares(block: Any, points: float) -> None:
    """Give columns and rows of a block the same size, in points, where every host counts widths in another way."""
    block.column_width = points / 0.75 / (_NARROW_PIXELS if is_excel(block.sheet.book.app) else _PIXELS)
    block.row_height = points


def print_on_one_page(block: Any) -> None:
    """Print a block, and nothing else of its sheet, on one page of A4."""
    sheet = block.sheet
    if not is_excel(sheet.book.app):
        sheet.impl.one_page(block.impl.block)
        return
    page = sheet.api.PageSetup
    page.PrintArea = block.address
    page.PaperSize, page.Orientation = _A4, _PORTRAIT
    page.Zoom = False
    page.FitToPagesWide = page.FitToPagesTall = 1
    page.LeftMargin = page.RightMargin = page.TopMargin = page.BottomMargin = 42.5  # 15 mm
    page.CenterHorizontally = True


def start_pages(table: Any, rows: Sequence[int]) -> None:
    """Let these data rows of a table, counted from 0, and no other row of it, start a printed page."""
    body = table.data_body_range
    first, last = body.row, body.row + body.shape[0] - 1
    starts = [first + row for row in rows]
    if not is_excel(table.parent.book.app):
        table.parent.impl.start_pages(first, last, starts)
        return
    sheet = table.parent.api
    sheet.Rows(f"{first}:{last}").PageBreak = _NO_BREAK
    for row in starts:
        sheet.Rows(row).PageBreak = _BREAK


def from_template(app: Any, path: Path) -> xw.Book:
    """Return a new workbook like the one at a path, without a file of its own."""
    if is_excel(app):
        app.api.Workbooks.Add(str(path))
        return app.books.active
    return xw.Book(impl=app.books.impl.from_template(str(path)))
