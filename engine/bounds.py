"""How even a placement is as one number, J, and the proven least it can be, LB. J / LB = 1 proves the optimum.

J is the scale-free yardstick of anticlustering: for a number D = sum over classes of size * (mean_k - mean)**2 / var,
for a spread the same of the standardised squares, for a category chi-square / (levels - 1) of the table classes x
levels, each over (classes - 1); J is their mean, weighted. Random classes give 1, perfectly even ones 0.

LB adds up what each part must have at least. A number's class sums are whole numbers of known total: the best of them
are the fair shares rounded down or up, cheapest first (the problem is separable and convex). A category's table has
whole cells and both margins fixed; where classes differ in size that is a transportation problem, solved exactly as
a flow of least cost (Ahuja, Magnanti and Orlin 1993, chapter 14: convex costs as parallel arcs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import numpy as np

from engine.cohort import Cohort, Ints, NumberColumn
from engine.criteria import Criterion, class_sums

WEIGHT = {"mean": 2, "spread": 1}  # a total's mean counts twice that, a table of counts 2
TABLE = 2
FLOW_CELLS = 600  # larger tables keep the bound of their levels one by one
WINDOW = 2  # cells this far above or below their fair share are open to the flow
COST = 1 << 40  # costs are whole numbers of 2**-40


@dataclass(frozen=True, slots=True)
class Part:
    """One part of J: a number, its spread or a table of counts; its D, the least D there can be, and its weight."""

    column: str
    kind: str
    weight: int
    value: float
    bound: float


def parts_of(cohort: Cohort, criteria: Sequence[Criterion], class_of: Ints) -> list[Part]:
    """Return the parts of J for a placement (n,) into classes of the cohort's sizes; what all share is no part."""
    held = np.unique(class_of)  # a class without pupils has no mean
    if len(held) < len(cohort.sizes):
        cohort = replace(cohort, sizes=tuple(cohort.sizes[k] for k in held), alike=())
        class_of = np.searchsorted(held, class_of)
    totals = {c.name for c in cohort.columns if isinstance(c, NumberColumn) and c.use == "total"}
    parts: list[Part] = []
    tables: dict[tuple[str, str], list[Criterion]] = {}
    for criterion in criteria:
        if criterion.kind == "size" or criterion.weight == 0 or criterion.wishes is not None:
            continue
        if criterion.counted:
            tables.setdefault((criterion.column, criterion.kind), []).append(criterion)
            continue
        double = 2 if criterion.kind == "mean" and criterion.column in totals else 1
        found = _number(criterion, cohort.sizes, class_of)
        if found is not None:
            weight = criterion.weight * WEIGHT[criterion.kind] * double
            parts.append(Part(criterion.column, criterion.kind, weight, *found))
    for (column, kind), levels in tables.items():
        counts = _table(levels, class_of, len(cohort.sizes))
        if counts.shape[1] > 1:
            value = _chi_square(counts, cohort.sizes)
            least = least_chi_square(cohort.sizes, [int(total) for total in counts.sum(axis=0)])
            per = (len(cohort.sizes) - 1) * (counts.shape[1] - 1)
            parts.append(Part(column, kind, TABLE * levels[0].weight, value / per, least / per))
    return parts


def j_and_bound(parts: Sequence[Part]) -> tuple[float, float]:
    """Return J and its proven lower bound LB; (0, 0) where nothing is balanced."""
    weight = sum(part.weight for part in parts)
    if weight == 0:
        return 0.0, 0.0
    return (
        sum(part.weight * part.value for part in parts) / weight,
        sum(part.weight * part.bound for part in parts) / weight,
    )


def _number(criterion: Criterion, sizes: tuple[int, ...], class_of: Ints) -> tuple[float, float] | None:
    """Return D of a number or its spread and the least it can be; None if all pupils are alike.

    A pupil without a value stands at the mean, so with any absent the sums are not whole and the bound is 0.
    """
    n, k, present = len(class_of), len(sizes), criterion.present
    held, total = int(present.sum()), int(criterion.amounts[present].sum())
    centred = np.where(present, criterion.amounts * held - total, 0)  # in held-ths of a step
    squares = [int(v) ** 2 for v in centred]
    whole = sum(squares)
    if k < 2 or whole == 0:
        return None
    if criterion.kind == "spread":
        standard = np.array([n * s / whole - 1 for s in squares])
        variance = float((standard**2).mean())
        if variance < 1e-12:
            return None
        sums = np.bincount(class_of, standard, k)
        return float((sums**2 / np.array(sizes)).sum()) / variance / (k - 1), 0.0
    value = sum(Fraction(s * s, size) for s, size in zip(class_sums(centred, class_of, k), sizes, strict=True))
    least = least_sum_of_squares(sizes, total) * held**2 if held == n else Fraction(0)
    scale = Fraction(n, whole * (k - 1))
    return float(value * scale), float(least * scale)


