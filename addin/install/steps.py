"""Steps that are all taken, or taken back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from addin.trouble import FileTrouble
from engine.wording import Text, listed, plain

Undo = Callable[[], None]
Say = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Step:
    """``take`` does one thing and returns how to take it back; None where nothing was changed."""

    name: Text
    take: Callable[[], Undo | None]


def take_all(steps: Sequence[Step], say: Say) -> None:
    """Take every step in order. If one fails, take back those before it and raise `FileTrouble` saying what is left."""
    done: list[tuple[Step, Undo]] = []
    for step in steps:
        say(Text("{s}……", "{s} …").fill(s=step.name))
        try:
            undo = step.take()
        except (FileTrouble, OSError) as error:
            why = error.text if isinstance(error, FileTrouble) else _system(error)
            raise FileTrouble(_failed(step, why, _taken_back(done))) from error
        if undo is not None:
            done.append((step, undo))


def _taken_back(done: list[tuple[Step, Undo]]) -> list[Text]:
    left: list[Text] = []
    for step, undo in reversed(done):
        try:
            undo()
        except OSError as error:
            left.append(Text("{s}（{e}）", "{s} ({e})").fill(s=step.name, e=_system(error)))
    return left


def _failed(step: Step, why: Text, left: list[Text]) -> Text:
    clean = Text("前面的步骤已全部撤回。", "The steps before it have been taken back.")
    if left:
        clean = Text("未能撤回：{w}。", "Could not be taken back: {w}.").fill(w=listed(left))
    return Text("“{s}”没有成功：{y}{c}", "“{s}” failed: {y} {c}").fill(s=step.name, y=why, c=clean)


def _system(error: OSError) -> Text:
    return plain(f"{error.strerror or error} {error.filename or ''}".strip())


def moved_aside(path: Path) -> tuple[Path, Undo]:
    """Rename a folder to ``….old`` and return that with how to put it back; raises `OSError` if it is in use."""
    aside = path.with_name(path.name + ".old")
    if aside.exists():
        shutil.rmtree(aside)
    path.rename(aside)

    def back() -> None:
        if path.exists():
            shutil.rmtree(path)
        aside.rename(path)

    return aside, back
