"""Complete input tables in, result tables out: check, solve, measure, report, in one pure step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from engine.checking import Checked, cohort_from_tables
from engine.cohort import Cohort, Ints
from engine.criteria import Criterion, criteria_of
from engine.floors import floors_of
from engine.infeasible import conflict_issue, conflicting_rules
from engine.issue import Findings, InputError, Issue, told_once
from engine.measuring import Measured, actual_sizes, all_reached, measure_placement
from engine.opening import NoRoomError
from engine.pupils import cells_of, note_faults
from engine.report import Run, history_row, input_hash, issues_table, result_tables
from engine.sizes import class_named, classes_said
from engine.solve import Progress, Result
from engine.staying import torn, with_staying
from engine.tables import HISTORY, STUDENTS, framed, headers_in
from engine.values import as_text, is_blank
from engine.wishing import solved
from engine.wording import Lang, Text, listed, plain

Tables = dict[str, pd.DataFrame]
Standards = tuple[tuple[Criterion, ...], tuple[Fraction, ...]]  # criteria, and the floor of each
_NOBODY = Text(
    "没有一名学生有班级：这一列是空的，或被删掉了。", "No pupil has a class: this column is blank or was deleted."
)
_PLACE_FIRST = Text(
    "请先分班；如果已经分好，请加回标题为“{h}”的一列，填上每人的班级。",
    "Place the pupils first; if they were placed, put back a column headed “{h}” with everybody's class.",
)
_NO_CLASS = Text("{w}没有班级。", "{w} has no class.")
_FILL_IN = Text("请先分班，或填上班级。", "Place the pupils first, or fill it in.")
_UNKNOWN = Text("没有“{c}”这个班。", "There is no class “{c}”.")
_UNKNOWN_OF_MANY = Text(
    "没有“{c}”这个班，有 {n} 名学生写在里面。", "There is no class “{c}”; {n} pupils are said to be in it."
)
_CLASSES_ARE = Text("班级有：{k}。", "The classes are: {k}.")
_EMPTY = Text("{c}一个学生也没有。", "{c}: no pupil at all.")
_FILL_OR_DELETE = Text("请把学生放进去，或从“班级”表里删掉。", "Put pupils into it, or take it off the sheet Classes.")
_NO_ROOM = Issue(
    "error",
    "Rules",
    None,
    None,
    Text("要同班的学生太多，各班人数放不下。", "The pupils that must be together do not fit into the classes."),
    Text("请分成小一些的组，或调整班级人数。", "Split the groups or change the sizes of classes."),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A finished placement: what was measured, how it came about, and the tables that say so."""

    cohort: Cohort
    measured: Measured
    result: Result
    issues: tuple[Issue, ...]
    tables: Tables


def place_tables(
    tables: Mapping[str, pd.DataFrame],
    *,
    command: str,
    when: object,
    found: tuple[Issue, ...] = (),
    progress: Progress | None = None,
) -> Placed:
    """Return a placement of the pupils in complete input tables (`engine.intake.completed`).

    ``found`` are milder issues from reading the roster, told together with those found here. ``when`` goes into
    *History* as it is: the engine has no clock. Raises `InputError` if the input has errors or blocks do not fit;
    `StoppedError` never: a run that ``progress`` stops is a result marked so.
    """
    try:
        checked = cohort_from_tables(tables)
    except InputError as error:
        raise InputError(told_once(found, error.issues), error.lang) from error
    checked = replace(checked, issues=told_once(found, checked.issues))
    return placed_as(tables, checked, searched(checked, progress), (command, when))


def placed_as(tables: Mapping[str, pd.DataFrame], checked: Checked, result: Result, how: tuple[str, object]) -> Placed:
    """Return a placement that was found for checked input tables, measured; ``how``: the command, when it was given."""
    checked, measured = _weighed(checked, result)
    return _placed(tables, checked, measured, result, how)


