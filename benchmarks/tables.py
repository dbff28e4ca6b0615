"""The rows as tables: in the terminal, and in Markdown for the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan

from rich.box import SIMPLE_HEAD
from rich.table import Table as Shown

from benchmarks.case import OURS
from benchmarks.study import Row

KIND = {"everything": "everything", "means": "means and gender"}


def _number(places: int) -> Callable[[float], str]:
    return lambda value: "–" if isnan(value) else f"{value:,.{places if value < 100 else 0}f}"


def _small(value: float) -> str:
    return "–" if isnan(value) else "0" if abs(value) < 1e-12 else f"{value:.1e}"


def _rate(value: float) -> str:
    return "–" if isnan(value) or value == 0 else f"{value / 1e6:.1f} M" if value >= 1e5 else f"{value:,.0f}"


COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("time of", lambda row: row.effort or "–"),
    ("method", lambda row: row.method),
    ("J/LB", lambda row: _number(3)(row.ratio)),
    ("J − LB", lambda row: _small(row.excess)),
    ("gap of\ntotal", lambda row: _number(2)(row.gap_total)),
    ("worst\nsubject", lambda row: _number(2)(row.gap_subject)),
    ("off", lambda row: _number(0)(row.off)),
    ("broken", lambda row: _number(0)(row.violations)),
    ("seconds", lambda row: _number(2)(row.seconds)),
    ("MB", lambda row: _number(0)(row.peak_megabytes) if row.seeds else "–"),
    ("evaluated\na second", lambda row: _rate(row.evaluated_per_second)),
)
LEFT = ("time of", "method")


def in_groups(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return the rows of each roster and kind under a heading, in the order given."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        pupils = f"{row.pupils:,} pupils in {row.classes} classes"
        groups.setdefault(f"{row.roster}, {pupils}: {KIND[row.kind]}", []).append(row)
    return list(groups.items())


def notes_of(rows: Sequence[Row]) -> list[str]:
    """Return what is to be said about some of the rows."""
    return [f"{row.method}{f' ({row.effort})' if row.effort else ''}: {row.note}" for row in rows if row.note]


def shown(heading: str, rows: Sequence[Row]) -> Shown:
    """Return the rows of one group as a table for the terminal."""
    table = Shown(title=heading, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.caption, table.caption_justify = "\n".join(notes_of(rows)) or None, "left"
    for name, _ in COLUMNS:
        table.add_column(name, justify="left" if name in LEFT else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(cell(row) for _, cell in COLUMNS), style="bold" if row.method == OURS else None)
    return table


def markdown(rows: Sequence[Row]) -> str:
    """Return all rows as Markdown, a table for each roster and kind."""
    parts = []
    for heading, group in in_groups(rows):
        lines = [f"**{heading}**", ""]
        lines.append("| " + " | ".join(name.replace("\n", " ") for name, _ in COLUMNS) + " |")
        lines.append("|" + "|".join("---" if name in LEFT else "---:" for name, _ in COLUMNS) + "|")
        for row in group:
            cells = [cell(row) for _, cell in COLUMNS]
            if row.method == OURS:
                cells[1] = f"**{cells[1]}**"
            lines.append("| " + " | ".join(cells) + " |")
        notes = notes_of(group)
        parts.append("\n".join([*lines, *(["", "; ".join(notes) + "."] if notes else [])]))
    return "\n\n".join(parts)
