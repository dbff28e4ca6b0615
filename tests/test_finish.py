"""The finish against trying everything: it finds what it promises and changes no count for the worse."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohort import Cohort
from engine.finish import disjoint, finish_pair, whole_root
from engine.kernels import Ints, State, imbalance, violations
from engine.moves import SWAPS, indexed, list_aims, list_swaps, neutral_moves, run_of
from tests.cohorts import cohorts, make_cohort, opened
from tests.test_kernels import assert_true


def exactly(state: State) -> tuple[Ints, Ints]:
    """Return ranges in which nothing but 0 is good enough."""
    return np.zeros_like(state.sums), np.zeros_like(state.sums)


@given(cohorts(), st.sampled_from([0, 20]))
@settings(max_examples=40, deadline=None)
def test_a_finish_never_worsens_anything(cohort: Cohort, tries: int) -> None:
    """The imbalance falls by what is reported, no rule is newly broken, the state stays true."""
    code, state = opened(cohort)
    before, broken = imbalance(code.arrays, state), violations(code.arrays, state)
    change = finish_pair(code.arrays, state, *exactly(state), 0, 1, 12, tries)
    assert change <= 0
    assert imbalance(code.arrays, state) == before + change
    assert violations(code.arrays, state) <= broken
    assert_true(code.arrays, state, cohort)


@given(cohorts(ruled=False, absent=False))
@settings(max_examples=40, deadline=None)
def test_moves_shift_the_counts_as_they_aim_to_and_at_the_price_said(cohort: Cohort) -> None:
    """Carried out, a move changes the counted part of the imbalance by exactly the cost of its aim."""
    code, state = opened(cohort)
    arrays = code.arrays
    swaps, codes = list_swaps(arrays, state, 0, 1)
    aims, _, costs = list_aims(arrays, state, 0, 1, 1 << 50)
    moves = neutral_moves(arrays, state, swaps, codes, aims, 60, 30)
    weight = arrays.weight.copy()
    weight[: arrays.numbers] = 0
    before = (state.sums**2 @ weight) @ arrays.reciprocal
    for move, aim in zip(moves.swap, moves.aim, strict=True):
        sums = state.sums.copy()
        for s in move[move >= 0]:
            i, j = swaps[s]
            sums[0] += arrays.x[j] - arrays.x[i]
            sums[1] += arrays.x[i] - arrays.x[j]
        assert (sums**2 @ weight) @ arrays.reciprocal == before + costs[aim]


def test_all_neutral_pairs_are_listed_once() -> None:
    """Without other aims, every single or pair of swaps whose rows cancel in the counted columns is there once."""
    cohort = make_cohort([3, 5, 8, 13, 21, 34], [0, 1, 0, 1, 1, 0], (3, 3))
    code, state = opened(cohort)
    arrays = code.arrays
    swaps, codes = list_swaps(arrays, state, 0, 1)
    counted = arrays.x[:, arrays.numbers :]
    shift = [counted[j] - counted[i] for i, j in swaps]
    wanted = {frozenset([s]) for s in range(9) if not shift[s].any()}
    for s, t in combinations(range(9), 2):
        if not (shift[s] + shift[t]).any() and not set(swaps[s]) & set(swaps[t]):
            wanted.add(frozenset([s, t]))
    moves = neutral_moves(arrays, state, swaps, codes, np.zeros(1, np.int64), 100, 0)
    found = [frozenset(int(s) for s in move if s >= 0) for move in moves.swap[1:]]
    assert len(found) == len(set(found))
    assert set(found) == wanted


@given(cohorts(ruled=False, absent=False))
@settings(max_examples=30, deadline=None)
def test_the_finish_finds_the_best_single_swap_within_a_signature_or_better(cohort: Cohort) -> None:
    """No swap of two pupils alike in every count, within reach, would have gained more than the finish did."""
    code, state = opened(cohort)
    arrays, class_of = code.arrays, state.class_of.copy()
    numbers = arrays.numbers
    value = 2 * (arrays.reciprocal[0] * state.sums[0] - arrays.reciprocal[1] * state.sums[1])[:numbers]
    r = int(arrays.reciprocal[0] + arrays.reciprocal[1])
    reach = np.sqrt((arrays.weight[:numbers] * (value**2 // (4 * r))).sum() / (4 * r * arrays.weight[:numbers]))
    best = 0
    for i, j in product(np.flatnonzero(class_of == 0), np.flatnonzero(class_of == 1)):
        d = arrays.x[j] - arrays.x[i]
        if d[numbers:].any() or (np.abs(d[:numbers] + value / (2 * r)) > reach).any():
            continue
        best = min(best, int((arrays.weight[:numbers] * d[:numbers] * (value + r * d[:numbers])).sum()))
    assert finish_pair(arrays, state, *exactly(state), 0, 1, 1 << 12, 0) <= best


def test_every_run_of_one_key_is_found() -> None:
    """The hash table answers for each key which run it is, and -1 for a key that is not there."""
    keys = np.array([3, 3, 7, 1 << 40, (1 << 47) + 5], np.int64)
    runs, table = indexed(keys << SWAPS | np.arange(5))
    assert runs.tolist() == [[3, 0, 2], [7, 2, 3], [1 << 40, 3, 4], [(1 << 47) + 5, 4, 5]]
    assert [run_of(runs, table, key) for key in (3, 7, 1 << 40, (1 << 47) + 5, 4)] == [0, 1, 2, 3, -1]


def test_moves_that_share_a_pupil_are_told() -> None:
    """Two moves are disjoint only if no pupil is in both; empty places do not count."""
    swaps = np.array([[1, 2], [3, 4], [5, 2]])
    assert disjoint(swaps, np.array([0, -1, -1]), np.array([1, -1, -1]))
    assert not disjoint(swaps, np.array([0, -1, -1]), np.array([1, 2, -1]))


@given(st.integers(0, 1 << 55))
def test_the_whole_root_is_exact(value: int) -> None:
    """The largest integer whose square is not above the value."""
    root = whole_root(value)
    assert root * root <= value < (root + 1) * (root + 1)
