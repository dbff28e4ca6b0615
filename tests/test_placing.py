"""From input tables to result tables: every figure shown is recomputed here from names and marks alone."""

from __future__ import annotations

from fractions import Fraction
from statistics import pstdev
from typing import Any

import pandas as pd
import pytest

from engine.issue import InputError
from engine.placing import Placed, measure_tables, place_tables
from engine.report import measured_json, placement_hash
from tests.rosters import roster, tables

N, K = 24, 3


@pytest.fixture(scope="module")
def students() -> pd.DataFrame:
    """24 pupils with an absent mark, flags, origins, birth dates and a preset."""
    return roster(
        N,
        语文=[60 + 7 * i % 40 if i != 5 else "缺考" for i in range(N)],
        数学=[55.5 + 11 * i % 45 for i in range(N)],
        班干部=["是" if i % 5 == 0 else None for i in range(N)],
        原学校=["一小" if i % 3 else "二小" for i in range(N)],
        预设班级=[2 if i in (3, 4) else None for i in range(N)],
    )


@pytest.fixture(scope="module")
def placed(students: pd.DataFrame) -> Placed:
    return place_tables(tables(students, classes=K), command="分班", when="2026-08-20")


def by_class(placed: Placed, students: pd.DataFrame, header: str) -> dict[str, list[Any]]:
    """Return the cells of one roster column in each class, in class order."""
    found: dict[str, list[Any]] = {f"{k + 1}班": [] for k in range(K)}
    for k, cell in zip(placed.tables["Students"]["placed_class"], students[header], strict=True):
        found[k].append(cell)
    return found


def test_every_pupil_has_a_class_and_the_roster_is_untouched(placed: Placed, students: pd.DataFrame) -> None:
    """The roster's columns come out cell for cell, in order, with the class behind them."""
    out = placed.tables["Students"]
    assert list(out.columns[: students.shape[1]]) == list(students.columns)
    for header in students.columns:
        assert out[header].tolist() == students[header].tolist()
    assert sorted(out["placed_class"].value_counts().tolist()) == [8, 8, 8]


def test_balance_shows_what_is_there(placed: Placed, students: pd.DataFrame) -> None:
    """Sizes, counts, means over the marks present and standard deviations, recomputed from the roster."""
    frame = placed.tables["Balance"].set_index("class")
    for k, cells in by_class(placed, students, "性别").items():
        assert frame.loc[k, "size"] == len(cells)
        assert frame.loc[k, "性别：男"] == cells.count("男")
    for k, cells in by_class(placed, students, "班干部").items():
        assert frame.loc[k, "班干部"] == cells.count("是")
    for k, cells in by_class(placed, students, "语文").items():
        marks = [mark for mark in cells if mark != "缺考"]
        assert frame.loc[k, "语文 平均"] == pytest.approx(sum(marks) / len(marks), abs=1e-12)
        assert frame.loc[k, "语文 缺考人数"] == cells.count("缺考")
        assert frame.loc[k, "语文 标准差"] == pytest.approx(pstdev(marks), abs=1e-9)


def test_gaps_are_largest_minus_smallest_beside_their_floor(placed: Placed, students: pd.DataFrame) -> None:
    """The gap of a mean recomputed exactly; never below its floor; the verdict follows from both."""
    frame = placed.tables["Gaps"].set_index("criterion")
    means = [
        Fraction(sum(Fraction(str(m)) for m in cells), len(cells))
        for cells in by_class(placed, students, "数学").values()
    ]
    row = frame.loc["数学 平均"]
    assert row["gap"] == pytest.approx(float(max(means) - min(means)), abs=1e-12)
    for gap in placed.measured.gaps:
        assert gap.gap >= gap.floor
    for _, row in frame.iterrows():
        reached = row["verdict"] == "已达最小可能"
        assert reached == (row["gap"] <= row["floor"] + 1e-12)


def test_checks_and_rules_say_what_was_kept(placed: Placed) -> None:
    """The presets are kept and named by their column."""
    frame = placed.tables["Checks"]
    assert set(frame["kept"]) == {"是"}
    assert frame["source"].str.contains("预设班级").sum() == 2
    out = placed.tables["Students"]["placed_class"]
    assert out[3] == out[4] == "2班"


def test_class_lists_hold_every_pupil_once(placed: Placed, students: pd.DataFrame) -> None:
    """By class, numbered from 1, ids as text."""
    frame = placed.tables["ClassLists"]
    assert sorted(frame["id"]) == sorted(students["学号"])
    for k, rows in frame.groupby("class"):
        assert rows["number"].tolist() == list(range(1, len(rows) + 1))
        assert set(rows["id"]) == set(by_class(placed, students, "学号")[str(k)])


