"""What is to stand in a table of a workbook: headers and rows in one language, choices translated.

The builder of the templates and the writing into an open workbook share this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from engine.settings_rows import SETTING_ROWS
from engine.tables import CHARTS, SETTINGS, YES_NO, Table, choice, headers_in, to_canonical
from engine.wording import Lang, Text

Row = list[object]


@dataclass(frozen=True, slots=True)
class Content:
    """One table, ready to be written: canonical key and header of each column, at least one row of values.

    ``widths`` has the columns, by position from 0, that are to be given a width in characters.
    """

    keys: list[str]
    headers: list[str]
    rows: list[Row]
    widths: Mapping[int, float] = field(default_factory=dict)


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
    choices = {key: choices_of(table, key) for key in keys}
    rows: list[Row] = [
        [localised(value, choices[key], lang) for key, value in zip(keys, row, strict=True)]
        for row in whole.itertuples(index=False, name=None)
    ]
    if table is SETTINGS:
        rows = [_setting_row(row, lang) for row in rows]
    return Content(keys, headers, rows or [[None] * len(keys)])


def choices_of(table: Table, key: str) -> Mapping[str, Text] | None:
    """Return the choices of a table's column, None if anything may stand there."""
    if key == "kept":
        return YES_NO
    return next((field.choices for field in table.fields if field.key == key), None)


def localised(value: object, choices: Mapping[str, Text] | None, lang: Lang) -> object:
    """Return a choice, given as a key or in either language, in this language; any other value unchanged."""
    key = choice(value, choices) if choices is not None and isinstance(value, str) else None
    return choices[key].to(lang) if choices is not None and key is not None else value


def _setting_row(row: Row, lang: Lang) -> Row:
    """Return a row of *Settings* whose label, value and meaning are in this language, if it is a known setting."""
    names = {setting.key: setting.label for setting in SETTING_ROWS}
    key = choice(row[0], names)
    setting = next((setting for setting in SETTING_ROWS if setting.key == key), None)
    if setting is None:
        return row
    return [setting.label.to(lang), localised(row[1], setting.choices, lang), setting.meaning.to(lang)]
