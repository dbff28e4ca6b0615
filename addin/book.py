"""An open workbook and its named tables: the one module, besides the hosts, that calls xlwings.

Everything here goes through xlwings' own objects, so that it runs in Excel as it does on a file. Tables are found by
name and columns by header, never by address; only what is ours is written, in few and large blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import xlwings as xw

from addin.cells import as_read, as_written, fit_rows, write_cells
from addin.hosts import guard
from addin.hosts.entry import told_apart
from addin.new_sheet import new_sheet
from addin.refill import arranged
from addin.trouble import FileTrouble
from addin.writable import check_room, check_sheet, data_shape, found_table, refuse_unwritable
from engine.adjust_tables import DECLARED
from engine.content import Content, choices_of, given_content, localised
from engine.tables import INPUTS, STUDENTS, TABLES, Table, header_of, headers_in, to_canonical
from engine.wording import Lang, Text
from workbook_templates.column_widths import new_widths
from workbook_templates.sheets import ROW_HEIGHT, header_height
from workbook_templates.widths import header_lines

Book = xw.Book  # what commands call a workbook, without knowing xlwings
_PAGED = {"ClassLists": "class"}  # a printed page for each
_NO_TABLE = Text(
    "工作簿里没有表格 {table}。请用 evenclass new 新建的工作簿，或把它从备份中恢复。",
    "The workbook has no table {table}. Use a workbook made with evenclass new, or restore it from a copy.",
)
_NO_KEY = Text(
    "工作表“{sheet}”的表格 {table} 里没有标题为“{h}”的一列，可能被删掉或改名了；没有它，不知道每一行说的是什么。"
    "请加回这一列并填好，或从备份恢复；什么都没有改动。",
    "Sheet {sheet}: table {table} has no column headed “{h}”; it may have been deleted or renamed. Without it nobody "
    "knows what the rows are about. Put it back and fill it in, or restore the file from a copy; nothing was changed.",
)
_SAME_HEADER = Text(
    "表格 {table} 有相同的列名：{headers}。Excel 不允许；请改名后再试。",
    "Table {table}: some columns have the same header, which Excel does not allow: {headers}. Rename them and retry.",
)
_NOT_WRITTEN = Text(
    "Excel 不接受对表格 {table} 的修改（{why}）。请检查工作表是否受保护，或表格下方、右侧是否紧挨着别的表格。",
    "Excel does not accept the change to table {table} ({why}). Check whether the sheet is protected, or another table "
    "stands right below or beside it.",
)


@contextmanager
def opened(path: Path, engine: xw.Engine | None = None) -> Iterator[xw.Book]:
    """Open a workbook file for the time of a ``with`` block; it is closed without saving, whatever happens.

    ``engine`` is another host than the file itself (`addin.hosts.libreoffice`). Raises `FileTrouble` if the file cannot
    be read.
    """
    if not path.is_file():
        from addin.hosts.reading import missing

        raise missing(path)
    app = (engine or engine_called("file")).apps.add()
    try:
        yield app.books.open(path)
    finally:
        app.quit()


def saved(book: xw.Book, path: Path) -> None:
    """Save a workbook to a file; until that is done the file there stays as it was. Raises `FileTrouble`."""
    book.save(path)


def engine_called(name: str) -> xw.Engine:
    """Return a host by name: file, libreoffice or excel. Raises `FileTrouble` if this PC has no Excel."""
    if name == "file":
        from addin.hosts.workbook_file import file_engine  # late: a click in Excel needs no other host

        return file_engine()
    if name == "libreoffice":
        from addin.hosts.libreoffice import office_engine

        return office_engine()
    if name not in xw.engines.engines_by_name:
        raise FileTrouble(Text("这台电脑上没有 Excel。", "There is no Excel on this PC."))
    return xw.engines.engines_by_name[name]


def write_report(book: xw.Book, title: str, rows: Sequence[Sequence[object]]) -> None:
    """Add a sheet with rows of text at the end of the workbook, and bring it to the front."""
    sheet = book.sheets.add(title, after=book.sheets[len(book.sheets) - 1])
    block = sheet.range((1, 1)).resize(len(rows), len(rows[0]))
    with quiet(book.app):
        write_cells(block, rows)
        for at, cells in enumerate(zip(*rows, strict=True)):
            block[:, at].column_width = min(80, 4 + max(len(str(cell)) for cell in cells) * 3 // 2)
    sheet.impl.activate()


def has_tables(book: xw.Book) -> bool:
    """Return whether the workbook is one of ours: it has a table *Students*."""
    return found_table(book, STUDENTS.name) is not None


def read_tables(book: xw.Book, wanted: Iterable[str] = TABLES) -> dict[str, pd.DataFrame]:
    """Return the wanted ones of the declared tables that the workbook has, by name, with canonical headers.

    Raises `FileTrouble` if the sheet of an input table is there without the table, or the table without the column that
    says what its rows are about: rules would be lost in silence. Row n of a frame is data row n of the table, blanks
    counted. Blank cells are None, whole numbers int, errors their text; text is never taken for a number.
    """
    names = {name.casefold(): name for name in wanted}
    frames: dict[str, pd.DataFrame] = {}
    for sheet in book.sheets:
        for table in sheet.tables:
            name = names.get(table.name.casefold())
            if name is not None:
                frame = _frame(table, DECLARED[name])
                _refuse_without_key(table, frame, DECLARED[name])
                frames[name] = to_canonical(frame, DECLARED[name])
    for declared in INPUTS if has_tables(book) else ():
        if declared.name in names.values() and declared.name not in frames:
            check_sheet(book, declared, "zh", "en")
    return {name: frames[name] for name in DECLARED if name in frames}


def write_tables(book: xw.Book, tables: Mapping[str, pd.DataFrame], lang: Lang) -> None:
    """Replace the contents of tables wholly: headers, rows and size; choices are written in the language.

    Frames have canonical headers. A table that the workbook lacks is made. Raises `FileTrouble` when a table cannot
    take its new shape; that is looked at before the first cell is written.
    """
    write_contents(book, contents_of(book, tables, lang), lang)


def contents_of(book: xw.Book, tables: Mapping[str, pd.DataFrame], lang: Lang) -> dict[str, Content]:
    """Return what is to be written, arranged as it will stand. Raises `FileTrouble` if it cannot be written."""
    refuse_unwritable(book, tables)
    return {name: _fitting(book, DECLARED[name], frame, lang) for name, frame in tables.items()}


def write_contents(book: xw.Book, contents: Mapping[str, Content], lang: Lang) -> None:
    """Write what `contents_of` returned."""
    with quiet(book.app):
        for name, content in contents.items():
            _replace(found_table(book, name) or new_sheet(book, DECLARED[name], content, lang), content)


def write_column(book: xw.Book, table: str, key: str, values: Sequence[object], lang: Lang) -> None:
    """Write one column of ours, one value per data row; no other cell is touched.

    The column is added at the right end of the table if it is not there. Raises `FileTrouble` if the table is not
    there or cannot grow, ValueError if the number of values is not that of the table's data rows.
    """
    found = found_table(book, table)
    if found is None:
        raise FileTrouble(_NO_TABLE.fill(table=table))
    refuse_unwritable(book, [table])
    headers, rows = headers_of(found, TABLES[table]), data_shape(found)[0]
    if len(values) != rows:
        raise ValueError(f"{len(values)} values for {rows} rows of {table}")
    header = header_of(headers, TABLES[table].field(key))
    if header is None:
        check_room(found, rows, len(headers) + 1)
    choices = choices_of(TABLES[table], key)
    column = [[as_written(localised(value, choices, lang))] for value in values]
    with quiet(book.app):
        guard.show_all(found)
        if header is None:
            _resize(found, rows, len(headers) + 1)
            write_cells(
                found.header_row_range[0, len(headers)], [headers_in([*headers, key], TABLES[table], lang)[-1:]]
            )
        position = len(headers) if header is None else headers.index(header)
        write_cells(found.data_body_range[:, position], column)


def rows_below(book: xw.Book, name: str) -> list[int]:
    """Return the rows of the sheet (from 1) that hold something under a table's columns, outside it."""
    table = found_table(book, name)
    if table is None:
        return []
    last = table.parent.used_range.last_cell.row
    foot = table.range.last_cell.row + 1
    if last < foot:
        return []
    below = table.range[0, 0].offset(foot - table.range.row, 0).resize(last - foot + 1, table.range.shape[1])
    return [row for row, cells in enumerate(values_of(below), start=foot) if any(cell is not None for cell in cells)]


