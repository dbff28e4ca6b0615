"""Sheets made on demand look and print as the template's do; columns fit what is put into them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from addin import commands, undo
from addin.book import opened, read_tables, saved, write_tables
from addin.hosts import guard
from addin.redo import redo
from engine.adjust_tables import DECLARED, MORE_TABLES
from engine.content import given_content
from engine.tables import CHECKS
from engine.wording import Lang
from tests.test_book import Host, book, frame, host, table_of
from workbook_templates import template_path
from workbook_templates.build import build_workbook
from workbook_templates.looks import LINE, TEAL, font, header
from workbook_templates.paper import Paper
from workbook_templates.sheets_on_demand import EVERY_SHEET
from workbook_templates.widths import wide

__all__ = ["book", "host"]  # fixtures
LABEL = "associate's degree"
ROSTER = frame(
    gender=["female", "male"],
    parental_level_of_education=[LABEL, "some college"],
    school=["城南外国语学校附属小学", "育才小学"],
    mark=[71.5, 80],
)


def widths(book: Any, name: str = "Students") -> list[float]:
    head = table_of(book, name).header_row_range
    return [round(head[0, at].column_width, 1) for at in range(head.shape[1])]


def face(cell: Any) -> tuple[object, ...]:
    colour = cell.font.color
    return cell.font.name, cell.font.sz, cell.font.b, colour.rgb if colour and colour.type == "rgb" else None


def test_every_table_is_declared_with_looks_of_its_own_columns() -> None:
    """No table is without looks, and no looks are for a column that does not exist."""
    assert EVERY_SHEET.keys() == DECLARED.keys()
    for name, sheet in EVERY_SHEET.items():
        assert sheet.hidden or sheet.columns.keys() >= {field.key for field in DECLARED[name].fields}
        assert sheet.columns.keys() <= {field.key for field in DECLARED[name].fields}


def test_an_imported_roster_is_seen_whole_and_undo_gives_the_widths_back(book: Any) -> None:
    """Import makes columns as wide as labels and headers need; undo and redo restore widths, too, exactly."""
    before = widths(book)
    height = table_of(book, "Students").header_row_range.row_height
    commands.import_roster(book, ROSTER)
    made = widths(book)
    assert made[1] >= len(LABEL) + 2 and made[2] >= wide(ROSTER["school"][0]) + 2
    assert made[0] < before[0], "gender stands where ids would"
    undo.undo(book, "zh")
    assert widths(book) == before
    assert table_of(book, "Students").header_row_range.row_height == height
    redo(book, "zh")
    assert widths(book) == made


def test_widths_set_by_hand_stay_when_a_table_is_written_again(host: Host, tmp_path: Path) -> None:
    """Only columns that come new are given a width, also in a workbook that was saved in between."""
    balance = frame(class_=["1班"], 甲=[1]).rename(columns={"class_": "class"})
    with host(template_path("zh")) as first:
        write_tables(first, {"Students": ROSTER, "Balance": balance}, "zh")
        for name in ("Students", "Balance"):
            table_of(first, name).header_row_range[0, 1].column_width = 50
        saved(first, tmp_path / "book.xlsx")
    with host(tmp_path / "book.xlsx") as again:
        write_tables(again, {"Students": ROSTER, "Balance": balance.assign(**{"很长的一列名字" * 4: [2]})}, "zh")
        assert [widths(again, name)[1] for name in ("Students", "Balance")] == [50, 50]
        assert widths(again, "Balance")[2] > 12


def test_a_column_out_of_many_set_as_one_keeps_its_neighbours(tmp_path: Path) -> None:
    """The columns kept free for rosters are one to a file: a width given to one of them is not given to the rest."""
    wide_roster = pd.concat([ROSTER.add_suffix(f" {n}") for n in range(4)], axis=1)
    with opened(template_path("en")) as one:
        write_tables(one, {"Students": wide_roster}, "en")
        saved(one, tmp_path / "one.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx")["Students"]
    shown = {}
    for dimension in sheet.column_dimensions.values():
        for column in range(dimension.min, dimension.max + 1):
            assert column not in shown, "no column twice, or Excel calls the file damaged"
            shown[column] = dimension.width
    assert shown[2] == shown[6] == shown[14] > shown[1] and shown[40] == shown[100] == pytest.approx(11, abs=1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sheets_made_on_demand_print_as_the_templates_do(lang: Lang, tmp_path: Path) -> None:
    """Paper, margins, footer, repeated header, frozen rows, fonts and widths are those that the builder would give."""
    tables = {name: frame(**{f.key: ["x"] for f in table.fields}) for name, table in MORE_TABLES.items()}
    with opened(template_path(lang)) as made:
        write_tables(made, tables, lang)
        saved(made, tmp_path / "made.xlsx")
    book = openpyxl.load_workbook(tmp_path / "made.xlsx")
    like = openpyxl.load_workbook(template_path(lang))
    for name in (name for name in tables if not EVERY_SHEET[name].hidden):
        sheet, looks = book[DECLARED[name].sheet.to(lang)], EVERY_SHEET[name]
        model = like[CHECKS.sheet.to(lang)]
        assert sheet.page_setup.orientation == ("landscape" if looks.landscape else "portrait"), name
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert int(sheet.page_setup.paperSize) == int(model.page_setup.paperSize)
        assert (sheet.page_margins.left, sheet.page_margins.bottom) == (0.6, 0.75)
        assert sheet.print_title_rows == model.print_title_rows
        assert sheet.oddFooter.center.text == model.oddFooter.center.text
        assert sheet.oddFooter.left.text == sheet["A1"].value == looks.title.to(lang)
        assert sheet.freeze_panes == f"{get_column_letter(looks.frozen_columns + 1)}4"
        assert [face(sheet[cell]) for cell in ("A1", "A2", "A3", "A4")] == [
            face(model[cell]) for cell in ("A1", "A2", "A3", "A4")
        ]
        assert sheet["A3"].fill.fill_type == "solid"


def test_sheets_made_on_demand_print_alike_from_libreoffice(host: Host, tmp_path: Path) -> None:
    """Whatever host makes the sheet, the file says the same of paper, footer, header and looks."""
    reasons = frame(pupil=["甲"], verdict=["可以"])
    with host(template_path("zh")) as made:
        write_tables(made, {"Reasons": reasons}, "zh")
        assert widths(made, "Reasons")[:4] == pytest.approx([24, 12, 24, 34], abs=0.1)
        saved(made, tmp_path / "made.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "made.xlsx")["解释"]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3" and sheet.freeze_panes == "A4"
    assert "&P / &N" in sheet.oddFooter.center.text
    assert sheet.page_margins.bottom == pytest.approx(0.75, abs=0.02)
    assert (sheet["A1"].font.sz, sheet["A1"].font.b, sheet["A3"].fill.start_color.rgb) == (18, True, "FF1F6F67")
    assert (sheet["A3"].font.color.rgb, sheet["B4"].alignment.horizontal) == ("FFFFFFFF", "center")


def test_rows_that_a_table_made_on_demand_leaves_are_plain_again(host: Host, tmp_path: Path) -> None:
    """Fewer rows than before: below them nothing is left, no lines either; more rows are all of one height."""
    edits = frame(id=["1", "2", "3"], **{"from": ["a"] * 3, "to": ["b"] * 3})
    with host(template_path("zh")) as made:
        write_tables(made, {"Edits": edits}, "zh")
        body = table_of(made, "Edits").data_body_range
        assert body.row_height == 20
        saved(made, tmp_path / "full.xlsx")
        write_tables(made, {"Edits": edits[:1]}, "zh")
        assert read_tables(made, ["Edits"])["Edits"]["id"].tolist() == ["1"]
        saved(made, tmp_path / "made.xlsx")
    full, sheet = (openpyxl.load_workbook(tmp_path / f"{name}.xlsx")["手工改动"] for name in ("full", "made"))
    assert {full[cell].border.bottom.style for cell in ("A4", "A5", "A6")} == {"thin"}
    assert sheet["A4"].border.bottom.style == "thin" and sheet["A5"].border.bottom.style is None


def test_a_sheet_that_a_template_has_is_made_anew_with_its_looks(tmp_path: Path) -> None:
    """A workbook that lost a sheet gets it back as the template has it."""
    content = given_content(CHECKS, frame(rule=["x"], kept=["no"]), "en")
    with opened(template_path("en")) as made:
        table_of(made, "Checks").parent.delete()
        write_tables(made, {"Checks": frame(rule=["x"], kept=["no"])}, "en")
        assert len(widths(made, "Checks")) == len(content.headers)
        saved(made, tmp_path / "made.xlsx")
    build_workbook(tmp_path / "built.xlsx", "en")
    one, other = (openpyxl.load_workbook(tmp_path / f"{name}.xlsx")["Checks"] for name in ("made", "built"))
    for cell in ("A1", "A2", "A3", "B3", "A4", "B4"):
        assert face(one[cell]) == face(other[cell]) and one[cell].number_format == other[cell].number_format
        for part in ("horizontal", "vertical", "indent", "wrapText"):
            assert getattr(one[cell].alignment, part) == getattr(other[cell].alignment, part), cell
    assert one.column_dimensions["B"].width == pytest.approx(other.column_dimensions["B"].width, abs=1)


def test_excel_is_told_the_same_paper() -> None:
    """Points instead of inches, False for as many pages as it takes; a PC without a printer goes without."""
    page = SimpleNamespace()
    app = SimpleNamespace(engine=SimpleNamespace(name="excel"))
    sheet = SimpleNamespace(book=SimpleNamespace(app=app), api=SimpleNamespace(PageSetup=page))
    guard.set_paper(sheet, Paper(landscape=True, title="A & B", head=2))
    assert (page.Orientation, page.Zoom, page.FitToPagesWide, page.FitToPagesTall) == (2, False, 1, False)
    assert (page.PrintTitleRows, page.CenterFooter, page.LeftFooter) == ("$3:$3", "&P / &N", "A && B")
    assert page.BottomMargin == 54
    guard.set_paper(SimpleNamespace(book=sheet.book, api=SimpleNamespace()), Paper())


def test_excel_is_told_the_same_looks() -> None:
    """Colours as Excel's numbers, Excel's own constants; the window of this workbook, not the one in front."""
    cells, window = MagicMock(), SimpleNamespace()
    app = SimpleNamespace(engine=SimpleNamespace(name="excel"))
    book = SimpleNamespace(app=app, api=SimpleNamespace(Windows=lambda number: window))
    sheet = SimpleNamespace(book=book, api=SimpleNamespace(Tab=SimpleNamespace()))
    head = {**font("zh"), **header(TEAL, "center"), "bottom": 1, "bottom_color": LINE}
    guard.dress(SimpleNamespace(sheet=sheet, api=cells), head)
    assert (cells.Font.Name, cells.Font.Size, cells.Font.Bold) == ("Microsoft YaHei", 10, True)
    assert (cells.HorizontalAlignment, cells.IndentLevel, cells.WrapText) == (-4108, 0, True)
    assert (cells.Interior.Color, cells.Font.Color) == (0x676F1F, 0xFFFFFF)
    cells.Borders.assert_called_with(9)
    guard.set_window(sheet, TEAL, (3, 1))
    assert (window.SplitRow, window.SplitColumn, window.FreezePanes, window.DisplayGridlines) == (3, 1, True, False)
