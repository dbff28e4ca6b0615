"""Every predicted effect of an exchange against a full recomputation, on random placements with random rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohort import Cohort, Rule
from engine.criteria import criteria_of
from engine.current import Current, current_of, joined, swap_of, without_rules
from engine.effects import effect_of
from engine.exchanges import best_swaps, changes, swaps_of
from engine.explaining import ways_out
from engine.floors import floors_of
from engine.goals import standing
from engine.measuring import Measured, measure_placement
from engine.opening import generator, state_of
from engine.repairing import Focus, joined_swaps, repairs
from engine.swap_gaps import gaps_after, harms
from engine.wording import plain
from tests.cohorts import cohorts, make_cohort


def standing_placement(cohort: Cohort, class_of: Any) -> tuple[Current, Measured]:
    standards = criteria_of(cohort), floors_of(cohort, criteria_of(cohort))
    return current_of(cohort, standards, class_of), measure_placement(cohort, *standards, class_of)


@st.composite
def placements(draw: Any) -> tuple[Current, Measured]:
    """Draw a cohort with any placement into classes of its sizes, together groups torn or not."""
    cohort: Cohort = replace(draw(cohorts()), alike=())
    seats = [k for k, size in enumerate(cohort.sizes) for _ in range(size)]
    return standing_placement(cohort, np.array(draw(st.permutations(seats)), np.int64))


def measured_after(current: Current, moves: dict[int, int]) -> Measured:
    after = current.class_of.copy()
    for i, k in moves.items():
        after[i] = k
    return measure_placement(current.cohort, current.criteria, current.floors, after)


def all_swaps(current: Current) -> tuple[Any, Any]:
    n = len(current.class_of)
    pairs = [(i, j) for i in range(n) for j in range(i) if current.class_of[i] != current.class_of[j]]
    return np.array([i for i, _ in pairs], np.int64), np.array([j for _, j in pairs], np.int64)


@settings(deadline=None, max_examples=50)
@given(placements())
def test_the_standing_is_that_of_the_search(placed: tuple[Current, Measured]) -> None:
    """Counts, means above the goal and imbalance as `engine.goals.standing`; violations as measured."""
    current, before = placed
    state = state_of(current.encoded.arrays, current.class_of, current.cohort.sizes, generator(1, 0))
    assert current.standing()[1:] == standing(current.encoded, current.goal, state)[1:]
    assert current.standing()[0] == before.violations


@settings(deadline=None, max_examples=50)
@given(placements())
def test_every_exchange_changes_what_was_predicted(placed: tuple[Current, Measured]) -> None:
    """Of all exchanges: rules, counts, means and imbalance as after making it and reckoning everything anew."""
    current, _ = placed
    n = len(current.class_of)
    now = current.standing()
    rules, counts, total = changes(current, np.arange(n))
    for i, j in zip(*all_swaps(current), strict=True):
        moves = swap_of(current, int(i), int(j))
        made = current_of(current.cohort, (current.criteria, current.floors), measured_after(current, moves).class_of)
        after = made.standing()
        assert after[0] == measured_after(current, moves).violations
        assert (now[0] + rules[i, j], now[1] + counts[i, j], now[3] + total[i, j]) == (after[0], after[1], after[3])
        assert current.standing(moves) == after == current.moved(moves).standing()
        one = swaps_of(current, int(i), np.array([j]))
        assert int(one.above[0]) == after[2]


@settings(deadline=None, max_examples=50)
@given(placements())
def test_the_best_exchanges_are_the_best_of_all(placed: tuple[Current, Measured]) -> None:
    """The list is what sorting all exchanges by their standing gives."""
    current, _ = placed
    found = best_swaps(current, 5)
    all_of_them = sorted(
        current.standing(swap_of(current, int(i), int(j))) for i, j in zip(*all_swaps(current), strict=True)
    )
    listed = [current.standing(swap_of(current, int(i), int(j))) for i, j in zip(found.i, found.j, strict=True)]
    assert listed == all_of_them[:5]
    assert best_swaps(current.keeping(range(len(current.class_of))), 5).i.size == 0


@settings(deadline=None, max_examples=50)
@given(placements())
def test_gaps_after_exchanges_are_those_measured(placed: tuple[Current, Measured]) -> None:
    """For every criterion and exchange the gap in doubles is the exact one; harm is none where nothing is worse."""
    current, before = placed
    i, j = all_swaps(current)
    harm = harms(current, i, j, np.array([float(gap.gap) for gap in before.gaps]))
    predicted = [gaps_after(current, criterion, i, j) for criterion in current.criteria]
    for at in range(len(i)):
        after = measured_after(current, swap_of(current, int(i[at]), int(j[at])))
        for gap, said in zip(after.gaps, predicted, strict=True):
            assert float(gap.gap) == pytest.approx(said[at], abs=1e-7)
        effect = effect_of(current, before, swap_of(current, int(i[at]), int(j[at])))
        assert _same(effect.after, after)
        if not effect.worse:
            assert harm[at] == 0


def _same(one: Measured, other: Measured) -> bool:
    gaps = [(gap.values, gap.gap, gap.floor) for gap in one.gaps] == [(g.values, g.gap, g.floor) for g in other.gaps]
    return gaps and [(c.broken, c.found) for c in one.checks] == [(c.broken, c.found) for c in other.checks]


@settings(deadline=None, max_examples=50)
@given(placements(), st.data())
def test_why_finds_a_free_exchange_if_there_is_one(placed: tuple[Current, Measured], data: Any) -> None:
    """For every other class: the exchange offered is harmless exactly if any exchange with that class is."""
    current, before = placed
    pupil = data.draw(st.integers(0, len(current.class_of) - 1))
    for way in ways_out(current, before, pupil):
        there = np.flatnonzero(current.class_of == way.class_index)
        effects = [effect_of(current, before, swap_of(current, pupil, int(j))) for j in there]
        assert way.effect is not None
        assert way.effect.free == any(effect.free for effect in effects)
        assert way.effect.moves[pupil] == way.class_index
        fewest = min(max(0, effect.after.violations - before.violations) for effect in effects)
        assert max(0, way.effect.after.violations - before.violations) == fewest


@settings(deadline=None, max_examples=50)
@given(placements())
def test_repairs_are_what_they_promise(placed: tuple[Current, Measured]) -> None:
    """Each is better than now, stands as said, in order; the first is no worse than the best simple exchange."""
    current, before = placed
    found = repairs(current, before, 5)
    standings = [standing_after for standing_after, _ in found]
    assert standings == sorted(standings)
    for stands, moves in found:
        assert stands == current.moved(moves).standing() < current.standing()
        assert stands[0] == measured_after(current, moves).violations
    i, j = all_swaps(current)
    simple = min(current.standing(swap_of(current, int(a), int(b))) for a, b in zip(i, j, strict=True))
    if simple < current.standing():
        assert found[0][0] <= simple


@settings(deadline=None, max_examples=50)
@given(placements())
def test_two_exchanges_together_are_reckoned_together(placed: tuple[Current, Measured]) -> None:
    """Pairs of exchanges: four different pupils, standing as after making both."""
    current, _ = placed
    for stands, moves in joined_swaps(current, best_swaps(current, 40))[:10]:
        assert len(moves) == 4
        assert stands == current.moved(moves).standing()


@settings(deadline=None, max_examples=50)
@given(placements(), st.data())
def test_a_repair_for_a_criterion_shrinks_its_gap(placed: tuple[Current, Measured], data: Any) -> None:
    """Whatever is proposed for a criterion makes its gap smaller and breaks no further rule."""
    current, before = placed
    at = data.draw(st.integers(0, len(before.gaps) - 1))
    for _, moves in repairs(current, before, 5, Focus(criterion=at)):
        after = measured_after(current, moves)
        assert after.gaps[at].gap < before.gaps[at].gap
        assert after.violations <= before.violations


def test_a_repair_undoes_a_careless_swap() -> None:
    """A girl swapped for a boy by hand: with both kept, others are proposed that even the counts out again."""
    cohort = make_cohort([50 + i % 7 for i in range(12)], [0, 0, 0, 1, 1, 1] * 2, (6, 6))
    careless = np.array([0] * 6 + [1] * 6, np.int64)
    careless[[0, 9]] = [1, 0]
    current, before = standing_placement(cohort, careless)
    gender = next(at for at, gap in enumerate(before.gaps) if gap.criterion.kind == "count")
    assert before.gaps[gender].gap == 2
    _, moves = repairs(current.keeping([0, 9]), before, 3)[0]
    assert measured_after(current, moves).gaps[gender].gap == 0
    assert not {0, 9} & set(moves)
    within = repairs(current, before, 3, Focus(pupils=(1,)))
    assert all(1 in moves for _, moves in within)
    assert all(moves for _, moves in repairs(current, before, 3, Focus(class_index=0)))


def test_a_rule_mended_does_not_hide_one_broken() -> None:
    """Two exchanges, as many violations after either: the one that breaks no rule anew is the free one."""
    rules = (
        Rule("fixed", (0,), plain("to C2"), class_index=1),
        Rule("barred", (3,), plain("not in C1"), class_index=0),
        Rule("barred", (4,), plain("not in C1"), class_index=0),
    )
    cohort = make_cohort([5] * 6, [0] * 6, (3, 3), rules=rules, spread=False)
    current, before = standing_placement(cohort, np.array([0, 0, 0, 1, 1, 1], np.int64))
    (way,) = ways_out(current, before, 0)
    assert way.effect is not None
    assert way.effect.free
    assert way.effect.moves == {0: 1, 5: 0}


def test_moves_are_joined_and_rules_left_out() -> None:
    """Moves back and forth cancel; a rule left out no longer counts."""
    rules = (Rule("together", (0, 1), plain("twins")), Rule("fixed", (2,), plain("fixed"), class_index=1))
    cohort = make_cohort([1, 2, 3, 4, 5, 6], [0, 1] * 3, (3, 3), rules=rules)
    current, before = standing_placement(cohort, np.array([0, 1, 0, 1, 0, 1], np.int64))
    assert joined(current, {0: 1, 1: 0}, {0: 0, 2: 1}) == {1: 0, 2: 1}
    assert before.violations == 2
    assert without_rules(current, rules[:1]).violations == 1
    assert replace(current, movable=current.movable).rules_of([0, 2]) == list(rules)
