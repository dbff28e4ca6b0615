"""The parts of a workbook file: what openpyxl would lose on saving is put back from the file as it was opened."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
TYPES_PART = "[Content_Types].xml"
# Of the package's own relationships openpyxl writes these anew; a signature would no longer be valid.
_TEXTS = re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml")
_WRITTEN_ANEW = re.compile("officeDocument$|core-properties$|extended-properties$|custom-properties$|digital-signature")
# What follows a drawing, or what is not to be marked green, in a worksheet, in the order that Excel insists on.
_LATE = rb"legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst"
_AFTER_DRAWING = re.compile(rb"<(?:%s)\b|</worksheet>" % _LATE)
_AFTER_MARKS = re.compile(rb"<(?:smartTags|drawing|%s)\b|</worksheet>" % _LATE)
_IGNORED_ERRORS = re.compile(rb"<ignoredErrors>.*?</ignoredErrors>", re.DOTALL)  # what Excel is not to mark green
_EXTENSIONS = re.compile(rb"<extLst\b[^>]*>(.*?)</extLst>\s*</worksheet>", re.DOTALL)
_EXTENSION = re.compile(rb"<ext\b[^>]*?\buri=\"(\{[^\"]*\})\"[^>]*>.*?</ext>", re.DOTALL)
_NAMESPACE = re.compile(rb'\sxmlns:\w+="[^"]*"')
_ANCHOR = re.compile(rb"<((?:\w+:)?(?:twoCell|oneCell|absolute)Anchor)\b.*?</\1>", re.DOTALL)
_RIBBON = "/ui/extensibility"
_NEEDS_MORE = re.compile(rb"/slicer\"|/timeslicer\"|compatExt")
# Conditional formats, validations and sparklines of newer versions: they stand alone and can be put back as they are.
KEPT_EXTENSIONS = (
    b"{78C0D931-6437-407D-A8EE-F0AAD7539E65}",
    b"{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}",
    b"{05C60535-1F16-4FD2-B633-F4F36F0B64E0}",
)


Stamp = tuple[int, int, int, int, int, int]  # year, month, day, hour, minute, second


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part; ``target`` is a part's name, or an address outside if ``outside``."""

    id: str
    type: str
    target: str
    outside: bool = False


@dataclass(slots=True)
class Parts:
    """The parts of a package by name. Takes what openpyxl writes in place of a zip file, so nothing is zipped twice."""

    content: dict[str, bytes] = field(default_factory=dict)

    def writestr(self, name: str, content: str | bytes) -> None:
        """Take a part."""
        self.content[name] = content.encode() if isinstance(content, str) else content

    def write(self, file: str, name: str) -> None:
        """Take a part from a file."""
        self.content[name] = Path(file).read_bytes()

    def namelist(self) -> list[str]:
        """Return the names of all parts."""
        return list(self.content)

    def close(self) -> None:
        """Do nothing: there is no file behind it."""

    def zipped(self, method: int = zipfile.ZIP_DEFLATED, level: int = 5, stamp: Stamp | None = None) -> bytes:
        """Return the package as a file's content; with a ``stamp``, the same whenever and wherever it is made."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method, compresslevel=level) as archive:
            for name, content in self.content.items():
                if stamp is None:
                    archive.writestr(name, content)
                else:
                    entry = zipfile.ZipInfo(name, stamp)
                    entry.create_system = 3  # or it would say whether it was made on Windows
                    archive.writestr(entry, content, method, level)
        return buffer.getvalue()


def unzipped(file: bytes) -> Parts:
    """Return the parts of a package. Raises BadZipFile if it is none."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return Parts({name: archive.read(name) for name in archive.namelist() if not name.endswith("/")})


def relations(parts: Parts, part: str) -> list[Relation]:
    """Return the relationships of a part, of the package itself if it is ``""``."""
    content = parts.content.get(_relations_name(part))
    if content is None:
        return []
    found = []
    for element in ElementTree.fromstring(content):
        target, outside = element.get("Target", ""), element.get("TargetMode") == "External"
        if not outside:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
        found.append(Relation(element.get("Id", ""), element.get("Type", ""), target, outside))
    return found


def book_part(parts: Parts) -> str:
    """Return the workbook's own part."""
    return next(each.target for each in relations(parts, "") if each.type.endswith("/officeDocument"))


