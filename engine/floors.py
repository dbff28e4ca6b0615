"""The floor of a gap: the smallest that any placement of these pupils into classes of these sizes can have.

Every floor is a proven bound. Class sums are whole numbers (of pupils, of steps of a mark) that add up to a known
total, and the floor is the smallest interval that can hold all class values such sums can have. For counts that is
the exact optimum of the criterion alone; for means it is as soon as the marks are varied enough to make up any sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from engine.cohort import Bools, Cohort
from engine.criteria import Criterion, even_sizes
from engine.wish_floor import fewest_unmet


@dataclass(frozen=True, slots=True)
class Holder:
    """Some classes that are alike: the class value is (t - share) / per for a whole number t, least <= t <= most."""

    classes: int
    per: int
    share: Fraction
    least: int
    most: int


def floors_of(cohort: Cohort, criteria: tuple[Criterion, ...]) -> tuple[Fraction, ...]:
    """Return the floor of each criterion's gap, in the criterion's own unit."""
    allowed = allowed_classes(cohort)
    return tuple(floor_of(criterion, cohort, allowed) for criterion in criteria)


def floor_of(criterion: Criterion, cohort: Cohort, allowed: Bools) -> Fraction:
    """Return the floor of one criterion. Rules that fix or bar pupils and limits per class count for counts.

    spread, share of wishes: 0, no better bound is proven. Pupils without a wish: `engine.wish_floor`. A mean with
    pupils absent: see `_floor_with_absent`.
    """
    sizes = cohort.sizes
    if not criterion.floored:
        return Fraction(0)
    if criterion.kind == "unmet":
        return Fraction(fewest_unmet(cohort, allowed))
    if criterion.kind == "size":
        return Fraction(max(sizes) - min(sizes))
    total = int(criterion.amounts.sum())
    if criterion.kind == "mean":
        if not criterion.present.all():
            return criterion.unit * _floor_with_absent(criterion, sizes)
        holders = [Holder(1, size, Fraction(0), 0, total) for size in sizes if size > 0]
        return criterion.unit * smallest_range(holders, total)
    share = Fraction(0) if even_sizes(sizes) else Fraction(total, sum(sizes))
    bounds = count_bounds(criterion, cohort, allowed)
    holders = [Holder(1, 1, size * share, *bound) for size, bound in zip(sizes, bounds, strict=True)]
    return smallest_range(holders, total)


def allowed_classes(cohort: Cohort) -> Bools:
    """Return where each pupil may be as far as fixed and barred classes say, bool of shape (n, k)."""
    allowed = np.ones((len(cohort.ids), len(cohort.classes)), np.bool_)
    for rule in cohort.rules:
        if rule.kind == "fixed":
            for i in rule.pupils:
                elsewhere = np.arange(len(cohort.classes)) != rule.class_index
                allowed[i, elsewhere] = False
        elif rule.kind == "barred":
            allowed[list(rule.pupils), rule.class_index] = False
    return allowed


def count_bounds(criterion: Criterion, cohort: Cohort, allowed: Bools) -> list[tuple[int, int]]:
    """Return for each class the fewest and the most counted pupils that sizes, fixed and barred classes leave.

    Where the rules contradict each other the bounds are those of the sizes alone.
    """
    members = criterion.amounts > 0
    only = allowed & (allowed.sum(axis=1, keepdims=True) == 1)
    forced, others_forced = only[members].sum(axis=0), only[~members].sum(axis=0)
    open_to, open_to_others = allowed[members].sum(axis=0), allowed[~members].sum(axis=0)
    total = int(members.sum())
    limits = [rule.limit for rule in cohort.rules if rule.limit is not None and _covers(rule.pupils, members)]
    limit = min(limits, default=total)
    bounds = []
    for k, size in enumerate(cohort.sizes):
        least = max(int(forced[k]), size - int(open_to_others[k]), 0)
        most = min(int(open_to[k]), size - int(others_forced[k]), limit)
        bounds.append((least, most))
    if any(low > high for low, high in bounds) or not sum(b[0] for b in bounds) <= total <= sum(b[1] for b in bounds):
        return [(0, min(size, total)) for size in cohort.sizes]
    return bounds


def _covers(pupils: tuple[int, ...], members: Bools) -> bool:
    """Return whether these pupils include all that are counted."""
    return not bool(np.delete(members, list(pupils)).any())


def smallest_range(holders: list[Holder], total: int) -> Fraction:
    """Return the smallest max - min of the class values (t - share) / per, the whole numbers t adding up to total.

    An interval [start, end] can hold all class values exactly if every class has a whole number in it, the smallest
    such numbers add up to at most the total and the largest to at least. The first sum depends on the start alone,
    the last on the end alone. So the best interval starts at a class value not above the highest start possible, and
    ends at the lowest end possible or where the last class finds its whole number.
    """
    groups = _grouped(holders)
    if not sum(h.classes * h.least for h in groups) <= total <= sum(h.classes * h.most for h in groups):
        return Fraction(0)
    end = -_highest_start([_mirrored(h) for h in groups], -total)
    start = _highest_start(groups, total)
    best = max(end, _needed(groups, start)) - start
    starts = {v for h in groups for v in _values_between(h, end - best, start)}
    return min((max(end, _needed(groups, start)) - start for start in starts), default=best)


def _grouped(holders: list[Holder]) -> list[Holder]:
    alike: dict[tuple[int, Fraction, int, int], int] = {}
    for h in holders:
        key = (h.per, h.share, h.least, h.most)
        alike[key] = alike.get(key, 0) + h.classes
    return [Holder(count, *key) for key, count in alike.items()]


def _mirrored(h: Holder) -> Holder:
    """Return the holder with all values negated: the lowest end of an interval is the highest start of its mirror."""
    return Holder(h.classes, h.per, -h.share, -h.most, -h.least)


def _smallest(h: Holder, start: Fraction) -> int:
    """Return the smallest whole number of a class whose value is at least ``start``."""
    return max(h.least, ceil(start * h.per + h.share))


def _possible(groups: list[Holder], total: int, start: Fraction) -> bool:
    """Return whether all class values can be at least ``start``."""
    smallest = [_smallest(h, start) for h in groups]
    fits = all(t <= h.most for t, h in zip(smallest, groups, strict=True))
    return fits and sum(h.classes * t for t, h in zip(smallest, groups, strict=True)) <= total


def _needed(groups: list[Holder], start: Fraction) -> Fraction:
    """Return the lowest end with which every class has a whole number between start and end."""
    return max((_smallest(h, start) - h.share) / h.per for h in groups)


def _highest_start(groups: list[Holder], total: int) -> Fraction:
    """Return the highest class value that all class values can reach: bisection, then the values that are left."""
    low = min((h.least - h.share) / h.per for h in groups)
    high = max((h.most - h.share) / h.per for h in groups)
    if _possible(groups, total, high):
        return high
    step = Fraction(1, 2 * max(h.per for h in groups))
    while high - low > step:
        middle = Fraction(floor((low + high) / 2 / step)) * step
        middle = (low + high) / 2 if not low < middle < high else middle
        low, high = (middle, high) if _possible(groups, total, middle) else (low, middle)
    values = sorted({v for h in groups for v in _values_between(h, low - step, high)} | {low})
    return max(v for v in values if _possible(groups, total, v))


def _values_between(h: Holder, low: Fraction, high: Fraction) -> list[Fraction]:
    """Return the values of a class from low to high."""
    first = max(h.least, ceil(low * h.per + h.share))
    last = min(h.most, floor(high * h.per + h.share))
    return [(t - h.share) / h.per for t in range(first, last + 1)]


def _floor_with_absent(criterion: Criterion, sizes: tuple[int, ...]) -> Fraction:
    """Return a bound on the gap, in steps, when each class may have any number of the absent pupils.

    No gap needs every class mean sum / m to equal the mean p / q of all, in lowest terms, hence m a multiple of q
    in every class. Where no class can have q pupils with a mark, two class means differ; fractions with
    denominators m and m' differ by at least 1 / m if m = m' and 1 / (m m') otherwise.
    """
    largest = max(sizes)
    overall = Fraction(int(criterion.amounts.sum()), int(criterion.present.sum()))
    if overall.denominator <= largest or len(sizes) < 2:
        return Fraction(0)
    return Fraction(1, largest * max(1, largest - 1))
