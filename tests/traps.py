"""A folder full of traps: modules and settings that run, or are used, if anything looks for its own beside a workbook.

Python's search path, xlwings' settings and pip's are what others could lay beside a workbook on a shared drive.
"""

from __future__ import annotations

from pathlib import Path

MODULES = (
    "addin engine json numba numpy office_side openpyxl pandas pip sitecustomize typer uno unohelper xlwings".split()
)
SETTINGS = "EvenClass.conf xlwings.conf pip.conf pip.ini pyvenv.cfg".split()


def set_traps(folder: Path) -> Path:
    """Lay traps into a folder; return the file that is there as soon as one has caught something."""
    caught = folder / "caught.txt"
    body = f"with open({str(caught)!r}, 'a') as said: said.write(__name__ + chr(10))\nraise SystemExit(__name__)\n"
    for name in (*MODULES, "startup"):
        (folder / f"{name}.py").write_text(body, encoding="utf-8")
    for name in SETTINGS:
        text = f'"INTERPRETER_WIN","{folder / "evil.exe"}"\n"PYTHONPATH","{folder}"\n'
        (folder / name).write_text(text, encoding="utf-8")
    return caught


def environment(folder: Path) -> dict[str, str]:
    """Return what makes an unguarded Python step into the traps wherever it is started."""
    return {"PYTHONPATH": str(folder), "PYTHONSTARTUP": str(folder / "startup.py"), "PYTHONINSPECT": "1"}
