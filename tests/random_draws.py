"""Random draws for comparing the checking page with Python: awkward cells, several trading sets, teachers with bars.

The search is left out, groups are dealt at random: what is compared is everything that follows from them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from engine.checking import Checked
from engine.cohort import Cohort
from engine.criteria import Criterion
from engine.drawing import drawn
from engine.intake import Tables
from engine.issue import InputError
from engine.record import Seal, earlier_draw, record_of, sealed_list
from engine.sealing import commit_of, salt_of, sealed_tables
from engine.solve import Result
from tests.draws import LATER, WHEN
from tests.rosters import tables

LETTERS = [
    *"李雷韩梅·阿依𠮷𬺈ÅéßſΣςİı﹏Ａｂ１２",
    *"abcXYZ059",
    "e\u0301",
    "👩‍👧",
    "🇨🇳",
    "\u2028",
    "\x1f",
    "\x7f",
    "\t",
    "\n",
    "\\",
    '"',
    "<",
    "&",
    "</script>",
    "\ufeff",
    "\uffff",
]
LEVELS = [
    "甲",
    "乙",
    "Ｂ",
    "b",
    "Straße",
    "STRASSE",
    "ΣΟΦΟΣ",
    "σοφος",
    "z",
    "Å",
    "A\u030a",
    "\U00020bb7",
    "\uffee",
    None,
]
MARKS = [None, "缺考", 0, -3.5, 12, 88.5, 88.55, "９０", "1,234", "95分", 1e-7, 0.1 + 0.2, 123456.654321, "1e2", True]
ATTEMPTS = 50
SIZES: list[dict[str, object]] = [{}, {"size": None}, {"largest": 40}, {"largest": "60"}]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a draw: record, sealed list, the slip of one pupil, the published list as CSV."""

    record: dict[str, Any]
    sealed: dict[str, Any]
    slip: dict[str, Any]
    published: str


def random_files(seed: int) -> Files:
    """Return the files of a random draw."""
    lots = random.Random(seed)
    for _ in range(ATTEMPTS):
        try:
            return _files(lots)
        except InputError:  # rules that contradict each other
            continue
    raise AssertionError(f"no draw of {ATTEMPTS} had input without errors")


def _files(lots: random.Random) -> Files:
    given = _tables(lots)
    seal = Seal(
        sealed_tables(given), f"{lots.getrandbits(256):064x}", WHEN, lots.choice([None, len(given["Students"])])
    )
    parts = [(_word(lots), _word(lots) + "x") for _ in range(lots.randint(1, 5))]
    number = lots.randint(1, 3)
    search = _dealt(lots)
    with (
        patch("engine.drawing.searched", search),
        patch("engine.teachers.searched", search),
        patch("engine.placing.floors_of", _no_floors),  # half of the time, and the page does not recompute them
    ):
        made = drawn(seal.sealed, seal.code, number, parts)
    record = record_of(seal, made, LATER, title=_word(lots))
    record["earlier"] = [{**earlier_draw(record), "number": n} for n in range(1, number)]
    labels = [record["result"]["classes"][k] for k in made.class_of]
    pupils, row = seal.sealed[0], lots.randint(1, len(labels))
    cells, salt = list(pupils.rows[row - 1]), salt_of(seal.secret, "Students", row)
    assert commit_of("Students", row, salt, cells) == record["seal"]["tables"][0][2][row - 1]
    slip = {
        "format": "EvenClass slip 1",
        "row": row,
        "salt": salt,
        "fields": list(pupils.fields),
        "cells": cells,
        "class": labels[row - 1],
    }
    return Files(record, sealed_list(seal), slip, published(labels, lots))


def published(labels: list[str], lots: random.Random) -> str:
    """Return a published list as CSV, in any order."""
    rows = [
        f'{i},"{label.replace(chr(34), chr(34) * 2)}","张*, ""三""",{i:04}' for i, label in enumerate(labels, start=1)
    ]
    lots.shuffle(rows)
    head = lots.choice(["No.,Class,Name,Id", "序号,班级,姓名,学号"])
    return "\ufeff" + "\r\n".join([head, *rows]) + lots.choice(["", "\r\n"])


