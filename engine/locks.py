"""Who is not to move: locked pupils, and all pupils of locked classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from engine.cohort import Rule
from engine.issue import Findings
from engine.pupils import cells_of
from engine.rules import Known, say_no_class
from engine.sizes import ClassRow, class_named
from engine.tables import CLASSES, STUDENTS, YES_NO, choice, headers_in
from engine.values import as_text, is_blank, is_no, is_yes
from engine.wording import Text

LOCKED = STUDENTS.field("locked").header
LOCKED_CLASS = Text("班级已锁定", "class locked")


def is_lock(rule: Rule) -> bool:
    """Return whether a rule comes from a lock."""
    return rule.source in (LOCKED, LOCKED_CLASS)


def locked_classes(
    frame: pd.DataFrame | None, classes: Sequence[ClassRow], students: pd.DataFrame, findings: Findings
) -> tuple[list[ClassRow], frozenset[str]]:
    """Return the classes, locked ones with the size they have, and the labels of the locked ones that have pupils."""
    if frame is None or "locked" not in frame.columns or "placed_class" not in students.columns:
        return list(classes), frozenset()
    labels = [row.label for row in classes]
    asked = any(is_yes(cell) for cell in frame["locked"])
    held = Counter(class_named(cell, labels) for cell in students["placed_class"]) if asked else Counter[int | None]()
    kept: list[ClassRow] = []
    locked: set[str] = set()
    for k, row in enumerate(classes):
        cell = frame["locked"].iloc[row.row - 1]
        place = ("Classes", row.row, CLASSES.field("locked").header)
        if choice(cell, YES_NO) is None and not (is_yes(cell) or is_no(cell)):
            what = Text("“{v}”看不出是或否。", "“{v}” is neither yes nor no.").fill(v=as_text(cell))
            findings.add("error", place, what, Text("请填“是”或留空。", "Enter yes or clear it."))
        if is_yes(cell) and held[k] == 0:
            what = Text("“{c}”已锁定，但还没有学生。", "“{c}” is locked but has no pupils yet.").fill(c=row.label)
            findings.add("warning", place, what, Text("锁定不起作用。", "The lock has no effect."))
        elif is_yes(cell):
            locked.add(row.label)
            row = replace(row, size=held[k], largest=None)  # noqa: PLW2901 # the row as it counts
        kept.append(row)
    return kept, frozenset(locked)


def locked_rules(
    students: pd.DataFrame, known: Known, findings: Findings, locked: frozenset[str] = frozenset()
) -> list[Rule]:
    """Return a fixed rule for every locked pupil, and for every pupil of the ``locked`` classes."""
    if "locked" not in students.columns:
        return []
    rules = []
    header = headers_in([str(column) for column in students.columns], STUDENTS, findings.lang)[
        list(students.columns).index("placed_class")
    ]
    rows = known.pupils.rows
    locks, placed = cells_of(students, "locked", rows), cells_of(students, "placed_class", rows)
    for i, (at, cell, here) in enumerate(zip(rows, locks, placed, strict=True)):
        place = ("Students", at + 1, header)
        if choice(cell, YES_NO) is None and not (is_yes(cell) or is_no(cell)):
            what = Text("“{v}”看不出是或否。", "“{v}” is neither yes nor no.").fill(v=as_text(cell))
            findings.add(
                "error", ("Students", at + 1, LOCKED), what, Text("请填“是”或留空。", "Enter yes or clear it.")
            )
        if not is_yes(cell) and not locked:
            continue
        k = class_named(here, known.classes)
        if not is_yes(cell):
            if k is not None and known.classes[k] in locked:
                rules.append(Rule("fixed", (i,), LOCKED_CLASS, class_index=k))
            continue
        if k is not None:
            rules.append(Rule("fixed", (i,), LOCKED, class_index=k))
        elif is_blank(here):
            what = Text("{w}已锁定，但没有班级。", "{w} is locked but has no class.").fill(w=known.pupils.called(i))
            findings.add("error", place, what, Text("请填班级，或取消锁定。", "Fill in the class, or unlock."))
        else:
            say_no_class(place, here, known.classes, findings)
    return rules
