"""The peers: other ways to place pupils, each given the same problem and the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from benchmarks.exchange import descend, energy
from benchmarks.library_solver import NotTriedError, solve_with_library
from benchmarks.problem import Ints, Problem, columns_of


@dataclass(frozen=True, slots=True)
class Found:
    """A placement ``class_of`` (n,), how many candidates were evaluated for it, and what is to be said about it."""

    class_of: Ints
    evaluated: int
    note: str = ""


Peer = Callable[[Problem, float, int], Found]  # problem, seconds, seed


def random_placement(problem: Problem, seconds: float, seed: int) -> Found:
    """Return one placement by lot."""
    return Found(by_lot(problem, np.random.default_rng(seed)), 1)


def best_of_random(problem: Problem, seconds: float, seed: int) -> Found:
    """Return the best of as many placements by lot as the time allows."""
    start, rng = perf_counter(), np.random.default_rng(seed)
    z, sizes = columns_of(problem), np.array(problem.sizes)
    dealt = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    best, kept, evaluated = np.inf, by_lot(problem, rng), 0
    while evaluated == 0 or perf_counter() - start < seconds:
        order = rng.permutation(len(z))
        found = float((np.add.reduceat(z[order], starts) ** 2 / sizes[:, None]).sum())
        evaluated += 1
        if found < best:
            best = found
            kept[order] = dealt
    return Found(kept, evaluated)


def snake(problem: Problem, seconds: float, seed: int) -> Found:
    """Return what schools do by hand: sorted by total within gender, dealt out 1 to k, then k to 1, and so on."""
    k = len(problem.sizes)
    total = problem.numbers[-1].standard
    order = np.lexsort((-total, problem.tables[0].codes if problem.tables else np.zeros(len(total))))
    place = np.arange(len(order))
    turn = np.where(place // k % 2 == 0, place % k, k - 1 - place % k)
    dealt = np.bincount(turn, minlength=k)
    # Where the last row is not full some classes get one pupil more: these are to be the ones that may.
    renamed = np.empty(k, np.int64)
    renamed[np.argsort(-dealt, kind="stable")] = np.argsort(-np.array(problem.sizes), kind="stable")
    class_of = np.empty(len(order), np.int64)
    class_of[order] = renamed[turn]
    return Found(class_of, 1)


def exchange_descent(problem: Problem, seconds: float, seed: int) -> Found:
    """Return the best local optimum of exchange descents from as many lots as the time allows."""
    start, rng = perf_counter(), np.random.default_rng(seed)

    def late() -> bool:
        return perf_counter() - start >= seconds

    z, sizes = columns_of(problem), np.array(problem.sizes)
    best, kept, evaluated, descents = np.inf, by_lot(problem, rng), 0, 0
    while descents == 0 or not late():
        order = rng.permutation(len(z))
        shuffled, class_of = np.ascontiguousarray(z[order]), np.repeat(np.arange(len(sizes)), sizes)
        evaluated += descend(shuffled, sizes, class_of, late)
        descents += 1
        found = energy(shuffled, sizes, class_of)
        if found < best:
            best = found
            kept[order] = class_of
    return Found(kept, evaluated)


def library_solver(problem: Problem, seconds: float, seed: int) -> Found:
    """Return what CP-SAT finds, started from the snake; building its model is not counted as its time."""
    class_of, note = solve_with_library(problem, seconds, seed, snake(problem, seconds, seed).class_of)
    return Found(class_of, 0, note)


def by_lot(problem: Problem, rng: np.random.Generator) -> Ints:
    """Return a placement by lot."""
    return np.asarray(rng.permutation(np.repeat(np.arange(len(problem.sizes)), problem.sizes)), np.int64)


PEERS: dict[str, Peer] = {
    "random": random_placement,
    "snake": snake,
    "best of random": best_of_random,
    "exchange": exchange_descent,
    "CP-SAT": library_solver,
}
TIMELESS = ("random", "snake")  # these do not get better with time

__all__ = ["PEERS", "TIMELESS", "Found", "NotTriedError", "Peer"]
