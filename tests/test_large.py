"""A large roster in a workbook full of a school's own things: all of it is there after placing, cell for cell."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from addin import commands, live
from addin.book import opened, read_tables, saved
from addin.hosts.libreoffice import office_engine
from addin.hosts.office_process import available
from addin.hosts.workbook_file import file_engine
from engine.roster import guess_columns
from tests.rosters import roster
from tests.test_clicks import quick
from workbook_templates import template_path

PUPILS, COLUMNS, CLASSES = 3000, 30, 60
RIBBON = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


def big_roster() -> pd.DataFrame:
    """Return 3,000 pupils with 30 columns: ids, names, marks, dates, texts that look like something else."""
    rng = np.random.default_rng(8)
    columns: dict[str, list[object]] = {
        "学号": [f"{i:08}" for i in range(PUPILS)],
        "姓名": [f"学生{i}" for i in range(PUPILS)],
        "性别": [["男", "女"][i % 2] for i in range(PUPILS)],
        "出生日期": [datetime(2012, 1 + i % 12, 1 + i % 28) for i in range(PUPILS)],
    }
    for subject in ("语文", "数学", "英语"):
        columns[subject] = [int(each) for each in rng.integers(30, 150, PUPILS)]
    for number in range(COLUMNS - len(columns)):
        columns[f"备注{number}"] = [f"{i % 12 + 1}-{number + 1}" if i % 3 else None for i in range(PUPILS)]
    return pd.DataFrame(columns, dtype=object)


def school_workbook(path: Path) -> None:
    """Write a workbook of ours with the roster, and with what a school puts into it by hand."""
    students = big_roster()
    with opened(template_path("zh")) as book:
        commands.fill(book, students, "zh", CLASSES)
        columns = guess_columns(students, "zh")
        assert len(columns) >= COLUMNS
        quick(book)
        saved(book, path)
    book = openpyxl.load_workbook(path)
    sheet = book["学生"]
    for row in range(4, 4 + PUPILS, 7):
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor="FFFF00")
        sheet.cell(row, 12).font = Font(bold=True, color="FF0000")
        sheet.cell(row, 5).number_format = "0.0"
    for row in range(4, 4 + PUPILS, 500):
        sheet.cell(row, 2).comment = Comment(f"家访 {row}", "班主任")
        sheet.cell(row, 30).value = f"=E{row}+F{row}"
    sheet.column_dimensions["C"].width = 33
    sheet.row_dimensions[10].height = 44
    other = book.create_sheet("走访记录")
    other["A1"], other["B2"], other["C3"] = "谁", "=SUM(学生!E4:E3003)", 0.125
    other["C3"].number_format = "0.0%"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["customUI/customUI14.xml"] = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"/>'
    relation = f'<Relationship Id="r9" Type="{RIBBON}" Target="customUI/customUI14.xml"/></Relationships>'
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", relation.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def looks(path: Path) -> dict[str, Any]:
    """Return every cell of the sheets that hold what the school wrote, and the sizes of rows and columns."""
    book = openpyxl.load_workbook(path)
    found: dict[str, Any] = {}
    styles: dict[int, Any] = {}
    for name in ("使用说明", "规则", "学生", "走访记录"):
        sheet, cells = book[name], {}
        for cell in (cell for row in sheet for cell in row):
            style = cell.style_id
            if style not in styles:
                colour = cell.font.color and cell.font.color.rgb
                styles[style] = (cell.number_format, cell.fill.fgColor.rgb, cell.font.b, colour, cell.border.top.style)
            cells[cell.row, cell.column] = (cell.value, styles[style], cell.comment and cell.comment.text)
        found[name] = cells
        found[f"{name} widths"] = {key: (each.width, each.hidden) for key, each in sheet.column_dimensions.items()}
        found[f"{name} heights"] = {key: each.height for key, each in sheet.row_dimensions.items()}
    return found


def check_ribbon(path: Path) -> None:
    """Check that the workbook's own ribbon is in the file and the package knows it."""
    with zipfile.ZipFile(path) as archive:
        assert b"customui" in archive.read("customUI/customUI14.xml")
        assert RIBBON.encode() in archive.read("_rels/.rels")


