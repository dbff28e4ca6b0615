"""What xlwings does not tell of a workbook: protection and filters.

Hosts of ours answer through their own objects: ``sheet.impl.protected``, ``book.impl.structure_locked``,
``table.impl.filtered``, ``table.impl.show_all()``, ``sheet.impl.hide()``, ``books.impl.from_template(path)``; Excel is
asked through COM. A host that does not know one of them has no such thing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

_VERY_HIDDEN = 2  # xlSheetVeryHidden
EXCEL = "excel"


def is_excel(app: Any) -> bool:  # noqa: ANN401 # objects of xlwings have no types
    """Return whether an app is Excel itself."""
    return bool(app.engine.name == EXCEL)


def is_protected(sheet: Any) -> bool:  # noqa: ANN401
    """Return whether the cells of a sheet are protected."""
    return bool(_asked(sheet, "protected", lambda api: api.ProtectContents))


def is_structure_locked(book: Any) -> bool:  # noqa: ANN401
    """Return whether no sheet can be added to a workbook."""
    return bool(_asked(book, "structure_locked", lambda api: api.ProtectStructure))


def is_filtered(table: Any) -> bool:  # noqa: ANN401
    """Return whether a filter hides rows of a table."""
    found = _asked(table, "filtered", lambda api: api.ShowAutoFilter and api.AutoFilter.FilterMode)
    return bool(found)


def show_all(table: Any) -> None:  # noqa: ANN401
    """Lift the filter of a table; its buttons stay."""
    if is_excel(_app_of(table)):
        table.api.AutoFilter.ShowAllData()
    elif hasattr(table.impl, "show_all"):
        table.impl.show_all()


def hide(sheet: Any) -> None:  # noqa: ANN401
    """Hide a sheet so that it is not even in the list of hidden sheets, where the host can do that."""
    if is_excel(_app_of(sheet)):
        sheet.api.Visible = _VERY_HIDDEN
    elif hasattr(sheet.impl, "hide"):
        sheet.impl.hide()


def from_template(app: Any, path: Path) -> Any:  # noqa: ANN401
    """Return a new workbook, without a file of its own, like the one at a path."""
    if is_excel(app):
        app.api.Workbooks.Add(str(path))
        return app.books.active
    impl = app.books.impl.from_template(str(path))
    return app.books[impl.name]


def _asked(thing: Any, name: str, com: Callable[[Any], Any]) -> object:  # noqa: ANN401
    if is_excel(_app_of(thing)):
        return com(thing.api)
    return getattr(thing.impl, name, False)


def _app_of(thing: Any) -> Any:  # noqa: ANN401
    """Return the app of a book, a sheet or a table."""
    if hasattr(thing, "app"):
        return thing.app
    owner = thing.parent if hasattr(thing, "parent") else thing.book
    return owner.book.app if hasattr(owner, "book") else owner.app
