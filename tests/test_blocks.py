"""Blocks of pupils that must be together, and why two of them must."""

from __future__ import annotations

from engine.blocks import blocks, chain
from engine.cohort import Rule
from engine.wording import plain


def together(*pupils: int) -> Rule:
    return Rule("together", pupils, plain(str(pupils)))


def test_chained_rules_make_one_block() -> None:
    """a-b and b-c are one block; others stay alone; other kinds of rule tie nobody."""
    rules = [together(0, 3), together(3, 5), Rule("apart", (1, 2), plain(""))]
    assert blocks(6, rules) == [[0, 3, 5], [1], [2], [4]]


def test_the_shortest_chain_between_two_pupils_is_found() -> None:
    """Of two ways the one with fewer rules is named; pupils not tied have none."""
    rules = [together(0, 1), together(1, 2), together(2, 3), together(0, 4, 3)]
    assert chain(0, 3, rules) == [rules[3]]
    assert chain(0, 2, rules) == [rules[0], rules[1]]
    assert chain(0, 5, rules) == []
