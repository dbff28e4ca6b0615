"""Every button, clicked in Excel's way (over the file host) and in LibreOffice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook.protection import WorkbookProtection

import addin.book
from addin import commands, live
from addin.book import read_tables, write_column
from addin.buttons import BUTTONS
from addin.clicks import WORKS, clicked
from addin.desk import now_and_then
from addin.hosts.excel_desk import ExcelDesk
from addin.hosts.libreoffice import office_engine
from addin.hosts.office_desk import Desk as OfficeDesk
from addin.hosts.office_process import available
from addin.hosts.workbook_file import file_engine
from addin.logbook import log_path
from addin.trouble import FileTrouble
from addin.writable import found_table
from engine.wording import Lang
from tests.rosters import roster
from tests.test_undo import cells
from workbook_templates import template_path


class Told:
    """A desk whose message boxes are kept, and which has a file to choose; ``go_on`` is its stop button."""

    said: list[tuple[str, str]]
    chosen: Path | None
    go_on: bool
    shown: list[str]

    def language(self) -> Lang:
        return "zh"

    def say(self, words: str, kind: str) -> None:
        self.said.append((words, kind))

    def choose_file(self, title: str, endings: Sequence[str]) -> Path | None:
        return self.chosen

    @contextmanager
    def status(self, text: str) -> Iterator[Callable[[float], bool]]:
        with super().status(text) as tell:  # type: ignore[misc]
            yield lambda share: tell(share) and self.go_on

    def show_table(self, name: str) -> None:
        self.shown.append(name)
        super().show_table(name)  # type: ignore[misc]


class FileTold(Told, ExcelDesk):
    """Excel's desk over the file host."""


class OfficeTold(Told, OfficeDesk):
    """LibreOffice's desk, without boxes that wait for a key."""


