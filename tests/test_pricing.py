"""The price of a rule against exhaustive search on tiny cohorts, and which rules have to go in a conflict."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.alternatives import wanted_sizes
from engine.cohort import Rule
from engine.current import without_rules
from engine.effects import effect_of
from engine.measuring import measure_placement
from engine.placing import standards_of
from engine.pricing import MOST_TRIES, Footing, prices_of, to_give_up, tries_for
from engine.rebalancing import at_most, mended_sizes, moved, short_list, step_by_step
from engine.shortfall import yardstick_of
from engine.wording import plain
from tests.cohorts import make_cohort
from tests.test_exchanges import placements, standing_placement


def footing(current: Any, class_of: Any) -> Footing:
    """Return violations, how many pupils a placement is off, and imbalance."""
    off = yardstick_of(current.cohort, current.criteria).shortfall(class_of)
    moves = moved(current.class_of, class_of)
    return current.standing(moves)[0], off, current.standing(moves)[3]


def best_possible(current: Any) -> Footing:
    """Return the best of all placements into classes of these sizes."""
    return min(footing(current, np.array(order)) for order in set(permutations(sorted(current.class_of.tolist()))))


@settings(deadline=None, max_examples=30)
@given(placements(), st.integers(0, 2))
def test_a_price_is_real(placed: Any, tries: int) -> None:
    """Going without the rule really leads to the gaps told, as measured anew, and breaks no other rule more."""
    current, before = placed
    for price in prices_of(current, before, current.cohort.rules, tries=tries):
        relaxed = without_rules(current, [price.rule])
        end = current.after(price.moves)
        assert (end == price.effect.after.class_of).all()
        assert footing(relaxed, end) == price.without <= price.kept
        assert price.free == (price.without[:2] == price.kept[:2])
        left = replace(current.cohort, rules=relaxed.cohort.rules)
        anew = measure_placement(left, *standards_of(left), end)
        assert [gap.gap for gap in anew.gaps] == [gap.gap for gap in price.effect.after.gaps]
        assert anew.violations == price.without[0]
        if price.how == "nothing":
            assert price.free


@settings(deadline=None, max_examples=20)
@given(placements())
def test_searching_never_misses_what_exchanges_find(placed: Any) -> None:
    """Without the rule and with it, the search ends no worse than exchanges alone do, and the same every time.

    With it only where all rules are kept: else one that a price leaves out may be the one that is broken.
    """
    current, before = placed
    rules = current.cohort.rules
    exchanged = prices_of(current, before, rules, tries=0)
    searched = prices_of(current, before, rules, tries=2)
    for estimate, price in zip(exchanged, searched, strict=True):
        assert price.without[:2] <= estimate.without[:2]
        assert current.violations or price.kept <= estimate.kept
    again = prices_of(current, before, rules, tries=2)
    assert [(one.without, one.kept, one.moves) for one in again] == [
        (one.without, one.kept, one.moves) for one in searched
    ]


def test_off_by_so_many_pupils() -> None:
    """A girl too many in a class is off by the two that the gap is above its floor; marks by what a pupil changes."""
    cohort = make_cohort([50] * 8, [0, 0, 0, 1, 0, 1, 1, 1], (4, 4), spread=False)
    current, _ = standing_placement(cohort, np.array([0, 0, 0, 0, 1, 1, 1, 1], np.int64))
    assert footing(current, current.class_of)[1] == 4  # girls 3 and 1, boys 1 and 3
    assert footing(current, np.array([0, 0, 1, 0, 1, 0, 1, 1], np.int64))[1] == 0


def test_a_price_is_what_exhaustive_search_finds() -> None:
    """The two best marks together: without that the means can be even, as exhaustive search says."""
    rules = (Rule("together", (0, 1), plain("friends")), Rule("apart", (2, 4), plain("quarrel")))
    cohort = make_cohort([90, 80, 10, 20, 50, 50], [0, 1, 0, 1, 0, 1], (3, 3), rules=rules, spread=False)
    current, before = standing_placement(cohort, np.array([0, 0, 0, 1, 1, 1], np.int64))
    friends, quarrel = prices_of(current, before, rules)
    assert not friends.free
    assert friends.without[:2] == best_possible(without_rules(current, [rules[0]]))[:2]
    assert "mark mean" in friends.text.en
    assert quarrel.kept[:2] == best_possible(current)[:2]


@pytest.mark.parametrize(("extra", "fewest"), [((), 1), ((Rule("fixed", (5,), plain("f"), class_index=0),) * 2, 1)])
def test_the_fewest_rules_are_given_up_cheapest_first(extra: tuple[Rule, ...], fewest: int) -> None:
    """One of two that contradict each other has to go, the one that is cheaper; rules that can be kept stay."""
    rules = (Rule("together", (0, 1), plain("a")), Rule("apart", (0, 1), plain("b")), *extra)
    cohort = make_cohort([1, 2, 3, 4, 5, 6], [0, 1] * 3, (3, 3), rules=rules)
    given_up = to_give_up(cohort, lambda rule: (rule.kind == "together",))
    assert [rule.kind for rule in given_up] == ["apart"]
    assert len(given_up) == fewest
    kept = make_cohort([1, 2, 3, 4, 5, 6], [0, 1] * 3, (3, 3), rules=rules[:1])
    assert to_give_up(kept, lambda rule: (0,)) == []


@settings(deadline=None, max_examples=40)
@given(placements(), st.integers(0, 6))
def test_rebalancing_step_by_step(placed: Any, most: int) -> None:
    """Every alternative stands as said, each better than those with fewer moves; --moves takes none that moves more."""
    current, before = placed
    found = step_by_step(current, current.class_of)
    shown = short_list(found)
    assert shown[0].moves == {}
    assert [len(one.moves) for one in shown] == sorted({len(one.moves) for one in shown})
    assert [one.standing for one in shown] == sorted((one.standing for one in shown), reverse=True)
    for one in found:
        assert one.standing == current.standing(one.moves)
        assert effect_of(current, before, one.moves).after.violations == one.standing[0]
    few = step_by_step(current, current.class_of, most)
    assert len(at_most(few, most).moves) <= most
    locked = current.keeping(range(len(current.class_of)))
    assert len(step_by_step(locked, locked.class_of)) == 1


def test_a_large_cohort_is_rebalanced_from_its_most_uneven_classes() -> None:
    """Of 2,600 pupils two are in each other's place: they trade places again, and nobody else moves."""
    rng = np.random.default_rng(3)
    n, k = 2600, 52
    marks = [int(mark) for mark in np.tile(rng.integers(0, 100, n // k), k)]
    cohort = make_cohort(marks, [0, 1] * (n // 2), (n // k,) * k, spread=False)
    class_of = np.repeat(np.arange(k), n // k)
    low, high = int(np.argmin(marks[: n // k])), int(np.argmax(marks[: n // k])) + n // k
    even, _ = standing_placement(cohort, class_of.copy())
    class_of[[low, high]] = class_of[[high, low]]
    current, _ = standing_placement(cohort, class_of)
    assert current.standing() > even.standing()
    assert current.standing(step_by_step(current, class_of)[-1].moves) == even.standing()


def test_sizes_are_mended_with_as_few_moves_as_can_be() -> None:
    """Five, two and two become three each by two moves; with nobody to move there is no way."""
    cohort = make_cohort([1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 0, 1, 0, 1, 0, 1, 0], (5, 2, 2))
    current, _ = standing_placement(cohort, np.array([0] * 5 + [1, 1, 2, 2], np.int64))
    mended = mended_sizes(current, (3, 3, 3))
    assert mended is not None
    assert len(mended[1]) == 2
    assert np.bincount(mended[0].class_of).tolist() == [3, 3, 3]
    assert mended_sizes(current.keeping(range(9)), (3, 3, 3)) is None


def test_which_class_is_larger_follows_what_stands() -> None:
    """Of alike classes the larger ones now stay the larger ones; sizes of their own are kept."""
    cohort = make_cohort([1] * 11, [0] * 11, (4, 4, 3))
    open_sizes = replace(cohort, alike=(True,) * 3)
    assert wanted_sizes(open_sizes, (3, 4, 4)) == (3, 4, 4)
    assert wanted_sizes(open_sizes, (5, 3, 3)) == (4, 4, 3)
    assert wanted_sizes(cohort, (3, 4, 4)) == (4, 4, 3)


def test_as_many_tries_as_time_allows() -> None:
    """A few rules are searched without several times, a hundred at a thousand pupils once, and never not at all."""
    assert tries_for(300, 5) == MOST_TRIES
    assert tries_for(1000, 100) == 1
    assert tries_for(10_000, 100) == 1


def test_a_price_that_only_a_search_finds() -> None:
    """The best 24 fixed to one class of 30: without that all comes within reach, though not by exchanges."""
    rng = np.random.default_rng(4)
    marks = sorted((int(mark) for mark in rng.integers(0, 100, 120)), reverse=True)
    rules = (Rule("fixed", tuple(range(24)), plain("best"), class_index=0),)
    cohort = make_cohort(marks, [int(g) for g in rng.integers(0, 2, 120)], (30,) * 4, rules=rules, spread=False)
    class_of = np.array([0] * 24 + [1, 2, 3] * 30 + [0] * 6, np.int64)
    current, before = standing_placement(cohort, class_of)
    (estimate,) = prices_of(current, before, rules, tries=0)
    (price,) = prices_of(current, before, rules, tries=2)
    assert price.how == "search"
    assert price.without[1] < min(estimate.without[1], price.kept[1])
