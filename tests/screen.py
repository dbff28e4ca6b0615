"""A screen without a monitor, a real LibreOffice window on it, and a mouse that clicks there."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from addin.hosts.office_process import available, soffice, speaker

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")
WINDOW = Path(__file__).with_name("office_window.py")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>"""
_ITEM = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
_VALUES = (
    ("Office.Linguistic/SpellChecking", "IsSpellAuto", "false"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Misc", "ShowTipOfTheDay", "false"),
    ("Office.Common/Save/Document", "WarnAlienFormat", "false"),
    ("Office.UI.Infobar/Enabled", "WhatsNew", "false"),
)


def lacking() -> str | None:
    """Return what is missing for real clicks, None if nothing is."""
    tools = [tool for tool in ("Xvfb", "xdotool", "import") if shutil.which(tool) is None]
    if tools:
        return f"real clicks need {', '.join(tools)}"
    if (missing := available()) is not None:
        return missing.en
    window = Path(os.path.realpath(soffice())).parent
    if not list(window.glob("libvclplug_*lo.so")):
        return "this LibreOffice has no windows (install libreoffice-calc)"
    chinese = window / "resource" / "zh_CN"
    return None if chinese.exists() else "this LibreOffice has no Chinese menus (install libreoffice-l10n-zh-cn)"


def wait_for(look: Callable[[], T | None], seconds: float = 60) -> T:
    """Return what there is to see as soon as it is there."""
    end = time.monotonic() + seconds
    while (seen := look()) is None:
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
    return seen


@dataclass(frozen=True)
class Screen:
    """A screen with an office on it that listens on a pipe."""

    display: str
    pipe: str

    def xdotool(self, *words: str) -> str:
        """Use mouse, keyboard or window list."""
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def window(self, name: str) -> str | None:
        """Return the window whose title has a word."""
        found = self.xdotool("search", "--onlyvisible", "--name", name).split()
        return found[-1] if found else None

    def place_of(self, button: str) -> tuple[str, str] | None:
        """Return where a button is, asked of the office's own description for blind users."""
        asked = [speaker(), str(WINDOW), "find", self.pipe, button]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        x, _, y = done.stdout.strip().partition(" ")
        return (x, y) if y else None

    def click(self, place: tuple[str, str]) -> None:
        """Move the mouse there and click."""
        self.xdotool("mousemove", *place, "click", "1")

    def press(self, window: str, key: str) -> None:
        """Press a key in a window; without a window manager it has to be given the focus first."""
        self.xdotool("windowfocus", "--sync", window, "key", key)

    def picture(self, path: Path) -> None:
        """Take a picture of the screen, in few colours."""
        take = ["import", "-window", "root", "-colors", "128", f"png8:{path}"]
        subprocess.run(take, env={**os.environ, "DISPLAY": self.display}, check=True)


@contextmanager
def office(
    folder: Path, book: Path, extension: Path, *, menus: str = "zh-CN", size: str = "1400x900"
) -> Iterator[Screen]:
    """Show a workbook in a real window of a LibreOffice with the extension; all ends with the block.

    ``menus`` is the language of its menus, ``size`` that of the screen in pixels.
    """
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    values = [("Office.Linguistic/General", "UILocale", menus), *_VALUES]
    items = "".join(_ITEM.format(*each) for each in values)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS.format(items), encoding="utf-8")
    adding = [speaker(), str(WINDOW), "add", str(profile), str(extension)]
    subprocess.run(adding, check=True, capture_output=True, env=_desktop())
    pipe = f"evenclassclick{profile.stat().st_ino}"
    with contextlib.ExitStack() as stack:
        display = stack.enter_context(_display(size))
        environment = {**_desktop(), "DISPLAY": display, "EVENCLASS_PYTHON": str(_python(folder))}
        options = ["--norestore", "--nologo", "--nofirststartwizard", f"--accept=pipe,name={pipe};urp;"]
        shown = [soffice(), f"-env:UserInstallation={profile.as_uri()}", *options, str(book)]
        stack.enter_context(_running(shown, environment, folder))
        screen = Screen(display, pipe)
        wait_for(lambda: screen.window(book.stem))
        yield screen


def _desktop() -> dict[str, str]:
    """Return the environment of a desktop's menu: LibreOffice's own Python fails in that of an activated Python."""
    search = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(each for each in search if not (Path(each).parent / "pyvenv.cfg").exists())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {**kept, "PATH": path}


@contextmanager
def _display(size: str) -> Iterator[str]:
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as number:
        display = f":{number.readline().strip()}"
    try:
        yield display
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _running(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _python(folder: Path) -> Path:
    """Return a Python that has this working copy of the project, wherever it is installed, and is isolated as asked."""
    path = folder / "python"
    start = (
        f"import runpy, sys; sys.path.insert(0, {str(ROOT)!r}); runpy.run_module(sys.argv.pop(), run_name='__main__')"
    )
    path.write_text(
        f'#!/bin/sh\n[ "$1 $2" = "-I -m" ] || exit 9\nexec "{sys.executable}" -I -c "{start}" "$3"\n', encoding="utf-8"
    )
    path.chmod(0o755)
    return path
