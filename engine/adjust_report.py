"""The tables of adjusting by hand: suggestions, alternatives, reasons, prices, and what choosing one would move."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from engine.adjust_tables import ALTERNATIVES, CHOICES, REASONS, SUGGESTIONS
from engine.adjusting import Case
from engine.cohort import Cohort, Ints
from engine.effects import Effect, effect_json, gaps_said, moves_said, rules_said
from engine.explaining import Way
from engine.measuring import Measured
from engine.report import number
from engine.tables import PLACED, YES_NO, framed
from engine.wording import Text

FREE = Text("可以自由换", "free to move")
_COSTS = Text("换了会变差", "something gets worse")
_NOBODY = Text("没有可以交换的学生", "nobody there may be exchanged")
_AS_IT_IS = Text("保持现状", "as it is")


def suggestions(case: Case, effects: Sequence[Effect], *, by_hand: bool) -> dict[str, pd.DataFrame]:
    """Return *Suggestions*, with *Choices* that says what each would move; ``by_hand``: somebody chose these pupils."""
    lang = case.lang
    rows = [
        {
            "number": at,
            "exchange": moves_said(case.cohort, effect.before, effect.moves).to(lang),
            "better": gaps_said(effect.better).to(lang) or None,
            "worse": gaps_said(effect.worse).to(lang) or None,
            "broken": rules_said(effect.broken).to(lang) or None,
            "mended": rules_said(effect.mended).to(lang) or None,
        }
        for at, effect in enumerate(effects, start=1)
    ]
    return {
        "Suggestions": framed(SUGGESTIONS, rows),
        "Choices": _choices(case, "Suggestions", effects, by_hand=by_hand),
    }


def alternatives(case: Case, effects: Sequence[Effect]) -> dict[str, pd.DataFrame]:
    """Return *Alternatives*, with *Choices*."""
    lang = case.lang
    rows = []
    for at, effect in enumerate(effects, start=1):
        better = gaps_said(effect.better) if effect.moves else _AS_IT_IS
        facts = facts_of(effect.after)
        words = {"better": better.to(lang) or None, "worse": gaps_said(effect.worse).to(lang) or None}
        rows.append({"number": at, "moved": len(effect.moves), **facts, **words})
    return {"Alternatives": framed(ALTERNATIVES, rows), "Choices": _choices(case, "Alternatives", effects)}


def facts_of(measured: Measured) -> dict[str, Any]:
    """Return what the list of alternatives shows of a placement."""
    floored = [gap for gap in measured.gaps if gap.criterion.floored]
    means = [gap.gap for gap in measured.gaps if gap.criterion.kind == "mean"]
    return {
        "violations": measured.violations,
        "at_floor": f"{sum(gap.at_floor for gap in floored)}/{len(floored)}",
        "largest_mean_gap": number(max(means)) if means else None,
    }


def reasons(case: Case, pupil: int, ways: Sequence[Way]) -> pd.DataFrame:
    """Return the table *Reasons*: a row per other class."""
    rows = []
    for way in ways:
        row: dict[str, Any] = {"pupil": case.cohort.pupil(pupil), "class": case.cohort.classes[way.class_index]}
        if way.effect is None:
            row["verdict"] = _NOBODY.to(case.lang)
        else:
            row["verdict"] = (FREE if way.effect.free else _COSTS).to(case.lang)
            row["exchange"] = moves_said(case.cohort, case.before, way.effect.moves).to(case.lang)
            row["worse"] = gaps_said(way.effect.worse).to(case.lang) or None
            row["broken"] = rules_said(way.effect.broken).to(case.lang) or None
            row["better"] = gaps_said(way.effect.better).to(case.lang) or None
        rows.append(row)
    return framed(REASONS, rows)


def ways_json(case: Case, pupil: int, ways: Sequence[Way]) -> dict[str, Any]:
    """Return why a pupil is where they are, as ``--json`` prints it."""
    cohort = case.cohort
    return {
        "id": cohort.ids[pupil],
        "class": cohort.classes[int(case.current.class_of[pupil])],
        "ways": [
            {
                "to": cohort.classes[way.class_index],
                "free": way.effect is not None and way.effect.free,
                "effect": None if way.effect is None else effect_json(cohort, way.effect),
            }
            for way in ways
        ],
    }


def placed(cohort: Cohort, class_of: Ints, by_hand: Collection[int] = ()) -> pd.DataFrame:
    """Return the table *Placed*: what a command placed, by which later hand edits are told.

    ``by_hand``: pupils whom a person put where they are since they were placed.
    """
    yes = YES_NO["yes"].to(cohort.settings.language)
    rows = [
        {"id": pupil, "class": cohort.classes[k], "by_hand": yes if i in by_hand else None}
        for i, (pupil, k) in enumerate(zip(cohort.ids, class_of, strict=True))
    ]
    return framed(PLACED, rows)


def emptied(names: Sequence[str], declared: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return tables with no rows: what they listed holds no longer."""
    return {name: framed(declared[name], []) for name in names}


def _choices(case: Case, name: str, effects: Sequence[Effect], *, by_hand: bool = False) -> pd.DataFrame:
    cohort, rows = case.cohort, []
    chosen = YES_NO["yes"].to(case.lang) if by_hand else None
    for at, effect in enumerate(effects, start=1):
        for i, k in effect.moves.items():
            here = cohort.classes[int(effect.before.class_of[i])]
            step = {"id": cohort.ids[i], "from": here, "to": cohort.classes[k], "by_hand": chosen}
            rows.append({"list": name, "number": at, **step})
    return framed(CHOICES, rows)
