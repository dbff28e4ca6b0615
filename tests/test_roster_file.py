"""Reading rosters from the files schools have."""

from __future__ import annotations

import hashlib
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from addin.roster_file import Roster, read_roster
from addin.trouble import FileTrouble

DATA = Path(__file__).parent / "data"
Cells = list[list[Any]]
HEAD: list[Any] = ["学号", "姓名", "性别", "语文"]
ROWS: Cells = [["007", "李 雷", "男", 98.5], ["008", "韩梅梅", "女", "缺考"], ["009", "王　芳", "女", 87]]
ONE, TWO = [HEAD, ROWS[0], ROWS[1]], [HEAD, ROWS[2]]


def xlsx(path: Path, sheets: dict[str, Cells]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def xls(path: Path, rows: Cells) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None:
                sheet.write(r, c, cell)
    book.save(str(path))
    return path


def ods(path: Path, rows: Cells) -> Path:
    book = OpenDocumentSpreadsheet()
    table = Table(name="名单")
    for row in rows:
        line = TableRow()
        for cell in row:
            number = isinstance(cell, int | float)
            held = TableCell(valuetype="float", value=cell) if number else TableCell(valuetype="string")
            if cell is not None:
                held.addElement(P(text=str(cell)))
            line.addElement(held)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def text(path: Path, rows: Cells, encoding: str = "utf-8", separator: str = ",") -> Path:
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def html(rows: Cells) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f"<html><style>td {{}}</style><body><table><tr><th colspan=4>七年级 名单</th></tr>{body}</table></body></html>"
    )


def cells(roster: Roster) -> Cells:
    return [list(row) for row in roster.students.itertuples(index=False)]


def said(roster: Roster, level: str = "") -> str:
    return " ".join(i.what.zh for i in roster.issues if level in ("", i.level))


def trouble(path: Path) -> str:
    with pytest.raises(FileTrouble) as caught:
        read_roster(path)
    return caught.value.text.zh


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.xlsx", lambda path, rows: xlsx(path, {"名单": rows})), ("a.xls", xls), ("a.ods", ods), ("a.csv", text)],
)
def test_each_format_gives_the_same_roster(tmp_path: Path, name: str, write: Callable[[Path, Cells], Path]) -> None:
    """Cells as they stand: ids text, marks numbers, spaces in names kept; the file itself untouched."""
    path = write(tmp_path / name, [HEAD, *ROWS])
    before = hashlib.sha256(path.read_bytes()).digest()
    roster = read_roster(path)
    assert list(roster.students.columns) == HEAD and cells(roster) == ROWS
    assert roster.rows == (2, 3, 4) and roster.issues == ()
    assert hashlib.sha256(path.read_bytes()).digest() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_in_any_encoding_and_with_any_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    """Also when it is called .xls, as school systems do."""
    for name in ("a.csv", "a.xls"):
        assert cells(read_roster(text(tmp_path / name, [HEAD, *ROWS], encoding, separator))) == ROWS


def test_western_accents_are_not_read_as_chinese(tmp_path: Path) -> None:
    """René in Windows-1252 is no 閑."""
    path = text(tmp_path / "a.csv", [["id", "name"], ["1", "René Müller"], ["2", "Zoë"]], "cp1252")
    assert read_roster(path).students["name"].tolist() == ["René Müller", "Zoë"]


def test_text_with_titles_quotes_and_line_breaks(tmp_path: Path) -> None:
    """A quoted line break is one cell; the row is the one Excel shows."""
    path = tmp_path / "a.csv"
    path.write_text('名单,,\n\n学号,姓名,"语文\n成绩"\n01,"李,雷",90\n02,"王\n芳",91\n', encoding="utf-8")
    roster = read_roster(path)
    assert list(roster.students.columns) == ["学号", "姓名", "语文\n成绩"]
    assert cells(roster) == [["01", "李,雷", 90], ["02", "王\n芳", 91]] and roster.rows == (4, 5)


def test_a_quote_never_closed_swallows_nobody(tmp_path: Path) -> None:
    """The text is read as it stands, with a warning."""
    path = tmp_path / "a.csv"
    path.write_text('学号,姓名,语文\n01,"李雷,90\n02,王芳,91\n', encoding="utf-8")
    roster = read_roster(path)
    assert cells(roster) == [["01", '"李雷', 90], ["02", "王芳", 91]] and "引号" in said(roster, "warning")


