"""`python -m benchmarks.hosts`: what a workbook costs without Excel: opened, read, written, saved.

Each host in turn, on rosters that nobody is in; the search is not timed. LibreOffice runs already, and its first run
does not count. "With record" is what a click writes: the same results, and all that Undo needs to take them back. On a
machine that others use too, look at the seconds of the processor (``--processor``), ours and LibreOffice's together.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from addin import book, commands, undo
from addin.book import engine_called
from addin.hosts.office_process import available
from benchmarks.rosters import made_up
from benchmarks.spent import seconds_spent
from engine.intake import Tables, completed
from engine.placing import place_tables
from workbook_templates import template_path

PARTS = ("open", "read", "write", "save")
WITH_RECORD = "write with record"
CLASS = 50  # pupils in one
app = typer.Typer(add_completion=False)
out = Console()


@app.command()
def main(
    pupils: Annotated[str, typer.Option(help="Numbers of pupils, separated by commas.")] = "300,1000,10000",
    runs: Annotated[int, typer.Option(min=1, help="Runs; the shortest is shown.")] = 3,
    *,
    processor: Annotated[bool, typer.Option("--processor", help="Seconds of the processor, not of the wall.")] = False,
) -> None:
    """Time both hosts."""
    hosts = ["file"] if available() is not None else ["file", "libreoffice"]
    now = seconds_spent if processor else time.perf_counter
    title = f"seconds{' of the processor' if processor else ''}; load {os.getloadavg()[0]:.1f}"
    shown = Table("host", "pupils", *PARTS, "the last three", WITH_RECORD, title=title)
    with tempfile.TemporaryDirectory() as folder:
        for n in map(int, pupils.split(",")):
            path = Path(folder) / f"{n}.xlsx"
            placed = _prepared(path, n)
            for host in hosts:
                timed = [_timed(host, path, placed, now) for _ in range(runs + (host == "libreoffice"))]
                best = {part: min(each[part] for each in timed) for part in timed[0]}
                cells = [f"{best[part]:.2f}" for part in PARTS]
                whole = sum(best[part] for part in PARTS[1:])
                shown.add_row(host, f"{n:,}", *cells, f"{whole:.2f}", f"{best[WITH_RECORD]:.2f}")
    out.print(shown)


def _prepared(path: Path, n: int) -> Tables:
    """Save a workbook with a roster; return what a quick placement would write into it."""
    with book.opened(template_path("zh")) as workbook:
        commands.fill(workbook, roster(n), "zh", max(2, n // CLASS))
        book.saved(workbook, path)
        tables = book.read_tables(workbook)
    whole = completed(tables, "zh", chosen={"effort": "quick"})
    return place_tables(whole, command="place", when=datetime(2026, 9, 1)).tables


def roster(n: int) -> pd.DataFrame:
    """Return a roster as a school has it: text ids, names, marks and labels."""
    given = made_up(n, 2).table.astype(object)
    ids = [f"{20260000000 + i}" for i in range(n)]
    return pd.concat([pd.DataFrame({"学号": ids, "姓名": [f"学生{i}" for i in range(n)]}, dtype=object), given], axis=1)


def _timed(host: str, path: Path, placed: Tables, now: Callable[[], float]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    engine: Any = engine_called(host)
    with _clock(now, seconds, "open"):
        opened = engine.apps.add()
        workbook = opened.books.open(path)
    with _clock(now, seconds, "read"):
        book.read_tables(workbook)
    made = {name: frame for name, frame in placed.items() if name != "Students"}
    classes = list(placed["Students"]["placed_class"])
    with _clock(now, seconds, "write"):
        book.write_column(workbook, "Students", "placed_class", classes, "zh")
        book.write_tables(workbook, made, "zh")
    with _clock(now, seconds, "save"):
        book.saved(workbook, path.with_name(f"{host}.xlsx"))
    workbook.close()
    workbook = opened.books.open(path)
    with _clock(now, seconds, WITH_RECORD):
        undo.written(workbook, "place", made, "zh", classes)
    opened.quit()
    return seconds


@contextmanager
def _clock(now: Callable[[], float], seconds: dict[str, float], part: str) -> Iterator[None]:
    start = now()
    yield
    seconds[part] = now() - start


if __name__ == "__main__":
    app()
