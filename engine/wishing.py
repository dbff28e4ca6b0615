"""The search where pupils have wishes: as `engine.solve`, with the pupils left without a companion in the balance.

Wishes hold a class together while balance mixes it, so they are annealed at once: each pupil without any wish fulfilled
adds to the imbalance what `engine.wish_lists.cost_of` says. Exchanges of companies move those who need each other. The
finish then moves only pupils on whom no fulfilled wish depends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.cohort import Cohort, Ints
from engine.criteria import Criterion
from engine.effort import COUNTS_FIRST, KIN_SHARE, MEANS_LATER, Effort, Phase, effort_of, thresholds
from engine.encode import Encoded, encode
from engine.goals import Goal, goal_of, standing
from engine.kernels import State
from engine.solve import Found, Progress, Result, Tell, annealed, finished, lots_tried, phased_weight, solve
from engine.wish_kernels import anneal_wishes
from engine.wish_lists import Sought, sought
from engine.wish_moves import anneal_companies

# Hotter at first than without wishes: a pupil without costs more than a pupil too many, and must be free to move.
PHASES: tuple[Phase, ...] = (
    Phase(1_500_000, 50_000, MEANS_LATER),
    Phase(50_000, 1_000, MEANS_LATER),
    Phase(1_000, 30, 1),
)
MOST_LOTS = 8
TURNS = 4  # of exchanges of pupils and of companies, at each temperature
COMPANIES = 2  # one proposal of companies for so many of pupils


@dataclass(frozen=True, slots=True)
class Wishing:
    """The search by counts, means, spreads and wishes, see `engine.solve.Search`."""

    encoded: Encoded
    name: str
    effort: Effort
    goal: Goal
    sizes: tuple[int, ...]
    reached: Callable[[Ints], bool]
    wishes: Sought

    def now(self, state: State) -> Found:
        """Return the placement of a state and how it stands, wishes counted."""
        paid = self.wishes.paid(state.class_of)
        broken, counts, above, total = standing(self.encoded, self.goal, state)
        return (broken, counts + paid, above, total + paid), state.class_of.copy()

    def improved(self, state: State, tell: Tell, best: Found | None, *, opened: bool) -> tuple[Found, int]:
        """Return the best that annealing makes of a state, finished by exchanges of pupils on whom no wish depends."""
        arrays, wishes, cost = self.encoded.arrays, self.wishes, COUNTS_FIRST * self.wishes.cost

        def at(temperature: int, phase: Phase, steps: int) -> int:
            phased, table = arrays._replace(weight=phased_weight(self.encoded, phase)), thresholds(temperature)
            for _ in range(TURNS):
                anneal_wishes(phased, wishes.lists, state, cost, table, steps // TURNS, KIN_SHARE)
                anneal_companies(phased, wishes.lists, state, cost, table, steps // TURNS // COMPANIES)
            return steps + steps // COMPANIES

        phases = PHASES if opened else PHASES[-1:]
        steps = annealed(arrays, state, (self.effort, phases), at, lambda share: tell(0.8 * share))
        with_wishes = self.now(state)
        held = _held(self, state)
        fixed = int(arrays.size[held.arrays.rules.allowed.sum(axis=1) == 1].sum())
        effort = effort_of(self.name, int(arrays.size.sum()), len(self.sizes), fixed)
        found = finished(replace(self, effort=effort), held, state, lambda share: tell(0.8 + 0.2 * share), None)
        return min(with_wishes, found, key=lambda one: one[0]), steps

    def complete(self, class_of: Ints) -> bool:
        """Return whether nothing is left to gain in any count, mean or wish, and there is no spread."""
        return not self.encoded.spreads.any() and self.reached(class_of[self.encoded.unit_of])


def solved(
    cohort: Cohort,
    criteria: tuple[Criterion, ...],
    *,
    reached: Callable[[Ints], bool],
    start: Ints | None = None,
    afresh: bool = True,
    progress: Progress | None = None,
) -> Result:
    """Return the best placement found, as `engine.solve.solve` says; where there are wishes they are sought too."""
    if cohort.wishes is None or cohort.wishes.weight == 0:
        return solve(cohort, criteria, reached=reached, start=start, afresh=afresh, progress=progress)
    encoded, name = encode(cohort, criteria), cohort.settings.effort
    effort = effort_of(name, len(cohort.ids), len(cohort.sizes))
    goal = goal_of(encoded, cohort.most, effort.goal)
    search = Wishing(encoded, name, effort, goal, cohort.most, reached, sought(cohort.wishes, encoded))
    lots = min(effort.lots, MOST_LOTS) * afresh
    return lots_tried(search, cohort, lots, reached=reached, start=start, progress=progress)


def _held(search: Wishing, state: State) -> Encoded:
    """Return the cohort with every unit barred from other classes that has a wish fulfilled, or fulfils one.

    Of several who fulfil a wish one is enough: one that is held already, else the one that most wish for.
    """
    class_of, arrays = state.class_of, search.encoded.arrays
    lists = search.wishes.settled(class_of)
    support, wanted = lists.support, np.diff(lists.by_start)
    held = np.zeros(len(class_of), np.bool_)
    held[lists.of[support > 0]] = True
    for q in np.flatnonzero(support > 0):
        named = lists.unit[lists.start[q] : lists.start[q + 1]]
        there = named[class_of[named] == class_of[lists.of[q]]]
        if not held[there].any():
            held[there[int(wanted[there].argmax())]] = True
    allowed = arrays.rules.allowed.copy()
    allowed[held] &= (np.arange(allowed.shape[1]) == class_of[held][:, None]).astype(np.uint8)
    rules = arrays.rules._replace(ruled=np.where(held, 1, arrays.rules.ruled).astype(np.uint8), allowed=allowed)
    return replace(search.encoded, arrays=arrays._replace(rules=rules))
