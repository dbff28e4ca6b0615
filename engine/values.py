"""What a cell says: numbers, dates, yes and no, absent marks, names as they are matched. Cells are never changed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

YES = frozenset("是 √ ✓ ✔ ☑ ✅ v y yes true t 1 有 x ● ○ 对".split())
NO = frozenset("否 ☐ no n false f 0 × ✗ 无 没有 不是 -".split())
ABSENT = frozenset(
    "缺考 缺 缺席 缺勤 缺测 旷考 请假 免考 免试 免修 休学 缓考 弃考 补考 未考 未到 未测 未参加 不参加".split()
    + "无成绩 无 病假 事假 absent abs missing na n/a nan null none - -- — —— / \\ .".split()
    + "#n/a #div/0! #value! #ref! #name? #num! #null!".split()
)
ERROR = frozenset("#n/a #div/0! #value! #ref! #name? #num! #null!".split())  # what Excel shows where a formula fails

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_DIGITS_DATE = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONTH = re.compile(r"((?:19|20)\d{2})(?:\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{2}))")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
_IN_WORDS = re.compile(r"(?=.*[十百零〇点分])[零〇一二两三四五六七八九十百点]+(?:分半?)?")
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial numbers
_SERIALS = range(25_000, 60_000)  # the days from 1968 to 2064: what a birth date as a bare number can be


def as_text(cell: object) -> str:
    """Return the cell as text: 12345.0 is '12345', a blank ''; surrounding spaces do not count."""
    if cell is None or cell != cell:  # noqa: PLR0124 # pandas' NaN and NaT: nothing
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return str(int(cell))
    return str(cell).strip()


def folded(cell: object) -> str:
    """Return the cell as text for comparing words: full-width forms made plain, lower case, no outer spaces."""
    return unicodedata.normalize("NFKC", as_text(cell)).casefold().strip()


def parse_number(cell: object) -> Decimal | None:
    """Return the number a cell holds, exactly as it is written, or None if it holds none.

    Full-width digits, spaces, thousands commas and a trailing 分 are understood.
    """
    if cell is None or isinstance(cell, bool | datetime | date):
        return None
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    text = re.sub(r"\s", "", repr(float(cell)) if isinstance(cell, float) else folded(cell)).removesuffix("分")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text):
        text = text.replace(",", "")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def parse_date(cell: object) -> date | None:
    """Return the date a cell holds: a date of Excel's, 2012-3-4, 2012/3/4, 2012.3.4, 20120304 or 2012年3月4日.

    A month alone (2012-03, 2012年3月, 201203, the text 2012.3) is its first day. A bare number that Excel would show as
    a date from 1968 to 2064 is that date: the cell has lost its format.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = folded(cell)
    if text.isdigit() and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    found = _DATE.fullmatch(text) or _DIGITS_DATE.fullmatch(text)
    parts = list(found.groups()) if found else []
    if not parts and not isinstance(cell, float) and (month := _MONTH.fullmatch(text)):
        parts = [month[1], month[2] or month[3], "1"]
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def is_number_in_words(cell: object) -> bool:
    """Return whether a cell is a number in Chinese words, such as 九十 or 八十五分半; 一 alone may be a level."""
    return _IN_WORDS.fullmatch(folded(cell)) is not None


def is_blank(cell: object) -> bool:
    """Return whether a cell holds nothing but spaces."""
    return as_text(cell) == ""


def is_error(cell: object) -> bool:
    """Return whether a cell shows that a formula of Excel's has failed, such as #N/A."""
    return isinstance(cell, str) and cell[:1] == "#" and folded(cell) in ERROR


def is_absent(cell: object) -> bool:
    """Return whether a cell in a column of marks says that there is no mark."""
    return is_blank(cell) or folded(cell) in ABSENT


def is_yes(cell: object) -> bool:
    """Return whether a cell in a column of flags says yes."""
    return folded(cell) in YES


def is_no(cell: object) -> bool:
    """Return whether a cell in a column of flags says no; a blank does."""
    return is_blank(cell) or folded(cell) in NO


def has_han(text: str) -> bool:
    """Return whether a text has Chinese characters."""
    return _HAN.search(text) is not None


def normal_name(cell: object) -> str:
    """Return a name as it is matched: ``李　雷`` is ``李雷``, ``ANNA  LEE`` is ``anna lee``, ``阿•依`` is ``阿·依``."""
    text = "".join(char for char in folded(cell) if unicodedata.category(char) != "Cf")
    text = re.sub(r"[•・‧∙⋅]", "·", text).strip()
    return re.sub(r"\s+", "", text) if has_han(text) else " ".join(text.split())


def ruined_id(cell: object) -> bool:
    """Return whether Excel has ruined an id: 1.23E+17 as text, or a number too long to be held exactly."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= 1e15
    return re.fullmatch(r"\d(\.\d+)?e\+?\d{2,}", folded(cell)) is not None
