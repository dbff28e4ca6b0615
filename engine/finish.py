"""The compiled finish: exchanges of up to 6 for 6 pupils, found by meeting in the middle. numpy and numba only.

Annealing brings the counts to their floors and the numbers close. What is left between two classes is removed by two
neutral moves whose sum comes nearest to what is missing (Horowitz and Sahni 1974; the neighbours of a point are found
in a grid, Bentley and Friedman 1979).
"""

from __future__ import annotations

import numpy as np

from engine.compiled import compiled
from engine.kernels import Arrays, Ints, State, trade
from engine.moves import MOVES, apart, list_aims, list_swaps, neutral_moves, shifts_of

CELLS = 64  # the grid has at most so many cells along each of its two axes
LOOKS = 1 << 18  # pairs of moves that are looked at: where marks are few, far more would do as well
VALUE = 30  # bits of a shift along the third axis, within a row of the grid


@compiled
def apply_moves(arrays: Arrays, state: State, swaps: Ints, first: Ints, second: Ints) -> int:
    """Carry out two neutral moves; return the change in violations."""
    change = 0
    for chosen in (first, second):
        for s in chosen:
            if s >= 0:
                change += trade(arrays, state, swaps[s, 0], swaps[s, 1])
    return change


@compiled
def disjoint(swaps: Ints, first: Ints, second: Ints) -> bool:
    """Return whether two moves touch no pupil in common."""
    for s in first:
        for t in second:
            if s >= 0 and t >= 0 and not apart(swaps, s, t):
                return False
    return True


