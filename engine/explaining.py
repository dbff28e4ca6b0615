"""Why a pupil is where they are: for every other class the exchange that does the least harm, and what that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.current import Current, swap_of
from engine.effects import Effect, effect_of
from engine.exchanges import swaps_of
from engine.measuring import Measured
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
    ways: dict[int, Way] = {}
    for at in order:
        k = int(current.class_of[swaps.j[at]])
        if k not in ways:
            ways[k] = Way(k, effect_of(current, before, swap_of(current, pupil, int(swaps.j[at]))))
    return [ways.get(k, Way(k, None)) for k in range(len(current.cohort.classes)) if k != here]
