"""Pictures of a real LibreOffice window, taken step by step while the example is placed by clicks, in one language.

The window is shown on a screen without a monitor, as in `tests/test_real_clicks.py`; sheets are turned by key.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pandas as pd
from pypinyin import Style, lazy_pinyin

from addin import book, commands
from addin.buttons import BUTTONS
from addin.oxt.build import build_oxt
from engine.wording import Lang
from tests.screen import Screen, office, wait_for
from workbook_templates import template_path

SIZE = "1120x700"
MENUS: dict[Lang, str] = {"zh": "zh-CN", "en": "en-US"}
CLASSES = 4
_SETTLED = 1.5  # seconds until a window is drawn
_ENGLISH = {
    "学籍号": "Student ID",
    "姓名": "Name",
    "性别": "Gender",
    "语文成绩": "Chinese",
    "数学成绩": "Maths",
    "外语成绩": "English",
    "预设班级": "Preset class",
    "双胞胎绑定": "Together",
    "情侣互斥": "Apart",
    "均衡班干部": "Monitor",
    "均衡特等生": "Gifted",
    "均衡差生": "Needs help",
    "男": "boy",
    "女": "girl",
    "是": "yes",
}
_NOT_A_MARK = "9O"  # with the letter O, as it happens


def example(roster: Path, lang: Lang) -> pd.DataFrame:
    """Return the example roster, in English with names as they sound."""
    table = pd.read_excel(roster, dtype=object, engine="calamine")
    table = table.astype(object).where(table.notna(), None)
    if lang == "en":
        named = list(table.columns).index("姓名")
        for at, name in enumerate(table.iloc[:, named]):
            family, given = lazy_pinyin(name[0], style=Style.NORMAL)[0], "".join(lazy_pinyin(name[1:]))
            table.iat[at, named] = f"{given.capitalize()} {family.capitalize()}"
        table = table.rename(columns=_ENGLISH).replace(_ENGLISH)
    return table


def picture_placing(roster: Path, lang: Lang, folder: Path, pictures: Path) -> None:
    """Picture roster, columns, menu, the click on Place and its results."""
    path = workbook_of(example(roster, lang), lang, folder)
    with _window(path, lang, pictures) as window:
        window.turn_to("Students")
        window.take("students")
        window.turn_to("Columns")
        window.take("columns")
        window.open_menu()
        window.take("menu")
        window.close_menu()
        window.click("place")
        window.take("placed")
        window.close_box("Gaps")
        window.turn_to("Gaps", last_column=True)
        window.take("gaps")
        window.turn_to("Students", last_column=True)
        window.take("classes")


def picture_check(roster: Path, lang: Lang, folder: Path, pictures: Path) -> None:
    """Picture what Check finds in a roster with a mark that is none and an id that stands twice."""
    table = example(roster, lang)
    table.iat[4, list(table.columns).index({"zh": "数学成绩", "en": "Maths"}[lang])] = _NOT_A_MARK
    table.iat[7, 0] = table.iat[6, 0]
    with _window(workbook_of(table, lang, folder), lang, pictures) as window:
        window.click("check")
        window.take("check")


def workbook_of(table: pd.DataFrame, lang: Lang, folder: Path) -> Path:
    """Write a workbook with a roster into a folder and return it."""
    folder.mkdir(exist_ok=True)
    path = folder / {"zh": "七年级.xlsx", "en": "year7.xlsx"}[lang]
    with book.opened(template_path(lang)) as workbook:
        commands.fill(workbook, table, lang, CLASSES)
        book.saved(workbook, path)
    return path


@contextmanager
def _window(path: Path, lang: Lang, pictures: Path) -> Iterator[_Window]:
    extension = path.with_name("EvenClass.oxt")
    build_oxt(extension)
    with office(path.parent, path, extension, menus=MENUS[lang], size=SIZE) as screen:
        window = _Window(screen, path, lang, pictures)
        window.place_of("place")
        time.sleep(_SETTLED)
        yield window


class _Window:
    """A window on the workbook, used by keys and mouse as staff do."""

    def __init__(self, screen: Screen, path: Path, lang: Lang, pictures: Path) -> None:
        self._screen, self._path, self._lang, self._pictures = screen, path, lang, pictures
        sheets = openpyxl.load_workbook(path).worksheets
        self._sheets = {name: at for at, sheet in enumerate(sheets) for name in sheet.tables}
        self._front = 0

    def place_of(self, key: str) -> tuple[str, str]:
        """Return where the toolbar has a button."""
        label = next(button.label.to(self._lang) for button in BUTTONS if button.key == key)
        return wait_for(lambda: self._screen.place_of(label))

    def turn_to(self, table: str, *, last_column: bool = False) -> None:
        """Turn to the sheet of a table, as Ctrl+PgDn does, and to its upper left or right end."""
        steps = self._sheets[table] - self._front
        for _ in range(abs(steps)):
            self._key("ctrl+Next" if steps > 0 else "ctrl+Prior")
        self._front = self._sheets[table]
        self._key("ctrl+Home")
        if last_column:
            self._key("End")

    def open_menu(self) -> None:
        """Open our menu, third from the right of the menu bar, and leave the pointer at its first entry."""
        for key in ("F10", "Left", "Left", "Left", "Down"):
            self._key(key)

    def close_menu(self) -> None:
        """Close it again."""
        for key in ("Escape", "Escape"):
            self._key(key)

    def click(self, key: str) -> None:
        """Click a button and wait for its message box."""
        self._screen.click(self.place_of(key))
        wait_for(lambda: self._screen.window("EvenClass"), 90)
        self._screen.xdotool("mousemove", "5", "690")

    def close_box(self, front: str) -> None:
        """Close the message box; the click has left the sheet of a table in front."""
        box = wait_for(lambda: self._screen.window("EvenClass"))
        self._screen.press(box, "Return")
        time.sleep(_SETTLED)
        self._front = self._sheets[front]

    def take(self, name: str) -> None:
        """Take a picture of the window."""
        time.sleep(_SETTLED)
        self._screen.picture(self._pictures / f"office_{name}_{self._lang}.png")

    def _key(self, key: str) -> None:
        self._screen.press(wait_for(lambda: self._screen.window(self._path.stem)), key)
        time.sleep(0.2)
