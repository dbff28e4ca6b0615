"""Who is to be placed, and how a pupil named in a rule is found: by id, by name, or by what was probably meant."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import pandas as pd

from engine.issue import Findings, Level
from engine.tables import STUDENTS
from engine.values import as_text, folded, is_blank, normal_name
from engine.wording import Text

SEPARATORS = re.compile(r"[、，,;；\n\r]+")
SHOWN_CELLS = 20  # of one column and kind of fault; the rest are counted
OURS = frozenset(item.key for item in STUDENTS.fields)


@dataclass(frozen=True, slots=True)
class Pupils:
    """All pupils in roster order: position of their row in *Students* (from 0), id and name as text ("": none)."""

    rows: tuple[int, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    by_id: dict[str, list[int]] = field(init=False, repr=False)
    by_name: dict[str, list[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", _index([_id_key(text) for text in self.ids]))
        object.__setattr__(self, "by_name", _index([normal_name(text) for text in self.names]))

    def only(self, kept: Sequence[int]) -> Pupils:
        """Return some of the pupils."""
        return Pupils(*(tuple(part[i] for i in kept) for part in (self.rows, self.ids, self.names)))  # type: ignore[arg-type]

    def called(self, i: int) -> str:
        """Return how pupil i is called in a sentence."""
        return f"{self.names[i]}（{self.ids[i]}）" if self.names[i] else self.ids[i]

    def found(self, word: str) -> list[int]:
        """Return the pupils that an id or a name stands for: one, none if unknown, several if ambiguous."""
        return self.by_id.get(_id_key(word)) or self.by_name.get(normal_name(word)) or []

    def close_to(self, word: str) -> list[str]:
        """Return up to three names that look like the word, else ids that do."""
        for texts, cutoff in ((self.names, 0.5), (self.ids, 0.7)):
            spelled = {normal_name(text): text for text in texts if text}
            close = get_close_matches(normal_name(word), spelled, n=3, cutoff=cutoff)
            if close:
                return [spelled[key] for key in close]
        return []

    def words_in(self, cell: object) -> list[str]:
        """Return the ids or names listed in a cell, split at commas and 、, at spaces only where that makes pupils."""
        words: list[str] = []
        for part in SEPARATORS.split(as_text(cell)):
            pieces = part.split()
            if len(pieces) > 1 and not self.found(part) and all(self.found(piece) for piece in pieces):
                words += pieces
            elif pieces:
                words.append(part.strip())
        return words


def _id_key(text: str) -> str:
    return re.sub(r"\s", "", folded(text))


def _index(keys: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if key:
            found[key].append(i)
    return dict(found)


def pupil_rows(students: pd.DataFrame) -> list[int]:
    """Return the positions of the rows of *Students* that hold a pupil: anything in one of the roster's own columns."""
    own = students[[header for header in students.columns if header not in OURS]]
    filled = [any(not is_blank(cell) for cell in row) for row in own.itertuples(index=False)]
    return [at for at, held in enumerate(filled) if held]


def cells_of(students: pd.DataFrame, header: str, rows: Sequence[int]) -> list[Any]:
    """Return the cells of a column in these rows; asked for one by one, pandas takes ten times as long."""
    held = list(students[header])
    return [held[at] for at in rows]


def note_faults(
    found: Sequence[tuple[int, Text]],
    header: str,
    pupils: Pupils,
    do: Text,
    findings: Findings,
    level: Level = "error",
) -> None:
    """Note the first faulty cells of a column one by one and count the others.

    ``found`` has (pupil, what is wrong there).
    """
    for i, what in found[:SHOWN_CELLS]:
        findings.add(level, ("Students", pupils.rows[i] + 1, header), what, do)
    if len(found) > SHOWN_CELLS:
        more = Text("这一列还有 {n} 格同样的问题。", "{n} more cells of this column have the same fault.")
        findings.add(level, ("Students", None, header), more.fill(n=len(found) - SHOWN_CELLS), do)


def read_pupils(students: pd.DataFrame, id_column: str | None, name_column: str | None, findings: Findings) -> Pupils:
    """Return the pupils; blank and repeated ids are noted as errors. Without an id column rows are numbered from 1."""
    rows = pupil_rows(students)
    names = [as_text(cell) for cell in cells_of(students, name_column, rows)] if name_column else [""] * len(rows)
    if id_column is None:
        ids = [str(number) for number in range(1, len(rows) + 1)]
    else:
        ids = [as_text(cell) for cell in cells_of(students, id_column, rows)]
    if not rows:
        what = Text("没有学生。", "There are no pupils.")
        do = Text("请把名单连同标题行粘贴到学生表。", "Paste the roster with its headings into Students.")
        findings.add("error", ("Students", None, None), what, do)
    pupils = Pupils(tuple(rows), tuple(ids), tuple(names))
    if id_column is not None and rows:
        _check_ids(pupils, id_column, findings)
    return pupils


def _check_ids(pupils: Pupils, header: str, findings: Findings) -> None:
    """Note pupils without an id, or with that of another; a column with no id at all once."""
    if not any(pupils.ids):
        do = Text(
            "请填上学号；没有学号，就在“列设置”里把这一列的用途改成“备注”。",
            "Fill them in; where there are none, set the use of the column to note in Columns.",
        )
        findings.add("error", ("Students", None, header), Text("一个学号也没有。", "There is no id at all."), do)
        return
    blank: list[tuple[int, Text]] = []
    again: list[tuple[int, Text]] = []
    first: dict[str, int] = {}
    for i, text in enumerate(pupils.ids):
        other = first.setdefault(_id_key(text), i)
        if not text:
            what = Text("{w}没有学号。", "{w} has no id.")
            blank.append((i, what.fill(w=pupils.names[i] or Text("这名学生", "This pupil"))))
        elif other != i:
            what = Text("学号“{v}”与第{r}行{n}重复。", "The id “{v}” is that of row {r} {n} too.")
            again.append((i, what.fill(v=text, r=pupils.rows[other] + 1, n=pupils.names[other])))
    do = Text("请补上学号；如果这行不是学生，请删掉。", "Fill it in, or delete the row if it is no pupil.")
    note_faults(blank, header, pupils, do, findings)
    do = Text("每名学生的学号必须不同，请改正其中一个。", "Every pupil needs an id of their own: correct one of them.")
    note_faults(again, header, pupils, do, findings)
