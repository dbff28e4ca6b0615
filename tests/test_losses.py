"""What the file host cannot keep is said beforehand, whatever a workbook holds; everything else is there afterwards."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter

from addin.book import opened, saved
from addin.hosts.losses import losses
from tests.test_workbook_file import changed, parts

Put = Callable[[Any, Any, Path], object]
CONTROLS, NEWER = "buttons and other controls", "some formats of newer versions of Excel"
BEHIND = "pictures behind a sheet or in its header"


def picture(folder: Path) -> Path:
    """Write a picture of one red pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    size = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    path = folder / "red.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))
    return path


def chart(kind: str, *, own_sheet: bool = False) -> Put:
    def put(book: Any, sheet: Any, _: Path) -> None:
        made = book.add_chart({"type": kind})
        for column in "ABC":
            made.add_series({"categories": "=S!$A$1:$A$3", "values": f"=S!${column}$1:${column}$3"})
        if own_sheet:
            book.add_chartsheet("C").set_chart(made)
        else:
            sheet.insert_chart("E2", made)

    return put


KEPT: dict[str, Put] = {
    "picture": lambda _, sheet, red: sheet.insert_image("E2", red, {"url": "https://example.org"}),
    "text box": lambda _, sheet, __: sheet.insert_textbox("E2", "hi"),
    "note": lambda _, sheet, __: sheet.write_comment("E2", "hi"),
    "sparkline": lambda _, sheet, __: sheet.add_sparkline("E2", {"range": "S!A1:A3"}),
    "plain data bar": lambda _, sheet, __: sheet.conditional_format("A1:A3", {"type": "data_bar"}),
    "icons": lambda _, sheet, __: sheet.conditional_format("A1:A3", {"type": "icon_set", "icon_style": "3_flags"}),
    "array formula": lambda _, sheet, __: sheet.write_array_formula("E2:E4", "{=A1:A3*2}"),
    "stock chart": chart("stock"),
    "doughnut": chart("doughnut"),
    "radar": chart("radar"),
    "chart sheet": chart("line", own_sheet=True),
    "ignored errors": lambda _, sheet, __: sheet.ignore_errors({"number_stored_as_text": "A1:A3"}),
    "outline": lambda _, sheet, __: sheet.set_row(1, None, None, {"level": 1, "hidden": True}),
    "filter": lambda _, sheet, __: (sheet.autofilter("A1:C3"), sheet.filter_column("A", "x > 1")),
    "own property": lambda book, _, __: book.set_custom_property("x", "y"),
}
LOST: dict[str, tuple[Put, str]] = {
    "button": (lambda _, sheet, __: sheet.insert_button("E2"), CONTROLS),
    "check box": (lambda _, sheet, __: sheet.insert_checkbox("E2", True), "check boxes in cells"),
    "picture in a cell": (lambda _, sheet, red: sheet.embed_image("E2", red), "pictures in cells"),
    "header": (lambda _, sheet, red: sheet.set_header("&C&G", {"image_center": str(red)}), BEHIND),
    "background": (lambda _, sheet, red: sheet.set_background(red), BEHIND),
    "data bar": (
        lambda _, sheet, __: sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True}),
        NEWER,
    ),
    "dynamic array": (lambda _, sheet, __: sheet.write_dynamic_array_formula("E2:E4", "=SORT(A1:A3)"), "dynamic array"),
    "open ranges": (lambda _, sheet, __: (sheet.protect(), sheet.unprotect_range("A1")), "ranges that may be edited"),
    "read-only": (lambda book, _, __: book.read_only_recommended(), "best opened read-only"),
}


def with_it(folder: Path, put: Put) -> Path:
    """Write a workbook that holds it, as Excel would."""
    path = folder / "in.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        for row in range(3):
            sheet.write_row(row, 0, [row + 1, row + 2, row + 3])
        put(book, sheet, picture(folder))
    return path


def found_in(path: Path) -> set[str]:
    """Return what a file is made of: kinds of relationships, parts of sheets, extensions."""
    seen: set[str] = set()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            if name.endswith(".rels"):
                seen |= {kind.rpartition("/")[2] for kind in re.findall(r'Type="([^"]*)"', text)}
            elif re.match(r"xl/(work|chart)sheets/|xl/workbook.xml", name):
                seen |= {child.tag.rpartition("}")[2] for child in ElementTree.fromstring(text)}
                seen |= set(re.findall(r'<ext\b[^>]*uri="([^"]*)', text)) | set(
                    re.findall(r"<c [^>]*?\b([cv]m)=", text)
                )
    return seen - {"sharedStrings", "fileVersion"}  # texts may stand elsewhere; which program wrote it


@pytest.mark.parametrize("name", KEPT)
def test_what_is_not_said_to_be_lost_is_kept(name: str, tmp_path: Path) -> None:
    """Saved by the host, the file is made of the same things, and nothing was announced."""
    path = with_it(tmp_path, KEPT[name])
    assert losses(path) == []
    with opened(path) as book:
        saved(book, tmp_path / "out.xlsx")
    assert found_in(path) <= found_in(tmp_path / "out.xlsx")


@pytest.mark.parametrize("name", LOST)
def test_what_is_lost_is_said_before(name: str, tmp_path: Path) -> None:
    """Each is announced in both languages, once; and the saved file, which has lost it, announces nothing more."""
    put, words = LOST[name]
    path = with_it(tmp_path, put)
    (said,) = losses(path)
    assert words in said.en
    assert not said.zh.isascii()
    with opened(path) as book:
        saved(book, tmp_path / "out.xlsx")
    assert not found_in(path) <= found_in(tmp_path / "out.xlsx")
    assert losses(tmp_path / "out.xlsx") == []


def test_a_shared_workbook_of_the_old_kind_is_told(tmp_path: Path) -> None:
    """Its change log betrays it: others may be editing it at this moment, and the copy is not shared any more."""

    def share(content: dict[str, bytes]) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/revisionHeaders"
        content["xl/revisions/revisionHeaders.xml"] = b"<headers/>"
        rels = content["xl/_rels/workbook.xml.rels"]
        entry = f'<Relationship Id="rIdShared" Type="{kind}" Target="revisions/revisionHeaders.xml"/></Relationships>'
        content["xl/_rels/workbook.xml.rels"] = rels.replace(b"</Relationships>", entry.encode())

    path = changed(tmp_path / "in.xlsx", share)
    (said,) = losses(path)
    assert "others may be editing it" in said.en
    assert "共享工作簿" in said.zh
    with opened(path) as book:
        saved(book, path)
    assert losses(path) == []
    assert "xl/revisions/revisionHeaders.xml" not in parts(path)
