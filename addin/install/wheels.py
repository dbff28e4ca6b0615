"""The packages of a bundle: fetched for Windows, completed by what only Windows needs, with their licences."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from importlib.metadata import distributions
from pathlib import Path, PurePosixPath

from addin.install.source import source_folder
from addin.trouble import FileTrouble
from engine.wording import Text

PYTHON = "3.12"
PLATFORM = "win_amd64"
WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_release": "10",
    "platform_version": "10.0.19045",
    "implementation_name": "cpython",
    "implementation_version": f"{PYTHON}.0",
    "platform_python_implementation": "CPython",
    "python_version": PYTHON,
    "python_full_version": f"{PYTHON}.0",
}
NOTICE = re.compile(r"licen[cs]e|copying|notice|authors|copyright", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wheel:
    """One package: its file, what it calls itself, its licence in one line, and what it requires."""

    path: Path
    name: str
    version: str
    licence: str
    requires: tuple[str, ...]


def read_wheel(path: Path) -> Wheel:
    """Read what a wheel says about itself."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = BytesParser().parsebytes(archive.read(name))
    licence = said["License-Expression"] or _classified(said.get_all("Classifier") or []) or said["License"] or "?"
    requires = tuple(said.get_all("Requires-Dist") or ())
    return Wheel(path, said["Name"], said["Version"], licence.splitlines()[0], requires)


def read_wheels(folder: Path) -> list[Wheel]:
    """Read every wheel of a folder, by name."""
    return sorted((read_wheel(path) for path in folder.glob("*.whl")), key=lambda wheel: wheel.name.casefold())


def notices(wheel: Wheel) -> dict[str, bytes]:
    """Return the licence texts that a wheel carries, by a path inside the bundle."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(wheel.path) as archive:
        for name in archive.namelist():
            inside = PurePosixPath(name)
            told = inside.parts[0].endswith(".dist-info") and ("licenses" in inside.parts or NOTICE.search(inside.name))
            if not name.endswith("/") and (told or _beside_code(inside)):
                found[f"licences/{wheel.name}-{wheel.version}/{name}"] = archive.read(name)
    return found


def missing_on_windows(wheels: Iterable[Wheel], wanted: Sequence[str]) -> list[str]:
    """Return what Windows would still need: pip judges the conditions of requirements by the machine it runs on."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    have = {canonicalize_name(wheel.name): wheel for wheel in wheels}
    queue, seen, missing = [Requirement(line) for line in wanted], set[tuple[str, str]](), dict[str, None]()
    while queue:
        need = queue.pop()
        found = have.get(canonicalize_name(need.name))
        if found is None or not need.specifier.contains(found.version, prereleases=True):
            need.marker = None
            missing[str(need)] = None
            continue
        for extra in ("", *need.extras):
            if (found.name, extra) in seen:
                continue
            seen.add((found.name, extra))
            for line in found.requires:
                further = Requirement(line)
                if further.marker is None or further.marker.evaluate({**WINDOWS, "extra": extra}):
                    queue.append(further)
    return list(missing)


def built_from() -> Path:
    """Return the folder of the source code; raise FileTrouble if there is none."""
    if (folder := source_folder()) is not None:
        return folder
    what = Text(
        "找不到源代码文件夹，做不了离线包。请在源代码文件夹里重新安装（pip install .），再做一次。",
        "A bundle is made from the source code, which is not to be found. Install once more from its folder "
        "(pip install .), then try again.",
    )
    raise FileTrouble(what)


@dataclass(frozen=True, slots=True)
class Downloader:
    """Fetches packages with pip, in the versions that this environment is tested with."""

    def own(self, folder: Path) -> None:
        """Build our own wheel."""
        _pip(["wheel", "--no-deps", "-w", str(folder), str(built_from())])

    def fetch(self, folder: Path, wanted: Sequence[str]) -> None:
        """Fetch what is wanted and what that requires, as wheels for Windows."""
        tested = folder.with_name("tested.txt")
        pairs = {f"{one.name}=={one.version}" for one in distributions() if one.name.casefold() != "evenclass"}
        tested.write_text("\n".join(sorted(pairs)), encoding="utf-8")
        target = ["--platform", PLATFORM, "--python-version", PYTHON, "--only-binary", ":all:"]
        known = ["-c", str(tested), "--find-links", str(folder), "-d", str(folder)]
        _pip(["download", *target, *known, *wanted])


def _pip(words: list[str]) -> None:
    command = [sys.executable, "-I", "-m", "pip", *words, "--disable-pip-version-check", "-q"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:] or ["?"]
        raise FileTrouble(Text("pip 没有成功：{e}", "pip failed: {e}").fill(e=" ".join(errors)))


def _classified(classifiers: list[str]) -> str:
    found = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")]
    return ", ".join(found)


def _beside_code(inside: PurePosixPath) -> bool:
    """Return whether a file in a package is a licence text, not code about licences."""
    text = inside.suffix.casefold() in {"", ".txt", ".md", ".rst"}
    return text and NOTICE.search(inside.stem) is not None
