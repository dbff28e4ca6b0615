"""The command line on real files: what staff type, what they get, and what never happens to their files."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from addin.cli import app
from addin.speech import own_language
from tests.rosters import roster
from workbook_templates import example_roster_path

EXAMPLE = example_roster_path()


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENCLASS_LANG", "zh")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def table(path: Path, name: str) -> pd.DataFrame:
    """Return a table of a workbook, read with openpyxl alone."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book if name in sheet.tables)
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref]]
    return pd.DataFrame(rows[1:], columns=rows[0], dtype=object)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    roster(24).to_csv(path, index=False, encoding="gb18030")
    return path


@pytest.fixture
def book(tmp_path: Path, small: Path) -> Path:
    path = tmp_path / "工作簿.xlsx"
    assert run("new", path, "--from", small, "-k", 3).exit_code == 0
    return path


def test_place_turns_a_roster_into_a_workbook(tmp_path: Path) -> None:
    """One command: every column of the roster untouched and in order, then 班级; every rule kept."""
    out, before = tmp_path / "out.xlsx", digest(EXAMPLE)
    result = run("place", EXAMPLE, "--classes", 4, "-o", out)
    assert result.exit_code == 0
    given, students = pd.read_excel(EXAMPLE, dtype=object, engine="openpyxl"), table(out, "Students")
    assert list(students.columns[:12]) == list(given.columns)
    for header in given.columns:
        assert [c or None for c in students[header]] == [None if pd.isna(c) else c or None for c in given[header]]
    assert students["班级"].value_counts().tolist() == [25] * 4
    assert set(table(out, "Checks")["是否遵守"]) == {"是"}
    assert "规则：8/8 条遵守" in result.stdout
    assert digest(EXAMPLE) == before


def test_same_seed_same_placement_and_the_seed_matters(tmp_path: Path, small: Path) -> None:
    """The same command twice gives the same classes; --seed decides and is written into Settings.

    Two seeds may both find the one best placement of so few pupils, so several are tried.
    """
    for name, seed in (("a", 1), ("b", 1), ("c", 2), ("d", 3), ("e", 4), ("f", 5)):
        assert run("place", small, "-k", 3, "--seed", seed, "-o", tmp_path / f"{name}.xlsx").exit_code == 0
    placements = [table(tmp_path / f"{name}.xlsx", "Students")["班级"].tolist() for name in "abcdef"]
    assert placements[0] == placements[1]
    assert len({tuple(placement) for placement in placements[1:]}) >= 3
    settings = table(tmp_path / "c.xlsx", "Settings").set_index("设置项")
    assert settings.loc["随机种子", "值"] == 2


def test_placing_a_saved_result_again_gives_the_same(tmp_path: Path, small: Path) -> None:
    """The workbook is the record: seed, columns and classes in it lead to the same placement."""
    first, second = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    assert run("place", small, "-k", 3, "--seed", 7, "-o", first).exit_code == 0
    assert run("place", first, "-o", second).exit_code == 0
    assert table(first, "Students").equals(table(second, "Students"))
    history = table(second, "History")
    assert len(history) == 2 and history["分班指纹"].nunique() == 1 and history["名单指纹"].nunique() == 1


def test_a_failed_formula_in_a_file_is_told_once(tmp_path: Path) -> None:
    """By pupil where the cells are measured, else by column: never both."""
    path = tmp_path / "名单.csv"
    gender = ["男", "女"] * 5 + ["男", "#N/A"]
    spoilt = roster(12, 语文=["#N/A", *range(60, 71)], 性别=gender, 备注=["#REF!"] + [None] * 11)
    spoilt.to_csv(path, index=False)
    for verb in ("check", "place"):
        told = [
            line
            for line in run(verb, path, "-k", 2, "-o", tmp_path / f"{verb}.xlsx").stderr.splitlines()
            if "#" in line
        ]
        assert len(told) == 3, told
        assert "备注”列有 1 格公式出错" in told[0] and "李雷（001）的这一格是公式错误“#N/A”" in "".join(told[1:])


