"""The kernels of wishes against plain recomputation; run compiled and, by `python -m tests`, interpreted."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings

from engine.effort import KIN_SHARE, thresholds
from engine.encode import Encoded, encode
from engine.kernels import State, imbalance, violations
from engine.opening import NoRoomError, opening
from engine.placing import standards_of
from engine.wish_kernels import anneal_wishes, settle, swap_unmet
from engine.wish_lists import Sought, sought
from engine.wish_moves import COMPANY, anneal_companies, pick_companies
from tests.cohorts import make_cohort
from tests.test_wishes import unmet, wishful, wishing


def opened(cohort: Any) -> tuple[Encoded, State, Sought] | None:
    """Return a cohort in integers, an opening and its wishes; None if the blocks do not fit."""
    encoded = encode(cohort, standards_of(cohort)[0])
    try:
        state = opening(encoded.arrays, cohort.most, 1, 0)
    except NoRoomError:
        return None
    wishes = sought(cohort, encoded)
    assert wishes is not None
    return encoded, state, wishes


@settings(deadline=None, max_examples=40)
@given(wishful())
def test_lists_unmet_are_the_pupils_without(cohort: Any) -> None:
    """As many lists are unmet as pupils have none of their wishes, blocks included; every swap is predicted."""
    ready = opened(cohort)
    if ready is None:
        return
    encoded, state, wishes = ready
    lists, class_of = wishes.lists, state.class_of
    assert settle(lists, class_of) == len(unmet(cohort, class_of[encoded.unit_of]))
    lone = encoded.arrays.lone
    for i in range(lone):
        for j in range(lone):
            a, b = class_of[i], class_of[j]
            if a == b:
                continue
            after = class_of.copy()
            after[i], after[j] = b, a
            before = [settle(lists, class_of), *by_class(lists, class_of, (a, b))]
            change = swap_unmet(lists, class_of, i, j)
            now = [settle(lists, after), *by_class(lists, after, (a, b))]
            assert (now[1] - before[1], now[2] - before[2]) == tuple(change)
            assert now[0] - before[0] == sum(change)


def by_class(lists: Any, class_of: Any, classes: tuple[int, int]) -> list[int]:
    """Return the lists unmet of units in two classes."""
    settle(lists, class_of)
    return [int(((lists.support == 0) & (class_of[lists.of] == a)).sum()) for a in classes]


@settings(deadline=None, max_examples=25)
@given(wishful())
def test_annealing_adds_up(cohort: Any) -> None:
    """What both kinds of annealing report is what a recomputation says; no rule is broken more, sizes stay."""
    ready = opened(cohort)
    if ready is None:
        return
    encoded, state, wishes = ready
    arrays = encoded.arrays
    table = thresholds(wishes.cost)
    for companies in (False, True):
        before = imbalance(arrays, state), settle(wishes.lists, state.class_of), violations(arrays, state)
        held = np.bincount(state.class_of, weights=arrays.size)
        gained, more = (
            anneal_companies(arrays, wishes.lists, state, wishes.cost, table, 60)
            if companies
            else anneal_wishes(arrays, wishes.lists, state, wishes.cost, table, 300, KIN_SHARE)
        )
        assert imbalance(arrays, state) == before[0] + gained
        assert settle(wishes.lists, state.class_of) == before[1] + more
        assert violations(arrays, state) <= before[2]
        assert (np.bincount(state.class_of, weights=arrays.size) == held).all()


def test_companies_leave_nobody_behind() -> None:
    """A chain of pupils each wishing for the next goes as one; as many come back."""
    cohort = wishing(make_cohort([1] * 12, [0] * 12, (6, 6)), [(0, 1), (1, 2), (2, 0), (6, 7), (7, 6), (8, 6)])
    ready = opened(cohort)
    assert ready is not None
    encoded, state, wishes = ready
    both = np.zeros((2, COMPANY), np.int64)
    for i in (0, 1, 2):
        if len({int(state.class_of[p]) for p in (0, 1, 2)}) > 1:
            break
        settle(wishes.lists, state.class_of)
        both[0, 0] = i
        n = pick_companies(encoded.arrays, wishes.lists, state, i, 1 - int(state.class_of[i]), both)
        assert n in (0, 3)
        assert n == 0 or set(both[0, :3]) == {0, 1, 2}


def test_compiled_and_interpreted_agree() -> None:
    """One placement, whichever way the kernels run."""
    cohort = wishing(
        make_cohort([7 * i % 30 for i in range(30)], [i % 2 for i in range(30)], (10, 10, 10)),
        [(i, j) for i in range(30) for j in ((3 * i + 1) % 30, (5 * i + 2) % 30) if i != j],
    )
    ready = opened(cohort)
    assert ready is not None
    encoded, state, wishes = ready
    for part in (8, 64, 512):
        table = thresholds(max(1, wishes.cost // part))
        anneal_wishes(encoded.arrays, wishes.lists, state, wishes.cost, table, 400, KIN_SHARE)
        anneal_companies(encoded.arrays, wishes.lists, state, wishes.cost, table, 100)
    assert "".join(map(str, state.class_of)) == "121220110022022121210110120000"
