"""An imitation of Windows in a folder: enough of it for the whole installer to run on any machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from addin.install.machine import Interpreter, Places, Ran
from engine import __version__


def places(root: Path) -> Places:
    user = root / "Users" / "李老师"
    return Places(
        local=user / "AppData" / "Local",
        roaming=user / "AppData" / "Roaming",
        desktop=user / "Desktop",
        system=root / "Windows" / "System32",
        temp=user / "AppData" / "Local" / "Temp",
    )


@dataclass
class FakeWindows:
    """A PC on which programs do what they would leave behind; one whose command holds ``fails`` ends with 1."""

    root: Path
    keys: dict[str, dict[str, object]] = field(default_factory=dict)
    fails: str = "nothing"
    powershell: bool = True
    windows: bool = True
    python: tuple[int, int, int] = (3, 12, 4)
    bits: int = 64
    base: str = "Programs/Python312"
    inside: bool = False
    xlwings: str | None = "0.37.8"
    ran: list[tuple[str, ...]] = field(default_factory=list)
    started: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for folder in (self.places.system, self.places.temp, self.places.desktop):
            folder.mkdir(parents=True, exist_ok=True)
        (self.places.system / "msvcp140.dll").touch()

    @property
    def places(self) -> Places:
        """The folders of a user with a Chinese name."""
        return places(self.root)

    @property
    def interpreter(self) -> Interpreter:
        """The Python as it was set up."""
        base = self.root / self.base
        prefix = self.places.venv if self.inside else base
        return Interpreter(self.python, self.bits, prefix, base, prefix / "python.exe")

    @property
    def cache(self) -> Path | None:
        """No NUMBA_CACHE_DIR is set."""
        return None

    def registry(self, key: str) -> Mapping[str, object]:
        """Return what a test has put there."""
        return self.keys.get(key, {})

    def version(self, distribution: str) -> str | None:
        """Only xlwings is known."""
        return {"xlwings": self.xlwings}.get(distribution)

    def run(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> Ran:
        """Leave what the program would leave."""
        self.ran.append(tuple(command))
        line = " ".join(command)
        if self.fails in line:
            return Ran(1, f"some lines\nERROR: {self.fails} failed")
        if "-m venv" in line:
            self.environment(None)
        elif "-m pip install" in line:
            self.environment(__version__)
        elif "-m addin demo" in line:
            (self.places.cache / "kernels.nbi").touch()
            Path(command[-1]).mkdir()
            (Path(command[-1]) / "EvenClass示例-分班.xlsx").touch()
        elif "powershell" in line and self.powershell and env:
            Path(env["EVENCLASS_LINK"]).write_text(f"{env['EVENCLASS_TARGET']} {env['EVENCLASS_ARGUMENTS']}")
        return Ran(0, "")

    def later(self, command: Sequence[str]) -> None:
        """Only note it."""
        self.started.append(tuple(command))

    def environment(self, version: str | None) -> None:
        """Leave what venv leaves, and with a version what pip leaves."""
        self.places.python.parent.mkdir(parents=True, exist_ok=True)
        self.places.python.touch()
        self.places.packages.mkdir(parents=True, exist_ok=True)
        if version is not None:
            (self.places.packages / f"evenclass-{version}.dist-info").mkdir(exist_ok=True)
            (self.places.packages / "xlwings-0.37.8.dist-info").mkdir(exist_ok=True)

    def files(self) -> dict[str, bytes]:
        """Every file of the PC with its content."""
        found = sorted(path for path in self.root.rglob("*") if path.is_file())
        return {str(path.relative_to(self.root)): path.read_bytes() for path in found}
