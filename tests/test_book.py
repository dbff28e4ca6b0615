"""Tables between an open workbook and frames; every host has to pass these tests."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from addin.book import has_tables, opened, read_tables, saved, write_column, write_tables
from addin.hosts.libreoffice import office_engine
from addin.hosts.office_process import available
from addin.hosts.package import unzipped
from addin.trouble import FileTrouble
from engine.tables import TABLES
from engine.wording import Lang
from workbook_templates import template_path

Book = Any
Host = Callable[[Path], AbstractContextManager[Book]]
HOSTS: dict[str, Host] = {"file": opened, "libreoffice": lambda path: opened(path, office_engine())}
LANGS: tuple[Lang, ...] = ("zh", "en")
both = pytest.mark.parametrize("lang", LANGS)
slow_fixture = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> Host:
    if request.param == "libreoffice" and (lacking := available()) is not None:
        pytest.skip(lacking.en)
    return HOSTS[request.param]


@pytest.fixture
def book(host: Host) -> Iterator[Book]:
    with host(template_path("zh")) as book:
        yield book


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


def pupils(count: int) -> pd.DataFrame:
    return frame(
        学号=[f"{i:05d}" for i in range(count)],
        姓名=[f"学生{i}" for i in range(count)],
        语文=[i % 100 + 0.5 for i in range(count)],
        placed_class=[f"{i % 4 + 1}班" for i in range(count)],
        locked=[None] * count,
    )


def reread(host: Host, book: Book, tmp_path: Path) -> dict[str, pd.DataFrame]:
    """Return the tables as they are read from the saved file."""
    saved(book, tmp_path / "saved.xlsx")
    with host(tmp_path / "saved.xlsx") as again:
        return read_tables(again)


def table_of(book: Book, name: str) -> Any:
    return next(table for sheet in book.sheets for table in sheet.tables if table.name == name)


@both
def test_the_template_has_every_table(host: Host, lang: Lang) -> None:
    """A template of either language gives all declared tables under canonical headers."""
    with host(template_path(lang)) as book:
        assert has_tables(book)
        tables = read_tables(book)
    assert list(tables) == list(TABLES)
    for name, table in tables.items():
        keys = [field.key for field in TABLES[name].fields]
        assert list(table.columns)[-len(keys) :] == keys
        assert list(table.index) == list(range(len(table)))
        assert {str(dtype) for dtype in table.dtypes} == {"object"}
    assert tables["Settings"]["value"].tolist()[0] == 1
    assert len(tables["Rules"]) == 8
    assert tables["Rules"].isna().all().all()


@both
def test_rosters_come_back_as_written(host: Host, lang: Lang, tmp_path: Path) -> None:
    """Every type of value survives writing, saving and reading; whole numbers are int, blanks None."""
    students = frame(
        id=["007", "1-2", "360730201209010018", "A 1"],
        name=["=1+1", "+李雷", "@x", " 王 "],
        mark=[98, 90.5, None, 0],
        born=[datetime(2012, 9, 1), None, datetime(2012, 9, 2, 8, 30), datetime(1999, 1, 1)],
        flag=[True, False, None, True],
        placed_class=["1班", "2班", None, "1-2"],
        locked=[None, None, None, None],
    )
    with host(template_path(lang)) as book:
        write_tables(book, {"Students": students}, lang)
        read = reread(host, book, tmp_path)["Students"]
    assert read.to_dict("list") == students.to_dict("list")
    assert [type(value) for value in read["mark"]] == [int, float, type(None), int]


@both
def test_choices_are_written_in_the_language(host: Host, lang: Lang, tmp_path: Path) -> None:
    """Keys and words of either language become the word of this one; headers too."""
    columns = frame(column=["语文", "姓名"], use=["mark", "姓名"], spread=["yes", "否"])
    with host(template_path(lang)) as book:
        write_tables(book, {"Columns": columns}, lang)
        read = reread(host, book, tmp_path)["Columns"]
        headers = table_of(book, "Columns").header_row_range.value
    uses, spread = TABLES["Columns"].field("use").choices, TABLES["Columns"].field("spread").choices
    assert uses is not None
    assert spread is not None
    assert list(read["use"]) == [uses["mark"].to(lang), uses["name"].to(lang)]
    assert list(read["spread"]) == [spread["yes"].to(lang), spread["no"].to(lang)]
    assert headers == [field.header.to(lang) for field in TABLES["Columns"].fields]


awkward = st.one_of(
    st.sampled_from(
        ["=cmd|' /C calc'!A0", "1-2", "007", "1.23E+17", "360730201209010018", "２０", " a ", "😀", "a\nb"]
    ),
    st.sampled_from(
        ["", "\x00", "\x07b", "_x0041_", "a\r\nb", "\ud83d", "\uffff", "'x", "TRUE", "#REF!", "\t", '&<>"']
    ),
    st.text(max_size=12),
    st.text("0123456789-/:.%eE年月日 ", max_size=10),
)


@pytest.mark.parametrize("host", ["file"], indirect=True)  # the others: test_awkward_texts
@slow_fixture
@example(["=cmd", "1-2", "007", "1.23E+17", "123456789012345678", "２０", " x ", "😀", "a\nb", "_x000D_", "\x01"])
@given(st.lists(awkward, min_size=1, max_size=12))
def test_any_text_stays_the_text_it_is(host: Host, tmp_path: Path, texts: list[str]) -> None:
    """Ids, names and notes come back letter by letter, control characters included; only empty text is blank."""
    with host(template_path("zh")) as book:
        write_tables(book, {"Students": frame(学号=texts, 姓名=texts[::-1])}, "zh")
        read = reread(host, book, tmp_path)["Students"]
    assert list(read["学号"]) == [text or None for text in texts]
    assert list(read["姓名"]) == [text or None for text in texts[::-1]]


@pytest.mark.parametrize("host", ["file"], indirect=True)  # the others: test_awkward_texts
@slow_fixture
@given(st.lists(st.one_of(awkward, st.integers(-(10**14), 10**14), st.booleans(), st.none()), min_size=1, max_size=9))
def test_text_and_numbers_share_a_column(host: Host, tmp_path: Path, values: list[object]) -> None:
    """In one column numbers stay numbers and text stays text, also when another mixture stood there before."""
    with host(template_path("zh")) as book:
        for each in (values[::-1], values):
            write_tables(book, {"Students": frame(学号=each, 语文=each)}, "zh")
        read = reread(host, book, tmp_path)["Students"]
    for column in ("学号", "语文"):
        assert [(type(value), value) for value in read[column]] == [
            (type(value), value) if value != "" else (type(None), None) for value in values
        ]


def test_awkward_texts(host: Host, tmp_path: Path) -> None:
    """Texts that look like something else share a column with numbers and truths and come back as they are.

    LibreOffice has one kind of line end, no tabs in several lines, no halves of characters: all else is kept.
    """
    rng = np.random.default_rng(5)
    marks = list("0123456789-/:.%eE年月日 =+@'_x#\x07😀\n")
    texts = ["=cmd|' /C calc'!A0", "1-2", "007", "1.23E+17", "_x0041_", "\uffff", "'x", "TRUE", "#REF!", '&<>"', "２０"]
    texts += ["".join(rng.choice(marks, rng.integers(1, 10))) for _ in range(200)]
    mixed = [text if i % 3 else [i, i / 4, i % 2 == 0, None][i // 3 % 4] for i, text in enumerate(texts)]
    with host(template_path("zh")) as book:
        for each in (mixed[::-1], mixed):
            write_tables(book, {"Students": frame(学号=texts, 语文=each, 姓名=each[::-1])}, "zh")
        read = reread(host, book, tmp_path)["Students"]
    assert list(read["学号"]) == texts
    assert [(type(value), value) for value in read["语文"]] == [
        (int, int(value)) if isinstance(value, float) and value.is_integer() else (type(value), value)
        for value in mixed
    ]


def test_text_like_the_notation_of_another_program(tmp_path: Path) -> None:
    """A text ``_x0041_`` that Excel or LibreOffice saved is no A in a file."""
    path = tmp_path / "saved.xlsx"
    with opened(template_path("zh")) as book:
        write_tables(book, {"Students": frame(姓名=["_x0041_", "a_x4a2B_b", "A"])}, "zh")
        saved(book, path)
    parts = unzipped(path.read_bytes())
    assert b"_x005f_x0041_" in b"".join(parts.content.values())
    parts.content = {name: part.replace(b"_x005f_", b"_x005F_") for name, part in parts.content.items()}  # their way
    path.write_bytes(parts.zipped())
    with opened(path) as again:
        assert list(read_tables(again)["Students"]["姓名"]) == ["_x0041_", "a_x4a2B_b", "A"]


def test_numbers_that_excel_cannot_hold_become_text(book: Book) -> None:
    """More than 15 digits, infinity, and missing values of numpy and pandas: nothing is silently rounded."""
    values = [10**17 + 1, math.inf, np.float64("nan"), np.int64(5), pd.NA, pd.NaT, Decimal("1.5"), date(2012, 9, 1)]
    write_tables(book, {"Students": frame(x=values)}, "zh")
    assert list(read_tables(book)["Students"]["x"]) == [
        "100000000000000001",
        "inf",
        None,
        5,
        None,
        None,
        1.5,
        datetime(2012, 9, 1),
    ]


def test_formats_go_only_where_they_are_needed(book: Book) -> None:
    """Text that Excel might read gets the text format; names, numbers and prose keep the column's own."""
    students = frame(学号=["007", "008"], 姓名=["李", "王"], 语文=[98.5, "1-2"], 出生=[datetime(2012, 9, 1)] * 2)
    write_tables(book, {"Students": students}, "zh")
    body = table_of(book, "Students").data_body_range
    assert body[:, 0].number_format == "@"
    assert body[0, 2].number_format == "General"
    assert body[1, 2].number_format == "@"
    assert body[:, 3].number_format == "yyyy-mm-dd"
    write_tables(book, {"Students": frame(学号=[7, 8], 姓名=["a", "b"])}, "zh")
    assert table_of(book, "Students").data_body_range[:, 0].number_format == "General"


