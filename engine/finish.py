"""The compiled finish: exchanges of up to 4 for 4 pupils, found by meeting in the middle. numpy and numba only.

Annealing brings the counts to their floors and the means close. What is left of the means between two classes is
removed by exchanges that change no count: all single swaps and pairs of swaps whose counts cancel are listed, sorted
by what they shift, and two of them are looked for whose sum cancels what is missing (Horowitz and Sahni 1974).
"""

from __future__ import annotations

import numpy as np

from engine.compiled import compiled
from engine.kernels import Arrays, Ints, State, below, trade

KEY = 50  # bits of a signature key that are compared
SWAPS = 12  # bits of a swap's number: at most 4096 swaps of a class pair are looked at
MOVES = 13  # bits of a move's number: at most 8192 neutral moves


@compiled
def list_swaps(arrays: Arrays, state: State, a: int, b: int) -> tuple[Ints, Ints]:
    """Return swaps of one-pupil units between classes a and b as (s, 2), and their sorted codes (key, number)."""
    most = 1 << SWAPS
    every = state.singles[a] * state.singles[b]
    swaps = np.empty((min(every, most), 2), np.int64)
    n = 0
    for p in range(state.singles[a]):
        i = state.single[a, p]
        for q in range(state.singles[b]):
            j = state.single[b, q]
            if arrays.rules.allowed[i, b] == 0 or arrays.rules.allowed[j, a] == 0 or n == most:
                continue
            if every > most and below(state.random, every) >= most:
                continue
            swaps[n, 0] = i
            swaps[n, 1] = j
            n += 1
    codes = np.empty(n, np.int64)
    for s in range(n):
        codes[s] = (((arrays.key[swaps[s, 1]] - arrays.key[swaps[s, 0]]) & ((1 << KEY) - 1)) << SWAPS) | s
    codes.sort()
    return swaps[:n], codes


@compiled
def first_of(codes: Ints, code: int) -> int:
    """Return the first position in sorted ``codes`` that holds at least ``code``."""
    low = 0
    high = codes.shape[0]
    while low < high:
        middle = (low + high) // 2
        if codes[middle] < code:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def neutral_moves(arrays: Arrays, state: State, swaps: Ints, codes: Ints) -> Ints:
    """Return up to 8192 exchanges that change no count, as (l, 4): two swaps i, j, i, j; -1 where there is none.

    The first is no exchange at all. Then swaps within one signature, and pairs of swaps whose signatures cancel.
    """
    number = (1 << SWAPS) - 1
    whole = (1 << KEY) - 1
    most = 1 << MOVES
    pairs = 0
    for c in range(codes.shape[0]):
        wanted = (-(codes[c] >> SWAPS)) & whole
        pairs += first_of(codes, (wanted + 1) << SWAPS) - first_of(codes, wanted << SWAPS)
    moves = np.full((most, 4), -1, np.int64)
    n = 1
    c = first_of(codes, 0)
    while c < codes.shape[0] and codes[c] >> SWAPS == 0 and n < most:
        moves[n, :2] = swaps[codes[c] & number]
        n += 1
        c += 1
    for c in range(codes.shape[0]):
        wanted = (-(codes[c] >> SWAPS)) & whole
        s = codes[c] & number
        other = first_of(codes, wanted << SWAPS)
        while other < codes.shape[0] and codes[other] >> SWAPS == wanted and n < most:
            t = codes[other] & number
            other += 1
            if t <= s or swaps[s, 0] == swaps[t, 0] or swaps[s, 1] == swaps[t, 1]:
                continue
            if pairs > most and below(state.random, pairs) >= most:
                continue
            moves[n, :2] = swaps[s]
            moves[n, 2:] = swaps[t]
            n += 1
    return moves[:n]


@compiled
def apply_moves(arrays: Arrays, state: State, first: Ints, second: Ints) -> int:
    """Carry out two neutral moves; return the change in violations."""
    change = 0
    for chosen in (first, second):
        for p in (0, 2):
            if chosen[p] >= 0:
                change += trade(arrays, state, chosen[p], chosen[p + 1])
    return change


@compiled
def disjoint(first: Ints, second: Ints) -> bool:
    """Return whether two moves touch no pupil in common."""
    for p in range(4):
        for q in range(4):
            if first[p] >= 0 and first[p] == second[q]:
                return False
    return True


@compiled
def finish_pair(arrays: Arrays, state: State, a: int, b: int, width: int) -> int:
    """Find and make the best exchange of up to 4 for 4 pupils between two classes that changes no count.

    Meet in the middle: the neutral moves are sorted by what they shift in the first number column; for each, the
    ``width`` moves on either side of what is still missing are tried with it. Returns the change of E, 0 or less.
    """
    m = arrays.numbers
    swaps, codes = list_swaps(arrays, state, a, b)
    moves = neutral_moves(arrays, state, swaps, codes)
    n = moves.shape[0]
    shift = np.zeros((n, m), np.int64)
    for s in range(n):
        for p in (0, 2):
            if moves[s, p] >= 0:
                for f in range(m):
                    shift[s, f] += arrays.x[moves[s, p + 1], f] - arrays.x[moves[s, p], f]
    ra = arrays.reciprocal[a]
    rb = arrays.reciprocal[b]
    lean = np.empty(m, np.int64)
    for f in range(m):
        lean[f] = 2 * (ra * state.sums[a, f] - rb * state.sums[b, f])
    order = np.empty(n, np.int64)
    for s in range(n):
        order[s] = (shift[s, 0] << MOVES) | s
    order.sort()
    mask = (1 << MOVES) - 1
    wanted = -lean[0] // (2 * (ra + rb))
    best = 0
    best_first = 0
    best_second = 0
    for c in range(n):
        s = order[c] & mask
        middle = first_of(order, (wanted - shift[s, 0]) << MOVES)
        for q in range(max(middle - width, 0), min(middle + width, n)):
            t = order[q] & mask
            delta = 0
            for f in range(m):
                d = shift[s, f] + shift[t, f]
                delta += arrays.weight[f] * d * (lean[f] + (ra + rb) * d)
            if delta < best and disjoint(moves[s], moves[t]):
                best = delta
                best_first = s
                best_second = t
    if best < 0 and apply_moves(arrays, state, moves[best_first], moves[best_second]) > 0:
        apply_moves(arrays, state, moves[best_first], moves[best_second])  # made twice it is taken back
        return 0
    return best
