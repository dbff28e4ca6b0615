"""From input tables to a cohort, or every issue at once with place, value and what to do."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checking import cohort_from_tables
from engine.cohort import Cohort, LabelColumn, NumberColumn
from engine.issue import InputError
from engine.setting import language_in
from tests.rosters import lines, roster, tables


def cohort(**given_tables: object) -> Cohort:
    return cohort_from_tables(tables(**given_tables)).cohort  # type: ignore[arg-type] # as `tables` takes them


def column(whole: Cohort, name: str) -> NumberColumn | LabelColumn:
    return next(column for column in whole.columns if column.name == name)


def test_a_roster_becomes_a_cohort() -> None:
    """Ids and names as text, even classes, marks as integers, gender as codes, a total added up last."""
    whole = cohort()
    assert whole.ids[0] == "001" and whole.names[0] == "李雷"
    assert whole.classes == ("1班", "2班", "3班") and whole.sizes == (4, 4, 4)
    assert [c.name for c in whole.columns] == ["性别", "语文", "数学", "总分"]
    total, chinese, maths = column(whole, "总分"), column(whole, "语文"), column(whole, "数学")
    assert isinstance(total, NumberColumn) and isinstance(chinese, NumberColumn) and isinstance(maths, NumberColumn)
    assert np.array_equal(total.values, chinese.values + maths.values)
    assert total.band_width == 0.2 and total.spread


def test_all_issues_come_at_once() -> None:
    """Five faults in four tables are all told, each with table, row, column, value and what to do."""
    whole = tables(
        roster(数学=[55, "九十", *[60] * 10], 学号=["001", "001", *[str(i) for i in range(10)]]),
        rules=[{"rule": "同班", "pupils": "李雷2、韩梅梅"}, {"rule": "不和", "pupils": "李雷、韩梅梅"}],
        columns={"语文": {"weight": -1}},
    )
    found = lines(whole)
    assert "规则表 第1行 学生：找不到学生“李雷2”。您是不是要找“李雷”？" in found
    assert "规则表 第2行 规则：没有“不和”这种规则。请填 同班、不同班、指定班级、禁入班级、每班最多 之一。" in found
    assert "列设置表 第4行 权重：“-1”不是有效的数。请填 0 或更大的数，或留空。" in found
    assert "学生表 第2行 学号：学号“001”与第1行李雷重复。每名学生的学号必须不同，请改正其中一个。" in found
    assert any(line.startswith("学生表 第2行 数学：韩梅梅（001）的“九十”不是数。") for line in found)
    assert len(found) == 5


@pytest.mark.parametrize("n", [2, 3, 4, 12])
def test_a_mark_in_words_is_told_however_few_the_pupils(n: int) -> None:
    """九十 is not taken for a level: the pupil, the value and what to write are told; so are several, or all."""
    marks = [60 + i for i in range(n)]
    told = "的“九十”不是数。请改成数字；没有成绩就写“缺考”或留空。"
    assert lines(tables(roster(n, 语文=["九十", *marks[1:]]), classes=2)) == [f"学生表 第1行 语文：李雷（001）{told}"]
    assert len(lines(tables(roster(n, 语文=["九十", "八十五分", *marks[2:]]), classes=2))) == 2
    assert len(lines(tables(roster(n, 数学=["ninety", *marks[1:]]), classes=2))) == 1


@pytest.mark.parametrize("levels", [["A", "B", "A"], ["优", "良", "优"], ["一", "二", "三"], ["甲", None, "乙"]])
def test_levels_of_few_pupils_are_a_category(levels: list[object]) -> None:
    """Grades in letters or words under the heading of a subject stay a category, with nothing to mend."""
    whole = tables(roster(3, 语文=levels), classes=2)
    assert lines(whole) == []
    assert whole["Columns"].set_index("column").loc["语文", "use"] == "类别"


def test_english_messages_read_the_same_way() -> None:
    """The same fault in an English workbook is told in English."""
    students = pd.DataFrame({"Id": ["a", "b", "c", "d"], "Name": ["Ann", "Bob", "Cy", "Di"]}, dtype=object)
    whole = tables(students, classes=2, lang="en", rules=[{"rule": "together", "pupils": "Anne, Bob"}])
    expected = "Rules, row 1, Pupils: There is no pupil “Anne”. Did you mean “Ann”?"
    assert expected in lines(whole, lang="en")


@pytest.mark.parametrize(
    ("word", "lang"),
    [
        *((word, "en") for word in (" 英文 ", "英语", "ENGLISH", "En", "en-US")),
        *((word, "zh") for word in ("简体中文", "中文（简体）", "zh_CN", "Chinese", "ＺＨ")),
    ],
)
def test_the_language_may_be_spelled_as_staff_write_it(word: str, lang: str) -> None:
    """英文 is English and 简体中文 is Chinese, in the sheet's own word afterwards."""
    whole = tables(settings=[{"setting": "语言", "value": word}], lang="en" if lang == "zh" else "zh")
    assert language_in(whole, otherwise="en" if lang == "zh" else "zh") == lang
    assert lines(whole) == []
    shown = whole["Settings"].set_index("setting")["value"]
    assert {"English", "中文"} & set(shown) == {"English" if lang == "en" else "中文"}


