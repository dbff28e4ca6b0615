"""The result tables, in names: what was decided, how even it is, what was kept, who is where."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from engine import __version__
from engine.adjust_tables import DECLARED
from engine.bounds import j_and_bound, parts_of
from engine.cohort import Cohort, Ints, LabelColumn, NumberColumn
from engine.criteria import KINDS, compared
from engine.issue import LEVELS, Issue
from engine.measuring import Gap, Measured
from engine.tables import CHARTS, EFFORTS, RULES, TABLES, YES_NO, framed
from engine.values import as_text
from engine.wording import Lang, Text, figure, listed, plain

VERDICTS = {
    "floor": Text("已达最小可能", "smallest possible"),
    "inside": Text("在允许差内", "within tolerance"),
    "outside": Text("超出允许差", "outside tolerance"),
    "above": Text("高于最小可能", "above the smallest possible"),
    "unknown": Text("最小可能未知", "unproven"),
}

ENDED = {
    "floor": Text("各项人数和均分都已达最小可能差", "every count and mean is at its floor"),
    "effort": Text("步数用完", "effort used up"),
    "stopped": Text("被中止", "stopped"),
    "hand": Text("手工调整", "adjusted by hand"),
}


def result_tables(
    cohort: Cohort, tables: Mapping[str, pd.DataFrame], measured: Measured, lang: Lang
) -> dict[str, pd.DataFrame]:
    """Return the output tables of a placement with canonical headers (History and Issues are made elsewhere)."""
    return {
        "Balance": balance(cohort, measured, lang),
        "Gaps": gaps(measured, cohort, lang),
        "Checks": checks(cohort, measured, lang),
        "ClassLists": class_lists(cohort, measured.class_of, lang),
        "Charts": charts(cohort, measured, lang),
        "Rules": _rules_kept(tables["Rules"], measured, lang),
    }


def balance(cohort: Cohort, measured: Measured, lang: Lang) -> pd.DataFrame:
    """Return a row per class: size, then a column per criterion with the class's value."""
    frame: dict[str, list[Any]] = {"class": list(cohort.classes)}
    for gap in measured.gaps:
        key = "size" if gap.criterion.kind == "size" else _free(gap.criterion.label.to(lang), frame)
        frame[key] = [shown(gap, value) for value in gap.values]
    return pd.DataFrame(frame, dtype=object)


def gaps(measured: Measured, cohort: Cohort, lang: Lang) -> pd.DataFrame:
    """Return a row per criterion: smallest and largest class value, gap, floor, tolerance, verdict."""
    rows = []
    for gap in measured.gaps:
        values = [value for value in gap.values if value is not None]
        tolerance = gap.criterion.tolerance
        rows.append(
            {
                "criterion": gap.criterion.label.to(lang),
                "column": gap.criterion.column,
                "kind": KINDS[gap.criterion.kind].to(lang),
                "smallest": shown(gap, min(values)) if values else None,
                "largest": shown(gap, max(values)) if values else None,
                "gap": number(gap.gap),
                "floor": number(gap.floor),
                "tolerance": None if tolerance is None else number(tolerance),
                "verdict": VERDICTS[verdict(gap)].to(lang),
                "remark": remark(gap, cohort).to(lang) or None,
            }
        )
    return framed(TABLES["Gaps"], rows)


def verdict(gap: Gap) -> str:
    """Return which of `VERDICTS` holds: a tolerance missed is said first, then the floor."""
    if not gap.tolerated:
        return "outside"
    if gap.at_floor:
        return "floor"
    if not gap.criterion.floored and gap.criterion.tolerance is None:
        return "unknown"
    return "above" if gap.criterion.tolerance is None else "inside"


def remark(gap: Gap, cohort: Cohort) -> Text:
    """Return the reason behind a gap that needs one."""
    criterion, said = gap.criterion, []
    if criterion.kind == "spread":
        said.append(Text("标准差只证明了下限 0", "no bound above 0 is proven for a spread"))
    elif criterion.kind == "met":
        said.append(Text("写了愿望的学生中，至少满足一个的比例", "of the pupils who wished, those with one fulfilled"))
    elif criterion.kind == "mean" and not criterion.present.all():
        said.append(Text("平均只算有成绩的学生", "the mean is over the marks present"))
    if compared(criterion, cohort.sizes):
        said.append(
            Text("各班人数不同，按应占人数比较", "classes differ in size: compared with each class's fair share")
        )
    if criterion.kind == "size" and gap.gap > 1:
        said.append(Text("班级表指定的人数", "sizes as given in Classes"))
    elif criterion.kind == "unmet" and gap.at_floor and gap.floor > 0:
        said.append(Text("规则和人数使他们的愿望都不能满足", "rules and sizes make all their wishes impossible"))
    elif criterion.counted and gap.at_floor and gap.floor > 1:
        said.append(Text("规则使差距至少这么大", "rules force at least this"))
    if criterion.weight == 0:
        said.append(Text("权重为 0，未参与均衡", "weight 0: not balanced"))
    elif criterion.floored and not gap.at_floor:
        more = Text(
            "比最小可能多 {d}；本次计算未找到同时满足各项的更好分法，可加大计算强度",
            "{d} above the smallest possible: no placement better in all criteria was found with this effort",
        )
        shown = figure(gap.gap - gap.floor)
        said.append(more.fill(d="<0.0001" if shown == "0" else shown))
    return Text("；".join(t.zh for t in said), "; ".join(t.en for t in said))


