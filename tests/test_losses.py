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
from addin.hosts.libreoffice import office_engine
from addin.hosts.losses import losses, office_losses
from addin.hosts.office_process import available
from addin.hosts.package import relations, unzipped
from tests.test_workbook_file import changed, parts

Put = Callable[[Any, Any, Path], object]
RIBBON = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon/></customUI>'
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


OFFICE_LOSES = {
    "check box": "check boxes in cells",
    "picture in a cell": "pictures in cells",
    "header": "pictures in headers",
    "dynamic array": "dynamic array",
    "read-only": "best opened read-only",
    "chart sheet": "chart sheets",
}


@pytest.mark.parametrize("name", [*KEPT, *LOST])
def test_what_libreoffice_loses_is_said_before(name: str, tmp_path: Path) -> None:
    """Each is announced where it is lost, and only there; but for the colour theme, whose colours are written out."""
    if (lacking := available()) is not None:
        pytest.skip(lacking.en)  # no LibreOffice here; .ci/run installs it
    path = with_it(tmp_path, KEPT[name] if name in KEPT else LOST[name][0])
    said = office_losses(path)
    with opened(path, office_engine()) as book:
        saved(book, tmp_path / "out.xlsx")
    gone = found_in(path) - found_in(tmp_path / "out.xlsx") - {"theme"}
    assert bool(gone) == bool(said) == (name in OFFICE_LOSES)
    assert all(OFFICE_LOSES[name] in text.en and not text.zh.isascii() for text in said)
    assert office_losses(tmp_path / "out.xlsx") == []


def test_a_ribbon_of_the_workbooks_own_keeps_its_icons_in_libreoffice(tmp_path: Path) -> None:
    """Its part, picture and relationships are in the file that the host writes; of what the user saves it is told."""
    if (lacking := available()) is not None:
        pytest.skip(lacking.en)  # no LibreOffice here; .ci/run installs it
    kind = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"

    def with_ribbon(content: dict[str, bytes]) -> None:
        relation = f'<Relationship Id="rIdR" Type="{kind}" Target="customUI/customUI14.xml"/></Relationships>'
        content["_rels/.rels"] = content["_rels/.rels"].replace(b"</Relationships>", relation.encode())
        content["customUI/customUI14.xml"] = RIBBON
        content["customUI/images/red.png"] = picture(tmp_path).read_bytes()
        content["customUI/_rels/customUI14.xml.rels"] = (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="red" Type="{image}" Target="images/red.png"/></Relationships>'
        ).encode()
        types = content["[Content_Types].xml"]
        if b'Extension="png"' not in types:
            default = b'<Default Extension="png" ContentType="image/png"/></Types>'
            content["[Content_Types].xml"] = types.replace(b"</Types>", default)

    path = changed(tmp_path / "in.xlsx", with_ribbon)
    assert [text.en for text in office_losses(path)] == ["the icons of the workbook's own ribbon"]
    with opened(path, office_engine()) as book:
        saved(book, path)
    found = unzipped(path.read_bytes())
    (ribbon,) = (each for each in relations(found, "") if each.type == kind)
    assert found.content[ribbon.target] == RIBBON
    (red,) = relations(found, ribbon.target)
    assert (red.id, red.type) == ("red", image)
    assert found.content[red.target] == picture(tmp_path).read_bytes()
    assert losses(path) == []


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
