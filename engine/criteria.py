"""What is measured: every criterion of a cohort, its value per class and its gap, in exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, sqrt
from typing import Literal

import numpy as np

from engine.cohort import Bools, Cohort, Ints, LabelColumn, NumberColumn, WishColumn
from engine.wording import Text, plain

Kind = Literal["size", "count", "absent", "band", "top", "bottom", "mean", "spread", "unmet", "met"]

KINDS: dict[Kind, Text] = {
    "size": Text("人数", "size"),
    "count": Text("人数", "count"),
    "absent": Text("缺考人数", "missing"),
    "band": Text("分数段", "band"),
    "top": Text("前列", "top"),
    "bottom": Text("后列", "bottom"),
    "mean": Text("平均", "mean"),
    "spread": Text("标准差", "spread"),
    "unmet": Text("愿望未满足", "wish unmet"),
    "met": Text("愿望满足", "wish met"),
}

FLOORLESS: frozenset[str] = frozenset(("spread", "met"))  # kinds of which no floor is known but 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that should be even across classes.

    Counts (size, count, absent, band, top, bottom): ``amounts`` is 0/1 of shape (n,), the class value is their
    sum. mean: ``amounts`` are integers in steps of ``unit``, 0 where not ``present``; the class value is
    ``offset + unit * sum / number present``. spread: the standard deviation of the same numbers.
    ``column`` is the roster's header ("" for size), ``value`` the label counted ("" where there is none).

    unmet, met: who is counted depends on the placement, see ``wishes`` and `given`; ``amounts`` marks who has wishes.
    The class value of unmet is how many pupils have none of their wishes fulfilled, and its gap is how many in all
    classes together; that of met is the share of the others among those who wished.
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
    wishes: WishColumn | None = None

    @property
    def counted(self) -> bool:
        """Return whether the class value is a number of pupils."""
        return self.kind not in ("mean", "spread", "met")

    @property
    def floored(self) -> bool:
        """Return whether its floor is more than the 0 that no gap is below."""
        return self.kind not in FLOORLESS

    def given(self, class_of: Ints) -> Criterion:
        """Return the criterion with the amounts that pupils have in a placement: the same but for wishes."""
        if self.wishes is None:
            return self
        met = self.wishes.fulfilled(class_of)
        counted = met if self.kind == "met" else self.wishes.wishing(len(class_of)) & ~met
        return replace(self, amounts=counted.astype(np.int64))


def criteria_of(cohort: Cohort) -> tuple[Criterion, ...]:
    """Return all criteria: class size, then column by column in roster order."""
    n = len(cohort.ids)
    everyone = np.ones(n, np.bool_)
    found = [Criterion("", "size", "", Text("班级人数", "Class size"), np.ones(n, np.int64), everyone)]
    for column in cohort.columns:
        found += _of_labels(column) if isinstance(column, LabelColumn) else _of_numbers(column)
    if cohort.wishes is not None:
        found += _of_wishes(cohort.wishes, n)
    return tuple(found)


def class_sums(amounts: Ints, class_of: Ints, k: int) -> list[int]:
    """Return the exact sum of ``amounts`` in each of k classes."""
    sums = np.zeros(k, np.int64)
    np.add.at(sums, class_of, amounts)
    return [int(s) for s in sums]


def class_values(criterion: Criterion, class_of: Ints, k: int) -> list[Fraction | None]:
    """Return the exact value of each class; None for a mean or spread over nobody. A spread is given as variance."""
    criterion = criterion.given(class_of)
    sums = class_sums(criterion.amounts, class_of, k)
    if criterion.counted:
        return [Fraction(s) for s in sums]
    present = class_sums(criterion.present.astype(np.int64), class_of, k)
    means = [Fraction(s, m) if m else None for s, m in zip(sums, present, strict=True)]
    if criterion.kind != "spread":
        return [None if mean is None else criterion.offset + criterion.unit * mean for mean in means]
    squares = class_sums(criterion.amounts**2, class_of, k)
    return [
        None if mean is None else criterion.unit**2 * (Fraction(s, m) - mean**2)
        for s, m, mean in zip(squares, present, means, strict=True)
    ]


def even_sizes(sizes: tuple[int, ...]) -> bool:
    """Return whether the classes are as large as each other, to one pupil: then counts are compared as they are."""
    return max(sizes) - min(sizes) <= 1


def gap_of(criterion: Criterion, values: list[Fraction | None], sizes: tuple[int, ...]) -> Fraction:
    """Return the largest minus the smallest class value.

    Counts in classes of clearly unequal size are compared with each class's fair share (size * pupils counted / all
    pupils) instead of with each other. The gap of a spread is between standard deviations, to double precision.
    Pupils without any wish fulfilled are too many wherever they are: theirs is the sum of all classes.
    """
    known = [value for value in values if value is not None]
    if not known:
        return Fraction(0)
    if criterion.kind == "unmet":
        return sum(known, Fraction(0))
    if criterion.kind == "spread":
        return Fraction(sqrt(max(known)) - sqrt(min(known)))
    if compared(criterion, sizes):
        share = Fraction(int(criterion.amounts.sum()), sum(sizes))
        known = [value - size * share for value, size in zip(known, sizes, strict=True)]
    return max(known) - min(known)


def compared(criterion: Criterion, sizes: tuple[int, ...]) -> bool:
    """Return whether a count is compared with each class's fair share, because the classes clearly differ in size."""
    return criterion.counted and criterion.kind not in ("size", "unmet") and not even_sizes(sizes)


