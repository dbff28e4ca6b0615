"""The verbs undo and redo: thin shells over `addin.undo` and `addin.redo`, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from addin.options import AsJson, InPlace, Out, Workbook, printed, saved, worked_on
from engine.wording import Lang, Text

if TYPE_CHECKING:
    from addin.book import Book as OpenBook


def undo(book: Workbook, out: Out = None, in_place: InPlace = False, as_json: AsJson = False) -> None:
    """撤销工作簿里的上一次操作 Take back the last command in a workbook of ours."""
    from addin import commands

    _stepped((book, out, in_place), commands.take_back, Text("撤销", "undone"), commands.UNDONE, as_json=as_json)


def redo(book: Workbook, out: Out = None, in_place: InPlace = False, as_json: AsJson = False) -> None:
    """重做：把刚撤销的操作再做一遍 Do again what undo took back."""
    from addin import commands

    _stepped((book, out, in_place), commands.do_again, Text("重做", "redone"), commands.REDONE, as_json=as_json)


def _stepped(
    where: tuple[Path, Path | None, bool],
    step: Callable[[OpenBook], tuple[str, Lang]],
    done: Text,
    said: Text,
    *,
    as_json: bool,
) -> None:
    """Go a command back or forward and save; ``where``: the workbook, ``--out``, ``--in-place``."""
    from addin import files

    book, out, in_place = where
    with worked_on(book) as (voice, source):
        target = files.target(book, out, done, in_place=in_place)
        command, voice.lang = step(source.workbook)
        saved(voice, source, target, in_place=in_place, as_json=as_json)
        printed(voice, {done.en: command}, as_json, lambda: voice.say(said.fill(c=command)))


VERBS: tuple[Callable[..., None], ...] = (undo, redo)
