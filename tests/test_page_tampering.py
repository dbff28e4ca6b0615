"""Whoever changes a published file is found out: every field of a record changed, and the step that must say so."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.drawing import result_code
from engine.sealing import commit_of, salt_of
from tests.draws import FOLDER
from tests.page_modules import Found, check

Place = tuple[str | int, ...]
UNCHECKED = (  # what the page says that it does not check, or what it cannot know
    r"version|title|seal\.when|draw\.when|rules\.kept|earlier\.\d+\.(when|parts.*|result)"
    r"|criteria\.\d+\.(label\.zh|label\.en|floor|at_floor)"
)
WHERE = (  # field of a record, and the steps one of which must say that it was changed
    (r"seal\.(code|short|pupils|official)", "seal"),
    (r"seal\.tables.*", "seal"),
    (r"draw\.(parts.*|key|seed|effort)", "seed"),
    (r"draw\.number", "seed earlier"),
    (r"draw\.(groups|sets|labels).*", "classes result"),
    (r"teachers\.(names|teams).*", "teachers result"),
    (r"teachers\.(bars|labels|tries).*", "teachers"),
    (r"result\.(code|short)", "result"),
    (r"result\.classes.*", "classes"),
    (r"criteria.*|rules\.broken", "gaps"),
    (r"earlier.*", "earlier"),
)


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    """Return record, sealed list, slip and published list of the stored draw that has everything."""
    record, sealed = (
        json.loads((FOLDER / f"whole.{kind}.json").read_text(encoding="utf-8")) for kind in ("record", "list")
    )
    draw, names = record["draw"], record["result"]["classes"]
    labels = [names[draw["labels"][g]] for g in draw["groups"]]
    _, fields, rows = sealed["tables"][0]
    salt = salt_of(sealed["secret"], "Students", 3)
    slip = {"format": "EvenClass slip 1", "row": 3, "salt": salt}
    slip |= {"fields": fields, "cells": rows[2], "class": labels[2]}
    assert commit_of("Students", 3, salt, rows[2]) == record["seal"]["tables"][0][2][2]
    published = "序号,班级,姓名,学号\n" + "".join(f"{i},{label},张*,*\n" for i, label in enumerate(labels, start=1))
    return {"record": record, "sealed": sealed, "slip": slip, "list": published}


def contents(files: dict[str, Any], **changed: Any) -> list[str]:
    made = {**files, **changed}
    return [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in made.values()]


def failing(found: Found) -> set[str]:
    """Return the steps that do not agree; ``refused`` if a file was."""
    return {
        step for step, findings in found.items() if step == "refused" or any(f["verdict"] == "bad" for f in findings)
    }


def changes(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield leaves of a document with another value, and lists with an item less, one more, or two swapped.

    Of a list the first, the middle and the last item are gone into.
    """
    if isinstance(value, dict):
        for key, each in value.items():
            yield from changes(each, (*place, key))
        return
    if isinstance(value, list):
        for at in sorted({0, len(value) // 2, len(value) - 1} & {*range(len(value))}):
            yield from changes(value[at], (*place, at))
        if value:
            yield place, value[:-1]
            yield place, [*value, value[-1]]
        if len(value) > 1 and value[0] != value[-1]:
            yield place, [value[-1], *value[1:-1], value[0]]
        return
    yield place, _other(value)


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if value is None:
        return "1"
    if isinstance(value, int):
        return value - 1 if value else 1
    if re.fullmatch(r"[0-9a-f]{64}", value):
        return ("1" if value[0] == "0" else "0") + value[1:]
    return f"{float(value) + 1:g}" if re.fullmatch(r"-?\d+(\.\d+)?", value) else value + "x"


def with_change(record: Any, place: Place, value: Any) -> Any:
    made = copy.deepcopy(record)
    at = made
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return made


def test_every_field_of_a_record_is_guarded(modules: Page, files: dict[str, Any]) -> None:
    """Changed alone, each leaf and each list of a record is refused or makes the step that it belongs to fail."""
    cases = [(place, value) for place, value in changes(files["record"]) if place]
    found = check(
        modules, [contents(files, record=with_change(files["record"], place, value)) for place, value in cases]
    )
    missed = []  # of places and values
    for (place, value), each in zip(cases, found, strict=True):
        name = ".".join(map(str, place))
        wanted = next((steps for field, steps in WHERE if re.fullmatch(field, name)), "refused").split()
        if not failing(each) & {*wanted, "refused"} and not re.fullmatch(UNCHECKED, name):
            missed.append((name, value))
    assert not missed
    assert len(cases) > 200


def test_what_no_step_can_check_does_not_fail_either(modules: Page, files: dict[str, Any]) -> None:
    """The list of what is not checked is the truth: those fields changed, everything still agrees."""
    assert failing(check(modules, [contents(files)])[0]) == set()
    changed = {("version",): "9.9", ("title",): "x", ("rules", "kept"): 99, ("draw", "when"): "2000-01-01"}
    found = check(modules, [contents(files, record=with_change(files["record"], *each)) for each in changed.items()])
    assert [failing(each) for each in found] == [set()] * len(changed)


def test_every_cell_of_the_sealed_list_is_guarded(modules: Page, files: dict[str, Any]) -> None:
    """One cell, one row or the secret changed: it is not the list that was sealed, and the step says which row."""
    cases = [(place, value) for place, value in changes(files["sealed"]) if place]
    found = check(
        modules, [contents(files, sealed=with_change(files["sealed"], place, value)) for place, value in cases]
    )
    missed = [place for (place, _), each in zip(cases, found, strict=True) if not failing(each) & {"seal", "refused"}]
    assert not missed
    sealed = with_change(files["sealed"], ("tables", 0, 2, 6, 1), "someone else")
    words = [
        f["words"]["en"] for f in check(modules, [contents(files, sealed=sealed)])[0]["seal"] if f["verdict"] == "bad"
    ]
    assert len(words) == 1 and "table Students, row 7." in words[0]


def test_every_field_of_a_slip_is_guarded(modules: Page, files: dict[str, Any]) -> None:
    cases = [(place, value) for place, value in changes(files["slip"]) if place]
    found = check(modules, [contents(files, slip=with_change(files["slip"], place, value)) for place, value in cases])
    assert not [place for (place, _), each in zip(cases, found, strict=True) if not failing(each) & {"slip", "refused"}]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\n3,", "\n4,", "Missing numbers: 3."),
        ("\n3,", "\n4,", "Numbers there twice: 4."),
        ("\n3,", "\n23,", "Numbers that were not drawn, in lines 4."),
        ("\n3,1班", "\n3,2班", "1 pupils have another class than was drawn (numbers): 3 (2班 ≠ 1班)."),
        ("\n3,2班", "\n3,1班", "1 pupils have another class than was drawn (numbers): 3 (1班 ≠ 2班)."),
        ("\n3,3班", "\n3,4班", "1 pupils have another class than was drawn (numbers): 3 (4班 ≠ 3班)."),
        ("\n3,4班", "\n3,3班", "1 pupils have another class than was drawn (numbers): 3 (3班 ≠ 4班)."),
    ],
)
def test_a_changed_published_list_is_named(modules: Page, files: dict[str, Any], old: str, new: str, said: str) -> None:
    if old not in files["list"]:
        return  # pupil 3 was drawn into another class: one of the last four cases is theirs
    found = check(modules, [contents(files, list=files["list"].replace(old, new))])[0]
    assert said in "".join(f["words"]["en"] for f in found["list"] if f["verdict"] == "bad")


