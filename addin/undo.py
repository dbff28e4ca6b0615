"""What the last commands changed, kept inside the workbook so that it survives saving, and taken back one by one.

Before a command writes, what stands there goes into the table *Undo*, on a sheet that nobody sees; afterwards a mark of
every cell is added, by which a later edit is told. A command that fails midway is taken back at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import pandas as pd

from addin import book, snapshot
from addin.snapshot import Picture, Pictures, shape_of
from addin.trouble import FileTrouble
from addin.undo_steps import Step, keep, packed, steps_in, undone_in, unpacked
from addin.writable import found_table, refuse_unwritable
from engine import __version__
from engine.adjust_tables import DECLARED
from engine.content import Content
from engine.tables import HISTORY, STUDENTS, UNDO, framed, header_of
from engine.wording import Lang, Text, listed, plain

Area = tuple[int, int, int]  # columns of the table before it, rows, columns; none: the table itself

_NAMED = 8  # cells named in a refusal
_NOTHING = Text("没有可以撤销的操作。", "There is nothing to undo.")
_EDITED = Text(
    "“{command}”之后这些地方又改过：{places}。为了不丢掉这些修改，没有撤销。请先改回来，或直接手工修改。",
    "Changed since “{command}”: {places}. Nothing was undone, so that these edits are not lost. "
    "Change them back first, or edit by hand.",
)
_RESHAPED = Text("工作表“{sheet}”（行或列有增减）", "sheet {sheet} (rows or columns added or removed)")
_REORDERED = Text("工作表“{sheet}”（行的次序变了，例如排过序）", "sheet {sheet} (rows in another order, as by sorting)")
_GONE = Text("“{sheet}”的表格（已删除）", "the table of sheet {sheet} (deleted)")


def written(
    workbook: book.Book,
    command: str,
    tables: Mapping[str, pd.DataFrame],
    lang: Lang,
    classes: Sequence[object] | None = None,
    logs: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Write tables, and ``classes`` to *Students*, so that `undo` can take it back, with a row in *History*.

    ``logs`` are written for good: `undo` leaves them alone. Whatever is raised, the workbook is then as it was. Raises
    `FileTrouble` if a table cannot be written.
    """
    steps, undone, tables, logs = steps_in(workbook), undone_in(workbook), dict(tables), logs or {}
    if HISTORY.name not in tables:
        tables[HISTORY.name] = _noted(workbook, command)
    contents = book.contents_of(workbook, {**tables, **logs}, lang)
    areas = {name: _reach(workbook, name, content) for name, content in contents.items()}
    watched: list[Area] = []
    if classes is not None:
        refuse_unwritable(workbook, [STUDENTS.name])
        areas[STUDENTS.name], watched = _own_column(workbook)
    before = {
        name: _before(workbook, name, area, contents[name].widths if name in contents else ())
        for name, area in areas.items()
    }
    step = Step(steps[-1].number + 1 if steps else 1, command, "")
    had_undo = found_table(workbook, UNDO.name) is not None
    try:
        half = {name: picture for name, picture in before.items() if name not in logs}
        keep(workbook, [*steps, replace(step, packed=packed(_record(half, None)))], lang)
        if classes is not None:
            book.write_column(workbook, STUDENTS.name, "placed_class", classes, lang)
        book.write_contents(workbook, contents, lang)
        after = {name: marks_of(workbook, name, _area(half[name])) for name in half}
        changed = {name: half[name] for name in half if _changed(half[name], after[name])}
        marks = [after[name] for name in changed]
        if STUDENTS.name in changed:
            marks += [marks_of(workbook, STUDENTS.name, area) for area in watched]
        keep(workbook, [*steps, replace(step, packed=packed(_record(changed, marks)))], lang)
    except BaseException:
        snapshot.put_back(workbook, before)
        _keep_as_it_was(workbook, (steps, undone), lang, had_undo=had_undo)
        raise


def logged(workbook: book.Book, command: str, logs: Mapping[str, pd.DataFrame], lang: Lang) -> None:
    """Write tables for good, with a row in *History*: neither this nor anything before it can be taken back then.

    Whatever is raised, the workbook is then as it was. Raises `FileTrouble` if a table cannot be written.
    """
    contents = book.contents_of(workbook, {**logs, HISTORY.name: _noted(workbook, command)}, lang)
    before = {
        name: _before(workbook, name, _reach(workbook, name, content), content.widths)
        for name, content in contents.items()
    }
    try:
        book.write_contents(workbook, contents, lang)
        if found_table(workbook, UNDO.name) is not None:
            keep(workbook, [], lang)
    except BaseException:
        snapshot.put_back(workbook, before)
        raise


