"""An xlwings engine on LibreOffice Calc: the add-in's code runs there as it does in Excel.

LibreOffice's own Python does the talking to it (`office_side`); this side needs no uno and may be any Python. One
office process without a window serves all apps; `attach` and `clicks_served` work on the user's running one.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import xlwings as xw

from addin.hosts import office_file, open_books
from addin.hosts.office_book import Book
from addin.hosts.office_process import Line, LineGoneError, RefusedError, attached, started
from addin.hosts.open_books import engine_named
from addin.hosts.reading import damaged, missing

NAME = "libreoffice"


def office_engine() -> xw.Engine:
    """Return xlwings' engine for LibreOffice, adding it to xlwings the first time; nothing is started yet."""
    return engine_named(NAME, Engine)


def attach(pipe: str) -> xw.App:
    """Return the user's LibreOffice, started with ``--accept="pipe,name=...;urp;"``. Raises `FileTrouble`."""
    return _app(attached(pipe))


def clicks_served() -> Iterator[tuple[xw.App, str]]:
    """Return each click in the LibreOffice that started this program, as it comes: where, and the button's key.

    The two talk on this program's standard input and output. It ends with LibreOffice, or when no click has come for a
    while.
    """
    line = Line(sys.stdout.buffer, sys.stdin.buffer)
    sys.stdout = sys.stderr
    with suppress(LineGoneError):
        while (key := line.ask("click")) is not None:
            app = _app(line)
            yield app, key
            office_engine().impl.apps.remove(app.impl)


def _app(line: Line) -> xw.App:
    apps = office_engine().impl.apps
    app: App = apps.opened(App(apps, line))
    office_engine().activate()
    number = line.ask("current")
    if number is not None:
        front = app.books.opened(Book(app.books, number, Path(line.ask("place_of", number))))
        xw.Book(impl=front).set_mock_caller()  # what xw.Book.caller() returns, as in Excel
    return xw.App(impl=app)


class Engine(open_books.Engine):
    """The engine for LibreOffice, which starts one when it is needed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._own: Line | None = None

    def new_app(self, apps: open_books.Apps) -> App:
        """Return an app on the office process of our own. Raises `FileTrouble`."""
        return App(apps, self.line())

    def line(self) -> Line:
        """Return the line to the office process of our own, started if need be."""
        if self._own is None or not self._own.alive:
            self._own = started()
            atexit.register(self._own.close)
        return self._own

    def stop(self) -> None:
        """End the office process of our own; it starts again when needed."""
        if self._own is not None:
            atexit.unregister(self._own.close)
            self._own.close()
            self._own = None


class App(open_books.App):
    """LibreOffice as an app; closing it leaves the office to whom it belongs."""

    __slots__ = ("_calculation", "_quiet", "_status", "line")  # they also hide the properties of the base

    def __init__(self, apps: open_books.Apps, line: Line) -> None:
        super().__init__(apps, Books)
        self.line = line
        self._calculation = "automatic"
        self._quiet = False
        self._status: object = False

    @property
    def version(self) -> str:
        """The office's version."""
        return str(self.line.ask("version"))

    @property
    def screen_updating(self) -> bool:
        """Whether documents are drawn."""
        return not self._quiet

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if value == self._quiet:
            self._quiet = not value
            for book in self.books:
                book.ask("quiet", self._quiet)

    @property
    def calculation(self) -> str:
        """Whether formulas are calculated by themselves: automatic, semiautomatic or manual."""
        return self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        if (value == "manual") != (self._calculation == "manual"):
            for book in self.books:
                book.ask("automatic", value != "manual")
        self._calculation = value

    @property
    def status_bar(self) -> object:
        """The text in the status bar, False if it is the office's own."""
        return self._status

    @status_bar.setter
    def status_bar(self, value: object) -> None:
        self.show_progress(str(value) if value else None, 0)
        self._status = value

    def show_progress(self, text: str | None, share: float) -> None:
        """Show a text and a progress bar in the status bar; None takes them away."""
        book = self.books.active
        if book is not None:
            book.ask("status", text, share)

    def alert(self, prompt: str, title: str, buttons: str, mode: str | None, callback: object) -> str:
        """Show a message box; return the button pressed."""
        book = self.books.active
        return str(book.ask("ask", mode or "info", buttons, [title or "", prompt])) if book else "ok"

    def calculate(self) -> None:
        """Calculate what has changed."""
        for book in self.books:
            book.ask("calculate")


class Books(open_books.Books):
    """The books opened through an app."""

    __slots__ = ()

    def add(self) -> Book:
        """Make an empty book that has no file yet."""
        return self.opened(Book(self, self.app.line.ask("new"), Path(f"Book{len(self.open_books) + 1}")))

    def open(self, fullname: str, *rest: object, **options: object) -> Book:
        """Open a file. Raises `FileTrouble` if it cannot be read."""
        path = Path(fullname)
        if not path.is_file():
            raise missing(path)
        lacking = office_file.forgotten(path)
        try:
            number = self.app.line.ask("open", str(path.resolve()))
        except RefusedError as refused:
            raise damaged(path, refused.why) from refused
        return self.opened(Book(self, number, path, lacking))

    def from_template(self, path: str) -> Book:
        """Make a book like a file, without a file of its own."""
        number = self.app.line.ask("open", str(Path(path).resolve()), True)
        name = Path(f"{Path(path).stem}{number}")
        return self.opened(Book(self, number, name, office_file.forgotten(Path(path))))
