"""Check the installation: what is wrong in words, and how to mend it; behind `addin check` and a ribbon button."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from addin.install import record as records
from addin.install.excel import excel_findings
from addin.install.finding import Finding
from addin.install.machine import Machine, Places
from addin.install.setup import RUNTIME, unsuitable
from addin.install.windows import ThisMachine
from engine import __version__
from engine.wording import Text, listed, plain

XLWINGS = "0.37."
AGAIN = Text("请再运行一次安装（install.cmd）。", "Install once more (install.cmd).")


def check_installation(machine: Machine | None = None) -> list[Finding]:
    """Look at everything that can be wrong on this PC; what is fine is said too. Changes nothing."""
    machine = machine or ThisMachine()
    found = [*_python(machine), *_xlwings(machine), *_cache(machine)]
    if machine.windows:
        found += [*_environment(machine), *_addin(machine), *_desktop(machine), *excel_findings(machine)]
    else:
        what = Text(
            "这台电脑不是 Windows：Excel 里的按钮装不上。",
            "This PC does not run Windows: the buttons in Excel cannot be installed.",
        )
        mend = Text(
            "请用 LibreOffice 扩展（evenclass addin oxt）或命令行（evenclass place）。",
            "Use the LibreOffice extension (evenclass addin oxt) or the command line (evenclass place).",
        )
        found.append(Finding("windows", "note", what, mend))
    return found


def _python(machine: Machine) -> Iterator[Finding]:
    wrong = unsuitable(machine)
    said = ".".join(map(str, machine.interpreter.version))
    if wrong is None:
        yield Finding("python", "ok", Text("Python {v}（64 位）。", "Python {v} (64 bit).").fill(v=said))
    else:
        yield Finding("python", "error", wrong)


def _xlwings(machine: Machine) -> Iterator[Finding]:
    """Say whether the Python package fits the add-in file: the names of xlwings' parts carry its version."""
    found, made = machine.version("xlwings"), None
    if machine.windows and machine.places.packages.is_dir():  # what Excel starts, whichever Python this is
        found, made = records.installed_version(machine.places.packages, "xlwings"), records.read(machine.places.record)
    if found is None:
        what = Text("没有装 xlwings，需要 {n}x 版。", "xlwings is missing, {n}x is needed.")
        yield Finding("xlwings", "error", what.fill(n=XLWINGS), AGAIN)
    elif not found.startswith(XLWINGS):
        what = Text("xlwings 是 {f} 版，需要 {n}x 版。", "xlwings is {f}, but {n}x is needed.")
        yield Finding("xlwings", "error", what.fill(f=found, n=XLWINGS), AGAIN)
    elif made is not None and made.xlwings != found:
        what = Text(
            "加载项是按 xlwings {a} 装的，现在的是 {f}。", "The add-in was installed for xlwings {a}, this is {f}."
        )
        yield Finding("xlwings", "error", what.fill(a=made.xlwings or "?", f=found), AGAIN)
    else:
        yield Finding("xlwings", "ok", Text("xlwings {f}。", "xlwings {f}.").fill(f=found))


def kept() -> Path | None:
    """Return where the running Python keeps machine code unless it was told; loads the compiler."""
    from engine.compiled import kept_in

    return kept_in()


def _cache(machine: Machine) -> Iterator[Finding]:
    """Say whether machine code can be kept, and has been; without it every click waits for the compiler."""
    try:
        folder = machine.cache or (machine.places.cache if machine.windows else kept())
    except ImportError as missing:
        what = Text("程序的一部分不能加载（{e}）。", "A part of the program cannot be loaded ({e}).")
        yield Finding("parts", "error", what.fill(e=str(missing).strip().splitlines()[0]), AGAIN)
        return
    if folder is None:
        what = Text(
            "没有一个可以写入的文件夹来保存机器码，每次分班都要多等半分钟。",
            "There is no folder in which machine code could be kept: every placement takes half a minute longer.",
        )
        mend = Text(
            "请用环境变量 NUMBA_CACHE_DIR 指定一个您能写入的文件夹。",
            "Let the environment variable NUMBA_CACHE_DIR name a folder in which you may write.",
        )
        yield Finding("cache", "warning", what, mend)
        return
    probe = folder / ".probe"
    try:
        if folder.is_dir():
            probe.write_bytes(b"")
            probe.unlink()
    except OSError as error:
        what = Text("缓存文件夹“{p}”不能写入：{e}。", "The cache folder “{p}” cannot be written to: {e}.")
        mend = Text(
            "每次分班会慢十几秒。请检查磁盘空间和该文件夹的权限，或删掉它再安装一次。",
            "Every placement takes seconds longer. Check the disk's space and the folder's rights, or delete it and "
            "install again.",
        )
        yield Finding("cache", "warning", what.fill(p=folder, e=error.strerror), mend)
        return
    if any(folder.rglob("*.nbi")):
        yield Finding("cache", "ok", Text("机器码已缓存，启动快。", "Machine code is cached: starts are fast."))
    else:
        what = Text("还没有缓存机器码，第一次分班会慢。", "No machine code is cached yet: the first placement is slow.")
        yield Finding("cache", "note", what, Text("分一次班就好。", "Place once, then it is."))


