"""Conditional formats: what the eye should find first. All by formula, so that LibreOffice shows them too.

Hairlines and number formats are conditional as well: they hold for rows that code adds without any format. LibreOffice
works out every cell's when it saves, and a formula takes it ten times as long as a comparison: hairlines come from a
comparison wherever something is in the cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.issue import LEVELS
from engine.tables import INPUTS, STUDENTS, TABLES, YES_NO
from engine.wording import Lang, Text
from workbook_templates.looks import (
    AMBER,
    BLUE,
    DECIMALS,
    FADED,
    GREEN,
    INK,
    LIGHT_GREEN,
    LINE,
    RED,
    TEAL,
    TINT,
    WHITE,
    Looks,
)
from workbook_templates.sheets import FIRST_ROW, HEADER_ROW, SHEETS, WIDEST

# A verdict begins with one of these.
VERDICTS: tuple[tuple[Text, Mapping[str, str]], ...] = (
    (Text("已达最小可能", "smallest possible"), GREEN),
    (Text("在允许差内", "within tolerance"), LIGHT_GREEN),
    (Text("超出允许差", "outside tolerance"), RED),
    (Text("高于最小可能", "above the smallest possible"), AMBER),
)
_KEPT = ((YES_NO["yes"], GREEN), (YES_NO["no"], RED))
_LEVELS = ((LEVELS["error"], RED), (LEVELS["warning"], AMBER), (LEVELS["note"], BLUE))
_BEGINNINGS: Mapping[tuple[str, str], tuple[tuple[Text, Mapping[str, str]], ...]] = {
    ("Gaps", "verdict"): VERDICTS,
    ("Checks", "kept"): _KEPT,
    ("Rules", "kept"): _KEPT,
    ("Issues", "level"): _LEVELS,
}
# Columns of figures: whole numbers without decimals, others with two to four.
_FIGURES: Mapping[str, tuple[str, ...]] = {
    "Gaps": ("smallest", "largest", "gap", "floor", "tolerance"),
    "Charts": ("first", "second", "others", "mean", "overall"),
}

_ROW = FIRST_ROW + 1  # the first data row as Excel counts


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a sheet that conditional formats cover."""

    worksheet: Any
    looks: Looks
    last_row: int

    def add(self, first: int, last: int, formula: str, properties: Mapping[str, Any]) -> None:
        """Format columns ``first`` to ``last`` (from 0) where the formula, written for the first data row, holds.

        Every format has the hairline too: LibreOffice shows just one of several formats that meet in a cell.
        """
        self._add(first, last, {"type": "formula", "criteria": formula}, properties)

    def add_to_filled(self, first: int, last: int) -> None:
        """Give the hairline to every cell that is not blank."""
        self._add(first, last, {"type": "cell", "criteria": "!=", "value": '""'}, {})

    def _add(self, first: int, last: int, rule: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        shown = self.looks.rule(**{"bottom": 1, "bottom_color": LINE, **properties})
        self.worksheet.conditional_format(FIRST_ROW, first, self.last_row, last, {**rule, "format": shown})


def add_highlights(worksheet: Any, name: str, keys: list[str], looks: Looks) -> None:
    """Add every conditional format of one table's sheet; ``keys`` are the canonical headers, left to right."""
    area = Area(worksheet, looks, FIRST_ROW + SHEETS[name].reach - 1)
    last = WIDEST if TABLES[name].open else len(keys) - 1
    for position, key in enumerate(keys):
        for text, colours in _BEGINNINGS.get((name, key), ()):
            area.add(position, position, _begins(_letter(position), text), colours)
        if key in _FIGURES.get(name, ()):
            _add_figures(area, position, position)
    if name == "Balance":
        _add_figures(area, 1, last)
    if name == "Students":
        area.add(0, last, _locked(looks.lang), TINT)
    if name == "ClassLists":
        _add_class_edges(area, last)
    if TABLES[name].open:
        header: dict[str, Any] = {
            "bg_color": INK if TABLES[name] in INPUTS else TEAL,
            "font_color": WHITE,
            "bold": True,
        }
        rule = {"type": "formula", "criteria": f'A${HEADER_ROW + 1}<>""', "format": looks.rule(**header)}
        worksheet.conditional_format(HEADER_ROW, 0, HEADER_ROW, last, rule)
    area.add_to_filled(0, last)
    area.add(0, last, f'AND(A${HEADER_ROW + 1}<>"",$A{_ROW}&$B{_ROW}<>"")', {})


def _letter(position: int) -> str:
    tens, ones = divmod(position, 26)
    return (chr(64 + tens) if tens else "") + chr(65 + ones)


def _begins(letter: str, text: Text) -> str:
    parts = [f'LEFT(${letter}{_ROW},{len(word)})="{word}"' for word in (text.zh, text.en)]
    return f"OR({','.join(parts)})"


def _add_figures(area: Area, first: int, last: int) -> None:
    cell = f"{_letter(first)}{_ROW}"
    area.add(first, last, f"AND(ISNUMBER({cell}),{cell}=INT({cell}))", {"num_format": "0"})
    area.add(first, last, f"ISNUMBER({cell})", {"num_format": DECIMALS})


def _add_class_edges(area: Area, last: int) -> None:
    """Draw a line above the first pupil of each class; the class and its size stand out there and recede below."""
    first = f'AND($A{_ROW}<>"",$A{_ROW}<>$A{_ROW - 1})'
    edge = {"top": 1, "top_color": INK}
    area.add(0, 1, first, {**edge, "bold": True, "font_color": INK})
    area.add(0, 1, f'$A{_ROW}<>""', {"font_color": FADED})
    area.add(2, last, first, edge)


def _locked(lang: Lang) -> str:
    """Return the formula that finds a locked pupil wherever the column *Locked* stands."""
    header, block = STUDENTS.field("locked").header.to(lang), f"$A${HEADER_ROW + 1}:${_letter(WIDEST)}{_ROW}"
    yes = YES_NO["yes"]
    cell = f'HLOOKUP("{header}",{block},ROW()-{HEADER_ROW},FALSE)'  # an error counts as no
    return f'AND(A${HEADER_ROW + 1}<>"",SEARCH("|"&{cell}&"|","|{yes.zh}|{yes.en}|"))'
