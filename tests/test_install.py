"""The installer on an imitation of Windows: everything or nothing, twice as good as once, nothing left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from addin.cli import app
from addin.install import check, excel, record, setup, windows
from addin.install.finding import Finding
from addin.install.machine import ADDIN, LINK
from addin.install.remove import LATER, remove
from addin.install.setup import LAUNCHER, Sources, install
from addin.trouble import FileTrouble
from engine import __version__
from engine.wording import Text
from tests.windows import FakeWindows

ROOT = Path(__file__).resolve().parent.parent
SECURITY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"


@pytest.fixture
def pc(tmp_path: Path) -> FakeWindows:
    return FakeWindows(tmp_path / "pc")


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    addin = tmp_path / ADDIN
    addin.write_bytes(b"the add-in")
    return Sources(wheels, addin)


def quiet(_: Text) -> None:
    return


def put(pc: FakeWindows, sources: Sources) -> None:
    install(pc, sources, quiet)


def levels(pc: FakeWindows) -> dict[str, str]:
    """Return the level of every finding; there is one for each key here."""
    return {finding.key: finding.level for finding in check.check_installation(pc)}


def found(pc: FakeWindows, key: str) -> Finding:
    return next(finding for finding in check.check_installation(pc) if finding.key == key)


def test_install_puts_everything_in_its_place(pc: FakeWindows, sources: Sources) -> None:
    """Environment from the wheels without a network, start file, add-in in XLSTART, link on the desktop, record."""
    told: list[str] = []
    install(pc, sources, lambda text: told.append(text.zh))
    places = pc.places
    assert places.addin.read_bytes() == b"the add-in" and places.addin.parent.name == "XLSTART"
    assert [path.name for path in places.addin.parent.iterdir()] == [ADDIN]
    assert "-m addin drop" in places.link.read_text()
    assert any(LAUNCHER in command and str(places.python.parent) in command for command in pc.ran)
    pip = next(command for command in pc.ran if "pip" in command)
    assert "--no-index" in pip and f"evenclass=={__version__}" in pip and "pywin32" in pip
    kept = record.read(places.record)
    assert kept is not None and (kept.version, kept.xlwings) == (__version__, "0.37.8")
    assert len(told) == 8 and not (places.home / "drop.lnk").exists()
    assert set(levels(pc).values()) <= {"ok", "note"}


def test_installing_twice_changes_nothing(pc: FakeWindows, sources: Sources) -> None:
    """A second installation of the same build leaves every file as it is and makes no environment."""
    put(pc, sources)
    before = pc.files()
    pc.ran.clear()
    put(pc, sources)
    assert pc.files() == before
    assert not any("venv" in command or "pip" in command for command in pc.ran)


def test_a_new_version_or_fresh_makes_the_environment_anew(pc: FakeWindows, sources: Sources) -> None:
    """An environment of another version is replaced, and so is one when asked; the old one goes only at the end."""
    pc.environment("0.0.1")
    put(pc, sources)
    assert record.installed_version(pc.places.packages, "evenclass") == __version__
    assert not pc.places.venv.with_name("venv.old").exists()
    mine = pc.places.venv / "mine"
    mine.touch()
    install(pc, sources, quiet, fresh=True)
    assert not mine.exists()


@pytest.mark.parametrize("fails", ["-m venv", "-m pip install", "-m addin demo"])
@pytest.mark.parametrize("upgrade", [False, True])
def test_a_failure_midway_is_taken_back(pc: FakeWindows, sources: Sources, fails: str, upgrade: bool) -> None:
    """Whatever program fails, the PC is as it was, but for the log, and the message has the reason and the log."""
    if upgrade:
        put(pc, sources)
        next(pc.places.packages.glob("evenclass-*")).rename(pc.places.packages / "evenclass-0.0.1.dist-info")
    before = pc.files()
    pc.fails = fails
    with pytest.raises(FileTrouble) as refused:
        put(pc, sources)
    after = pc.files()
    log = str(pc.places.log.relative_to(pc.root))
    assert "some lines" in after.pop(log).decode()
    before.pop(log, None)
    assert after == before
    assert f"{fails} failed" in refused.value.text.zh and "已全部撤回" in refused.value.text.zh
    assert "install.log" in refused.value.text.en


def test_an_add_in_that_excel_holds_is_said_and_taken_back(
    pc: FakeWindows, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel is open: nothing of this run remains, nothing lies in XLSTART that Excel would open, and why is said."""
    put(pc, sources)
    before = pc.files()
    assert sources.addin is not None
    sources.addin.write_bytes(b"a newer add-in")
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target.name == ADDIN:
            raise PermissionError(13, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(FileTrouble, match="Close every Excel window"):
        put(pc, sources)
    assert pc.files() == before


@pytest.mark.parametrize("fails", ["-m pip install", "-m addin demo"])
def test_what_cannot_be_taken_back_is_named(
    pc: FakeWindows, sources: Sources, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """A folder that cannot be removed again is named."""
    pc.fails = fails
    delete = shutil.rmtree

    def stuck(path: Path, ignore_errors: bool = False) -> None:
        if path == pc.places.venv:
            raise PermissionError(13, "in use", str(path))
        delete(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", stuck)
    with pytest.raises(FileTrouble) as refused:
        put(pc, sources)
    left = f"留下了文件夹“{pc.places.venv}”" if "pip" in fails else f"未能撤回：建立运行环境（in use {pc.places.venv}）"
    assert left in refused.value.text.zh


def test_the_mark_of_the_web_is_taken_away(pc: FakeWindows, sources: Sources) -> None:
    """A stream that says the add-in came from the internet is found by check and removed by install."""
    put(pc, sources)
    mark = Path(f"{pc.places.addin}:Zone.Identifier")
    mark.write_text("[ZoneTransfer]\nZoneId=3")
    assert found(pc, "mark").level == "error"
    put(pc, sources)
    assert not mark.exists() and "mark" not in levels(pc)


def test_without_a_finished_add_in_it_is_built(
    pc: FakeWindows, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The add-in is built where it is installed; if that fails, its words are said and all is taken back."""

    def fail(path: Path) -> None:
        raise FileTrouble(Text("xlwings 变了", "xlwings has changed"))

    with monkeypatch.context() as broken:
        broken.setattr("addin.ribbon.build.build_addin", fail)
        with pytest.raises(FileTrouble, match="xlwings has changed"):
            install(pc, Sources(sources.wheels), quiet)
    assert not pc.places.addin.exists() and not pc.places.venv.exists()
    install(pc, Sources(sources.wheels), quiet)
    assert pc.places.addin.read_bytes().startswith(b"PK")


def test_without_powershell_a_script_does_for_the_shortcut(pc: FakeWindows, sources: Sources) -> None:
    """A .cmd in plain ASCII, whatever the user's name, takes the link's place."""
    pc.powershell = False
    put(pc, sources)
    assert not pc.places.link.exists()
    assert (
        b'"%LOCALAPPDATA%\\EvenClass\\venv\\Scripts\\python.exe" -I -m addin drop %*' in pc.places.script.read_bytes()
    )
    remove(pc)
    assert not pc.places.script.exists()


def test_pythons_that_will_not_do_are_refused_before_anything_is_made(pc: FakeWindows, sources: Sources) -> None:
    """Too old, 32 bit, from the Microsoft Store: refused in words, nothing made."""
    before = pc.files()
    for name, value, part in (("python", (3, 10, 1), "3.10.1"), ("bits", 32, "32"), ("base", "WindowsApps/P", "商店")):
        kept = getattr(pc, name)
        setattr(pc, name, value)
        with pytest.raises(FileTrouble) as refused:
            put(pc, sources)
        assert part in refused.value.text.zh
        assert found(pc, "python").level == "error"
        setattr(pc, name, kept)
    pc.windows = False
    with pytest.raises(FileTrouble, match="oxt"):
        put(pc, sources)
    assert pc.files() == before


def test_remove_takes_away_all_of_ours_and_nothing_else(pc: FakeWindows, sources: Sources) -> None:
    """After install and remove every file of the user is as before, also one beside ours; a second remove is calm."""
    for path in (
        pc.places.home / "我的笔记.txt",
        pc.places.desktop / "名单.xlsx",
        pc.places.addin.with_name("别人.xlam"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("user's own")
    before = pc.files()
    put(pc, sources)
    for log in ("evenclass.log", "excel.log"):
        (pc.places.home / log).write_text("a traceback may hold a name")
    assert remove(pc)
    assert pc.files() == before
    assert remove(pc) == []


def test_remove_leaves_no_empty_folder(pc: FakeWindows, sources: Sources) -> None:
    """The folder of ours goes with its last file."""
    put(pc, sources)
    remove(pc)
    assert not pc.places.home.exists()


def test_a_record_cannot_make_remove_delete_a_file_of_the_user(pc: FakeWindows, sources: Sources) -> None:
    """Only a shortcut by our name is removed, on this desktop or the one before; a record that lies is harmless."""
    put(pc, sources)
    precious = pc.places.desktop / "名单.xlsx"
    precious.write_text("x")
    kept = record.read(pc.places.record)
    assert kept is not None
    record.write(pc.places.record, record.Record(kept.version, kept.xlwings, kept.addin, str(precious)))
    remove(pc)
    assert precious.exists()


def test_remove_from_inside_lets_another_python_finish(pc: FakeWindows, sources: Sources, tmp_path: Path) -> None:
    """The environment cannot delete itself: the base Python does, and what it runs does what it should."""
    put(pc, sources)
    pc.inside = True
    remove(pc)
    assert pc.places.venv.exists()
    ((base, _, _, script, venv, home),) = pc.started
    assert base.endswith("python.exe") and str(pc.places.venv) == venv and script == LATER
    subprocess.run([sys.executable, "-I", "-c", script, venv, home], check=True, cwd=tmp_path)
    assert not pc.places.home.exists()


def test_inside_the_environment_install_leaves_it_alone(pc: FakeWindows, sources: Sources) -> None:
    """install.ps1 has made the environment and runs install in it: it is neither made nor moved."""
    pc.environment(__version__)
    pc.inside = True
    put(pc, sources)
    assert not any("pip" in command for command in pc.ran) and set(levels(pc).values()) <= {"ok", "note"}


def test_the_start_file_works_in_a_real_python(tmp_path: Path) -> None:
    """Its one line sets the cache folder where none is set, is ASCII, and keeps one that is set."""
    setup.START_LINE.encode("ascii")
    show = "; import os; print(os.environ['NUMBA_CACHE_DIR'])"
    env = {**os.environ, "LOCALAPPDATA": str(tmp_path)}
    env.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, "-c", setup.START_LINE.strip() + show]
    assert subprocess.check_output(command, env=env, text=True).strip() == str(tmp_path / "EvenClass" / "cache")
    assert subprocess.check_output(command, env={**env, "NUMBA_CACHE_DIR": "x"}, text=True).strip() == "x"


def test_check_on_a_bare_pc_says_what_is_missing(pc: FakeWindows) -> None:
    """No environment, no add-in: errors that say to install; check makes nothing."""
    pc.xlwings = None
    (pc.places.system / "msvcp140.dll").unlink()
    said = levels(pc)
    assert {said[key] for key in ("environment", "addin", "xlwings", "runtime")} == {"error"}
    assert said["shortcut"] == "note" and said["excel"] == "note"
    assert pc.files() == {} and not pc.places.home.exists()


def test_check_tells_builds_apart(pc: FakeWindows, sources: Sources) -> None:
    """Another xlwings, another add-in file, another version in the environment: each is said."""
    put(pc, sources)
    pc.xlwings = "0.36.1"
    assert found(pc, "xlwings").level == "ok", "of another Python than the one that Excel starts"
    for version in ("0.37.9", "0.36.1"):
        next(pc.places.packages.glob("xlwings-*")).rename(pc.places.packages / f"xlwings-{version}.dist-info")
        assert found(pc, "xlwings").level == "error" and version in found(pc, "xlwings").what.zh
    pc.places.addin.write_bytes(b"another build")
    assert found(pc, "addin").level == "error"
    next(pc.places.packages.glob("evenclass-*")).rename(pc.places.packages / "evenclass-9.0.dist-info")
    assert "9.0" in found(pc, "environment").what.en


@pytest.mark.parametrize(
    ("key", "entry", "finding", "level"),
    [
        (SECURITY, ("vbawarnings", 4), "macros", "error"),
        (SECURITY, ("vbawarnings", 3), "macros", "error"),
        (SECURITY.replace("Policies\\", ""), ("vbawarnings", 4), "macros", "note"),
        (SECURITY.replace("HKCU", "HKLM"), ("disablealladdins", 1), "addins", "error"),
        (SECURITY, ("requireaddinsig", 1), "signed_addins", "error"),
        (SECURITY + r"\Trusted Locations", ("alllocationsdisabled", 1), "trusted_locations", "error"),
        (r"HKCU\Software\Policies\Microsoft\Office\16.0\Common", ("vbaoff", 1), "vba_off", "error"),
        (excel.RULES[0], (excel.CHILD_PROCESSES, "1"), "defender", "error"),
        (excel.RULES[1], (excel.API_CALLS, 1), "defender", "error"),
        (excel.MANAGED_RULES, ("asrrules", f"x=0|{excel.CHILD_PROCESSES.upper()}=1"), "defender", "error"),
        (excel.CLICK_TO_RUN, ("platform", "x86"), "excel", "note"),
        (
            r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems",
            ("1a2b", b"\x01\x00\x00" + "C:\\XLSTART\\EvenClass.xlam".encode("utf-16-le")),
            "disabled_item",
            "error",
        ),
    ],
)
def test_check_reads_what_the_registry_forbids(
    pc: FakeWindows, sources: Sources, key: str, entry: tuple[str, object], finding: str, level: str
) -> None:
    """Each policy that stands in the way is named with what to do; without it there is no such finding."""
    put(pc, sources)
    pc.keys[rf"HKLM\{excel.APP_PATHS}"] = {"": r"C:\Program Files\Office\EXCEL.EXE"}
    before = levels(pc)
    assert before.get(finding, "ok") == "ok"
    pc.keys.setdefault(key, {}).update([entry])
    assert levels(pc)[finding] == level
    if level == "error":
        assert found(pc, finding).mend is not None


def test_check_knows_two_excels_wps_and_a_desktop_in_onedrive(pc: FakeWindows, sources: Sources) -> None:
    """Two Excels are a warning; WPS alone is named; rules that only audit are no finding."""
    put(pc, sources)
    pc.keys[excel.WPS] = {"installroot": r"C:\WPS"}
    assert "WPS" in found(pc, "excel").what.zh
    wow = excel.APP_PATHS.replace("SOFTWARE\\", "SOFTWARE\\WOW6432Node\\")
    pc.keys[rf"HKLM\{excel.APP_PATHS}"] = {"": r"C:\Program Files\Office\EXCEL.EXE"}
    pc.keys[rf"HKLM\{wow}"] = {"": r"C:\Program Files (x86)\Office\EXCEL.EXE"}
    pc.keys[excel.RULES[0]] = {excel.CHILD_PROCESSES: "2"}
    assert levels(pc)["excel"] == "warning" and "defender" not in levels(pc)


def test_check_says_when_the_cache_cannot_be_written(pc: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that refuses is a warning with what it costs, not a failure."""

    def refuse(self: Path, data: bytes) -> int:
        raise PermissionError(13, "denied", str(self))

    pc.places.cache.mkdir(parents=True)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert found(pc, "cache").level == "warning"


def test_check_says_when_no_folder_can_keep_machine_code(pc: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Windows, without a home that can be written: what it costs, and what to set."""
    pc.windows = False
    assert found(pc, "cache").level in {"ok", "note"}
    monkeypatch.setattr("addin.install.check.kept", lambda: None)
    assert "NUMBA_CACHE_DIR" in found(pc, "cache").text.zh
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "engine.compiled", raising=False)
    assert found(pc, "parts").level == "error" and "numba" in found(pc, "parts").what.en


def test_check_sees_that_the_python_below_the_environment_is_gone(pc: FakeWindows, sources: Sources) -> None:
    """An environment outlives the Python it was made from, and then does not start."""
    put(pc, sources)
    base = pc.root / "Programs" / "Python312"
    (pc.places.venv / "pyvenv.cfg").write_text(f"home = {base}\nversion = 3.12.4\n", encoding="utf-8")
    assert str(base) in found(pc, "environment").what.zh and found(pc, "environment").level == "error"
    base.mkdir(parents=True)
    (base / "python.exe").touch()
    assert found(pc, "environment").level == "ok"


def test_check_sees_a_second_add_in_in_the_start_folder(pc: FakeWindows, sources: Sources) -> None:
    """A copy that somebody put there by hand: Excel would open both."""
    put(pc, sources)
    assert "twice" not in levels(pc)
    pc.places.addin.with_name("EvenClass (1).xlam").touch()
    assert found(pc, "twice").level == "warning" and "EvenClass (1).xlam" in found(pc, "twice").what.zh


def test_check_works_on_this_machine() -> None:
    """On the real machine, whatever it is, there are findings in both languages and no exception."""
    findings = check.check_installation(windows.ThisMachine())
    assert findings and all(finding.text.zh and finding.text.en for finding in findings)


def test_xlwings_is_the_version_that_the_package_requires() -> None:
    """What check demands is what pyproject.toml demands."""
    assert f'"xlwings>={check.XLWINGS}' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_programs_are_run_and_their_output_kept() -> None:
    """The real machine runs a program, keeps its output in UTF-8, and a missing one is an ending like another."""
    machine = windows.ThisMachine()
    ran = machine.run(
        [sys.executable, "-c", "import os; print('班', os.environ['X']); raise SystemExit(3)"], {"X": "1"}
    )
    assert (ran.code, ran.output.strip()) == (3, "班 1")
    assert machine.run(["no-such-program"]).code == 127


def test_the_desktop_link_has_a_name_that_windows_allows() -> None:
    """No character in the names we give is one that Windows forbids."""
    assert not set(LINK + ADDIN) & set('<>:"/\\|?*')


@pytest.mark.parametrize(("command", "ending"), [("build", ".xlam"), ("oxt", ".oxt"), ("bundle", ".zip")])
def test_what_is_made_has_its_ending_and_a_folder(command: str, ending: str, tmp_path: Path) -> None:
    """Another ending, which nothing would open, and a folder that is not there are refused in words."""
    for wrong in (tmp_path / "made.txt", tmp_path / "missing" / f"made{ending}"):
        done = CliRunner().invoke(app, ["addin", command, str(wrong)])
        assert done.exit_code == 2 and ending in done.stderr
        assert not wrong.exists()
