"""Publication: what is posted, what is handed out, and that nothing private is in any posted file."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.book import opened, read_tables, saved, write_column, write_tables
from addin.hosts.office_process import available
from addin.kept_seal import KeptSeal, inputs_of, logs_of
from addin.writable import found_table
from engine.canonical import short_code
from engine.checking import cohort_from_tables
from engine.notice import notice_of, published_list
from engine.placing import classes_in
from engine.record import Seal
from engine.sealing import commit_of, published_tables, sealed_tables
from tests.draws import SECRET, WHEN
from tests.rosters import roster, tables
from tests.test_cli import chinese, run

__all__ = ["chinese"]  # pytest finds fixtures by name

N = 26
IDS = [f"G44010{i:02}2012{i * 37 % 100:02}88" for i in range(N)]
NAMES = [f"{'王李张刘陈'[i % 5]}{'晓文子雨浩'[i // 5 % 5]}{'明华'[i % 2]}" for i in range(N)]
LISTS, TABLE, PRIVATE = "公示-分班名单.xlsx", "公示名单.csv", "学生条-逐人发放-勿公开"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("placed")
    roster(N, 学号=IDS, 姓名=NAMES, 联系电话=[f"1380013{i:04}" for i in range(N)]).to_csv(
        folder / "名单.csv", index=False
    )
    out = folder / "分班.xlsx"
    assert run("place", folder / "名单.csv", "-k", 3, "-o", out, "--effort", "quick").exit_code == 0
    return out


@pytest.fixture
def placed(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "分班.xlsx"
    path.write_bytes(made.read_bytes())
    return path


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    from addin import publishing
    from addin.trouble import FileTrouble
    from engine.wording import Text

    def none(*_: Any) -> None:
        raise FileTrouble(Text("这台电脑上找不到 LibreOffice。", "No LibreOffice."))

    monkeypatch.setattr(publishing, "make_pdfs", none)


def change(path: Path, settings: Mapping[str, str] | None = None, *, seal: bool = False, teacher: str = "") -> None:
    with opened(path) as workbook:
        if settings:
            frame = read_tables(workbook)["Settings"]
            values = [
                settings.get(str(name), value) for name, value in zip(frame["setting"], frame["value"], strict=True)
            ]
            write_column(workbook, "Settings", "value", values, "zh")
        if teacher:
            write_column(workbook, "Classes", "teacher", [teacher, None, None], "zh")
        if seal:
            whole, lang = inputs_of(workbook)
            write_tables(workbook, logs_of(KeptSeal(Seal(sealed_tables(whole), SECRET, WHEN)), lang), lang)
        saved(workbook, path)


def everything(path: Path) -> str:
    """Return all that a file holds, unzipped, PDF as text and properties."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    if path.suffix == ".pdf":
        commands: list[list[str | Path]] = [["pdftotext", path, "-"], ["pdfinfo", path]]
        return "\n".join(subprocess.run(c, capture_output=True, text=True, check=True).stdout for c in commands)
    return path.read_text(encoding="utf-8-sig")


def test_nothing_private_is_in_any_posted_file(placed: Path, tmp_path: Path) -> None:
    """No id, name, phone number, secret or salt in any part of what is posted; slips have no name or id either."""
    change(placed, seal=True, teacher="赵老师")
    out = tmp_path / "公示"
    told = run("publish", placed, "-o", out, "--json")
    assert told.exit_code == 0
    facts = json.loads(told.stdout)
    posted, private = [list(map(Path, facts[key])) for key in ("published", "confidential")]
    assert {path.name for path in posted} >= {LISTS, TABLE}
    salts = [slip["salt"] for slip in json.loads(next(p for p in private if p.suffix == ".json").read_text("utf-8"))]
    for path in posted:
        text = everything(path)
        leaks = [word for word in (*IDS, *NAMES, "138001", SECRET, *salts) if word in text]
        assert not leaks, path
        assert "赵老师" in text or path.suffix == ".csv"
    for path in private:
        if path.suffix != ".json":
            text = everything(path)
            assert not [word for word in (*IDS, *NAMES, SECRET) if word in text], path
    if available() is None:
        assert {path.suffix for path in posted} == {".xlsx", ".csv", ".pdf"}


