"""A cohort as integer `Arrays`: after this module nothing knows a name."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from engine.blocks import blocks
from engine.cohort import Cohort, Ints, NumberColumn, Rule
from engine.criteria import Criterion
from engine.kernels import Arrays, HardRules

EVEN = 16  # binary scale of columns whose mean is not a whole number: their centre is then exact to 1/32
LARGEST_VALUE = 1 << 20  # of an encoded pupil
FINE = 256  # scale of the standardised squares that stand for the spread
LARGEST = 1 << 55  # no imbalance may exceed this, whatever the placement; leaves room for `goals.MOST_HEAVIER`

# Weight of each kind beside the others, for columns of weight 1 (ENGINE.md, yardstick J); a total counts double.
KIND_WEIGHT = {"mean": 2, "spread": 1, "count": 2, "absent": 2, "band": 2, "top": 2, "bottom": 2}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A cohort in integers: ``arrays`` for the kernels, ``unit_of`` (n,) says in which unit a pupil is.

    ``means`` and ``spreads`` (f,) mark the encoded columns that are such: their weight is changed during the search.
    ``grain`` (f,): the marks that one step of an encoded column stands for. ``tolerance`` (f,): the gap allowed.
    ``scale``: the weight times the sum of squares of a column whose share is 1.
    """

    arrays: Arrays
    unit_of: Ints
    means: npt.NDArray[np.bool_]
    spreads: npt.NDArray[np.bool_]
    grain: tuple[Fraction, ...]
    tolerance: tuple[Fraction | None, ...]
    scale: int


def encode(cohort: Cohort, criteria: tuple[Criterion, ...]) -> Encoded:
    """Return the cohort in integers: number columns first, then counted ones; lone pupils before blocks."""
    empty = sum(cohort.most) - len(cohort.ids)
    unit_of = units(cohort, empty)
    balanced = [c for c in criteria if c.kind != "size" and c.wishes is None and c.weight > 0 and _varies(c)]
    balanced.sort(key=lambda c: (c.counted, c.kind == "spread", -_share(c, cohort)))
    rows = [_amounts(c) for c in balanced]
    reciprocal = reciprocals(cohort.most)
    size = np.bincount(unit_of, minlength=len(np.unique(unit_of)) + empty).astype(np.int64)
    x = np.zeros((len(size), len(rows)), np.int64)
    for f, row in enumerate(rows):
        np.add.at(x[:, f], unit_of, row)
    numbers = sum(not c.counted for c in balanced)
    weight, scale = _weights(balanced, rows, cohort, reciprocal)
    lone = int((size <= 1).sum())
    places = slice(lone - empty, lone)
    size[places] = 1  # as large as a pupil, but nothing counts it
    x[places, numbers:] = [row.min() for row in rows[numbers:]]
    key = _keys(x[:, numbers:])
    groups = _groups(balanced[numbers:])
    level = _levels(x[:lone], numbers, groups)
    kin_start, kin_count, kin = _kin(key[:lone], len(size))
    arrays = Arrays(
        x=np.ascontiguousarray(x),
        numbers=numbers,
        mark=np.ascontiguousarray(x[:lone, :numbers]),
        level=level,
        step=EVEN,
        group_start=np.searchsorted(groups, np.arange(max(groups, default=-1) + 2)).astype(np.int64) + numbers,
        group_open=(level == len(rows)).any(axis=0).astype(np.int64),
        level_key=np.concatenate([np.zeros(numbers, np.int64), EVEN * _factors(len(groups)), [0]]),
        key=key,
        size=size,
        reciprocal=reciprocal,
        lone=lone,
        weight=weight,
        rules=_rules(cohort, unit_of, len(size), places),
        kin_start=kin_start,
        kin_count=kin_count,
        kin=kin,
    )
    means = np.array([c.kind == "mean" for c in balanced], dtype=np.bool_)
    spreads = np.array([c.kind == "spread" for c in balanced], dtype=np.bool_)
    grain = tuple(c.unit / _scale(c) * _coarser(c) for c in balanced)
    return Encoded(arrays, unit_of, means, spreads, grain, tuple(c.tolerance for c in balanced), scale)


