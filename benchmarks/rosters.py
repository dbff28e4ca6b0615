"""Rosters as cohorts, built by hand: what the benchmark measures on, without the product's own import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from engine.cohort import Cohort, Ints, LabelColumn, NumberColumn, Rule, Settings
from engine.wording import plain

BANDS = 0.2  # of the total: fifths of the pupils


@dataclass(frozen=True, slots=True)
class Roster:
    """A table of pupils with whole marks (`marks`) and labels (`labels`), to be put into ``classes`` classes.

    ``gender`` is the label that is kept where only means and gender are to be even.
    """

    name: str
    table: pd.DataFrame
    marks: tuple[str, ...]
    labels: tuple[str, ...]
    classes: int
    gender: str = "gender"
    rules: tuple[Rule, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the class sizes, as even as they can be."""
        return even(len(self.table), self.classes)


def even(n: int, k: int) -> tuple[int, ...]:
    """Return k class sizes for n pupils, the larger first."""
    return tuple(n // k + (a < n % k) for a in range(k))


def cohort_of(roster: Roster, *, everything: bool = True, seed: int = 1, effort: str = "standard") -> Cohort:
    """Return the roster as a cohort: marks, total and labels; spread and bands only with ``everything``."""
    table, k = roster.table, roster.classes
    labels = [_labels(name, table[name]) for name in roster.labels]
    values = [table[name].to_numpy() for name in roster.marks]
    numbers = [number(name, v, spread=everything) for name, v in zip(roster.marks, values, strict=True)]
    if len(values) > 1:
        total = np.sum(values, axis=0)
        numbers.append(replace(number("total", total, spread=everything), use="total"))
    if values and everything:
        numbers[-1] = replace(numbers[-1], band_width=BANDS)
    return Cohort(
        ids=tuple(str(i) for i in range(len(table))),
        names=("",) * len(table),
        classes=tuple(f"C{a + 1}" for a in range(k)),
        sizes=roster.sizes,
        columns=(*labels, *numbers),
        rules=roster.rules,
        settings=Settings(seed=seed, effort=effort, language="en"),
    )


def number(name: str, values: Sequence[float] | np.ndarray, *, spread: bool = True) -> NumberColumn:
    """Return a column of whole numbers; not a number means absent."""
    given = np.asarray(values, np.float64)
    present = ~np.isnan(given)
    return NumberColumn(name, "mark", np.where(present, given, 0).astype(np.int64), present, per_unit=1, spread=spread)


def _labels(name: str, values: pd.Series) -> LabelColumn:
    codes, levels = pd.factorize(values, sort=True)
    use = "gender" if "gender" in name or name == "sex" else "category"
    if len(levels) == 1 and bool((codes < 0).any()):
        use = "flag"
    return LabelColumn(name, use, codes.astype(np.int64), tuple(str(level) for level in levels))  # type: ignore[arg-type]


def performance(data: Path, classes: int = 20) -> Roster:
    """Return the fictional 1,000 pupils with five label columns."""
    table = pd.read_csv(data / "performance_1000.csv")
    labels = ("gender", "race_ethnicity", "parental_level_of_education", "lunch", "test_preparation_course")
    return Roster("performance_1000", table, ("math_score", "reading_score", "writing_score"), labels, classes)


def pisa(data: Path, n: int, classes: int) -> Roster:
    """Return n of the Hong Kong pupils of PISA 2003; beyond 4,478, drawn again with each mark up to 9 points off."""
    table = pd.read_csv(data / "pisa2003_hkg.csv").fillna({"mother_educ": "?", "father_educ": "?"})
    marks = ["math", "read", "science"]
    again = n > len(table)
    drawn = table.sample(n, random_state=1, replace=again).reset_index(drop=True)
    if again:
        drawn[marks] += np.random.default_rng(1).integers(-9, 10, (n, len(marks)))
    return Roster(f"pisa_{n}", drawn, tuple(marks), ("gender", "mother_educ", "father_educ"), classes)


def star(data: Path) -> list[Roster]:
    """Return the 79 schools of STAR's kindergarten year, each with as many classes as it really had."""
    table = pd.read_csv(data / "star_k.csv", dtype={"school": str})
    rosters = []
    for school, pupils in table.groupby("school"):
        labels = ("gender", "ethnicity", "free_lunch")
        rosters.append(
            Roster(
                f"star_{school}", pupils.reset_index(drop=True), ("read", "math"), labels, pupils["teacher"].nunique()
            )
        )
    return rosters


def uci_math(data: Path, classes: int = 10) -> Roster:
    """Return the 395 pupils of two Portuguese schools with their three marks of 0 to 20."""
    table = pd.read_csv(data / "uci_math_395.csv")
    labels = ("sex", "school", "address", "famsize", "schoolsup", "paid")
    return Roster("uci_math_395", table, ("G1", "G2", "G3"), labels, classes, gender="sex")


def made_up(n: int, classes: int) -> Roster:
    """Return n pupils that nobody is: three marks of one ability each, gender, five places of origin."""
    rng = np.random.default_rng(n)
    ability = rng.normal(70, 9, n)
    marks = ("language", "mathematics", "science")
    columns = {name: np.clip(np.rint(ability + rng.normal(0, 8, n)), 0, 100).astype(np.int64) for name in marks}
    table = pd.DataFrame(
        {
            **columns,
            "gender": rng.choice(["F", "M"], n, p=[0.48, 0.52]),
            "origin": rng.choice(list("ABCDE"), n, p=[0.35, 0.25, 0.2, 0.15, 0.05]),
        }
    )
    return Roster(f"made_up_{n}", table, marks, ("gender", "origin"), classes)


def usalgo_roster(data: Path) -> Roster:
    """Return the Chinese roster of 100 with its flags and its rules."""
    table = pd.read_excel(data / "usalgo_100.xlsx", engine="calamine")
    labels = ("性别", "均衡班干部", "均衡特等生", "均衡差生")
    marks = ("语文成绩", "数学成绩", "外语成绩")
    return Roster("usalgo_100", table, marks, labels, 4, gender="性别", rules=_usalgo_rules(table))


def usalgo(data: Path, variant: str = "fifths", *, seed: int = 1, effort: str = "standard") -> Cohort:
    """Return the Chinese roster of 100 with every column on; ``variant``: fifths, bands (of 10 marks) or both."""
    roster = usalgo_roster(data)
    table = roster.table
    cohort = cohort_of(replace(roster, labels=("性别",)), seed=seed, effort=effort)
    flags = [
        LabelColumn(name, "flag", np.where(table[name].notna(), 0, -1).astype(np.int64), ("是",))
        for name in roster.labels[1:]
    ]
    columns = cohort.columns
    total = columns[-1]
    assert isinstance(total, NumberColumn), "numbers come after labels, the total last"
    tens = replace(total, band_width=10, top=10, bottom=10)
    if variant == "bands":
        columns = (*columns[:-1], tens)
    if variant == "both":
        columns = (*columns, replace(tens, name="total again", weight=0))
        columns = (*columns[:-1], replace(tens, name="total by tens", spread=False))
    if variant == "each":  # bands, top and bottom of every mark
        columns = tuple(
            replace(c, band_width=10, top=10, bottom=10) if isinstance(c, NumberColumn) else c for c in columns
        )
    return replace(cohort, columns=(*columns, *flags))


def _usalgo_rules(table: pd.DataFrame) -> tuple[Rule, ...]:
    def having(name: str, value: float) -> tuple[int, ...]:
        return tuple(int(i) for i in np.flatnonzero(table[name] == value))

    rules = [Rule("fixed", having("预设班级", c), plain("preset"), class_index=c - 1) for c in (1, 2)]
    rules += [Rule("together", having("双胞胎绑定", 1), plain("twins"))]
    rules += [Rule("apart", having("情侣互斥", c), plain("apart")) for c in (1, 2)]
    alike = tuple(int(i) for i in np.flatnonzero(table["姓名"].isin(["林俊杰", "林君节"])))
    return (*rules, Rule("apart", alike, plain("same sound")))


def with_rules(cohort: Cohort, *, share: float, seed: int = 1) -> Cohort:
    """Return the cohort with rules on a share of its pupils: pairs and triples together, apart, fixed, barred."""
    rng = np.random.default_rng(seed)
    n, k = len(cohort.ids), len(cohort.classes)
    lot: Ints = rng.permutation(n)[: int(n * share)]
    parts = np.array_split(lot, 5)
    rules = [
        Rule("together", tuple(map(int, g)), plain("pair")) for g in parts[0][: len(parts[0]) // 2 * 2].reshape(-1, 2)
    ]
    rules += [
        Rule("apart", tuple(map(int, g)), plain("apart")) for g in parts[1][: len(parts[1]) // 2 * 2].reshape(-1, 2)
    ]
    rules += [Rule("fixed", (int(i),), plain("preset"), class_index=int(rng.integers(k))) for i in parts[2]]
    rules += [Rule("barred", (int(i),), plain("barred"), class_index=int(rng.integers(k))) for i in parts[3]]
    rules += [
        Rule("together", tuple(map(int, g)), plain("trio")) for g in parts[4][: len(parts[4]) // 3 * 3].reshape(-1, 3)
    ]
    return replace(cohort, rules=tuple(rules))
