"""What is to be even, without a word of the engine: numbers and tables of counts with the weights of the yardstick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.rosters import Roster
from engine.cohort import Rule

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Kind = Literal["everything", "means"]

TOTAL, SUBJECT, SPREAD, TABLE = 4.0, 2.0, 1.0, 2.0  # the weights of J
BANDS = 5
SAME = 1e-12  # a variance below this is none


@dataclass(frozen=True, slots=True)
class Number:
    """A number per pupil (n,), NaN where absent: the weight of its mean and of its spread (0: not looked at)."""

    name: str
    values: Floats
    weight: float
    spread: float

    @property
    def standard(self) -> Floats:
        """Return the standardised values; whoever is absent stands at the mean."""
        filled = np.where(np.isnan(self.values), np.nanmean(self.values), self.values)
        return np.asarray((filled - filled.mean()) / filled.std(), np.float64)


@dataclass(frozen=True, slots=True)
class Table:
    """A label per pupil: ``codes`` (n,) from 0 up, every code in use; counts per class are to be even."""

    name: str
    codes: Ints
    weight: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Pupils to be put into classes of these sizes; the last number is the total, if there are several."""

    name: str
    sizes: tuple[int, ...]
    numbers: tuple[Number, ...]
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...]

    @property
    def pupils(self) -> int:
        """Return how many pupils there are."""
        return sum(self.sizes)

    @property
    def weight(self) -> float:
        """Return the sum of all weights, by which J is divided."""
        numbers = sum(number.weight + number.spread for number in self.numbers)
        return numbers + sum(table.weight for table in self.tables)


def problem_of(roster: Roster, kind: Kind = "everything") -> Problem:
    """Return the problem of a roster: everything, or the means of the marks and of their total and the gender alone."""
    everything = kind == "everything"
    marks = roster.table[list(roster.marks)].astype(np.float64)
    if marks.shape[1] > 1:
        marks["total"] = marks.sum(axis=1, skipna=False)
    numbers, tables = [], []
    for name in roster.labels if everything else [roster.gender]:
        tables.append(Table(name, _codes(roster.table[name].astype(object)), TABLE))
    for name in map(str, marks):
        values = marks[name].to_numpy()
        mean = TOTAL if name == "total" else SUBJECT
        numbers.append(Number(name, values, mean, _spread_weight(values) if everything else 0.0))
        if np.isnan(values).any():
            tables.append(Table(f"{name} absent", _codes(pd.Series(np.isnan(values))), TABLE))
    if everything:
        rank = marks.iloc[:, -1].rank(method="first")
        tables.append(Table("band", _codes((rank * BANDS / rank.count()).apply(np.ceil)), TABLE))
    varied = tuple(number for number in numbers if np.nanvar(number.values) > SAME)
    several = tuple(table for table in tables if table.codes.max() > 0)
    return Problem(roster.name, roster.sizes, varied, several, roster.rules)


def columns_of(problem: Problem) -> Floats:
    """Return the pupils as weighted, centred rows: J is the sum over classes of |class sum|^2 / size, over a constant.

    This is what a peer is given to work on. The constant is `scale_of`.
    """
    columns: list[Floats] = []
    for number in problem.numbers:
        columns.append(number.standard * number.weight**0.5)
        if number.spread > 0:
            squares = number.standard**2
            columns.append((squares - 1) / squares.std() * number.spread**0.5)
    for table in problem.tables:
        levels = int(table.codes.max()) + 1
        for level in range(levels):
            member = table.codes == level
            share = member.mean()
            columns.append((member - share) * (table.weight / share / (levels - 1)) ** 0.5)
    return np.ascontiguousarray(np.array(columns).T)


def scale_of(problem: Problem) -> float:
    """Return what the sum of squares of `columns_of` is divided by to be J."""
    return problem.weight * (len(problem.sizes) - 1)


def _codes(values: pd.Series) -> Ints:
    """Return codes from 0 up; blank is a label like any other."""
    return np.asarray(pd.factorize(values, use_na_sentinel=False)[0], np.int64)


def _spread_weight(values: Floats) -> float:
    """Return the weight of a spread; 0 where all are equally far from the mean, so that no class can differ."""
    filled = np.where(np.isnan(values), np.nanmean(values), values)
    squares = (filled - filled.mean()) ** 2
    return SPREAD if squares.std() > SAME * max(1.0, squares.mean()) else 0.0
