"""Whom a person put where they are since the pupils were placed, and who is left there for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from addin import book
from engine.intake import Tables
from engine.issue import NOTHING_TO_DO, Findings
from engine.setting import read_settings
from engine.wording import Text

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.cohort import Cohort, Ints

_HELD = Text(
    "手工换过的 {n} 人没有动：{p}。要让他们也能动，请把“设置”里的“手工换过的学生”改成“可以动”。",
    "Left where they were put by hand ({n}): {p}. To let them move, set “Pupils moved by hand” in Settings to “may "
    "move”.",
)


def put_by_hand(workbook: book.Book, cohort: Cohort, class_of: Ints) -> list[int]:
    """Return the pupils who are elsewhere than where a command left them, or whom one put there because told to.

    ``class_of`` (n,) is where they are, -1: in no class.
    """
    from engine.plans import class_by_id, moved_since

    frame = book.read_tables(workbook, ["Placed"]).get("Placed")
    put = class_by_id(frame, "by_hand")
    return sorted({i for i, pupil in enumerate(cohort.ids) if pupil in put}.union(moved_since(frame, cohort, class_of)))


def may_move(tables: Tables, *, anyone: bool) -> bool:
    """Return whether searches may move them: ``anyone``, as the command says, or *Settings* do."""
    return anyone or not read_settings(tables["Settings"], Findings("zh")).hand_moved_stay


def held_said(cohort: Cohort, held: Sequence[int]) -> Text:
    """Return who was left where a person put them, and how they may move too; nothing if nobody was."""
    from engine.effects import pupils_said

    return _HELD.fill(n=len(held), p=pupils_said(cohort, held)) if held else NOTHING_TO_DO
