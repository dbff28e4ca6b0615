"""Why a pupil is where they are: for every other class the exchange that does the least harm, and what that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.current import Current, swap_of
from engine.effects import Effect, effect_of
from engine.exchanges import swaps_of
from engine.measuring import Measured
from engine.presence import broken
from engine.swap_gaps import harms


@dataclass(frozen=True, slots=True)
class Way:
    """The best way for a pupil into another class; ``effect`` is None if nobody there may be exchanged."""

    class_index: int
    effect: Effect | None


def ways_out(current: Current, before: Measured, pupil: int) -> list[Way]:
    """Return for every other class the pupil's best exchange with someone there.

    Best: fewest rules broken, then least harm to the criteria (so that one that harms nothing is found if there is
    any), then the most even. Locked pupils are not offered in exchange.
    """
    here = int(current.class_of[pupil])
    partners = np.flatnonzero(current.movable & (current.class_of != here))
    if len(partners) == 0:
        return [Way(k, None) for k in range(len(current.cohort.classes)) if k != here]
    swaps = swaps_of(current, pupil, partners)
    harm = harms(current, swaps.i, swaps.j, np.array([float(gap.gap) for gap in before.gaps]))
    order = np.lexsort((swaps.j, swaps.total, harm, np.maximum(0, swaps.violations)))
    best: dict[int, int] = {}
    free: dict[int, int] = {}
    for at in order:
        j = int(swaps.j[at])
        k = int(current.class_of[j])
        best.setdefault(k, j)
        # A rule newly broken may be hidden by another one mended: such an exchange is no free one.
        if k not in free and harm[at] == 0 and swaps.violations[at] <= 0 and _breaks_no_rule(current, pupil, j):
            free[k] = j
    chosen = {**best, **free}
    return [
        Way(k, effect_of(current, before, swap_of(current, pupil, chosen[k])) if k in chosen else None)
        for k in range(len(current.cohort.classes))
        if k != here
    ]


def _breaks_no_rule(current: Current, i: int, j: int) -> bool:
    """Return whether no single rule is broken more often after an exchange."""
    after = current.class_of.copy()
    after[[i, j]] = current.class_of[[j, i]]
    return all(broken(rule, after) <= broken(rule, current.class_of) for rule in current.rules_of([i, j]))