def undo(workbook: book.Book, lang: Lang) -> str:
    """Take back the last command that is recorded; return what it was called.

    Raises `FileTrouble` if there is none, or naming the cells if they were edited since; nothing is written then.
    """
    steps, undone = steps_in(workbook), undone_in(workbook)
    as_it_was = steps, undone
    if not steps:
        raise FileTrouble(_NOTHING)
    last = steps[-1]
    record = unpacked(last.packed)
    before = pictures_in(record["before"])
    refuse_if_edited(workbook, record["after"] or (), last.command)
    refuse_unwritable(workbook, [*before, UNDO.name])
    there = {name: picture for name, picture in before.items() if found_table(workbook, name) is not None}
    now = {name: picture_of(workbook, name, picture) for name, picture in there.items()}
    try:
        snapshot.put_back(workbook, {name: picture for name, picture in there.items() if picture is not None})
        if record["after"] is not None:  # what was left half written is not to be done again
            areas = [(m["table"], (m["left"], len(m["marks"]), len(m["marks"][0]))) for m in record["after"]]
            marks = [marks_of(workbook, name, area) for name, area in areas if before.get(name, True) is not None]
            again = packed({**record, "again": _kept(now), "undone": marks})
            undone = [Step(-last.number, last.command, again), *undone]
        keep(workbook, steps[:-1], lang, undone)
        snapshot.put_back(workbook, {name: None for name, picture in there.items() if picture is None})
    except BaseException:
        snapshot.put_back(workbook, now)
        _keep_as_it_was(workbook, as_it_was, lang, had_undo=True)
        raise
    return last.command


def pictures_in(record: Mapping[str, Any]) -> Pictures:
    """Return the pictures of a record."""
    return {name: given and Picture(**given) for name, given in record.items()}


def picture_of(workbook: book.Book, name: str, like: Picture | None) -> Picture | None:
    """Return what stands where a picture was taken, or of the whole table where there was none."""
    table = found_table(workbook, name)
    if table is None:
        return None
    rows, columns, _ = shape_of(table)
    if like is None:
        return _before(workbook, name, (0, rows, columns))
    return _before(workbook, name, _area(like), [at for at, _ in like.widths])


def refuse_if_edited(workbook: book.Book, marks: Sequence[Mapping[str, Any]], command: str) -> None:
    """Raise `FileTrouble` naming the cells that are no longer what a command left."""
    reordered = {mark["table"] for mark in marks if _reordered(workbook, mark)}
    places = [_REORDERED.fill(sheet=found_table(workbook, name).parent.name) for name in sorted(reordered)]
    places += [place for mark in marks if mark["table"] not in reordered for place in _edited(workbook, mark)]
    if places:
        places = list(dict.fromkeys(places))  # a table that lost a column is told once, not for every area of it
        raise FileTrouble(_EDITED.fill(command=command, places=listed(places, _NAMED)))


def _kept(pictures: Pictures) -> dict[str, Any]:
    keys = [each.name for each in fields(Picture)]  # asdict would copy every cell
    return {name: picture and {key: getattr(picture, key) for key in keys} for name, picture in pictures.items()}


def _record(before: Pictures, after: list[dict[str, Any]] | None) -> dict[str, Any]:
    return {"before": _kept(before), "after": after}


def _keep_as_it_was(
    workbook: book.Book, steps: tuple[Sequence[Step], Sequence[Step]], lang: Lang, *, had_undo: bool
) -> None:
    if had_undo:
        keep(workbook, steps[0], lang, steps[1])
    else:
        snapshot.put_back(workbook, {UNDO.name: None})


def _noted(workbook: book.Book, command: str) -> pd.DataFrame:
    """Return *History* with a row for a command that has no placement to tell of."""
    found = book.read_tables(workbook, [HISTORY.name]).get(HISTORY.name)
    rows = (
        [] if found is None else [row for row in found.to_dict("records") if any(v is not None for v in row.values())]
    )
    when = datetime.now().replace(microsecond=0)
    return framed(HISTORY, [*rows, {"when": when, "command": command, "version": __version__}])


