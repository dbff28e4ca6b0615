"""The peer to beat: exchange descent to a local optimum, compiled, started again until the time is used.

Späth 1986; Brusco, Cradit and Steinley 2020 ("local maximum"); Papenberg and Klau 2021. Every pupil in turn is swapped
with the pupil of another class with whom J falls most, until no swap lowers J. With many pupils the first passes look
at some partners only, which settles the coarse sooner; the last ones look at all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

from benchmarks.problem import Floats, Ints

FEW = 512  # partners looked at in the first passes
SLICE = 200_000  # swaps evaluated between two looks at the clock
SETTLED = 50  # a pass that swaps fewer than one pupil in so many is followed by one with more partners
TINY = 1e-10  # what J's sum of squares must fall by: rounding is no improvement


@njit(cache=True, fastmath=True)  # type: ignore[untyped-decorator] # numba has no types
def swap_best(z: Floats, pull: Floats, reciprocal: Floats, class_of: Ints, span: Ints) -> int:
    """Swap pupils ``span[0]`` to ``span[1]`` each with the best of the ``span[2]`` that follow; return the swaps.

    z (n, f): rows of `columns_of`, in a random order of the pupils. pull (k, f): class sums over sizes, kept true.
    """
    n, columns = z.shape
    swaps = 0
    for i in range(span[0], span[1]):
        a = class_of[i]
        best = -TINY
        partner = -1
        for step in range(1, span[2] + 1):
            j = i + step
            if j >= n:
                j -= n
            b = class_of[j]
            if b == a:
                continue
            r = reciprocal[a] + reciprocal[b]
            delta = 0.0
            for f in range(columns):
                d = z[j, f] - z[i, f]
                delta += d * (2.0 * (pull[a, f] - pull[b, f]) + r * d)
            if delta < best:
                best = delta
                partner = j
        if partner >= 0:
            b = class_of[partner]
            for f in range(columns):
                d = z[partner, f] - z[i, f]
                pull[a, f] += d * reciprocal[a]
                pull[b, f] -= d * reciprocal[b]
            class_of[i] = b
            class_of[partner] = a
            swaps += 1
    return swaps


def descend(z: Floats, sizes: Ints, class_of: Ints, late: Callable[[], bool]) -> int:
    """Bring a placement down to a local optimum, in place, or until it is ``late``; return the swaps evaluated."""
    n = len(z)
    partners, evaluated = min(FEW, n - 1), 0
    while True:
        pull = pulls(z, sizes, class_of)  # afresh: rounding does not add up from pass to pass
        swaps = 0
        pupils = max(1, SLICE // partners)
        for start in range(0, n, pupils):
            if late():
                return evaluated
            stop = min(n, start + pupils)
            swaps += swap_best(z, pull, 1 / sizes, class_of, np.array([start, stop, partners]))
            evaluated += (stop - start) * partners
        if partners == n - 1 and swaps == 0:
            return evaluated
        if swaps * SETTLED < n:
            partners = min(n - 1, 2 * partners)


def pulls(z: Floats, sizes: Ints, class_of: Ints) -> Floats:
    """Return the class sums over the class sizes, (k, f)."""
    sums = np.zeros((len(sizes), z.shape[1]))
    np.add.at(sums, class_of, z)
    return np.asarray(sums / sizes[:, None], np.float64)


def energy(z: Floats, sizes: Ints, class_of: Ints) -> float:
    """Return the sum over classes of |class sum|^2 / size, which is J times a constant."""
    return float((pulls(z, sizes, class_of) ** 2 * sizes[:, None]).sum())
