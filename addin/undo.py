"""What the last commands changed, kept inside the workbook so that it survives saving, and taken back one by one.

Before a command writes, what stands there goes into the table *Undo*, on a sheet that nobody sees; afterwards a mark of
every cell is added, by which a later edit is told. A command that fails midway is taken back at once.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from typing import Any

import pandas as pd

from addin import book, snapshot
from addin.room import found_table, refuse_unwritable
from addin.snapshot import Formula, Picture, Pictures, shape_of
from addin.trouble import FileTrouble
from engine import __version__
from engine.content import Content
from engine.tables import HISTORY, STUDENTS, UNDO, framed, header_of
from engine.wording import Lang, Text, listed, plain

STEPS = 5  # how many commands can be taken back
ROOM = 2_000_000  # characters that all steps together may take
PIECE = 8_000  # a cell holds 32,767; some versions of Excel take no more than this in one block
Area = tuple[int, int, int]  # columns of the table before it, rows, columns; none: the table itself

_BEGIN = "z"  # no cell takes a piece for a number or a formula
_NAMED = 8  # cells named in a refusal
_NOTHING = Text("没有可以撤销的操作。", "There is nothing to undo.")
_DAMAGED = Text("撤销记录已损坏，不能撤销。", "The record for Undo is damaged; nothing can be undone.")
_EDITED = Text(
    "“{command}”之后这些地方又改过：{places}。为了不丢掉这些修改，没有撤销。请先改回来，或直接手工修改。",
    "Changed since “{command}”: {places}. Nothing was undone, so that these edits are not lost. "
    "Change them back first, or edit by hand.",
)
_RESHAPED = Text("工作表“{sheet}”（行或列有增减）", "sheet {sheet} (rows or columns added or removed)")
_GONE = Text("表格 {table}（已删除）", "table {table} (deleted)")


@dataclass(frozen=True, slots=True)
class Step:
    """One command that can be taken back: its number, what it is called, and its record, packed.

    The record has ``before``, pictures by table, and ``after``, `_marks` of what was written; None while it is written.
    """

    number: int
    command: str
    packed: str


def written(
    workbook: book.Book,
    command: str,
    tables: Mapping[str, pd.DataFrame],
    lang: Lang,
    classes: Sequence[object] | None = None,
) -> None:
    """Write tables, and ``classes`` to *Students*, so that `undo` can take it back, with a row in *History*.

    Whatever is raised, the workbook is then as it was. Raises `FileTrouble` if a table cannot be written.
    """
    steps, tables = steps_in(workbook), dict(tables)
    if HISTORY.name not in tables:
        tables[HISTORY.name] = _noted(workbook, command)
    contents = book.contents_of(workbook, tables, lang)
    areas = {name: _reach(workbook, name, content) for name, content in contents.items()}
    watched: list[Area] = []
    if classes is not None:
        refuse_unwritable(workbook, [STUDENTS.name])
        areas[STUDENTS.name], watched = _own_column(workbook)
    before = {name: _before(workbook, name, area) for name, area in areas.items()}
    step = Step(steps[-1].number + 1 if steps else 1, command, "")
    had_undo = found_table(workbook, UNDO.name) is not None
    try:
        _keep(workbook, [*steps, replace(step, packed=packed(_record(before, None)))], lang)
        if classes is not None:
            book.write_column(workbook, STUDENTS.name, "placed_class", classes, lang)
        book.write_contents(workbook, contents, lang)
        after = {name: _marks(workbook, name, _area(before[name])) for name in before}
        changed = {name: before[name] for name in before if _changed(before[name], after[name])}
        marks = [after[name] for name in changed]
        if STUDENTS.name in changed:
            marks += [_marks(workbook, STUDENTS.name, area) for area in watched]
        _keep(workbook, [*steps, replace(step, packed=packed(_record(changed, marks)))], lang)
    except BaseException:
        snapshot.put_back(workbook, before)
        _keep_as_it_was(workbook, steps, lang, had_undo=had_undo)
        raise


def undo(workbook: book.Book, lang: Lang) -> str:
    """Take back the last command that is recorded; return what it was called.

    Raises `FileTrouble` if there is none, or naming the cells if they were edited since; nothing is written then.
    """
    steps = steps_in(workbook)
    if not steps:
        raise FileTrouble(_NOTHING)
    record = unpacked(steps[-1].packed)
    before: Pictures = {name: given and Picture(**given) for name, given in record["before"].items()}
    places = [place for mark in record["after"] or () for place in _edited(workbook, mark)]
    if places:
        shown = [*places[:_NAMED], *([plain("…")] if len(places) > _NAMED else [])]
        raise FileTrouble(_EDITED.fill(command=steps[-1].command, places=listed(shown)))
    refuse_unwritable(workbook, [*before, UNDO.name])
    now = {name: _before(workbook, name, _area(picture)) for name, picture in before.items() if picture is not None}
    try:
        snapshot.put_back(workbook, {name: picture for name, picture in before.items() if picture is not None})
        _keep(workbook, steps[:-1], lang)
        snapshot.put_back(workbook, {name: None for name, picture in before.items() if picture is None})
    except BaseException:
        snapshot.put_back(workbook, now)
        _keep_as_it_was(workbook, steps, lang, had_undo=True)
        raise
    return steps[-1].command


def steps_in(workbook: book.Book) -> list[Step]:
    """Return the commands that can be taken back, oldest first."""
    frame = book.read_tables(workbook, [UNDO.name]).get(UNDO.name)
    steps: dict[int, Step] = {}
    for row in [] if frame is None else frame.to_dict("records"):
        if isinstance(row["step"], int) and isinstance(row["piece"], str) and row["piece"].startswith(_BEGIN):
            known = steps.get(row["step"], Step(row["step"], str(row["command"]), ""))
            steps[row["step"]] = replace(known, packed=known.packed + row["piece"].removeprefix(_BEGIN))
    return [steps[number] for number in sorted(steps)]


def packed(record: object) -> str:
    """Return a record as text that any cell keeps."""
    content = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_said)
    return base64.urlsafe_b64encode(zlib.compress(content.encode("utf-8", "surrogatepass"), 9)).decode()


def unpacked(text: str) -> dict[str, Any]:
    """Return the record. Raises `FileTrouble` if someone changed the text."""
    try:
        content = zlib.decompress(base64.urlsafe_b64decode(text)).decode("utf-8", "surrogatepass")
        found: dict[str, Any] = json.loads(content, object_hook=_meant)
    except (ValueError, zlib.error) as why:
        raise FileTrouble(_DAMAGED) from why
    return found


def _record(before: Pictures, after: list[dict[str, Any]] | None) -> dict[str, Any]:
    keys = [each.name for each in fields(Picture)]  # asdict would copy every cell
    told = {name: picture and {key: getattr(picture, key) for key in keys} for name, picture in before.items()}
    return {"before": told, "after": after}


def _keep(workbook: book.Book, steps: Sequence[Step], lang: Lang) -> None:
    """Write the last steps that there is room for; the newest always."""
    kept: list[Step] = []
    for step in reversed(steps[-STEPS:]):
        if kept and sum(len(each.packed) for each in [*kept, step]) > ROOM:
            break
        kept.insert(0, step)
    rows = [
        {"step": step.number, "command": step.command, "piece": _BEGIN + step.packed[at : at + PIECE]}
        for step in kept
        for at in range(0, len(step.packed), PIECE)
    ]
    book.write_tables(workbook, {UNDO.name: framed(UNDO, rows)}, lang)


def _keep_as_it_was(workbook: book.Book, steps: Sequence[Step], lang: Lang, *, had_undo: bool) -> None:
    if had_undo:
        _keep(workbook, steps, lang)
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


def _before(workbook: book.Book, name: str, area: Area) -> Picture | None:
    table = found_table(workbook, name)
    return None if table is None else snapshot.taken(table, *area)


def _area(picture: Picture | None) -> Area:
    return (0, 0, 0) if picture is None else (picture.left, len(picture.cells), len(picture.forms))


def _marks(workbook: book.Book, name: str, area: Area) -> dict[str, Any]:
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


def _edited(workbook: book.Book, then: Mapping[str, Any]) -> list[Text]:
    """Return where a table is no longer what it was."""
    name, left = then["table"], then["left"]
    table = found_table(workbook, name)
    if table is None:
        return [_GONE.fill(table=name)]
    sheet = table.parent.name
    if list(shape_of(table)) != list(then["shape"]):
        return [_RESHAPED.fill(sheet=sheet)]
    now = _marks(workbook, name, (left, len(then["marks"]), len(then["marks"][0])))
    first = table.range[0, 0].offset(0, left)
    return [
        plain(f"{sheet}!{first.offset(row, column).get_address(False, False)}")
        for row, (old, new) in enumerate(zip(then["marks"], now["marks"], strict=True))
        for column, (was, is_now) in enumerate(zip(old, new, strict=True))
        if was != is_now
    ]


def _said(value: object) -> object:
    """Return what JSON cannot hold, as something it can."""
    if isinstance(value, Formula):
        return {"formula": value.text}
    if isinstance(value, datetime | time):
        return {type(value).__name__: value.isoformat()}
    return {"text": str(value)}


def _meant(found: dict[str, Any]) -> Any:
    """Return what `_said` was given."""
    key = next(iter(found)) if len(found) == 1 else ""
    return _MEANINGS[key](found[key]) if key in _MEANINGS else found


_MEANINGS: dict[str, Callable[[str], object]] = {
    "formula": Formula,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "text": str,
}