def _tables(lots: random.Random) -> Tables:
    n, k = lots.randint(8, 30), lots.randint(2, 7)
    marks = lots.sample(MARKS[:-1], 6) + [lots.randint(0, 100) for _ in range(6)]
    columns: dict[str, list[object]] = {
        "学号": [f"{i:03}" for i in range(1, n + 1)],
        "姓名": [_word(lots) for _ in range(n)],
        "性别": [lots.choice(["男", "女", " 女", None]) for _ in range(n)],
        "语文 1": [lots.choice(marks) for _ in range(n)],
        "B\n数": [lots.choice([lots.randint(0, 100), lots.randint(0, 200) / 2]) for _ in range(n)],
        "生日": [lots.choice([pd.Timestamp(2012, 1 + i % 12, 3), "2012年3月4日", 41000, "201205"]) for i in range(n)],
        "😀类": [lots.choice(LEVELS) for _ in range(n)],
        "住校": [lots.choice(["是", "√", None, "否", True, False]) for _ in range(n)],
        "预设": [lots.choice([*[None] * 20, "1", "0", "Z"]) for _ in range(n)],
        "大": [lots.choice([2**27 + 1, 10**8 / 3, 7]) for _ in range(n)],
        _word(lots) + "注": [_word(lots) for _ in range(n)],
    }
    uses = dict(zip(columns, "id name gender mark mark date category flag preset number note".split(), strict=True))
    for header in lots.sample(["想和\n谁", "愿望2", "3"], lots.choice([0, 1, 2])):
        columns[header] = [_wished(lots, columns["姓名"]) for _ in range(n)]
        uses[header] = "wish"
    settings = [{"setting": "effort", "value": "quick"}]
    settings += [{"setting": "absent_marks", "value": lots.choice(["zero", "leave_out"])}]
    settings += [{"setting": key, "value": "no"} for key in ("same_name_apart", "same_sound_apart")]
    wanted = {
        header: {"use": use, "weight": 1, **dict.fromkeys(("tolerance", "band_width", "top", "bottom", "spread"))}
        for header, use in uses.items()
    }
    for header, use in uses.items():
        if use in ("mark", "date", "number"):
            wanted[header].update(_numbers(lots, small=header != "大"))
        if use == "wish":
            wanted[header].update(tolerance=lots.choice([None, None, 2, "30%"]), weight=lots.choice([0, 1, 2.5]))
    made = tables(
        pd.DataFrame(columns, dtype=object),
        columns={header: cells for header, cells in wanted.items() if header in columns},
        rules=_rules(lots, n, k),
        settings=settings,
        classes_table=[{"class": _class(lots, i), **lots.choice(SIZES)} for i in range(k)],
    )
    if lots.random() < 0.5:
        total = {"column": "总 分", "use": "total", "weight": 2, **_numbers(lots, small=True)}
        made["Columns"] = pd.concat([made["Columns"], pd.DataFrame([total], dtype=object)], ignore_index=True)
    if lots.random() < 0.4:
        made["Students"].loc[0, ["placed_class", "locked"]] = [made["Classes"]["class"].iloc[0], "是"]
    if lots.random() < 0.6:
        made["Teachers"] = _teachers(lots, n, k)
    return made


def _numbers(lots: random.Random, *, small: bool) -> dict[str, object]:
    """Return what *Columns* may ask of numbers."""
    return {
        "tolerance": lots.choice([None, 1, 0.5, "20%"]),
        "band_width": lots.choice([None, 10, 2.5, "20%", 0.3, 0.4]) if small else lots.choice([None, "25%"]),
        "top": lots.choice([None, 3, 100]),
        "bottom": lots.choice([None, "5"]),
        "spread": lots.choice([None, "yes", "no"]),
    }


def _wished(lots: random.Random, names: list[object]) -> object:
    """Return what a pupil wishes: ids and names in any writing, oneself and strangers, or nothing in some words."""
    numbers = [lots.randint(1, len(names) + 2) for _ in range(lots.randint(0, 3))]
    words = [lots.choice([f"{i:03}", f"０{i:02}", f" {i:03}\u3000", *map(str, names[i - 1 : i])]) for i in numbers]
    return lots.choice(["、", "，", ";", "\r\n", " ", "\x1f", "\ufeff,"]).join(words) or lots.choice(
        [None, "无", "否", "-", " "]
    )


def _rules(lots: random.Random, n: int, k: int) -> list[dict[str, object]]:
    one, other = lots.sample(range(1, n + 1), 2)
    choices: list[dict[str, object]] = [
        {"rule": "together", "pupils": f"{one:03}、{other:03}", "reason": _word(lots)},
        {"rule": "barred", "pupils": f"{one:03}", "class": lots.randint(1, k)},
        {"rule": "fixed", "pupils": f"{other:03}", "class": f"{lots.randint(1, k)}班"},
    ]
    return lots.sample(choices, lots.randint(0, 2))


def _class(lots: random.Random, k: int) -> str:
    return lots.choice(["{n}班", "{n}班", "初一（{n}）班", "Class {n}", "𠮷{n}"]).format(n=k + 1)


def _teachers(lots: random.Random, n: int, k: int) -> pd.DataFrame:
    t = lots.randint(k, 3 * k)
    barred = [lots.choice([f"{lots.randint(1, n):03}", "001，002"]) if i < k // 2 else None for i in range(t)]
    rows = {
        "name": [f"{_word(lots)}师" for _ in range(t)],
        "subject": ["语文"] * t,
        "barred": barred,
        "drawn_class": None,
    }
    return pd.DataFrame({**rows, "任教年数": range(t)}, dtype=object)


def _word(lots: random.Random) -> str:
    return "".join(lots.choice(LETTERS) for _ in range(lots.randint(1, 6)))


def _no_floors(cohort: Cohort, criteria: tuple[Criterion, ...]) -> tuple[Fraction, ...]:
    return (Fraction(0),) * len(criteria)


def _dealt(lots: random.Random) -> Any:
    """Return a search that deals pupils at random into classes of the sizes wanted."""

    def searched(checked: Checked, progress: object = None) -> Result:
        sizes = list(checked.cohort.sizes)
        class_of = np.array(lots.sample(range(len(sizes)), counts=sizes, k=sum(sizes)), np.int64)
        return Result(class_of=class_of, violations=0, imbalance=0, seed=0, effort="quick", steps=0, ended="effort")

    return searched
