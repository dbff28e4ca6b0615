"""LibreOffice, a second implementation of VBA, runs the bridge of the add-in with a stub where Python would start."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlsxwriter

from addin.buttons import BUTTONS, GROUPS
from addin.hosts import office_process
from addin.ribbon.build import modules
from addin.ribbon.ovba import Module, vba_project
from addin.ribbon.ribbon_xml import NAMESPACE, ribbon_xml
from addin.ribbon.sheets import WORDS

missing = office_process.available()
pytestmark = pytest.mark.skipif(missing is not None, reason=missing.en if missing else "")

OURS = ("ThisWorkbook", "Sheet1", "Sheet2", "Ribbon", "Bridge", "State")
STUB = """
Public Const XLWINGS_VERSION As String = "1.2.3"
Public Function RunPython(ByVal PythonCommand As String) As Integer
    Note PythonCommand
End Function
Public Function GetConfig(ByVal key As String) As String
    GetConfig = "C:\\home\\venv\\Scripts\\python.exe"
End Function
Public Function HasFile(ByVal path As String) As Boolean
    HasFile = (path = GetConfig("")) Or (path = "C:\\home\\venv\\xlwings64-1.2.3.dll")
End Function
Public Function ParentFolder(ByVal path As String) As String
    ParentFolder = Left(path, InStrRev(path, "\\") - 1)
End Function
Public Sub Note(ByVal text As String)
    With ThisWorkbook.Worksheets("record")
        .Cells(.Cells(1, 3).Value, 1).Value = text
        .Cells(1, 3).Value = .Cells(1, 3).Value + 1
    End With
End Sub
"""
CLICKS = """
Private Type Control
    Tag As String
End Type
Public Sub ClickEach()
    Dim pressed As Control, row As Long, answer
    On Error GoTo failed
    Note EC_Words("title")
    row = 1
    Do While CStr(ThisWorkbook.Worksheets("record").Cells(row, 2).Value) <> ""
        pressed.Tag = CStr(ThisWorkbook.Worksheets("record").Cells(row, 2).Value)
        EC_Enabled pressed, answer
        If answer Then EC_Click pressed
        row = row + 1
    Loop
    Exit Sub
failed:
    Note "failed: " & Err.Description
End Sub
"""


def test_every_button_starts_its_own_command(tmp_path: Path) -> None:
    """Each control of the ribbon, clicked in turn, hands its key to Python, once."""
    controls = ElementTree.fromstring(ribbon_xml()).iter(f"{{{NAMESPACE}}}button")
    tags = [control.get("tag", "") for control in controls]
    book = tmp_path / "clicks.xlsm"
    ours = [module for module in modules() if module.name in OURS]
    project = vba_project("Trial", [*ours, Module("Python", STUB), Module("Clicks", CLICKS)])
    with xlsxwriter.Workbook(book) as writer:
        record, words = writer.add_worksheet("record"), writer.add_worksheet("EvenClass.words")
        record.write_column("B1", tags)
        record.write_number("C1", 1)
        for row, (key, text) in enumerate(WORDS.items()):
            words.write_row(row, 0, [key, text.zh, text.en])
        writer.set_vba_name("ThisWorkbook")
        for number, sheet in enumerate((record, words), start=1):
            sheet.set_vba_name(f"Sheet{number}")
        writer.add_vba_project(io.BytesIO(project), True)
    script = Path(__file__).with_name("office_basic.py")
    command = [office_process.speaker(), str(script), office_process.soffice(), str(tmp_path / "profile")]
    ran = subprocess.run([*command, str(book), "Trial.Clicks.ClickEach"], capture_output=True, check=False, timeout=180)
    assert ran.returncode == 0, ran.stderr.decode()
    title, *started = json.loads(ran.stdout.splitlines()[-1])
    assert title in {WORDS["title"].zh, WORDS["title"].en}
    expected = [
        f"from addin import live; live.clicked('{button.key}')"
        for group in GROUPS
        for button in BUTTONS
        if button.group == group.key
    ]
    assert started == 2 * expected, "the buttons of the Chinese tab, then those of the English one"
