"""What a placement really has: every gap beside its floor, every rule kept or not. Exact, from the pupils' values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from engine.cohort import Cohort, Ints, Rule
from engine.criteria import Criterion, class_values, gap_of
from engine.presence import broken
from engine.wording import Text, listed, plain


@dataclass(frozen=True, slots=True)
class Gap:
    """A criterion in a placement: its class values (a spread's as variance), its gap and the floor of the gap."""

    criterion: Criterion
    values: tuple[Fraction | None, ...]
    gap: Fraction
    floor: Fraction

    @property
    def at_floor(self) -> bool:
        """Return whether the gap is the smallest possible, exactly."""
        return self.gap <= self.floor

    @property
    def tolerated(self) -> bool:
        """Return whether no tolerance was given or the gap is within it."""
        return self.criterion.tolerance is None or self.gap <= self.criterion.tolerance


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """A rule in a placement: how often it is broken (0: kept) and what was found."""

    rule: Rule
    broken: int
    found: Text


@dataclass(frozen=True, slots=True)
class Measured:
    """A placement measured: ``class_of`` (n,), gaps in the order of the criteria, rules in the order of the cohort."""

    class_of: Ints
    gaps: tuple[Gap, ...]
    checks: tuple[RuleCheck, ...]

    @property
    def violations(self) -> int:
        """Return how often rules are broken: pairs, misplaced pupils, pupils above a limit."""
        return sum(check.broken for check in self.checks)

    @property
    def tolerated(self) -> bool:
        """Return whether every gap is within its tolerance."""
        return all(gap.tolerated for gap in self.gaps)


def measure_placement(
    cohort: Cohort, criteria: tuple[Criterion, ...], floors: tuple[Fraction, ...], class_of: Ints
) -> Measured:
    """Return the placement measured against the floors of `engine.floors.floors_of`."""
    gaps = []
    for criterion, floor in zip(criteria, floors, strict=True):
        values = class_values(criterion, class_of, len(cohort.classes))
        gaps.append(Gap(criterion, tuple(values), gap_of(criterion, values, cohort.sizes), floor))
    checks = tuple(checked_rule(rule, cohort, class_of) for rule in cohort.rules)
    return Measured(class_of, tuple(gaps), checks)


def all_reached(cohort: Cohort, criteria: tuple[Criterion, ...], floors: tuple[Fraction, ...], class_of: Ints) -> bool:
    """Return whether every balanced count and mean is at its floor; spreads and shares have none to reach."""
    k = len(cohort.classes)
    return all(
        gap_of(criterion, class_values(criterion, class_of, k), cohort.sizes) <= floor
        for criterion, floor in zip(criteria, floors, strict=True)
        if criterion.weight > 0 and criterion.floored
    )


def checked_rule(rule: Rule, cohort: Cohort, class_of: Ints) -> RuleCheck:
    """Return whether one rule is kept, and what was found."""
    held = [int(class_of[i]) for i in rule.pupils]
    names, count = cohort.classes, broken(rule, class_of)
    if rule.kind == "apart" and count:
        pairs = [(i, j) for i, j in combinations(rule.pupils, 2) if class_of[i] == class_of[j]]
        same = [plain(f"{cohort.pupil(i)} + {cohort.pupil(j)}: {names[class_of[i]]}") for i, j in pairs]
        return RuleCheck(rule, count, Text("同班：{p}", "in one class: {p}").fill(p=listed(same)))
    if rule.kind == "at_most":
        k, most = max(Counter(held).items(), key=lambda item: (item[1], -item[0]))
        return RuleCheck(rule, count, Text("最多的是{c}：{n} 人", "most in {c}: {n}").fill(c=names[k], n=most))
    where = listed([plain(names[k]) for k in sorted(set(held))])
    found = Text("分在{c}", "in {c}") if rule.kind == "apart" else Text("在{c}", "in {c}")
    return RuleCheck(rule, count, found.fill(c=where))


def actual_sizes(class_of: Ints, k: int) -> tuple[int, ...]:
    """Return the sizes that the classes of a placement really have."""
    return tuple(int(size) for size in np.bincount(class_of, minlength=k))
