"""The workbook templates: what the code builds is what is committed, and every declared cell is looked after."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from addin.buttons import BUTTONS
from engine.settings_rows import SETTING_ROWS
from engine.tables import BALANCE, CHARTS, CLASS_LISTS, STUDENTS, TABLES, YES_NO, Table
from engine.wording import Lang
from workbook_templates import example_path, template_path
from workbook_templates.build import LANGS, build_workbook, main
from workbook_templates.highlights import VERDICTS
from workbook_templates.looks import FONT
from workbook_templates.sheets import SHEETS
from workbook_templates.start_sheet import START_SHEET, STEPS
from workbook_templates.validations import CLASS_NAMES, ROSTER_HEADERS, choices_in

Book = Any
both = pytest.mark.parametrize("lang", LANGS)


@pytest.fixture(scope="module")
def books() -> dict[Lang, Book]:
    return {lang: openpyxl.load_workbook(template_path(lang)) for lang in LANGS}


def table_in(book: Book, name: str) -> tuple[Any, Any]:
    """Return the worksheet and the table object of this name, which must be there once."""
    found = [(sheet, sheet.tables[name]) for sheet in book if name in sheet.tables]
    assert len(found) == 1
    return found[0]


def headers_in(book: Book, name: str) -> list[str]:
    sheet, table = table_in(book, name)
    left, top, right, _ = range_boundaries(table.ref)
    return [sheet.cell(top, column).value for column in range(left, right + 1)]


def rows_in(book: Book, name: str) -> list[list[Any]]:
    sheet, table = table_in(book, name)
    left, top, right, bottom = range_boundaries(table.ref)
    return [[cell.value for cell in row] for row in sheet.iter_rows(top + 1, bottom, left, right)]


def validations_at(sheet: Any, row: int, column: int) -> list[Any]:
    cell = f"{get_column_letter(column)}{row}"
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


def cells(book: Book) -> Iterator[Any]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from row


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


def test_committed_templates_are_what_the_code_builds() -> None:
    """Building again gives the committed files byte for byte, so `--check` succeeds."""
    assert main(["--check"]) == 0


def test_check_tells_a_stale_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A committed file that differs by one byte fails the check, by name, and stays as it is."""
    for lang in LANGS:
        stale = template_path(lang).read_bytes() + (b"\0" if lang == "en" else b"")
        (tmp_path / template_path(lang).name).write_bytes(stale)
    shutil.copy(example_path(), tmp_path)
    monkeypatch.setattr("workbook_templates.build.template_path", lambda lang: tmp_path / f"evenclass_{lang}.xlsx")
    assert main(["--check"]) == 1
    message = capsys.readouterr().err
    assert "evenclass_en.xlsx" in message
    assert "evenclass_zh.xlsx" not in message
    assert (tmp_path / "evenclass_en.xlsx").read_bytes().endswith(b"\0")


@both
def test_every_declared_table_stands_once_under_its_headers(books: dict[Lang, Book], lang: Lang) -> None:
    """Each table is on the sheet of its name, with the declared headers last to first in order."""
    for table in TABLES.values():
        sheet, _ = table_in(books[lang], table.name)
        declared = [field.header.to(lang) for field in table.fields]
        headers = headers_in(books[lang], table.name)
        assert sheet.title == table.sheet.to(lang)
        assert headers[-len(declared) :] == declared
        assert table.open or headers == declared


@both
def test_headers_stand_in_row_3_and_stay_in_sight(books: dict[Lang, Book], lang: Lang) -> None:
    """Every table has its header in row 3, frozen on screen and repeated on every printed page."""
    for name in TABLES:
        sheet, table = table_in(books[lang], name)
        assert range_boundaries(table.ref)[:2] == (1, 3)
        assert sheet.freeze_panes[-1] == "4"
        assert sheet.print_title_rows == "$3:$3"


@both
def test_sheets_print_on_a4_one_page_wide(books: dict[Lang, Book], lang: Lang) -> None:
    """Every sheet prints on A4 as wide as the page, page number in the footer; Balance goes over several pages."""
    for sheet in books[lang]:
        assert int(sheet.page_setup.paperSize) == 9
        if sheet.title == BALANCE.sheet.to(lang):
            assert sheet.print_title_cols == "$A:$A"
        elif sheet.title == CLASS_LISTS.sheet.to(lang):  # fitted, Excel would start no page at a class
            assert not sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.scale == SHEETS["ClassLists"].scale
        else:
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.oddFooter.center.text == "&P / &N"


