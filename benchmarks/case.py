"""One case, in a process of its own: one roster, one method, one seed after another.

`run_case` starts the process; ``python -m benchmarks.case`` is that process: a `Case` in on standard input, an
`Outcome` out, both as JSON. So the memory told is that of this case alone, and one case cannot warm up the next.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks import memory
from benchmarks.catalogue import ROOT, rosters_named
from benchmarks.ours import prepared
from benchmarks.peers import PEERS, Found, NotTriedError
from benchmarks.problem import Kind, problem_of
from benchmarks.rosters import Roster
from benchmarks.yardstick import least_j, measure

OURS = "EvenClass"
WARM_UP = "made_up_100"


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be run. ``method`` is `OURS` or a peer; ``seconds`` is the time of each roster of the name (peers)."""

    roster: str
    kind: Kind
    method: str
    effort: str
    seeds: tuple[int, ...]
    data: str
    seconds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One roster placed once and measured."""

    roster: str
    seed: int
    j: float
    bound: float
    gap_total: float
    gap_subject: float
    off: int
    violations: int
    seconds: float
    evaluated: int
    note: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a case: the runs, seed by seed; the peak memory, and how much of it the method added."""

    runs: tuple[Run, ...]
    pupils: int
    classes: int
    peak_megabytes: float
    added_megabytes: float
    refused: str = ""


class CaseError(Exception):
    """The process of a case died; the message is the end of what it said."""


def run_case(case: Case) -> Outcome:
    """Return the outcome of a case, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.case"],
        input=json.dumps(asdict(case)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode != 0:
        raise CaseError(f"{case.roster}, {case.method} {case.effort}: {done.stderr.strip()[-800:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Outcome(**{**told, "runs": tuple(Run(**run) for run in told["runs"])})


def outcome_of(case: Case) -> Outcome:
    """Return the outcome of a case, run in this process, after a warm-up that compiles or loads what is compiled."""
    rosters = rosters_named(case.roster, Path(case.data))
    problems = [problem_of(roster, case.kind) for roster in rosters]
    pupils, classes = sum(p.pupils for p in problems), sum(len(p.sizes) for p in problems)
    limits = case.seconds or (0.0,) * len(rosters)
    runs: list[Run] = []
    try:
        for small in rosters_named(WARM_UP, Path(case.data)):
            _search(replace(case, effort="quick"), small, 1, 0.01)()
        memory.forget_peak()
        before, most = memory.held_megabytes(), 0.0
        for seed in case.seeds:
            for roster, problem, limit in zip(rosters, problems, limits, strict=True):
                search = _search(case, roster, seed, limit)
                start = perf_counter()
                found = search()
                seconds = perf_counter() - start
                most = max(most, memory.peak_megabytes())
                measured = asdict(measure(problem, found.class_of, least_j(problem)))
                runs.append(
                    Run(roster.name, seed, **measured, seconds=seconds, evaluated=found.evaluated, note=found.note)
                )
    except NotTriedError as error:
        return Outcome((), pupils, classes, 0.0, 0.0, str(error))
    return Outcome(tuple(runs), pupils, classes, most, max(0.0, most - before))


def _search(case: Case, roster: Roster, seed: int, seconds: float) -> Callable[[], Found]:
    """Return the method ready to start."""
    if case.method == OURS:
        return prepared(roster, case.kind, case.effort, seed)
    problem = problem_of(roster, case.kind)
    return partial(PEERS[case.method], problem, seconds, seed)


if __name__ == "__main__":
    told = json.loads(sys.stdin.read())
    asked = Case(**{**told, "seeds": tuple(told["seeds"]), "seconds": tuple(told["seconds"])})
    sys.stdout.write(json.dumps(asdict(outcome_of(asked))) + "\n")
