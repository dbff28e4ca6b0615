"""The classes and how many pupils each gets: sizes as given, the others as even as their largest sizes allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engine.issue import Findings, Place
from engine.tables import CLASSES, framed, matching
from engine.values import as_text, is_blank, parse_number
from engine.wording import Lang, Text, plain

SIZE, LARGEST = CLASSES.field("size").header, CLASSES.field("largest").header


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One row of *Classes*: data row from 1, label, size and largest size if given."""

    row: int
    label: str
    size: int | None
    largest: int | None


def pupils_in(cell: object, place: Place, findings: Findings) -> int | None:
    """Return a number of pupils, 1 or more; None if the cell is blank or, after noting it, wrong."""
    if is_blank(cell):
        return None
    number = parse_number(cell)
    if number is None or number != int(number) or number < 1:
        what = Text("“{v}”不是人数。", "“{v}” is no number of pupils.").fill(v=as_text(cell))
        do = Text("请填 1 或更大的整数，或留空。", "Enter a whole number, 1 or more, or leave it blank.")
        findings.add("error", place, what, do)
        return None
    return int(number)


def default_classes(k: int, lang: Lang) -> pd.DataFrame:
    """Return the table *Classes* for k classes called 1班, 2班 … or Class 1, Class 2 …, sizes blank."""
    label = Text("{n}班", "Class {n}")
    rows = [{"class": label.fill(n=number).to(lang)} for number in range(1, k + 1)]
    return framed(CLASSES, rows)


def read_classes(frame: pd.DataFrame | None, findings: Findings) -> list[ClassRow]:
    """Return the classes; rows that are blank are passed over, everything wrong is noted."""
    rows: list[ClassRow] = []
    known: dict[str, int] = {}
    for at, cells in enumerate(frame.to_dict("records") if frame is not None else [], start=1):
        if all(is_blank(cells[key]) for key in ("class", "size", "largest")):
            continue
        label = as_text(cells["class"])
        place = ("Classes", at, CLASSES.field("class").header)
        if not label:
            what = Text("这一行没有班级名称。", "This row has no class name.")
            findings.add("error", place, what, Text("请补上，或删掉这一行。", "Fill it in, or delete the row."))
            continue
        if matching(label) in known:
            what = Text("班级“{c}”与第{r}行重复。", "The class “{c}” is in row {r} too.").fill(
                c=label, r=known[matching(label)]
            )
            findings.add("error", place, what, Text("请改成不同的名称。", "Give it a name of its own."))
            continue
        known[matching(label)] = at
        size, largest = (
            pupils_in(cells[key], ("Classes", at, header), findings)
            for key, header in (("size", SIZE), ("largest", LARGEST))
        )
        if size is not None and largest is not None and size > largest:
            what = Text("人数 {s} 超过人数上限 {m}。", "The size {s} is above the largest size {m}.").fill(
                s=size, m=largest
            )
            findings.add("error", ("Classes", at, SIZE), what, Text("请改其中一个。", "Change one of them."))
        rows.append(ClassRow(at, label, size, largest))
    if not rows and not findings.failed:
        do = Text(
            "请在班级表每行写一个班，或用 --classes 指定班数。", "Write one class per row in Classes, or use --classes."
        )
        findings.add("error", ("Classes", None, None), Text("还没有班级。", "There are no classes."), do)
    return rows


def class_sizes(classes: Sequence[ClassRow], n: int, size_gap: int, findings: Findings) -> tuple[int, ...]:
    """Return the size of each class, n in all; none, after noting why, if that cannot be."""
    given = sum(item.size for item in classes if item.size is not None)
    free = [item for item in classes if item.size is None]
    left = n - given
    if not _fit(classes, n, given, findings):
        return ()
    shares = iter(_even([item.largest for item in free], left))
    sizes = tuple(next(shares) if item.size is None else item.size for item in classes)
    shared = [size for size, item in zip(sizes, classes, strict=True) if item.size is None]
    if shared and max(shared) - min(shared) > size_gap:
        what = Text(
            "{n} 名学生分到这些班，人数最多相差 {g}，超过设置的班额最大差 {s}。",
            "{n} pupils in these classes means sizes {g} apart, more than the class size gap {s} allows.",
        )
        do = Text(
            "请放宽“班额最大差”，或改人数、人数上限。", "Raise “Class size gap”, or change sizes or largest sizes."
        )
        gap = max(shared) - min(shared)
        findings.add("warning", ("Classes", None, SIZE), what.fill(n=left, g=gap, s=size_gap), do)
    return sizes


