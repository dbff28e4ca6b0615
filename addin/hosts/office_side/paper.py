"""How sheets go onto paper, and what their windows show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import uno

from .books import Books

_A4 = 21000, 29700  # 1/100 mm
_INCH = 2540  # 1/100 mm


class Pages:
    """What can be asked of the pages of sheets."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def set_window(self, sheet: int, colour: int, rows: int, columns: int) -> None:
        """Give the tab of the sheet in front a colour; keep these rows and columns in sight."""
        document, thing = self._books.owner(sheet), self._books.thing(sheet)
        thing.TabColor = colour
        document.CurrentController.freezeAtPosition(columns, rows)

    def set_paper(self, sheet: int, paper: Mapping[str, Any], area: Sequence[int] | None) -> None:
        """Give a sheet a page style of its own, see ``workbook_templates/paper.py``; print only the area if given."""
        document, thing = self._books.owner(sheet), self._books.thing(sheet)
        pages, name = document.StyleFamilies.getByName("PageStyles"), "EvenClass " + thing.Name
        if not pages.hasByName(name):
            pages.insertByName(name, document.createInstance("com.sun.star.style.PageStyle"))
        page = pages.getByName(name)
        page.IsLandscape = paper["landscape"]
        page.Width, page.Height = reversed(_A4) if paper["landscape"] else _A4
        for side in ("left", "right", "top"):
            setattr(page, side.capitalize() + "Margin", round(paper[side] * _INCH))
        page.HeaderIsOn, page.FooterIsOn = False, bool(paper["title"])
        if paper["title"]:
            page.BottomMargin = round(paper["foot"] * _INCH)
            page.FooterIsDynamicHeight = False  # or it shrinks to its line, and the margin with it
            page.FooterHeight = round((paper["bottom"] - paper["foot"]) * _INCH)
            self._write_footer(document, page, paper["title"])
        else:
            page.BottomMargin = round(paper["bottom"] * _INCH)
        if paper["fitted"]:
            page.ScaleToPagesX, page.ScaleToPagesY = paper["pages_wide"] or 0, paper["pages_tall"] or 0
        elif paper["scale"] is not None:
            page.PageScale = paper["scale"]
        page.CenterHorizontally = True
        thing.PageStyle = name
        if paper["head"] is not None:
            thing.setTitleRows(_lines("StartRow", "EndRow", paper["head"]))
            thing.setPrintTitleRows(True)
        if paper["first_column"]:
            thing.setTitleColumns(_lines("StartColumn", "EndColumn", 0))
            thing.setPrintTitleColumns(True)
        if area is not None:
            row, column, rows, columns = area
            cells = thing.getCellRangeByPosition(column, row, column + columns - 1, row + rows - 1)
            thing.setPrintAreas((cells.RangeAddress,))

    def _write_footer(self, document: Any, page: Any, title: str) -> None:
        footer = page.RightPageFooterContent
        footer.LeftText.setString(title)
        footer.RightText.setString("EvenClass")
        middle = footer.CenterText
        middle.setString("")
        for part in ("PageNumber", " / ", "PageCount"):
            cursor = middle.createTextCursor()
            cursor.gotoEnd(False)
            if part.startswith("Page"):
                field = document.createInstance("com.sun.star.text.TextField." + part)
                middle.insertTextContent(cursor, field, False)
            else:
                middle.insertString(cursor, part, False)
        page.RightPageFooterContent = footer


def _lines(first: str, last: str, at: int) -> Any:
    """Return a UNO CellRangeAddress of one row or column."""
    address = uno.createUnoStruct("com.sun.star.table.CellRangeAddress")
    setattr(address, first, at)
    setattr(address, last, at)
    return address
