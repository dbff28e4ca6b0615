"""Permutation tests: the kernel against a slow reference, exact against enumeration, valid and able to find a bias."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise, permutations
from math import lcm
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin import commands
from addin.book import opened, read_tables, saved, write_column
from engine.arrangements import deal, unevenness
from engine.checking import cohort_from_tables
from engine.cohort import Ints
from engine.contingency import tails
from engine.fairness import ALPHA, Outcome, arrays_of, outcomes_of
from engine.fairness_report import Fairness, sentence, verdict
from engine.issue import InputError
from engine.opening import generator
from engine.traits import Trait, ranks, traits_of
from engine.wording import plain
from tests import reference
from tests.rosters import roster, tables
from tests.test_cli import chinese, run, table
from workbook_templates import template_path

__all__ = ["chinese"]  # pytest finds fixtures by name


def label(codes: list[int], levels: int = 3) -> Trait:
    return Trait("label", plain("x"), "x", np.array(codes, np.int64), tuple(map(plain, range(levels))))


def place(n: int, kind: str = "order") -> Trait:
    codes = 2 * np.arange(n) - (n - 1)
    return Trait("order" if kind == "order" else "neighbours", plain(kind), None, codes)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 9)), min_size=4, max_size=14),
    st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_the_kernel_orders_deals_as_the_textbook_statistics_do(pupils: list[tuple[int, int, int]], seed: int) -> None:
    """Each integer statistic is the textbook one times a constant plus a constant, on every deal."""
    class_of = np.array([0, 1, 2, *(c for c, _, _ in pupils[3:])], np.int64)
    codes, values = [b for _, b, _ in pupils], [v for _, _, v in pupils]
    sizes = np.bincount(class_of).tolist()
    traits = [label(codes), Trait("number", plain("v"), "v", ranks(np.array(values, np.int64)))]
    arrays = arrays_of(traits, sizes)
    deals = np.zeros((5, len(class_of)), np.int64)
    deal(class_of.copy(), generator(seed, 0), deals)
    found = np.zeros((5, 3), np.int64)
    unevenness(arrays, deals, found)
    n = len(codes)
    whole = lcm(*sizes) * lcm(*filter(None, np.bincount(codes).tolist()))
    for row, got in zip(deals.tolist(), found.tolist(), strict=True):
        assert sorted(row) == sorted(class_of.tolist())
        assert got[0] == sum(a == b for a, b in pairwise(row))
        assert Fraction(got[1], whole) == reference.chi_square(row, codes) / n + 1
        assert Fraction(got[2], lcm(*sizes)) == 4 * reference.kruskal(row, values)


@pytest.mark.parametrize(
    ("class_of", "codes"), [([0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 0]), ([0, 0, 0, 1, 1, 2], [1, 1, 0, 0, 0, 0])]
)
def test_exact_tails_count_every_deal(class_of: list[int], codes: list[int]) -> None:
    """Tables of counts, every deal enumerated, and all permutations agree to the last one."""
    sizes = np.bincount(class_of).tolist()
    every = [reference.chi_square(list(order), codes) for order in permutations(class_of)]
    seen = reference.chi_square(class_of, codes)
    want = Fraction(sum(value >= seen for value in every), len(every))
    trait = label(codes)
    arrays = arrays_of([trait], sizes)
    found = np.zeros((1, 2), np.int64)
    unevenness(arrays, np.array([class_of], np.int64), found)
    levels = max(codes) + 1
    exact = tails(sizes, np.bincount(codes).tolist(), arrays.part[0, :, :levels].tolist(), int(found[0, 1]))
    assert exact is not None
    assert Fraction(exact[0], exact[2]) == want
    one = outcomes_of([trait], np.array(class_of, np.int64), sizes, 1, 99)[0]
    assert (one.uneven, one.deals) == (want, 0)
    assert one.even == Fraction(sum(value <= seen for value in every), len(every))


def test_an_exact_tail_where_deals_are_far_too_many() -> None:
    """Five staff children among 300, all in one of six classes: the chance is C(50, 5) * 6 / C(300, 5)."""
    from math import comb

    class_of = np.repeat(np.arange(6), 50).astype(np.int64)
    codes = [1] * 5 + [0] * 295
    one = outcomes_of([label(codes, 2)], class_of, [50] * 6, 1, 99)[0]
    assert one.uneven == Fraction(6 * comb(50, 5), comb(300, 5))
    assert one.deals == 0


def test_probabilities_under_the_null_are_not_too_small() -> None:
    """Over 300 placements by lot no test calls out more often than its level allows, and p is spread over 0 to 1."""
    rng = np.random.default_rng(20)
    sizes, n = [14, 13, 13], 40
    codes, values = rng.integers(0, 3, n), rng.integers(0, 6, n)
    traits = [label(codes.tolist()), Trait("number", plain("v"), "v", ranks(values)), place(n), place(n, "neighbours")]
    found = []
    for seed in range(300):
        class_of = np.repeat(np.arange(3), sizes).astype(np.int64)
        rng.shuffle(class_of)
        found.append(outcomes_of(traits, class_of, sizes, seed, 199))
    for at in range(len(traits)):
        p = np.array([float(row[at].uneven or 0) for row in found])
        for level in (0.05, 0.1, 0.25, 0.5):
            assert (p <= level).mean() <= level + 3 * (level * (1 - level) / 300) ** 0.5
        assert p.min() < 0.1 and p.max() > 0.9
    family = [any(one.holm is not None and one.holm <= ALPHA for one in row) for row in found]
    assert np.mean(family) <= 0.05 + 3 * (0.05 * 0.95 / 300) ** 0.5


def dealt(n: int, k: int) -> Ints:
    rng = np.random.default_rng(3)
    class_of = (np.arange(n) % k).astype(np.int64)
    rng.shuffle(class_of)
    return class_of


@pytest.mark.parametrize("bias", ["staff", "order", "turns", "snake", "blocks"])
def test_a_planted_bias_is_found(bias: str) -> None:
    """One class collecting staff children; the list cut into classes, dealt in turn, there and back, or in blocks."""
    n, k = 120, 4
    class_of, at = dealt(n, k), np.arange(n)
    staff = np.zeros(n, np.int64)
    staff[:: n // 12] = 1
    if bias == "staff":
        staff[:] = 0
        staff[np.flatnonzero(class_of == 2)[:7]] = 1
    elif bias == "order":
        class_of = (at // 30).astype(np.int64)
    elif bias == "turns":
        class_of = (at % k).astype(np.int64)
    elif bias == "snake":
        class_of = np.where(at // k % 2 == 0, at % k, k - 1 - at % k).astype(np.int64)
    else:
        class_of = (at // 5 % k).astype(np.int64)
    turns = Trait("turns", plain("turns"), None, at % (2 * k), tuple(map(plain, range(2 * k))))
    traits = [place(n), place(n, "neighbours"), turns, label(staff.tolist(), 2)]
    found = outcomes_of(traits, class_of, [30] * 4, 1, 999)
    uneven = {one.trait.kind for one in found if verdict(one) == "uneven"}
    named = {"staff": "label", "order": "order", "turns": "turns", "snake": "turns", "blocks": "neighbours"}
    assert named[bias] in uneven
    fairness = Fairness(class_of, ("1班", "2班", "3班", "4班"), (30,) * 4, 1, tuple(found))
    said = [sentence(fairness, one) for one in found if verdict(one) == "uneven"]
    assert all(text.zh.count("。") == 1 and text.zh.endswith("。") for text in said)
    if bias == "staff":
        assert any("3班的“1”有 7 人，按比例约 1.8 人" in text.zh for text in said)


def test_the_same_seed_gives_the_same_probabilities_and_holm_is_a_step_down() -> None:
    """Seeded; Holm: the smallest times the number of tests, never falling."""
    n = 60
    traits = [label([i % 3 for i in range(n)]), place(n), place(n, "neighbours")]
    class_of = dealt(n, 4)
    first, again = (outcomes_of(traits, class_of, [15] * 4, 7, 199) for _ in "12")
    assert [one.uneven for one in first] == [one.uneven for one in again]
    ordered = sorted(first, key=lambda one: one.uneven or 0)
    largest = Fraction(0)
    for rank, one in enumerate(ordered):
        assert one.uneven is not None and one.holm is not None
        largest = max(largest, min(Fraction(1), (3 - rank) * one.uneven))
        assert one.holm == largest


def test_what_is_tested_is_list_labels_feeder_and_staff_and_what_is_named() -> None:
    """Notes are not tested unless their heading says feeder school or staff child, or somebody names them."""
    n = 24
    students = roster(
        n,
        教师子女=["是" if i < 3 else None for i in range(n)],
        毕业小学=[f"{'甲乙丙'[i % 3]}小" for i in range(n)],
        电话=[f"138{i}" for i in range(n)],
        备注=["晚到" if i == 4 else None for i in range(n)],
    )
    whole = tables(students, columns={"毕业小学": {"use": "备注"}})
    checked = cohort_from_tables(whole)
    given_students = whole["Students"]
    traits = traits_of(given_students, checked)
    assert [trait.column for trait in traits] == [None, None, None, "性别", "教师子女", "毕业小学"]
    assert [trait.evened for trait in traits[3:]] == [True, True, False]
    named = traits_of(given_students, checked, ["数学", "电话", "备注", "总分", "性别"])[6:]
    assert [(trait.column, trait.kind) for trait in named] == [
        ("数学", "number"),
        ("电话", "number"),
        ("备注", "label"),
        ("总分", "number"),
    ]
    with pytest.raises(InputError, match="no column"):
        traits_of(given_students, checked, ["爱好"])
    alike = Trait("label", plain("x"), "x", np.zeros(n, np.int64), (plain("a"),))
    assert verdict(outcomes_of([alike, *traits], dealt(n, 3), [8] * 3, 1, 99)[0]) == "untestable"
    assert verdict(Outcome(alike)) == "untestable"


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("placed")
    lots = np.random.default_rng(1)  # marks that have nothing to do with the order of the list
    marks = {"语文": lots.integers(55, 100, 48).tolist(), "数学": lots.integers(50, 100, 48).tolist()}
    staff = ["是" if i % 7 == 0 else None for i in range(48)]
    roster(48, **marks, 教师子女=staff).to_csv(folder / "名单.csv", index=False)
    out = folder / "分班.xlsx"
    assert run("place", folder / "名单.csv", "-k", 4, "-o", out, "--effort", "quick").exit_code == 0
    return out


def test_the_command_tells_writes_and_finds_what_was_moved_by_hand(placed: Path, tmp_path: Path) -> None:
    """In words, as JSON, as a sheet; exit code 1 once all staff children sit in one class; unknown columns refused."""
    said = run("fairness", placed)
    assert said.exit_code == 0
    assert "教师子女" in said.stdout and "Holm" in said.stdout
    facts = json.loads(run("fairness", placed, "--json", "--column", "语文", "--resamples", 99).stdout)
    assert facts["tests"][-1]["column"] == "语文" and facts["suspicious"] == 0
    out = tmp_path / "out.xlsx"
    assert run("fairness", placed, "-o", out).exit_code == 0
    assert list(table(out, "Fairness")["检验项"])[:3] == ["名单上的先后", "名单上相邻", "按名单轮流"]
    assert run("undo", out, "--in-place").exit_code == 0
    assert run("fairness", placed, "--column", "爱好").exit_code == 2
    with opened(placed) as workbook:
        students = read_tables(workbook)["Students"]
        now = list(students["placed_class"])
        others = [i for i, c in enumerate(now) if c == "1班" and i % 7]
        for i in range(0, 48, 7):
            if now[i] != "1班":
                j = others.pop()
                now[i], now[j] = now[j], now[i]
        write_column(workbook, "Students", "placed_class", now, "zh")
        moved = tmp_path / "moved.xlsx"
        saved(workbook, moved)
    told = run("fairness", moved)
    assert told.exit_code == 1
    assert "“教师子女”与分到哪个班有关" in told.stdout


def test_the_button_says_what_is_not_by_chance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Over the file host: dealt in turn, by lot, and the head of the list in one class: told in words."""
    from addin.clicks import clicked
    from addin.hosts.excel_desk import ExcelDesk

    class Told(ExcelDesk):
        said: list[str]

        def say(self, words: str, kind: str) -> None:
            self.said.append(words)

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    students = roster(30, 教师子女=["是" if i < 5 else None for i in range(30)])
    with opened(template_path("zh")) as workbook:
        commands.fill(workbook, students, "zh", 3)
        desk = Told(workbook)
        for classes, words in (
            (["1班", "2班", "3班"] * 10, "“按名单轮流”"),
            (["1班", "1班", "2班", "3班", "2班", "3班", "3班", "1班", "2班", "2班"] * 3, "没有一项"),
            (["1班"] * 10 + ["2班", "3班"] * 10, "“名单上的先后”"),
        ):
            write_column(workbook, "Students", "placed_class", classes, "zh")
            desk.said = []
            clicked(desk, "fairness")
            assert words in desk.said[0]
            assert len(read_tables(workbook, ["Fairness"])["Fairness"]) == 5
