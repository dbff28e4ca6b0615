"""Tables in markup that calls itself a spreadsheet: school systems export HTML and XML Spreadsheet 2003 as .xls."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_ROW, _CELL = ("tr", "row"), ("td", "th", "cell")


def is_markup(text: str) -> bool:
    """Return whether a text is an HTML page with a table, or an XML spreadsheet."""
    head = text[:4096].lstrip("\ufeff \t\r\n").casefold()
    return head.startswith("<") and re.search(r"<(\w+:)?(table|tr|row)\b", text, re.IGNORECASE) is not None


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a page says it has, or None."""
    found = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", data[:4096], re.IGNORECASE)
    name = found[1].decode("ascii", "replace").casefold() if found else ""
    return "gb18030" if name in ("gb2312", "gbk") else name or None


def read_markup(text: str) -> dict[str, list[list[object]]]:
    """Return the cells of each table of a page, as text; a cell over several columns or rows fills only its first."""
    reader = _Tables()
    reader.feed(text)
    reader.close()
    named = {}
    for number, (name, grid) in enumerate(reader.tables, start=1):
        named[name if name and name not in named else f"{name or ''}{number}"] = grid
    return named


class _Tables(HTMLParser):
    """Gathers ``tables``: a name ("" in HTML) and rows of cells each. A table within a cell is part of its cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[str, list[list[object]]]] = []
        self._name = ""
        self._depth = 0
        self._row: dict[int, object] | None = None
        self._taken: dict[int, int] = {}  # column: further rows that a cell from above still covers
        self._cell: list[str] | None = None
        self._at = 0
        self._span = (1, 1)
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.removeprefix("ss:")
        given = {name.removeprefix("ss:"): value or "" for name, value in attrs}
        if tag in ("style", "script"):
            self._hidden += 1
        elif tag == "worksheet":
            self._name = given.get("name", "")
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append((self._name, []))
                self._taken = {}
        elif self._depth == 1 and tag in _ROW:
            self._end_row()
            self._start_row(given)
        elif self._depth == 1 and tag in _CELL and self.tables:
            self._start_cell(given)
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.removeprefix("ss:")
        if tag in ("style", "script"):
            self._hidden = max(0, self._hidden - 1)
        elif tag == "table":
            if self._depth == 1:
                self._end_row()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in _ROW:
            self._end_row()
        elif self._depth == 1 and tag in _CELL:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def _start_row(self, given: dict[str, str]) -> None:
        grid = self.tables[-1][1]
        while len(grid) < _number(given.get("index"), 0) - 1:
            grid.append([])
        self._row, self._at = {}, 0

    def _start_cell(self, given: dict[str, str]) -> None:
        if self._row is None:
            self._start_row({})
        self._end_cell()
        self._at = max(self._at, _number(given.get("index"), 0) - 1)
        while self._taken.get(self._at, 0) > 0:
            self._at += 1
        wide = _number(given.get("colspan"), 1 + _number(given.get("mergeacross"), 0))
        high = _number(given.get("rowspan"), 1 + _number(given.get("mergedown"), 0))
        self._cell, self._span = [], (wide, high)

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "".join(self._cell).replace("\xa0", " ").strip()
        self._row[self._at] = re.sub(r"[ \t\r]*\n\s*", "\n", text) or None
        wide, high = self._span
        for column in range(self._at, self._at + wide):
            self._taken[column] = high
        self._at += wide
        self._cell = None

    def _end_row(self) -> None:
        if self._row is None:
            return
        self._end_cell()
        width = max(self._row, default=-1) + 1
        self.tables[-1][1].append([self._row.get(column) for column in range(width)])
        self._taken = {column: rows - 1 for column, rows in self._taken.items() if rows > 1}
        self._row = None


def _number(text: str | None, otherwise: int) -> int:
    return min(int(text), 16_384) if text and text.isdigit() else otherwise
