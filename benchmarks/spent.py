"""Seconds of the processor that this program and everything it has started took, LibreOffice included (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

_PARENT, _USER, _SYSTEM = 1, 11, 12  # of the fields of /proc/PID/stat that follow the program's name


def seconds_spent() -> float:
    """Return the seconds spent so far, to a hundredth; what has ended meanwhile is not counted."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        number = int(path.parent.name)
        parents[number], ticks[number] = int(fields[_PARENT]), int(fields[_USER]) + int(fields[_SYSTEM])
    return sum(ticks[each] for each in parents if _is_ours(each, parents)) / os.sysconf("SC_CLK_TCK")


def _is_ours(number: int, parents: dict[int, int]) -> bool:
    while number in parents:
        if number == os.getpid():
            return True
        number = parents[number]
    return False