def least_sum_of_squares(sizes: Sequence[int], total: int) -> Fraction:
    """Return the least of sum (t_k - size_k * total / n)**2 / size_k over whole numbers t_k adding up to total."""
    n = sum(sizes)
    share = [Fraction(size * total, n) for size in sizes]
    down = [floor(s) for s in share]
    dearer = sorted((1 - 2 * (s - t)) / size for s, t, size in zip(share, down, sizes, strict=True))
    least = sum(((t - s) ** 2 / size for s, t, size in zip(share, down, sizes, strict=True)), Fraction(0))
    return least + sum(dearer[: total - sum(down)], Fraction(0))


def _table(levels: Sequence[Criterion], class_of: Ints, k: int) -> Ints:
    """Return counts (classes, levels); pupils in no level are a level of their own, levels of nobody are left out."""
    columns = [class_sums(level.amounts, class_of, k) for level in levels]
    rest = np.bincount(class_of, minlength=k) - np.sum(columns, axis=0)
    counts = np.array([*columns, rest.tolist()], np.int64).T
    return np.asarray(counts[:, counts.sum(axis=0) > 0], np.int64)


def _chi_square(counts: Ints, sizes: tuple[int, ...]) -> float:
    expected = np.outer(sizes, counts.sum(axis=0)) / sum(sizes)
    return float(((counts - expected) ** 2 / expected).sum())


def least_chi_square(sizes: Sequence[int], totals: Sequence[int]) -> float:
    """Return the least chi-square of any whole-number table with these class sizes and level totals.

    Level by level it is the best rounding of the fair shares. With classes of one size all levels reach that at once
    (each class takes as many levels rounded up as any other); otherwise the flow may prove more.
    """
    n = sum(sizes)
    single = float(sum(least_sum_of_squares(sizes, total) * Fraction(n, total) for total in totals))
    if len(set(sizes)) == 1 or len(sizes) * len(totals) > FLOW_CELLS:
        return single
    flow = _least_flow(sizes, totals)
    return single if flow is None else max(single, flow)


def _least_flow(sizes: Sequence[int], totals: Sequence[int]) -> float | None:
    """Return the least chi-square by min-cost flow from levels to classes, None if its window of cells is too narrow.

    Whole-number costs are rounded down, so what is returned is never above the truth.
    """
    import networkx as nx  # late: only measuring in full needs it

    n = sum(sizes)
    graph = nx.MultiDiGraph()
    need = {("class", k): size for k, size in enumerate(sizes)} | {("level", i): -t for i, t in enumerate(totals)}
    fixed = Fraction(0)
    tops: dict[tuple[int, int], int] = {}
    for k, size in enumerate(sizes):
        for i, total in enumerate(totals):
            share = Fraction(size * total, n)
            low = max(0, floor(share) - WINDOW)
            tops[i, k] = floor(share) + 1 + WINDOW - low
            need["class", k] -= low
            need["level", i] += low
            fixed += (low - share) ** 2 / share
            for step in range(tops[i, k]):
                dearer = (2 * (low + step - share) + 1) / share
                graph.add_edge(("level", i), ("class", k), capacity=1, weight=floor(dearer * COST))
    nx.set_node_attributes(graph, need, "demand")
    try:
        cost, flow = nx.network_simplex(graph)
    except nx.NetworkXUnfeasible:
        return None
    for (i, k), top in tops.items():
        used = sum(flow["level", i]["class", k].values())
        low = max(0, floor(Fraction(sizes[k] * totals[i], n)) - WINDOW)
        if used == top or (used == 0 and low > 0):
            return None
    return float(fixed + Fraction(cost, COST))
