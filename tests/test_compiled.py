"""Machine code kept on disk: used again, never when a kernel changed since, and never needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
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


def asked(folder: Path, *, disk_full: bool = False) -> tuple[int, int]:
    """Return what the outer kernel says in a fresh Python, and how much machine code came from disk."""
    known = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA", "XDG"))}
    known |= {"HOME": str(folder.parent.parent / "home"), "LOCALAPPDATA": str(folder.parent.parent / "home")}
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); " if disk_full else ""
    said = subprocess.check_output([sys.executable, "-B", "-c", full + ASK], cwd=folder.parent, env=known, text=True)
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


def blank(path: Path) -> None:
    """Leave a file as a power cut may: of the right length, its end never written."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3].ljust(len(content), b"\0"))


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [blank, lambda path: path.write_bytes(b"")], ids=["blank", "empty"])
def test_what_a_power_cut_left_is_compiled_anew(installed: Path, ending: str, damage: Callable[[Path], None]) -> None:
    """A damaged file neither ends the run nor is run; after it all is kept again."""
    assert asked(installed) == (2, 0)
    for path in (installed / "__pycache__").glob(f"*.{ending}"):
        damage(path)
    assert asked(installed) == (2, 0)
    assert asked(installed) == (2, 1)


def test_old_code_under_a_new_index_is_not_run(installed: Path) -> None:
    """An index written anew before the disk was full, and beside it the code of older sources."""
    kept = installed / "__pycache__"
    assert asked(installed) == (2, 0)
    old = {path: path.read_bytes() for path in kept.glob("*.nbc")}
    (installed / "kernels.py").write_text(INNER.format(2))
    assert asked(installed) == (3, 0)
    for path, content in old.items():
        path.write_bytes(content)
    assert asked(installed) == (3, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no `resource`: the size of a file cannot be limited")
def test_on_a_full_disk_nothing_is_kept_and_nothing_fails(installed: Path) -> None:
    """Not a byte more can be written: the kernel runs all the same, and is kept once there is room."""
    assert asked(installed, disk_full=True) == (2, 0)
    assert asked(installed) == (2, 0)
    assert asked(installed) == (2, 1)
