"""The compiled search against its slow reference: every delta exact, every state true, nothing lost."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.annealing import THRESHOLDS, anneal, counts_delta, numbers_delta, refresh
from engine.cohort import Cohort, Rule
from engine.kernels import (
    MULTIPLIER,
    Arrays,
    State,
    below,
    exchange_block,
    imbalance,
    mend,
    pick_partners,
    shift_delta,
    swap_delta,
    trade,
    undo_block,
    violations,
)
from engine.wording import plain
from tests import reference
from tests.cohorts import cohorts, make_cohort, opened

EVERYTHING = np.full(THRESHOLDS, 1 << 60, np.int64)
NOTHING_WORSE = np.zeros(THRESHOLDS, np.int64)


def assert_true(arrays: Arrays, state: State, cohort: Cohort) -> None:
    """Assert that every array of the state is what the classes of the units say."""
    k = len(cohort.most)
    assert np.array_equal(state.sums, reference.sums(arrays, state.class_of, k))
    assert np.bincount(state.class_of, weights=arrays.size, minlength=k).tolist() == list(cohort.most)
    for a in range(k):
        members = {i for i in range(arrays.lone) if state.class_of[i] == a}
        assert set(state.single[a, : state.singles[a]].tolist()) == members
        assert all(state.single[a, state.at[i]] == i for i in members)
    for m in range(len(arrays.rules.limit_cap)):
        held = np.zeros(k, np.int64)
        for i in range(len(arrays.size)):
            for at in range(arrays.rules.limit_start[i], arrays.rules.limit_start[i + 1]):
                if arrays.rules.limit[at] == m:
                    held[state.class_of[i]] += arrays.rules.limit_amount[at]
        assert state.limit_count[m].tolist() == held.tolist()


@given(cohorts(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_swap_changes_imbalance_by_exactly_its_delta(cohort: Cohort, data: st.DataObject) -> None:
    """Cost after == cost before + delta, against the reference, and violations likewise."""
    code, state = opened(cohort)
    arrays = code.arrays
    if arrays.lone < 2:
        return
    i = data.draw(st.integers(0, arrays.lone - 1))
    j = data.draw(st.integers(0, arrays.lone - 1))
    if state.class_of[i] == state.class_of[j]:
        return
    before, broken = reference.imbalance(arrays, state.class_of), violations(arrays, state)
    delta = swap_delta(arrays, state, i, j)
    change = trade(arrays, state, i, j)
    assert reference.imbalance(arrays, state.class_of) == before + delta == imbalance(arrays, state)
    assert violations(arrays, state) == broken + change
    assert_true(arrays, state, cohort)


@given(cohorts())
@settings(max_examples=60, deadline=None)
def test_no_violation_in_units_means_no_rule_broken_between_pupils(cohort: Cohort) -> None:
    """The kernel's violations are 0 exactly when every rule holds for the pupils it names."""
    code, state = opened(cohort)
    told_apart_and_together = any(
        rule.kind == "apart" and len(set(code.unit_of[list(rule.pupils)].tolist())) < len(rule.pupils)
        for rule in cohort.rules
    )
    if told_apart_and_together:
        return  # refused before any search
    broken = reference.violations(cohort, state.class_of[code.unit_of])
    assert (violations(code.arrays, state) == 0) == (broken == 0)


@given(cohorts(), st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_annealing_keeps_the_state_true_and_its_account_exact(cohort: Cohort, hot: int) -> None:
    """After many exchanges, of blocks too, sums, lists and counts are what the classes say; no rule is newly broken."""
    code, state = opened(cohort)
    before, broken = imbalance(code.arrays, state), violations(code.arrays, state)
    thresholds = EVERYTHING if hot else NOTHING_WORSE
    mended, gained = anneal(code.arrays, state, thresholds, 300, 96)
    assert imbalance(code.arrays, state) == before + gained
    assert violations(code.arrays, state) == broken + mended <= broken
    assert hot or gained <= 0
    assert_true(code.arrays, state, cohort)


def test_a_block_is_exchanged_for_as_many_pupils_and_back() -> None:
    """Exchanging a pair that must be together for two singles moves exactly what `shift_delta` said."""
    pair = Rule("together", (0, 5), plain("twins"))
    cohort = make_cohort([90, 80, 70, 60, 50, 40, 30, 20], [0, 1] * 4, (4, 4), rules=(pair,))
    code, state = opened(cohort)
    arrays, start = code.arrays, state.class_of.copy()
    block = arrays.lone
    a = int(state.class_of[block])
    for _ in range(20):
        count = pick_partners(arrays, state, block, 1 - a)
        assert count == 2
        before = imbalance(arrays, state)
        delta = shift_delta(arrays, state, a, 1 - a)
        exchange_block(arrays, state, block, count)
        assert imbalance(arrays, state) == before + delta
        assert_true(arrays, state, cohort)
        undo_block(arrays, state, block, count)
        assert np.array_equal(state.class_of, start)
        assert_true(arrays, state, cohort)


def test_mending_separates_pupils_who_must_be_apart() -> None:
    """Four pairs of apart pupils thrown together are all separated."""
    rules = tuple(Rule("apart", (i, i + 1), plain("apart")) for i in range(0, 8, 2))
    cohort = make_cohort(list(range(12)), [0, 1] * 6, (6, 6), rules=rules)
    code, state = opened(cohort)
    wanted = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1], np.int64)
    for i in range(12):
        partner = next((j for j in range(12) if state.class_of[j] == wanted[i] != wanted[j]), None)
        if state.class_of[i] != wanted[i] and partner is not None:
            trade(code.arrays, state, i, partner)
    assert violations(code.arrays, state) == 4
    assert mend(code.arrays, state, 500, 16) == -4
    assert violations(code.arrays, state) == 0
    assert_true(code.arrays, state, cohort)


def test_the_generator_is_multiply_with_carry_and_its_numbers_are_fair() -> None:
    """Each state is low * multiplier + carry; `below` fills its range evenly and never leaves it."""
    word = np.array([12345], np.uint64)
    below(word, 2)
    assert int(word[0]) == 12345 * MULTIPLIER
    low, carry = int(word[0]) & 0xFFFFFFFF, int(word[0]) >> 32
    below(word, 2)
    assert int(word[0]) == low * MULTIPLIER + carry < 1 << 64
    counts = np.bincount([below(word, 10) for _ in range(5000)], minlength=10)
    assert len(counts) == 10 and counts.min() > 400 and counts.max() < 600


@given(cohorts(ruled=False), st.data())
@settings(max_examples=40, deadline=None)
def test_the_sparse_delta_is_the_dense_one(cohort: Cohort, data: st.DataObject) -> None:
    """What levels and marks say about a swap is what the whole rows say; numbers gain at most the two slacks."""
    code, state = opened(cohort)
    arrays = code.arrays
    i, j = data.draw(st.integers(0, arrays.lone - 1)), data.draw(st.integers(0, arrays.lone - 1))
    a, b = int(state.class_of[i]), int(state.class_of[j])
    if a == b:
        return
    pull = np.zeros((state.sums.shape[0], arrays.x.shape[1] + 1), np.int64)
    slack = np.zeros(state.sums.shape[0], np.int64)
    cost = np.append(arrays.weight * arrays.step**2, 0)
    refresh(arrays, state, pull, slack, a)
    refresh(arrays, state, pull, slack, b)
    counts = counts_delta(arrays, pull, cost, i, j, a, b)
    numbers = numbers_delta(arrays, pull, i, j, a, b)
    assert counts + numbers == swap_delta(arrays, state, i, j)
    assert numbers >= -(slack[a] + slack[b])
