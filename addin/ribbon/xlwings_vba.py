"""What the add-in takes from xlwings' VBA: its library's declarations and four routines, word for word.

Read from the installed package when the add-in is built, so both are of one version. The rest is left out, and
``vba/Python.bas`` stands in its place: as shipped, a sheet or file named after the project in or beside *any* active
workbook sets the interpreter, that workbook's folder goes first on ``sys.path``, a sheet named ``….py`` makes every
click run what stands on it, and a failed start pops up a traceback.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from addin.trouble import FileTrouble
from engine.wording import Text

PROJECT = "EvenClass"
TAKEN = ("XLPyLoadDLL", "XLPy", "WScript", "CreateGUID")
_SHIPPED = "xlwings/xlwings_custom_addin.bas"
_NAME = 'PROJECT_NAME As String = "myaddin"'
_FIRST = re.compile(r"^(?:Public |Private )?(?:Sub|Function) ", re.MULTILINE)
_CHANGED = Text(
    "xlwings 的 VBA 变了（没有 {w}），加载项没有制作。请安装 pyproject.toml 写明的 xlwings 版本，"
    "或修改 addin/ribbon/xlwings_vba.py。",
    "xlwings' VBA has changed (no {w}); the add-in was not built. Install the version of xlwings that pyproject.toml "
    "names, or adapt addin/ribbon/xlwings_vba.py.",
)
_UNREADABLE = Text("读不到 {p}（{e}）。请重新安装 xlwings。", "{p} cannot be read ({e}). Install xlwings once more.")


def xlwings_module() -> str:
    """Return the module without attribute lines. Raises `FileTrouble` if xlwings is not what this was written for."""
    try:
        package = distribution("xlwings")
        shipped = Path(str(package.locate_file(_SHIPPED))).read_text(encoding="ascii")
    except (PackageNotFoundError, OSError, UnicodeDecodeError) as error:
        raise FileTrouble(_UNREADABLE.fill(p=_SHIPPED, e=error)) from error
    return excerpt(shipped, package.version)


def excerpt(shipped: str, version: str) -> str:
    """Return licence and declarations, with our project's name, and the routines that are taken."""
    first = _FIRST.search(shipped)
    head = shipped[: first.start()] if first else ""
    for word in (_NAME, f'XLWINGS_VERSION As String = "{version}"', "BSD 3-clause"):
        if head.count(word) != 1:
            raise FileTrouble(_CHANGED.fill(w=word))
    head = head.replace(_NAME, f'PROJECT_NAME As String = "{PROJECT}"')
    lines = [line for line in head.splitlines() if not line.startswith(("Attribute ", "'Attribute ", "#Const App"))]
    note = "'Shortened for EvenClass: of the routines only those that it needs."
    return "\n\n".join(["\n".join(lines).strip(), note, *(_routine(shipped, name) for name in TAKEN)]) + "\n"


def _routine(source: str, name: str) -> str:
    found = re.search(
        rf"^(?:Public |Private )?(?P<kind>Sub|Function) {name}\(.*?^End (?P=kind)$", source, re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise FileTrouble(_CHANGED.fill(w=name))
    return found[0]