def improve_tables(
    tables: Mapping[str, pd.DataFrame],
    stands: tuple[Checked, Ints],
    *,
    command: str,
    when: object,
    stay: Sequence[int] = (),
    progress: Progress | None = None,
) -> Placed | Measured:
    """Return a better placement than the one that ``stands_in`` the tables; that one, measured, if none is found.

    Locked pupils and those in ``stay`` stay, and so do the sizes that the classes have. Better is what `engine.solve`
    compares by. Where pupils that must be together are not, the search starts afresh: any placement that keeps that
    rule is better. Raises `InputError` if blocks do not fit.
    """
    checked, start = stands
    whole, standards = as_it_stands(checked.cohort, start)
    before = measure_placement(whole, *standards, start)
    cohort = with_staying(whole, stay, start)
    afresh = torn(cohort, start)
    if afresh:
        cohort, standards = with_staying(checked.cohort, stay, start), standards_of(checked.cohort)
    result = _searched(checked, cohort, standards, progress, None if afresh else start)
    if result.ended != "stopped" and any(result.class_of[i] != start[i] for i in stay):
        return before  # what must be together was fitted in at their cost
    checked, after = _weighed(checked, result)
    worse = after.violations >= before.violations if afresh else np.array_equal(start, result.class_of)
    if (worse or after.violations > before.violations) and result.ended != "stopped":
        return before
    return _placed(tables, checked, after, result, (command, when))


def measure_tables(tables: Mapping[str, pd.DataFrame]) -> tuple[Cohort, Measured, tuple[Issue, ...]]:
    """Return the placement that stands in *Students*, measured with the sizes its classes really have.

    A class that has no pupil is among the issues. Raises `InputError` as `stands_in` does.
    """
    checked, class_of = stands_in(tables)
    cohort, standards = as_it_stands(checked.cohort, class_of)
    findings = Findings(cohort.settings.language, list(checked.issues))
    say_empty(cohort, findings)
    return cohort, measure_placement(cohort, *standards, class_of), tuple(findings.issues)


def stands_in(tables: Mapping[str, pd.DataFrame]) -> tuple[Checked, Ints]:
    """Return the input tables, checked, and the class of each pupil.

    Raises `InputError` if the input has errors or a pupil has no class or one that is not in *Classes*.
    """
    checked = cohort_from_tables(tables)
    return checked, classes_in(tables["Students"], checked, checked.cohort.settings.language)


def standards_of(cohort: Cohort) -> Standards:
    """Return what placements of a cohort are measured by."""
    criteria = criteria_of(cohort)
    return criteria, floors_of(cohort, criteria)


def as_it_stands(target: Cohort, class_of: Ints) -> tuple[Cohort, Standards]:
    """Return the cohort with the sizes that its classes really have, and what such a placement is measured by."""
    cohort = replace(target, sizes=actual_sizes(class_of, len(target.classes)), alike=())
    criteria, made = standards_of(cohort)
    floors = list(made)
    # The floor of the class size is that of the sizes wanted, not of those that hand edits have left.
    size = next(at for at, criterion in enumerate(criteria) if criterion.kind == "size")
    floors[size] = min(floors[size], floors_of(target, (criteria[size],))[0])
    return cohort, (criteria, tuple(floors))


def searched(checked: Checked, progress: Progress | None = None) -> Result:
    """Return the placement that the cohort's seed and effort lead to. Raises `InputError` if blocks do not fit."""
    return _searched(checked, checked.cohort, standards_of(checked.cohort), progress)


def _weighed(checked: Checked, result: Result) -> tuple[Checked, Measured]:
    """Return the input with the sizes that the classes got, and what the placement then is."""
    cohort, standards = as_it_stands(checked.cohort, result.class_of)
    return replace(checked, cohort=cohort), measure_placement(cohort, *standards, result.class_of)


def _searched(
    checked: Checked, cohort: Cohort, standards: Standards, progress: Progress | None, start: Ints | None = None
) -> Result:
    def reached(class_of: Ints) -> bool:
        return all_reached(cohort, *standards, class_of)

    try:
        return solved(cohort, standards[0], reached=reached, progress=progress, start=start)
    except NoRoomError as error:
        raise InputError([*checked.issues, _NO_ROOM], cohort.settings.language) from error


