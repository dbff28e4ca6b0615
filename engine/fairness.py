"""Is the class independent of what is known of the pupils? Permutation tests with the class sizes as they are.

The classes of the placement are dealt to the pupils again, by lot, and it is counted in how many deals they are at
least as uneven (Fisher 1935; Pearson's chi-square for labels, Kruskal and Wallis 1952 for ranks, both as integers).
Where few deals or few tables of counts are possible all are looked at; otherwise p = (1 + hits) / (1 + deals) from
seeded random ones, never 0 and never too small (Phipson and Smyth 2010). Several tests are corrected by Holm 1979.

A placement that evens something out has it *more* even than by lot: p near 1. That is its purpose. So only the uneven
side counts against a placement; the even side is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from math import factorial, lcm, prod

import numpy as np

from engine.arrangements import Traits, deal, unevenness
from engine.cohort import Ints
from engine.contingency import tails
from engine.opening import generator
from engine.traits import Trait

RESAMPLES = 9_999
ALPHA = Fraction(1, 20)
MOST_DEALS = 20_000  # that are all looked at
_BATCH = 64  # deals held at a time
_LARGEST = 1 << 62
_TURN = -1  # of the generator: a round that no search has


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trait tested: how likely a lot is at least as uneven, and at least as even, as the placement.

    ``deals`` is the number of random deals, 0 where the probability is exact. ``holm`` is ``uneven`` corrected for the
    number of traits tested. All None for a trait in which classes could not differ.
    """

    trait: Trait
    uneven: Fraction | None = None
    even: Fraction | None = None
    deals: int = 0
    holm: Fraction | None = None


def outcomes_of(
    traits: Sequence[Trait], class_of: Ints, sizes: Sequence[int], seed: int, resamples: int
) -> list[Outcome]:
    """Return every trait tested against the class of each pupil, ``class_of`` (n,), in classes of these sizes."""
    telling = [trait for trait in traits if trait.telling]
    arrays = arrays_of(telling, sizes)
    places = {id(trait): at for at, trait in enumerate([*_labelled(telling), *_ranked(telling)], start=1)}
    seen = _statistics(arrays, class_of[None, :])[0]
    all_deals = factorial(len(class_of)) // prod(map(factorial, sizes))
    if all_deals <= MOST_DEALS:
        above, below = _counted(arrays, seen, _every_deal(class_of))
        total, deals = all_deals, 0
    else:
        above, below = _counted(arrays, seen, _random_deals(class_of, seed, resamples))
        above, below, total, deals = above + 1, below + 1, resamples + 1, resamples
    found = []
    for trait in traits:
        if not trait.telling:
            found.append(Outcome(trait))
            continue
        at = places.get(id(trait), 0)
        exact = None
        if trait.levels and deals:
            counts = np.bincount(trait.codes).tolist()
            exact = tails(sizes, counts, arrays.part[at - 1, :, : len(counts)].tolist(), int(seen[at]))
        if exact is not None:
            found.append(Outcome(trait, Fraction(exact[0], exact[2]), Fraction(exact[1], exact[2])))
        else:
            shares = Fraction(int(above[at]), total), Fraction(int(below[at]), total)
            found.append(Outcome(trait, *shares, deals))
    return _corrected(found)


def arrays_of(traits: Sequence[Trait], sizes: Sequence[int]) -> Traits:
    """Return traits as the kernel takes them: those with labels, then those with ranks (neighbours need nothing)."""
    labels, numbers = _labelled(traits), _ranked(traits)
    n, k = sum(sizes), len(sizes)
    levels = [int(trait.codes.max()) + 1 for trait in labels]
    part = np.zeros((len(labels), k, max(levels, default=1)), np.int64)
    for at, trait in enumerate(labels):
        counts = np.bincount(trait.codes).tolist()
        whole = min(lcm(*filter(None, sizes)) * lcm(*filter(None, counts)), _LARGEST // min(k, len(counts)))
        part[at, :, : len(counts)] = [[whole // max(1, size * count) for count in counts] for size in sizes]
    share = np.zeros((len(numbers), k), np.int64)
    for at, trait in enumerate(numbers):
        squares = max(1, sum(int(rank) ** 2 for rank in trait.codes))
        whole = min(lcm(*filter(None, sizes)), _LARGEST // squares)
        share[at] = [whole // max(1, size) for size in sizes]
    return Traits(
        code=np.array([trait.codes for trait in labels], np.int64).reshape(len(labels), n),
        levels=np.array(levels, np.int64),
        part=part,
        rank=np.array([trait.codes for trait in numbers], np.int64).reshape(len(numbers), n),
        share=share,
    )


def _labelled(traits: Sequence[Trait]) -> list[Trait]:
    return [trait for trait in traits if trait.levels]


def _ranked(traits: Sequence[Trait]) -> list[Trait]:
    return [trait for trait in traits if not trait.levels and trait.kind != "neighbours"]


def _statistics(arrays: Traits, deals: Ints) -> Ints:
    found = np.zeros((len(deals), 1 + len(arrays.code) + len(arrays.rank)), np.int64)
    unevenness(arrays, deals, found)
    return found


def _counted(arrays: Traits, seen: Ints, batches: Iterator[Ints]) -> tuple[Ints, Ints]:
    """Return in how many deals each statistic is at least, and at most, what was seen."""
    above, below = np.zeros(len(seen), np.int64), np.zeros(len(seen), np.int64)
    for deals in batches:
        found = _statistics(arrays, deals)
        above += (found >= seen).sum(axis=0)
        below += (found <= seen).sum(axis=0)
    return above, below


def _random_deals(class_of: Ints, seed: int, resamples: int) -> Iterator[Ints]:
    random, order = generator(seed, _TURN), class_of.copy()
    for start in range(0, resamples, _BATCH):
        deals = np.zeros((min(_BATCH, resamples - start), len(class_of)), np.int64)
        deal(order, random, deals)
        yield deals


def _every_deal(class_of: Ints) -> Iterator[Ints]:
    """Yield every different order of the classes, in batches."""
    counts = np.bincount(class_of).tolist()

    def orders(left: list[int], so_far: list[int]) -> Iterator[list[int]]:
        if len(so_far) == len(class_of):
            yield so_far
        for k, number in enumerate(left):
            if number:
                yield from orders([*left[:k], number - 1, *left[k + 1 :]], [*so_far, k])

    every = orders(counts, [])
    while batch := list(islice(every, 1024)):
        yield np.array(batch, np.int64)


def _corrected(found: Sequence[Outcome]) -> list[Outcome]:
    """Return the tests with ``holm``: the smallest level at which Holm's step-down procedure finds each uneven."""
    known = [(one.uneven, at) for at, one in enumerate(found) if one.uneven is not None]
    largest, holm = Fraction(0), dict[int, Fraction]()
    for rank, (p, at) in enumerate(sorted(known)):
        largest = max(largest, min(Fraction(1), (len(known) - rank) * p))
        holm[at] = largest
    return [replace(one, holm=holm.get(at)) for at, one in enumerate(found)]
