"""How a name sounds: its pinyin without tones, with initials and finals that are heard alike made the same."""

from __future__ import annotations

import os
from collections.abc import Sequence

from engine.values import has_han, normal_name

INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxzcsryw")


def sounds_of(names: Sequence[str], alike: Sequence[tuple[str, str]]) -> list[str]:
    """Return the sound of each name, "" where it has no Chinese characters.

    ``alike`` has pairs such as ("z", "zh") or ("an", "ang"): initials or finals heard as the same. Readings are
    those of pypinyin, the most usual one where a character has several.
    """
    if not any(has_han(name) for name in names):
        return [""] * len(names)
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # names are no phrases, and those take a while to load
    from pypinyin import lazy_pinyin

    root = _classes(alike)
    return [
        " ".join(_heard(syllable, root) for syllable in lazy_pinyin(normal_name(name))) if has_han(name) else ""
        for name in names
    ]


def _classes(alike: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return for each sound the one that stands for all it is heard as: ``z=zh`` and ``zh=j`` make one class."""
    root: dict[str, str] = {}
    for left, right in alike:
        one, other = sorted((root.get(left, left), root.get(right, right)))
        for sound in (left, right, *(known for known in root if root[known] in (one, other))):
            root[sound] = one
    return root


def _heard(syllable: str, root: dict[str, str]) -> str:
    initial = next((start for start in INITIALS if syllable.startswith(start)), "")
    final = syllable.removeprefix(initial)
    return root.get(initial, initial) + root.get(final, final)