def test_new_check_place_measure(tmp_path: Path, book: Path) -> None:
    """The way through a workbook of ours; measure agrees with what place wrote into Gaps."""
    assert run("check", book, "-o", tmp_path / "checked.xlsx").exit_code == 0
    out = tmp_path / "out.xlsx"
    assert run("place", book, "-o", out).exit_code == 0
    found: dict[str, Any] = json.loads(run("measure", out, "--json").stdout)
    assert (found["classes"], found["pupils"], found["violations"]) == (3, 24, 0)
    gaps = table(out, "Gaps")
    assert [c["gap"] for c in found["criteria"]] == pytest.approx(gaps["最大差"].tolist())
    assert [c["floor"] for c in found["criteria"]] == pytest.approx(gaps["最小可能差"].tolist())
    assert all(c["at_floor"] == (c["gap"] <= c["floor"]) for c in found["criteria"])


def test_a_refused_roster_writes_nothing_and_names_the_row_of_the_file(tmp_path: Path) -> None:
    """Errors are told with the row that Excel shows; exit code 2; no file appears."""
    path = tmp_path / "名单.xlsx"
    marks = [60 + i for i in range(12)]
    frame = roster(语文=[*marks[:5], "六十六", *marks[6:]])
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        frame.to_excel(writer, index=False, startrow=2)
        writer.sheets["Sheet1"]["A1"] = "某校某年级成绩"
    before = digest(path)
    result = run("place", path, "-k", 3, "-o", tmp_path / "out.xlsx")
    assert result.exit_code == 2
    assert "错误 名单 第9行 语文：露西（006）的“六十六”不是数。" in result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["名单.xlsx"]
    assert digest(path) == before


def test_check_writes_issues_into_a_copy(tmp_path: Path, book: Path) -> None:
    """The input stays as it is; the copy has the table Issues; exit code 2."""
    opened = openpyxl.load_workbook(book)
    sheet = next(sheet for sheet in opened if "Rules" in sheet.tables)
    sheet["A4"], sheet["B4"] = "同班", "李雷、无名氏"
    opened.save(book)
    before = digest(book)
    result = run("check", book)
    assert result.exit_code == 2 and digest(book) == before
    issues = table(tmp_path / "工作簿-检查.xlsx", "Issues")
    (row,) = issues[issues["级别"] == "错误"].to_dict("records")
    assert (row["表"], row["行"], row["列"]) == ("规则", 1, "学生")
    assert "无名氏" in row["问题"]
    assert run("place", book, "-o", tmp_path / "out.xlsx").exit_code == 2
    assert not (tmp_path / "out.xlsx").exists()


def test_in_place_keeps_a_backup(tmp_path: Path, book: Path) -> None:
    """--in-place writes into the workbook and leaves the old one beside it."""
    before = book.read_bytes()
    assert run("place", book, "--in-place").exit_code == 0
    (kept,) = tmp_path.glob("工作簿.备份-*.xlsx")
    assert kept.read_bytes() == before
    assert table(book, "Students")["班级"].notna().all()


