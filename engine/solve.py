"""From a cohort to a placement: seed and effort in, `Result` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from engine.annealing import anneal
from engine.cohort import Cohort, Ints
from engine.criteria import Criterion
from engine.effort import COUNTS_FIRST, KIN_SHARE, PHASES, Effort, Phase, effort_of, temperatures, thresholds
from engine.encode import Encoded, encode
from engine.evening import Visits, even_counts, even_numbers, mend_gaps
from engine.goals import Goal, Standing, goal_of, standing
from engine.kernels import Arrays, State, mend, violations
from engine.opening import generator, opening, state_of

Ended = Literal["floor", "effort", "stopped"]
Progress = Callable[[float], bool]
Tell = Callable[[float], None]
Found = tuple[Standing, Ints]
Level = tuple[int, int, int]  # violations, imbalance of the counts, imbalance


@dataclass(frozen=True, slots=True)
class Result:
    """A placement: ``class_of`` (n,) and how it came about. ``steps`` counts the exchanges proposed.

    ended: "floor", nothing left to gain in any count or mean; "effort", the steps are used up; "stopped", the caller
    asked.
    """

    class_of: Ints
    violations: int
    imbalance: int
    seed: int
    effort: str
    steps: int
    ended: Ended


class StoppedError(Exception):
    """The caller asked to stop; what was found so far is kept."""


@dataclass(slots=True)
class SoFar:
    """What the lots before have come to: the best placement, and the best level at which numbers were evened out."""

    best: Found | None = None
    level: Level | None = None


class Search(Protocol):
    """How a cohort is searched: what placements are compared by, and what is made of the state of one lot."""

    @property
    def encoded(self) -> Encoded:
        """The cohort in integers."""

    @property
    def effort(self) -> Effort:
        """How long the search runs."""

    @property
    def goal(self) -> Goal:
        """The gaps of means that are good enough."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """The most that each class holds."""

    def now(self, state: State) -> Found:
        """Return the placement of a state and how it stands."""

    def improved(self, state: State, tell: Tell, so_far: SoFar, *, opened: bool) -> tuple[Found, int]:
        """Return the best that a state leads to, and the exchanges proposed; ``opened``: it is an opening by lot."""

    def complete(self, class_of: Ints) -> bool:
        """Return whether nothing is left to gain in a placement of the units."""


@dataclass(frozen=True, slots=True)
class Plain:
    """The search by counts, means and spreads; a placement that stands is annealed in ``warm``, if in any phase."""

    encoded: Encoded
    effort: Effort
    goal: Goal
    sizes: tuple[int, ...]
    reached: Callable[[Ints], bool]
    warm: tuple[Phase, ...] = ()

    def now(self, state: State) -> Found:
        """Return the placement of a state and how it stands."""
        return standing(self.encoded, self.goal, state), state.class_of.copy()

    def improved(self, state: State, tell: Tell, so_far: SoFar, *, opened: bool) -> tuple[Found, int]:
        """Return the best that annealing and finish make of a state, and the exchanges proposed."""
        arrays = self.encoded.arrays

        def at(temperature: int, phase: Phase, steps: int) -> int:
            phased = arrays._replace(weight=phased_weight(self.encoded, phase))
            anneal(phased, state, thresholds(temperature), steps, KIN_SHARE)
            return steps

        phases = PHASES if opened else self.warm
        steps = annealed(arrays, state, (self.effort, phases), at, lambda share: tell(0.5 * share))
        rivals = so_far if opened else SoFar()
        return finished(self, self.encoded, state, lambda share: tell(0.5 + 0.5 * share), rivals), steps

    def complete(self, class_of: Ints) -> bool:
        """Return whether nothing is left to gain: all is reached, and there is no spread, which has no floor."""
        return not self.encoded.spreads.any() and self.reached(class_of[self.encoded.unit_of])


def solve(
    cohort: Cohort,
    criteria: tuple[Criterion, ...],
    *,
    reached: Callable[[Ints], bool],
    start: Ints | None = None,
    afresh: bool = True,
    progress: Progress | None = None,
) -> Result:
    """Return the best placement that the seed and effort of the cohort's settings lead to.

    Annealing and finish, from one or more lots, until ``reached(class_of)`` says that every count and mean
    is at its floor or the effort is used up; the best by (violations, counts, means above the goal, everything) is
    kept. ``start`` (n,), a placement that stands with the cohort's sizes, is the first lot: it is evened out, not
    annealed, and comes back as it is if nothing better is found; unless ``afresh`` it is the only lot. ``progress``
    gets the share done, between batches, and returns False to stop. One seed gives one placement on every machine.

    Raises `NoRoomError` if pupils that must be together fit into no class.
    """
    plain = plain_of(cohort, criteria, reached)
    lots = plain.effort.lots * afresh
    return lots_tried(plain, cohort, lots, reached=reached, start=start, progress=progress)


def plain_of(cohort: Cohort, criteria: tuple[Criterion, ...], reached: Callable[[Ints], bool]) -> Plain:
    """Return the search of a cohort, with the effort that its settings ask for."""
    encoded = encode(cohort, criteria)
    effort = effort_of(cohort.settings.effort, len(cohort.ids), len(cohort.sizes), fixed_in(encoded.arrays))
    return Plain(encoded, effort, goal_of(encoded, cohort.most, effort.goal), cohort.most, reached)


def fixed_in(arrays: Arrays) -> int:
    """Return how many pupils may be in one class only."""
    return int(arrays.size[arrays.rules.allowed.sum(axis=1) == 1].sum())


def lots_tried(
    search: Search,
    cohort: Cohort,
    lots: int,
    *,
    reached: Callable[[Ints], bool],
    start: Ints | None,
    progress: Progress | None,
) -> Result:
    """Return the best of what a search makes of a start and of so many openings by lot, as `solve` says."""
    encoded, settings = search.encoded, cohort.settings
    lots += start is not None
    so_far = SoFar()
    ended: Ended = "effort"
    steps = 0
    for lot in range(lots):

        def tell(share: float, lot: int = lot) -> None:
            if progress is not None and not progress((lot + share) / lots):
                raise StoppedError

        if lot == 0 and start is not None:
            state = state_of(encoded.arrays, of_units(encoded, start), cohort.most, generator(settings.seed, -1))
            so_far.best = search.now(state)
        else:
            state = opening(encoded.arrays, cohort.most, settings.seed, lot - (start is not None))
        try:
            found, proposed = search.improved(state, tell, so_far, opened=lot > 0 or start is None)
            steps += proposed
        except StoppedError:
            ended = "stopped"
            found = search.now(state)
        best = found if so_far.best is None or found[0] < so_far.best[0] else so_far.best
        so_far.best = best
        if ended == "stopped":
            break
        if best[0][0] == 0 and reached(best[1][encoded.unit_of]):
            ended = "floor"
            break
    assert lots > 0, "every effort has at least one lot"
    return Result(
        class_of=best[1][encoded.unit_of],
        violations=best[0][0],
        imbalance=best[0][3],
        seed=settings.seed,
        effort=settings.effort,
        steps=steps,
        ended=ended,
    )


def of_units(encoded: Encoded, class_of: Ints) -> Ints:
    """Return the class of each unit, that of its last pupil."""
    of_unit = np.empty(len(encoded.arrays.size), np.int64)
    of_unit[encoded.unit_of] = class_of
    return of_unit


def phased_weight(encoded: Encoded, phase: Phase) -> Ints:
    """Return the weights of a phase: counts heavier, means as light as it says."""
    weight = encoded.arrays.weight
    weight = np.where(encoded.means, np.maximum(1, weight // phase.means_divided_by), weight)
    weight[encoded.arrays.numbers :] *= COUNTS_FIRST
    return weight


def annealed(
    arrays: Arrays,
    state: State,
    course: tuple[Effort, tuple[Phase, ...]],
    at: Callable[[int, Phase, int], int],
    tell: Tell,
) -> int:
    """Mend, then go through the temperatures of the phases; return the exchanges proposed.

    ``at(temperature, phase, steps)`` anneals the state at one temperature and returns the exchanges that it proposed.
    """
    effort, phases = course
    if phases and int(violations(arrays, state)) > 0:
        mend(arrays, state, 200 * len(arrays.size), 32)
    batch = max(1, effort.steps // (len(PHASES) * effort.stages))
    used = 0
    for number, phase in enumerate(phases):
        for stage, temperature in enumerate(temperatures(arrays, phase, effort.stages)):
            used += at(temperature, phase, batch)
            tell((number * effort.stages + stage + 1) / (len(phases) * effort.stages))
    return used


def finished(search: Search, encoded: Encoded, state: State, tell: Tell, so_far: SoFar) -> Found:
    """Even out the counts, then the numbers by exchanges that change no count; return the best placement found.

    A lot that is no better than another was when its numbers were evened out, or whose counts are less even than those
    of the best, is not worth the second part.
    """
    effort, goal = search.effort, search.goal
    if state.sums.shape[0] < 2 or encoded.arrays.numbers == 0:
        return search.now(state)
    even_counts(encoded, effort, state, lambda share: tell(0.2 * share))
    counted = search.now(state)
    violated, counts, _, imbalance = counted[0]
    level = violated, counts, imbalance
    if violated == 0 and search.complete(counted[1]):
        return counted
    if so_far.best is not None and level[:2] > so_far.best[0][:2]:
        return counted
    if so_far.level is not None and level >= so_far.level:
        return counted
    so_far.level = level
    visits = Visits(effort.visits, effort.turns, lambda share: tell(0.2 + 0.8 * share))
    best = counted
    for turn in range(effort.turns):
        even_numbers(encoded, effort.moves, goal, state, visits, turn)
        state = mend_gaps(encoded, effort, goal, state, search.sizes)
        best = min(best, search.now(state), key=lambda found: found[0])
    tell(1.0)
    return best
