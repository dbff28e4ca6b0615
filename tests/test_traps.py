"""What lies beside a workbook is never run or used: the command line, its files, LibreOffice and pip, for real."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from addin.book import opened, saved
from addin.commands import fill
from addin.hosts.office_process import available
from addin.install.setup import LAUNCHER
from addin.install.wheels import Downloader
from addin.trouble import FileTrouble
from tests.rosters import roster
from tests.traps import environment, set_traps
from workbook_templates import template_path

IN_OFFICE = """
from pathlib import Path
from addin.book import engine_called, opened, read_tables
with opened(Path("book.xlsx"), engine_called("libreoffice")) as book:
    print(len(read_tables(book)["Students"]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of traps with a workbook of 24 pupils, in which two sheets are traps, too."""
    path = tmp_path / "book.xlsx"
    with opened(template_path("zh")) as workbook:
        fill(workbook, roster(24), "zh", 3)
        saved(workbook, path)
    book = openpyxl.load_workbook(path)
    for name in ("xlwings.conf", "EvenClass.conf"):
        sheet = book.create_sheet(name)
        sheet.append(["INTERPRETER_WIN", str(tmp_path / "evil.exe")])
        sheet.append(["PYTHONPATH", str(tmp_path)])
    book.save(path)
    return tmp_path


def ran(folder: Path, words: Sequence[str], extra: dict[str, str]) -> str:
    """Run a command in the folder; return what it printed. Nothing may have been caught."""
    caught = set_traps(folder)
    env = {**os.environ, "EVENCLASS_LANG": "en", **extra}
    done = subprocess.run(
        words, cwd=folder, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert not caught.exists(), caught.read_text(encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_traps_catch_what_is_not_guarded(folder: Path) -> None:
    """A Python that is started without care steps into them: else the tests below would show nothing."""
    caught = set_traps(folder)
    careless = [sys.executable, "-c", "import addin"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(careless, cwd=folder, env=env, check=False, capture_output=True)
    assert caught.read_text(encoding="utf-8").split() == ["addin"]


@pytest.mark.parametrize("verb", ["check", "place"])
def test_the_command_line_runs_nothing_of_the_folder(folder: Path, verb: str) -> None:
    """As the shortcut starts it, with every variable set against it; two sheets called .conf stay what they are."""
    command = [sys.executable, "-I", "-m", "addin", verb, "book.xlsx", "-o", "out.xlsx"]
    assert "out.xlsx" in ran(folder, command, environment(folder))
    assert openpyxl.load_workbook(folder / "out.xlsx")["xlwings.conf"]["A1"].value == "INTERPRETER_WIN"


def test_the_launcher_of_an_installation_runs_nothing_of_the_folder(folder: Path, tmp_path: Path) -> None:
    """The command evenclass as the installer makes it, in place of pip's, which a PYTHONPATH leads into the traps."""
    scripts = tmp_path / "Scripts"
    scripts.mkdir()
    ending = ".exe" if sys.platform == "win32" else ""
    launcher = scripts / f"evenclass{ending}"
    launcher.write_text("pip's own")
    subprocess.run([sys.executable, "-I", "-c", LAUNCHER, str(scripts)], check=True, capture_output=True)
    assert [path.name for path in scripts.iterdir()] == [launcher.name]
    assert "out.xlsx" in ran(folder, [str(launcher), "check", "book.xlsx", "-o", "out.xlsx"], environment(folder))


@pytest.mark.skipif(available() is not None, reason="needs LibreOffice")
def test_the_office_and_its_python_run_nothing_of_the_folder(folder: Path) -> None:
    """Neither the Python that speaks to LibreOffice nor the one inside it."""
    assert ran(folder, [sys.executable, "-I", "-c", IN_OFFICE], environment(folder)).strip() == "24"


def test_pip_is_the_environments_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle that is made beside a pip.py is made by pip."""
    caught = set_traps(folder)
    monkeypatch.chdir(folder)
    with pytest.raises(FileTrouble, match="pip failed"):
        Downloader().fetch(folder / "wheels", ["--no-index", "no-such-package"])
    assert not caught.exists()
