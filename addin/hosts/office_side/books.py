"""Documents, their sheets, and what the user sees around them: status bar, message boxes, undo."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import uno

XLSX, ODS = "Calc MS Excel 2007 XML", "calc8"
_BOXES = {"info": "INFOBOX", "warning": "WARNINGBOX", "critical": "ERRORBOX", "question": "QUERYBOX"}
_BUTTONS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_TABLE = ("ContainsHeader", "TotalsRow", "AutoFilter")
_DEEPEST = 100  # the office forgets older steps
_ANSWERS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}


def url(path: str) -> str:
    """Return a file's URL."""
    return str(uno.systemPathToFileUrl(os.path.abspath(path)))


def setting(name: str, value: Any) -> Any:
    """Return a PropertyValue."""
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


class Books:
    """Open documents and sheets, each under a number."""

    def __init__(
        self,
        context: Any,
        document: Any = None,
        in_front: Callable[[Any], Any] | None = None,
    ) -> None:
        self._context = context
        self._things: dict[int, Any] = {}
        self._owners: dict[int, int] = {}
        self._indicators: dict[int, Any] = {}
        self._steps: dict[int, int] = {}
        self._front = document
        self._in_front = in_front
        self._last = 0

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def _number(self, document: Any) -> int:
        for number, known in self._things.items():
            if number not in self._owners and known == document:
                return number
        return self._added(document)

    def _added(self, thing: Any) -> int:
        self._last += 1
        self._things[self._last] = thing
        return self._last

    def _sheet_numbers(self, book: int) -> list[int]:
        """Return the numbers of all sheets in order; a sheet is the one that stands where a known one now stands."""
        sheets = self._things[book].Sheets
        known: dict[int, int] = {}
        for number in [each for each, owner in self._owners.items() if owner == book]:
            try:
                known[self._things[number].RangeAddress.Sheet] = number
            except Exception:  # the sheet is gone
                del self._things[number], self._owners[number]
        for position in range(sheets.Count):
            if position not in known:
                known[position] = self._added(sheets.getByIndex(position))
                self._owners[known[position]] = book
        return [known[position] for position in range(sheets.Count)]

    def owner(self, sheet: int) -> Any:
        """Return the document of a sheet."""
        return self._things[self._owners[sheet]]

    def book_of(self, sheet: int) -> int:
        """Return the number of a sheet's document."""
        return self._owners[sheet]

    def thing(self, number: int) -> Any:
        """Return a document or sheet."""
        return self._things[number]

    def in_step(self, sheet: int) -> bool:
        """Return whether what is done to a sheet will be one step for the user's Undo."""
        return self._owners[sheet] in self._steps

    def version(self) -> str:
        """Return the office's version."""
        return self._configured("/org.openoffice.Setup/Product", "ooSetupVersion")

    def language(self) -> str:
        """Return the language of the office's menus."""
        return self._configured("/org.openoffice.Setup/L10N", "ooLocale")

    def _configured(self, path: str, name: str) -> str:
        provider = self._service("com.sun.star.configuration.ConfigurationProvider")
        node = setting("nodepath", path)
        access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (node,))
        return str(access.getByName(name))

    def new(self) -> int:
        """Make an empty spreadsheet."""
        return self._loaded("private:factory/scalc")

    def open(self, path: str, as_template: bool = False) -> int:
        """Open a file, or a new document like it; macros in it do not run."""
        return self._loaded(url(path), as_template)

    def _loaded(self, address: str, as_template: bool = False) -> int:
        desktop = self._service("com.sun.star.frame.Desktop")
        how = (setting("MacroExecutionMode", 0), setting("AsTemplate", as_template))
        document = desktop.loadComponentFromURL(address, "_blank", 0, how)
        if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            if document is not None:
                document.close(True)
            raise ValueError("not a spreadsheet")
        return self._number(document)

    def current(self) -> int | None:
        """Return the spreadsheet in front."""
        document = self._front or self._service("com.sun.star.frame.Desktop").getCurrentComponent()
        if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            return None
        return self._number(document)

    def place_of(self, book: int) -> str:
        """Return the path of a document's file, blank if it has none."""
        address = self._things[book].URL
        return str(uno.fileUrlToSystemPath(address)) if address.startswith("file:") else str(address)

    def title(self, book: int) -> str:
        """Return the title in a document's window."""
        return str(self._things[book].Title)

    def store(self, book: int, path: str, kind: str) -> None:
        """Write a document to a file; the document itself goes on as it was."""
        document = self._things[book]
        automatic = document.isAutomaticCalculationEnabled()
        document.enableAutomaticCalculation(False)  # or conditional formats are worked out for every cell of a table
        try:
            document.storeToURL(url(path), (setting("FilterName", XLSX if kind == "xlsx" else ODS),))
        finally:
            document.enableAutomaticCalculation(automatic)

    def store_in_place(self, book: int) -> None:
        """Save a document where it came from."""
        self._things[book].store()

    def close(self, book: int) -> None:
        """Close a document without saving."""
        document = self._things.pop(book)
        for number in [sheet for sheet, owner in self._owners.items() if owner == book]:
            self._things.pop(number, None)
            del self._owners[number]
        document.setModified(False)
        document.close(True)

    def structure_locked(self, book: int) -> bool:
        """Return whether no sheet can be added."""
        return bool(self._things[book].isProtected())

    def read_only(self, book: int) -> bool:
        """Return whether a document is only to be read."""
        return bool(self._things[book].isReadonly())

    def protected(self, sheet: int) -> bool:
        """Return whether the cells of a sheet are protected."""
        return bool(self._things[sheet].isProtected())

    def sheets(self, book: int) -> list[list[Any]]:
        """Return number, name and visibility of every sheet."""
        numbers = self._sheet_numbers(book)
        return [[each, self._things[each].Name, bool(self._things[each].IsVisible)] for each in numbers]

    def add_sheet(self, book: int, name: str, position: int) -> int:
        """Add an empty sheet at a position from 0."""
        self._sheet_numbers(book)
        self._things[book].Sheets.insertNewByName(name, position)
        return self._sheet_numbers(book)[position]

    def remove_sheet(self, book: int, sheet: int) -> None:
        """Remove a sheet. LibreOffice takes the tables of the sheet before it away too: they are put back."""
        document, gone = self._things[book], self._things.pop(sheet)
        position, ranges = gone.RangeAddress.Sheet, document.DatabaseRanges
        tables = [(name, ranges.getByName(name)) for name in ranges.ElementNames]
        kept = [(name, table.DataArea, [getattr(table, key) for key in _TABLE]) for name, table in tables]
        document.Sheets.removeByName(gone.Name)
        self._owners.pop(sheet, None)
        for name, where, values in kept:
            if where.Sheet != position and not ranges.hasByName(name):
                where.Sheet -= int(where.Sheet > position)
                ranges.addNewByName(name, where)
                for key, value in zip(_TABLE, values):
                    setattr(ranges.getByName(name), key, value)

    def rename_sheet(self, sheet: int, name: str) -> None:
        """Give a sheet another name."""
        self._things[sheet].Name = name

    def show_sheet(self, sheet: int, shown: bool) -> None:
        """Show or hide a sheet."""
        self._things[sheet].IsVisible = shown

    def active_sheet(self, book: int) -> int:
        """Return the sheet in front."""
        position = int(self._things[book].CurrentController.ActiveSheet.RangeAddress.Sheet)
        return self._sheet_numbers(book)[position]

    def activate_sheet(self, book: int, sheet: int) -> None:
        """Bring a sheet to the front."""
        self._things[book].CurrentController.setActiveSheet(self._things[sheet])

    def selected(self, book: int) -> list[list[Any]]:
        """Return what is selected: sheet, first row, first column, rows, columns of each area, counted from 1."""
        document = self._things[book]
        chosen = document.CurrentController.getSelection()
        if hasattr(chosen, "getRangeAddresses"):
            areas = chosen.getRangeAddresses()
        else:
            areas = [chosen.getRangeAddress()] if hasattr(chosen, "getRangeAddress") else []
        return [
            [
                document.Sheets.getByIndex(area.Sheet).Name,
                area.StartRow + 1,
                area.StartColumn + 1,
                area.EndRow - area.StartRow + 1,
                area.EndColumn - area.StartColumn + 1,
            ]
            for area in areas
        ]

    def select(self, book: int, areas: list[list[Any]]) -> None:
        """Select areas, as a user would: sheet, first row, first column, rows, columns."""
        document = self._things[book]
        ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
        for name, row, column, rows, columns in areas:
            sheet = document.Sheets.getByName(name)
            block = sheet.getCellRangeByPosition(column - 1, row - 1, column + columns - 2, row + rows - 2)
            ranges.addRangeAddress(block.getRangeAddress(), False)
        document.CurrentController.select(ranges)

    def quiet(self, book: int, silent: bool) -> None:
        """Stop drawing a document, or start again."""
        document = self._things[book]
        if silent:
            document.lockControllers()
        elif document.hasControllersLocked():
            document.unlockControllers()

    def automatic(self, book: int, on: bool) -> None:
        """Switch automatic calculation."""
        self._things[book].enableAutomaticCalculation(on)

    def calculate(self, book: int) -> None:
        """Calculate what has changed."""
        self._things[book].calculate()

    def undo_begin(self, book: int, name: str) -> None:
        """Let all that follows be one step for the user's Undo."""
        manager = self._things[book].UndoManager
        self._steps[book] = len(manager.getAllUndoActionTitles())
        manager.enterUndoContext(name)

    def undo_end(self, book: int, keep: bool) -> None:
        """End the step; take it back at once unless it is to be kept."""
        manager = self._things[book].UndoManager
        manager.leaveUndoContext()
        before, after = self._steps.pop(book), len(manager.getAllUndoActionTitles())
        if not keep and (after > before or after >= _DEEPEST):
            controller = self._things[book].CurrentController
            front = controller.ActiveSheet
            manager.undo()
            controller.setActiveSheet(front)

    def undo(self, book: int) -> str:
        """Take back the last step; return what it was called."""
        manager = self._things[book].UndoManager
        if not manager.isUndoPossible():
            return ""
        title = str(manager.getCurrentUndoActionTitle())
        manager.undo()
        return title

    def forget_undo(self, book: int) -> None:
        """Let the user's Undo have nothing to take back."""
        self._things[book].UndoManager.clear()

    def status(self, book: int, text: str | None, share: float) -> None:
        """Show a text and a progress bar in the status bar; None takes them away."""
        indicator = self._indicators.get(book)
        if text is None:
            if indicator is not None:
                self._indicators.pop(book).end()
            return
        if indicator is None:
            frame = self._things[book].CurrentController.Frame
            self._indicators[book] = indicator = frame.createStatusIndicator()
            indicator.start(text, 1000)
        indicator.setText(text)
        indicator.setValue(int(share * 1000))

    def ask(self, book: int, kind: str, buttons: str, words: list[str]) -> str:
        """Show a message box with title and text; return the button pressed."""
        if self._in_front is not None:
            return str(self._in_front(lambda: self._box(book, kind, buttons, words)))
        return self._box(book, kind, buttons, words)

    def choose_file(self, book: int, title: str, patterns: list[str]) -> str | None:
        """Let the user choose a file; return its path."""
        if self._in_front is not None:
            chosen = self._in_front(lambda: self._chosen(title, patterns))
            return None if chosen is None else str(chosen)
        return self._chosen(title, patterns)

    def _chosen(self, title: str, patterns: list[str]) -> str | None:
        picker = self._service("com.sun.star.ui.dialogs.FilePicker")
        picker.setTitle(title)
        picker.appendFilter(" ".join(patterns), ";".join(patterns))
        if not picker.execute():
            return None
        return str(uno.fileUrlToSystemPath(picker.getFiles()[0]))

    def _box(self, book: int, kind: str, buttons: str, words: list[str]) -> str:
        window = self._things[book].CurrentController.Frame.ContainerWindow
        box_type = uno.Enum("com.sun.star.awt.MessageBoxType", _BOXES.get(kind, "MESSAGEBOX"))
        box = window.Toolkit.createMessageBox(window, box_type, _BUTTONS[buttons], *words)
        try:
            return _ANSWERS.get(box.execute(), "ok")
        finally:
            box.dispose()
