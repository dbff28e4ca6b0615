"""What is known of every pupil besides the class: where they stand on the list, and what its columns say of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import numpy as np
import pandas as pd

from engine.checking import Checked
from engine.cohort import Ints, LabelColumn, NumberColumn
from engine.headings import FEEDER_SCHOOL, STAFF_CHILD, heading_of
from engine.issue import InputError, Issue
from engine.pupils import OURS, cells_of
from engine.tables import matching
from engine.values import as_text, folded, is_blank, parse_number
from engine.wording import Text, listed, plain

Kind = Literal["neighbours", "order", "turns", "label", "number"]
FEW_NUMBERS = 10  # different numbers that are compared as labels
BLANK = Text("（空白）", "(blank)")
NOT = Text("不是", "not")


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing known of n pupils. ``column`` is None for what only their place on the list says.

    ``codes`` (n,): the label of each, an index into ``levels``; or the rank, twice the distance from the middle one, so
    that ranks add up to 0 (0 for who has no value), and ``levels`` is (). ``evened``: the placement evens this out.
    """

    kind: Kind
    label: Text
    column: str | None
    codes: Ints
    levels: tuple[Text, ...] = ()
    evened: bool = False

    @property
    def telling(self) -> bool:
        """Return whether classes could differ in this at all: some pupils differ, and some are alike."""
        different = np.unique(self.codes)
        return len(different) > 1 and not (self.levels and len(different) == len(self.codes))


def traits_of(students: pd.DataFrame, checked: Checked, named: Sequence[str] = ()) -> list[Trait]:
    """Return the place on the list three ways, every column of labels, feeder school and staff child, then those named.

    Raises `InputError` for a name that is no column.
    """
    n, k = len(checked.cohort.ids), len(checked.cohort.classes)
    place = np.arange(n, dtype=np.int64)
    round_of = 2 * k  # dealing in turn repeats after k pupils, there and back (蛇形) after 2 k
    found = [
        Trait("order", Text("名单上的先后", "Place on the list"), None, 2 * place - (n - 1)),
        Trait("neighbours", Text("名单上相邻", "Neighbours on the list"), None, place),
        Trait(
            "turns",
            Text("按名单轮流", "Turns along the list"),
            None,
            place % round_of,
            tuple(plain(at + 1) for at in range(min(n, round_of))),
        ),
    ]
    headers = [str(header) for header in students.columns if header not in OURS]
    measured = {column.name: column for column in checked.cohort.columns}
    wanted = [header for header, column in measured.items() if isinstance(column, LabelColumn)]
    wanted += [header for header in headers if heading_of(header) in (FEEDER_SCHOOL, STAFF_CHILD)]
    wanted += [_header(word, list(dict.fromkeys([*headers, *measured])), checked) for word in named]
    for header in dict.fromkeys(wanted):
        if header in measured:
            found.append(_measured(measured[header]))
        else:
            found.append(_unmeasured(header, cells_of(students, header, checked.pupils.rows)))
    return found


def ranks(values: Ints, present: Iterable[bool] | None = None) -> Ints:
    """Return mid-ranks as `Trait` has them: twice the mean rank of all equal values, less that of the middle."""
    held = np.ones(len(values), np.bool_) if present is None else np.asarray(present, np.bool_)
    ordered = np.sort(values[held])
    low = np.searchsorted(ordered, values, "left")
    high = np.searchsorted(ordered, values, "right")
    return np.where(held, low + high - len(ordered), 0).astype(np.int64)


def _header(word: str, headers: Sequence[str], checked: Checked) -> str:
    alike = [header for header in headers if header == word] or [h for h in headers if matching(h) == matching(word)]
    if alike:
        return alike[0]
    what = Text("没有“{w}”这一列。", "There is no column “{w}”.").fill(w=word)
    close = get_close_matches(word, headers, n=3, cutoff=0.4) or headers
    do = Text("有这些列：{c}。", "There are: {c}.").fill(c=listed([plain(header) for header in close]))
    raise InputError([Issue("error", "Students", None, None, what, do)], checked.cohort.settings.language)


def _measured(column: NumberColumn | LabelColumn) -> Trait:
    label, evened = plain(" ".join(column.name.split())), column.weight > 0
    if isinstance(column, NumberColumn):
        return Trait("number", label, column.name, ranks(column.values, column.present), (), evened)
    rest = NOT if column.use == "flag" else BLANK
    levels = [label] if column.use == "flag" else [plain(level) for level in column.levels]
    codes = np.where(column.codes < 0, len(levels), column.codes)
    return Trait("label", label, column.name, codes, (*levels, rest), evened)


def _unmeasured(header: str, cells: Sequence[object]) -> Trait:
    """Return a column that nothing evens out, as numbers if it holds many different ones, else as labels."""
    label, numbers = plain(" ".join(header.split())), [parse_number(cell) for cell in cells]
    known = {number for number in numbers if number is not None}
    blank = [is_blank(cell) for cell in cells]
    if len(known) > FEW_NUMBERS and all(b or x is not None for b, x in zip(blank, numbers, strict=True)):
        order = {number: at for at, number in enumerate(sorted(known))}
        values = np.array([-1 if number is None else order[number] for number in numbers], np.int64)
        return Trait("number", label, header, ranks(values, values >= 0))
    first: dict[str, str] = {}
    for cell in cells:
        first.setdefault(folded(cell), as_text(cell))
    keys = {key: at for at, key in enumerate(sorted(first))}
    levels = tuple(plain(first[key]) if key else BLANK for key in keys)
    return Trait("label", label, header, np.array([keys[folded(cell)] for cell in cells], np.int64), levels)