@compiled
def whole_root(value: int) -> int:
    """Return the largest integer whose square is at most ``value`` (Newton)."""
    if value < 2:
        return value
    root = value
    better = (value + 1) // 2
    while better < root:
        root = better
        better = (root + value // root) // 2
    return root


@compiled
def outside(value: int, low: int, high: int) -> int:
    """Return how far a class sum is outside the range that is good enough."""
    return max(0, low - value, value - high)


@compiled
def numbers_part(arrays: Arrays, state: State, low: Ints, high: Ints, a: int, b: int, f: int, d: int) -> int:
    """Return what number column f adds to E in classes a and b if a gained d and b lost it."""
    above = outside(state.sums[a, f] + d, low[a, f], high[a, f])
    beyond = outside(state.sums[b, f] - d, low[b, f], high[b, f])
    return int(arrays.weight[f] * (arrays.reciprocal[a] * above * above + arrays.reciprocal[b] * beyond * beyond))


@compiled
def best_gains(state: State, low: Ints, high: Ints, a: int, b: int, f: int) -> tuple[int, int]:
    """Return the gains of class a from b, from and to, with which both sums of number column f are good enough.

    Where that cannot be, the first is the larger: the best gain lies between the two.
    """
    least = max(low[a, f] - state.sums[a, f], state.sums[b, f] - high[b, f])
    most = min(high[a, f] - state.sums[a, f], state.sums[b, f] - low[b, f])
    return least, most


@compiled
def finish_pair(arrays: Arrays, state: State, low: Ints, high: Ints, a: int, b: int, most: int, tries: int) -> int:
    """Find and make the best exchange of up to 6 for 6 pupils between two classes that changes no count.

    ``low`` and ``high`` (k, numbers): class sums from low to high are good enough and cost nothing; with 0 and 0 it is
    E that falls. Meet in the middle: for each neutral move its partners are looked for around what is still missing,
    in the first three number columns, as far as half the distance that is to be removed. Returns the change, 0 or less.
    """
    m = arrays.numbers
    r = arrays.reciprocal[a] + arrays.reciprocal[b]
    present = 0
    left = 0
    wanted = np.zeros(3, np.int64)
    reach = np.zeros(3, np.int64)
    for f in range(m):
        first, last = best_gains(state, low, high, a, b, f)
        now = numbers_part(arrays, state, low, high, a, b, f, 0)
        lacking = max(0, first - last)
        always = arrays.weight[f] * ((arrays.reciprocal[a] * arrays.reciprocal[b] * lacking * lacking) // r)
        present += now
        left += max(0, now - always)
        if f < 3:
            wanted[f] = (first + last) // 2
            reach[f] = 1 + abs(last - first + 1) // 2 if first <= last else 1
    if left == 0:
        return 0
    for f in range(min(m, 3)):
        reach[f] += whole_root(left // (4 * r * arrays.weight[f]))
    swaps, codes = list_swaps(arrays, state, a, b)
    # Heavier means must not buy a count off its floor: once numbers alone are sought, counts may only get more even.
    aims, aim_bits, aim_cost = list_aims(arrays, state, a, b, left if tries == 0 else 0)
    held = codes.shape[0]
    moves = neutral_moves(arrays, state, swaps, codes, aims, min(most * held + 2, 1 << MOVES), tries * held)
    n = moves.aim.shape[0]
    shift = shifts_of(arrays, swaps, moves, 3)
    origin = np.zeros(3, np.int64)
    width = np.ones(3, np.int64)
    for f in range(3):
        origin[f] = shift[:, f].min()
        width[f] = max(reach[f], (shift[:, f].max() - origin[f]) // CELLS) + 1
    codes = np.empty(n, np.int64)
    for s in range(n):
        row = (shift[s, 0] - origin[0]) // width[0] * (CELLS + 1) + (shift[s, 1] - origin[1]) // width[1]
        codes[s] = ((row << VALUE | (shift[s, 2] - origin[2])) << MOVES) | s
    codes.sort()
    starts = np.zeros((CELLS + 1) * (CELLS + 1) + 1, np.int64)
    for c in range(n):
        starts[(codes[c] >> (MOVES + VALUE)) + 1] += 1
    for row in range(1, starts.shape[0]):
        starts[row] += starts[row - 1]
    best = 0
    best_first = 0
    best_second = 0
    looks = 0
    for s in range(n):
        if looks >= LOOKS:
            break
        y0 = wanted[0] - shift[s, 0] - origin[0]
        y1 = wanted[1] - shift[s, 1] - origin[1]
        y2 = wanted[2] - shift[s, 2] - origin[2]
        for c0 in range(max(0, (y0 - reach[0]) // width[0]), min(CELLS, (y0 + reach[0]) // width[0]) + 1):
            for c1 in range(max(0, (y1 - reach[1]) // width[1]), min(CELLS, (y1 + reach[1]) // width[1]) + 1):
                row = c0 * (CELLS + 1) + c1
                if starts[row] == starts[row + 1]:
                    continue
                begin = starts[row]
                stop = starts[row + 1]
                wish = (row << VALUE | max(0, y2 - reach[2])) << MOVES
                while begin < stop:
                    middle = (begin + stop) // 2
                    if codes[middle] < wish:
                        begin = middle + 1
                    else:
                        stop = middle
                for c in range(begin, starts[row + 1]):
                    t = codes[c] & ((1 << MOVES) - 1)
                    if shift[t, 2] - origin[2] > y2 + reach[2]:
                        break
                    looks += 1
                    if t < s or aim_bits[moves.aim[s]] & aim_bits[moves.aim[t]] != 0:
                        continue
                    delta = aim_cost[moves.aim[s]] + aim_cost[moves.aim[t]] - present
                    for f in range(m):
                        delta += numbers_part(arrays, state, low, high, a, b, f, shift[s, f] + shift[t, f])
                    if delta < best and disjoint(swaps, moves.swap[s], moves.swap[t]):
                        best = delta
                        best_first = s
                        best_second = t
    if best < 0 and apply_moves(arrays, state, swaps, moves.swap[best_first], moves.swap[best_second]) > 0:
        apply_moves(
            arrays, state, swaps, moves.swap[best_first], moves.swap[best_second]
        )  # made twice it is taken back
        return 0
    return best
