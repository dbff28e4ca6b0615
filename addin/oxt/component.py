"""The extension's part inside LibreOffice: takes a click, starts the project's Python and answers what it asks.

Standard library and uno only. Python is started beside LibreOffice, never waited for on LibreOffice's own thread: that
thread is needed to answer. It stays for the next click, which then need not wait for it to start and load.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from office_side.operations import operations
from office_side.wire import answered, serve

NAME = "org.evenclass.Buttons"
PROTOCOL = "vnd.evenclass:"
_PATIENCE = 300.0  # seconds for which Python waits for another click
_FACTS = json.loads((Path(__file__).resolve().parent / "facts.json").read_text(encoding="utf-8"))


class Click(NamedTuple):
    """Which button was clicked, and where."""

    key: str
    context: Any
    document: Any

    def operations(self) -> dict[str, Callable[..., Any]]:
        """Return what Python may ask while it works for this click."""
        in_front = lambda function: Callback(function).result(self.context)  # noqa: E731 # short
        asked: dict[str, Callable[..., Any]] = operations(self.context, self.document, in_front)
        return asked

    def sorry(self, why: str) -> None:
        """Say that it was not done."""
        words = "\n\n".join(_FACTS["sorry"]).format(why=why, log=log_path())
        if self.document is not None:
            ask = self.operations()
            ask["ask"](ask["current"](), "warning", "ok", ["EvenClass", words])


class Work:
    """One click at a time in all windows, done by a Python that ends when none has come for a while."""

    def __init__(self) -> None:
        self.stop = False
        self._lock = threading.Lock()
        self._clicks: queue.Queue[Click] = queue.Queue()
        self._doing: Click | None = None
        self._served = False
        self._asked: dict[str, Callable[..., Any]] = {}

    def take(self, click: Click) -> None:
        """Let a click be worked on, unless another one still is."""
        with self._lock:
            if self._doing is not None:
                return
            self._doing = click
            self._clicks.put(click)
            if not self._served:
                self._served = True
                threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while self._waiting():
            try:
                code = self._python()
                why = "" if code == 0 else "code {}".format(code)
            except Exception as problem:  # Python is not where it was, or cannot start
                why = str(problem) or type(problem).__name__
            if why:
                self._failed(why)

    def _waiting(self) -> bool:
        with self._lock:
            self._served = not self._clicks.empty()
            return self._served

    def _python(self) -> int:
        with log_path().open("wb") as log:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
            process = subprocess.Popen(python_command(), env=environment(), **pipes)  # type: ignore[call-overload]
            self._asked.clear()
            self._asked["click"] = self._next
            serve(process.stdout, process.stdin, lambda line: answered(line, self._asked))
            process.stdin.close()
            return int(process.wait())

    def _next(self) -> str | None:
        """Return the key of the next click as soon as there is one, None if there is none for a while."""
        self._done()
        try:
            click = self._clicks.get(timeout=_PATIENCE)
        except queue.Empty:
            return None
        self.stop = False
        self._asked.update(click.operations(), stopped=lambda: self.stop)
        return click.key

    def _done(self) -> None:
        """Let the next click come; documents that may be closed from now on are let go of."""
        with self._lock:
            if self._clicks.empty():
                self._doing = None
        self._asked.clear()
        self._asked["click"] = self._next

    def _failed(self, why: str) -> None:
        click = self._doing
        with self._lock:
            while not self._clicks.empty():  # it ended before it took the click
                self._clicks.get()
        if click is not None:
            click.sorry(why)
        self._done()


WORK = Work()


class Callback(unohelper.Base, XCallback):
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


class Buttons(unohelper.Base, XDispatchProvider, XDispatch, XInitialization, XServiceInfo):
    """Menu and toolbar of one window."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        self._context = context
        self._frame = arguments[0] if arguments else None

    def initialize(self, arguments: Any) -> None:
        """Take the window."""
        self._frame = arguments[0] if arguments else self._frame

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        """Return who answers an address."""
        return self if url.Complete.startswith(PROTOCOL) else None

    def queryDispatches(self, requests: Any) -> Any:
        """Return who answers addresses."""
        return tuple(self.queryDispatch(each.FeatureURL, each.FrameName, each.SearchFlags) for each in requests)

    def addStatusListener(self, listener: Any, url: Any) -> None:
        """Do nothing: every button can always be pressed, and says so if there is nothing to do."""

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        """Do nothing."""

    def dispatch(self, url: Any, arguments: Any) -> None:
        """Take a click."""
        key = url.Complete[len(PROTOCOL) :]
        if key == "stop":
            WORK.stop = True
        else:
            WORK.take(Click(key, self._context, self._document()))

    def _document(self) -> Any:
        controller = self._frame.getController() if self._frame is not None else None
        return controller.getModel() if controller is not None else None

    def getImplementationName(self) -> str:
        """Return the component's name."""
        return NAME

    def supportsService(self, name: str) -> bool:
        """Return whether the component is such a service."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        """Return the services."""
        return ("com.sun.star.frame.ProtocolHandler",)


def log_path() -> Path:
    """Return the file that keeps what went wrong with the last click."""
    return Path(tempfile.gettempdir()) / "evenclass-libreoffice-{}.log".format(os.environ.get("USER", "user"))


def python_command() -> list[str]:
    """Return the command that does what the buttons say."""
    return [project_python(), "-I", "-m", "addin.office"]


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
sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 # none on Windows
