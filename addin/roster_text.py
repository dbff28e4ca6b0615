"""Rosters in text: which encoding, which separator, which cells are numbers."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from engine.headings import heading_of
from engine.values import is_absent, is_blank

SEPARATORS = ",;\t|，"
LONGEST_NUMBER = 9  # digits of a whole number; longer ones are ids and phone numbers: they stay text
ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}

_WHOLE = re.compile(r"(-?(?:0|[1-9]\d*))(?:\.0)?", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d*[1-9]", re.ASCII)
_HAN_RUNS = re.compile(r"[\u3400-\u9fff\ue000-\uf8ff\U00020000-\U0003ffff]+")


def decoded(data: bytes) -> tuple[str, str] | None:
    """Return a text and its encoding: UTF-8 or UTF-16 with or without BOM, else GB18030, else Windows-1252.

    None if it is no text at all.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        order = ["utf-16"]
    elif b"\0" in data[:4096]:
        order = ["utf-16-le" if data[1:4096:2].count(0) >= data[:4096:2].count(0) else "utf-16-be"]
    else:
        order = ["utf-8-sig", "gb18030", "cp1252"]
    for encoding in order:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and _are_accents(text):
            continue
        return None if "\0" in text else (text, encoding)
    return None


def _are_accents(text: str) -> bool:
    """Return whether all Chinese characters stand singly against Latin letters: é of Western text read as Chinese."""
    runs = list(_HAN_RUNS.finditer(text))
    letters = [run for run in runs if run.end() - run.start() == 1 and text[run.start() - 1 : run.start()].isascii()]
    letters = [run for run in letters if run.start() and text[run.start() - 1].isalpha()]
    return bool(runs) and len(letters) == len(runs)


def cells_of(text: str) -> tuple[list[list[str]], bool]:
    """Return the cells of a text and whether its quotation marks are in order; if not they are read as they stand.

    A quote that is never closed would otherwise swallow every pupil behind it.
    """
    separator = _separator(text)
    if found := re.match(r"sep=(.)\r?\n", text):
        separator, text = found[1], text[found.end() :]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)), True
    except csv.Error:
        lines = re.split(r"\r\n|\r|\n", text)
        return [line.split(separator) if line else [] for line in lines], False


def _separator(text: str) -> str:
    """Return the separator: the one that most evenly fills the first lines."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def columns(separator: str) -> tuple[int, int]:
        counts = Counter(line.count(separator) for line in lines)
        most, times = max(((c, t) for c, t in counts.items() if c), key=lambda item: item[1], default=(0, 0))
        return times, most

    return max(SEPARATORS, key=columns)


def with_numbers(students: pd.DataFrame) -> pd.DataFrame:
    """Return students read from text with numbers as numbers, so that Excel can calculate with them.

    A column is turned only if every cell that is not blank or 缺考 comes back the same when written: so 00123, 1.50
    and long ids stay text, and so does whatever the heading says is an id.
    """
    columns = [_numbers(students.iloc[:, at], str(header)) for at, header in enumerate(students.columns)]
    return pd.DataFrame(dict(zip(students.columns, columns, strict=True)), dtype=object)


def _numbers(column: pd.Series, header: str) -> Sequence[object]:
    heading = heading_of(header)
    cells = list(column)
    if heading is not None and heading.use == "id":
        return cells
    numbers = [_exact(str(cell)) for cell in cells]
    words = [cell for cell, number in zip(cells, numbers, strict=True) if number is None and not is_blank(cell)]
    if any(not is_absent(cell) for cell in words):
        return cells
    return [cell if number is None else number for cell, number in zip(cells, numbers, strict=True)]


def _exact(text: str) -> int | float | None:
    """Return the number that a text is, or None if writing it would not give the text back (a final .0 aside)."""
    if whole := _WHOLE.fullmatch(text):
        fits = len(whole[1].removeprefix("-")) <= LONGEST_NUMBER and whole[1] != "-0"
        return int(whole[1]) if fits else None
    if _DECIMAL.fullmatch(text) and repr(number := float(text)) == text:
        return number
    return None
