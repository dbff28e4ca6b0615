"""Run by LibreOffice's Python: put an extension into a profile, and find a button on the screen by its name.

``add PROFILE OXT`` installs; ``find PIPE NAME`` prints the middle of the button of that name, nothing if there is none.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "addin" / "hosts"))
from office_side.process import connected

PUSH_BUTTON = 44  # com.sun.star.accessibility.AccessibleRole
MENUS = (35, 34)  # menu bar and menu: a long list without buttons


class Yes(unohelper.Base, XInteractionHandler):  # type: ignore[misc]
    """Agrees to whatever the office asks."""

    def handle(self, request: Any) -> None:
        """Say yes."""
        for way in request.getContinuations():
            approve = way.queryInterface(uno.getTypeByName("com.sun.star.task.XInteractionApprove"))
            if approve is not None:
                approve.select()
                return


class Alone(unohelper.Base, XCommandEnvironment):  # type: ignore[misc]
    """Nobody watches."""

    def getInteractionHandler(self) -> Yes:  # noqa: N802
        """Return who agrees."""
        return Yes()

    def getProgressHandler(self) -> None:  # noqa: N802
        """Return nobody."""


def add(profile: str, oxt: str) -> None:
    """Install an extension in a profile for this user; unopkg refuses to do so for root."""
    pipe = f"evenclassadd{Path(profile).stat().st_ino}"
    options = ["--headless", "--norestore", "--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    office = subprocess.Popen(["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", *options])
    context = connected(pipe, 60)
    manager = context.getByName("/singletons/com.sun.star.deployment.ExtensionManager")
    try:
        for trial in range(5):
            try:
                manager.addExtension(Path(oxt).as_uri(), (), "user", None, Alone())
                break
            except Exception:  # an office that has just begun to run is not always ready for it
                if trial == 4:
                    raise
                time.sleep(1)
    finally:
        context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
        office.wait(30)


def find(pipe: str, name: str) -> None:
    """Print where the button of a name is, whatever window it is in."""
    context = connected(pipe, 60)
    toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    for number in range(toolkit.getTopWindowCount()):
        window = toolkit.getTopWindow(number)
        found = _button(window.getAccessibleContext(), name)
        if found is not None:
            spot, size = found.getLocationOnScreen(), found.getSize()
            sys.stdout.write(f"{spot.X + size.Width // 2} {spot.Y + size.Height // 2}\n")
            return


def _button(node: Any, name: str) -> Any:
    if node.getAccessibleRole() == PUSH_BUTTON and node.getAccessibleName().replace("~", "").startswith(name):
        return node
    if node.getAccessibleRole() in MENUS:
        return None
    for number in range(min(node.getAccessibleChildCount(), 60)):
        child = node.getAccessibleChild(number)
        found = _button(child.getAccessibleContext(), name) if child is not None else None
        if found is not None:
            return found
    return None


if __name__ == "__main__":
    {"add": add, "find": find}[sys.argv[1]](*sys.argv[2:])
