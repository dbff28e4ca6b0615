"""Machine code kept on disk: used again, never when a kernel changed since, and never needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.compiled import KERNELS

ENGINE = Path(__file__).resolve().parent.parent / "engine"
INNER = """
from engine.compiled import compiled

@compiled
def inner(x):
    return x + {}
"""
OUTER = """
from engine.compiled import compiled
from engine.kernels import inner

@compiled
def outer(x):
    return [inner(x)][0]
"""
ASK = (
    "import json; from engine.annealing import outer; "
    "print(json.dumps([outer(1), sum(outer.stats.cache_hits.values())]))"
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Make an engine with two kernels, one calling the other from another file."""
    folder = tmp_path / "installed" / "engine"
    folder.mkdir(parents=True)
    shutil.copy(ENGINE / "compiled.py", folder)
    for name in ("__init__", *KERNELS[1:]):
        (folder / f"{name}.py").touch()
    (folder / "kernels.py").write_text(INNER.format(1))
    (folder / "annealing.py").write_text(OUTER)
    return folder


def asked(folder: Path) -> tuple[int, int]:
    """Return what the outer kernel says in a fresh Python, and how much machine code came from disk."""
    known = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA", "XDG"))}
    known |= {"HOME": str(folder.parent.parent / "home"), "LOCALAPPDATA": str(folder.parent.parent / "home")}
    said = subprocess.check_output([sys.executable, "-c", ASK], cwd=folder.parent, env=known, text=True)
    value, hits = json.loads(said)
    return value, hits


def test_all_modules_with_kernels_are_in_the_stamp() -> None:
    """A module that is left out could change without its callers being compiled anew."""
    with_kernels = {path.stem for path in ENGINE.glob("*.py") if "\n@compiled\n" in path.read_text(encoding="utf-8")}
    assert with_kernels | {"compiled"} == set(KERNELS)


def test_code_is_kept_and_given_up_when_a_kernel_it_calls_changes(installed: Path) -> None:
    """The second run loads, a run after an edit of the other file does not."""
    assert asked(installed) == (2, 0)
    assert asked(installed) == (2, 1)
    (installed / "kernels.py").write_text(INNER.format(2))
    assert asked(installed) == (3, 0)
    assert asked(installed) == (3, 1)


def test_an_installation_that_cannot_be_written_keeps_its_code_with_the_user(installed: Path) -> None:
    """Where nothing can be kept beside the modules, the user's own folder serves; where neither, nothing fails."""
    (installed / "__pycache__").write_text("not a folder")
    home = installed.parent.parent / "home"
    home.write_text("not a folder either")
    assert asked(installed) == asked(installed) == (2, 0)
    home.unlink()
    home.mkdir()
    assert asked(installed) == (2, 0)
    assert asked(installed) == (2, 1)
