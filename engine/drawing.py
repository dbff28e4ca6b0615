"""The draw: from a sealed list and what was said in public to classes and teachers; nothing else has a say.

`docs/draw_format.md`, sections 6 to 8. The search makes even groups from the drawn seed, then the groups are drawn for
the classes, so that the search chooses no pupil's class where classes are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.canonical import digest
from engine.checking import Checked, cohort_from_tables
from engine.cohort import Cohort, Ints
from engine.issue import Findings, InputError, Issue
from engine.lots import Lots, Part, key_of, normal_parts, seed_of
from engine.measuring import Measured, measure_placement
from engine.placing import as_it_stands, searched
from engine.sealing import Sealed, input_tables
from engine.sizes import read_classes
from engine.solve import Progress, Result, StoppedError
from engine.teachers import TeacherDraw, TeacherTeams, draw_teachers, teams_of
from engine.values import is_yes
from engine.wording import Text

_NO_PARTS = Issue(
    "error",
    "SeedParts",
    None,
    None,
    Text("没有人说过什么，不能抽签。", "Nobody has said anything: there is nothing to draw with."),
    Text(
        '请在“抽签”表写下每一方说的话或点数，或用 --say "家长代表=春风"。',
        'Write what each party says (words, dice) into the sheet Draw, or give --say "parents=spring wind".',
    ),
)


@dataclass(frozen=True, slots=True)
class Groups:
    """What the search makes of a seed: groups numbered by the classes, which of them may trade, and teachers' teams."""

    checked: Checked
    cohort: Cohort
    result: Result
    sets: tuple[tuple[int, ...], ...]
    teams: TeacherTeams | None

    @property
    def group_of(self) -> Ints:
        """The group of each pupil, (n,)."""
        return self.result.class_of


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw: its parts, key and seed, groups and labels, and the placement (n,) that follows, measured."""

    seal: str
    number: int
    parts: tuple[Part, ...]
    key: str
    groups: Groups
    labels: tuple[int, ...]
    class_of: Ints
    measured: Measured
    teachers: TeacherDraw | None

    @property
    def seed(self) -> int:
        """The seed of the search."""
        return seed_of(self.key)

    @property
    def cohort(self) -> Cohort:
        """The cohort with the sizes that its classes got."""
        return self.groups.cohort

    @property
    def code(self) -> str:
        """The result code."""
        labels = self.cohort.classes
        teachers = (
            []
            if self.teachers is None
            else [
                [name, labels[self.teachers.labels[team]]]
                for name, team in zip(self.teachers.teams.names, self.teachers.teams.team_of, strict=True)
            ]
        )
        return result_code(self.key, [labels[k] for k in self.class_of], teachers)


def result_code(key: str, classes: Sequence[str], teachers: Sequence[Sequence[str]]) -> str:
    """Return the result code: the class of every pupil in roster order, and ``[name, class]`` of every teacher."""
    return digest(["EvenClass result 1", key, list(classes), [list(row) for row in teachers]])


def drawn(sealed: Sealed, seal: str, number: int, parts: Sequence[Part], progress: Progress | None = None) -> Drawn:
    """Return the ``number``-th draw of a sealed list from what was said.

    Raises `InputError` if nothing was said, the sealed list has errors, or no permutation keeps the teachers' bars;
    `StoppedError` if ``progress`` asks to stop.
    """
    said = tuple((who, what) for who, what in normal_parts(parts) if who or what)
    if not any(what for _, what in said):
        raise InputError([_NO_PARTS])
    key = key_of(seal, number, said)
    groups = groups_of(sealed, seed_of(key), progress)
    labels = draw_labels(key, groups.sets, len(groups.cohort.classes))
    class_of = np.array(labels, np.int64)[groups.group_of]
    cohort, standards = as_it_stands(groups.checked.cohort, class_of)
    measured = measure_placement(cohort, *standards, class_of)
    teachers = None if groups.teams is None else draw_teachers(key, groups.teams, class_of)
    return Drawn(seal, number, said, key, groups, labels, class_of, measured, teachers)


def draw_labels(key: str, sets: Sequence[Sequence[int]], k: int) -> tuple[int, ...]:
    """Return the class of each of k groups: those of a set are drawn among themselves, the others keep theirs."""
    lots = Lots(key, "classes")
    labels = list(range(k))
    for trading in sets:
        for at, to in enumerate(lots.permutation(len(trading))):
            labels[trading[at]] = trading[to]
    return tuple(labels)


def groups_of(sealed: Sealed, seed: int, progress: Progress | None = None) -> Groups:
    """Return the groups that the search makes of a sealed list and a seed, and the teams of its teachers."""
    tables = input_tables(sealed, seed)
    checked = cohort_from_tables(tables)
    teams = teams_of(tables, checked, seed)
    result = searched(checked, progress)
    if result.ended == "stopped":
        raise StoppedError
    cohort, _ = as_it_stands(checked.cohort, result.class_of)
    return Groups(checked, cohort, result, trading_sets(cohort, tables["Classes"]), teams)


def trading_sets(cohort: Cohort, classes: pd.DataFrame) -> tuple[tuple[int, ...], ...]:
    """Return the sets of classes that nothing tells apart, in table order: their groups may trade places.

    ``cohort`` has the sizes of the placement, ``classes`` is the table *Classes*. Whatever names a class (a preset, a
    bar, a locked pupil) is a rule with that class.
    """
    named = {rule.class_index for rule in cohort.rules if rule.class_index is not None}
    alike: dict[object, list[int]] = {}
    for k, row in enumerate(read_classes(classes, Findings("zh"))):
        if k not in named and not is_yes(classes["locked"].iloc[row.row - 1]):
            alike.setdefault((cohort.sizes[k], row.size, row.largest), []).append(k)
    return tuple(tuple(found) for found in alike.values() if len(found) > 1)
