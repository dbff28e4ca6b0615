"""A draw that anyone can check: the list sealed, then drawn from; one function per button and verb.

The order is the point: the list is sealed and its code announced, then those present say their words, then the draw is
made, once. See `docs/draw.md`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from addin import book, undo
from addin.commands import WRITTEN_INPUTS, StoppedError, now, refuse_edited
from addin.kept_seal import (
    BROKEN,
    DRAWN,
    SEALED_NOW,
    KeptSeal,
    changes_since,
    inputs_of,
    kept_in,
    logs_of,
    must_be_sealed,
    noted,
    parts_in,
    parts_table,
    reason_in,
    show_large,
    with_classes_drawn,
)
from addin.trouble import FileTrouble
from addin.writable import can_be_had, refuse_unwritable
from engine.draw_tables import PARTS, TEACHERS
from engine.tables import INPUTS, TABLES
from engine.wording import Lang, Text

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.drawing import Drawn
    from engine.placing import Placed

SEAL = Text("封存名单", "seal")
OPEN = Text("启封", "open the seal")
DRAW = Text("现场抽签", "draw")
_LOGS = ("Sealed", "Draws", "Seal")
_SHOWN = 12  # changes named in a refusal
_COUNT = Text(
    "名单有 {p} 名学生，应有 {o} 名，{d}。请核对名单；确实如此，请写明原因（--because，或“封存”表），会记录在案。",
    "The list has {p} pupils, officially there are {o}: {d}. Check the list; if it is right say why (--because, or the "
    "sheet Seal): that is put on record.",
)
_MORE, _FEWER = Text("多 {n} 名", "{n} too many"), Text("少 {n} 名", "{n} missing")
_EMPTY_LOCK = Text(
    "班级{c}已锁定，但没有学生。请取消锁定，再封存。",
    "The class {c} is locked but has no pupils. Unlock it, then seal.",
)
_SEALED_SAME = Text(
    "名单已经封存，没有改动；封存码 {s}。", "The list is sealed already and unchanged; its code is {s}."
)
_SEALED_OTHER = Text(
    "名单在 {t} 封存过（{s}），之后改了：\n{c}\n"
    "要按改后的名单重新封存，请写明原因（--because，或“封存”表），会记录在案。",
    "The list was sealed at {t} ({s}) and changed since:\n{c}\n"
    "To seal the list as it is now say why (--because, or the sheet Seal): that is put on record.",
)
_CHANGED = Text(
    "封存之后改过，不能抽签：\n{c}\n请改回来；或写明原因，重新封存，重新公布封存码，再抽。",
    "Changed since it was sealed, so no draw:\n{c}\n"
    "Change it back; or seal it anew, giving the reason, announce the new code, then draw.",
)
_AGAIN = Text(
    "这份封存名单已经抽过 {n} 次，最近一次的结果码是 {r}。"
    "要再抽，请写明原因（--because，或“封存”表）；先前各次会印在凭证上。",
    "This sealed list was drawn already (draws so far: {n}; last result code {r}). "
    "To draw again say why (--because, or the sheet Seal); the earlier draws are printed on the certificate.",
)
_PARTS_FIRST = Text(
    "还没有写下在场各方说的话。请在“抽签”表里每方写一行（谁、说了什么），再按“现场抽签”。",
    "What those present say is not written down yet. Write one row per party (who, what) into the sheet Draw, then "
    "press Draw.",
)


@dataclass(frozen=True, slots=True)
class Draw:
    """A finished draw: what the workbook now keeps, the draw itself, the placement as written."""

    kept: KeptSeal
    drawn: Drawn
    placed: Placed

    @property
    def record(self) -> dict[str, Any]:
        """The public record."""
        assert self.kept.record is not None, "a draw leaves one"
        return self.kept.record


def seal(
    workbook: book.Book, *, official: int | None = None, because: str = "", title: str | None = None
) -> tuple[KeptSeal, Lang]:
    """Seal the list as it stands; return what is kept, with the language.

    ``official`` is how many pupils there are to be (default: what *Settings* say). Raises `InputError` if the input has
    errors, `FileTrouble` if the count differs or the list was sealed before and ``because`` says nothing.
    """
    from engine.issue import Findings
    from engine.record import Seal
    from engine.sealing import sealed_tables
    from engine.setting import read_settings

    tables, lang = inputs_of(workbook)
    refuse_unwritable(workbook, _LOGS)
    sealed = sealed_tables(tables)
    _refuse_faulty(tables)
    because = because.strip() or reason_in(workbook)
    wanted = official if official is not None else read_settings(tables.get("Settings"), Findings(lang)).official
    found = Seal(sealed, secrets.token_hex(32), now().isoformat(), wanted)
    if wanted is not None and wanted != found.pupils and not because:
        difference = (_MORE if found.pupils > wanted else _FEWER).fill(n=abs(found.pupils - wanted))
        raise FileTrouble(_COUNT.fill(p=found.pupils, o=wanted, d=difference))
    before = kept_in(workbook)
    if before is not None and before.open is None and not because:
        changes = changes_since(before, tables)
        when = before.seal.when.replace("T", " ")
        raise FileTrouble(
            _SEALED_OTHER.fill(t=when, s=before.short, c=_lines(changes))
            if changes
            else _SEALED_SAME.fill(s=before.short)
        )
    kept = KeptSeal(found, (before.title if before and title is None else title) or "")
    if before is not None:
        kept = replace(kept, earlier=before.earlier, log=before.log)
    kept = replace(kept, log=(*kept.log, noted(SEALED_NOW, found.when, kept, because)))
    parts = {} if parts_in(workbook) else {PARTS.name: parts_table([])}
    undo.logged(workbook, SEAL.to(lang), {**logs_of(kept, lang), **parts}, lang)
    show_large(workbook)
    return kept, lang


def open_seal(workbook: book.Book, why: str) -> tuple[KeptSeal, Lang]:
    """Open the seal, which is put on record; the workbook is like any other then."""
    kept = must_be_sealed(workbook)
    _, lang = inputs_of(workbook)
    opened = replace(kept, open=why, log=(*kept.log, noted(BROKEN, now().isoformat(), kept, why)))
    undo.logged(workbook, OPEN.to(lang), logs_of(opened, lang), lang)
    show_large(workbook)
    return opened, lang


def draw(
    workbook: book.Book,
    parts: Sequence[tuple[str, str]] | None = None,
    *,
    because: str = "",
    progress: Callable[[float], bool] | None = None,
) -> Draw:
    """Draw classes and teachers from what those present said (default: what stands in the sheet *Draw*); write all.

    Raises `FileTrouble` if the list is not sealed, was changed since, or was drawn before and nothing says why again;
    `InputError` if nothing was said; `StoppedError` if ``progress`` asks to stop. Nothing is written then.
    """
    from engine.checking import cohort_from_tables
    from engine.drawing import drawn
    from engine.placing import placed_as
    from engine.record import earlier_draw, record_of
    from engine.solve import StoppedError as Stopped

    kept = must_be_sealed(workbook)
    read = book.read_tables(workbook, [*(table.name for table in INPUTS), TEACHERS.name])
    tables, lang = inputs_of(workbook)
    if changes := changes_since(kept, tables):
        raise FileTrouble(_CHANGED.fill(c=_lines(changes)))
    because = because.strip() or reason_in(workbook)
    if kept.draws and not because:
        last = "" if kept.record is None else kept.record["result"]["short"]
        raise FileTrouble(_AGAIN.fill(n=kept.draws, r=last))
    given = list(parts) if parts is not None else parts_in(workbook)
    if not given:
        raise FileTrouble(_PARTS_FIRST)
    refuse_unwritable(workbook, [*TABLES, *_LOGS, PARTS.name, TEACHERS.name])  # before the search, not after
    try:
        found = drawn(kept.seal.sealed, kept.seal.code, kept.draws + 1, given, progress)
    except Stopped as stop:
        raise StoppedError from stop
    when = now()
    result = replace(found.groups.result, class_of=found.class_of)
    placed = placed_as(tables, cohort_from_tables(tables), result, (DRAW.to(lang), when))
    record = record_of(kept.seal, found, when.isoformat(), kept.earlier, kept.title)
    after = replace(
        kept,
        record=record,
        earlier=(*kept.earlier, earlier_draw(record)),
        log=(*kept.log, noted(DRAWN.fill(n=found.number), when.isoformat(), kept, because, record)),
    )
    refuse_edited(workbook, read)
    _write(workbook, tables, Draw(after, found, placed), lang)
    return Draw(after, found, placed)


def _write(workbook: book.Book, tables: dict[str, Any], made: Draw, lang: Lang) -> None:
    from engine.adjust_report import placed as table_of_placed
    from engine.verifying import classes_of_teachers

    placed = made.placed
    written = {name: frame for name, frame in placed.tables.items() if name != "Students"}
    written |= {name: tables[name] for name in WRITTEN_INPUTS if name in tables}
    written[PARTS.name] = parts_table(made.drawn.parts)
    if can_be_had(workbook, "Placed"):
        written["Placed"] = table_of_placed(placed.cohort, placed.result.class_of)
    if made.drawn.teachers is not None:
        drawn = classes_of_teachers(made.record)
        written[TEACHERS.name] = with_classes_drawn(tables[TEACHERS.name], drawn)
        written["Classes"] = _with_heads(written["Classes"], written[TEACHERS.name])
    classes = list(placed.tables["Students"]["placed_class"])
    undo.written(workbook, DRAW.to(lang), written, lang, classes, logs=logs_of(made.kept, lang))
    show_large(workbook)


def _with_heads(classes: pd.DataFrame, teachers: pd.DataFrame) -> pd.DataFrame:
    """Return *Classes* with the head teachers drawn, where there are any."""
    from engine.values import as_text, is_yes

    heads: dict[object, list[str]] = {}
    for name, head, label in zip(teachers["name"], teachers["head"], teachers["drawn_class"], strict=True):
        if is_yes(head):
            heads.setdefault(label, []).append(as_text(name))
    cells = zip(classes["class"], classes["teacher"], strict=True)
    return classes.assign(
        teacher=["、".join(heads[as_text(label)]) if as_text(label) in heads else old for label, old in cells]
    )


def _refuse_faulty(tables: dict[str, Any]) -> None:
    """Raise `InputError` if the inputs have errors, `FileTrouble` if a class is locked without pupils."""
    from engine.checking import cohort_from_tables
    from engine.locks import is_lock
    from engine.sealing import input_tables, sealed_tables
    from engine.sizes import class_named
    from engine.teachers import teachers_in
    from engine.values import is_yes

    checked = cohort_from_tables(tables)
    teachers_in(input_tables(sealed_tables(tables)), checked)
    labels = checked.cohort.classes
    held = {rule.class_index for rule in checked.cohort.rules if is_lock(rule)}
    for label, lock in zip(tables["Classes"]["class"], tables["Classes"]["locked"], strict=True):
        if is_yes(lock) and class_named(label, labels) not in held:
            raise FileTrouble(_EMPTY_LOCK.fill(c=label))


def _lines(changes: Sequence[Any]) -> Text:
    from engine.seal_changes import changes_said

    return Text(*("\n".join(changes_said(changes, lang, _SHOWN)) for lang in ("zh", "en")))
