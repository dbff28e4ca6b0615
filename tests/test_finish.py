"""The finish against trying everything: it finds what it promises and changes no count."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import given, settings

from engine.cohort import Cohort
from engine.finish import disjoint, finish_pair, first_of, list_swaps, neutral_moves
from engine.kernels import imbalance, violations
from tests.cohorts import cohorts, make_cohort, opened
from tests.test_kernels import assert_true


@given(cohorts())
@settings(max_examples=60, deadline=None)
def test_a_finish_never_worsens_anything_and_changes_no_count(cohort: Cohort) -> None:
    """The imbalance falls by what is reported, no rule is newly broken, and counted columns keep their class sums."""
    code, state = opened(cohort)
    arrays = code.arrays
    before, broken = imbalance(arrays, state), violations(arrays, state)
    counted = state.sums[:, arrays.numbers :].copy()
    change = finish_pair(arrays, state, 0, 1, 4)
    assert change <= 0
    assert imbalance(arrays, state) == before + change
    assert violations(arrays, state) <= broken
    assert np.array_equal(state.sums[:, arrays.numbers :], counted)
    assert_true(arrays, state, cohort)


@given(cohorts(ruled=False, absent=False))
@settings(max_examples=40, deadline=None)
def test_the_finish_finds_the_best_single_swap_within_a_signature_or_better(cohort: Cohort) -> None:
    """No swap of two pupils alike in every count would have gained more than the finish did."""
    code, state = opened(cohort)
    arrays, class_of = code.arrays, state.class_of.copy()
    before = imbalance(arrays, state)
    best = 0
    for i, j in product(np.flatnonzero(class_of == 0), np.flatnonzero(class_of == 1)):
        if arrays.key[i] != arrays.key[j]:
            continue
        sums = state.sums.copy()
        sums[0] += arrays.x[j] - arrays.x[i]
        sums[1] += arrays.x[i] - arrays.x[j]
        after = int((sums**2 @ arrays.weight) @ arrays.reciprocal)
        best = min(best, after - before)
    assert finish_pair(arrays, state, 0, 1, 1 << 13) <= best


def test_neutral_moves_are_all_and_only_those_that_change_no_count() -> None:
    """Every single or pair of swaps whose rows cancel in the counted columns is listed once, and nothing else."""
    cohort = make_cohort([3, 5, 8, 13, 21, 34], [0, 1, 0, 1, 1, 0], (3, 3))
    code, state = opened(cohort)
    arrays = code.arrays
    swaps, codes = list_swaps(arrays, state, 0, 1)
    assert len(swaps) == 9
    counted = arrays.x[:, arrays.numbers :]
    shift = [counted[j] - counted[i] for i, j in swaps]
    wanted = {frozenset([tuple(s)]) for s, d in zip(swaps.tolist(), shift, strict=True) if not d.any()}
    for (s, d), (t, e) in combinations(list(zip(swaps.tolist(), shift, strict=True)), 2):
        if not (d + e).any() and s[0] != t[0] and s[1] != t[1]:
            wanted.add(frozenset([tuple(s), tuple(t)]))
    moves = neutral_moves(arrays, state, swaps, codes)
    assert moves[0].tolist() == [-1] * 4
    found = [frozenset(tuple(m[p : p + 2]) for p in (0, 2) if m[p] >= 0) for m in moves[1:].tolist()]
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_searching_sorted_codes_finds_the_first_place() -> None:
    """`first_of` agrees with numpy's searchsorted."""
    codes = np.array([1, 3, 3, 7], np.int64)
    assert [first_of(codes, c) for c in range(9)] == np.searchsorted(codes, range(9)).tolist()


def test_moves_that_share_a_pupil_are_told() -> None:
    """Two moves are disjoint only if no pupil is in both; empty places do not count."""
    assert disjoint(np.array([1, 2, -1, -1]), np.array([3, 4, -1, -1]))
    assert not disjoint(np.array([1, 2, -1, -1]), np.array([3, 4, 5, 2]))
