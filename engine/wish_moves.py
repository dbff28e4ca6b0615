"""The compiled exchanges of companies: pupils who go together so that nobody loses the last one wished for.

Where nearly everyone has just one wished companion, hardly any two pupils can trade classes alone. A company is a
pupil, those who would be left behind without any, and whom they need where they go; it is exchanged for companies of
the other class (an ejection chain: Glover 1996). numpy and numba only.
"""

from __future__ import annotations

import numpy as np

from engine.annealing import THRESHOLDS
from engine.compiled import compiled
from engine.kernels import Arrays, Ints, State, below, shift_delta
from engine.wish_kernels import Lists, carry, settle

COMPANY = 6  # pupils who go together at most
TRIES = 8  # pupils of the other class whose companies are tried to make up the number


@compiled
def companion_of(lists: Lists, state: State, group: Ints, n: int, i: int, b: int) -> int:
    """Return a wished unit that unit i of a group takes along to class b; -1 if there is one already, or none."""
    first = lists.own_start[i]
    if first == lists.own_start[i + 1] or lists.support[lists.own[first]] == 0:
        return -1
    start = lists.start[lists.own[first]]
    many = lists.start[lists.own[first] + 1] - start
    found = -1
    turn = below(state.random, many)
    for w in range(many):
        other = lists.unit[start + (w + turn) % many]
        if state.class_of[other] == b:
            return -1
        if state.class_of[other] == state.class_of[i]:
            found = other
        for p in range(n):
            if group[p] == other:
                return -1
    return int(found)


@compiled
def follow(arrays: Arrays, lists: Lists, state: State, group: Ints, n: int, most: int, b: int) -> int:
    """Complete the first ``n`` units of ``group`` so that nobody loses the last companion; return how many they are.

    Added are all who would be left unmet in their class if the group left for class b, and for those of the group who
    have nobody there one of those they wish for. 0 if they are more than ``most``, or one of them is a block.
    """
    a = state.class_of[group[0]]
    done = 0
    while done < n:
        if group[done] >= arrays.lone:
            return 0
        companion = companion_of(lists, state, group, n, group[done], b)
        if companion >= 0:
            if n == most:
                return 0
            group[n] = companion
            n += 1
        for at in range(lists.by_start[group[done]], lists.by_start[group[done] + 1]):
            q = lists.by[at]
            follower = lists.of[q]
            if state.class_of[follower] != a:
                continue
            left = lists.support[q]
            inside = False
            for p in range(n):
                inside = inside or group[p] == follower
                for w in range(lists.start[q], lists.start[q + 1]):
                    left -= 1 if lists.unit[w] == group[p] else 0
            if inside or left > 0:
                continue
            if n == most:
                return 0
            group[n] = follower
            n += 1
        done += 1
    return n


@compiled
def pick_companies(arrays: Arrays, lists: Lists, state: State, i: int, b: int, both: Ints) -> int:
    """Fill ``both`` (2, most) with unit i and its followers, and with as many of class b that can go the other way.

    Returns how many on each side, 0 if none were found; ``state.d`` is what the first class gains.
    """
    most = both.shape[1]
    n = follow(arrays, lists, state, both[0], 1, most, b)
    if n == 0 or state.singles[b] == 0:
        return 0
    a = state.class_of[i]
    held = 0
    for _ in range(TRIES):
        j = state.single[b, below(state.random, state.singles[b])]
        new = True
        for p in range(held):
            new = new and both[1, p] != j
        if not new:
            continue
        both[1, held] = j
        more = follow(arrays, lists, state, both[1], held + 1, n, a)
        if more > 0:
            held = more
        if held == n:
            break
    if held != n:
        return 0
    for f in range(state.d.shape[0]):
        state.d[f] = 0
        for p in range(n):
            state.d[f] += arrays.x[both[1, p], f] - arrays.x[both[0, p], f]
    return n


@compiled
def exchange(arrays: Arrays, lists: Lists, state: State, both: Ints, changes: Ints) -> None:
    """Let the units of ``both`` (2, n), those of each row in one class, trade classes.

    What that changes is added to ``changes`` (2,): violations, lists unmet.
    """
    a = state.class_of[both[0, 0]]
    b = state.class_of[both[1, 0]]
    for p in range(both.shape[1]):
        carry(arrays, lists, state, both[0, p], b, changes)
        carry(arrays, lists, state, both[1, p], a, changes)


@compiled
def anneal_companies(
    arrays: Arrays, lists: Lists, state: State, cost: int, thresholds: Ints, steps: int
) -> tuple[int, int]:
    """As `anneal_wishes`, but what is exchanged are pupils with all who would be unmet without them."""
    u = state.class_of.shape[0]
    k = state.sums.shape[0]
    unmet = settle(lists, state.class_of)
    before = unmet
    both = np.empty((2, COMPANY), np.int64)
    changes = np.zeros(2, np.int64)
    gained = 0
    for _ in range(steps):
        i = below(state.random, u)
        if i >= arrays.lone:
            continue
        a = state.class_of[i]
        if lists.own_start[i] < lists.own_start[i + 1] and below(state.random, 2) == 0:
            q = lists.own[lists.own_start[i]]
            b = state.class_of[lists.unit[lists.start[q] + below(state.random, lists.start[q + 1] - lists.start[q])]]
        else:
            b = below(state.random, k)
        if b == a:
            continue
        both[0, 0] = i
        threshold = thresholds[below(state.random, THRESHOLDS)]
        n = pick_companies(arrays, lists, state, i, b, both)
        if n == 0:
            continue
        delta = shift_delta(arrays, state, a, b)
        if delta > threshold:
            continue
        changes[:] = 0
        exchange(arrays, lists, state, both[:, :n], changes)
        if changes[0] > 0 or delta + cost * changes[1] > threshold:
            exchange(arrays, lists, state, both[:, :n], changes)
            continue
        gained += delta
        unmet += changes[1]
    return gained, unmet - before