def test_the_input_is_never_overwritten_unasked(tmp_path: Path, book: Path) -> None:
    """-o with the input's own name, also by another path, is refused."""
    before = digest(book)
    for out in (book, tmp_path / "." / book.name):
        result = run("place", book, "-o", out)
        assert result.exit_code == 2 and "不会被覆盖" in result.stderr
    assert digest(book) == before
    assert run("new", book).exit_code == 2


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["place", "没有.xlsx", "-k", "3"], "找不到文件“没有.xlsx”"),
        (["place", "坏.xlsx", "-k", "3"], "坏.xlsx"),
        (["place", "空.csv", "-k", "3"], "空.csv"),
        (["place", "名单.csv", "-k", "3", "-o", "结果.xls"], "要以 .xlsx 结尾"),
        (["place", "名单.csv", "-k", "3", "-o", "无此文件夹/结果.xlsx"], "没有“无此文件夹”这个文件夹"),
        (["place", "名单.csv", "-k", "3", "--in-place"], "不是本程序的工作簿"),
        (["place", "名单.csv"], "还没有班级"),
        (["place", "名单.csv", "-k", "25"], "不够"),
        (["measure", "名单.csv"], "没有表格 Students，也就没有可用的分班"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], part: str
) -> None:
    """Exit code 2, a sentence with the file and what to do, and no new file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    (tmp_path / "空.csv").write_bytes(b"")
    before = sorted(p.name for p in tmp_path.iterdir())
    result = run(*words)
    assert result.exit_code == 2 and part in result.stderr
    assert "Traceback" not in result.output
    assert sorted(p.name for p in tmp_path.iterdir()) == before


INVOICE = [
    ["某某公司"],
    ["序号", "货物名称", "数量", "单价"],
    [1, "复印纸", 10, 15],
    [2, "粉笔", 50, 3],
    ["合计", None, None, 300],
]
TIMETABLE = [
    ["节次", "星期一", "星期二"],
    ["第一节", "语文", "数学"],
    ["第二节", "英语", "语文"],
    ["第三节", "数学", "英语"],
]


STOCK: list[list[object]] = [
    ["编号", "品名", "规格", "数量", "单价", "合计"],
    ["A001", "钢笔", "0.5mm", 120, 3.5, 420],
    ["A002", "练习本", "16K", 300, 2, 600],
    ["A003", "订书机", "小", 15, 12, 180],
]


@pytest.mark.parametrize(
    ("rows", "found"),
    [(INVOICE, "序号、货物名称、数量、单价"), (TIMETABLE, "语文、数学"), (STOCK, "编号、品名、规格、数量、单价、合计")],
)
def test_what_is_no_roster_is_refused_with_what_was_found(tmp_path: Path, rows: list[list[object]], found: str) -> None:
    """An invoice, a timetable or a stock list is not placed, checked or measured as if its rows were pupils."""
    path, out = tmp_path / "别的.xlsx", tmp_path / "结果.xlsx"
    other = openpyxl.Workbook()
    for row in rows:
        other.worksheets[0].append(row)
    other.save(path)
    for words in (["place", path, "-k", 2, "-o", out], ["check", path, "-o", out], ["new", out, "--from", path]):
        result = run(*words)
        assert result.exit_code == 2 and "不像学生名单：工作表“Sheet”" in result.stderr and found in result.stderr
    assert run("measure", path).exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "header"), [("Columns", "列名"), ("Classes", "班级"), ("Rules", "规则"), ("Settings", "设置项")]
)
def test_a_table_without_the_column_that_matters_is_refused(tmp_path: Path, book: Path, name: str, header: str) -> None:
    """Someone deleted 班级 from Classes, say: that is told instead of that there are no classes; nothing is written."""
    spoilt, out = tmp_path / "缺列.xlsx", tmp_path / "结果.xlsx"
    opened = openpyxl.load_workbook(book)
    sheet = next(sheet for sheet in opened if name in sheet.tables)
    table = sheet.tables[name]
    column = next(each for each in table.tableColumns if each.name == header)
    next(cell for cell in sheet[table.ref][0] if cell.value == header).value = column.name = "别的"
    opened.save(spoilt)
    for words in (["check", spoilt, "-o", out], ["place", spoilt, "-o", out], ["measure", spoilt]):
        result = run(*words)
        assert result.exit_code == 2 and f"没有标题为“{header}”的一列" in result.stderr and name in result.stderr
    assert not out.exists()


def test_a_workbook_whose_table_of_pupils_was_renamed_is_not_taken_for_a_roster(tmp_path: Path, book: Path) -> None:
    """Its rules and settings would be lost in silence: the table's name is asked back, with the one found."""
    renamed, out = tmp_path / "改名.xlsx", tmp_path / "结果.xlsx"
    opened = openpyxl.load_workbook(book)
    sheet = next(sheet for sheet in opened if "Students" in sheet.tables)
    table = sheet.tables.pop("Students")
    table.name = table.displayName = "表1"
    sheet.add_table(table)
    opened.save(renamed)
    for words in (["place", renamed, "-o", out], ["measure", renamed], ["undo", renamed]):
        result = run(*words)
        assert result.exit_code == 2 and "没有表格 Students（有的是 表1）" in result.stderr
    assert not out.exists()


