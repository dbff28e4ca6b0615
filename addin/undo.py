"""What the last commands changed, kept inside the workbook so that it survives saving, and taken back one by one.

Before a command writes, what stands there goes into the table *Undo*; when it is done, only the cells that it changed
are kept, with what they held before and after. A command that fails midway is taken back at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from addin import book, snapshot
from addin.snapshot import Formula, Picture, Pictures, Wanted
from addin.trouble import FileTrouble
from engine.tables import TABLES, UNDO, framed
from engine.values import is_blank
from engine.wording import Lang, Text, plain

STEPS = 5  # how many commands can be taken back
ROOM = 2_000_000  # characters that all steps together may take
PIECE = 8_000  # a cell holds 32,767; some versions of Excel take no more than this in one block
_MARK = "z"  # no cell takes a piece for a number or a formula
_NAMED = 8  # cells named in a refusal
_NOTHING = Text("没有可以撤销的操作。", "There is nothing to undo.")
_DAMAGED = Text("撤销记录已损坏，不能撤销。", "The record for Undo is damaged; nothing can be undone.")
_EDITED = Text(
    "“{command}”之后这些地方又改过：{places}。为了不丢掉这些修改，没有撤销。请先改回来，或直接手工修改。",
    "Changed since “{command}”: {places}. Nothing was undone, so that these edits are not lost. "
    "Change them back first, or edit by hand.",
)
_RESHAPED = Text("工作表“{sheet}”（行列增减或重新排序）", "sheet {sheet} (rows or columns added, removed or sorted)")
_GONE = Text("表格 {table}（已删除）", "table {table} (deleted)")


@dataclass(frozen=True, slots=True)
class Step:
    """One command that can be taken back: its number, what it is called, what it changed (packed)."""

    number: int
    command: str
    packed: str


@contextmanager
def recorded(workbook: book.Book, command: str, wanted: Mapping[str, Wanted], lang: Lang) -> Iterator[None]:
    """Keep what a ``with`` block changes in the wanted tables, so that `undo` can take it back.

    Whatever is raised in the block, the workbook is then as it was before, the table *Undo* included.
    """
    steps = steps_in(workbook)
    mine = taken_undo(workbook, len(steps))
    before = snapshot.taken(workbook, wanted)
    number = steps[-1].number + 1 if steps else 1
    try:
        _keep(workbook, [*steps, Step(number, command, packed({"before": _plain(before)}))], lang)
        yield
        changes = _changes(before, snapshot.taken(workbook, wanted))
        if changes:
            steps.append(Step(number, command, packed({"changes": changes})))
        _keep(workbook, steps, lang)
    except BaseException:
        snapshot.put_back(workbook, before | mine)
        raise


def undo(workbook: book.Book, lang: Lang) -> str:
    """Take back the last command that is recorded; return what it was called.

    Raises `FileTrouble` if there is none, or naming the cells if they were edited since; nothing is written then.
    """
    steps = steps_in(workbook)
    if not steps:
        raise FileTrouble(_NOTHING)
    last = steps[-1]
    record = unpacked(last.packed)
    pictures = _pictures(record["before"]) if "before" in record else _reversed(workbook, record["changes"], last)
    book.refuse_unwritable(workbook, [*pictures, UNDO.name])
    mine = taken_undo(workbook, len(steps))
    wanted = {name: _room(picture) for name, picture in pictures.items()}
    now = snapshot.taken(workbook, wanted)
    try:
        snapshot.put_back(workbook, pictures)
        _keep(workbook, steps[:-1], lang)
    except BaseException:
        snapshot.put_back(workbook, now | mine)
        raise
    return last.command


def steps_in(workbook: book.Book) -> list[Step]:
    """Return the commands that can be taken back, oldest first."""
    frame = book.read_tables(workbook, [UNDO.name]).get(UNDO.name)
    steps: dict[int, Step] = {}
    for row in [] if frame is None else frame.to_dict("records"):
        if isinstance(row["step"], int) and isinstance(row["piece"], str) and row["piece"].startswith(_MARK):
            known = steps.get(row["step"], Step(row["step"], str(row["command"]), ""))
            steps[row["step"]] = replace(known, packed=known.packed + row["piece"].removeprefix(_MARK))
    return [steps[number] for number in sorted(steps)]


def packed(record: object) -> str:
    """Return a record as text that any cell keeps."""
    content = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_said)
    return base64.urlsafe_b64encode(zlib.compress(content.encode("utf-8", "surrogatepass"), 9)).decode()


def unpacked(text: str) -> Any:  # noqa: ANN401 # whatever was packed
    """Return the record. Raises `FileTrouble` if someone changed the text."""
    try:
        content = zlib.decompress(base64.urlsafe_b64decode(text)).decode("utf-8", "surrogatepass")
        return json.loads(content, object_hook=_meant)
    except (ValueError, zlib.error) as why:
        raise FileTrouble(_DAMAGED) from why


def taken_undo(workbook: book.Book, steps: int) -> Pictures:
    """Return a picture of the table *Undo* itself, with room for what will be written."""
    return snapshot.taken(workbook, {UNDO.name: Wanted((steps + 1) * (ROOM // PIECE), len(UNDO.fields))})


def _keep(workbook: book.Book, steps: list[Step], lang: Lang) -> None:
    """Write the last steps that there is room for; the newest always."""
    kept: list[Step] = []
    for step in reversed(steps[-STEPS:]):
        if kept and sum(len(each.packed) for each in [*kept, step]) > ROOM:
            break
        kept.insert(0, step)
    rows = [
        {"step": step.number, "command": step.command, "piece": _MARK + step.packed[at : at + PIECE]}
        for step in kept
        for at in range(0, len(step.packed), PIECE)
    ]
    book.write_tables(workbook, {UNDO.name: framed(UNDO, rows)}, lang)


def _changes(before: Pictures, after: Pictures) -> list[dict[str, Any]]:
    """Return, table by table, the sizes and the cells that differ."""
    changes = []
    for name, new in after.items():
        old = before[name]
        if new is None or old == new:
            continue
        if old is None:
            changes.append({"table": name, "made": asdict(new)})
            continue
        columns = []
        for at in range(len(new.forms)):
            was, now = [row[at] for row in old.cells], [row[at] for row in new.cells]
            rows = [row for row, (a, b) in enumerate(zip(was, now, strict=True)) if a != b or type(a) is not type(b)]
            if rows:
                columns.append([at, rows, [was[row] for row in rows], [now[row] for row in rows]])
        forms = [[at, old.forms[at]] for at in range(len(new.forms)) if old.forms[at] != new.forms[at]]
        sizes = {"old": old.shape, "new": new.shape, "left": new.left, "room": [len(new.cells), len(new.forms)]}
        changes.append({"table": name, **sizes, "columns": columns, "forms": forms, "order": _order(new, columns)})
    return changes


def _order(picture: Picture, columns: list[Any]) -> list[Any] | None:
    """Return an unchanged column whose values tell the rows apart, and its fingerprint: sorting the table shows."""
    changed = {at for at, *_ in columns}
    for at in range(len(picture.forms)):
        cells = [row[at] for row in picture.cells[1 : picture.rows]]
        if at not in changed and all(cell is not None for cell in cells) and len(set(map(str, cells))) == len(cells):
            return [at, _print(cells)]
    return None


def _print(cells: list[Any]) -> str:
    return hashlib.sha256(json.dumps(cells, default=_said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _reversed(workbook: book.Book, changes: list[dict[str, Any]], last: Step) -> Pictures:
    """Return what the tables will be when the changes are taken back. Raises `FileTrouble` if they were edited."""
    pictures: Pictures = {}
    places: list[Text] = []
    for change in changes:
        table = book.found_table(workbook, change["table"])
        if table is None:
            places.append(_GONE.fill(table=change["table"]))
        elif "made" in change:
            pictures[change["table"]] = None
        else:
            places += _turned(table, change, pictures)
    if places:
        shown = [*places[:_NAMED], *([plain("…")] if len(places) > _NAMED else [])]
        listed = Text("、".join(text.zh for text in shown), ", ".join(text.en for text in shown))
        raise FileTrouble(_EDITED.fill(command=last.command, places=listed))
    return pictures


def _turned(table: Any, change: dict[str, Any], pictures: Pictures) -> list[Text]:  # noqa: ANN401
    """Put the table's earlier picture among ``pictures``; return where it was edited since."""
    shape = (*table.range.shape, bool(table.show_totals))
    if list(shape) != list(change["new"]):
        return [_RESHAPED.fill(sheet=table.parent.name)]
    high, wide = change["room"]
    now = snapshot.picture(table, change["left"], high, wide)
    edited = []
    for at, rows, old, new in change["columns"]:
        for row, was, is_now in zip(rows, old, new, strict=True):
            if now.cells[row][at] != is_now:
                edited.append(_place(table, change["left"] + at, row))
            now.cells[row][at] = was
    order = change["order"]
    if not edited and order is not None:
        at, expected = order
        if _print([row[at] for row in now.cells[1 : now.rows]]) != expected:
            return [_RESHAPED.fill(sheet=table.parent.name)]
    for at, forms in change["forms"]:
        now.forms[at] = forms
    rows, columns, totals = change["old"]
    pictures[change["table"]] = replace(now, rows=rows, columns=columns, totals=totals)
    return edited


def _place(table: Any, column: int, row: int) -> Text:  # noqa: ANN401
    return plain(f"{table.parent.name}!{table.range[0, 0].offset(row, column).get_address(False, False)}")


def _room(picture: Picture | None) -> Wanted:
    return Wanted() if picture is None else Wanted(len(picture.cells), picture.left + len(picture.forms))


def _plain(pictures: Pictures) -> dict[str, Any]:
    return {name: None if picture is None else asdict(picture) for name, picture in pictures.items()}


def _pictures(plain_pictures: dict[str, Any]) -> Pictures:
    return {name: None if given is None else Picture(**given) for name, given in plain_pictures.items()}


def _said(value: object) -> object:
    """Return what JSON cannot hold, as something it can."""
    if isinstance(value, Formula):
        return {"formula": value.text}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"text": str(value)}


def _meant(found: dict[str, Any]) -> Any:  # noqa: ANN401
    if set(found) == {"formula"}:
        return Formula(found["formula"])
    if set(found) == {"moment"}:
        return datetime.fromisoformat(found["moment"])
    return found["text"] if set(found) == {"text"} else found