def test_history_tells_what_makes_the_run_repeatable(placed: Placed, students: pd.DataFrame) -> None:
    """Seed, effort, version, when; the same input gives the same fingerprints, a changed mark another."""
    (row,) = placed.tables["History"].to_dict("records")
    assert (row["seed"], row["effort"], row["pupils"], row["classes"]) == (1, "快速", N, K)
    again = place_tables(tables(students, classes=K), command="分班", when="later")
    (other,) = again.tables["History"].to_dict("records")
    assert other["roster_hash"] == row["roster_hash"] and other["placement_hash"] == row["placement_hash"]
    changed = students.assign(数学=[99, *students["数学"][1:]])
    (third,) = place_tables(tables(changed, classes=K), command="分班", when="x").tables["History"].to_dict("records")
    assert third["roster_hash"] != row["roster_hash"]


def test_a_placement_is_measured_as_it_stands(placed: Placed, students: pd.DataFrame) -> None:
    """Measuring what was placed gives the same gaps; after a hand edit sizes and gaps are the real ones."""
    whole = tables(students, classes=K)
    whole["Students"] = placed.tables["Students"]
    cohort, measured, _ = measure_tables(whole)
    assert [gap.gap for gap in measured.gaps] == [gap.gap for gap in placed.measured.gaps]
    assert placement_hash(cohort, measured.class_of) == placement_hash(placed.cohort, placed.measured.class_of)
    moved = placed.tables["Students"]["placed_class"].tolist()
    moved[0] = "1班" if moved[0] != "1班" else "2班"
    whole["Students"] = whole["Students"].assign(placed_class=moved)
    cohort, measured, _ = measure_tables(whole)
    size = measured.gaps[0]
    assert size.criterion.kind == "size" and size.gap == 2 and size.floor == 0 and not size.at_floor
    found = measured_json(cohort, measured)
    assert found["pupils"] == N and found["classes"] == K and len(found["criteria"]) == len(measured.gaps)


def test_pupils_without_a_class_or_in_no_class_are_named() -> None:
    """Measuring needs a class that exists for everyone."""
    whole = tables(classes=K)
    classes: list[object] = ["1班", "2班", "3班"] * 4
    classes[2], classes[5] = None, "七班"
    whole["Students"] = whole["Students"].assign(placed_class=pd.Series(classes, dtype=object))
    with pytest.raises(InputError) as error:
        measure_tables(whole)
    assert [issue.line("zh") for issue in error.value.issues if issue.level == "error"] == [
        "学生表 第3行 班级：林涛（003）没有班级。请先分班，或填上班级。",
        "学生表 第6行 班级：没有“七班”这个班。班级有：1班、2班、3班。",
    ]


def test_no_class_at_all_is_one_error() -> None:
    """A blank or deleted class column is said once, with what to do, however many pupils there are."""
    with pytest.raises(InputError) as error:
        measure_tables(tables(classes=K))
    assert [issue.line("zh") for issue in error.value.issues if issue.level == "error"] == [
        "学生表 班级：没有一名学生有班级：这一列是空的，或被删掉了。"
        "请先分班；如果已经分好，请加回标题为“班级”的一列，填上每人的班级。"
    ]


def test_a_class_that_was_renamed_is_one_error() -> None:
    """Pupils who are all in the same unknown class are counted, not listed; pupils without a class beyond 20 too."""
    whole = tables(roster(40), classes=2)
    classes = [*["甲班"] * 10, *["1班"] * 5, *[None] * 25]
    whole["Students"] = whole["Students"].assign(placed_class=pd.Series(classes, dtype=object))
    with pytest.raises(InputError) as error:
        measure_tables(whole)
    told = [issue.line("zh") for issue in error.value.issues if issue.level == "error"]
    assert len(told) == 20 + 1 + 1
    assert told[-2].startswith("学生表 班级：这一列还有 5 格同样的问题。")
    assert told[-1] == "学生表 第1行 班级：没有“甲班”这个班，有 10 名学生写在里面。班级有：1班、2班。"


def test_a_refused_input_tells_the_reading_issues_too() -> None:
    """What was found while reading the roster is told together with the errors."""
    from engine.issue import Issue
    from engine.wording import Text

    read = Issue("note", "Students", None, None, Text("读到", "read"), Text("", ""))
    with pytest.raises(InputError) as error:
        place_tables(tables(rules=[{"rule": "同班", "pupils": "无此人"}]), command="x", when="x", found=(read,))
    assert read in error.value.issues and len(error.value.issues) == 2


def test_a_tolerance_missed_is_said_before_the_floor() -> None:
    """A gap above its tolerance is outside, whatever its floor."""
    whole = tables(classes=K, columns={"语文": {"tolerance": 0}})
    frame = place_tables(whole, command="x", when="x").tables["Gaps"].set_index("criterion")
    row = frame.loc["语文 平均"]
    assert row["verdict"] == ("超出允许差" if row["gap"] > 0 else "已达最小可能")


def test_weight_0_is_measured_but_not_balanced() -> None:
    """A column of weight 0 is shown with the remark that it was not balanced."""
    whole = tables(classes=K, columns={"数学": {"weight": 0}})
    frame = place_tables(whole, command="x", when="x").tables["Gaps"].set_index("criterion")
    assert "权重为 0" in str(frame.loc["数学 平均", "remark"])
