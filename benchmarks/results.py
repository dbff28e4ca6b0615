"""All that one run found: kept as JSON, and set into the page."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import nan
from pathlib import Path
from typing import Any

from benchmarks.growth import Cost
from benchmarks.study import Row
from benchmarks.tables import markdown

DERIVED = ("excess", "ratio")
BEGIN, END = "<!-- figures: begin, written by python -m benchmarks --docs -->", "<!-- figures: end -->"


@dataclass(frozen=True, slots=True)
class Results:
    """Rows of the table; ``between``, further rows for the picture, at parts of an effort; costs; the loop in C."""

    machine: str
    seeds: int
    rows: tuple[Row, ...]
    between: tuple[Row, ...] = ()
    costs: tuple[Cost, ...] = ()
    c_loop: str = ""

    def save(self, path: Path) -> None:
        """Write everything as JSON, with J - LB and J/LB beside J and LB."""
        whole = asdict(self)
        for key in ("rows", "between"):
            whole[key] = [_told(row) for row in getattr(self, key)]
        path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> Results:
    """Return the results that `Results.save` wrote."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    return Results(
        machine=whole["machine"],
        seeds=whole["seeds"],
        rows=tuple(_row(told) for told in whole["rows"]),
        between=tuple(_row(told) for told in whole["between"]),
        costs=tuple(Cost(**told) for told in whole["costs"]),
        c_loop=whole["c_loop"],
    )


def joined(results: Sequence[Results]) -> Results:
    """Return the results of several runs on one machine as one; seeds are the fewest of any run."""
    return Results(
        machine=results[0].machine,
        seeds=min(each.seeds for each in results),
        rows=tuple(row for each in results for row in each.rows),
        between=tuple(row for each in results for row in each.between),
        costs=tuple(cost for each in results for cost in each.costs),
        c_loop=next((each.c_loop for each in results if each.c_loop), ""),
    )


def machine() -> str:
    """Return in general words what this runs on: nothing that tells whose machine it is."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba"))
    return (
        f"{os.cpu_count()} cores ({platform.system()}, {platform.machine()}), Python {platform.python_version()}, "
        f"{libraries}, EvenClass {version('evenclass')}"
    )


def figures(results: Results) -> str:
    """Return what stands between the markers of the page."""
    parts = [f"Median of {results.seeds} seeds on {results.machine}.", markdown(results.rows)]
    if results.costs:
        parts.append(_costs(results.costs))
    if results.c_loop:
        parts.append(f"**The loop in C**\n\n{results.c_loop}")
    return "\n\n".join(parts)


def set_into(page: Path, text: str) -> None:
    """Replace what stands between the markers of a page."""
    whole = page.read_text(encoding="utf-8")
    before, rest = whole.split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _costs(costs: Sequence[Cost]) -> str:
    lines = [
        "**Cost against pupils, made-up rosters in classes of 50**",
        "",
        "| pupils | classes | effort | seconds | ns per proposal | MB | of these by the search |",
        "|---:|---:|---|---:|---:|---:|---:|",
    ]
    for c in costs:
        lines.append(
            f"| {c.pupils:,} | {c.classes} | {c.effort} | {c.seconds:.2f} | {c.proposal:.0f} | {c.peak_megabytes:.0f} "
            f"| {c.added_megabytes:.0f} |"
        )
    return "\n".join(lines)


def _told(row: Row) -> dict[str, object]:
    """Return a row for JSON, which has no word for what is not a number."""
    whole = {**asdict(row), **{name: getattr(row, name) for name in DERIVED}}
    return {key: None if value != value else value for key, value in whole.items()}  # noqa: PLR0124 # NaN alone is not itself


def _row(told: dict[str, Any]) -> Row:
    kept: dict[str, Any] = {key: nan if value is None else value for key, value in told.items() if key not in DERIVED}
    return Row(**kept)
