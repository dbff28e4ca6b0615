"""Adjusting on the command line: every verb on real files, in words and as JSON, and inputs that stay as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

from addin import book as book_module
from addin.book import opened, read_tables, saved, write_tables
from tests.rosters import roster
from tests.test_cli import chinese, digest, run, table

__all__ = ["chinese"]  # pytest finds fixtures by name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Place 24 pupils into three classes, once."""
    folder = tmp_path_factory.mktemp("placed")
    roster(24).to_csv(folder / "名单.csv", index=False)
    out = folder / "分班.xlsx"
    assert run("place", folder / "名单.csv", "-k", 3, "-o", out, "--effort", "quick").exit_code == 0
    return out


@pytest.fixture
def placed(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "分班.xlsx"
    path.write_bytes(made.read_bytes())
    return path


def classes(path: Path) -> list[Any]:
    return list(table(path, "Students")["班级"])


def told(result: Result) -> Any:
    return json.loads(result.stdout)


def swapped(path: Path) -> tuple[str, str]:
    """Swap a girl and a boy by hand in the file; return their ids."""
    now = classes(path)
    i, j = next((i, j) for i in range(0, 24, 2) for j in range(1, 24, 2) if now[i] != now[j])
    now[i], now[j] = now[j], now[i]
    with opened(path) as workbook:
        book_module.write_column(workbook, "Students", "placed_class", now, "zh")
        saved(workbook, path)
    return f"{i + 1:03}", f"{j + 1:03}"


def test_try_prints_and_applies(placed: Path, tmp_path: Path) -> None:
    """Without --apply nothing is written; with it the result stands beside the input, which stays."""
    now, before = classes(placed), digest(placed)
    j = next(j for j in range(1, 24) if now[j] != now[0])
    said = run("try", placed, "001", f"{j + 1:03}")
    assert said.exit_code == 0
    assert "001" in said.stdout
    facts = told(run("try", placed, "001", f"{j + 1:03}", "--json"))
    assert facts["moves"][0] == {"id": "001", "from": now[0], "to": now[j]}
    assert {"column", "kind", "value", "before", "after", "floor"} <= set(facts["criteria"][0])
    assert list(tmp_path.glob("*.xlsx")) == [placed]
    done = run("try", placed, "001", f"{j + 1:03}", "--apply")
    assert done.exit_code in (0, 1)
    assert classes(tmp_path / "分班-试换.xlsx")[0] == now[j]
    assert digest(placed) == before
    assert run("try", placed, "001", "没有这人").exit_code == 2
    assert run("try", tmp_path / "没有.xlsx", "001", "002").exit_code == 2


def test_why_tells_every_other_class(placed: Path, tmp_path: Path) -> None:
    """Two other classes, in words, as JSON and, asked for, in the sheet Why."""
    facts = told(run("why", placed, "李雷", "--json"))
    assert len(facts["ways"]) == 2
    assert facts["class"] not in [way["to"] for way in facts["ways"]]
    assert run("why", placed, "001", "-o", tmp_path / "why.xlsx").exit_code == 0
    assert len(table(tmp_path / "why.xlsx", "Reasons")) == 2


def test_repair_after_a_hand_edit(placed: Path, tmp_path: Path) -> None:
    """The two swapped by hand stay; number 1 is applied; a number that is not there is refused."""
    ids = swapped(placed)
    facts = told(run("repair", placed, "--json"))
    assert facts["found"]
    assert not {move["id"] for one in facts["found"] for move in one["moves"]} & set(ids)
    out = tmp_path / "repaired.xlsx"
    assert run("repair", placed, "--apply", 1, "-o", out).exit_code == 0
    moves = {move["id"]: move["to"] for move in facts["found"][0]["moves"]}
    assert {f"{i + 1:03}": c for i, c in enumerate(classes(out)) if f"{i + 1:03}" in moves} == moves
    assert run("repair", placed, "--apply", 99).exit_code == 2
    assert run("repair", placed, "--class", "1班", "--criterion", "性别：女", "--keep", "001").exit_code == 0
    assert told(run("repair", placed, "--anyone", "--json"))["found"]
    assert run("repair", placed, "--in-place").exit_code == 0
    assert len(table(placed, "Suggestions")) == len(facts["found"])


def test_rebalance_by_moves(placed: Path, tmp_path: Path) -> None:
    """The list begins with nobody moved; --moves takes the one within that number."""
    swapped(placed)
    facts = told(run("rebalance", placed, "--json"))
    assert facts["found"][0]["moves"] == []
    out = tmp_path / "out.xlsx"
    before = classes(placed)
    assert run("rebalance", placed, "--moves", 2, "-o", out).exit_code == 0
    assert sum(a != b for a, b in zip(before, classes(out), strict=True)) == 2
    assert run("rebalance", placed, "--moves", "free", "-o", tmp_path / "free.xlsx").exit_code == 0
    assert run("rebalance", placed, "-o", tmp_path / "list.xlsx").exit_code == 0
    assert table(tmp_path / "list.xlsx", "Alternatives")["换班人数"][0] == 0
    assert run("rebalance", placed, "--moves", "many").exit_code == 2


def test_late_arrivals(placed: Path, tmp_path: Path) -> None:
    """A new pupil at the end gets a class, nobody moves, the record is in the sheet; nobody new: refused."""
    before = classes(placed)
    with opened(placed) as workbook:
        students = read_tables(workbook)["Students"]
        fresh = roster(25).iloc[24:].assign(placed_class=None, locked=None)
        whole = pd.concat([students, fresh[list(students.columns)]], ignore_index=True).astype(object)
        write_tables(workbook, {"Students": whole.where(whole.notna(), None)}, "zh")
        saved(workbook, placed)
    assert run("measure", placed).exit_code == 1  # named, and the others measured
    out = tmp_path / "late.xlsx"
    facts = told(run("late", placed, "-o", out, "--json"))
    assert [row["id"] for row in facts["late"]] == ["025"]
    assert classes(out)[:24] == before
    assert classes(out)[24] == facts["late"][0]["class"]
    assert "可进" in run("late", placed, "-o", tmp_path / "again.xlsx").stdout
    assert run("late", out).exit_code == 2


def test_prices(placed: Path, tmp_path: Path) -> None:
    """A rule broken by what stands is priced all the same."""
    with opened(placed) as workbook:
        rules = read_tables(workbook)["Rules"].iloc[:0].reindex(range(1)).assign(rule="同班", pupils="001、002")
        write_tables(workbook, {"Rules": rules.astype(object).where(rules.notna(), None)}, "zh")
        saved(workbook, placed)
    facts = told(run("prices", placed, "--json"))
    assert facts["rules"][0]["ids"] == ["001", "002"]
    assert facts["give_up"] == []
    assert run("prices", placed, "-o", tmp_path / "prices.xlsx").exit_code == 0
    assert table(tmp_path / "prices.xlsx", "Rules")["代价"][0]


def test_plans_and_redo(placed: Path, tmp_path: Path) -> None:
    """Saved, compared, restored, undone, done again: in place, with a backup each time."""
    planned = classes(placed)
    none = run("plans", placed)
    assert (none.exit_code, "还没有存过方案" in none.stdout) == (0, True)
    assert told(run("plans", placed, "--json")) == {"plans": {}, "edits": {}}
    assert run("plans", placed, "-o", tmp_path / "none.xlsx").exit_code == 2  # there is nothing to write
    assert told(run("plans", placed, "--save", "甲", "--in-place", "--json")) == {"saved": "甲"}
    swapped(placed)
    now = classes(placed)
    facts = told(run("plans", placed, "--json"))
    assert len(facts["edits"]["甲"]) == 2
    assert set(facts["plans"]) == {"现在", "甲"}
    said = run("plans", placed, "-o", tmp_path / "compared.xlsx").stdout
    assert "甲" in said
    assert run("plans", placed, "--restore", "甲", "--in-place").exit_code == 0
    assert classes(placed) == planned
    assert told(run("undo", placed, "--in-place", "--json")) == {"undone": "恢复方案"}
    assert classes(placed) == now
    assert told(run("redo", placed, "--in-place", "--json")) == {"redone": "恢复方案"}
    assert classes(placed) == planned
    assert run("redo", placed).exit_code == 2


def test_measure_writes_where_asked(placed: Path, tmp_path: Path) -> None:
    """Hand edits: told on the screen and as JSON; with -o the sheets say what is now."""
    swapped(placed)
    assert len(told(run("measure", placed, "--json"))["edited"]) == 2
    assert "手工改了 2 人" in run("measure", placed).stdout
    out = tmp_path / "measured.xlsx"
    assert run("measure", placed, "-o", out).exit_code == 0
    gaps = table(out, "Gaps")
    assert gaps["最大差"][list(gaps["均衡项"]).index("性别：女")] == 2