def test_numbers_of_text_are_numbers_only_where_nothing_changes(tmp_path: Path) -> None:
    """Leading zeros, trailing zeros, long numbers, words like nan and ids stay text; 缺考 does not hinder the rest."""
    columns: dict[str, tuple[list[str], list[Any]]] = {
        "学号": (["20230001", "2"], ["20230001", "2"]),
        "电话": (["13800000001", "13800000002"], ["13800000001", "13800000002"]),
        "语文": (["0.5", "-3"], [0.5, -3]),
        "a": (["007", "8"], ["007", "8"]),
        "b": (["1.50", "2"], ["1.50", "2"]),
        "e": (["0.1234567890123456789", "1"], ["0.1234567890123456789", "1"]),
        "c": (["nan", "1"], ["nan", 1]),
        "d": (["90", "缺考"], [90, "缺考"]),
    }
    rows = [list(row) for row in zip(*(written for written, _ in columns.values()), strict=True)]
    students = read_roster(text(tmp_path / "a.csv", [list(columns), *rows])).students
    assert {header: students[header].tolist() for header in columns} == {h: read for h, (_, read) in columns.items()}


NUMBERS = st.one_of(st.decimals(-99, 999, places=2).map(str), st.integers().map(str), st.text("0123.-e缺考"))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.decimals(-99, 999, places=2).map(str), st.integers().map(str), st.text("0123.-e缺考")), min_size=1
    )
)
def test_whatever_text_becomes_a_number_reads_back_the_same(tmp_path: Path, column: list[str]) -> None:
    """Written again, a cell is what it was, a final .0 aside."""
    path = text(tmp_path / "a.csv", [["姓名", "数"], *(["李雷", cell] for cell in column)])
    got = ["" if cell is None else str(cell) for cell in read_roster(path).students["数"]]
    assert [cell.removesuffix(".0") for cell in got] == [cell.removesuffix(".0") for cell in column]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page_called_xls_is_read(tmp_path: Path, encoding: str) -> None:
    """The commonest export of school systems; a note says so."""
    path = tmp_path / "a.xls"
    path.write_bytes(html([HEAD, *ROWS]).replace("98.5", "<b>98.5</b>&nbsp;").encode(encoding))
    roster = read_roster(path)
    assert cells(roster) == ROWS and "网页" in said(roster) and "七年级 名单" in said(roster)


def test_cells_over_several_rows_of_a_web_page_keep_columns_in_place(tmp_path: Path) -> None:
    """Two rows of headings with rowspan and colspan."""
    page = (
        "<table><tr><td rowspan=2>学号<td rowspan=2>姓名<td colspan=2>期末成绩<tr><td>语文<td>数学"
        "<tr><td>1<td>李雷<td>90<td>80<tr><td>2<td>王芳<td><td>81</table>"
    )
    path = tmp_path / "a.xls"
    path.write_text(page, encoding="utf-8")
    roster = read_roster(path)
    assert list(roster.students.columns) == ["学号", "姓名", "语文", "数学"]
    assert cells(roster) == [["1", "李雷", 90, 80], ["2", "王芳", None, 81]]


def test_an_xml_spreadsheet_called_xls_is_read(tmp_path: Path) -> None:
    """XML Spreadsheet 2003, with cells and rows left out."""
    page = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名单"><Table>'
        '<Row><Cell><Data ss:Type="String">学号</Data></Cell><Cell><Data>姓名</Data></Cell>'
        '<Cell><Data>语文</Data></Cell></Row><Row ss:Index="3"><Cell><Data>01</Data></Cell>'
        '<Cell ss:Index="3"><Data>90</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )
    path = tmp_path / "a.xls"
    path.write_text(page, encoding="utf-8")
    roster = read_roster(path)
    assert cells(roster) == [["01", None, 90]] and roster.rows == (3,) and roster.sheet == "名单"


def test_sheets_with_the_same_headings_are_one_roster(tmp_path: Path) -> None:
    """One sheet per class: joined, each named with its count; the order of columns may differ."""
    path = xlsx(tmp_path / "a.xlsx", {"一班": ONE, "二班": [row[::-1] for row in TWO], "说明": [["请勿修改"]]})
    roster = read_roster(path)
    assert cells(roster) == ROWS and roster.rows == (2, 3, 2) and roster.sheet == "一班、二班"
    assert "“一班” 2 人、“二班” 1 人" in said(roster, "note")


def test_sheets_that_list_the_same_pupils_are_not_joined(tmp_path: Path) -> None:
    """The whole year and its classes: the fullest sheet is used, the others are warned of."""
    path = xlsx(tmp_path / "a.xlsx", {"一班": ONE, "全年级": [HEAD, *ROWS], "二班": TWO})
    roster = read_roster(path)
    assert cells(roster) == ROWS and roster.sheet == "全年级"
    assert "“一班”、“二班”" in said(roster, "warning")


