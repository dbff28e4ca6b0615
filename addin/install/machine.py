"""What the installer must know of a PC and do to it; the tests put an imitation in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ADDIN = "EvenClass.xlam"
LINK = "均衡分班（把名单拖到这里）"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one Windows user, and under them everything that an installation makes.

    ``local`` is %LOCALAPPDATA%, ``roaming`` is %APPDATA%, ``desktop`` wherever the user's desktop really is (OneDrive
    moves it), ``system`` is System32.
    """

    local: Path
    roaming: Path
    desktop: Path
    system: Path
    temp: Path

    @property
    def home(self) -> Path:
        """The folder that is ours alone."""
        return self.local / "EvenClass"

    @property
    def venv(self) -> Path:
        """The Python environment that Excel and the shortcut start."""
        return self.home / "venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.venv / "Scripts" / "python.exe"

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return self.venv / "Lib" / "site-packages"

    @property
    def cache(self) -> Path:
        """Where numba keeps machine code, so that the second start is fast."""
        return self.home / "cache"

    @property
    def record(self) -> Path:
        """What was installed, by which build."""
        return self.home / "installed.json"

    @property
    def log(self) -> Path:
        """What the programs that the installer ran had to say."""
        return self.home / "install.log"

    @property
    def addin(self) -> Path:
        """The add-in, in the folder whose files Excel opens, trusted, whenever it starts."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / ADDIN

    @property
    def link(self) -> Path:
        """The shortcut on the desktop."""
        return self.desktop / f"{LINK}.lnk"

    @property
    def script(self) -> Path:
        """What stands on the desktop where PowerShell may not make a shortcut."""
        return self.desktop / f"{LINK}.cmd"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that is running: its version, 32 or 64 bits, its environment and what that was made from."""

    version: tuple[int, int, int]
    bits: int
    prefix: Path
    base: Path
    executable: Path

    @property
    def from_store(self) -> bool:
        """Whether it is the Microsoft Store's: what that writes to %LOCALAPPDATA% no other program can see."""
        return "windowsapps" in str(self.base).casefold() or "pythonsoftwarefoundation" in str(self.base).casefold()


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended and what it printed."""

    code: int
    output: str


class Machine(Protocol):
    """A PC."""

    @property
    def windows(self) -> bool:
        """Whether it runs Windows; nothing below but ``interpreter`` and ``version`` means anything elsewhere."""

    @property
    def places(self) -> Places:
        """The user's folders."""

    @property
    def interpreter(self) -> Interpreter:
        """The Python that is running."""

    @property
    def cache(self) -> Path | None:
        """Where numba keeps machine code in the running Python; None where it was told nothing."""

    def registry(self, key: str) -> Mapping[str, object]:
        r"""Return the values under a key such as ``HKCU\Software\…``, names in lower case; empty if there is none."""

    def version(self, distribution: str) -> str | None:
        """Return the version of a package in the running Python."""

    def run(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> Ran:
        """Run a program to its end, without a window."""

    def later(self, command: Sequence[str]) -> None:
        """Start a program that outlives this one."""
