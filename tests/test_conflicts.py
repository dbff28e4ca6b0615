"""Rules that cannot all hold are named by the rules that make the conflict, before any search."""

from __future__ import annotations

import pytest

from engine.checking import cohort_from_tables
from tests.rosters import lines, roster, tables

Row = dict[str, object]


@pytest.mark.parametrize(
    ("rules", "parts"),
    [
        (
            [{"rule": "同班", "pupils": "李雷、林涛"}, {"rule": "不同班", "pupils": "李雷、林涛"}],
            ["规则表 第2行：", "李雷（001）、林涛（003）既要同班（规则表 第1行），又要不同班（规则表 第2行）"],
        ),
        (
            [
                {"rule": "同班", "pupils": "李雷、林涛"},
                {"rule": "同班", "pupils": "林涛、魏华"},
                {"rule": "不同班", "pupils": "李雷、魏华"},
            ],
            ["既要同班（规则表 第1行、规则表 第2行），又要不同班（规则表 第3行）"],
        ),
        (
            [
                {"rule": "同班", "pupils": "李雷、林涛"},
                {"rule": "指定班级", "pupils": "李雷", "class": 1},
                {"rule": "指定班级", "pupils": "林涛", "class": 2},
            ],
            ["指定了不同的班：1班、2班", "又要同班（规则表 第1行）"],
        ),
        (
            [
                {"rule": "指定班级", "pupils": "李雷", "class": 1},
                {"rule": "禁入班级", "pupils": "李雷", "class": 1},
            ],
            ["指定在1班（规则表 第1行），又禁入1班（规则表 第2行）"],
        ),
        (
            [{"rule": "禁入班级", "pupils": "李雷", "class": k} for k in (1, 2, 3)],
            ["李雷（001）所有的班都禁入"],
        ),
        (
            [{"rule": "同班", "pupils": "李雷、韩梅梅、林涛、魏华、吉姆"}],
            ["要同班的 5 人", "超过班级人数 4"],
        ),
        (
            [{"rule": "指定班级", "pupils": "李雷、韩梅梅、林涛、魏华、吉姆", "class": 1}],
            ["1班只有 4 个位置，却有 5 人只能在这个班"],
        ),
        (
            [{"rule": "禁入班级", "pupils": "李雷、韩梅梅、林涛、魏华、吉姆、露西、莉莉、凯特、汤姆", "class": 1}],
            ["1班要 4 人，却只有 3 人可以进这个班"],
        ),
        (
            [{"rule": "不同班", "pupils": "李雷、韩梅梅、林涛、魏华"}],
            ["4 人两两不能同班", "班只有 3 个"],
        ),
        (
            [
                {"rule": "不同班", "pupils": "李雷、韩梅梅、林涛"},
                {"rule": "不同班", "pupils": "李雷、魏华"},
                {"rule": "不同班", "pupils": "韩梅梅、魏华"},
                {"rule": "不同班", "pupils": "林涛、魏华"},
            ],
            ["4 人两两不能同班", "规则表 第1行、规则表 第2行、规则表 第3行、规则表 第4行"],
        ),
        (
            [
                {"rule": "不同班", "pupils": "李雷、林涛"},
                {"rule": "指定班级", "pupils": "李雷、林涛", "class": 2},
            ],
            ["要不同班（规则表 第1行），却都只能在2班（规则表 第2行）"],
        ),
        (
            [{"rule": "每班最多", "pupils": "李雷、韩梅梅、林涛、魏华", "at_most": 1}],
            ["4 人每班最多 1 人（规则表 第1行），3 个班放不下"],
        ),
        (
            [
                {"rule": "每班最多", "pupils": "李雷、韩梅梅", "at_most": 1},
                {"rule": "同班", "pupils": "李雷、韩梅梅"},
            ],
            ["但其中 2 人要同班"],
        ),
        (
            [
                {"rule": "每班最多", "pupils": "李雷、韩梅梅", "at_most": 1},
                {"rule": "指定班级", "pupils": "李雷、韩梅梅", "class": 3},
            ],
            ["但其中 2 人只能在3班"],
        ),
    ],
)
def test_each_sort_of_conflict_is_named(rules: list[Row], parts: list[str]) -> None:
    """The message has the pupils, the rules by their rows, and what to do."""
    found = lines(tables(rules=rules))
    for part in parts:
        assert any(part in line for line in found), found


def test_conflicts_between_columns_and_rules_are_found() -> None:
    """Twins in a column against an apart rule: the column is named."""
    students = roster(双胞胎=[1, 1, *[None] * 10])
    found = lines(tables(students, rules=[{"rule": "不同班", "pupils": "李雷、韩梅梅"}]))
    why = "既要同班（列“双胞胎”组 1），又要不同班（规则表 第1行）。请取消其中一条。"
    assert found == [f"规则表 第1行：李雷（001）、韩梅梅（002）{why}"]


def test_rules_that_can_hold_are_not_refused() -> None:
    """A set of rules that just fits is no conflict."""
    rules: list[Row] = [
        {"rule": "同班", "pupils": "李雷、韩梅梅、林涛、魏华"},
        {"rule": "不同班", "pupils": "李雷、吉姆、露西"},
        {"rule": "指定班级", "pupils": "李雷", "class": 3},
        {"rule": "禁入班级", "pupils": "吉姆", "class": 3},
        {"rule": "每班最多", "pupils": "露西、莉莉、凯特", "at_most": 1},
    ]
    assert lines(tables(rules=[*rules[:4]])) == []
    assert len(cohort_from_tables(tables(rules=rules[:4])).cohort.rules) == 4
