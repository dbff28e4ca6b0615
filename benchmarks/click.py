"""`python -m benchmarks.click`: where the time of a click goes, from the start of a Python to the written workbook.

Each run is a fresh process, as in Excel. Modules and machine code are on disk; the first run, which puts them there,
does not count. A workbook file stands for Excel, whose own time is not in it. On a machine that others use too, look at
the seconds of the processor (``--processor``); of the search they count those of both threads.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

ENTRY = "_compile_for_args"  # of numba: where a kernel is called for the first time
WALL, PROCESSOR = "perf_counter", "process_time"
app = typer.Typer(add_completion=False)


@app.command()
def main(
    pupils: Annotated[int, typer.Option(min=10, help="Pupils, in classes of 50.")] = 300,
    runs: Annotated[int, typer.Option(min=1, help="Runs; the median of each step is shown.")] = 5,
    effort: Annotated[str, typer.Option(help="How long to search.")] = "quick",
    *,
    processor: Annotated[bool, typer.Option("--processor", help="Seconds of the processor, not of the wall.")] = False,
) -> None:
    """Time a click."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        prepare(path, pupils)
        timed = sorted(
            (one_run(path, effort, PROCESSOR if processor else WALL) for _ in range(runs + 1)),
            key=lambda each: sum(each.values()),
        )
    middle = timed[(runs - 1) // 2]
    typer.echo(f"{pupils} pupils, effort {effort}, the middle one of {runs} runs, load {os.getloadavg()[0]:.1f}")
    for step, seconds in {**middle, "all": sum(middle.values())}.items():
        typer.echo(f"{step:40} {seconds:5.2f} s")


def prepare(path: Path, pupils: int) -> None:
    """Write a workbook with so many pupils, ready to be placed."""
    from addin import book, commands
    from benchmarks.hosts import CLASS, roster
    from workbook_templates import template_path

    with book.opened(template_path("zh")) as workbook:
        commands.fill(workbook, roster(pupils), "zh", max(2, pupils // CLASS))
        book.saved(workbook, path)


def one_run(path: Path, effort: str, clock: str) -> dict[str, float]:
    """Return the seconds of each step of a click in a Python of its own, which keeps the modules it compiles."""
    command = [sys.executable, "-c", "from benchmarks.click import click; click()", str(path), effort, clock]
    start = time.time()
    said = subprocess.check_output(command, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""})
    seconds: dict[str, float] = json.loads(said)
    began = seconds.pop("began")
    return seconds if clock == PROCESSOR else {"Python itself": began - start, **seconds}


def click() -> None:
    """Do what a click does, and print the seconds of each step; arguments: workbook, effort, clock."""
    seconds = {"began": time.time()}
    path, effort, clock = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

    @contextmanager
    def within(step: str) -> Iterator[None]:
        start = getattr(time, clock)()
        yield
        seconds[step] = seconds.get(step, 0) + getattr(time, clock)() - start

    # xlwings loads it where it is there: for these benchmarks it is, in a school it is not.
    sys.modules["matplotlib"] = None  # type: ignore[assignment] # Python's own way to forbid an import
    importlib.import_module("addin")  # it is what a click starts with: it says how often Python looks for garbage
    with within("modules: numpy, pandas"):
        importlib.import_module("pandas")
    with within("modules: xlwings"):
        importlib.import_module("xlwings")
    with within("modules: numba"):
        importlib.import_module("numba")
    with within("modules: ours"):
        for name in ("addin.clicks", "addin.hosts.excel_desk", "engine.placing"):
            importlib.import_module(name)
    from numba.core.dispatcher import Dispatcher

    from addin import book, commands
    from engine import placing

    opened = book.engine_called("file").apps.add().books.open(path)
    vars(placing)["solved"] = within("search")(vars(placing)["solved"])
    setattr(Dispatcher, ENTRY, within("machine code")(getattr(Dispatcher, ENTRY)))
    with within("all else"):
        commands.place(opened, chosen={"effort": effort})
    seconds["read, check, report, write, record"] = seconds.pop("all else") - seconds["search"]
    seconds["search"] -= seconds["machine code"]
    sys.stdout.write(json.dumps(seconds))


if __name__ == "__main__":
    app()
