"""Build the workbook templates: ``python -m workbook_templates.build [--check]``.

The same code builds a filled workbook from tables. Files are the same byte for byte on every machine: the
dates are fixed and the parts are stored uncompressed, because zlib differs from one Python to another.
"""

from __future__ import annotations

import argparse
import io
import math
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from engine.content import Content, given_content
from engine.tables import BALANCE, CHARTS, INPUTS, STUDENTS, TABLES, Table
from engine.wording import Lang
from workbook_templates import example_path, template_path
from workbook_templates.charts import CHART_SHEET, HINT, TITLE, add_charts, outspoken
from workbook_templates.column_widths import new_widths
from workbook_templates.content import empty_content
from workbook_templates.highlights import add_highlights
from workbook_templates.looks import AS_TEXT, DATE, GREY, INK, MOMENT, TEAL, Looks, body, font
from workbook_templates.paper import Paper, lay_out
from workbook_templates.sheets import (
    FIRST_ROW,
    HEADER_ROW,
    HINT_HEIGHT,
    ROSTER_COLUMNS,
    ROW_HEIGHT,
    SHEETS,
    TITLE_HEIGHT,
    WIDEST,
    Column,
    header_height,
    row_height,
)
from workbook_templates.start_sheet import PRODUCT, START_SHEET, add_start
from workbook_templates.validations import add_validations, defined_names
from workbook_templates.widths import header_lines, lines_of

LANGS: tuple[Lang, ...] = ("zh", "en")
_STAMP = datetime(2025, 1, 1)
_EXACT = 10**15  # Excel keeps 15 digits


