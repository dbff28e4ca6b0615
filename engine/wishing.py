"""The search where pupils have wishes: as `engine.solve`, with the pupils left without a companion in the balance.

Wishes hold a class together while balance mixes it, so they are annealed at once: each pupil without any wish fulfilled
adds to the imbalance what `engine.wish_lists.cost_of` says. Exchanges of companies move those who need each other. The
finish then moves only pupils on whom no fulfilled wish depends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.cohort import Cohort, Ints, Settings
from engine.criteria import Criterion
from engine.effort import COUNTS_FIRST, KIN_SHARE, MEANS_LATER, Effort, Phase, effort_of, temperatures, thresholds
from engine.encode import Encoded, encode
from engine.evening import even_counts, even_numbers, mend_gaps
from engine.goals import Goal, Standing, goal_of, standing
from engine.kernels import State, mend, violations
from engine.opening import generator, opening, state_of
from engine.solve import Ended, Progress, Result, StoppedError, solve
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
Tell = Callable[[float], None]
Found = tuple[Standing, Ints]


@dataclass(frozen=True, slots=True)
class _Search:
    """What stays the same from lot to lot."""

    encoded: Encoded
    settings: Settings
    effort: Effort
    goal: Goal
    sizes: tuple[int, ...]
    wishes: Sought

    def now(self, state: State) -> Found:
        """Return the placement of a state and how it stands, wishes counted."""
        paid = self.wishes.paid(state.class_of)
        broken, counts, above, total = standing(self.encoded, self.goal, state)
        return (broken, counts + paid, above, total + paid), state.class_of.copy()


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
    search = _search(cohort, criteria)
    encoded, unit_of, seed = search.encoded, search.encoded.unit_of, cohort.settings.seed
    lots = min(search.effort.lots, MOST_LOTS) * afresh + (start is not None)
    best: Found | None = None
    ended: Ended = "effort"
    steps = 0
    for lot in range(lots):

        def tell(share: float, lot: int = lot) -> None:
            if progress is not None and not progress((lot + share) / lots):
                raise StoppedError

        phases = PHASES
        if lot == 0 and start is not None:
            phases = PHASES[-1:]
            class_of = np.empty(len(encoded.arrays.size), np.int64)
            class_of[unit_of] = start
            state = state_of(encoded.arrays, class_of, cohort.most, generator(seed, -1))
            best = search.now(state)
        else:
            state = opening(encoded.arrays, cohort.most, seed, lot - (start is not None))
        try:
            steps += _anneal(search, state, phases, tell)
            found = _finished(search, state, tell)
        except StoppedError:
            ended = "stopped"
            found = search.now(state)
        best = found if best is None or found[0] < best[0] else best
        if ended != "stopped" and best[0][0] == 0 and reached(best[1][unit_of]):
            ended = "floor"
        if ended != "effort":
            break
    assert best is not None, "every effort has at least one lot"
    return Result(best[1][unit_of], best[0][0], best[0][3], seed, cohort.settings.effort, steps, ended)


def _search(cohort: Cohort, criteria: tuple[Criterion, ...]) -> _Search:
    assert cohort.wishes is not None, "called for a cohort with wishes"
    encoded = encode(cohort, criteria)
    effort = effort_of(cohort.settings.effort, len(cohort.ids), len(cohort.sizes))
    goal = goal_of(encoded, cohort.most, effort.goal)
    return _Search(encoded, cohort.settings, effort, goal, cohort.most, sought(cohort.wishes, encoded))


def _anneal(search: _Search, state: State, phases: tuple[Phase, ...], tell: Tell) -> int:
    """Mend, then anneal with wishes; return the steps used."""
    arrays, effort, encoded, wishes = search.encoded.arrays, search.effort, search.encoded, search.wishes
    if int(violations(arrays, state)) > 0:
        mend(arrays, state, 200 * len(arrays.size), 32)
    batch = max(TURNS, effort.steps // (2 * effort.stages))
    used = 0
    for number, phase in enumerate(phases):
        weight = np.where(encoded.means, np.maximum(1, arrays.weight // phase.means_divided_by), arrays.weight)
        weight[arrays.numbers :] *= COUNTS_FIRST
        phased = arrays._replace(weight=weight)
        for stage, temperature in enumerate(temperatures(arrays, phase, effort.stages)):
            table, cost = thresholds(temperature), COUNTS_FIRST * wishes.cost
            for _ in range(TURNS):
                anneal_wishes(phased, wishes.lists, state, cost, table, batch // TURNS, KIN_SHARE)
                anneal_companies(phased, wishes.lists, state, cost, table, batch // TURNS // COMPANIES)
            used += batch + batch // COMPANIES
            tell(0.8 * (number * effort.stages + stage + 1) / (len(phases) * effort.stages))
    return used


def _finished(search: _Search, state: State, tell: Tell) -> Found:
    """Bring the numbers together by exchanges of pupils on whom no wish depends; return the best placement."""
    best = search.now(state)
    encoded = _held(search, state)
    if state.sums.shape[0] < 2 or encoded.arrays.numbers == 0:
        return best
    arrays = encoded.arrays
    fixed = int(arrays.size[arrays.rules.allowed.sum(axis=1) == 1].sum())
    effort = effort_of(search.settings.effort, int(arrays.size.sum()), len(search.sizes), fixed)
    even_counts(encoded, effort, state, lambda share: tell(0.8 + 0.05 * share))
    best = min(best, search.now(state), key=lambda found: found[0])
    even_numbers(encoded, effort, search.goal, state, lambda share: tell(0.85 + 0.15 * share))
    state = mend_gaps(encoded, effort, search.goal, state, search.sizes)
    tell(1.0)
    return min(best, search.now(state), key=lambda found: found[0])


def _held(search: _Search, state: State) -> Encoded:
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
