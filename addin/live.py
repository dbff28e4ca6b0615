"""A click in Excel: the ribbon's VBA runs ``from addin import live; live.clicked('place')`` in a Python of its own."""

from __future__ import annotations

import sys

from addin import TITLE
from engine.wording import Text


def clicked(key: str) -> None:
    """Do what a button says to the workbook in front; whatever goes wrong is said in words, never as a traceback."""
    try:
        from addin import clicks
        from addin.hosts.excel_desk import ExcelDesk

        clicks.clicked(ExcelDesk(), key)
    except Exception as problem:
        from addin.logbook import noted

        _say(noted(problem, f"click {key}"))


def _say(words: Text) -> None:
    """Show a box of Windows' own: Excel cannot be reached."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, f"{words.zh}\n\n{words.en}", TITLE, 0x30)
    else:
        sys.stderr.write(f"{words.zh}\n{words.en}\n")
