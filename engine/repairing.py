"""The exchanges that bring most balance back: one for one, and two at a time that only help together."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.cohort import Ints
from engine.criteria import class_values, compared, gap_of
from engine.current import Current, Moves, swap_of
from engine.exchanges import LISTED, Swaps, best_swaps
from engine.goals import Standing
from engine.measuring import Gap, Measured
from engine.swap_gaps import NOISE, gaps_after

POOL = 500  # exchanges that are joined two by two
FINALISTS = 60  # of them, how many are reckoned through
Found = tuple[Standing, dict[int, int]]


@dataclass(frozen=True, slots=True)
class Focus:
    """What a repair is asked for: the exchanges of one class, or of some pupils, or for one criterion; or anything."""

    class_index: int | None = None
    criterion: int | None = None
    pupils: tuple[int, ...] = ()


def repairs(current: Current, before: Measured, count: int, focus: Focus | None = None) -> list[Found]:
    """Return up to ``count`` exchanges that make the placement better, best first, with how it then stands.

    Simple and joined ones stand in one list; a joined one is in it only if neither half is as good. For a criterion
    better means that its gap shrinks, by at least half of what the best exchange brings; whatever it does to the rest.
    """
    focus = focus or Focus()
    if focus.criterion is not None:
        found = _for_criterion(current, before.gaps[focus.criterion])
    else:
        pool = best_swaps(current, POOL, _rows(current, focus))
        simple = [(current.standing(moves), moves) for moves in _listed(current, pool.taken(slice(0, 4 * count)))]
        now = current.standing()
        found = [one for one in [*simple, *joined_swaps(current, pool)] if one[0] < now]
    kept: list[Found] = []
    for standing, moves in sorted(found, key=_order):
        if len(kept) < count and not any(simple.items() <= moves.items() for _, simple in kept):
            kept.append((standing, moves))
    return kept


def _for_criterion(current: Current, gap: Gap) -> list[Found]:
    """Return exchanges that bring one criterion's classes together: one of the pupils is in a class at its ends."""
    known = [value for value in _compared(current, gap) if value is not None]
    if not known or gap.gap == 0:
        return []
    ends = [k for k, value in enumerate(_compared(current, gap)) if value in (max(known), min(known))]
    rows = np.flatnonzero(np.isin(current.class_of, ends))
    swaps = best_swaps(current, LISTED, rows)
    swaps = swaps.taken(np.flatnonzero(swaps.violations <= 0))
    left = gaps_after(current, gap.criterion, swaps.i, swaps.j)
    if len(left) == 0 or float(left.min()) >= float(gap.gap) - NOISE:
        return []
    enough = float(gap.gap) - (float(gap.gap) - float(left.min())) / 2 + NOISE
    helpful = swaps.taken(np.flatnonzero(left <= enough))
    simple = [(current.standing(moves), moves) for moves in _listed(current, helpful.taken(slice(0, FINALISTS)))]
    pool = helpful.taken(slice(0, POOL // 2)).joined(best_swaps(current, POOL // 2))
    # What two exchanges break together is more than the sum, where one rule names pupils of both.
    joined = [
        one
        for one in joined_swaps(current, pool)
        if one[0][0] <= current.violations and float(_gap_with(current, gap, one[1])) <= enough
    ]
    return [*simple, *joined]


def _compared(current: Current, gap: Gap) -> list[Fraction | None]:
    """Return the class values as the gap compares them: counts of unequal classes against their fair share."""
    sizes = current.cohort.sizes
    if not compared(gap.criterion, sizes):
        return list(gap.values)
    share = Fraction(int(gap.criterion.amounts.sum()), sum(sizes))
    return [None if value is None else value - size * share for value, size in zip(gap.values, sizes, strict=True)]


def _gap_with(current: Current, gap: Gap, moves: Moves) -> Fraction:
    after = current.after(moves)
    values = class_values(gap.criterion, after, len(current.cohort.classes))
    return gap_of(gap.criterion, values, current.cohort.sizes)


def joined_swaps(current: Current, pool: Swaps) -> list[Found]:
    """Return the best pairs of exchanges of four pupils, with how the placement stands after both.

    The imbalance of a pair is that of each and a product of the two, all exact; rules and means of the best are then
    reckoned through.
    """
    arrays, class_of = current.encoded.arrays, current.class_of
    if len(pool) < 2:
        return []
    d = arrays.x[pool.j] - arrays.x[pool.i]
    ends = np.zeros((len(pool), len(current.cohort.classes)), np.int64)
    ends[np.arange(len(pool)), class_of[pool.i]] = 1
    ends[np.arange(len(pool)), class_of[pool.j]] = -1
    together = (ends * arrays.reciprocal) @ ends.T
    counted, numbers = d[:, arrays.numbers :], d[:, : arrays.numbers]
    of_counts = 2 * together * ((counted * arrays.weight[arrays.numbers :]) @ counted.T)
    of_numbers = 2 * together * ((numbers * arrays.weight[: arrays.numbers]) @ numbers.T)
    first, second = np.triu_indices(len(pool), 1)
    pupils = np.stack([pool.i, pool.j], axis=1)
    apart = ~(pupils[first][:, :, None] == pupils[second][:, None, :]).any(axis=(1, 2))
    first, second = first[apart], second[apart]
    violations = pool.violations[first] + pool.violations[second]
    counts = pool.counts[first] + pool.counts[second] + of_counts[first, second]
    total = pool.total[first] + pool.total[second] + (of_counts + of_numbers)[first, second]
    best = _least(violations, counts, total)
    found = []
    for at in best:
        one, other = pool.taken(first[at : at + 1]), pool.taken(second[at : at + 1])
        moves = {**_listed(current, one)[0], **_listed(current, other)[0]}
        found.append((current.standing(moves), dict(sorted(moves.items()))))
    return sorted(found, key=_order)


def _least(violations: Ints, counts: Ints, total: Ints) -> Ints:
    """Return the positions of the first `FINALISTS` by violations, counts and total."""
    at = np.flatnonzero(violations <= max(0, int(violations.min(initial=0))))
    if len(at) > 20 * FINALISTS:
        last = np.partition(counts[at], 20 * FINALISTS)[20 * FINALISTS]
        at = at[counts[at] <= last]
    return at[np.lexsort((at, total[at], counts[at], violations[at]))][:FINALISTS]


def _listed(current: Current, swaps: Swaps) -> list[dict[int, int]]:
    return [swap_of(current, int(i), int(j)) for i, j in zip(swaps.i, swaps.j, strict=True)]


def _rows(current: Current, focus: Focus) -> Ints | None:
    if focus.pupils:
        return np.array(focus.pupils, np.int64)
    if focus.class_index is not None:
        return np.flatnonzero(current.class_of == focus.class_index)
    return None


def _order(found: Found) -> tuple[Standing, int, tuple[int, ...]]:
    return found[0], len(found[1]), tuple(found[1])
