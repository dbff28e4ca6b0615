"""One seed, one placement; hard rules kept; as good as trying everything on tiny cohorts."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

from engine.cohort import Cohort, Ints, Rule, Settings
from engine.criteria import criteria_of
from engine.effort import effort_of
from engine.opening import NoRoomError
from engine.solve import solve
from engine.wording import plain
from tests import reference
from tests.cohorts import cohorts, encoded, make_cohort

TWENTY = [71, 64, 88, 93, 45, 77, 59, 82, 90, 66, 73, 51, 98, 85, 62, 79, 55, 68, 87, 94]


def never(_: Ints) -> bool:
    return False


def placed(cohort: Cohort) -> Ints:
    return solve(cohort, criteria_of(cohort), reached=never).class_of


def imbalance_of(cohort: Cohort, class_of: Ints) -> int:
    code = encoded(cohort)
    return reference.imbalance(code.arrays, class_of[np.argsort(code.unit_of)])


@given(cohorts())
@settings(max_examples=15, deadline=None)
def test_every_pupil_gets_a_class_and_every_class_its_size(cohort: Cohort) -> None:
    """Nothing is lost, whatever the rules; the violations reported are those that are there."""
    try:
        result = solve(cohort, criteria_of(cohort), reached=never)
    except NoRoomError:
        return
    held = np.bincount(result.class_of, minlength=len(cohort.sizes)).tolist()
    if result.violations == 0:
        assert all(a <= b <= c for a, b, c in zip(cohort.fewest, held, cohort.most, strict=True))
        assert sorted(held) == sorted(cohort.sizes)
    if result.violations == 0 and not any(rule.kind in ("together", "apart") for rule in cohort.rules):
        assert reference.violations(cohort, result.class_of) == 0


def test_any_of_the_classes_alike_may_be_the_larger() -> None:
    """Where pupils do not divide, a move counts as an exchange with an empty place: presets decide who is larger."""
    fixed = tuple(Rule("fixed", (i,), plain("preset"), class_index=2) for i in range(7))
    cohort = make_cohort([*TWENTY], [0, 1] * 10, (7, 7, 6), rules=fixed)
    free = solve(replace(cohort, alike=(True,) * 3), criteria_of(cohort), reached=never)
    assert free.violations == 0
    assert sorted(np.bincount(free.class_of).tolist()) == [6, 7, 7]
    assert np.bincount(free.class_of)[2] == 7
    assert solve(cohort, criteria_of(cohort), reached=never).violations == 1, "with exact sizes one cannot be there"


def test_open_sizes_are_never_worse() -> None:
    """With the larger class open the best of all placements is found among more."""
    marks, genders = [0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 100], [0] * 11
    cohort = make_cohort(marks, genders, (6, 5), spread=False)
    found = solve(replace(cohort, alike=(True, True)), criteria_of(cohort), reached=never)
    sums = np.bincount(found.class_of, weights=marks)
    assert sums.tolist() == [100, 100]


def test_a_run_may_start_from_a_placement_that_stands() -> None:
    """What it starts from comes back unless something better is found; what comes back is never worse."""
    cohort = make_cohort([*TWENTY], [0, 1] * 10, (10, 10))
    criteria = criteria_of(cohort)
    best = solve(cohort, criteria, reached=never)
    again = solve(cohort, criteria, reached=never, start=best.class_of)
    assert again.imbalance <= best.imbalance
    poor = np.repeat([0, 1], 10)[np.argsort(np.argsort(TWENTY))]
    better = solve(cohort, criteria, reached=never, start=poor)
    assert better.imbalance < imbalance_of(cohort, poor)


def test_same_seed_same_placement_and_other_seeds_differ() -> None:
    """The placement is a function of cohort and seed."""
    one = [placed(make_cohort([*TWENTY], [0, 1] * 10, (7, 7, 6), seed=seed)).tolist() for seed in (1, 1, 2, 3)]
    assert one[0] == one[1]
    assert len({tuple(row) for row in one}) > 1


@pytest.mark.parametrize("seed", range(5))
def test_tiny_cohorts_reach_the_best_of_all_placements(seed: int) -> None:
    """With 12 pupils in two classes the search finds the smallest gap of means that any even placement has."""
    rng = np.random.default_rng(seed)
    marks, genders = [int(m) for m in rng.integers(0, 100, 12)], [0, 1] * 6
    cohort = make_cohort(marks, genders, (6, 6), seed=seed, spread=False)
    class_of = placed(cohort)

    def imbalances(first: tuple[int, ...]) -> tuple[int, int]:
        girls = sum(genders[i] == 0 for i in first)
        return abs(2 * girls - 6), abs(2 * sum(marks[i] for i in first) - sum(marks))

    best = min(imbalances(first) for first in combinations(range(12), 6))
    assert imbalances(tuple(np.flatnonzero(class_of == 0).tolist())) == best


def test_rules_are_kept_beside_each_other() -> None:
    """Together, apart, fixed, barred and at-most rules at once: all hold, and the genders are still even."""
    rules = (
        Rule("together", (0, 1, 2), plain("triplets")),
        Rule("together", (3, 4), plain("twins")),
        Rule("apart", (5, 6, 7), plain("apart")),
        Rule("fixed", (8,), plain("preset"), class_index=2),
        Rule("barred", (9, 10), plain("parent teaches"), class_index=0),
        Rule("at_most", (11, 12, 13, 14), plain("support"), limit=2),
    )
    cohort = make_cohort([*TWENTY, 70], [0, 1] * 10 + [0], (7, 7, 7), rules=rules)
    result = solve(cohort, criteria_of(cohort), reached=never)
    assert result.violations == 0
    assert reference.violations(cohort, result.class_of) == 0
    girls = np.bincount(result.class_of[::2], minlength=3)
    assert girls.max() - girls.min() <= 1


def test_blocks_that_fit_nowhere_are_said() -> None:
    """Three pairs that must be together do not fit into classes of three, three."""
    pairs = tuple(Rule("together", (i, i + 1), plain("pair")) for i in (0, 2, 4))
    with pytest.raises(NoRoomError):
        placed(make_cohort([1, 2, 3, 4, 5, 6], [0] * 6, (3, 3), rules=pairs))


def test_a_run_can_be_stopped_and_says_so() -> None:
    """When progress answers no, the run ends with a whole placement marked as stopped."""
    cohort = make_cohort([*TWENTY], [0, 1] * 10, (10, 10))
    shares: list[float] = []

    def progress(share: float) -> bool:
        shares.append(share)
        return len(shares) < 5

    result = solve(cohort, criteria_of(cohort), reached=never, progress=progress)
    assert result.ended == "stopped"
    assert len(shares) == 5 and shares == sorted(shares)
    assert np.bincount(result.class_of).tolist() == [10, 10]


def test_the_search_ends_when_everything_is_reached() -> None:
    """A run whose goal is reached says so and uses one round only."""
    cohort = replace(make_cohort([*TWENTY], [0, 1] * 10, (10, 10)), settings=Settings(effort="deep"))
    result = solve(cohort, criteria_of(cohort), reached=lambda _: True)
    assert result.ended == "floor"
    assert result.steps <= effort_of("deep", 20, 2).steps


def test_the_largest_imbalance_fits_in_64_bits() -> None:
    """Marks in hundredths, unequal classes: the weights leave room even for the worst placement."""
    cohort = make_cohort([75000 - 3000 * i for i in range(25)], [0, 1] * 12 + [0], (9, 8, 8))
    arrays = encoded(cohort).arrays
    worst = np.argsort(np.argsort(arrays.x[:, 0], kind="stable"), kind="stable") * 3 // 25
    assert reference.imbalance(arrays, worst.astype(np.int64)) < 1 << 55
    assert (arrays.weight > 0).all()


def test_compiled_and_interpreted_give_the_same_placement() -> None:
    """NUMBA_DISABLE_JIT changes the speed, not one pupil's class."""
    code = (
        "from tests.cohorts import make_cohort; from tests.test_solve import placed, TWENTY;"
        "print(placed(make_cohort(TWENTY[:12], [0, 1] * 6, (6, 6))).tolist())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for off in ("0", "1")
    }
    assert len(found) == 1
    assert found != {""}


def test_one_thread_or_two_give_the_same_placement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs of classes finished side by side end as they do one after the other."""
    rng = np.random.default_rng(4)
    marks, genders = [int(m) for m in rng.integers(0, 100, 64)], [int(g) for g in rng.integers(0, 2, 64)]
    cohort = make_cohort(marks, genders, (8,) * 8)
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr("engine.evening.THREADS", threads)
        found.append(placed(cohort).tolist())
    assert found[0] == found[1] == found[2]