def units(cohort: Cohort, empty: int) -> Ints:
    """Return the unit of each pupil, shape (n,): pupils that must be together share one.

    Lone pupils come first, then so many ``empty`` places that no pupil has, then the others.
    """
    unit_of = np.empty(len(cohort.ids), np.int64)
    together = sorted(blocks(len(cohort.ids), cohort.rules), key=lambda pupils: (len(pupils) > 1, pupils))
    for unit, pupils in enumerate(together):
        unit_of[pupils] = unit + (empty if len(pupils) > 1 else 0)
    return unit_of


def reciprocals(sizes: tuple[int, ...]) -> Ints:
    """Return about R / size for each class: exactly if the sizes' common multiple R is small, else R = 4096."""
    sizes = tuple(max(1, size) for size in sizes)  # a class may stand empty
    common = lcm(*sizes)
    if common > 1 << 12:
        common = max(1 << 12, 8 * max(sizes))
    return np.array([max(1, (2 * common + s) // (2 * s)) for s in sizes], np.int64)


def _varies(criterion: Criterion) -> bool:
    """Return whether placements can differ in the criterion at all: what is the same for everyone is left out."""
    held = criterion.amounts[criterion.present]
    return bool((held != held[0]).any())


def _share(criterion: Criterion, cohort: Cohort) -> int:
    """Return the criterion's weight: that of its column times that of its kind, double for a total."""
    column = next(c for c in cohort.columns if c.name == criterion.column)
    double = isinstance(column, NumberColumn) and column.use == "total" and criterion.kind == "mean"
    return criterion.weight * KIND_WEIGHT[criterion.kind] * (2 if double else 1)


def _amounts(criterion: Criterion) -> Ints:
    """Return what each pupil adds to a class sum, centred: 0 on average, and 0 for a pupil who has no value."""
    present = criterion.present
    y = criterion.amounts[present]
    count, total = len(y), int(y.sum())
    row = np.zeros(len(present), np.int64)
    if criterion.kind == "spread":
        # The square of the standardised value, minus 1: (c y - t)^2 c / sum((c y - t)^2) - 1, in whole numbers.
        square = [(count * int(v) - total) ** 2 for v in y]
        whole = sum(square)
        row[present] = [(FINE * (count * s - whole)) // whole for s in square]
        return row
    scale = _scale(criterion)
    row[present] = scale * y - (2 * scale * total + count) // (2 * count)
    # A column of more than a million steps is searched a little coarser; it is still reported exactly.
    return row // _coarser(criterion)


def _scale(criterion: Criterion) -> int:
    """Return how many encoded steps make up one of the criterion's: one if then the mean is a whole number."""
    return 1 if criterion.kind == "mean" and bool(criterion.present.all()) else EVEN


def _coarser(criterion: Criterion) -> int:
    """Return how many encoded steps are taken as one, for the sake of 64 bits."""
    held = criterion.amounts[criterion.present]
    return 1 + _scale(criterion) * int(held.max() - held.min()) // LARGEST_VALUE


def _weights(balanced: list[Criterion], rows: list[Ints], cohort: Cohort, reciprocal: Ints) -> tuple[Ints, int]:
    """Return the weights of the encoded columns, such that random classes give each its share, and their scale.

    A number's share is divided by its sum of squares; a level's by its sum of squares and its number of fellow
    levels less one (the chi-square of a table). All are scaled up together as far as no imbalance can exceed 64 bits.
    """
    levels: dict[tuple[str, str], int] = {}
    for c in balanced:
        levels[c.column, c.kind] = levels.get((c.column, c.kind), 0) + 1
    numerators, squares = [], []
    for c, row in zip(balanced, rows, strict=True):
        fellows = levels[c.column, c.kind]
        held = int(c.amounts[c.present].sum())
        numerators.append(_share(c, cohort))
        square = sum(int(v) ** 2 for v in row)
        # Of several levels the sum of squares n p (1 - p) counts only with its part 1 - p, as in a chi-square.
        if c.counted and fellows > 1:
            square = square * len(row) * (fellows - 1) // max(1, len(row) - held)
        squares.append(max(1, square))
    most = [_largest_sum(row, cohort.most) for row in rows]
    total = sum(
        n * m * m * int(reciprocal.max()) * len(reciprocal) / s
        for n, m, s in zip(numerators, most, squares, strict=True)
    )
    scale = 1 << max(0, min(100, (LARGEST // max(1, int(total) + 1)).bit_length() - 1))
    weights = [max(1, scale * n // s) for n, s in zip(numerators, squares, strict=True)]
    return np.array(weights, np.int64), scale


def _largest_sum(row: Ints, sizes: tuple[int, ...]) -> int:
    """Return a bound on the absolute class sum of a column: the largest class filled with its largest values."""
    most = min(max(sizes), len(row))
    return int(np.sort(np.abs(row))[-most:].sum())


def _groups(counted: list[Criterion]) -> list[int]:
    """Return for each counted criterion the number of its group: criteria of which at most one counts any pupil."""
    number: dict[tuple[str, str], int] = {}
    return [number.setdefault((c.column, c.kind), len(number)) for c in counted]


def _levels(x: Ints, numbers: int, groups: list[int]) -> npt.NDArray[np.uint16]:
    """Return the column that counts each lone pupil in each group, shape (lone, g); the number of columns if none."""
    level = np.full((len(x), max(groups, default=-1) + 1), x.shape[1], np.uint16)
    for f, group in enumerate(groups, numbers):
        level[x[:, f] > 0, group] = f
    return level


def _keys(counted: Ints) -> Ints:
    """Return one integer per unit that adds up as the counted rows do: equal keys, equal rows (to one in 2**40)."""
    return np.asarray((counted * _factors(counted.shape[1])).sum(axis=1), np.int64)


def _factors(columns: int) -> Ints:
    return np.array([pow(48271, 7 * f + 11, (1 << 61) - 1) >> 17 for f in range(columns)], np.int64)


def _kin(key: Ints, units_in_all: int) -> tuple[Ints, Ints, Ints]:
    """Return for each unit where in ``kin`` the lone units with its key stand, and how many they are."""
    order = np.argsort(key, kind="stable").astype(np.int64)
    ordered = key[order]
    start = np.zeros(units_in_all, np.int64)
    count = np.zeros(units_in_all, np.int64)
    start[: len(key)] = np.searchsorted(ordered, key, side="left")
    count[: len(key)] = np.searchsorted(ordered, key, side="right") - start[: len(key)]
    return start, count, order


def _rules(cohort: Cohort, unit_of: Ints, u: int, places: slice) -> HardRules:
    """Return the hard rules as arrays over u units: allowed classes, conflicts and limits in compressed rows.

    Of the empty places no class has more than one, and only classes of which any may be the larger have one.
    """
    k = len(cohort.classes)
    allowed = np.ones((u, k), np.uint8)
    conflicts: list[set[int]] = [set() for _ in range(u)]
    limits: list[dict[int, int]] = [{} for _ in range(u)]
    caps: list[int] = []
    for rule in cohort.rules:
        of = [int(unit_of[i]) for i in rule.pupils]
        if rule.kind == "fixed":
            for unit in of:
                kept = allowed[unit, rule.class_index]
                allowed[unit] = 0
                allowed[unit, rule.class_index] = kept
        elif rule.kind == "barred":
            allowed[of, rule.class_index] = 0
        elif rule.kind == "apart":
            for unit in of:
                conflicts[unit].update(other for other in of if other != unit)
        elif rule.kind == "at_most":
            for unit in of:
                limits[unit][len(caps)] = limits[unit].get(len(caps), 0) + 1
            caps.append(_limit(rule))
    for place in range(places.start, places.stop):
        allowed[place] = [fewest < most for fewest, most in zip(cohort.fewest, cohort.most, strict=True)]
        limits[place][len(caps)] = 1
    if places.start < places.stop:
        caps.append(1)
    ruled = [bool(conflicts[i] or limits[i]) or not allowed[i].all() for i in range(u)]
    return HardRules(
        ruled=np.array(ruled, np.uint8),
        allowed=allowed,
        conflict_start=_starts(conflicts),
        conflict=np.array([j for row in conflicts for j in sorted(row)], np.int64),
        limit_start=_starts(limits),
        limit=np.array([m for row in limits for m in row], np.int64),
        limit_amount=np.array([amount for row in limits for amount in row.values()], np.int64),
        limit_cap=np.array(caps, np.int64),
    )


def _limit(rule: Rule) -> int:
    assert rule.limit is not None, "an at_most rule has a limit"
    return rule.limit


def _starts(rows: list[set[int]] | list[dict[int, int]]) -> Ints:
    return np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
