"""A real window, a real mouse: a button is clicked as staff click it; the saved file is read by another program."""

from __future__ import annotations

import os
import time
from pathlib import Path

import openpyxl
import pytest

from addin import book, commands
from addin.oxt.build import build_oxt
from tests.rosters import roster
from tests.screen import Screen, lacking, office, wait_for
from workbook_templates import template_path

PUPILS, CLASSES = 300, 6
FIRST, AGAIN = 6.0, 3.0  # seconds from click to result
SLACK = float(os.environ.get("EVENCLASS_SLACK", "2"))  # a shared machine may be as many times slower
PICTURE = os.environ.get("EVENCLASS_PICTURE")  # where to keep the picture of the window

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
    """一键分班 fills classes, Balance and the chart; the same classes as in a file; one Ctrl+Z takes it all back."""
    path = _workbook(tmp_path)
    build_oxt(tmp_path / "EvenClass.oxt")
    with office(tmp_path, path, tmp_path / "EvenClass.oxt") as screen:
        place = wait_for(lambda: screen.place_of("一键分班"))
        first = _clicked(screen, place)
        _saved(screen, path)
        placed = openpyxl.load_workbook(path)
        if PICTURE:
            screen.picture(Path(PICTURE))
        assert _classes(path) == placed_in_file
        again = _clicked(screen, place)
        window = wait_for(lambda: screen.window(path.stem))
        for _ in range(2):
            screen.press(window, "ctrl+z")
            time.sleep(1)
        _saved(screen, path)
    assert set(_classes(path).values()) == {None}
    assert placed["均衡汇总"].tables["Balance"].ref.startswith("A3:")
    assert [placed["均衡汇总"].cell(4 + n, 1).value for n in range(CLASSES)] == [f"{n + 1}班" for n in range(CLASSES)]
    drawn = [
        series.val.numRef.f for chart in placed["均衡图"]._charts for part in chart._charts for series in part.series
    ]
    assert len(drawn) == 5
    assert {reference.rpartition("$")[2] for reference in drawn} == {str(3 + CLASSES)}
    print(f"click to result at {PUPILS} pupils: first {first:.1f} s, again {again:.1f} s")  # noqa: T201 # for the log
    assert first <= FIRST * SLACK
    assert again <= AGAIN * SLACK
