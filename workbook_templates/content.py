"""What stands in each table of the empty template: keys, headers, blank rows, all settings."""

from __future__ import annotations

from engine.content import Content, Row, localised
from engine.settings_rows import SETTING_ROWS
from engine.tables import SETTINGS, STUDENTS, Table
from engine.wording import Lang
from workbook_templates.sheets import ROSTER_EXAMPLE, SHEETS


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


def _setting_rows(lang: Lang) -> list[Row]:
    """Return every setting with its default; a number is written as a number."""
    rows: list[Row] = []
    for setting in SETTING_ROWS:
        default = lang if setting.key == "language" else setting.default
        value = localised(default, setting.choices, lang)
        number = int(default) if setting.choices is None and default.isdigit() else value
        rows.append([setting.label.to(lang), number, setting.meaning.to(lang)])
    return rows
