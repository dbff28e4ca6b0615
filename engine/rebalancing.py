"""More balance for few moves: from the placement that stands, a short list of alternatives, moves against gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.cohort import Ints
from engine.current import Current, Moves, current_of, joined, swap_of
from engine.exchanges import best_swaps
from engine.goals import Standing
from engine.repairing import POOL, joined_swaps

MANY = 2500  # pupils, beyond which only so many classes are looked at in a step
UNEVEN = 10
MOST_STEPS = 60  # exchanges made one after the other; more is the search's work
SHOWN = (0, 2, 4, 6, 8, 12, 20, 32, 50)  # numbers of pupils moved that make the short list
Tell = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to go on from here: who moves, and how the placement then stands."""

    moves: dict[int, int]
    standing: Standing


def step_by_step(
    current: Current, origin: Ints, most_moved: int | None = None, tell: Tell = lambda share: True
) -> list[Alternative]:
    """Return the placement as it stands, then after one more exchange each time, always the one that helps most.

    Where no single exchange helps, two together may. It ends where neither does, or before more than ``most_moved``
    pupils are elsewhere than in ``origin``. Pupils who cannot be moved stay.
    """
    now = current
    found = [Alternative(moved(origin, now.class_of), now.standing())]
    for step in range(MOST_STEPS):
        best = _next(now)
        if best is None:
            break
        now = now.moved(best)
        moves = moved(origin, now.class_of)
        if most_moved is not None and len(moves) > most_moved:
            break
        found.append(Alternative(moves, now.standing()))
        if not tell((step + 1) / MOST_STEPS):
            break
    return found


def mended_sizes(current: Current, sizes: tuple[int, ...]) -> tuple[Current, dict[int, int]] | None:
    """Return the placement with the sizes wanted, by as few and harmless single moves as can be, and these moves.

    None if pupils who may move are too few for that.
    """
    base = current_of(
        replace(current.cohort, sizes=sizes),
        (current.criteria, current.floors),
        current.class_of,
        np.flatnonzero(~current.movable),
    )
    now, done = base, dict[int, int]()
    while True:
        held = np.bincount(now.class_of, minlength=len(sizes))
        over, under = np.flatnonzero(held > np.array(sizes)), np.flatnonzero(held < np.array(sizes))
        if len(over) == 0:
            return now, done
        pupils = np.flatnonzero(np.isin(now.class_of, over) & now.movable)
        options = [(now.standing({int(i): int(k)}), int(i), int(k)) for i in pupils for k in under]
        if not options:
            return None
        _, i, k = min(options)
        now = now.moved({i: k})
        done = joined(base, done, {i: k})


def short_list(found: list[Alternative]) -> list[Alternative]:
    """Return those that are better than all with fewer moves; of many, some with numbers that mark the way."""
    kept: list[Alternative] = []
    for one in sorted(found, key=lambda one: (len(one.moves), one.standing, tuple(one.moves))):
        if not kept or (one.standing < kept[-1].standing and len(one.moves) > len(kept[-1].moves)):
            kept.append(one)
    marks: dict[int, Alternative] = {}
    for one in kept:
        mark = next((mark for mark in SHOWN if len(one.moves) <= mark), len(one.moves))
        marks[mark] = one  # the last before each mark
    last_small = max((one for one in kept if len(one.moves) <= 2 * MOST_STEPS), key=lambda one: len(one.moves))
    return sorted(
        {len(one.moves): one for one in (*marks.values(), last_small)}.values(), key=lambda one: len(one.moves)
    )


def at_most(found: list[Alternative], most_moved: int) -> Alternative:
    """Return the best alternative that moves no more pupils."""
    return min((one for one in found if len(one.moves) <= most_moved), key=lambda one: (one.standing, len(one.moves)))


def moved(before: Ints, after: Ints) -> dict[int, int]:
    """Return who is elsewhere afterwards."""
    return {int(i): int(after[i]) for i in np.flatnonzero(before != after)}


def _worth_it(current: Current) -> Ints | None:
    """Return the pupils whose exchanges are looked at: all, or in a large cohort those of the most uneven classes."""
    if len(current.class_of) <= MANY:
        return None
    arrays = current.encoded.arrays
    uneven = arrays.reciprocal * (arrays.weight * current.sums**2).sum(axis=1)
    return np.flatnonzero(np.isin(current.class_of, np.argsort(-uneven, kind="stable")[:UNEVEN]))


def _next(current: Current) -> Moves | None:
    """Return the exchange that helps most, or two that only help together; None if nothing does."""
    now = current.standing()
    pool = best_swaps(current, POOL, _worth_it(current))
    if len(pool) > 0:
        best = swap_of(current, int(pool.i[0]), int(pool.j[0]))
        if current.standing(best) < now:
            return best
    return next((moves for standing, moves in joined_swaps(current, pool) if standing < now), None)
