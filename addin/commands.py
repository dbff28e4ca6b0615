"""One function per ribbon button and command-line verb; each carries tables between a workbook and the engine.

A workbook is whatever `addin.book` reads and writes: Excel, a file, LibreOffice. Nothing is written before everything
has succeeded, so a refused or stopped command leaves the workbook as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from addin import book, undo
from addin.by_hand import held_said, may_move, put_by_hand
from addin.kept_seal import refuse_sealed
from addin.trouble import FileTrouble
from addin.writable import can_be_had, refuse_merged, refuse_unwritable
from engine.adjust_tables import DECLARED
from engine.intake import Tables, completed, tables_from_roster
from engine.issue import InputError, Issue, told_once
from engine.setting import language_in
from engine.tables import INPUTS, TABLES
from engine.wording import Lang, Text, listed, plain

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.cohort import Cohort
    from engine.measuring import Measured
    from engine.placing import Placed

PLACE = Text("分班", "place")
CHECK = Text("检查", "check")
IMPROVE = Text("继续优化", "improve")
IMPORT = Text("导入名单", "import roster")
UNDONE = Text("已撤销“{c}”，恢复到它之前。", "“{c}” is undone; all is as it was before.")
REDONE = Text("已重做“{c}”。", "“{c}” is done again.")
WRITTEN_INPUTS = ("Columns", "Classes", "Settings")
_MEANWHILE = Text(
    "计算期间“{sheet}”表被改过，结果没有写入。请再运行一次。",
    "The sheet {sheet} was edited during the search; the result was not written. Run it once more.",
)


_SHOWN = 5  # rows in a sentence
_BELOW = Text(
    "表格下面还有 {n} 行内容（工作表第 {r} 行）不在表格里，没有当作学生。",
    "{n} rows below the table (rows {r} of the sheet) are not part of it: no pupils.",
)
_JOIN = Text(
    "如果是学生，请拖动表格右下角把它们包进来，中间不留空行；不是就移到别的工作表。",
    "If they are pupils, drag the table's lower right corner over them, no blank row between; else move them away.",
)


class StoppedError(Exception):
    """The user stopped the command; the workbook is as it was."""


def fill(workbook: book.Book, students: pd.DataFrame, lang: Lang, classes: int | None = None) -> None:
    """Put a roster into an empty workbook: pupils, guessed columns, classes, settings."""
    book.write_tables(workbook, tables_from_roster(students, lang, classes), lang)


def import_roster(workbook: book.Book, students: pd.DataFrame) -> Lang:
    """Put a roster into an open workbook that has none yet and return the workbook's language.

    Classes, rules and settings stay; what each column is, is guessed anew.
    """
    refuse_sealed(workbook)
    tables = book.read_tables(workbook)
    lang = language_in(tables)
    fresh = tables_from_roster(students, lang)
    whole = completed({**tables, "Students": fresh["Students"], "Columns": fresh["Columns"]}, lang)
    undo.written(workbook, IMPORT.to(lang), {name: whole[name] for name in ("Students", "Columns", "Settings")}, lang)
    return lang


def has_pupils(workbook: book.Book) -> bool:
    """Return whether *Students* holds anything but our own columns."""
    students = book.read_tables(workbook, ["Students"])["Students"]
    return bool(students.drop(columns=["placed_class", "locked"]).notna().any(axis=None))


def check(
    workbook: book.Book, *, classes: int | None = None, found: tuple[Issue, ...] = ()
) -> tuple[list[Issue], Lang]:
    """List every issue, write all to *Issues* and guesses to what was left blank; return them with the language."""
    from engine.checking import cohort_from_tables
    from engine.report import issues_table

    tables, lang = read_completed(workbook, classes)
    refuse_unwritable(workbook, [*WRITTEN_INPUTS, "Issues"])
    refuse_merged(workbook, "Students")  # placing would be refused, and headings under them are lost
    below = _left_below(workbook)
    try:
        checked = cohort_from_tables(tables).issues
    except InputError as error:
        checked = error.issues
    issues = [*told_once((*found, *below), checked)]
    written = {name: tables[name] for name in WRITTEN_INPUTS if name in tables}
    undo.written(workbook, CHECK.to(lang), {**written, "Issues": issues_table(issues, lang)}, lang)
    return issues, lang


def _left_below(workbook: book.Book) -> tuple[Issue, ...]:
    """Return a warning if rows stand below *Students* that are not part of it: nobody there would be placed."""
    rows = book.rows_below(workbook, "Students")
    if not rows:
        return ()
    what = _BELOW.fill(n=len(rows), r=listed([plain(row) for row in rows], _SHOWN))
    return (Issue("warning", "Students", None, None, what, _JOIN),)


def place(
    workbook: book.Book,
    *,
    classes: int | None = None,
    chosen: Mapping[str, object] | None = None,
    found: tuple[Issue, ...] = (),
    progress: Callable[[float], bool] | None = None,
) -> Placed:
    """Place the pupils and write classes and all result tables; ``chosen`` are settings given with the command.

    Raises `InputError` if the input has errors and `StoppedError` if ``progress`` stops the run; the workbook is then
    as it was.
    """
    from engine.placing import place_tables

    refuse_sealed(workbook)
    read = book.read_tables(workbook)
    lang = language_in(read)
    tables = completed(read, lang, classes=classes, chosen=chosen or {})
    refuse_unwritable(workbook, TABLES)  # before the search, not after
    found = (*found, *_left_below(workbook))
    placed = place_tables(tables, command=PLACE.to(lang), when=now(), found=found, progress=progress)
    _write(workbook, PLACE, read, {name: tables[name] for name in WRITTEN_INPUTS}, placed)
    return placed


@dataclass(frozen=True, slots=True)
class Improved:
    """What `improve` found, or the placement that stands, measured; and who was left where a person put them."""

    found: Placed | Measured
    held: Text


def improve(
    workbook: book.Book,
    *,
    chosen: Mapping[str, object] | None = None,
    anyone: bool = False,
    progress: Callable[[float], bool] | None = None,
) -> Improved:
    """Search on from the placement that stands; nothing is written unless a strictly better one is found.

    Whom a person put where they are stays, unless ``anyone`` or *Settings* say otherwise. Raises as `place` does.
    """
    from engine.measuring import Measured
    from engine.placing import improve_tables, stands_in

    refuse_sealed(workbook)
    read = book.read_tables(workbook)
    lang = language_in(read)
    tables = completed(read, lang, chosen=chosen or {})
    refuse_unwritable(workbook, TABLES)
    checked, start = stands_in(tables)
    put = put_by_hand(workbook, checked.cohort, start)
    held = [] if may_move(tables, anyone=anyone) else put
    found = improve_tables(tables, (checked, start), command=IMPROVE.to(lang), when=now(), stay=held, progress=progress)
    if not isinstance(found, Measured):
        still = {i for i in put if found.result.class_of[i] == start[i]}
        _write(workbook, IMPROVE, read, {name: tables[name] for name in WRITTEN_INPUTS}, found, by_hand=still)
    return Improved(found, held_said(checked.cohort, held))


def measure(workbook: book.Book) -> tuple[Cohort, Measured, tuple[Issue, ...]]:
    """Measure the placement that stands in *Students*; nothing is written. Raises `InputError`."""
    from engine.placing import measure_tables

    tables, _ = read_completed(workbook)
    return measure_tables(tables)


def take_back(workbook: book.Book) -> tuple[str, Lang]:
    """Undo the last command; return what it was called, with the language. Raises `FileTrouble` if that is refused."""
    lang = language_of(workbook)
    return undo.undo(workbook, lang), lang


def do_again(workbook: book.Book) -> tuple[str, Lang]:
    """Redo what was undone last; return what it was called, with the language. Raises `FileTrouble` if refused."""
    from addin.redo import redo

    lang = language_of(workbook)
    return redo(workbook, lang), lang


def language_of(workbook: book.Book) -> Lang:
    """Return the language that a workbook of ours is written in."""
    return language_in(book.read_tables(workbook, ["Settings"]))


def now() -> datetime:
    """Return the time as *History* has it."""
    return datetime.now().replace(microsecond=0)


def _write(
    workbook: book.Book,
    command: Text,
    read: Tables,
    written: Tables,
    placed: Placed,
    *,
    by_hand: Collection[int] = (),
) -> None:
    """Write classes and all result tables of a run that came to its end, unless its input was edited meanwhile.

    ``by_hand``: pupils who still are where a person put them.
    """
    from engine.adjust_report import placed as table_of_placed

    if placed.result.ended == "stopped":
        raise StoppedError
    lang = language_in(read)
    refuse_edited(workbook, {table.name: read[table.name] for table in INPUTS if table.name in read})
    made = {name: frame for name, frame in placed.tables.items() if name != "Students"}
    if can_be_had(workbook, "Placed"):  # without it hand edits are not told; that is no reason to refuse
        made["Placed"] = table_of_placed(placed.cohort, placed.result.class_of, by_hand)
    classes = list(placed.tables["Students"]["placed_class"])
    undo.written(workbook, command.to(lang), {**written, **made}, lang, classes)


def refuse_edited(workbook: book.Book, read: Tables) -> None:
    """Raise `FileTrouble` if some tables are no longer what was read: what was found from them does not hold then."""
    for name, frame in book.read_tables(workbook, read).items():
        if not frame.equals(read[name]):
            raise FileTrouble(_MEANWHILE.fill(sheet=DECLARED[name].sheet))


def read_completed(
    workbook: book.Book, classes: int | None = None, chosen: Mapping[str, object] | None = None
) -> tuple[Tables, Lang]:
    """Return the tables of a workbook with nothing left to guess, and its language."""
    tables = book.read_tables(workbook)
    lang = language_in(tables)
    return completed(tables, lang, classes=classes, chosen=chosen or {}), lang
