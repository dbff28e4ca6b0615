"""What is posted (公示): every pupil masked, per class and in alphabetical order, as a list and as slips to hand out.

Pure: no file is written here. Only what stands in a `Notice` is published; nothing in it is private. A slip's salt and
cells are (`docs/draw_format.md`, section 11): they are for that pupil's family alone.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.canonical import short_code
from engine.checking import Checked
from engine.cohort import Ints, NumberColumn
from engine.columns import column_used_as, read_columns
from engine.draw_tables import TEACHERS
from engine.headings import heading_of
from engine.issue import Findings, InputError, Issue
from engine.masking import masked_pupils
from engine.pupils import OURS
from engine.record import Seal
from engine.sealing import salt_of
from engine.setting import read_settings
from engine.tables import CLASSES, SETTINGS, YES_NO, choice, matching
from engine.values import as_text, is_blank
from engine.wording import Lang, Text, listed, plain

SLIP = "EvenClass slip 1"
TITLE = Text("均衡分班结果公示", "Class placement")
HEADERS = {"zh": ("序号", "班级", "姓名", "学号"), "en": ("No.", "Class", "Name", "Id")}
_PRIVATE = frozenset("联系方式 其他人或别的姓名 地址 家长信息".split())  # kinds of headings, by their Chinese words
_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would take a cell of a CSV for
_ALIKE = Text(
    "遮盖后看起来一样，已多露几位或加编号区分：{p}。",
    "Masked alike, so told apart by more characters or a number: {p}.",
)
_ORDERED = Text(
    "名单是按“{c}”排列的，公示的序号会透露名次。请先把“学生”表按学号排列，再封存、公示。",
    "The list is in the order of “{c}”, so the numbers published tell ranks. Sort Students by id before sealing.",
)
_NAMED = 12  # pupils named in a warning


@dataclass(frozen=True, slots=True)
class Posted:
    """One pupil as published. ``number``: the row in *Students*, from 1; ``more``: the other columns published."""

    number: int
    class_index: int
    name: str
    id: str
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What is posted: the pupils in roster order, classes with their teachers, headings of the other columns, codes."""

    lang: Lang
    title: str
    classes: tuple[str, ...]
    teachers: tuple[str, ...]
    headers: tuple[str, ...]
    pupils: tuple[Posted, ...]
    seal: str = ""
    result: str = ""

    def of_class(self, k: int) -> list[Posted]:
        """Return the pupils of a class in alphabetical order."""
        return [one for one in self.alphabetical() if one.class_index == k]

    def alphabetical(self) -> list[Posted]:
        """Return all pupils in the order of what is shown of their names (pinyin), then of what is shown of their ids.

        Never in that of the whole names: the order would tell what is masked.
        """
        return sorted(self.pupils, key=lambda one: (_sounds(one.name), one.name, one.id, one.number))


@dataclass(frozen=True, slots=True)
class Slip:
    """What one family gets: what is posted of the pupil, and, of a sealed list, what opens the pupil's own row."""

    posted: Posted
    salt: str = ""
    fields: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    def facts(self, notice: Notice) -> dict[str, Any]:
        """Return the slip of a sealed list as JSON; confidential."""
        return {
            "format": SLIP,
            "row": self.posted.number,
            "salt": self.salt,
            "fields": list(self.fields),
            "cells": list(self.cells),
            "class": notice.classes[self.posted.class_index],
        }


def notice_of(
    tables: Mapping[str, pd.DataFrame], checked: Checked, class_of: Ints, title: str, codes: tuple[str, str] = ("", "")
) -> tuple[Notice, list[Text]]:
    """Return what is posted of a placement, and what staff should know first; ``codes``: sealed code, result code.

    Raises `InputError` if a column that *Settings* wants published is not there, or private.
    """
    cohort, findings = checked.cohort, Findings(checked.cohort.settings.language)
    settings = read_settings(tables.get("Settings"), findings)
    students = tables["Students"]
    headers = _published(settings.published_columns, tables, findings)
    shown = masked_pupils(cohort.names, cohort.ids, (settings.mask_name, settings.mask_id))
    rows = checked.pupils.rows
    pupils = [
        Posted(i + 1, int(class_of[i]), one.name, one.id, tuple(as_text(students[h].iloc[rows[i]]) for h in headers))
        for i, one in enumerate(shown)
    ]
    alike = [plain(cohort.pupil(i)) for i, one in enumerate(shown) if one.alike]
    warnings = [_ALIKE.fill(p=listed(alike, _NAMED))] if alike else []
    warnings += [_ORDERED.fill(c=column.name) for column in cohort.columns if _in_order(column)][:1]
    teachers = _teachers(tables, cohort.classes)
    return Notice(cohort.settings.language, title, cohort.classes, teachers, headers, tuple(pupils), *codes), warnings


