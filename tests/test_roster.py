"""What columns are guessed to be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.roster_file import read_roster
from engine.roster import MINOR_WEIGHT, MOST_MINOR, guess_columns, language_of, says_pupils
from engine.tables import COLUMNS, USES, choice

DATA = Path(__file__).parent / "data"


def guessed(columns: dict[str, list[object]], lang: str | None = None) -> pd.DataFrame:
    students = pd.DataFrame(columns, dtype=object)
    return guess_columns(students, "en" if (lang or language_of(students.columns)) == "en" else "zh").set_index(
        "column"
    )


def uses(columns: dict[str, list[object]]) -> dict[str, str | None]:
    return {str(header): choice(use, USES) for header, use in guessed(columns)["use"].items()}


def test_all_twelve_columns_of_usalgo_are_understood() -> None:
    """The roster of the issue: each column, and a total that is added up."""
    students = read_roster(DATA / "usalgo_100.xlsx").students
    table = guess_columns(students, "zh")
    assert list(table["column"]) == [*students.columns, "总分"]
    assert [choice(use, USES) for use in table["use"]] == (
        ["id", "name", "gender", "mark", "mark", "mark", "preset", "together", "apart", "flag", "flag", "flag", "total"]
    )
    assert list(table["weight"].dropna().unique()) == [1]
    assert list(table["spread"].dropna().index) == [3, 4, 5, 12] and table["band_width"].iloc[12] == 0.2
    assert all(table["reason"])


def test_an_english_roster_of_codes_is_understood() -> None:
    """pyopt_318: gender 0/1, two flags 0/1, one score, which so gets the bands."""
    table = guess_columns(read_roster(DATA / "pyopt_318.csv").students, "en")
    assert list(table["use"]) == ["id", "gender", "flag", "flag", "mark"]
    assert table["band_width"].iloc[4] == 0.2 and not table["reason"].str.contains(r"[\u4e00-\u9fff]").any()


def test_a_roster_of_every_kind_of_column() -> None:
    """A Chinese roster with what schools keep: only what decides is used, everything has a reason."""
    n = 40
    columns: dict[str, list[object]] = {
        "序号": list(range(1, n + 1)),
        "学号": [f"2023{i:04}" for i in range(n)],
        "身份证号": [f"11010120120304{i:04}" for i in range(n)],
        "姓名": [f"李{chr(0x4E00 + i)}" for i in range(n)],
        "性别": ["男", "女"] * 20,
        "出生日期": [datetime(2012, 1 + i % 12, 1) for i in range(n)],
        "班级": [f"{1 + i % 4}班" for i in range(n)],
        "班主任": [f"老师{i % 4}" for i in range(n)],
        "语文": [60 + i for i in range(n)],
        "数学": ["缺考", *(50 + i for i in range(1, n))],
        "英语等级": ["A", "B", "C", "D"] * 10,
        "总分": [110 + 2 * i for i in range(n)],
        "平均分": [55 + i for i in range(n)],
        "年级排名": list(range(n, 0, -1)),
        "民族": [*["汉族"] * 37, *["回族"] * 3],
        "毕业学校": ["一小", "二小"] * 20,
        "是否住宿": ["是", None] * 20,
        "特长": ["足球", None, "钢琴", None] * 10,
        "联系电话": [13800000000 + i for i in range(n)],
        "家长姓名": [f"王{chr(0x4E00 + i)}" for i in range(n)],
        "家庭住址": [f"人民路{i}号" for i in range(n)],
        "学校": ["第一中学"] * n,
        "备注": [None] * n,
    }
    assert uses(columns) == {
        "序号": "note", "学号": "id", "身份证号": "note", "姓名": "name", "性别": "gender", "出生日期": "date",
        "班级": "category", "班主任": "note", "语文": "mark", "数学": "mark", "英语等级": "category", "总分": "total",
        "平均分": "note", "年级排名": "note", "民族": "category", "毕业学校": "category", "是否住宿": "flag",
        "特长": "category", "联系电话": "note", "家长姓名": "note", "家庭住址": "note", "学校": "note", "备注": "note",
    }  # fmt: skip
    assert all(guessed(columns)["reason"])


@pytest.mark.parametrize(
    "cells",
    [
        [20120304, 20120405, 20120506],
        ["2012.3.4", "2012.4.5", "2012.5.6"],
        [datetime(2012, 3, 4), datetime(2012, 4, 5), None],
        [40972, 41004, 41035],
        ["201203", "201204", "201205"],
        ["2012年3月", "2012年4月", None],
    ],
)
def test_birth_dates_in_the_forms_schools_have(cells: list[object]) -> None:
    """As text, as Excel's dates, as Excel's day numbers that lost their format, as months."""
    assert uses({"姓名": ["甲", "乙", "丙"], "出生日期": cells})["出生日期"] == "date"


@pytest.mark.parametrize(
    "cells", [["男", "女", "男"], ["M", "F", "M"], [1, 2, 1], ["boy", "girl", "boy"], ["女", "女", "女"]]
)
def test_gender_in_the_forms_schools_have(cells: list[object]) -> None:
    """Words, letters, codes; a girls' school has one."""
    assert uses({"姓名": ["甲", "乙", "丙"], "性别": cells})["性别"] == "gender"


