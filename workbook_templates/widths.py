"""How wide a column has to be for what stands in it, in characters of which a Chinese one counts two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from unicodedata import east_asian_width

NARROWEST, WIDEST = 9, 42  # of a column that is made to fit
_AIR = 3  # characters beside the text: indent, edge, filter button
_BOLD = 1.1  # a header's letters, beside ordinary ones
_LINES = 2  # of a header
_PIECE = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")  # what is not torn apart at the end of a line


def wide(text: str) -> int:
    """Return how many characters wide a text is."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def fitting(header: str, values: Iterable[object]) -> int:
    """Return the width at which every value is seen whole, and the header in two lines; no wider than `WIDEST`."""
    texts = {_shown(value) for value in values if value is not None}
    longest = max((wide(line) for text in texts for line in text.split("\n")), default=0)
    room = max(longest, NARROWEST - _AIR)
    while room < WIDEST and _lines(header, room / _BOLD) > _LINES:
        room += 1
    return min(WIDEST, room + _AIR)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _lines(header: str, room: float) -> int:
    """Return how many lines a header takes; a word that is too long for one counts as many more."""
    lines = 0
    for line in header.split("\n"):
        left = 0.0
        for piece in _PIECE.findall(line):
            size = wide(piece.rstrip())
            if size > left:
                lines += 1 if size <= room else _LINES + 1
                left = room
            left -= wide(piece)
    return lines
