"""The record of an installation: which build it was and what it made, so that check and remove know."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Record:
    """``addin`` is the sha256 of the .xlam as it was copied; ``desktop`` the shortcut's path as it was made."""

    version: str
    xlwings: str
    addin: str
    desktop: str


def digest(path: Path) -> str:
    """Return the sha256 of a file, "" if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def write(path: Path, record: Record) -> None:
    """Write the record."""
    path.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Record | None:
    """Return the record, None where there is none or it cannot be understood."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Record(**{key: str(found[key]) for key in ("version", "xlwings", "addin", "desktop")})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def installed_version(packages: Path, name: str) -> str | None:
    """Return the version of a package in an environment, read from its folder without starting that Python."""
    for folder in packages.glob(f"{name}-*.dist-info"):
        return folder.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    return None