@pytest.mark.parametrize(("before", "after"), [(40, 3), (3, 40), (5, 0), (2, 2)])
def test_tables_grow_and_shrink(host: Host, tmp_path: Path, before: int, after: int) -> None:
    """A table has exactly the rows given, at least a blank one, and nothing is left below or beside it."""
    wide = pupils(before).assign(**{f"科目{k}": 1 for k in range(5)})
    with host(template_path("zh")) as book:
        write_tables(book, {"Students": wide}, "zh")
        write_tables(book, {"Students": pupils(after)}, "zh")
        read = reread(host, book, tmp_path)["Students"]
        table = table_of(book, "Students")
        everything = table.parent.used_range.options(ndim=2).value
    assert read.to_dict("list") == (pupils(after) if after else pupils(1).map(lambda _: None)).to_dict("list")
    assert table.range.shape == (max(after, 1) + 1, 5)
    outside = [value for row in everything[2:] for value in row[5:]]
    outside += [value for row in everything[3 + max(after, 1) :] for value in row]
    assert set(outside) <= {None}


def test_blank_rows_count(host: Host, tmp_path: Path) -> None:
    """A blank row in the middle keeps its place, so that row n of the frame is row n of the table."""
    values = ["a", None, None, "b", None]
    with host(template_path("zh")) as book:
        write_tables(book, {"Students": frame(学号=values)}, "zh")
        assert list(reread(host, book, tmp_path)["Students"]["学号"]) == values


