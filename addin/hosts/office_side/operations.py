"""Everything that can be asked of the office, by name; documents and sheets are known to the other side by number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .books import Books
from .cells import Cells
from .paper import Pages
from .tables import Tables

_NOT_ASKED = ("thing", "owner", "book_of", "in_step")  # they are for the other parts


def operations(
    context: Any, document: Any = None, in_front: Callable[[Any], Any] | None = None
) -> dict[str, Callable[..., Any]]:
    """Return the operations on an office; ``document`` is the one in front, where a click came from.

    ``in_front`` runs a function on the office's own thread; without it, message boxes are shown from this one.
    """
    books = Books(context, document, in_front)
    parts = (books, Cells(books), Tables(books), Pages(books))
    return {
        name: getattr(part, name)
        for part in parts
        for name in dir(part)
        if not name.startswith("_") and name not in _NOT_ASKED
    }
