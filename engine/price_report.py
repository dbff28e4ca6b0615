"""What prices of rules are shown as: the table *Prices*, sentences, and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from engine.adjust_tables import PRICES
from engine.adjusting import Case
from engine.cohort import Cohort, Rule
from engine.effects import Effect, effect_json, gaps_said, moves_said, pupils_said, rule_json
from engine.measuring import Measured
from engine.pricing import Price
from engine.rebalancing import moved
from engine.tables import RULES, framed
from engine.wording import Text

_MANY = 12  # pupils named one by one
_SEARCHED = Text("从现有分班接着搜索 {n} 次", "searching on from here, {n} times")
_NOTHING_LEFT = Text("各项都已到位，没有可改进的", "every count and mean is as even as it can be, or good enough")
_EXCHANGED = Text("这几名学生的交换（搜索没有更好）", "exchanges of these pupils (no search did better)")
_COMPARED = Text(
    "去掉每条规则，从现有分班接着搜索 {n} 次，与遵守全部规则时找到的最好分班相比。",
    "Without each rule the search went on from here {n} times; compared is with the best found that keeps every rule.",
)
_KEPT = Text("全部规则都遵守", "all rules kept")
_KEPT_NOW = Text("能找到的最好分班就是现在的", "the best found is what stands")
_KEPT_BETTER = Text("还可以更均衡：{b}", "could be more even: {b}")
_KEPT_WORSE = Text("还可以更均衡：{b}；变差：{w}", "could be more even: {b}; worse: {w}")


def prices(
    case: Case, rules: pd.DataFrame, found: Sequence[Price], given_up: Sequence[Rule], tries: int
) -> dict[str, pd.DataFrame]:
    """Return the table *Prices*, and *Rules* with the prices of the rules that stand there."""
    lang, cohort, now = case.lang, case.cohort, case.before
    order = {id(rule): at for at, rule in enumerate(given_up, start=1)}
    priced = {id(price.rule): price for price in found}
    kept: dict[str, Any] = {"rule": _KEPT.to(lang), "price": kept_said(kept_effect(case, found)).to(lang)}
    rows, by_row = [kept] * bool(found), dict[int, str]()
    for rule in cohort.rules:
        price = priced.get(id(rule))
        if price is None and id(rule) not in order:
            continue
        text = None if price is None else price.text.to(lang)
        if rule.row is not None and text is not None:
            by_row[rule.row] = text
        rows.append(
            {
                "rule": RULES[rule.kind].to(lang),
                "pupils": pupils_said(cohort, rule.pupils).to(lang),
                "source": rule.source.to(lang),
                "price": text,
                "without": None if price is None or price.free else _without(cohort, now, price).to(lang),
                "give_up": order.get(id(rule)),
                "found_by": None if price is None else found_by(price, tries).to(lang),
            }
        )
    numbers = list(rules.index) if len(rules) and rules.index[0] >= 1 else range(1, len(rules) + 1)
    cells = pd.Series([by_row.get(row) for row in numbers], index=rules.index, dtype=object)
    return {"Prices": framed(PRICES, rows), "Rules": rules.assign(price=cells)}


def kept_effect(case: Case, found: Sequence[Price]) -> Effect:
    """Return how the best found that keeps every rule, from which prices are told, differs from what stands."""
    kept = found[0].effect.before if found else case.before
    return Effect(moved(case.current.class_of, kept.class_of), case.before, kept)


def kept_said(effect: Effect) -> Text:
    """Return that in words."""
    better, worse = gaps_said(effect.better), gaps_said(effect.worse)
    if not effect.better:
        return _KEPT_NOW
    return _KEPT_WORSE.fill(b=better, w=worse) if effect.worse else _KEPT_BETTER.fill(b=better)


def searches_said(tries: int) -> Text:
    """Return how prices were found, and what they are compared with."""
    return _COMPARED.fill(n=tries)


def found_by(price: Price, tries: int) -> Text:
    """Return how a price was found."""
    if price.how == "nothing":
        return _NOTHING_LEFT
    return _SEARCHED.fill(n=tries) if price.free or price.how == "search" else _EXCHANGED


def prices_json(case: Case, found: Sequence[Price], given_up: Sequence[Rule], tries: int) -> dict[str, Any]:
    """Return the prices as ``--json`` prints them; ``kept``: from what stands to where they are told from."""
    cohort = case.cohort
    return {
        "tries": tries,
        "kept": effect_json(cohort, kept_effect(case, found)),
        "rules": [
            {
                **rule_json(cohort, price.rule),
                "free": price.free,
                "price": price.text.to(cohort.settings.language),
                "found_by": "search" if price.free and tries and price.how == "exchanges" else price.how,
                "effect": effect_json(cohort, price.effect),
            }
            for price in found
        ],
        "give_up": [rule_json(cohort, rule) for rule in given_up],
    }


def _without(cohort: Cohort, now: Measured, price: Price) -> Text:
    """Return who would be elsewhere than now, or how many where they are many."""
    if len(price.moves) > _MANY:
        return Text("{n} 人换班", "{n} pupils move").fill(n=len(price.moves))
    return moves_said(cohort, now, price.moves)
