"""The compiled annealing: many random exchanges at one temperature. numpy and numba only."""

from __future__ import annotations

import numpy as np

from engine.compiled import compiled
from engine.kernels import (
    Arrays,
    Ints,
    State,
    bits_of,
    exchange_block,
    following,
    pick_partners,
    scaled,
    shift_delta,
    trade,
    undo_block,
)

THRESHOLDS = 1024  # length of the acceptance table, a power of two
SHIFT = 16  # binary places of the acceptance table


@compiled
def refresh(arrays: Arrays, state: State, pull: Ints, slack: Ints, a: int) -> None:
    """Bring up to date what class a pulls with, 2 weight r S per column, and how much its numbers could still gain.

    Whatever two classes exchange, their number columns' part of E falls by at most the sum of their slacks: that
    part of E itself.
    """
    r = arrays.reciprocal[a]
    part = 0
    for f in range(arrays.x.shape[1]):
        pull[a, f] = 2 * arrays.weight[f] * r * state.sums[a, f]
        if f < arrays.numbers:
            part += arrays.weight[f] * r * state.sums[a, f] * state.sums[a, f]
    slack[a] = part


@compiled
def at_hand(arrays: Arrays, state: State) -> tuple[Ints, Ints, Ints]:
    """Return what the annealing keeps at hand: `refresh`'s pull and slack of all classes, and what each count costs."""
    k, columns = state.sums.shape
    pull = np.zeros((k, columns + 1), np.int64)
    slack = np.zeros(k, np.int64)
    cost = np.zeros(columns + 1, np.int64)
    for f in range(columns):
        cost[f] = arrays.weight[f] * arrays.step * arrays.step
    for a in range(k):
        refresh(arrays, state, pull, slack, a)
    return pull, slack, cost


@compiled
def counts_delta(arrays: Arrays, pull: Ints, cost: Ints, i: int, j: int, a: int, b: int) -> int:
    """Return the change of the counted columns' part of E if pupils i of class a and j of class b traded classes.

    In each group only the two levels of the two pupils matter; where they are one level, the four terms cancel.
    """
    pulled = 0
    paid = 0
    pull_a = pull[a]
    pull_b = pull[b]
    level_i = arrays.level[i]
    level_j = arrays.level[j]
    for g in range(arrays.level.shape[1]):
        p = level_i[g]
        q = level_j[g]
        pulled += pull_a[q] - pull_b[q] - pull_a[p] + pull_b[p]
        both = cost[p] + cost[q]  # read in any case: a branch here would be mispredicted half of the time
        paid += both if p != q else 0
    return int(arrays.step * pulled + (arrays.reciprocal[a] + arrays.reciprocal[b]) * paid)


@compiled
def numbers_delta(arrays: Arrays, pull: Ints, i: int, j: int, a: int, b: int) -> int:
    """Return the change of the number columns' part of E if pupils i of class a and j of class b traded classes."""
    r = arrays.reciprocal[a] + arrays.reciprocal[b]
    total = 0
    pull_a = pull[a]
    pull_b = pull[b]
    mark_i = arrays.mark[i]
    mark_j = arrays.mark[j]
    for f in range(arrays.mark.shape[1]):
        d = mark_j[f] - mark_i[f]
        total += d * (pull_a[f] - pull_b[f] + arrays.weight[f] * r * d)
    return total


@compiled
def anneal(arrays: Arrays, state: State, thresholds: Ints, steps: int, kin_share: int) -> tuple[int, int]:
    """Propose ``steps`` exchanges at one temperature; return the changes in violations and in E.

    A proposal is accepted when its change of E is at most a threshold drawn from the table (integers, pre-drawn
    -T ln u) and it breaks no further rule. ``kin_share`` of 256 proposals are between pupils of one signature, which
    changes means but no count. The others are dropped as soon as the counts alone cost more than the numbers could
    make good.
    """
    u = arrays.x.shape[0]
    k = state.sums.shape[0]
    pull, slack, cost = at_hand(arrays, state)
    gained = 0
    mended = 0
    word = state.random[0]
    for _ in range(steps):
        word = following(word)
        i = scaled(bits_of(word), u)
        a = state.class_of[i]
        word = following(word)
        bits = np.int64(bits_of(word))
        threshold = thresholds[bits & (THRESHOLDS - 1)]
        word = following(word)
        third = bits_of(word)
        if i < arrays.lone:
            if (bits >> 10) & 255 < kin_share:
                if arrays.kin_count[i] < 2:
                    continue
                j = arrays.kin[arrays.kin_start[i] + scaled(third, arrays.kin_count[i])]
                b = state.class_of[j]
                if b == a:
                    continue
                delta = 0
            else:
                j = scaled(third, arrays.lone)
                b = state.class_of[j]
                if b == a:
                    continue
                delta = counts_delta(arrays, pull, cost, i, j, a, b)
                if delta > threshold + slack[a] + slack[b]:
                    continue
            delta += numbers_delta(arrays, pull, i, j, a, b)
            if delta > threshold:
                continue
            change = trade(arrays, state, i, j)
            if change > 0:
                trade(arrays, state, i, j)
                continue
        else:
            b = scaled(third, k)
            if b == a:
                continue
            state.random[0] = word
            count = pick_partners(arrays, state, i, b)
            word = state.random[0]
            if count == 0:
                continue
            delta = shift_delta(arrays, state, a, b)
            if delta > threshold:
                continue
            change = exchange_block(arrays, state, i, count)
            if change > 0:
                undo_block(arrays, state, i, count)
                continue
        refresh(arrays, state, pull, slack, a)
        refresh(arrays, state, pull, slack, b)
        gained += delta
        mended += change
    state.random[0] = word
    return mended, gained
