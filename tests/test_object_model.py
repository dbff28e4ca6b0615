"""What else of xlwings works the same in every host without Excel; its own tests ask for more (docs/hosts.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from addin.book import engine_called, saved
from addin.hosts.office_process import available
from workbook_templates import template_path


@pytest.fixture(params=["file", "libreoffice"])
def app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    if request.param == "libreoffice" and (lacking := available()) is not None:
        pytest.skip(lacking.en)
    engine = engine_called(request.param)
    monkeypatch.setattr(xw.engines, "active", engine, raising=False)  # or on Linux xlwings has none
    app = engine.apps.add(add_book=True)
    yield app
    app.quit()


@pytest.fixture
def sheet(app: Any) -> Any:
    return app.books[0].sheets[0]


def test_ranges_expand_to_what_is_filled(sheet: Any) -> None:
    """`end` goes to the edge of a run, over a gap to the next filled cell, and to the sheet's edge if there is none."""
    sheet["B2"].value = [["a", "b", "c"], [1, None, 3], [4, 5, 6]]
    sheet["B9"].value = "x"
    assert sheet["B2"].expand().address == "$B$2:$D$4"
    assert [sheet["B2"].end(way).address for way in ("down", "right", "left", "up")] == [
        "$B$4",
        "$D$2",
        "$A$2",
        "$B$1",
    ]
    assert sheet["B4"].end("down").address == "$B$9"
    assert sheet["B9"].end("down").row == 1_048_576
    assert sheet["D4"].end("right").column == 16_384


def test_what_is_activated_is_in_front(app: Any) -> None:
    """The app, book and sheet activated last are the active ones; a closed book gives way to another."""
    other = app.engine.apps.add()
    first, second = app.books[0], app.books.add()
    assert app.books.active == second
    first.sheets.add("b", after=first.sheets[0])
    first.sheets[0].activate()
    assert (app.books.active, first.sheets.active.index) == (first, 1)
    assert app.engine.apps.active == app
    other.activate()
    assert app.engine.apps.keys()[0] == other.pid
    second.activate()
    second.close()
    assert app.books.active == first
    other.quit()


def test_new_sheets_come_before_the_one_in_front(app: Any) -> None:
    """As in Excel they take the next free name and are in front then; a name that is taken is refused."""
    book = app.books[0]
    book.sheets.add()
    assert [sheet.name for sheet in book.sheets] == ["Sheet2", "Sheet1"]
    assert book.sheets.active.name == "Sheet2"
    with pytest.raises(Exception, match="Sheet1"):
        book.sheets.add("Sheet1")


def test_sheets_and_tables_get_other_names(app: Any, sheet: Any) -> None:
    """A table keeps its place under its new name; blank cells around it stay as they are."""
    sheet["A1"].value = [["a", "b"], [1, 2]]
    table = sheet.tables.add(source=sheet["A1:B2"], name="Old")
    sheet.name, table.name, table.table_style = "新表", "New", "TableStyleLight9"
    assert table.show_autofilter
    table.show_autofilter = False
    assert (app.books[0].sheets[0].name, sheet.tables["New"].range.address) == ("新表", "$A$1:$B$2")
    assert (table.display_name, table.table_style, table.show_autofilter) == ("New", "TableStyleLight9", False)
    with pytest.raises(NotImplementedError):
        table.show_headers = False


@pytest.mark.parametrize("app", ["file"], indirect=True)
def test_what_is_referred_to_keeps_its_name(app: Any) -> None:
    """The file host does not rewrite formulas: a sheet or table that one mentions cannot be renamed."""
    book = app.books.open(template_path("zh"))
    with pytest.raises(NotImplementedError, match="班级"):
        book.sheets["班级"].name = "别的"
    book.sheets[0]["A1"].value = "=ROWS(Classes)"
    with pytest.raises(NotImplementedError, match="Classes"):
        book.sheets["班级"].tables["Classes"].name = "Other"


def test_looks_come_and_go_apart_from_content(sheet: Any) -> None:
    """Colours in each of xlwings' spellings, wrapped text, widths; clearing looks leaves values and the reverse."""
    cell = sheet["C3"]
    for given in ((1, 2, 250), "#0102FA", 1 + 2 * 256 + 250 * 65536):
        cell.color = given
        assert cell.color == (1, 2, 250)
        cell.color = None
        assert cell.color is None
    cell.value, cell.color, cell.wrap_text, cell.column_width = 5, "#FF0000", True, 20
    assert (cell.wrap_text, round(cell.column_width)) == (True, 20)
    cell.clear_formats()
    assert (cell.value, cell.color, cell.wrap_text) == (5, None, False)
    cell.color = "#FF0000"
    sheet.clear_contents()
    assert (cell.value, cell.color) == (None, (255, 0, 0))
    cell.value = 7
    sheet.clear()
    assert (cell.value, cell.color) == (None, None)


def test_numbers_are_read_as_excel_gives_them(sheet: Any) -> None:
    """Every number is a float unless another type is asked for."""
    sheet["A1"].value = [[1, 2.5, True, "x"]]
    assert [type(value) for value in sheet["A1:D1"].value] == [float, float, bool, str]
    assert type(sheet["A1"].options(numbers=int).value) is int


def test_a_new_book_is_saved_under_its_own_name(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Excel, a book that has no file yet gets one with the usual ending."""
    monkeypatch.chdir(tmp_path)
    book = app.books[0]
    book.save()
    assert [path.name for path in tmp_path.iterdir()] == ["Book1.xlsx"] == [book.name]
    saved(book, tmp_path / "other.xlsx")
    assert book.fullname == str(tmp_path / "other.xlsx")
