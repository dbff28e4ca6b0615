"""Rules from every source: the table, group columns, locks, names that are or sound the same."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.checking import cohort_from_tables
from engine.cohort import Rule
from engine.sounds import sounds_of
from tests.rosters import lines, roster, tables


def rules(**given_tables: object) -> list[Rule]:
    return list(cohort_from_tables(tables(**given_tables)).cohort.rules)  # type: ignore[arg-type] # as `tables` takes


def blank(n: int = 12, **cells: object) -> list[object]:
    return [cells.get(f"p{i}") for i in range(n)]


def test_every_kind_of_rule_is_read() -> None:
    """Names and ids, either language, classes by number; the row is remembered."""
    found = rules(
        rules=[
            {"rule": "同班", "pupils": "李雷、002"},
            {"rule": "apart", "pupils": "林涛, 魏华; 吉姆"},
            {},
            {"rule": "指定班级", "pupils": "露西", "class": 2},
            {"rule": "禁入班级", "pupils": "莉莉", "class": "3班"},
            {"rule": "每班最多", "pupils": "凯特 汤姆 安娜", "at_most": 1, "reason": "随班就读"},
        ]
    )
    assert [(r.kind, r.pupils, r.class_index, r.limit, r.row) for r in found] == [
        ("together", (0, 1), None, None, 1),
        ("apart", (2, 3, 4), None, None, 2),
        ("fixed", (5,), 1, None, 4),
        ("barred", (6,), 2, None, 5),
        ("at_most", (7, 8, 9), None, 1, 6),
    ]
    assert found[-1].reason == "随班就读"


def test_an_ambiguous_name_is_told_with_its_ids() -> None:
    """Two pupils called 李雷: the rule must say which."""
    students = roster(姓名=["李雷", "李雷", *[f"学生{i}" for i in range(10)]])
    found = lines(tables(students, rules=[{"rule": "同班", "pupils": "李雷、学生3"}]))
    assert found == ["规则表 第1行 学生：叫“李雷”的学生有 2 名。请写学号：001、002。"]


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({"rule": "同班", "pupils": "李雷"}, "至少要写两名学生"),
        ({"rule": "同班"}, "没有写学生"),
        ({"pupils": "李雷、林涛"}, "这一行没有写是哪种规则"),
        ({"rule": "指定班级", "pupils": "李雷"}, "“指定班级”没有写班级"),
        ({"rule": "禁入班级", "pupils": "李雷", "class": "9班"}, "没有“9班”这个班。班级有：1班、2班、3班。"),
        ({"rule": "每班最多", "pupils": "李雷、林涛"}, "没有写人数"),
        ({"rule": "每班最多", "pupils": "李雷", "at_most": 1.5}, "“1.5”不是人数"),
    ],
)
def test_incomplete_rules_are_refused(cells: dict[str, object], part: str) -> None:
    """A rule that lacks something says what."""
    assert any(part in line for line in lines(tables(rules=[cells])))


def test_preset_numbers_are_classes_and_letters_a_class_not_named() -> None:
    """2 is 2班; two pupils with A are together in a class not named."""
    found = rules(students=roster(预设班级=blank(p0=2, p3="A", p4="A", p5="１班")))
    assert [(r.kind, r.pupils, r.class_index) for r in found] == [
        ("fixed", (0,), 1),
        ("fixed", (5,), 0),
        ("together", (3, 4), None),
    ]
    assert any("没有“9”这个班" in line for line in lines(tables(roster(预设班级=blank(p0=9, p1=1)))))


def test_group_columns_give_together_and_apart() -> None:
    """Equal numbers in a together or apart column are one group; a lone one is warned of."""
    students = roster(双胞胎=blank(p0=1, p1=1, p2=2), 分开组=blank(p3="甲", p4="甲", p5="甲"))
    found = rules(students=students)
    assert [(r.kind, r.pupils) for r in found] == [("together", (0, 1)), ("apart", (3, 4, 5))]
    assert any("组“2”只有林涛（003）一人" in line for line in lines(tables(students), "warning"))


def test_yes_in_a_group_column_tells_no_group() -> None:
    """是 in a together column does not say with whom."""
    students = roster(双胞胎=blank(p0="是", p1="是"))
    whole = tables(students, columns={"双胞胎": {"use": "同班组"}})
    assert any("看不出和谁一组" in line for line in lines(whole))


def test_at_most_per_class_of_a_column() -> None:
    """A limit on a flag covers its pupils; on a category each value."""
    found = rules(students=roster(随迁=blank(p0="是", p1="是", p2="是")), columns={"随迁": {"at_most": 1}})
    assert [(r.kind, r.pupils, r.limit) for r in found] == [("at_most", (0, 1, 2), 1)]


def test_locked_pupils_stay_and_locked_without_class_is_told() -> None:
    """Locked with a class is a fixed rule; without one an error."""
    whole = tables()
    placed = pd.Series([f"{i % 3 + 1}班" for i in range(12)], dtype=object)
    locked = pd.Series(blank(p0="是", p5="yes", p6="否"), dtype=object)
    whole["Students"] = whole["Students"].assign(placed_class=placed, locked=locked)
    found = cohort_from_tables(whole).cohort.rules
    assert [(r.kind, r.pupils, r.class_index) for r in found] == [("fixed", (0,), 0), ("fixed", (5,), 2)]
    whole["Students"].loc[0, "placed_class"] = None
    assert lines(whole) == ["学生表 第1行 班级：李雷（001）已锁定，但没有班级。请填班级，或取消锁定。"]


def test_same_names_and_sounds_are_kept_apart() -> None:
    """Two 李雷 are apart for their name, 林俊杰 and 林君节 for their sound, 陈曾 and 陈争 for a like sound."""
    names = ["李雷", "李 雷", "林俊杰", "林君节", "陈增", "陈争", *[f"学生{i}" for i in range(6)]]
    found = rules(students=roster(姓名=names))
    pairs = [(r.pupils, r.source.zh) for r in found if r.kind == "apart"]
    assert [pupils for pupils, _ in pairs[:3]] == [(0, 1), (2, 3), (4, 5)]
    assert "同名" in pairs[0][1] and "lin jun jie" in pairs[1][1]
    off = [{"setting": "同名不同班", "value": "否"}, {"setting": "同音不同班", "value": "否"}]
    assert rules(students=roster(姓名=names), settings=off) == []


def test_more_namesakes_than_classes_are_shared_out() -> None:
    """Five 李雷 in three classes: at most two in each, and a note."""
    names = ["李雷"] * 5 + [f"王{c}" for c in "一二三四五六七"]
    whole = tables(roster(姓名=names))
    found = cohort_from_tables(whole).cohort.rules
    assert [(r.kind, r.pupils, r.limit) for r in found if "同名" in r.source.zh] == [("at_most", (0, 1, 2, 3, 4), 2)]
    assert any("每班最多 2 名" in line for line in lines(whole, "note"))


def test_namesakes_that_must_be_together_stay_together() -> None:
    """A together rule goes before the automatic one, and that is noted."""
    names = ["李雷", "李雷", *[f"学生{i}" for i in range(10)]]
    whole = tables(roster(姓名=names), rules=[{"rule": "同班", "pupils": "001、002"}])
    assert [r.kind for r in cohort_from_tables(whole).cohort.rules] == ["together"]
    assert any("以规则为准" in line for line in lines(whole, "note"))


def test_sounds_ignore_tones_and_likeness_chains() -> None:
    """Tones do not count; z=zh makes 张赞 and 章站 alike; names without characters have no sound."""
    alike = [("z", "zh"), ("an", "ang")]
    one, other, latin = sounds_of(["张赞", "章站", "Anna"], alike)
    assert one == other != "" and latin == ""
    assert len(set(sounds_of(["张赞", "章站"], []))) == 2
