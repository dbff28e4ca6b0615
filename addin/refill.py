"""Where a table's new content goes in the table that stands: the user's own columns stay, beside their rows."""

from __future__ import annotations

from collections.abc import Sequence

from addin.trouble import FileTrouble
from engine.content import Content
from engine.tables import CHARTS, HISTORY, INPUTS, Table, header_of
from engine.wording import Text

_NOT_OURS = Text(
    "工作表“{sheet}”的列“{header}”不是本程序的列，其中第一项内容是“{value}”；这张表的行要重写，会对不上。请把这一列移到“学生”表"
    "或别的工作表，再试一次；什么都没有改动。",
    "Sheet {sheet}: the column “{header}” is not one of the program's; what stands there, “{value}” first, would no "
    "longer match the rows written anew. Move the column to the sheet Students or elsewhere and retry; nothing was "
    "changed.",
)


def arranged(
    declared: Table, content: Content, headers: Sequence[str], rows: Sequence[Sequence[object]], sheet: str
) -> Content:
    """Return the content with its columns where the table has them, and the user's own columns kept between.

    ``headers`` and ``rows`` are what the table on this sheet holds now. Raises `FileTrouble` if the user's own columns
    hold something and the rows they belong to change.
    """
    if declared.open or declared is CHARTS:
        return content
    place = {field.key: header_of(headers, field) for field in declared.fields}
    ours = {header: key for key, header in place.items() if header is not None}
    order = [ours.get(header, header) for header in headers]
    order += [key for key in content.keys if place[key] is None]
    own = [position for position, header in enumerate(headers) if header not in ours]
    columns = dict(zip(content.keys, zip(*content.rows, strict=True), strict=True))
    named = dict(zip(content.keys, content.headers, strict=True))
    for position in own:
        kept = [row[position] for row in rows]
        first = next((cell for cell in kept if cell is not None), None)
        if first is not None and not _same_rows(declared, columns, ours, (headers, rows)):
            raise FileTrouble(_NOT_OURS.fill(sheet=sheet, header=headers[position], value=first))
        columns[headers[position]] = tuple((kept + [None] * len(content.rows))[: len(content.rows)])
    return Content(
        order,
        [named.get(key, key) for key in order],
        [list(row) for row in zip(*(columns[k] for k in order), strict=True)],
    )


def _same_rows(
    declared: Table,
    columns: dict[str, tuple[object, ...]],
    ours: dict[str, str],
    old: tuple[Sequence[str], Sequence[Sequence[object]]],
) -> bool:
    """Return whether each row says the same as before; in inputs and History its first column tells which it is."""
    headers, rows = old
    keys = [declared.fields[0].key] if declared in (*INPUTS, HISTORY) else [field.key for field in declared.fields]
    for position, header in enumerate(headers):
        if ours.get(header) in keys:
            was, now = [row[position] for row in rows], columns[ours[header]]
            while was and was[-1] is None:
                was.pop()
            if list(now[: len(was)]) != was:
                return False
    return True
