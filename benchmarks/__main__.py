"""`python -m benchmarks`: our search beside its peers, on the same rosters and in the same time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.c_loop import speeds_here
from benchmarks.case import CaseError
from benchmarks.catalogue import DATA, ENTRIES, MADE_UP, ROOT, MissingRosterError, folder_of
from benchmarks.growth import costs
from benchmarks.ours import EFFORTS
from benchmarks.peers import PEERS, TIMELESS
from benchmarks.pictures import NoPicturesError, draw_growth, draw_quality
from benchmarks.results import Results, figures, joined, load, machine, set_into
from benchmarks.study import KINDS, Plan, Row, rows_of
from benchmarks.tables import in_groups, shown

PAGE, PICTURES = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "pictures"
CURVES = ("pisa_300", "performance_1000")  # the rosters of the picture of quality against time
PARTS = ("quick/16", "quick/4", "quick/2")  # points of that picture before the first effort
OVERVIEW = ("usalgo_100", "pisa_300", "made_up_300")  # with --quick

WIDEST = 120  # columns of a table; where there is no terminal, Console would take 80

app = typer.Typer(add_completion=False)
out = Console(width=None if Console().is_terminal else WIDEST)


@app.command()
def main(
    rosters: Annotated[str, typer.Option(help="Names, separated by commas; any made_up_N. Default: all.")] = "",
    efforts: Annotated[str, typer.Option(help="quick, standard, deep; also parts of one, as quick/4.")] = "",
    peers: Annotated[str, typer.Option(help=f"Of: {', '.join(PEERS)}; or none. Default: all.")] = "",
    kinds: Annotated[str, typer.Option(help="everything, means. Default: both.")] = "",
    seeds: Annotated[int, typer.Option(min=1, help="Seeds per case; their medians are shown.")] = 3,
    quick: Annotated[bool, typer.Option("--quick", help="An overview in about a minute.")] = False,
    data: Annotated[Path, typer.Option(help="The folder with the rosters' files.")] = DATA,
    json: Annotated[Path | None, typer.Option(help="Also write everything to this file.")] = None,
    pictures: Annotated[Path | None, typer.Option(help="Also draw the two pictures into this folder.")] = None,
    docs: Annotated[bool, typer.Option("--docs", help="Renew the figures and pictures of docs/benchmarks.md.")] = False,
    earlier: Annotated[
        list[Path] | None, typer.Option("--from", help="Show what --json wrote, of several runs together; run nothing.")
    ] = None,
) -> None:
    """Measure our efforts and the peers side by side; a peer gets the time that our effort took on that roster."""
    try:
        if earlier:
            results = joined([load(path) for path in earlier])
            _show(results.rows)
        else:
            plan = Plan(
                rosters=_rosters(rosters, data, OVERVIEW if quick else tuple(ENTRIES)),
                kinds=tuple(kind for kind in KINDS if kind in _chosen(kinds, KINDS)),
                efforts=_chosen(efforts, EFFORTS[:1] if quick else EFFORTS, parts=True),
                peers=() if peers == "none" else _chosen(peers, tuple(PEERS)),
                seeds=1 if quick else seeds,
                data=data,
            )
            results = _measured(plan, whole=docs or pictures is not None)
        if json is not None:
            results.save(json)
        folder = PICTURES if docs else pictures
        if folder is not None:
            _draw(results, folder)
        if docs:
            set_into(PAGE, figures(results))
    except (MissingRosterError, NoPicturesError, CaseError) as error:
        out.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error


def _measured(plan: Plan, *, whole: bool) -> Results:
    """Return the results of a plan, shown roster by roster; ``whole``: with what only the pictures need."""
    rows: list[Row] = []
    for roster in plan.rosters:
        part = rows_of(replace(plan, rosters=(roster,)), _tell)
        _show(part)
        rows += part
    between: list[Row] = []
    grown = []
    if whole:
        timed = tuple(peer for peer in plan.peers if peer not in TIMELESS)
        drawn = tuple(roster for roster in CURVES if roster in plan.rosters) or plan.rosters[:1]
        points = replace(plan, rosters=drawn, kinds=("everything",), efforts=PARTS, peers=timed)
        between = rows_of(points, _tell)
        grown = costs([effort for effort in plan.efforts if effort in EFFORTS], 1, _tell)
    speeds = speeds_here()
    out.print(speeds)
    return Results(machine(), plan.seeds, tuple(rows), tuple(between), tuple(grown), speeds)


def _draw(results: Results, folder: Path) -> None:
    drawn = {row.roster for row in results.between}
    rows = [row for row in (*results.rows, *results.between) if row.roster in drawn and row.kind == "everything"]
    if rows:
        out.print(f"wrote {draw_quality(rows, folder).name}")
    if results.costs:
        out.print(f"wrote {draw_growth(results.costs, folder).name}")


def _rosters(named: str, data: Path, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return the rosters named, or of the others those that are there; the missing ones are told."""
    if named:
        chosen = tuple(name.strip() for name in named.split(","))
        for name in chosen:
            if name not in ENTRIES and not name.removeprefix(MADE_UP).isdecimal():
                raise MissingRosterError(f"No roster is called {name}. Known: {', '.join(ENTRIES)}, {MADE_UP}N.")
            if name in ENTRIES and ENTRIES[name].file:
                folder_of(name, data)
        return chosen
    there = []
    for name in otherwise:
        try:
            if name in ENTRIES and ENTRIES[name].file:
                folder_of(name, data)
            there.append(name)
        except MissingRosterError as error:
            out.print(f"[yellow]Left out. {error}[/yellow]")
    return tuple(there)


def _chosen(named: str, known: tuple[str, ...], *, parts: bool = False) -> tuple[str, ...]:
    """Return the names chosen, all of them if none is; ``parts``: a divisor may follow."""
    if not named:
        return known
    chosen = tuple(name.strip() for name in named.split(","))
    allowed = EFFORTS if parts else known
    for name in chosen:
        if (name.split("/")[0] if parts else name) not in allowed:
            raise typer.BadParameter(f"{name} is none of: {', '.join(allowed)}")
    return chosen


def _show(rows: tuple[Row, ...] | list[Row]) -> None:
    for heading, group in in_groups(rows):
        out.print(shown(heading, group))


def _tell(what: str) -> None:
    out.print(f"[dim]{what}[/dim]")


if __name__ == "__main__":
    app()
