"""Engine, apps and the books opened through them: what every host without Excel has in common for xlwings.

``xw.engines.add(xw.Engine(impl=...))`` is xlwings' own way to give it another host.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import xlwings as xw
from xlwings import base_classes

from addin.hosts.listed import Listed
from addin.hosts.sheet_xml import CellError

ENDING = ".xlsx"
Opened = TypeVar("Opened")


def engine_named(name: str, kind: type[Engine]) -> xw.Engine:
    """Return an engine of xlwings, adding it to xlwings the first time."""
    if name not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=kind(name)))
    return xw.engines.engines_by_name[name]


class Engine(ABC):
    """What xlwings asks an engine for; a host says how to start an app."""

    type = "desktop"

    def __init__(self, name: str) -> None:
        self.name = name
        self.apps = Apps(self)

    @abstractmethod
    def new_app(self, apps: Apps) -> Any:
        """Return an app without a book. Raises `FileTrouble`."""

    @abstractmethod
    def stop(self) -> None:
        """End whatever process is behind the host."""

    @staticmethod
    def prepare_xl_data_element(value: Any, options: object) -> object:
        """Return a value as a cell can hold it; what is missing becomes None."""
        if value is None or isinstance(value, str | bool | int):
            return value
        if type(value).__name__ == "NAType" or value != value:  # noqa: PLR0124 (NaN, NaT)
            return None
        return value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: object, number_builder: Any, err_to_str: bool
    ) -> list[list[object]]:
        """Return rows of raw values as the caller of xlwings asked for them."""

        def clean(value: Any) -> object:
            if value is None or value == "":
                return empty_as
            if isinstance(value, CellError):
                return str(value) if err_to_str else None
            if isinstance(value, datetime) and datetime_builder is not datetime:
                clock = {"hour": value.hour, "minute": value.minute, "second": value.second, "tzinfo": None}
                day = {"year": value.year, "month": value.month, "day": value.day}
                return datetime_builder(microsecond=value.microsecond, **day, **clock)
            if isinstance(value, float | int) and not isinstance(value, bool):
                return float(value) if number_builder is None else number_builder(value)  # Excel knows no whole ones
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The apps of an engine; each holds the books opened through it."""

    __slots__ = ("engine", "open_apps")  # they also hide the properties of the base

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.open_apps: list[Any] = []

    def add(self, spec: object = None, add_book: object = None, xl: object = None, visible: object = None) -> App:
        """Return an app, without a book if not asked for one. Raises `FileTrouble`."""
        app: App = self.opened(self.engine.new_app(self))
        if add_book:
            app.books.add()
        return app

    def opened(self, app: Opened) -> Opened:
        """Take an app into the list."""
        self.open_apps.append(app)
        return app

    def to_front(self, app: App) -> None:
        """Make an app the active one."""
        self.remove(app)
        self.open_apps.append(app)

    def remove(self, app: App) -> None:
        """Forget an app."""
        self.open_apps = [each for each in self.open_apps if each is not app]

    def keys(self) -> list[int]:
        """Return the number of each app, the active one first."""
        return [app.pid for app in self]

    def cleanup(self) -> None:
        """End whatever process is behind the host."""
        self.engine.stop()

    def __iter__(self) -> Iterator[App]:
        return iter(self.open_apps[::-1])

    def __len__(self) -> int:
        return len(self.open_apps)

    def __getitem__(self, pid: int) -> Any:
        return next(app for app in self.open_apps if app.pid == pid)


class App(base_classes.App):
    """An app without a window of its own: what it has no switch for, it remembers and no more."""

    __slots__ = ("apps", "books", "engine", "pid")  # they also hide the properties of the base

    visible = False
    display_alerts = True
    enable_events = True
    interactive = True
    cut_copy_mode: object = False
    hwnd = None

    def __init__(self, apps: Apps, books: type[Books]) -> None:
        self.apps = apps
        self.engine = apps.engine
        self.pid = max((each.pid for each in apps.open_apps), default=0) + 1
        self.books: Any = books(self)

    @property
    def api(self) -> Self:
        """The app itself: there is no other behind it."""
        return self

    def activate(self, steal_focus: bool = False) -> None:
        """Make this the active app; windows stay as they are, they are the user's."""
        self.apps.to_front(self)

    def quit(self) -> None:
        """Close all books without saving."""
        for book in list(self.books):
            book.close()
        self.apps.remove(self)

    def kill(self) -> None:
        """Close all books without saving."""
        self.quit()


class Books(Listed, base_classes.Books):
    """The books opened through an app."""

    __slots__ = ("_front", "app", "open_books")  # they also hide the properties of the base

    def __init__(self, app: Any) -> None:
        self.app = app
        self.open_books: list[Any] = []
        self._front: Any = None

    def all(self) -> Sequence[Any]:
        """Return the books in the order they were opened."""
        return self.open_books

    @property
    def active(self) -> Any:
        """The book in front, the one opened last if that is closed; None if there is none."""
        if self._front in self.open_books:
            return self._front
        return self.open_books[-1] if self.open_books else None

    def to_front(self, book: Any) -> None:
        """Make a book the active one."""
        self._front = book

    def opened(self, book: Opened) -> Opened:
        """Take a book into the list, in front."""
        self.open_books.append(book)
        self.to_front(book)
        return book


class Book(base_classes.Book):
    """A book that has or will have a file."""

    __slots__ = ("books", "path")  # they also hide the properties of the base

    def __init__(self, books: Any, path: Path) -> None:
        self.books = books
        self.path = path

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def fullname(self) -> str:
        """The path of the file."""
        return str(self.path)

    def target(self, path: str | None) -> Path:
        """Return where to save; as Excel does, a new book gets the usual ending."""
        if path:
            return Path(path)
        return self.path if self.path.suffix else self.path.with_suffix(ENDING)

    @property
    def app(self) -> Any:
        """The app that opened the book."""
        return self.books.app

    def activate(self) -> None:
        """Make this the active book; windows stay as they are, they are the user's."""
        self.books.to_front(self)

    def close(self) -> None:
        """Close the book without saving."""
        self.books.open_books = [book for book in self.books.open_books if book is not self]
