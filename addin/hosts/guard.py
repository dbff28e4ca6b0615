"""What xlwings cannot ask or do: protection, read-only, filters, sheets that nobody sees, a workbook from a template.

Hosts of ours answer through their own objects: ``sheet.impl.protected``, ``sheet.impl.hide()``,
``book.impl.structure_locked``, ``book.impl.read_only``, ``table.impl.filtered``, ``table.impl.show_all()``,
``book.impl.forget_undo()``, ``range.impl.dress()``, ``sheet.impl.set_window()``, ``sheet.impl.set_paper()``,
``sheet.impl.start_pages()``, ``books.impl.from_template()``; Excel through COM.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import xlwings as xw

from workbook_templates.paper import A4, Paper

_VERY_HIDDEN = 2  # xlSheetVeryHidden
_PORTRAIT, _LANDSCAPE = 1, 2  # xlPortrait, xlLandscape
_CENTER = -4108  # xlCenter
_ALIGNED = {"left": -4131, "center": _CENTER, "right": -4152}  # xlLeft, xlCenter, xlRight
_BOTTOM, _CONTINUOUS = 9, 1  # xlEdgeBottom, xlContinuous
_INCH = 72  # points
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


def dress(block: Any, properties: Mapping[str, Any]) -> None:
    """Give cells an ordinary look with these properties on top, called as XlsxWriter calls them.

    They are those that `workbook_templates.looks` uses for titles, headers and bodies of tables.
    """
    if not is_excel(block.sheet.book.app):
        block.impl.dress(properties)
        return
    cells = block.api
    cells.Font.Name, cells.Font.Size = properties["font_name"], properties["font_size"]
    cells.Font.Bold = bool(properties.get("bold"))
    cells.VerticalAlignment, cells.WrapText = _CENTER, bool(properties.get("text_wrap"))
    if "align" in properties:
        cells.HorizontalAlignment = _ALIGNED[properties["align"]]
        cells.IndentLevel = properties.get("indent", 0)
    if "num_format" in properties:
        cells.NumberFormat = properties["num_format"]
    if "font_color" in properties:
        cells.Font.Color = _excel_colour(properties["font_color"])
    if "bg_color" in properties:
        cells.Interior.Color = _excel_colour(properties["bg_color"])
    if "bottom" in properties:
        cells.Borders(_BOTTOM).LineStyle = _CONTINUOUS
        cells.Borders(_BOTTOM).Color = _excel_colour(properties["bottom_color"])


def set_window(sheet: Any, colour: str, frozen: tuple[int, int]) -> None:
    """Give the tab a colour, keep these rows and columns in sight, show no grid; the sheet is in front."""
    if not is_excel(sheet.book.app):
        sheet.impl.set_window(colour, *frozen)
        return
    sheet.api.Tab.Color = _excel_colour(colour)
    window = sheet.book.api.Windows(1)  # another workbook may be in front
    window.DisplayGridlines = False
    window.SplitRow, window.SplitColumn = frozen
    window.FreezePanes = True


def set_paper(sheet: Any, paper: Paper, area: Any = None) -> None:
    """Let a sheet go onto paper so, and of the sheet only ``area`` if that is given.

    A PC without any printer has no page set-up in Excel: the sheet is then as a new sheet is.
    """
    if not is_excel(sheet.book.app):
        sheet.impl.set_paper(paper, None if area is None else area.impl.block)
        return
    with suppress(Exception):  # Excel's own errors, which differ from one version to another
        _set_excel_paper(sheet.api.PageSetup, paper, None if area is None else area.address)


def _set_excel_paper(page: Any, paper: Paper, area: str | None) -> None:
    page.PaperSize, page.Orientation = A4, _LANDSCAPE if paper.landscape else _PORTRAIT
    if area is not None:
        page.PrintArea = area
    if paper.fitted:
        page.Zoom = False
        page.FitToPagesWide, page.FitToPagesTall = paper.pages_wide or False, paper.pages_tall or False
    elif paper.scale is not None:
        page.Zoom = paper.scale
    if paper.head is not None:
        page.PrintTitleRows = f"${paper.head + 1}:${paper.head + 1}"
    if paper.first_column:
        page.PrintTitleColumns = "$A:$A"
    page.LeftMargin, page.RightMargin = paper.left * _INCH, paper.right * _INCH
    page.TopMargin, page.BottomMargin, page.FooterMargin = paper.top * _INCH, paper.bottom * _INCH, paper.foot * _INCH
    page.CenterHorizontally = True
    page.LeftFooter, page.CenterFooter, page.RightFooter = paper.footer


def _excel_colour(code: str) -> int:
    return int(code[5:7] + code[3:5] + code[1:3], 16)


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
