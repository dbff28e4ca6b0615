"""Files that LibreOffice writes: replaced in one step, with what it forgets put back (see `Forgotten`)."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import quoteattr, unescape

from addin.hosts.package import Parts, marked, put_ribbon_back, ribbon_of, sheet_parts, unmarked, unzipped
from addin.hosts.saving import write_whole
from addin.trouble import FileTrouble
from engine.wording import Text

FORMATS = (".xlsx", ".ods")
_WRONG_FORMAT = Text(
    "LibreOffice 不能把它保存为“{p}”：扩展名须是 .xlsx 或 .ods，且没有密码。",
    "LibreOffice cannot save this as “{p}”: the name must end in .xlsx or .ods, without a password.",
)
_NAME = re.compile(rb'<table\b[^>]*?\bdisplayName="([^"]*)"')
_STYLE = re.compile(rb'<tableStyleInfo\b[^>]*?\bname="([^"]*)"')
_LIKE_EXCEL = 'showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"'


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What LibreOffice forgets of a workbook file, and a file that we let it write has again.

    The style of every table, which tables made since have too; what each sheet says is not to be marked green; the
    parts of a ribbon of the workbook's own, which LibreOffice keeps without its icons.
    """

    styles: dict[str, str] = field(default_factory=dict)
    marks: Mapping[str, bytes] = field(default_factory=dict)
    ribbon: Parts | None = None


def forgotten(path: Path) -> Forgotten:
    """Return what LibreOffice will forget of a file; nothing of one that is not .xlsx."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return Forgotten()
    try:
        parts = unzipped(path.read_bytes())
        sheets = sheet_parts(parts)
    except (OSError, ValueError, EOFError, StopIteration, KeyError, ParseError, zipfile.BadZipFile):
        return Forgotten()  # LibreOffice will say what is wrong
    styles = {}
    for name, content in parts.content.items():
        if name.startswith("xl/tables/") and (table := _NAME.search(content)) and (style := _STYLE.search(content)):
            styles[unescape(table[1].decode())] = unescape(style[1].decode())
    marks = {name: mark for name, part in sheets.items() if (mark := unmarked(parts.content.get(part, b"")))}
    return Forgotten(styles, marks, ribbon_of(parts))


def save(ask: Callable[..., object], target: Path, lacking: Forgotten, password: str | None) -> None:
    """Let LibreOffice write a document beside, mend it, and put it in its place. Raises `FileTrouble`."""
    if target.suffix.lower() not in FORMATS or password:
        raise FileTrouble(_WRONG_FORMAT.fill(p=target.name))
    with tempfile.TemporaryDirectory(prefix="evenclass-") as folder:
        written = Path(folder) / f"saved{target.suffix.lower()}"
        ask("store", str(written), target.suffix.lower()[1:])
        content = written.read_bytes()
    write_whole(target, _mended(content, lacking) if target.suffix.lower() == ".xlsx" else content)


def _mended(content: bytes, lacking: Forgotten) -> bytes:
    """Return a file's content with what was forgotten; marks only where the sheet still has its name."""
    parts = unzipped(content)
    before = dict(parts.content)
    for name, part in before.items():
        if name.startswith("xl/tables/") and (table := _NAME.search(part)) and not _STYLE.search(part):
            style = lacking.styles.get(unescape(table[1].decode()))
            if style is not None:
                mark = f"<tableStyleInfo name={quoteattr(style)} {_LIKE_EXCEL}/></table>"
                parts.content[name] = part.replace(b"</table>", mark.encode())
    if lacking.marks:
        for sheet, name in sheet_parts(parts).items():
            if sheet in lacking.marks and unmarked(parts.content[name]) is None:
                parts.content[name] = marked(parts.content[name], lacking.marks[sheet])
    if lacking.ribbon is not None:
        put_ribbon_back(parts, lacking.ribbon)
    return parts.zipped(level=1) if parts.content != before else content