def test_a_workbook_without_its_sheet_of_rules_has_none(tmp_path: Path, book: Path) -> None:
    """Whoever deletes the sheet Rules has no rules: placed and measured all the same."""
    fewer, out = tmp_path / "无规则.xlsx", tmp_path / "结果.xlsx"
    opened = openpyxl.load_workbook(book)
    opened.remove(next(sheet for sheet in opened if "Rules" in sheet.tables))
    opened.save(fewer)
    assert run("place", fewer, "-o", out).exit_code == 0
    assert run("measure", out).exit_code == 0


def test_check_tells_of_merged_cells_as_place_does(tmp_path: Path, book: Path) -> None:
    """A merged heading hides the one beside it; check names the cell instead of a column that is not there."""
    merged = tmp_path / "合并.xlsx"
    opened = openpyxl.load_workbook(book)
    sheet = next(sheet for sheet in opened if "Students" in sheet.tables)
    sheet.merge_cells("D3:E3")
    opened.save(merged)
    for verb in ("check", "place"):
        result = run(verb, merged)
        assert result.exit_code == 2 and "的 D3 有合并单元格" in result.stderr
    assert sorted(path.name for path in tmp_path.glob("合并*")) == ["合并.xlsx"]


def test_what_a_saved_file_cannot_hold_is_said(tmp_path: Path, book: Path) -> None:
    """A workbook with a data connection: the result lacks it, and that is said before it is written."""
    parts = {}
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/connections"
    link = b'<Relationship Id="rId99" Type="' + kind + b'" Target="connections.xml"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", link)
    parts["xl/connections.xml"] = b'<connections xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    with zipfile.ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    result = run("place", book, "-o", tmp_path / "out.xlsx")
    assert result.exit_code == 0 and "保存后不再有：外部数据连接" in result.stderr


def test_a_broken_tolerance_ends_with_1_and_says_so(tmp_path: Path, book: Path) -> None:
    """Done, but a tolerance is missed: exit code 1, the verdict in words."""
    opened = openpyxl.load_workbook(book)
    sheet = next(sheet for sheet in opened if "Columns" in sheet.tables)
    rows = {sheet.cell(r, 1).value: r for r in range(4, 12)}
    sheet.cell(rows["语文"], 4).value = 0
    sheet.cell(rows["数学"], 4).value = 0
    opened.save(book)
    result = run("place", book, "-o", tmp_path / "out.xlsx")
    gaps = table(tmp_path / "out.xlsx", "Gaps")
    missed = (gaps["结论"] == "超出允许差").any()
    assert result.exit_code == (1 if missed else 0)
    assert ("超出允许差" in result.stdout) == missed


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    """=1+1, +李雷, -5班, @x, long ids and leading zeros come out as they went in."""
    odd = [
        "=1+1",
        "+李雷",
        "-5班",
        "@x",
        "007",
        "1-2",
        "1E5",
        "123456789012345678",
        "TRUE",
        "３",
        "'x",
        "=HYPERLINK(1)",
    ]
    path, out = tmp_path / "名单.csv", tmp_path / "out.xlsx"
    roster(备注=odd).to_csv(path, index=False, encoding="utf-8-sig")
    assert run("place", path, "-k", 3, "-o", out).exit_code == 0
    students = table(out, "Students")
    assert students["备注"].tolist() == odd
    assert students["学号"].tolist() == [f"{i + 1:03}" for i in range(12)]
    sheet = next(sheet for sheet in openpyxl.load_workbook(out) if "Students" in sheet.tables)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_roster_with_a_class_column_of_its_own_keeps_it(tmp_path: Path) -> None:
    """The roster's 班级 is the former class and stays; ours is 新班级."""
    path, out = tmp_path / "名单.csv", tmp_path / "out.xlsx"
    roster(班级=["七1", "七2"] * 6).to_csv(path, index=False)
    assert run("place", path, "-k", 3, "-o", out).exit_code == 0
    students = table(out, "Students")
    assert students["班级"].tolist() == ["七1", "七2"] * 6
    assert students["新班级"].value_counts().tolist() == [4, 4, 4]
    assert "班级：七1" in table(out, "Gaps")["均衡项"].tolist()


