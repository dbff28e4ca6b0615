"""What is dropped on the desktop: a workbook or a roster is placed beside itself and opened; the rest is words."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console
from typer.testing import CliRunner

from addin.cli import app
from addin.install import drop
from addin.install.drop import Drop
from addin.speech import Voice
from tests.rosters import roster


class Desk:
    """A desk at which the number of classes is answered and opened files are noted."""

    def __init__(self, answer: int | None = 3) -> None:
        self.answer, self.asked, self.opened = answer, list[str](), list[str]()
        console = Console(file=io.StringIO(), width=200)
        self.words = console
        self.drop = Drop(Voice("zh", out=console, err=console), self.ask, lambda path: self.opened.append(path.name))

    def ask(self, question: str) -> int | None:
        """Answer the question."""
        self.asked.append(question)
        return self.answer

    @property
    def said(self) -> str:
        """Everything that was said."""
        assert isinstance(self.words.file, io.StringIO)
        return self.words.file.getvalue()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    roster(24).to_csv(path, index=False)
    return path


def test_a_roster_asks_for_classes_and_is_placed_beside_itself(tmp_path: Path, small: Path) -> None:
    """One question, one result beside the roster, opened; the roster is untouched."""
    desk, before = Desk(), small.read_bytes()
    assert desk.drop.each([small]) == 0
    assert desk.asked == ["“名单.csv”要分成几个班？"] and desk.opened == ["名单-分班.xlsx"]
    assert small.read_bytes() == before and "规则：" in desk.said


def test_a_workbook_of_ours_is_placed_without_a_question(tmp_path: Path, small: Path) -> None:
    """Its own sheets say everything; dropped twice it gives a second file."""
    desk = Desk()
    assert desk.drop.each([small]) == 0
    made = tmp_path / "名单-分班.xlsx"
    assert desk.drop.each([made, made]) == 0
    assert len(desk.asked) == 1
    assert desk.opened[1:] == ["名单-分班-分班.xlsx", "名单-分班-分班 (2).xlsx"]


def test_issues_are_written_beside_and_opened(tmp_path: Path) -> None:
    """A roster with an error is not placed: its issues are in words and in a checked copy, which opens."""
    path = tmp_path / "名单.csv"
    marks = [60 + i for i in range(12)]
    roster(语文=[*marks[:5], "六十六", *marks[6:]]).to_csv(path, index=False)
    desk = Desk()
    assert desk.drop.each([path]) == 2
    assert desk.opened == ["名单-检查.xlsx"] and "六十六" in desk.said
    book = openpyxl.load_workbook(tmp_path / "名单-检查.xlsx")
    sheet = next(sheet for sheet in book if "Issues" in sheet.tables)
    assert any("六十六" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert not (tmp_path / "名单-分班.xlsx").exists()


def test_one_bad_file_does_not_keep_the_others_from_it(tmp_path: Path, small: Path) -> None:
    """The worst code counts; what can be placed is placed."""
    desk = Desk()
    picture = tmp_path / "照片.png"
    picture.write_bytes(b"\x89PNG")
    assert desk.drop.each([tmp_path / "没有.xlsx", picture, small]) == 2
    assert desk.opened == ["名单-分班.xlsx"] and "没有.xlsx" in desk.said and "照片.png" in desk.said


def test_without_a_number_nothing_is_placed(tmp_path: Path, small: Path) -> None:
    """The window was closed: said, and nothing written."""
    desk = Desk(None)
    assert desk.drop.each([small]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["名单.csv"] and "没有班数" in desk.said


def test_an_unforeseen_failure_is_said_and_its_traceback_kept(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window closes with the program, so a traceback goes into a file that is named."""
    log = tmp_path / "evenclass.log"
    monkeypatch.setattr("addin.logbook.log_path", lambda: log)
    monkeypatch.setattr("addin.commands.place", lambda *_, **__: 1 / 0)
    desk = Desk()
    assert desk.drop.each([small]) == 2
    assert str(log) in desk.said and "Traceback" not in desk.said
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("typed", "number"), [("3\n", 3), ("０\n", None), ("三\n", None), ("-1\n", None), ("", None)])
def test_without_a_display_the_question_is_asked_in_words(
    monkeypatch: pytest.MonkeyPatch, typed: str, number: int | None
) -> None:
    """No window can be shown: the terminal asks; what is no number of classes is no answer."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert drop.ask_classes("几个班？") == number


def test_the_verb_takes_several_files(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`evenclass drop` over the command line; no waiting where nobody sits at a terminal."""
    monkeypatch.setenv("EVENCLASS_LANG", "zh")
    opened: list[Path] = []

    def each(_: Drop, paths: list[Path]) -> int:
        opened.extend(paths)
        return 1

    monkeypatch.setattr(Drop, "each", each)
    result = CliRunner().invoke(app, ["drop", str(small), str(small)])
    assert result.exit_code == 1 and opened == [small, small]
