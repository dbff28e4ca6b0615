"""What only Excel has, asked of an imitation: its status bar, the Esc key, menus, file box, filters, hidden sheets."""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin.hosts import guard
from addin.hosts.excel_desk import ExcelDesk


class Keys:
    """Windows' keyboard and windows: ``down`` is what Esc says, ``front`` which window is in front."""

    def __init__(self) -> None:
        self.down, self.front = 0, 7

    def GetAsyncKeyState(self, _: int) -> int:  # noqa: N802
        found, self.down = self.down, 0
        return found

    def GetForegroundWindow(self) -> int:  # noqa: N802
        return self.front


@pytest.fixture
def excel() -> Any:
    """Return an app that looks like Excel's as far as the desk asks."""
    asked: list[Any] = []

    def choose(*given: object) -> str:
        asked.append(given)
        return r"C:\名单.xlsx"

    api = SimpleNamespace(
        EnableCancelKey=1,
        LanguageSettings=SimpleNamespace(LanguageID=lambda which: {2: 2052}[which]),
        GetOpenFilename=choose,
    )
    engine = SimpleNamespace(name="excel")
    return SimpleNamespace(engine=engine, api=api, status_bar="Ready", hwnd=7, asked=asked, alerts=[])


@pytest.fixture
def desk(excel: Any) -> ExcelDesk:
    book: Any = SimpleNamespace(app=excel)
    return ExcelDesk(book)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Keys:
    keys = Keys()
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=keys), raising=False)
    monkeypatch.setattr("addin.hosts.excel_desk.sys", SimpleNamespace(platform="win32"))
    return keys


def test_escape_stops_and_all_is_put_back(desk: ExcelDesk, excel: Any, keys: Keys) -> None:
    """Esc with Excel in front stops; elsewhere it does not; status bar and cancel key are Excel's own again."""
    keys.down = 1  # pressed before the click: forgotten
    with desk.status("正在分班……") as tell:
        assert excel.api.EnableCancelKey == 0
        assert tell(0.25)
        assert excel.status_bar == "正在分班…… 25%（按 Esc 停止）"
        keys.down, keys.front = 0x8000, 99
        assert tell(0.5)
        keys.down, keys.front = 1, 7
        assert not tell(0.75)
    assert excel.status_bar is False
    assert excel.api.EnableCancelKey == 1


def test_a_failure_puts_all_back_too(desk: ExcelDesk, excel: Any, keys: Keys) -> None:
    """Whatever is raised meanwhile, nothing of ours is left in Excel's window."""
    with pytest.raises(RuntimeError), desk.status("…"):
        raise RuntimeError
    assert excel.status_bar is False
    assert excel.api.EnableCancelKey == 1


def test_menus_and_boxes(desk: ExcelDesk, excel: Any) -> None:
    """The language of the menus decides on the words; a roster is chosen in Excel's own box; boxes know two kinds."""
    assert desk.language() == "zh"
    excel.api.LanguageSettings.LanguageID = lambda _: 1033
    assert desk.language() == "en"
    excel.api.LanguageSettings = None
    assert desk.language() == "zh"
    assert desk.choose_file("选择名单", [".xlsx", ".csv"]) == Path(r"C:\名单.xlsx")
    assert excel.asked == [("*.xlsx;*.csv,*.xlsx;*.csv", 1, "选择名单")]
    excel.api.GetOpenFilename = lambda *_: False
    assert desk.choose_file("选择名单", [".xlsx"]) is None
    said: list[Any] = []
    excel.alert = lambda *given, mode: said.append((*given, mode))
    desk.say("好了", "info")
    desk.say("有问题", "warning")
    assert [each[-1] for each in said] == ["info", "critical"]


def test_what_is_asked_of_excel_itself(excel: Any) -> None:
    """Protection, read-only, hidden sheets and filters go through Excel's own objects."""
    lifted: list[bool] = []
    book: Any = SimpleNamespace(app=excel, api=SimpleNamespace(ProtectStructure=True, ReadOnly=False))
    sheet: Any = SimpleNamespace(book=book, api=SimpleNamespace(ProtectContents=True, Visible=-1))
    autofilter = SimpleNamespace(FilterMode=True, ShowAllData=lambda: lifted.append(True))
    table: Any = SimpleNamespace(parent=sheet, api=SimpleNamespace(ShowAutoFilter=True, AutoFilter=autofilter))
    assert guard.is_protected(sheet)
    assert guard.is_structure_locked(book)
    assert not guard.is_read_only(book)
    guard.hide(sheet)
    assert sheet.api.Visible == 2
    guard.show_all(table)
    table.api.ShowAutoFilter = False  # then Excel has no AutoFilter object at all
    table.api.AutoFilter = None
    guard.show_all(table)
    assert lifted == [True]


def test_a_workbook_from_the_template(desk: ExcelDesk, excel: Any) -> None:
    """New workbook is made like the template, without its file: saving asks for a name."""
    made: list[str] = []
    excel.api.Workbooks = SimpleNamespace(Add=made.append)
    excel.books = SimpleNamespace(active="the new one")
    assert desk.new_workbook("en") == "the new one"
    assert desk.workbook == "the new one"
    assert made[0].endswith("evenclass_en.xlsx")
