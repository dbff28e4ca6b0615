"""What hosts share: addresses and blocks, and what Excel makes of a value sent to a cell."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.entry import AS_TEXT, GENERAL, Entry, excel_entry, stays_text
from addin.hosts.grid import (
    LAST_COLUMN,
    LAST_ROW,
    Block,
    block_at,
    column_number,
    in_rows,
    letters,
    quoted,
    sheet_reference,
)

columns = st.integers(1, LAST_COLUMN)
blocks = st.builds(Block, st.integers(1, 9999), st.integers(1, 700), st.integers(1, 5000), st.integers(1, 40))


def test_letters_turn_where_excel_turns() -> None:
    """A to Z, then AA; ZZ, then AAA; XFD is the last."""
    assert [letters(n) for n in (1, 26, 27, 702, 703, LAST_COLUMN)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    with pytest.raises(ValueError, match="16385"):
        letters(LAST_COLUMN + 1)


@given(columns)
def test_letters_and_numbers_are_one_to_one(column: int) -> None:
    """A column's letters name that column again, in either case."""
    assert column_number(letters(column)) == column_number(letters(column).lower()) == column


@given(blocks, st.booleans(), st.booleans())
def test_an_address_gives_its_block_back(block: Block, row_absolute: bool, column_absolute: bool) -> None:
    """Whatever dollar signs an address has, it is the address of the same block."""
    assert block_at(block.address(row_absolute=row_absolute, column_absolute=column_absolute)) == block


@given(blocks, blocks)
def test_blocks_meet_just_when_they_share_a_cell(one: Block, other: Block) -> None:
    """Meeting is symmetric and says the same as comparing rows and columns one by one."""
    rows = range(max(one.row, other.row), min(one.last_row, other.last_row) + 1)
    across = range(max(one.column, other.column), min(one.last_column, other.last_column) + 1)
    assert one.meets(other) == other.meets(one) == bool(rows and across)
    whole = one.around(other)
    assert whole.meets(one)
    assert whole.rows >= max(one.rows, other.rows)


def test_whole_columns_and_rows_are_blocks() -> None:
    """B:C and 3:4 are blocks as well; corners may come in any order."""
    assert block_at("$B:C") == Block(1, 2, LAST_ROW, 2)
    assert block_at("3:$4") == Block(3, 1, 2, LAST_COLUMN)
    assert block_at("C5:A2") == Block(2, 1, 4, 3)


@pytest.mark.parametrize("address", ["", "A", "A0", "1", "ZZZZ1", "XFE1", "A1048577", "A1:", "A1:B2:C3", "Sheet!A1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """Anything but an address raises ValueError rather than naming some other cell."""
    with pytest.raises(ValueError, match="no"):
        block_at(address)


@pytest.mark.parametrize("sheet", ["学生", "图表数据", "my sheet", "it's", "A1", "R1C1", "2024", "a!b"])
def test_a_quoted_sheet_is_found_again(sheet: str) -> None:
    """A reference to a sheet of any name gives the name and the block back."""
    assert sheet_reference(f"{quoted(sheet)}!$A$4:$B$5") == (sheet, Block(4, 1, 2, 2))


def test_quotes_stand_only_where_needed() -> None:
    """A plain name stands bare; spaces, digits first and what looks like an address need quotes."""
    assert [quoted(name) for name in ("学生", "a b", "2024", "A1")] == ["学生", "'a b'", "'2024'", "'A1'"]
    assert sheet_reference("SUM(A1)") is None
    assert sheet_reference("Students[Class]") is None


def test_values_take_the_shape_of_a_block() -> None:
    """One value fills the block, one list is one row, and another shape is refused."""
    assert in_rows(7, Block(1, 1, 2, 2)) == [[7, 7], [7, 7]]
    assert in_rows([1, 2], Block(1, 1, 1, 2)) == [[1, 2]]
    with pytest.raises(ValueError, match="do not fit"):
        in_rows([[1, 2]], Block(1, 1, 2, 2))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("007", "number", 7),
        ("1.23E+17", "number", 1.23e17),
        ("360730201209010018", "number", 3.6073020120901e17),
        ("２０", "number", 20),
        (" 12 ", "number", 12),
        ("1,234.5", "number", 1234.5),
        ("(5)", "number", -5),
        ("-3", "number", -3),
        ("20%", "number", 0.2),
        ("1 1/2", "number", 1.5),
        ("2024-9-1", "date", datetime(2024, 9, 1)),
        ("2024年9月1日", "date", datetime(2024, 9, 1)),
        ("9/1/2024 8:30", "date", datetime(2024, 9, 1, 8, 30)),
        ("6:00 PM", "number", 0.75),
        ("true", "truth", True),
        ("#N/A", "error", "#N/A"),
        ("=1+1", "formula", "=1+1"),
        ("+李雷", "formula", "=+李雷"),
        ("@韩", "formula", "=@韩"),
        ("'007", "text", "007"),
        ("-", "text", "-"),
        ("1班", "text", "1班"),
        ("3(2)班", "text", "3(2)班"),
        ("1e999", "text", "1e999"),
        (" 王 ", "text", " 王 "),
    ],
)
def test_excel_reads_text_as_if_it_were_typed(text: str, kind: str, value: object) -> None:
    """In a cell of no particular format text becomes what it looks like; what may change is never called safe."""
    entry = excel_entry(text, GENERAL)
    assert (entry.kind, entry.value) == (kind, value)
    if kind != "text":
        assert not stays_text(text)


@pytest.mark.parametrize("text", ["1-2", "3/4", "1月2日", "MAR1", "sept2", "5-Mar"])
def test_what_looks_like_a_day_becomes_one(text: str) -> None:
    """Class names, scores and codes that look like a day become this year's day."""
    entry = excel_entry(text, GENERAL)
    assert entry.kind == "date"
    assert isinstance(entry.value, datetime)
    assert entry.value.year == datetime.now().year
    assert not stays_text(text)


@given(st.text(min_size=1))
def test_a_text_cell_keeps_every_text(text: str) -> None:
    """In a cell formatted as text nothing happens to text, whatever it looks like."""
    assert excel_entry(text, AS_TEXT) == Entry("text", text)


near_numbers = st.text("0123456789.,-/:+=%()eE年月日 'APMapm￥", min_size=1, max_size=12)


@given(st.one_of(near_numbers, st.text(min_size=1)))
def test_text_called_safe_is_left_alone(text: str) -> None:
    """Whatever `stays_text` lets through unprotected arrives as the same text."""
    if stays_text(text):
        assert excel_entry(text, GENERAL) == Entry("text", text)


def test_numbers_become_text_in_a_text_cell() -> None:
    """As in Excel: so a number sent to a cell formatted as text is a mistake that shows."""
    assert excel_entry(7.0, AS_TEXT) == Entry("text", "7")
    assert excel_entry(True, AS_TEXT) == Entry("text", "TRUE")
    assert excel_entry(7.5, GENERAL) == Entry("number", 7.5)


def test_a_date_brings_its_format_only_where_there_is_none() -> None:
    """A cell that has a date format keeps it."""
    assert excel_entry(date(2012, 9, 1), GENERAL).form == "yyyy/m/d"
    assert excel_entry(datetime(2012, 9, 1), "yyyy-mm-dd").form is None
    assert excel_entry(time(18), GENERAL).value == 0.75
    assert excel_entry(datetime(1800, 1, 1), GENERAL).kind == "text"


def test_what_no_cell_can_hold_is_refused() -> None:
    """A list in a cell is a mistake of the caller."""
    with pytest.raises(TypeError, match="list"):
        excel_entry([1], GENERAL)
