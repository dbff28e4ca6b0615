"""The search where pupils have wishes: as `engine.solve`, with the pupils left without a companion in the balance.

Wishes hold a class together while balance mixes it, so they are annealed at once: each pupil without any wish fulfilled
adds to the imbalance what `engine.wish_lists.cost_of` says. Exchanges of companies move those who need each other. The
finish then moves pupils on whom no fulfilled wish depends; at last single exchanges weigh wishes against means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.cohort import Cohort, Ints
from engine.criteria import Criterion, criteria_of
from engine.current import current_of
from engine.effort import COUNTS_FIRST, KIN_SHARE, MEANS_LATER, Effort, Phase, thresholds
from engine.encode import Encoded
from engine.goals import Goal, Standing, standing
from engine.kernels import Arrays, State
from engine.measuring import actual_sizes
from engine.opening import generator, state_of
from engine.rebalancing import MOST_STEPS, step_by_step
from engine.solve import (
    Found,
    Plain,
    Progress,
    Result,
    Search,
    SoFar,
    Tell,
    annealed,
    finished,
    fixed_in,
    lots_tried,
    phased_weight,
    plain_of,
)
from engine.wish_kernels import anneal_wishes
from engine.wish_lists import Sought, compared_goal, sought
from engine.wish_moves import anneal_companies

# Hotter at first than without wishes: a pupil without costs more than a pupil too many, and must be free to move.
PHASES: tuple[Phase, ...] = (
    Phase(1_500_000, 50_000, MEANS_LATER),
    Phase(50_000, 1_000, MEANS_LATER),
    Phase(1_000, 10, 1),
)
SOUGHT_HARDER = 4  # than they are worth, since counts come first in any case
COUNTS_HEAVIER, MEANS_HEAVIER, SPREADS_LIGHTER = 2, 4, 2  # at last, where wishes must not cost balance
MOST_LOTS = 8
TURNS = 4  # of exchanges of pupils and of companies, at each temperature
COMPANIES = 2  # one proposal of companies for so many of pupils
STEPS = 40  # exchanges at most, one after another, that weigh wishes against means to the last


@dataclass(frozen=True, slots=True)
class Wishing:
    """The search by counts, means, spreads and wishes, see `engine.solve.Search`. ``compared``: the goal for `now`."""

    cohort: Cohort
    plain: Plain
    encoded: Encoded
    effort: Effort
    goal: Goal
    sizes: tuple[int, ...]
    wishes: Sought
    compared: Goal

    def now(self, state: State) -> Found:
        """Return the placement of a state and how it stands, wishes counted."""
        return self.wishes.charged(standing(self.encoded, self.compared, state), state.class_of), state.class_of.copy()

    def improved(self, state: State, tell: Tell, so_far: SoFar, *, opened: bool) -> tuple[Found, int]:
        """Return the best that annealing makes of a state, finished so that wishes and means are weighed."""
        phases = PHASES if opened else PHASES[-1:]
        steps = annealed(
            self.encoded.arrays, state, (self.effort, phases), self._annealing(state), lambda share: tell(0.8 * share)
        )
        found = min(self.now(state), self._held_finish(state, lambda share: tell(0.8 + 0.1 * share)), key=_standing)
        if self.wishes.first or found[0][2] == 0:
            return found, steps
        stepped = self._stepped(found[1])
        found = min(found, self.now(stepped), key=_standing)
        return min(found, self._held_finish(stepped, lambda share: tell(0.9 + 0.1 * share)), key=_standing), steps

    def complete(self, class_of: Ints) -> bool:
        """Return whether nothing is left to gain in any count, mean or wish, and there is no spread."""
        return self.plain.complete(class_of)

    def _annealing(self, state: State) -> Callable[[int, Phase, int], int]:
        arrays, lists, encoded = self.encoded.arrays, self.wishes.lists, self.encoded
        cost = self.wishes.cost * (COUNTS_FIRST if self.wishes.first else SOUGHT_HARDER)

        def at(temperature: int, phase: Phase, steps: int) -> int:
            weight, table = phased_weight(encoded, phase), thresholds(temperature)
            if phase == PHASES[-1] and not self.wishes.first:
                weight[arrays.numbers :] *= COUNTS_HEAVIER
                weight[encoded.means] *= MEANS_HEAVIER
                weight[encoded.spreads] = np.maximum(1, weight[encoded.spreads] // SPREADS_LIGHTER)
            phased = arrays._replace(weight=weight)
            for _ in range(TURNS):
                anneal_wishes(phased, lists, state, cost, table, steps // TURNS, KIN_SHARE)
                anneal_companies(phased, lists, state, cost, table, steps // TURNS // COMPANIES)
            return steps + steps // COMPANIES

        return at

    def _held_finish(self, state: State, tell: Tell) -> Found:
        """Return what exchanges of pupils on whom no wish depends make of a state."""
        held = _held(self, state)
        fewer = free_in(self.encoded.arrays) ** 2, free_in(held.arrays) ** 2  # then fewer visits find something
        search = replace(self, effort=replace(self.effort, visits=self.effort.visits * fewer[0] // fewer[1]))
        return finished(search, held, state, tell, SoFar())

    def _stepped(self, units: Ints) -> State:
        """Return a placement of the units after exchanges, always the best, as long as one helps or two together do."""
        class_of = units[self.encoded.unit_of]
        cohort = replace(self.cohort, sizes=actual_sizes(class_of, len(self.sizes)), alike=())
        criteria = criteria_of(cohort)
        current = current_of(cohort, (criteria, (Fraction(0),) * len(criteria)), class_of)
        found = step_by_step(current, class_of, tell=lambda share: share * MOST_STEPS < STEPS)
        after = units.copy()  # empty places stay
        after[self.encoded.unit_of] = current.after(found[-1].moves)
        return state_of(self.encoded.arrays, after, self.sizes, generator(self.cohort.settings.seed, -1))


def _standing(found: Found) -> Standing:
    return found[0]


def searching(cohort: Cohort, plain: Plain) -> Search:
    """Return the search of a cohort, made from that without wishes: the same if there are none to seek."""
    if cohort.wishes is None or cohort.wishes.weight == 0:
        return plain
    wishes = sought(cohort, plain.encoded)
    assert wishes is not None, "there are some"
    compared = compared_goal(plain.encoded, plain.sizes, plain.effort.goal, wishes)
    return Wishing(cohort, plain, plain.encoded, plain.effort, plain.goal, plain.sizes, wishes, compared)


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
