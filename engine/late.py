"""Late arrivals: pupils without a class are placed without moving anyone, by lot among the classes that are open.

For each in roster order: the classes that rules leave open, of these those that size, then gender, then marks leave,
and of these again those where most wishes are fulfilled, the pupil's own and those for the pupil; one of them by a lot
that the seed and the pupil's id decide. Nobody chooses the class, and the record says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from engine.checking import Checked, cohort_from_tables
from engine.cohort import Cohort, Ints, LabelColumn, NumberColumn
from engine.criteria import Criterion, class_sums, criteria_of, gap_of
from engine.issue import Findings, InputError, Issue
from engine.locks import locked_classes
from engine.placing import Tables, classes_in
from engine.presence import broken
from engine.setting import read_settings
from engine.sizes import ClassRow, read_classes
from engine.values import is_blank
from engine.wording import Text, figure, listed, plain

NOWHERE = -1
_NOBODY = Text("每名学生都有班级，没有要补录的。", "Every pupil has a class: there are no late arrivals.")
_UNWISHED = Text("愿望在别的班更能满足", "more wishes are fulfilled elsewhere")
_NO_PLACEMENT = Text("还没有分班，谁也不算补录。", "Nobody is placed yet, so nobody is late.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A late pupil: the class drawn, the classes that were open, and why each of the others was not."""

    pupil: int
    class_index: int
    allowed: tuple[int, ...]
    reasons: Mapping[int, Text]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """All late pupils placed: ``class_of`` (n,) with them, and how each came to their class."""

    checked: Checked
    class_of: Ints
    placed: tuple[Arrival, ...]


def late_arrivals(tables: Mapping[str, pd.DataFrame]) -> Arrivals:
    """Return a class for every pupil who has none, all others staying. Raises `InputError` if all have one."""
    whole = _without_sizes(tables)
    checked = cohort_from_tables(whole)
    lang = checked.cohort.settings.language
    class_of = _classes_so_far(whole, checked)
    late = [int(i) for i in np.flatnonzero(class_of == NOWHERE)]
    if not late or len(late) == len(class_of):
        what = _NO_PLACEMENT if late else _NOBODY
        do = Text("请先分班。", "Place the pupils first.") if late else Text("", "")
        raise InputError([Issue("error", "Students", None, None, what, do)], lang)
    room = _Room(whole, checked)
    placed = []
    for i in late:
        arrival = room.placed(i, class_of)
        class_of[i] = arrival.class_index
        placed.append(arrival)
    return Arrivals(checked, class_of, tuple(placed))


def late_rows(arrivals: Arrivals, when: object) -> list[dict[str, Any]]:
    """Return the rows of the table *Late*."""
    cohort = arrivals.checked.cohort
    lang = cohort.settings.language
    rows = []
    for one in arrivals.placed:
        rows.append(
            {
                "when": when,
                "id": cohort.ids[one.pupil],
                "name": cohort.names[one.pupil] or None,
                "class": cohort.classes[one.class_index],
                "allowed": listed([plain(cohort.classes[k]) for k in one.allowed]).to(lang),
                "reasons": _why_not(cohort, one.reasons).to(lang) or None,
                "seed": cohort.settings.seed,
            }
        )
    return rows


def _why_not(cohort: Cohort, reasons: Mapping[int, Text]) -> Text:
    """Return why other classes were not allowed, those with one reason together."""
    alike: dict[Text, list[Text]] = {}
    for k, text in sorted(reasons.items()):
        alike.setdefault(text, []).append(plain(cohort.classes[k]))
    said = [Text("{c}：{w}", "{c}: {w}").fill(c=listed(held), w=why) for why, held in alike.items()]
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


