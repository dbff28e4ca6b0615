"""How far a placement is from even, as people see it: by the gaps, added up in pupils.

The search compares placements to the last unit (`engine.goals.standing`), which tells a lucky one from an unlucky one.
Whether a rule costs anything is a coarser question: a count is off by whole pupils, a mean by what one pupil would
change in a class. Spreads, which have no floor, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt

from engine.cohort import Cohort, Ints
from engine.criteria import Criterion, class_values, gap_of
from engine.effort import effort_of
from engine.floors import floors_of

_FINE = 1 << 20  # square roots are taken of whole numbers so much larger


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What placements are measured by.

    ``floors`` are those without any rule: what a rule forbids is off too. ``marks``: the gap of means that is good
    enough where no tolerance is given.
    """

    criteria: tuple[Criterion, ...]
    floors: tuple[Fraction, ...]
    sizes: tuple[int, ...]
    marks: Fraction

    def shortfall(self, class_of: Ints) -> Fraction:
        """Return how many pupils a placement is off, over all criteria that have a floor and a weight."""
        both = zip(self.criteria, self.floors, strict=True)
        return sum((self._of(criterion, floor, class_of) for criterion, floor in both), Fraction(0))

    def _of(self, criterion: Criterion, floor: Fraction, class_of: Ints) -> Fraction:
        if criterion.weight == 0 or not criterion.floored or criterion.kind == "size":
            return Fraction(0)
        gap = gap_of(criterion, class_values(criterion, class_of, len(self.sizes)), self.sizes)
        asked = self.marks if criterion.tolerance is None and criterion.kind == "mean" else criterion.tolerance
        beyond = criterion.weight * max(Fraction(0), gap - max(floor, asked or Fraction(0)))
        if criterion.kind != "mean" or beyond == 0:
            return beyond
        return beyond * sum(self.sizes) / len(self.sizes) / _deviation(criterion)


def yardstick_of(cohort: Cohort, criteria: tuple[Criterion, ...]) -> Yardstick:
    """Return what the placements of a cohort are measured with, whatever rules there are."""
    n, k = len(cohort.ids), len(cohort.classes)
    floors = floors_of(replace(cohort, rules=()), criteria)
    return Yardstick(criteria, floors, cohort.sizes, effort_of(cohort.settings.effort, n, k).goal)


def _deviation(criterion: Criterion) -> Fraction:
    """Return the standard deviation of the pupils' values, in marks; whole numbers only, so the same everywhere."""
    held = [int(v) for v in criterion.amounts[criterion.present]]
    square = len(held) * sum(v * v for v in held) - sum(held) ** 2
    return criterion.unit * Fraction(isqrt(square * _FINE**2), _FINE * len(held))
