"""What is measured: every criterion of a cohort, its value per class and its gap, in exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from engine.cohort import Bools, Ints
from engine.wording import Text

Kind = Literal["size", "count", "absent", "band", "top", "bottom", "mean", "spread"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that should be even across classes.

    Counts (size, count, absent, band, top, bottom): ``amounts`` is 0/1 of shape (n,), the class value is their
    sum. mean: ``amounts`` are integers in steps of ``unit``, 0 where not ``present``; the class value is
    ``offset + unit * sum / number present``. spread: the standard deviation of the same numbers.
    ``column`` is the roster's header ("" for size), ``value`` the label counted ("" where there is none).
    """

    column: str
    kind: Kind
    value: str
    label: Text
    amounts: Ints
    present: Bools
    unit: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)
    weight: int = 1
    tolerance: Fraction | None = None

    @property
    def counted(self) -> bool:
        """Return whether the class value is a number of pupils."""
        return self.kind not in ("mean", "spread")
