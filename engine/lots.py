"""Lots drawn from words said in public: key, seed, and permutations that anyone can repeat with SHA-256 alone.

`docs/draw_format.md`, sections 4 and 5.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from engine.canonical import digest

Part = tuple[str, str]  # who, and what they said
_SPACES = re.compile("[\t-\r \u00a0\u3000]+")
_SEED_BITS = 48
_WORDS = 1 << 64


def normal_part(text: str) -> str:
    """Return what was said as it counts: NFC, one space for every run of spaces, none at either end."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def normal_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts as they count, in the order in which they were given."""
    return tuple((normal_part(who), normal_part(said)) for who, said in parts)


def key_of(seal: str, number: int, parts: Iterable[Part]) -> str:
    """Return the key of the ``number``-th draw of a seal; ``parts`` are normal already."""
    return digest(["EvenClass draw 1", seal, number, [list(part) for part in parts]])


def seed_of(key: str) -> int:
    """Return the seed of the search: the first 48 bits of the key."""
    return int(key, 16) >> (4 * len(key) - _SEED_BITS)


@dataclass(slots=True)
class Lots:
    """The stream of lots for one purpose; every purpose has a stream of its own."""

    key: str
    purpose: str
    drawn: int = 0

    def below(self, m: int) -> int:
        """Return a number below m, each as likely as any other: words that would favour some are passed over."""
        while True:
            word = int(digest(["EvenClass lot 1", self.key, self.purpose, self.drawn])[:16], 16)
            self.drawn += 1
            if word < _WORDS // m * m:
                return word % m

    def permutation(self, n: int) -> list[int]:
        """Return a permutation of 0 … n-1 by Fisher and Yates (Knuth, TAOCP 2, algorithm P)."""
        items = list(range(n))
        for i in range(n - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items
