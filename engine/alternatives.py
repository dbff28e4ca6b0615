"""All alternatives of a rebalancing: as it is, sizes mended, step by step, and what the search finds with all free."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from engine.adjusting import Case
from engine.cohort import Cohort, Ints
from engine.current import Current, current_of
from engine.goals import Standing
from engine.measuring import all_reached
from engine.opening import NoRoomError
from engine.placing import standards_of
from engine.rebalancing import Alternative, Tell, mended_sizes, moved, step_by_step
from engine.staying import torn, with_staying
from engine.wishing import solved

_STEPS_SHARE = 0.3  # of the progress


def alternatives_of(
    case: Case, most_moved: int | None, tell: Tell = lambda share: True, *, free: bool = True
) -> list[Alternative] | None:
    """Return everything found on the way from no pupil moved to all free; None if the sizes cannot be mended.

    Sizes that are not those wanted count as so many violations: the first thing to be put right.
    """
    origin, sizes = case.current.class_of, wanted_sizes(case.checked.cohort, case.cohort.sizes)
    found = [Alternative({}, _with_sizes(case.current.standing(), origin, sizes))]
    current: Current = case.current
    if sizes != case.cohort.sizes:
        mended = mended_sizes(current, sizes)
        if mended is None:
            return None
        current = mended[0]
    found += step_by_step(current, origin, most_moved, lambda share: tell(_STEPS_SHARE * share))
    if free:
        with suppress(NoRoomError):  # what must be together fits nowhere: what was found step by step is all there is
            found.append(_searched(case, current.moved(_from(current, origin, found[-1])), tell))
    return found


def wanted_sizes(cohort: Cohort, held: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes wanted; where it is open which classes are the larger ones, those that are larger now."""
    sizes = list(cohort.fewest)
    open_to = [k for k, (few, most) in enumerate(zip(cohort.fewest, cohort.most, strict=True)) if few < most]
    for k in sorted(open_to, key=lambda k: (-held[k], k))[: len(cohort.ids) - sum(sizes)]:
        sizes[k] += 1
    return tuple(sizes)


def _from(current: Current, origin: Ints, last: Alternative) -> dict[int, int]:
    """Return the moves that lead from a placement to where an alternative ends."""
    end = origin.copy()
    for i, k in last.moves.items():
        end[i] = k
    return moved(current.class_of, end)


def _searched(case: Case, end: Current, tell: Tell) -> Alternative:
    """Return what `engine.solve` finds from here; together groups that are torn make it start afresh.

    Pupils who cannot be moved are fixed to where they are. Raises `NoRoomError` if no placement leaves them there: a
    person may have put them where a rule forbids it.
    """
    stay = np.flatnonzero(~case.current.movable)
    at = case.current.class_of
    whole = replace(case.checked.cohort, sizes=end.cohort.sizes, alike=())
    cohort = with_staying(whole, stay.tolist(), at)
    standards = standards_of(cohort)
    result = solved(
        cohort,
        standards[0],
        reached=lambda class_of: all_reached(cohort, *standards, class_of),
        start=None if torn(cohort, end.class_of) else end.class_of,
        progress=lambda share: tell(_STEPS_SHARE + (1 - _STEPS_SHARE) * share),
    )
    if not np.array_equal(result.class_of[stay], at[stay]):
        raise NoRoomError
    made = current_of(whole, standards, result.class_of, stay)
    return Alternative(moved(case.current.class_of, result.class_of), made.standing())


def _with_sizes(standing: Standing, class_of: Ints, sizes: tuple[int, ...]) -> Standing:
    held = np.bincount(class_of, minlength=len(sizes))
    return standing[0] + int(np.abs(held - np.array(sizes)).sum()), *standing[1:]
