"""The draw on the command line: files that staff hand out, words, exit codes, and inputs that stay as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from addin.certificate import _shortened, _wrapped
from engine.canonical import short_code
from tests.test_cli import chinese, digest, run, table
from workbook_templates import example_roster_path

__all__ = ["chinese"]  # pytest finds fixtures by name
SAY = ("--say", "家长代表=春风", "--say", "督学=3 5 1")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seal the example roster in a workbook with six teachers."""
    folder = tmp_path_factory.mktemp("sealed")
    path = folder / "名单.xlsx"
    assert run("new", path, "--from", example_roster_path(), "-k", 4, "--lang", "zh").exit_code == 0
    columns = {"教师": [f"老师{i}" for i in range(6)], "学科": ["语文", "数学", "英语"] * 2, "教龄": list(range(6))}
    pd.DataFrame(columns).to_csv(folder / "教师.csv", index=False)
    assert run("teachers", path, "--from", folder / "教师.csv", "--in-place").exit_code == 0
    assert run("seal", path, "--official", 100, "--title", "实验小学", "--in-place").exit_code == 0
    return path


@pytest.fixture(scope="module")
def drawn(sealed: Path) -> Path:
    out = sealed.with_name("抽签.xlsx")
    assert run("draw", sealed, *SAY, "-o", out).exit_code == 0
    return out


def told(*words: object) -> tuple[int, Any]:
    found = run(*words)
    return found.exit_code, json.loads(found.stdout)


def test_files_are_handed_out_and_verified(drawn: Path, tmp_path: Path) -> None:
    """Record and sealed list agree with each other and with the workbook; nobody's file is overwritten."""
    record, sealed_list, before = tmp_path / "r.json", tmp_path / "l.json", digest(drawn)
    options = ("--record", record, "--sealed-list", sealed_list, "-o", tmp_path / "c.xlsx")
    code, found = told("certificate", drawn, *options, "--json")
    assert code == 0
    assert found == json.loads(record.read_text(encoding="utf-8"))
    assert found["title"] == "实验小学"
    assert digest(drawn) == before
    assert run("certificate", drawn, *options).exit_code == 2  # the record exists already
    for words in (("verify", drawn), ("verify", "--record", record, "--sealed-list", sealed_list)):
        code, found = told(*words, "--json")
        assert (code, found["agrees"]) == (0, True)
    assert "全部一致" in run("verify", tmp_path / "c.xlsx").stdout
    assert "李" not in record.read_text(encoding="utf-8")


def test_the_same_words_give_the_same_draw(drawn: Path, sealed: Path, tmp_path: Path) -> None:
    """Drawn again from the same sealed file, elsewhere: the same record but for its time."""
    code, again = told("draw", sealed, *SAY, "-o", tmp_path / "again.xlsx", "--json")
    assert code == 0
    _, first = told("certificate", drawn, "-o", tmp_path / "c.xlsx", "--json")
    again["draw"]["when"] = first["draw"]["when"]
    assert again == first
    assert list(table(drawn, "Students")["班级"]) == list(table(tmp_path / "again.xlsx", "Students")["班级"])


def test_what_is_refused_says_why(drawn: Path, sealed: Path, tmp_path: Path) -> None:
    """Exit code 2, a sentence, and no file."""
    out = tmp_path / "x.xlsx"
    for words, said in (
        (("draw", sealed, "--say", "春风", "-o", out), "看不出是谁说的"),
        (("draw", sealed, "-o", out), "还没有写下"),
        (("draw", drawn, *SAY, "-o", out), "已经抽过 1 次"),
        (("place", sealed, "-o", out), "就不是抽签了"),
        (("seal", sealed, "-o", out), "已经封存，没有改动"),
        (("certificate", sealed, "-o", out), "还没有抽签"),
        (("verify",), "请给一个工作簿"),
        (("verify", "--record", tmp_path / "none.json"), "读不了"),
        (("teachers", sealed, "--from", example_roster_path(), "-o", out), "就不是抽签了"),
    ):
        found = run(*words)
        assert (found.exit_code, said in found.stderr.replace("\n", "")) == (2, True), (words, found.stderr)
        assert not out.exists()


def test_a_record_that_was_altered_is_told(drawn: Path, tmp_path: Path) -> None:
    """Exit code 1, and which part differs."""
    path = tmp_path / "r.json"
    run("certificate", drawn, "--record", path, "-o", tmp_path / "c.xlsx")
    record = json.loads(path.read_text(encoding="utf-8"))
    record["draw"]["parts"][0][1] = "秋风"
    path.write_text(json.dumps(record), encoding="utf-8")
    code, found = told("verify", "--record", path, "--json")
    assert code == 1
    assert [one["what"]["zh"] for one in found["findings"] if one["verdict"] == "differs"] == [
        "种子（由封存码和现场的话重算）"
    ]


def test_seal_prints_its_code(sealed: Path, tmp_path: Path) -> None:
    code, found = told("seal", sealed, "--because", "再来", "-o", tmp_path / "s.xlsx", "--json")
    assert code == 0
    assert found["short"] == short_code(found["code"])
    assert (found["pupils"], found["official"], found["draws"], found["open"]) == (100, None, 0, None)
    code, found = told("seal", sealed, "--open", "写错", "-o", tmp_path / "o.xlsx", "--json")
    assert (code, found["open"]) == (0, "写错")


def test_long_lines_of_a_certificate_are_cut_between_words() -> None:
    assert _wrapped("one two three", 8) == ["one two", "three"]
    assert _wrapped("春风春风春风", 8) == ["春风春风", "春风"]
    assert _wrapped("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert _wrapped("", 4) == [""]
    assert _shortened("parents: bachelor", 17) == "parents: bachelor"
    assert _shortened("parents: bachelor", 12) == "parent…helor"
    assert _shortened("语文成绩 平均", 9) == "语文…平均"
