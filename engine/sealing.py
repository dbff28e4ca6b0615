"""The seal: everything that decides a placement in a form that is the same to the byte on every machine, and its hash.

`docs/draw_format.md`, section 3. What is sealed is text; a draw works on these texts (`input_tables`) and on nothing
else, so whoever has the sealed list can repeat it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from engine.canonical import cell_text, digest
from engine.draw_tables import TEACHERS
from engine.issue import Findings
from engine.pupils import OURS, pupil_rows
from engine.setting import setting_texts
from engine.settings_rows import SETTING_ROWS
from engine.sizes import class_named
from engine.tables import CLASSES, COLUMNS, RULES_TABLE, SETTINGS, YES_NO, Table, choice, framed, to_canonical
from engine.values import is_blank, is_no, is_yes

COMMITTED = frozenset({"Students", "Rules", TEACHERS.name})
LOCKS = ("locked", "locked_class")  # the last two fields of the sealed pupils
_FIELDS = {
    COLUMNS.name: ("column", "use", "weight", "tolerance", "band_width", "top", "bottom", "spread", "at_most"),
    CLASSES.name: ("class", "size", "largest", "locked"),
    RULES_TABLE.name: ("rule", "pupils", "class", "at_most", "reason"),
}
Cells = tuple[str, ...]
Published = list[list[object]]  # [table, fields, rows or commits], as a record has them


@dataclass(frozen=True, slots=True)
class SealedTable:
    """One table as it is sealed: texts only, rows without content left out."""

    name: str
    fields: Cells
    rows: tuple[Cells, ...]

    @property
    def committed(self) -> bool:
        """Return whether its rows are private: published as commits."""
        return self.name in COMMITTED


Sealed = tuple[SealedTable, ...]


def sealed_tables(tables: Mapping[str, pd.DataFrame]) -> Sealed:
    """Return the sealed form of complete input tables (`engine.intake.completed`), *Teachers* if they have rows."""
    classes = tables.get("Classes", framed(CLASSES, []))
    found = [
        _students(tables["Students"], classes),
        _plain(COLUMNS, tables["Columns"]),
        _plain(CLASSES, classes),
        _plain(RULES_TABLE, tables.get("Rules", framed(RULES_TABLE, []))),
        _settings(tables.get("Settings")),
    ]
    teachers = tables.get(TEACHERS.name)
    if teachers is not None and (sealed := _teachers(teachers)).rows:
        found.append(sealed)
    return tuple(found)


def table_of(sealed: Sealed, name: str) -> SealedTable | None:
    """Return a sealed table by name, None if it is not among them."""
    return next((table for table in sealed if table.name == name), None)


def salt_of(secret: str, table: str, row: int) -> str:
    """Return the salt of a committed row; ``row`` counts from 1 among the rows that are sealed."""
    return digest(["EvenClass salt 1", secret, table, row])


def commit_of(table: str, row: int, salt: str, cells: Sequence[str]) -> str:
    """Return what is published of a committed row."""
    return digest(["EvenClass row 1", table, row, salt, list(cells)])


def published_tables(sealed: Sealed, secret: str) -> Published:
    """Return what is published of the sealed tables: open ones in clear, of committed ones a commit per row."""
    return [[table.name, list(table.fields), _published_rows(table, secret)] for table in sealed]


def seal_code(published: Published) -> str:
    """Return the seal of published tables."""
    return digest(["EvenClass seal 1", published])  # type: ignore[list-item] # lists of lists of text


def input_tables(sealed: Sealed, seed: int | None = None) -> dict[str, pd.DataFrame]:
    """Return complete input tables from what is sealed, with this seed: what a draw is made from.

    Pupils of locked classes, and locked ones, stand in their class; nobody else has one.
    """
    made: dict[str, pd.DataFrame] = {}
    for table in sealed:
        rows = [[cell or None for cell in row] for row in table.rows]
        fields = list(table.fields)
        if table.name == "Students":
            fields[-2:] = ["locked", "placed_class"]
        made[table.name] = pd.DataFrame(rows, columns=fields, dtype=object)
    settings = [*zip(*(made["Settings"][key] for key in ("setting", "value")), strict=True)]
    # A blank cell of a setting would be its default; one sealed as blank means blank, which only text can say.
    given = [{"setting": key, "value": "" if value is None else value} for key, value in settings]
    made["Settings"] = framed(SETTINGS, [*given, *([] if seed is None else [{"setting": "seed", "value": str(seed)}])])
    for declared in (COLUMNS, CLASSES, RULES_TABLE):
        made[declared.name] = framed(declared, made[declared.name].to_dict("records"))
    return made


def _published_rows(table: SealedTable, secret: str) -> list[object]:
    if not table.committed:
        return [list(row) for row in table.rows]
    return [
        commit_of(table.name, number, salt_of(secret, table.name, number), row)
        for number, row in enumerate(table.rows, start=1)
    ]


def _students(students: pd.DataFrame, classes: pd.DataFrame) -> SealedTable:
    own = [header for header in students.columns if header not in OURS]
    kept = pupil_rows(students)
    texts = [[cell_text(cell) for cell in students[header].iloc[kept]] for header in own]
    cells = list(zip(*texts, strict=True))
    labels = [cell_text(cell) for cell in classes["class"] if not is_blank(cell)]
    closed = [
        is_yes(lock) for lock, cell in zip(classes["locked"], classes["class"], strict=True) if not is_blank(cell)
    ]
    locks = []
    for at in kept:
        lock, placed = students["locked"].iloc[at], students["placed_class"].iloc[at]
        k = class_named(placed, labels)
        held = is_yes(lock) or (k is not None and closed[k])
        label = cell_text(placed) if k is None else labels[k]
        locks.append(("yes" if is_yes(lock) else "", label if held else ""))
    rows = tuple((*row, *lock) for row, lock in zip(cells, locks, strict=True))
    return SealedTable("Students", (*(cell_text(header) for header in own), *LOCKS), rows)


def _plain(table: Table, frame: pd.DataFrame) -> SealedTable:
    fields = _FIELDS[table.name]
    return SealedTable(table.name, fields, _rows(table, frame, fields))


def _settings(frame: pd.DataFrame | None) -> SealedTable:
    texts = setting_texts(frame, Findings("zh"))
    rows = tuple((row.key, cell_text(texts[row.key])) for row in SETTING_ROWS if row.sealed)
    return SealedTable("Settings", ("setting", "value"), rows)


def _teachers(frame: pd.DataFrame) -> SealedTable:
    whole = to_canonical(frame, TEACHERS)
    fields = tuple(str(key) for key in whole.columns if key != "drawn_class")
    rows = _rows(TEACHERS, whole, fields)
    return SealedTable(TEACHERS.name, tuple(cell_text(field) for field in fields), rows)


def _rows(table: Table, frame: pd.DataFrame, keys: Sequence[str]) -> tuple[Cells, ...]:
    choices = {field.key: field.choices for field in table.fields}
    rows = []
    for cells in zip(*(frame[key] for key in keys), strict=True):
        if not all(is_blank(cell) for cell in cells):
            rows.append(tuple(_chosen(cell, choices.get(key)) for key, cell in zip(keys, cells, strict=True)))
    return tuple(rows)


def _chosen(cell: object, choices: object) -> str:
    """Return the key of a choice, however it is written, or the text of the cell."""
    if not isinstance(choices, Mapping) or is_blank(cell):
        return cell_text(cell) if not isinstance(choices, Mapping) else ""
    if choices is YES_NO and (is_yes(cell) or is_no(cell)):
        return "yes" if is_yes(cell) else "no"
    key = choice(cell, choices)
    return cell_text(cell) if key is None else key
