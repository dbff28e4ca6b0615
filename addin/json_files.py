"""The files of a draw on disk: JSON read in words for people, written only where nothing stands yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from addin.trouble import FileTrouble
from engine.wording import Text

_NO_FILE = Text("读不了“{p}”：{e}", "“{p}” cannot be read: {e}")
_NOT_WRITTEN = Text("“{p}”已经存在，或写不进去：{e}", "“{p}” exists already or cannot be written: {e}")


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds. Raises `FileTrouble` if it cannot be read or holds none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as why:
        raise FileTrouble(_NO_FILE.fill(p=path, e=why)) from why
    if not isinstance(found, dict):
        raise FileTrouble(_NO_FILE.fill(p=path, e=type(found).__name__))
    return found


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a new JSON file. Raises `FileTrouble` if there is one already, or it cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    except OSError as why:
        raise FileTrouble(_NOT_WRITTEN.fill(p=path, e=why.strerror)) from why
