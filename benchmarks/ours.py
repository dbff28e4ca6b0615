"""Our own search as a method of the benchmark, at an effort or at a part of one ("quick/4")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from unittest.mock import patch

import engine.solve
from benchmarks.peers import Found
from benchmarks.problem import Kind
from benchmarks.rosters import Roster, cohort_of
from engine.cohort import Cohort
from engine.criteria import criteria_of
from engine.effort import Effort, effort_of
from engine.floors import floors_of
from engine.measuring import all_reached

EFFORTS = ("quick", "standard", "deep")
UNSCALED = (
    "moves",
    "stages",
    "goal",
)  # fields of an Effort that a part of it has all of: what a step looks at, and aims at


def cohort_for(roster: Roster, kind: Kind, effort: str, seed: int) -> Cohort:
    """Return the cohort that is the same problem as `benchmarks.problem.problem_of`."""
    named = roster if kind == "everything" else replace(roster, labels=(roster.gender,))
    return cohort_of(named, everything=kind == "everything", seed=seed, effort=effort.partition("/")[0])


def prepared(roster: Roster, kind: Kind, effort: str, seed: int) -> Callable[[], Found]:
    """Return the search ready to start: what is measured is the search, not the reading and not the floors."""
    cohort = cohort_for(roster, kind, effort, seed)
    criteria = criteria_of(cohort)
    reached = partial(all_reached, cohort, criteria, floors_of(cohort, criteria))

    def search() -> Found:
        with _part_of(effort):
            result = engine.solve.solve(cohort, criteria, reached=reached)
        return Found(
            result.class_of, result.steps, "every count and mean at its floor" if result.ended == "floor" else ""
        )

    return search


@contextmanager
def _part_of(effort: str) -> Iterator[None]:
    """Let the search take only a part of an effort, as in "quick/4": only the benchmark needs efforts in between."""
    _, _, divisor = effort.partition("/")
    if not divisor:
        yield
        return

    def less(name: str, n: int, k: int, fixed: int) -> Effort:
        whole = effort_of(name, n, k, fixed)
        amounts = {field.name: getattr(whole, field.name) for field in fields(whole) if field.name not in UNSCALED}
        return replace(whole, **{name: max(1, amount // int(divisor)) for name, amount in amounts.items()})

    with patch.object(engine.solve, "effort_of", less):
        yield
