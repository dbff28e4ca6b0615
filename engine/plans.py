"""Placements kept under names, in one table: a row per pupil, a column per plan; compared, and told from hand edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.adjust_tables import COMPARISON, EDITS, PLANS
from engine.adjusting import Case, case_with
from engine.cohort import Cohort, Ints
from engine.issue import InputError, Issue
from engine.measuring import Measured
from engine.report import shown_gap
from engine.sizes import class_named
from engine.tables import framed, matching
from engine.values import as_text, is_blank
from engine.wording import Lang, Text

NOW = Text("现在", "Now")
_PLACES = 4  # of a gap in the comparison
_RULES = Text("违规", "Violations")
_MOVED = Text("与现在不同班的人数", "Pupils elsewhere than now")


@dataclass(frozen=True, slots=True)
class Edit:
    """A pupil who is elsewhere: class before and after, positions."""

    pupil: int
    before: int
    after: int


def names_in(plans: pd.DataFrame | None) -> list[str]:
    """Return the names of the plans kept, in the order in which they were first saved."""
    ours = {field.key for field in PLANS.fields}
    if plans is None:
        return []
    return [str(c) for c in plans.columns if c not in ours and not all(is_blank(cell) for cell in plans[c])]


def named(plans: pd.DataFrame | None, word: str) -> str | None:
    """Return the plan of this name, however it is written, or None."""
    return next((name for name in names_in(plans) if matching(name) == matching(word)), None)


def with_plan(plans: pd.DataFrame | None, cohort: Cohort, class_of: Ints, name: str) -> pd.DataFrame:
    """Return the table *Plans* with the placement under this name; one of the same name is replaced."""
    known = named(plans, name) or name
    kept = {other: class_by_id(plans, other) for other in names_in(plans)}
    kept[known] = {pupil: cohort.classes[k] for pupil, k in zip(cohort.ids, class_of, strict=True)}
    gone = [pupil for other in kept.values() for pupil in other if pupil not in set(cohort.ids)]
    ids = [*cohort.ids, *dict.fromkeys(gone)]
    frame: dict[str, list[Any]] = {"id": ids, "name": [*(name or None for name in cohort.names), *[None] * len(gone)]}
    frame["name"] = frame["name"][: len(ids)]
    for other, classes in kept.items():
        frame[other] = [classes.get(pupil) for pupil in ids]
    return pd.DataFrame(frame, dtype=object)


def class_by_id(frame: pd.DataFrame | None, column: str) -> dict[str, str]:
    """Return the class that a column says for each id; blank ones are left out."""
    if frame is None or column not in frame.columns:
        return {}
    pairs = zip(frame["id"], frame[column], strict=True)
    return {as_text(pupil): as_text(cell) for pupil, cell in pairs if not is_blank(pupil) and not is_blank(cell)}


def moved_since(frame: pd.DataFrame | None, cohort: Cohort, class_of: Ints) -> list[int]:
    """Return the pupils who are elsewhere than *Placed* says a command left them; ``class_of`` (n,), -1: in no class.

    Whoever was left in a class that *Classes* no longer names is not among them: it may have been renamed.
    """
    placed = class_by_id(frame, "class")
    left = {word: class_named(word, cohort.classes) for word in set(placed.values())}
    return [
        i
        for i, pupil in enumerate(cohort.ids)
        if (k := left.get(placed.get(pupil, ""))) is not None and k != int(class_of[i])
    ]


def placement_in(case: Case, classes: Mapping[str, str], name: str) -> Ints:
    """Return a plan as a placement of the pupils there are; whoever is not in it stays where they are.

    Raises `InputError` if it names a class that is no more.
    """
    class_of = case.current.class_of.copy()
    for i, pupil in enumerate(case.cohort.ids):
        if pupil in classes:
            k = class_named(classes[pupil], case.cohort.classes)
            if k is None:
                what = Text(
                    "方案“{p}”里的“{c}”已不在“班级”表里。", "Plan “{p}”: the class “{c}” is no longer in Classes."
                )
                do = Text("请把这个班加回“班级”表。", "Put the class back into the sheet Classes.")
                issue = Issue("error", "Classes", None, None, what.fill(p=name, c=classes[pupil]), do)
                raise InputError([issue], case.lang)
            class_of[i] = k
    return class_of


def edits_between(before: Ints, after: Ints) -> list[Edit]:
    """Return who is elsewhere, in roster order."""
    return [Edit(int(i), int(before[i]), int(after[i])) for i in np.flatnonzero(before != after)]


def edits_table(cohort: Cohort, edits: Sequence[Edit]) -> pd.DataFrame:
    """Return the table *Edits*: who, from where, to where."""
    return framed(
        EDITS,
        [
            {
                "id": cohort.ids[edit.pupil],
                "name": cohort.names[edit.pupil] or None,
                "from": cohort.classes[edit.before],
                "to": cohort.classes[edit.after],
            }
            for edit in edits
        ],
    )


def compared(case: Case, plans: Mapping[str, Ints]) -> tuple[dict[str, Measured], pd.DataFrame]:
    """Return each plan measured, and the table *Comparison*: a row per criterion, what stands now first."""
    now = NOW.to(case.lang)
    placements = {now: case.current.class_of, **plans}
    measured = {name: case_with(case.checked, class_of).before for name, class_of in placements.items()}
    criteria = [gap.criterion.label.to(case.lang) for gap in measured[now].gaps]
    frame: dict[str, list[Any]] = {
        COMPARISON.fields[0].key: [_RULES.to(case.lang), _MOVED.to(case.lang), *criteria],
    }
    for name, one in measured.items():
        elsewhere = int((placements[name] != case.current.class_of).sum())
        frame[name] = [one.violations, elsewhere, *(round(shown_gap(gap), _PLACES) for gap in one.gaps)]
    return measured, pd.DataFrame(frame, dtype=object)


def fresh_name(plans: pd.DataFrame | None, lang: Lang) -> str:
    """Return a name that no plan has: 方案1, 方案2 or Plan 1, Plan 2, and so on."""
    word, number = Text("方案{n}", "Plan {n}"), 1
    while named(plans, word.fill(n=number).to(lang)) is not None:
        number += 1
    return word.fill(n=number).to(lang)
