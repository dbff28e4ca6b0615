"""Build EvenClass.xlam from text: the package, the ribbon, the VBA project and two sheets.

The same sources and the same xlwings give the same bytes on every machine.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from addin.hosts.package import TYPES_PART, Parts, unzipped
from addin.hosts.saving import write_whole
from addin.ribbon.ovba import Module, vba_project
from addin.ribbon.ribbon_xml import ribbon_xml
from addin.ribbon.sheets import SETTINGS, WORDS
from addin.ribbon.xlwings_vba import PROJECT, xlwings_module
from addin.trouble import FileTrouble
from engine import __version__
from engine.wording import Text

VBA_NAME = "EvenClassAddin"  # must not be the name of a module
RIBBON_PART = "customUI/customUI14.xml"
_SOURCES = Path(__file__).parent / "vba"
_CREATED = datetime(2025, 1, 1)
_STAMP = (1980, 1, 1, 0, 0, 0)
_RIBBON_LINK = (
    '<Relationship Id="rIdRibbon" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    f'Target="{RIBBON_PART}"/>'
)
_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_CHANGED = Text(
    "XlsxWriter 的输出变了（{p} 里没有 {w}），加载项没有制作。请安装 pyproject.toml 写明的版本。",
    "What XlsxWriter writes has changed ({p} lacks {w}); the add-in was not built. Install the version that "
    "pyproject.toml names.",
)


def build_addin(path: Path) -> None:
    """Write the add-in, whole or not at all.

    Raises `FileTrouble` if it cannot be written, or xlwings or XlsxWriter is not what the build was written for.
    """
    parts = _package(vba_project(VBA_NAME, modules()))
    parts.content[RIBBON_PART] = ribbon_xml()
    _replace(parts, "_rels/.rels", "</Relationships>", f"{_RIBBON_LINK}</Relationships>")
    _replace(parts, TYPES_PART, _WORKBOOK_TYPE, _ADDIN_TYPE)
    _replace(parts, "xl/workbook.xml", "<workbookView ", '<workbookView visibility="hidden" ')
    ordered = Parts(dict(sorted(parts.content.items())))
    write_whole(path, ordered.zipped(zipfile.ZIP_STORED, stamp=_STAMP))  # packed, it would hang on the zlib at hand


def modules() -> list[Module]:
    """Return every VBA module of the add-in, the workbook's and its sheets' first."""
    return [
        Module("ThisWorkbook", _source("ThisWorkbook.cls"), "workbook"),
        Module("Sheet1", "", "sheet"),
        Module("Sheet2", "", "sheet"),
        *(Module(name, _source(f"{name}.bas")) for name in ("Ribbon", "Bridge", "Python", "State")),
        Module("xlwings", xlwings_module()),
    ]


def _source(name: str) -> str:
    return (_SOURCES / name).read_text(encoding="ascii")


def _package(project: bytes) -> Parts:
    """Return a macro workbook with the two sheets and the VBA project."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        title = {"title": "EvenClass 均衡分班", "author": "EvenClass", "comments": f"EvenClass {__version__}"}
        book.set_properties({**title, "created": _CREATED})
        _add_sheet(book, f"{PROJECT}.conf", [[key, value] for key, value in SETTINGS.items()])
        _add_sheet(book, f"{PROJECT}.words", [[key, text.zh, text.en] for key, text in WORDS.items()]).hide()
        book.set_vba_name("ThisWorkbook")
        for number, sheet in enumerate(book.worksheets(), start=1):
            sheet.set_vba_name(f"Sheet{number}")
        book.add_vba_project(io.BytesIO(project), True)
    return unzipped(buffer.getvalue())


def _add_sheet(book: Any, name: str, rows: list[list[str]]) -> Any:  # noqa: ANN401 # XlsxWriter has no types
    sheet = book.add_worksheet(name)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            sheet.write_string(row, column, value)
    sheet.set_column(0, 2, 40)
    return sheet


def _replace(parts: Parts, name: str, old: str, new: str) -> None:
    text = parts.content[name].decode("utf-8")
    if text.count(old) != 1:
        raise FileTrouble(_CHANGED.fill(p=name, w=old))
    parts.content[name] = text.replace(old, new).encode("utf-8")
