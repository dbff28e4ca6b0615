"""Slow, obviously correct counterparts of the kernels, straight from the definitions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np

from engine.cohort import Cohort, Ints
from engine.kernels import Arrays


def imbalance(arrays: Arrays, class_of: Ints) -> int:
    """Return sum of weight * reciprocal * (class sum)^2, with Python integers."""
    total = 0
    for k, reciprocal in enumerate(arrays.reciprocal):
        for f, weight in enumerate(arrays.weight):
            held = sum(int(arrays.x[i, f]) for i in range(len(class_of)) if class_of[i] == k)
            total += int(weight) * int(reciprocal) * held**2
    return total


def violations(cohort: Cohort, class_of: Ints) -> int:
    """Return the rules broken by a class for each *pupil*: pairs, misplaced pupils, pupils above a limit.

    Pairs and misplacements named by several rules count once.
    """
    apart: set[tuple[int, int]] = set()
    misplaced: set[int] = set()
    together = above = 0
    for rule in cohort.rules:
        held = [int(class_of[i]) for i in rule.pupils]
        if rule.kind == "together":
            together += len(set(held)) - 1
        elif rule.kind == "apart":
            apart |= {(min(i, j), max(i, j)) for i, j in combinations(rule.pupils, 2) if class_of[i] == class_of[j]}
        elif rule.kind == "fixed":
            misplaced |= {i for i in rule.pupils if class_of[i] != rule.class_index}
        elif rule.kind == "barred":
            misplaced |= {i for i in rule.pupils if class_of[i] == rule.class_index}
        else:
            assert rule.limit is not None
            above += sum(max(0, held.count(k) - rule.limit) for k in range(len(cohort.classes)))
    return together + len(apart) + len(misplaced) + above


def sums(arrays: Arrays, class_of: Ints, k: int) -> Ints:
    """Return the class sums (k, f) of the encoded columns."""
    found = np.zeros((k, arrays.x.shape[1]), np.int64)
    for i, a in enumerate(class_of):
        found[a] += arrays.x[i]
    return found


def chi_square(class_of: list[int], codes: list[int]) -> Fraction:
    """Return Pearson's statistic, from its definition."""
    n, total = len(class_of), Fraction(0)
    for c in set(class_of):
        for level in set(codes):
            held = sum(a == c and b == level for a, b in zip(class_of, codes, strict=True))
            expected = Fraction(class_of.count(c) * codes.count(level), n)
            total += (held - expected) ** 2 / expected
    return total


def kruskal(class_of: list[int], values: list[int]) -> Fraction:
    """Return the between-class sum of squares of mid-ranks, from its definition."""
    rank = [Fraction(sum(w < v for w in values) * 2 + values.count(v) + 1, 2) for v in values]
    middle = Fraction(len(values) + 1, 2)
    return sum(
        (
            class_of.count(c)
            * (Fraction(sum(r for r, a in zip(rank, class_of, strict=True) if a == c)) / class_of.count(c) - middle)
            ** 2
            for c in set(class_of)
        ),
        Fraction(0),
    )
