"""The steps that can be taken back or done again, as they are kept in the table *Undo*: packed into cells of text.

Steps taken back stand there under their number made negative, until another command makes them void.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from addin import book
from addin.snapshot import Formula
from addin.trouble import FileTrouble
from engine.tables import UNDO, framed
from engine.wording import Lang, Text

STEPS = 5  # how many commands can be taken back
ROOM = 2_000_000  # characters that all steps together may take
PIECE = 8_000  # a cell holds 32,767; some versions of Excel take no more than this in one block
_BEGIN = "z"  # no cell takes a piece for a number or a formula
# The usual 64 characters: no underscore, which pieces of old have, because LibreOffice opens _x6_ as one character.
_OF_OLD = str.maketrans("-_", "+/")
_DAMAGED = Text("撤销记录已损坏，不能撤销。", "The record for Undo is damaged; nothing can be undone.")


@dataclass(frozen=True, slots=True)
class Step:
    """One command that can be taken back: its number, what it is called, and its record, packed.

    The record has ``before``, pictures by table, and ``after``, `_marks` of what was written; None while it is written.
    """

    number: int
    command: str
    packed: str


def keep(workbook: book.Book, steps: Sequence[Step], lang: Lang, undone: Sequence[Step] = ()) -> None:
    """Write the last steps that there is room for, the newest always, and behind them those taken back."""
    kept: list[Step] = []
    for step in reversed(steps[-STEPS:]):
        if kept and sum(len(each.packed) for each in [*kept, step]) > ROOM:
            break
        kept.insert(0, step)
    again: list[Step] = []
    for step in undone[:STEPS]:
        if sum(len(each.packed) for each in [*kept, *again, step]) > ROOM:
            break
        again.append(step)
    rows = [
        {"step": step.number, "command": step.command, "piece": piece}
        for step in [*kept, *again]
        for piece in pieces_of(step.packed)
    ]
    book.write_tables(workbook, {UNDO.name: framed(UNDO, rows)}, lang)


def steps_in(workbook: book.Book) -> list[Step]:
    """Return the commands that can be taken back, oldest first."""
    return [step for step in _all_in(workbook) if step.number > 0]


def undone_in(workbook: book.Book) -> list[Step]:
    """Return the commands that were taken back and can be done again, the next one first; numbers are negative."""
    return [step for step in _all_in(workbook) if step.number < 0][::-1]


def _all_in(workbook: book.Book) -> list[Step]:
    frame = book.read_tables(workbook, [UNDO.name]).get(UNDO.name)
    steps: dict[int, Step] = {}
    for row in [] if frame is None else frame.to_dict("records"):
        if isinstance(row["step"], int) and (piece := joined([row["piece"]])):
            known = steps.get(row["step"], Step(row["step"], str(row["command"]), ""))
            steps[row["step"]] = replace(known, packed=known.packed + piece)
    return [steps[number] for number in sorted(steps)]


def pieces_of(text: str) -> list[str]:
    """Return packed text in pieces that fit into cells."""
    return [_BEGIN + text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def joined(cells: Iterable[object]) -> str:
    """Return the packed text that `pieces_of` cut; cells that hold no piece are passed over."""
    pieces = (cell for cell in cells if isinstance(cell, str) and cell.startswith(_BEGIN))
    return "".join(piece.removeprefix(_BEGIN) for piece in pieces)


def packed(record: object) -> str:
    """Return a record as text that any cell keeps."""
    content = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_said)
    return base64.b64encode(zlib.compress(content.encode("utf-8", "surrogatepass"), 9)).decode()


def unpacked(text: str, damaged: Text = _DAMAGED) -> dict[str, Any]:
    """Return the record. Raises `FileTrouble` that says ``damaged`` if someone changed the text."""
    try:
        content = zlib.decompress(base64.b64decode(text.translate(_OF_OLD), validate=True)).decode(
            "utf-8", "surrogatepass"
        )
        found: dict[str, Any] = json.loads(content, object_hook=_meant)
    except (ValueError, zlib.error) as why:
        raise FileTrouble(damaged) from why
    return found


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
