"""The seal: bytes as the page docs/draw_format.md says, any change named, nothing else changing it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adjust_tables import DECLARED
from engine.canonical import cell_text, json_bytes, short_code
from engine.checking import cohort_from_tables
from engine.content import given_content
from engine.intake import completed
from engine.record import Seal
from engine.seal_changes import changes_between
from engine.sealing import Sealed, SealedTable, input_tables, published_tables, seal_code, sealed_tables
from engine.tables import TABLES, to_canonical
from tests.draws import SECRET, WHEN, whole
from tests.rosters import roster, tables


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        ("a\r\nb\rc", "a\nb\nc"),
        (" 01 ", " 01 "),
        (True, "TRUE"),
        (False, "FALSE"),
        (85, "85"),
        (85.0, "85"),
        (-0.0, "0"),
        (-3, "-3"),
        (0.1 + 0.2, "0.3"),
        (256 / 3, "85.3333333333333"),
        (1e-7, "0.0000001"),
        (1.5e20, "150000000000000000000"),
        (date(2019, 9, 1), "2019-09-01"),
        (datetime(2019, 9, 1), "2019-09-01"),
        (datetime(2019, 9, 1, 8, 29, 59, 999_999), "2019-09-01T08:30:00"),
        (datetime(2019, 8, 31, 23, 59, 59, 600_000), "2019-09-01"),
        (time(8, 30), "0.354166666666667"),
        ("\ud800", "\ufffd"),
    ],
)
def test_the_text_of_a_cell(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def test_json_is_that_of_rfc_8785() -> None:
    """Only what must be escaped is; floats and the like are refused: there is no one way to write them."""
    assert json_bytes(['"\\/\b\t\n\f\r\x01\x1f\x7f春\u2028', 3]) == (
        '["\\"\\\\/\\b\\t\\n\\f\\r\\u0001\\u001f\x7f春\u2028",3]'.encode()
    )
    wrong: Any
    for wrong in (1.0, True, None, {}):
        with pytest.raises(TypeError):
            json_bytes([wrong])


def test_short_codes() -> None:
    """80 bits in Crockford's base 32, most significant first."""
    assert short_code("0" * 64) == "0000-0000-0000-0000"
    assert short_code("f" * 64) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert short_code("08" + "0" * 62) == "1000-0000-0000-0000"


def test_what_is_sealed_follows_the_page() -> None:
    """Fields in order, keys for choices, locks, blank rows left out, defaults written out, no class, no seed."""
    made = whole()
    blank = dict.fromkeys(made["Students"].columns)
    made["Students"] = pd.concat([made["Students"].iloc[:2], pd.DataFrame([blank]), made["Students"].iloc[2:]])
    made["Students"] = made["Students"].reset_index(drop=True).astype(object)
    sealed = {table.name: table for table in sealed_tables(made)}
    assert list(sealed) == ["Students", "Columns", "Classes", "Rules", "Settings", "Teachers"]
    pupils = sealed["Students"]
    assert pupils.fields[-3:] == ("留守\n儿童", "locked", "locked_class")
    assert len(pupils.rows) == 22
    assert [row[-2:] for row in pupils.rows if any(row[-2:])] == [("yes", "3班")]
    assert [row[:3] for row in sealed["Rules"].rows] == [
        ("apart", "001、002", ""),
        ("together", "003，004", ""),
        ("barred", "005", "4班"),
    ]
    values = {row[0]: row[1] for row in sealed["Settings"].rows}
    assert values["same_name_apart"] == "yes"
    assert not {"seed", "language"} & values.keys()
    assert "drawn_class" not in sealed["Teachers"].fields
    assert sealed_tables(whole()) == tuple(sealed.values())


def test_a_locked_class_seals_its_pupils() -> None:
    """Whoever is in a locked class stays in it, so it is part of the seal; another's class is not."""
    made = tables()
    made["Students"]["placed_class"] = ["1班", "2"] + [None] * 10
    before = seal_of(made)
    made["Students"].loc[3, "placed_class"] = "3班"
    assert seal_of(made) == before
    made["Classes"].loc[1, "locked"] = "√"
    assert [row[-2:] for row in sealed_tables(made)[0].rows][:2] == [("", ""), ("", "2班")]
    assert seal_of(made) != before


def seal_of(made: Any) -> str:
    return Seal(sealed_tables(made), SECRET, WHEN).code


