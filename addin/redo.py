"""Do again what Undo took back, from the record that Undo left; another command in between makes it void."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from addin import book, snapshot
from addin.snapshot import Picture
from addin.trouble import FileTrouble
from addin.undo import picture_of, pictures_in, refuse_if_edited
from addin.undo_steps import keep, packed, steps_in, undone_in, unpacked
from addin.writable import found_table, refuse_unwritable
from engine.adjust_tables import DECLARED
from engine.tables import UNDO, to_canonical
from engine.wording import Lang, Text

_NOTHING = Text("没有可以重做的操作。", "There is nothing to redo.")


def redo(workbook: book.Book, lang: Lang) -> str:
    """Do the command again that was taken back last; return what it is called.

    Raises `FileTrouble` if there is none, or naming the cells if they were edited since; nothing is written then.
    """
    steps, undone = steps_in(workbook), undone_in(workbook)
    if not undone:
        raise FileTrouble(_NOTHING)
    step = undone[0]
    record = unpacked(step.packed)
    wanted = {name: picture for name, picture in pictures_in(record["again"]).items() if picture is not None}
    refuse_if_edited(workbook, record["undone"], step.command)
    refuse_unwritable(workbook, [*wanted, UNDO.name])
    now = {name: picture_of(workbook, name, picture) for name, picture in wanted.items()}
    done = replace(step, number=-step.number, packed=packed({key: record[key] for key in ("before", "after")}))
    try:
        missing = [name for name in wanted if found_table(workbook, name) is None]
        book.write_tables(workbook, {name: _frame(wanted[name], name) for name in missing}, lang)
        snapshot.put_back(workbook, wanted)
        keep(workbook, [*steps, done], lang, undone[1:])
    except BaseException:
        snapshot.put_back(workbook, now)
        keep(workbook, steps, lang, undone)
        raise
    return step.command


def _frame(picture: Picture, name: str) -> pd.DataFrame:
    """Return a table that Undo took away with its sheet, as it was."""
    headers, *rows = [row[: picture.columns] for row in picture.cells[: picture.rows]]
    return to_canonical(pd.DataFrame(rows, columns=[str(header) for header in headers], dtype=object), DECLARED[name])