def checks(cohort: Cohort, measured: Measured, lang: Lang) -> pd.DataFrame:
    """Return a row per rule: whom it names, where it comes from, whether it is kept, what was found."""
    return framed(
        TABLES["Checks"],
        [
            {
                "rule": RULES[check.rule.kind].to(lang),
                "pupils": listed([plain(cohort.pupil(i)) for i in check.rule.pupils]).to(lang),
                "class": None if check.rule.class_index is None else cohort.classes[check.rule.class_index],
                "source": check.rule.source.to(lang),
                "kept": YES_NO["no" if check.broken else "yes"].to(lang),
                "detail": check.found.to(lang),
            }
            for check in measured.checks
        ],
    )


def class_lists(cohort: Cohort, class_of: Ints, lang: Lang) -> pd.DataFrame:
    """Return every pupil by class, in roster order within a class."""
    gender = next((c for c in cohort.columns if isinstance(c, LabelColumn) and c.use == "gender"), None)
    total = _main_number(cohort)
    rows = []
    for k, label in enumerate(cohort.classes):
        pupils = np.flatnonzero(class_of == k)
        for number_in_class, i in enumerate(pupils, start=1):
            value = None
            if total is not None and total.present[i]:
                value = number(Fraction(int(total.values[i]), total.per_unit))
            rows.append(
                {
                    "class": label,
                    "size": len(pupils),
                    "number": number_in_class,
                    "id": cohort.ids[i],
                    "name": cohort.names[i] or None,
                    "gender": gender.levels[gender.codes[i]] if gender is not None and gender.codes[i] >= 0 else None,
                    "total": value,
                }
            )
    return framed(TABLES["ClassLists"], rows)


def charts(cohort: Cohort, measured: Measured, lang: Lang) -> pd.DataFrame:
    """Return what the charts draw, under the labels they show: sizes by the first two genders, and one mean."""
    k = len(cohort.classes)
    sizes = np.bincount(measured.class_of, minlength=k)
    counts = [g for g in measured.gaps if g.criterion.kind == "count" and _is_gender(g, cohort)][:2]
    labels = [gap.criterion.value for gap in counts] or [CHARTS.field("first").header.to(lang)]
    parts = [[int(value or 0) for value in gap.values] for gap in counts] or [[int(s) for s in sizes]]
    others = [int(s) - sum(part[a] for part in parts) for a, s in enumerate(sizes)]
    main = _main_number(cohort)
    mean = next(
        (g for g in measured.gaps if main and g.criterion.kind == "mean" and g.criterion.column == main.name), None
    )
    frame: dict[str, list[Any]] = {CHARTS.field("class").header.to(lang): list(cohort.classes)}
    for at, key in enumerate(("first", "second")):
        header = labels[at] if at < len(labels) else CHARTS.field(key).header.to(lang)
        frame[_free(header, frame)] = list(parts[at]) if at < len(parts) else [None] * k
    others_shown = others if any(others) else [None] * k
    frame[_free(CHARTS.field("others").header.to(lang), frame)] = list(others_shown)
    header = mean.criterion.label.to(lang) if mean else CHARTS.field("mean").header.to(lang)
    frame[_free(header, frame)] = [shown(mean, value) for value in mean.values] if mean else [None] * k
    overall = None
    if mean is not None:
        c = mean.criterion
        overall = number(c.offset + c.unit * Fraction(int(c.amounts.sum()), int(c.present.sum())))
    frame[_free(CHARTS.field("overall").header.to(lang), frame)] = [overall] * k
    return pd.DataFrame(frame, dtype=object)


@dataclass(frozen=True, slots=True)
class Run:
    """How a placement came about, for *History*."""

    when: object
    command: str
    seed: int
    effort: str
    steps: int
    imbalance: int
    ended: str


def history_row(cohort: Cohort, measured: Measured, run: Run, roster_hash: str, lang: Lang) -> dict[str, Any]:
    """Return the row of *History* for a run."""
    floored = [gap for gap in measured.gaps if gap.criterion.floored]
    means = [gap.gap for gap in measured.gaps if gap.criterion.kind == "mean"]
    return {
        "when": run.when,
        "command": run.command,
        "version": __version__,
        "seed": run.seed,
        "effort": EFFORTS[run.effort].to(lang),
        "steps": run.steps,
        "pupils": len(cohort.ids),
        "classes": len(cohort.classes),
        "violations": measured.violations,
        "imbalance": str(run.imbalance),
        "at_floor": f"{sum(gap.at_floor for gap in floored)}/{len(floored)}",
        "largest_mean_gap": number(max(means)) if means else None,
        "roster_hash": roster_hash,
        "placement_hash": placement_hash(cohort, measured.class_of),
        "ended": ENDED[run.ended].to(lang),
    }


