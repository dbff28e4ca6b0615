"""Take a workbook file into memory, or say in words why that cannot be."""

from __future__ import annotations

import zipfile
from pathlib import Path

from addin.hosts.package import TYPES_PART, Parts, unzipped
from addin.trouble import FileTrouble
from engine.wording import Text

FORMATS = (".xlsx", ".xlsm", ".xltx", ".xltm")
_OLD_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MISSING = Text("找不到文件“{p}”。请检查文件名和文件夹。", "No file “{p}”. Check its name and folder.")
_IN_USE = Text(
    "“{p}”打不开：可能正在 Excel 或 WPS 中打开，或者没有权限。请关闭它再试。",
    "“{p}” cannot be opened: it may be open in Excel or WPS, or you may not have permission. Close it and try again.",
)
_UNREAD = Text(
    "“{p}”读不出来（{why}）。请检查磁盘或网络后再试。",
    "“{p}” cannot be read ({why}). Check the disk or network, then retry.",
)
_FORMAT = Text(
    "“{p}”不是 .xlsx 或 .xlsm 工作簿。请在 Excel 中打开，另存为 .xlsx。",
    "“{p}” is not an .xlsx or .xlsm workbook. Open it in Excel and save it as .xlsx.",
)
_PASSWORD = Text(
    "“{p}”有打开密码，读不出来。请在 Excel 中取消密码，保存后再试。",
    "“{p}” needs a password to open. Remove the password in Excel, save, and try again.",
)
_OLD = Text(
    "“{p}”其实是旧版 .xls 文件，只是扩展名不同。请在 Excel 中打开，另存为 .xlsx。",
    "“{p}” is really an old .xls file under another name. Open it in Excel and save it as .xlsx.",
)
_DAMAGED = Text(
    "“{p}”不是完好的 Excel 工作簿（{why}）。请在 Excel 中打开，修复后另存为 .xlsx。",
    "“{p}” is not a sound Excel workbook ({why}). Open it in Excel, let it repair the file, and save it as .xlsx.",
)


def file_content(path: Path) -> bytes:
    """Return the content of a workbook file. Raises `FileTrouble` if it is missing, locked, protected or no .xlsx."""
    if path.suffix.lower() not in FORMATS:
        raise FileTrouble(_FORMAT.fill(p=path.name)) if path.exists() else missing(path)
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as trouble:
        raise missing(path) from trouble
    except PermissionError as trouble:
        raise FileTrouble(_IN_USE.fill(p=path.name)) from trouble
    except OSError as trouble:
        raise FileTrouble(_UNREAD.fill(p=path.name, why=trouble.strerror or trouble)) from trouble
    if content.startswith(_OLD_FILE):
        protected = "EncryptedPackage".encode("utf-16-le") in content
        raise FileTrouble((_PASSWORD if protected else _OLD).fill(p=path.name))
    return content


def file_parts(path: Path, content: bytes) -> Parts:
    """Return the parts of a workbook file's content. Raises `FileTrouble` if it is not a workbook or is damaged."""
    try:
        parts = unzipped(content)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as why:
        raise damaged(path, why) from why
    if TYPES_PART not in parts.content:
        raise damaged(path, TYPES_PART)
    return parts


def missing(path: Path) -> FileTrouble:
    """Return the trouble with a file that is not there."""
    return FileTrouble(_MISSING.fill(p=path))


def damaged(path: Path, why: object) -> FileTrouble:
    """Return the trouble with a file that cannot be understood."""
    reason = str(why).splitlines()[0] if str(why) else type(why).__name__
    return FileTrouble(_DAMAGED.fill(p=path.name, why=reason))
