"""Whether a workbook is what its seal and its draw say: everything recomputed, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from addin import book
from addin.commands import StoppedError
from addin.kept_seal import KeptSeal, changes_since, filled_teachers, inputs_of, kept_in, must_be_kept
from addin.trouble import FileTrouble
from engine.draw_tables import TEACHERS
from engine.wording import Text, plain

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.verifying import Finding

_NOT_DRAWN = Text("还没有抽签。请先用“现场抽签”。", "There was no draw yet. First draw.")
_NO_LIST = Text("这不是封存名单：{w}", "This is no sealed list: {w}")
_SHOWN = 12  # differences named of one kind


def record_in(workbook: book.Book) -> tuple[KeptSeal, dict[str, Any]]:
    """Return the seal kept, and the record of its last draw. Raises `FileTrouble` if there was none."""
    kept = kept_in(workbook)
    if kept is None or kept.record is None:
        raise FileTrouble(_NOT_DRAWN)
    return kept, kept.record


def list_of(kept: KeptSeal) -> dict[str, Any]:
    """Return the sealed list, which is confidential."""
    from engine.record import sealed_list

    return sealed_list(kept.seal)


def verify_files(
    record: dict[str, Any], sealed_list: dict[str, Any] | None, progress: Callable[[float], bool] | None = None
) -> list[Finding]:
    """Recompute everything that a record says, and with the sealed list the placement too.

    Raises `FileTrouble` if the sealed list is none.
    """
    from engine.record import sealed_from
    from engine.verifying import verify_list, verify_record

    found = verify_record(record)
    if sealed_list is None or len(found) == 1:
        return found
    try:
        sealed, secret = sealed_from(sealed_list)
    except ValueError as why:
        raise FileTrouble(_NO_LIST.fill(w=why)) from why
    return [*found, *verify_list(record, sealed, secret, progress)]


def verify(workbook: book.Book, progress: Callable[[float], bool] | None = None) -> list[Finding]:
    """Recompute everything that a workbook says of its seal and draw; nothing is written.

    Raises `FileTrouble` if the workbook was never sealed.
    """
    from engine.solve import StoppedError as Stopped
    from engine.verifying import verify_list, verify_record

    kept = must_be_kept(workbook)
    tables, _ = inputs_of(workbook)
    found = [_unchanged(kept, tables)]
    if kept.open is not None:
        what = Text("封存状态", "state of the seal")
        found.append(_finding(what, [Text("已启封：{w}", "opened: {w}").fill(w=kept.open)]))
    if kept.record is None:
        return found
    found += verify_record(kept.record)
    try:
        found += verify_list(kept.record, kept.seal.sealed, kept.seal.secret, progress)
    except Stopped as stop:
        raise StoppedError from stop
    return [*found, _as_drawn(kept, tables), *_teachers_as_drawn(kept, tables)]


def _finding(what: Text, wrong: Sequence[Text]) -> Finding:
    from engine.verifying import Finding

    if not wrong:
        return Finding(what, "agrees")
    shown = [*wrong[:_SHOWN], *([plain("…")] if len(wrong) > _SHOWN else [])]
    return Finding(what, "differs", Text("；".join(w.zh for w in shown), "; ".join(w.en for w in shown)))


def _unchanged(kept: KeptSeal, tables: dict[str, Any]) -> Finding:
    what = Text("名单、设置等与封存时相同", "inputs as they were sealed")
    return _finding(what, [change.said() for change in changes_since(kept, tables)])


def _as_drawn(kept: KeptSeal, tables: dict[str, Any]) -> Finding:
    """Return whether every sealed pupil is in the class that was drawn; pupils are known by their id, else by row."""
    from engine.canonical import cell_text
    from engine.pupils import pupil_rows
    from engine.sizes import class_named
    from engine.verifying import classes_of

    assert kept.record is not None, "called after a draw"
    sealed, students = kept.seal.sealed[0], tables["Students"]
    use = {row[0]: row[1] for row in kept.seal.sealed[1].rows}
    key = next((header for header in sealed.fields if use.get(header) == "id" and header in students.columns), None)
    rows = pupil_rows(students)
    keys = [str(at) for at in range(len(rows))] if key is None else [cell_text(students[key].iloc[at]) for at in rows]
    now_in = dict(zip(keys, (students["placed_class"].iloc[at] for at in rows), strict=True))
    labels, wrong = kept.record["result"]["classes"], []
    for at, (row, label) in enumerate(zip(sealed.rows, classes_of(kept.record), strict=True)):
        who = str(at) if key is None else row[sealed.fields.index(key)]
        k = class_named(now_in.get(who), labels)
        if k is None or labels[k] != label:
            name = next((row[sealed.fields.index(h)] for h in sealed.fields if use.get(h) == "name"), who)
            line = Text("{w}（{i}）抽到{a}，现在是“{b}”", "{w} ({i}): drawn {a}, now “{b}”")
            wrong.append(line.fill(w=name, i=who, a=label, b=now_in.get(who) or ""))
    return _finding(Text("学生所在的班与抽签相同", "pupils where they were drawn"), wrong)


def _teachers_as_drawn(kept: KeptSeal, tables: dict[str, Any]) -> list[Finding]:
    from engine.verifying import classes_of_teachers

    assert kept.record is not None, "called after a draw"
    if kept.record["teachers"] is None or TEACHERS.name not in tables:
        return []
    frame = tables[TEACHERS.name]
    rows = [frame.iloc[at] for at in filled_teachers(frame)]
    drawn = classes_of_teachers(kept.record)
    line = Text("{w}抽到{a}，现在是“{b}”", "{w}: drawn {a}, now “{b}”")
    wrong = [
        line.fill(w=name, a=label, b=row["drawn_class"] or "")
        for row, (name, label) in zip(rows, drawn, strict=False)
        if row["drawn_class"] != label
    ]
    return [_finding(Text("教师所在的班与抽签相同", "teachers where they were drawn"), wrong)]
