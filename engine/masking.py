"""Names and ids as they are published: enough for a family to find itself, not enough for anybody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine.values import has_han

STAR = "*"
TAIL, HEAD = 4, 3  # characters of an id that stay
_MORE = 2  # thirds of an id that are shown at most, where pupils must be told apart


@dataclass(frozen=True, slots=True)
class Masked:
    """A pupil as published. ``alike``: others are masked to the same, so a few more characters, or a number, show."""

    name: str
    id: str
    alike: bool = False


def masked_name(name: str, rule: str) -> str:
    """Return a name masked by a rule of `engine.tables.NAME_MASKS`: 张*三, 张**; J**n S***h, J*** S****."""
    if rule == "full":
        return name
    words = ["".join(name.split())] if has_han(name) else name.split()
    return " ".join(_masked_word(word, ends=rule == "middle") for word in words)


def masked_id(text: str, rule: str, more: int = 0) -> str:
    """Return an id masked by a rule of `engine.tables.ID_MASKS`; ``more`` characters at the end show besides.

    Half of it at least is hidden, and with ``more`` a third.
    """
    n = len(text)
    if rule == "full":
        return text
    head = min(HEAD, n // 4) if rule == "ends" else 0
    tail = {"hidden": 0, "ends": min(TAIL, n // 4)}.get(rule, min(TAIL, n // 2))
    tail = min(tail + more, max(tail, n * _MORE // 3 - head))
    if rule == "hidden" and tail == 0:
        return ""
    return text[:head] + STAR * (n - head - tail) + (text[n - tail :] if tail else "")


def masked_pupils(names: Sequence[str], ids: Sequence[str], rules: tuple[str, str]) -> list[Masked]:
    """Return every pupil masked, no two the same: names by the first rule, ids by the second.

    Where name and id would be the same, more characters of the ids show until they differ; where that would show more
    than two thirds, the pupils are numbered （1）, （2） in the order given.
    """
    shown = [masked_name(name, rules[0]) for name in names]
    found = [Masked(name, masked_id(text, rules[1])) for name, text in zip(shown, ids, strict=True)]
    groups: dict[Masked, list[int]] = defaultdict(list)
    for i, one in enumerate(found):
        groups[one].append(i)
    for one, members in groups.items():
        if len(members) > 1:
            texts = _told_apart([ids[i] for i in members], rules[1])
            numbers = [""] * len(members) if len(set(texts)) == len(members) else _numbers(len(members))
            for i, text, number in zip(members, texts, numbers, strict=True):
                found[i] = Masked(one.name + number, text if not number else one.id, alike=True)
    return found


def _masked_word(word: str, *, ends: bool) -> str:
    if len(word) < 2:
        return STAR * len(word)
    if ends and len(word) > 2:
        return word[0] + STAR * (len(word) - 2) + word[-1]
    return word[0] + STAR * (len(word) - 1)


def _told_apart(ids: Sequence[str], rule: str) -> list[str]:
    """Return the ids with as few characters more as tell them apart, or as may be shown."""
    most = max(map(len, ids))
    texts = [masked_id(text, rule) for text in ids]
    for more in range(1, most):
        if len(set(texts)) == len(texts):
            break
        texts = [masked_id(text, rule, more) for text in ids]
    return texts


def _numbers(n: int) -> list[str]:
    return [f"（{number}）" for number in range(1, n + 1)]