def test_a_result_redone_with_one_pupil_moved_is_found_out(modules: Page, files: dict[str, Any]) -> None:
    """Two pupils traded and the result code made to fit: the gaps give it away to whoever has the sealed list."""
    record = copy.deepcopy(files["record"])
    groups = record["draw"]["groups"]
    other = next(i for i, g in enumerate(groups) if g != groups[0])
    groups[0], groups[other] = groups[other], groups[0]
    names, labels = record["result"]["classes"], record["draw"]["labels"]
    taught = [
        [name, names[record["teachers"]["labels"][team]]]
        for name, team in zip(record["teachers"]["names"], record["teachers"]["teams"], strict=True)
    ]
    record["result"]["code"] = result_code(record["draw"]["key"], [names[labels[g]] for g in groups], taught)
    assert {"result", "gaps", "list"} <= failing(check(modules, [contents(files, record=record)])[0])


def test_whoever_changes_the_wishes_of_a_record_is_found_out(modules: Page) -> None:
    """Each figure of the two criteria changed alone."""
    record, sealed = ((FOLDER / f"wishes.{kind}.json").read_text(encoding="utf-8") for kind in ("record", "list"))
    whole = json.loads(record)
    wishes = {place: value for place, value in changes(whole) if place[0] == "criteria" and len(place) > 2}
    wishes = {place: value for place, value in wishes.items() if int(place[1]) >= len(whole["criteria"]) - 2}
    assert [one["kind"] for one in whole["criteria"][-2:]] == ["unmet", "met"]
    found = check(modules, [[json.dumps(with_change(whole, *each)), sealed] for each in wishes.items()])
    names = {".".join(map(str, place)): each for place, each in zip(wishes, found, strict=True)}
    missed = [name for name, each in names.items() if not failing(each) & {"gaps", "refused"}]
    assert not [name for name in missed if not re.fullmatch(UNCHECKED, name)]
    assert any(".values" in name for name in names)