def measured_json(cohort: Cohort, measured: Measured) -> dict[str, Any]:
    """Return the measurement as `evenclass measure --json` prints it; J and LB are those of `engine.bounds`."""
    criteria = [gap.criterion for gap in measured.gaps]
    imbalance, bound = j_and_bound(parts_of(cohort, criteria, measured.class_of))
    return {
        "classes": len(cohort.classes),
        "pupils": len(cohort.ids),
        "violations": measured.violations,
        "J": imbalance,
        "LB": bound,
        "criteria": [
            {
                "column": gap.criterion.column,
                "kind": gap.criterion.kind,
                "value": gap.criterion.value,
                "gap": number(gap.gap),
                "floor": number(gap.floor),
                "tolerance": None if gap.criterion.tolerance is None else number(gap.criterion.tolerance),
                "at_floor": gap.at_floor,
            }
            for gap in measured.gaps
        ],
    }


def issues_table(issues: list[Issue], lang: Lang) -> pd.DataFrame:
    """Return the issues as the table *Issues*."""
    return framed(
        TABLES["Issues"],
        [
            {
                "level": LEVELS[issue.level].to(lang),
                "table": DECLARED[issue.table].sheet.to(lang),
                "row": issue.row,
                "column": issue.column,
                "what": issue.what.to(lang),
                "do": issue.do.to(lang) or None,
            }
            for issue in issues
        ],
    )


def input_hash(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return a fingerprint of the input: SHA-256 of the input tables as JSON, first 16 hexadecimal digits.

    The class column and what the program itself writes into *Rules* do not count.
    """
    left_out = {
        "Students": ["placed_class"],
        "Rules": ["kept", "price"],
        "Columns": ["reason"],
        "Settings": ["meaning"],
    }
    canonical = []
    for name in ("Students", "Columns", "Classes", "Rules", "Settings"):
        if name in tables:
            frame = tables[name].drop(columns=left_out.get(name, []), errors="ignore")
            cells = [[as_text(v) for v in row] for row in frame.itertuples(index=False)]
            canonical.append([name, [str(c) for c in frame.columns], cells])
    return hashlib.sha256(json.dumps(canonical, ensure_ascii=False).encode()).hexdigest()[:16]


def placement_hash(cohort: Cohort, class_of: Ints) -> str:
    """Return a fingerprint of who is in which class: SHA-256 of sorted (id, class), first 16 hexadecimal digits."""
    pairs = sorted((pupil, cohort.classes[k]) for pupil, k in zip(cohort.ids, class_of, strict=True))
    return hashlib.sha256(json.dumps(pairs, ensure_ascii=False).encode()).hexdigest()[:16]


def shown(gap: Gap, value: Fraction | None) -> int | float | None:
    """Return a class value as the tables show it: a spread's variance as standard deviation."""
    if value is None:
        return None
    return sqrt(value) if gap.criterion.kind == "spread" else number(value)


def shown_gap(gap: Gap) -> int | float:
    """Return a gap as the tables show it."""
    return number(gap.gap)


def number(value: Fraction) -> int | float:
    """Return an exact value as a cell holds it."""
    return int(value) if value.denominator == 1 else float(value)


def _free(header: str, taken: Mapping[str, Any]) -> str:
    """Return the header, numbered if another column has it already (Excel compares without case)."""
    known, free, times = {name.casefold() for name in taken}, header, 1
    while free.casefold() in known:
        times += 1
        free = f"{header} ({times})"
    return free


def _main_number(cohort: Cohort) -> NumberColumn | None:
    """Return the total, else the first mark, else the first number."""
    numbers = [c for c in cohort.columns if isinstance(c, NumberColumn)]
    by_use = [c for use in ("total", "mark", "number") for c in numbers if c.use == use]
    return by_use[0] if by_use else None


def _is_gender(gap: Gap, cohort: Cohort) -> bool:
    return any(
        isinstance(c, LabelColumn) and c.use == "gender" and c.name == gap.criterion.column for c in cohort.columns
    )


def _rules_kept(rules: pd.DataFrame, measured: Measured, lang: Lang) -> pd.DataFrame:
    """Return the table *Rules* with ``kept`` filled in for every row that became a rule."""
    broken: dict[int, int] = {}
    for check in measured.checks:
        if check.rule.row is not None:
            broken[check.rule.row] = broken.get(check.rule.row, 0) + check.broken
    numbers = list(rules.index) if len(rules) and rules.index[0] >= 1 else range(1, len(rules) + 1)
    kept = [YES_NO["no" if broken[row] else "yes"].to(lang) if row in broken else None for row in numbers]
    return rules.assign(kept=pd.Series(kept, index=rules.index, dtype=object))