def test_a_language_that_is_not_spoken_is_told() -> None:
    """日语 is refused with what can be written."""
    whole = tables(settings=[{"setting": "语言", "value": "日语"}])
    assert lines(whole) == ["设置表 第10行 值：“语言”的值“日语”不对。请填 中文、English 之一。"]


def test_full_width_digits_spaces_and_absent_marks_are_understood() -> None:
    """９８ is 98, 缺考 is no mark, `李 雷` is found as 李雷."""
    students = roster(
        语文=["９８", "缺考", " 70 ", "88分", *[60] * 8], 姓名=["李 雷", *[f"学生{i}" for i in range(11)]]
    )
    whole = cohort(students=students, rules=[{"rule": "同班", "pupils": "李雷，学生0"}])
    marks = column(whole, "语文")
    assert isinstance(marks, NumberColumn)
    assert marks.values[:4].tolist() == [98, 0, 70, 88]
    assert marks.present[:4].tolist() == [True, False, True, True]
    assert whole.rules[0].pupils == (0, 1)
    total = column(whole, "总分")
    assert isinstance(total, NumberColumn) and not total.present[1]


def test_absent_marks_can_count_as_zero() -> None:
    """With 按零分计 an absent pupil has a mark of 0."""
    students = roster(语文=["缺考", *[60] * 11])
    marks = column(cohort(students=students, settings=[{"setting": "缺考处理", "value": "按零分计"}]), "语文")
    assert isinstance(marks, NumberColumn) and marks.present.all() and marks.values[0] == 0


def test_decimals_are_exact_and_endless_ones_are_cut_with_a_note() -> None:
    """98.5 and 90.25 are held as hundredths; 85.333… to six places, which is said."""
    marks = column(cohort(students=roster(语文=[98.5, 90.25, *[60] * 10])), "语文")
    assert isinstance(marks, NumberColumn) and marks.per_unit == 100 and marks.values[:2].tolist() == [9850, 9025]
    whole = tables(roster(语文=[256 / 3, *[60] * 11]))
    assert any("超过 6 位小数" in line for line in lines(whole, "note"))


@pytest.mark.parametrize("mark", [1e13, 9.3e18, -1e300, "12345678901234567890"])
def test_numbers_too_large_to_be_marks_are_told(mark: object) -> None:
    """A number that no mark can be is an error of its column, not a crash."""
    found = lines(tables(roster(语文=[mark, *[60] * 11]), columns={"语文": {"use": "成绩"}}))
    assert len(found) == 1 and "“语文”列的数太大，最大的是李雷（001）的 " in found[0]


def test_dates_are_days_and_wrong_dates_are_told() -> None:
    """A birth date is a day number; 2012-13-01 is none."""
    born = [date(2012, 9, 1), "2012-09-03", *["2012年9月5日"] * 10]
    days = column(cohort(students=roster(出生日期=born)), "出生日期")
    assert isinstance(days, NumberColumn) and (days.values[1:3] - days.values[0]).tolist() == [2, 4]
    wrong = lines(tables(roster(出生日期=["2012-13-01", *born[1:]])))
    assert wrong == ["学生表 第1行 出生日期：李雷（001）的“2012-13-01”不是日期。请写成 2012-09-01 这样，或留空。"]