def sheet_parts(parts: Parts) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    book = book_part(parts)
    targets = {each.id: each.target for each in relations(parts, book)}
    sheets: dict[str, str] = {}
    for element in ElementTree.fromstring(parts.content[book]).iter():
        if element.tag.endswith("}sheet"):
            relation = next((value for name, value in element.items() if name.endswith("}id")), "")
            sheets[element.get("name", "")] = targets.get(relation, "")
    return sheets


def drawing_of(parts: Parts, sheet: str) -> str | None:
    """Return the drawing (charts, pictures, shapes) of a sheet's part, if it has one."""
    return next((each.target for each in relations(parts, sheet) if each.type.endswith("/drawing")), None)


def for_openpyxl(parts: Parts) -> bytes:
    """Return a package as openpyxl can read it: worksheets without drawings, which are put back anyway.

    Where a text says ``_x0041_``, Excel and LibreOffice note its underscore as ``_x005F_``. openpyxl drops that, and
    the text would become an A; it keeps the same in small letters, which `sheet_xml.denoted` reads.
    """
    less = Parts(
        {name: _small(content) if _TEXTS.fullmatch(name) else content for name, content in parts.content.items()}
    )
    for sheet in parts.content:
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", sheet):
            found = relations(parts, sheet)
            kept = [each for each in found if not each.type.endswith("/drawing")]
            if kept != found:
                del less.content[_relations_name(sheet)]
                _relate(less, sheet, kept)
    return less.zipped(zipfile.ZIP_STORED)


def _small(part: bytes) -> bytes:
    return part.replace(b"_x005F_", b"_x005f_")


def chart_parts(parts: Parts) -> list[str]:
    """Return the names of the parts that draw charts."""
    return [name for name in parts.content if re.fullmatch(r"xl/charts/chart[^/]*\.xml", name)]


def put_back(saved: Parts, original: Parts, sheets: Mapping[str, str]) -> None:
    """Put back into a saved package what openpyxl left out: ribbon and labels, drawings, newer kinds of formats.

    ``sheets`` is the original part of each saved sheet's part. ``saved`` is changed in place.
    """
    here = relations(saved, "")
    missing = [
        each
        for each in relations(original, "")
        if not _WRITTEN_ANEW.search(each.type) and each.type not in {other.type for other in here}
    ]
    if missing:
        copied = _copied(saved, original, (each.target for each in missing if not each.outside))
        _relate(saved, "", [_moved(each, copied, f"back{n}") for n, each in enumerate(missing)])
    for sheet, source in sheets.items():
        ignored = unmarked(original.content.get(source, b""))
        if ignored is not None:
            saved.content[sheet] = marked(saved.content[sheet], ignored)
        drawing = drawing_of(original, source)
        if drawing is not None:
            copied = _copied(saved, original, [drawing])
            back = Relation("rIdDrawing", f"{_DOCUMENT}/drawing", copied[drawing])
            _relate(saved, sheet, [back])
            element = f'<drawing xmlns:r="{_DOCUMENT}" r:id="{back.id}"/>'.encode()
            saved.content[sheet] = _inserted(saved.content[sheet], element, _AFTER_DRAWING)
        saved.content[sheet] = _with_extensions(saved.content[sheet], original.content.get(source, b""))


def ribbon_of(original: Parts) -> Parts | None:
    """Return the parts of a package's own ribbon with all they relate to, None if it has none."""
    ribbon = [each for each in relations(original, "") if each.type.endswith(_RIBBON)]
    if not ribbon:
        return None
    found = Parts({TYPES_PART: original.content[TYPES_PART]})
    _copied(found, original, (each.target for each in ribbon if not each.outside))
    _relate(found, "", ribbon)
    return found


def put_ribbon_back(saved: Parts, ribbon: Parts) -> None:
    """Give a saved package the ribbon that `ribbon_of` found, in place of what it has of it."""
    others = [each for each in relations(saved, "") if not each.type.endswith(_RIBBON)]
    for name in (*ribbon.content.keys() - {TYPES_PART}, _relations_name("")):
        saved.content.pop(name, None)
    back = relations(ribbon, "")
    copied = _copied(saved, ribbon, (each.target for each in back if not each.outside))
    _relate(saved, "", [*others, *(_moved(each, copied, f"ribbon{n}") for n, each in enumerate(back))])


def unmarked(sheet: bytes) -> bytes | None:
    """Return what a worksheet part says is not to be marked green (numbers kept as text), None if nothing."""
    found = _IGNORED_ERRORS.search(sheet)
    return None if found is None else found[0]


