"""Small rosters and input tables in Chinese, for tests of checking and of commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from engine.intake import Tables, completed, tables_from_roster
from engine.issue import InputError, Issue
from engine.tables import CLASSES, RULES_TABLE, SETTINGS, Table, framed
from engine.wording import Lang

NAMES = "李雷 韩梅梅 林涛 魏华 吉姆 露西 莉莉 凯特 汤姆 安娜 杰克 玛丽".split()


def roster(n: int = 12, **columns: Sequence[object]) -> pd.DataFrame:
    """Return a roster of n pupils: 学号 (text), 姓名, 性别, 语文, 数学; further or replaced columns by name."""
    base: dict[str, Sequence[object]] = {
        "学号": [f"{i + 1:03}" for i in range(n)],
        "姓名": [NAMES[i] if i < len(NAMES) else f"学生{i}" for i in range(n)],
        "性别": ["男" if i % 2 else "女" for i in range(n)],
        "语文": [60 + 7 * i % 40 for i in range(n)],
        "数学": [55 + 11 * i % 45 for i in range(n)],
    }
    return pd.DataFrame({**base, **columns}, dtype=object)


def tables(
    students: pd.DataFrame | None = None,
    *,
    classes: int | None = 3,
    lang: Lang = "zh",
    columns: Mapping[str, Mapping[str, object]] | None = None,
    **replaced: Sequence[Mapping[str, object]],
) -> Tables:
    """Return complete input tables; ``columns`` changes rows of *Columns* by header, others replace whole tables."""
    whole = tables_from_roster(roster() if students is None else students, lang, classes)
    by_name: dict[str, Table] = {"classes_table": CLASSES, "rules": RULES_TABLE, "settings": SETTINGS}
    for name, rows in replaced.items():
        whole[by_name[name].name] = framed(by_name[name], rows)
    for header, cells in (columns or {}).items():
        at = list(whole["Columns"]["column"]).index(header)
        for key, cell in cells.items():
            whole["Columns"].iat[at, list(whole["Columns"].columns).index(key)] = cell  # type: ignore[assignment] # any cell
    return completed(whole, lang)


def issues_of(whole: Tables) -> list[Issue]:
    """Return every issue of input tables, whether or not they allow a placement."""
    from engine.checking import cohort_from_tables

    try:
        return list(cohort_from_tables(whole).issues)
    except InputError as error:
        return list(error.issues)


def lines(whole: Tables, level: str | None = "error", lang: Lang = "zh") -> list[str]:
    """Return the issues of one level as the user reads them."""
    return [issue.line(lang) for issue in issues_of(whole) if level in (None, issue.level)]
