"""The bundle for PCs without internet: what is in the zip, that Windows lacks nothing, and how the scripts read."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from addin.install.bundle import KIT, Parts, make_bundle
from addin.install.machine import ADDIN
from addin.install.wheels import missing_on_windows, notices, read_wheel, read_wheels
from addin.trouble import FileTrouble
from engine import __version__
from engine.wording import Text

TOP = f"EvenClass-{__version__}/"
SHELF = {
    "xlwings": ("0.37.8", ['pywin32>=224; platform_system == "Windows"', 'psutil; sys_platform == "darwin"']),
    "pywin32": ("312", []),
    "pandas": ("3.1.1", ['tzdata; sys_platform == "win32"', "numpy>=2", 'lxml; extra == "xml"']),
    "numpy": ("2.4.6", []),
    "tzdata": ("2026.6", []),
    "msvc-runtime": ("14.5", []),
}
OWN = ["xlwings<0.38", "pandas>=2.2", 'pytest; extra == "dev"']


def make_wheel(folder: Path, name: str, version: str, requires: Sequence[str]) -> None:
    """Write a wheel with metadata, a licence and some code about licences."""
    stem = f"{name.replace('-', '_')}-{version}"
    head = [f"Name: {name}", f"Version: {version}", "License-Expression: MIT"]
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{stem}.dist-info/METADATA", "\n".join([*head, *(f"Requires-Dist: {r}" for r in requires)]))
        archive.writestr(f"{stem}.dist-info/licenses/LICENSE", f"licence of {name}")
        archive.writestr(f"{name}/license_check.py", "pass")


@dataclass
class Shelf:
    """Packages as pip on Linux fetches them: what only Windows needs is left out, unless it is asked for."""

    lacks: str = ""
    asked: list[list[str]] = field(default_factory=list)

    def own(self, folder: Path) -> None:
        """Make our own wheel."""
        make_wheel(folder, "evenclass", __version__, OWN)

    def fetch(self, folder: Path, wanted: Sequence[str]) -> None:
        """Put what is wanted, and what Linux would need for it, into the folder."""
        self.asked.append(list(wanted))
        names = {re.split(r"[=<>!]", line)[0] for line in wanted} - {"evenclass"}
        for name in names | ({"xlwings", "pandas", "numpy"} if len(self.asked) == 1 else set()):
            if name != self.lacks:
                make_wheel(folder, name, *SHELF[name])


def quiet(_: Text) -> None:
    return


@pytest.fixture
def addin(tmp_path: Path) -> Path:
    path = tmp_path / "given.xlam"
    path.write_bytes(b"the add-in")
    return path


def content(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name.removeprefix(TOP): archive.read(name) for name in archive.namelist()}


def test_the_bundle_holds_everything_an_installation_needs(tmp_path: Path, addin: Path) -> None:
    """Scripts, add-in, guide, wheels for Windows with fingerprints, and the licence of each."""
    out, shelf = tmp_path / "EvenClass.zip", Shelf()
    made = make_bundle(out, Parts(addin), shelf, quiet)
    found = content(out)
    assert made.size == out.stat().st_size and len(made.wheels) == 6
    assert {"install.cmd", "install.ps1", "说明.txt", "使用说明.html", "Guide.html", "LICENSE", ADDIN} <= set(found)
    assert found[ADDIN] == b"the add-in"
    wheels = {name for name in found if name.startswith("wheels/")}
    assert any(name.startswith("wheels/pywin32-") for name in wheels)
    assert shelf.asked[1] == ["tzdata"], "what only Windows needs is found and fetched"
    lines = found["SHA256SUMS.txt"].decode("utf-8-sig").split()
    sums = dict(zip(lines[1::2], lines[::2], strict=True))
    assert sums == {name: hashlib.sha256(found[name]).hexdigest() for name in wheels}
    for name, (version, _) in SHELF.items():
        if name != "msvc-runtime":
            assert f"{name} {version}: MIT" in found["LICENCES.txt"].decode("utf-8-sig")
            texts = [text for path, text in found.items() if path.startswith(f"licences/{name}-{version}/")]
            assert texts == [f"licence of {name}".encode()]


def test_the_same_parts_give_the_same_zip(tmp_path: Path, addin: Path) -> None:
    """Two bundles of the same packages are equal, byte for byte, but for the wheels' own stamps."""
    for name in ("a.zip", "b.zip"):
        make_bundle(tmp_path / name, Parts(addin), Shelf(), quiet)
    a, b = (content(tmp_path / name) for name in ("a.zip", "b.zip"))
    assert list(a) == list(b) == sorted(a)
    assert all(a[name] == b[name] for name in a if not name.endswith((".whl", "SUMS.txt")))


def test_what_the_maker_adds(tmp_path: Path, addin: Path) -> None:
    """Microsoft's runtime only when asked for; Python's installer under its own name."""
    python = tmp_path / "python-3.12.10-amd64.exe"
    python.write_bytes(b"MZ")
    make_bundle(tmp_path / "a.zip", Parts(addin, python, runtime=True), Shelf(), quiet)
    found = content(tmp_path / "a.zip")
    assert found[python.name] == b"MZ" and any("msvc_runtime" in name for name in found)