def test_wishes_made_to_look_right_take_the_sealed_list(modules: Page) -> None:
    """One pupil more without a companion, everything else made to fit: alone it is sound, by the pupils it is not."""
    record, sealed = ((FOLDER / f"wishes.{kind}.json").read_text(encoding="utf-8") for kind in ("record", "list"))
    whole = json.loads(record)
    unmet, met = whole["criteria"][-2:]
    assert [unmet["values"][0], met["values"][0]] == [["0", "1"], ["4", "4"]]
    unmet["values"][0][0], met["values"][0][0] = "1", "3"
    unmet |= {"gap": str(int(unmet["gap"]) + 1), "at_floor": False}
    met |= {"gap": "0.25", "at_floor": False}
    unsound = copy.deepcopy(whole)
    unsound["criteria"][-2]["values"][1][0] = "2"
    unsound["criteria"][-2]["gap"] = str(int(unmet["gap"]) + 1)
    found = check(modules, [[json.dumps(whole)], [json.dumps(whole), sealed], [json.dumps(unsound)]])
    assert [failing(each) for each in found] == [set(), {"gaps"}, {"gaps"}]


def test_a_kind_that_the_page_does_not_know_is_refused(modules: Page, files: dict[str, Any]) -> None:
    """A later version may measure what this page cannot judge: it says so rather than take it for a count."""
    record = with_change(files["record"], ("criteria", 1, "kind"), "median")
    said = check(modules, [[json.dumps(record)]])[0]["refused"]["en"]
    assert "“criteria[1].kind”" in said and "“median”" not in said and "unmet, met" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The file is empty."),
        ("{", "The file is no complete JSON"),
        ("[]", "This page cannot read the file"),
        ('{"format": "EvenClass record 2"}', "its format is “EvenClass record 2”"),
        ('{"format": "EvenClass record 1"}', "At “version” the file should have text; it has: nothing."),
        ('{"format": "EvenClass slip 1", "row": -1}', "At “row”"),
        ('{"format": "EvenClass sealed list 1", "secret": "", "tables": [["Students", [], [["x"]]]]}', "a list of 0"),
        ("a,b\n1,2", "neither JSON nor a published list"),
        ('序号,班级\n"1,2', "A quotation mark"),
        ("PK\x03\x04", "This is a workbook or a zip archive."),
        ('{"format": "__proto__"}', "This page cannot read the file"),
    ],
)
def test_malformed_files_are_refused_in_words(modules: Page, content: str, said: str) -> None:
    assert said in check(modules, [[content]])[0]["refused"]["en"]


def test_a_record_of_any_other_shape_is_refused_in_words(modules: Page, files: dict[str, Any]) -> None:
    """Each part of a record gone, or something of another kind: words that name the place, never an exception."""
    places = {place[:depth] for place, _ in changes(files["record"]) for depth in (1, 2, 3) if place[:depth]}
    strange: tuple[Any, ...] = (None, [[]], -1)
    cases = [with_change(files["record"], place, odd) for place in sorted(places, key=str) for odd in strange]
    found = check(modules, [[json.dumps(case), *contents(files)[1:]] for case in cases])
    words = [f["words"]["en"] for each in found if "refused" not in each for step in each.values() for f in step]
    assert not [word for word in words if "cannot be read" in word]
    assert sum("refused" in each for each in found) > len(cases) // 2


def test_the_page_never_reads_its_own_directory() -> None:
    """The sources of the page name no address: nothing can be asked of a network."""
    folder = Path(__file__).resolve().parent.parent / "addin" / "draw_page"
    for path in [*folder.glob("js/*.js"), folder / "style.css", folder / "index.html"]:
        assert not re.search(
            r"https?:|fetch\(|XMLHttpRequest|WebSocket|import\(|url\(", path.read_text(encoding="utf-8")
        )
