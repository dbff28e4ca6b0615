"""What Excel makes of a value that is sent to a cell.

Excel reads text sent to a cell as if it had been typed: 1-2 becomes a date and 007 becomes 7, unless the cell's number
format is text. Hosts without Excel follow the same rule here, so that a forgotten format fails without Excel too.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

AS_TEXT = "@"
GENERAL = "General"
DATE = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
EPOCH = datetime(1899, 12, 30)

Kind = Literal["blank", "text", "number", "date", "truth", "error", "formula"]
Value = str | float | int | bool | datetime | None

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[+-])?\s*[$¥€£]?\s*(?P<sign2>[+-])?"
    r"(?P<digits>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)(?P<power>e[+-]?[0-9]+)?\s*(?P<percent>%)?(?(open)\))",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"(?P<whole>[+-]?[0-9]+) +(?P<top>[0-9]+)/(?P<bottom>[0-9]+)")
_CLOCK = r"(?P<hour>[0-9]{1,4}):(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:\.[0-9]*)?)?(?:\s*(?P<half>[ap]m?))?"
_TIME = re.compile(rf"{_CLOCK}|(?P<hour2>[0-9]{{1,2}})\s+(?P<half2>[ap]m?)", re.IGNORECASE)
_DATES = tuple(
    re.compile(rf"(?:{form})(?:\s+{_CLOCK})?", re.IGNORECASE)
    for form in (
        r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<number>[0-9]{1,2})(?:(?P=mark)(?P<day>[0-9]{1,2}))?",
        r"(?P<number>[0-9]{1,2})(?P<mark>[-/])(?P<day>[0-9]{1,2})(?:(?P=mark)(?P<year>[0-9]{4}|[0-9]{2}))?",
        r"(?P<number>[0-9]{1,2})[-/](?P<year>[0-9]{4})",
        r"(?:(?P<year>[0-9]{2,4})年)?(?P<number>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})[日号])?",
        rf"(?P<day>[0-9]{{1,2}})[-/ ]?{_MONTH}(?:[-/ ,]*(?P<year>[0-9]{{4}}|[0-9]{{2}}))?",
        rf"{_MONTH}[-/ ]?(?P<day>[0-9]{{1,2}})(?:(?:, ?|[-/ ])(?P<year>[0-9]{{4}}))?",
        rf"{_MONTH}[-/ ]?(?P<year>[0-9]{{4}}|[0-9]{{2}})",
    )
)
# Whatever consists of these only may be a number, a date or a time somewhere in the world.
_RISKY = re.compile(
    r"[0-9\s.,:;/\\+\-()%$¥€£'年月日号时分秒上下午周]*(?:[a-z]{1,9}\.?[0-9\s.,:/\\+\-()%]*){0,3}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell holds after a value was sent to it; ``form`` is the number format it takes on, if it changes."""

    kind: Kind
    value: Value
    form: str | None = None


def excel_entry(value: object, number_format: str) -> Entry:
    """Return what Excel would make of a value sent to a cell with this number format.

    Knows the dates of Chinese and English settings; day and month are taken in the order month, day. Raises TypeError
    for a value that no cell can hold.
    """
    if value is None or value == "":
        return Entry("blank", None)
    if isinstance(value, str):
        return Entry("text", value) if number_format == AS_TEXT else _typed(value, number_format)
    if isinstance(value, bool):
        return Entry("text", str(value).upper()) if number_format == AS_TEXT else Entry("truth", value)
    if isinstance(value, int | float):
        return Entry("text", f"{value:.15g}") if number_format == AS_TEXT else Entry("number", value)
    if isinstance(value, date | time | timedelta):
        return _moment(value, number_format)
    raise TypeError(f"a cell cannot hold {type(value).__name__}")