def test_3000_pupils_with_30_columns_lose_no_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check, place and undo as clicks in Excel's way: values, formats, formulas, comments, widths, ribbon all stay."""
    path, after = tmp_path / "学校.xlsx", tmp_path / "后.xlsx"
    school_workbook(path)
    app = file_engine().apps.add()
    book = app.books.open(path)
    monkeypatch.setattr("xlwings.Book._mock_caller", book, raising=False)
    live.clicked("place")
    assert app.impl.alerts[0].startswith(f"分好了：{PUPILS} 名学生，{CLASSES} 个班")
    saved(book, after)
    students = read_tables(book)["Students"]
    assert students["placed_class"].value_counts().tolist() == [PUPILS // CLASSES] * CLASSES
    placed = list(students.columns).index("placed_class") + 1
    before, now = looks(path), looks(after)
    for row in range(4, 4 + PUPILS):  # our own column, and no other cell
        assert now["学生"].pop((row, placed))[0] is not None
    own = {(row, placed): before["学生"].pop((row, placed)) for row in range(4, 4 + PUPILS)}
    assert now == before
    check_ribbon(after)
    live.clicked("undo")
    assert app.impl.alerts[1].startswith("已撤销“分班”")
    saved(book, after)
    before["学生"].update(own)
    assert looks(after) == before
    app.quit()


def test_one_placement_whichever_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same workbook placed by the command line's way, Excel's way and in LibreOffice: the same classes and gaps."""
    path = tmp_path / "book.xlsx"
    with opened(template_path("zh")) as book:
        commands.fill(book, roster(60), "zh", 4)
        quick(book)
        saved(book, path)
    with opened(path) as book:
        commands.place(book)
        expected = read_tables(book)
    app = file_engine().apps.add()
    monkeypatch.setattr("xlwings.Book._mock_caller", app.books.open(path), raising=False)
    live.clicked("place")
    ways = [read_tables(app.books[0])]
    app.quit()
    if available() is None:
        with opened(path, office_engine()) as book:
            commands.place(book)
            ways.append(read_tables(book))
    for found in ways:
        assert list(found["Students"]["placed_class"]) == list(expected["Students"]["placed_class"])
        for name in ("ClassLists", "Checks", "Issues", "Classes", "Columns", "Settings"):
            assert found[name].equals(expected[name]), name
        for name in ("Balance", "Gaps"):
            pd.testing.assert_frame_equal(
                found[name].infer_objects(), expected[name].infer_objects(), check_dtype=False, rtol=1e-12
            )
        for key in ("placement_hash", "roster_hash", "imbalance", "steps"):
            assert list(found["History"][key]) == list(expected["History"][key]), key


def test_libreoffice_loses_no_cell_of_3000_pupils(tmp_path: Path) -> None:
    """LibreOffice's own file before, and after placing and undoing: all but our column is the same, the ribbon too."""
    if (lacking := available()) is not None:
        pytest.skip(lacking.en)
    path, before, after = tmp_path / "学校.xlsx", tmp_path / "前.xlsx", tmp_path / "后.xlsx"
    school_workbook(path)
    with opened(path, office_engine()) as book:
        saved(book, before)
        commands.place(book)
        saved(book, after)
        placed = list(read_tables(book, ["Students"])["Students"].columns).index("placed_class") + 1
        was, now = looks(before), looks(after)
        own = {(row, placed): was["学生"].pop((row, placed)) for row in range(4, 4 + PUPILS)}
        for place in own:
            assert now["学生"].pop(place)[0] is not None
        assert now == was
        check_ribbon(after)
        commands.take_back(book)
        saved(book, after)
    was["学生"].update(own)
    assert looks(after) == was
