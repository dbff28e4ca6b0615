"""Take away all that an installation made, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from addin.install import record as records
from addin.install.machine import LINK, Machine
from addin.install.setup import inside
from addin.trouble import FileTrouble
from engine.wording import Text, listed, plain

OURS = ("venv.old", "cache", "drop.lnk", "install.log", "evenclass.log", "excel.log", "installed.json")
LATER = (
    "import os, shutil, sys, time\n"
    "for _ in range(60):\n"
    "    shutil.rmtree(sys.argv[1], ignore_errors=True)\n"
    "    if not os.path.exists(sys.argv[1]): break\n"
    "    time.sleep(1)\n"
    "try: os.rmdir(sys.argv[2])\n"
    "except OSError: pass\n"
)


def remove(machine: Machine) -> list[Text]:
    """Remove everything; return what was removed. Raises `FileTrouble` naming what is left and why.

    A program cannot delete the Python it runs in: then the environment goes a moment after this ends.
    """
    places = machine.places
    gone: list[Text] = []
    left: list[Text] = []
    for path in (places.addin, *_shortcuts(machine), *(places.home / name for name in OURS)):
        _delete(path, gone, left)
    if inside(machine):
        base = machine.interpreter.base / "python.exe"
        machine.later([str(base), "-I", "-c", LATER, str(places.venv), str(places.home)])
        gone.append(Text("{p}（程序结束后自动删除）", "{p} (as soon as this program ends)").fill(p=places.venv))
    else:
        _delete(places.venv, gone, left)
        if places.home.is_dir() and not any(places.home.iterdir()):
            places.home.rmdir()
    if left:
        what = Text(
            "以下没有删掉：{w}。请关闭 Excel 后再运行一次 evenclass addin remove，或手工删除。",
            "Not removed: {w}. Close Excel and run evenclass addin remove again, or delete them by hand.",
        )
        raise FileTrouble(what.fill(w=listed(left)))
    return gone


def _shortcuts(machine: Machine) -> set[Path]:
    """Return our shortcuts, also on a desktop that has moved since; a record cannot name anything but a shortcut."""
    places, made = machine.places, records.read(machine.places.record)
    found = {places.link, places.script}
    if made is not None and Path(made.desktop).name in {f"{LINK}.lnk", f"{LINK}.cmd"}:
        found.add(Path(made.desktop))
    return found


def _delete(path: Path, gone: list[Text], left: list[Text]) -> None:
    if not path.exists():
        return
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        left.append(plain(f"{path} ({error.strerror})"))
    else:
        gone.append(plain(path))
