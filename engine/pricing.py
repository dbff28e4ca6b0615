"""What each rule costs: how much more even the placement could be without it; and which rules to give up in a conflict.

From the placement that stands, evened out with all rules kept, the search goes on without the rule: first by exchanges
of the pupils it names, who alone can go where they could not before, then as long as the effort says. What is gained is
the rule's price. Where many rules make that too long a wait, the effort is less, or the exchanges are all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.cohort import Cohort, Rule
from engine.conflicts import find_conflicts
from engine.current import Current, swap_of, without_rules
from engine.effects import Effect, effect_of
from engine.effort import effort_of
from engine.exchanges import best_swaps
from engine.goals import Standing
from engine.infeasible import can_be_kept, conflicting_rules
from engine.issue import Findings
from engine.measuring import Measured, all_reached
from engine.presence import broken
from engine.rebalancing import moved, step_by_step
from engine.repairing import joined_swaps
from engine.wishing import solved
from engine.wording import Text, figure, listed

POOL = 150  # exchanges of a rule's pupils that are joined two by two
EFFORTS_DOWN = ("deep", "standard", "quick")
FIRST = 40  # pupils moved at most before prices are asked
STEPS = 3  # exchanges one after another, with the rule and without
SAID = 3  # criteria named in a price
MOST_WORK = 90_000_000  # exchanges listed for all rules together: some 20 seconds
EXCHANGES = "exchanges"  # the effort where there is no time for a search
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


def effort_for(cohort: Cohort, rules: int) -> str:
    """Return the effort with which so many rules can be priced: the cohort's own, less, or `EXCHANGES`."""
    n, k = len(cohort.ids), len(cohort.classes)
    for name in EFFORTS_DOWN[EFFORTS_DOWN.index(cohort.settings.effort) :]:
        effort = effort_of(name, n, k)
        if (rules + 1) * (effort.visits + effort.rounds * k // 2) * effort.moves <= MOST_WORK:
            return name
    return EXCHANGES


def prices_of(
    current: Current,
    before: Measured,
    rules: Sequence[Rule],
    tell: Callable[[float], None] = lambda share: None,
    effort: str = EXCHANGES,
) -> list[Price]:
    """Return the price of each rule, from the placement that stands, found with an effort as `effort_for` says.

    The placement is first evened out with all rules kept: what could be better anyway is not to be any rule's fault.
    """
    moves = step_by_step(current, current.class_of, FIRST)[-1].moves
    start = _searched(current.moved(moves), effort)
    measured = effect_of(current, before, moved(current.class_of, start.class_of)).after
    found = []
    for number, rule in enumerate(rules):
        found.append(_price(start, measured, rule, effort))
        tell((number + 1) / len(rules))
    return found


def _searched(current: Current, effort: str) -> Current:
    """Return what `engine.solve` makes of a placement, if it is better in more than the sum of everything.

    A sum that is a little less comes with any search: only rules, counts and means above the goal are worth a price.
    """
    cohort = current.cohort
    torn = any(rule.kind == "together" and broken(rule, current.class_of) for rule in cohort.rules)
    if effort == EXCHANGES or torn or 0 in cohort.sizes:
        return current
    result = solved(
        replace(cohort, settings=replace(cohort.settings, effort=effort), alike=()),
        current.criteria,
        reached=lambda class_of: all_reached(cohort, current.criteria, current.floors, class_of),
        start=current.class_of,
        afresh=False,
    )
    moves = moved(current.class_of, result.class_of)
    return current.moved(moves) if current.standing(moves)[:3] < current.standing()[:3] else current


def _price(current: Current, before: Measured, rule: Rule, effort: str) -> Price:
    freed = current.movable.copy()
    freed[list(rule.pupils)] = True  # a lock is a rule like any other here
    relaxed = without_rules(replace(current, movable=freed), [rule])
    kept = _descended(current, rule)
    start = relaxed.moved(moved(relaxed.class_of, kept.class_of))
    left = _searched(_descended(start, rule), effort)
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
