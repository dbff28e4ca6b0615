"""What each rule costs: how much more even the placement could be without it; and which rules to give up in a conflict.

The placement that stands is first made as even as a short search can with all rules kept. From there the same search
goes on without the rule, from the best exchanges of the pupils it names and from where they were; what is gained is the
rule's price. Whatever is found on the way that keeps all rules is no rule's price, but what all are compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from engine.cohort import Cohort, Ints, Rule
from engine.conflicts import find_conflicts
from engine.current import Current, Moves, swap_of, without_rules
from engine.effects import Effect, effect_of
from engine.exchanges import best_swaps
from engine.infeasible import can_be_kept, conflicting_rules
from engine.issue import Findings
from engine.measuring import Measured
from engine.rebalancing import moved, step_by_step
from engine.repairing import joined_swaps
from engine.resumed import resumed
from engine.shortfall import Yardstick, yardstick_of
from engine.wording import Text, figure, listed

POOL = 100  # exchanges of a rule's pupils that are joined two by two
FIRST = 40  # pupils moved at most before prices are asked
STEPS = 3  # exchanges one after another, with the rule and without
SAID = 3  # criteria named in a price
LEAST = Fraction(1, 2)  # of a pupil: what is gained is named from here on
MOST_TRIES = 6  # searches for one rule
TRIED_PUPILS = 100_000  # pupils searched in all rules' tries together: some 20 seconds
FAIR = 4  # times as many tries with all rules kept: what is compared with is to be no accident
THREADS = 2  # rules priced side by side; the kernels hold no lock
_FREE = Text("没有代价", "costs nothing")
_UNLOCKS = Text("别的规则可少违反 {n} 处", "{n} fewer violations of other rules")
_HARDLY = Text("几乎没有代价", "costs hardly anything")


How = Literal["search", "exchanges", "nothing"]
Footing = tuple[int, Fraction, int]  # violations, pupils that it is off, imbalance


@dataclass(frozen=True, slots=True)
class Price:
    """A rule's price: how the placement stands if it is kept and without it, both leaving out whether it is broken.

    ``effect``: what going without it changes in the criteria and in the other rules. ``moves``: who is then elsewhere
    than now. ``how``: what found it; "nothing" if nothing is left to gain, so that nothing had to be searched.
    """

    rule: Rule
    kept: Footing
    without: Footing
    effect: Effect
    moves: Moves
    how: How

    @property
    def free(self) -> bool:
        """Return whether nothing is gained without the rule: no other rule, no gap that could be smaller."""
        return self.without[:2] >= self.kept[:2]

    @property
    def text(self) -> Text:
        """The price in a cell: the criteria that could be more even, by how much."""
        if self.free:
            return _FREE
        gains = [(was, now) for was, now in self.effect.better if now.criterion.floored]
        said = [
            Text("{c} {a}→{b}", "{c} {a} → {b}").fill(c=now.criterion.label, a=figure(was.gap), b=figure(now.gap))
            for was, now in gains[:SAID]
        ]
        if self.without[0] < self.kept[0]:
            return listed([_UNLOCKS.fill(n=self.kept[0] - self.without[0]), *said])
        return listed(said) if said and self.kept[1] - self.without[1] >= LEAST else _HARDLY


def tries_for(pupils: int, rules: int) -> int:
    """Return how often each of so many rules is searched without."""
    return max(1, min(MOST_TRIES, TRIED_PUPILS // max(1, pupils * rules)))


def prices_of(
    current: Current,
    before: Measured,
    rules: Sequence[Rule],
    tell: Callable[[float], None] = lambda share: None,
    tries: int = 1,
) -> list[Price]:
    """Return the price of each rule, from the placement that stands, searched ``tries`` times for each; 0: not at all.

    The placement is first evened out with all rules kept: what could be better anyway is not to be any rule's fault.
    """
    scale = yardstick_of(current.cohort, current.criteria)
    even = _best(scale, [current, current.moved(step_by_step(current, current.class_of, FIRST)[-1].moves)])
    base = even
    for turn in range(FAIR * tries):
        base = _best(scale, [base, resumed(base, turn)])
    found: list[_Found] = []
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        waiting = pool.map(lambda rule: _without(scale, (even, base), rule, tries), rules)
        try:
            for number, one in enumerate(waiting):
                found.append(one)
                tell((number + 1) / len(rules))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    kept = _best(scale, [base, *(base.to(end) for one in found for end in (one.kept, one.end))])
    measured = effect_of(current, before, moved(current.class_of, kept.class_of)).after
    return [_price(scale, (current, kept), measured, one) for one in found]


def _footing(scale: Yardstick, current: Current) -> Footing:
    """Return how a placement stands."""
    return current.violations, scale.shortfall(current.class_of), current.standing()[3]


def _best(scale: Yardstick, options: Sequence[Current]) -> Current:
    """Return the first of those that stand best."""
    return min(options, key=lambda one: _footing(scale, one))


@dataclass(frozen=True, slots=True)
class _Found:
    """The best placements found with a rule kept and without it, as classes (n,)."""

    rule: Rule
    kept: Ints
    end: Ints
    how: How


def _without(scale: Yardstick, placements: tuple[Current, Current], rule: Rule, tries: int) -> _Found:
    """Return what is found without a rule: by exchanges from the placement as it stands and from the best, by search.

    ``placements``: as even as exchanges make it, and the search.
    """
    even, base = (one.own() for one in placements)
    freed = base.movable.copy()
    freed[list(rule.pupils)] = True  # a lock is a rule like any other here
    relaxed = without_rules(replace(base, movable=freed), [rule])
    if not any(_footing(scale, relaxed)[:2]):
        return _Found(rule, base.class_of, base.class_of, "nothing")
    options = [base] if (even.class_of == base.class_of).all() else [even, base]
    options += [_descended(one, rule) for one in options]
    kept = _best(scale, options)
    exchanged = _best(scale, [relaxed, *(_descended(relaxed.to(one.class_of), rule) for one in options)])
    end = _best(scale, [exchanged, *(resumed(exchanged, turn) for turn in range(tries))])
    return _Found(rule, kept.class_of, end.class_of, "exchanges" if end is exchanged else "search")


def _price(scale: Yardstick, placements: tuple[Current, Current], measured: Measured, found: _Found) -> Price:
    current, kept = placements
    relaxed = without_rules(kept, [found.rule])
    end = _best(scale, [relaxed, relaxed.to(found.end)])
    effect = effect_of(kept, measured, moved(kept.class_of, end.class_of))
    there = moved(current.class_of, end.class_of)
    return Price(found.rule, _footing(scale, relaxed), _footing(scale, end), effect, there, found.how)


def _descended(current: Current, rule: Rule) -> Current:
    """Return the placement after the best exchanges of the rule's pupils, as long as one helps, or two together do."""
    rows = np.array(rule.pupils, np.int64)
    for _ in range(STEPS):
        pool = best_swaps(current, POOL, rows)
        if len(pool) == 0:
            return current
        simple = swap_of(current, int(pool.i[0]), int(pool.j[0]))
        found = [(current.standing(simple), simple), *joined_swaps(current, pool)[:1]]
        standing, moves = min(found, key=lambda one: (one[0], len(one[1])))
        if standing >= current.standing():
            return current
        current = current.moved(moves)
    return current


