"""From a cohort to a placement: seed and effort in, `Result` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from typing import Literal

import numpy as np

from engine.cohort import Cohort, Ints
from engine.criteria import Criterion
from engine.encode import Encoded, encode
from engine.finish import finish_pair
from engine.kernels import SHIFT, THRESHOLDS, Arrays, State, anneal, below, imbalance, mend, violations
from engine.opening import opening

Ended = Literal["floor", "effort", "stopped"]
Progress = Callable[[float], bool]

EFFORT = {"quick": 1, "standard": 4, "deep": 20}  # effort in rounds of full length
STAGES = 40  # temperatures per phase
KIN_SHARE = 96  # of 256 proposals, those within one signature
MEANS_FIRST = 32  # how much heavier the means weigh in the finish
MEANS_LATER = 10  # how much lighter they weigh while the counts settle


@dataclass(frozen=True, slots=True)
class Phase:
    """One annealing phase: from one temperature to another, in millionths of a typical change of imbalance."""

    hot: int
    cold: int
    means_divided_by: int


# First the counts settle, with the means held loosely: stiff means freeze a count one away from its floor. Then all.
PHASES = (Phase(100_000, 500, MEANS_LATER), Phase(1_000, 30, 1))


@dataclass(frozen=True, slots=True)
class Result:
    """A placement: ``class_of`` (n,) and how it came about. ``steps`` counts the exchanges proposed.

    ended: "floor", nothing left to gain in any count or mean; "effort", the steps are used up; "stopped", the caller
    asked.
    """

    class_of: Ints
    violations: int
    imbalance: int
    seed: int
    effort: str
    steps: int
    ended: Ended


class StoppedError(Exception):
    """The caller asked to stop; what was found so far is kept."""


def solve(
    cohort: Cohort,
    criteria: tuple[Criterion, ...],
    *,
    reached: Callable[[Ints], bool],
    progress: Progress | None = None,
) -> Result:
    """Return the best placement that the seed and effort of the cohort's settings lead to.

    Rounds of annealing and finish, each from a new lot, until ``reached(class_of)`` says that every count and mean
    is at its floor or the effort is used up; the best by (violations, counts, everything) is kept. ``progress`` gets
    the share done, between batches, and returns False to stop. One seed gives one placement on every machine.

    Raises `NoRoomError` if pupils that must be together fit into no class.
    """
    settings = cohort.settings
    encoded = encode(cohort, criteria)
    rounds = EFFORT[settings.effort]
    best: tuple[tuple[int, int, int], Ints] | None = None
    ended: Ended = "effort"
    steps = 0
    for turn in range(rounds):
        state = opening(encoded.arrays, cohort.sizes, settings.seed, turn)

        def tell(share: float, turn: int = turn) -> None:
            if progress is not None and not progress((turn + share) / rounds):
                raise StoppedError

        try:
            steps += _round(encoded, state, len(cohort.ids), tell)
        except StoppedError:
            ended = "stopped"
        standing = _standing(encoded, state)
        if best is None or standing < best[0]:
            best = (standing, state.class_of.copy())
        if ended == "stopped":
            break
        if best[0][0] == 0 and reached(best[1][encoded.unit_of]):
            ended = "floor"
            break
    assert best is not None, "every effort has at least one round"
    return Result(
        class_of=best[1][encoded.unit_of],
        violations=best[0][0],
        imbalance=best[0][2],
        seed=settings.seed,
        effort=settings.effort,
        steps=steps,
        ended=ended,
    )


def round_steps(n: int) -> int:
    """Return how many exchanges one round proposes for n pupils."""
    return min(8_000 * n, 60_000_000)


def _round(encoded: Encoded, state: State, n: int, tell: Callable[[float], None]) -> int:
    """Mend, anneal in two phases and finish; return the steps used."""
    arrays = encoded.arrays
    if int(violations(arrays, state)) > 0:
        mend(arrays, state, 200 * len(arrays.size), 32)
    batch = max(1, round_steps(n) // (len(PHASES) * STAGES))
    used = 0
    for number, phase in enumerate(PHASES):
        weight = np.where(encoded.means, np.maximum(1, arrays.weight // phase.means_divided_by), arrays.weight)
        phased = arrays._replace(weight=weight)
        for stage, temperature in enumerate(_temperatures(arrays, phase)):
            anneal(phased, state, _thresholds(temperature), batch, KIN_SHARE)
            used += batch
            tell(0.8 * (number * STAGES + stage + 1) / (len(PHASES) * STAGES))
    _finish(encoded, state, tell)
    return used


def _finish(encoded: Encoded, state: State, tell: Callable[[float], None]) -> None:
    """Bring the means together by exchanges that change no count, worst pair of classes first and others by lot."""
    arrays = encoded.arrays
    k, means = state.sums.shape[0], int(encoded.means.sum())
    if k < 2 or means == 0:
        return
    heavier = arrays._replace(weight=np.where(encoded.means, arrays.weight * MEANS_FIRST, arrays.weight))
    tries = 20 * k + 100
    for turn in range(tries):
        if turn % 3 == 0:
            value = state.sums[:, (turn // 3) % means] * arrays.reciprocal
            a, b = int(np.argmax(value)), int(np.argmin(value))
        else:
            a = int(below(state.random, k))
            b = (a + 1 + int(below(state.random, k - 1))) % k
        if a != b:
            finish_pair(heavier, state, a, b, 12)
        tell(0.8 + 0.2 * (turn + 1) / tries)


def _standing(encoded: Encoded, state: State) -> tuple[int, int, int]:
    """Return what placements are compared by: violations, imbalance of the counts, imbalance of all, means first."""
    arrays = encoded.arrays
    counts = arrays.weight.copy()
    counts[: arrays.numbers] = 0
    heavier = np.where(encoded.means, arrays.weight * MEANS_FIRST, arrays.weight)
    return (
        int(violations(arrays, state)),
        int(imbalance(arrays._replace(weight=counts), state)),
        int(imbalance(arrays._replace(weight=heavier), state)),
    )


def _temperatures(arrays: Arrays, phase: Phase) -> list[int]:
    """Return the temperatures of a phase, geometric from hot to cold, as integers in units of the imbalance."""
    weighted = sum(int(w) * int(s) for w, s in zip(arrays.weight, _squares(arrays), strict=True))
    typical = 2 * weighted * int(arrays.reciprocal.sum()) // (len(arrays.size) * len(arrays.reciprocal))
    temperatures = []
    with localcontext() as context:
        context.prec = 30  # software arithmetic: the same digits on every machine
        for stage in range(STAGES):
            ratio = (Decimal(phase.cold) / phase.hot) ** (Decimal(stage) / (STAGES - 1))
            temperatures.append(max(1, int(typical * phase.hot * ratio / 1_000_000)))
    return temperatures


def _squares(arrays: Arrays) -> list[int]:
    """Return the sum of squares of each encoded column; 64 bits hold it, see `engine.encode.LARGEST_VALUE`."""
    return [int(total) for total in (arrays.x**2).sum(axis=0)]


def _thresholds(temperature: int) -> Ints:
    """Return the acceptance table at one temperature: -T ln u for u spread evenly over (0, 1)."""
    return np.array([temperature * entry >> SHIFT for entry in _negative_logarithms()], np.int64)


@cache
def _negative_logarithms() -> tuple[int, ...]:
    """Return -ln u in units of 2**-16 for u = (i + 1/2) / 1024, from correctly rounded decimal arithmetic."""
    with localcontext() as context:
        context.prec = 20
        return tuple(int(-(Decimal(2 * i + 1) / (2 * THRESHOLDS)).ln() * (1 << SHIFT)) for i in range(THRESHOLDS))