@both
def test_every_choice_cell_offers_all_its_choices(books: dict[Lang, Book], lang: Lang) -> None:
    """Fields and settings with choices have a drop-down list of exactly these, far below the last row."""
    for table in TABLES.values():
        sheet, _ = table_in(books[lang], table.name)
        headers = headers_in(books[lang], table.name)
        for field in table.fields:
            if field.choices is not None:
                column = headers.index(field.header.to(lang)) + 1
                for row in (4, 5000):
                    (rule,) = validations_at(sheet, row, column)
                    assert rule.type == "list"
                    assert rule.formula1.strip('"').split(",") == choices_in(field.choices, lang)
    sheet, _ = table_in(books[lang], "Settings")
    for row, setting in enumerate(SETTING_ROWS, start=4):
        if setting.choices is not None:
            (rule,) = validations_at(sheet, row, 2)
            assert rule.formula1.strip('"').split(",") == choices_in(setting.choices, lang)


@both
def test_lists_that_grow_come_from_named_ranges(books: dict[Lang, Book], lang: Lang) -> None:
    """Classes are chosen from the table Classes, columns from the roster's headers."""
    wanted = {
        ("Students", "placed_class"): CLASS_NAMES,
        ("Rules", "class"): CLASS_NAMES,
        ("Columns", "column"): ROSTER_HEADERS,
    }
    for (name, key), source in wanted.items():
        sheet, _ = table_in(books[lang], name)
        column = headers_in(books[lang], name).index(TABLES[name].field(key).header.to(lang)) + 1
        (rule,) = validations_at(sheet, 4, column)
        assert rule.formula1 == source
    assert set(books[lang].defined_names) == {CLASS_NAMES, ROSTER_HEADERS}
    assert f"'{TABLES['Classes'].sheet.to(lang)}'!" in books[lang].defined_names[CLASS_NAMES].value


@both
def test_messages_fit_what_excel_can_show(books: dict[Lang, Book], lang: Lang) -> None:
    """Titles stay within 32 characters, messages and inline lists within 255, or Excel calls the file damaged."""
    for sheet in books[lang]:
        for rule in sheet.data_validations.dataValidation:
            assert all(len(title or "") <= 32 for title in (rule.errorTitle, rule.promptTitle))
            assert all(len(text or "") <= 255 for text in (rule.error, rule.prompt, rule.formula1))


@both
def test_settings_are_filled_in_with_their_defaults(books: dict[Lang, Book], lang: Lang) -> None:
    """The empty template has every setting, its default in the workbook's language, and what it means."""
    rows = {row[0]: row[1:] for row in rows_in(books[lang], "Settings")}
    assert list(rows) == [setting.label.to(lang) for setting in SETTING_ROWS]
    assert [row[1] for row in rows.values()] == [setting.meaning.to(lang) for setting in SETTING_ROWS]
    values = {setting.key: rows[setting.label.to(lang)][0] for setting in SETTING_ROWS}
    assert values["seed"] == 1
    assert values["same_name_apart"] == YES_NO["yes"].to(lang)
    assert values["language"] == {"zh": "中文", "en": "English"}[lang]


@both
def test_charts_draw_exactly_the_columns_of_the_charts_table(
    books: dict[Lang, Book], lang: Lang, tmp_path: Path
) -> None:
    """Each series takes its name from the header cell and its values from all data rows, never one cell only."""
    build_workbook(tmp_path / "filled.xlsx", lang, {"Charts": chart_table(7)})
    for book, last in ((books[lang], 5), (openpyxl.load_workbook(tmp_path / "filled.xlsx"), 10)):
        sheet = CHARTS.sheet.to(lang)
        drawn = [series for each in book for chart in each._charts for part in chart._charts for series in part.series]
        categories = {series.tx.strRef.f: (series.cat.strRef or series.cat.numRef).f for series in drawn}
        values = {series.tx.strRef.f: series.val.numRef.f for series in drawn}
        assert unquoted(categories) == {f"{sheet}!${c}$3": f"{sheet}!$A$4:$A${last}" for c in "BCDEF"}
        assert unquoted(values) == {f"{sheet}!${c}$3": f"{sheet}!${c}$4:${c}${last}" for c in "BCDEF"}


def chart_table(classes: int) -> pd.DataFrame:
    return pd.DataFrame(
        [[f"{a}班", 20 + a, 21, 0, 80.5, 80.25] for a in range(classes)],
        columns=["class", "男", "女", "others", "总分均分", "overall"],
        dtype=object,
    )


def unquoted(references: dict[str, str]) -> dict[str, str]:
    return {key.replace("'", ""): reference.replace("'", "") for key, reference in references.items()}


