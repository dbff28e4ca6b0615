"""Small random cohorts and their criteria, for property tests of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from engine.cohort import Cohort, LabelColumn, NumberColumn, Rule, Settings
from engine.criteria import criteria_of
from engine.encode import Encoded, encode
from engine.kernels import State
from engine.opening import NoRoomError, opening
from engine.wording import plain


def make_cohort(
    marks: Sequence[int | None],
    genders: Sequence[int],
    sizes: tuple[int, ...],
    *,
    rules: tuple[Rule, ...] = (),
    seed: int = 1,
    spread: bool = True,
) -> Cohort:
    """Return a cohort with one mark column (None: absent) and one gender column."""
    n = len(marks)
    values = np.array([mark or 0 for mark in marks], np.int64)
    present = np.array([mark is not None for mark in marks], np.bool_)
    columns = (
        LabelColumn("gender", "gender", np.array(genders, np.int64), ("F", "M")),
        NumberColumn("mark", "mark", values, present, per_unit=1, spread=spread),
    )
    return Cohort(
        ids=tuple(str(i + 1) for i in range(n)),
        names=("",) * n,
        classes=tuple(f"C{k + 1}" for k in range(len(sizes))),
        sizes=sizes,
        columns=columns,
        rules=rules,
        settings=Settings(seed=seed, effort="quick", language="en"),
    )


def encoded(cohort: Cohort) -> Encoded:
    """Return the cohort in integers."""
    return encode(cohort, criteria_of(cohort))


def opened(cohort: Cohort) -> tuple[Encoded, State]:
    """Return the cohort in integers with an opening state."""
    code = encoded(cohort)
    try:
        return code, opening(code.arrays, cohort.most, cohort.settings.seed, 0)
    except NoRoomError:
        reject()  # a drawn cohort whose blocks do not fit tells nothing about a search


@st.composite
def cohorts(draw: Any, *, ruled: bool = True, absent: bool = True) -> Cohort:
    """Draw a cohort of 6 to 14 pupils in 2 or 3 classes with a few random rules; which class is larger may be open."""
    n = draw(st.integers(6, 14))
    k = draw(st.integers(2, 3))
    sizes = [n // k] * k
    sizes[0] += n - sum(sizes)
    mark = st.integers(0, 100)
    marks = draw(st.lists(st.one_of(mark, st.none()) if absent else mark, min_size=n, max_size=n))
    if all(value is None for value in marks):
        marks[0] = 50
    genders = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    rules = tuple(draw(st.lists(_rule(n, k), max_size=3))) if ruled else ()
    cohort = make_cohort(marks, genders, tuple(sizes), rules=rules, seed=draw(st.integers(0, 99)))
    if n % k == 0 or draw(st.booleans()):
        return cohort
    return replace(cohort, sizes=tuple(n // k + (a < n % k) for a in range(k)), alike=(True,) * k)


@st.composite
def _rule(draw: Any, n: int, k: int) -> Rule:
    kind = draw(st.sampled_from(["together", "apart", "fixed", "barred", "at_most"]))
    few = 2 if kind in ("together", "apart") else 4
    pupils = tuple(draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=few, unique=True)))
    if kind in ("fixed", "barred"):
        return Rule(kind, pupils[:1], plain("test"), class_index=draw(st.integers(0, k - 1)))
    return Rule(kind, pupils, plain("test"), limit=1 if kind == "at_most" else None)
