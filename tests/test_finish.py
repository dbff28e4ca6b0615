"""The finish against trying everything: it finds what it promises and changes no count for the worse."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohort import Cohort
from engine.distances import whole_root
from engine.finish import finish_pair, swaps_of
from engine.kernels import Ints, State, imbalance, violations
from engine.moves import disjoint, indexed, list_aims, list_parts, list_swaps, neutral_moves, run_of
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


@given(cohorts(ruled=False, absent=False), st.sampled_from([0, 6]))
@settings(max_examples=40, deadline=None)
def test_moves_shift_the_counts_as_they_aim_to_and_at_the_price_said(cohort: Cohort, near: int) -> None:
    """Carried out, a move shifts the numbers as listed and the counted part of E by exactly the cost of its aim."""
    code, state = opened(cohort)
    arrays = code.arrays
    swaps = list_swaps(arrays, state, 0, 1)
    parts, keys = list_parts(arrays, swaps, near)
    aims, _, costs = list_aims(arrays, state, 0, 1, 1 << 50, 20_000)
    moves, shift = neutral_moves(arrays, state, swaps, parts, keys, aims, np.zeros(9, np.int64), 300)
    weight = arrays.weight.copy()
    weight[: arrays.numbers] = 0
    before = (state.sums**2 @ weight) @ arrays.reciprocal
    for move, aim, shifted in zip(moves.part, moves.aim, shift, strict=True):
        sums = state.sums.copy()
        exchanged = [s for s in swaps_of(parts, move) if s >= 0]
        for s in exchanged:
            i, j = swaps[s]
            sums[0] += arrays.x[j] - arrays.x[i]
            sums[1] += arrays.x[i] - arrays.x[j]
        assert len(set(swaps[exchanged].ravel().tolist())) == 2 * len(exchanged)
        assert (sums[0] - state.sums[0])[: arrays.numbers].tolist() == shifted[: arrays.numbers].tolist()
        assert (sums**2 @ weight) @ arrays.reciprocal == before + costs[aim]


def listed(swaps: Ints, parts: Ints, moves: Ints) -> list[frozenset[tuple[int, int]]]:
    """Return the exchanges of each move but the first as sets of pupils."""
    return [frozenset((int(swaps[s, 0]), int(swaps[s, 1])) for s in swaps_of(parts, m) if s >= 0) for m in moves[1:]]


def test_all_neutral_moves_are_listed_once() -> None:
    """Without other aims, every set of up to four swaps whose rows cancel in the counted columns is there."""
    cohort = make_cohort([3, 5, 8, 13, 21, 34, 55, 89], [0, 1, 0, 1, 1, 0, 0, 1], (4, 4))
    code, state = opened(cohort)
    arrays = code.arrays
    swaps = list_swaps(arrays, state, 0, 1)
    counted = arrays.x[:, arrays.numbers :]
    shift = [counted[j] - counted[i] for i, j in swaps]
    wanted = set()
    for m in range(1, 5):
        for chosen in combinations(range(16), m):
            pupils = {int(i) for s in chosen for i in swaps[s]}
            if len(pupils) == 2 * m and not sum(shift[s] for s in chosen).any():
                wanted.add(frozenset((int(swaps[s, 0]), int(swaps[s, 1])) for s in chosen))
    parts, keys = list_parts(arrays, swaps, 16)
    moves, _ = neutral_moves(arrays, state, swaps, parts, keys, np.zeros(1, np.int64), np.zeros(9, np.int64), 5000)
    assert set(listed(swaps, parts, moves.part)) == wanted
    parts, keys = list_parts(arrays, swaps, 0)
    moves, _ = neutral_moves(arrays, state, swaps, parts, keys, np.zeros(1, np.int64), np.zeros(9, np.int64), 5000)
    found = listed(swaps, parts, moves.part)
    assert len(found) == len(set(found)), "of single swaps and pairs none is there twice"
    assert set(found) == {move for move in wanted if len(move) <= 2}


def test_of_too_many_moves_those_are_taken_that_go_half_way() -> None:
    """The shifts that are listed are nearer to half of the wanted one than most of all are."""
    rng = np.random.default_rng(5)
    cohort = make_cohort(rng.integers(0, 100, 40).tolist(), rng.integers(0, 2, 40).tolist(), (20, 20))
    code, state = opened(cohort)
    arrays = code.arrays
    swaps = list_swaps(arrays, state, 0, 1)
    parts, keys = list_parts(arrays, swaps, 40)
    wanted = np.zeros(max(3, arrays.numbers), np.int64)
    wanted[0] = 40
    aims = np.zeros(1, np.int64)
    _, all_shifts = neutral_moves(arrays, state, swaps, parts, keys, aims, wanted, 200_000)
    _, some = neutral_moves(arrays, state, swaps, parts, keys, aims, wanted, 2_000)
    assert 1_000 < len(some) <= 2_000 < len(all_shifts)
    fine = arrays._replace(weight=np.where(np.arange(len(arrays.weight)) == 0, arrays.weight, 0))
    _, one_column = neutral_moves(fine, state, swaps, parts, keys, aims, wanted, 2_000)
    assert np.abs(one_column[-500:, 0] - 20).max() < np.median(np.abs(all_shifts[:, 0] - 20))


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
        if arrays.rules.ruled[i] or arrays.rules.ruled[j]:
            continue  # empty places, of which no class may have two
        if d[numbers:].any() or (np.abs(d[:numbers] + value / (2 * r)) > reach).any():
            continue
        best = min(best, int((arrays.weight[:numbers] * d[:numbers] * (value + r * d[:numbers])).sum()))
    assert finish_pair(arrays, state, *exactly(state), 0, 1, 1 << 12, 0) <= best


def test_every_run_of_one_key_is_found() -> None:
    """The hash table answers for each key which run it is, and -1 for a key that is not there."""
    keys = np.array([3, 3, 7, 1 << 40, (1 << 47) + 5], np.int64)
    runs, table = indexed(keys)
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


@given(cohorts(), st.integers(0, 3000))
@settings(max_examples=40, deadline=None)
def test_sums_within_their_range_cost_nothing(cohort: Cohort, half: int) -> None:
    """With ranges that are good enough, what falls is the imbalance outside them, by exactly what is reported."""
    code, state = opened(cohort)
    arrays = code.arrays
    high = np.zeros_like(state.sums)
    high[:, : arrays.numbers] = half

    def outside_all() -> int:
        beyond = np.maximum(0, np.abs(state.sums) - high)
        return int((beyond**2 @ arrays.weight) @ arrays.reciprocal)

    before, broken = outside_all(), violations(arrays, state)
    change = finish_pair(arrays, state, -high, high, 0, 1, 12, 20)
    assert change <= 0 and outside_all() == before + change
    assert violations(arrays, state) <= broken
