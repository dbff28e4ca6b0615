"""The line to LibreOffice: which Python there can speak UNO, requests and answers, start and stop."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import IO, Any

from addin.trouble import FileTrouble
from engine.wording import Text

SIDE = Path(__file__).resolve().parent / "office_side"
_CHOSEN = "EVENCLASS_SOFFICE"  # the path of soffice, where it cannot be found
_NO_OFFICE = Text(
    "这台电脑上找不到 LibreOffice。请安装 LibreOffice（Calc），或用环境变量 EVENCLASS_SOFFICE 指出 soffice 在哪里。",
    "LibreOffice is not found on this computer. Install LibreOffice (Calc), or let the environment variable "
    "EVENCLASS_SOFFICE say where soffice is.",
)
_NO_UNO = Text(
    "找到了 LibreOffice，但没有能用它的 Python（缺少 uno 模块）。在 Debian、Ubuntu 上请安装 python3-uno；"
    "其他系统请安装 LibreOffice 官方版。",
    "LibreOffice is there, but no Python that can talk to it (the module uno is missing). On Debian and Ubuntu install "
    "python3-uno; elsewhere install LibreOffice's own build.",
)
_NOT_STARTED = Text(
    "LibreOffice 没有启动成功（{why}）。请先在桌面上打开一次 LibreOffice，看它是否正常。",
    "LibreOffice did not start ({why}). Open LibreOffice once on the desktop and see whether it works.",
)
_GONE = Text(
    "LibreOffice 中途退出了。已保存的文件没有改动；请再试一次。",
    "LibreOffice has ended in the middle of the work. Saved files are as they were; try again.",
)
_REFUSED = Text(
    "LibreOffice 不接受这一步（{what}：{why}）。请检查工作表是否受保护，或有合并单元格。",
    "LibreOffice does not accept this ({what}: {why}). Check whether the sheet is protected or has merged cells.",
)


class RefusedError(FileTrouble):
    """LibreOffice did not do what was asked; ``why`` is its own word, ``trace`` for the log."""

    def __init__(self, what: str, why: str, trace: str) -> None:
        super().__init__(_REFUSED.fill(what=what, why=why))
        self.why = why
        self.trace = trace


class LineGoneError(FileTrouble):
    """LibreOffice has ended."""

    def __init__(self) -> None:
        super().__init__(_GONE)


class Line:
    """A line to the office: one request, one answer at a time."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes], process: subprocess.Popen[bytes] | None = None) -> None:
        self._requests = requests
        self._answers = answers
        self._process = process
        self._lock = Lock()

    def ask(self, operation: str, *arguments: object) -> Any:
        """Return the answer to a request. Raises `RefusedError` if it failed, `LineGoneError` if the office is gone."""
        message = json.dumps([operation, *arguments], separators=(",", ":")).encode("ascii") + b"\n"
        with self._lock:
            try:
                self._requests.write(message)
                self._requests.flush()
                answer = self._answers.readline()
            except (OSError, ValueError) as why:
                raise LineGoneError from why
        if not answer:
            raise LineGoneError
        verdict, *rest = json.loads(answer)
        if verdict != "ok":
            raise RefusedError(operation, *rest)
        return rest[0]

    @property
    def alive(self) -> bool:
        """Whether the office's side still runs."""
        return self._process is None or self._process.poll() is None

    def close(self) -> None:
        """Let go of the office; one of our own ends with that."""
        for stream in (self._requests, self._answers):
            try:
                stream.close()
            except OSError:
                continue
        if self._process is not None:
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def started() -> Line:
    """Start an office of our own, without a window, and return the line to it. Raises `FileTrouble`."""
    return _line("start", soffice())


def attached(pipe: str) -> Line:
    """Return a line to an office that runs with ``--accept="pipe,name=...;urp;"``. Raises `FileTrouble`."""
    return _line("attach", pipe)


def _line(how: str, where: str) -> Line:
    command = [speaker(), "-B", str(SIDE), how, where]
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, stderr=quiet)
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    greeting = process.stdout.readline()
    verdict, *rest = json.loads(greeting) if greeting else ("no", "uno")
    line = Line(process.stdin, process.stdout, process)
    if verdict != "ok":
        line.close()
        raise FileTrouble(_NOT_STARTED.fill(why=rest[0]))
    return line


@lru_cache(maxsize=1)
def soffice() -> str:
    """Return the path of LibreOffice's program. Raises `FileTrouble` if there is none."""
    chosen = os.environ.get(_CHOSEN)
    usual = [
        *([chosen] if chosen else []),
        *filter(None, map(shutil.which, ("soffice", "libreoffice"))),
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        *map(str, sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)),
    ]
    for path in usual:
        if Path(path).is_file():
            return str(path)
    raise FileTrouble(_NO_OFFICE)


def environment() -> dict[str, str]:
    """Return the environment without what tells a Python where to look for modules, or what to run first."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@lru_cache(maxsize=1)
def speaker() -> str:
    """Return a Python that can import uno: LibreOffice's own, the system's, or this one. Raises `FileTrouble`.

    It is tried in a folder of ours: a ``uno.py`` beside the workbook must not be what it imports. (Option -I would do
    more, but LibreOffice's own Python finds uno through its start script, by PYTHONPATH.)
    """
    folder = Path(os.path.realpath(soffice())).parent
    own = [folder / name for name in ("python", "python.bin", "../Resources/python")]
    for python in [*map(str, own), "/usr/bin/python3", shutil.which("python3") or "", sys.executable]:
        if python and Path(python).is_file():
            probe = [python, "-c", "import uno; uno.getComponentContext"]
            done = subprocess.run(probe, cwd=SIDE, env=environment(), capture_output=True, check=False, timeout=60)
            if done.returncode == 0:
                return python
    raise FileTrouble(_NO_UNO)


def available() -> Text | None:
    """Return what is missing for work with LibreOffice, None if nothing is."""
    try:
        speaker()
    except FileTrouble as trouble:
        return trouble.text
    return None
