"""What a seal is taken of, byte by byte: the text of a cell, JSON, hashes, and the short code that people read aloud.

`docs/draw_format.md`, sections 1 and 2, is the whole definition; the checking page follows it in JavaScript.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Json = str | int | Sequence["Json"]

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_SHORT_BITS = 80
_HALF_A_SECOND = timedelta(microseconds=500_000)


def cell_text(cell: object) -> str:
    """Return the text of a cell: the same whichever program has read or saved the workbook.

    Numbers count to the 15 digits that Excel keeps, moments to the second.
    """
    if cell is None or cell != cell:  # noqa: PLR0124 # pandas' NaN and NaT: nothing
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float | Decimal):
        return _number_text(cell)
    if isinstance(cell, datetime):
        moment = (cell + _HALF_A_SECOND).replace(microsecond=0, tzinfo=None)
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return _number_text(((cell.hour * 60 + cell.minute) * 60 + cell.second + cell.microsecond / 1e6) / 86_400)
    text = str(cell).replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _number_text(number: float | Decimal) -> str:
    if isinstance(number, int):
        return str(number)
    digits = Decimal(f"{number:.15g}")
    text = f"{digits:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def json_bytes(value: Json) -> bytes:
    """Return lists, text and whole numbers as JSON without spaces: the bytes of RFC 8785.

    Raises TypeError for anything else: it has no one way to be written.
    """
    _refuse_others(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_others(value: object) -> None:
    if isinstance(value, list | tuple):
        for item in value:
            _refuse_others(item)
    elif isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{value!r} is neither text, whole number nor list")


def digest(value: Json) -> str:
    """Return ``H`` of a value: SHA-256 of its JSON, 64 hexadecimal digits."""
    return hashlib.sha256(json_bytes(value)).hexdigest()


def short_code(code: str) -> str:
    """Return a hash as people read it aloud: its first 80 bits in Crockford's base 32, in groups of four."""
    bits = int(code, 16) >> (4 * len(code) - _SHORT_BITS)
    digits = "".join(_DIGITS[bits >> shift & 31] for shift in range(_SHORT_BITS - 5, -1, -5))
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))
