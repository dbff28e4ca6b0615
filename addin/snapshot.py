"""What stands in tables of an open workbook, taken so that it can be put back cell for cell.

A picture holds values, formulas and number formats of one table, or of one of its columns, and the table's size.
Reading and writing go through xlwings' objects, like everything in `addin.book`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from addin import book
from addin.cells import as_read, fit_rows, format_runs
from addin.hosts.entry import AS_TEXT, ERRORS, GENERAL, stays_text
from addin.hosts.guard import show_all
from addin.writable import found_table


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it stands in a cell, beginning with ``=``."""

    text: str


Cells = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Picture:
    """Part of a sheet from the table's header row on: the table's own size, and every cell of the part.

    ``rows`` counts header, data and totals; ``left`` is how many columns of the table stand before the part.
    ``forms`` has the number formats, column by column; ``widths`` how wide the columns are that get another width
    (position in the table, width in characters) and ``head`` how high the header row then is, in points.
    """

    rows: int
    columns: int
    totals: bool
    left: int
    cells: Cells
    forms: list[list[str]]
    widths: list[tuple[int, float]] = field(default_factory=list)
    head: float | None = None

    @property
    def shape(self) -> tuple[int, int, bool]:
        """The size of the table itself."""
        return self.rows, self.columns, self.totals


Pictures = dict[str, Picture | None]


def shape_of(table: Any) -> tuple[int, int, bool]:
    """Return a table's rows, header and totals included, its columns, and whether it has a totals row."""
    rows, columns = table.range.shape
    return rows, columns, bool(table.show_totals)


def taken(table: Any, left: int, rows: int, columns: int, widened: Iterable[int] = ()) -> Picture:
    """Return what stands in so many rows and columns of a sheet, from the header of a table's column ``left`` on.

    ``widened`` are the positions of the columns whose widths are to be known.
    """
    first = table.range[0, 0]
    block = first.offset(0, left).resize(rows, columns)
    widths = [(at, first.offset(0, at).column_width) for at in widened]
    head = first.row_height if widths else None
    return Picture(*shape_of(table), left, cells_of(block), _all_forms(block), widths, head)


def put_back(workbook: book.Book, pictures: Mapping[str, Picture | None]) -> None:
    """Make the tables what they were when the pictures were taken; only cells that differ are written."""
    with book.quiet(workbook.app):
        for name, picture in pictures.items():
            table = found_table(workbook, name)
            if picture is None:
                if table is not None:
                    table.parent.visible = True  # Excel deletes no sheet that is hidden deeply
                    table.parent.delete()
            elif table is not None:
                show_all(table)
                _put_back(table, picture)


def cells_of(block: Any) -> Cells:
    """Return the cells of a block: values, and formulas as such."""
    values = block.options(ndim=2, err_to_str=True).value
    formulas = block.formula
    if not isinstance(formulas, list | tuple):
        formulas = [[formulas]]
    elif formulas and not isinstance(formulas[0], list | tuple):
        formulas = [formulas] if len(values) == 1 else [[each] for each in formulas]
    return [
        [_cell(value, formula) for value, formula in zip(row, said, strict=True)]
        for row, said in zip(values, formulas, strict=True)
    ]


def _cell(value: object, formula: object) -> object:
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return Formula(formula)
    return as_read(value)


def _put_back(table: Any, picture: Picture) -> None:
    rows, columns, totals = picture.shape
    if shape_of(table) != picture.shape:
        if table.show_totals:
            table.show_totals = False
        table.resize(table.range[0, 0].resize(rows - totals, columns))
        if totals:
            table.show_totals = True
    block = table.range[0, 0].offset(0, picture.left).resize(len(picture.cells), len(picture.forms))
    cells = cells_of(block)
    if picture.left == 0:
        book.start_pages(table, list(map(str, picture.cells[0][:columns])), picture.cells[1 : rows - totals])
    if cells[0] != picture.cells[0]:  # or Excel takes a header for a repetition of another, still there
        inside = min(columns - picture.left, len(picture.cells[0]))
        block[0, :inside].value = [[f"\u00a0列{position}" for position in range(inside)]]
        cells[0] = [None] * len(cells[0])
    for at, forms in enumerate(picture.forms):
        wanted, found = [row[at] for row in picture.cells], [row[at] for row in cells]
        if wanted != found or forms != _forms(block[:, at]):
            _write(block[:, at], wanted, forms)
    for at, width in picture.widths:
        table.range[0, 0].offset(0, at).column_width = width
    if picture.head is not None:
        table.range[0, 0].row_height = picture.head
    if picture.left == 0 and len(cells) > 1:
        fit_rows(block[1:, :], picture.cells[1:])


def _all_forms(block: Any) -> list[list[str]]:
    """Return the number formats of a block, column by column, with as few questions as can be."""
    rows, columns = block.shape
    form = block.number_format
    if form is not None:
        return [[form] * rows] * columns
    if columns == 1:
        return [_forms(block)]
    return _all_forms(block[:, : columns // 2]) + _all_forms(block[:, columns // 2 :])


def _forms(column: Any) -> list[str]:
    """Return the number format of every row of a column."""
    runs = format_runs(column, 0, column.shape[0])
    return [form for start, stop, form in runs for _ in range(start, stop)]


def _write(column: Any, values: Sequence[Any], forms: Sequence[str]) -> None:
    """Write a column exactly: number formats first, so that text stays text, and again for what Excel changed."""
    _set(
        column,
        [GENERAL if form == AS_TEXT and not _is_text(v) else form for v, form in zip(values, forms, strict=True)],
    )
    column.value = [[_typed(value, form)] for value, form in zip(values, forms, strict=True)]
    _set(column, forms)


def _set(column: Any, forms: Sequence[str]) -> None:
    if _forms(column) == list(forms):
        return
    row = 0
    for form, run in groupby(forms):
        length = len(list(run))
        column[row : row + length, :].number_format = form
        row += length


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _typed(value: object, form: str) -> object:
    """Return what has to be sent to a cell so that it holds the value."""
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, str) and form != AS_TEXT and not stays_text(value):
        return value if value in ERRORS else "'" + value
    return value
