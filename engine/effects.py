"""What a change of the placement does: every criterion and every rule before and after, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.cohort import Cohort, Rule
from engine.criteria import class_values, gap_of
from engine.current import Current, Moves
from engine.measuring import Gap, Measured, RuleCheck, checked_rule
from engine.report import number
from engine.swap_gaps import NOISE
from engine.wording import Text, figure, listed, plain

SAID = 6  # criteria named in a sentence
_STEP = Text("{p} {a}→{b}", "{p} {a} → {b}")
_NOTHING = Text("各项都不变", "nothing changes")


@dataclass(frozen=True, slots=True)
class Effect:
    """Some moves, and the placement measured before and after them; rules and criteria in the same order in both."""

    moves: Moves
    before: Measured
    after: Measured

    @property
    def worse(self) -> list[tuple[Gap, Gap]]:
        """The balanced criteria whose gap grows; one that stays within its tolerance is not worse."""
        return [
            (was, now)
            for was, now in self._gaps()
            if now.gap > was.gap + _noise(was) and not (now.criterion.tolerance is not None and now.tolerated)
        ]

    @property
    def better(self) -> list[tuple[Gap, Gap]]:
        """The balanced criteria whose gap shrinks."""
        return [(was, now) for was, now in self._gaps() if now.gap < was.gap - _noise(was)]

    @property
    def broken(self) -> list[RuleCheck]:
        """The rules that are broken more often than before, as they are then."""
        both = zip(self.before.checks, self.after.checks, strict=True)
        return [now for was, now in both if now.broken > was.broken]

    @property
    def mended(self) -> list[RuleCheck]:
        """The rules that are broken less often than before, as they are then."""
        both = zip(self.before.checks, self.after.checks, strict=True)
        return [now for was, now in both if now.broken < was.broken]

    @property
    def free(self) -> bool:
        """Return whether nothing gets worse: no balanced criterion, no rule."""
        return not self.worse and not self.broken

    def _gaps(self) -> list[tuple[Gap, Gap]]:
        both = zip(self.before.gaps, self.after.gaps, strict=True)
        return [(was, now) for was, now in both if now.criterion.weight > 0]


def effect_of(current: Current, before: Measured, moves: Moves) -> Effect:
    """Return what some moves do; the classes keep their sizes. ``before`` is the current placement, measured."""
    after = current.after(moves)
    sizes, k = current.cohort.sizes, len(current.cohort.classes)
    gaps = []
    for gap in before.gaps:
        values = class_values(gap.criterion, after, k)
        gaps.append(Gap(gap.criterion, tuple(values), gap_of(gap.criterion, values, sizes), gap.floor))
    touched = {id(rule) for rule in current.rules_of(moves)}
    checks = [
        checked_rule(check.rule, current.cohort, after) if id(check.rule) in touched else check
        for check in before.checks
    ]
    return Effect(moves, before, Measured(after, tuple(gaps), tuple(checks)))


def moves_said(cohort: Cohort, before: Measured, moves: Moves) -> Text:
    """Return who goes from where to where."""
    steps = [
        _STEP.fill(p=cohort.pupil(i), a=cohort.classes[int(before.class_of[i])], b=cohort.classes[k])
        for i, k in moves.items()
    ]
    return Text("；".join(step.zh for step in steps), "; ".join(step.en for step in steps))


def gaps_said(changes: Iterable[tuple[Gap, Gap]]) -> Text:
    """Return how gaps change: ``总分 平均 0.04→0.12``; those beyond `SAID` are counted."""
    said = [
        Text("{c} {a}→{b}", "{c} {a} → {b}").fill(c=now.criterion.label, a=figure(was.gap), b=figure(now.gap))
        for was, now in changes
    ]
    more = [Text("等 {n} 项", "{n} in all").fill(n=len(said))] if len(said) > SAID else []
    return listed([*said[:SAID], *more])


def rules_said(checks: Iterable[RuleCheck]) -> Text:
    """Return where rules come from and what was found."""
    return listed([Text("{s}：{f}", "{s}: {f}").fill(s=check.rule.source, f=check.found) for check in checks][:SAID])


def effect_said(effect: Effect) -> Text:
    """Return the whole effect in a few lines."""
    parts = [
        (Text("变差：{x}", "Worse: {x}"), gaps_said(effect.worse)),
        (Text("变好：{x}", "Better: {x}"), gaps_said(effect.better)),
        (Text("新违反的规则：{x}", "Rules then broken: {x}"), rules_said(effect.broken)),
        (Text("不再违反的规则：{x}", "Rules then kept or broken less: {x}"), rules_said(effect.mended)),
    ]
    lines = [head.fill(x=text) for head, text in parts if text.en] or [_NOTHING]
    return Text("\n".join(line.zh for line in lines), "\n".join(line.en for line in lines))


def effect_json(cohort: Cohort, effect: Effect) -> dict[str, Any]:
    """Return the whole effect as ``--json`` prints it: every criterion, changed or not, and the rules that change."""
    return {
        "moves": moves_json(cohort, effect),
        "free": effect.free,
        "violations": {"before": effect.before.violations, "after": effect.after.violations},
        "criteria": [
            {
                "column": now.criterion.column,
                "kind": now.criterion.kind,
                "value": now.criterion.value,
                "before": number(was.gap),
                "after": number(now.gap),
                "floor": number(now.floor),
            }
            for was, now in zip(effect.before.gaps, effect.after.gaps, strict=True)
        ],
        "worse": [now.criterion.label.to(cohort.settings.language) for _, now in effect.worse],
        "broken": [rule_json(cohort, check.rule) for check in effect.broken],
        "mended": [rule_json(cohort, check.rule) for check in effect.mended],
    }


def moves_json(cohort: Cohort, effect: Effect) -> list[dict[str, str]]:
    """Return who goes from where to where, by id."""
    before = effect.before.class_of
    return [
        {"id": cohort.ids[i], "from": cohort.classes[int(before[i])], "to": cohort.classes[k]}
        for i, k in effect.moves.items()
    ]


def rule_json(cohort: Cohort, rule: Rule) -> dict[str, Any]:
    """Return a rule by its kind, where it stands and whom it names."""
    return {
        "kind": rule.kind,
        "row": rule.row,
        "source": rule.source.to(cohort.settings.language),
        "ids": [cohort.ids[i] for i in rule.pupils],
    }


def _noise(gap: Gap) -> Fraction:
    """Return what a difference must exceed: nothing, but for spreads, which are square roots."""
    return Fraction(NOISE) if gap.criterion.kind == "spread" else Fraction(0)


def pupils_said(cohort: Cohort, pupils: Iterable[int]) -> Text:
    """Return pupils as a sentence lists them, the tail left out where they are many."""
    shown = [plain(cohort.pupil(i)) for i in pupils]
    more = [Text("等 {n} 人", "{n} in all").fill(n=len(shown))] if len(shown) > SAID else []
    return listed([*shown[:SAID], *more])
