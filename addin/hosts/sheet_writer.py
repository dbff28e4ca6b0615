"""Write one worksheet for openpyxl, with the rows written in one go (`sheet_xml`) instead of cell by cell."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter

from addin.hosts.package import Parts
from addin.hosts.sheet_xml import Place, Result, rows_xml

_EMPTY = b"<sheetData />"


def write_worksheet(writer: Any, saved: Parts, worksheet: Any, results: Mapping[Place, Result]) -> None:
    """Write a worksheet's part; does what openpyxl's `ExcelWriter.write_worksheet` does, faster.

    ``results`` are of formulas. Drawings are left out: they are put back later.
    """
    worksheet._drawing = SpreadsheetDrawing()
    sheet = WorksheetWriter(worksheet, out=io.BytesIO())
    rows: list[str] = []

    def write_rows() -> None:
        rows.append(rows_xml(worksheet, results))
        sheet.xf.send(Element("sheetData"))

    sheet.write_rows = write_rows
    sheet.write()
    worksheet._rels = sheet._rels
    written = sheet.read()
    if written.count(_EMPTY) != 1:
        raise RuntimeError("openpyxl writes worksheets in another way than expected")
    saved.writestr(worksheet.path[1:], written.replace(_EMPTY, rows[0].encode(), 1))
    writer.manifest.append(worksheet)
