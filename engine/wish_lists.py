"""Wishes in integers: the lists the kernels read, and what a pupil without any wish fulfilled costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.cohort import Cohort, Ints, WishColumn
from engine.encode import KIND_WEIGHT, Encoded
from engine.goals import Goal, Standing, goal_beside_wishes, goal_of
from engine.wish_kernels import Lists, settle

AS_A_COUNT = 8  # pupils without are as bad as a pupil too many of a group that half are in
RATE = 64  # of 256 parts: how much of what one typical pupil changes in a mean a wish is worth
MOST_COST = 1 << 57  # all pupils without; 64 bits then hold it beside the imbalance


@dataclass(frozen=True, slots=True)
class Sought:
    """Wishes that are sought: the lists, and what each list unmet adds to the imbalance; 0 where the weight is.

    ``first``: wishes weigh more than anything else and rank with the counts; else they are weighed against the gaps of
    means, after the counts, ``rate`` for each list unmet.
    """

    lists: Lists
    cost: int
    rate: int
    first: bool

    def charged(self, standing: Standing, class_of: Ints) -> Standing:
        """Return how a placement of the units (u,) stands with its wishes counted."""
        unmet = int(settle(self.lists, class_of))
        broken, counts, above, total = standing
        counts, above = (counts + self.cost * unmet, above) if self.first else (counts, above + self.rate * unmet)
        return broken, counts, above, total + self.cost * unmet

    def copied(self) -> Sought:
        """Return the same with a support of its own."""
        return replace(self, lists=self.lists._replace(support=self.lists.support.copy()))

    def settled(self, class_of: Ints) -> Lists:
        """Return the lists ready for the kernels that ask what exchanges change."""
        settle(self.lists, class_of)
        return self.lists


def sought(cohort: Cohort, encoded: Encoded) -> Sought | None:
    """Return the wishes of an encoded cohort; None if there are none."""
    wishes = cohort.wishes
    if wishes is None:
        return None
    heaviest = max((column.weight for column in cohort.columns), default=0)
    lists = lists_of(wishes, encoded.unit_of, len(encoded.arrays.size))
    rate = RATE * wishes.weight // max(1, heaviest)
    return Sought(lists, cost_of(wishes, encoded), rate, first=wishes.weight > heaviest)


def compared_goal(encoded: Encoded, sizes: tuple[int, ...], marks: Fraction, wishes: Sought | None) -> Goal:
    """Return the goal for gaps of means by which placements are compared."""
    if wishes is None or wishes.first:
        return goal_of(encoded, sizes, marks)
    return goal_beside_wishes(encoded, sizes, marks)


def lists_of(wishes: WishColumn, unit_of: Ints, units: int) -> Lists:
    """Return the wish lists over units: of each pupil who wished, the units wished, unless that is their own."""
    wanted: dict[int, set[int]] = {}
    for i, j in zip(wishes.who.tolist(), wishes.whom.tolist(), strict=True):
        wanted.setdefault(i, set()).add(int(unit_of[j]))
    kept = [(int(unit_of[i]), sorted(named)) for i, named in sorted(wanted.items()) if int(unit_of[i]) not in named]
    own: list[list[int]] = [[] for _ in range(units)]
    by: list[list[int]] = [[] for _ in range(units)]
    for q, (unit, named) in enumerate(kept):
        own[unit].append(q)
        for other in named:
            by[other].append(q)
    of = np.array([unit for unit, _ in kept], np.int64)
    return Lists(of, *_rows([named for _, named in kept]), *_rows(own), *_rows(by), np.zeros(len(kept), np.int64))


def cost_of(wishes: WishColumn, encoded: Encoded) -> int:
    """Return what a pupil without any wish fulfilled adds to the imbalance.

    At equal weights `AS_A_COUNT` of them add what a class costs that has one pupil too many, and another one too few,
    of a group that half of the pupils are in.
    """
    n, r = len(encoded.unit_of), int(encoded.arrays.reciprocal.max())
    one_off = 2 * KIND_WEIGHT["count"] * encoded.scale * r * 4 // n
    return min(wishes.weight * one_off // AS_A_COUNT, MOST_COST // n)


def _rows(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return rows of numbers as where each starts, (rows + 1,), and all numbers one after another."""
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return starts, np.array([number for row in rows for number in row], np.int64)
