"""The compiled distances of parts of moves from half of what is wanted, many at once. numpy and numba only."""

from __future__ import annotations

import numpy as np

from engine.compiled import compiled
from engine.kernels import Ints

CLOSE = 25  # bits of a coordinate by which parts are compared


@compiled
def whole_root(value: int) -> int:
    """Return the largest integer whose square is at most ``value`` (Newton)."""
    if value < 2:
        return value
    root = value
    better = (value + 1) // 2
    while better < root:
        root = better
        better = (root + value // root) // 2
    return root


@compiled
def points(weight: Ints, shift: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return twice the shift of each part, and the same less what is wanted, (m, p) each, for `measure_run`.

    A column is multiplied by the root of its weight, so that plain squares add up, and all are cut to `CLOSE` bits.
    """
    columns = shift.shape[1]
    heaviest = 1
    for f in range(columns):
        heaviest = max(heaviest, weight[f])
    bits = 0
    while heaviest << bits < 1 << 46:
        bits += 2
    twice = np.empty((columns, shift.shape[0]), np.int64)
    rest = np.empty((columns, shift.shape[0]), np.int64)
    largest = 0
    for f in range(columns):
        root = whole_root(weight[f] << bits)
        for p in range(shift.shape[0]):
            twice[f, p] = 2 * root * shift[p, f]
            rest[f, p] = twice[f, p] - root * wanted[f]
            largest = max(largest, abs(twice[f, p]), abs(rest[f, p]))
    cut = 0
    while largest >> cut >= 1 << CLOSE:
        cut += 1
    return twice >> cut, rest >> cut


@compiled
def measure_run(twice: Ints, rest: Ints, p: int, begin: int, end: int, far: Ints) -> None:
    """Set ``far`` to how far part p with each of the parts from begin to end is from half of what is wanted, squared.

    Column by column and without a branch, so that the processor does several parts at once.
    """
    far[: end - begin] = 0
    for f in range(twice.shape[0]):
        own = rest[f, p]
        others = twice[f, begin:end]
        for c in range(end - begin):
            d = own + others[c]
            far[c] += d * d