def test_headers_may_change_places(book: Book) -> None:
    """Columns can trade places and headers can look like numbers or dates; no header is renamed on the way."""
    write_tables(book, {"Students": frame(甲=[1], 乙=[2], **{"1-2": [3], "2024": [4]})}, "zh")
    write_tables(book, {"Students": frame(**{"2024": [4], "1-2": [3]}, 乙=[2], 甲=[1])}, "zh")
    read = read_tables(book)["Students"]
    assert list(read.columns)[:4] == ["2024", "1-2", "乙", "甲"]
    assert read.iloc[0].tolist()[:4] == [4, 3, 2, 1]


def test_headers_that_excel_takes_for_the_same_are_refused(book: Book) -> None:
    """Two headers that differ in case only: said in words, and no cell is written."""
    before = read_tables(book)["Students"]
    with pytest.raises(FileTrouble, match="same header"):
        write_tables(book, {"Students": frame(Name=["a"], name=["b"])}, "zh")
    pd.testing.assert_frame_equal(read_tables(book)["Students"], before)


def test_what_stands_below_a_table_is_not_overwritten(book: Book) -> None:
    """Notes below or beside a table stop it from growing over them; the message names the cell."""
    sheet = table_of(book, "Students").parent
    for place, cell in (((9, 2), "B9"), ((3, 12), "L3")):
        sheet.range(place).value = "我的备注"
        wide = pupils(8).assign(**{f"科目{k}": 1 for k in range(8)})
        with pytest.raises(FileTrouble) as refusal:
            write_tables(book, {"Issues": frame(level=["x"]), "Students": wide}, "zh")
        assert cell in refusal.value.text.zh
        assert cell in refusal.value.text.en
        assert sheet.range(place).value == "我的备注"
        assert read_tables(book)["Issues"]["level"][0] is None
        sheet.range(place).value = None
    write_tables(book, {"Students": pupils(8)}, "zh")