def test_the_language_of_the_workbook_is_no_part_of_the_seal() -> None:
    """The same workbook in English has the same seal: choices and settings count by their keys."""
    made = whole()
    translated = {}
    for name, frame in made.items():
        content = given_content(DECLARED[name], frame, "en")
        translated[name] = to_canonical(
            pd.DataFrame(content.rows, columns=content.headers, dtype=object), DECLARED[name]
        )
    assert list(translated["Rules"]["rule"]) == ["apart", "together", "barred class"]
    assert set(translated["Settings"]["setting"]) >= {"Effort", "Seed"}
    assert seal_of(completed(translated, "en")) == seal_of(made)


def test_a_draw_can_be_made_from_what_is_sealed() -> None:
    """The texts alone give the same cohort: names, columns, rules, sizes."""
    made = whole()
    ours, again = (cohort_from_tables(t).cohort for t in (made, input_tables(sealed_tables(made), 1)))
    assert (ours.ids, ours.names, ours.classes, ours.sizes) == (again.ids, again.names, again.classes, again.sizes)
    assert [str(rule) for rule in ours.rules] == [str(rule) for rule in again.rules]
    assert [str(column) for column in ours.columns] == [str(column) for column in again.columns]


SEALED = sealed_tables(whole())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_change_of_a_cell_changes_the_seal_and_is_named(data: Any) -> None:
    """One cell: one change with its table, row, column, old and new; and another seal."""
    at = data.draw(st.integers(0, len(SEALED) - 1))
    table = SEALED[at]
    row = data.draw(st.integers(0, len(table.rows) - 1))
    column = data.draw(st.integers(0, len(table.fields) - 1))
    old = table.rows[row][column]
    new = data.draw(st.text(max_size=3).filter(lambda text: text != old))
    changed = _with(table, row, column, new)
    now = (*SEALED[:at], changed, *SEALED[at + 1 :])
    (change,) = changes_between(SEALED, now)
    assert (change.table, change.row, change.column) == (table.name, row + 1, table.fields[column])
    assert (change.old, change.new) == (old, new)
    assert change.said().zh and change.said().en
    assert _code(now) != _code(SEALED)


def _with(table: SealedTable, row: int, column: int, text: str) -> SealedTable:
    rows = [list(cells) for cells in table.rows]
    rows[row][column] = text
    return SealedTable(table.name, table.fields, tuple(tuple(cells) for cells in rows))


def _code(sealed: Sealed) -> str:
    return seal_code(published_tables(sealed, SECRET))


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(6)), st.sets(st.integers(0, 5)), st.integers(0, 2))
def test_rows_added_removed_and_moved_are_told(order: list[int], gone: set[int], added: int) -> None:
    """Whatever happens to rows, nothing changed is said exactly if the tables are equal, and who came and went."""
    rows = [(f"{i}", "x", "", "") for i in range(6)]
    kept = [rows[i] for i in order if i not in gone] + [(f"new{i}", "y", "", "") for i in range(added)]
    columns = SealedTable("Columns", ("column", "use"), (("id", "id"),))
    old, new = (SealedTable("Students", ("id", "n", "locked", "locked_class"), tuple(each)) for each in (rows, kept))
    found = changes_between((old, columns), (new, columns))
    assert (not found) == (old == new)
    who = {change.who for change in found if change.new is None and change.column is None}
    came = {change.who for change in found if change.old is None and change.column is None}
    assert came - who <= {f"new{i}" for i in range(added)}
    if len(kept) <= 6 and order == sorted(order) and not added:
        assert who == {str(i) for i in gone}


def test_columns_added_and_renamed_are_told() -> None:
    made = tables(roster())
    before = sealed_tables(made)
    made["Students"] = made["Students"].rename(columns={"语文": "国语"})
    said = [change.said().zh for change in changes_between(before, sealed_tables(completed(made, "zh")))]
    assert "学生表：删了列“语文”" in said
    assert "学生表：加了列“国语”" in said


def test_changes_are_said_in_words() -> None:
    """The sheet, the row, who, the column, what it was and is: choices in words."""
    made = whole()
    before = sealed_tables(made)
    made["Students"].loc[6, "locked"] = None
    made["Students"].loc[0, "语文"] = 99
    made["Columns"].loc[3, "use"] = "备注"
    made["Settings"].loc[made["Settings"]["setting"] == "计算强度", "value"] = "深度"
    said = [change.said().zh for change in changes_between(before, sealed_tables(made))]
    assert said[0] == "学生表第1行 001 语文：“60.5”→“99”"
    assert "学生表第7行 007 锁定：“是”→“（空白）”" in said
    assert any(line.startswith("列设置表第4行 语文 用途：“成绩”→“备注”") for line in said)
    assert "设置表第1行 计算强度 值：“快速”→“深度”" in said
    assert TABLES["Settings"].sheet.zh == "设置"