def to_give_up(cohort: Cohort, cost: Callable[[Rule], tuple[Fraction | int, ...]]) -> list[Rule]:
    """Return a small set of rules without which all others can be kept, the cheapest first; [] if all can be kept.

    Of the rules that conflict one that ends every conflict at once is taken if there is any, else the cheapest;
    ``cost`` says what is cheaper.
    """
    given_up: list[Rule] = []
    left = cohort
    while True:
        conflict = conflicting_rules(left, left.rules, _keepable)
        if not conflict:
            return sorted(given_up, key=cost)
        order = sorted(range(len(conflict)), key=lambda at: (cost(conflict[at]), at))
        enough = (at for at in order if _keepable(left, _but(left.rules, conflict[at])))
        chosen = conflict[next(enough, order[0])]
        given_up.append(chosen)
        left = replace(left, rules=tuple(_but(left.rules, chosen)))


def _keepable(cohort: Cohort, rules: Sequence[Rule]) -> bool:
    """Return whether rules can be kept together: no conflict is seen at once, and the search finds a placement."""
    findings = Findings("zh")
    find_conflicts(replace(cohort, rules=tuple(rules)), findings)
    return not findings.failed and can_be_kept(cohort, rules)


def _but(rules: Sequence[Rule], gone: Rule) -> list[Rule]:
    return [rule for rule in rules if rule is not gone]
