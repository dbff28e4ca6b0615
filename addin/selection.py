"""What the user has selected, in terms of tables: which row of which table, under which heading.

``areas`` come from the desk: sheet, first row, first column, rows, columns, counted from 1 as on the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin import book
from addin.writable import found_table
from engine.adjust_tables import DECLARED
from engine.tables import header_of
from engine.values import as_text

if TYPE_CHECKING:
    from addin.adjust import Session

Area = tuple[str, int, int, int, int]
MOST = 200  # rows; more are never meant one by one


@dataclass(frozen=True, slots=True)
class Picked:
    """One selected row of a table, ``row`` from 0, and the heading of the first selected column."""

    table: str
    row: int
    header: str


def picked(workbook: book.Book, areas: Sequence[Area]) -> list[Picked]:
    """Return the table rows that are selected, in the order of the areas; what lies outside of tables is left out."""
    found: list[Picked] = []
    for name, declared in DECLARED.items():
        table = found_table(workbook, name)
        if table is None or table.data_body_range is None:
            continue
        body = table.data_body_range
        for sheet, top, left, rows, _ in areas:
            if sheet != table.parent.name or not body.column <= left < body.column + body.shape[1]:
                continue
            header = book.headers_of(table, declared)[left - body.column]
            first, last = max(top, body.row), min(top + rows, body.row + body.shape[0])
            found += [Picked(name, row - body.row, header) for row in range(first, min(last, first + MOST))]
    return found


def pupils_picked(session: Session, rows: Sequence[Picked]) -> list[int]:
    """Return the pupils whose rows are selected, in *Students* or in *ClassLists*, each once."""
    by_row = {row: i for i, row in enumerate(session.case.checked.pupils.rows)}
    listed = book.read_tables(session.workbook, ["ClassLists"]).get("ClassLists")
    found: list[int] = []
    for one in rows:
        if one.table == "Students" and one.row in by_row:
            found.append(by_row[one.row])
        elif one.table == "ClassLists" and listed is not None:
            found += session.case.checked.pupils.found(as_text(listed["id"].iloc[one.row]))[:1]
    return list(dict.fromkeys(found))


def class_picked(session: Session, rows: Sequence[Picked]) -> tuple[str | None, list[Picked]]:
    """Return the class that is selected beside pupils, None if none is, and the other rows.

    That is a row of *Classes* or *Balance*, or one cell of the column Class in *Students* or *ClassLists* while the
    pupil is selected in another column: hosts select on one sheet at a time.
    """
    workbook = session.workbook
    for table in ("Classes", "Balance"):
        if any(one.table == table for one in rows):
            return cell_of(workbook, rows, table, "class"), [one for one in rows if one.table != table]
    for table, key in (("Students", "placed_class"), ("ClassLists", "class")):
        here = [one for one in rows if one.table == table]
        header = _class_header(workbook, table, key)
        marked = [one for one in here if one.header == header]
        if len(marked) == 1 and len(here) > 1:
            return cell_of(workbook, marked, table, key), [one for one in rows if one is not marked[0]]
    return None, list(rows)


def _class_header(workbook: book.Book, name: str, key: str) -> str | None:
    table = found_table(workbook, name)
    return None if table is None else header_of(book.headers_of(table, DECLARED[name]), DECLARED[name].field(key))


def cell_of(workbook: book.Book, rows: Sequence[Picked], table: str, key: str) -> str | None:
    """Return what stands in one column of the first selected row of a table."""
    at = next((one.row for one in rows if one.table == table), None)
    frame = book.read_tables(workbook, [table]).get(table)
    return None if at is None or frame is None else as_text(frame[key].iloc[at]) or None
