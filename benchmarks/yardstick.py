"""J, its proven bound LB and the rest of what the table says, by code that shares nothing with the engine.

For a number, D = sum over classes of size * (mean_k - mean)^2 / variance / (classes - 1); for its spread the same of
the squared standard values; for a table of counts, D = chi-square / ((classes - 1) (levels - 1)). J is the weighted
mean of the D. LB adds up the least D there can be, as class sums and counts are whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from benchmarks.problem import Floats, Ints, Number, Problem
from engine.cohort import Rule


@dataclass(frozen=True, slots=True)
class Measured:
    """One placement: gaps in marks; ``off``: pupils away from the best possible counts; ``violations`` of rules."""

    j: float
    bound: float
    gap_total: float
    gap_subject: float
    off: int
    violations: int


def measure(problem: Problem, class_of: Ints, bound: float) -> Measured:
    """Return the placement measured; ``bound`` is `least_j` of the problem. Refuses classes of other sizes."""
    sizes = np.array(problem.sizes)
    found = np.bincount(class_of, minlength=len(sizes))
    if found.tolist() != sizes.tolist():
        raise ValueError(f"{problem.name}: classes of {sorted(set(found.tolist()))} pupils, not of the sizes asked for")
    parts = 0.0
    for number in problem.numbers:
        parts += number.weight * _between(number.standard, class_of)
        if number.spread > 0:
            parts += number.spread * _between(number.standard**2, class_of)
    off = 0
    for table in problem.tables:
        counts = pd.crosstab(class_of, table.codes).to_numpy()
        fair = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / problem.pupils
        degrees = (counts.shape[0] - 1) * (counts.shape[1] - 1)
        parts += table.weight * float(((counts - fair) ** 2 / fair).sum()) / degrees
        below, above = np.floor(fair + 1e-9) - counts, counts - np.ceil(fair - 1e-9)
        off += int(np.maximum(0, np.maximum(below, above)).sum())
    gaps = [_gap(number, class_of) for number in problem.numbers]
    return Measured(
        j=parts / problem.weight,
        bound=bound,
        gap_total=gaps[-1],
        gap_subject=max(gaps[:-1], default=gaps[-1]),
        off=off,
        violations=sum(broken(rule, class_of) for rule in problem.rules),
    )


def least_j(problem: Problem) -> float:
    """Return LB: no placement into classes of these sizes has a smaller J."""
    k = len(problem.sizes)
    parts = 0.0
    for number in problem.numbers:
        values = number.values
        if np.isnan(values).any():
            continue  # an absent pupil stands at the mean, which is no whole number: nothing is proven
        steps = np.rint(values - values.min()).astype(np.int64)
        grain = int(np.gcd.reduce(steps))
        least = least_squares(problem.sizes, int(steps.sum()) // grain)
        parts += number.weight * least * grain**2 / float(values.var()) / (k - 1)
    for table in problem.tables:
        totals = np.bincount(table.codes)
        parts += table.weight * least_table(problem.sizes, totals.tolist()) / ((k - 1) * (len(totals) - 1))
    return parts / problem.weight


def least_squares(sizes: Sequence[int], total: int) -> float:
    """Return the least sum of (t_k - fair_k)^2 / size_k over whole t_k that add up to total."""
    return float(_cost(np.array(sizes), total, _rounded(sizes, total)).sum())


def least_table(sizes: Sequence[int], totals: Sequence[int]) -> float:
    """Return the least chi-square of a whole table with these margins: successive shortest paths on convex costs.

    Each level is first rounded at its best, whatever the class sizes (an optimum of that relaxation, so no chain of
    exchanges saves anything). Then, as long as a class has too many pupils, one is passed along the cheapest chain of
    classes to one that has too few, which keeps the table the cheapest one of its row sums. With classes of one size
    the roundings can always be dealt so that nothing has to be passed, and the first step is the answer.
    """
    size, n = np.array(sizes), sum(sizes)
    counts = np.array([_rounded(sizes, total) for total in totals]).T
    if len(set(sizes)) > 1:
        surplus = counts.sum(axis=1) - size
        while surplus.any():
            chain, level = _cheapest_chain(size, np.array(totals), counts, surplus)
            for a, b in pairwise(chain):
                counts[a, level[a, b]] -= 1
                counts[b, level[a, b]] += 1
            surplus = counts.sum(axis=1) - size
    return float(sum(_cost(size, t, counts[:, i]).sum() * n / t for i, t in enumerate(totals)))


def broken(rule: Rule, class_of: Ints) -> int:
    """Return how often a rule is broken: pairs, pupils elsewhere or above the limit, further classes of a group."""
    held = class_of[list(rule.pupils)]
    if rule.kind == "together":
        return len(np.unique(held)) - 1
    if rule.kind == "apart":
        return sum(bool(a == b) for a, b in combinations(held, 2))
    if rule.kind == "at_most":
        return int(np.maximum(0, np.bincount(held) - (rule.limit or 0)).sum())
    return int((held != rule.class_index if rule.kind == "fixed" else held == rule.class_index).sum())


def _between(values: Floats, class_of: Ints) -> float:
    """Return the variance between classes over that of all, 1 on average where chance decided."""
    classes = pd.Series(values).groupby(class_of).agg(["size", "mean"])
    between = (classes["size"] * (classes["mean"] - values.mean()) ** 2).sum()
    return float(between) / float(values.var()) / (len(classes) - 1)


def _gap(number: Number, class_of: Ints) -> float:
    """Return the largest less the smallest class mean, in marks, over the pupils who have one."""
    means = pd.Series(number.values).groupby(class_of).mean()
    return float(means.max() - means.min())


def _rounded(sizes: Sequence[int], total: int) -> Ints:
    """Return the fair shares of a total rounded down or up, those up where that costs least."""
    size = np.array(sizes)
    down = size * total // size.sum()
    rest = size * total - down * size.sum()  # the part rounded off, in n-ths
    dearer = (size.sum() - 2 * rest) / size
    down[np.argsort(dearer, kind="stable")[: total - int(down.sum())]] += 1
    return np.asarray(down, np.int64)


def _cost(size: Ints, total: int, held: Ints) -> Floats:
    fair = size * total / size.sum()
    return np.asarray((held - fair) ** 2 / size, np.float64)


def _cheapest_chain(size: Ints, totals: Ints, counts: Ints, surplus: Ints) -> tuple[list[int], Ints]:
    """Return classes along which to pass one pupil on, and the level (k, k) that is cheapest between any two."""
    fair = size[:, None] * totals / size.sum()
    gain = np.where(counts > 0, (1 - 2 * (counts - fair)) / fair, np.inf)  # of giving one away
    price = (1 + 2 * (counts - fair)) / fair  # of taking one in
    prices = gain[:, None, :] + price[None, :, :]
    level = np.asarray(prices.argmin(axis=2), np.int64)
    step = prices.min(axis=2)
    distance = np.where(surplus > 0, 0.0, np.inf)
    before = np.full(len(size), -1)
    for _ in size:  # Bellman and Ford: chains of one more class each time
        through = distance[:, None] + step
        shorter = through.min(axis=0) < distance - 1e-12
        if not shorter.any():
            break
        before[shorter] = through.argmin(axis=0)[shorter]
        distance[shorter] = through.min(axis=0)[shorter]
    at = int(np.where(surplus < 0, distance, np.inf).argmin())
    chain = [at]
    while before[at] >= 0:
        at = int(before[at])
        chain.append(at)
    return chain[::-1], level
