"""Text that staff read, always in both languages side by side, so that neither can be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in Chinese and in English; ``{placeholders}`` are filled by `fill`."""

    zh: str
    en: str

    def fill(self, **values: object) -> Text:
        """Return the text with its placeholders filled; a `Text` value is filled in its own language."""
        return Text(
            self.zh.format(**{key: _in(value, "zh") for key, value in values.items()}),
            self.en.format(**{key: _in(value, "en") for key, value in values.items()}),
        )

    def to(self, lang: Lang) -> str:
        """Return the text in one language."""
        return self.zh if lang == "zh" else self.en


def plain(word: object) -> Text:
    """Return text that is the same in both languages: a header, a name, a number."""
    return Text(str(word), str(word))


def listed(items: Sequence[Text], most: int | None = None) -> Text:
    """Join labels the way each language writes a list; of more than ``most`` the first ones and …."""
    if most is not None and len(items) > most:
        items = [*items[:most], plain("…")]
    return Text("、".join(item.zh for item in items), ", ".join(item.en for item in items))


def _in(value: object, lang: Lang) -> object:
    return value.to(lang) if isinstance(value, Text) else value


def figure(value: Fraction | float) -> str:
    """Return a number as sentences show it: four decimals at most."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
