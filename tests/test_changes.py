"""Change watch: every planted change is found and named, nothing else is; fully, and by a record alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.book import opened, read_tables, saved, write_tables
from addin.kept_seal import KeptSeal, logs_of
from engine.changes import Pupils, differences, fits_mask, same_cell
from engine.masking import masked_id, masked_name
from engine.verifying import classes_of
from tests.draws import FOLDER, SECRET, made, whole
from tests.test_cli import chinese, run, table
from workbook_templates import template_path

__all__ = ["chinese"]  # pytest finds fixtures by name

RECORD, LIST = FOLDER / "whole.record.json", FOLDER / "whole.list.json"


def facts(*words: object) -> Any:
    done = run("changes", *words, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == (1 if found["changes"] or found["others"] else 0)
    return found


def whats(found: Any) -> list[tuple[str, int | None, int | None]]:
    return [(one["what"], one["then"], one["now"]) for one in found["changes"]]


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook as a draw leaves it: sealed list, record, classes."""
    path = tmp_path_factory.mktemp("drawn") / "抽签.xlsx"
    seal, _ = made("whole")
    record = json.loads(RECORD.read_text("utf-8"))
    tables = whole()
    tables["Students"]["placed_class"] = classes_of(record)
    with opened(template_path("zh")) as workbook:
        write_tables(workbook, {**tables, **logs_of(KeptSeal(seal, record=record), "zh")}, "zh")
        saved(workbook, path)
    return path