def _reach(workbook: book.Book, name: str, content: Content) -> Area:
    """Return where a table is and will be."""
    table = found_table(workbook, name)
    rows, columns, totals = (0, 0, False) if table is None else shape_of(table)
    return 0, max(rows, len(content.rows) + 1 + totals), max(columns, len(content.headers))


def _own_column(workbook: book.Book) -> tuple[Area, list[Area]]:
    """Return where our column in *Students* is, and one that tells the pupils apart: sorting shows there."""
    table = found_table(workbook, STUDENTS.name)
    rows = table.range.shape[0]
    headers = book.headers_of(table, STUDENTS)
    header = header_of(headers, STUDENTS.field("placed_class"))
    left = len(headers) if header is None else headers.index(header)
    columns = list(zip(*book.values_of(table.data_body_range), strict=True))
    different = [at for at, cells in enumerate(columns) if at != left and len(set(map(repr, cells))) == len(cells)]
    return (left, rows, 1), [(at, rows, 1) for at in different[:1]]


def _before(workbook: book.Book, name: str, area: Area, widened: Iterable[int] = ()) -> Picture | None:
    table = found_table(workbook, name)
    return None if table is None else snapshot.taken(table, *area, widened)


def _area(picture: Picture | None) -> Area:
    return (0, 0, 0) if picture is None else (picture.left, len(picture.cells), len(picture.forms))


def marks_of(workbook: book.Book, name: str, area: Area) -> dict[str, Any]:
    """Return a table's size and a mark of each cell of an area: enough to tell an edit, and nobody can read it."""
    table = found_table(workbook, name)
    left, rows, columns = area
    rows, columns = rows or table.range.shape[0], columns or table.range.shape[1]
    cells = snapshot.cells_of(table.range[0, 0].offset(0, left).resize(rows, columns))
    marks = [[_mark(cell) for cell in row] for row in cells]
    return {"table": name, "shape": shape_of(table), "left": left, "marks": marks}


def _changed(before: Picture | None, after: Mapping[str, Any]) -> bool:
    """Return whether a command changed anything in a table: what it left alone the user may change since."""
    if before is None or before.shape != after["shape"]:
        return True
    marks: list[list[int]] = after["marks"]
    return [[_mark(cell) for cell in row] for row in before.cells] != marks


def _mark(cell: object) -> int:
    """Return a number for what a cell holds; a file may keep no more than 15 digits of a number."""
    said = f"{cell:.12g}" if isinstance(cell, float) else repr(cell)
    return zlib.crc32(said.encode("utf-8", "surrogatepass"))


def _marks_now(workbook: book.Book, then: Mapping[str, Any]) -> dict[str, Any]:
    """Return the marks of the area of which these are."""
    return marks_of(workbook, then["table"], (then["left"], len(then["marks"]), len(then["marks"][0])))


def _reordered(workbook: book.Book, then: Mapping[str, Any]) -> bool:
    """Return whether a table has the same rows in another order; only rows that all differ can tell."""
    table = found_table(workbook, then["table"])
    if table is None or list(shape_of(table)) != list(then["shape"]):
        return False
    was, now = list(map(tuple, then["marks"])), list(map(tuple, _marks_now(workbook, then)["marks"]))
    return was != now and len(set(was)) == len(was) and sorted(was) == sorted(now)


def _edited(workbook: book.Book, then: Mapping[str, Any]) -> list[Text]:
    """Return where a table is no longer what it was."""
    name, left = then["table"], then["left"]
    table = found_table(workbook, name)
    if table is None:
        return [_GONE.fill(sheet=DECLARED[name].sheet)]
    sheet = table.parent.name
    if list(shape_of(table)) != list(then["shape"]):
        return [_RESHAPED.fill(sheet=sheet)]
    now = _marks_now(workbook, then)
    first = table.range[0, 0].offset(0, left)
    return [
        plain(f"{sheet}!{first.offset(row, column).get_address(False, False)}")
        for row, (old, new) in enumerate(zip(then["marks"], now["marks"], strict=True))
        for column, (was, is_now) in enumerate(zip(old, new, strict=True))
        if was != is_now
    ]
