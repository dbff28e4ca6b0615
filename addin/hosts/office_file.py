"""Files that LibreOffice writes: replaced in one step, with the table styles that it forgets put back."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr, unescape

from addin.hosts.package import unzipped
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


def table_styles(path: Path) -> dict[str, str]:
    """Return the style of every table in a workbook file; none for a file that is not .xlsx."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}
    try:
        parts = unzipped(path.read_bytes())
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):  # LibreOffice will say what is wrong
        return {}
    styles = {}
    for name, content in parts.content.items():
        if name.startswith("xl/tables/") and (table := _NAME.search(content)) and (style := _STYLE.search(content)):
            styles[unescape(table[1].decode())] = unescape(style[1].decode())
    return styles


def save(ask: Callable[..., object], target: Path, styles: Mapping[str, str], password: str | None) -> None:
    """Let LibreOffice write a document beside, mend it, and put it in its place. Raises `FileTrouble`."""
    if target.suffix.lower() not in FORMATS or password:
        raise FileTrouble(_WRONG_FORMAT.fill(p=target.name))
    with tempfile.TemporaryDirectory(prefix="evenclass-") as folder:
        written = Path(folder) / f"saved{target.suffix.lower()}"
        ask("store", str(written), target.suffix.lower()[1:])
        content = written.read_bytes()
    write_whole(target, _styled(content, styles) if target.suffix.lower() == ".xlsx" else content)


def _styled(content: bytes, styles: Mapping[str, str]) -> bytes:
    parts = unzipped(content)
    changed = False
    for name, part in parts.content.items():
        if name.startswith("xl/tables/") and (table := _NAME.search(part)) and not _STYLE.search(part):
            style = styles.get(unescape(table[1].decode()))
            if style is not None:
                mark = f"<tableStyleInfo name={quoteattr(style)} {_LIKE_EXCEL}/></table>"
                parts.content[name] = part.replace(b"</table>", mark.encode())
                changed = True
    return parts.zipped(level=1) if changed else content