def _environment(machine: Machine) -> Iterator[Finding]:
    places = machine.places
    found = records.installed_version(places.packages, "evenclass")
    if not places.python.is_file() or found is None:
        what = Text(
            "没有运行环境“{p}”，Excel 里的按钮不会有反应。",
            "There is no environment “{p}”: the buttons in Excel do nothing.",
        )
        yield Finding("environment", "error", what.fill(p=places.venv), AGAIN)
    elif found != __version__:
        what = Text("Excel 用的是 {f} 版，这里是 {v} 版。", "Excel uses version {f}, this is version {v}.")
        yield Finding("environment", "error", what.fill(f=found, v=__version__), AGAIN)
    elif (base := base_of(places)) is not None and not (base / "python.exe").is_file():
        what = Text(
            "装 EvenClass 时用的 Python（{b}）已被卸载或移走，Excel 里的按钮不会有反应。",
            "The Python that EvenClass was installed with ({b}) was uninstalled or moved: the buttons in Excel do "
            "nothing.",
        )
        yield Finding("environment", "error", what.fill(b=base), AGAIN)
    else:
        what = Text("运行环境：EvenClass {f}，{p}。", "Environment: EvenClass {f}, {p}.")
        yield Finding("environment", "ok", what.fill(f=found, p=places.venv))
    carried = (places.venv / RUNTIME).is_file()
    if not carried and not (places.system / RUNTIME).is_file():
        what = Text("缺少微软的 C++ 运行库（{r}），程序无法启动。", "Microsoft's C++ runtime ({r}) is missing.")
        mend = Text(
            "请让管理员安装“Microsoft Visual C++ 2015-2022 Redistributable (x64)”。",
            "Have the administrator install “Microsoft Visual C++ 2015-2022 Redistributable (x64)”.",
        )
        yield Finding("runtime", "error", what.fill(r=RUNTIME), mend)


def base_of(places: Places) -> Path | None:
    """Return the folder of the Python that the environment was made from; None if that is not written down."""
    try:
        lines = (places.venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    told = (line.partition("=") for line in lines)
    return next((Path(value.strip()) for key, _, value in told if key.strip().casefold() == "home"), None)


def _addin(machine: Machine) -> Iterator[Finding]:
    path, made = machine.places.addin, records.read(machine.places.record)
    if not path.is_file():
        what = Text("Excel 的启动文件夹里没有加载项：{p}。", "The add-in is not in Excel's start folder: {p}.")
        yield Finding("addin", "error", what.fill(p=path), AGAIN)
        return
    if made is None or made.addin != records.digest(path) or made.version != __version__:
        what = Text(
            "加载项和程序不是同一次安装的（程序 {v} 版）。",
            "The add-in is not from the same installation as the program (version {v}).",
        )
        yield Finding("addin", "error", what.fill(v=__version__), AGAIN)
    else:
        yield Finding("addin", "ok", Text("加载项：{p}。", "Add-in: {p}.").fill(p=path))
    others = [other.name for other in sorted(path.parent.glob("EvenClass*.xlam")) if other.name != path.name]
    if others:
        what = Text(
            "Excel 的启动文件夹里还有别的 EvenClass 加载项：{o}。Excel 会把它们也打开，出现重复的按钮。",
            "Excel's start folder holds other EvenClass add-ins: {o}. Excel opens them, too, and shows buttons twice.",
        )
        mend = Text("请关闭 Excel，删掉它们。文件夹：{f}。", "Close Excel and delete them. The folder: {f}.")
        told = what.fill(o=listed([plain(name) for name in others]))
        yield Finding("twice", "warning", told, mend.fill(f=path.parent))
    if _marked(machine):
        what = Text(
            "加载项带有“来自互联网”的标记，Excel 会挡住它。", "The add-in is marked as downloaded: Excel blocks it."
        )
        mend = Text(
            "右键点该文件，选“属性”，勾“解除锁定”，确定；或再安装一次。",
            "Right-click the file, Properties, tick Unblock, OK; or install once more.",
        )
        yield Finding("mark", "error", what, mend)


def _marked(machine: Machine) -> bool:
    """Return whether the add-in has the stream in which Windows keeps where a file came from."""
    try:
        with open(f"{machine.places.addin}:Zone.Identifier", "rb"):  # noqa: PTH123 # a stream is no path to pathlib
            return True
    except OSError:
        return False


def _desktop(machine: Machine) -> Iterator[Finding]:
    places = machine.places
    if not places.link.exists() and not places.script.exists():
        what = Text("桌面上没有快捷方式。", "There is no shortcut on the desktop.")
        mend = Text("要用的话，再安装一次。", "If you want it, install once more.")
        yield Finding("shortcut", "note", what, mend)
    elif "onedrive" in str(places.desktop).casefold():
        what = Text(
            "桌面在 OneDrive 里，快捷方式也会出现在您别的电脑上，在那里要先安装才能用。",
            "The desktop is kept by OneDrive: the shortcut also appears on your other PCs and works there only "
            "after an installation.",
        )
        yield Finding("shortcut", "note", what)
    else:
        yield Finding("shortcut", "ok", Text("桌面上有快捷方式。", "The shortcut is on the desktop."))
    if str(places.roaming).startswith("\\\\"):
        what = Text(
            "个人文件夹在网络上（{p}），Excel 可能不信任那里的加载项。",
            "The personal folder is on the network ({p}): Excel may not trust an add-in there.",
        )
        mend = Text(
            "请管理员在信任中心里允许网络上的受信任位置。",
            "Have the administrator allow trusted locations on the network in the Trust Center.",
        )
        yield Finding("network", "warning", what.fill(p=places.roaming), mend)
