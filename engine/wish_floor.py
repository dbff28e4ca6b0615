"""How many pupils are left without any wished companion whatever the placement: a proven lower bound.

A wish is impossible where rules, classes or sizes keep the two apart. A pupil all of whose wishes are impossible is
left without. So are some of those who all wish for the same few: these are in so many classes at most, and the classes
have so many seats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.blocks import blocks
from engine.cohort import Bools, Cohort, Ints, Rule


@dataclass(frozen=True, slots=True)
class Companions:
    """Pupils in blocks: the block of each (n,), the size and the classes open to each block, (b,) and (b, k).

    ``rules``: how many of a block each apart and at-most rule names. ``capped``: one such rule that names the pupil.
    ``barred`` (b,): which blocks may not be everywhere.
    """

    block_of: Ints
    size: Ints
    allowed: Bools
    rules: tuple[Counter[int], ...]
    capped: dict[int, int]
    barred: Bools


def impossible_wishes(cohort: Cohort, allowed: Bools) -> Bools:
    """Return which wishes no placement fulfils that keeps the rules, shape (w,).

    ``allowed`` (n, k): where pupils may be (`engine.floors.allowed_classes`).
    """
    assert cohort.wishes is not None, "called for a cohort with wishes"
    known = _companions(cohort, allowed)
    pairs = zip(known.block_of[cohort.wishes.who], known.block_of[cohort.wishes.whom], strict=True)
    return np.array([a != b and not _together(cohort, known, int(a), int(b)) for a, b in pairs], np.bool_)


def fewest_unmet(cohort: Cohort, allowed: Bools) -> int:
    """Return a number of pupils below which no placement that keeps the rules brings those without a wish fulfilled."""
    wishes = cohort.wishes
    if wishes is None:
        return 0
    known = _companions(cohort, allowed)
    possible = ~impossible_wishes(cohort, allowed)
    targets: dict[int, set[int]] = {int(i): set() for i in np.unique(wishes.who)}
    for i, j in zip(wishes.who[possible], wishes.whom[possible], strict=True):
        targets[int(i)].add(int(known.block_of[j]))
    wanted = {i: found for i, found in targets.items() if int(known.block_of[i]) not in found}
    none = sum(not found for found in wanted.values())
    popular = Counter(block for found in wanted.values() for block in found)
    sole = {block for found in wanted.values() if len(found) == 1 for block in found}
    by_one = sum(_left_out(cohort, known, wanted, {block}) for block in sole)
    ordered = [block for block, _ in sorted(popular.items(), key=lambda item: (-item[1], item[0]))]
    few = range(2, len(cohort.classes))
    by_some = [_left_out(cohort, known, wanted, set(ordered[:m])) for m in few if m <= len(ordered)]
    return none + max([by_one, *by_some])


def _left_out(cohort: Cohort, known: Companions, wanted: dict[int, set[int]], few: set[int]) -> int:
    """Return how many of those who wish for nobody but these ``few`` blocks find no seat beside any of them."""
    those = [i for i, found in wanted.items() if found and found <= few and int(known.block_of[i]) not in few]
    if len(few) > 1:
        seats = sum(sorted(cohort.most)[-len(few) :]) - int(known.size[list(few)].sum())
        return max(0, len(those) - seats)
    (block,) = few
    beside = [_seated(cohort, known, those, block, int(k)) for k in np.flatnonzero(known.allowed[block])]
    return len(those) - max(beside, default=0)


def _seated(cohort: Cohort, known: Companions, those: Iterable[int], block: int, k: int) -> int:
    """Return how many of those pupils, at most, can be in class k beside a block; each counts for one capping rule."""
    here = [i for i in those if known.allowed[known.block_of[i], k]]
    capped = Counter(known.capped.get(i, -1) for i in here)
    held = [n if at < 0 else min(n, _cap(cohort.rules[at]) - known.rules[block][at]) for at, n in capped.items()]
    return min(sum(max(0, n) for n in held), cohort.most[k] - int(known.size[block]))


def _together(cohort: Cohort, known: Companions, a: int, b: int) -> bool:
    """Return whether two blocks can be in one class."""
    if known.barred[a] or known.barred[b] or known.size[a] + known.size[b] > min(cohort.most):
        fitting = np.array(cohort.most) >= known.size[a] + known.size[b]
        if not (known.allowed[a] & known.allowed[b] & fitting).any():
            return False
    shared = known.rules[a] & known.rules[b]
    return all(known.rules[a][at] + known.rules[b][at] <= _cap(cohort.rules[at]) for at in shared)


def _cap(rule: Rule) -> int:
    """Return how many of a rule's pupils may be in one class."""
    return 1 if rule.limit is None else rule.limit


def _companions(cohort: Cohort, allowed: Bools) -> Companions:
    n = len(cohort.ids)
    joined = blocks(n, cohort.rules)
    block_of = np.zeros(n, np.int64)
    for number, pupils in enumerate(joined):
        block_of[pupils] = number
    open_to = np.array([allowed[pupils].all(axis=0) for pupils in joined], np.bool_)
    capping: list[Counter[int]] = [Counter() for _ in joined]
    capped: dict[int, int] = {}
    for at, rule in enumerate(cohort.rules):
        if rule.kind in ("apart", "at_most"):
            for i in rule.pupils:
                capping[block_of[i]][at] += 1
                capped.setdefault(i, at)
    sizes = np.array([len(pupils) for pupils in joined], np.int64)
    return Companions(block_of, sizes, open_to, tuple(capping), capped, np.asarray(~open_to.all(axis=1), np.bool_))
