"""Change watch (变更核查): a later copy of the list beside what was certified, pupil by pupil, cell by cell.

What was certified is known in full (a sealed workbook or list), or only by a record: then the class of each row is all
that can be compared. Who is who goes by id, then by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from engine.adjust_tables import CHANGES
from engine.headings import heading_of
from engine.like_rows import like_rows
from engine.sealing import LOCKS, Cells, Sealed, table_of
from engine.tables import framed, matching
from engine.values import normal_name, parse_date, parse_number
from engine.wording import Lang, Text, plain

What = Literal["added", "removed", "moved", "altered", "renamed", "new_id", "other", "column"]
WHATS: dict[What, Text] = {
    "added": Text("新增", "added"),
    "removed": Text("少了", "removed"),
    "moved": Text("换班", "moved"),
    "altered": Text("改动", "altered"),
    "renamed": Text("改名", "renamed"),
    "new_id": Text("改学号", "new id"),
    "other": Text("不是同一人", "somebody else"),
    "column": Text("列有变化", "columns differ"),
}
_SAID: dict[What, Text] = {
    "added": Text("{w}不在当时的名单里，现在有了{n}。", "{w} was not on the list, and is now{n}."),
    "removed": Text("{w}当时在{o}，现在没有了。", "{w} was in {o}, and is gone."),
    "moved": Text("{w}当时分在{o}，现在写的是{n}。", "{w} was placed in {o}; now it says {n}."),
    "altered": Text("{w}的“{c}”当时是“{o}”，现在是“{n}”。", "{w}, {c}: was “{o}”, is “{n}”."),
    "renamed": Text("学号相同，姓名由“{o}”变成“{n}”（{w}）。", "The same id, but the name “{o}” became “{n}” ({w})."),
    "new_id": Text("姓名相同，学号由“{o}”变成“{n}”（{w}）。", "The same name, but the id “{o}” became “{n}” ({w})."),
    "other": Text(
        "公示第{r}行的“{n}”与当时的“{o}”不是同一人。", "Published row {r}, “{n}”, is not the pupil certified, “{o}”."
    ),
    "column": Text("“{c}”这一列{n}。", "The column “{c}” {n}."),
}
_COLUMN_GONE, _COLUMN_NEW = Text("现在没有了", "is gone"), Text("当时没有", "was not there")
_ELSEWHERE = Text("其他表", "other tables")
BLANK = Text("（空白）", "(blank)")
_NOWHERE = Text("（没有班级）", "no class")


@dataclass(frozen=True, slots=True)
class Pupils:
    """The pupils of a list, as texts: headers, cells, and the class of each ("" none; None: the list tells none)."""

    fields: Cells
    rows: tuple[Cells, ...]
    classes: tuple[str, ...] | None
    id: str | None = None
    name: str | None = None

    def cell(self, row: int, header: str | None) -> str:
        """Return a cell, "" if there is no such column."""
        return "" if header is None else self.rows[row][self.fields.index(header)]

    def called(self, row: int) -> Text:
        """Return how a pupil is called in a sentence."""
        name, known = self.cell(row, self.name), self.cell(row, self.id)
        if not name and not known:
            return row_said(row)
        return plain((f"{name}（{known}）" if known else name) if name else known)

    def class_of(self, row: int) -> Text:
        """Return the class of a pupil, in words if there is none."""
        return _label("" if self.classes is None else self.classes[row])


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. ``then``, ``now``: the pupil's row then and now, from 1; ``who``: the pupil, in words."""

    what: What
    then: int | None = None
    now: int | None = None
    who: Text = Text("", "")  # noqa: RUF009 # immutable
    column: str | None = None
    old: Text | None = None
    new: Text | None = None

    def said(self) -> Text:
        """Return it as a sentence."""
        facts = {"w": self.who, "c": self.column, "o": self.old, "n": self.new, "r": self.then}
        return _SAID[self.what].fill(**facts)

    def facts(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        texts = {"who": self.who, "old": self.old, "new": self.new, "said": self.said()}
        both = {key: None if text is None else {"zh": text.zh, "en": text.en} for key, text in texts.items()}
        return {"what": self.what, "then": self.then, "now": self.now, "column": self.column, **both}


def pupils_sealed(sealed: Sealed, classes: Sequence[str] | None) -> Pupils:
    """Return the pupils of a sealed list, with the class of each."""
    table, columns = table_of(sealed, "Students"), table_of(sealed, "Columns")
    assert table is not None and columns is not None, "every sealed list has both"
    use = {row[1]: row[0] for row in reversed(columns.rows)}
    fields = tuple(field for field in table.fields if field not in LOCKS)
    rows = tuple(row[: len(fields)] for row in table.rows)
    known = [header if header in fields else None for header in (use.get("id"), use.get("name"))]
    return Pupils(fields, rows, None if classes is None else tuple(classes), *known)


def differences(then: Pupils, now: Pupils) -> list[Difference]:
    """Return who was added, removed, moved, renamed, and every cell that differs; in the order of the list then."""
    beside = _columns_beside(then, now)
    found = [Difference("column", column=header, new=_COLUMN_GONE) for header in then.fields if header not in beside]
    extra = set(now.fields) - set(beside.values())
    found += [Difference("column", column=header, new=_COLUMN_NEW) for header in now.fields if header in extra]
    pairs = _same_pupils(then, now, beside)
    for i in range(len(then.rows)):
        if i in pairs:
            found += _of_pupil(then, now, i, pairs[i], beside)
        else:
            found.append(Difference("removed", then=i + 1, who=then.called(i), old=then.class_of(i)))
    for j in sorted(set(range(len(now.rows))) - set(pairs.values())):
        where = Text("，在{c}", ", in {c}").fill(c=now.class_of(j)) if now.classes is not None else plain("")
        found.append(Difference("added", now=j + 1, who=now.called(j), new=where))
    return found


def moved(at: tuple[int, int], who: Text, old: str, new: str) -> list[Difference]:
    """Return that a pupil's class is another, if it is; ``at``: the row then and the row now, from 0."""
    if matching(old) == matching(new):
        return []
    return [Difference("moved", at[0] + 1, at[1] + 1, who, None, _label(old), _label(new))]


def row_said(row: int) -> Text:
    """Return how a pupil is called of whom only the row (from 0) is known."""
    return Text("第{r}行", "row {r}").fill(r=row + 1)


def _label(text: str) -> Text:
    return plain(text) if text else _NOWHERE


def fits_mask(mask: str, whole: str) -> bool:
    """Return whether a name or id as it is published (`engine.masking`) can be that of this pupil."""
    shown, text = "".join(mask.split("（", maxsplit=1)[0].split()), "".join(whole.split())
    return not shown or (len(shown) == len(text) and all(a in ("*", b) for a, b in zip(shown, text, strict=True)))


def differences_published(then: Pupils, rows: Sequence[tuple[int, str, str, str]]) -> list[Difference]:
    """Return how a published list (number, class, name, id of each row) differs from what was certified."""
    found: list[Difference] = []
    seen = Counter(number for number, *_ in rows)
    for number, label, name, known in rows:
        i, called = number - 1, plain(f"{name} {known}".strip())
        if not 0 <= i < len(then.rows) or seen[number] > 1:
            where = Text("，在{c}", ", in {c}").fill(c=label)
            found.append(Difference("added", now=number, who=called, new=where))
        elif not (_fits(name, then, i, then.name) and _fits(known, then, i, then.id)):
            found.append(Difference("other", number, number, column=None, old=then.called(i), new=called))
        elif then.classes is not None:
            found += moved((i, i), called, then.classes[i], label)
    gone = [i for i in range(len(then.rows)) if i + 1 not in seen]
    return found + [Difference("removed", then=i + 1, who=then.called(i), old=then.class_of(i)) for i in gone]


def _fits(mask: str, then: Pupils, row: int, header: str | None) -> bool:
    return header is None or fits_mask(mask, then.cell(row, header))


def changes_table(found: Sequence[Difference], others: Sequence[Text], lang: Lang) -> pd.DataFrame:
    """Return the table *Changes*: a row per difference, then what differs in other tables."""
    rows = [
        {
            "what": WHATS[one.what].to(lang),
            "then": one.then,
            "now": one.now,
            "pupil": one.who.to(lang) or None,
            "column": one.column,
            "old": None if one.old is None else one.old.to(lang),
            "new": None if one.new is None else one.new.to(lang).lstrip("，, "),
            "sentence": one.said().to(lang),
        }
        for one in found
    ]
    more = [{"what": _ELSEWHERE.to(lang), "sentence": text.to(lang)} for text in others]
    return framed(CHANGES, [*rows, *more])


def key_columns(fields: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the columns of id and name by their headings."""
    headings = [(header, heading_of(header)) for header in fields]

    def first(use: str) -> str | None:
        return next((header for header, found in headings if found is not None and found.use == use), None)

    return first("id"), first("name")


def _columns_beside(then: Pupils, now: Pupils) -> dict[str, str]:
    """Return the column of the later list for each column then: by its heading, id and name by what they are."""
    known = {matching(header): header for header in reversed(now.fields)}
    found = {header: known[matching(header)] for header in then.fields if matching(header) in known}
    for ours, theirs in ((then.id, now.id), (then.name, now.name)):
        if ours is not None and ours not in found and theirs is not None and theirs not in found.values():
            found[ours] = theirs
    return found


def _same_pupils(then: Pupils, now: Pupils, beside: dict[str, str]) -> dict[int, int]:
    """Return the row now of each row then: by id, then by a name that only one has, then by equal rows.

    Where the lists have neither ids nor names in common, rows go together that are most alike.
    """
    pairs: dict[int, int] = {}
    common = [header for header in then.fields if header in beside]
    if then.id not in beside and then.name not in beside:
        rows = [[then.cell(i, header) for header in common] for i in range(len(then.rows))]
        later = [[now.cell(j, beside[header]) for header in common] for j in range(len(now.rows))]
        if then.classes is None or now.classes is None:
            return like_rows(rows, later, (("",) * len(rows), ("",) * len(later)))
        return like_rows(rows, later, (then.classes, now.classes))

    def add(keys_then: Sequence[str], keys_now: Sequence[str]) -> None:
        taken = set(pairs.values())
        left = [i for i in range(len(then.rows)) if i not in pairs and keys_then[i]]
        right = [j for j in range(len(now.rows)) if j not in taken and keys_now[j]]
        often, there = Counter(keys_then[i] for i in left), Counter(keys_now[j] for j in right)
        at = {keys_now[j]: j for j in right}
        pairs.update({i: at[keys_then[i]] for i in left if often[keys_then[i]] == 1 == there[keys_then[i]]})

    for header in (then.id, then.name):
        if header in beside:
            here = [normal_name(then.cell(i, header)) for i in range(len(then.rows))]
            add(here, [normal_name(now.cell(j, beside[str(header)])) for j in range(len(now.rows))])
    add(
        ["\x1f".join(then.cell(i, header) for header in common) for i in range(len(then.rows))],
        ["\x1f".join(now.cell(j, beside[header]) for header in common) for j in range(len(now.rows))],
    )
    return pairs


def _of_pupil(then: Pupils, now: Pupils, i: int, j: int, beside: dict[str, str]) -> Iterator[Difference]:
    who = then.called(i)
    if then.classes is not None and now.classes is not None:
        yield from moved((i, j), who, then.classes[i], now.classes[j])
    for header in then.fields:
        if header in beside:
            old, new = then.cell(i, header), now.cell(j, beside[header])
            if not same_cell(old, new):
                what: What = "renamed" if header == then.name else "new_id" if header == then.id else "altered"
                texts = (plain(text) if text else BLANK for text in (old, new))
                yield Difference(what, i + 1, j + 1, who, header, *texts)


def same_cell(old: str, new: str) -> bool:
    """Return whether two cells say the same, whichever program wrote them: 85.0 and 85, 2019-9-1 and 2019/09/01."""
    if old == new or normal_name(old) == normal_name(new):
        return True
    number = parse_number(old)
    if number is not None:
        return number == parse_number(new)
    day = parse_date(old)
    return day is not None and day == parse_date(new)
