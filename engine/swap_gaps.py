"""The gap of one criterion after each of many exchanges: the same figures that `engine.measuring` gives, in doubles.

Used to choose among exchanges; what is then said of the chosen ones is measured exactly. Only single divisions and
square roots of whole numbers, which are the same on every machine.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from engine.cohort import Ints
from engine.criteria import Criterion, class_sums, compared
from engine.current import Current
from engine.wish_kernels import swaps_unmet
from engine.wish_lists import Sought

Floats = npt.NDArray[np.float64]
NOISE = 1e-9  # differences below are rounding


def gaps_after(current: Current, criterion: Criterion, i: Ints, j: Ints) -> Floats:
    """Return the criterion's gap after each exchange of pupils ``i`` and ``j`` (of different classes), shape (m,)."""
    class_of, k = current.class_of, len(current.cohort.classes)
    a, b = class_of[i], class_of[j]
    values, of_a, of_b = _values(current, criterion, i, j)
    if compared(criterion, current.cohort.sizes):
        share = np.array(current.cohort.sizes) * (int(criterion.amounts.sum()) / sum(current.cohort.sizes))
        values, of_a, of_b = values - share, of_a - share[a], of_b - share[b]
    if criterion.kind == "unmet":
        return np.asarray(values.sum() + of_a - values[a] + of_b - values[b], np.float64)
    top, foot = np.full(len(i), -np.inf), np.full(len(i), np.inf)
    known = np.flatnonzero(~np.isnan(values))
    for c in known[np.argsort(-values[known], kind="stable")][:3][::-1]:
        top = np.where((a != c) & (b != c), values[c], top)
    for c in known[np.argsort(values[known], kind="stable")][:3][::-1]:
        foot = np.where((a != c) & (b != c), values[c], foot)
    top = np.fmax(np.fmax(of_a, of_b), top)
    foot = np.fmin(np.fmin(of_a, of_b), foot)
    assert len(values) == k, "a value per class"
    return np.asarray(np.where(np.isfinite(top - foot), top - foot, 0.0), np.float64)


def harms(current: Current, i: Ints, j: Ints, before: Floats) -> Ints:
    """Return how much worse each exchange makes the balanced criteria: millionths of their standard deviation, added.

    ``before`` are their gaps now; a gap within its tolerance is not worse.
    """
    found = np.zeros(len(i), np.int64)
    for criterion, now in zip(current.criteria, before, strict=True):
        if criterion.weight > 0 and criterion.kind != "size":
            allowed = max(float(now), float(criterion.tolerance or 0)) + NOISE
            grown = np.maximum(0, gaps_after(current, criterion, i, j) - allowed)
            found += np.rint(1_000_000 * grown / _deviation(criterion)).astype(np.int64)
    return found


def _deviation(criterion: Criterion) -> float:
    """Return the standard deviation of the pupils' values, in the criterion's unit; of wishes a pupil, or all of them.

    A pupil left without a wish is half as bad as one too many of a group that half of the pupils are in.
    """
    if criterion.wishes is not None:
        return 1.0
    held = [int(v) for v in criterion.amounts[criterion.present]]
    whole, square = sum(held), sum(v * v for v in held)
    return float(criterion.unit) * sqrt(max(1, len(held) * square - whole * whole)) / max(1, len(held))


def _values(current: Current, criterion: Criterion, i: Ints, j: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the class values now, and those of the two classes after each exchange; NaN over nobody."""
    class_of, k = current.class_of, len(current.cohort.classes)
    a, b = class_of[i], class_of[j]
    if current.wishes is not None and criterion.wishes is not None:
        return _of_wishes(current, current.wishes, criterion, i, j)
    amounts = criterion.amounts
    sums = np.array(class_sums(amounts, class_of, k), np.int64)
    d = amounts[j] - amounts[i]
    if criterion.counted:
        return sums.astype(np.float64), (sums[a] + d).astype(np.float64), (sums[b] - d).astype(np.float64)
    present = criterion.present.astype(np.int64)
    held = np.array(class_sums(present, class_of, k), np.int64)
    p = present[j] - present[i]
    if criterion.kind == "mean":
        unit = float(criterion.unit)
        return (
            unit * _divided(sums, held),
            unit * _divided(sums[a] + d, held[a] + p),
            unit * _divided(sums[b] - d, held[b] - p),
        )
    squares = np.array(class_sums(amounts**2, class_of, k), np.int64)
    q = amounts[j] ** 2 - amounts[i] ** 2
    unit = float(criterion.unit)
    return (
        unit * _spread(sums, squares, held),
        unit * _spread(sums[a] + d, squares[a] + q, held[a] + p),
        unit * _spread(sums[b] - d, squares[b] - q, held[b] - p),
    )


def _of_wishes(
    current: Current, wishes: Sought, criterion: Criterion, i: Ints, j: Ints
) -> tuple[Floats, Floats, Floats]:
    """Return the numbers of pupils without a wish fulfilled, or the shares of those with one, as `_values` does."""
    class_of, k = current.class_of, len(current.cohort.classes)
    a, b = class_of[i], class_of[j]
    unmet = np.array(class_sums(criterion.given(class_of).amounts, class_of, k), np.int64)
    change = swaps_unmet(wishes.settled(class_of), class_of, i, j)
    if criterion.kind == "unmet":
        of_a, of_b = unmet[a] + change[:, 0], unmet[b] + change[:, 1]
        return unmet.astype(np.float64), of_a.astype(np.float64), of_b.astype(np.float64)
    wished = criterion.present.astype(np.int64)
    held = np.array(class_sums(wished, class_of, k), np.int64)
    more = wished[j] - wished[i]
    met = unmet  # of this criterion the amounts are of those who have one
    return (
        _divided(met, held),
        _divided(met[a] + more - change[:, 0], held[a] + more),
        _divided(met[b] - more - change[:, 1], held[b] - more),
    )


def _divided(sums: Ints, held: Ints) -> Floats:
    return np.asarray(np.where(held > 0, sums / np.maximum(1, held), np.nan), np.float64)


def _spread(sums: Ints, squares: Ints, held: Ints) -> Floats:
    whole = np.maximum(1, held)
    return np.asarray(np.where(held > 0, np.sqrt(np.maximum(0, whole * squares - sums**2)) / whole, np.nan), np.float64)
