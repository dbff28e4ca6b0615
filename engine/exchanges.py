"""What every exchange of two pupils would change, all at once and exactly: rules broken, counts, means, everything.

With G the products of the pupils' weighted rows and L those of rows and class sums, the change of imbalance of all
pairs is a sum of a few matrices: the formula of `engine.kernels.swap_delta` multiplied out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.cohort import Bools, Ints
from engine.current import Current
from engine.presence import presences, shared_changes
from engine.wish_kernels import all_unmet, swaps_unmet

CHUNK = 400_000  # exchanges that are held in memory at once
LISTED = 20_000  # exchanges of equal counts, at most, whose means are looked at
_FAR = 1 << 62


@dataclass(frozen=True, slots=True)
class Swaps:
    """Exchanges of pupils ``i`` and ``j``, best first: the change of each part of the standing, shape (m,) each.

    ``above`` is no change but what is left above the goal afterwards.
    """

    i: Ints
    j: Ints
    violations: Ints
    counts: Ints
    above: Ints
    total: Ints

    def __len__(self) -> int:
        return len(self.i)

    def taken(self, at: Ints | slice) -> Swaps:
        """Return some of them, in this order."""
        return Swaps(*(part[at] for part in self._parts()))

    def joined(self, other: Swaps) -> Swaps:
        """Return both lists as one, best first."""
        whole = Swaps(*(np.concatenate(both) for both in zip(self._parts(), other._parts(), strict=True)))
        return whole.taken(np.lexsort((whole.j, whole.i, whole.total, whole.above, whole.counts, whole.violations)))

    def _parts(self) -> tuple[Ints, ...]:
        return self.i, self.j, self.violations, self.counts, self.above, self.total


def best_swaps(current: Current, count: int, rows: Ints | None = None) -> Swaps:
    """Return the ``count`` best exchanges of the pupils ``rows`` (default: all) with anyone, in the order of standings.

    Of exchanges that are equal in rules and counts, more than `LISTED` are first cut by their total.
    """
    rows = np.arange(len(current.class_of)) if rows is None else np.unique(rows)
    found: Swaps | None = None
    ground = _ground(current)
    chunk = max(1, CHUNK // len(current.class_of))
    for at in range(0, len(rows), chunk):
        some = _best_of(ground, count, rows[at : at + chunk], rows)
        found = some if found is None else found.joined(some).taken(slice(0, count))
    assert found is not None, "there are pupils"
    return found


def swaps_of(current: Current, i: int, partners: Ints) -> Swaps:
    """Return the exchanges of one pupil with others of other classes, in the order given."""
    violations, counts, total = changes(current, np.array([i]))
    listed = np.full(len(partners), i, np.int64)
    above = _above_after(current, listed, partners)
    return Swaps(listed, partners, violations[0, partners], counts[0, partners], above, total[0, partners])


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all exchanges have in common: per pupil and class, rules broken there and products of row and class sums."""

    current: Current
    presence: Ints
    linear: tuple[Ints, Ints]
    square: tuple[Ints, Ints]


def _ground(current: Current) -> _Ground:
    arrays = current.encoded.arrays
    linear, square = [], []
    for columns in _parts(current):
        x = arrays.x[:, columns]
        weighted = x * arrays.weight[columns]
        linear.append(np.asarray(weighted @ (arrays.reciprocal[:, None] * current.sums[:, columns]).T, np.int64))
        square.append(np.asarray((weighted * x).sum(axis=1), np.int64))
    there = presences(current.cohort.rules, current.class_of, len(current.cohort.classes))
    return _Ground(current, there, (linear[0], linear[1]), (square[0], square[1]))


def _parts(current: Current) -> tuple[slice, slice]:
    """Return where the number columns and the counted columns are."""
    return slice(0, current.encoded.arrays.numbers), slice(current.encoded.arrays.numbers, None)


def changes(current: Current, rows: Ints, ground: _Ground | None = None) -> tuple[Ints, Ints, Ints]:
    """Return what an exchange changes in violations, imbalance of counts, and imbalance of all: (rows, n) each.

    Wishes are in the second only where they rank with the counts. Entries of two pupils of one class mean nothing.
    """
    ground = ground or _ground(current)
    class_of = current.class_of
    violations = _crossed(ground.presence, class_of, rows)
    shared_changes(current.cohort.rules, class_of, len(current.cohort.classes), rows, violations)
    numbers, counts = (_imbalance_change(ground, rows, part) for part in (0, 1))
    total = counts + numbers
    if current.wishes is not None:
        paid = current.wishes.cost * all_unmet(current.wishes.settled(class_of), class_of, rows)
        total += paid
        counts += paid if current.wishes.first else 0
    return violations, counts, total


