"""Floors against trying every placement: never above what is possible, and exact where they say so."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohort import Cohort, Ints, Rule
from engine.criteria import class_values, criteria_of, gap_of
from engine.floors import Holder, floors_of, smallest_range
from engine.wording import plain
from tests.cohorts import make_cohort
from tests.reference import violations


def every_placement(cohort: Cohort) -> list[Ints]:
    """Return all placements with the cohort's sizes that keep its rules."""
    k = len(cohort.sizes)
    found = []
    for labels in product(range(k), repeat=len(cohort.ids)):
        class_of = np.array(labels, np.int64)
        if np.bincount(class_of, minlength=k).tolist() == list(cohort.sizes) and not violations(cohort, class_of):
            found.append(class_of)
    return found


def smallest_gaps(cohort: Cohort) -> list[Fraction]:
    """Return the smallest gap of each criterion over all placements."""
    criteria, k = criteria_of(cohort), len(cohort.sizes)
    placements = every_placement(cohort)
    return [min(gap_of(c, class_values(c, class_of, k), cohort.sizes) for class_of in placements) for c in criteria]


marks = st.lists(st.integers(0, 12), min_size=7, max_size=7)
genders = st.lists(st.integers(0, 1), min_size=7, max_size=7)
sizes = st.sampled_from([(4, 3), (3, 2, 2), (5, 2), (4, 2, 1), (6, 1)])


@given(marks, genders, sizes)
@settings(max_examples=25, deadline=None)
def test_floors_of_counts_are_exact_and_of_means_bounds(m: list[int], g: list[int], s: tuple[int, ...]) -> None:
    """For every count the floor is the smallest gap that any placement has; for a mean it is never above it."""
    cohort = make_cohort([*m], g, s, spread=False)
    criteria = criteria_of(cohort)
    for c, floor, gap in zip(criteria, floors_of(cohort, criteria), smallest_gaps(cohort), strict=True):
        assert floor == gap if c.counted else floor <= gap


@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_the_smallest_range_is_that_of_the_best_whole_sums(pers: list[int], total: int) -> None:
    """For classes of any sizes it is the smallest range of sum / size over all whole sums with that total."""
    holders = [Holder(1, per, Fraction(0), 0, total) for per in pers]
    best = min(
        max(values) - min(values)
        for sums in product(range(total + 1), repeat=len(pers))
        if sum(sums) == total
        for values in [[Fraction(t, per) for t, per in zip(sums, pers, strict=True)]]
    )
    assert smallest_range(holders, total) == best


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=7, max_size=7), genders, sizes)
@settings(max_examples=25, deadline=None)
def test_no_floor_is_above_what_a_placement_has(m: list[int | None], g: list[int], s: tuple[int, ...]) -> None:
    """With absent marks and spreads too, the floor is a bound."""
    cohort = make_cohort([5, *m[1:]], g, s)
    for floor, gap in zip(floors_of(cohort, criteria_of(cohort)), smallest_gaps(cohort), strict=True):
        assert floor <= gap


@given(genders, sizes, st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True), st.data())
@settings(max_examples=25, deadline=None)
def test_fixed_pupils_raise_the_floor_of_counts_exactly(
    g: list[int], s: tuple[int, ...], pupils: list[int], data: st.DataObject
) -> None:
    """With pupils fixed to a class the floor of a gender count is what the best placement that keeps them has."""
    k = data.draw(st.integers(0, len(s) - 1))
    rule = Rule("fixed", tuple(pupils[: s[k]]), plain("preset"), class_index=k)
    cohort = make_cohort([0] * 7, g, s, rules=(rule,), spread=False)
    found = dict(zip([c.label.en for c in criteria_of(cohort)], floors_of(cohort, criteria_of(cohort)), strict=True))
    best = dict(zip([c.label.en for c in criteria_of(cohort)], smallest_gaps(cohort), strict=True))
    for label in ("gender: F", "gender: M"):
        assert found[label] == best[label]


@pytest.mark.parametrize(("total", "gap"), [(100, Fraction(0)), (101, Fraction(1, 25)), (7799, Fraction(1, 25))])
def test_equal_classes_need_one_mark_in_one_class_more(total: int, gap: Fraction) -> None:
    """Four classes of 25: no gap if 4 divides the sum of marks, else one mark over 25 pupils."""
    assert smallest_range([Holder(4, 25, Fraction(0), 0, 10**6)], total) == gap


def test_many_different_sizes_take_no_time() -> None:
    """Two hundred classes of different sizes are solved (the bisection does not walk through the marks)."""
    holders = [Holder(1, 20 + k, Fraction(0), 0, 10**7) for k in range(200)]
    assert 0 < smallest_range(holders, 7_654_321) < Fraction(1, 10)