def alike(classes: Sequence[ClassRow], sizes: tuple[int, ...]) -> tuple[bool, ...]:
    """Return which classes may have a pupil more or one fewer than their size, the others making up for it.

    They are those without a size of their own where pupils do not divide: which of them gets one more is open.
    """
    free = [size for item, size in zip(classes, sizes, strict=True) if item.size is None]
    top = max(free, default=0)
    may = tuple(
        item.size is None and size >= top - 1 and (item.largest is None or item.largest >= top)
        for item, size in zip(classes, sizes, strict=True)
    )
    return may if any(m and size < top for m, size in zip(may, sizes, strict=True)) else ()


def _fit(classes: Sequence[ClassRow], n: int, given: int, findings: Findings) -> bool:
    """Return whether n pupils can be shared out; note what stands in the way."""
    free = [item for item in classes if item.size is None]
    place = ("Classes", None, SIZE)
    if not free and given != n:
        what = Text("各班人数加起来是 {g}，学生有 {n} 人。", "The sizes add up to {g} but there are {n} pupils.")
        do = (
            Text("请把一个或几个班的人数共增加 {d}。", "Raise one or more sizes by {d} in total.")
            if given < n
            else Text("请把一个或几个班的人数共减少 {d}。", "Lower one or more sizes by {d} in total.")
        )
        findings.add("error", place, what.fill(g=given, n=n), do.fill(d=abs(n - given)))
        return False
    if n < len(classes) and not given:
        what = Text("有 {k} 个班，学生只有 {n} 名，不够每班一名。", "There are more classes ({k}) than pupils ({n}).")
        do = Text("请减少班级，或核对名单是否完整。", "Take fewer classes, or see whether the roster is complete.")
        findings.add("error", place, what.fill(k=len(classes), n=n), do)
        return False
    if free and n - given < len(free):
        what = Text(
            "指定的人数已有 {g}，{n} 名学生不够再分给其余 {f} 个班。",
            "The sizes given add up to {g}: of {n} pupils too few are left for {f} more classes.",
        )
        do = Text("请减少班级或指定的人数。", "Take fewer classes or smaller sizes.")
        findings.add("error", place, what.fill(g=given, n=n, f=len(free)), do)
        return False
    room = [item.largest for item in free]
    if free and all(most is not None for most in room) and sum(most or 0 for most in room) < n - given:
        what = Text(
            "人数上限加起来只能容纳 {r} 人，学生有 {n} 人。", "The largest sizes leave room for {r} of {n} pupils."
        )
        do = Text("请提高人数上限或增加班级，共差 {d} 人。", "Raise them or add classes: {d} places are missing.")
        held = given + sum(most or 0 for most in room)
        findings.add("error", ("Classes", None, LARGEST), what.fill(r=held, n=n), do.fill(d=n - held))
        return False
    return True


def _even(largest: Sequence[int | None], n: int) -> list[int]:
    """Return n shared out as evenly as the largest sizes allow; the first classes get what does not divide."""
    sizes: list[int] = [0] * len(largest)
    open_to = list(range(len(largest)))
    while open_to:
        share, extra = divmod(n, len(open_to))
        full = [k for k in open_to if (most := largest[k]) is not None and most <= share]
        if not full:
            for place, k in enumerate(open_to):
                sizes[k] = share + (place < extra)
            return sizes
        for k in full:
            sizes[k] = largest[k] or 0
            n -= sizes[k]
        open_to = [k for k in open_to if k not in full]
    return sizes


def class_named(cell: object, labels: Sequence[str]) -> int | None:
    """Return the position of the class a cell names, or None: its label, 3 for 3班 or 初一(3)班, else the third."""
    word = matching(as_text(cell))
    if not word:
        return None
    labelled = [matching(label) for label in labels]
    short = [_short(label) for label in labelled]
    for known in (labelled, short):
        if known.count(_short(word) if known is short else word) == 1:
            return known.index(_short(word) if known is short else word)
    number = parse_number(_short(word))
    if number is None or number != int(number):
        return None
    last = [_last_number(label) for label in labelled]
    if last.count(int(number)) == 1:
        return last.index(int(number))
    return int(number) - 1 if all(found is None for found in last) and 1 <= number <= len(labels) else None


def _short(word: str) -> str:
    return word.removesuffix("班").removeprefix("class") or word


def _last_number(label: str) -> int | None:
    digits = "".join(char if char.isascii() and char.isdigit() else " " for char in label).split()
    return int(digits[-1]) if digits else None


def classes_said(labels: Sequence[str]) -> Text:
    """Return the class labels for a sentence, the middle left out where they are many."""
    shown = list(labels) if len(labels) <= 8 else [*labels[:4], "…", labels[-1]]
    return plain("、".join(shown))
