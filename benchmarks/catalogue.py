"""The rosters that the benchmark knows by name, and where their files are to be found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import rosters
from benchmarks.rosters import Roster

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchmarks" / "data"  # where files are looked for unless --data says otherwise
COMMITTED = ROOT / "tests" / "data"  # the small ones that the tests read anyway
MADE_UP = "made_up_"
CLASS_OF_50 = 50  # pupils per class of the made-up rosters


@dataclass(frozen=True, slots=True)
class Entry:
    """A name: its file ("" if made up), where that is from, and how to read one roster or several from a folder."""

    file: str
    source: str
    read: Callable[[Path], list[Roster]]


class MissingRosterError(Exception):
    """A roster's file is not there; the message says which and what to do."""


ENTRIES: dict[str, Entry] = {
    "performance_1000": Entry(
        "performance_1000.csv",
        "fictional pupils from R. Kimmons' generator, public",
        lambda data: [rosters.performance(data)],
    ),
    "pisa_300": Entry(
        "pisa2003_hkg.csv",
        "PISA 2003, Hong Kong, OECD public-use data by way of the R package learningtower (MIT)",
        lambda data: [rosters.pisa(data, 300, 6)],
    ),
    "pisa_1000": Entry(
        "pisa2003_hkg.csv",
        "PISA 2003, Hong Kong, OECD public-use data by way of the R package learningtower (MIT)",
        lambda data: [rosters.pisa(data, 1000, 20)],
    ),
    "uci_math_395": Entry(
        "uci_math_395.csv",
        "UCI data set 320, Student Performance, Cortez and Silva 2008 (CC BY 4.0)",
        lambda data: [rosters.uci_math(data)],
    ),
    "usalgo_100": Entry(
        "usalgo_100.xlsx", "sample data of USAlgo ClassBalance (MIT)", lambda data: [rosters.usalgo_roster(data)]
    ),
    "star": Entry("star_k.csv", "Tennessee STAR, kindergarten, R package mlmRev (GPL >= 2)", rosters.star),
    "made_up_10000": Entry("", "made up", lambda _: [rosters.made_up(10_000, 200)]),
}


def rosters_named(name: str, data: Path) -> list[Roster]:
    """Return the roster of this name, or the several that make it up; any ``made_up_<pupils>`` is known.

    Raises `MissingRosterError` if its file is neither in ``data`` nor among the committed ones.
    """
    if name not in ENTRIES and name.startswith(MADE_UP):
        n = int(name.removeprefix(MADE_UP))
        return [rosters.made_up(n, max(2, n // CLASS_OF_50))]
    entry = ENTRIES[name]
    return entry.read(folder_of(name, data) if entry.file else data)


def folder_of(name: str, data: Path) -> Path:
    """Return the folder that has the file of this roster."""
    entry = ENTRIES[name]
    for folder in (data, COMMITTED):
        if (folder / entry.file).is_file():
            return folder
    raise MissingRosterError(
        f"Roster {name}: the file {entry.file} is not in the folder {data}. Put it there ({entry.source}), "
        "or name the folder that has it with --data FOLDER."
    )
