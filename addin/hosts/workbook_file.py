"""An xlwings engine on workbook files: the add-in's code runs on a file as it does in Excel."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import xlwings as xw
from openpyxl.packaging.manifest import Manifest
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.writer.excel import ExcelWriter

from addin.hosts import open_books
from addin.hosts.chart_part import followed, refreshed
from addin.hosts.file_sheet import Sheet, Sheets
from addin.hosts.grid import Block
from addin.hosts.open_books import engine_named
from addin.hosts.package import Parts, chart_parts, for_openpyxl, put_back, sheet_parts
from addin.hosts.reading import FORMATS, damaged, file_content, file_parts
from addin.hosts.saving import write_whole
from addin.hosts.sheet_writer import write_worksheet
from addin.trouble import FileTrouble
from engine.wording import Text

NAME = "file"
_WRONG_FORMAT = Text(
    "不能保存为“{p}”：扩展名须是 .xlsx，有宏的工作簿可以是 .xlsm。",
    "“{p}” cannot be saved: the name must end in .xlsx, or in .xlsm for a workbook with macros.",
)


def file_engine() -> xw.Engine:
    """Return xlwings' engine for workbook files, adding it to xlwings the first time."""
    return engine_named(NAME, Engine)


class Engine(open_books.Engine):
    """The engine for workbook files: there is no process behind it."""

    def new_app(self, apps: open_books.Apps) -> App:
        """Return an app without a book."""
        return App(apps)

    def stop(self) -> None:
        """Do nothing: there is no process."""


class App(open_books.App):
    """An app without a window: what Excel would show or recalculate, it remembers and no more."""

    __slots__ = ("alerts", "areas", "chosen")  # they also hide the properties of the base

    screen_updating = True
    calculation = "automatic"
    status_bar: object = False
    version = "16.0"

    def __init__(self, apps: open_books.Apps) -> None:
        super().__init__(apps, Books)
        self.alerts: list[str] = []
        self.chosen: Path | None = None
        self.areas: list[tuple[str, int, int, int, int]] = []  # what would be selected, if there were a window

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: object) -> str:
        """Remember what would be shown; every question is answered yes."""
        self.alerts.append(prompt)
        return "yes" if "yes" in buttons else "ok"

    def choose_file(self, title: str, endings: Sequence[str]) -> Path | None:
        """Return what was put into ``chosen``: there is nobody to ask."""
        return self.chosen

    def calculate(self) -> None:
        """Do nothing: a file keeps the results that its formulas had."""


class Books(open_books.Books):
    """The open books of an app."""

    __slots__ = ()

    def add(self) -> Book:
        """Make an empty book that has no file yet."""
        workbook = openpyxl.Workbook()
        workbook.active.title = "Sheet1"
        return self.opened(Book(self, Path(f"Book{len(self.open_books) + 1}"), workbook, Parts()))

    def open(self, fullname: str, *rest: object, **options: object) -> Book:
        """Open a workbook file. Raises `FileTrouble` if it cannot be read."""
        path = Path(fullname)
        content = file_content(path)
        parts = file_parts(path, content)
        return self.opened(Book(self, path, _loaded(path, parts), parts))

    def from_template(self, path: str) -> Book:
        """Make a book like a file, under a name of its own."""
        book: Book = self.open(path)
        book.path = Path(f"{book.path.stem}{len(self.open_books)}.xlsx")
        return book