ANNOUNCED = """
import engine.placing
from addin.__main__ import main

solved = engine.placing.solved

def announced(*args, **options):
    print("searching", flush=True)
    return solved(*args, **options)

engine.placing.solved = announced
main()
"""


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """An interrupted run exits with 130, writes no result and leaves no temporary file."""
    path = tmp_path / "名单.csv"
    roster(600, 姓名=[f"学生{i}" for i in range(600)]).to_csv(path, index=False)
    command = [sys.executable, "-c", ANNOUNCED, "place", str(path), "-k", "15"]
    command += ["--effort", "deep", "-o", str(tmp_path / "out.xlsx")]
    process = subprocess.Popen(
        command, env={**os.environ, "EVENCLASS_LANG": "zh"}, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while process.stdout.readline() not in ("searching\n", ""):
        pass
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130 and "什么都没有写" in told and "Traceback" not in told
    assert sorted(p.name for p in tmp_path.iterdir()) == ["名单.csv"]


def test_english_rosters_give_english_workbooks(tmp_path: Path) -> None:
    """Headings without Chinese: English headers, classes and messages; --lang overrules."""
    path = tmp_path / "roster.csv"
    pd.DataFrame({"Id": range(10), "Name": list("abcdefghij"), "Maths": range(50, 60)}).to_csv(path, index=False)
    assert run("place", path, "-k", 2, "-o", tmp_path / "en.xlsx").exit_code == 0
    assert set(table(tmp_path / "en.xlsx", "Students")["Class"]) == {"Class 1", "Class 2"}
    assert run("place", path, "-k", 2, "--lang", "zh", "-o", tmp_path / "zh.xlsx").exit_code == 0
    assert set(table(tmp_path / "zh.xlsx", "Students")["班级"]) == {"1班", "2班"}


def test_every_command_explains_itself_in_both_languages() -> None:
    """--help of each command has Chinese and English."""
    for command in (c.name or c.callback.__name__ for c in app.registered_commands if c.callback):
        said = run(command, "--help").stdout
        assert any("\u4e00" <= char <= "\u9fff" for char in said) and "Usage" in said


def test_readme_names_every_command() -> None:
    """No command is missing from README, and README names none that is not there."""
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert all(f"evenclass {command}" in readme for command in commands)


@pytest.mark.parametrize(("system", "lang"), [("C.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("English_Ireland.1252", "en")])
def test_a_system_that_says_no_language_is_spoken_to_in_chinese(
    monkeypatch: pytest.MonkeyPatch, system: str, lang: str
) -> None:
    monkeypatch.delenv("EVENCLASS_LANG")
    monkeypatch.setattr("locale.setlocale", lambda _category: system)
    assert own_language() == lang


HALF = """
import sys
sys.modules[{missing!r}] = None  # as if its files, or a library of Windows that it needs, were not there
from addin.__main__ import main
main()
"""


@pytest.mark.parametrize("missing", ["numpy", "numba", "addin.hosts.workbook_file"])
def test_half_an_installation_is_said_in_words(tmp_path: Path, small: Path, missing: str) -> None:
    """Whatever is missing, early or late: what it is, what to do, exit code 3, no traceback, nothing written."""
    command = [sys.executable, "-c", HALF.format(missing=missing), "place", str(small), "-k", "3"]
    done = subprocess.run(
        command,
        env={**os.environ, "EVENCLASS_LANG": "zh", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3 and missing in done.stderr and "请重新安装" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix) == ["名单.csv"]


def test_whatever_nobody_foresaw_is_said_in_words(tmp_path: Path) -> None:
    """A sentence that names the log, exit code 3; the traceback is in the log alone."""
    broken = "import addin.files; addin.files.opened = None\nfrom addin.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", broken, "check", str(EXAMPLE), "-o", str(tmp_path / "out.xlsx")],
        env={**os.environ, "EVENCLASS_LANG": "en", "XDG_STATE_HOME": str(tmp_path / "a state")},
        check=False,
        capture_output=True,
        text=True,
    )
    log = tmp_path / "a state" / "evenclass" / "evenclass.log"
    assert done.returncode == 3 and "Traceback" not in done.stderr and str(log) in done.stderr
    assert "Traceback" in log.read_text(encoding="utf-8")