@lru_cache(maxsize=1 << 14)  # a column of classes has few different ones
def stays_text(text: str) -> bool:
    """Return whether Excel surely leaves this text alone, in any language; if not, the cell must be set to text first.

    Wider than `excel_entry`: a text that some Excel somewhere may read as a number or a date does not stay text.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return True
    if plain[0] in "=+-@'#" or text[0] == "'" or plain.upper() in ("TRUE", "FALSE"):
        return False
    if not any(char.isdigit() for char in plain):
        return True
    return _RISKY.fullmatch(plain) is None


def unique_headers(values: Sequence[object]) -> list[str]:
    """Return the header cells of a table as Excel makes them: text, none blank, none twice."""
    return told_apart([_header(value) or f"Column{number}" for number, value in enumerate(values, start=1)])


def told_apart(stems: Iterable[str]) -> list[str]:
    """Return headers that are all different: the second 语文 is 语文2."""
    headers: list[str] = []
    taken: set[str] = set()
    for stem in stems:
        text = stem
        again = 1
        while text.casefold() in taken:
            again += 1
            text = f"{stem}{again}"
        taken.add(text.casefold())
        headers.append(text)
    return headers


def _header(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)


def _typed(text: str, number_format: str) -> Entry:
    if text.startswith("'"):
        return Entry("text", text[1:])
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.upper() in ("TRUE", "FALSE"):
        return Entry("truth", plain.upper() == "TRUE")
    if plain.upper() in ERRORS:
        return Entry("error", plain.upper())
    found = _number(plain) or _date(plain) or _time(plain)
    if found is not None:
        return found if number_format == GENERAL else Entry(found.kind, found.value)
    if (formula := text.strip())[:1] in ("=", "+", "-", "@") and len(formula) > 1:
        return Entry("formula", "=" + formula.removeprefix("="))
    return Entry("text", text)


def _number(text: str) -> Entry | None:
    if match := _NUMBER.fullmatch(text):
        number = float(match["digits"].replace(",", "") + (match["power"] or ""))
        negative = bool(match["open"]) != ("-" in (match["sign"], match["sign2"]))
        number = -number if negative else number
        if not math.isfinite(number):
            return None
        number = float(f"{number:.15g}")  # Excel keeps 15 digits
        return Entry("number", number / 100, "0%") if match["percent"] else Entry("number", number)
    if (match := _FRACTION.fullmatch(text)) and int(match["bottom"]):
        part = int(match["top"]) / int(match["bottom"])
        whole = int(match["whole"])
        return Entry("number", whole - part if text.startswith("-") else whole + part, "# ?/?")
    return None


def _date(text: str) -> Entry | None:
    for form in _DATES:
        match = form.fullmatch(text)
        if match is None:
            continue
        found = match.groupdict()
        month = int(found["number"]) if found.get("number") else _MONTHS.index(found["month"][:3].lower()) + 1
        year = int(found["year"] or datetime.now().year)
        year += 0 if year >= 100 else 2000 if year < 30 else 1900
        try:
            day = datetime(year, month, int(found.get("day") or 1))
        except ValueError:
            continue
        clock = _clock(found)
        return Entry("date", day + clock, MOMENT if clock else "yyyy/m/d") if year >= 1900 else None
    return None


def _time(text: str) -> Entry | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    return Entry("number", _clock(match.groupdict()) / timedelta(days=1), "h:mm")


def _clock(found: dict[str, str | None]) -> timedelta:
    hour = int(found.get("hour") or found.get("hour2") or 0)
    half = (found.get("half") or found.get("half2") or "").lower()[:1]
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return timedelta(hours=hour, minutes=int(found.get("minute") or 0), seconds=int(found.get("second") or 0))


def _moment(value: date | time | timedelta, number_format: str) -> Entry:
    if isinstance(value, timedelta):
        return Entry("number", value / timedelta(days=1), "[h]:mm" if number_format == GENERAL else None)
    if isinstance(value, time):
        span = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
        return Entry("number", span / timedelta(days=1), "h:mm" if number_format == GENERAL else None)
    moment = value.replace(tzinfo=None) if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if number_format == AS_TEXT:
        return Entry("text", moment.isoformat(sep=" "))
    if moment.year < 1900:
        return Entry("text", moment.isoformat(sep=" "))  # Excel has no such dates
    return Entry("date", moment, "yyyy/m/d" if number_format == GENERAL else None)
