"""Install for one Windows user: environment, machine code, add-in, shortcut; every step may be repeated."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from addin.install import record as records
from addin.install.machine import Machine, Ran
from addin.install.shortcut import put_shortcut
from addin.install.source import source_folder
from addin.install.steps import Say, Step, Undo, moved_aside, take_all
from addin.trouble import FileTrouble
from engine import __version__
from engine.wording import Text

OLDEST = (3, 11)
RUNTIME = "msvcp140.dll"
NEEDLESS = r"[\\/](test|tests|idlelib|lib2to3|turtledemo|site-packages)[\\/]"
START_LINE = (
    "import os, sys; "
    "os.environ.setdefault('NUMBA_CACHE_DIR', os.path.join(os.environ.get('LOCALAPPDATA', ''), 'EvenClass', 'cache')); "
    "hasattr(os, 'add_dll_directory') and os.add_dll_directory(sys.prefix)\n"
)
LAUNCHER = (  # as pip makes it, but that Python starts isolated, as it does everywhere else
    "import sys; from pip._vendor.distlib.scripts import ScriptMaker; maker = ScriptMaker(None, sys.argv[1]); "
    "maker.clobber = True; maker.variants = {''}; "
    "maker.make('evenclass = addin.__main__:main', {'interpreter_args': ['-I']})"
)
CLOSE_EXCEL = Text(
    "“{p}”正在使用中。请关闭所有 Excel 窗口后再试。", "“{p}” is in use. Close every Excel window and try again."
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What to install from: a folder of wheels (else the source folder and the internet) and the add-in file."""

    wheels: Path | None = None
    addin: Path | None = None


def install(machine: Machine, sources: Sources, say: Say, *, fresh: bool = False) -> None:
    """Install, or bring up to date; ``fresh`` makes the environment anew even where it is the same version.

    Raises `FileTrouble` with everything taken back, or with what could not be.
    """
    _must_be_possible(machine)
    places = machine.places
    places.home.mkdir(parents=True, exist_ok=True)
    steps = (
        Step(Text("建立运行环境", "Making the environment"), lambda: _environment(machine, sources, fresh=fresh)),
        Step(Text("设置缓存文件夹", "Setting the cache folder"), lambda: _start_file(machine)),
        Step(Text("建立命令 evenclass", "Making the command evenclass"), lambda: _launcher(machine)),
        Step(Text("编译程序", "Compiling"), lambda: _compile(machine)),
        Step(Text("试分一次班（约一分钟）", "Placing once to warm up (about a minute)"), lambda: _warm_up(machine)),
        Step(Text("把加载项放进 Excel", "Putting the add-in into Excel"), lambda: _addin(machine, sources)),
        Step(Text("在桌面放快捷方式", "Putting the shortcut on the desktop"), lambda: put_shortcut(machine)),
        Step(Text("写下安装记录", "Writing the record"), lambda: _record(machine)),
    )
    take_all(steps, say)
    shutil.rmtree(places.venv.with_name("venv.old"), ignore_errors=True)


def inside(machine: Machine) -> bool:
    """Return whether the running Python is the installed environment itself."""
    return machine.interpreter.prefix == machine.places.venv


def unsuitable(machine: Machine) -> Text | None:
    """Return what is wrong with the running Python, with what to do; None if it will do."""
    python = machine.interpreter
    said = ".".join(map(str, python.version))
    if python.version[:2] < OLDEST or python.bits != 64:
        what = Text(
            "这是 Python {v}（{b} 位），需要 3.11 或更新的 64 位 Python。请安装 Python 3.12（64 位）后再试。",
            "This is Python {v} ({b} bit); 3.11 or newer, 64 bit, is needed. Install Python 3.12 (64 bit), try again.",
        )
        return what.fill(v=said, b=python.bits)
    if python.from_store:
        return Text(
            "这是微软商店版的 Python，Excel 看不到它写入的文件。请安装 python.org 的 Python 3.12（64 位）后再试。",
            "This Python is from the Microsoft Store: Excel cannot see the files it writes. Install Python 3.12 "
            "(64 bit) from python.org and try again.",
        )
    return None


def _must_be_possible(machine: Machine) -> None:
    if not machine.windows:
        what = Text(
            "安装到 Excel 只能在 Windows 上进行。Linux 请用 LibreOffice 扩展（evenclass addin oxt），"
            "苹果电脑请用命令行（evenclass place）。",
            "Installing into Excel works on Windows only. On Linux use the LibreOffice extension (evenclass addin "
            "oxt), on a Mac the command line (evenclass place).",
        )
        raise FileTrouble(what)
    wrong = unsuitable(machine)
    if wrong is not None:
        raise FileTrouble(wrong)


def _environment(machine: Machine, sources: Sources, *, fresh: bool) -> Undo | None:
    places = machine.places
    same = places.python.is_file() and records.installed_version(places.packages, "evenclass") == __version__
    if inside(machine) or (same and not fresh):
        return None
    back: Undo | None = None
    if places.venv.exists():
        try:
            _, back = moved_aside(places.venv)
        except OSError as error:
            raise FileTrouble(CLOSE_EXCEL.fill(p=places.venv)) from error

    def restore() -> None:
        if back is not None:
            back()
        elif places.venv.exists():
            shutil.rmtree(places.venv)

    try:
        _succeed(machine, machine.run([str(machine.interpreter.executable), "-I", "-m", "venv", str(places.venv)]))
        _succeed(machine, machine.run(_pip(machine, sources)))
    except FileTrouble as trouble:
        try:
            restore()
        except OSError as error:
            what = Text("{t} 留下了文件夹“{p}”，可以删掉。", "{t} The folder “{p}” is left and may be deleted.")
            raise FileTrouble(what.fill(t=trouble.text, p=places.venv)) from error
        raise
    return restore


