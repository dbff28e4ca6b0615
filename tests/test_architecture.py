"""Arrows point one way: who may import whom, kept by reading the import statements."""

from __future__ import annotations

import ast
import tokenize
from pathlib import Path

import pytest

from engine.compiled import KERNELS

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for folder in ("engine", "addin", "workbook_templates") for path in (ROOT / folder).rglob("*.py"))
SPREADSHEETS = {"xlwings", "openpyxl", "python_calamine", "xlsxwriter", "uno", "win32com"}
UNFREE = ("xlwings.pro", "xlwings.server", "xlwings.reports")


def imports(path: Path) -> set[str]:
    """Return every module that a file imports, late imports included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_knows_no_spreadsheet_clock_or_file(path: Path) -> None:
    """The engine imports neither addin nor a spreadsheet library, nor time, files or processes."""
    if path.parent.name == "engine":
        forbidden = SPREADSHEETS | {"addin", "workbook_templates", "time", "pathlib", "subprocess", "socket"}
        # compiled.py decides where machine code is kept on disk: the one place of the engine that knows a folder
        allowed = {"pathlib"} if path.name == "compiled.py" else set()
        assert not roots(path) & (forbidden - allowed)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_book_and_hosts_know_the_spreadsheet(path: Path) -> None:
    """Xlwings and openpyxl are imported by book.py and hosts/ alone; nothing imports what is not free."""
    if path.name != "book.py" and path.parent.name != "hosts":
        assert not roots(path) & {"xlwings", "openpyxl"}
    assert not any(name.startswith(UNFREE) for name in imports(path))


def test_kernels_stand_on_numpy_and_numba_alone() -> None:
    """What is compiled imports numpy, numba and other kernels."""
    for path in (ROOT / "engine" / f"{name}.py" for name in KERNELS if name != "compiled"):
        other = {m for m in imports(path) if m.startswith(("engine", "addin"))}
        assert not {m for m in other if m.split(".")[:2] not in [["engine", name] for name in KERNELS]}
        assert roots(path) <= {"__future__", "typing", "numpy", "numba", "engine"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    """A module that grows too long has a second thing in it that wants a name of its own."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_nothing_is_sent_anywhere() -> None:
    """No module of ours imports what talks to a network."""
    for path in MODULES:
        assert not roots(path) & {"socket", "http", "urllib", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}


def test_sources_are_utf_8() -> None:
    """Every source is read as UTF-8, whatever the machine's own encoding."""
    for path in MODULES:
        with tokenize.open(path) as source:
            assert source.encoding == "utf-8"
