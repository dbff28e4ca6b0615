"""A placement that is argued over: read from the tables, pupils and classes found by their names, written back.

Every command that adjusts by hand starts from a `Case` and ends with `adjusted`, which measures everything anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.checking import Checked, cohort_from_tables
from engine.cohort import Cohort, Ints
from engine.current import Current, Moves, current_of
from engine.effects import Effect, effect_of
from engine.issue import Findings, InputError, Issue
from engine.locks import is_lock
from engine.measuring import Measured, measure_placement
from engine.placing import Tables, as_it_stands, classes_in, filled_rows, with_classes
from engine.report import Run, history_row, input_hash, issues_table, result_tables
from engine.rules import say_no_class, say_not_one
from engine.sizes import class_named
from engine.tables import HISTORY, framed
from engine.wording import Lang, Text, listed, plain

NO_STEPS = "hand"  # how a placement came about that no search made


@dataclass(frozen=True, slots=True)
class Case:
    """The placement in *Students*: what was checked, the placement to reckon with, and as measured."""

    checked: Checked
    current: Current
    before: Measured

    @property
    def cohort(self) -> Cohort:
        """The cohort with the sizes that its classes have."""
        return self.current.cohort

    @property
    def lang(self) -> Lang:
        """The language of the workbook."""
        return self.cohort.settings.language

    def pupil(self, word: str) -> int:
        """Return the pupil that an id or a name stands for. Raises `InputError` if it is none, or several."""
        findings = Findings(self.lang)
        found = self.checked.pupils.found(word)
        if len(found) != 1:
            say_not_one(("Students", None, None), word, found, self.checked.pupils, findings)
            raise InputError(findings.issues, self.lang)
        return found[0]

    def class_index(self, word: str) -> int:
        """Return the class that a word stands for. Raises `InputError` if it is none."""
        k = class_named(word, self.cohort.classes)
        if k is None:
            findings = Findings(self.lang)
            say_no_class(("Classes", None, None), word, self.cohort.classes, findings)
            raise InputError(findings.issues, self.lang)
        return k

    def criterion(self, word: str) -> int:
        """Return the criterion of this name, in either language, or the first of a column. Raises `InputError`."""
        criteria = [gap.criterion for gap in self.before.gaps]
        for at, one in enumerate(criteria):
            if word in (one.label.zh, one.label.en):
                return at
        uneven = [at for at, gap in enumerate(self.before.gaps) if gap.criterion.column == word and gap.gap > gap.floor]
        columns = uneven or [at for at, one in enumerate(criteria) if one.column == word]
        if columns:
            return columns[0]
        what = Text("没有“{w}”这个均衡项。", "There is no criterion “{w}”.").fill(w=word)
        names = listed([one.label for one in criteria[:12]])
        do = Text("请照“均衡检验”表里写，如{n}。", "Write it as in the sheet Gaps, such as {n}.").fill(n=names)
        raise InputError([Issue("error", "Columns", None, None, what, do)], self.lang)


def case_of(tables: Mapping[str, pd.DataFrame]) -> Case:
    """Return the placement that stands in *Students*. Raises `InputError` as `engine.placing.measure_tables` does.

    Rules that contradict each other do not forbid it: the placement stands, and breaks one of them.
    """
    checked = cohort_from_tables(tables, in_conflict=True)
    return case_with(checked, classes_in(tables["Students"], checked, checked.cohort.settings.language))


def case_with(checked: Checked, class_of: Ints) -> Case:
    """Return a case for any placement of the pupils checked."""
    cohort, standards = as_it_stands(checked.cohort, class_of)
    locked = [i for rule in cohort.rules if is_lock(rule) for i in rule.pupils]
    current = current_of(cohort, standards, class_of, locked)
    return Case(checked, current, measure_placement(cohort, *standards, class_of))


def effect_in(case: Case, moves: Moves) -> Effect:
    """Return what some moves do, whether or not the classes keep their sizes."""
    after = case.current.after(moves)
    cohort, standards = as_it_stands(case.checked.cohort, after)
    if cohort.sizes == case.cohort.sizes:
        return effect_of(case.current, case.before, moves)
    return Effect(moves, case.before, measure_placement(cohort, *standards, after))


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A placement after an adjustment: measured, and all tables that say so."""

    cohort: Cohort
    measured: Measured
    issues: tuple[Issue, ...]
    tables: Tables


def adjusted(
    tables: Mapping[str, pd.DataFrame], checked: Checked, class_of: Ints, command: str, when: object
) -> Adjusted:
    """Return all result tables of a placement that was made by hand or from it."""
    case = case_with(checked, class_of)
    lang, settings = case.lang, case.cohort.settings
    made = result_tables(case.cohort, tables, case.before, lang)
    made["Students"] = with_classes(tables["Students"], checked, class_of)
    made["Issues"] = issues_table(list(checked.issues), lang)
    run = Run(when, command, settings.seed, settings.effort, 0, case.current.standing()[3], NO_STEPS)
    row = history_row(case.cohort, case.before, run, input_hash(tables), lang)
    made["History"] = framed(HISTORY, [*filled_rows(tables.get("History")), row])
    return Adjusted(case.cohort, case.before, checked.issues, made)


def moves_of(case: Case, rows: Iterable[Mapping[Any, object]]) -> dict[int, int]:
    """Return moves from rows of *Choices*. Raises `InputError` if a pupil is no longer where they were."""
    moves: dict[int, int] = {}
    gone: list[Text] = []
    for row in rows:
        i, k = case.pupil(str(row["id"])), case.class_index(str(row["to"]))
        if class_named(row["from"], case.cohort.classes) != int(case.current.class_of[i]):
            gone.append(plain(case.cohort.pupil(i)))
        moves[i] = k
    if gone:
        what = Text("列出之后，{p}已经换了班。", "Since this was listed, {p} moved.").fill(p=listed(gone[:6]))
        do = Text("请重新计算，再选用。", "Compute it once more, then choose.")
        raise InputError([Issue("error", "Students", None, None, what, do)], case.lang)
    return moves
