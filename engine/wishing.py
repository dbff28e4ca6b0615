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
from engine.effort import COUNTS_FIRST, KIN_SHARE, MEANS_LATER, Effort, Phase, thresholds
from engine.encode import Encoded
from engine.goals import Goal, standing
from engine.kernels import Arrays, State
from engine.solve import (
    Found,
    Plain,
    Progress,
    Result,
    Search,
    Tell,
    annealed,
    finished,
    fixed_in,
    lots_tried,
    phased_weight,
    plain_of,
)
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
    effort: Effort
    goal: Goal
    sizes: tuple[int, ...]
    wishes: Sought
    plain: Plain

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
        fewer = free_in(arrays) ** 2, free_in(held.arrays) ** 2  # where few are free, fewer visits find something
        search = replace(self, effort=replace(self.effort, visits=self.effort.visits * fewer[0] // fewer[1]))
        found = finished(search, held, state, lambda share: tell(0.8 + 0.2 * share), None)
        return min(with_wishes, found, key=lambda one: one[0]), steps

    def complete(self, class_of: Ints) -> bool:
        """Return whether nothing is left to gain in any count, mean or wish, and there is no spread."""
        return self.plain.complete(class_of)


def searching(cohort: Cohort, plain: Plain) -> Search:
    """Return the search of a cohort, made from that without wishes: the same if there are none to seek."""
    if cohort.wishes is None or cohort.wishes.weight == 0:
        return plain
    wishes = sought(cohort.wishes, plain.encoded)
    return Wishing(plain.encoded, plain.effort, plain.goal, plain.sizes, wishes, plain)


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
    plain = plain_of(cohort, criteria, reached)
    search = searching(cohort, plain)
    lots = (plain.effort.lots if search is plain else min(plain.effort.lots, MOST_LOTS)) * afresh
    return lots_tried(search, cohort, lots, reached=reached, start=start, progress=progress)


def free_in(arrays: Arrays) -> int:
    """Return how many pupils are fixed to no class, half of all at least."""
    n = int(arrays.size.sum())
    return max(n - fixed_in(arrays), n // 2, 1)


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
