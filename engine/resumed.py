"""A short search that goes on from a placement that stands: annealed from a low temperature, then finished.

What is even already stays so, and what a change of the rules has made possible is found in a fraction of the time of a
search afresh.
"""

from __future__ import annotations

from dataclasses import replace

from engine.cohort import Cohort, Rule
from engine.current import Current
from engine.effort import PHASES, Effort, Phase, effort_of
from engine.encode import encode
from engine.opening import generator, state_of
from engine.presence import broken
from engine.solve import Plain, SoFar, of_units
from engine.wishing import searching

WARM = (Phase(1_000, 30, 1),)  # what is even is not undone at once
STEPS = 400  # exchanges proposed for each pupil
MOST_STEPS = 1_000_000
STAGES = 10
MOVES = 2_000  # exchanges listed when two classes are evened out
ROUNDS = 1  # every class is paired once by lot; then half of them are visited, those that have most to gain


def resumed(current: Current, turn: int) -> Current:
    """Return what a short search makes of a placement, better or not. Every ``turn`` goes its own way.

    Pupils who must be together and are not stay where they are: so many violations more or less are no matter of
    search.
    """
    if 0 in current.cohort.sizes or len(current.cohort.sizes) < 2:
        return current
    cohort = _untorn(current)
    encoded = encode(cohort, current.criteria)
    effort = _short(cohort)
    search = searching(cohort, Plain(encoded, effort, current.goal, cohort.sizes, lambda _: False, WARM))
    start = of_units(encoded, current.class_of)
    state = state_of(encoded.arrays, start, cohort.sizes, generator(cohort.settings.seed, -2 - turn))
    found, _ = search.improved(state, lambda share: None, SoFar(), opened=False)
    return current.to(found[1][encoded.unit_of])


def _untorn(current: Current) -> Cohort:
    """Return the cohort with pupils of together groups that are torn fixed to where they are."""
    rules: list[Rule] = []
    for rule in current.cohort.rules:
        if rule.kind == "together" and broken(rule, current.class_of):
            where = current.class_of[list(rule.pupils)].tolist()
            rules += [Rule("fixed", (i,), rule.source, class_index=k) for i, k in zip(rule.pupils, where, strict=True)]
        else:
            rules.append(rule)
    return replace(current.cohort, rules=tuple(rules), alike=())


def _short(cohort: Cohort) -> Effort:
    n, k = len(cohort.ids), len(cohort.sizes)
    effort = effort_of("quick", n, k)
    steps = len(PHASES) * min(STEPS * n, MOST_STEPS)  # of which a phase has its part
    return replace(
        effort,
        steps=steps,
        stages=STAGES,
        rounds=ROUNDS,
        visits=min(effort.visits, max(3, k // 2)),
        moves=min(effort.moves, MOVES),
    )
