"""What the search compares placements by, and how far apart class means may be before the rest comes first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, isqrt

import numpy as np

from engine.cohort import Ints
from engine.encode import Encoded
from engine.kernels import State, imbalance, violations

SMALL = 25  # classes smaller than this cannot have even means and even spreads at once: there is no goal but the whole
USUAL = 10  # marks of deviation: where pupils differ less, the goal is smaller, too, as for grades of 1 to 5
FINEST = 20_000  # parts of the deviation: sums finer than that, of numbers with many decimals, cannot all be met
NEARLY = Fraction(1, 40)  # marks: the goal there, where every other mean is to be at its floor
SCALE = 1 << 10  # of a square root in whole numbers
PART = 16  # of what one pupil changes in a mean: what gaps are counted in where wishes are weighed against them
MOST_HEAVIER = 64  # weights are raised by no more, see `engine.encode.LARGEST`

Standing = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Goal:
    """Gaps of means that are good enough: ``limits`` (f,) in reciprocal * class sum, 0 where nothing is asked for.

    ``low`` and ``high`` (k, f): the class sums with which the means of a column are within its limit of each other.
    ``unit`` (f,): what gaps beyond the limits are counted in: the limits themselves, but for wishes.
    """

    limits: Ints
    low: Ints
    high: Ints
    unit: Ints


def goal_of(encoded: Encoded, sizes: tuple[int, ...], marks: Fraction) -> Goal:
    """Return the goal for gaps of so many marks, or of one step of the largest class where that is more.

    Where pupils differ little the marks are fewer; no marks mean the floor, if sums are not too fine for it. Without
    spreads there is nothing to trade the means for, and one step is the goal. A smaller tolerance of a column takes
    the place of the marks. Where classes are very small and spreads count too, there are too few exchanges to
    have both, and only tolerances are asked for.
    """
    arrays, n, k = encoded.arrays, sum(sizes), len(sizes)
    whole = max(int(r) * s for r, s in zip(arrays.reciprocal, sizes, strict=True))
    step = int(arrays.reciprocal.max())
    traded = bool(encoded.spreads.any())
    small = n // k < SMALL and traded
    limits = np.zeros(len(encoded.grain), np.int64)
    for f in np.flatnonzero(encoded.means):
        tolerance = encoded.tolerance[f]
        asked = [] if tolerance is None else [tolerance]
        if not small:
            asked.append(_asked(encoded, int(f), marks, Fraction(step, whole)) if traded else Fraction(0))
        if asked:
            limits[f] = max(step, int(whole * min(asked) / encoded.grain[f]))
    return _ranged(encoded, limits, sizes)


def goal_beside_wishes(encoded: Encoded, sizes: tuple[int, ...], marks: Fraction) -> Goal:
    """Return the goal that wishes are weighed against: as `goal_of`, for all means, but counted in larger units.

    A tolerance is good enough, larger or smaller than the marks. The unit is `PART` of what one typical pupil changes
    in the mean of a class.
    """
    arrays, n = encoded.arrays, sum(sizes)
    whole = max(int(r) * s for r, s in zip(arrays.reciprocal, sizes, strict=True))
    step = int(arrays.reciprocal.max())
    limits = np.zeros(len(encoded.grain), np.int64)
    unit = np.ones(len(encoded.grain), np.int64)
    for f in np.flatnonzero(encoded.means):
        tolerance = encoded.tolerance[f]
        asked = _asked(encoded, int(f), marks, Fraction(step, whole)) if tolerance is None else tolerance
        limits[f] = max(step, int(whole * asked / encoded.grain[f]))
        unit[f] = max(1, step * isqrt(sum(int(v) ** 2 for v in arrays.x[:, f]) // n) // PART)
    return replace(_ranged(encoded, limits, sizes), unit=unit)


def _asked(encoded: Encoded, f: int, marks: Fraction, step: Fraction) -> Fraction:
    """Return the goal for the gap of a mean, in marks; ``step``: what one step changes in the mean of a class."""
    x = encoded.arrays.x[:, f]
    deviation = Fraction(isqrt(SCALE**2 * sum(int(v) ** 2 for v in x) // len(x)), SCALE)  # in steps
    if marks == 0 and step * FINEST < deviation:
        marks = NEARLY
    return marks * min(Fraction(1), encoded.grain[f] * deviation / USUAL)


def exactly(state: State) -> tuple[Ints, Ints]:
    """Return ranges of class sums in which nothing but the mean of all is good enough."""
    nothing = np.zeros_like(state.sums)
    return nothing, nothing


def above(encoded: Encoded, goal: Goal, sums: Ints) -> int:
    """Return how far the gaps of means of class sums (k, f) are above their limits, in sixteenths of the unit."""
    asked = np.flatnonzero(goal.limits)
    values = sums[:, asked] * encoded.arrays.reciprocal[:, None]
    limits = goal.limits[asked]
    return int(np.maximum(0, 16 * (values.max(axis=0) - values.min(axis=0) - limits) // goal.unit[asked]).sum())


def outside(encoded: Encoded, goal: Goal, sums: Ints) -> Ints:
    """Return how far each class is outside the ranges of the goal, (k,), in sixteenths of the unit, all columns."""
    asked = np.flatnonzero(goal.limits)
    far = np.maximum(0, np.maximum(goal.low - sums, sums - goal.high))[:, asked] * encoded.arrays.reciprocal[:, None]
    return np.asarray((-(-16 * far // goal.unit[asked])).sum(axis=1), np.int64)


def standing(encoded: Encoded, goal: Goal, state: State) -> Standing:
    """Return what placements are compared by: violations, imbalance of the counts, means above the goal, imbalance."""
    arrays = encoded.arrays
    counts = arrays.weight.copy()
    counts[: arrays.numbers] = 0
    return (
        int(violations(arrays, state)),
        int(imbalance(arrays._replace(weight=counts), state)),
        above(encoded, goal, state.sums),
        int(imbalance(arrays, state)),
    )


def means_first(encoded: Encoded, factor: int) -> Ints:
    """Return the weights with the means ``factor`` times as heavy against the spreads; 64 bits hold them."""
    heavier = min(factor, MOST_HEAVIER)
    weight = np.where(encoded.means, encoded.arrays.weight * heavier, encoded.arrays.weight)
    return np.where(encoded.spreads, np.maximum(1, weight * heavier // factor), weight)


def _ranged(encoded: Encoded, limits: Ints, sizes: tuple[int, ...]) -> Goal:
    """Return the limits with the class sums that keep within them.

    Of the ranges that hold the mean of all, and begin or end with a value that a class can have or lie evenly around
    it, the one is taken that leaves the classes most whole sums to choose from: where the limit is one step of a sum,
    any other range would hold but one.
    """
    arrays, n = encoded.arrays, sum(sizes)
    low = np.zeros((len(sizes), len(limits)), np.int64)
    high = np.zeros_like(low)
    for f in np.flatnonzero(limits):
        total, limit = int(arrays.x[:, f].sum()), int(limits[f])
        middle = Fraction(
            total * sum(int(r) * size for r, size in zip(arrays.reciprocal, sizes, strict=True)), n * len(sizes)
        )
        starts = _starts(middle, limit, arrays.reciprocal)
        found = [_range_from(start, limit, arrays.reciprocal) for start in starts]  # the first of equals is taken
        fitting = [one for one in found if sum(one[0]) <= total <= sum(one[1])] or found[:1]
        low[:, f], high[:, f] = max(fitting, key=lambda one: sum(one[1]) - sum(one[0]))
    return Goal(limits, low, high, limits)


def _starts(middle: Fraction, limit: int, reciprocal: Ints) -> list[Fraction]:
    """Return where ranges that hold the middle may begin, the most even first: few, however fine the marks are.

    Evenly around it, or, near eighths of the limit below it, so that a class of the smallest or of the largest size can
    be exactly at the one end or the other.
    """
    even = middle - Fraction(limit, 2)
    starts = {even}
    for r in (int(reciprocal.min()), int(reciprocal.max())):
        for part in range(9):
            begin = middle - limit * Fraction(part, 8)
            for whole in (floor, ceil):
                starts |= {Fraction(r * whole(begin / r)), Fraction(r * whole((begin + limit) / r) - limit)}
    holding = (start for start in starts if start <= middle <= start + limit)
    return sorted(holding, key=lambda start: (abs(start - even), start))


def _range_from(start: Fraction, limit: int, reciprocal: Ints) -> tuple[list[int], list[int]]:
    """Return the smallest and largest class sum with reciprocal * sum from ``start`` to ``start + limit``."""
    ends = {int(r): (ceil(start / int(r)), floor((start + limit) / int(r))) for r in np.unique(reciprocal)}
    return [ends[int(r)][0] for r in reciprocal], [ends[int(r)][1] for r in reciprocal]
