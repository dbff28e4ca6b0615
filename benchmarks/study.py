"""Which cases are run, and what a row of the table says: medians over the seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from benchmarks.case import OURS, Case, Outcome, Run, run_case
from benchmarks.peers import TIMELESS
from benchmarks.problem import Kind

KINDS: tuple[Kind, ...] = ("everything", "means")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run: everything times everything, where a peer gets the time that an effort of ours took."""

    rosters: tuple[str, ...]
    kinds: tuple[Kind, ...]
    efforts: tuple[str, ...]
    peers: tuple[str, ...]
    seeds: int
    data: Path


@dataclass(frozen=True, slots=True)
class Row:
    """A method on a roster: medians over the seeds.

    Of several rosters under one name their mean is taken, but the sum of ``off``, ``violations`` and ``seconds``.
    ``effort`` is the effort whose time the method had, "" if time does not matter to it.
    """

    roster: str
    kind: Kind
    effort: str
    method: str
    pupils: int
    classes: int
    seeds: int
    j: float
    bound: float
    gap_total: float
    gap_subject: float
    off: float
    violations: float
    seconds: float
    evaluated_per_second: float
    peak_megabytes: float
    added_megabytes: float
    note: str = ""

    @property
    def excess(self) -> float:
        """Return J - LB."""
        return self.j - self.bound

    @property
    def ratio(self) -> float:
        """Return J / LB; 1 proves the optimum. Not a number where LB is 0."""
        return self.j / self.bound if self.bound > 0 else float("nan")


def rows_of(plan: Plan, tell: Callable[[str], None], *, run: Callable[[Case], Outcome] = run_case) -> list[Row]:
    """Return a row for every roster, kind, effort and method of the plan; ``tell`` hears of each before it starts."""
    rows = []
    for roster in plan.rosters:
        for kind in plan.kinds:
            for peer in (peer for peer in plan.peers if peer in TIMELESS):
                tell(f"{roster}, {kind}: {peer}")
                rows.append(_row(case := _case(plan, roster, kind, peer, ""), run(case)))
            for effort in plan.efforts:
                tell(f"{roster}, {kind}: {OURS}, {effort}")
                case = _case(plan, roster, kind, OURS, effort)
                outcome = run(case)
                rows.append(_row(case, outcome))
                seconds = _seconds_each(outcome)
                for peer in (peer for peer in plan.peers if peer not in TIMELESS):
                    tell(f"{roster}, {kind}: {peer}, {sum(seconds):.1f} s a seed")
                    case = _case(plan, roster, kind, peer, effort, seconds)
                    rows.append(_row(case, run(case)))
    return rows


def _case(plan: Plan, roster: str, kind: Kind, method: str, effort: str, seconds: tuple[float, ...] = ()) -> Case:
    seeds = tuple(range(1, plan.seeds + 1))
    return Case(roster, kind, method, effort, seeds, str(plan.data.resolve()), seconds)


def _seconds_each(outcome: Outcome) -> tuple[float, ...]:
    """Return the median time of each roster of an outcome, in their order."""
    by_roster: dict[str, list[float]] = {}
    for run in outcome.runs:
        by_roster.setdefault(run.roster, []).append(run.seconds)
    return tuple(median(seconds) for seconds in by_roster.values())


def _row(case: Case, outcome: Outcome) -> Row:
    by_seed: dict[int, list[Run]] = {}
    for run in outcome.runs:
        by_seed.setdefault(run.seed, []).append(run)
    seeds = list(by_seed.values())

    def middle(of_seed: Callable[[list[Run]], float]) -> float:
        return median([of_seed(runs) for runs in seeds]) if seeds else float("nan")

    return Row(
        roster=case.roster,
        kind=case.kind,
        effort=case.effort,
        method=case.method,
        pupils=outcome.pupils,
        classes=outcome.classes,
        seeds=len(seeds),
        j=middle(lambda runs: mean(run.j for run in runs)),
        bound=middle(lambda runs: mean(run.bound for run in runs)),
        gap_total=middle(lambda runs: mean(run.gap_total for run in runs)),
        gap_subject=middle(lambda runs: mean(run.gap_subject for run in runs)),
        off=middle(lambda runs: sum(run.off for run in runs)),
        violations=middle(lambda runs: sum(run.violations for run in runs)),
        seconds=middle(lambda runs: sum(run.seconds for run in runs)),
        evaluated_per_second=middle(lambda runs: sum(run.evaluated for run in runs) / _spent(runs)),
        peak_megabytes=outcome.peak_megabytes,
        added_megabytes=outcome.added_megabytes,
        note=outcome.refused or _note(outcome.runs),
    )


def _spent(runs: Iterable[Run]) -> float:
    return max(1e-9, sum(run.seconds for run in runs))


def _note(runs: tuple[Run, ...]) -> str:
    """Return the note that every run has, or most of them with how many do."""
    notes = [run.note for run in runs]
    most = max(notes, key=notes.count, default="")
    share = notes.count(most)
    return most if share == len(notes) or not most else f"{most} ({share} of {len(notes)} runs)"