@both
def test_chart_defaults_are_written_out(lang: Lang) -> None:
    """Axes, corners and lines do not depend on how a reader takes a missing element; the mean axis starts at 0."""
    with zipfile.ZipFile(template_path(lang)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2
    for chart in charts:
        ElementTree.fromstring(chart)
        assert chart.count('<c:delete val="0"/>') == 2
        assert '<c:roundedCorners val="0"/>' in chart
        assert '<c:min val="0"/>' in chart
        assert chart.count('<c:overlay val="0"/>') == 2
    assert any('<c:smooth val="0"/></c:ser>' in chart for chart in charts)


@both
def test_fonts_go_by_their_name(lang: Lang) -> None:
    """No font follows the theme, which would show Chinese text in another face than the one chosen."""
    with zipfile.ZipFile(template_path(lang)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert "<scheme" not in styles
    assert f'<name val="{FONT.to(lang)}"/>' in styles


@both
def test_verdicts_rules_and_issues_are_coloured(books: dict[Lang, Book], lang: Lang) -> None:
    """Every word that a verdict may begin with, in either language, has its colour far below the last row."""
    sheet, _ = table_in(books[lang], "Gaps")
    column = "I"
    formulas = [
        rule.formula[0]
        for area in sheet.conditional_formatting
        if f"{column}5000" in area.sqref
        for rule in area.rules
        if rule.dxf.fill is not None
    ]
    assert len(formulas) == len(VERDICTS)
    for formula, (text, _) in zip(formulas, VERDICTS, strict=True):
        assert f'"{text.zh}"' in formula
        assert f'"{text.en}"' in formula
    for name, key, colours in (("Checks", "kept", 2), ("Rules", "kept", 2), ("Issues", "level", 3)):
        sheet, _ = table_in(books[lang], name)
        column = get_column_letter(headers_in(books[lang], name).index(TABLES[name].field(key).header.to(lang)) + 1)
        rules = [r for area in sheet.conditional_formatting if f"{column}5000" in area.sqref for r in area.rules]
        assert sum(rule.dxf.fill is not None for rule in rules) == colours


@both
def test_start_sheet_tells_what_to_do_in_ten_lines(books: dict[Lang, Book], lang: Lang) -> None:
    """The first sheet has at most ten numbered lines, and every link leads to a sheet that exists."""
    book = books[lang]
    start = book.worksheets[0]
    assert start.title == START_SHEET.to(lang)
    numbers = [cell.value for cell in start["B"] if isinstance(cell.value, int)]
    assert numbers == list(range(1, len(STEPS) + 1))
    assert len(STEPS) <= 10
    links = [cell.hyperlink.location for row in start.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) == sum(step.sheet is not None for step in STEPS)
    assert {link.split("!")[0].strip("'") for link in links} <= set(book.sheetnames)


@both
def test_start_sheet_names_buttons_as_they_are_called(lang: Lang) -> None:
    """Whoever has the ribbon is told the button, by its label."""
    told = " ".join(step.how.to(lang) for step in STEPS)
    wanted = {"import_roster", "check", "place", "undo", "measure"} - ({"undo"} if lang == "en" else set())
    press = {"zh": "按“{}”", "en": "Press {}"}[lang].casefold()
    assert all(press.format(b.label.to(lang)).casefold() in told.casefold() for b in BUTTONS if b.key in wanted)


@both
def test_templates_hold_no_formula_and_no_error(books: dict[Lang, Book], lang: Lang) -> None:
    """No cell of a template is a formula or an error value."""
    for cell in cells(books[lang]):
        assert not isinstance(cell.value, ArrayFormula)
        assert cell.data_type not in ("f", "e")


@pytest.fixture
def students() -> pd.DataFrame:
    return frame(
        学号=["007", "3607300001", "A-1"],
        姓名=["=1+1", "+李雷", "@韩梅梅"],
        语文=[98.5, 90, None],
        出生=[date(2012, 9, 1), datetime(2012, 9, 1, 8, 30), None],
        班级=["旧1", "-2", "旧1"],
        locked=["yes", "否", None],
    ).assign(**{"placed_class": ["1班", "2班", "1-2"]})


def test_filled_workbook_gives_back_every_value(tmp_path: Path, students: pd.DataFrame) -> None:
    """Values read back as written: leading zeros, decimals, dates, blanks; ours gives way to a 班级 of the roster."""
    path = tmp_path / "filled.xlsx"
    build_workbook(path, "zh", {"Students": students})
    book = openpyxl.load_workbook(path)
    assert headers_in(book, "Students") == ["学号", "姓名", "语文", "出生", "班级", "锁定", "新班级"]
    assert rows_in(book, "Students") == [
        ["007", "=1+1", 98.5, datetime(2012, 9, 1), "旧1", "是", "1班"],
        ["3607300001", "+李雷", 90, datetime(2012, 9, 1, 8, 30), "-2", "否", "2班"],
        ["A-1", "@韩梅梅", None, None, "旧1", None, "1-2"],
    ]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, students: pd.DataFrame) -> None:
    """Text beginning with = + - @ is stored as a string, and no part of the file has a formula element."""
    path = tmp_path / "filled.xlsx"
    build_workbook(path, "zh", {"Students": students})
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        shared = archive.read("xl/sharedStrings.xml").decode()
    assert not any("<f>" in sheet for sheet in sheets)
    for text in ("=1+1", "+李雷", "@韩梅梅", "-2"):
        assert f"<t>{text}</t>" in shared


@both
def test_choices_are_written_in_the_workbooks_language(tmp_path: Path, lang: Lang) -> None:
    """Keys, Chinese and English words of a choice all become the word of the workbook's language."""
    path = tmp_path / "filled.xlsx"
    tables = {
        "Columns": frame(column=["语文", "姓名", "性别"], use=["mark", "姓名", "gender"], weight=[2, None, 1]),
        "Settings": frame(setting=["effort", "随机种子"], value=["快速", 7], meaning=[None, None]),
        "Checks": frame(rule=["x"], kept=["no"]),
    }
    build_workbook(path, lang, tables)
    book = openpyxl.load_workbook(path)
    uses = TABLES["Columns"].field("use").choices
    assert uses is not None
    assert [row[1] for row in rows_in(book, "Columns")] == [uses[key].to(lang) for key in ("mark", "name", "gender")]
    assert [row[1] for row in rows_in(book, "Settings")] == [{"zh": "快速", "en": "quick"}[lang], 7]
    assert rows_in(book, "Checks")[0][4] == YES_NO["no"].to(lang)


def test_open_tables_keep_their_own_columns(tmp_path: Path) -> None:
    """Balance has a column per criterion, Charts its real labels as headers and so as legend."""
    path = tmp_path / "filled.xlsx"
    balance = frame(**{"class": ["1班"], "size": [40], "语文 均分": [85.25], "性别 男": [20]})
    build_workbook(path, "zh", {"Balance": balance, "Charts": chart_table(1)})
    book = openpyxl.load_workbook(path)
    assert headers_in(book, BALANCE.name) == ["班级", "人数", "语文 均分", "性别 男"]
    assert rows_in(book, BALANCE.name) == [["1班", 40, 85.25, 20]]
    assert headers_in(book, CHARTS.name) == ["班级", "男", "女", "其余人数", "总分均分", "年级平均"]


def test_a_table_without_rows_gets_a_blank_one(tmp_path: Path) -> None:
    """An Excel table needs a data row, so an empty frame becomes one blank row."""
    path = tmp_path / "filled.xlsx"
    build_workbook(path, "en", {"Issues": frame(level=[], what=[])})
    assert rows_in(openpyxl.load_workbook(path), "Issues") == [[None] * 6]


@both
def test_columns_that_code_adds_get_a_header_that_can_be_read(books: dict[Lang, Book], lang: Lang) -> None:
    """In open tables a header written into a column still free is white on the sheet's colour, by condition."""
    for table in TABLES.values():
        sheet, _ = table_in(books[lang], table.name)
        shown = [rule for area in sheet.conditional_formatting if "CV3" in area.sqref for rule in area.rules]
        assert [rule.formula[0] for rule in shown] == (['A$3<>""'] if table.open else [])
        if table.open:
            assert sheet["CV3"].alignment.wrap_text
            assert sheet["CV4"].alignment.horizontal == sheet["CV3"].alignment.horizontal


def test_headers_that_excel_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    """Two headers that differ only in case would make Excel repair the file; nothing is written."""
    path = tmp_path / "filled.xlsx"
    with pytest.raises(ValueError, match="Students"):
        build_workbook(path, "en", {"Students": frame(Name=["a"], name=["b"])})
    assert not path.exists()


def test_ours_stand_at_the_end_of_the_empty_roster() -> None:
    """The example roster of the empty template ends in our two columns, ready to be pasted over."""
    for lang in LANGS:
        headers = headers_in(openpyxl.load_workbook(template_path(lang), read_only=False), STUDENTS.name)
        assert headers[-2:] == [field.header.to(lang) for field in STUDENTS.fields]


def test_every_table_has_a_look() -> None:
    """Nobody can declare a table or a field without saying how it looks."""

    def keys(table: Table) -> set[str]:
        return {field.key for field in table.fields}

    assert {name: set(SHEETS[name].columns) for name in SHEETS} == {name: keys(TABLES[name]) for name in TABLES}
