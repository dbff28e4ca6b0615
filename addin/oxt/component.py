"""The extension's part inside LibreOffice: takes a click, starts the project's Python and answers what it asks.

Standard library and uno only. Python is started beside LibreOffice, never waited for on LibreOffice's own thread: that
thread is needed to answer.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from office_side.operations import operations
from office_side.wire import serve

NAME = "org.evenclass.Buttons"
PROTOCOL = "vnd.evenclass:"
_FACTS = json.loads((Path(__file__).resolve().parent / "facts.json").read_text(encoding="utf-8"))


class Work:
    """What runs at the moment; one command at a time in all windows."""

    def __init__(self) -> None:
        self.busy = threading.Lock()
        self.stop = False


WORK = Work()


class Callback(unohelper.Base, XCallback):  # type: ignore[misc]
    """Runs a function on LibreOffice's own thread, where message boxes belong."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self._done = threading.Event()
        self._result: Any = None

    def notify(self, data: Any) -> None:
        """Do it."""
        try:
            self._result = self._function()
        finally:
            self._done.set()

    def result(self, context: Any) -> Any:
        """Return the result once it is there."""
        caller = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.AsyncCallback", context)
        caller.addCallback(self, None)
        self._done.wait()
        return self._result


class Buttons(unohelper.Base, XDispatchProvider, XDispatch, XInitialization, XServiceInfo):  # type: ignore[misc]
    """Menu and toolbar of one window."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        self._context = context
        self._frame = arguments[0] if arguments else None

    def initialize(self, arguments: Any) -> None:
        """Take the window."""
        self._frame = arguments[0] if arguments else self._frame

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:  # noqa: N802
        """Return who answers an address."""
        return self if url.Complete.startswith(PROTOCOL) else None

    def queryDispatches(self, requests: Any) -> Any:  # noqa: N802
        """Return who answers addresses."""
        return tuple(self.queryDispatch(each.FeatureURL, each.FrameName, each.SearchFlags) for each in requests)

    def addStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802
        """Do nothing: every button can always be pressed, and says so if there is nothing to do."""

    def removeStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802
        """Do nothing."""

    def dispatch(self, url: Any, arguments: Any) -> None:
        """Take a click."""
        key = url.Complete[len(PROTOCOL) :]
        if key == "stop":
            WORK.stop = True
        elif WORK.busy.acquire(blocking=False):
            threading.Thread(target=self._work, args=(key, self._document()), daemon=True).start()

    def _document(self) -> Any:
        controller = self._frame.getController() if self._frame is not None else None
        return controller.getModel() if controller is not None else None

    def _work(self, key: str, document: Any) -> None:
        WORK.stop = False
        try:
            with log_path().open("wb") as log:
                started = python_command(key)
                pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
                process = subprocess.Popen(started, env=environment(), **pipes)  # type: ignore[call-overload]
                asked = operations(self._context, document, lambda function: Callback(function).result(self._context))
                serve(process.stdout, process.stdin, {**asked, "stopped": lambda: WORK.stop})
                process.stdin.close()
                code = process.wait()
            if code != 0:
                self._sorry(document, "code {}".format(code))  # noqa: UP032
        except Exception as why:  # Python is not where it was, or cannot start
            self._sorry(document, str(why))
        finally:
            WORK.busy.release()

    def _sorry(self, document: Any, why: str) -> None:
        words = "\n\n".join(_FACTS["sorry"]).format(why=why, log=log_path())
        if document is not None:
            ask = operations(self._context, document, lambda function: Callback(function).result(self._context))
            ask["ask"](ask["current"](), "warning", "ok", ["EvenClass", words])

    def getImplementationName(self) -> str:  # noqa: N802
        """Return the component's name."""
        return NAME

    def supportsService(self, name: str) -> bool:  # noqa: N802
        """Return whether the component is such a service."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        """Return the services."""
        return ("com.sun.star.frame.ProtocolHandler",)


def log_path() -> Path:
    """Return the file that keeps what went wrong with the last click."""
    return Path(tempfile.gettempdir()) / "evenclass-libreoffice-{}.log".format(os.environ.get("USER", "user"))


def python_command(key: str) -> list[str]:
    """Return the command that does what a button says."""
    return [project_python(), "-I", "-m", "addin.office", key]


def project_python() -> str:
    """Return the Python that has EvenClass: chosen by the user, the one that built the extension, or from the path."""
    launcher = shutil.which("evenclass")
    beside = [str(Path(os.path.realpath(launcher)).with_name("python"))] if launcher else []
    for python in [os.environ.get("EVENCLASS_PYTHON", ""), _FACTS["python"], *beside]:
        if python and Path(python).is_file():
            return str(python)
    raise FileNotFoundError("EvenClass")


def environment() -> dict[str, str]:
    """Return the environment without what LibreOffice sets for its own Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 # the loader asks for this name
g_ImplementationHelper.addImplementation(Buttons, NAME, ("com.sun.star.frame.ProtocolHandler",))
sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 # none on Windows
