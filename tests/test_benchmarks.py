"""The benchmark: its peers are fair, its yardstick is right, its loop in C is ours."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import nan
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks import c_loop
from benchmarks.__main__ import PAGE, app
from benchmarks.case import OURS, Case, Outcome, Run, outcome_of
from benchmarks.catalogue import ENTRIES, MissingRosterError, folder_of, rosters_named
from benchmarks.click import PROCESSOR, one_run, prepare
from benchmarks.exchange import descend, energy
from benchmarks.growth import Cost
from benchmarks.library_solver import NotTriedError
from benchmarks.ours import cohort_for
from benchmarks.peers import PEERS, TIMELESS, by_lot
from benchmarks.problem import Ints, Kind, Problem, columns_of, problem_of, scale_of
from benchmarks.results import BEGIN, END, Results, figures, joined, load, machine, set_into
from benchmarks.rosters import Roster, cohort_of, made_up, usalgo_roster
from benchmarks.study import Plan, Row, rows_of
from benchmarks.tables import in_groups, markdown
from benchmarks.yardstick import least_j, least_table, measure
from engine.bounds import j_and_bound, parts_of
from engine.criteria import criteria_of
from engine.floors import floors_of
from engine.measuring import measure_placement

DATA = Path(__file__).parent / "data"
KINDS: tuple[Kind, ...] = ("everything", "means")


def with_absent() -> Roster:
    """Return 61 pupils in 4 unequal classes, some marks and labels missing."""
    roster = made_up(61, 4)
    table = roster.table.astype({"science": float, "origin": object})
    table.loc[::9, "science"] = nan
    table.loc[::11, "origin"] = None
    return replace(roster, table=table)


def drawn(problem: Problem, seed: int = 1) -> Ints:
    return by_lot(problem, np.random.default_rng(seed))


ROSTERS = [made_up(60, 4), made_up(61, 4), with_absent(), usalgo_roster(DATA)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("roster", ROSTERS, ids=["equal", "unequal", "absent", "usalgo"])
def test_both_yardsticks_agree(roster: Roster, kind: Kind) -> None:
    """J, LB, gaps and broken rules are those of the engine, from the definitions a second time."""
    problem, cohort = problem_of(roster, kind), cohort_for(roster, kind, "quick", 1)
    class_of, criteria = drawn(problem), criteria_of(cohort)
    mine = measure(problem, class_of, least_j(problem))
    j, bound = j_and_bound(parts_of(cohort, criteria, class_of))
    assert (mine.j, mine.bound) == pytest.approx((j, bound), rel=1e-9)
    theirs = measure_placement(cohort, criteria, floors_of(cohort, criteria), class_of)
    means = {gap.criterion.column: float(gap.gap) for gap in theirs.gaps if gap.criterion.kind == "mean"}
    assert mine.gap_total == pytest.approx(means.pop("total"))
    assert mine.gap_subject == pytest.approx(max(means.values()))
    assert mine.violations == theirs.violations


def test_the_least_table_is_the_least_of_all_tables() -> None:
    """With unequal classes no table with these margins has a smaller chi-square, all of them tried."""
    sizes, totals = (3, 4, 6), (5, 8)
    fair = np.outer(sizes, totals) / 13
    tables = (np.array([first, np.array(sizes) - first]).T for first in map(np.array, product(range(7), repeat=3)))
    possible = [table for table in tables if (table >= 0).all() and table[:, 0].sum() == totals[0]]
    least = min(float(((table - fair) ** 2 / fair).sum()) for table in possible)
    assert least_table(sizes, totals) == pytest.approx(least, abs=1e-9)


def test_classes_by_lot_have_a_j_of_one() -> None:
    """J of random classes is 1 on average, and is what the peers' columns add up to."""
    problem = problem_of(made_up(300, 6))
    columns, sizes = columns_of(problem), np.array(problem.sizes)
    found = [measure(problem, drawn(problem, seed), 0.0).j for seed in range(40)]
    assert np.mean(found) == pytest.approx(1, abs=0.1)
    assert energy(columns, sizes, drawn(problem, 0)) / scale_of(problem) == pytest.approx(found[0])