class _Room:
    """What is known of the classes when pupils arrive: sizes wanted, largest sizes, locks, criteria that decide."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], checked: Checked) -> None:
        findings = Findings("zh")  # all of this has been checked already
        self.cohort = checked.cohort
        self.size_gap = read_settings(tables.get("Settings"), findings).size_gap
        rows = read_classes(tables.get("Classes"), findings)
        _, self.locked = locked_classes(tables.get("Classes"), rows, tables["Students"], findings)
        self.rows: Sequence[ClassRow] = rows
        criteria = criteria_of(self.cohort)
        genders = {c.name for c in self.cohort.columns if isinstance(c, LabelColumn) and c.use == "gender"}
        self.genders = [c for c in criteria if c.kind == "count" and c.column in genders]
        main = _main(self.cohort)
        self.mean = next((c for c in criteria if main is not None and c.kind == "mean" and c.column == main.name), None)

    def placed(self, i: int, class_of: Ints) -> Arrival:
        """Return where pupil i goes, the others being where they are."""
        k = len(self.cohort.classes)
        reasons: dict[int, Text] = {}
        allowed = list(range(k))
        for refusals in (self._by_rules, self._by_size, self._by_gender, self._by_marks, self._by_wishes):
            refused = {a: why for a, why in refusals(i, class_of, allowed).items() if a in allowed}
            if len(refused) < len(allowed):  # what no class can satisfy keeps the pupil out of none
                reasons |= refused
                allowed = [a for a in allowed if a not in refused]
        return Arrival(i, allowed[_lot(self.cohort, i, len(allowed))], tuple(allowed), reasons)

    def _by_rules(self, i: int, class_of: Ints, allowed: list[int]) -> dict[int, Text]:
        refused: dict[int, Text] = {}
        for rule in self.cohort.rules:
            if i in rule.pupils:
                there = replace(rule, pupils=tuple(j for j in rule.pupils if j == i or class_of[j] != NOWHERE))
                without = replace(rule, pupils=tuple(j for j in there.pupils if j != i))
                now = broken(without, class_of) if without.pupils else 0
                for a in allowed:
                    after = class_of.copy()
                    after[i] = a
                    if broken(there, after) > now:
                        refused.setdefault(a, rule.source)
        return refused

    def _by_size(self, i: int, class_of: Ints, allowed: list[int]) -> dict[int, Text]:
        held = _held(class_of, len(self.cohort.classes))
        refused: dict[int, Text] = {}
        for a, row in enumerate(self.rows):
            if row.label in self.locked:
                refused[a] = Text("班级已锁定", "class locked")
            elif row.largest is not None and held[a] >= row.largest:
                refused[a] = Text("已满 {n} 人", "full: {n}").fill(n=held[a])
            elif row.size is not None and held[a] >= row.size:
                refused[a] = Text("已有 {n} 人，不少于指定的人数", "{n} pupils already, as many as asked for").fill(
                    n=held[a]
                )
        open_to = [a for a in range(len(held)) if a not in refused]
        if not open_to:
            return refused
        most = max(self.size_gap, max(held[a] for a in open_to) - min(held[a] for a in open_to))
        for a in open_to:
            after = [held[b] + (a == b) for b in open_to]
            if all(self.rows[b].size is None for b in open_to) and max(after) - min(after) > most:
                refused[a] = Text("已有 {n} 人，多于别的班", "{n} pupils already, more than others").fill(n=held[a])
        return refused

    def _by_gender(self, i: int, class_of: Ints, allowed: list[int]) -> dict[int, Text]:
        refused: dict[int, Text] = {}
        for criterion in self.genders:
            if criterion.amounts[i] == 0:
                continue
            most = max(_gap(criterion, class_of, self.cohort), Fraction(1), criterion.tolerance or Fraction(0))
            for a in allowed:
                gap = _gap(criterion, _with(class_of, i, a), self.cohort)
                if gap > most:
                    refused[a] = Text("{c}最大差会到 {g}", "{c}: the gap would be {g}").fill(
                        c=criterion.label, g=figure(gap)
                    )
        return refused

    def _by_marks(self, i: int, class_of: Ints, allowed: list[int]) -> dict[int, Text]:
        """Refuse the worse half of the range of gaps, unless it is within the tolerance or no worse than now."""
        criterion = self.mean
        if criterion is None or not criterion.present[i]:
            return {}
        gaps = {a: _gap(criterion, _with(class_of, i, a), self.cohort) for a in allowed}
        middle = (min(gaps.values()) + max(gaps.values())) / 2
        most = max(_gap(criterion, class_of, self.cohort), criterion.tolerance or Fraction(0), middle)
        said = Text("{c}最大差会到 {g}", "{c}: the gap would be {g}")
        return {a: said.fill(c=criterion.label, g=figure(gap)) for a, gap in gaps.items() if gap > most}

    def _by_wishes(self, i: int, class_of: Ints, allowed: list[int]) -> dict[int, Text]:
        """Refuse classes where more pupils would be without any wish fulfilled than in another one."""
        wishes = self.cohort.wishes
        if wishes is None or wishes.weight == 0:
            return {}
        alone = np.where(class_of == NOWHERE, -1 - np.arange(len(class_of)), class_of)  # nobody's companion yet
        met = {a: int(wishes.fulfilled(_with(alone, i, a)).sum()) for a in allowed}
        return {a: _UNWISHED for a, n in met.items() if n < max(met.values())}


def _lot(cohort: Cohort, i: int, n: int) -> int:
    """Return a number below n by lot: SHA-256 of seed and id."""
    digest = hashlib.sha256(f"evenclass late {cohort.settings.seed} {cohort.ids[i]}".encode()).digest()
    return int.from_bytes(digest, "big") % n


def _held(class_of: Ints, k: int) -> list[int]:
    return [int(n) for n in np.bincount(class_of[class_of != NOWHERE], minlength=k)]


def _with(class_of: Ints, i: int, a: int) -> Ints:
    after = class_of.copy()
    after[i] = a
    return after


def _gap(criterion: Criterion, class_of: Ints, cohort: Cohort) -> Fraction:
    """Return the gap among the pupils who have a class."""
    there, k = class_of != NOWHERE, len(cohort.classes)
    sums = class_sums(criterion.amounts[there], class_of[there], k)
    sizes = tuple(max(1, size) for size in _held(class_of, k))
    if criterion.counted:
        some = replace(criterion, amounts=criterion.amounts[there], present=criterion.present[there])
        return gap_of(some, [Fraction(s) for s in sums], sizes)
    present = class_sums(criterion.present[there].astype(np.int64), class_of[there], k)
    means = [criterion.unit * Fraction(s, m) for s, m in zip(sums, present, strict=True) if m]
    return max(means) - min(means) if means else Fraction(0)


def _main(cohort: Cohort) -> NumberColumn | None:
    """Return the total, else the first mark."""
    numbers = [c for c in cohort.columns if isinstance(c, NumberColumn)]
    return next((c for use in ("total", "mark") for c in numbers if c.use == use), None)


def _without_sizes(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables with the sizes of *Classes* blank where they were made for fewer pupils."""
    whole = dict(tables)
    frame = whole.get("Classes")
    if frame is None:
        return whole
    findings = Findings("zh")
    rows = read_classes(frame, findings)
    pupils = sum(not all(is_blank(cell) for cell in row) for row in _own(tables["Students"]))
    given = sum(row.size or 0 for row in rows)
    if rows and all(row.size is not None for row in rows) and given < pupils:
        whole["Classes"] = frame.assign(size=None)
    return whole


def _own(students: pd.DataFrame) -> list[tuple[object, ...]]:
    own = students.drop(columns=["placed_class", "locked"], errors="ignore")
    return list(own.itertuples(index=False, name=None))


def _classes_so_far(tables: Mapping[str, pd.DataFrame], checked: Checked) -> Ints:
    """Return the class of each pupil, `NOWHERE` for those who have none."""
    students = tables["Students"]
    blank = [is_blank(students["placed_class"].iloc[at]) for at in checked.pupils.rows]
    there = [i for i, none in enumerate(blank) if not none]
    class_of = np.full(len(blank), NOWHERE, np.int64)
    some = replace(checked, pupils=checked.pupils.only(there))
    class_of[there] = classes_in(students, some, checked.cohort.settings.language)
    return class_of
