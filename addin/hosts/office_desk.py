"""What surrounds the workbook in front of the user in LibreOffice: message boxes, status bar, Undo, sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import xlwings as xw

from addin import TITLE
from addin.hosts.guard import from_template
from addin.hosts.losses import office_losses
from addin.hosts.office_process import RefusedError
from addin.trouble import FileTrouble
from engine.wording import Lang, Text, listed
from workbook_templates import template_path

_CAUTIONED: set[Path] = set()
_CAUTION = Text(
    "请注意：用 LibreOffice 保存后，这个文件里不再有：{w}。需要的话，请先另存一份，或用 Excel 打开原文件。",
    "Please note: saved by LibreOffice, this file will no longer have: {w}. If you need them, save under another name.",
)


class Desk:
    """The office in which the user clicked, and the workbook in front, None if there is none."""

    def __init__(self, app: xw.App) -> None:
        self._app = app.impl
        front = self._app.books.active
        self.workbook: xw.Book | None = None if front is None else xw.Book(impl=front)

    def language(self) -> Lang:
        """Return the language of the office's menus: Chinese where it is Chinese, else English."""
        return "zh" if str(self._app.line.ask("language")).lower().startswith("zh") else "en"

    def say(self, words: str, kind: str) -> None:
        """Show a message box and wait until it is closed."""
        self._app.alert(words, TITLE, "ok", kind, None)

    def caution(self) -> Text | None:
        """Return what LibreOffice will not keep of the file in front, once for each file while this Python stays."""
        path = None if self.workbook is None else self.workbook.impl.path
        if path is None or path in _CAUTIONED or not path.is_file():
            return None
        _CAUTIONED.add(path)
        with suppress(FileTrouble):  # it is open already; what it holds is then not known
            if found := office_losses(path):
                return _CAUTION.fill(w=listed(found))
        return None

    def choose_file(self, title: str, endings: Sequence[str]) -> Path | None:
        """Let the user choose a file; None if they think better of it."""
        book = self._app.books.active
        chosen = None if book is None else book.ask("choose_file", title, [f"*{each}" for each in endings])
        return Path(chosen) if chosen else None

    def new_workbook(self, lang: Lang) -> xw.Book:
        """Make an empty workbook of ours; it is the one in front then."""
        self.workbook = from_template(xw.App(impl=self._app), template_path(lang))
        return self.workbook

    def areas(self) -> list[tuple[str, int, int, int, int]]:
        """Return what is selected: sheet, first row, first column, rows, columns of each area, counted from 1."""
        if self.workbook is None:
            return []
        return [(str(sheet), *map(int, rest)) for sheet, *rest in self.workbook.impl.ask("selected")]  # type: ignore[misc] # five of them

    def show_table(self, name: str) -> None:
        """Bring the sheet of a table to the front, if there is one."""
        for sheet in self.workbook.sheets if self.workbook is not None else ():
            if name in sheet.tables.impl:
                sheet.impl.activate()

    @contextmanager
    def one_step(self, name: str) -> Iterator[None]:
        """Let all that is done meanwhile be one step for the user's Undo; after an exception it is taken back."""
        if self.workbook is None:
            yield
            return
        with self.workbook.impl.one_step(name):
            yield

    @contextmanager
    def status(self, text: str) -> Iterator[Callable[[float], bool]]:
        """Show a progress bar; what is given takes the share done and returns whether the user lets it go on."""

        def tell(share: float) -> bool:
            self._app.show_progress(f"{text} {share:.0%}", share)
            return not self._stopped()

        self._app.show_progress(text, 0)
        try:
            yield tell
        finally:
            self._app.show_progress(None, 1)

    def _stopped(self) -> bool:
        try:
            return bool(self._app.line.ask("stopped"))
        except RefusedError:  # attached by a pipe: there is no stop button
            return False
