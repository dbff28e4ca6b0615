"""Hand edits measured as they stand: what is missing or odd is named, and everything else is measured all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.checking import Checked, cohort_from_tables
from engine.cohort import Cohort, Ints, LabelColumn, NumberColumn, Rule
from engine.issue import Findings, InputError, Issue
from engine.measuring import Measured, actual_sizes, measure_placement
from engine.placing import Tables, as_it_stands, class_of_each, say_empty
from engine.report import issues_table, result_tables
from engine.sizes import read_classes
from engine.tables import CLASSES
from engine.wording import Text


@dataclass(frozen=True, slots=True)
class Recheck:
    """What stands: the pupils who have a class as a cohort, measured, every issue, and all result tables.

    ``everyone`` is the whole cohort, ``class_of`` (n,) has -1 for those without a class.
    """

    everyone: Checked
    class_of: Ints
    cohort: Cohort
    measured: Measured
    issues: tuple[Issue, ...]
    tables: Tables


def rechecked(tables: Mapping[str, pd.DataFrame]) -> Recheck:
    """Return the placement that stands in *Students*, measured with the sizes its classes really have.

    Pupils without a class, classes that do not exist, are too full or empty are named as issues; the pupils without are
    left out. Raises `InputError` if the input has errors or nobody has a class.
    """
    checked = cohort_from_tables(tables, in_conflict=True)
    lang = checked.cohort.settings.language
    findings = Findings(lang, list(checked.issues))
    class_of = class_of_each(tables["Students"], checked, findings)
    there = [int(i) for i in np.flatnonzero(class_of >= 0)]
    held = actual_sizes(class_of[there], len(checked.cohort.classes))
    if not there:
        raise InputError(findings.issues, lang)
    _look_at_sizes(tables, held, findings)
    cohort, standards = as_it_stands(_only(checked.cohort, there), class_of[there])
    say_empty(cohort, findings)
    measured = measure_placement(cohort, *standards, class_of[there])
    made = result_tables(cohort, tables, measured, lang)
    made["Issues"] = issues_table(findings.issues, lang)
    return Recheck(checked, class_of, cohort, measured, tuple(findings.issues), made)


def _look_at_sizes(tables: Mapping[str, pd.DataFrame], held: Sequence[int], findings: Findings) -> None:
    """Note the classes that have more pupils than the table *Classes* allows."""
    for row, n in zip(read_classes(tables.get("Classes"), Findings("zh")), held, strict=True):
        for key, most in (("size", row.size), ("largest", row.largest)):
            if most is not None and n > most:
                what = Text("{c}有 {n} 人，超过了 {m} 人。", "{c} has {n} pupils, more than {m}.")
                do = Text("请换出 {d} 人，或改这里的人数。", "Move {d} out, or change the figure here.").fill(
                    d=n - most
                )
                place = ("Classes", row.row, CLASSES.field(key).header)
                findings.add("warning", place, what.fill(c=row.label, n=n, m=most), do)


def _only(cohort: Cohort, there: Sequence[int]) -> Cohort:
    """Return the cohort of some of its pupils; of rules what names them."""
    if len(there) == len(cohort.ids):
        return cohort
    place = {i: at for at, i in enumerate(there)}
    rules = [_rule_for(rule, place) for rule in cohort.rules]
    return replace(
        cohort,
        ids=tuple(cohort.ids[i] for i in there),
        names=tuple(cohort.names[i] for i in there),
        columns=tuple(_column_for(column, there) for column in cohort.columns),
        rules=tuple(rule for rule in rules if rule.pupils),
        wishes=None if cohort.wishes is None else cohort.wishes.among(there),
    )


def _rule_for(rule: Rule, place: Mapping[int, int]) -> Rule:
    return replace(rule, pupils=tuple(place[i] for i in rule.pupils if i in place))


def _column_for(column: NumberColumn | LabelColumn, there: Sequence[int]) -> NumberColumn | LabelColumn:
    at = np.array(there, np.int64)
    if isinstance(column, LabelColumn):
        return replace(column, codes=column.codes[at])
    return replace(column, values=column.values[at], present=column.present[at])
