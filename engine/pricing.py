"""What each rule costs: how much more even the placement could be without it; and which rules to give up in a conflict.

A rule's price is found by exchanges of the pupils it names, a few one after another, with the rule and without; what is
gained without it is its price. Only they can go where they could not before, so that is where the gain is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.cohort import Cohort, Rule
from engine.conflicts import find_conflicts
from engine.current import Current, swap_of, without_rules
from engine.effects import Effect, effect_of
from engine.exchanges import best_swaps
from engine.goals import Standing
from engine.infeasible import can_be_kept, conflicting_rules
from engine.issue import Findings
from engine.measuring import Measured
from engine.rebalancing import moved, step_by_step
from engine.repairing import joined_swaps
from engine.wording import Text, figure, listed

POOL = 150  # exchanges of a rule's pupils that are joined two by two
FIRST = 40  # pupils moved at most before prices are asked
STEPS = 3  # exchanges one after another, with the rule and without
SAID = 3  # criteria named in a price
_FREE = Text("没有代价", "costs nothing")
_UNLOCKS = Text("别的规则可少违反 {n} 处", "{n} fewer violations of other rules")
_HARDLY = Text("几乎没有代价", "costs hardly anything")


@dataclass(frozen=True, slots=True)
class Price:
    """A rule's price: how the placement stands if it is kept and without it, both leaving out whether it is broken.

    ``effect``: what going without it changes in the criteria and in the other rules.
    """

    rule: Rule
    kept: Standing
    without: Standing
    effect: Effect

    @property
    def free(self) -> bool:
        """Return whether nothing is gained without the rule."""
        return self.without >= self.kept

    @property
    def text(self) -> Text:
        """The price in a cell: the criteria that could be more even, by how much."""
        if self.free:
            return _FREE
        said = [
            Text("{c} {a}→{b}", "{c} {a} → {b}").fill(c=now.criterion.label, a=figure(was.gap), b=figure(now.gap))
            for was, now in self.effect.better[:SAID]
        ]
        if self.without[0] < self.kept[0]:
            said.insert(0, _UNLOCKS.fill(n=self.kept[0] - self.without[0]))
        return listed(said) if said else _HARDLY


def prices_of(
    current: Current, before: Measured, rules: Sequence[Rule], tell: Callable[[float], None] = lambda share: None
) -> list[Price]:
    """Return the price of each rule, from the placement that stands.

    That is first evened out with all rules kept: what could be better anyway is not to be any rule's fault.
    """
    moves = step_by_step(current, current.class_of, FIRST)[-1].moves
    start, measured = current.moved(moves), effect_of(current, before, moves).after
    found = []
    for number, rule in enumerate(rules):
        found.append(_price(start, measured, rule))
        tell((number + 1) / len(rules))
    return found


def _price(current: Current, before: Measured, rule: Rule) -> Price:
    freed = current.movable.copy()
    freed[list(rule.pupils)] = True  # a lock is a rule like any other here
    relaxed = without_rules(replace(current, movable=freed), [rule])
    kept = _descended(current, rule)
    start = relaxed.moved(moved(relaxed.class_of, kept.class_of))
    left = _descended(start, rule)
    base = effect_of(current, before, moved(current.class_of, kept.class_of)).after
    effect = effect_of(replace(current, class_of=kept.class_of), base, moved(kept.class_of, left.class_of))
    return Price(rule, start.standing(), left.standing(), effect)


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


def to_give_up(cohort: Cohort, cost: Callable[[Rule], tuple[int, ...]]) -> list[Rule]:
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
