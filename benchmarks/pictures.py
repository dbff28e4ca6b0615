"""The two pictures: quality against time, and cost against pupils."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.case import OURS
from benchmarks.growth import Cost
from benchmarks.ours import EFFORTS
from benchmarks.peers import TIMELESS
from benchmarks.study import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

QUALITY, GROWTH = "bench_quality.svg", "bench_growth.svg"
COLOURS = {
    OURS: "#0b6e4f",
    "exchange": "#c8553d",
    "best of random": "#7a7a7a",
    "CP-SAT": "#3d5a98",
    "snake": "#b08900",
    "random": "#b0b0b0",
}
SHADES = {"quick": "#7bc8a4", "standard": "#2a9d6f", "deep": "#0b4f3a"}
LEAST = 1e-7  # an excess below this is drawn here


class NoPicturesError(Exception):
    """matplotlib is not installed; the message says what to do."""


def draw_quality(rows: Sequence[Row], folder: Path) -> Path:
    """Write how far J is above its bound against the time used, a panel for each roster; return the file."""
    rosters = list(dict.fromkeys(row.roster for row in rows))
    figure, panels = _figure(len(rosters))
    for roster, panel in zip(rosters, panels, strict=True):
        here = [row for row in rows if row.roster == roster]
        for method in dict.fromkeys(row.method for row in here):
            points = sorted((row.seconds, max(LEAST, row.excess)) for row in here if row.method == method and row.seeds)
            if not points:
                continue
            if method in TIMELESS:
                panel.axhline(points[0][1], color=COLOURS[method], linestyle="--", linewidth=1, label=method)
                continue
            wide = 2.4 if method == OURS else 1.3
            times, excesses = zip(*points, strict=True)
            panel.plot(times, excesses, "o-", color=COLOURS[method], linewidth=wide, markersize=4, label=method)
        panel.set_xscale("log")
        _plain(panel.xaxis)
        panel.set_yscale("log")
        panel.set_title(f"{roster}, {here[0].classes} classes")
        panel.set_xlabel("seconds")
    panels[0].set_ylabel("J − LB, from the proven bound")
    panels[-1].legend(frameon=False, fontsize=8)
    return _saved(figure, folder / QUALITY)


def draw_growth(costs: Sequence[Cost], folder: Path) -> Path:
    """Write time per proposal, time of the search and memory against the number of pupils; return the file."""
    figure, (proposal, seconds, memory) = _figure(3)
    efforts = [effort for effort in EFFORTS if any(cost.effort == effort for cost in costs)]
    for effort in efforts:
        here = sorted((cost for cost in costs if cost.effort == effort), key=lambda cost: cost.pupils)
        pupils = [cost.pupils for cost in here]
        style: dict[str, Any] = {"color": SHADES[effort], "markersize": 4, "label": effort}
        seconds.plot(pupils, [cost.seconds for cost in here], "o-", **style)
        memory.plot(pupils, [cost.peak_megabytes for cost in here], "o-", **style)
        if effort == efforts[0]:
            proposal.plot(pupils, [cost.proposal for cost in here], "o-", color=COLOURS[OURS], markersize=4)
    seconds.set_yscale("log")
    _plain(seconds.yaxis)
    for panel, title in ((proposal, "ns per proposal"), (seconds, "seconds of search"), (memory, "peak memory, MB")):
        panel.set_xscale("log")
        panel.set_xticks(sorted({cost.pupils for cost in costs}))
        _plain(panel.xaxis, given=True)
        panel.set_xlabel("pupils, in classes of 50")
        panel.set_title(title)
    for panel in (proposal, memory):
        panel.set_ylim(bottom=0)
    seconds.legend(frameon=False, fontsize=8)
    return _saved(figure, folder / GROWTH)


def _figure(panels: int) -> tuple[Figure, list[Axes]]:
    try:
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib import pyplot
    except ImportError as error:
        raise NoPicturesError("matplotlib is not installed: pip install -e '.[dev,bench]'") from error
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "evenclass", "font.size": 9})
    figure, axes = pyplot.subplots(1, panels, figsize=(4.2 * max(1, panels), 3.4), squeeze=False)
    for panel in axes[0]:
        panel.grid(alpha=0.25)
        panel.spines[["top", "right"]].set_visible(False)
    return figure, list(axes[0])


def _plain(axis: Axis, *, given: bool = False) -> None:
    """Write the ticks of a logarithmic axis as people write numbers; ``given``: they are already where they belong."""
    from matplotlib import ticker

    if not given:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(lambda value, _: f"{value:,g}")
    axis.set_minor_locator(ticker.NullLocator())


def _saved(figure: Figure, path: Path) -> Path:
    from matplotlib import pyplot

    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path
