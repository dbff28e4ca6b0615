"""The folder of the source code: what the environment on Windows, and a bundle, can be made from."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def source_folder() -> Path | None:
    """Return where the source code is: this very code, or what pip says it installed (PEP 610); None if neither."""
    for folder in (ROOT, _installed_from()):
        if folder is not None and (folder / "pyproject.toml").is_file() and (folder / "addin" / "install").is_dir():
            return folder
    return None


def _installed_from() -> Path | None:
    try:
        written = distribution("evenclass").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    url = json.loads(written)["url"] if written else ""
    return _path_of(url.removeprefix("file:")) if url.startswith("file:") else None


def _path_of(written: str) -> Path:
    """Return the path behind //SERVER/SHARE/…, ///C:/… or ///…; our code has no urllib, which could send things."""
    plain = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), written.encode()).decode()
    local = plain.removeprefix("//") if plain.startswith("///") else plain
    return Path(re.sub(r"^/(?=[A-Za-z]:)", "", local))
