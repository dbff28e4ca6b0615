"""Our annealing loop beside the same loop in C: same data, same decisions, so only the speed can differ.

``python -m benchmarks.c_loop`` compiles annealing.c with the system's C compiler and prints both speeds.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.problem import Ints
from benchmarks.rosters import cohort_of, made_up
from engine.annealing import THRESHOLDS, anneal
from engine.cohort import Cohort
from engine.criteria import criteria_of
from engine.effort import KIN_SHARE, PHASES, temperatures, thresholds
from engine.encode import encode
from engine.kernels import Arrays, State
from engine.opening import opening

SOURCE = Path(__file__).with_name("annealing.c")
FLAGS = ("-O3", "-march=native", "-shared", "-fPIC")
STEPS = 300_000  # proposals at each temperature
STAGES = 40  # temperatures per phase, as in a long run
EVERY = 8  # of the temperatures of a search, each so many-th is timed: hot, where most is accepted, to cold

Loop = Callable[[Arrays, State, Ints, int], None]

_WORDS = ("units", "columns", "numbers", "groups", "classes", "widest", "step")
_READ = ("x", "mark", "level", "reciprocal", "weight", "kin_start", "kin_count", "kin")
_CHANGED = ("class_of", "sums", "single", "singles", "at", "random")
_KEPT = ("pull", "slack", "cost")


class NoCompilerError(Exception):
    """There is no C compiler here; the message says so."""


class _Arrays(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int64) for name in _WORDS] + [(name, ctypes.c_void_p) for name in _READ]


class _State(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in (*_CHANGED, *_KEPT)]


@dataclass(frozen=True, slots=True)
class Speeds:
    """Proposals a second of ours and of C's, on one thread, and whether both ended with the same placement."""

    ours: float
    c: float
    same: bool
    columns: int

    @property
    def sentence(self) -> str:
        """Return the comparison in words."""
        return (
            f"{self.columns} encoded columns, one thread: ours {self.ours / 1e6:.1f} million proposals a second, "
            f"the same loop in C {self.c / 1e6:.1f} million; C is {self.c / self.ours:.2f} times as fast. "
            + (
                "Both made the same placement."
                if self.same
                else "They made DIFFERENT placements: annealing.c is out of date."
            )
        )


def compare(cohort: Cohort, *, steps: int = STEPS) -> Speeds:
    """Return both speeds on a cohort without rules. Raises `NoCompilerError`."""
    with c_loop() as in_c:
        ends, speeds = [], []
        for loop in (ours, in_c):
            state, seconds, proposed = timed(cohort, loop, steps)
            ends.append(state)
            speeds.append(proposed / seconds)
    same = all(np.array_equal(getattr(ends[0], name), getattr(ends[1], name)) for name in _CHANGED)
    return Speeds(speeds[0], speeds[1], same, ends[0].sums.shape[1])


def timed(cohort: Cohort, loop: Loop, steps: int = STEPS) -> tuple[State, float, int]:
    """Return the state after annealing at some temperatures, the seconds that took and the proposals made."""
    encoded = encode(cohort, criteria_of(cohort))
    arrays = encoded.arrays
    state = opening(arrays, cohort.sizes, cohort.settings.seed, 0)
    tables = [thresholds(t) for phase in PHASES for t in temperatures(arrays, phase, STAGES)[::EVERY]]
    loop(arrays, opening(arrays, cohort.sizes, cohort.settings.seed, 0), tables[0], 1)  # compiled, loaded
    start = perf_counter()
    for table in tables:
        loop(arrays, state, table, steps)
    return state, perf_counter() - start, steps * len(tables)


def ours(arrays: Arrays, state: State, table: Ints, steps: int) -> None:
    """Anneal by the engine's kernel."""
    anneal(arrays, state, table, steps, KIN_SHARE)


@contextmanager
def c_loop() -> Iterator[Loop]:
    """Give the loop in C, compiled for this machine, as long as the context lasts. Raises `NoCompilerError`."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompilerError("No C compiler (cc, gcc or clang) is on the path: the loop in C was not measured.")
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "annealing.so"
        done = subprocess.run(
            [compiler, *FLAGS, "-o", str(built), str(SOURCE)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise NoCompilerError(f"The C compiler refused {SOURCE.name}: {done.stderr.strip()[:400]}")
        yield _called(ctypes.CDLL(str(built)).anneal)


def _called(function: Callable[..., int]) -> Loop:
    def loop(arrays: Arrays, state: State, table: Ints, steps: int) -> None:
        k, columns = state.sums.shape
        if arrays.lone < len(arrays.size) or arrays.rules.ruled.any():
            raise ValueError("The loop in C knows no rules.")
        words = (
            len(arrays.size),
            columns,
            arrays.numbers,
            arrays.level.shape[1],
            k,
            state.single.shape[1],
            arrays.step,
        )
        kept = (np.zeros((k, columns + 1), np.int64), np.zeros(k, np.int64), np.zeros(columns + 1, np.int64))
        read = _Arrays(*words, *(_address(getattr(arrays, name)) for name in _READ))
        changed = _State(*(_address(getattr(state, name)) for name in _CHANGED), *(_address(array) for array in kept))
        function(
            ctypes.byref(read),
            ctypes.byref(changed),
            ctypes.c_void_p(_address(table)),
            ctypes.c_int64(THRESHOLDS),
            ctypes.c_int64(steps),
            ctypes.c_int64(KIN_SHARE),
        )

    return loop


def _address(array: Ints) -> int:
    assert array.flags.c_contiguous, "C reads rows one after another"
    return array.ctypes.data


def speeds_here() -> str:
    """Return the comparison on 1,000 made-up pupils in 20 classes, in words, or why there is none."""
    try:
        return compare(cohort_of(made_up(1000, 20))).sentence
    except NoCompilerError as error:
        return str(error)


if __name__ == "__main__":
    from rich.console import Console

    Console().print(speeds_here())
