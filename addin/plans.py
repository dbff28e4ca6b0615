"""Plans: placements kept under names in the workbook, compared, restored; and hand edits told from them.

`recheck` measures hand edits in the sheet itself: one click after typing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from addin import book, undo
from addin.adjust import Session, opened
from addin.commands import read_completed
from addin.trouble import FileTrouble
from engine.adjust_tables import PLANS
from engine.tables import matching
from engine.wording import Lang, Text, listed, plain

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.cohort import Ints
    from engine.measuring import Measured
    from engine.plans import Edit
    from engine.rechecking import Recheck

SAVE = Text("存为方案", "save plan")
COMPARE = Text("比较方案", "compare plans")
RESTORE = Text("恢复方案", "restore plan")
MEASURE = Text("重新核对", "measure")
_NO_PLAN = Text("没有“{n}”这个方案。有：{k}。", "There is no plan “{n}”. There are: {k}.")
NO_PLANS = Text("还没有存过方案。请先用“存为方案”。", "No plan has been saved yet. Use Save plan first.")
_NAMED = 8  # pupils in a sentence
_EDITED = Text("上次操作之后手工改了 {n} 人：{p}。", "Since the last command {n} pupils were moved by hand: {p}.")
_NOT_A_NAME = Text("“{n}”不能作方案名，请换一个。", "“{n}” cannot be the name of a plan. Choose another one.")


@dataclass(frozen=True, slots=True)
class Compared:
    """All plans beside what stands now: each measured, and who is elsewhere than now."""

    session: Session
    measured: dict[str, Measured]
    edits: dict[str, list[Edit]]
    table: pd.DataFrame


def save_plan(workbook: book.Book, name: str | None = None) -> tuple[str, Lang]:
    """Keep the placement that stands under a name (default: a fresh one); return the name and the language."""
    from engine.plans import NOW, fresh_name, with_plan

    session = opened(workbook)
    frame = _plans(workbook)
    name = (name or "").strip() or fresh_name(frame, session.lang)
    taken = {matching(word) for field in PLANS.fields for word in field.names()} | {matching(NOW.zh), matching(NOW.en)}
    if not matching(name) or matching(name) in taken:
        raise FileTrouble(_NOT_A_NAME.fill(n=name))
    kept = with_plan(frame, session.case.cohort, session.case.current.class_of, name)
    session.show(SAVE, {"Plans": kept})
    return name, session.lang


def plan_names(workbook: book.Book) -> list[str]:
    """Return the names of all plans kept in a workbook, placed or not."""
    from engine.plans import names_in

    return names_in(_plans(workbook))


def compare_plans(workbook: book.Book) -> Compared:
    """Return all plans beside what stands now. Raises `FileTrouble` if there is none."""
    from engine.plans import compared, edits_between, names_in

    session = opened(workbook)
    frame = _plans(workbook)
    names = names_in(frame)
    if not names:
        raise FileTrouble(NO_PLANS)
    placements = {name: _placement(session, frame, name) for name in names}
    measured, table = compared(session.case, placements)
    edits = {name: edits_between(class_of, session.case.current.class_of) for name, class_of in placements.items()}
    return Compared(session, measured, edits, table)


def show_comparison(found: Compared) -> None:
    """Write *Comparison*, and to *Edits* who is elsewhere than in the plan saved last."""
    from engine.plans import edits_table

    last = list(found.edits)[-1]
    edits = edits_table(found.session.case.cohort, found.edits[last])
    found.session.show(COMPARE, {"Comparison": found.table, "Edits": edits})


def restore_plan(workbook: book.Book, name: str | None = None) -> tuple[str, int, Lang]:
    """Put a plan back (default: the one saved last); return its name, how many pupils moved, and the language."""
    from engine.plans import named, names_in
    from engine.rebalancing import moved

    session = opened(workbook)
    frame = _plans(workbook)
    names = names_in(frame)
    if not names:
        raise FileTrouble(NO_PLANS)
    known = names[-1] if name is None else named(frame, name)
    if known is None:
        raise FileTrouble(_NO_PLAN.fill(n=name, k=listed([plain(each) for each in names])))
    moves = moved(session.case.current.class_of, _placement(session, frame, known))
    session.apply(RESTORE, moves)
    return known, len(moves), session.lang


def recheck(workbook: book.Book) -> tuple[Recheck, list[str]]:
    """Measure what stands, hand edits and all; return it, and who was moved by hand since the last command."""
    from engine.plans import moved_since
    from engine.rechecking import rechecked

    tables, _ = read_completed(workbook)
    found = rechecked(tables)
    cohort = found.everyone.cohort
    moved = moved_since(book.read_tables(workbook, ["Placed"]).get("Placed"), cohort, found.class_of)
    return found, [cohort.pupil(i) for i in moved]


def show_recheck(workbook: book.Book, found: Recheck) -> None:
    """Write *Gaps*, *Balance*, *Checks* and the other results of what stands; the classes themselves stay."""
    lang = found.cohort.settings.language
    undo.written(workbook, MEASURE.to(lang), found.tables, lang)


def edits_said(edited: list[str]) -> Text:
    """Return who was moved by hand since the last command."""
    return _EDITED.fill(n=len(edited), p=listed([plain(pupil) for pupil in edited], _NAMED))


def compared_json(found: Compared) -> dict[str, Any]:
    """Return all plans as ``--json`` prints them."""
    from engine.report import measured_json

    cohort = found.session.case.cohort
    return {
        "plans": {name: measured_json(cohort, measured) for name, measured in found.measured.items()},
        "edits": {
            name: [
                {
                    "id": cohort.ids[edit.pupil],
                    "from": cohort.classes[edit.before],
                    "to": cohort.classes[edit.after],
                }
                for edit in edits
            ]
            for name, edits in found.edits.items()
        },
    }


def _plans(workbook: book.Book) -> pd.DataFrame | None:
    return book.read_tables(workbook, ["Plans"]).get("Plans")


def _placement(session: Session, frame: pd.DataFrame | None, name: str) -> Ints:
    from engine.plans import class_by_id, placement_in

    return placement_in(session.case, class_by_id(frame, name), name)
