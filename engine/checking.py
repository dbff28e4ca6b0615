"""Input tables → `Cohort`, or every issue at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine.cohort import Cohort, LabelColumn, NumberColumn, Rule, Settings
from engine.columns import ColumnRow, column_used_as, measured_columns, read_columns
from engine.conflicts import find_conflicts
from engine.doubtful import look_at_ids
from engine.issue import Findings, InputError, Issue
from engine.locks import locked_classes, locked_rules
from engine.pupils import Pupils, cells_of, read_pupils
from engine.rules import Known, alike_rules, column_rules, table_rules
from engine.setting import SettingValues, language_in, read_settings
from engine.sizes import alike, class_sizes, read_classes
from engine.sounds import sounds_of
from engine.values import normal_name
from engine.wishes import look_at_wishes, read_wishes
from engine.wording import Text, figure, plain

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Checked:
    """A cohort without errors, the pupils' rows in *Students*, and the warnings and notes on the way."""

    cohort: Cohort
    pupils: Pupils
    issues: tuple[Issue, ...]


def cohort_from_tables(tables: Mapping[str, pd.DataFrame], *, in_conflict: bool = False) -> Checked:
    """Return the cohort that complete input tables describe (canonical headers, every data row in its place).

    Raises `InputError` with *all* issues if any of them forbids a placement; rules that contradict each other do,
    unless the caller can do with a cohort ``in_conflict``.
    """
    findings = Findings(language_in(tables))
    values = read_settings(tables.get("Settings"), findings)
    students = tables["Students"]
    rows = read_columns(tables["Columns"], students, findings)
    pupils = read_pupils(students, column_used_as(rows, "id"), column_used_as(rows, "name"), findings)
    if (header := column_used_as(rows, "id")) is not None:
        look_at_ids(header, cells_of(students, header, pupils.rows), pupils, findings)
    columns = measured_columns(rows, students, pupils, values.absent_is_zero, findings)
    classes = read_classes(tables.get("Classes"), findings)
    classes, locked = locked_classes(tables.get("Classes"), classes, students, findings)
    known = Known(pupils, tuple(item.label for item in classes))
    rules = _given_rules(tables, rows, columns, known, findings)
    rules += locked_rules(students, known, findings, locked)
    sizes = class_sizes(classes, len(pupils.ids), values.size_gap, findings) if classes and pupils.ids else ()
    _look_at_totals(columns, pupils, findings)
    if not sizes:  # who can be where is not to be said before it is known how large the classes are
        raise InputError(findings.issues, findings.lang)
    settings = Settings(values.seed, values.effort, values.language)
    open_sizes = alike(classes, sizes)
    wishes = read_wishes(rows, students, pupils, findings)
    given = Cohort(pupils.ids, pupils.names, known.classes, sizes, columns, tuple(rules), settings, open_sizes, wishes)
    # Names alike follow the given rules, so they come last and can conflict with none of them.
    rules += _names_alike(values, rules, known, findings)
    whole = replace(given, rules=tuple(rules))
    if not in_conflict:
        find_conflicts(given if findings.failed else whole, findings)
    if findings.failed:
        raise InputError(findings.issues, findings.lang)
    look_at_wishes(whole, pupils, findings)
    return Checked(whole, pupils, tuple(findings.issues))


def _given_rules(
    tables: Mapping[str, pd.DataFrame],
    rows: Sequence[ColumnRow],
    columns: Sequence[NumberColumn | LabelColumn],
    known: Known,
    findings: Findings,
) -> list[Rule]:
    students = tables["Students"]
    return [
        *table_rules(tables.get("Rules"), known, findings),
        *column_rules(rows, columns, students, known, findings),
    ]


def _names_alike(values: SettingValues, given: list[Rule], known: Known, findings: Findings) -> list[Rule]:
    """Return rules for pupils of the same name, then for those whose names only sound the same."""
    names = known.pupils.names
    rules: list[Rule] = []
    if values.same_name_apart:
        keys = [normal_name(name) for name in names]
        rules += alike_rules(keys, lambda i: _said(_SAME_NAME, names[i]), given, known, findings)
    if values.same_sound_apart:
        keys = sounds_of(names, values.like_sounds)
        rules += alike_rules(
            _only_if_spelled_differently(keys, names) if values.same_name_apart else keys,
            lambda i: _said(_SAME_SOUND, keys[i]),
            given,
            known,
            findings,
        )
    return rules


_SAME_NAME = Text("同名“{w}”", "same name “{w}”")
_SAME_SOUND = Text("读音相同或相近（{w}）", "names that sound alike ({w})")


def _said(text: Text, word: str) -> Text:
    return text.fill(w=plain(word))


def _only_if_spelled_differently(keys: list[str], names: tuple[str, ...]) -> list[str]:
    """Return the keys without those whose pupils all have the very same name: that rule is there already."""
    spelled: dict[str, set[str]] = {}
    for key, name in zip(keys, names, strict=True):
        spelled.setdefault(key, set()).add(normal_name(name))
    return [key if len(spelled[key]) > 1 else "" for key in keys]


def _look_at_totals(columns: Sequence[NumberColumn | LabelColumn], pupils: Pupils, findings: Findings) -> None:
    """Warn of totals that are not the sum of the marks where nearly all others are."""
    numbers = [column for column in columns if isinstance(column, NumberColumn)]
    marks = [column for column in numbers if column.use == "mark"]
    total = next((column for column in numbers if column.use == "total"), None)
    if total is None or len(marks) < 2:
        return
    unit = max(column.per_unit for column in (*marks, total))
    added = sum((m.values * (unit // m.per_unit) for m in marks), np.zeros(len(pupils.ids), np.int64))
    whole = np.logical_and.reduce([column.present for column in (*marks, total)])
    differs = whole & (added != total.values * (unit // total.per_unit))
    if not 0 < int(differs.sum()) <= 0.05 * int(whole.sum()):
        return
    for i in np.flatnonzero(differs)[:20]:
        what = Text("{w}的总分 {t} 不等于各科之和 {s}。", "{w}: the total {t} is not the sum of the marks, {s}.")
        facts = {"t": figure(total.values[i] / total.per_unit), "s": figure(int(added[i]) / unit)}
        filled = what.fill(w=pupils.called(int(i)), **facts)
        place = ("Students", pupils.rows[int(i)] + 1, total.name)
        findings.add("warning", place, filled, Text("请核对。", "Please check."))
