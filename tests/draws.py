"""Small draws for tests, kept in ``tests/data/draw`` as record and sealed list: ``python -m tests.draws`` writes them.

The files guard that the same list, words and version give the same result on every machine; the checking page's tests
read them too. They change only with a version that places differently, and then on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from engine.drawing import Drawn, drawn
from engine.intake import Tables
from engine.lots import Part
from engine.record import Seal, earlier_draw, record_of, sealed_list
from engine.sealing import sealed_tables
from tests.rosters import roster, tables

FOLDER = Path(__file__).parent / "data" / "draw"
SECRET = "5eed" * 16
WHEN, LATER = "2026-08-20T09:00:00", "2026-08-20T09:30:00"
QUICK = {"setting": "effort", "value": "quick"}
PARTS: tuple[Part, ...] = (("家长代表", "春风"), ("督学", "3 5 1"))


def teachers(n: int = 8) -> pd.DataFrame:
    """Return the table *Teachers*: half of them heads, two subjects, one barred from the first pupil."""
    return pd.DataFrame(
        {
            "name": [f"老师{i + 1}" for i in range(n)],
            "gender": ["男" if i % 3 else "女" for i in range(n)],
            "subject": ["语文" if i % 2 else "数学" for i in range(n)],
            "head": ["是" if i < n // 2 else None for i in range(n)],
            "experience": [3 + 5 * i % 17 for i in range(n)],
            "barred": ["001", *[None] * (n - 1)],
            "drawn_class": None,
        },
        dtype=object,
    )


def whole() -> Tables:
    """Everything at once: 22 pupils in 4 classes, absent marks, a date, rules, a locked pupil, teachers."""
    n = 22
    marks = [60.5 + 7 * i % 40 for i in range(n)]
    students = roster(
        n,
        语文=[None if i == 4 else mark for i, mark in enumerate(marks)],
        出生日期=[pd.Timestamp(2013, 1 + i % 12, 1 + i).to_pydatetime() for i in range(n)],
        **{"留守\n儿童": ["是" if i % 4 == 0 else None for i in range(n)]},
    )
    made = tables(
        students,
        classes=4,
        settings=[QUICK],
        columns={"语文": {"tolerance": 1.5, "top": 4}},
        rules=[
            {"rule": "不同班", "pupils": "001、002", "reason": "打过架"},
            {"rule": "together", "pupils": "003，004"},
            {"rule": "barred class", "pupils": "005", "class": "4班"},
        ],
    )
    made["Students"].loc[6, ["placed_class", "locked"]] = ["3班", "是"]
    made["Teachers"] = teachers()
    return made


def plain() -> Tables:
    """No teachers and no rules: 15 pupils in 3 classes of one size, headings in English, no language in the list."""
    students = roster(15).rename(
        columns={"学号": "Id", "姓名": "Name", "性别": "Gender", "语文": "Reading", "数学": "Maths"}
    )
    return tables(students, classes=3, lang="en", settings=[QUICK])


def unequal() -> Tables:
    """Classes of clearly different sizes: 10, 5 and 5 of 20 pupils; two may trade."""
    sizes = [{"class": name, "size": size} for name, size in (("A", 10), ("B", 5), ("C", 5))]
    return tables(roster(20), settings=[QUICK], classes_table=sizes)


def wishes() -> Tables:
    """Wished companions, in classes of clearly different sizes."""
    n = 18
    wished = {f"{i + 1:03}": f"{(i + 5) % n + 1:03}、{(i + 7) % n + 1:03}" for i in range(0, n, 2)}
    students = roster(n, 愿望同伴=[wished.get(f"{i + 1:03}") for i in range(n)])
    sizes = [{"class": name, "size": size} for name, size in (("A", 8), ("B", 5), ("C", 5))]
    return tables(students, settings=[QUICK], classes_table=sizes)


CASES: dict[str, tuple[Callable[[], Tables], int | None, tuple[Part, ...]]] = {
    "whole": (whole, 22, PARTS),
    "plain": (plain, None, (("beacon 2026-08-20 09:00", "  9F 3A　 07 "),)),
    "wishes": (wishes, 18, PARTS),
    "unequal": (unequal, 21, (*PARTS, ("校长", 'é\t"\\'))),
}


def made(name: str, number: int = 1) -> tuple[Seal, Drawn]:
    """Return a case sealed, and its draw of this number."""
    tables_of, official, parts = CASES[name]
    seal = Seal(sealed_tables(tables_of()), SECRET, WHEN, official)
    return seal, drawn(seal.sealed, seal.code, number, parts)


def files_of(name: str) -> dict[str, Any]:
    """Return the files of a case by name: its record and its sealed list; the case ``whole`` was drawn twice."""
    seal, draw = made(name)
    record = record_of(seal, draw, LATER, title=name)
    if name == "whole":
        record = record_of(seal, made(name, 2)[1], LATER, [earlier_draw(record)], title=name)
    return {f"{name}.record.json": record, f"{name}.list.json": sealed_list(seal)}


if __name__ == "__main__":
    for case in CASES:
        for file, content in files_of(case).items():
            (FOLDER / file).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
