"""What surrounds the workbook in front of the user in Excel: message boxes, status bar, the Esc key, sheets.

Goes through xlwings' own objects, so that it also runs on the hosts without Excel; what only Excel has is asked of it
alone. Excel waits for a click's work and looks at no key meanwhile, so Esc is asked of Windows itself.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlwings as xw

from addin import TITLE
from addin.hosts.guard import from_template, is_excel
from addin.writable import found_table
from engine.wording import Lang, Text
from workbook_templates import template_path

_CHINESE = 0x04  # primary language of a Windows language number
_MENUS = 2  # msoLanguageIDUI
_KEY_DISABLED, _KEY_USUAL = 0, 1  # xlDisabled, xlInterrupt
_ESCAPE = 0x1B
_BY_ESCAPE = Text("（按 Esc 停止）", " (Esc stops)")


class ExcelDesk:
    """The Excel in which the user clicked, and the workbook in front, None if there is none."""

    def __init__(self, workbook: xw.Book | None = None) -> None:
        self.workbook = workbook if workbook is not None else _caller()
        self._app = self.workbook.app if self.workbook is not None else xw.apps.active
        if self._app is None:
            raise RuntimeError("no Excel is open")
        self._excel = is_excel(self._app)

    def language(self) -> Lang:
        """Return the language of Excel's menus: Chinese where it is Chinese, else English."""
        if not self._excel:
            return "zh"
        try:
            number = int(self._app.api.LanguageSettings.LanguageID(_MENUS))
        except Exception:  # words in the wrong language are better than none
            return "zh"
        return "zh" if number & 0x3FF == _CHINESE else "en"

    def say(self, words: str, kind: str) -> None:
        """Show a message box and wait until it is closed."""
        self._app.alert(words, TITLE, mode="info" if kind == "info" else "critical")  # xlwings knows no other

    def caution(self) -> Text | None:
        """Return None: Excel keeps what Excel made."""
        return None

    def choose_file(self, title: str, endings: Sequence[str]) -> Path | None:
        """Let the user choose a file; None if they think better of it."""
        if not self._excel:
            chosen = self._app.impl.choose_file(title, endings)
        else:
            kinds = ";".join(f"*{each}" for each in endings)
            chosen = self._app.api.GetOpenFilename(f"{kinds},{kinds}", 1, title)
        return Path(chosen) if chosen else None

    def new_workbook(self, lang: Lang) -> xw.Book:
        """Make an empty workbook of ours; it is the one in front then."""
        self.workbook = from_template(self._app, template_path(lang))
        return self.workbook

    def areas(self) -> list[tuple[str, int, int, int, int]]:
        """Return what is selected: sheet, first row, first column, rows, columns of each area, counted from 1."""
        if not self._excel:
            return list(self._app.impl.areas)
        try:
            parts = self._app.api.Selection.Areas
        except Exception:  # a chart or a picture is selected, no cells
            return []
        return [
            (str(part.Worksheet.Name), int(part.Row), int(part.Column), int(part.Rows.Count), int(part.Columns.Count))
            for part in (parts(number) for number in range(1, int(parts.Count) + 1))
        ]

    def show_table(self, name: str) -> None:
        """Bring the sheet of a table to the front, if there is one."""
        table = None if self.workbook is None else found_table(self.workbook, name)
        if table is not None:
            table.parent.impl.activate()

    @contextmanager
    def one_step(self, name: str) -> Iterator[None]:
        """Do nothing: Excel forgets its own steps when a program writes; ours are in `addin.undo`."""
        yield

    @contextmanager
    def status(self, text: str) -> Iterator[Callable[[float], bool]]:
        """Show progress in the status bar; what is given takes the share done and returns whether to go on."""
        hint = _BY_ESCAPE.to(self.language()) if self._excel else ""
        escape = _Escape(self._app.hwnd if self._excel else None)

        def tell(share: float) -> bool:
            self._app.status_bar = f"{text} {share:.0%}{hint}"
            return not escape.pressed()

        self._cancel_key(_KEY_DISABLED)
        try:
            tell(0)
            yield tell
        finally:
            self._app.status_bar = False
            self._cancel_key(_KEY_USUAL)

    def _cancel_key(self, how: int) -> None:
        """Keep Esc from breaking into the VBA that waits for us, which would show its debugger."""
        if self._excel:
            with contextlib.suppress(Exception):  # some versions forbid it; then Esc is asked for all the same
                self._app.api.EnableCancelKey = how


class _Escape:
    """The Esc key while Excel's window is the one in front, as Windows knows it; elsewhere there is none."""

    def __init__(self, window: int | None) -> None:
        self._window = window
        self._user32: Any = None
        if window is not None and sys.platform == "win32":
            import ctypes

            self._user32 = ctypes.windll.user32
            self._user32.GetAsyncKeyState(_ESCAPE)  # forget what was pressed before

    def pressed(self) -> bool:
        """Return whether Esc is down, or was since the last look, with Excel in front."""
        if self._user32 is None or self._user32.GetForegroundWindow() != self._window:
            return False
        return bool(self._user32.GetAsyncKeyState(_ESCAPE) & 0x8001)


def _caller() -> xw.Book | None:
    try:
        return xw.Book.caller()
    except Exception:  # xlwings raises a bare one where no workbook is open
        return None