def test_one_column_is_written_and_nothing_else(book: Book) -> None:
    """Writing the classes leaves every other cell as it was, value and format."""
    write_tables(book, {"Students": pupils(6)}, "zh")
    table = table_of(book, "Students")
    before = table.range.options(ndim=2).value
    formats = [table.range[0, k].number_format for k in range(5)]
    write_column(book, "Students", "placed_class", ["1-2", "2班", None, "4班", "5班", "6班"], "zh")
    after = table.range.options(ndim=2).value
    assert [row[3] for row in after] == ["班级", "1-2", "2班", None, "4班", "5班", "6班"]
    assert [row[:3] + row[4:] for row in after] == [row[:3] + row[4:] for row in before]
    assert [table.range[0, k].number_format for k in range(5)] == formats


@pytest.mark.parametrize(("headers", "added"), [(["学号", "姓名"], "班级"), (["学号", "Class "], None)])
def test_a_missing_column_is_added_at_the_right(book: Book, headers: list[str], added: str | None) -> None:
    """Our column goes to the right end of the table; a column that already is ours by its name is used."""
    table = table_of(book, "Students")
    table.resize(table.range[0, 0].resize(2, 2))
    table.parent.range("A3:H4").clear_contents()
    table.header_row_range.value = headers
    write_column(book, "Students", "placed_class", ["1班"], "zh")
    assert table.header_row_range.value == headers + ([added] if added else [])
    assert read_tables(book)["Students"]["placed_class"].tolist() == ["1班"]


def test_a_column_of_another_length_is_refused(book: Book) -> None:
    """Values are one per data row; anything else is a mistake of the caller."""
    with pytest.raises(ValueError, match="3 values for 1 rows"):
        write_column(book, "Students", "placed_class", ["a", "b", "c"], "zh")


def test_choices_in_a_column_are_in_the_language(book: Book) -> None:
    """A single column of choices is translated as well."""
    write_tables(book, {"Students": pupils(2)}, "zh")
    write_column(book, "Students", "locked", ["yes", "no"], "zh")
    assert read_tables(book)["Students"]["locked"].tolist() == ["是", "否"]


def test_errors_are_read_as_their_text(book: Book) -> None:
    """#N/A in a cell is text to the check, which can then say where it is."""
    table_of(book, "Students").data_body_range[0, 3].value = "#N/A"
    assert read_tables(book)["Students"].iloc[0, 3] == "#N/A"


def test_blank_and_repeated_headers_get_names(book: Book) -> None:
    """A header cell that is blank or says the same again is named as Excel would; a number becomes text."""
    table_of(book, "Students").header_row_range.value = [None, "a", "A", 2024, None, "b", "班级", "锁定"]
    read = read_tables(book)["Students"]
    assert len(set(map(str.casefold, read.columns))) == 8
    assert list(read.columns)[3] == "2024"
    assert all(read.columns)