def test_a_sheet_with_other_headings_is_warned_of_and_hidden_ones_told(tmp_path: Path) -> None:
    """What is not read is named."""
    path = xlsx(tmp_path / "a.xlsx", {"七年级": [HEAD, *ROWS], "转入": [["姓名", "电话"], ["赵六", "1"]], "旧": TWO})
    book = openpyxl.load_workbook(path)
    book["旧"].sheet_state = "hidden"
    book.save(path)
    roster = read_roster(path)
    assert cells(roster) == ROWS
    assert "“转入”" in said(roster, "warning") and "“旧”" in said(roster, "note")


def test_dates_errors_and_formulas_of_excel(tmp_path: Path) -> None:
    """Dates are dates; failed formulas and formulas never calculated are blank, with a warning that names a cell."""
    rows: Cells = [["学号", "姓名", "生日", "语文", "总分"], ["1", "李雷", date(2012, 3, 4), "#N/A", "=D2+1"]]
    path = xlsx(tmp_path / "a.xlsx", {"名单": [*rows, ["2", "王芳", None, 90, 91]]})
    roster = read_roster(path)
    assert cells(roster) == [["1", "李雷", date(2012, 3, 4), None, None], ["2", "王芳", None, 90, 91]]
    assert "如 E2" in said(roster, "warning") and "D2 的 #N/A" in said(roster, "warning")


def test_cells_merged_over_pupils_are_warned_of(tmp_path: Path) -> None:
    """班级 merged over a class: only the first pupil has it. A merged title is nothing to speak of."""
    path = xlsx(tmp_path / "a.xlsx", {"名单": [["名单"], ["班级", "姓名"], ["一班", "李雷"], [None, "王芳"]]})
    book = openpyxl.load_workbook(path)
    book["名单"].merge_cells("A1:B1")
    book.save(path)
    assert "合并" not in said(read_roster(path))
    book["名单"].merge_cells("A3:A4")
    book.save(path)
    assert "第1列第3至4行" in said(read_roster(path), "warning")


def test_ids_that_excel_has_ruined_are_warned_of(tmp_path: Path) -> None:
    """An identity number held as a number has lost its last digits."""
    path = xls(tmp_path / "a.xls", [["身份证号", "姓名"], [110101201203040011, "李雷"]])
    assert "改坏" in said(read_roster(path), "warning")


def test_broken_inputs_are_told_in_words(tmp_path: Path) -> None:
    """No such file, empty, unknown kind, damaged, not text, without headings, with a password: each says what it is."""
    assert "找不到" in trouble(tmp_path / "none.xlsx")
    contents = {
        "empty.xlsx": (b"", "空文件"),
        "a.docx": (b"PK", "不认识"),
        "zip.xlsx": (b"PK\x03\x04 nothing", "损坏"),
        "ole.xls": (b"\xd0\xcf\x11\xe0" + bytes(600), "损坏"),
        "locked.xlsx": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        "noise.csv": (bytes(range(256)) * 4, "识别"),
        "word.csv": (b"hello", "没有找到名单"),
        "heads.csv": ("学号,姓名\n".encode(), "没有找到名单"),
        "pupils.csv": ("1,李雷,男,90\n2,王芳,女,91\n".encode(), "1 李雷 男 90"),
        "page.xls": (b"<html><body>Please log in</body></html>", "没有找到名单"),
    }
    for name, (data, word) in contents.items():
        (tmp_path / name).write_bytes(data)
        assert word in trouble(tmp_path / name), name
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as parts:
        parts.writestr("hello.txt", "hello")
    assert "损坏" in trouble(tmp_path / "other.xlsx")


@pytest.mark.parametrize("name", ["usalgo_100.xlsx", "pyopt_318.csv"])
def test_real_rosters_are_as_another_reader_sees_them(name: str) -> None:
    """Cell for cell and heading for heading what pandas reads, with nothing to warn of."""
    path = DATA / name
    other = pd.read_csv(path, dtype=str) if name.endswith(".csv") else pd.read_excel(path, dtype=str, engine="openpyxl")
    roster = read_roster(path)
    assert list(roster.students.columns) == list(other.columns)
    seen = roster.students.map(lambda cell: "" if cell is None else str(cell))
    assert seen.to_numpy().tolist() == other.fillna("").to_numpy().tolist()
    assert roster.issues == ()


def test_ten_thousand_pupils_are_read_in_a_moment(tmp_path: Path) -> None:
    """10,000 rows of 12 columns: about half a second, here with room for a busy machine."""
    rows: Cells = [[f"S{i:05}", f"李{chr(0x4E00 + i)}", "男", *(i % (90 + j) for j in range(9))] for i in range(10_000)]
    path = text(tmp_path / "a.csv", [["学号", "姓名", "性别", *(f"语文{j}" for j in range(9))], *rows])
    began = time.process_time()
    assert len(read_roster(path).students) == 10_000
    assert time.process_time() - began < 3