def _placed(
    tables: Mapping[str, pd.DataFrame], checked: Checked, measured: Measured, result: Result, how: tuple[str, object]
) -> Placed:
    """Return a placement with all its tables; ``how``: the command and when it was given."""
    cohort, issues, lang = checked.cohort, checked.issues, checked.cohort.settings.language
    broken = [check.rule for check in measured.checks if check.broken]
    if broken and result.ended != "stopped" and (conflict := conflicting_rules(cohort, broken)):
        issues = (*issues, conflict_issue(cohort, conflict))
    made = result_tables(cohort, tables, measured, lang)
    made["Students"] = with_classes(tables["Students"], checked, result.class_of)
    made["Issues"] = issues_table(list(issues), lang)
    command, when = how
    run = Run(when, command, result.seed, result.effort, result.steps, result.imbalance, result.ended)
    row = history_row(cohort, measured, run, input_hash(tables), lang)
    made["History"] = framed(HISTORY, [*filled_rows(tables.get("History")), row])
    return Placed(cohort, measured, result, issues, made)


def say_empty(cohort: Cohort, findings: Findings) -> None:
    """Note the classes that have no pupil; ``cohort.sizes`` are those that the classes have."""
    names = [plain(label) for label, n in zip(cohort.classes, cohort.sizes, strict=True) if n == 0]
    if names:
        findings.add("warning", ("Classes", None, None), _EMPTY.fill(c=listed(names)), _FILL_OR_DELETE)


def with_classes(students: pd.DataFrame, checked: Checked, class_of: Ints) -> pd.DataFrame:
    """Return *Students* with the class of each pupil filled in."""
    cells: list[object] = [None] * len(students)
    for at, k in zip(checked.pupils.rows, class_of, strict=True):
        cells[at] = checked.cohort.classes[k]
    return students.assign(placed_class=pd.Series(cells, index=students.index, dtype=object))


def classes_in(students: pd.DataFrame, checked: Checked, lang: Lang) -> Ints:
    """Return the class of each pupil as *Students* says. Raises `InputError` if it says none, or one that is not."""
    findings = Findings(lang)
    class_of = class_of_each(students, checked, findings)
    if findings.failed:
        raise InputError(findings.issues, findings.lang)
    return class_of


def class_of_each(students: pd.DataFrame, checked: Checked, findings: Findings) -> Ints:
    """Return the class of each pupil as *Students* says; -1, after noting it, where it says none or one that is not."""
    classes = checked.cohort.classes
    header = headers_in([str(column) for column in students.columns], STUDENTS, findings.lang)[
        list(students.columns).index("placed_class")
    ]
    cells = cells_of(students, "placed_class", checked.pupils.rows)
    if all(is_blank(cell) for cell in cells):
        findings.add("error", ("Students", None, header), _NOBODY, _PLACE_FIRST.fill(h=header))
        return np.full(len(cells), -1, np.int64)
    known = {cell: class_named(cell, classes) for cell in dict.fromkeys(cells)}
    class_of = np.array([-1 if known[cell] is None else known[cell] for cell in cells], np.int64)
    nowhere: list[tuple[int, Text]] = []
    named: dict[object, list[int]] = {}
    for i in map(int, np.flatnonzero(class_of < 0)):
        if is_blank(cells[i]):
            nowhere.append((i, _NO_CLASS.fill(w=checked.pupils.called(i))))
        else:
            named.setdefault(as_text(cells[i]), []).append(i)
    wrong = [
        (who[0], (_UNKNOWN if len(who) == 1 else _UNKNOWN_OF_MANY).fill(c=word, n=len(who)))
        for word, who in named.items()
    ]
    note_faults(nowhere, header, checked.pupils, _FILL_IN, findings)
    note_faults(wrong, header, checked.pupils, _CLASSES_ARE.fill(k=classes_said(classes)), findings)
    return class_of


def filled_rows(frame: pd.DataFrame | None) -> list[dict[str, object]]:
    """Return the rows of a table that hold anything."""
    if frame is None:
        return []
    rows = [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]
    return [row for row in rows if not all(is_blank(cell) for cell in row.values())]