@pytest.fixture
def later(certified: Path, tmp_path: Path) -> Callable[[Callable[[pd.DataFrame], pd.DataFrame]], Path]:
    """Return a function that saves a later copy in which *Students* was changed."""

    def changed(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Path:
        path = tmp_path / "后来.xlsx"
        with opened(certified) as workbook:
            students = change(read_tables(workbook)["Students"].copy())
            write_tables(workbook, {"Students": students.astype(object)}, "zh")
            saved(workbook, path)
        return path

    return changed


def set_cell(row: int, header: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(students: pd.DataFrame) -> pd.DataFrame:
        students.loc[row, header] = value  # type: ignore[call-overload] # any cell
        return students

    return change


def test_an_unchanged_copy_has_no_changes(certified: Path) -> None:
    """The workbook itself, by workbook, record, and sealed list."""
    assert whats(facts(certified, "--against", certified)) == []
    assert whats(facts(certified, "--record", RECORD)) == []
    assert facts(certified, "--record", RECORD, "--sealed-list", LIST)["others"] == []
    assert "没有发现变更" in run("changes", certified, "--record", RECORD).stdout


def test_every_kind_of_change_is_named(certified: Path, later: Any, tmp_path: Path) -> None:
    """Moved, altered, renamed, another id, removed, added: one line each, whatever the order of the rows."""
    now = {"1班": "2班", "2班": "1班", "3班": "1班", "4班": "1班"}

    def change(students: pd.DataFrame) -> pd.DataFrame:
        students.loc[0, "placed_class"] = now[str(students.loc[0, "placed_class"])]
        students.loc[1, "数学"] = 99
        students.loc[2, "姓名"] = "林涛涛"
        students.loc[3, "学号"] = "904"
        fresh = students.iloc[[5]].assign(学号="800", 姓名="新同学")
        return pd.concat([students.drop(index=4).iloc[::-1], fresh], ignore_index=True)

    path = later(change)
    for against in (("--against", certified), ("--record", RECORD, "--sealed-list", LIST)):
        found = facts(path, *against)
        assert [(one["what"], one["then"]) for one in found["changes"]] == [
            ("moved", 1),
            ("altered", 2),
            ("renamed", 3),
            ("new_id", 4),
            ("removed", 5),
            ("added", None),
        ]
    said = run("changes", path, "--against", certified, "-o", tmp_path / "out.xlsx")
    assert said.exit_code == 1
    assert "韩梅梅（002）的“数学”当时是“66”，现在是“99”。" in said.stdout
    assert "姓名由“林涛”变成“林涛涛”" in said.stdout
    shown = table(tmp_path / "out.xlsx", "Changes")
    assert list(shown["变更"]) == ["换班", "改动", "改名", "改学号", "少了", "新增"]


def test_a_record_proves_the_sealed_list_that_the_later_workbook_keeps(certified: Path, later: Any) -> None:
    """With only the record: cell by cell, whatever the order; what is on the sheets may be changed, the seal not."""
    path = later(set_cell(1, "数学", 99))
    assert whats(facts(path, "--record", RECORD)) == [("altered", 2, 2)]
    path = later(lambda students: students.iloc[::-1].reset_index(drop=True))
    assert whats(facts(path, "--record", RECORD)) == []
    path = later(lambda students: students.drop(index=[7]).reset_index(drop=True))
    assert whats(facts(path, "--record", RECORD)) == [("removed", 8, None)]
    path = later(set_cell(3, "placed_class", "不在的班"))
    assert whats(facts(path, "--record", RECORD)) == [("moved", 4, 4)]


def test_a_record_alone_knows_the_class_of_each_row(certified: Path, tmp_path: Path) -> None:
    """A roster without seal: number of rows and classes, and it is said that no more can be compared."""
    with opened(certified) as workbook:
        students = read_tables(workbook)["Students"].rename(columns={"placed_class": "班级"})
    students.loc[5, "班级"] = next(c for c in students["班级"] if c != students.loc[5, "班级"])
    students.iloc[:-1].to_csv(tmp_path / "名单.csv", index=False)
    found = facts(tmp_path / "名单.csv", "--record", RECORD)
    assert whats(found) == [("moved", 6, 6)]
    assert found["changes"][0]["who"]["zh"] == "第6行"
    assert "21" in found["others"][0]["zh"] and "封存名单" in found["notes"][0]["zh"]


def test_another_seal_is_said(certified: Path, tmp_path: Path) -> None:
    """A workbook sealed anew keeps another secret: that is told instead of 22 rows that do not match."""
    path = tmp_path / "另封.xlsx"
    seal = replace(made("whole")[0], secret=SECRET[::-1])
    with opened(certified) as workbook:
        write_tables(workbook, logs_of(KeptSeal(seal), "zh"), "zh")
        saved(workbook, path)
    found = facts(path, "--record", RECORD)
    assert whats(found) == [] and "另一次封存" in found["others"][0]["zh"]


def test_a_roster_and_the_published_list_are_compared_too(certified: Path, tmp_path: Path) -> None:
    """A CSV of the list, numbers as another program writes them; the published list by number, mask and class."""
    with opened(certified) as workbook:
        students = read_tables(workbook)["Students"].drop(columns="locked")
    plain = students.rename(columns={"placed_class": "班级"})
    plain["数学"] = [f"{mark}.0" for mark in plain["数学"]]
    plain.to_csv(tmp_path / "名单.csv", index=False)
    assert whats(facts(tmp_path / "名单.csv", "--against", certified)) == []
    classes = list(plain["班级"])
    posted = pd.DataFrame(
        {
            "序号": range(1, 23),
            "班级": classes,
            "姓名": [masked_name(str(name), "middle") for name in plain["姓名"]],
            "学号": [masked_id(str(known), "tail") for known in plain["学号"]],
        }
    )
    posted.loc[2, "班级"] = next(c for c in classes if c != classes[2])
    posted.loc[6, "姓名"] = "赵*"
    posted = posted.drop(index=[9])
    posted.to_csv(tmp_path / "公示.csv", index=False, encoding="utf-8-sig")
    path = tmp_path / "公示.csv"
    assert whats(facts(path, "--against", certified)) == [("moved", 3, 3), ("other", 7, 7), ("removed", 10, None)]
    assert whats(facts(path, "--record", RECORD)) == [("moved", 3, 3), ("removed", 10, None)]
    bare = plain.drop(columns="班级")
    bare.to_csv(tmp_path / "无班级.csv", index=False)
    found = facts(tmp_path / "无班级.csv", "--against", certified)
    assert whats(found) == [] and "班级" in found["notes"][0]["zh"]


def test_what_else_changed_in_a_workbook_is_named(certified: Path, tmp_path: Path) -> None:
    """A rule taken out after the draw is told, by table and row."""
    path = tmp_path / "规则.xlsx"
    with opened(certified) as workbook:
        rules = read_tables(workbook)["Rules"]
        write_tables(workbook, {"Rules": rules.iloc[1:].reset_index(drop=True)}, "zh")
        saved(workbook, path)
    found = facts(path, "--against", certified)
    assert whats(found) == [] and "规则表第1行" in found["others"][0]["zh"]


def test_broken_input_is_refused_in_words(certified: Path, tmp_path: Path) -> None:
    """Neither or both of record and workbook, no JSON, no record, another list, an unplaced workbook."""
    bad = tmp_path / "bad.json"
    assert run("changes", certified).exit_code == 2
    assert run("changes", certified, "--record", RECORD, "--against", certified).exit_code == 2
    assert run("changes", certified, "--record", RECORD, "-o", tmp_path / "x.xlsx").exit_code == 2
    for content in ("{", "[]", "{}", '{"format": "EvenClass record 1", "result": {}}'):
        bad.write_text(content, encoding="utf-8")
        refused = run("changes", certified, "--record", bad)
        assert refused.exit_code == 2 and "不是抽签记录" in refused.stderr
    other = run("changes", certified, "--record", RECORD, "--sealed-list", FOLDER / "plain.list.json")
    assert other.exit_code == 2 and "不是这次抽签" in other.stderr
    assert run("changes", certified, "--against", template_path("zh")).exit_code == 2
    assert run("changes", tmp_path / "没有.xlsx", "--against", certified).exit_code == 2


@given(st.text("张三丰李 A", min_size=1, max_size=6), st.sampled_from(["middle", "first", "full"]))
def test_a_mask_always_fits_the_name_it_is_of(name: str, rule: str) -> None:
    """Whatever the rule, the published name is never told to be somebody else's."""
    assert fits_mask(masked_name(name, rule), name)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("85", "85.0", True),
        ("2019-09-01", "2019/9/1", True),
        ("李 雷", "李雷", True),
        ("85", "86", False),
        ("", "0", False),
    ],
)
def test_cells_that_say_the_same_are_no_change(old: str, new: str, same: bool) -> None:
    """Another program's way to write a number, a date or a name is no change; a blank is no zero."""
    assert same_cell(old, new) is same


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("甲乙丙")), max_size=12), st.randoms())
def test_order_alone_is_no_change_and_a_list_never_differs_from_itself(
    rows: list[tuple[int, str]], random: Any
) -> None:
    """A list shuffled, ids being unique, has no differences, whoever shares a name."""
    cells = [(str(known), name) for known, name in dict(rows).items()]
    then = Pupils(("学号", "姓名"), tuple(cells), tuple("1班" for _ in cells), "学号", "姓名")
    shuffled = random.sample(cells, len(cells))
    now = Pupils(("学号", "姓名"), tuple(shuffled), tuple("1班" for _ in cells), "学号", "姓名")
    assert differences(then, now) == []