def _loaded(path: Path, parts: Parts) -> Any:
    """Return openpyxl's workbook; what it warns about is put back on saving or told by `losses`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            macros = path.suffix.lower() in (".xlsm", ".xltm")
            workbook = openpyxl.load_workbook(io.BytesIO(for_openpyxl(parts)), rich_text=True, keep_vba=macros)
        except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as why:
            raise damaged(path, why) from why
    if workbook.vba_archive is not None:  # openpyxl leaves it open for writing: as garbage it could not be closed
        kept = workbook.vba_archive.fp
        workbook.vba_archive.close()
        workbook.vba_archive = ZipFile(kept)
    return workbook


class Book(open_books.Book):
    """A workbook file in memory; nothing is written to the file before `save`.

    ``workbook`` is openpyxl's, ``parts`` are those of the file as it was opened.
    """

    __slots__ = (
        "_sheets",
        "_styles",
        "charts",
        "parts",
        "sources",
        "workbook",
    )  # they also hide the properties of the base

    def __init__(self, books: Books, path: Path, workbook: Any, parts: Parts) -> None:
        super().__init__(books, path)
        self.workbook = workbook
        self.parts = parts
        self.sources: dict[Any, str] = {}
        self.charts = {name: parts.content[name].decode() for name in chart_parts(parts)}
        named = sheet_parts(parts) if parts.content else {}
        for worksheet in workbook.worksheets:
            self.sources[id(worksheet)] = named.get(worksheet.title, "")
        self._sheets = [Sheet(self, worksheet) for worksheet in workbook.worksheets]
        self._styles: dict[tuple[bytes, int], Any] = {}

    @property
    def api(self) -> Any:
        """The openpyxl workbook."""
        return self.workbook

    @property
    def sheets(self) -> Sheets:
        """The worksheets."""
        return Sheets(self, self._sheets)

    def forget_undo(self) -> None:
        """Do nothing: a file has no Undo of its own."""

    @property
    def structure_locked(self) -> bool:
        """Whether no sheet can be added."""
        security = self.workbook.security
        return bool(security is not None and security.lockStructure)

    @property
    def read_only(self) -> bool:
        """Whether the book is only to be read: a file never is, it can be saved elsewhere."""
        return False

    def remove_sheet(self, sheet: Sheet) -> None:
        """Take a sheet out of the book."""
        self.workbook.remove(sheet.api)
        self._sheets.remove(sheet)

    def rename_sheet(self, sheet: Sheet, name: str) -> None:
        """Give a sheet another name. Raises NotImplementedError where something knows it by the old one."""
        self.refuse_known(sheet.name)
        sheet.api.title = name

    def refuse_known(self, name: str) -> None:
        """Raise NotImplementedError if formulas, names or charts mention a name: they would not follow another one."""
        formulas = [str(c._value) for ws in self.workbook.worksheets for c in ws._cells.values() if c.data_type == "f"]
        names = [each.attr_text or "" for each in self.workbook.defined_names.values()]
        if any(name in each for each in (*formulas, *names, *self.charts.values())):
            raise NotImplementedError(f"formulas, names or charts refer to {name}")

    def style_with_format(self, style: Any, number: int) -> Any:
        """Return a cell style with another number format; cells share it, so it is never changed."""
        key = (b"" if style is None else style.tobytes(), number)
        if key not in self._styles:
            changed = StyleArray(style) if style is not None else StyleArray()
            changed.numFmtId = number
            self._styles[key] = changed
        return self._styles[key]

    def follow(self, sheet: Sheet, old: Block, new: Block) -> None:
        """Let charts follow the rows of a table, as Excel does."""
        for name, part in self.charts.items():
            self.charts[name] = followed(part, sheet.name, old, new)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Write the book to a file, in place of what is there, in one step. Raises `FileTrouble` if that fails."""
        target = self.target(path)
        if target.suffix.lower() not in FORMATS or password:
            raise FileTrouble(_WRONG_FORMAT.fill(p=target.name))
        write_whole(target, self._package(target).zipped())
        self.path = target

    def _package(self, target: Path) -> Parts:
        """Return the parts of the file to be written."""
        workbook = self.workbook
        macros, template = target.suffix.lower() in (".xlsm", ".xltm"), target.suffix.lower().startswith(".xlt")
        archive, was_template = workbook.vba_archive, workbook.template
        if macros and archive is None:
            raise FileTrouble(_WRONG_FORMAT.fill(p=target.name))
        try:
            workbook.vba_archive, workbook.template = archive if macros else None, template
            workbook.calculation.fullCalcOnLoad = True
            saved = Parts()
            writer = ExcelWriter(workbook, saved)
            writer.manifest = Manifest()
            sheets = {id(sheet.api): sheet for sheet in self._sheets}
            writer.write_worksheet = lambda ws: write_worksheet(writer, saved, ws, sheets[id(ws)].results)
            writer.save()
        finally:
            workbook.vba_archive, workbook.template = archive, was_template
        original = Parts(self.parts.content | self._current_charts())
        places = {sheet.api.path.lstrip("/"): self.sources.get(id(sheet.api), "") for sheet in self._sheets}
        if original.content:
            put_back(saved, original, places)
        return saved

    def _current_charts(self) -> dict[str, bytes]:
        sheets = {sheet.name: sheet for sheet in self._sheets}
        return {
            name: refreshed(part, lambda sheet, block: sheets[sheet].values(block)).encode()
            for name, part in self.charts.items()
        }