@pytest.mark.parametrize("roster", ROSTERS[1:], ids=["unequal", "absent", "usalgo"])
@pytest.mark.parametrize("name", PEERS)
def test_every_peer_places_every_pupil(name: str, roster: Roster) -> None:
    """Whatever the peer, every pupil has a class and every class its size; `measure` refuses anything else."""
    problem = problem_of(roster)
    try:
        found = PEERS[name](problem, 0.05, 1)
    except NotTriedError as reason:
        pytest.skip(str(reason))
    assert len(found.class_of) == problem.pupils
    measured = measure(problem, found.class_of, least_j(problem))
    assert measured.j >= measured.bound - 1e-12
    with pytest.raises(ValueError, match="not of the sizes"):
        measure(problem, np.zeros_like(found.class_of), 0.0)


def test_exchange_descent_never_worsens() -> None:
    """Cut off wherever the clock may, a descent is at least as good as its start, and better the longer it runs."""
    problem = problem_of(made_up(200, 4))
    columns, sizes = columns_of(problem), np.array(problem.sizes)
    start = np.repeat(np.arange(len(sizes)), sizes)
    found = []
    for looks in range(6):
        class_of, left = start.copy(), iter(range(looks))
        descend(columns, sizes, class_of, lambda left=left: next(left, None) is None)  # type: ignore[misc] # a clock
        found.append(energy(columns, sizes, class_of))
    assert found == sorted(found, reverse=True) and found[-1] < found[0] == energy(columns, sizes, start)


@pytest.mark.parametrize("n", [400, 403])
def test_the_loop_in_c_makes_our_placement(n: int) -> None:
    """The same seed leads the kernel and annealing.c to the same placement, word for word of the generator."""
    try:
        speeds = c_loop.compare(cohort_of(made_up(n, 8)), steps=20_000)
    except c_loop.NoCompilerError as reason:
        pytest.skip(str(reason))
    assert speeds.same and speeds.columns == 20
    assert "million proposals a second" in speeds.sentence


def test_without_a_compiler_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no C compiler is, the comparison is a sentence that says so."""
    monkeypatch.setenv("PATH", "")
    assert "No C compiler" in c_loop.speeds_here()


def test_our_search_is_measured_in_a_case() -> None:
    """A case of ours keeps its rules, beats the lot, and a part of an effort proposes less."""
    whole, part = (
        outcome_of(Case("usalgo_100", "everything", OURS, effort, (1,), str(DATA))) for effort in ("quick", "quick/16")
    )
    assert whole.runs[0].violations == 0 and whole.runs[0].j < 0.1
    assert part.runs[0].evaluated < whole.runs[0].evaluated
    assert whole.peak_megabytes > whole.added_megabytes >= 0


def answered(case: Case) -> Outcome:
    """Return a made-up outcome of a case: the seed's tenth is J, ten seeds a second."""
    if case.method == "CP-SAT":
        return Outcome((), 100, 4, 0.0, 0.0, "too large")
    runs = [Run("one", s, s / 10, 0.1, 0.5, 0.25, 2, 1, s / 10, 1000, "") for s in case.seeds]
    return Outcome(tuple(runs), 100, 4, 200.0, 20.0)


def rows(seeds: int = 3) -> list[Row]:
    plan = Plan(("usalgo_100",), ("everything",), ("quick",), ("random", "exchange", "CP-SAT"), seeds, DATA)
    return rows_of(plan, lambda _: None, run=answered)


