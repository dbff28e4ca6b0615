"""The compiled list of exchanges between two classes that leave every count as even as it is. numpy and numba only.

All single swaps of two classes are listed with the key of what they shift in the counts. Single swaps, pairs and
triples whose keys add up to nothing, or to another shift that costs nothing, are the neutral moves of `engine.finish`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.compiled import compiled
from engine.kernels import Arrays, Ints, State, below, bits_of, following, presence, scaled

KEY = 48  # bits of a signature key that are compared
SWAPS = 13  # bits of a swap's number: at most 8192 swaps of a class pair are looked at
MOVES = 18  # bits of a move's number
AIMS = 64  # shifts of the counts that are aimed at
WHOLE = (1 << KEY) - 1
LAST_SWAP = (1 << SWAPS) - 1
FAR = 20  # bits by which distances are shortened


class Moves(NamedTuple):
    """Exchanges between two classes: ``swap`` (l, 3) numbers of swaps, -1 where there is none; ``aim`` (l,) numbers."""

    swap: Ints
    aim: Ints


@compiled
def movable(arrays: Arrays, state: State, a: int, b: int) -> Ints:
    """Return the one-pupil units of class a that may go to class b: they break no more rules there than in a."""
    found = np.empty(state.singles[a], np.int64)
    n = 0
    for p in range(state.singles[a]):
        i = state.single[a, p]
        if arrays.rules.ruled[i] == 0 or presence(arrays, state, i, b) <= presence(arrays, state, i, a):
            found[n] = i
            n += 1
    return found[:n]


@compiled
def list_swaps(arrays: Arrays, state: State, a: int, b: int) -> tuple[Ints, Ints]:
    """Return swaps of one-pupil units between classes a and b as (s, 2), and their sorted codes (key, number)."""
    from_a = movable(arrays, state, a, b)
    from_b = movable(arrays, state, b, a)
    every = from_a.shape[0] * from_b.shape[0]
    most = 1 << SWAPS
    stride = (every + most - 1) // most
    swaps = np.empty((min(every, most), 2), np.int64)
    n = 0
    at = below(state.random, stride) if stride > 1 else 0
    while at < every:
        swaps[n, 0] = from_a[at // from_b.shape[0]]
        swaps[n, 1] = from_b[at % from_b.shape[0]]
        n += 1
        at += stride
    codes = np.empty(n, np.int64)
    for s in range(n):
        codes[s] = (((arrays.key[swaps[s, 1]] - arrays.key[swaps[s, 0]]) & ((1 << KEY) - 1)) << SWAPS) | s
    codes.sort()
    return swaps[:n], codes


@compiled
def list_aims(arrays: Arrays, state: State, a: int, b: int, budget: int) -> tuple[Ints, Ints, Ints]:
    """Return what the counts of class a may gain from class b for no more than ``budget``: keys, groups as bits, costs.

    The first is nothing at all. Where a holds one pupil more of a level than b, and one fewer of another level of the
    same group, the two may be exchanged and the counts are as even as before. Of each group at most one such exchange
    is considered, and of at most two groups at once.
    """
    key = np.zeros(AIMS, np.int64)
    bits = np.zeros(AIMS, np.int64)
    paid = np.zeros(AIMS, np.int64)
    ra = arrays.reciprocal[a]
    rb = arrays.reciprocal[b]
    columns = arrays.x.shape[1]
    lean = np.zeros(columns + 1, np.int64)
    cost = np.zeros(columns + 1, np.int64)
    for f in range(arrays.numbers, columns):
        lean[f] = 2 * arrays.weight[f] * arrays.step * (ra * state.sums[a, f] - rb * state.sums[b, f])
        cost[f] = (ra + rb) * arrays.weight[f] * arrays.step * arrays.step
    groups = arrays.level.shape[1]
    n = 1
    singly = 1
    turn = below(state.random, groups) if groups > 0 else 0
    for g in range(groups):
        group = (g + turn) % groups
        last = arrays.group_start[group + 1]
        before = n if singly == 0 else singly
        for lost in range(arrays.group_start[group], last + 1):
            p = lost if lost < last else columns
            for won in range(arrays.group_start[group], last + 1):
                q = won if won < last else columns
                if p == q or (arrays.group_open[group] == 0 and columns in (p, q)):
                    continue
                change = lean[q] - lean[p] + cost[q] + cost[p]
                if change > budget:
                    continue
                for t in range(before):
                    single = bits[t] & (bits[t] - 1) == 0
                    if n < AIMS and single and paid[t] + change <= budget:
                        key[n] = key[t] + arrays.level_key[q] - arrays.level_key[p]
                        bits[n] = bits[t] | (1 << group)
                        paid[n] = paid[t] + change
                        n += 1
        singly = n
    return key[:n] & WHOLE, bits[:n], paid[:n]


@compiled
def indexed(codes: Ints) -> tuple[Ints, Ints]:
    """Return the runs of sorted codes with one key as (r, 3), key, first and end, and a hash table of their numbers.

    The table has a place for each remainder of a mixed key, -1 where there is none (open addressing).
    """
    runs = np.empty((codes.shape[0], 3), np.int64)
    table = np.full(2 << SWAPS, -1, np.int64)
    n = 0
    for c in range(codes.shape[0]):
        key = codes[c] >> SWAPS
        if n == 0 or runs[n - 1, 0] != key:
            at = (key ^ (key >> 15) ^ (key >> 31)) & (table.shape[0] - 1)
            while table[at] >= 0:
                at = (at + 1) & (table.shape[0] - 1)
            table[at] = n
            runs[n, 0] = key
            runs[n, 1] = c
            n += 1
        runs[n - 1, 2] = c + 1
    return runs[:n], table


@compiled
def run_of(runs: Ints, table: Ints, key: int) -> int:
    """Return the number of the run with a key, -1 if there is none."""
    at = (key ^ (key >> 15) ^ (key >> 31)) & (table.shape[0] - 1)
    while table[at] >= 0 and runs[table[at], 0] != key:
        at = (at + 1) & (table.shape[0] - 1)
    return int(table[at])


@compiled
def apart(swaps: Ints, s: int, t: int) -> bool:
    """Return whether two swaps have no pupil in common."""
    return bool(swaps[s, 0] != swaps[t, 0] and swaps[s, 1] != swaps[t, 1])


@compiled
def list_single(swaps: Ints, codes: Ints, runs: Ints, table: Ints, aims: Ints, moves: Moves) -> int:
    """List single swaps whose key is an aim, up to half of the room; return how many moves there are then."""
    n = 1
    for aim in range(aims.shape[0]):
        run = run_of(runs, table, aims[aim])
        if run < 0:
            continue
        for c in range(runs[run, 1], runs[run, 2]):
            if 2 * n < moves.swap.shape[0]:
                moves.swap[n, 0] = codes[c] & LAST_SWAP
                moves.aim[n] = aim
                n += 1
    return n


@compiled
def list_pairs(
    state: State, swaps: Ints, codes: Ints, runs: Ints, table: Ints, aims: Ints, moves: Moves, n: int
) -> int:
    """List pairs of swaps whose keys add up to an aim, of too many one in ``stride``; return the new number."""
    pairs = 0
    for aim in range(aims.shape[0]):
        for run in range(runs.shape[0]):
            other = run_of(runs, table, (aims[aim] - runs[run, 0]) & WHOLE)
            if other >= run:
                pairs += (runs[run, 2] - runs[run, 1]) * (runs[other, 2] - runs[other, 1])
    stride = pairs // (moves.swap.shape[0] - n) + 1
    at = below(state.random, stride)
    for aim in range(aims.shape[0]):
        for run in range(runs.shape[0]):
            other = run_of(runs, table, (aims[aim] - runs[run, 0]) & WHOLE)
            if other < run:
                continue
            across = runs[other, 2] - runs[other, 1]
            held = (runs[run, 2] - runs[run, 1]) * across
            while at < held and n < moves.swap.shape[0]:
                s = codes[runs[run, 1] + at // across] & LAST_SWAP
                t = codes[runs[other, 1] + at % across] & LAST_SWAP
                at += stride
                if (run != other or s < t) and apart(swaps, s, t):
                    moves.swap[n, 0] = s
                    moves.swap[n, 1] = t
                    moves.aim[n] = aim
                    n += 1
            at -= held
    return n


@compiled
def nearest_first(arrays: Arrays, swaps: Ints, codes: Ints) -> Ints:
    """Return the positions in ``codes`` ordered by in how many groups the pupils differ, then how far in numbers."""
    order = np.empty(codes.shape[0], np.int64)
    for c in range(codes.shape[0]):
        i, j = swaps[codes[c] & LAST_SWAP]
        groups = 0
        for g in range(arrays.level.shape[1]):
            groups += 1 if arrays.level[i, g] != arrays.level[j, g] else 0
        far = 0
        for f in range(arrays.numbers):
            d = arrays.mark[j, f] - arrays.mark[i, f]
            far += arrays.weight[f] * d * d
        order[c] = ((groups << 40) | (far >> FAR)) << SWAPS | c
    order.sort()
    return order & LAST_SWAP


@compiled
def list_triples(
    state: State,
    swaps: Ints,
    codes: Ints,
    runs: Ints,
    table: Ints,
    aims: Ints,
    near: Ints,
    moves: Moves,
    n: int,
    tries: int,
) -> int:
    """List triples of swaps whose keys add up to an aim, two by lot and the third looked up; return the new number.

    The lot favours swaps of pupils who are alike: two of those are more often made good by a third.
    """
    word = state.random[0]
    for _ in range(tries):
        if n == moves.swap.shape[0]:
            break
        word = following(word)
        bits = np.int64(bits_of(word))
        x = bits & 0xFFFF
        y = bits >> 16
        c = near[(x * x * near.shape[0]) >> 32]
        d = near[(y * y * near.shape[0]) >> 32]
        word = following(word)
        aim = scaled(bits_of(word), aims.shape[0])
        run = run_of(runs, table, (aims[aim] - (codes[c] >> SWAPS) - (codes[d] >> SWAPS)) & WHOLE)
        if run < 0:
            continue
        s = codes[c] & LAST_SWAP
        t = codes[d] & LAST_SWAP
        word = following(word)
        u = codes[runs[run, 1] + scaled(bits_of(word), runs[run, 2] - runs[run, 1])] & LAST_SWAP
        if apart(swaps, s, t) and apart(swaps, s, u) and apart(swaps, t, u):
            moves.swap[n, 0] = s
            moves.swap[n, 1] = t
            moves.swap[n, 2] = u
            moves.aim[n] = aim
            n += 1
    state.random[0] = word
    return n


@compiled
def neutral_moves(arrays: Arrays, state: State, swaps: Ints, codes: Ints, aims: Ints, most: int, tries: int) -> Moves:
    """Return up to ``most`` moves that shift the counts towards one of the aims; the first is no exchange at all."""
    moves = Moves(np.full((most, 3), -1, np.int64), np.zeros(most, np.int64))
    if codes.shape[0] == 0:
        return Moves(moves.swap[:1], moves.aim[:1])
    runs, table = indexed(codes)
    n = list_single(swaps, codes, runs, table, aims, moves)
    n = list_pairs(state, swaps, codes, runs, table, aims, moves, n)
    if tries > 0:
        near = nearest_first(arrays, swaps, codes)
        n = list_triples(state, swaps, codes, runs, table, aims, near, moves, n, tries)
    return Moves(moves.swap[:n], moves.aim[:n])


@compiled
def shifts_of(arrays: Arrays, swaps: Ints, moves: Moves, at_least: int) -> Ints:
    """Return what each move shifts in the number columns, (l, m); columns of zeros are added up to ``at_least``."""
    m = arrays.numbers
    shift = np.zeros((moves.aim.shape[0], max(m, at_least)), np.int64)
    for n in range(moves.aim.shape[0]):
        for s in moves.swap[n]:
            if s >= 0:
                for f in range(m):
                    shift[n, f] += arrays.mark[swaps[s, 1], f] - arrays.mark[swaps[s, 0], f]
    return shift
