"""Build EvenClass.xlam from text: the package, the ribbon, the VBA project and two hidden sheets.

The same sources and the same xlwings give the same bytes on every machine. Done by developers and when the
installer is bundled, never on a user's PC.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from addin.ribbon.ovba import Module, vba_project
from addin.ribbon.ribbon_xml import ribbon_xml
from addin.ribbon.sheets import SETTINGS, WORDS
from addin.ribbon.xlwings_vba import PROJECT, BuildError, closed_source, shipped_source
from engine import __version__

FILE_NAME = "EvenClass.xlam"
VBA_NAME = "EvenClassAddin"  # must not be the name of a module
_SOURCES = Path(__file__).parent / "vba"
_STAMP = datetime(2025, 1, 1)
_RIBBON_PART = "customUI/customUI14.xml"
_RIBBON_LINK = (
    '<Relationship Id="rIdRibbon" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    f'Target="{_RIBBON_PART}"/>'
)
_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"


def build_addin(path: Path) -> None:
    """Write the add-in; a file that is there is replaced when the new one is complete.

    Raises `BuildError` when XlsxWriter is missing or xlwings' VBA is not what the build was written for.
    """
    package = _completed(_package(vba_project(VBA_NAME, modules())))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(package)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def modules() -> list[Module]:
    """Return every VBA module of the add-in, the workbook's and its sheets' first."""
    return [
        Module("ThisWorkbook", _source("ThisWorkbook.cls"), "workbook"),
        Module("Sheet1", "", "sheet"),
        Module("Sheet2", "", "sheet"),
        *(Module(name, _source(f"{name}.bas")) for name in ("Ribbon", "Bridge", "State")),
        Module("xlwings", closed_source(shipped_source(), _source("Overrides.bas"))),
    ]


def _source(name: str) -> str:
    return (_SOURCES / name).read_text(encoding="ascii")


def _package(project: bytes) -> bytes:
    """Return a macro workbook with the two sheets and the VBA project."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise BuildError("To build the add-in, XlsxWriter is needed: pip install 'XlsxWriter>=3.3.1,<3.4'.") from error
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        title = {"title": "EvenClass 均衡分班", "author": "EvenClass", "comments": f"EvenClass {__version__}"}
        book.set_properties({**title, "created": _STAMP})
        _add_sheet(book, f"{PROJECT}.conf", [[key, value] for key, value in SETTINGS.items()])
        _add_sheet(book, f"{PROJECT}.words", [[key, text.zh, text.en] for key, text in WORDS.items()]).hide()
        book.set_vba_name("ThisWorkbook")
        for number, sheet in enumerate(book.worksheets(), start=1):
            sheet.set_vba_name(f"Sheet{number}")
        book.add_vba_project(io.BytesIO(project), True)
    return buffer.getvalue()


def _add_sheet(book: Any, name: str, rows: list[list[str]]) -> Any:  # noqa: ANN401 # XlsxWriter has no types
    sheet = book.add_worksheet(name)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            sheet.write_string(row, column, value)
    sheet.set_column(0, 2, 40)
    return sheet


def _completed(package: bytes) -> bytes:
    """Return the package as an add-in with its ribbon: parts sorted, not compressed, every stamp fixed."""
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[_RIBBON_PART] = ribbon_xml()
    _replace(parts, "_rels/.rels", "</Relationships>", f"{_RIBBON_LINK}</Relationships>")
    _replace(parts, "[Content_Types].xml", _WORKBOOK_TYPE, _ADDIN_TYPE)
    _replace(parts, "xl/workbook.xml", "<workbookView ", '<workbookView visibility="hidden" ')
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # or it says on which system it was built
            target.writestr(entry, parts[name])
    return buffer.getvalue()


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    text, count = re.subn(re.escape(old), lambda _: new, parts[name].decode("utf-8"))
    if count != 1:
        raise BuildError(f"{name}: {old} is not in it once. XlsxWriter has changed; adapt addin/ribbon/build.py.")
    parts[name] = text.encode("utf-8")
