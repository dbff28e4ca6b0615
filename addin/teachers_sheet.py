"""The sheet *Teachers*: added when somebody wants teachers drawn, empty or with a list of teachers read in."""

from __future__ import annotations

from pathlib import Path

from addin import book, undo
from addin.commands import language_of
from addin.kept_seal import blank_row, refuse_sealed
from addin.trouble import FileTrouble
from engine import draw_tables
from engine.tables import framed, to_canonical
from engine.wording import Lang, Text

TEACHERS = Text("教师表", "teachers")
_ROWS = 12  # blank ones of a new sheet
_ARE_THERE = Text(
    "“教师”表里已有 {n} 名教师，没有覆盖。请先清空，再读入。",
    "The sheet Teachers has {n} teachers already and was left alone. Empty it first, then read the list in.",
)


def add_teachers(workbook: book.Book, roster: Path | None = None) -> tuple[int, Lang]:
    """Add the sheet *Teachers* if it is not there, with the teachers of a list; return how many, and the language.

    Raises `FileTrouble` if the list is sealed, or teachers would be overwritten.
    """
    lang = language_of(workbook)
    declared = draw_tables.TEACHERS
    there = book.read_tables(workbook, [declared.name]).get(declared.name)
    count = 0 if there is None else sum(not blank_row(row) for row in there.itertuples(index=False))
    if roster is None and there is not None:
        return count, lang
    refuse_sealed(workbook)
    if count:
        raise FileTrouble(_ARE_THERE.fill(n=count))
    if roster is None:
        frame = framed(declared, [{}] * _ROWS)
    else:
        from addin.roster_file import read_roster

        frame = to_canonical(read_roster(roster).students, declared)
        count = len(frame)
    undo.written(workbook, TEACHERS.to(lang), {declared.name: frame}, lang)
    return count, lang