def build_workbook(path: Path, lang: Lang, tables: Mapping[str, pd.DataFrame] | None = None) -> None:
    """Write a workbook in one language: empty, or with these tables filled in.

    ``tables`` is by table name, each frame with canonical headers (`engine.tables`), *Students* and *Balance* with
    their own columns besides. Tables not given stay as in the empty template. Choices may stand in either
    language or as keys and are written in the workbook's language. In *Charts* a column whose header is not the
    field's key keeps its own header (the legend). Raises ValueError when two headers of a table are the same.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": font(lang)}) as book:
        book.set_properties({"title": PRODUCT.to(lang), "author": "EvenClass", "created": _STAMP})
        _fill_book(book, Looks(book, lang), tables or {})
    path.write_bytes(_stored(buffer.getvalue()))


def _fill_book(book: Any, looks: Looks, tables: Mapping[str, pd.DataFrame]) -> None:
    lang = looks.lang
    start = book.add_worksheet(START_SHEET.to(lang))
    lay_out(start, Paper(title=START_SHEET.to(lang)))
    start.hide_gridlines(2)
    start.set_tab_color(GREY)
    add_start(start, looks)
    pictures = None
    for table in TABLES.values():
        frame = tables.get(table.name)
        content = empty_content(table, lang) if frame is None else given_content(table, frame, lang)
        _add_table_sheet(book, table, content, looks)
        if table is BALANCE:
            pictures = _add_chart_sheet(book, looks)
        if table is CHARTS:
            add_charts(book, pictures, looks, len(content.rows))
    for name, formula in defined_names(lang).items():
        book.define_name(name, formula)


def _add_table_sheet(book: Any, table: Table, content: Content, looks: Looks) -> None:
    """Add the sheet of one table with everything on it."""
    sheet, lang = SHEETS[table.name], looks.lang
    colour = INK if table in INPUTS else TEAL
    worksheet = book.add_worksheet(table.sheet.to(lang))
    _write_heading(worksheet, looks, sheet.title.to(lang), sheet.hint.to(lang), sheet.hint_column)
    columns = [_column(table, key, position) for position, key in enumerate(content.keys)]
    fitted = new_widths(table, content) if any(value is not None for row in content.rows for value in row) else {}
    columns = [replace(column, width=fitted.get(at, column.width)) for at, column in enumerate(columns)]
    for position, column in enumerate(columns):
        worksheet.set_column(position, position, column.width, _body(looks, column))
    if table.open:
        _reserve_columns(worksheet, range(len(columns), WIDEST + 1), sheet.others, looks)
    worksheet.set_default_row(ROW_HEIGHT)
    lines = max((header_lines(content.headers[at], width) for at, width in fitted.items()), default=1)
    worksheet.set_row(HEADER_ROW, header_height(lines))
    _write_table(worksheet, table, content, columns, looks)
    add_validations(worksheet, table.name, content.keys, lang)
    add_highlights(worksheet, table.name, content.keys, looks)
    worksheet.freeze_panes(FIRST_ROW, sheet.frozen_columns)
    worksheet.set_selection(FIRST_ROW, 0, FIRST_ROW, 0)
    worksheet.set_tab_color(colour)
    if table not in INPUTS:
        worksheet.hide_gridlines(2)
    if sheet.hidden:
        worksheet.very_hidden()
    lay_out(worksheet, sheet.paper(lang))


def _reserve_columns(worksheet: Any, free: range, column: Column, looks: Looks) -> None:
    """Prepare the columns that an open table may grow into; the colour of their headers is conditional."""
    if not free:
        return
    worksheet.set_column(free[0], free[-1], column.width, _body(looks, column))
    for position in free:
        worksheet.write_blank(HEADER_ROW, position, None, looks.header(colour=None, align=column.align))
        worksheet.write_blank(FIRST_ROW, position, None, _body(looks, column))


def _write_heading(worksheet: Any, looks: Looks, title: str, hint: str, hint_column: int = 0) -> None:
    worksheet.set_row(0, TITLE_HEIGHT)
    worksheet.write_string(0, 0, title, looks.title())
    worksheet.set_row(1, HINT_HEIGHT)
    worksheet.write_string(1, hint_column, hint, looks.hint())


def _write_table(
    worksheet: Any,
    table: Table,
    content: Content,
    columns: list[Column],
    looks: Looks,
) -> None:
    """Write header and rows and make them the Excel table."""
    colour = INK if table in INPUTS else TEAL
    headers = [
        {"header": header, "header_format": looks.header(colour=colour, align=column.align)}
        for header, column in zip(content.headers, columns, strict=True)
    ]
    options = {
        "name": table.name,
        "columns": headers,
        "style": "Table Style Light 1",
        "banded_rows": False,
        "autofilter": SHEETS[table.name].filtered,
    }
    last_row, last_column = HEADER_ROW + len(content.rows), len(columns) - 1
    if worksheet.add_table(HEADER_ROW, 0, last_row, last_column, options) != 0:
        raise ValueError(f"Table {table.name} cannot be written with the headers {', '.join(content.headers)}")
    for row, values in enumerate(content.rows, start=FIRST_ROW):
        if (lines := _lines(values, columns)) > 1:
            worksheet.set_row(row, row_height(lines))
        for position, (value, column) in enumerate(zip(values, columns, strict=True)):
            _write_value(worksheet, (row, position), value, column, looks)


def _write_value(
    worksheet: Any,
    place: tuple[int, int],
    value: object,
    column: Column,
    looks: Looks,
) -> None:
    """Write one cell by the type of its value; text is always text, never a formula, number or link."""
    if value is None or value != value:  # noqa: PLR0124 (NaN: there is no value)
        worksheet.write_blank(*place, None, _body(looks, column))
    elif isinstance(value, bool):
        worksheet.write_boolean(*place, value, _body(looks, column))
    elif isinstance(value, int | float) and math.isfinite(value) and abs(value) < _EXACT:
        form = "General" if column.form == AS_TEXT else column.form
        worksheet.write_number(*place, value, _body(looks, column, form))
    elif isinstance(value, datetime):
        worksheet.write_datetime(*place, value, _body(looks, column, MOMENT))
    elif isinstance(value, date):
        worksheet.write_datetime(*place, value, _body(looks, column, DATE))
    else:
        worksheet.write_string(*place, str(value), _body(looks, column))


def _lines(values: list[object], columns: list[Column]) -> int:
    """Return how many lines the longest wrapped text of a row needs."""
    needed = [
        lines_of(value, column.width)
        for value, column in zip(values, columns, strict=True)
        if column.prose and isinstance(value, str)
    ]
    return max(needed, default=1)


def _body(looks: Looks, column: Column, form: str | None = None) -> Any:
    return looks.cell(**body(column.align, form or column.form, wrapped=column.prose))


def _column(table: Table, key: str, position: int) -> Column:
    """Return how a column looks: as declared, as in the roster example, or as any other of an open table."""
    sheet = SHEETS[table.name]
    if key in sheet.columns:
        return sheet.columns[key]
    if table is STUDENTS and position < len(ROSTER_COLUMNS):
        return ROSTER_COLUMNS[position]
    return sheet.others


def _add_chart_sheet(book: Any, looks: Looks) -> Any:
    worksheet = book.add_worksheet(CHART_SHEET.to(looks.lang))
    worksheet.set_default_row(18)
    _write_heading(worksheet, looks, TITLE.to(looks.lang), HINT.to(looks.lang))
    worksheet.hide_gridlines(2)
    worksheet.set_tab_color(TEAL)
    lay_out(worksheet, Paper(landscape=True, pages_tall=1, title=TITLE.to(looks.lang)))
    return worksheet


def _stored(archive: bytes) -> bytes:
    """Return the same zip with its parts uncompressed and every stamp fixed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system = 3
            part.external_attr = 0o600 << 16
            content = source.read(name)
            if name.startswith("xl/charts/chart"):
                content = outspoken(content.decode()).encode()
            target.writestr(part, content)
    return buffer.getvalue()


def build_all(folder: Path) -> list[Path]:
    """Build the empty templates and the filled example in a folder, named as committed; return their paths."""
    from workbook_templates.example import example_tables  # late: only here the search is needed

    for lang in LANGS:
        build_workbook(folder / template_path(lang).name, lang)
    build_workbook(folder / example_path().name, "zh", example_tables())
    return [folder / path.name for path in (*map(template_path, LANGS), example_path())]


def main(arguments: list[str] | None = None) -> int:
    """Build the workbooks in place, or with ``--check`` say which committed ones are not what the code builds."""
    parser = argparse.ArgumentParser(description="Build the workbook templates and the example.")
    parser.add_argument("--check", action="store_true", help="build elsewhere and compare; change nothing")
    committed = template_path("zh").parent
    if not parser.parse_args(arguments).check:
        build_all(committed)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        built = build_all(Path(folder))
        stale = [path.name for path in built if not _same(path, committed / path.name)]
    if stale:
        sys.stderr.write(f"Not what the code builds: {', '.join(stale)}. Run python -m workbook_templates.build\n")
    return 1 if stale else 0


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
