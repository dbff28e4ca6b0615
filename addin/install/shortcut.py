"""The shortcut on the desktop onto which a roster or a saved workbook is dropped."""

from __future__ import annotations

import shutil

from addin.install.machine import Machine
from addin.install.steps import Undo

ARGUMENTS = "-I -m addin drop"
MAKE_LINK = (
    "$ErrorActionPreference = 'Stop'; "
    "$link = (New-Object -ComObject WScript.Shell).CreateShortcut($env:EVENCLASS_LINK); "
    "$link.TargetPath = $env:EVENCLASS_TARGET; "
    "$link.Arguments = $env:EVENCLASS_ARGUMENTS; "
    "$link.WorkingDirectory = $env:EVENCLASS_FOLDER; "
    "$link.Description = 'EvenClass'; "
    "$link.Save()"
)
SCRIPT = f'@"%LOCALAPPDATA%\\EvenClass\\venv\\Scripts\\python.exe" {ARGUMENTS} %*\r\n'


def put_shortcut(machine: Machine) -> Undo | None:
    """Put it on the desktop: a .lnk made by PowerShell; a .cmd where PowerShell may not run.

    The link is made under an ASCII name first: WScript.Shell cannot save a Chinese name on a Windows of another
    language. Python starts isolated (-I), so that neither a module beside a dropped file nor a PYTHONPATH shadows ours.
    """
    places = machine.places
    if places.link.exists() or places.script.exists():
        return None
    places.desktop.mkdir(parents=True, exist_ok=True)
    made = places.home / "drop.lnk"
    powershell = places.system / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    told = {
        "EVENCLASS_LINK": str(made),
        "EVENCLASS_TARGET": str(places.python),
        "EVENCLASS_ARGUMENTS": ARGUMENTS,
        "EVENCLASS_FOLDER": str(places.home),
    }
    machine.run([str(powershell), "-NoProfile", "-NonInteractive", "-Command", MAKE_LINK], told)
    if made.is_file():
        shutil.move(made, places.link)
        return places.link.unlink
    places.script.write_text(SCRIPT, encoding="ascii", newline="")
    return places.script.unlink
