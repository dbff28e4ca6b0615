"""What a check of the installation found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.wording import Text

Level = Literal["ok", "note", "warning", "error"]

LEVELS: dict[Level, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
    "ok": Text("正常", "fine"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found and, unless it is fine, how to mend it. ``key`` names it for programs."""

    key: str
    level: Level
    what: Text
    mend: Text | None = None

    @property
    def text(self) -> Text:
        """The finding and its remedy in one sentence."""
        return self.what if self.mend is None else Text("{w}{m}", "{w} {m}").fill(w=self.what, m=self.mend)
