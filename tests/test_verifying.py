"""Verifying: a true record agrees in everything; whatever is altered in it is found, and where."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.canonical import short_code
from engine.drawing import result_code
from engine.measuring import measure_placement
from engine.placing import as_it_stands
from engine.record import criteria_facts, rounded, sealed_from
from engine.sealing import commit_of, salt_of
from engine.verifying import classes_of, classes_of_teachers, gap_from, verify_list, verify_record
from tests.draws import CASES, FOLDER
from tests.test_wishes import wishful

Record = dict[str, Any]


def read(name: str, what: str) -> Record:
    found: Record = json.loads((FOLDER / f"{name}.{what}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", CASES)
def test_stored_records_agree(name: str) -> None:
    """By themselves and with their sealed list; only ``unequal`` was sealed with a count that is not the official."""
    record = read(name, "record")
    differing = [found.what.en for found in verify_record(record) if found.verdict != "agrees"]
    assert differing == (["number of pupils sealed"] if name == "unequal" else [])
    found = verify_list(record, *sealed_from(read(name, "list")))
    assert [(one.what.en, one.detail.en) for one in found if one.verdict != "agrees"] == []
    assert len(found) == 8


def _swap(record: Record) -> None:
    groups = record["draw"]["groups"]
    other = next(i for i, g in enumerate(groups) if g != groups[0])
    groups[0], groups[other] = groups[other], groups[0]


def _set(*path: Any) -> Callable[[Record], None]:
    *way, last, value = path

    def change(record: Record) -> None:
        at: Any = record
        for key in way:
            at = at[key]
        at[last] = value

    return change


ALTERED: list[tuple[str, Callable[[Record], None]]] = [
    ("sealed code, from what is published", _set("seal", "code", "0" * 64)),
    ("sealed code, from what is published", _set("seal", "short", "0000-0000-0000-0000")),
    ("sealed code, from what is published", _set("seal", "tables", 1, 2, 0, 1, "note")),
    ("sealed code, from what is published", _set("seal", "tables", 0, 2, 3, "0" * 64)),
    ("number of pupils sealed", _set("seal", "pupils", 21)),
    ("number of pupils sealed", _set("seal", "official", 23)),
    ("seed, from the sealed code and what was said", _set("draw", "parts", 0, 1, "秋风")),
    ("seed, from the sealed code and what was said", _set("draw", "parts", 0, 1, "春风 ")),
    ("seed, from the sealed code and what was said", _set("draw", "number", 1)),
    ("seed, from the sealed code and what was said", _set("draw", "seed", 1)),
    ("draw of the classes", _set("draw", "labels", [1, 0, 2, 3])),
    ("draw of the classes", _set("draw", "sets", [[0, 1, 2, 3]])),
    ("draw of the classes", _set("result", "classes", 1, "二班")),
    ("seed, from the sealed code and what was said", _set("draw", "effort", "deep")),
    ("draw of the teachers", _set("teachers", "tries", 5)),
    ("draw of the teachers", _set("teachers", "labels", [0, 1, 2, 3])),
    ("result code", _swap),
    ("result code", _set("result", "classes", 0, "一班")),
    ("result code", _set("teachers", "names", 0, "别人")),
    ("gaps", _set("criteria", 3, "gap", "0")),
    ("gaps", _set("criteria", 1, "values", 0, ["24", "1"])),
    ("gaps", _set("criteria", 3, "at_floor", True)),
    ("every rule kept", _set("rules", "broken", 1)),
    ("number of draws", _set("earlier", [])),
    ("gaps", _set("criteria", 2, "values", None)),
]


@pytest.mark.parametrize(("what", "alter"), ALTERED)
def test_whatever_is_altered_is_found(what: str, alter: Callable[[Record], None]) -> None:
    """By itself; other findings may follow from it."""
    record = copy.deepcopy(read("whole", "record"))
    alter(record)
    found = {one.what.en: one for one in verify_record(record)}
    assert found[what].verdict == "differs"
    assert found[what].detail.zh
    assert len(found) == len(verify_record(read("whole", "record")))


def test_a_record_whose_hashes_were_all_made_anew_is_found_by_the_list() -> None:
    """Two pupils swapped and the result code recomputed: the record is right in itself, the search says otherwise."""
    record = read("whole", "record")
    _swap(record)
    code = result_code(record["draw"]["key"], classes_of(record), classes_of_teachers(record))
    record["result"]["code"], record["result"]["short"] = code, short_code(code)
    assert {one.what.en: one.verdict for one in verify_record(record)}["result code"] == "agrees"
    found = {one.what.en: one.verdict for one in verify_list(record, *sealed_from(read("whole", "list")))}
    assert found["groups, computed anew from list and seed"] == "differs"
    assert found["sealed list and sealed code"] == "agrees"


def test_another_list_and_another_version_are_told() -> None:
    record, sealed = read("whole", "record"), read("whole", "list")
    sealed["tables"][0][2][0][3] = "61"
    assert [one.verdict for one in verify_list(record, *sealed_from(sealed))] == ["differs"]
    record["version"] = "0.0.1"
    found = verify_list(record, *sealed_from(read("whole", "list")))
    assert [one.verdict for one in found] == ["agrees", "unknown"]
    assert "0.0.1" in found[1].said().en
    with pytest.raises(ValueError, match="sealed list"):
        sealed_from(record)
    assert verify_record({"format": "?"})[0].verdict == "differs"


def test_a_slip_opens_its_own_row_only() -> None:
    """Salt and cells of one pupil give the published commit of that row; the salts of others do not follow from it."""
    record, sealed = read("whole", "record"), read("whole", "list")
    commits, rows = record["seal"]["tables"][0][2], sealed["tables"][0][2]
    for number in (1, 17):
        salt = salt_of(sealed["secret"], "Students", number)
        assert commit_of("Students", number, salt, rows[number - 1]) == commits[number - 1]
    assert salt_of(sealed["secret"], "Students", 1) != salt_of(sealed["secret"], "Students", 2)


def test_nothing_private_is_in_a_record() -> None:
    """No id, name or mark of a pupil, no reason of a rule."""
    text = (FOLDER / "whole.record.json").read_text(encoding="utf-8")
    for private in ("李雷", "韩梅梅", '"001"', "打过架", '"60.5"', "5eed5eed"):
        assert private not in text


@settings(max_examples=60, deadline=None)
@given(wishful(), st.data())
def test_gaps_follow_from_the_values_of_a_record(cohort: Any, data: Any) -> None:
    """Sum, count and squares of each class give the gap that was measured, of every kind of criterion."""
    n, k = len(cohort.ids), len(cohort.classes)
    class_of = np.array(data.draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n)), np.int64)
    class_of[:k] = range(k)
    held, standards = as_it_stands(cohort, class_of)
    for fact in criteria_facts(held, measure_placement(held, *standards, class_of)):
        values = [[Fraction(part) for part in value] for value in fact["values"]]
        assert rounded(gap_from(fact["kind"], values, held.sizes)) == fact["gap"], fact["label"]
