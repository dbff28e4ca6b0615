"""Put a file in another's place in one step: whole and new, or untouched and old."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from addin.trouble import FileTrouble
from engine.wording import Text

_NO_FOLDER = Text(
    "不能保存“{p}”：没有这个文件夹。请先建好文件夹。",
    "“{p}” cannot be saved: there is no such folder. Create it first.",
)
_CLOSED = Text(
    "不能保存“{p}”：您不能在文件夹“{f}”里写文件。请用 -o 存到别处，或先把原文件复制到桌面；什么都没有写。",
    "“{p}” cannot be saved: you may not write in the folder “{f}”. Save elsewhere with -o, or copy the file to the "
    "desktop first; nothing was written.",
)
_LOCKED = Text(
    "不能保存“{p}”：可能正在 Excel 或 WPS 中打开，或者没有写入权限。请关闭它再试；原文件没有改动。",
    "“{p}” cannot be saved: it may be open in Excel or WPS, or you may not have permission to write there. "
    "Close it and try again; the file has not been changed.",
)
_FULL = Text(
    "不能保存“{p}”：磁盘已满。请删掉不用的文件，或用 -o 存到别的盘；原文件没有改动。",
    "“{p}” cannot be saved: the disk is full. Delete what is not needed, or save to another disk with -o; the file has "
    "not been changed.",
)
_FAILED = Text(
    "不能保存“{p}”（{why}）。请检查磁盘空间或网络；原文件没有改动。",
    "“{p}” cannot be saved ({why}). Check disk space or the network; the file has not been changed.",
)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file's content so that at any moment the old file or the new one is there, whole.

    A link is followed; an existing file keeps its mode. Raises `FileTrouble` if it cannot be written; then, as after
    any other failure, the old file is untouched and nothing is left beside it.
    """
    place = Path(os.path.realpath(path))
    if not place.parent.is_dir():
        raise FileTrouble(_NO_FOLDER.fill(p=path))
    try:
        _replace(place, content)
    except OSError as trouble:
        raise FileTrouble(_why(place, path.name, trouble)) from trouble


def _why(place: Path, name: str, trouble: OSError) -> Text:
    """Return what is in the way of a file, with what to do."""
    if trouble.errno == errno.ENOSPC:
        return _FULL.fill(p=name)
    if not isinstance(trouble, PermissionError):
        return _FAILED.fill(p=name, why=trouble.strerror or trouble)
    if not os.access(place.parent, os.W_OK):
        return _CLOSED.fill(p=name, f=place.parent)
    return _LOCKED.fill(p=name)


def _replace(place: Path, content: bytes) -> None:
    mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else None
    if mode is not None and not os.access(place, os.W_OK):
        raise PermissionError(place)
    handle, name = tempfile.mkstemp(prefix=f".{place.stem[:40]}-", suffix=".tmp", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode if mode is not None else 0o666 & ~_umask())
        os.replace(name, place)  # noqa: PTH105 (one step, on every system)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def must_end(path: Path, ending: str) -> None:
    """Raise `FileTrouble` if a file that is to be made has another ending, or no folder to lie in."""
    if path.suffix.casefold() != ending or not path.absolute().parent.is_dir():
        what = Text(
            "“{p}”要以 {e} 结尾，放在已有的文件夹里。", "“{p}” must end in {e} and lie in a folder that exists."
        )
        raise FileTrouble(what.fill(p=path, e=ending))
