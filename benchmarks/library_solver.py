"""A library solver as a peer: OR-Tools' CP-SAT on a linear model of the same problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.problem import Ints, Problem, columns_of

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

FINE = 100  # the rows of a problem in whole numbers
TANGENTS = tuple(2.0**power for power in range(-6, 3))  # touching points of the square, in what chance would bring
MOST_CELLS = 50_000  # pupils times classes; above that the model alone takes longer than we do
WORKERS = 2


class NotTriedError(Exception):
    """The solver was not run; the message says why."""


def solve_with_library(problem: Problem, seconds: float, seed: int, start: Ints) -> tuple[Ints, str]:
    """Return the placement that CP-SAT finds in ``seconds`` on two workers, and how it stands.

    The placement ``start`` is its hint, and is what is returned if it finds nothing.
    """
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise NotTriedError("OR-Tools is not installed: pip install -e '.[dev,bench]'") from error

    n, k = problem.pupils, len(problem.sizes)
    if n * k > MOST_CELLS:
        raise NotTriedError(f"{n * k:,} yes-or-no variables: more than CP-SAT was asked to take")
    model = cp_model.CpModel()
    at = [[model.new_bool_var("") for _ in range(k)] for _ in range(n)]
    _add_classes(model, at, problem, start)
    _add_rules(model, at, problem)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = seed
    solver.parameters.symmetry_level = 0  # what breaks the symmetry of the classes also breaks the hint
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return start, "found nothing: its start is measured"
    placed = np.array([[solver.boolean_value(here) for here in pupil] for pupil in at])
    return np.asarray(placed.argmax(axis=1), np.int64), "optimal in its model" if status == cp_model.OPTIMAL else ""


def _add_classes(model: cp_model.CpModel, at: list[list[cp_model.IntVar]], problem: Problem, start: Ints) -> None:
    """Say that every pupil has a class and every class its size, what is to be least, and how it is at the start.

    J is a sum of squares, which CP-SAT would bound but loosely: each square is replaced by the highest of its
    tangents, so that all is linear. The hint covers every variable: one that leaves some open is seldom completed.
    """
    rows = np.rint(columns_of(problem) * FINE).astype(np.int64)
    costs = []
    for pupil in at:
        model.add_exactly_one(pupil)
    for a, size in enumerate(problem.sizes):
        members = [pupil[a] for pupil in at]
        model.add(sum(members) == size)
        for here, told in zip(members, start == a, strict=True):
            model.add_hint(here, int(told))
        for row in rows.T:
            most = int(np.sort(np.abs(row))[-size:].sum())
            away, cost = model.new_int_var(0, most, ""), model.new_int_var(0, most * most, "")
            total = sum(int(value) * member for value, member in zip(row, members, strict=True) if value)
            model.add(away >= total)
            model.add(away >= -total)
            chance = float(np.sqrt(size * np.mean(row.astype(np.float64) ** 2)))
            points = sorted({max(1, round(chance * part)) for part in TANGENTS})
            for point in points:
                model.add(cost >= 2 * point * away - point * point)
            now = abs(int(row[start == a].sum()))
            model.add_hint(away, now)
            model.add_hint(cost, max(0, *(2 * point * now - point * point for point in points)))
            costs.append(cost)
    model.minimize(sum(costs))


def _add_rules(model: cp_model.CpModel, at: list[list[cp_model.IntVar]], problem: Problem) -> None:
    for rule in problem.rules:
        for a in range(len(problem.sizes)):
            here = [at[i][a] for i in rule.pupils]
            if rule.kind == "together":
                for other in here[1:]:
                    model.add(here[0] == other)
            elif rule.kind in ("apart", "at_most"):
                model.add(sum(here) <= (rule.limit or 1))
            else:
                model.add(sum(here) == (len(here) if (rule.kind == "fixed") == (a == rule.class_index) else 0))