@pytest.mark.usefixtures("no_office")
def test_lists_say_who_is_where(placed: Path, tmp_path: Path) -> None:
    """A sheet per class and one of all, each pupil once, alphabetical; without LibreOffice that is said in words."""
    change(placed, teacher="赵老师")
    said = run("publish", placed, "-o", tmp_path / "out", "--title", "阳光小学公示")
    assert said.exit_code == 0
    assert "LibreOffice" in said.stderr
    book = openpyxl.load_workbook(tmp_path / "out" / LISTS)
    assert book.sheetnames == ["1班", "2班", "3班", "全年级（按姓名）"]
    with opened(placed) as workbook:
        classes = list(read_tables(workbook)["Students"]["placed_class"])
    for name in ("1班", "2班", "3班"):
        sheet = book[name]
        assert sheet["A1"].value == "阳光小学公示"
        assert f"{classes.count(name)} 人" in sheet["A2"].value
        assert ("赵老师" in sheet["A2"].value) is (name == "1班")
        numbers = sorted(
            cell.value for row in sheet.iter_rows(min_row=4) for cell in row if isinstance(cell.value, int)
        )
        assert numbers == [i + 1 for i, c in enumerate(classes) if c == name]
    rows = list(csv.reader((tmp_path / "out" / TABLE).read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["序号", "班级", "姓名", "学号"]
    assert [row[:2] for row in rows[1:]] == [[str(i + 1), c] for i, c in enumerate(classes)]
    assert len({tuple(row[2:]) for row in rows[1:]}) == N
    assert (tmp_path / "out" / TABLE).read_bytes().startswith(b"\xef\xbb\xbf")
    again = run("publish", placed, "-o", tmp_path / "out")
    assert again.exit_code == 2
    assert "已经有了" in again.stderr


@pytest.mark.usefixtures("no_office")
def test_classes_called_anything_have_a_sheet(placed: Path, tmp_path: Path) -> None:
    """What Excel forbids in the name of a sheet, or has for itself, or finds too long, is put right."""
    names = ["1/2班", "History", "A" * 31]
    with opened(placed) as workbook:
        classes = list(read_tables(workbook)["Students"]["placed_class"])
        write_column(workbook, "Classes", "class", names, "zh")
        renamed = [names["1班 2班 3班".split().index(str(label))] for label in classes]
        write_column(workbook, "Students", "placed_class", renamed, "zh")
        saved(workbook, placed)
    assert run("publish", placed, "-o", tmp_path / "out").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "out" / LISTS)
    assert book.sheetnames[:3] == ["1 2班", "History (2)", "A" * 27]
    assert book.worksheets[0]["A2"].value.startswith("1/2班")


@pytest.mark.usefixtures("no_office")
def test_a_slip_opens_its_own_row_and_no_other(placed: Path, tmp_path: Path) -> None:
    """Salt, fields and cells of a slip give the commit that is published of that row; the seal's code is printed."""
    change(placed, seal=True)
    assert run("publish", placed, "-o", tmp_path / "out").exit_code == 0
    with opened(placed) as workbook:
        seal = Seal(sealed_tables(inputs_of(workbook)[0]), SECRET, WHEN)
    commits: Any = published_tables(seal.sealed, SECRET)[0][2]
    slips = json.loads((tmp_path / "out" / PRIVATE / "学生条.json").read_text("utf-8"))
    assert sorted(slip["row"] for slip in slips) == list(range(1, N + 1))
    for slip in slips:
        assert slip["format"] == "EvenClass slip 1"
        assert commit_of("Students", slip["row"], slip["salt"], slip["cells"]) == commits[slip["row"] - 1]
    printed = everything(tmp_path / "out" / PRIVATE / "学生条.xlsx")
    assert short_code(seal.code) in printed and short_code(seal.code) in everything(tmp_path / "out" / LISTS)
    with opened(placed) as workbook:
        found_table(workbook, "Students").data_body_range[0, 1].value = "别人"
        saved(workbook, placed)
    changed = run("publish", placed, "-o", tmp_path / "changed")
    assert "封存之后名单改过" in changed.stderr
    assert not (tmp_path / "changed" / PRIVATE / "学生条.json").exists()


@pytest.mark.usefixtures("no_office")
def test_settings_decide_what_is_shown_and_are_no_part_of_the_seal(placed: Path, tmp_path: Path) -> None:
    """Masks and columns follow Settings; the seal stays; private or unknown columns are refused, nothing written."""
    change(placed, seal=True)
    change(placed, {"公示姓名": "张**", "公示学号": "不列出", "公示其他列": "性别"})
    said = run("publish", placed, "-o", tmp_path / "out")
    assert "封存之后" not in said.stderr
    rows = list(csv.reader((tmp_path / "out" / TABLE).read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["序号", "班级", "姓名", "学号", "性别"]
    assert {row[4] for row in rows[1:]} == {"男", "女"}
    assert all(re.fullmatch(r".\*\*(（\d+）)?", row[2]) for row in rows[1:])
    assert "看起来一样" in said.stderr
    for words in ("学号", "联系电话", "爱好"):
        change(placed, {"公示其他列": words})
        refused = run("publish", placed, "-o", tmp_path / "refused")
        assert refused.exit_code == 2
        assert f"“{words}”" in refused.stderr
    assert not (tmp_path / "refused").exists()


def test_a_list_in_order_of_marks_and_formulas_are_minded() -> None:
    """Numbers of a list sorted by a mark tell ranks: said; what a spreadsheet would take for a formula is none."""
    students = roster(12, 语文=list(range(90, 78, -1)), 备注=["=1+1"] * 12)
    whole = tables(students, classes=3, settings=[{"setting": "公示其他列", "value": "备注"}])
    whole["Students"]["placed_class"] = ["1班", "2班", "3班"] * 4
    checked = cohort_from_tables(whole)
    class_of = classes_in(whole["Students"], checked, "zh")
    notice, warnings = notice_of(whole, checked, class_of, "公示")
    assert any("语文" in text.zh for text in warnings)
    assert "'=1+1" in published_list(notice)


def test_the_button_publishes_beside_the_workbook(
    placed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_office: None
) -> None:
    """A folder of its own each time, named in the message; a workbook that was never saved is refused in words."""
    from addin.clicks import clicked
    from addin.hosts.excel_desk import ExcelDesk

    class Told(ExcelDesk):
        said = ""

        def say(self, words: str, kind: str) -> None:
            self.said = words

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with opened(placed) as workbook:
        desk = Told(workbook)
        for name in ("分班-公示", "分班-公示 (2)"):
            clicked(desk, "publish")
            assert str(tmp_path / name) in desk.said
            assert (tmp_path / name / LISTS).is_file()
        desk.new_workbook("zh")
        clicked(desk, "publish")
        assert "请先把工作簿存到" in desk.said
