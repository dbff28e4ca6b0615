"""A sheet for a table that the workbook lacks: it looks and prints as the template's sheets do."""

from __future__ import annotations

from typing import Any

from addin.cells import write_cells
from addin.hosts import guard
from engine.content import Content
from engine.draw_tables import PARTS, TEACHERS
from engine.tables import INPUTS, Table
from engine.wording import Lang
from workbook_templates.looks import HINT, INK, LINE, TEAL, TITLE, body, font, header
from workbook_templates.sheets import FIRST_ROW, HEADER_HEIGHT, HEADER_ROW, HINT_HEIGHT, ROW_HEIGHT, TITLE_HEIGHT
from workbook_templates.sheets_on_demand import EVERY_SHEET

_STYLE = "TableStyleLight1"
_FILLED_IN = (*INPUTS, TEACHERS, PARTS)  # by staff
_HAIRLINE = {"bottom": 1, "bottom_color": LINE}


def new_sheet(book: Any, declared: Table, content: Content, lang: Lang) -> Any:
    """Make the table with its headers and one blank row, on a sheet at the end, and return it."""
    front = book.sheets.impl.active
    sheet = book.sheets.add(declared.sheet.to(lang), after=book.sheets[len(book.sheets) - 1])
    looks = EVERY_SHEET[declared.name]
    colour = INK if declared in _FILLED_IN else TEAL
    head = sheet.range((HEADER_ROW + 1, 1)).resize(1, len(content.headers))
    if looks.hidden:
        write_cells(head, [content.headers])
        front.activate()
        guard.hide(sheet)
        return _table(declared, head)
    lines = (
        ((1, 1), looks.title.to(lang), TITLE, TITLE_HEIGHT),
        ((2, looks.hint_column + 1), looks.hint.to(lang), HINT, HINT_HEIGHT),
    )
    for place, text, properties, height in lines:
        cell = sheet.range(place)
        write_cells(cell, [[text]])
        guard.dress(cell, {**font(lang), **properties})
        cell.row_height = height
    write_cells(head, [content.headers])
    head.row_height, head.offset(1, 0).row_height = HEADER_HEIGHT, ROW_HEIGHT
    for at, key in enumerate(content.keys):
        column = looks.columns.get(key, looks.others)
        head[0, at].column_width = column.width
        guard.dress(head[0, at], {**font(lang), **header(colour, column.align)})
        cells = {**font(lang), **body(column.align, column.form, wrapped=column.prose), **_HAIRLINE}
        guard.dress(head[0, at].offset(1, 0), cells)  # the rows that follow look like the first one
    guard.set_window(sheet, colour, (FIRST_ROW, looks.frozen_columns))
    guard.set_paper(sheet, looks.paper(lang))
    front.activate()
    return _table(declared, head)


def _table(declared: Table, head: Any) -> Any:
    return head.sheet.tables.add(source=head.resize(2), name=declared.name, table_style_name=_STYLE)
