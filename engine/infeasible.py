"""When rules could not all be kept: a smallest set of them that cannot be kept together, as far as a search can tell.

`engine.conflicts` finds what can be seen at once. What is left takes a search: rules are left out in halves, quarters
and so on down to one by one, as long as the others still cannot be kept (a deletion filter: Chinneck and Dravnieks
1991). Of the set that remains, giving up any one rule is enough, as far as the search can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.cohort import Cohort, Rule
from engine.encode import encode
from engine.issue import Issue
from engine.kernels import mend, violations
from engine.opening import NoRoomError, opening
from engine.wording import Text, listed, plain

PROBES = 2  # openings from which keeping all rules is tried
STEPS = 4000  # of mending, in each
TRIES = 24
Kept = Callable[[Cohort, Sequence[Rule]], bool]
MOST_RULES = 400  # beyond, only the rules that were broken and those of their pupils are looked at


def can_be_kept(cohort: Cohort, rules: Sequence[Rule]) -> bool:
    """Return whether the search finds a placement that keeps all these rules; balance does not matter."""
    bare = encode(replace(cohort, columns=(), rules=tuple(rules)), ())
    for turn in range(PROBES):
        try:
            state = opening(bare.arrays, cohort.most, cohort.settings.seed, turn)
        except NoRoomError:
            return False
        if int(violations(bare.arrays, state)) == 0:
            return True
        mend(bare.arrays, state, STEPS, TRIES)
        if int(violations(bare.arrays, state)) == 0:
            return True
    return False


def conflicting_rules(cohort: Cohort, broken: Sequence[Rule], kept: Kept = can_be_kept) -> tuple[Rule, ...]:
    """Return a set of rules that cannot be kept together and from which none can be left out; () if all can be kept.

    ``broken`` are rules that a placement does not keep: where there are very many rules, those that share pupils with
    them are looked at first. ``kept`` says whether rules can be kept together.
    """
    found = list(cohort.rules)
    if len(found) > MOST_RULES:
        pupils = {i for rule in broken for i in rule.pupils}
        near = [rule for rule in found if pupils & set(rule.pupils)]
        found = near if not kept(cohort, near) else found
    if kept(cohort, found):
        return ()
    chunk = max(1, len(found) // 2)
    while True:
        at = 0
        while at < len(found):
            without = found[:at] + found[at + chunk :]
            if without and not kept(cohort, without):
                found = without
            else:
                at += chunk
        if chunk == 1:
            return tuple(found)
        chunk = max(1, chunk // 2)


def conflict_issue(cohort: Cohort, rules: Sequence[Rule]) -> Issue:
    """Return the issue that names rules which could not be kept together."""
    said: list[Text] = []
    for rule in rules:
        names = listed([plain(cohort.pupil(i)) for i in rule.pupils[:4]])
        more = Text("等 {n} 人", " and {n} more").fill(n=len(rule.pupils) - 4) if len(rule.pupils) > 4 else plain("")
        text = Text("{s}（{p}{m}）", "{s} ({p}{m})").fill(s=rule.source, p=names, m=more)
        if text not in said:
            said.append(text)
    row = next((rule.row for rule in rules if rule.row is not None), None)
    what = Text(
        "这 {n} 条规则找不到同时满足的分法：{r}。", "No placement was found that keeps these {n} rules together: {r}."
    )
    do = Text("请取消其中一条。", "Give up one of them.")
    table = "Rules" if row is not None else "Students"
    return Issue("warning", table, row, None, what.fill(n=len(said), r=listed(said)), do)