def marked(sheet: bytes, ignored: bytes) -> bytes:
    """Return a worksheet part that says so."""
    return _inserted(sheet, ignored, _AFTER_MARKS)


def extensions(sheet: bytes) -> list[tuple[bytes, bytes]]:
    """Return identifier and text of every extension of a worksheet part."""
    match = _EXTENSIONS.search(sheet)
    return [(each[1].upper(), each[0]) for each in _EXTENSION.finditer(match[1])] if match else []


def is_kept(identifier: bytes, text: bytes) -> bool:
    """Return whether an extension can be put back; a data bar cannot, half of it stands elsewhere."""
    return identifier in KEPT_EXTENSIONS and b"dataBar" not in text


def _with_extensions(sheet: bytes, source: bytes) -> bytes:
    kept = [text for identifier, text in extensions(source) if is_kept(identifier, text)]
    if not kept:
        return sheet
    names = b"".join(set(_NAMESPACE.findall(source[source.find(b"<worksheet") :].split(b">", 1)[0])))
    end = sheet.rindex(b"</worksheet>")
    return sheet[:end] + b"<extLst" + names + b">" + b"".join(kept) + b"</extLst>" + sheet[end:]


def _inserted(sheet: bytes, element: bytes, before: re.Pattern[bytes]) -> bytes:
    start = sheet.rindex(b"</sheetData>") if b"</sheetData>" in sheet else sheet.rindex(b"<sheetData")
    match = before.search(sheet, start)
    place = match.start() if match else len(sheet)
    return sheet[:place] + element + sheet[place:]


def _copied(saved: Parts, original: Parts, names: Iterable[str]) -> dict[str, str]:
    """Copy parts with all they relate to; return under which name each now stands (another, if it was taken)."""
    copied: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in copied or name not in original.content:
            continue
        content = _without_lost(original.content[name]) if "/drawings/" in name else original.content[name]
        copied[name] = _free_name(saved, name, content)
        saved.content[copied[name]] = content
        _declare(saved, copied[name], _content_type(original, name))
        waiting += [each.target for each in relations(original, name) if not each.outside]
    for name, new in copied.items():
        if (found := relations(original, name)) and not relations(saved, new):
            _relate(saved, new, [_moved(each, copied, each.id) for each in found])
    return copied


def _without_lost(drawing: bytes) -> bytes:
    """Return a drawing without what needs parts that are not put back: slicers, buttons and other controls."""
    return _ANCHOR.sub(lambda found: b"" if _NEEDS_MORE.search(found[0]) else found[0], drawing)


def _free_name(saved: Parts, name: str, content: bytes) -> str:
    stem, suffix = posixpath.splitext(name)
    number = 0
    while saved.content.get(name, content) != content:
        number += 1
        name = f"{stem}back{number}{suffix}"
    return name


def _moved(relation: Relation, copied: Mapping[str, str], identifier: str) -> Relation:
    target = relation.target if relation.outside else copied.get(relation.target, relation.target)
    return Relation(identifier, relation.type, target, relation.outside)


def _relations_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relate(parts: Parts, part: str, added: Iterable[Relation]) -> None:
    written = "".join(
        f"<Relationship Id={quoteattr(each.id)} Type={quoteattr(each.type)} "
        + (
            f'Target={quoteattr(each.target)} TargetMode="External"/>'
            if each.outside
            else f"Target={quoteattr('/' + each.target)}/>"
        )
        for each in [*relations(parts, part), *added]
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts.writestr(_relations_name(part), f'{head}<Relationships xmlns="{_RELATIONS}">{written}</Relationships>')


def _content_type(parts: Parts, name: str) -> str:
    kinds = ElementTree.fromstring(parts.content[TYPES_PART])
    for element in kinds.iter(f"{_TYPES}Override"):
        if element.get("PartName", "").lstrip("/").casefold() == name.casefold():
            return element.get("ContentType", "")
    suffix = posixpath.splitext(name)[1].lstrip(".").casefold()
    defaults = (each for each in kinds.iter(f"{_TYPES}Default") if each.get("Extension", "").casefold() == suffix)
    return next((each.get("ContentType", "") for each in defaults), "application/xml")


def _declare(parts: Parts, name: str, content_type: str) -> None:
    kinds = parts.content[TYPES_PART].decode()
    if f'PartName="/{name}"' in kinds:
        return
    override = f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(content_type)}/>"
    parts.writestr(TYPES_PART, kinds.replace("</Types>", f"{override}</Types>"))
