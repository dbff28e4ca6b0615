"""Compiled: classes dealt to the pupils again by lot, and what each deal looks like. numpy and numba only.

Everything is an integer, so that "at least as uneven as the placement" is decided exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.compiled import compiled
from engine.kernels import Ints, Words, below


class Traits(NamedTuple):
    """What is known of n pupils besides their class; never changed by a kernel.

    code (a, n): for each of a columns of labels the pupil's label, from 0 and below ``levels[a]``. part (a, k, l): what
    the square of a count of class and label weighs, about 1 / (class size * pupils with the label). rank (b, n): for
    each of b columns of numbers the pupil's rank, the mean being 0. share (b, k): what the square of a class's sum of
    ranks weighs, about 1 / class size.
    """

    code: Ints
    levels: Ints
    part: Ints
    rank: Ints
    share: Ints


@compiled
def deal(class_of: Ints, random: Words, deals: Ints) -> None:
    """Fill ``deals`` (d, n) with the classes in random order, every row anew; ``class_of`` ends as the last row.

    Every order of the same classes is as likely as any other (Fisher and Yates), so class sizes stay.
    """
    n = class_of.shape[0]
    for row in range(deals.shape[0]):
        for i in range(n - 1, 0, -1):
            j = below(random, i + 1)
            held = class_of[i]
            class_of[i] = class_of[j]
            class_of[j] = held
        for i in range(n):
            deals[row, i] = class_of[i]


@compiled
def unevenness(traits: Traits, deals: Ints, found: Ints) -> None:
    """Fill ``found`` (d, 1 + a + b) with the statistics of each deal, the larger the less even.

    First how many pupils are in the class of the one before them; then per column of labels the weighted sum of squared
    counts, which orders deals as Pearson's chi-square does; then per column of numbers the weighted sum of squared rank
    sums, which orders them as Kruskal and Wallis's H does.
    """
    labels, k, widest = traits.part.shape
    n = deals.shape[1]
    count = np.zeros((k, widest), np.int64)
    sums = np.zeros(k, np.int64)
    for row in range(deals.shape[0]):
        near = 0
        for i in range(1, n):
            near += 1 if deals[row, i] == deals[row, i - 1] else 0
        found[row, 0] = near
        for a in range(labels):
            levels = traits.levels[a]
            count[:, :levels] = 0
            for i in range(n):
                count[deals[row, i], traits.code[a, i]] += 1
            total = 0
            for c in range(k):
                for level in range(levels):
                    total += traits.part[a, c, level] * count[c, level] * count[c, level]
            found[row, 1 + a] = total
        for b in range(traits.rank.shape[0]):
            sums[:] = 0
            for i in range(n):
                sums[deals[row, i]] += traits.rank[b, i]
            total = 0
            for c in range(k):
                total += traits.share[b, c] * sums[c] * sums[c]
            found[row, 1 + labels + b] = total