def _shown(header: str) -> str:
    """Return a heading as a label shows it: on one line."""
    return " ".join(header.split())


def _of_labels(column: LabelColumn) -> Iterator[Criterion]:
    everyone = np.ones(len(column.codes), np.bool_)
    levels: list[tuple[int, Text]] = [(code, plain(level)) for code, level in enumerate(column.levels)]
    if column.use != "flag" and bool((column.codes < 0).any()) and bool((column.codes >= 0).any()):
        levels.append((-1, Text("（空白）", "(blank)")))
    for code, level in levels:
        yield Criterion(
            column.name,
            "count",
            level.en,
            Text("{column}", "{column}").fill(column=_shown(column.name))
            if column.use == "flag"
            else Text("{column}：{level}", "{column}: {level}").fill(column=_shown(column.name), level=level),
            (column.codes == code).astype(np.int64),
            everyone,
            weight=column.weight,
            tolerance=None if column.tolerance is None else Fraction(str(column.tolerance)),
        )


def _of_wishes(wishes: WishColumn, n: int) -> Iterator[Criterion]:
    wishing = wishes.wishing(n)
    amounts, weight, column = wishing.astype(np.int64), wishes.weight, _shown(wishes.name)
    label = Text("{c}：愿望都没满足的人数", "{c}: pupils without a wish fulfilled").fill(c=column)
    tolerance = None if wishes.tolerance is None else Fraction(str(wishes.tolerance))
    everyone = np.ones(n, np.bool_)
    yield Criterion(
        wishes.name, "unmet", "", label, amounts, everyone, weight=weight, tolerance=tolerance, wishes=wishes
    )
    label = Text("{c}：满足了愿望的比例", "{c}: share with a wish fulfilled").fill(c=column)
    yield Criterion(wishes.name, "met", "", label, amounts, wishing, weight=weight, wishes=wishes)


