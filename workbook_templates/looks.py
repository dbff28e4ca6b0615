"""Palette, fonts and cell formats: every colour of the workbook stands here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.wording import Lang, Text

INK = "#1F3A5F"  # titles, headers of the sheets that staff fill in
TEAL = "#1F6F67"  # headers of the sheets that the program writes
GREY = "#6B7785"  # hints, secondary text
FADED = "#A3ADB8"  # what repeats from row to row
LINE = "#DDE3EA"  # hairlines between rows
PAPER = "#F4F7FA"  # calm background of boxes
WHITE = "#FFFFFF"

GREEN = {"bg_color": "#D8EEDD", "font_color": "#1B6B38"}
LIGHT_GREEN = {"bg_color": "#EDF7EF", "font_color": "#3A7D52"}
AMBER = {"bg_color": "#FCEBCB", "font_color": "#8A5A00"}
RED = {"bg_color": "#F9DAD6", "font_color": "#A4271B"}
BLUE = {"bg_color": "#DFEAF6", "font_color": "#28588C"}
TINT = {"bg_color": "#FFF6E0"}  # a locked pupil

BARS = ("#3E6D9C", "#E2A95B", "#B8C1CB")  # first value, second value, all others
MEAN_BAR = "#5B8FB9"
MEAN_LINE = "#C2513D"

FONT = Text("Microsoft YaHei", "Calibri")
FONT_SIZE = Text("10", "11")
MONOSPACED = "Consolas"

DECIMALS = "0.00##"
SHARE_OR_UNIT = "[<1]0%;General"  # 0.2 is shown as 20%, 10 as 10
DATE = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
AS_TEXT = "@"


def font(lang: Lang) -> dict[str, Any]:
    """Return the properties of the workbook's ordinary font; it goes by its name, not by the theme."""
    size = int(FONT_SIZE.to(lang))
    return {"font_name": FONT.to(lang), "font_size": size, "font_scheme": "none", "valign": "vcenter"}


def aligned(align: str) -> dict[str, Any]:
    """Return the properties of an alignment, with a little air at the edge that the text leans on."""
    return {"align": align} if align == "center" else {"align": align, "indent": 1}


TITLE: dict[str, Any] = {"font_size": 18, "bold": True, "font_color": INK}
HINT: dict[str, Any] = {"font_color": GREY}


def header(colour: str | None, align: str) -> dict[str, Any]:
    """Return the properties of a table's header cells; without a colour they are those of a header to come."""
    filled = {"bg_color": colour} if colour else {}
    return {"bold": True, "font_color": WHITE, "text_wrap": True, **filled, **aligned(align)}


def body(align: str, form: str, *, wrapped: bool) -> dict[str, Any]:
    """Return the properties of a column's cells."""
    numbers = {} if form == "General" else {"num_format": form}
    return {**aligned(align), **numbers, **({"text_wrap": True} if wrapped else {})}


@dataclass(frozen=True, slots=True)
class Looks:
    """Hands out cell formats of one workbook, each made once."""

    book: Any
    lang: Lang
    made: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def cell(self, **properties: Any) -> Any:
        """Return the format of the ordinary font with these XlsxWriter properties on top."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**font(self.lang), **properties})
        return self.made[key]

    def rule(self, **properties: Any) -> Any:
        """Return a format for a conditional format: these properties and nothing else."""
        key = (("rule", True), *sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(properties)
        return self.made[key]

    def title(self) -> Any:
        """Return the format of a sheet's title."""
        return self.cell(**TITLE)

    def hint(self) -> Any:
        """Return the format of the line below a title."""
        return self.cell(**HINT)

    def header(self, *, colour: str | None, align: str) -> Any:
        """Return the format of a table's header cells."""
        return self.cell(**header(colour, align))