def test_a_bundle_that_windows_would_find_lacking_is_not_made(tmp_path: Path, addin: Path) -> None:
    """Something only Windows needs cannot be had: named, and no file is left."""
    with pytest.raises(FileTrouble, match="tzdata"):
        make_bundle(tmp_path / "a.zip", Parts(addin), Shelf(lacks="tzdata"), quiet)
    with pytest.raises(FileTrouble, match=r"no\.xlam"):
        make_bundle(tmp_path / "a.zip", Parts(tmp_path / "no.xlam"), Shelf(), quiet)
    with pytest.raises(FileTrouble, match=r"\.zip"):
        make_bundle(tmp_path / "a.rar", Parts(addin), Shelf(), quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given.xlam"]


def test_requirements_are_judged_as_windows_judges_them(tmp_path: Path) -> None:
    """Conditions, extras and versions; what a Mac or an unasked extra needs is not missed."""
    make_wheel(tmp_path, "one", "1.0", ["two[extra]>=2", 'three; sys_platform == "linux"'])
    make_wheel(tmp_path, "two", "2.1", ['four; extra == "extra"', 'five; python_version < "3.12"'])
    wheels = read_wheels(tmp_path)
    assert missing_on_windows(wheels, ["one"]) == ["four"]
    assert missing_on_windows(wheels, ["one>=2"]) == ["one>=2"]
    assert missing_on_windows(wheels, ["two"]) == []


def test_licences_without_an_expression_are_told_from_classifiers(tmp_path: Path) -> None:
    """Older packages name their licence elsewhere; code about licences is no licence."""
    path = tmp_path / "old-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        said = "Name: old\nVersion: 1\nClassifier: License :: OSI Approved :: BSD License\n"
        archive.writestr("old-1.dist-info/METADATA", said)
        archive.writestr("old-1.dist-info/LICENSE.txt", "BSD")
        archive.writestr("old/vendored/COPYING", "GPL")
        archive.writestr("old/licenses.py", "pass")
    wheel = read_wheel(path)
    assert wheel.licence == "BSD License"
    assert set(notices(wheel)) == {"licences/old-1/old-1.dist-info/LICENSE.txt", "licences/old-1/old/vendored/COPYING"}


def test_scripts_are_written_as_windows_reads_them(tmp_path: Path, addin: Path) -> None:
    """install.ps1 and texts begin with a byte order mark, every line ends with CR LF, install.cmd is plain ASCII."""
    make_bundle(tmp_path / "a.zip", Parts(addin), Shelf(), quiet)
    found = content(tmp_path / "a.zip")
    for name in ("install.ps1", "说明.txt", "LICENCES.txt"):
        assert found[name].startswith(b"\xef\xbb\xbf") and not found[name].startswith(b"\xef\xbb\xbf" * 2)
    found["install.cmd"].decode("ascii")
    for name in ("install.ps1", "install.cmd", "说明.txt"):
        assert b"@VERSION@" not in found[name] and b"@PYTHON@" not in found[name]
        assert found[name].count(b"\n") == found[name].count(b"\r\n") > 10


def test_the_script_installs_from_the_wheels_alone() -> None:
    """install.ps1 never lets pip reach for a network, names pywin32, and ends with our own installer."""
    script = (KIT / "install.ps1").read_text(encoding="utf-8")
    assert "--no-index" in script and "'pywin32'" in script
    assert "'--isolated'" in script, "no pip.ini of the PC says where to install to or from"
    python = re.findall(r"& \$\w+ (\S+ \S+)", script)
    assert len(python) == 5 and all(words.startswith("-I ") for words in python), "nothing beside the script is run"
    assert "(Get-Version $python) -ne '@PYTHON@') { & $base -I -m venv --clear $venv }" in script, (
        "wheels fit that only"
    )
    assert "-m addin addin install --addin" in script
    assert not re.search(r"Invoke-WebRequest|http|Invoke-Expression|iex\b", script)
    code = [line for line in script.splitlines() if not line.lstrip().startswith("#")]
    for opening, closing in ("()", "{}", "[]"):
        assert sum(line.count(opening) for line in code) == sum(line.count(closing) for line in code)
    chinese = [line for line in code if re.search("[\u4e00-\u9fff]", line)]
    assert all(re.search("Stop-With|Write-Host", line) for line in chinese), "Chinese is only ever said"
    assert "“" not in script, "PowerShell takes typographic quotes for quotes"


def test_the_cmd_starts_the_powershell_of_windows() -> None:
    """A file called powershell.exe beside install.cmd would be found first."""
    lines = (KIT / "install.cmd").read_text(encoding="ascii").splitlines()
    started = [line for line in lines if "powershell.exe" in line]
    assert len(started) == 2
    assert all(line.startswith('"%SystemRoot%\\System32\\WindowsPowerShell\\v1.0\\') for line in started)


def test_the_code_points_in_the_cmd_say_what_they_should() -> None:
    """The one Chinese sentence of install.cmd, spelled in code points."""
    points = re.findall(r"0x([0-9A-F]{4})", (KIT / "install.cmd").read_text(encoding="ascii"))
    assert "".join(chr(int(point, 16)) for point in points) == "请先将压缩包全部解压缩。"
