"""An office process of our own: private profile, start, wait, clean stop; or a line to the user's running one."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import uno
from com.sun.star.beans import NamedValue

from .operations import operations
from .wire import answered, message, serve

# No lock files beside the user's workbooks, no copies for recovery, no questions.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>"""
_ITEM = '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
_VALUES = (
    ("Common/Misc", "UseLocking", "false"),
    ("Common/Misc", "UseDocumentOOoLockFile", "false"),
    ("Common/Misc", "FirstRun", "false"),
    ("Recovery/AutoSave", "Enabled", "false"),
)
SERVANT = "org.evenclass.Servant"
PATIENCE = 60.0  # seconds for a first start on a slow disk


def main(arguments: list[str]) -> None:
    """Serve until standard input ends; then end the office, if it is ours."""
    requests, answers = _line()
    how, where = arguments
    with contextlib.ExitStack() as stack:
        try:
            pipe = stack.enter_context(_own(where)) if how == "start" else where
            context = connected(pipe, PATIENCE if how == "start" else 5.0)
        except Exception as why:
            _send(answers, ["no", str(why) or type(why).__name__, ""])
            return
        if how == "start":
            stack.callback(_terminate, context)
        _send(answers, ["ok", {"python": sys.version.split()[0]}])
        serve(requests, answers, inside(context))


def inside(context: Any) -> Callable[[bytes], bytes]:
    """Return what answers a request: the same code loaded into the office, or here if that has no Python of its own.

    An operation makes dozens of calls to the office, and each takes ten times as long from outside.
    """
    try:
        loader = context.ServiceManager.createInstanceWithContext("com.sun.star.loader.Python", context)
        module = Path(__file__).with_name("inside.py").resolve().as_uri()
        servant = loader.activate(SERVANT, "", module, None).createInstanceWithContext(context)
        return lambda line: str(servant.execute((NamedValue("request", line.decode("ascii")),))).encode("ascii")
    except Exception:  # no loader, or a Python that cannot load this
        asked = operations(context)
        return lambda line: answered(line, asked)


def _send(stream: IO[bytes], content: object) -> None:
    stream.write(message(content))
    stream.flush()


def _line() -> tuple[IO[bytes], IO[bytes]]:
    """Return the line to the other side; nothing else can then print into it, the office neither."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


@contextlib.contextmanager
def _own(soffice: str) -> Iterator[str]:
    """Start an office with a profile of its own; its whole process group ends with the block."""
    folder = tempfile.mkdtemp(prefix="evenclass-office-")
    user = Path(folder) / "user"
    user.mkdir()
    items = "".join(_ITEM.format(*each) for each in _VALUES)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items), encoding="utf-8")
    pipe = "evenclass" + Path(folder).name.replace("-", "").replace("_", "")
    command = [
        soffice,
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nofirststartwizard",
        "-env:UserInstallation=" + Path(folder).as_uri(),
        "--accept=pipe,name={};urp;".format(pipe),
    ]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        yield pipe
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def connected(pipe: str, patience: float) -> Any:
    """Return the component context of the office that listens on a pipe. Raises RuntimeError if none answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + patience
    while True:
        try:
            return resolver.resolve("uno:pipe,name={};urp;StarOffice.ComponentContext".format(pipe))
        except Exception as why:  # NoConnectException, and others while it starts
            if time.monotonic() > end:
                raise RuntimeError("no office answers on the pipe " + pipe) from why
            time.sleep(0.05)


def _terminate(context: Any) -> None:
    with contextlib.suppress(Exception):
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        for document in list(desktop.Components):
            with contextlib.suppress(Exception):
                document.close(True)
        desktop.terminate()
