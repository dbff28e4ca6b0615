"""The compiled core: a placement as integers, what an exchange changes, and the exchanges. numpy and numba only.

Everything is an integer. A cohort reaches this module as `Arrays` (never changed) and `State` (changed in place).
What moves is a *unit*: one pupil, or all pupils of a together group. With x the encoded rows of the units, S the
sums of x per class and r about 1/size, the imbalance is

    E = sum over columns f of  weight[f] * sum over classes k of  r[k] * S[k, f]**2,

the quadratic form of ENGINE-style anticlustering (Spaeth 1986, k-means criterion reversed; Brusco, Cradit and Steinley
2020 for the exchange). Swapping unit i of class a for unit j of class b changes it, with d = x[j] - x[i], by
sum of weight * d * (2 * (r[a] S[a] - r[b] S[b]) + d * (r[a] + r[b])), O(f).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.compiled import compiled

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

MULTIPLIER = 4294883355  # of the generator; times 2**32, less 1, it is a safe prime


class HardRules(NamedTuple):
    """What must hold, per unit and in compressed rows (row i is ``start[i]:start[i + 1]``); never changed by a kernel.

    ruled (u,): 1 where any rule touches the unit. allowed (u, k): 1 where the unit may be. conflict_start (u + 1,),
    conflict (c,): the units that may not share a class with it, symmetric. limit_start (u + 1,), limit (m,),
    limit_amount (m,): the at-most limits a unit counts for, and with how many pupils. limit_cap (l,).
    """

    ruled: npt.NDArray[np.uint8]
    allowed: npt.NDArray[np.uint8]
    conflict_start: Ints
    conflict: Ints
    limit_start: Ints
    limit: Ints
    limit_amount: Ints
    limit_cap: Ints


class Arrays(NamedTuple):
    """A cohort in integers, for u units, k classes, f encoded columns; never changed by a kernel.

    x (u, f): sum of the members' encoded values; the first ``numbers`` columns are numbers, the others counted.
    mark (lone, numbers): the number columns again, close together for the inner loop. level (lone, g): in each group
    of counted columns the one that counts the pupil, f where none does; such a column's value is ``step`` larger for
    those it counts than for the others. group_start (g + 1,): the columns of each group; group_open (g,): 1 where some
    pupil is counted by none of them. level_key (f + 1,): what a counted column adds to a key, 0 for the last.
    key (u,): linear hash of the counted columns, so that keys add up as rows do. size (u,): pupils in the unit;
    units of one pupil come first, ``lone`` of them. reciprocal (k,): about R / class size. weight (f,). kin_start,
    kin_count (u,), kin (lone,): units of the same signature, i.e. of one pupil and equal in every counted column.
    """

    x: Ints
    numbers: int
    mark: Ints
    level: npt.NDArray[np.uint16]
    step: int
    group_start: Ints
    group_open: Ints
    level_key: Ints
    key: Ints
    size: Ints
    lone: int
    reciprocal: Ints
    weight: Ints
    rules: HardRules
    kin_start: Ints
    kin_count: Ints
    kin: Ints


class State(NamedTuple):
    """A placement and what follows from it; every array is modified in place.

    class_of (u,). sums (k, f): S. single (k, widest + 1): the one-pupil units of each class, ``singles[k]`` of them
    valid; at (u,): a single's position there. limit_count (l, k). random (1,): the generator. d (f,), picked (p,):
    scratch.
    """

    class_of: Ints
    sums: Ints
    single: Ints
    singles: Ints
    at: Ints
    limit_count: Ints
    random: Words
    d: Ints
    picked: Ints


@compiled
def following(word: np.uint64) -> np.uint64:
    """Return the generator's next state (MWC64X: Marsaglia's multiply-with-carry, Thomas 2011).

    No product or sum exceeds 64 bits, so interpreted and compiled agree without a word about overflow.
    """
    return np.uint64((word & np.uint64(0xFFFFFFFF)) * np.uint64(MULTIPLIER) + (word >> np.uint64(32)))


@compiled
def bits_of(word: np.uint64) -> np.uint64:
    """Return the 32 random bits of a state of the generator."""
    return np.uint64((word & np.uint64(0xFFFFFFFF)) ^ (word >> np.uint64(32)))


@compiled
def scaled(bits: np.uint64, n: int) -> int:
    """Return 32 random bits as an integer from 0 to n - 1 (n < 2**31; bias below 2**-32 * n)."""
    return int(np.int64((bits * np.uint64(n)) >> np.uint64(32)))


@compiled
def below(random: Words, n: int) -> int:
    """Return a random integer from 0 to n - 1 and advance the generator."""
    random[0] = following(random[0])
    return scaled(bits_of(random[0]), n)


@compiled
def imbalance(arrays: Arrays, state: State) -> int:
    """Return E of the state, from its class sums."""
    total = 0
    for k in range(state.sums.shape[0]):
        part = 0
        for f in range(state.sums.shape[1]):
            part += arrays.weight[f] * state.sums[k, f] * state.sums[k, f]
        total += part * arrays.reciprocal[k]
    return total


@compiled
def violations(arrays: Arrays, state: State) -> int:
    """Return the rules broken: units where they may not be, apart pairs in one class, pupils above a limit."""
    found = 0
    for i in range(state.class_of.shape[0]):
        a = state.class_of[i]
        found += arrays.size[i] * (1 - int(arrays.rules.allowed[i, a]))
        for c in range(arrays.rules.conflict_start[i], arrays.rules.conflict_start[i + 1]):
            j = arrays.rules.conflict[c]
            if j > i and state.class_of[j] == a:
                found += 1
    for m in range(arrays.rules.limit_cap.shape[0]):
        for k in range(state.sums.shape[0]):
            found += max(0, state.limit_count[m, k] - arrays.rules.limit_cap[m])
    return found


@compiled
def swap_delta(arrays: Arrays, state: State, i: int, j: int) -> int:
    """Return the change of E if units i and j traded classes; O(f), changes nothing."""
    a = state.class_of[i]
    b = state.class_of[j]
    ra = arrays.reciprocal[a]
    rb = arrays.reciprocal[b]
    r = ra + rb
    x = arrays.x
    sums = state.sums
    weight = arrays.weight
    total = 0
    for f in range(x.shape[1]):
        d = x[j, f] - x[i, f]
        total += weight[f] * d * (2 * (ra * sums[a, f] - rb * sums[b, f]) + r * d)
    return total


@compiled
def shift_delta(arrays: Arrays, state: State, a: int, b: int) -> int:
    """Return the change of E if class a gained ``state.d`` and class b lost it; O(f)."""
    ra = arrays.reciprocal[a]
    rb = arrays.reciprocal[b]
    total = 0
    for f in range(state.d.shape[0]):
        d = state.d[f]
        total += arrays.weight[f] * d * (2 * (ra * state.sums[a, f] - rb * state.sums[b, f]) + (ra + rb) * d)
    return total


@compiled
def presence(arrays: Arrays, state: State, i: int, k: int) -> int:
    """Return the rules that unit i breaks by being in class k, all other units staying where they are."""
    found = int(arrays.size[i] * (1 - int(arrays.rules.allowed[i, k])))
    for c in range(arrays.rules.conflict_start[i], arrays.rules.conflict_start[i + 1]):
        j = arrays.rules.conflict[c]
        if j != i and state.class_of[j] == k:
            found += 1
    for m in range(arrays.rules.limit_start[i], arrays.rules.limit_start[i + 1]):
        at = arrays.rules.limit[m]
        held = state.limit_count[at, k]
        if state.class_of[i] == k:
            held -= arrays.rules.limit_amount[m]
        cap = arrays.rules.limit_cap[at]
        found += max(0, held + arrays.rules.limit_amount[m] - cap) - max(0, held - cap)
    return found


@compiled
def relocate(arrays: Arrays, state: State, i: int, k: int) -> None:
    """Put unit i into class k and keep sums, lists and limit counts true."""
    a = state.class_of[i]
    for f in range(arrays.x.shape[1]):
        state.sums[a, f] -= arrays.x[i, f]
        state.sums[k, f] += arrays.x[i, f]
    for m in range(arrays.rules.limit_start[i], arrays.rules.limit_start[i + 1]):
        state.limit_count[arrays.rules.limit[m], a] -= arrays.rules.limit_amount[m]
        state.limit_count[arrays.rules.limit[m], k] += arrays.rules.limit_amount[m]
    if arrays.size[i] == 1:
        last = state.single[a, state.singles[a] - 1]
        state.single[a, state.at[i]] = last
        state.at[last] = state.at[i]
        state.singles[a] -= 1
        state.single[k, state.singles[k]] = i
        state.at[i] = state.singles[k]
        state.singles[k] += 1
    state.class_of[i] = k


@compiled
def move(arrays: Arrays, state: State, i: int, k: int) -> int:
    """Put unit i into class k and return the change in violations; sums of such changes telescope exactly."""
    change = presence(arrays, state, i, k) - presence(arrays, state, i, int(state.class_of[i]))
    relocate(arrays, state, i, k)
    return change


@compiled
def trade(arrays: Arrays, state: State, i: int, j: int) -> int:
    """Swap units i and j and return the change in violations."""
    a = state.class_of[i]
    b = state.class_of[j]
    if arrays.rules.ruled[i] == 0 and arrays.rules.ruled[j] == 0:
        relocate(arrays, state, i, b)
        relocate(arrays, state, j, a)
        return 0
    return move(arrays, state, i, b) + move(arrays, state, j, a)


@compiled
def pick_partners(arrays: Arrays, state: State, i: int, b: int) -> int:
    """Fill ``state.picked`` with units of class b worth as many pupils as block i, ``state.d`` with the difference.

    Half of the time another block of the same size, if chance finds one in b; else as many singles. Returns how many
    units, 0 if there is no such exchange.
    """
    u = state.class_of.shape[0]
    m = arrays.size[i]
    count = 0
    if below(state.random, 2) == 0:
        j = arrays.lone + below(state.random, u - arrays.lone)
        if state.class_of[j] == b and arrays.size[j] == m:
            state.picked[0] = j
            count = 1
    if count == 0:
        if state.singles[b] < m:
            return 0
        while count < m:
            j = state.single[b, below(state.random, state.singles[b])]
            new = True
            for p in range(count):
                new = new and state.picked[p] != j
            if new:
                state.picked[count] = j
                count += 1
    for f in range(state.d.shape[0]):
        state.d[f] = -arrays.x[i, f]
        for p in range(count):
            state.d[f] += arrays.x[state.picked[p], f]
    return count


@compiled
def exchange_block(arrays: Arrays, state: State, i: int, count: int) -> int:
    """Exchange block i for the ``count`` picked units; return the change in violations."""
    a = state.class_of[i]
    b = state.class_of[state.picked[0]]
    change = move(arrays, state, i, b)
    for p in range(count):
        change += move(arrays, state, state.picked[p], a)
    return change


@compiled
def undo_block(arrays: Arrays, state: State, i: int, count: int) -> None:
    """Take back `exchange_block`."""
    b = state.class_of[i]
    a = state.class_of[state.picked[0]]
    relocate(arrays, state, i, a)
    for p in range(count):
        relocate(arrays, state, state.picked[p], b)


@compiled
def mend(arrays: Arrays, state: State, steps: int, tries: int) -> int:
    """Exchange units that break rules until none does or ``steps`` are used up; return the change in violations.

    Min-conflicts (Minton et al. 1992): of ``tries`` random exchanges for a unit that breaks a rule the best is
    made, and now and then one that is worse, to get out of a corner.
    """
    u = state.class_of.shape[0]
    k = state.sums.shape[0]
    total = 0
    broken = violations(arrays, state)
    i = below(state.random, u)
    for _ in range(steps):
        if broken + total <= 0:
            break
        for _probe in range(u):
            i = (i + 1) % u
            if arrays.rules.ruled[i] == 1 and presence(arrays, state, i, state.class_of[i]) > 0:
                break
        if i < arrays.lone:
            best = -1
            least = 1 if below(state.random, 16) > 0 else 1 << 40
            for _try in range(tries):
                j = below(state.random, arrays.lone)
                if state.class_of[j] == state.class_of[i]:
                    continue
                change = trade(arrays, state, i, j)
                trade(arrays, state, i, j)
                if change < least:
                    least = change
                    best = j
            if best >= 0:
                total += trade(arrays, state, i, best)
        else:
            b = below(state.random, k)
            count = pick_partners(arrays, state, i, b) if b != state.class_of[i] else 0
            if count > 0:
                change = exchange_block(arrays, state, i, count)
                if change > 0 and below(state.random, 16) > 0:
                    undo_block(arrays, state, i, count)
                else:
                    total += change
    return total
