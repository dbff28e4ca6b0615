"""How a sheet goes onto paper: declared once, for the templates and for every sheet that a command makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

A4 = 9  # as Excel numbers paper


@dataclass(frozen=True, slots=True)
class Paper:
    """A4: as many pages across and down as said (None: as many as it takes), or at ``scale`` percent.

    Margins are in inches, ``foot`` is how far the footer is from the edge. ``title`` stands in the footer, beside the
    page number; without it there is no footer. ``head`` is the row that every page repeats, counted from 0;
    ``first_column``: that one too.
    """

    landscape: bool = False
    pages_wide: int | None = 1
    pages_tall: int | None = None
    scale: int | None = None
    left: float = 0.6
    right: float = 0.6
    top: float = 0.6
    bottom: float = 0.75
    foot: float = 0.3
    title: str = ""
    head: int | None = None
    first_column: bool = False

    @property
    def fitted(self) -> bool:
        """Whether the sheet is made as small as its pages want it."""
        return self.scale is None and (self.pages_wide, self.pages_tall) != (None, None)

    @property
    def footer(self) -> tuple[str, str, str]:
        """The footer's left, middle and right part, in Excel's spelling; blank ones if there is none."""
        return (self.title.replace("&", "&&"), "&P / &N", "EvenClass") if self.title else ("", "", "")


def lay_out(worksheet: Any, paper: Paper) -> None:
    """Set up a worksheet of XlsxWriter."""
    worksheet.set_paper(A4)
    if paper.landscape:
        worksheet.set_landscape()
    if paper.head is not None:
        worksheet.repeat_rows(paper.head)
    if paper.first_column:
        worksheet.repeat_columns(0)
    if paper.scale is not None:
        worksheet.set_print_scale(paper.scale)
    elif paper.fitted:
        worksheet.fit_to_pages(paper.pages_wide or 0, paper.pages_tall or 0)
    worksheet.set_margins(left=paper.left, right=paper.right, top=paper.top, bottom=paper.bottom)
    worksheet.center_horizontally()
    if paper.title:
        left, middle, right = paper.footer
        worksheet.set_footer(f"&L{left}&C{middle}&R{right}")
