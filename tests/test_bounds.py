"""J and LB against their definitions and against trying everything."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bounds import j_and_bound, least_chi_square, least_sum_of_squares, parts_of
from engine.cohort import Cohort
from engine.criteria import criteria_of
from tests.cohorts import make_cohort

sizes = st.lists(st.integers(1, 6), min_size=2, max_size=3)


def least_table(class_sizes: list[int], totals: list[int]) -> float:
    """Return the least chi-square over every table with these margins."""
    n, best = sum(class_sizes), float("inf")
    rows = [[row for row in product(range(size + 1), repeat=len(totals)) if sum(row) == size] for size in class_sizes]
    for table in product(*rows):
        if [sum(column) for column in zip(*table, strict=True)] == totals:
            cells = [(k, i) for k in range(len(class_sizes)) for i in range(len(totals))]
            shares = {(k, i): Fraction(class_sizes[k] * totals[i], n) for k, i in cells}
            best = min(best, float(sum((table[k][i] - shares[k, i]) ** 2 / shares[k, i] for k, i in cells)))
    return best


@given(sizes, st.data())
@settings(max_examples=60, deadline=None)
def test_the_least_chi_square_is_that_of_the_best_table(class_sizes: list[int], data: st.DataObject) -> None:
    """With both margins fixed, equal sizes or not, the bound is exact."""
    n = sum(class_sizes)
    cuts = sorted(data.draw(st.lists(st.integers(1, n - 1), min_size=1, max_size=2, unique=True)))
    totals = [b - a for a, b in zip([0, *cuts], [*cuts, n], strict=True)]
    assert least_chi_square(class_sizes, totals) == pytest.approx(least_table(class_sizes, totals), abs=1e-9)


@given(sizes, st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_the_least_sum_of_squares_is_that_of_the_best_whole_sums(class_sizes: list[int], total: int) -> None:
    """No whole sums with that total come closer to the fair shares."""
    n, reach = sum(class_sizes), range(-1, total + 2)
    best = min(
        sum((t - Fraction(size * total, n)) ** 2 / size for t, size in zip(sums, class_sizes, strict=True))
        for sums in product(reach, repeat=len(class_sizes))
        if sum(sums) == total
    )
    assert least_sum_of_squares(class_sizes, total) == best


def drawn(seed: int, n: int, k: int, *, absent: bool) -> Cohort:
    rng = np.random.default_rng(seed)
    marks = [int(m) if not absent or rng.random() > 0.1 else None for m in rng.integers(0, 100, n)]
    class_sizes = tuple(n // k + (a < n % k) for a in range(k))
    return make_cohort(marks, [int(g) for g in rng.integers(0, 2, n)], class_sizes, seed=seed)


@pytest.mark.parametrize("absent", [False, True])
def test_random_classes_have_a_j_of_1_and_none_is_below_its_bound(absent: bool) -> None:
    """Over many lots J is 1 on average, and every part of every placement is at least its bound."""
    cohort = drawn(3, 41, 4, absent=absent)
    criteria, rng, found = criteria_of(cohort), np.random.default_rng(5), []
    for _ in range(300):
        class_of = rng.permutation(np.repeat(np.arange(4), cohort.sizes)).astype(np.int64)
        parts = parts_of(cohort, criteria, class_of)
        assert all(part.value >= part.bound - 1e-12 for part in parts)
        j, bound = j_and_bound(parts)
        assert bound <= j
        found.append(j)
    assert np.mean(found) == pytest.approx(1, abs=0.1)


def test_j_is_the_definition_in_floating_point() -> None:
    """For marks and genders, D is the between-classes variance and the chi-square, straight from their formulas."""
    cohort = drawn(7, 20, 4, absent=False)
    class_of = np.arange(20, dtype=np.int64) % 4
    marks, genders = cohort.columns[1], cohort.columns[0]
    x = np.asarray(marks.values, float)  # type: ignore[union-attr] # the second column has numbers
    g = np.asarray(genders.codes)  # type: ignore[union-attr] # the first has labels
    between = sum(5 * (x[class_of == k].mean() - x.mean()) ** 2 for k in range(4)) / x.var() / 3
    expected = [5 * float((g == level).mean()) for level in (0, 1)]
    counts = [[float(((class_of == k) & (g == level)).sum()) for level in (0, 1)] for k in range(4)]
    chi = sum((c - e) ** 2 / e for row in counts for c, e in zip(row, expected, strict=True)) / 3
    parts = {part.kind: part.value for part in parts_of(cohort, criteria_of(cohort), class_of)}
    assert parts["mean"] == pytest.approx(between) and parts["count"] == pytest.approx(chi)
