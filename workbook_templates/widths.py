"""How much room a text takes: lines in a column, and how wide a column has to be; a Chinese character is two wide."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from math import ceil
from unicodedata import east_asian_width

NARROWEST, WIDEST = 9, 42  # of a column that is made to fit, in characters
_AIR = 3  # characters beside the text: indent and edges
_BUTTON = 2  # characters that a filter button takes beside a header
_BOLD = 1.1  # a header's letters, beside ordinary ones
_WHOLE = 20  # longer words of a header go over two lines, or few of them would fill a page
# What stays together at the end of a line: a word or one Chinese character, with the marks that cling to it.
_PIECE = re.compile(
    r"[（《“‘「【]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef、，。；：！？“”‘’]+|.)[）》”’」】、，。；：！？]*\s*", re.DOTALL
)


def wide(text: str) -> int:
    """Return how many characters wide a text is."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a wrapped text needs in a column of this width."""
    return sum(_lines(line, max(1.0, width - _AIR)) for line in text.split("\n"))


def fitting(header: str, values: Iterable[object], lines: int) -> int:
    """Return the width at which values are seen whole, and the header in so many lines; no wider than `WIDEST`."""
    texts = {_shown(value) for value in values if value is not None}
    longest = max((wide(line) for text in texts for line in text.split("\n")), default=0)
    room = max(longest, _longest_word(header) + _BUTTON, NARROWEST - _AIR)
    while room < WIDEST and header_lines(header, room + _AIR) > lines:
        room += 1
    return min(WIDEST, room + _AIR)


def header_lines(header: str, width: float) -> int:
    """Return how many lines a header, which is bold and has a button, needs in a column of this width."""
    return lines_of(header, _AIR + (width - _AIR - _BUTTON) / _BOLD)


def _longest_word(header: str) -> int:
    """Return the room that the longest word needs which is not to be torn apart; Chinese words have spaces between."""
    words = header.split()
    sizes = [ceil(_BOLD * wide(word.rstrip())) for word in (words if len(words) > 1 else _PIECE.findall(header))]
    return max((size for size in sizes if size <= _WHOLE), default=0)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _lines(line: str, room: float) -> int:
    """Return how many lines one paragraph takes; a word that is longer than a line begins a new one."""
    if wide(line) <= room:
        return 1
    lines, used = 1, 0.0
    for piece in _PIECE.findall(line):
        size = wide(piece.rstrip())
        if used and used + size > room:
            lines, used = lines + 1, 0.0
        more = max(0, int(-(-size // room)) - 1)
        lines, used = lines + more, used + wide(piece) - more * room
    return lines
