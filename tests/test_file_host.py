"""The file host behaves as Excel does: typed text, tables that meet, totals rows, apps and books."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwings as xw

from addin.book import opened, read_tables, write_tables
from addin.hosts.workbook_file import file_engine
from workbook_templates import template_path


def test_a_forgotten_text_format_shows(tmp_path: Path) -> None:
    """The host does with typed text what Excel does, so code that forgets the format fails here too."""
    with opened(template_path("zh")) as book:
        sheet = book.sheets["方案记录"]
        sheet.range("A10").value = [["007", "1-2", "=1+1", "20%"]]
        assert sheet.range("A10").value == 7
        assert isinstance(sheet.range("B10").value, datetime)
        assert sheet.range("C10").formula == "=1+1"
        assert sheet.range("D10").number_format == "0%"


def test_a_table_cannot_grow_over_another(tmp_path: Path) -> None:
    """As in Excel, a table is not resized over another one, nor moved, nor left without a data row."""
    with opened(template_path("zh")) as book:
        sheet = book.sheets["学生"]
        sheet.range("A20").value = [["x", "y"], [1, 2]]
        other = sheet.tables.add(source=sheet.range("A20:B21"), name="Other")
        table = sheet.tables["students"]
        for address in ("A3:H25", "A4:H9", "A3:H3"):
            with pytest.raises(ValueError, match="table"):
                table.resize(sheet.range(address))
        assert [each.name for each in sheet.tables] == ["Students", "Other"]
        assert other.range.address == "$A$20:$B$21"
        with pytest.raises(ValueError, match="other"):
            sheet.tables.add(source=sheet.range("D20:E21"), name="other")


def test_a_totals_row_is_taken_off_before_writing(tmp_path: Path) -> None:
    """A totals row that someone switched on is no pupil: it is not read, and gives way to new rows."""
    book = openpyxl.load_workbook(template_path("zh"))
    sheet = book["班级"]
    sheet.tables["Classes"].totalsRowCount = 1
    sheet["A11"] = "合计"
    book.save(tmp_path / "in.xlsx")
    with opened(tmp_path / "in.xlsx") as again:
        assert len(read_tables(again)["Classes"]) == 7
        write_tables(again, {"Classes": pd.DataFrame({"class": list("ab")}, dtype=object)}, "zh")
        assert read_tables(again)["Classes"]["class"].tolist() == ["a", "b"]
        assert again.sheets["班级"].range("A11").value is None


def test_xlwings_finds_the_host_by_name(tmp_path: Path) -> None:
    """The engine is added to xlwings once; apps and books come and go with the ``with`` block."""
    engine = file_engine()
    assert file_engine() is engine
    assert xw.engines["file"] is engine
    with opened(template_path("zh")) as book, opened(template_path("en")) as other:
        assert [app.books[0].name for app in engine.apps] == [other.name, book.name]
        assert [sheet.name for sheet in book.sheets][:2] == ["使用说明", "学生"]
        assert book.sheets["学生"].index == 2
    assert len(engine.apps) == 0


def test_new_rows_have_the_height_that_the_sheet_prescribes() -> None:
    """The height is written down: LibreOffice would otherwise measure every cell of these rows at every write."""
    with opened(template_path("zh")) as book:
        table = book.sheets["学生"].tables["Students"]
        table.resize(table.range.resize(30))
        heights = book.sheets["学生"].impl.api.row_dimensions
        assert {heights[row].height for row in range(5, 33)} == {20.25}
        assert heights[33].height is None
