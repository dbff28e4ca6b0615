"""The compiled finish: exchanges of up to 8 for 8 pupils, found by meeting in the middle. numpy and numba only.

Annealing brings the counts to their floors and the numbers close. What is left between two classes is removed by two
neutral moves whose sum comes nearest to what is missing (Horowitz and Sahni 1974; the neighbours of a point are found
in a grid, Bentley and Friedman 1979).
"""

from __future__ import annotations

import numpy as np

from engine.compiled import compiled
from engine.distances import whole_root
from engine.kernels import Arrays, Ints, State, trade
from engine.moves import MOVES, disjoint, list_aims, list_parts, list_swaps, neutral_moves

CELLS = 64  # the grid has at most so many cells along each of its two axes
LOOKS = 12  # pairs that are looked at for each move, on average, at most: where marks are few, far more would do
VALUE = 30  # bits of a shift along the third axis, within a row of the grid


@compiled
def apply_swaps(arrays: Arrays, state: State, swaps: Ints, chosen: Ints) -> int:
    """Carry out swaps, -1 for none; return the change in violations. Made twice, they are taken back."""
    change = 0
    for s in chosen:
        if s >= 0:
            change += trade(arrays, state, swaps[s, 0], swaps[s, 1])
    return change


@compiled
def swaps_of(parts: Ints, move: Ints) -> Ints:
    """Return the numbers of the swaps of a move, (4,), -1 for none."""
    found = np.full(4, -1, np.int64)
    for at in range(2):
        if move[at] >= 0:
            found[2 * at] = parts[move[at], 0]
            found[2 * at + 1] = parts[move[at], 1]
    return found


@compiled
def squared(bounds: Ints, f: int, d: int) -> int:
    """Return what number column f adds to E in two classes if the first gained d and the second lost it.

    ``bounds`` (m, 6), see `bounds_of`; plain numbers only: a kernel that is called millions of times takes no records.
    """
    above = max(0, bounds[f, 0] - d, d - bounds[f, 1])
    beyond = max(0, bounds[f, 2] + d, -d - bounds[f, 3])
    return int(bounds[f, 4] * above * above + bounds[f, 5] * beyond * beyond)


@compiled
def bounds_of(arrays: Arrays, state: State, low: Ints, high: Ints, a: int, b: int) -> Ints:
    """Return per number column, (m, 6), where sums are good enough and what being beyond costs.

    First the least and the most that a may gain, then the same for b, at last what the square of each unit beyond that
    costs in a and in b.
    """
    bounds = np.empty((arrays.numbers, 6), np.int64)
    for f in range(arrays.numbers):
        bounds[f, 0] = low[a, f] - state.sums[a, f]
        bounds[f, 1] = high[a, f] - state.sums[a, f]
        bounds[f, 2] = low[b, f] - state.sums[b, f]
        bounds[f, 3] = high[b, f] - state.sums[b, f]
        bounds[f, 4] = arrays.weight[f] * arrays.reciprocal[a]
        bounds[f, 5] = arrays.weight[f] * arrays.reciprocal[b]
    return bounds


@compiled
def finish_pair(arrays: Arrays, state: State, low: Ints, high: Ints, a: int, b: int, most: int, near: int) -> int:
    """Find and make the best exchange of up to 8 for 8 pupils between two classes that changes no count.

    ``low`` and ``high`` (k, numbers): class sums from low to high are good enough and cost nothing; with 0 and 0 it is
    E that falls. Meet in the middle: for each neutral move its partners are looked for around what is still missing,
    in the first three number columns, as far as half the distance that is to be removed. Returns the change, 0 or less.
    """
    m = arrays.numbers
    bounds = bounds_of(arrays, state, low, high, a, b)
    r = arrays.reciprocal[a] + arrays.reciprocal[b]
    present = 0
    left = 0
    wanted = np.zeros(max(m, 3), np.int64)
    slack = np.ones(3, np.int64)
    reach = np.zeros(3, np.int64)
    for f in range(m):
        # What a may gain so that both sums are good enough; where that cannot be, the best lies between the two, nearer
        # to what the smaller class needs.
        first = max(bounds[f, 0], -bounds[f, 3])
        last = min(bounds[f, 1], -bounds[f, 2])
        now = squared(bounds, f, 0)
        lacking = max(0, first - last)
        always = arrays.weight[f] * ((arrays.reciprocal[a] * arrays.reciprocal[b] * lacking * lacking) // r)
        present += now
        left += max(0, now - always)
        heft = arrays.reciprocal[a] if first == bounds[f, 0] else arrays.reciprocal[b]
        wanted[f] = (heft * first + (r - heft) * last) // r if lacking > 0 else (first + last) // 2
        if f < 3 and first <= last:
            slack[f] += (last - first + 1) // 2
    if left == 0:
        return 0
    for f in range(min(m, 3)):
        reach[f] = slack[f] + whole_root(left // (4 * r * arrays.weight[f]))
    swaps = list_swaps(arrays, state, a, b)
    parts, keys = list_parts(arrays, swaps, near)
    # Heavier means must not buy a count off its floor: once numbers alone are sought, counts may only get more even.
    aims, aim_bits, aim_cost = list_aims(arrays, state, a, b, left if near == 0 else 0, most)
    moves, shift = neutral_moves(arrays, state, swaps, parts, keys, aims, wanted, min(most, 1 << MOVES))
    n = moves.aim.shape[0]
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
        if looks >= LOOKS * n:
            break
        y0 = wanted[0] - shift[s, 0] - origin[0]
        y1 = wanted[1] - shift[s, 1] - origin[1]
        y2 = wanted[2] - shift[s, 2] - origin[2]
        for c0 in range(max(0, (y0 - reach[0]) // width[0]), min(CELLS, (y0 + reach[0]) // width[0]) + 1):
            for c1 in range(max(0, (y1 - reach[1]) // width[1]), min(CELLS, (y1 + reach[1]) // width[1]) + 1):
                row = c0 * (CELLS + 1) + c1
                if starts[row] == starts[row + 1]:
                    continue
                looks += 1
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
                        delta += squared(bounds, f, shift[s, f] + shift[t, f])
                        if delta >= best:
                            break
                    if delta < best and disjoint(swaps, swaps_of(parts, moves.part[s]), swaps_of(parts, moves.part[t])):
                        best = delta
                        best_first = s
                        best_second = t
                        for f in range(min(m, 3)):  # farther off, nothing can be better than this
                            far = whole_root(max(0, left + best) // (r * arrays.weight[f]))
                            reach[f] = min(reach[f], slack[f] + far)
    if best < 0:
        first_half = swaps_of(parts, moves.part[best_first])
        second_half = swaps_of(parts, moves.part[best_second])
        if apply_swaps(arrays, state, swaps, first_half) + apply_swaps(arrays, state, swaps, second_half) > 0:
            apply_swaps(arrays, state, swaps, first_half)
            apply_swaps(arrays, state, swaps, second_half)
            return 0
    return best
