"""One zip for PCs without internet: packages for Windows, the add-in, what installs them, licences."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from addin.hosts.saving import must_end
from addin.install.guide import guide_page
from addin.install.machine import ADDIN
from addin.install.steps import Say
from addin.install.wheels import PYTHON, Wheel, built_from, missing_on_windows, notices, read_wheels
from addin.ribbon.build import build_addin
from addin.trouble import FileTrouble
from engine import __version__
from engine.wording import Lang, Text

KIT = Path(__file__).with_name("kit")
STAMP = (1980, 1, 1, 0, 0, 0)
ROUNDS = 4
GUIDES: dict[Lang, str] = {"zh": "使用说明.html", "en": "Guide.html"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the maker of a bundle adds: a finished add-in, Python's own installer, Microsoft's C++ runtime."""

    addin: Path | None = None
    python_setup: Path | None = None
    runtime: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A finished bundle."""

    size: int
    wheels: tuple[Wheel, ...]


class Fetches(Protocol):
    """Where packages come from."""

    def own(self, folder: Path) -> None:
        """Put our own wheel into the folder."""

    def fetch(self, folder: Path, wanted: Sequence[str]) -> None:
        """Put wheels of what is wanted, and of what that requires, into the folder."""


def make_bundle(out: Path, parts: Parts, source: Fetches, say: Say) -> Made:
    """Write the bundle, whole or not at all. Raises `FileTrouble`."""
    must_end(out, ".zip")
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        wheels = _wheelhouse(work / "wheels", parts, source, say)
        say(Text("打包……", "Packing …"))
        content = {**_kit(parts, work), **_lists(wheels)}
        for wheel in wheels:
            content |= {f"wheels/{wheel.path.name}": wheel.path.read_bytes(), **notices(wheel)}
        staged = out.with_name(out.name + ".new")
        try:
            _pack(staged, content)
            staged.replace(out)
        except OSError as error:
            staged.unlink(missing_ok=True)
            what = Text("无法写入“{p}”：{e}。", "“{p}” cannot be written: {e}.")
            raise FileTrouble(what.fill(p=out, e=error.strerror)) from error
    return Made(out.stat().st_size, tuple(wheels))


def _wheelhouse(folder: Path, parts: Parts, source: Fetches, say: Say) -> list[Wheel]:
    """Fetch until Windows lacks nothing; our own wheel first."""
    folder.mkdir()
    say(Text("制作本程序的安装包……", "Building our own package …"))
    source.own(folder)
    wanted = [f"evenclass=={__version__}", "pywin32", *(["msvc-runtime"] if parts.runtime else [])]
    missing = wanted
    for _ in range(ROUNDS):
        say(Text("下载：{w}……", "Fetching: {w} …").fill(w=", ".join(missing)))
        source.fetch(folder, missing)
        wheels = read_wheels(folder)
        missing = missing_on_windows(wheels, wanted)
        if not missing:
            return wheels
    what = Text("Windows 上还缺：{w}。没有打包。", "Windows would still lack: {w}. No bundle was made.")
    raise FileTrouble(what.fill(w=", ".join(missing)))


def _kit(parts: Parts, work: Path) -> dict[str, bytes]:
    """Return what installs: scripts as Windows reads them, the guide, the add-in, perhaps Python's installer."""
    script, text = "install.ps1", "说明.txt"
    content = {
        script: b"\xef\xbb\xbf" + _lines(KIT / script),  # with the mark, or Windows PowerShell 5 garbles Chinese
        "install.cmd": _lines(KIT / "install.cmd"),
        text: b"\xef\xbb\xbf" + _lines(KIT / "readme.txt"),
        "LICENSE": (built_from() / "LICENSE").read_bytes(),
        **{name: guide_page(lang).encode() for lang, name in GUIDES.items()},
    }
    addin = parts.addin
    if addin is None:
        addin = work / ADDIN
        build_addin(addin)
    for name, path in (
        (ADDIN, addin),
        *(((parts.python_setup.name, parts.python_setup),) if parts.python_setup else ()),
    ):
        try:
            content[name] = path.read_bytes()
        except OSError as error:
            raise FileTrouble(Text("找不到“{p}”。", "There is no “{p}”.").fill(p=path)) from error
    return content


def _lines(path: Path) -> bytes:
    """Return a text file with this version filled in and the line ends of Windows."""
    text = path.read_text(encoding="utf-8").replace("@VERSION@", __version__).replace("@PYTHON@", PYTHON)
    return text.replace("\n", "\r\n").encode()


def _lists(wheels: list[Wheel]) -> dict[str, bytes]:
    """Return the list of packages with their licences, and their fingerprints."""
    licences = [f"{wheel.name} {wheel.version}: {wheel.licence}" for wheel in wheels]
    prints = [f"{hashlib.sha256(wheel.path.read_bytes()).hexdigest()}  wheels/{wheel.path.name}" for wheel in wheels]
    head = (
        "EvenClass 离线包里的软件和各自的许可；许可全文在 licences 文件夹。\n"
        "The software in this bundle and its licences; their full texts are in the folder licences.\n"
        "xlwings: only its BSD part is used; its folder xlwings/pro has another licence and is never loaded.\n\n"
    )
    return {"LICENCES.txt": _windows(head + "\n".join(licences)), "SHA256SUMS.txt": _windows("\n".join(prints))}


def _windows(text: str) -> bytes:
    return b"\xef\xbb\xbf" + (text + "\n").replace("\n", "\r\n").encode()


def _pack(path: Path, content: dict[str, bytes]) -> None:
    """Write a zip that depends on its content alone."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(f"EvenClass-{__version__}/{name}", STAMP)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content[name])
