"""Trouble with a file or a program, as opposed to trouble with what the user typed (`engine.issue`)."""

from __future__ import annotations

from engine.wording import Text


class FileTrouble(Exception):  # noqa: N818 # reads as what the user is told, not as a programming error
    """A file cannot be read, written or understood; ``text`` says which, why and what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)
