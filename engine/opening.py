"""The opening placement: ruled units where they may go, the others dealt out by lot."""

from __future__ import annotations

import hashlib

import numpy as np

from engine.cohort import Ints
from engine.kernels import Arrays, State, Words, below

ATTEMPTS = 100  # random orders in which blocks are tried before they are said not to fit


class NoRoomError(Exception):
    """Pupils that must be together do not fit into classes of these sizes."""


def generator(seed: int, turn: int) -> Words:
    """Return the state of the search's own random generator for one round, a word from SHA-256."""
    digest = hashlib.sha256(f"evenclass {seed} {turn}".encode()).digest()
    return np.array([1 + (int.from_bytes(digest[:8], "big") >> 1)], np.uint64)


def opening(arrays: Arrays, sizes: tuple[int, ...], seed: int, turn: int) -> State:
    """Return a full state in which every class has its size; rules are kept as far as a greedy order can.

    Raises `NoRoomError` if the blocks do not fit in any order tried.
    """
    random = generator(seed, turn)
    for _ in range(ATTEMPTS):
        class_of = _dealt(arrays, sizes, random)
        if class_of is not None:
            return state_of(arrays, class_of, sizes, random)
    raise NoRoomError


def state_of(arrays: Arrays, class_of: Ints, sizes: tuple[int, ...], random: Words) -> State:
    """Return the state that belongs to a class for every unit."""
    k = len(sizes)
    sums = np.zeros((k, arrays.x.shape[1]), np.int64)
    np.add.at(sums, class_of, arrays.x)
    single = np.zeros((k, max(sizes) + 1), np.int64)  # one more: in the middle of a swap a class is over-full
    singles = np.zeros(k, np.int64)
    at = np.zeros(len(class_of), np.int64)
    for i in range(arrays.lone):
        a = class_of[i]
        single[a, singles[a]] = i
        at[i] = singles[a]
        singles[a] += 1
    limit_count = np.zeros((len(arrays.rules.limit_cap), k), np.int64)
    unit_of_limit = np.repeat(np.arange(len(class_of)), np.diff(arrays.rules.limit_start))
    np.add.at(limit_count, (arrays.rules.limit, class_of[unit_of_limit]), arrays.rules.limit_amount)
    largest = int(arrays.size.max())
    return State(
        class_of=class_of.copy(),
        sums=sums,
        single=single,
        singles=singles,
        at=at,
        limit_count=limit_count,
        random=random.copy(),
        d=np.zeros(arrays.x.shape[1], np.int64),
        picked=np.zeros(largest, np.int64),
    )


def _dealt(arrays: Arrays, sizes: tuple[int, ...], random: Words) -> Ints | None:
    """Return a class for every unit, or None if a block found no room."""
    u = len(arrays.size)
    lot = shuffled(u, random)
    class_of = np.full(u, -1, np.int64)
    seats = np.array(sizes, np.int64)
    held = np.zeros((len(arrays.rules.limit_cap), len(sizes)), np.int64)
    careful = (arrays.rules.ruled == 1) | (arrays.size > 1)
    choices = arrays.rules.allowed.sum(axis=1)
    degree = np.diff(arrays.rules.conflict_start)
    # Hardest first: fewest classes open to it, then the largest block, then the most units to keep away from.
    hardest = sorted((int(i) for i in lot if careful[i]), key=lambda i: (choices[i], -arrays.size[i], -degree[i]))
    for i in hardest:
        k = _best_class(arrays, i, class_of, seats, held)
        if k is None:
            return None
        class_of[i] = k
        seats[k] -= arrays.size[i]
        for m in range(arrays.rules.limit_start[i], arrays.rules.limit_start[i + 1]):
            held[arrays.rules.limit[m], k] += arrays.rules.limit_amount[m]
    rest = np.array([i for i in lot if not careful[i]], np.int64)
    class_of[rest] = np.repeat(np.arange(len(sizes)), seats)
    return class_of


def _best_class(arrays: Arrays, i: int, class_of: Ints, seats: Ints, held: Ints) -> int | None:
    """Return the class with room where unit i breaks the fewest rules, the emptiest of them; None without room."""
    room = seats >= arrays.size[i]
    if not room.any():
        return None
    near = class_of[arrays.rules.conflict[arrays.rules.conflict_start[i] : arrays.rules.conflict_start[i + 1]]]
    broken = np.bincount(near[near >= 0], minlength=len(seats)).astype(np.int64)
    broken += arrays.size[i] * (1 - arrays.rules.allowed[i].astype(np.int64))
    for m in range(arrays.rules.limit_start[i], arrays.rules.limit_start[i + 1]):
        at = arrays.rules.limit[m]
        broken += np.maximum(0, held[at] + arrays.rules.limit_amount[m] - arrays.rules.limit_cap[at])
    rank = np.where(room, broken * (1 << 20) - seats, np.iinfo(np.int64).max)
    return int(np.argmin(rank))


def shuffled(n: int, random: Words) -> Ints:
    """Return the numbers below n in random order (Fisher and Yates)."""
    order = np.arange(n, dtype=np.int64)
    for i in range(n - 1, 0, -1):
        j = below(random, i + 1)
        order[i], order[j] = order[j], order[i]
    return order