def _pip(machine: Machine, sources: Sources) -> list[str]:
    """Return the command that fills the environment: from the wheels alone, or from the source folder."""
    pip = [str(machine.places.python), "-I", "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    runtime = [] if (machine.places.system / RUNTIME).exists() else ["msvc-runtime"]
    if sources.wheels is not None:
        packed = any(sources.wheels.glob("msvc_runtime-*.whl"))
        offline = ["--isolated", "--no-index", "--find-links", str(sources.wheels)]
        return [*pip, *offline, f"evenclass=={__version__}", "pywin32", *(runtime if packed else [])]
    folder = source_folder()
    if folder is None:
        what = Text(
            "找不到安装来源。请用离线包里的 install.cmd 安装，或用 --wheels 指定安装包所在的文件夹。",
            "There is nothing to install from. Use install.cmd of the bundle, or name a folder of wheels by --wheels.",
        )
        raise FileTrouble(what)
    return [*pip, str(folder), "pywin32", *runtime]


def _start_file(machine: Machine) -> Undo | None:
    r"""Let every start of the environment know the cache; ASCII and %LOCALAPPDATA% only, whatever the user's name."""
    places = machine.places
    path = places.packages / "evenclass_start.pth"
    places.cache.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_text(encoding="ascii") == START_LINE:
        return None
    path.write_text(START_LINE, encoding="ascii")
    return lambda: path.unlink(missing_ok=True)


def _launcher(machine: Machine) -> None:
    """Make pip's launcher anew so that a PYTHONPATH cannot put other modules before ours; else pip's own stays."""
    python = machine.places.python
    _log(machine, machine.run([str(python), "-I", "-c", LAUNCHER, str(python.parent)]))


def _compile(machine: Machine) -> None:
    """Compile what Excel's ``python -B`` would compile anew at every click; Python's own library if we may."""
    python, base = str(machine.places.python), machine.interpreter.base / "Lib"
    for words in (["-q", str(machine.places.packages)], ["-q", "-x", NEEDLESS, str(base)]):
        _log(machine, machine.run([python, "-I", "-m", "compileall", *words]))


def _warm_up(machine: Machine) -> None:
    """Place the example roster: proves that everything works here, and leaves machine code in the cache."""
    folder = machine.places.temp / "EvenClass-warm-up"
    command = [str(machine.places.python), "-I", "-m", "addin", "demo", "-o", str(folder)]
    ran = machine.run(command, {"NUMBA_CACHE_DIR": str(machine.places.cache)})
    placed = any(
        folder.glob("*分班.xlsx")
    )  # the code alone would not do: a Python that fails ends with 1 like a placement
    shutil.rmtree(folder, ignore_errors=True)
    _succeed(machine, Ran(0 if placed else 1, ran.output))


def _addin(machine: Machine, sources: Sources) -> Undo | None:
    places = machine.places
    content = _addin_file(machine, sources)
    before = places.addin.read_bytes() if places.addin.is_file() else None
    if before != content:
        _replace(places.addin, content)
    unblock(places.addin)
    if before == content:
        return None
    return lambda: places.addin.unlink() if before is None else _replace(places.addin, before)


def _addin_file(machine: Machine, sources: Sources) -> bytes:
    """Return the add-in that was given, or build it for the xlwings that is here."""
    from addin.ribbon.build import build_addin

    if sources.addin is not None:
        try:
            return sources.addin.read_bytes()
        except OSError as error:
            raise FileTrouble(Text("找不到加载项“{p}”。", "There is no add-in “{p}”.").fill(p=sources.addin)) from error
    built = machine.places.temp / "EvenClass-build.xlam"
    build_addin(built)
    content = built.read_bytes()
    built.unlink()
    return content


def unblock(path: Path) -> None:
    """Take away the mark that says a file came from the internet, for which Excel would block its macros."""
    Path(f"{path}:Zone.Identifier").unlink(missing_ok=True)


def _replace(path: Path, content: bytes) -> None:
    """Write the add-in whole or not at all; staged one folder up, as Excel opens whatever lies in XLSTART."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.parent.parent / "EvenClass.new"
    try:
        staged.write_bytes(content)
        staged.replace(path)
    except OSError as error:
        staged.unlink(missing_ok=True)
        raise FileTrouble(CLOSE_EXCEL.fill(p=path)) from error


def _record(machine: Machine) -> None:
    places = machine.places
    desktop = places.link if places.link.exists() else places.script
    made = records.Record(
        version=__version__,
        xlwings=records.installed_version(places.packages, "xlwings") or "",
        addin=records.digest(places.addin),
        desktop=str(desktop),
    )
    records.write(places.record, made)


def _succeed(machine: Machine, ran: Ran) -> None:
    """Keep what a program printed; raise `FileTrouble` with its last line if it failed."""
    _log(machine, ran)
    if ran.code != 0:
        lines = ran.output.strip().splitlines() or [f"exit {ran.code}"]
        what = Text("{e}（全部输出见 {p}）。", "{e} (the whole output is in {p}).")
        raise FileTrouble(what.fill(e=lines[-1], p=machine.places.log))


def _log(machine: Machine, ran: Ran) -> None:
    with machine.places.log.open("a", encoding="utf-8") as log:
        log.write(ran.output)