def test_no_marks_at_all_is_fine() -> None:
    """Names and genders alone make a cohort."""
    whole = cohort(students=roster()[["姓名", "性别"]])
    assert [c.name for c in whole.columns] == ["性别"]
    assert whole.ids[:2] == ("1", "2")


def test_blank_rows_are_no_pupils_and_keep_row_numbers() -> None:
    """A blank row in the middle is passed over; a fault below it is told at its own row."""
    students = roster(语文=[*[60] * 5, "x", *[70] * 6])
    students = pd.concat([students[:3], pd.DataFrame([[None] * 5], columns=students.columns), students[3:]])
    whole = tables(students.reset_index(drop=True).astype(object))
    assert [line[:9] for line in lines(whole)] == ["学生表 第7行 语"]


def test_columns_settings_that_do_nothing_are_said() -> None:
    """A band width on a gender column is a warning, an unknown column with a close one an error."""
    whole = tables(columns={"性别": {"band_width": 10}})
    assert any("“性别”的用途是“性别”，这一项不起作用" in line for line in lines(whole, "warning"))
    whole["Columns"].loc[3, "column"] = "语 问"
    assert any("您是不是要写“语文”" in line for line in lines(whole))


def test_weights_keep_their_ratio_as_whole_numbers() -> None:
    """Weights 1, 0.5 and 0 become 2, 1 and 0."""
    whole = cohort(columns={"性别": {"weight": 0.5}, "数学": {"weight": 0}})
    assert {c.name: c.weight for c in whole.columns} == {"性别": 1, "语文": 2, "数学": 0, "总分": 2}


def test_settings_are_checked_with_their_choices() -> None:
    """A seed that is no number, an effort that does not exist and an unknown setting are told."""
    whole = tables()
    whole["Settings"].loc[whole["Settings"]["setting"] == "随机种子", "value"] = "abc"
    whole["Settings"].loc[whole["Settings"]["setting"] == "计算强度", "value"] = "最强"
    found = lines(whole)
    assert any("“随机种子”的值“abc”不对" in line for line in found)
    assert any("“计算强度”的值“最强”不对。请填 快速、标准、深度 之一" in line for line in found)


def test_totals_that_are_not_the_sum_are_warned_of() -> None:
    """One total that differs from the sum of its marks among many that agree is a warning."""
    students = roster(40)
    students["总分"] = students["语文"] + students["数学"]
    students["总分"] += [10 if i == 7 else 0 for i in range(40)]
    found = lines(tables(students.astype(object)), "warning")
    assert len([line for line in found if "不等于各科之和" in line]) == 1


cell = st.one_of(st.none(), st.text(max_size=6), st.integers(-5, 10**18), st.floats(), st.booleans(), st.dates())


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_cell_whatever_breaks_the_check(data: st.DataObject) -> None:
    """Any cells in any input table give a cohort or issues, never another exception."""
    whole = tables()
    name = data.draw(st.sampled_from(["Students", "Columns", "Classes", "Rules", "Settings"]))
    if name == "Rules":
        whole["Rules"].loc[0] = [None] * 7
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(whole[name]) - 1))
        at = data.draw(st.integers(0, whole[name].shape[1] - 1))
        whole[name].iat[row, at] = data.draw(cell)
    try:
        checked = cohort_from_tables(whole)
    except InputError as error:
        assert any(issue.level == "error" for issue in error.issues)
        assert all(issue.line("zh") and issue.line("en") for issue in error.issues)
        return
    assert sum(checked.cohort.sizes) == len(checked.cohort.ids)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_message_has_both_languages(lang: str) -> None:
    """No message is left without a sentence in either language."""
    whole = tables(
        roster(数学=["九十", *[60] * 11], 班干部=["也许", *[None] * 11]),
        rules=[{"rule": "同班", "pupils": "甲"}, {"rule": "指定班级", "pupils": "李雷"}, {"rule": "每班最多"}],
        columns={"班干部": {"use": "标记"}},
    )
    found = lines(whole, None, lang)  # type: ignore[arg-type] # both are languages
    assert len(found) >= 5 and all(len(line.split("：" if lang == "zh" else ": ", 1)[1]) > 4 for line in found)


def test_impossible_sizes_are_said_once() -> None:
    """Fewer pupils than classes is one error; nothing is said of who fits where."""
    said = lines(tables(roster(2), classes=3))
    assert len(said) == 1 and "有 3 个班，学生只有 2 名" in said[0]
