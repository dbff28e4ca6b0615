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
from typing import Any

import xlwings as xw
from xlwings import base_classes

from addin.hosts import office_file
from addin.hosts.file_range import cleaned
from addin.hosts.office_book import Book
from addin.hosts.office_process import Line, LineGoneError, attached, started
from addin.hosts.reading import missing

NAME = "libreoffice"


def office_engine() -> xw.Engine:
    """Return xlwings' engine for LibreOffice, adding it to xlwings the first time; nothing is started yet."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=Engine()))
    return xw.engines.engines_by_name[NAME]


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
    app = App(apps, apps.free_number(), line)
    office_engine().activate()
    apps.open_apps.append(app)
    number = line.ask("current")
    if number is not None:
        front = app.books.opened(Book(app.books, number, Path(line.ask("place_of", number))))
        xw.Book(impl=front).set_mock_caller()  # what xw.Book.caller() returns, as in Excel
    return xw.App(impl=app)


class Engine:
    """What xlwings asks an engine for."""

    def __init__(self) -> None:
        self.apps = Apps(self)
        self.name = NAME
        self.type = "desktop"
        self._own: Line | None = None

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

    @staticmethod
    def prepare_xl_data_element(value: Any, options: object) -> object:
        """Return a value as a cell can hold it; what is missing becomes None."""
        if value is None or isinstance(value, str | bool | int):
            return value
        if value != value:  # noqa: PLR0124 (NaN, NaT)
            return None
        return value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value

    @staticmethod
    def clean_value_data(
        data: Any,
        datetime_builder: Any,
        empty_as: object,
        number_builder: Any,
        err_to_str: bool,
    ) -> list[list[object]]:
        """Return values as the caller of xlwings asked for them."""
        return cleaned(data, datetime_builder, empty_as, number_builder, err_to_str=err_to_str)


class Apps(base_classes.Apps):  # type: ignore[misc]
    """The apps of this engine; each holds the books opened through it."""

    __slots__ = ("engine", "open_apps")  # they also hide the properties of the base

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.open_apps: list[App] = []

    def free_number(self) -> int:
        """Return a number that no app has."""
        return max((each.pid for each in self.open_apps), default=0) + 1

    def add(self, spec: object = None, add_book: object = None, xl: object = None, visible: object = None) -> App:
        """Return an app on the office process of our own, without a book. Raises `FileTrouble`."""
        app = App(self, self.free_number(), self.engine.line())
        self.open_apps.append(app)
        if add_book:
            app.books.add()
        return app

    def remove(self, app: App) -> None:
        """Forget an app."""
        self.open_apps = [each for each in self.open_apps if each is not app]

    def keys(self) -> list[int]:
        """Return the number of each app."""
        return [app.pid for app in self.open_apps]

    def cleanup(self) -> None:
        """End the office process of our own."""
        self.engine.stop()

    def __iter__(self) -> Iterator[App]:
        return iter(self.open_apps[::-1])

    def __len__(self) -> int:
        return len(self.open_apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.open_apps if app.pid == pid)


class App(base_classes.App):  # type: ignore[misc]
    """LibreOffice as an app: what it has no switch for, it remembers and no more."""

    # they also hide the properties of the base
    __slots__ = ("_calculation", "_quiet", "_status", "apps", "books", "engine", "line", "pid")

    visible = False
    display_alerts = True
    enable_events = True
    interactive = True
    cut_copy_mode: object = False
    hwnd = None
    selection = None

    def __init__(self, apps: Apps, pid: int, line: Line) -> None:
        self.apps = apps
        self.engine = apps.engine
        self.pid = pid
        self.line = line
        self.books = Books(self)
        self._calculation = "automatic"
        self._quiet = False
        self._status: object = False

    @property
    def api(self) -> App:
        """The app itself: there is no other behind it."""
        return self

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

    def activate(self, steal_focus: bool = False) -> None:
        """Do nothing: windows are the user's."""

    def calculate(self) -> None:
        """Calculate what has changed."""
        for book in self.books:
            book.ask("calculate")

    def quit(self) -> None:
        """Close all books without saving, and leave the office to whom it belongs."""
        for book in list(self.books):
            book.close()
        self.apps.remove(self)

    def kill(self) -> None:
        """Close all books without saving."""
        self.quit()


class Books(base_classes.Books):  # type: ignore[misc]
    """The books opened through an app."""

    __slots__ = ("app", "open_books")  # they also hide the properties of the base

    def __init__(self, app: App) -> None:
        self.app = app
        self.open_books: list[Book] = []

    @property
    def active(self) -> Book | None:
        """The book opened last."""
        return self.open_books[-1] if self.open_books else None

    def add(self) -> Book:
        """Make an empty book that has no file yet."""
        return self.opened(Book(self, self.app.line.ask("new"), Path(f"Book{len(self.open_books) + 1}")))

    def open(self, fullname: str, *rest: object, **options: object) -> Book:
        """Open a file. Raises `FileTrouble` if it cannot be read."""
        path = Path(fullname)
        if not path.is_file():
            raise missing(path)
        styles = office_file.table_styles(path)
        return self.opened(Book(self, self.app.line.ask("open", str(path.resolve())), path, styles))

    def from_template(self, path: str) -> Book:
        """Make a book like a file, without a file of its own."""
        number = self.app.line.ask("open", str(Path(path).resolve()), True)
        name = Path(f"{Path(path).stem}{number}")
        return self.opened(Book(self, number, name, office_file.table_styles(Path(path))))

    def opened(self, book: Book) -> Book:
        """Take a book into the list."""
        self.open_books.append(book)
        return book

    def __call__(self, name_or_index: str | int) -> Book:
        """Return a book by file name or by position from 1."""
        if isinstance(name_or_index, int):
            return self.open_books[name_or_index - 1]
        for book in self.open_books:
            if book.name.casefold() == name_or_index.casefold():
                return book
        raise KeyError(name_or_index)

    def __len__(self) -> int:
        return len(self.open_books)

    def __iter__(self) -> Iterator[Book]:
        return iter(self.open_books)
