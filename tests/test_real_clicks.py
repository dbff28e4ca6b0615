"""A real window, a real mouse: a button is clicked as staff click it; the saved file is read by another program.

With ``EVENCLASS_PICTURES=FOLDER`` pictures of the window are kept there. How long the clicks took is printed (``-s``).
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin import book, commands
from addin.oxt.build import build_oxt
from tests.rosters import roster
from tests.screen import Screen, lacking, office, wait_for
from tests.traps import set_traps
from workbook_templates import template_path

PUPILS, CLASSES = 300, 6
PICTURES = os.environ.get("EVENCLASS_PICTURES")

pytestmark = pytest.mark.skipif(lacking() is not None, reason=lacking() or "")


@pytest.fixture(scope="module")
def placed_in_file(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Return pupils and classes of the same workbook placed by the file host; it also compiles the search."""
    with book.opened(_workbook(tmp_path_factory.mktemp("file"))) as workbook:
        commands.place(workbook)
        students = book.read_tables(workbook)["Students"]
    return dict(zip(students["学号"], students["placed_class"], strict=True))


def _workbook(folder: Path) -> Path:
    path = folder / "roster.xlsx"
    with book.opened(template_path("zh")) as workbook:
        commands.fill(workbook, roster(PUPILS), "zh", CLASSES)
        book.saved(workbook, path)
    return path


def _clicked(screen: Screen, place: tuple[str, str]) -> float:
    """Click, wait for the message box, close it; return the seconds from click to box."""
    start = time.monotonic()
    screen.click(place)
    box = wait_for(lambda: screen.window("EvenClass"), 90)
    seconds = time.monotonic() - start
    while screen.window("EvenClass") is not None:
        screen.press(box, "Return")
        time.sleep(0.3)
    return seconds


def _saved(screen: Screen, path: Path) -> None:
    before = path.stat().st_mtime_ns
    screen.press(wait_for(lambda: screen.window(path.stem)), "ctrl+s")
    wait_for(lambda: path.stat().st_mtime_ns != before or None)
    size = -1
    while size != path.stat().st_size:
        size = path.stat().st_size
        time.sleep(0.5)


def _classes(path: Path) -> dict[str, object]:
    sheet = openpyxl.load_workbook(path)["学生"]
    header = [cell.value for cell in sheet[3]]
    number, place = header.index("学号"), header.index("班级")
    rows = sheet.iter_rows(min_row=4, values_only=True)
    return {str(row[number]): row[place] for row in rows if row[number] is not None}


def test_staff_click_and_get_their_classes(tmp_path: Path, placed_in_file: dict[str, object]) -> None:
    """一键分班 fills classes, Balance, Gaps and the chart, as in a file; Ctrl+Z takes it all back; again the same.

    LibreOffice is started where the workbook lies, among modules that would run in place of ours.
    """
    path = _workbook(tmp_path)
    caught = set_traps(tmp_path)
    build_oxt(tmp_path / "EvenClass.oxt")
    pictures = Path(PICTURES) if PICTURES else tmp_path
    with office(tmp_path, path, tmp_path / "EvenClass.oxt") as screen:
        button = wait_for(lambda: screen.place_of("一键分班"))
        first = _clicked(screen, button)
        screen.picture(pictures / "placed.png")
        _saved(screen, path)
        placed, placed_classes = openpyxl.load_workbook(path), _classes(path)
        screen.press(wait_for(lambda: screen.window(path.stem)), "ctrl+z")
        _saved(screen, path)
        undone, undone_classes = openpyxl.load_workbook(path), _classes(path)
        again = _clicked(screen, button)
        _saved(screen, path)
        screen.picture(pictures / "again.png")
        measured = _clicked(screen, wait_for(lambda: screen.place_of("重新核对")))
    times = f"first {first:.1f} s, again {again:.1f} s, without a search {measured:.1f} s"
    print(f"click to result at {PUPILS} pupils: {times}")  # noqa: T201 # for the log
    assert not caught.exists()
    assert placed_classes == _classes(path) == placed_in_file
    _check_results(placed)
    assert set(undone_classes.values()) == {None}
    assert undone["均衡检验"]["A4"].value is None
    assert undone["方案记录"]["A4"].value is None


def _check_results(placed: Any) -> None:
    """Check the sheets of results: every class in Balance, every criterion in Gaps with a verdict, both charts."""
    assert placed["均衡汇总"].tables["Balance"].ref.startswith("A3:")
    sizes = [[placed["均衡汇总"].cell(4 + n, column).value for column in (1, 2)] for n in range(CLASSES)]
    assert sizes == [[f"{n + 1}班", PUPILS // CLASSES] for n in range(CLASSES)]
    gaps = {row[0]: row for row in placed["均衡检验"].iter_rows(min_row=4, values_only=True) if row[0] is not None}
    assert gaps["性别：女"][5] == gaps["性别：女"][6] == 0
    assert 0 <= gaps["语文 平均"][5] < 0.5
    assert all(row[8] for row in gaps.values())
    drawn = [
        series.val.numRef.f for chart in placed["均衡图"]._charts for part in chart._charts for series in part.series
    ]
    assert len(drawn) == 5
    assert {reference.rpartition("$")[2] for reference in drawn} == {str(3 + CLASSES)}
