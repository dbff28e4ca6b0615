"""From a cohort to a placement: seed and effort in, `Result` out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.annealing import anneal
from engine.cohort import Cohort, Ints
from engine.criteria import Criterion
from engine.effort import KIN_SHARE, PHASES, STAGES, Effort, effort_of, temperatures, thresholds
from engine.encode import Encoded, encode
from engine.finish import finish_pair
from engine.kernels import Arrays, State, Words, below, imbalance, mend, violations
from engine.opening import generator, opening, shuffled, state_of

Ended = Literal["floor", "effort", "stopped"]
Progress = Callable[[float], bool]

MOST_HEAVIER = 64  # weights are raised by no more, see `engine.encode.LARGEST`
FIRM, STRICT = 512, 4096  # how much heavier than spreads the means are outside their range
MENDING = 3  # visits per class, at most, to mend what is left of counts, and of gaps above the goal

ONCE = False
PART = 8
NEAR = (150, 220, 320, 450, 640)  # swaps of a pair of which all pairs are looked at, from visit to visit
THREADS = 2  # pairs of classes finished side by side; the kernels hold no lock

Standing = tuple[int, int, int, int]
Ranges = tuple[Ints, Ints]


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


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same from lot to lot: ``limits`` (f,) are the gaps of means that are good enough.

    ``good_enough`` and ``exactly`` are ranges of class sums (k, f), lowest and highest, for `finish_pair`.
    """

    encoded: Encoded
    effort: Effort
    sizes: tuple[int, ...]
    limits: Ints
    good_enough: Ranges
    exactly: Ranges
    reached: Callable[[Ints], bool]

    def complete(self, class_of: Ints) -> bool:
        """Return whether nothing is left to gain: all is reached, and there is no spread, which has no floor."""
        return not self.encoded.spreads.any() and self.reached(class_of[self.encoded.unit_of])


def solve(
    cohort: Cohort,
    criteria: tuple[Criterion, ...],
    *,
    reached: Callable[[Ints], bool],
    progress: Progress | None = None,
    start: Ints | None = None,
) -> Result:
    """Return the best placement that the seed and effort of the cohort's settings lead to.

    Annealing and finish, from one or more lots, until ``reached(class_of)`` says that every count and mean
    is at its floor or the effort is used up; the best by (violations, counts, everything) is kept. ``progress`` gets
    the share done, between batches, and returns False to stop. One seed gives one placement on every machine.
    With ``start`` (n,) the first lot goes on from there; it is returned as it is unless something strictly better is
    found. It has to keep blocks together and have the cohort's sizes.

    Raises `NoRoomError` if pupils that must be together fit into no class.
    """
    settings = cohort.settings
    encoded = encode(cohort, criteria)
    effort = effort_of(settings.effort, len(cohort.ids), len(cohort.sizes))
    limits = _limits(encoded, cohort.sizes, effort.goal)
    nothing = np.zeros((len(cohort.sizes), len(limits)), np.int64)
    run = _Run(
        encoded, effort, cohort.sizes, limits, _ranges(encoded, limits, cohort.sizes), (nothing, nothing), reached
    )
    best: tuple[Standing, Ints] | None = None
    ended: Ended = "effort"
    steps = 0
    for lot in range(effort.lots):
        if lot == 0 and start is not None:
            units = start[np.unique(encoded.unit_of, return_index=True)[1]]
            state = state_of(encoded.arrays, units, cohort.sizes, generator(settings.seed, 0))
            best = (_standing(run, state), state.class_of.copy())
        else:
            state = opening(encoded.arrays, cohort.sizes, settings.seed, lot)

        def tell(share: float, lot: int = lot) -> None:
            if progress is not None and not progress((lot + share) / effort.lots):
                raise StoppedError

        try:
            if lot > 0 or start is None:
                steps += _anneal(encoded, state, effort.steps, tell)
            found = _finish(run, state, tell)
        except StoppedError:
            ended = "stopped"
            found = (_standing(run, state), state.class_of.copy())
        if best is None or found[0] < best[0]:
            best = found
        if ended == "stopped":
            break
        if best[0][0] == 0 and reached(best[1][encoded.unit_of]):
            ended = "floor"
            break
    assert best is not None, "every effort has at least one lot"
    return Result(
        class_of=best[1][encoded.unit_of],
        violations=best[0][0],
        imbalance=best[0][3],
        seed=settings.seed,
        effort=settings.effort,
        steps=steps,
        ended=ended,
    )