def _crossed(held: Ints, class_of: Ints, rows: Ints) -> Ints:
    """Return for each pair what the two have in each other's class less what they have in their own."""
    own = held[np.arange(len(class_of)), class_of]
    return np.asarray(held[rows][:, class_of] + held[:, class_of[rows]].T - own[rows][:, None] - own[None, :], np.int64)


def _imbalance_change(ground: _Ground, rows: Ints, part: int) -> Ints:
    """Return the change of some columns' part of the imbalance; sums that pass 64 bits come back when all is added."""
    arrays, class_of = ground.current.encoded.arrays, ground.current.class_of
    columns, square = _parts(ground.current)[part], ground.square[part]
    x, r = arrays.x[:, columns], arrays.reciprocal[class_of]
    products = (x[rows] * arrays.weight[columns]) @ x.T
    apart = square[rows][:, None] + square[None, :] - 2 * products
    across = _crossed(ground.linear[part], class_of, rows)
    return np.asarray(2 * across + (r[rows][:, None] + r[None, :]) * apart, np.int64)


def _allowed(current: Current, rows: Ints, everyone: Ints) -> Bools:
    """Return which exchanges count: movable pupils of different classes, each pair once."""
    class_of, movable = current.class_of, current.movable
    asked = np.zeros(len(class_of), np.bool_)
    asked[everyone] = True
    allowed = (class_of[rows][:, None] != class_of[None, :]) & movable[rows][:, None] & movable[None, :]
    return np.asarray(allowed & (~asked[None, :] | (rows[:, None] < np.arange(len(class_of)))), np.bool_)


def _best_of(ground: _Ground, count: int, rows: Ints, everyone: Ints) -> Swaps:
    current = ground.current
    violations, counts, total = changes(current, rows, ground)
    at = np.flatnonzero(_allowed(current, rows, everyone))
    violated, counted, whole = violations.ravel()[at], counts.ravel()[at], total.ravel()[at]
    kept = _cut(violated, counted, whole, max(count, 1))
    at = at[kept]
    i, j = rows[at // len(current.class_of)], at % len(current.class_of)
    found = Swaps(i, j, violated[kept], counted[kept], _above_after(current, i, j), whole[kept])
    order = np.lexsort((found.j, found.i, found.total, found.above, found.counts, found.violations))
    return found.taken(order[:count])


def _cut(violated: Ints, counted: Ints, whole: Ints, count: int) -> Ints:
    """Return positions of the best ``count`` by violations and counts, with all that are equal to the last of them."""
    kept: list[Ints] = []
    for level in np.unique(violated):
        at = np.flatnonzero(violated == level)
        if len(at) > count:
            last = np.partition(counted[at], count - 1)[count - 1]
            at = at[counted[at] <= last]
        if len(at) > LISTED:
            order = np.lexsort((whole[at], counted[at]))  # equal ones stay in their order
            at = at[order[:LISTED]]
        kept.append(at)
        count -= len(at)
        if count <= 0:
            break
    return np.concatenate(kept) if kept else np.zeros(0, np.int64)


def _above_after(current: Current, i: Ints, j: Ints) -> Ints:
    """Return how far the gaps of means are above the goal after each exchange, and what wishes add to that."""
    arrays = current.encoded.arrays
    a, b = current.class_of[i], current.class_of[j]
    found = np.zeros(len(i), np.int64)
    for f in np.flatnonzero(current.goal.limits):
        d = arrays.x[j, f] - arrays.x[i, f]
        of_a = arrays.reciprocal[a] * (current.sums[a, f] + d)
        of_b = arrays.reciprocal[b] * (current.sums[b, f] - d)
        values = current.sums[:, f] * arrays.reciprocal
        top = np.maximum(np.maximum(of_a, of_b), largest_of_others(values, a, b))
        foot = np.minimum(np.minimum(of_a, of_b), -largest_of_others(-values, a, b))
        limit, unit = int(current.goal.limits[f]), int(current.goal.unit[f])
        found += np.maximum(0, 16 * (top - foot - limit) // unit)
    if current.wishes is not None and not current.wishes.first:
        lists = current.wishes.settled(current.class_of)
        unmet = int((lists.support == 0).sum()) + swaps_unmet(lists, current.class_of, i, j).sum(axis=1)
        found += current.wishes.rate * unmet
    return found


def largest_of_others(values: Ints, a: Ints, b: Ints) -> Ints:
    """Return the largest value of the classes that are neither ``a`` nor ``b``; of none: very small."""
    order = np.argsort(-values, kind="stable")[:3]
    found = np.full(len(a), -_FAR, np.int64)
    for k in order[::-1]:
        found = np.where((a != k) & (b != k), values[k], found)
    return found