def nameless(rows: Sequence[tuple[str, ...]], classes: list[str]) -> Pupils:
    """Return a list that has neither ids nor names."""
    return Pupils(("性别", "小学", "语文", "数学"), tuple(rows), tuple(classes))


def test_rows_without_id_and_name_are_paired_by_what_they_say() -> None:
    """A mark put right is altered, not somebody gone and somebody new; twins stay in their classes; others are told."""
    rows = [
        ("女", "一小", "81", "90"),
        ("男", "一小", "70", "66"),
        ("男", "二小", "70.0", "66"),
        ("女", "二小", "55", "58"),
    ]
    twins = [("男", "三小", "60", "61")] * 2
    then = nameless([*rows, *twins], ["1班", "1班", "2班", "2班", "1班", "2班"])
    later = [
        ("男", "三小", "60.0", "61"),
        rows[2],
        ("女", "一小", "81", "96"),
        rows[3],
        twins[0],
        ("女", "四小", "33", "44"),
    ]
    now = nameless(later, ["2班", "2班", "1班", "1班", "1班", "3班"])
    found = [(one.what, one.then, one.now, one.column) for one in differences(then, now)]
    assert found == [
        ("altered", 1, 3, "数学"),
        ("removed", 2, None, None),
        ("moved", 4, 4, None),
        ("added", None, 6, None),
    ]


@given(st.lists(st.tuples(*[st.integers(0, 99)] * 4), min_size=1, max_size=12, unique=True), st.randoms())
def test_one_cell_altered_in_a_nameless_list(rows: list[tuple[int, ...]], random: Any) -> None:
    """However the rows are ordered, whoever is equal stays equal: one cell alters at most one pupil."""
    then = nameless([tuple(map(str, row)) for row in rows], ["1班"] * len(rows))
    later = [list(map(str, row)) for row in rows]
    later[random.randrange(len(rows))][2] = "100"
    random.shuffle(later)
    found = differences(then, nameless([tuple(row) for row in later], ["1班"] * len(rows)))
    assert [one.what for one in found] == ["altered"]
    assert found[0].new is not None
    assert found[0].new.en == "100"