def _anneal(encoded: Encoded, state: State, steps: int, tell: Callable[[float], None]) -> int:
    """Mend, then anneal in two phases; return the steps used."""
    arrays = encoded.arrays
    if int(violations(arrays, state)) > 0:
        mend(arrays, state, 200 * len(arrays.size), 32)
    batch = max(1, steps // (len(PHASES) * STAGES))
    used = 0
    for number, phase in enumerate(PHASES):
        weight = np.where(encoded.means, np.maximum(1, arrays.weight // phase.means_divided_by), arrays.weight)
        phased = arrays._replace(weight=weight)
        for stage, temperature in enumerate(temperatures(arrays, phase)):
            anneal(phased, state, thresholds(temperature), batch, KIN_SHARE)
            used += batch
            tell(0.5 * (number * STAGES + stage + 1) / (len(PHASES) * STAGES))
    return used


def _finish(run: _Run, state: State, tell: Callable[[float], None]) -> tuple[Standing, Ints]:
    """Bring the numbers together by exchanges that change no count; return the best placement and how it stands.

    Cheap rounds, in which each class is paired with another, even out everything alike. Then means that are within the
    goal cost nothing, so that the spreads become as even as they then can. At last the classes that still are above the
    goal are visited one pair at a time, which disturbs the others least.
    """
    encoded, effort, k = run.encoded, run.effort, state.sums.shape[0]
    if k < 2 or encoded.arrays.numbers == 0:
        return _standing(run, state), state.class_of.copy()
    for turn in range(effort.cheap):
        _visit(encoded.arrays, state, run.exactly, _by_lot(state), effort.moves, 0)
        tell(0.5 + 0.1 * (turn + 1) / effort.cheap)
    _mend_counts(run, state, effort.moves)
    best = (_standing(run, state), state.class_of.copy())
    if best[0][0] == 0 and run.complete(best[1]):
        return best
    _even_out(run, state, lambda share: tell(0.6 + 0.4 * share))
    state = _mend_gaps(run, state, effort.moves, NEAR[0])
    return min(best, (_standing(run, state), state.class_of.copy()), key=lambda found: found[0])


def _even_out(run: _Run, state: State, tell: Callable[[float], None]) -> None:
    """Visit the pairs of classes that have most to gain from each other until none gains or the visits are used up.

    A pair that found nothing is not visited again before one of the two has changed; when there is no other pair, the
    visits become more thorough.
    """
    firm = run.encoded.arrays._replace(weight=_means_first(run.encoded, FIRM))
    k = state.sums.shape[0]
    spent = 0
    for near in NEAR:
        open_pairs = ~np.eye(k, dtype=np.bool_)
        while spent < run.effort.visits:
            pairs = _promising(firm, state, run.good_enough, open_pairs)
            if not pairs:
                break
            changes = _visit(firm, state, run.good_enough, pairs, run.effort.moves, near)
            for (a, b), change in zip(pairs, changes, strict=True):
                if change == 0:
                    open_pairs[a, b] = open_pairs[b, a] = False
                else:
                    open_pairs[[a, b], :] = open_pairs[:, [a, b]] = True
                    open_pairs[a, b] = open_pairs[b, a] = ONCE
            np.fill_diagonal(open_pairs, val=False)
            spent += len(pairs) * near * near // NEAR[0] ** 2
            tell(min(1.0, spent / run.effort.visits))


def _promising(arrays: Arrays, state: State, ranges: Ranges, open_pairs: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return disjoint open pairs of classes, those with the most to gain from each other first, some at a time."""
    m, k = arrays.numbers, state.sums.shape[0]
    low, high = (ends[:, :m] for ends in ranges)
    sums, r, weight = state.sums[:, :m], arrays.reciprocal, arrays.weight[:m]
    beyond = np.maximum(0, np.maximum(low - sums, sums - high))
    alone = (weight * beyond**2).sum(axis=1) * r
    gain = np.empty((k, k), np.int64)
    for a in range(k):
        over = np.maximum(0, np.maximum(low[a] + low - sums[a] - sums, sums[a] + sums - high[a] - high))
        shared = (weight * (over * over * (r[a] * r)[:, None] // (r[a] + r)[:, None])).sum(axis=1)
        gain[a] = alone[a] + alone - shared
    gain[~open_pairs] = 0
    pairs: list[tuple[int, int]] = []
    while len(pairs) < max(THREADS, k // PART):
        a, b = divmod(int(gain.argmax()), k)
        if gain[a, b] <= 0:
            break
        pairs.append((a, b))
        gain[[a, b], :] = gain[:, [a, b]] = 0
    return pairs


def _mend_counts(run: _Run, state: State, moves: int) -> None:
    """Visit classes that are two pupils or more apart in a count together: by lot they would seldom meet."""
    arrays, k = run.encoded.arrays, state.sums.shape[0]
    for _ in range(MENDING * k):
        counts = state.sums[:, arrays.numbers :]
        apart = np.flatnonzero(counts.max(axis=0) - counts.min(axis=0) >= 2 * arrays.step)
        if len(apart) == 0:
            return
        f = int(apart[below(state.random, len(apart))])
        ends = [np.flatnonzero(counts[:, f] == end) for end in (counts[:, f].max(), counts[:, f].min())]
        a, b = (int(end[below(state.random, len(end))]) for end in ends)
        finish_pair(arrays, state, *run.exactly, a, b, moves, 0)


def _mend_gaps(run: _Run, state: State, moves: int, tries: int) -> State:
    """Return the state with gaps of means brought down to the goal by exchanges of the classes at their ends."""
    encoded, k = run.encoded, state.sums.shape[0]
    strict = encoded.arrays._replace(weight=_means_first(encoded, STRICT))
    means = np.flatnonzero(encoded.means)
    for _ in range(MENDING * k):
        values = state.sums[:, means] * encoded.arrays.reciprocal[:, None]
        above = values.max(axis=0) - values.min(axis=0) - run.limits[means]
        if len(means) == 0 or int(above.max()) <= 0:
            return state
        worst = int((16 * above // run.limits[means]).argmax())
        end = int(values[:, worst].argmax() if below(state.random, 2) else values[:, worst].argmin())
        other = (end + 1 + int(below(state.random, k - 1))) % k
        before, kept = _above(run, state), state.class_of.copy()
        finish_pair(strict, state, *run.good_enough, end, other, moves, tries)
        if _above(run, state) >= before:
            state = state_of(encoded.arrays, kept, run.sizes, state.random)
    return state


def _by_lot(state: State) -> list[tuple[int, int]]:
    """Return every class paired with another by lot; of an odd number one is left out."""
    order = shuffled(state.sums.shape[0], state.random)
    return [(int(order[at]), int(order[at + 1])) for at in range(0, len(order) - 1, 2)]


def _visit(
    arrays: Arrays, state: State, ranges: Ranges, pairs: list[tuple[int, int]], moves: int, near: int
) -> list[int]:
    """Finish disjoint pairs of classes, two side by side; return what each gained.

    A pair changes nothing that another one reads, and each has a generator of its own, drawn beforehand: so the
    result is the same with one thread or two, whichever comes first.
    """
    generators = [np.array([1 + below(state.random, 1 << 30)], np.uint64) for _ in pairs]

    def visit(pair: tuple[int, int], random: Words) -> int:
        return int(finish_pair(arrays, state._replace(random=random), *ranges, *pair, moves, near))

    if len(pairs) < 2 or near == 0:
        return [visit(pair, random) for pair, random in zip(pairs, generators, strict=True)]
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        return list(pool.map(visit, pairs, generators))


def _means_first(encoded: Encoded, factor: int) -> Ints:
    """Return the weights with the means ``factor`` times as heavy against the spreads; 64 bits hold them."""
    heavier = min(factor, MOST_HEAVIER)
    weight = np.where(encoded.means, encoded.arrays.weight * heavier, encoded.arrays.weight)
    return np.where(encoded.spreads, np.maximum(1, weight * heavier // factor), weight)


def _limits(encoded: Encoded, sizes: tuple[int, ...], goal: Fraction) -> Ints:
    """Return for each encoded column the range of reciprocal * class sum that is good enough.

    That is the goal, in marks, or one step of the largest class where that is more; 0 where the column is no mean.
    """
    whole = max(int(r) * s for r, s in zip(encoded.arrays.reciprocal, sizes, strict=True))
    step = int(encoded.arrays.reciprocal.max())
    return np.array(
        [
            max(step, int(whole * goal / grain)) if mean else 0
            for grain, mean in zip(encoded.grain, encoded.means, strict=True)
        ],
        np.int64,
    )


def _ranges(encoded: Encoded, limits: Ints, sizes: tuple[int, ...]) -> Ranges:
    """Return the class sums (k, f) with which the means of a column are within its limit of each other; 0 for others.

    Of the ranges around the mean of all the one is taken that leaves the classes most whole sums to choose from.
    """
    arrays, n = encoded.arrays, sum(sizes)
    low = np.zeros((len(sizes), len(limits)), np.int64)
    high = np.zeros_like(low)
    for f in np.flatnonzero(encoded.means):
        total, limit = int(arrays.x[:, f].sum()), int(limits[f])
        middle = Fraction(
            total * sum(int(r) * size for r, size in zip(arrays.reciprocal, sizes, strict=True)), n * len(sizes)
        )
        found = [
            _range_from(middle - limit * Fraction(part, 8), limit, arrays.reciprocal) for part in (4, 3, 5, 2, 6, 1, 7)
        ]
        fitting = [one for one in found if sum(one[0]) <= total <= sum(one[1])] or found[:1]
        low[:, f], high[:, f] = max(fitting, key=lambda one: sum(one[1]) - sum(one[0]))
    return low, high


def _range_from(start: Fraction, limit: int, reciprocal: Ints) -> tuple[list[int], list[int]]:
    """Return the smallest and largest class sum with reciprocal * sum from ``start`` to ``start + limit``."""
    return [ceil(start / int(r)) for r in reciprocal], [floor((start + limit) / int(r)) for r in reciprocal]


def _above(run: _Run, state: State) -> int:
    """Return how far the gaps of means are above their limits, in sixteenths of these."""
    values = state.sums[:, run.encoded.means] * run.encoded.arrays.reciprocal[:, None]
    limits = run.limits[run.encoded.means]
    return int(np.maximum(0, 16 * (values.max(axis=0) - values.min(axis=0) - limits) // limits).sum())


def _standing(run: _Run, state: State) -> Standing:
    """Return what placements are compared by: violations, imbalance of the counts, means above the goal, imbalance."""
    arrays = run.encoded.arrays
    counts = arrays.weight.copy()
    counts[: arrays.numbers] = 0
    return (
        int(violations(arrays, state)),
        int(imbalance(arrays._replace(weight=counts), state)),
        _above(run, state),
        int(imbalance(arrays, state)),
    )
