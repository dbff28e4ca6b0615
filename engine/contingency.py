"""Exact tails of a table of counts with fixed margins, where so few tables are possible that each is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb, factorial, prod

MOST_TABLES = 20_000

Squares = Sequence[Sequence[int]]  # what the square of each count weighs: per class, per label


def tails(sizes: Sequence[int], counts: Sequence[int], part: Squares, seen: int) -> tuple[int, int, int] | None:
    """Return in how many deals the statistic is at least, and at most, what was seen; and how many deals there are.

    A deal gives every pupil a class so that the classes have their ``sizes``; ``counts`` is how many pupils have each
    label. The statistic is the sum of ``part[c][l]`` times the squared count of class c and label l, as in
    `engine.arrangements`. All numbers are exact. Returns None if more than `MOST_TABLES` tables might be possible.
    """
    k = len(sizes)
    order = sorted(range(len(counts)), key=lambda level: counts[level])
    if prod(comb(counts[level] + k - 1, k - 1) for level in order[:-1]) > MOST_TABLES:
        return None
    above = below = 0
    for value, ways in _tables(tuple(sizes), [(counts[at], [row[at] for row in part]) for at in order]):
        above += ways if value >= seen else 0
        below += ways if value <= seen else 0
    return above, below, factorial(sum(sizes)) // prod(map(factorial, sizes))


def _tables(room: tuple[int, ...], levels: Sequence[tuple[int, list[int]]]) -> Iterator[tuple[int, int]]:
    """Yield the statistic of each table and the deals that lead to it; a level: its count, and its weights."""
    (count, part), rest = levels[0], levels[1:]
    for held in _splits(count, room) if rest else [room]:
        value = sum(weight * h * h for weight, h in zip(part, held, strict=True))
        ways = factorial(count) // prod(map(factorial, held))
        if not rest:
            yield value, ways
            continue
        for more, further in _tables(tuple(r - h for r, h in zip(room, held, strict=True)), rest):
            yield value + more, ways * further


def _splits(count: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield every way to spread a count over classes with this much room."""
    if len(room) == 1:
        if count <= room[0]:
            yield (count,)
        return
    for here in range(max(0, count - sum(room[1:])), min(count, room[0]) + 1):
        for others in _splits(count - here, room[1:]):
            yield (here, *others)
