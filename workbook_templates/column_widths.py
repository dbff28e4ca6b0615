"""Which columns are given a width with their content, and what width: those that come new, never those that stood.

A column that had content under the same header keeps the width it has: somebody may have set it by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.content import Content
from engine.tables import Table
from workbook_templates.sheets_on_demand import EVERY_SHEET
from workbook_templates.widths import fitting

_LINES, _LINES_ACROSS = 2, 3  # of a header; where a table takes several pages in width, columns are to be narrow


def new_widths(
    declared: Table, content: Content, headers: Sequence[str] = (), rows: Sequence[Sequence[object]] = ()
) -> dict[int, float]:
    """Return the widths of columns that come new, by position; ``headers`` and ``rows`` are what stood before.

    Columns of ours are never narrower than their sheet declares, wrapped ones as it declares.
    """
    looks = EVERY_SHEET[declared.name]
    if looks.hidden:
        return {}
    lines = _LINES_ACROSS if looks.across else _LINES
    widths: dict[int, float] = {}
    for at, (key, header) in enumerate(zip(content.keys, content.headers, strict=True)):
        values = [row[at] for row in content.rows]
        blank = all(value is None for value in values)
        same_header = at < len(headers) and headers[at] == header
        if same_header and (blank or any(row[at] is not None for row in rows)):
            continue
        column = looks.columns.get(key)
        if column is None:
            widths[at] = fitting(header, values, lines)
        elif not blank and not column.prose and (needed := fitting(header, values, lines)) > column.width:
            widths[at] = needed
    return widths