def test_prose_gets_the_height_it_needs(book: Book) -> None:
    """Rows with long wrapped text are tall enough to be read; after shorter text they are low again."""
    issues = frame(level=["错误", "提示"], what=["很长的说明" * 30, "短"])
    write_tables(book, {"Issues": issues}, "zh")
    body = table_of(book, "Issues").data_body_range
    assert body[0, 0].row_height > 60
    assert body[1, 0].row_height == 20
    write_tables(book, {"Issues": frame(level=["a", "b"], what=["短", "短"])}, "zh")
    assert body[0, 0].row_height == 20


def test_a_missing_table_is_made(host: Host, tmp_path: Path) -> None:
    """A workbook that lost a table gets it back on a sheet of its own; a sheet in the way is not touched."""
    with host(template_path("zh")) as book:
        sheet = table_of(book, "Checks").parent
        sheet.api.tables.clear() if hasattr(sheet.api, "tables") else sheet.tables["Checks"].api.Unlist()
        with pytest.raises(FileTrouble, match="otherwise rename the sheet"):
            write_tables(book, {"Checks": frame(rule=["x"], kept=["no"])}, "zh")
        write_tables(book, {"Checks": frame(rule=["x"], kept=["no"])}, "en")
        read = reread(host, book, tmp_path)["Checks"]
    assert read["kept"].tolist() == ["no"]


@pytest.mark.parametrize("host", ["file"], indirect=True)
@pytest.mark.parametrize("name", ["Rules", "Classes", "Columns", "Settings"])
def test_an_input_table_that_was_renamed_is_asked_back(book: Book, name: str) -> None:
    """Rules that are no table any more are not passed over in silence: nothing is read, and the name is told."""
    sheet = table_of(book, name).parent
    renamed = sheet.api.tables.pop(name)
    renamed.name = renamed.displayName = "表1"
    sheet.api.add_table(renamed)
    with pytest.raises(FileTrouble) as refusal:
        read_tables(book)
    assert f"没有表格 {name}，那里的表格叫“表1”" in refusal.value.text.zh


def test_a_column_of_no_table_is_refused_in_words(book: Book) -> None:
    """Writing into a table that is not there says which one."""
    sheet = table_of(book, "Rules").parent
    sheet.api.tables.clear()
    with pytest.raises(FileTrouble) as refusal:
        write_column(book, "Rules", "kept", ["yes"], "zh")
    assert "Rules" in refusal.value.text.zh


def test_screen_and_calculation_are_put_back(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens while cells are written, the app is as it was; during it, it is quiet."""
    app = book.app.impl
    app.calculation, app.screen_updating = "semiautomatic", True
    seen: list[object] = []

    def fail(*_: object, **__: object) -> None:
        seen.extend([app.screen_updating, app.enable_events, app.calculation])
        raise KeyboardInterrupt

    monkeypatch.setattr("addin.book.write_cells", fail)
    with pytest.raises(KeyboardInterrupt):
        write_tables(book, {"Students": pupils(2)}, "zh")
    assert seen == [False, False, "manual"]
    assert (app.screen_updating, app.enable_events, app.calculation) == (True, True, "semiautomatic")


def test_nothing_reaches_the_file_before_it_is_saved(host: Host, tmp_path: Path) -> None:
    """Closing without saving leaves the file byte for byte, and so does a failure."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(template_path("zh").read_bytes())
    with pytest.raises(RuntimeError, match="midway"), host(path) as book:
        write_tables(book, {"Students": pupils(5)}, "zh")
        raise RuntimeError("midway")
    assert path.read_bytes() == template_path("zh").read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_a_plain_workbook_is_not_ours(host: Host, tmp_path: Path) -> None:
    """A workbook without the table Students is told apart, whatever its sheets are called."""
    import openpyxl

    plain = openpyxl.Workbook()
    plain.active.title = "Students"
    plain.save(tmp_path / "plain.xlsx")
    with host(tmp_path / "plain.xlsx") as book:
        assert not has_tables(book)
        assert read_tables(book) == {}
