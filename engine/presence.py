"""How often rules are broken: by a placement, and by each pupil being in each class."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from engine.cohort import Ints, Rule

SYMMETRIC = ("together", "apart", "at_most")  # two of the rule's own pupils may trade classes and change nothing


def presence(rule: Rule, class_of: Ints, k: int) -> Ints:
    """Return how often the rule is broken by each of its pupils being in each class, the others staying: (pupils, k).

    Only differences within a row mean anything: what the pupil's move from one class to another changes.
    """
    held = class_of[list(rule.pupils)]
    here = held[:, None] == np.arange(k)
    others = here.sum(axis=0) - here
    if rule.kind == "apart":
        return np.asarray(others, np.int64)
    if rule.kind == "together":
        return np.asarray(others == 0, np.int64)
    if rule.kind == "at_most":
        assert rule.limit is not None, "an at-most rule has a limit"
        return np.asarray(others >= rule.limit, np.int64)
    inside = np.broadcast_to(np.arange(k) == rule.class_index, here.shape)
    return np.asarray(inside if rule.kind == "barred" else ~inside, np.int64)


def presences(rules: Sequence[Rule], class_of: Ints, k: int) -> Ints:
    """Return the sum over all rules, for all pupils: (n, k)."""
    found = np.zeros((len(class_of), k), np.int64)
    for rule in rules:
        found[list(rule.pupils)] += presence(rule, class_of, k)
    return found


def shared_changes(rules: Sequence[Rule], class_of: Ints, k: int, rows: Ints, change: Ints) -> None:
    """Take out of ``change`` (rows, n), made from `presences`, what rules were said to change that have both pupils."""
    place = np.full(len(class_of), -1, np.int64)
    place[rows] = np.arange(len(rows))
    for rule in rules:
        if rule.kind not in SYMMETRIC:
            continue
        pupils = np.array(rule.pupils, np.int64)
        inside = np.flatnonzero(place[pupils] >= 0)
        if len(inside) == 0:
            continue
        mine, held = presence(rule, class_of, k), class_of[pupils]
        own = mine[np.arange(len(pupils)), held]
        said = mine[inside][:, held] + mine[:, held[inside]].T - own[inside][:, None] - own[None, :]
        change[np.ix_(place[pupils[inside]], pupils)] -= said


def broken(rule: Rule, class_of: Ints) -> int:
    """Return how often a placement breaks the rule: pairs, misplaced pupils, pupils above a limit."""
    held = [int(class_of[i]) for i in rule.pupils]
    if rule.kind == "together":
        return len(set(held)) - 1
    if rule.kind == "apart":
        return sum(a == b for a, b in combinations(held, 2))
    if rule.kind in ("fixed", "barred"):
        return sum((k != rule.class_index) == (rule.kind == "fixed") for k in held)
    assert rule.limit is not None, "an at-most rule has a limit"
    return sum(max(0, held.count(k) - rule.limit) for k in set(held))
