"""An imitation of Excel that has opened the built add-in: runs its VBA; a PC in memory answers what that asks.

The language, workbooks and tables are pyOpenVBA's; Windows (files, shell, message box) is here. Two things are not as
in Excel: the Windows call MessageBoxW cannot be made and is recorded instead, and events are raised by the tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.apps.excel._model import Application
from pyopenvba.interpreter import Interpreter, VBAInt, VBAObject, member, method
from pyopenvba.vba import VBAModuleKind

HOME = r"C:\Users\王 芳\AppData\Local"
PYTHON = HOME + r"\EvenClass\venv\Scripts\python.exe"
LOG = HOME + r"\EvenClass\excel.log"
VARIABLES = {"LOCALAPPDATA": HOME, "TEMP": HOME + r"\Temp"}
CHINESE, CHINESE_TAIWAN, ENGLISH, GERMAN = 2052, 1028, 1033, 1031
_WINDOWS = """
Public Function StrPtr(ByVal text As String) As String
    StrPtr = text
End Function
Public Sub MessageBoxW(ByVal hWnd As Long, ByVal text As String, ByVal caption As String, ByVal style As Long)
    MsgBox text, style, caption
End Sub
Public Function Answered(ByVal callback As String, control As IRibbonControl)
    Dim returnedVal
    Select Case callback
        Case "EC_Enabled": EC_Enabled control, returnedVal
        Case "EC_Chinese": EC_Chinese control, returnedVal
        Case "EC_English": EC_English control, returnedVal
    End Select
    Answered = returnedVal
End Function
"""


class FakePC:
    """Files by path, what was started, and what a start leaves behind."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.started: list[str] = []
        self.start: Callable[[str], int] = lambda command: 0
        self.tracebacks = ""

    def expanded(self, text: str) -> str:
        for name, value in VARIABLES.items():
            text = text.replace(f"%{name}%", value)
        return text


class Shell(VBAObject):
    """WScript.Shell."""

    vba_type_name = "WshShell"

    def __init__(self, pc: FakePC) -> None:
        self.pc = pc

    @method
    def ExpandEnvironmentStrings(self, text: object) -> object:
        return self.pc.expanded(str(text))

    @method
    def Run(self, command: object, style: object, wait: object) -> object:
        assert (int(str(style)), wait) == (0, True), "hidden, and waited for"
        self.pc.started.append(str(command))
        log = str(command).rpartition("2> ")[2].strip('"')
        self.pc.files[log] = self.pc.tracebacks
        return VBAInt(self.pc.start(str(command)), "Long")


class Files(VBAObject):
    """Scripting.FileSystemObject."""

    vba_type_name = "FileSystemObject"

    def __init__(self, pc: FakePC) -> None:
        self.pc = pc

    @method
    def FileExists(self, path: object) -> object:
        return str(path) in self.pc.files

    @method
    def CopyFile(self, source: object, target: object, overwrite: object) -> object:
        self.pc.files[str(target)] = self.pc.files[str(source)]
        return None

    @method
    def DeleteFile(self, path: object) -> object:
        del self.pc.files[str(path)]
        return None

    @method
    def CreateTextFile(self, path: object, overwrite: object, unicode: object) -> object:
        return Written(self.pc, str(path))


class Written(VBAObject):
    """A text file being written."""

    vba_type_name = "TextStream"

    def __init__(self, pc: FakePC, path: str) -> None:
        self.pc, self.path = pc, path

    @method
    def Write(self, text: object) -> object:
        self.pc.files[self.path] = str(text)
        return None


class Languages(VBAObject):
    """Application.LanguageSettings."""

    vba_type_name = "LanguageSettings"

    def __init__(self, menus: int) -> None:
        self.menus = menus

    @member
    def LanguageID(self, kind: object) -> object:
        assert int(str(kind)) == 2, "the language of the menus"
        return VBAInt(self.menus, "Long")


class Control(VBAObject):
    """A control of the ribbon, as callbacks get it."""

    vba_type_name = "IRibbonControl"

    def __init__(self, tag: str) -> None:
        self.tag = tag

    @member
    def Tag(self) -> object:
        return self.tag


class Ribbon(VBAObject):
    """The ribbon, as onLoad gets it; counts how often it is told to ask anew."""

    vba_type_name = "IRibbonUI"
    asked = 0

    @method
    def Invalidate(self) -> object:
        self.asked += 1
        return None


class HostApplication(Application):
    """Excel's Application with what pyOpenVBA leaves out."""

    vba_type_name = "Application"
    language = CHINESE
    system = "Windows (64-bit) NT 10.00"

    @member
    def Hwnd(self) -> object:
        return VBAInt(4711, "Long")

    @member
    def OperatingSystem(self) -> object:
        return self.system

    @member
    def LanguageSettings(self) -> object:
        return Languages(self.language)


class Bridge(ExcelBridge):
    """Makes the objects that CreateObject asks for."""

    pc: FakePC

    def create(self, type_name_: str) -> object:
        return {"wscript.shell": Shell, "scripting.filesystemobject": Files}[type_name_.lower()](self.pc)


class FakeExcel(ExcelApplication):
    """Excel with the add-in open and, until `add_workbook` or `open_workbook`, nothing else."""

    def __init__(self, addin: Path) -> None:
        self.pc, self.ribbon = FakePC(), Ribbon()
        self.host = HostApplication()
        bridge = Bridge(self.host)
        bridge.pc = self.pc
        self.application = self.host
        self.interpreter = Interpreter(bridge)
        self.application.interpreter = self.interpreter
        self.addin = self.open_workbook(addin)
        with ExcelFile(addin) as file:
            for module in file.vba_project().modules:
                kind = "standard" if module.kind is VBAModuleKind.standard else "document"
                self.add_module(understood(module.source), name=module.name, kind=kind)
        self.add_module(_WINDOWS, name="Windows")
        self.host.active_book = None  # an add-in is never the workbook in front
        self.run("EC_Load", self.ribbon)

    def installed(self, xlwings: str) -> FakeExcel:
        """Put an environment with that version of xlwings on the PC."""
        library = PureWindowsPath(PYTHON).parent.parent / f"xlwings64-{xlwings}.dll"
        self.pc.files |= {PYTHON: "", str(library): ""}
        return self

    def click(self, tag: str) -> None:
        """Click a button."""
        self.run("EC_Click", Control(tag))

    def ask(self, callback: str, tag: str = "") -> object:
        """Return what a callback answers to Excel."""
        return self.run("Answered", callback, Control(tag))

    def word(self, function: str, *arguments: object) -> str:
        """Return what a function of the add-in says."""
        return str(self.run(function, *arguments))

    def event(self, handler: str, *arguments: object) -> None:
        """Raise an event of the application."""
        self.run(f"ThisWorkbook.{handler}", *arguments)

    @property
    def said(self) -> list[str]:
        """What message boxes have said."""
        return [text for _, text, _, _ in self.dialogs]


def understood(source: str) -> str:
    """Return VBA without what the interpreter cannot do: calls into Windows, events, a remark after a directive."""
    lines = [line for line in source.splitlines() if not re.match(r"\s*(Private |Public )?Declare ", line)]
    return re.sub(r"^( *#[^'\n]*)'.*", r"\1", "\n".join(lines), flags=re.MULTILINE).replace("WithEvents ", "")
