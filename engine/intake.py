"""From what the user has to complete input tables: a roster becomes tables, blanks in tables become guesses."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from engine.roster import guess_columns
from engine.setting import with_settings
from engine.sizes import default_classes
from engine.tables import COLUMNS, RULES_TABLE, STUDENTS, framed, header_of, matching
from engine.values import as_text, is_blank
from engine.wording import Lang

Tables = dict[str, pd.DataFrame]


def tables_from_roster(students: pd.DataFrame, lang: Lang, classes: int | None = None) -> Tables:
    """Return complete input tables for a roster: guessed columns, ``classes`` even classes, default settings.

    The roster's own columns stay as they are; ours are added unless the roster has them standing empty.
    """
    frame = students.copy()
    for field in STUDENTS.fields:
        header = header_of(frame.columns, field)
        if header is not None and all(is_blank(cell) for cell in frame[header]):
            frame = frame.rename(columns={header: field.key})
        else:
            frame[field.key] = None
    tables = {"Students": frame.astype(object), "Rules": framed(RULES_TABLE, [])}
    return completed(tables, lang, classes=classes)


def completed(
    tables: Mapping[str, pd.DataFrame],
    lang: Lang,
    *,
    classes: int | None = None,
    chosen: Mapping[str, object] | None = None,
) -> Tables:
    """Return the input tables with nothing left to guess: every column with a use, every setting with a value.

    ``classes`` replaces the table *Classes* unless it has as many classes already; ``chosen`` are settings that the
    command was given. What the user filled in stays.
    """
    whole = dict(tables)
    whole.setdefault("Rules", framed(RULES_TABLE, []))  # whoever deleted the sheet has no rules
    whole["Columns"] = _columns(tables["Students"], tables.get("Columns"), lang)
    whole["Settings"] = with_settings(tables.get("Settings"), chosen or {}, lang)
    labelled = 0 if "Classes" not in tables else sum(not is_blank(cell) for cell in tables["Classes"]["class"])
    if classes is not None and labelled != classes:
        whole["Classes"] = default_classes(classes, lang)
    return whole


def _columns(students: pd.DataFrame, given: pd.DataFrame | None, lang: Lang) -> pd.DataFrame:
    """Return *Columns* as given, guesses where a use is blank, then a guessed row for each column it leaves out."""
    guessed = guess_columns(students, lang)
    by_name = {matching(row["column"]): row for row in guessed.to_dict("records")}
    rows = []
    for row in [] if given is None else given.to_dict("records"):
        if is_blank(row["column"]):
            continue
        guess = by_name.pop(matching(as_text(row["column"])), None)
        untouched = is_blank(row["use"]) and guess is not None
        filled = {key: guess[key] for key, cell in row.items() if is_blank(cell)} if untouched and guess else {}
        rows.append({**row, **filled})
    nothing_given = not rows
    own = {matching(header) for header in students.columns}
    # A computed total is offered only on a fresh table: whoever deleted its row does not want it.
    rows += [row for key, row in by_name.items() if nothing_given or key in own]
    return framed(COLUMNS, rows)
