"""The real PC behind `machine.Machine`: folders and registry of Windows, programs run without a window."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from addin.install.machine import Interpreter, Places, Ran

SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
NO_WINDOW = 0x08000000
DETACHED = 0x00000008


@dataclass(frozen=True, slots=True)
class ThisMachine:
    """The PC this runs on."""

    @property
    def windows(self) -> bool:
        """Whether it runs Windows."""
        return sys.platform == "win32"

    @property
    def places(self) -> Places:
        """The user's folders; elsewhere than on Windows only good for telling where nothing is."""
        home = Path.home()
        moved = os.path.expandvars(str(self.registry(SHELL_FOLDERS).get("desktop") or home / "Desktop"))
        return Places(
            local=Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"),
            roaming=Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming"),
            desktop=Path(moved),
            system=Path(os.environ.get("SYSTEMROOT") or r"C:\Windows") / "System32",
            temp=Path(tempfile.gettempdir()),
        )

    @property
    def interpreter(self) -> Interpreter:
        """The Python that is running."""
        return Interpreter(
            version=(sys.version_info.major, sys.version_info.minor, sys.version_info.micro),
            bits=struct.calcsize("P") * 8,
            prefix=Path(sys.prefix),
            base=Path(sys.base_prefix),
            executable=Path(sys.executable),
        )

    @property
    def cache(self) -> Path | None:
        """Where numba was told to keep machine code."""
        told = os.environ.get("NUMBA_CACHE_DIR")
        return Path(told) if told else None

    def registry(self, key: str) -> Mapping[str, object]:
        """Return the values under a key, names in lower case; empty if there is none or it may not be read."""
        found: dict[str, object] = {}
        if sys.platform == "win32":
            import winreg

            root, _, path = key.partition("\\")
            hive = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[root]
            try:
                with winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
                    for index in range(winreg.QueryInfoKey(opened)[1]):
                        name, value, _ = winreg.EnumValue(opened, index)
                        found[name.casefold()] = value
            except OSError:
                return found
        return found

    def version(self, distribution: str) -> str | None:
        """Return the version of a package in the running Python."""
        try:
            return version(distribution)
        except PackageNotFoundError:
            return None

    def run(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> Ran:
        """Run a program to its end, without a window; one that cannot be started ends with 127."""
        whole = {**os.environ, "PYTHONUTF8": "1", **(env or {})}
        flags = NO_WINDOW if self.windows else 0
        try:
            done = subprocess.run(
                list(command),
                env=whole,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
                creationflags=flags,
            )
        except OSError as error:
            return Ran(127, str(error))
        return Ran(done.returncode, done.stdout.decode("utf-8", errors="replace"))

    def later(self, command: Sequence[str]) -> None:
        """Start a program that outlives this one."""
        flags = NO_WINDOW | DETACHED if self.windows else 0
        quiet = subprocess.DEVNULL
        subprocess.Popen(
            list(command), stdin=quiet, stdout=quiet, stderr=quiet, creationflags=flags, cwd=tempfile.gettempdir()
        )
