"""What is dropped onto the desktop shortcut: checked, placed, saved beside it, opened."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from addin.logbook import noted
from addin.speech import Voice
from addin.trouble import FileTrouble
from engine.issue import InputError
from engine.wording import Text

DONE, SHORT, REFUSED = 0, 1, 2
MOST_CLASSES = 200
QUESTION = Text("“{p}”要分成几个班？", "Into how many classes shall “{p}” be placed?")


def open_file(path: Path) -> None:
    """Open a file with the program that the user's PC opens it with; without one, nothing happens."""
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        if sys.platform == "win32":
            os.startfile(path)
            return
        subprocess.run([opener, str(path)], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        return


def ask_classes(question: str) -> int | None:
    """Ask for the number of classes in a small window, in the terminal where there are no windows; None: not told."""
    try:
        import tkinter
        from tkinter import simpledialog
    except ImportError:
        return _ask_in_words(question)
    try:
        root = tkinter.Tk()
    except tkinter.TclError:  # no display
        return _ask_in_words(question)
    root.withdraw()
    root.attributes("-topmost", True)
    try:
        return simpledialog.askinteger("EvenClass", question, parent=root, minvalue=1, maxvalue=MOST_CLASSES)
    finally:
        root.destroy()


def _ask_in_words(question: str) -> int | None:
    try:
        said = input(f"{question} ").strip()
    except EOFError:
        return None
    return int(said) if said.isdecimal() and 1 <= int(said) <= MOST_CLASSES else None


@dataclass(frozen=True, slots=True)
class Drop:
    """How to treat what is dropped: ``ask`` for the number of classes, ``show`` a file that was made."""

    voice: Voice
    ask: Callable[[str], int | None] = field(default=ask_classes)
    show: Callable[[Path], None] = field(default=open_file)

    def each(self, paths: list[Path]) -> int:
        """Place every file; one that cannot be does not keep the others from it. Return the worst exit code."""
        return max((self._one(path) for path in paths), default=REFUSED)

    def _one(self, path: Path) -> int:
        from addin import files

        self.voice.rows = ()
        try:
            classes = None
            if path.is_file() and not files.is_ours(path):
                classes = self.ask(QUESTION.fill(p=path.name).to(self.voice.lang))
                if classes is None:
                    what = Text("没有班数，“{p}”没有分。", "Without a number of classes “{p}” was not placed.")
                    raise FileTrouble(what.fill(p=path.name))
            return self._placed(path, classes)
        except FileTrouble as trouble:
            self.voice.refuse(trouble.text)
        except Exception as error:  # the window closes with the program: nobody could read a traceback
            what = Text("“{p}”没有分班。{w}", "“{p}” was not placed. {w}")
            self.voice.refuse(what.fill(p=path.name, w=noted(error, "drop")))
        return REFUSED

    def _placed(self, path: Path, classes: int | None) -> int:
        from addin import commands, files

        target = files.target(path, None, Text("分班", "placed"), in_place=False)
        try:
            with files.opened(path, None, classes) as source:
                self.voice.listen(source)
                with self.voice.progress() as progress:
                    placed = commands.place(source.workbook, classes=classes, found=source.found, progress=progress)
                self.voice.lang = placed.cohort.settings.language
                self.voice.warn(files.lost(source, target))
                files.save(source.workbook, target)
        except InputError as error:
            return self._refused(path, classes, error)
        self.voice.issues(placed.issues)
        self.voice.placed(placed)
        self.voice.say(Text("结果：{p}", "Result: {p}").fill(p=target))
        self.show(target)
        return DONE if placed.measured.violations == 0 and placed.measured.tolerated else SHORT

    def _refused(self, path: Path, classes: int | None, error: InputError) -> int:
        """List the issues, and write them beside the file as `evenclass check` does, so that they can be worked off."""
        from addin import commands, files

        self.voice.lang = error.lang
        self.voice.issues(error.issues)
        target = files.target(path, None, Text("检查", "checked"), in_place=False)
        with files.opened(path, None, classes) as source:
            commands.check(source.workbook, classes=classes, found=source.found)
            files.save(source.workbook, target)
        what = Text(
            "“{p}”没有分班：请先改正上面的错误。已列在“问题”表：{t}",
            "“{p}” was not placed: please correct the errors above first. They are in the sheet Issues: {t}",
        )
        self.voice.refuse(what.fill(p=path.name, t=target))
        self.show(target)
        return REFUSED
