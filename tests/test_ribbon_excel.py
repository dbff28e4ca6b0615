"""The add-in's VBA at work, on an imitation of Excel and Windows: what starts, what is grey, what staff are told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from pyopenvba.exceptions import VBARuntimeError

from addin.buttons import BUTTONS, Button
from addin.ribbon.sheets import SETTINGS, WORDS
from engine.tables import HISTORY
from engine.wording import Lang, Text
from tests.excel import CHINESE, CHINESE_TAIWAN, ENGLISH, GERMAN, LOG, PYTHON, FakeExcel, understood

TEMPLATES = Path(__file__).resolve().parent.parent / "workbook_templates"
XLWINGS = version("xlwings")
EVIL = r"C:\evil\python.exe"
TOOLS = """
Public Sub AddSheet(ByVal text As String)
    ActiveWorkbook.Sheets.Add().Name = text
End Sub
Public Sub Fill(ByVal tableName As String, ByVal headers As String)
    Dim sheet, table, column
    For Each sheet In ActiveWorkbook.Worksheets
        For Each table In sheet.ListObjects
            For Each column In table.ListColumns
                If table.Name = tableName And InStr(headers, "|" & LCase$(column.Name) & "|") > 0 Then
                    column.DataBodyRange.Cells(1, 1).Value = 1
                End If
            Next column
        Next table
    Next sheet
End Sub
"""
NEEDS = ("nothing", "tables", "placement", "history")


@pytest.fixture
def excel(addin: Path) -> FakeExcel:
    """Excel with the add-in and its Python, both of one version."""
    return FakeExcel(addin).installed(XLWINGS)


def template(excel: FakeExcel, name: str = "zh") -> None:
    excel.open_workbook(TEMPLATES / f"evenclass_{name}.xlsx")


def enabled(excel: FakeExcel) -> dict[str, object]:
    return {needs: excel.ask("EC_Enabled", f"{needs}:key") for needs in NEEDS}


def told(excel: FakeExcel, key: str, lang: Lang = "zh") -> bool:
    """Return whether the one sentence was said, with its paths filled in and nothing else."""
    words: Text = WORDS[key]
    sentence = words.to(lang).replace("{python}", PYTHON).replace("{log}", LOG)
    return excel.said == [sentence]


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.key)
def test_a_click_starts_one_python_command(excel: FakeExcel, button: Button) -> None:
    """The installed interpreter, isolated, with the button's key and the workbook in front; nothing is said."""
    template(excel)
    excel.click(f"{button.needs}:{button.key}")
    (command,) = excel.pc.started
    folder, call = PYTHON.rpartition("\\")[0], f"from addin import live; live.clicked('{button.key}')"
    start, _, log = command.partition(" 2> ")
    assert start == (
        f'cmd.exe /D /C pushd "{folder}" && "{PYTHON}" -I -c "{call}" '
        '--wb="evenclass_zh.xlsx" --from_xl=1 --hwnd="4711"'
    )
    assert re.fullmatch(r'"C:\\Users\\王 芳\\AppData\\Local\\Temp\\evenclass-[-0-9A-F]+\.log"', log)
    assert excel.said == [] and not [path for path in excel.pc.files if path.endswith(".log")]


def test_without_a_workbook_the_add_in_itself_is_named(excel: FakeExcel) -> None:
    """Help and the check of the installation work with nothing open."""
    excel.click("nothing:help")
    assert '--wb="EvenClass.xlam"' in excel.pc.started[0]
    assert enabled(excel) == {"nothing": True, "tables": False, "placement": False, "history": False}