def test_the_best_of_several_ids_and_names_is_taken() -> None:
    """Unique before repeating, a school's id before an identity number, a full name before a part of one."""
    assert uses({"身份证号": ["a1", "a2"], "学籍号": ["b1", "b2"]}) == {"身份证号": "note", "学籍号": "id"}
    seats: list[object] = [1, 2, 3, 1, 2, 3]
    assert uses({"学号": seats, "学籍号": list("abcdef")}) == {"学号": "note", "学籍号": "id"}
    names = uses({"Surname": ["Li", "Li", "Wu"], "Forename": ["A", "B", "C"]})
    assert names == {"Surname": "note", "Forename": "name"}
    assert uses({"Surname": ["Li", "Wu"], "Name": ["A Li", "B Wu"]})["Name"] == "name"
    assert uses({"序号": [1, 2, 3], "姓名": ["甲", "乙", "丙"]})["序号"] == "id"


def test_an_id_repeated_by_mistake_still_is_the_id() -> None:
    """So that the check can name the pupils; only numbers that repeat throughout are no ids."""
    assert uses({"学号": ["1", "2", "3", "3"]})["学号"] == "id"


def test_yes_alone_makes_no_group() -> None:
    """双胞胎: 是 does not say whose twin: it must not put all twins into one class."""
    found = guessed({"学号": [1, 2, 3, 4], "双胞胎": ["是", "是", None, None]})
    assert found["use"]["双胞胎"] == "备注" and "组号" in found["reason"]["双胞胎"]
    assert uses({"学号": [1, 2, 3, 4], "双胞胎": [1, 1, None, None]})["双胞胎"] == "together"


def test_minor_columns_weigh_less_and_many_are_left_out() -> None:
    """Columns that only their values speak for weigh half; more than a few become notes that say why."""
    few: dict[str, list[object]] = {"id": list(range(40)), "math": list(range(40)), "odd": ["a", "b"] * 20}
    assert guessed(few)["weight"].to_dict() == {"id": None, "math": 1, "odd": MINOR_WEIGHT}
    many = few | {f"odd{i}": ["a", "b", "c", "d"] * 10 for i in range(MOST_MINOR)}
    table = guessed(many)
    assert set(table["use"][2:]) == {"note"} and "9 minor columns" in table["reason"]["odd"]
    assert table["use"]["math"] == "mark"


def test_our_own_columns_get_no_row_but_a_filled_class_is_the_former_one() -> None:
    """班级 left blank is where we write; filled it is the roster's own."""
    assert "班级" not in uses({"学号": [1, 2], "班级": [None, None]})
    assert uses({"学号": [1, 2, 3, 4], "班级": [1, 2, 1, 2]})["班级"] == "category"


def test_ranks_serve_where_there_are_no_marks() -> None:
    """A list with nothing but a rank is evened by it."""
    assert uses({"姓名": ["甲", "乙", "丙"], "名次": [1, 2, 3]})["名次"] == "number"
    assert uses({"姓名": ["甲", "乙", "丙"], "名次": [1, 2, 3], "总分": [9, 8, 7]})["名次"] == "note"


def test_a_total_that_is_blank_is_added_up_under_another_name() -> None:
    """Formulas never calculated leave 总分 blank: the computed total must not take its name."""
    table = guessed({"学号": [1, 2], "语文": [1, 2], "数学": [3, 4], "总分": [None, None]})
    assert table["use"].tolist() == ["学号", "成绩", "成绩", "备注", "总分"] and table.index.is_unique


@pytest.mark.parametrize(
    ("headers", "lang"), [(["学号", "name"], "zh"), (["id", "name"], "en"), ([], "en"), ([1, "分"], "zh")]
)
def test_the_language_is_that_of_the_headings(headers: list[object], lang: str) -> None:
    """Chinese if any heading has Chinese characters."""
    assert language_of(headers) == lang


cell = st.one_of(
    st.none(), st.integers(0, 9), st.floats(0, 9), st.text(max_size=3), st.booleans(), st.just("是"), st.datetimes()
)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["zh", "en"]))
def test_any_columns_at_all_get_a_valid_row_each(data: st.DataObject, lang: str) -> None:
    """Whatever the cells: every column has one row with a use, a reason, and one id, name, gender, total at most."""
    headers = data.draw(
        st.lists(st.sampled_from("学号 姓名 性别 语文 数学 总分 平均分 生日 特长 双胞胎 乙 x".split()), unique=True)
    )
    n = data.draw(st.integers(1, 6))
    columns = {header: data.draw(st.lists(cell, min_size=n, max_size=n)) for header in headers}
    table = guess_columns(pd.DataFrame(columns, dtype=object), "en" if lang == "en" else "zh")
    assert list(table.columns) == [field.key for field in COLUMNS.fields]
    assert list(table["column"][: len(headers)]) == headers
    found = [choice(use, USES) for use in table["use"]]
    assert all(found) and all(table["reason"])
    assert all(found.count(use) <= 1 for use in ("id", "name", "gender", "total"))


@pytest.mark.parametrize(
    "columns",
    [
        {"编号": ["1", "2", "3"], "总分": [200, 210, 190]},
        {"编号": ["1", "2", "3"], "性别": ["男", "女", "男"]},
        {"id": ["1", "2", "3"], "math": [70, 80, 60]},
        {"学号": ["1", "2", "3"], "爱好": ["画画", "足球", "围棋"]},
        {"姓名": ["甲", "乙", "丙"]},
    ],
)
def test_a_number_that_any_list_may_have_is_enough_beside_what_only_pupils_have(
    columns: dict[str, list[object]],
) -> None:
    """编号 alone tells no pupils from pens, but a total of marks, a gender or a name does."""
    assert says_pupils(pd.DataFrame(columns, dtype=object))
    assert not says_pupils(pd.DataFrame({"编号": ["1", "2", "3"], "品名": ["笔", "纸", "尺"], "合计": [5, 6, 9]}))
