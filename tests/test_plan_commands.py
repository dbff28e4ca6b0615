"""Plans and hand edits: kept, compared, restored, told; and what a recheck of hand edits names."""

from __future__ import annotations

from typing import Any

import pytest

from addin import adjust, commands, plans, undo
from addin.book import read_tables, write_column
from addin.trouble import FileTrouble
from engine.issue import InputError
from engine.report import measured_json
from tests.test_adjust import book, classes, edit, on_a_file, swapped_by_hand
from tests.test_book import host
from tests.test_undo import cells

__all__ = ["book", "host"]  # pytest finds fixtures by name


def test_plans_are_kept_compared_and_restored(book: Any) -> None:
    """Plan B, four hand edits: they are listed with from and to, both stand side by side, B comes back by name."""
    assert plans.save_plan(book) == ("方案1", "zh")
    planned = classes(book)
    i, j = swapped_by_hand(book)
    found = plans.compare_plans(book)
    assert [(e.pupil, e.before, e.after) for e in found.edits["方案1"]] == sorted(
        [(i, int(planned[i][0]) - 1, int(planned[j][0]) - 1), (j, int(planned[j][0]) - 1, int(planned[i][0]) - 1)]
    )
    plans.show_comparison(found)
    table = read_tables(book, ["Comparison"])["Comparison"]
    assert list(table.columns) == ["criterion", "现在", "方案1"]
    assert list(table["方案1"][:2]) == [0, 2]
    edits = read_tables(book, ["Edits"])["Edits"]
    assert list(edits["from"]) == [planned[k] for k in sorted([i, j])]
    assert plans.save_plan(book, "乙")[0] == "乙"
    assert plans.restore_plan(book, "方案1") == ("方案1", 2, "zh")
    assert classes(book) == planned
    assert list(read_tables(book)["History"]["command"])[-1] == "恢复方案"
    assert undo.undo(book, "zh") == "恢复方案"
    assert classes(book) != planned


@on_a_file
def test_names_of_plans(book: Any) -> None:
    """A plan of the same name is replaced; one that is not there, or cannot be a name, is refused in words."""
    with pytest.raises(FileTrouble, match="No plan has been saved"):
        plans.compare_plans(book)
    with pytest.raises(FileTrouble, match="No plan has been saved"):
        plans.restore_plan(book)
    plans.save_plan(book, "A")
    swapped_by_hand(book)
    now = classes(book)
    assert plans.save_plan(book, " a ")[0] == "a"
    assert list(plans.compare_plans(book).edits) == ["A"]
    assert plans.restore_plan(book)[1] == 0
    assert classes(book) == now
    for name in ("学号", "现在", "！"):
        with pytest.raises(FileTrouble, match="cannot be the name"):
            plans.save_plan(book, name)
    with pytest.raises(FileTrouble, match="There is no plan “B”"):
        plans.restore_plan(book, "B")
    assert plans.save_plan(book)[0] == "方案1"
    assert plans.save_plan(book)[0] == "方案2"


@on_a_file
def test_a_plan_with_a_class_that_is_gone_is_told(book: Any) -> None:
    """The class was renamed since: named, nothing written."""
    plans.save_plan(book, "A")
    renamed = {"1班": "甲班", "2班": "2班", "3班": "3班"}
    edit(book, **{f"i{i}": renamed[label] for i, label in enumerate(classes(book))})
    write_column(book, "Classes", "class", list(renamed.values()), "zh")
    before = cells(book)
    with pytest.raises(InputError, match="no longer in Classes"):
        plans.restore_plan(book, "A")
    assert cells(book) == before


def test_hand_edits_are_measured_into_the_sheets(book: Any) -> None:
    """After a swap by hand Gaps, Balance, Checks and lists say what is now; who was moved is told."""
    i, j = swapped_by_hand(book)
    found, edited = plans.recheck(book)
    assert edited == [found.cohort.pupil(k) for k in sorted([i, j])]
    assert str(len(edited)) in plans.edits_said(edited).en
    plans.show_recheck(book, found)
    tables = read_tables(book)
    girls = list(tables["Gaps"]["criterion"]).index("性别：女")
    assert tables["Gaps"]["gap"][girls] == 2
    assert classes(book)[i] in list(tables["ClassLists"]["class"])
    by_id = dict(zip(tables["ClassLists"]["id"], tables["ClassLists"]["class"], strict=True))
    assert by_id[f"{i + 1:03}"] == classes(book)[i]
    assert plans.recheck(book)[1] == edited  # measuring is no placing: the edits are still told


@on_a_file
def test_what_is_odd_is_named_and_the_rest_measured(book: Any) -> None:
    """No class, an unknown class, a class too full: each named with its place; everybody else is measured."""
    now = classes(book)
    other = next(c for c in now if c not in (now[0], now[1]))
    edit(book, i0=None, i1="9班", i2=other)
    held = classes(book).count(other)
    write_column(book, "Classes", "largest", [held - 1 if c == other else None for c in ("1班", "2班", "3班")], "zh")
    found, _ = plans.recheck(book)
    lines = [issue.line("zh") for issue in found.issues]
    assert any("第1行" in line and "没有班级" in line for line in lines)
    assert any("第2行" in line and "没有“9班”" in line for line in lines)
    assert any("班级表" in line and f"超过了 {held - 1} 人" in line for line in lines)
    assert len(found.cohort.ids) == 22
    plans.show_recheck(book, found)
    assert len(read_tables(book)["ClassLists"]) == 22
    assert len(read_tables(book)["Issues"]) == len(lines)
    assert classes(book)[1] == "9班"


@on_a_file
def test_a_class_renamed_everywhere_is_no_hand_edit(book: Any) -> None:
    """1班 is 甲班 now, in Classes and Students: nobody was moved, and nobody is held where they are."""
    edit(book, **{f"i{i}": "甲班" for i, label in enumerate(classes(book)) if label == "1班"})
    write_column(book, "Classes", "class", ["甲班", "2班", "3班"], "zh")
    assert plans.recheck(book)[1] == []
    assert adjust.opened(book).by_hand() == []


@on_a_file
def test_a_class_without_pupils_is_named_and_measured(book: Any) -> None:
    """An empty class is a warning, everything else is measured; nobody placed at all is refused in words."""
    everyone = classes(book)
    edit(book, **{f"i{i}": "2班" for i, label in enumerate(everyone) if label == "1班"})
    found, _ = plans.recheck(book)
    assert [issue.line("zh") for issue in found.issues if "一个学生也没有" in issue.what.zh] == [
        "班级表：1班一个学生也没有。请把学生放进去，或从“班级”表里删掉。"
    ]
    means = [gap for gap in found.measured.gaps if gap.criterion.kind == "mean"]
    assert all(gap.values[0] is None and gap.floor <= gap.gap for gap in means)
    plans.show_recheck(book, found)
    assert list(read_tables(book)["Balance"]["size"]) == [0, 16, 8]
    cohort, measured, issues = commands.measure(book)
    assert cohort.sizes == (0, 16, 8)
    assert measured_json(cohort, measured)["J"] >= measured_json(cohort, measured)["LB"]
    assert len(issues) >= 1
    session = adjust.opened(book)
    assert adjust.why(session, "001")[1]
    effects = adjust.rebalance(session, None, free=False)
    assert [len(effect.moves) for effect in effects][:1] == [0]
    assert effects[-1].after.gaps[0].gap == 0
    edit(book, **{f"i{i}": None for i in range(24)})
    with pytest.raises(InputError, match="No pupil has a class"):
        plans.recheck(book)
