"""What cells say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values import as_text, is_absent, is_error, is_no, is_yes, normal_name, parse_date, parse_number, ruined_id


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (87, "87"),
        (87.5, "87.5"),
        ("８７．５", "87.5"),
        (" 92 ", "92"),
        ("92分", "92"),
        ("1,234.5", "1234.5"),
        ("-3", "-3"),
    ],
)
def test_numbers_are_read_as_written(cell: object, number: str) -> None:
    """Full-width digits, spaces, 分 and thousands commas are understood; the decimals stay exact."""
    assert parse_number(cell) == Decimal(number)


@pytest.mark.parametrize(
    "cell", [None, "", "缺考", "1,2", "12a", True, "nan", "inf", "1_000", "A", datetime(2012, 1, 1)]
)
def test_what_is_no_number_is_none(cell: object) -> None:
    """Words, half-written numbers, dates and truth values are no marks."""
    assert parse_number(cell) is None


@given(st.decimals(-1000, 1000, places=2))
def test_a_decimal_survives_as_text_and_as_cell(value: Decimal) -> None:
    """What is written with two places is read exactly, from text and from a float cell."""
    assert parse_number(str(value)) == value == parse_number(float(value))


@pytest.mark.parametrize(
    "cell",
    [
        "2012-3-4",
        "2012/03/04",
        "2012.3.4",
        "20120304",
        "2012年3月4日",
        datetime(2012, 3, 4, 8),
        "２０１２-３-４",
        20120304,
        40972,
        40972.0,
        "４０９７２",
    ],
)
def test_dates_are_read_in_the_forms_offices_use(cell: object) -> None:
    """One date in many forms; a bare number is Excel's day that has lost its format."""
    assert parse_date(cell) == date(2012, 3, 4)


@pytest.mark.parametrize("cell", ["2012-03", "2012/3", "2012年3月", "201203", 201203, "2012.3"])
def test_a_month_is_its_first_day(cell: object) -> None:
    """出生年月 has no day. As text only: Excel turns 2012.10 into the number 2012.1."""
    assert parse_date(cell) == date(2012, 3, 1)


@pytest.mark.parametrize(
    "cell", [None, "", "2012-13-1", "201213", "12345678", "春天", 5, 87.5, 2012.3, "20123", "2012"]
)
def test_what_is_no_date_is_none(cell: object) -> None:
    """Impossible months and other numbers are no dates."""
    assert parse_date(cell) is None


def test_absent_yes_and_no_in_many_words() -> None:
    """Marks that are missing and flags, as staff write them."""
    assert all(is_absent(cell) for cell in (None, "", " ", "缺考", "缺", "Absent", "N/A", "—"))
    assert not is_absent(0) and not is_absent("0")
    assert all(is_yes(cell) for cell in ("是", "√", "Yes", 1, 1.0, True, "Ｙ"))
    assert all(is_no(cell) for cell in (None, "", "否", "no", 0, False))
    assert not is_yes("也许") and not is_no("也许")


@given(st.text(max_size=8))
def test_a_name_matches_itself_with_any_spaces(name: str) -> None:
    """Normalising twice changes nothing; a Chinese name matches with spaces inside."""
    assert normal_name(normal_name(name)) == normal_name(name)
    assert normal_name("李　" + "雷") == normal_name("李 雷") == normal_name("李\u200b雷") == "李雷"
    assert normal_name("阿依•古丽") == normal_name("阿依·古丽")


def test_failed_formulas_are_errors_and_no_marks() -> None:
    """#N/A of a look-up is no mark; #1 is no error."""
    assert is_error("#N/A") and is_error("#div/0!") and is_absent("#N/A")
    assert not is_error("#1") and not is_error(None) and not is_error(3)


def test_ids_keep_their_digits_and_ruined_ones_are_known() -> None:
    """A whole float is its digits; 1.23E+17 and 18-digit numbers are told as ruined, text ids are not."""
    assert as_text(20240101.0) == "20240101" and as_text("007") == "007"
    assert ruined_id("1.23E+17") and ruined_id(1.23e17) and ruined_id(110101200001011234)
    assert not ruined_id("110101200001011234") and not ruined_id(20240101)
