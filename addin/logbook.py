"""Whatever nobody foresaw: kept in a log file, and told in a plain sentence with the file's path."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

from engine import __version__
from engine.wording import Text

LARGEST = 1_000_000  # bytes of the log, before it starts anew
BUSY = -2147418111  # RPC_E_CALL_REJECTED
_BUSY = Text(
    "Excel 正忙：可能有单元格正在编辑，或有对话框开着。请按 Esc 或回车结束编辑，关掉对话框，再试一次。",
    "Excel is busy: a cell is being edited, or a box is open. Press Esc or Enter, close the box, and try again.",
)
_UNFORESEEN = Text(
    "没有做成，工作簿没有改动。出了程序没有料到的问题：{why}\n"
    "请再试一次；还不行，就把这个文件发给帮您安装的人：\n{log}",
    "This did not work; the workbook is as it was. Something happened that the program did not foresee: {why}\n"
    "Try again; if it stays so, send this file to whoever installed EvenClass for you:\n{log}",
)


def log_path() -> Path:
    """Return the log file, in the place where each system keeps such things."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "EvenClass" / "evenclass.log"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "EvenClass" / "evenclass.log"
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "evenclass" / "evenclass.log"


def noted(problem: BaseException, doing: str) -> Text:
    """Write a problem to the log and return what to tell the user; never raises."""
    path = log_path()
    lines = "".join(traceback.format_exception(problem))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if path.is_file() and path.stat().st_size > LARGEST else "a", encoding="utf-8") as log:
            log.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} EvenClass {__version__}, {doing}\n{lines}\n")
    except OSError:
        pass
    if getattr(problem, "hresult", None) == BUSY:
        return _BUSY
    return _UNFORESEEN.fill(why=f"{type(problem).__name__}: {problem}"[:300], log=path)