def test_a_row_has_the_medians_of_its_seeds() -> None:
    """The middle seed counts; peers get the time of our effort, those that time does not help run once."""
    asked: list[Case] = []
    plan = Plan(("usalgo_100",), ("everything",), ("quick", "deep"), ("random", "exchange"), 3, DATA)
    found = rows_of(plan, lambda _: None, run=lambda case: (asked.append(case), answered(case))[1])  # type: ignore[func-returns-value]
    assert [(row.method, row.effort) for row in found] == [
        ("random", ""), (OURS, "quick"), ("exchange", "quick"), (OURS, "deep"), ("exchange", "deep")
    ]  # fmt: skip
    assert found[1].j == 0.2 and found[1].ratio == pytest.approx(2) and found[1].excess == pytest.approx(0.1)
    assert asked[2].seconds == (0.2,) and asked[1].seconds == () and "random" in TIMELESS


def test_the_table_is_generated_from_the_rows() -> None:
    """Every row stands in the table, ours in bold, and what was not tried says why."""
    text = markdown(rows())
    assert "**usalgo_100, 100 pupils in 4 classes: everything**" in text
    assert "| quick | **EvenClass** | 2.000 | 1.0e-01 | 0.50 | 0.25 | 2 | 1 | 0.20 | 200 | 5,000 |" in text
    assert "CP-SAT (quick): too large." in text
    assert len(in_groups(rows())) == 1


def test_results_come_back_from_json_and_stand_in_the_page(tmp_path: Path) -> None:
    """What is kept is read back the same, gaps in it included, and replaces only what is between the markers."""
    results = Results(
        machine(), 3, tuple(rows()), costs=(Cost(100, 2, "quick", 0.1, 25.0, 190.0, 10.0),), c_loop="Fast."
    )
    results.save(tmp_path / "all.json")
    again = load(tmp_path / "all.json")
    assert figures(again) == figures(results) and "Fast." in figures(results)
    both = joined([again, replace(again, seeds=5, rows=again.rows[:1], c_loop="")])
    assert both.seeds == 3 and both.rows == (*again.rows, again.rows[0]) and both.c_loop == "Fast."
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        set_into(page, figures(again))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert text.count("25 | 190 | 10 |") == 1
    assert PAGE.read_text(encoding="utf-8").count(BEGIN) == PAGE.read_text(encoding="utf-8").count(END) == 1


def test_pictures_are_drawn_from_results(tmp_path: Path) -> None:
    """Both pictures are SVG, small, and the same each time."""
    pytest.importorskip("matplotlib")
    from benchmarks.pictures import draw_growth, draw_quality

    grown = [Cost(n, n // 50, "quick", n / 1000, 25.0, 190.0, 10.0) for n in (100, 1000)]
    drawn_twice = [
        [draw_quality(rows(), folder).read_bytes(), draw_growth(grown, folder).read_bytes()]
        for folder in (tmp_path / "one", tmp_path / "two")
    ]
    assert drawn_twice[0] == drawn_twice[1] and all(b"<svg" in file and len(file) < 100_000 for file in drawn_twice[0])


def test_a_missing_roster_is_named_in_words(tmp_path: Path) -> None:
    """Which file is missing, where it is from and what to do; a committed one is found wherever --data points."""
    with pytest.raises(MissingRosterError, match=r"star_k\.csv is not in the folder .*Put it there .*--data FOLDER"):
        folder_of("star", tmp_path)
    told = CliRunner().invoke(app, ["--rosters", "star", "--data", str(tmp_path)])
    assert told.exit_code == 2 and "star_k.csv" in told.stdout
    assert CliRunner().invoke(app, ["--rosters", "nobody"]).exit_code == 2
    assert len(rosters_named("usalgo_100", tmp_path)[0].table) == 100


def test_the_page_names_every_roster_and_method() -> None:
    """Nothing that the benchmark knows is missing from its page."""
    page = PAGE.read_text(encoding="utf-8")
    for name in (*(name for name in ENTRIES if not name.startswith("made_up")), "made_up_N", *PEERS, OURS):
        assert name in page


def test_a_click_is_timed_step_by_step(tmp_path: Path) -> None:
    prepare(tmp_path / "book.xlsx", 24)
    seconds = one_run(tmp_path / "book.xlsx", "quick", PROCESSOR)
    assert {"modules: xlwings", "search", "read, check, report, write, record"} <= seconds.keys()
    assert all(each >= 0 for each in seconds.values())
