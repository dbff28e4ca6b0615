"""Rules that cannot be kept together are named by a smallest set; sets that can are not blamed."""

from __future__ import annotations

from engine.cohort import Cohort, Rule
from engine.infeasible import can_be_kept, conflicting_rules
from engine.placing import place_tables
from engine.wording import plain
from tests.cohorts import make_cohort
from tests.rosters import tables


def odd_cycle(pairs: list[tuple[int, int]], *others: Rule) -> Cohort:
    """Return ten pupils in two classes with apart pairs and other rules."""
    rules = tuple(Rule("apart", pair, plain(str(pair))) for pair in pairs)
    return make_cohort([50 + i for i in range(10)], [0, 1] * 5, (5, 5), rules=(*rules, *others))


def test_an_odd_cycle_of_apart_pairs_is_found_among_other_rules() -> None:
    """Five pupils in a ring of apart pairs cannot be in two classes; the seven other rules are not to blame."""
    ring = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]
    innocent = [Rule("together", (5, 6), plain("pair")), Rule("fixed", (7,), plain("preset"), class_index=1)]
    cohort = odd_cycle([(5, 7), *ring, (6, 8), (7, 9), (8, 9), (0, 5)], *innocent)
    found = conflicting_rules(cohort, cohort.rules)
    assert sorted(rule.pupils for rule in found) == sorted(ring)


def test_rules_that_can_be_kept_are_not_blamed() -> None:
    """An even ring can be kept: nothing is named."""
    cohort = odd_cycle([(0, 1), (1, 2), (2, 3), (3, 0)])
    assert can_be_kept(cohort, cohort.rules)
    assert conflicting_rules(cohort, ()) == ()


def test_a_placement_that_breaks_rules_names_the_conflict() -> None:
    """The warning has the rules by their rows and says what to do."""
    ring = ["李雷、韩梅梅", "韩梅梅、林涛", "林涛、魏华", "魏华、吉姆", "吉姆、李雷"]
    rules: list[dict[str, object]] = [{"rule": "不同班", "pupils": pair} for pair in ring]
    placed = place_tables(tables(classes=2, rules=rules), command="x", when="x")
    assert placed.measured.violations == 1
    (line,) = [issue.line("zh") for issue in placed.issues if issue.level == "warning"]
    assert line.startswith("规则表 第1行：这 5 条规则找不到同时满足的分法") and line.endswith("请取消其中一条。")
    assert all(f"规则表 第{n}行" in line for n in range(1, 6))
