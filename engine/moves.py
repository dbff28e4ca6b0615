"""The compiled list of exchanges between two classes that leave every count as even as it is. numpy and numba only.

All single swaps of two classes are listed, and many pairs of them, with the key of what they shift in the counts. These
are the parts: one alone or two together whose keys add up to nothing, or to another shift that costs nothing, are the
neutral moves of `engine.finish`, of up to four swaps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.compiled import compiled
from engine.distances import measure_run, points
from engine.kernels import Arrays, Ints, State, below, presence

KEY = 44  # bits of a signature key that are compared
SWAPS = 13  # bits of a swap's number: at most 8192 swaps of a class pair are looked at
PARTS = 18  # bits of a part's number
MOVES = 18  # bits of a move's number
MOST_NEAR = 700  # swaps of which all pairs are listed
SAMPLE = 1024  # moves by which the distance is set within which they are taken
LOOKS = 1 << 21  # pairs of parts that are looked at, at most
PER_LOOK = 200  # pairs of moves for which one pair of parts is looked at
LARGEST = 1 << 62
AIMS = 64  # shifts of the counts that are aimed at, at most
PER_AIM = 256  # moves that are listed for each aim, at least
WHOLE = (1 << KEY) - 1
FAR = 20  # bits by which distances are shortened


class Moves(NamedTuple):
    """Exchanges between two classes: ``part`` (l, 2) numbers of parts, -1 where there is none; ``aim`` (l,) numbers."""

    part: Ints
    aim: Ints


@compiled
def movable(arrays: Arrays, state: State, a: int, b: int) -> Ints:
    """Return the units of class a that may go to class b: they break no more rules there than in a."""
    u = state.class_of.shape[0]
    found = np.empty(state.singles[a] + u - arrays.lone, np.int64)
    n = 0
    for p in range(state.singles[a] + u - arrays.lone):
        i = state.single[a, p] if p < state.singles[a] else arrays.lone + p - state.singles[a]
        if state.class_of[i] != a:
            continue
        if arrays.rules.ruled[i] == 0 or presence(arrays, state, i, b) <= presence(arrays, state, i, a):
            found[n] = i
            n += 1
    return found[:n]


@compiled
def nearest_first(arrays: Arrays, swaps: Ints) -> Ints:
    """Return the swaps ordered by in how many groups the pupils differ, then how far in numbers; blocks come last."""
    codes = np.empty(swaps.shape[0], np.int64)
    groups = arrays.level.shape[1]
    for s in range(swaps.shape[0]):
        i, j = swaps[s]
        differing = groups if i >= arrays.lone and arrays.key[i] != arrays.key[j] else 0
        if i < arrays.lone:
            for g in range(groups):
                differing += 1 if arrays.level[i, g] != arrays.level[j, g] else 0
        far = 0
        for f in range(arrays.numbers):
            d = arrays.x[j, f] - arrays.x[i, f]
            far += arrays.weight[f] * d * d
        codes[s] = ((differing << 40) | min(far >> FAR, (1 << 40) - 1)) << SWAPS | s
    codes.sort()
    return codes & ((1 << SWAPS) - 1)


@compiled
def list_swaps(arrays: Arrays, state: State, a: int, b: int) -> Ints:
    """Return swaps of units of one size between classes a and b, (s, 2), of pupils who are alike first.

    Of too many, every so-manieth is taken.
    """
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
        if arrays.size[swaps[n, 0]] == arrays.size[swaps[n, 1]]:
            n += 1
        at += stride
    return swaps[:n][nearest_first(arrays, swaps[:n])]


@compiled
def list_aims(arrays: Arrays, state: State, a: int, b: int, budget: int, most: int) -> tuple[Ints, Ints, Ints]:
    """Return what the counts of class a may gain from class b for no more than ``budget``: keys, groups as bits, costs.

    They are so many that of ``most`` moves enough are left for each.

    The first is nothing at all. Where a holds one pupil more of a level than b, and one fewer of another level of the
    same group, the two may be exchanged and the counts are as even as before. Of each group at most one such exchange
    is considered, and of at most two groups at once.
    """
    aims = max(1, min(AIMS, most // PER_AIM))
    key = np.zeros(aims, np.int64)
    bits = np.zeros(aims, np.int64)
    paid = np.zeros(aims, np.int64)
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
                    if n < aims and single and paid[t] + change <= budget:
                        key[n] = key[t] + arrays.level_key[q] - arrays.level_key[p]
                        bits[n] = bits[t] | (1 << group)
                        paid[n] = paid[t] + change
                        n += 1
        singly = n
    return key[:n] & WHOLE, bits[:n], paid[:n]


@compiled
def apart(swaps: Ints, s: int, t: int) -> bool:
    """Return whether two swaps have no pupil in common."""
    return bool(swaps[s, 0] != swaps[t, 0] and swaps[s, 1] != swaps[t, 1])


@compiled
def disjoint(swaps: Ints, first: Ints, second: Ints) -> bool:
    """Return whether two lists of swaps, -1 for none, touch no pupil in common."""
    for s in first:
        for t in second:
            if s >= 0 and t >= 0 and not apart(swaps, s, t):
                return False
    return True


@compiled
def list_parts(arrays: Arrays, swaps: Ints, near: int) -> tuple[Ints, Ints]:
    """Return the parts of moves, (p, 2) numbers of swaps, and their keys, which the parts are sorted by.

    Parts are all single swaps, -1 for the second, and all pairs of the first ``near`` swaps: those of pupils who are
    alike, so that what a pair shifts in the counts is often made good by another.
    """
    held = swaps.shape[0]
    near = min(near, held, MOST_NEAR)
    parts = np.full((held + near * (near - 1) // 2, 2), -1, np.int64)
    parts[:held, 0] = np.arange(held)
    n = held
    for s in range(near):
        for t in range(s + 1, near):
            if apart(swaps, s, t):
                parts[n, 0] = s
                parts[n, 1] = t
                n += 1
    codes = np.empty(n, np.int64)
    for p in range(n):
        key = 0
        for s in parts[p]:
            if s >= 0:
                key += arrays.key[swaps[s, 1]] - arrays.key[swaps[s, 0]]
        codes[p] = ((key & WHOLE) << PARTS) | p
    codes.sort()
    return parts[codes & ((1 << PARTS) - 1)], codes >> PARTS


@compiled
def indexed(keys: Ints) -> tuple[Ints, Ints]:
    """Return the runs of equal keys among sorted ones as (r, 3), key, first and end, and a hash table of their numbers.

    The table has a place for each remainder of a mixed key, -1 where there is none (open addressing).
    """
    runs = np.empty((keys.shape[0], 3), np.int64)
    places = 2
    while places < 2 * keys.shape[0]:
        places *= 2
    table = np.full(places, -1, np.int64)
    n = 0
    for c in range(keys.shape[0]):
        key = keys[c]
        if n == 0 or runs[n - 1, 0] != key:
            at = (key ^ (key >> 15) ^ (key >> 31)) & (places - 1)
            while table[at] >= 0:
                at = (at + 1) & (places - 1)
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
def part_shifts(arrays: Arrays, swaps: Ints, parts: Ints) -> Ints:
    """Return what each part shifts in the number columns, (p, m)."""
    shift = np.zeros((parts.shape[0], arrays.numbers), np.int64)
    for p in range(parts.shape[0]):
        for s in parts[p]:
            if s >= 0:
                for f in range(arrays.numbers):
                    shift[p, f] += arrays.x[swaps[s, 1], f] - arrays.x[swaps[s, 0], f]
    return shift


@compiled
def follows(swaps: Ints, parts: Ints, p: int, q: int) -> bool:
    """Return whether two parts make a move: no pupil in common, and of the ways to part its swaps in two the first."""
    if max(parts[p, 0], parts[p, 1]) >= parts[q, 0] and max(parts[q, 0], parts[q, 1]) >= parts[p, 0]:
        return False
    for s in range(2):
        for t in range(2):
            if parts[p, s] >= 0 and parts[q, t] >= 0 and not apart(swaps, parts[p, s], parts[q, t]):
                return False
    return True


@compiled
def matching_runs(runs: Ints, table: Ints, aims: Ints) -> tuple[Ints, int]:
    """Return (r, 3) an aim and two runs whose keys add up to it, each pair of runs once, and how many pairs of parts.

    All are numbers: of aims, and of runs.
    """
    found = np.empty((aims.shape[0] * runs.shape[0], 3), np.int64)
    n = 0
    fitting = 0
    for aim in range(aims.shape[0]):
        for run in range(runs.shape[0]):
            other = run_of(runs, table, (aims[aim] - runs[run, 0]) & WHOLE)
            if other >= run:
                found[n, 0] = aim
                found[n, 1] = run
                found[n, 2] = other
                n += 1
                fitting += (runs[run, 2] - runs[run, 1]) * (runs[other, 2] - runs[other, 1])
    return found[:n], fitting


@compiled
def limit_for(
    swaps: Ints, parts: Ints, runs: Ints, matches: Ints, twice: Ints, rest: Ints, stride: int, skip: int, room: int
) -> int:
    """Return the distance within which about ``room`` pairs of parts are moves, told from every stride-th of them.

    Very large if all are no more than that.
    """
    far = np.empty(1, np.int64)
    sample = np.empty(2 * SAMPLE, np.int64)
    held = 0
    for match in range(matches.shape[0]):
        run = matches[match, 1]
        other = matches[match, 2]
        for p in range(runs[run, 1], runs[run, 2]):
            q = skip + (runs[other, 1] if run != other else p + 1)
            while q < runs[other, 2] and held < sample.shape[0]:
                if follows(swaps, parts, p, q):
                    measure_run(twice, rest, p, q, q + 1, far)
                    sample[held] = far[0]
                    held += 1
                q += stride
            skip = max(0, q - runs[other, 2])
    if held * stride <= room:
        return LARGEST
    sample[:held].sort()
    return int(sample[room // stride])


@compiled
def neutral_moves(
    arrays: Arrays, state: State, swaps: Ints, parts: Ints, keys: Ints, aims: Ints, wanted: Ints, most: int
) -> tuple[Moves, Ints]:
    """Return up to ``most`` moves of one part or two whose keys are, or add up to, one of the aims, and their shifts.

    The shifts, (l, m), are what a move changes in the number columns of the first class, m at least 3. The first move
    is no exchange at all. Of too many, those are taken that shift about half of what is ``wanted`` (m,): two of those
    are more often what is wanted than any two are (Wagner 2002, the generalised birthday problem). How near half is
    near enough is told from a sample.
    """
    of_part = part_shifts(arrays, swaps, parts)
    twice, rest = points(arrays.weight, of_part, wanted)
    runs, table = indexed(keys)
    moves = Moves(np.full((most, 2), -1, np.int64), np.zeros(most, np.int64))
    n = 1
    for aim in range(aims.shape[0]):
        run = run_of(runs, table, aims[aim])
        if run < 0:
            continue
        for p in range(runs[run, 1], runs[run, 2]):
            if 2 * n < most:
                moves.part[n, 0] = p
                moves.aim[n] = aim
                n += 1
    matches, fitting = matching_runs(runs, table, aims)
    looks = min(LOOKS, most * most // PER_LOOK + 1)
    stride = fitting // looks + 1  # of too many, every so-manieth part is looked at, with all that make a move of it
    room = stride * (most - n)
    limit = LARGEST
    if fitting > room:
        sampled = fitting // SAMPLE + 1
        skip = below(state.random, sampled)
        limit = limit_for(swaps, parts, runs, matches, twice, rest, sampled, skip, room)
    far = np.empty(parts.shape[0], np.int64)
    skip = below(state.random, stride)
    for match in range(matches.shape[0]):
        run = matches[match, 1]
        other = matches[match, 2]
        for p in range(runs[run, 1] + skip, runs[run, 2], stride):
            begin = runs[other, 1] if run != other else p + 1
            measure_run(twice, rest, p, begin, runs[other, 2], far)
            for q in range(begin, runs[other, 2]):
                if far[q - begin] <= limit and n < most and follows(swaps, parts, p, q):
                    moves.part[n, 0] = p
                    moves.part[n, 1] = q
                    moves.aim[n] = matches[match, 0]
                    n += 1
        skip = (skip - (runs[run, 2] - runs[run, 1])) % stride
    shift = np.zeros((n, max(3, arrays.numbers)), np.int64)
    for move in range(n):
        for p in moves.part[move]:
            if p >= 0:
                for f in range(arrays.numbers):
                    shift[move, f] += of_part[p, f]
    return Moves(moves.part[:n], moves.aim[:n]), shift
