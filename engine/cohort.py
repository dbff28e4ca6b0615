"""The cohort: all pupils to place, with columns, classes, rules and settings, checked and immutable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.wording import Text

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NumberUse = Literal["mark", "total", "number", "date"]
LabelUse = Literal["gender", "flag", "category"]
RuleKind = Literal["together", "apart", "fixed", "barred", "at_most"]


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of numbers, held as integers: the value is ``values[i] / per_unit`` where ``present[i]``.

    ``values`` is int64 of shape (n,), 0 where a pupil has none; ``present`` is bool of shape (n,). ``per_unit``
    is a power of ten by the decimals the column really has; dates are days. ``band_width`` from 1 up is in the
    column's own unit, below 1 a share of the pupils (0.2: fifths). ``tolerance`` is in the column's own unit.
    """

    name: str
    use: NumberUse
    values: Ints
    present: Bools
    per_unit: int
    weight: int = 1
    tolerance: float | None = None
    band_width: float | None = None
    top: int | None = None
    bottom: int | None = None
    spread: bool = False


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """A column of labels: ``codes`` is int64 of shape (n,), an index into ``levels``, -1 where blank.

    A flag has one level. ``tolerance`` is in pupils.
    """

    name: str
    use: LabelUse
    codes: Ints
    levels: tuple[str, ...]
    weight: int = 1
    tolerance: float | None = None


@dataclass(frozen=True, slots=True)
class WishColumn:
    """Wished companions: pupil ``who[w]`` wishes to be in one class with ``whom[w]``, int64 of shape (w,) each.

    ``weight``: what a pupil without any wish fulfilled counts beside the other columns. ``tolerance`` is how many such
    pupils are allowed.
    """

    name: str
    who: Ints
    whom: Ints
    weight: int = 1
    tolerance: float | None = None

    def wishing(self, n: int) -> Bools:
        """Return which of n pupils wished for anyone."""
        wishing = np.zeros(n, np.bool_)
        wishing[self.who] = True
        return wishing

    def fulfilled(self, class_of: Ints) -> Bools:
        """Return for each pupil whether a wished companion is in the same class, shape (n,)."""
        met = np.zeros(len(class_of), np.bool_)
        met[self.who[class_of[self.who] == class_of[self.whom]]] = True
        return met

    def among(self, there: Sequence[int]) -> WishColumn | None:
        """Return the wishes of some pupils for each other, by their places in ``there``; None if there are none."""
        place = {i: at for at, i in enumerate(there)}
        pairs = zip(self.who.tolist(), self.whom.tolist(), strict=True)
        kept = [(place[i], place[j]) for i, j in pairs if i in place and j in place]
        if not kept:
            return None
        who, whom = np.array(kept, np.int64).T
        return replace(self, who=who, whom=whom)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must hold. ``pupils`` and ``class_index`` are positions; ``source`` says where it stands.

    together: all in one class. apart: no two in one class. fixed / barred: each of them in / not in the class.
    at_most: no class has more than ``limit`` of them.
    """

    kind: RuleKind
    pupils: tuple[int, ...]
    source: Text
    class_index: int | None = None
    limit: int | None = None
    row: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that decide a placement."""

    seed: int = 1
    effort: str = "quick"
    language: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everything the optimizer needs to know, in names; n pupils, k classes.

    ``sizes`` are the target sizes, they add up to n; any of the classes marked in ``alike`` may be the larger one by a
    pupil, () if every class has exactly its size. ``names[i]`` is "" when the roster has no names.
    ``columns`` has the measured columns in roster order; a computed total comes last. ``wishes`` is None where no
    column of the roster holds any.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    classes: tuple[str, ...]
    sizes: tuple[int, ...]
    columns: tuple[NumberColumn | LabelColumn, ...]
    rules: tuple[Rule, ...]
    settings: Settings
    alike: tuple[bool, ...] = ()
    wishes: WishColumn | None = None

    @property
    def most(self) -> tuple[int, ...]:
        """The pupils that each class can hold at most."""
        top = max((size for size, alike in zip(self.sizes, self._alike, strict=True) if alike), default=0)
        return tuple(top if alike else size for size, alike in zip(self.sizes, self._alike, strict=True))

    @property
    def fewest(self) -> tuple[int, ...]:
        """The pupils that each class has at least."""
        return tuple(most - alike for most, alike in zip(self.most, self._alike, strict=True))

    @property
    def _alike(self) -> tuple[bool, ...]:
        return self.alike or (False,) * len(self.sizes)

    def pupil(self, i: int) -> str:
        """Return how pupil i is called in a sentence: the name, with the id if there is one."""
        return f"{self.names[i]}（{self.ids[i]}）" if self.names[i] else self.ids[i]
