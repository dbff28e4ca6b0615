"""The draw: the stored ones come out the same, lots are uniform, trading classes break no rule, bars are kept."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import lots
from engine.canonical import digest
from engine.checking import cohort_from_tables
from engine.drawing import draw_labels, drawn, trading_sets
from engine.issue import InputError
from engine.lots import Lots, key_of, normal_part, seed_of
from engine.measuring import measure_placement
from engine.placing import as_it_stands
from engine.tables import CLASSES, framed
from engine.teachers import TeacherTeams, draw_teachers, teams_of
from tests.cohorts import cohorts
from tests.draws import CASES, FOLDER, PARTS, files_of, made, teachers, whole
from tests.rosters import roster, tables


@pytest.mark.parametrize("name", CASES)
def test_stored_draws_come_out_the_same(name: str) -> None:
    """Same list, words and version: the very same record, on this machine too."""
    for file, content in files_of(name).items():
        assert json.loads((FOLDER / file).read_text(encoding="utf-8")) == json.loads(json.dumps(content)), file


def test_what_is_said_counts_without_its_spaces() -> None:
    assert normal_part(" \u3000春\t\u00a0风\r\n 3 \n") == "春 风 3"
    assert normal_part("e\u0301") == "é"
    first = key_of("a" * 64, 1, [("家长", "春风")])
    assert first != key_of("a" * 64, 2, [("家长", "春风")])
    assert first != key_of("b" * 64, 1, [("家长", "春风")])
    assert seed_of("f" * 64) == 2**48 - 1


def test_numbers_below_m_are_uniform(monkeypatch: pytest.MonkeyPatch) -> None:
    """With words of 4 bits all words counted: each number is had equally often, each permutation of 3 too."""
    monkeypatch.setattr(lots, "_WORDS", 16)
    for m in range(1, 17):
        found = Counter(_below(monkeypatch, [word], m) for word in range(16))
        assert found.pop(None, 0) == 16 % m
        assert set(found) == set(range(m))
        assert set(found.values()) == {16 // m}
    orders = Counter(
        tuple(_permutation(monkeypatch, [first, second], 3)) for first in range(15) for second in range(16)
    )
    assert set(orders) == set(permutations(range(3)))
    assert set(orders.values()) == {40}


def _words(monkeypatch: pytest.MonkeyPatch, words: list[int]) -> Lots:
    stream = iter(words)
    monkeypatch.setattr(lots, "digest", lambda _: f"{next(stream):016x}" + "0" * 48)
    return Lots("key", "test")


def _below(monkeypatch: pytest.MonkeyPatch, words: list[int], m: int) -> int | None:
    try:
        return _words(monkeypatch, words).below(m)
    except StopIteration:
        return None


def _permutation(monkeypatch: pytest.MonkeyPatch, words: list[int], n: int) -> list[int]:
    return _words(monkeypatch, words).permutation(n)


@settings(max_examples=60, deadline=None)
@given(cohorts(), st.integers(0, 2**32), st.data())
def test_trading_sets_break_no_rule_and_change_no_gap(cohort: Any, key: int, data: Any) -> None:
    """Whatever placement the groups are: after their labels are drawn, rules broken and all gaps are the same."""
    n, k = len(cohort.ids), len(cohort.classes)
    group_of = np.array(data.draw(st.permutations([i % k for i in range(n)])), np.int64)
    held, standards = as_it_stands(cohort, group_of)
    sets = trading_sets(held, framed(CLASSES, [{"class": name} for name in cohort.classes]))
    labels = draw_labels(f"{key:064x}", sets, k)
    assert sorted(labels) == list(range(k))
    before, after = (
        measure_placement(held, *standards, each) for each in (group_of, np.array(labels, np.int64)[group_of])
    )
    assert [check.broken for check in before.checks] == [check.broken for check in after.checks]
    assert [gap.gap for gap in before.gaps] == [gap.gap for gap in after.gaps]


def test_classes_that_something_tells_apart_do_not_trade() -> None:
    """A fixed and a barred pupil, a locked class, another size, another largest size."""
    rules = [{"rule": "指定班级", "pupils": "006", "class": "A"}, {"rule": "禁入班级", "pupils": "007", "class": "B"}]
    classes: list[dict[str, object]] = [{"class": name} for name in "ABCDEFGH"]
    classes[2]["locked"] = "是"
    classes[3] |= {"size": 5}
    classes[4] |= {"largest": 9}
    given_tables = tables(roster(40), rules=rules, classes_table=classes)
    given_tables["Students"].loc[:4, "placed_class"] = "C"
    cohort = cohort_from_tables(given_tables).cohort
    held = as_it_stands(cohort, np.arange(40, dtype=np.int64) % 8)[0]
    assert trading_sets(held, given_tables["Classes"]) == ((5, 6, 7),)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**64), st.sets(st.tuples(st.integers(0, 7), st.integers(0, 11)), max_size=5))
def test_every_draw_of_teachers_keeps_the_bars(key: int, bars: set[tuple[int, int]]) -> None:
    """No teacher gets a class with a pupil they are barred from; where that cannot be it is said."""
    teams = TeacherTeams(tuple(map(str, range(8))), np.arange(8) % 4, tuple(sorted(bars)), 4)
    class_of = np.arange(12, dtype=np.int64) % 4
    barred = {(teacher % 4, int(class_of[pupil])) for teacher, pupil in bars}
    possible = any(all((t, p[t]) not in barred for t in range(4)) for p in permutations(range(4)))
    if not possible:
        with pytest.raises(InputError, match="barred"):
            draw_teachers(f"{key:064x}", teams, class_of)
        return
    found = draw_teachers(f"{key:064x}", teams, class_of)
    assert not any((team, label) in barred for team, label in enumerate(found.labels))
    stream = Lots(f"{key:064x}", "teachers")
    assert [stream.permutation(4) for _ in range(found.tries)][-1] == list(found.labels)


def test_teams_of_teachers_are_even() -> None:
    """One head teacher in every team, subjects shared out, men and women too."""
    tables_ = {**whole(), "Teachers": teachers(12)}
    found = teams_of(tables_, cohort_from_tables(tables_), 7)
    assert found is not None
    for key, most in (("head", 2), ("subject", 2)):
        for value in set(tables_["Teachers"][key]) - {None}:
            those = [
                int(team) for team, cell in zip(found.team_of, tables_["Teachers"][key], strict=True) if cell == value
            ]
            assert max(Counter(those).values()) <= most
    assert sorted(Counter(found.team_of.tolist()).values()) == [3, 3, 3, 3]
    assert found.bars == ((0, 0),)


def test_what_is_wrong_with_teachers_is_said_by_row() -> None:
    tables_ = whole()
    for cells, said in (
        ({"name": None}, "教师表 第2行 姓名：这一行没有教师姓名"),
        ({"barred": "没有这个人"}, "教师表 第2行 回避学生：找不到学生“没有这个人”"),
        ({"experience": "很久"}, "教师表 第2行 教龄"),
    ):
        frame = teachers()
        for key, cell in cells.items():
            frame.loc[1, key] = cell
        with pytest.raises(InputError) as error:
            teams_of({**tables_, "Teachers": frame}, cohort_from_tables(tables_), 1)
        assert any(issue.line("zh").startswith(said) for issue in error.value.issues)
    with pytest.raises(InputError, match="only 3 teachers"):
        teams_of({**tables_, "Teachers": teachers(3)}, cohort_from_tables(tables_), 1)


def test_every_word_and_number_counts() -> None:
    """Another word, order or number: another key, so another placement or other classes."""
    seal, first = made("whole")
    others = [drawn(seal.sealed, seal.code, 1, parts) for parts in (PARTS[::-1], (*PARTS[:1], ("督学", "3 5 2")))]
    assert len({first.key, *(other.key for other in others)}) == 3
    assert len({first.code, *(other.code for other in others)}) == 3
    with pytest.raises(InputError, match="nothing to draw with"):
        drawn(seal.sealed, seal.code, 1, [("家长", " ")])


def test_groups_come_into_each_order_of_classes_equally_often() -> None:
    """Over 600 keys each of the 6 orders of three classes is had about 100 times (the keys are fixed)."""
    found = Counter(draw_labels(digest(["key", i]), [(0, 2, 3)], 4) for i in range(600))
    assert len(found) == 6
    assert all(labels[1] == 1 for labels in found)
    assert all(70 <= times <= 130 for times in found.values())
