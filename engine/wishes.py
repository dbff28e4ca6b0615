"""The wishes in columns of *Students*: who would like to be in a class with whom, read as the table *Rules* is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.cohort import Cohort, WishColumn
from engine.columns import ColumnRow, whole_weights
from engine.floors import allowed_classes
from engine.issue import Findings
from engine.pupils import SHOWN_CELLS, Pupils, cells_of
from engine.rules import say_not_one
from engine.values import as_text, is_no
from engine.wish_floor import impossible_wishes
from engine.wording import Text

_LEFT_OUT = Text("这个愿望不算。", "This wish does not count.")


def read_wishes(
    rows: Sequence[ColumnRow], students: pd.DataFrame, pupils: Pupils, findings: Findings
) -> WishColumn | None:
    """Return the wishes of all columns used so, as one, under the first one's heading; None if nobody wishes.

    A word that stands for no pupil or for several, and a wish for oneself, is noted and left out. The weight is the
    largest of the columns', the tolerance the smallest.
    """
    weights = dict(zip((item.header for item in rows), whole_weights([item.weight for item in rows]), strict=True))
    used = [item for item in rows if item.use == "wish" and not item.computed]
    found: dict[tuple[int, int], None] = {}
    for item in used:
        for i, cell in enumerate(cells_of(students, item.header, pupils.rows)):
            place = ("Students", pupils.rows[i] + 1, item.header)
            for j in _named(cell, i, place, pupils, findings):
                found.setdefault((i, j))
    if not found:
        return None
    who, whom = np.array(sorted(found), np.int64).T
    tolerances = [item.tolerance for item in used if item.tolerance is not None]
    weight = max(weights[item.header] for item in used)
    return WishColumn(used[0].header, who, whom, weight, min(tolerances, default=None))


def _named(cell: object, i: int, place: tuple[str, int, str], pupils: Pupils, findings: Findings) -> list[int]:
    """Return whom a cell names; ``i`` is the pupil who wishes."""
    if is_no(cell) and not pupils.found(as_text(cell)):
        return []
    named = []
    for word in pupils.words_in(cell):
        those = pupils.found(word)
        if len(those) != 1:
            say_not_one(place, word, those, pupils, findings, "warning")
        elif those[0] == i:
            what = Text("{w}的愿望是自己。", "{w} wishes for themselves.").fill(w=pupils.called(i))
            findings.add("warning", place, what, _LEFT_OUT)
        else:
            named.append(those[0])
    return named


def look_at_wishes(cohort: Cohort, pupils: Pupils, findings: Findings) -> None:
    """Warn of wishes that the rules forbid; those beyond the first few are counted."""
    wishes = cohort.wishes
    if wishes is None:
        return
    at = np.flatnonzero(impossible_wishes(cohort, allowed_classes(cohort)))
    for i, j in zip(wishes.who[at[:SHOWN_CELLS]], wishes.whom[at[:SHOWN_CELLS]], strict=True):
        apart = next((r.source for r in cohort.rules if r.kind == "apart" and i in r.pupils and j in r.pupils), None)
        what = Text("{w}想和{o}同班，但规则不允许", "{w} wishes for {o}, but the rules do not allow it")
        said = what.fill(w=pupils.called(int(i)), o=pupils.called(int(j)))
        why = Text("（{r}）。", " ({r}).").fill(r=apart) if apart is not None else Text("。", ".")
        place = ("Students", pupils.rows[int(i)] + 1, wishes.name)
        findings.add("warning", place, Text("{s}{y}", "{s}{y}").fill(s=said, y=why), _FORBIDDEN)
    if len(at) > SHOWN_CELLS:
        more = Text("还有 {n} 个愿望规则不允许。", "{n} more wishes are not allowed by the rules.")
        findings.add("warning", ("Students", None, wishes.name), more.fill(n=len(at) - SHOWN_CELLS), _FORBIDDEN)


_FORBIDDEN = Text("以规则为准，这个愿望不能满足。", "The rules are followed: it cannot be fulfilled.")