def _of_numbers(column: NumberColumn) -> Iterator[Criterion]:
    if not column.present.any():
        return
    values, present = column.values, column.present
    if column.use == "date":
        values = values[present].max() - values  # days younger than the youngest: an age without a clock
    base = int(values[present].min())
    step = gcd(*(int(v) - base for v in np.unique(values[present]))) or 1
    amounts = np.where(present, (values - base) // step, 0)
    unit, offset = Fraction(step, column.per_unit), Fraction(base, column.per_unit)
    tolerance = None if column.tolerance is None else Fraction(str(column.tolerance))
    label = Text("{c} 平均", "{c} mean") if column.use != "date" else Text("{c} 平均年龄（天）", "{c} mean age (days)")
    yield Criterion(
        column.name,
        "mean",
        "",
        label.fill(c=_shown(column.name)),
        amounts,
        present,
        unit,
        offset,
        column.weight,
        tolerance,
    )
    if not present.all():
        label = Text("{c} 缺考人数", "{c} missing").fill(c=_shown(column.name))
        yield _counted(column, "absent", "", label, ~present)
    if column.spread:
        label = Text("{c} 标准差", "{c} standard deviation").fill(c=_shown(column.name))
        yield Criterion(column.name, "spread", "", label, amounts, present, unit, offset, column.weight)
    if column.band_width is not None:
        yield from _shares(column) if column.band_width < 1 else _bands(column)
    yield from _ends(column)


def _counted(column: NumberColumn, kind: Kind, value: str, label: Text, members: Bools) -> Criterion:
    everyone = np.ones(len(members), np.bool_)
    return Criterion(column.name, kind, value, label, members.astype(np.int64), everyone, weight=column.weight)


def _bands(column: NumberColumn) -> Iterator[Criterion]:
    """Yield bands [b w, (b + 1) w) of a chosen width, empty ones left out."""
    width = int(Fraction(str(column.band_width)) * column.per_unit)
    band = column.values // max(1, width)
    for b in np.unique(band[column.present]):
        low, high = int(b) * width, (int(b) + 1) * width - 1
        value = f"{written(low, column.per_unit)}–{written(high, column.per_unit)}"
        label = Text("{c} {v}", "{c} {v}").fill(c=_shown(column.name), v=value)
        yield _counted(column, "band", value, label, column.present & (band == b))


def _shares(column: NumberColumn) -> Iterator[Criterion]:
    """Yield bands that each hold the same share of the pupils, ties in roster order."""
    assert column.band_width is not None, "called for a column with bands"
    bands = max(1, round(1 / column.band_width))
    at = np.flatnonzero(column.present)
    order = at[np.argsort(column.values[at], kind="stable")]
    band = -(-np.arange(1, len(order) + 1) * bands // len(order)) - 1
    for b in range(bands):
        members = np.zeros(len(column.present), np.bool_)
        members[order[band == b]] = True
        if not members.any():
            continue
        held = column.values[members]
        span = f"{written(int(held.min()), column.per_unit)}–{written(int(held.max()), column.per_unit)}"
        label = Text("{c} 第{b}/{n}段（{s}）", "{c} band {b} of {n} ({s})")
        yield _counted(column, "band", span, label.fill(c=_shown(column.name), b=b + 1, n=bands, s=span), members)


def _ends(column: NumberColumn) -> Iterator[Criterion]:
    """Yield the n highest and the n lowest, with all who have the same mark as the last of them."""
    ordered = np.sort(column.values[column.present])
    if column.top:
        mark = int(ordered[-min(column.top, len(ordered))])
        members = column.present & (column.values >= mark)
        label = Text("{c} 前{n}名（≥{m}，{p}人）", "{c} top {n} (≥ {m}, {p} pupils)")
        filled = label.fill(c=_shown(column.name), n=column.top, m=written(mark, column.per_unit), p=int(members.sum()))
        yield _counted(column, "top", str(column.top), filled, members)
    if column.bottom:
        mark = int(ordered[min(column.bottom, len(ordered)) - 1])
        members = column.present & (column.values <= mark)
        label = Text("{c} 后{n}名（≤{m}，{p}人）", "{c} bottom {n} (≤ {m}, {p} pupils)")
        filled = label.fill(
            c=_shown(column.name), n=column.bottom, m=written(mark, column.per_unit), p=int(members.sum())
        )
        yield _counted(column, "bottom", str(column.bottom), filled, members)


def written(value: int, per_unit: int) -> str:
    """Return value / per_unit as people write it: no decimals that say nothing."""
    decimals = len(str(per_unit)) - 1
    return f"{value / per_unit:.{decimals}f}".rstrip("0").rstrip(".") if decimals else str(value)
