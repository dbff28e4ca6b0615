"""How much room texts take."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.widths import NARROWEST, WIDEST, fitting, header_lines, lines_of, wide

texts = st.text(alphabet="ab _-1班级（）、。", max_size=40)


@given(texts, st.lists(texts, max_size=4), st.sampled_from([2, 3]))
def test_values_and_header_have_the_room_they_need(header: str, values: list[str], lines: int) -> None:
    """Every value stands in one line, the header in so many, unless the column is as wide as columns get."""
    width = fitting(header, values, lines)
    assert NARROWEST <= width <= WIDEST
    assert width == WIDEST or all(lines_of(value, width) == 1 for value in values)
    assert width == WIDEST or header_lines(header, width) <= lines


@given(texts, st.lists(texts, max_size=4), texts)
def test_more_content_never_makes_a_column_narrower(header: str, values: list[str], more: str) -> None:
    """Width grows with what stands in a column."""
    assert fitting(header, values, 2) <= fitting(header, [*values, more], 2)


@pytest.mark.parametrize(
    ("header", "values", "width"),
    [
        ("性别", ["男", "女"], NARROWEST),
        ("lunch", ["standard", "free/reduced"], len("free/reduced") + 3),
        ("parental_level_of_education", ["associate's degree"], len("associate's degree") + 3),
        ("学校", ["城南外国语学校附属小学"], 2 * 11 + 3),
        ("race_ethnicity", ["A"], 16 + 3 + 2),  # whole, in bold, beside the filter button
        ("语文成绩 平均", [81.5], 9 + 3 + 2),  # broken at the space
        ("note", ["很长" * 50], WIDEST),
        ("m", [1 / 3], len("0.3333333333") + 3),
        ("born", [datetime(2012, 9, 1)], len("2012-09-01") + 3),
    ],
)
def test_widths_of_usual_columns(header: str, values: list[object], width: int) -> None:
    """Chinese characters count two, long words of headers go over two lines, dates show no midnight."""
    assert fitting(header, values, 2) == width


def test_words_and_the_marks_that_cling_to_them_stay_whole() -> None:
    """Lines are counted as Excel breaks them: between words, never before a closing mark."""
    assert wide("a班") == 3
    assert lines_of("aaaa bbbb cccc", 3 + 9) == 2
    assert lines_of("aaaa bbbbbb cccc", 3 + 9) == 3
    assert lines_of("a" * 20, 3 + 9) == 3
    assert lines_of("甲（G330100000000000021）、" * 3, 40) == 3
    assert lines_of("一\n二\n\n三", 40) == 4
