"""How long and how hot the search runs: every number that decides on effort, and the tables made from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache

import numpy as np

from engine.annealing import SHIFT, THRESHOLDS
from engine.cohort import Ints
from engine.goals import SMALL
from engine.kernels import Arrays

KIN_SHARE = 96  # of 256 proposals, those within one signature
COUNTS_FIRST = 3  # how much heavier the counts weigh: a number is seldom worth a pupil too many
MEANS_LATER = 10  # how much lighter the means weigh while the counts settle


@dataclass(frozen=True, slots=True)
class Phase:
    """One annealing phase: from one temperature to another, in millionths of a typical change of imbalance."""

    hot: int
    cold: int
    means_divided_by: int


# First the counts settle, with the means held loosely: stiff means freeze a count one away from its floor. Then all.
PHASES = (Phase(100_000, 500, MEANS_LATER), Phase(1_000, 30, 1))


@dataclass(frozen=True, slots=True)
class Effort:
    """What one run may use, and what it aims at.

    lots: runs from different openings. steps: exchanges proposed in the annealing of each, at ``stages`` temperatures
    per phase. rounds: how often every class is paired by lot; visits: how often two classes are then evened out, in so
    many turns, after each of which gaps are mended; moves: exchanges listed per visit. goal: the gap of means, in
    marks, from which on evening out the rest comes first.
    """

    lots: int
    steps: int
    stages: int
    rounds: int
    visits: int
    turns: int
    moves: int
    goal: Fraction


@dataclass(frozen=True, slots=True)
class _Base:
    """An effort before it is cut to a cohort: as `Effort`, for one pupil (steps, lots) or classes of any size."""

    steps: int
    most_steps: int
    lots: int
    rounds: int
    visits: int
    most_visits: int
    turns: int
    moves: int
    most_moves: int
    goal: Fraction


_BASES = {
    "quick": _Base(9_000, 30_000_000, 1, 4, 4, 1_000, 1, 6, 20_000, Fraction(1, 10)),
    "standard": _Base(16_000, 120_000_000, 34, 12, 24, 1_000, 2, 16, 20_000, Fraction(1, 20)),
    "deep": _Base(32_000, 500_000_000, 60, 20, 220, 1_800, 4, 72, 40_000, Fraction(0)),
}
FEW_PUPILS = 200  # so few, in classes not too small for it, are placed well in the time of a quick search of 300
_QUICK_FOR_FEW = replace(_BASES["standard"], lots=12, visits=12)


def effort_of(name: str, n: int, k: int, fixed: int = 0) -> Effort:
    """Return the effort of this name for n pupils in k classes, of whom so many are fixed to one class."""
    base = _QUICK_FOR_FEW if name == "quick" and n <= FEW_PUPILS and n // k >= SMALL else _BASES[name]
    small = min(n, 300)  # small cohorts are soon settled: they get shorter lots, and more of them
    steps = min(max(base.steps * n * small // 300, 100_000), base.most_steps)
    lots = base.lots * 5_000 // (n * n)  # few pupils: one lot is done quickly, and counts get stuck more often
    free = max(n - fixed, n // 2, 1)  # where few are free, fewer visits find something
    visits = base.visits * (k + 20) * small * n * n // (1_200 * free * free)
    return Effort(
        lots=max(1, min(lots, 64)),
        steps=steps,
        stages=max(5, min(40, steps // 20_000)),
        rounds=base.rounds,
        # Where classes are few, a turn soon finds nothing more, and there is time for another.
        turns=min(base.turns, max(2, base.turns * 300 // n)),
        visits=max(3, min(visits, base.most_visits)),
        moves=min(max(base.moves * (n // k) ** 2, 2_000), base.most_moves),  # small classes have fewer exchanges
        goal=base.goal,
    )


def temperatures(arrays: Arrays, phase: Phase, stages: int) -> list[int]:
    """Return so many temperatures of a phase, geometric from hot to cold, as integers in units of the imbalance."""
    weighted = sum(int(w) * int(s) for w, s in zip(arrays.weight, _squares(arrays), strict=True))
    typical = 2 * weighted * int(arrays.reciprocal.sum()) // (len(arrays.size) * len(arrays.reciprocal))
    return [max(1, typical * part >> 40) for part in _course(phase, stages)]


@cache
def _course(phase: Phase, stages: int) -> tuple[int, ...]:
    """Return the temperatures of a phase as shares of 2**40, from software arithmetic: the same on every machine."""
    with localcontext() as context:
        context.prec = 30
        ratio = Decimal(phase.cold) / phase.hot
        hot = Decimal(phase.hot) / 1_000_000 * (1 << 40)
        return tuple(int(hot * ratio ** (Decimal(stage) / (stages - 1))) for stage in range(stages))


def _squares(arrays: Arrays) -> list[int]:
    """Return the sum of squares of each encoded column; 64 bits hold it, see `engine.encode.LARGEST_VALUE`."""
    return [int(total) for total in (arrays.x**2).sum(axis=0)]


def thresholds(temperature: int) -> Ints:
    """Return the acceptance table at one temperature: -T ln u for u spread evenly over (0, 1)."""
    if temperature < 1 << 40:
        return temperature * _negative_logarithms() >> SHIFT
    return (temperature >> 12) * _negative_logarithms() >> (SHIFT - 12)  # 64 bits hold it


@cache
def _negative_logarithms() -> Ints:
    """Return -ln u in units of 2**-16 for u = (i + 1/2) / 1024, from correctly rounded decimal arithmetic."""
    with localcontext() as context:
        context.prec = 20
        logarithms = [-(Decimal(2 * i + 1) / (2 * THRESHOLDS)).ln() for i in range(THRESHOLDS)]
    return np.array([int(logarithm * (1 << SHIFT)) for logarithm in logarithms], np.int64)
