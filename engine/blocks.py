"""Pupils that must be together, joined into blocks: a rule with a and b and one with b and c make one block."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from engine.cohort import Rule


def blocks(n: int, rules: Sequence[Rule]) -> list[list[int]]:
    """Return all n pupils in blocks, lone ones as blocks of one; pupils ascending, blocks by their first pupil."""
    root = list(range(n))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for rule in rules:
        if rule.kind == "together":
            for i in rule.pupils[1:]:
                root[find(i)] = find(rule.pupils[0])
    members: dict[int, list[int]] = {}
    for i in range(n):
        members.setdefault(find(i), []).append(i)
    return sorted(members.values())


def chain(start: int, end: int, rules: Sequence[Rule]) -> list[Rule]:
    """Return the fewest together rules that tie one pupil to another, [] if none do (breadth first)."""
    ties: dict[int, list[Rule]] = {}
    for rule in rules:
        if rule.kind == "together":
            for i in rule.pupils:
                ties.setdefault(i, []).append(rule)
    came: dict[int, list[Rule]] = {start: []}
    queue = deque([start])
    while queue:
        i = queue.popleft()
        if i == end:
            return came[i]
        for rule in ties.get(i, []):
            for j in rule.pupils:
                if j not in came:
                    came[j] = [*came[i], rule]
                    queue.append(j)
    return []