def _frame(table: xw.main.Table, declared: Table) -> pd.DataFrame:
    return pd.DataFrame(values_of(table.data_body_range), columns=headers_of(table, declared), dtype=object)


def _refuse_without_key(table: xw.main.Table, frame: pd.DataFrame, declared: Table) -> None:
    """Raise `FileTrouble` if an input table of ours lacks its first column; *Students* is the roster's own."""
    key = declared.fields[0]
    if declared in INPUTS and declared is not STUDENTS and header_of(frame.columns, key) is None:
        raise FileTrouble(_NO_KEY.fill(sheet=table.parent.name, table=table.name, h=key.header))


def values_of(block: xw.Range | None) -> list[list[object]]:
    """Return the rows of a block as every host gives them."""
    rows = [] if block is None else block.options(ndim=2, err_to_str=True).value
    return [[as_read(value) for value in row] for row in rows]


def headers_of(table: xw.main.Table, declared: Table) -> list[str]:
    """Return the headers, each different; a blank one is named after its position."""
    width = table.range.shape[1]
    cells = table.header_row_range.options(ndim=1, err_to_str=True).value if table.show_headers else [None] * width
    blank = "列{}" if table.parent.name == declared.sheet.zh else "Column{}"
    stems = enumerate(map(as_read, cells), start=1)
    return told_apart(blank.format(position) if value is None else str(value) for position, value in stems)


