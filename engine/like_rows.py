"""Which row of a later list is which where neither ids nor names tell: rows that are equal, then those most alike."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Sequence

import numpy as np

from engine.cohort import Ints
from engine.values import normal_name, parse_number

Row = Sequence[str]
MOST = 4_000_000  # pairs of rows that are looked at; lists with more left over have little to do with each other


def like_rows(then: Sequence[Row], now: Sequence[Row], places: tuple[Sequence[str], Sequence[str]]) -> dict[int, int]:
    """Return the row now of each row then, where there is one. Both lists have the same columns.

    Equal rows go together in their order, those of one class (``places``, then and now) before others. Of the rest
    those go together that have most in common, at least half, a column counting by how many different cells it has;
    of several, the nearest by position.
    """
    keys_then, keys_now = ([tuple(map(_key, row)) for row in rows] for rows in (then, now))
    pairs: dict[int, int] = {}
    placed = [list(zip(keys, held, strict=True)) for keys, held in zip((keys_then, keys_now), places, strict=True)]
    _pair_equal(placed[0], placed[1], pairs)
    _pair_equal(keys_then, keys_now, pairs)
    taken = set(pairs.values())
    left = [i for i in range(len(then)) if i not in pairs]
    right = [j for j in range(len(now)) if j not in taken]
    pairs.update(_most_alike(keys_then, keys_now, left, right))
    return pairs


def _key(cell: str) -> str:
    """Return a cell as it is compared: 85.0 is 85, whatever the spaces and the case."""
    number = parse_number(cell)
    return normal_name(cell) if number is None else str(number.normalize())


def _pair_equal(then: Sequence[Hashable], now: Sequence[Hashable], pairs: dict[int, int]) -> None:
    """Add pairs of equal rows that are in none yet, in their order."""
    taken = set(pairs.values())
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for j, key in enumerate(now):
        if j not in taken:
            waiting[key].append(j)
    for i, key in enumerate(then):
        if i not in pairs and waiting[key]:
            pairs[i] = waiting[key].popleft()


def _most_alike(then: Sequence[Row], now: Sequence[Row], left: list[int], right: list[int]) -> dict[int, int]:
    if not left or not right or not then[0] or len(left) * len(right) > MOST:
        return {}
    common = np.zeros((len(left), len(right)), np.int64)
    whole = 0
    for column in range(len(then[0])):
        number: dict[str, int] = {}
        was, is_ = (
            np.array([number.setdefault(rows[at][column], len(number)) for at in places], np.int64)
            for rows, places in ((then, left), (now, right))
        )
        bits = len({row[column] for row in then}).bit_length()
        common += bits * (was[:, None] == is_[None, :])
        whole += bits
    rows, columns = np.nonzero(2 * common >= whole)
    far = np.abs(np.array(left, np.int64)[rows] - np.array(right, np.int64)[columns])
    found: dict[int, int] = {}
    used: set[int] = set()
    for at in _ordered(common[rows, columns], far):
        i, j = left[rows[at]], right[columns[at]]
        if i not in found and j not in used:
            found[i] = j
            used.add(j)
    return found


def _ordered(common: Ints, far: Ints) -> list[int]:
    """Return positions, those with most in common first, the nearest of them first."""
    return [int(at) for at in np.lexsort((np.arange(len(far)), far, -common))]
