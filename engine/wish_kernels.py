"""The compiled part of wishes: who is left without a companion, what an exchange changes in that, annealing with it.

A *wish list* belongs to a pupil and names the units that pupil wishes for; it is met while one of them is in the class
of the pupil's own unit. Lists that their own unit meets are not here. numpy and numba only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.annealing import THRESHOLDS, at_hand, counts_delta, numbers_delta, refresh
from engine.compiled import compiled
from engine.kernels import (
    Arrays,
    Ints,
    State,
    bits_of,
    following,
    pick_partners,
    presence,
    relocate,
    scaled,
    shift_delta,
)

HOPE = 8  # lists that one exchange meets at most, or nearly so: what costs more is dropped at once
GUIDED = 64  # of 256 proposals, those that bring a pupil into the class of a wished one


class Lists(NamedTuple):
    """The wish lists of q pupils over u units, in compressed rows.

    of (q,): the unit whose pupil a list belongs to. start (q + 1,), unit (w,): the units wished. own_start (u + 1,),
    own: the lists of each unit's pupils. by_start (u + 1,), by: the lists that name each unit. support (q,): how many
    of the units that a list names are in its class; it belongs to a placement and is modified in place.
    """

    of: Ints
    start: Ints
    unit: Ints
    own_start: Ints
    own: Ints
    by_start: Ints
    by: Ints
    support: Ints


@compiled
def settle(lists: Lists, class_of: Ints) -> int:
    """Fill ``lists.support`` for a placement (u,) and return how many lists are unmet."""
    unmet = 0
    for q in range(lists.of.shape[0]):
        lists.support[q] = 0
        for w in range(lists.start[q], lists.start[q + 1]):
            if class_of[lists.unit[w]] == class_of[lists.of[q]]:
                lists.support[q] += 1
        unmet += 1 if lists.support[q] == 0 else 0
    return unmet


@compiled
def resettle(lists: Lists, class_of: Ints, i: int, k: int) -> int:
    """Bring the support up to date for unit i going to class k, before it goes; return the change in lists unmet."""
    a = class_of[i]
    change = 0
    for at in range(lists.by_start[i], lists.by_start[i + 1]):
        q = lists.by[at]
        b = class_of[lists.of[q]]
        if b == a:
            lists.support[q] -= 1
            change += 1 if lists.support[q] == 0 else 0
        elif b == k:
            change -= 1 if lists.support[q] == 0 else 0
            lists.support[q] += 1
    for at in range(lists.own_start[i], lists.own_start[i + 1]):
        q = lists.own[at]
        held = 0
        for w in range(lists.start[q], lists.start[q + 1]):
            if class_of[lists.unit[w]] == k:
                held += 1
        change += (1 if held == 0 else 0) - (1 if lists.support[q] == 0 else 0)
        lists.support[q] = held
    return change


@compiled
def swap_unmet(lists: Lists, class_of: Ints, i: int, j: int) -> tuple[int, int]:
    """Return the change in lists unmet in the class of unit i and in that of unit j if the two traded classes.

    Lists move with their units. Changes nothing.
    """
    a = class_of[i]
    b = class_of[j]
    in_a = 0
    in_b = 0
    for turn in range(2):
        p = i if turn == 0 else j
        other = j if turn == 0 else i
        here = a if turn == 0 else b
        there = b if turn == 0 else a
        lost = 0  # in the class that p leaves
        won = 0  # in the class that p comes to
        for at in range(lists.own_start[p], lists.own_start[p + 1]):
            q = lists.own[at]
            held = 0
            for w in range(lists.start[q], lists.start[q + 1]):
                if class_of[lists.unit[w]] == there and lists.unit[w] != other:
                    held += 1
            lost -= 1 if lists.support[q] == 0 else 0
            won += 1 if held == 0 else 0
        for at in range(lists.by_start[p], lists.by_start[p + 1]):
            q = lists.by[at]
            if lists.of[q] == other:
                continue
            at_home = class_of[lists.of[q]]
            if at_home not in (here, there):
                continue
            names_other = False
            for w in range(lists.start[q], lists.start[q + 1]):
                names_other = names_other or lists.unit[w] == other
            if names_other:
                continue  # one comes for the other
            if at_home == here and lists.support[q] == 1:
                lost += 1
            elif at_home == there and lists.support[q] == 0:
                won -= 1
        if turn == 0:
            in_a += lost
            in_b += won
        else:
            in_b += lost
            in_a += won
    return in_a, in_b


@compiled
def swaps_unmet(lists: Lists, class_of: Ints, i: Ints, j: Ints) -> Ints:
    """Return `swap_unmet` of many exchanges, (m, 2)."""
    found = np.zeros((i.shape[0], 2), np.int64)
    for s in range(i.shape[0]):
        if class_of[i[s]] != class_of[j[s]]:
            found[s, 0], found[s, 1] = swap_unmet(lists, class_of, i[s], j[s])
    return found


@compiled
def all_unmet(lists: Lists, class_of: Ints, rows: Ints) -> Ints:
    """Return the change in lists unmet of every exchange of the units ``rows`` with any unit, (rows, u)."""
    found = np.zeros((rows.shape[0], class_of.shape[0]), np.int64)
    for row in range(rows.shape[0]):
        for j in range(class_of.shape[0]):
            if class_of[j] != class_of[rows[row]]:
                in_a, in_b = swap_unmet(lists, class_of, rows[row], j)
                found[row, j] = in_a + in_b
    return found


@compiled
def carry(arrays: Arrays, lists: Lists, state: State, i: int, k: int, changes: Ints) -> None:
    """Put unit i into class k, with its wishes; add the change in violations and in lists unmet to ``changes`` (2,)."""
    changes[0] += presence(arrays, state, i, k) - presence(arrays, state, i, int(state.class_of[i]))
    changes[1] += resettle(lists, state.class_of, i, k)
    relocate(arrays, state, i, k)


@compiled
def anneal_wishes(
    arrays: Arrays, lists: Lists, state: State, cost: int, thresholds: Ints, steps: int, kin_share: int
) -> tuple[int, int]:
    """Propose ``steps`` exchanges at one temperature; return the changes in E and in lists unmet.

    As `engine.annealing.anneal`, with ``cost`` added to E for every list unmet; some proposals bring a pupil to one
    that is wished for.
    """
    u = arrays.x.shape[0]
    k = state.sums.shape[0]
    unmet = settle(lists, state.class_of)
    pull, slack, paid = at_hand(arrays, state)
    changes = np.zeros(2, np.int64)
    before = unmet
    gained = 0
    word = state.random[0]
    for _ in range(steps):
        word = following(word)
        i = scaled(bits_of(word), u)
        a = state.class_of[i]
        word = following(word)
        bits = np.int64(bits_of(word))
        word = following(word)
        third = bits_of(word)
        threshold = thresholds[bits & (THRESHOLDS - 1)]
        hope = cost * min(unmet, HOPE)
        count = 1
        j = i
        if i < arrays.lone:
            draw = (bits >> 10) & 255
            if draw < kin_share:
                if arrays.kin_count[i] < 2:
                    continue
                j = arrays.kin[arrays.kin_start[i] + scaled(third, arrays.kin_count[i])]
                b = state.class_of[j]
            elif draw >= 256 - GUIDED and lists.own_start[i] < lists.own_start[i + 1]:
                q = lists.own[lists.own_start[i]]
                wished = lists.unit[lists.start[q] + scaled(third, lists.start[q + 1] - lists.start[q])]
                b = state.class_of[wished]
                word = following(word)
                j = state.single[b, scaled(bits_of(word), max(1, state.singles[b]))] if state.singles[b] > 0 else i
            else:
                j = scaled(third, arrays.lone)
                b = state.class_of[j]
            if b == a or j == i:
                continue
            delta = counts_delta(arrays, pull, paid, i, j, a, b)
            if delta > threshold + hope + slack[a] + slack[b]:
                continue
            delta += numbers_delta(arrays, pull, i, j, a, b)
            if delta > threshold + hope:
                continue
            in_a, in_b = swap_unmet(lists, state.class_of, i, j)
            if delta + cost * (in_a + in_b) > threshold:
                continue
            state.picked[0] = j
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
            if delta > threshold + hope:
                continue
        changes[:] = 0
        carry(arrays, lists, state, i, b, changes)
        for p in range(count):
            carry(arrays, lists, state, state.picked[p], a, changes)
        if changes[0] > 0 or delta + cost * changes[1] > threshold:
            carry(arrays, lists, state, i, a, changes)
            for p in range(count):
                carry(arrays, lists, state, state.picked[p], b, changes)
            continue
        unmet += changes[1]
        refresh(arrays, state, pull, slack, a)
        refresh(arrays, state, pull, slack, b)
        gained += delta
    state.random[0] = word
    return gained, unmet - before
