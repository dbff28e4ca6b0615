"""Wishes in integers: the lists the kernels read, and what a pupil without any wish fulfilled costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.cohort import Ints, WishColumn
from engine.encode import KIND_WEIGHT, Encoded
from engine.wish_kernels import Lists, settle

RARE = 20  # a pupil without counts as one too many of a group that one in so many pupils is in
MOST_COST = 1 << 57  # all pupils without; 64 bits then hold it beside the imbalance


@dataclass(frozen=True, slots=True)
class Sought:
    """Wishes that are balanced: the lists, and what each list unmet adds to the imbalance; 0 where the weight is."""

    lists: Lists
    cost: int

    def paid(self, class_of: Ints) -> int:
        """Return what all lists unmet in a placement of the units (u,) add."""
        return self.cost * int(settle(self.lists, class_of))

    def copied(self) -> Sought:
        """Return the same with a support of its own."""
        return replace(self, lists=self.lists._replace(support=self.lists.support.copy()))

    def settled(self, class_of: Ints) -> Lists:
        """Return the lists ready for the kernels that ask what exchanges change."""
        settle(self.lists, class_of)
        return self.lists


def sought(wishes: WishColumn, encoded: Encoded) -> Sought:
    """Return the wishes of an encoded cohort."""
    return Sought(lists_of(wishes, encoded.unit_of, len(encoded.arrays.size)), cost_of(wishes, encoded))


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

    At equal weights that is what a class costs that has one pupil too many, and another one too few, of a group that
    one pupil in `RARE` is in.
    """
    n, r = len(encoded.unit_of), int(encoded.arrays.reciprocal.max())
    one_off = 2 * KIND_WEIGHT["count"] * encoded.scale * r * RARE // n
    return min(wishes.weight * one_off, MOST_COST // n)


def _rows(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return rows of numbers as where each starts, (rows + 1,), and all numbers one after another."""
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return starts, np.array([number for row in rows for number in row], np.int64)
