"""How cost grows with the cohort: made-up rosters in classes of 50, from 100 pupils to 30,000."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.c_loop import ours, timed
from benchmarks.case import OURS, Case, run_case
from benchmarks.catalogue import MADE_UP, rosters_named
from benchmarks.rosters import cohort_of

REPEATS = 3  # of which the fastest counts: what else runs here can only slow a loop down
PUPILS = (100, 300, 1_000, 3_000, 10_000, 30_000)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a search costs. ``proposal`` is in nanoseconds, in the annealing alone; memory is of the whole process."""

    pupils: int
    classes: int
    effort: str
    seconds: float
    proposal: float
    peak_megabytes: float
    added_megabytes: float


def costs(
    efforts: Sequence[str], seeds: int, tell: Callable[[str], None], *, pupils: Sequence[int] = PUPILS
) -> list[Cost]:
    """Return the cost of every effort for every number of pupils, the median of the seeds."""
    found = []
    for n in pupils:
        name = f"{MADE_UP}{n}"
        cohort = cohort_of(rosters_named(name, Path())[0])
        proposal = min(seconds / proposed for _, seconds, proposed in (timed(cohort, ours) for _ in range(REPEATS)))
        for effort in efforts:
            tell(f"cost of {n:,} pupils: {effort}")
            outcome = run_case(Case(name, "everything", OURS, effort, tuple(range(1, seeds + 1)), "."))
            found.append(
                Cost(
                    n,
                    outcome.classes,
                    effort,
                    median(run.seconds for run in outcome.runs),
                    1e9 * proposal,
                    outcome.peak_megabytes,
                    outcome.added_megabytes,
                )
            )
    return found
