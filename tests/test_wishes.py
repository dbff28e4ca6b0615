"""Wishes for companions: read, measured, bounded, sought; against plain definitions and every placement there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checking import cohort_from_tables
from engine.cohort import Cohort, Ints, Rule, WishColumn
from engine.criteria import class_values, criteria_of
from engine.current import current_of
from engine.effects import effect_of
from engine.exchanges import best_swaps, changes
from engine.explaining import ways_out
from engine.floors import allowed_classes
from engine.late import late_arrivals
from engine.measuring import all_reached, measure_placement
from engine.opening import NoRoomError
from engine.placing import place_tables, standards_of
from engine.rechecking import rechecked
from engine.swap_gaps import gaps_after
from engine.wish_floor import fewest_unmet
from engine.wishing import solved
from engine.wording import plain
from tests import reference
from tests.cohorts import cohorts, make_cohort
from tests.rosters import lines, roster, tables


def unmet(cohort: Cohort, class_of: Any) -> list[int]:
    """Return who wished and has none of the wished in the class, from the definition."""
    assert cohort.wishes is not None
    wanted: dict[int, list[int]] = {}
    for i, j in zip(cohort.wishes.who.tolist(), cohort.wishes.whom.tolist(), strict=True):
        wanted.setdefault(i, []).append(j)
    return [i for i, named in wanted.items() if all(class_of[j] != class_of[i] for j in named)]


def wishing(cohort: Cohort, pairs: Any, weight: int = 1) -> Cohort:
    """Return the cohort with these wishes."""
    who, whom = np.array(sorted(set(pairs)), np.int64).T
    return replace(cohort, wishes=WishColumn("friends", who, whom, weight))


@st.composite
def wishful(draw: Any, *, ruled: bool = True) -> Cohort:
    """Draw a cohort with wishes, up to three a pupil."""
    cohort = draw(cohorts(ruled=ruled))
    n = len(cohort.ids)
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda two: two[0] != two[1])
    return wishing(cohort, draw(st.lists(pair, min_size=1, max_size=3 * n)), draw(st.integers(1, 3)))


def found(cohort: Cohort) -> Ints:
    """Return what the search finds."""
    standards = standards_of(cohort)
    return solved(cohort, standards[0], reached=lambda class_of: all_reached(cohort, *standards, class_of)).class_of


def test_words_become_wishes_and_what_is_wrong_is_named() -> None:
    """Ids and names, several in a cell or in columns; unknown, ambiguous and own names are warnings."""
    wishes = ["韩梅梅、林涛", "003；004", "", "无", "李雷 露西", "王五", "莉莉", "韩梅", *[None] * 4]
    frame = roster(12, 好友1=wishes, 好友2=["凯特", *[None] * 11])
    whole = tables(frame)
    assert list(whole["Columns"]["use"][5:7]) == ["愿望同伴", "愿望同伴"]
    cohort = cohort_from_tables(whole).cohort
    assert cohort.wishes is not None
    pairs = list(zip(cohort.wishes.who.tolist(), cohort.wishes.whom.tolist(), strict=True))
    assert pairs == [(0, 1), (0, 2), (0, 7), (1, 2), (1, 3), (4, 0), (4, 5)]
    said = "\n".join(lines(whole, "warning"))
    assert "第6行 好友1：找不到学生“王五”" in said
    assert "莉莉（007）的愿望是自己" in said
    assert "您是不是要找“韩梅梅”" in said
    assert lines(whole) == []


def test_wishes_the_rules_forbid_are_named() -> None:
    """A wish for somebody to be kept apart is a warning that names the rule; the placement is made all the same."""
    frame = roster(12, 好友=["韩梅梅", *[None] * 11])
    whole = tables(frame, rules=[{"rule": "不同班", "pupils": "001、002"}])
    (said,) = [line for line in lines(whole, "warning") if "想和" in line]
    assert said.startswith("学生表 第1行 好友：李雷（001）想和韩梅梅（002）同班，但规则不允许（规则表 第1行）")
    placed = place_tables(whole, command="c", when=None)
    gap = next(gap for gap in placed.measured.gaps if gap.criterion.kind == "unmet")
    assert gap.gap == gap.floor == 1


@pytest.mark.parametrize(
    ("heading", "cells", "use"),
    [
        ("想和谁同班", ["韩梅梅", "李雷"], "愿望同伴"),
        ("不想和谁同班", ["韩梅梅", "李雷"], "备注"),
        ("friend 1", ["002", "001"], "愿望同伴"),
        ("朋友组 friends", ["A", "B"], "备注"),
    ],
)
def test_headings_of_wishes(heading: str, cells: list[str], use: str) -> None:
    """A heading of wishes is believed if the cells name pupils."""
    whole = tables(roster(12, **{heading: [*cells, *[None] * 10]}))
    assert whole["Columns"]["use"][5] == use


@settings(deadline=None, max_examples=60)
@given(wishful(), st.randoms())
def test_measured_as_defined(cohort: Cohort, random: Any) -> None:
    """Counts per class, their sum and the share per class are what the definition says, unequal classes included."""
    k = len(cohort.classes)
    class_of = np.repeat(np.arange(k), cohort.sizes)
    random.shuffle(class_of)
    alone = unmet(cohort, class_of)
    measured = measure_placement(cohort, *standards_of(cohort), class_of)
    count, share = (next(g for g in measured.gaps if g.criterion.kind == kind) for kind in ("unmet", "met"))
    assert count.gap == len(alone)
    assert list(count.values) == [sum(class_of[i] == a for i in alone) for a in range(k)]
    assert cohort.wishes is not None
    wished = set(cohort.wishes.who.tolist())
    for a in range(k):
        here = [i for i in wished if class_of[i] == a]
        assert share.values[a] is None if not here else share.values[a] == 1 - count.values[a] / len(here)  # type: ignore[operator]


@settings(deadline=None, max_examples=60)
@given(wishful())
def test_the_floor_is_below_every_placement_that_keeps_the_rules(cohort: Cohort) -> None:
    """No placement of up to 9 pupils leaves fewer without a wish than the floor, exhaustively."""
    n = min(9, len(cohort.ids))
    cut = _first(cohort, n)
    if cut is None:
        return
    bound = fewest_unmet(cut, allowed_classes(cut))
    kept = [len(unmet(cut, order)) for order in every(cut) if reference.violations(cut, np.array(order)) == 0]
    assert not kept or bound <= min(kept)


def every(cohort: Cohort) -> set[tuple[int, ...]]:
    """Return every placement into classes of these sizes."""
    seats = [a for a, size in enumerate(cohort.sizes) for _ in range(size)]
    if len(cohort.sizes) == 2:  # far fewer to list
        n = len(seats)
        marks = (tuple(m >> i & 1 for i in range(n)) for m in range(1 << n))
        return {order for order in marks if sum(order) == cohort.sizes[1]}
    return set(permutations(seats))


def _first(cohort: Cohort, n: int) -> Cohort | None:
    """Return the first n pupils in two classes, with what rules and wishes say of them."""
    assert cohort.wishes is not None
    wishes = cohort.wishes.among(range(n))
    rules = [replace(rule, pupils=tuple(i for i in rule.pupils if i < n)) for rule in cohort.rules]
    kept = tuple(r for r in rules if r.pupils and (r.class_index or 0) < 2)
    if wishes is None:
        return None
    return replace(
        make_cohort([i % 3 for i in range(n)], [i % 2 for i in range(n)], (n - n // 2, n // 2), rules=kept),
        ids=cohort.ids[:n],
        wishes=wishes,
    )


def test_floors_that_take_a_thought() -> None:
    """All wish for one pupil, or for two: the class has so many seats, and of pupils kept apart one is met."""
    star = wishing(make_cohort([1] * 9, [0] * 9, (3, 3, 3)), [(i, 0) for i in range(1, 9)])
    assert fewest_unmet(star, allowed_classes(star)) == 6
    apart = replace(star, rules=(Rule("apart", (1, 2, 3, 4, 5, 6, 7, 8), plain("test")),))
    assert fewest_unmet(apart, allowed_classes(apart)) == 7
    two = wishing(star, [(i, j) for i in range(2, 9) for j in (0, 1)])
    assert fewest_unmet(two, allowed_classes(two)) == 3
    fixed = replace(
        two,
        rules=(Rule("fixed", (0, 1), plain("test"), class_index=0), Rule("barred", (8,), plain("t"), class_index=0)),
    )
    assert fewest_unmet(fixed, allowed_classes(fixed)) == 3


@settings(deadline=None, max_examples=6)
@given(wishful(ruled=False))
def test_the_search_leaves_nobody_out_who_need_not_be(cohort: Cohort) -> None:
    """Of 9 pupils in two classes as few are left without a wish as in any placement, if wishes weigh most."""
    cut = _first(cohort, min(9, len(cohort.ids)))
    if cut is None or cut.wishes is None:
        return
    cut = replace(cut, wishes=replace(cut.wishes, weight=1000))
    assert len(unmet(cut, found(cut))) == min(len(unmet(cut, order)) for order in every(cut))


@settings(deadline=None, max_examples=4)
@given(wishful())
def test_the_search_keeps_sizes_and_repeats_itself(cohort: Cohort) -> None:
    """Sizes are as asked for, rules are no reason to lose pupils, and a second run gives the same classes."""
    try:
        class_of = found(cohort)
    except NoRoomError:
        return
    held = np.bincount(class_of, minlength=len(cohort.classes))
    assert (held <= cohort.most).all()
    assert (held >= cohort.fewest).all()
    assert found(cohort).tolist() == class_of.tolist()


def test_balance_comes_first_unless_wishes_weigh_more() -> None:
    """Where everyone wishes, counts stay at their floors and means close while most are met; heavier, more are met."""
    rng = np.random.default_rng(7)
    n = 96
    cohort = make_cohort(rng.integers(0, 100, n).tolist(), rng.integers(0, 2, n).tolist(), (12,) * 8)
    pairs = [(i, int(j)) for i in range(n) for j in rng.choice(n, 2) if i != j]
    alone, gaps = [], []
    for weight in (0, 1, 20):
        weighed = wishing(cohort, pairs, weight)
        class_of = found(weighed)
        alone.append(len(unmet(weighed, class_of)))
        measured = measure_placement(weighed, *standards_of(weighed), class_of)
        gaps.append({gap.criterion.kind: gap for gap in measured.gaps})
    assert gaps[1]["count"].at_floor
    assert gaps[1]["mean"].gap < 2 < gaps[2]["mean"].gap
    assert alone[0] > 4 * alone[1]
    assert alone[1] > alone[2]


def test_a_start_is_never_made_worse() -> None:
    """Searching on from a placement that stands ends at one as good or better, wishes counted."""
    rng = np.random.default_rng(5)
    cohort = make_cohort(rng.integers(0, 100, 24).tolist(), [0, 1] * 12, (8, 8, 8))
    cohort = wishing(cohort, [(i, int(j)) for i in range(24) for j in rng.choice(24, 3) if i != j])
    start = np.repeat(np.arange(3), 8)
    standards = standards_of(cohort)
    before = current_of(cohort, standards, start)
    after = solved(cohort, standards[0], reached=lambda class_of: False, start=start)
    moves = {i: int(k) for i, k in enumerate(after.class_of)}
    assert before.standing(moves) < before.standing()
    again = solved(cohort, standards[0], reached=lambda class_of: False, start=after.class_of)
    assert before.standing(dict(enumerate(again.class_of.tolist()))) <= before.standing(moves)


@settings(deadline=None, max_examples=40)
@given(wishful(), st.randoms())
def test_every_exchange_is_predicted_with_its_wishes(cohort: Cohort, random: Any) -> None:
    """What exchanges change in standing and gaps, wishes included, is what a full recomputation says."""
    k, n = len(cohort.classes), len(cohort.ids)
    class_of = np.repeat(np.arange(k), cohort.sizes)
    random.shuffle(class_of)
    cohort = replace(cohort, alike=())
    standards = standards_of(cohort)
    current = current_of(cohort, standards, class_of)
    before = measure_placement(cohort, *standards, class_of)
    violated, counted, whole = changes(current, np.arange(n))
    now = current.standing()
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if class_of[i] != class_of[j]]
    for i, j in pairs:
        after = current.standing({i: int(class_of[j]), j: int(class_of[i])})
        assert (after[0], after[1], after[3]) == (now[0] + violated[i, j], now[1] + counted[i, j], now[3] + whole[i, j])
    first, second = np.array(pairs, np.int64).T
    for at, criterion in enumerate(current.criteria):
        if criterion.wishes is not None:
            said = gaps_after(current, criterion, first, second)
            for s, (p, q) in enumerate(pairs):
                moves = {p: int(class_of[q]), q: int(class_of[p])}
                assert said[s] == pytest.approx(float(effect_of(current, before, moves).after.gaps[at].gap))
    swaps = best_swaps(current, 5)
    for s in range(len(swaps)):
        p, q = int(swaps.i[s]), int(swaps.j[s])
        after = current.standing({p: int(class_of[q]), q: int(class_of[p])})
        assert after[1:3] == (now[1] + swaps.counts[s], swaps.above[s])
    for way in ways_out(current, before, 0):
        if way.effect is not None and way.effect.free:
            assert way.effect.after.gaps[-2].gap <= before.gaps[-2].gap


def test_pupils_without_a_class_are_no_companions() -> None:
    """Measured after hand edits, whoever has no class fulfils no wish and has none."""
    frame = roster(12, 好友=["韩梅梅", "林涛", *[None] * 10])
    whole = tables(frame)
    whole["Students"]["placed_class"] = ["1班", "1班", None, *["1班"] * 3, *["2班"] * 3, *["3班"] * 3]
    found_there = rechecked(whole)
    gap = next(g for g in found_there.measured.gaps if g.criterion.kind == "unmet")
    assert gap.gap == 0
    assert len(found_there.cohort.ids) == 11


def test_late_pupils_go_where_their_wish_is() -> None:
    """Of the classes that size, gender and marks leave, the one with the wished companion; the record says so."""
    frame = roster(10, 语文=[60] * 10, 数学=[60] * 10, 性别=[None] * 10, 好友=[*[None] * 9, "李雷"])
    whole = tables(frame, columns={"性别": {"use": "备注"}})
    whole["Students"]["placed_class"] = ["2班", *["1班"] * 3, *["2班"] * 2, *["3班"] * 3, None]
    (one,) = late_arrivals(whole).placed
    assert one.class_index == 1
    assert {text.zh for text in one.reasons.values()} == {"愿望在别的班更能满足"}


def test_without_wishes_there_is_no_such_criterion() -> None:
    """A cohort without wishes has no criterion of them."""
    cohort = make_cohort([1, 2, 3, 4], [0, 1, 0, 1], (2, 2))
    assert not [c for c in criteria_of(cohort) if c.wishes is not None]
    whole = wishing(cohort, [(0, 1)])
    assert [c.kind for c in criteria_of(whole) if c.wishes is not None] == ["unmet", "met"]
    assert class_values(criteria_of(whole)[-1], np.array([0, 0, 1, 1]), 2) == [1, None]
