"""The verbs of the pages of a draw: thin shells over `addin.ceremony`, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from addin.options import AsJson, ours, printed, told
from addin.trouble import FileTrouble
from engine.wording import Text

OutPage = Annotated[Path, typer.Argument(metavar="OUT.html", help="网页文件 the page")]
Files = Annotated[
    list[Path],
    typer.Argument(metavar="[BOOK] OUT.html", help="封存过的工作簿和网页文件 a sealed workbook, and the page"),
]
Record = Annotated[
    Path | None,
    typer.Option("--record", metavar="R.json", help="不用工作簿，用抽签记录 a record instead of a workbook"),
]
Listed = Annotated[
    Path | None,
    typer.Option("--list", metavar="LIST.csv", help="公示名单，最后逐班显示 the published list, shown last"),
]
Again = Annotated[bool, typer.Option("--again", help="为再抽一次准备 for one more draw of the same list")]
_WHICH = Text(
    "请写“工作簿 网页.html”，或“--record 记录.json 网页.html”，或只写“网页.html”。",
    "Write “BOOK OUT.html”, or “--record R.json OUT.html”, or “OUT.html” alone.",
)
_PAGE = Text(
    "核对网页：{p}。可以放在 U 盘上或发给家长，双击就能用，不联网。",
    "The checking page: {p}. Put it on a USB stick or send it out: a double click opens it, no network needed.",
)
_CEREMONY = Text(
    "大屏页：{p}。双击打开，按 F 全屏，方向键或空格翻页。",
    "The ceremony: {p}. Open it by a double click, F for full screen, arrow keys or space to go on.",
)


def page(out: OutPage, as_json: AsJson = False) -> None:
    """核对网页：一个文件，谁都能核对一次抽签 One file with which anyone can check a draw."""
    from addin import ceremony

    with told(None) as voice:
        ceremony.write_page(out)
        printed(voice, {"page": str(out)}, as_json, lambda: voice.say(_PAGE.fill(p=out)))


def ceremony(
    files: Files, record: Record = None, published: Listed = None, again: Again = False, as_json: AsJson = False
) -> None:
    """大屏：投影用的抽签页，一步一步，含记录 The draw for the projector, step by step, the record inside."""
    from addin import ceremony, commands

    with told(None) as voice:
        *books, out = files
        if len(books) > 1 or (books and record is not None) or (again and not books):
            raise FileTrouble(_WHICH)
        found = None if record is None else ceremony.record_file(record)
        for book in books:
            with ours(book) as source:
                voice.lang = commands.language_of(source.workbook)
                found = ceremony.record_kept(source.workbook, again=again)
        ceremony.write_ceremony(out, found, published)
        drawn = found is not None and "draw" in found
        facts = {"page": str(out), "sealed": found is not None, "drawn": drawn}
        printed(voice, facts, as_json, lambda: voice.say(_CEREMONY.fill(p=out)))


VERBS: tuple[Callable[..., None], ...] = (page, ceremony)
