"""What the button Ceremony does: the page for the projector, made beside the workbook and opened."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable

from addin import ceremony, commands
from addin.desk import Click, Said
from engine.wording import Text

_MADE = Text(
    "大屏页在“{p}”，已在浏览器里打开。按 F 全屏，方向键或空格翻页。",
    "The page is {p}; your browser shows it. F: full screen; arrow keys or space: go on.",
)


def _ceremony(click: Click) -> Said:
    workbook = click.workbook
    lang = commands.language_of(workbook)
    out = ceremony.beside(workbook, lang)
    ceremony.write_ceremony(out, ceremony.record_kept(workbook))
    webbrowser.open(out.as_uri())
    return _MADE.fill(p=out).to(lang), "info"


WORKS: dict[str, Callable[[Click], Said]] = {"ceremony": _ceremony}
