"""Cells that can be read but are probably not meant: warned of by pupil, value and what to do; nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from tests.rosters import lines, roster, tables

N = 12


def warned(**columns: Sequence[object]) -> list[str]:
    """Return the warnings of a roster with some columns replaced; there is no error."""
    whole = tables(roster(N, **columns))
    assert lines(whole) == []
    return lines(whole, "warning")


def test_a_failed_formula_is_not_passed_over() -> None:
    """#N/A among the marks counts as no value, and that is said with the pupil."""
    told = "学生表 第1行 语文：李雷（001）的这一格是公式错误“#N/A”，按没有值处理。请改好公式，或直接填上。"
    assert warned(语文=["#N/A", *range(60, 71)]) == [told]


def test_a_mark_below_zero_is_doubted() -> None:
    """-1 stands for absent in some systems; a mark of 0 is nothing to speak of."""
    told = "学生表 第1行 语文：李雷（001）的“-1”小于 0。请核对；没有成绩就写“缺考”或留空。"
    assert warned(语文=[-1, 0, *range(60, 70)]) == [told]


@pytest.mark.parametrize("word", ["M", "男生", "男 女"])
def test_a_gender_spelled_in_another_way_is_told(word: str) -> None:
    """M among 男 and 女 would be balanced as a third gender."""
    found = warned(性别=["女", word, *["女", "男"] * 5])
    assert len(found) == 1 and found[0].startswith(f"学生表 第2行 性别：韩梅梅（002）的“{word}”与别人写的“")


@pytest.mark.parametrize("words", [["男", "女"], ["M", "F"], ["女"], [1, 2], ["x", "男", "女"]])
def test_genders_spelled_alike_are_not_doubted(words: list[object]) -> None:
    """Any spelling will do, and so will a third word that several pupils have."""
    assert warned(性别=(words * N)[:N]) == []


def test_ids_that_are_dates_are_told_once() -> None:
    """1-2 typed into a cell became a date: one warning with an example, however many."""
    found = warned(学号=[datetime(2024, 1, 1 + i) for i in range(N)])
    assert len(found) == 1 and "有 12 个学号是日期（如李雷的 2024-01-01）" in found[0]


def test_weights_that_are_all_0_are_told() -> None:
    """Then nothing is evened out, and the first gaps that come are called reached."""
    whole = tables(columns={header: {"weight": 0} for header in ("性别", "语文", "数学", "总分")})
    assert lines(whole, "warning") == [
        "列设置表 权重：所有列的权重都是 0，没有一项会均衡。请给要均衡的列填 1 或更大的权重。"
    ]


def test_a_total_that_is_not_the_sum_is_told_in_plain_figures() -> None:
    """999 beside marks that add up to 115."""
    sums = [(60 + 7 * i % 40) + (55 + 11 * i % 45) for i in range(1, 24)]
    told = "学生表 第1行 总分：李雷（001）的总分 999 不等于各科之和 115。请核对。"
    assert lines(tables(roster(24, 总分=[999, *sums])), "warning") == [told]


def test_an_id_column_without_ids_is_one_error() -> None:
    """Emptied ids are told once; single ones by pupil, the first twenty."""
    whole = tables(roster(40), classes=2)
    whole["Students"]["学号"] = None
    assert [line.split("。")[0] for line in lines(whole)] == ["学生表 学号：一个学号也没有"]
    whole["Students"]["学号"] = ["001", *[None] * 39]
    assert len(lines(whole)) == 21
