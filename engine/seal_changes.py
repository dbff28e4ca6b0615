"""What was changed since the seal, cell by cell: which table, which row, which column, what it was and what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.adjust_tables import DECLARED
from engine.sealing import LOCKS, Cells, Sealed, SealedTable, table_of
from engine.setting import NAMES
from engine.settings_rows import SETTING_ROWS
from engine.wording import Lang, Text, plain

_LOCK_WORDS = {"locked": Text("锁定", "Locked"), "locked_class": Text("锁定在的班级", "Class locked in")}
_BLANK = Text("（空白）", "(blank)")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference from what was sealed.

    ``row`` counts from 1 among rows with content (None: the whole table or column), ``who`` names it: id, class,
    setting. ``column`` is a key or header, None for a row added, removed or elsewhere. ``old``, ``new``: None where
    there is none.
    """

    table: str
    row: int | None
    who: str
    column: str | None
    old: str | None
    new: str | None

    def said(self) -> Text:
        """Return the change as a sentence says it."""
        sheet = DECLARED[self.table].sheet
        where = Text("{s}表", "{s}").fill(s=sheet)
        if self.row is not None:
            where = Text("{s}表第{r}行 {w}", "{s}, row {r} {w}").fill(s=sheet, r=self.row, w=self._who())
        column = plain("") if self.column is None else self._column()
        if self.old is not None and self.new is not None:
            if self.column is None:
                return Text("{p}：次序变了", "{p}: the order is another").fill(p=where)
            what = Text("{p} {c}：“{o}”→“{n}”", "{p}, {c}: “{o}” → “{n}”")
            return what.fill(p=where, c=column, o=self._value(self.old), n=self._value(self.new))
        what = Text("加了", "added") if self.old is None else Text("删了", "removed")
        if self.column is not None:
            return Text("{p}：{w}列“{c}”", "{p}: column {w}: {c}").fill(p=where, w=what, c=column)
        return Text("{p}：{w}这一行", "{p}: row {w}").fill(p=where, w=what)

    def _who(self) -> Text:
        known: Mapping[str, Text] = NAMES if self.table == "Settings" else {}
        return known.get(self.who, plain(self.who))

    def _column(self) -> Text:
        if self.table == "Students" and self.column in _LOCK_WORDS:
            return _LOCK_WORDS[self.column]
        declared = {field.key: field.header for field in DECLARED[self.table].fields}
        return declared.get(str(self.column), plain(self.column))

    def _value(self, text: str) -> Text:
        """Return a cell as people know it: a choice in words, not by its key."""
        if self.table == "Settings":
            choices = next((row.choices for row in SETTING_ROWS if row.key == self.who), None)
        else:
            choices = next((field.choices for field in DECLARED[self.table].fields if field.key == self.column), None)
        return (choices or {}).get(text, plain(text)) if text else _BLANK

    def facts(self) -> dict[str, object]:
        """Return the change for ``--json``."""
        names = ("table", "row", "who", "column", "old", "new")
        return {name: getattr(self, name) for name in names}


def changes_between(sealed: Sealed, now: Sealed) -> tuple[Change, ...]:
    """Return every difference, in the order of the tables; none if and only if the seals are the same."""
    if sealed == now:
        return ()
    found: list[Change] = []
    for name in dict.fromkeys(table.name for table in (*sealed, *now)):
        old = table_of(sealed, name) or SealedTable(name, (), ())
        new = table_of(now, name) or SealedTable(name, (), ())
        if old != new:
            found += _in_table(old, new, _key_columns(sealed, old.name))
    return tuple(found)


def changes_said(changes: Sequence[Change], lang: Lang, shown: int = 20) -> list[str]:
    """Return a line per change, the rest counted."""
    lines = [change.said().to(lang) for change in changes[:shown]]
    if len(changes) > shown:
        lines.append(Text("……还有 {n} 处", "… and {n} more").fill(n=len(changes) - shown).to(lang))
    return lines


def _key_columns(sealed: Sealed, name: str) -> tuple[str, ...]:
    """Return the columns by which rows of a table are told apart: a pupil's id and name, elsewhere the first one."""
    if name == "Rules":
        return ()
    table, columns = table_of(sealed, name), table_of(sealed, "Columns")
    if name == "Students" and columns is not None:
        use = {row[0]: row[1] for row in columns.rows}
        return tuple(header for word in ("id", "name") for header in use if use[header] == word)[:1]
    return table.fields[:1] if table is not None else ()


def _in_table(old: SealedTable, new: SealedTable, keys: tuple[str, ...]) -> list[Change]:
    found = _of_fields(old, new)
    pairs, gone, come = _matched(old, new, keys)
    common = [field for field in old.fields if field in new.fields]
    for i, j in pairs:
        for field in common:
            before, after = old.rows[i][old.fields.index(field)], new.rows[j][new.fields.index(field)]
            if before != after:
                found.append(Change(old.name, j + 1, _who(new, j, keys), field, before, after))
    found += [Change(old.name, i + 1, _who(old, i, keys), None, "", None) for i in gone]
    found += [Change(old.name, j + 1, _who(new, j, keys), None, None, "") for j in come]
    order = [j for _, j in sorted(pairs)]
    moved = next(((a, b) for a, b in zip(order, sorted(order), strict=True) if a != b), None)
    if moved is not None:
        found.append(Change(old.name, moved[1] + 1, _who(new, moved[1], keys), None, "", ""))
    return found


def _of_fields(old: SealedTable, new: SealedTable) -> list[Change]:
    if not old.fields or not new.fields:
        return []
    found = [Change(old.name, None, "", field, "", None) for field in old.fields if field not in new.fields]
    found += [Change(old.name, None, "", field, None, "") for field in new.fields if field not in old.fields]
    if not found and old.fields != new.fields:
        found.append(Change(old.name, None, "", None, "", ""))
    return found


def _matched(
    old: SealedTable, new: SealedTable, keys: tuple[str, ...]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Return the rows that belong together, those that are gone and those that have come; positions from 0.

    First by what names a row, where that is unique; then equal rows; then what stands in the same place.
    """
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(old.rows))), list(range(len(new.rows)))
    named = [(_keys(old, left, keys), _keys(new, right, keys))] if keys else []
    for before, after in [*named, (_whole(old), _whole(new))]:
        here, there = _unique(before, left), _unique(after, right)
        found = [(i, there[key]) for key, i in here.items() if key in there]
        pairs += found
        left = sorted(set(left) - {i for i, _ in found})
        right = sorted(set(right) - {j for _, j in found})
    same = [i for i in left if i in right]
    pairs += [(i, i) for i in same]
    return pairs, [i for i in left if i not in same], [j for j in right if j not in same]


def _unique(keys: Mapping[int, Cells], rows: Sequence[int]) -> dict[Cells, int]:
    often = Counter(keys[i] for i in rows)
    return {keys[i]: i for i in rows if often[keys[i]] == 1}


def _keys(table: SealedTable, rows: Sequence[int], keys: tuple[str, ...]) -> dict[int, Cells]:
    at = [table.fields.index(key) for key in keys if key in table.fields]
    return {i: tuple(table.rows[i][k] for k in at) for i in rows}


def _whole(table: SealedTable) -> dict[int, Cells]:
    return dict(enumerate(table.rows))


def _who(table: SealedTable, row: int, keys: tuple[str, ...]) -> str:
    fields = [key for key in keys if key in table.fields] or [f for f in table.fields if f not in LOCKS][:2]
    return " ".join(table.rows[row][table.fields.index(field)] for field in fields)
