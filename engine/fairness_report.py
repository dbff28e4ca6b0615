"""What the tests of fairness found, in words: one sentence each, as a table and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pandas as pd

from engine.adjust_tables import FAIRNESS
from engine.cohort import Ints
from engine.fairness import ALPHA, Outcome
from engine.tables import framed
from engine.traits import Trait
from engine.wording import Lang, Text, figure

Verdict = Literal["uneven", "no_finding", "even", "chance", "untestable"]

VERDICTS: dict[Verdict, Text] = {
    "uneven": Text("不像抽签", "not by chance"),
    "no_finding": Text("不能说明问题", "no finding"),
    "even": Text("比抽签更均匀", "more even than by lot"),
    "chance": Text("像抽签一样", "like a lot"),
    "untestable": Text("无法检验", "cannot be tested"),
}
_UNEVEN = Text(
    "“{w}”与分到哪个班有关：纯抽签只有 {p} 的可能这样不均（同时检验 {t} 项，校正后 {h}），最突出的是{o}；"
    "如果不是规则或预设班级造成的，请查明原因。",
    "“{w}” and the class are not independent: by pure lot it would be this uneven with a chance of {p} ({h} corrected "
    "for {t} tests), most of all {o}; unless a rule or a preset class explains it, find out why.",
)
_NO_FINDING = Text(
    "“{w}”略显不均（纯抽签有 {p} 的可能如此），但同时检验了 {t} 项，总会有一项像这样，校正后 {h}，不能说明有问题。",
    "“{w}” looks a little uneven (a chance of {p} by pure lot), but of {t} tests one may well do so; corrected it is "
    "{h}: no finding.",
)
_CHANCE = Text(
    "“{w}”与分到哪个班看不出关系：纯抽签有 {p} 的可能同样不均或更不均。",
    "“{w}” and the class show no connection: by pure lot it would be as uneven with a chance of {p}.",
)
_MEANT = Text(
    "“{w}”在各班之间比纯抽签更均匀（抽签只有 {e} 的可能这么均匀）：均衡分班就是要这样，不可疑。",
    "“{w}” is more even across the classes than by pure lot (a chance of {e}): that is what balancing is for, and "
    "nothing to worry about.",
)
_BESIDE = Text(
    "“{w}”在各班之间比纯抽签更均匀（抽签只有 {e} 的可能这么均匀）：哪个班也没有占便宜，多半因为它和某个均衡项相关。",
    "“{w}” is more even across the classes than by pure lot (a chance of {e}): no class gains by it; most likely it "
    "goes along with something that is evened out.",
)
_UNTESTABLE = Text(
    "“{w}”人人相同或人人不同，无法检验。",
    "“{w}” is the same for all or different for all: it cannot be tested.",
)
_READ = Text(
    "检验分班与这些情况是否无关，班级人数不变。均衡分班本来就会让被均衡的项比抽签更均匀，所以只有“不均”才算可疑；"
    "同时检验多项，按 Holm 法校正，校正后不超过 5% 才算。",
    "Whether the class is independent of each of these, class sizes being as they are. What is balanced is more even "
    "than by lot, so only the uneven side counts as suspicious; several tests are corrected by Holm's method, and 5% "
    "or less after that is a finding.",
)


@dataclass(frozen=True, slots=True)
class Fairness:
    """All tests of a placement: ``class_of`` (n,), the classes by name and size, and what was found."""

    class_of: Ints
    classes: tuple[str, ...]
    sizes: tuple[int, ...]
    seed: int
    found: tuple[Outcome, ...]

    @property
    def suspicious(self) -> list[Outcome]:
        """Return the tests that find a connection which chance does not explain."""
        return [one for one in self.found if verdict(one) == "uneven"]


def verdict(one: Outcome) -> Verdict:
    """Return which of `VERDICTS` holds."""
    if one.uneven is None or one.even is None or one.holm is None:
        return "untestable"
    if one.holm <= ALPHA:
        return "uneven"
    if one.uneven <= ALPHA:
        return "no_finding"
    return "even" if one.even <= ALPHA else "chance"


def sentence(fairness: Fairness, one: Outcome) -> Text:
    """Return what a test found, in one sentence."""
    said = verdict(one)
    if one.uneven is None or one.even is None or one.holm is None:
        return _UNTESTABLE.fill(w=one.trait.label)
    facts: dict[str, object] = {
        "w": one.trait.label,
        "p": percent(one.uneven),
        "e": percent(one.even),
        "h": percent(one.holm),
        "t": sum(each.uneven is not None for each in fairness.found),
    }
    if said == "uneven":
        return _UNEVEN.fill(**facts, o=_outstanding(fairness, one.trait))
    texts = {"no_finding": _NO_FINDING, "chance": _CHANCE}
    return texts.get(said, _MEANT if one.trait.evened else _BESIDE).fill(**facts)


def how_to_read() -> Text:
    """Return what all tests have in common, for whoever reads the table."""
    return _READ


def fairness_table(fairness: Fairness, lang: Lang) -> pd.DataFrame:
    """Return the table *Fairness*: a row per test."""
    exact, random = Text("逐一计算", "exact"), Text("随机抽签 {n} 次", "{n} random deals")
    rows = [
        {
            "test": one.trait.label.to(lang),
            **{key: None if p is None else _shown(p) for key, p in _chances(one).items()},
            "how": None if one.uneven is None else (random.fill(n=one.deals) if one.deals else exact).to(lang),
            "verdict": VERDICTS[verdict(one)].to(lang),
            "sentence": sentence(fairness, one).to(lang),
        }
        for one in fairness.found
    ]
    return framed(FAIRNESS, rows)


def fairness_json(fairness: Fairness) -> dict[str, Any]:
    """Return the tests as `evenclass fairness --json` prints them."""
    return {
        "pupils": len(fairness.class_of),
        "classes": len(fairness.classes),
        "seed": fairness.seed,
        "alpha": float(ALPHA),
        "suspicious": len(fairness.suspicious),
        "tests": [
            {
                "test": one.trait.kind,
                "column": one.trait.column,
                "evened": one.trait.evened,
                "p_uneven": None if one.uneven is None else float(one.uneven),
                "p_even": None if one.even is None else float(one.even),
                "holm": None if one.holm is None else float(one.holm),
                "deals": one.deals,
                "verdict": verdict(one),
                "said": {lang: sentence(fairness, one).to(lang) for lang in ("zh", "en")},
            }
            for one in fairness.found
        ],
    }


def percent(share: Fraction) -> str:
    """Return a probability as people read it: two digits that count."""
    if share >= Fraction(99, 1000):
        return f"{float(share):.0%}"
    return f"{float(share) * 100:.2g}%" if share >= Fraction(1, 10**6) else "<0.0001%"


def _chances(one: Outcome) -> dict[str, Fraction | None]:
    return {"uneven": one.uneven, "holm": one.holm, "even": one.even}


def _shown(p: Fraction) -> float:
    """Return a probability as a cell shows it: four digits that count."""
    return float(f"{float(p):.4g}")


def _outstanding(fairness: Fairness, trait: Trait) -> Text:
    """Return what is most unusual in the placement."""
    sizes, n = fairness.sizes, sum(fairness.sizes)
    if trait.kind == "neighbours":
        near = int((fairness.class_of[1:] == fairness.class_of[:-1]).sum())
        usual = figure(round(Fraction(sum(size * (size - 1) for size in sizes), n), 1))
        what = Text(
            "名单上相邻的两人有 {o} 对同班，抽签平均 {e} 对", "{o} pairs next to each other share a class, by lot {e}"
        )
        return what.fill(o=near, e=usual)
    if not trait.levels:
        return _farthest(fairness, trait)
    counts = np.zeros((len(sizes), len(trait.levels)), np.int64)
    np.add.at(counts, (fairness.class_of, trait.codes), 1)
    share = [[Fraction(size * int(column), n) for column in counts.sum(axis=0)] for size in sizes]
    excess = {
        (held - share[c][level]) ** 2 / share[c][level]: (c, level, held)
        for (c, level), held in ((at, int(held)) for at, held in np.ndenumerate(counts))
        if held > share[c][level]
    }
    c, level, held = excess[max(excess)]
    what = Text("{c}的“{l}”有 {o} 人，按比例约 {e} 人", "{o} of “{l}” in {c}, where {e} would be in proportion")
    if trait.kind == "turns":
        what = Text(
            "名单上每 {t} 人里的第 {l} 个有 {o} 人在{c}，按比例约 {e} 人",
            "{o} who are number {l} of every {t} on the list are in {c}, where {e} would be in proportion",
        )
    facts = {"c": fairness.classes[c], "l": trait.levels[level], "o": held, "t": len(trait.levels)}
    return what.fill(**facts, e=figure(round(share[c][level], 1)))


def _farthest(fairness: Fairness, trait: Trait) -> Text:
    """Return the class whose mean rank is farthest from the middle, for its size."""
    n, sums = len(trait.codes), np.zeros(len(fairness.sizes), np.int64)
    np.add.at(sums, fairness.class_of, trait.codes)
    far = [Fraction(int(total) ** 2, max(1, size)) for total, size in zip(sums, fairness.sizes, strict=True)]
    c = far.index(max(far))
    place = (Fraction(int(sums[c]), fairness.sizes[c]) + n + 1) / 2
    what = Text("{c}平均在第 {p} 位，全体平均第 {m} 位", "{c}, on average at place {p}, all pupils at {m}")
    if trait.kind == "number":
        what = Text(
            "{c}从小到大平均在第 {p} 位，全体平均第 {m} 位",
            "{c}, counted from low to high on average at {p}, all pupils at {m}",
        )
    return what.fill(c=fairness.classes[c], p=figure(round(place, 1)), m=figure(Fraction(n + 1, 2)))