@pytest.fixture(params=["excel", "libreoffice"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    if request.param == "libreoffice" and (lacking := available()) is not None:
        pytest.skip(lacking.en)
    engine = file_engine() if request.param == "excel" else office_engine()
    app = engine.apps.add()
    book = app.books.open(template_path("zh"))
    desk: Any = FileTold(book) if request.param == "excel" else OfficeTold(app)
    desk.said, desk.chosen, desk.go_on, desk.shown = [], None, True, []
    yield desk
    app.quit()


def filled(desk: Any, n: int = 24) -> Any:
    commands.fill(desk.workbook, roster(n), "zh", 3)
    quick(desk.workbook)
    return desk.workbook


def quick(book: Any) -> None:
    settings = list(read_tables(book)["Settings"]["value"])
    settings[1] = "快速"
    write_column(book, "Settings", "value", settings, "zh")


def click(desk: Any, key: str) -> tuple[str, str] | None:
    """Click a button; return what was said."""
    desk.said.clear()
    clicked(desk, key)
    assert len(desk.said) <= 1
    return desk.said[0] if desk.said else None


def test_every_button_has_its_work() -> None:
    """The ribbon, the menu and the works know the same buttons."""
    assert list(WORKS) == [button.key for button in BUTTONS]


def test_a_whole_afternoon(desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New workbook, import, place, measure, class lists, improve, undo: each button does what it says."""
    said = click(desk, "new_workbook")
    assert said is not None
    assert "导入名单" in said[0]
    book = desk.workbook
    desk.chosen = tmp_path / "名单.csv"
    roster(24).to_csv(desk.chosen, index=False)
    assert click(desk, "import_roster") == (
        "读入了 24 名学生。请看一下“列设置”里每一列的用途，在“班级”里填好有哪些班，然后按“一键分班”。",
        "info",
    )
    assert desk.workbook is book  # the empty one was filled
    refused = click(desk, "place")
    assert refused is not None
    assert "班级表" in refused[0]
    quick(book)
    found_table(book, "Classes").data_body_range[0:3, 0].value = [["1班"], ["2班"], ["3班"]]
    assert click(desk, "class_lists") == ("还没有分班。请先按“一键分班”。", "warning")
    placed = click(desk, "place")
    assert placed is not None
    assert placed[0].startswith("分好了：24 名学生，3 个班。")
    assert None not in list(read_tables(book)["Students"]["placed_class"])
    measured = click(desk, "measure")
    assert measured is not None
    assert "规则全部遵守" in measured[0]
    assert click(desk, "class_lists") is None
    assert click(desk, "settings") is None
    assert desk.shown[-2:] == ["ClassLists", "Settings"]
    assert click(desk, "undo") == ("已撤销“重新核对”，恢复到它之前。", "info")
    assert click(desk, "undo") == ("已撤销“分班”，恢复到它之前。", "info")
    assert click(desk, "undo") == ("已撤销“导入名单”，恢复到它之前。", "info")
    assert click(desk, "undo") == ("没有可以撤销的操作。", "warning")


def test_a_second_roster_gets_a_workbook_of_its_own(desk: Any, tmp_path: Path) -> None:
    """A workbook that has pupils is not overwritten by an import; no file chosen: nothing happens."""
    first = filled(desk)
    assert click(desk, "import_roster") is None
    desk.chosen = tmp_path / "名单.csv"
    roster(12).to_csv(desk.chosen, index=False)
    click(desk, "import_roster")
    assert desk.workbook.name != first.name
    assert len(read_tables(desk.workbook)["Students"]) == 12
    assert len(read_tables(first)["Students"]) == 24


def test_check_lists_what_is_wrong(desk: Any) -> None:
    """Check says the issues and brings the sheet Issues to the front; a good roster is said to be ready."""
    book = filled(desk)
    assert click(desk, "check") == ("没有问题，可以分班。", "info")
    found_table(book, "Students").data_body_range[1, 0].value = "001"
    said = click(desk, "check")
    assert said is not None
    assert "第2行" in said[0]
    assert said[1] == "warning"
    assert desk.shown == ["Issues"]


def test_libreoffice_says_once_what_it_will_not_save(tmp_path: Path) -> None:
    """The first click in a file of Excel's says what LibreOffice loses of it; the next does not; Excel never."""
    if (lacking := available()) is not None:
        pytest.skip(lacking.en)
    path = tmp_path / "学校.xlsx"
    made = openpyxl.load_workbook(template_path("zh"))
    made.security = WorkbookProtection(lockStructure=True)
    made.save(path)
    app = office_engine().apps.add()
    app.books.open(path)
    desk: Any = OfficeTold(app)
    desk.said, desk.chosen, desk.go_on, desk.shown = [], None, True, []
    first, second = click(desk, "check"), click(desk, "check")
    app.quit()
    assert first is not None and second is not None
    words = "请注意：用 LibreOffice 保存后，这个文件里不再有：工作簿结构保护（不能增删工作表）。"
    assert words in first[0] and first[0].startswith(second[0]) and words not in second[0]
    app = file_engine().apps.add()
    assert FileTold(app.books.open(path)).caution() is None
    app.quit()


def test_stop_leaves_the_workbook(desk: Any) -> None:
    """Cancel while placing: said in words, not a cell differs, and the status bar is the host's own again."""
    book = filled(desk)
    before = {name: frame.to_dict("list") for name, frame in read_tables(book).items()}
    desk.go_on = False
    assert click(desk, "place") == ("已停止；工作簿没有改动。", "info")
    assert {name: frame.to_dict("list") for name, frame in read_tables(book).items()} == before
    assert not book.app.status_bar


def test_edits_during_the_search_are_not_overrun(desk: Any) -> None:
    """LibreOffice lets people type while it searches: what was searched for is then no longer what stands there."""
    book = filled(desk)

    def typing(_: float) -> bool:
        found_table(book, "Students").data_body_range[0, 3].value = 1
        return True

    with pytest.raises(FileTrouble, match="edited during the search"):
        commands.place(book, progress=typing)
    assert set(read_tables(book)["Students"]["placed_class"]) == {None}


def test_a_click_that_fails_midway_leaves_nothing(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host breaks while results are written: told in words, and every table is as it was."""
    book = filled(desk)
    before = cells(book)
    real, calls = addin.book.write_contents, 0

    def failing(*given: Any) -> None:
        nonlocal calls
        calls += 1
        real(*given)
        if calls == 2:
            raise RuntimeError("gone")

    monkeypatch.setattr("addin.book.write_contents", failing)
    said = click(desk, "place")
    assert said is not None
    assert "没有做成" in said[0]
    assert cells(book) == before


@pytest.mark.parametrize("desk", ["excel"], indirect=True)
def test_the_self_test_is_a_button(desk: Any) -> None:
    """It leaves the workbook in front alone, tells how many steps passed, and can be stopped."""
    book = filled(desk)
    before = cells(book)
    said = click(desk, "self_test")
    assert said is not None
    assert said[1] == "info"
    assert "一切正常" in said[0]
    assert desk.workbook.sheets[len(desk.workbook.sheets) - 1].name == "自检报告"
    assert cells(book) == before
    desk.go_on = False
    assert click(desk, "self_test") == ("已停止；工作簿没有改动。", "info")


@pytest.mark.parametrize("answer", [b'["ok",null]\n', b""], ids=["no click for a while", "LibreOffice has ended"])
def test_python_ends_when_there_are_no_more_clicks(answer: bytes) -> None:
    """Started by the extension it asks for a click; none for a while, or a LibreOffice gone: it ends quietly."""
    ran = subprocess.run([sys.executable, "-m", "addin.office"], input=answer, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b'["click"]\n', b"")


@pytest.mark.parametrize("desk", ["libreoffice"], indirect=True)
def test_libreoffice_takes_a_click_back_in_one_step(desk: Any) -> None:
    """Its own Undo brings back what stood before the click, our record included."""
    book = filled(desk)
    before = cells(book)
    click(desk, "place")
    assert book.impl.ask("undo") == "一键分班"
    book.impl.forget()
    assert cells(book) == before
    assert click(desk, "undo") == ("没有可以撤销的操作。", "warning")


def test_improve_says_when_there_is_nothing_better(desk: Any) -> None:
    """Pupils swapped by hand: improve finds something better once, and then nothing more is changed."""
    book = filled(desk)
    click(desk, "place")
    classes = list(read_tables(book)["Students"]["placed_class"])
    write_column(book, "Students", "placed_class", sorted(classes), "zh")
    said = click(desk, "improve")
    assert said is not None
    assert said[0].startswith("分好了")
    assert list(read_tables(book)["History"]["command"])[-1] == "继续优化"
    for _ in range(9):
        better = list(read_tables(book)["Students"]["placed_class"])
        said = click(desk, "improve")
        assert said is not None
        if not said[0].startswith("分好了"):
            break
    assert said[0].startswith("没有找到更好的分班")
    assert list(read_tables(book)["Students"]["placed_class"]) == better


@pytest.mark.parametrize("key", [button.key for button in BUTTONS if button.needs != "nothing"])
def test_a_workbook_of_someone_else_is_left_alone(tmp_path: Path, key: str) -> None:
    """Clicked in front of any other workbook: said in words, nothing written."""
    import openpyxl

    plain = openpyxl.Workbook()
    plain.active["A1"] = "预算"
    plain.save(tmp_path / "预算.xlsx")
    app = file_engine().apps.add()
    book = app.books.open(tmp_path / "预算.xlsx")
    clicked(ExcelDesk(book), key)
    assert ["没有“学生”表" in said for said in app.impl.alerts] == [True]
    assert book.sheets[0].used_range.options(ndim=2).value == [["预算"]]
    assert len(book.sheets) == 1
    app.quit()


def test_help_and_about(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Help opens the guide in the browser; About and Check installation say something readable."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert click(desk, "help") is None
    assert opened[0].startswith("file:")
    for key in ("about", "check_installation"):
        said = click(desk, key)
        assert said is not None
        assert len(said[0]) > 20


@pytest.fixture
def caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give Book.caller() a workbook, as RunPython does in Excel."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    app = file_engine().apps.add()
    book = app.books.open(template_path("zh"))
    monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
    commands.fill(book, roster(24), "zh", 3)
    quick(book)
    yield book
    app.quit()


def test_the_ribbon_calls_live(caller: Any) -> None:
    """What VBA runs places the pupils of the calling workbook and tells so in an alert box."""
    live.clicked("place")
    assert caller.app.impl.alerts[0].startswith("分好了：24 名学生")
    assert None not in list(read_tables(caller)["Students"]["placed_class"])
    assert caller.app.status_bar is False


def test_nobody_sees_a_traceback(
    caller: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever breaks: a plain sentence with the log's path, the traceback only in the log."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr(commands, "place", broken)
    live.clicked("place")
    (said,) = caller.app.impl.alerts
    assert "没有做成" in said
    assert str(log_path()) in said
    assert "Traceback" not in said
    assert "ZeroDivisionError: surprise" in log_path().read_text(encoding="utf-8")
    monkeypatch.setattr("addin.hosts.excel_desk.ExcelDesk.__init__", broken)
    live.clicked("place")
    assert "surprise" in capsys.readouterr().err


def test_a_busy_excel_is_told(caller: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel refuses calls while a cell is being edited: said so, with what to do."""

    class BusyError(Exception):
        hresult = -2147418111

    def busy(*_: object, **__: object) -> None:
        raise BusyError

    monkeypatch.setattr(commands, "check", busy)
    live.clicked("check")
    assert "Excel 正忙" in caller.app.impl.alerts[0]


def test_the_status_bar_is_told_a_few_times_a_second() -> None:
    """A search that reports a thousand times a second costs the host no more than a few calls."""
    calls: list[float] = []

    def tell(share: float) -> bool:
        calls.append(share)
        return True

    progress = now_and_then(tell)
    assert all(progress(n / 1000) for n in range(1000))
    assert len(calls) <= 2