@pytest.mark.parametrize("language", [CHINESE, CHINESE_TAIWAN, ENGLISH, GERMAN])
def test_one_tab_is_shown_in_excels_language(excel: FakeExcel, language: int) -> None:
    """Chinese of any region sees the Chinese tab, everyone else the English one; sentences follow."""
    excel.host.language = language
    chinese = language in {CHINESE, CHINESE_TAIWAN}
    assert (excel.ask("EC_Chinese"), excel.ask("EC_English")) == (chinese, not chinese)
    excel.pc.files.clear()
    excel.click("nothing:help")
    assert told(excel, "not_installed", "zh" if chinese else "en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_button_is_grey_until_it_can_work(excel: FakeExcel, lang: Lang) -> None:
    """Tables, then a class for some pupil, then a line of history: each makes its buttons work."""
    excel.add_workbook()
    assert enabled(excel) == {"nothing": True, "tables": False, "placement": False, "history": False}
    template(excel, lang)
    assert enabled(excel) == {"nothing": True, "tables": True, "placement": False, "history": False}
    excel.add_module(TOOLS, name="Tools")
    excel.run("Fill", "Students", WORDS["class_headers"].zh)
    assert enabled(excel) == {"nothing": True, "tables": True, "placement": True, "history": False}
    excel.run("Fill", "History", "|" + "|".join(HISTORY.fields[0].names()).lower() + "|")
    assert enabled(excel) == dict.fromkeys(NEEDS, True)


def test_the_ribbon_asks_anew_when_something_changed(excel: FakeExcel) -> None:
    """Another workbook, one fewer, a click: always. An edit: only if a button becomes able or unable."""
    excel.event("Workbook_Open")
    for number, handler in enumerate(("host_WorkbookActivate", "host_WorkbookDeactivate"), start=1):
        excel.event(handler, excel.addin)
        assert excel.ribbon.asked == number
    excel.click("nothing:help")
    assert excel.ribbon.asked == 3
    excel.event("host_SheetChange", excel.addin, excel.addin)
    assert excel.ribbon.asked == 3
    template(excel)
    excel.event("host_SheetChange", excel.addin, excel.addin)
    excel.event("host_SheetChange", excel.addin, excel.addin)
    assert excel.ribbon.asked == 4


def test_a_missing_python_is_said(excel: FakeExcel) -> None:
    """The path of the interpreter that is not there, what to do; nothing is started."""
    del excel.pc.files[PYTHON]
    excel.click("nothing:help")
    assert told(excel, "not_installed") and excel.pc.started == []


def test_another_xlwings_is_said(addin: Path) -> None:
    """The add-in and the package are of one version, or staff are told before anything starts."""
    excel = FakeExcel(addin).installed("0.37.1")
    excel.click("nothing:help")
    assert told(excel, "other_version") and excel.pc.started == []


def test_a_python_that_fails_shows_no_traceback(excel: FakeExcel) -> None:
    """One sentence that names the log; the traceback is in the log, and no other file is left."""
    excel.pc.start = lambda command: 1
    excel.pc.tracebacks = "Traceback (most recent call last): …"
    before = set(excel.pc.files)
    excel.click("nothing:help")
    assert told(excel, "failed")
    assert set(excel.pc.files) - before == {LOG}
    assert excel.pc.files[LOG] == "Traceback (most recent call last): …"


def test_a_forbidden_start_is_said(excel: FakeExcel) -> None:
    """Windows or a policy refuses to start a program: one sentence, the reason in the log."""

    def refuse(command: str) -> int:
        raise VBARuntimeError(70, "Permission denied")

    excel.pc.start = refuse
    excel.click("nothing:help")
    assert told(excel, "failed")
    assert excel.pc.files[LOG].startswith("70 ") and "Permission denied" in excel.pc.files[LOG]


def test_on_a_mac_the_way_out_is_said(excel: FakeExcel) -> None:
    """The buttons need Windows; a Mac is told what works there."""
    excel.host.system = "Macintosh (Intel) 14.5"
    excel.click("nothing:help")
    assert told(excel, "windows_only") and excel.pc.started == []


def test_a_server_that_does_not_answer_is_said(excel: FakeExcel) -> None:
    """Asked to use a server instead of a start, and there is none: one sentence, the reason in the log."""
    set_setting(excel, "USE UDF SERVER", "True")
    excel.click("nothing:help")
    assert told(excel, "failed") and excel.pc.started == [] and LOG in excel.pc.files
    assert "xlwings.serve('$(CLSID)')" in excel.word("XLPyCommand") and " -I -c " in excel.word("XLPyCommand")
    set_setting(excel, "DEBUG UDFS", "True")
    assert re.fullmatch(r"\{[-0-9a-f]{36}\}", excel.word("XLPyCommand"))


def set_setting(excel: FakeExcel, key: str, value: str) -> None:
    row = list(SETTINGS).index(key) + 1
    excel.sheet("EvenClass.conf", workbook=excel.addin).set_value(f"B{row}", value)


def open_hijacker(excel: FakeExcel, name: str) -> None:
    """Open a workbook that would choose the interpreter: by a sheet, a sheet of code, files beside it and at home."""
    excel.add_module(TOOLS, name="Tools")
    book = excel.add_workbook()
    book.name, book.path = "x.xlsx", r"C:\evil"
    excel.run("AddSheet", f"{name}.conf")
    for row, (key, value) in enumerate((("INTERPRETER_WIN", EVIL), ("PYTHONPATH", r"C:\evil"), ("LOG_FILE", EVIL)), 1):
        excel.sheet(f"{name}.conf").set_value(f"A{row}", key)
        excel.sheet(f"{name}.conf").set_value(f"B{row}", value)
    excel.run("AddSheet", "code.py")
    for folder in (r"C:\evil", r"C:\Users\王 芳\.xlwings"):
        excel.pc.files[rf"{folder}\{name}.conf"] = f'"INTERPRETER_WIN","{EVIL}"'


def test_no_workbook_and_no_file_chooses_the_interpreter(excel: FakeExcel) -> None:
    """A sheet or file named after the project changes no setting and nothing that is started."""
    settings = {key: excel.word("GetConfig", key) for key in SETTINGS}
    open_hijacker(excel, "EvenClass")
    assert {key: excel.word("GetConfig", key) for key in SETTINGS} == settings
    assert excel.word("GetConfig", "INTERPRETER_WIN") == PYTHON
    assert excel.word("GetConfig", "PYTHONPATH") == ""
    excel.click("nothing:help")
    (command,) = excel.pc.started
    assert EVIL not in command and f'"{PYTHON}" -I -c "from addin import live; live.clicked(' in command
    assert r"C:\evil" not in command, "the folder of the workbook is not told to Python"


def test_the_same_workbook_does_choose_it_for_xlwings_as_shipped(excel: FakeExcel) -> None:
    """What the test above shows is not a weakness of the imitation: xlwings' own GetConfig falls for it."""
    shipped = Path(str(distribution("xlwings").locate_file("xlwings/xlwings_custom_addin.bas"))).read_text()
    excel.add_module(understood(shipped), name="Shipped")
    open_hijacker(excel, "myaddin")
    assert excel.word("Shipped.GetConfig", "INTERPRETER_WIN") == EVIL


def test_no_folder_puts_its_modules_before_ours(excel: FakeExcel, tmp_path: Path) -> None:
    """Started as the add-in starts it, Python finds our package whatever lies in its folder or on PYTHONPATH."""
    excel.click("nothing:help")
    flags = re.findall(rf'"{re.escape(PYTHON)}" (.*?) ?-c ', excel.pc.started[0])
    for name in ("addin", "xlwings", "engine"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    command = [sys.executable, *flags[0].split(), "-c", "import addin, engine; print(addin.__file__)"]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert Path(ran.stdout.strip()).name == "__init__.py"
