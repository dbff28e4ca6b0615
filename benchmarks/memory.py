"""How much memory this process holds and has held at most."""

from __future__ import annotations

import sys
from pathlib import Path

MEGABYTE = 1 << 20
STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Return the most memory that this process has held so far.

    Linux tells it as VmHWM. getrusage's ru_maxrss, used elsewhere, is there no less than what the process that started
    this one held, because it outlives the exec.
    """
    if STATUS.exists():
        return _told("VmHWM:")
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / MEGABYTE if sys.platform == "darwin" else most / 1024


def held_megabytes() -> float:
    """Return what this process holds now; where that is not told, the most it has held."""
    return _told("VmRSS:") if STATUS.exists() else peak_megabytes()


def forget_peak() -> None:
    """Let the peak start again from what is held now, where Linux allows that."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _told(key: str) -> float:
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(key))
    return int(line.split()[1]) / 1024
