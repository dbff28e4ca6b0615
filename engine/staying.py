"""Pupils who are to stay where they are, as rules for the search."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.cohort import Cohort, Ints, Rule
from engine.presence import broken
from engine.wording import Text

_STAYS = Text("不动", "stays")


def with_staying(cohort: Cohort, stay: Sequence[int], class_of: Ints) -> Cohort:
    """Return the cohort with the pupils ``stay`` fixed to their classes in ``class_of`` (n,).

    Where a person put them against a rule, nobody can keep it: whoever breaks it among them is left out of it.
    """
    fixed = (Rule("fixed", (i,), _STAYS, class_index=int(class_of[i])) for i in stay)
    known = frozenset(stay)
    rules = (_kept_by(known, rule, class_of) for rule in cohort.rules)
    return replace(cohort, rules=(*(rule for rule in rules if rule.pupils), *fixed))


def torn(cohort: Cohort, class_of: Ints) -> bool:
    """Return whether a placement tears a group that must be together; no search can start from it."""
    return any(rule.kind == "together" and broken(rule, class_of) for rule in cohort.rules)


def _kept_by(stay: Collection[int], rule: Rule, class_of: Ints) -> Rule:
    kept: tuple[int, ...] = ()
    for i in rule.pupils:
        if i in stay and not broken(replace(rule, pupils=(*kept, i)), class_of):
            kept = (*kept, i)
    return replace(rule, pupils=tuple(i for i in rule.pupils if i not in stay or i in kept))