def _content(declared: Table, frame: pd.DataFrame, lang: Lang) -> Content:
    try:
        content = given_content(declared, frame, lang)
    except ValueError as why:
        headers = "、".join(headers_in(map(str, frame.columns), declared, lang))
        raise FileTrouble(_SAME_HEADER.fill(table=declared.name, headers=headers)) from why
    return Content(content.keys, content.headers, [[as_written(value) for value in row] for row in content.rows])


def _fitting(book: xw.Book, declared: Table, frame: pd.DataFrame, lang: Lang) -> Content:
    """Return the content of a table, arranged as it stands in the workbook, after a look whether there is room."""
    content = _content(declared, frame, lang)
    table = found_table(book, declared.name)
    if table is None:
        check_sheet(book, declared, lang)
        return replace(content, widths=new_widths(declared, content))
    there = headers_of(table, declared), values_of(table.data_body_range)
    content = arranged(declared, content, *there, table.parent.name)
    check_room(table, len(content.rows), len(content.headers))
    return replace(content, widths=new_widths(declared, content, *there))


def _replace(table: xw.main.Table, content: Content) -> None:
    """Give a table new headers and rows, and empty the cells that it leaves; equal columns are not touched."""
    rows, columns = len(content.rows), len(content.headers)
    guard.show_all(table)
    if table.show_totals:
        table.show_totals = False
    height, width = data_shape(table)
    before = table.header_row_range.options(ndim=1).value
    _resize(table, rows, columns)
    first, on_demand = table.range[0, 0], table.name not in TABLES
    if height > rows:
        left = first.offset(rows + 1, 0).resize(height - rows, width)
        left.clear_contents()
        if on_demand:  # in the templates the looks of a row come and go with its content
            left.clear_formats()
    elif height < rows and on_demand:
        table.data_body_range[height:, :].row_height = ROW_HEIGHT
    if width > columns:
        beside = first.offset(0, columns).resize(min(height, rows) + 1, width - columns)
        beside.clear_contents()
        beside[0, :].color = None
    start_pages(table, content.headers, content.rows)
    if before != content.headers:
        if set(map(str, before)) & set(content.headers):  # or Excel takes one for a repetition of another, still there
            table.header_row_range.value = [[f"\u00a0列{position}" for position in range(columns)]]
        write_cells(table.header_row_range, [content.headers])
    body = table.data_body_range
    now = list(zip(*values_of(body), strict=True)) if height >= rows else None  # rows that are new hold nothing yet
    for position, values in enumerate(zip(*content.rows, strict=True)):
        if now is None or values != now[position] or list(map(type, values)) != list(map(type, now[position])):
            write_cells(body[:, position], [[value] for value in values])
    _widen(table, content)
    fit_rows(body, content.rows)


def _widen(table: xw.main.Table, content: Content) -> None:
    """Give columns the widths they are to have, and the header row the height that its longest header then needs."""
    if not content.widths:
        return
    head = table.header_row_range
    for at, width in content.widths.items():
        head[0, at].column_width = width
    head.row_height = header_height(max(header_lines(content.headers[at], w) for at, w in content.widths.items()))


def start_pages(table: xw.main.Table, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Let each class start a printed page, in a table that has a page for each; the table has its new size already."""
    key = _PAGED.get(table.name)
    header = None if key is None else header_of(headers, TABLES[table.name].field(key))
    if header is not None:
        classes = [row[headers.index(header)] for row in rows]
        guard.start_pages(table, [at for at in range(1, len(classes)) if classes[at] != classes[at - 1]])


def _resize(table: xw.main.Table, rows: int, columns: int) -> None:
    if data_shape(table) == (rows, columns):
        return
    try:
        table.resize(table.range[0, 0].resize(rows + 1, columns))
    except FileTrouble:
        raise
    except Exception as why:  # each host has its own
        raise FileTrouble(_NOT_WRITTEN.fill(table=table.name, why=why)) from why


@contextmanager
def quiet(app: xw.App) -> Iterator[None]:
    """Keep Excel from drawing, calculating and reacting while a block of cells is written; all is put back."""
    wanted = {"screen_updating": False, "enable_events": False, "calculation": "manual"}
    before: dict[str, object] = {}
    try:
        for name, value in wanted.items():
            before[name] = getattr(app, name)
            setattr(app, name, value)
        yield
    finally:
        for name, value in reversed(before.items()):
            setattr(app, name, value)
