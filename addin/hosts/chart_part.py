"""The parts of a file that draw charts, kept word for word but for what they refer to.

openpyxl reads a chart and writes another one: corners turn round, fonts and defaults go. So the original part is put
back, with its references following the tables and its remembered values brought up to date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, unescape

from addin.hosts.grid import Block, quoted, sheet_reference

# A reference, and the values remembered for it; whatever prefix the chart's elements have.
_REFERENCE = re.compile(r"(<(?:\w+:)?f>)([^<]+)(</(?:\w+:)?f>)")
_REMEMBERED = re.compile(
    r"(<(?P<p>\w+:|)f>)(?P<ref>[^<]+)(</(?P=p)f>)\s*<(?P=p)(?P<kind>str|num)Cache>(?P<old>.*?)</(?P=p)(?P=kind)Cache>",
    re.DOTALL,
)
_FORMAT = re.compile(r"<(?:\w+:)?formatCode>.*?</(?:\w+:)?formatCode>", re.DOTALL)

Values = Callable[[str, Block], Sequence[object]]


def followed(part: str, sheet: str, old: Block, new: Block) -> str:
    """Return a chart part after the rows of a table went from one block to another.

    A reference to all rows of some of the table's columns follows, as in Excel; any other stays.
    """

    def follow(match: re.Match[str]) -> str:
        moved = followed_reference(unescape(match[2]), sheet, old, new)
        return match[0] if moved is None else match[1] + escape(moved) + match[3]

    return _REFERENCE.sub(follow, part)


def followed_reference(formula: str, sheet: str, old: Block, new: Block) -> str | None:
    """Return the reference after a table's rows went from one block to another, None if it does not follow them."""
    found = sheet_reference(formula)
    if found is None or found[0].casefold() != sheet.casefold():
        return None
    moved = followed_block(found[1], old, new)
    return None if moved is None else f"{quoted(found[0])}!{moved.address()}"


def followed_block(block: Block, old: Block, new: Block) -> Block | None:
    """Return where a block of whole table columns is after the table's rows changed; None if it is another block."""
    same_rows = block.row == old.row and block.rows == old.rows
    if not same_rows or block.column < old.column or block.last_column > old.last_column:
        return None
    return Block(new.row, block.column, new.rows, block.columns)


def refreshed(part: str, values: Values) -> str:
    """Return a chart part whose remembered values are those that stand in the cells now.

    ``values`` gives the values of a block of a sheet, row by row; it raises KeyError for a sheet that is not there.
    """

    def refresh(match: re.Match[str]) -> str:
        found = sheet_reference(unescape(match["ref"]))
        try:
            now = None if found is None else values(*found)
        except KeyError:
            now = None
        if now is None:
            return match[0]
        prefix, kind = match["p"], match["kind"]
        form = _FORMAT.search(match["old"])
        cache = (form[0] if form else "") + _points(now, prefix, kind)
        return f"{match[1]}{match['ref']}{match[4]}<{prefix}{kind}Cache>{cache}</{prefix}{kind}Cache>"

    return _REMEMBERED.sub(refresh, part)


def _points(values: Sequence[object], prefix: str, kind: str) -> str:
    points = [
        f'<{prefix}pt idx="{index}"><{prefix}v>{escape(str(value))}</{prefix}v></{prefix}pt>'
        for index, value in enumerate(values)
        if value is not None and (kind == "str" or (isinstance(value, int | float) and not isinstance(value, bool)))
    ]
    return f'<{prefix}ptCount val="{len(values)}"/>{"".join(points)}'