def slips_of(notice: Notice, seal: Seal | None) -> list[Slip]:
    """Return the slip of every pupil by class, then alphabetically, as they are handed out."""
    order = [one for k in range(len(notice.classes)) for one in notice.of_class(k)]
    if seal is None:
        return [Slip(one) for one in order]
    table = seal.sealed[0]
    return [
        Slip(one, salt_of(seal.secret, table.name, one.number), table.fields, table.rows[one.number - 1])
        for one in order
    ]


def codes_of(seal: Seal | None) -> str:
    """Return the code of a seal as people read it, "" without one."""
    return "" if seal is None else short_code(seal.code)


def published_list(notice: Notice) -> str:
    """Return the published list as CSV with a byte order mark (`docs/draw_format.md`, section 11), in roster order."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*HEADERS[notice.lang], *notice.headers])
    for one in notice.pupils:
        cells = (one.number, notice.classes[one.class_index], one.name, one.id, *one.more)
        writer.writerow([_inert(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _inert(cell: object) -> object:
    """Return text that a spreadsheet takes for text, whatever it begins with."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _sounds(name: str) -> list[str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # names are no phrases, and those take a while to load
    from pypinyin import lazy_pinyin

    return [str(sound).casefold() for sound in lazy_pinyin(name)]


def _published(words: Iterable[str], tables: Mapping[str, pd.DataFrame], findings: Findings) -> tuple[str, ...]:
    """Return the headers of *Students* that are published besides. Raises `InputError`."""
    students = tables["Students"]
    own = [str(header) for header in students.columns if header not in OURS]
    rows = read_columns(tables["Columns"], students, findings)
    masked = {column_used_as(rows, "id"), column_used_as(rows, "name")}
    found, wrong = list[str](), list[Issue]()
    setting = SETTINGS.field("value").header.to(findings.lang)
    for word in words:
        header = next((h for h in own if matching(h) == matching(word)), None)
        heading = heading_of(word)
        if header is None:
            what = Text(
                "“公示其他列”里的“{w}”不是“学生”表的列。", "“{w}” is no column of Students, so it cannot be published."
            )
            do = Text("请改成“学生”表的标题，或删掉。", "Write a heading of Students, or take it out.")
        elif header in masked or (heading is not None and (heading.use == "id" or heading.kind.zh in _PRIVATE)):
            what = Text("“{w}”是个人信息，不能公示。", "“{w}” is private and is not published.")
            do = Text("请从“公示其他列”里删掉。", "Take it out of Other columns published.")
        else:
            found.append(header)
            continue
        wrong.append(Issue("error", "Settings", None, setting, what.fill(w=word), do))
    if wrong:
        raise InputError(wrong, findings.lang)
    return tuple(dict.fromkeys(found))


def _teachers(tables: Mapping[str, pd.DataFrame], classes: Sequence[str]) -> tuple[str, ...]:
    """Return the teachers of each class: those drawn, head teachers first, else who stands in *Classes*."""
    drawn = tables.get(TEACHERS.name)
    by_class: dict[str, list[tuple[bool, str]]] = {}
    for row in [] if drawn is None else drawn.to_dict("records"):
        if not is_blank(row["drawn_class"]) and not is_blank(row["name"]):
            head = choice(row["head"], YES_NO) == "yes"
            by_class.setdefault(matching(row["drawn_class"]), []).append((not head, as_text(row["name"])))
    given = tables.get(CLASSES.name)
    for row in [] if given is None else given.to_dict("records"):
        if not is_blank(row["class"]) and not is_blank(row["teacher"]):
            by_class.setdefault(matching(row["class"]), [(False, as_text(row["teacher"]))])
    return tuple("、".join(name for _, name in sorted(by_class.get(matching(c), []))) for c in classes)


def _in_order(column: object) -> bool:
    """Return whether the roster is sorted by a column of marks, up or down."""
    if not isinstance(column, NumberColumn) or column.use not in ("mark", "total") or len(column.values) < 4:
        return False
    steps = np.diff(column.values[column.present])
    return bool((steps >= 0).all() or (steps <= 0).all()) and bool(steps.any())
