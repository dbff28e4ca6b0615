"""Change watch (变更核查): a later copy of the list compared with what was certified; like `addin.commands`."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import book, files, undo
from addin.kept_seal import KeptSeal, inputs_of, kept_in
from addin.roster_file import read_roster
from addin.trouble import FileTrouble
from engine.canonical import short_code
from engine.pupils import OURS, pupil_rows
from engine.tables import STUDENTS, header_of, matching
from engine.wording import Lang, Text

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    import pandas as pd

    from engine.changes import Difference, Pupils
    from engine.sealing import Cells, Sealed

CHANGES = Text("变更核查", "changes")
_NO_RECORD = Text("“{p}”不是抽签记录：{e}", "“{p}” is no record of a draw: {e}")
_NO_LIST = Text("“{p}”不是这次抽签的封存名单：{e}", "“{p}” is not the sealed list of this draw: {e}")
_NOT_PLACED = Text("“{p}”里还没有分班，没有可以对照的。", "There is no placement in “{p}”: nothing to compare with.")
_ONLY_PLACES = Text(
    "没有封存名单，只能按行核对班级和人数，看不出谁的内容改了。"
    "要逐格核对，请用 --against 抽签的工作簿，或加 --sealed-list。",
    "Without the sealed list only the class of each row and the number of rows can be checked, not what cells say. For "
    "that give --against the certified workbook, or --sealed-list.",
)
_OTHER_SEAL = Text(
    "这个工作簿是另一次封存的（{o}），记录的封存码是 {r}。",
    "This workbook keeps another seal ({o}) than the record ({r}).",
)
_NO_CLASS = Text(
    "后来的名单里没有“班级”列，没有核对班级。", "The later list has no column Class, so classes were not compared."
)
_ROWS = Text("当时 {t} 名学生，现在 {n} 名。", "{t} pupils then, {n} now.")
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Certified:
    """What a later list is compared with. ``sealed`` is None where only a record is known, with the ``code`` sealed."""

    sealed: Sealed | None
    classes: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """A later list: its pupils; of a workbook of ours all that would be sealed, and the seal that it keeps.

    ``published``: number, class, name and id of each row of a published list, which has no pupils in clear.
    """

    pupils: Pupils | None
    sealed: Sealed | None = None
    kept: KeptSeal | None = None
    published: tuple[tuple[int, str, str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """What differs: pupil by pupil, then what else of a workbook of ours; and what could not be compared."""

    found: tuple[Difference, ...]
    others: tuple[Text, ...]
    notes: tuple[Text, ...]

    @property
    def any(self) -> bool:
        """Return whether anything differs."""
        return bool(self.found or self.others)

    def facts(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        both = {
            name: [{"zh": text.zh, "en": text.en} for text in texts]
            for name, texts in (("others", self.others), ("notes", self.notes))
        }
        return {"changes": [one.facts() for one in self.found], **both}

    def lines(self) -> list[Text]:
        """Return what differs, a sentence each, the first ones only where there are many."""
        said = [*(one.said() for one in self.found), *self.others]
        more = Text("……还有 {n} 处", "… and {n} more").fill(n=len(said) - _SHOWN)
        return said[:_SHOWN] + [more] * (len(said) > _SHOWN)


def certified_workbook(workbook: book.Book, name: str) -> Certified:
    """Return what a workbook certifies: its sealed list and the classes drawn, else its list and classes as they are.

    Raises `FileTrouble` if nobody is placed in it.
    """
    from engine.sealing import sealed_tables
    from engine.verifying import classes_of

    kept = kept_in(workbook)
    if kept is not None and kept.record is not None:
        return Certified(kept.seal.sealed, tuple(classes_of(kept.record)))
    tables, _ = inputs_of(workbook)
    classes = _classes(tables["Students"])
    if not any(classes):
        raise FileTrouble(_NOT_PLACED.fill(p=name))
    return Certified(sealed_tables(tables), classes)


def certified_record(path: Path, sealed_list: Path | None) -> Certified:
    """Return what a record certifies; with the sealed list everything. Raises `FileTrouble`."""
    from engine.record import sealed_from
    from engine.sealing import published_tables, seal_code
    from engine.verifying import classes_of

    record = _json(path, _NO_RECORD)
    try:
        classes = tuple(classes_of(record))
        code = str(record["seal"]["code"])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise FileTrouble(_NO_RECORD.fill(p=path.name, e=repr(error))) from error
    if sealed_list is None:
        return Certified(None, classes, code)
    try:
        sealed, secret = sealed_from(_json(sealed_list, _NO_LIST))
    except ValueError as error:
        raise FileTrouble(_NO_LIST.fill(p=sealed_list.name, e=error)) from error
    if seal_code(published_tables(sealed, secret)) != code:
        why = Text("封存码不同", "its seal is another")
        raise FileTrouble(_NO_LIST.fill(p=sealed_list.name, e=why))
    return Certified(sealed, classes, code)


def later_list(path: Path, certified: Certified) -> Later:
    """Return a later list: a workbook of ours, a published list (CSV), or any roster. Raises `FileTrouble`.

    A column of the roster as it was certified is never taken for the class placed.
    """
    from engine.canonical import cell_text
    from engine.changes import Pupils, key_columns
    from engine.sealing import sealed_tables

    if files.is_ours(path):
        with book.opened(path) as workbook:
            tables, _ = inputs_of(workbook)
            return _of_workbook(sealed_tables(tables), _classes(tables["Students"]), kept_in(workbook))
    published = _published(path)
    if published is not None:
        return Later(None, published=published)
    students = read_roster(path).students
    headers = [str(header) for header in students.columns]
    known = set() if certified.sealed is None else {matching(field) for field in certified.sealed[0].fields}
    own = header_of([header for header in headers if matching(header) not in known], STUDENTS.field("placed_class"))
    texts = tuple(tuple(cell_text(cell).strip() for cell in row) for row in students.itertuples(index=False))
    classes = None if own is None else tuple(row[headers.index(own)] for row in texts)
    kept = [at for at, header in enumerate(headers) if header != own]
    rows = tuple(tuple(row[at] for at in kept) for row in texts)
    fields = tuple(headers[at] for at in kept)
    return Later(Pupils(fields, rows, classes, *key_columns(fields)))


def watched(certified: Certified, later: Later) -> Watched:
    """Return how a later list differs from what was certified.

    A later workbook that keeps the very seal of a record brings the sealed list with it: the seal proves it.
    """
    from engine.changes import Pupils, differences, differences_published, pupils_sealed
    from engine.seal_changes import changes_between
    from engine.sealing import LOCKS

    if certified.sealed is None and later.kept is not None:
        if later.kept.seal.code != certified.code:
            other = _OTHER_SEAL.fill(o=later.kept.short, r=short_code(certified.code))
            return Watched((), (other,), ())
        certified = replace(certified, sealed=later.kept.seal.sealed)
    if certified.sealed is None:
        then = Pupils((), ((),) * len(certified.classes), certified.classes)
        if later.published is not None:
            return Watched(tuple(differences_published(then, later.published)), (), (_ONLY_PLACES,))
        return _by_places(certified, later)
    then = pupils_sealed(certified.sealed, certified.classes)
    if later.published is not None:
        return Watched(tuple(differences_published(then, later.published)), (), ())
    assert later.pupils is not None, "a list is published or has pupils"
    others: list[Text] = []
    if later.sealed is not None:
        found = changes_between(certified.sealed, later.sealed)
        others = [one.said() for one in found if one.table != "Students" or one.column in LOCKS]
    notes = () if later.pupils.classes is not None else (_NO_CLASS,)
    return Watched(tuple(differences(then, later.pupils)), tuple(others), notes)


def show_changes(workbook: book.Book, found: Watched, lang: Lang) -> None:
    """Write the table *Changes*."""
    from engine.changes import changes_table

    undo.written(workbook, CHANGES.to(lang), {"Changes": changes_table(found.found, found.others, lang)}, lang)


def _by_places(certified: Certified, later: Later) -> Watched:
    """Compare with a record alone: the number of rows, and the class of each."""
    from engine.changes import moved, row_said

    assert later.pupils is not None, "published lists are compared elsewhere"
    then, now = certified.classes, later.pupils.classes
    others = [_ROWS.fill(t=len(then), n=len(later.pupils.rows))] if len(then) != len(later.pupils.rows) else []
    if now is None:
        return Watched((), tuple(others), (_ONLY_PLACES, _NO_CLASS))
    found = [one for i, pair in enumerate(zip(then, now, strict=False)) for one in moved((i, i), row_said(i), *pair)]
    return Watched(tuple(found), tuple(others), (_ONLY_PLACES,))


def _of_workbook(sealed: Sealed, classes: tuple[str, ...], kept: KeptSeal | None) -> Later:
    from engine.changes import pupils_sealed

    return Later(pupils_sealed(sealed, classes), sealed, kept)


def _classes(students: pd.DataFrame) -> Cells:
    from engine.canonical import cell_text

    assert set(OURS) <= set(students.columns), "canonical"
    return tuple(cell_text(students["placed_class"].iloc[at]).strip() for at in pupil_rows(students))


def _published(path: Path) -> tuple[tuple[int, str, str, str], ...] | None:
    """Return the rows of a published list, None if a file is none."""
    from engine.notice import HEADERS

    if path.suffix.lower() != ".csv" or not path.is_file():
        return None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows: Sequence[list[str]] = list(csv.reader(file))
        if not rows or tuple(rows[0][:4]) not in HEADERS.values():
            return None
        unquoted = [[cell.removeprefix("'") for cell in row] for row in rows[1:]]
        return tuple((int(row[0]), row[1], row[2], row[3]) for row in unquoted)
    except (UnicodeDecodeError, csv.Error, ValueError, IndexError):
        return None


def _json(path: Path, what: Text) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileTrouble(what.fill(p=path.name, e=error)) from error
    if not isinstance(found, dict):
        raise FileTrouble(what.fill(p=path.name, e=type(found).__name__))
    return found
