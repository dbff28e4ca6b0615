"""The placement that stands, in integers, every pupil a unit of their own: what hand adjustments are reckoned from.

Unlike the search, which never parts pupils that must be together, a person may: so together is a rule like the others
here, and counted as broken where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.cohort import Bools, Cohort, Ints, Rule
from engine.criteria import Criterion
from engine.effort import effort_of
from engine.encode import Encoded, encode
from engine.goals import Goal, Standing, above
from engine.presence import broken
from engine.wish_lists import Sought, compared_goal, sought

Moves = Mapping[int, int]  # pupil → the class they go to


@dataclass(frozen=True, slots=True)
class Current:
    """A placement and what changes of it are reckoned with.

    ``cohort.sizes`` are those that the classes have. ``sums`` (k, f) of the encoded columns. ``movable`` (n,): who may
    be proposed for an exchange; locked pupils are not among them.
    """

    cohort: Cohort
    criteria: tuple[Criterion, ...]
    floors: tuple[Fraction, ...]
    class_of: Ints
    encoded: Encoded
    goal: Goal
    sums: Ints
    movable: Bools
    violations: int
    wishes: Sought | None = None

    def after(self, moves: Moves) -> Ints:
        """Return the class of each pupil after some pupils went to other classes."""
        class_of = self.class_of.copy()
        class_of[list(moves)] = list(moves.values())
        return class_of

    def moved(self, moves: Moves) -> Current:
        """Return what stands after some pupils went to other classes; the classes keep their sizes."""
        class_of, sums = self.class_of.copy(), self.sums.copy()
        _move(self.encoded, class_of, sums, moves)
        return replace(self, class_of=class_of, sums=sums, violations=self.violations + self._more_broken(moves))

    def to(self, class_of: Ints) -> Current:
        """Return another placement of the same pupils, in which the classes have the same sizes."""
        return self.moved({int(i): int(class_of[i]) for i in np.flatnonzero(class_of != self.class_of)})

    def standing(self, moves: Moves | None = None) -> Standing:
        """Return what placements are compared by (`engine.goals.standing`) after some pupils went elsewhere."""
        sums = self.sums
        if moves:
            sums = sums.copy()
            _move(self.encoded, self.class_of.copy(), sums, moves)
        arrays = self.encoded.arrays
        parts = arrays.weight * (arrays.reciprocal[:, None] * sums**2).sum(axis=0)
        counts, total = int(parts[arrays.numbers :].sum()), int(parts.sum())
        broken = self.violations + self._more_broken(moves or {})
        standing = broken, counts, above(self.encoded, self.goal, sums), total
        return standing if self.wishes is None else self.wishes.charged(standing, self.after(moves or {}))

    def rules_of(self, pupils: Iterable[int]) -> list[Rule]:
        """Return the rules that name any of these pupils, each once, in the cohort's order."""
        wanted = set(pupils)
        return [rule for rule in self.cohort.rules if not wanted.isdisjoint(rule.pupils)]

    def own(self) -> Current:
        """Return the same with nothing that a thread beside it changes: the kernels note in the lists of wishes."""
        return replace(self, wishes=None if self.wishes is None else self.wishes.copied())

    def keeping(self, pupils: Iterable[int]) -> Current:
        """Return the same with some more pupils who must stay where they are."""
        movable = self.movable.copy()
        movable[list(pupils)] = False
        return replace(self, movable=movable)

    def _more_broken(self, moves: Moves) -> int:
        if not moves:
            return 0
        after = self.after(moves)
        return sum(broken(rule, after) - broken(rule, self.class_of) for rule in self.rules_of(moves))


def current_of(
    cohort: Cohort,
    standards: tuple[tuple[Criterion, ...], tuple[Fraction, ...]],
    class_of: Ints,
    locked: Iterable[int] = (),
) -> Current:
    """Return a placement ready to be adjusted; ``cohort`` has the sizes that the classes are to keep."""
    encoded = encode(replace(cohort, rules=()), standards[0])
    n, k = len(cohort.ids), len(cohort.classes)
    sums = np.zeros((k, encoded.arrays.x.shape[1]), np.int64)
    np.add.at(sums, class_of, encoded.arrays.x)
    marks = effort_of(cohort.settings.effort, n, k).goal
    wishes = sought(cohort, encoded)
    goal = compared_goal(encoded, cohort.sizes, marks, wishes)
    movable = np.ones(n, np.bool_)
    movable[list(locked)] = False
    violations = sum(broken(rule, class_of) for rule in cohort.rules)
    return Current(cohort, *standards, class_of, encoded, goal, sums, movable, violations, wishes)


def without_rules(current: Current, gone: Iterable[Rule]) -> Current:
    """Return the same placement where some rules need not hold."""
    left_out = {id(rule) for rule in gone}
    rules = tuple(rule for rule in current.cohort.rules if id(rule) not in left_out)
    violations = sum(broken(rule, current.class_of) for rule in rules)
    return replace(current, cohort=replace(current.cohort, rules=rules), violations=violations)


def swap_of(current: Current, i: int, j: int) -> dict[int, int]:
    """Return the moves of two pupils who trade classes."""
    return {i: int(current.class_of[j]), j: int(current.class_of[i])}


def joined(current: Current, *steps: Moves) -> dict[int, int]:
    """Return several steps as one, without pupils who end where they were."""
    ends: dict[int, int] = defaultdict(int)
    for step in steps:
        ends.update(step)
    return {i: k for i, k in sorted(ends.items()) if k != int(current.class_of[i])}


def _move(encoded: Encoded, class_of: Ints, sums: Ints, moves: Moves) -> None:
    for i, k in moves.items():
        sums[class_of[i]] -= encoded.arrays.x[i]
        sums[k] += encoded.arrays.x[i]
        class_of[i] = k
