"""What stands in each table of a workbook about to be built: keys, headers and rows, empty or given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from engine.tables import CHARTS, SETTING_ROWS, SETTINGS, STUDENTS, YES_NO, Table, choice, headers_in, to_canonical
from engine.wording import Lang, Text
from workbook_templates.sheets import ROSTER_EXAMPLE, SHEETS

Row = list[object]


@dataclass(frozen=True, slots=True)
class Content:
    """One table, ready to be written: canonical key and header of each column, at least one row of values."""

    keys: list[str]
    headers: list[str]
    rows: list[Row]


def empty_content(table: Table, lang: Lang) -> Content:
    """Return what the empty template has: blank rows, an example of a roster's headers, all settings."""
    keys = [field.key for field in table.fields]
    headers = [field.header.to(lang) for field in table.fields]
    if table is SETTINGS:
        return Content(keys, headers, _setting_rows(lang))
    if table is STUDENTS:
        example = [text.to(lang) for text in ROSTER_EXAMPLE]
        keys, headers = example + keys, example + headers
    return Content(keys, headers, [[None] * len(keys) for _ in range(SHEETS[table.name].blank_rows)])


def given_content(table: Table, frame: pd.DataFrame, lang: Lang) -> Content:
    """Return a canonical frame as content in one language; choices are translated, other values kept.

    Raises ValueError when two headers are the same, which Excel does not allow.
    """
    if table.open:
        whole = frame.assign(**{field.key: None for field in table.fields if field.key not in frame.columns})
    else:
        whole = frame if table is CHARTS else to_canonical(frame, table)
    keys = [str(key) for key in whole.columns]
    headers = headers_in(keys, table, lang)
    if len({header.casefold() for header in headers}) < len(headers):
        raise ValueError(f"Table {table.name}: two columns have the same header: {', '.join(headers)}")
    if table is CHARTS:
        keys = [field.key for field in table.fields]
    choices = {field.key: field.choices for field in table.fields if field.choices is not None}
    choices |= {"kept": YES_NO} if "kept" in keys else {}
    rows: list[Row] = [
        [_localised(value, choices.get(key), lang) for key, value in zip(keys, row, strict=True)]
        for row in whole.itertuples(index=False, name=None)
    ]
    if table is SETTINGS:
        rows = [_setting_row(row, lang) for row in rows]
    return Content(keys, headers, rows or [[None] * len(keys)])


def _localised(value: object, choices: Mapping[str, Text] | None, lang: Lang) -> object:
    key = choice(value, choices) if choices is not None and isinstance(value, str) else None
    return choices[key].to(lang) if choices is not None and key is not None else value


def _setting_rows(lang: Lang) -> list[Row]:
    """Return every setting with its default; a number is written as a number."""
    rows: list[Row] = []
    for setting in SETTING_ROWS:
        default = lang if setting.key == "language" else setting.default
        value = _localised(default, setting.choices, lang)
        number = int(default) if setting.choices is None and default.isdigit() else value
        rows.append([setting.label.to(lang), number, setting.meaning.to(lang)])
    return rows


def _setting_row(row: Row, lang: Lang) -> Row:
    """Return a row of *Settings* whose label, value and meaning are in this language, if it is a known setting."""
    names = {setting.key: setting.label for setting in SETTING_ROWS}
    key = choice(row[0], names)
    setting = next((setting for setting in SETTING_ROWS if setting.key == key), None)
    if setting is None:
        return row
    return [setting.label.to(lang), _localised(row[1], setting.choices, lang), setting.meaning.to(lang)]
