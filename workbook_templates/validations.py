"""Which cells accept what: drop-down lists for every choice, limits for every number, with messages for staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.settings_rows import SETTING_ROWS
from engine.tables import CLASSES, STUDENTS, TABLES, YES_NO
from engine.wording import Lang, Text
from workbook_templates.sheets import FIRST_ROW, HEADER_ROW, SHEETS

CLASS_NAMES = "ClassNames"
ROSTER_HEADERS = "RosterHeaders"

_PICK = Text("请从列表中选择。", "Please choose from the list.")
_KNOWN_CLASS = Text(
    "“班级”表里没有这个班。请从列表中选择。", "The sheet Classes has no such class. Choose from the list."
)
_KNOWN_COLUMN = Text(
    "学生表里没有这一列。由各科成绩相加的“总分”可以不在学生表里；其他列名请核对。",
    "Students has no such column. A total added up from the marks need not be there; check any other name.",
)
_WHOLE = Text("请填 {least} 或更大的整数。", "Please enter a whole number, {least} or more.")
_NOT_NEGATIVE = Text("请填 0 或更大的数。", "Please enter a number, 0 or more.")
_BAND = Text(
    "写 10：每 10 分一段。写 20%：按名次每 20% 的学生一段。留空：不分段。",
    "10: a band every 10 marks. 20%: bands of 20% of the pupils each, by rank. Blank: no bands.",
)
_PUPILS = Text(
    "学号或姓名，用顿号或逗号隔开；有重名的请写学号。",
    "Ids or names, separated by commas; use the id where a name repeats.",
)

# The least whole number that a field accepts; None: any number from 0 up.
_LIMITS: Mapping[tuple[str, str], int | None] = {
    ("Columns", "weight"): 0,
    ("Columns", "tolerance"): None,
    ("Columns", "top"): 1,
    ("Columns", "bottom"): 1,
    ("Columns", "at_most"): 1,
    ("Classes", "size"): 1,
    ("Classes", "largest"): 1,
    ("Rules", "at_most"): 1,
}
_SETTING_LIMITS: Mapping[str, int] = {"seed": 0, "size_gap": 0}


def choices_in(choices: Mapping[str, Text], lang: Lang) -> list[str]:
    """Return the words of a drop-down list in one language."""
    return [text.to(lang) for text in choices.values()]


def defined_names(lang: Lang) -> dict[str, str]:
    """Return the workbook's names for lists that grow: the classes, and the roster's headers without our two."""
    classes, students = f"'{CLASSES.sheet.to(lang)}'!", f"'{STUDENTS.sheet.to(lang)}'!"
    column = f"{classes}$A${FIRST_ROW + 1}:$A${FIRST_ROW + SHEETS['Classes'].reach}"
    row = f"{students}$A${HEADER_ROW + 1}:$CV${HEADER_ROW + 1}"
    ours = len(STUDENTS.fields)
    return {
        CLASS_NAMES: f"={classes}$A${FIRST_ROW + 1}:INDEX({column},MAX(1,COUNTA({column})))",
        ROSTER_HEADERS: f"={students}$A${HEADER_ROW + 1}:INDEX({row},MAX(1,COUNTA({row})-{ours}))",
    }


def add_validations(worksheet: Any, name: str, keys: list[str], lang: Lang) -> None:
    """Add every validation of one table's sheet; ``keys`` are the canonical headers, left to right."""
    last = FIRST_ROW + SHEETS[name].reach - 1
    for position, key in enumerate(keys):
        if (options := _field_validation(name, key, lang)) is not None:
            worksheet.data_validation(FIRST_ROW, position, last, position, options)
    if name == "Settings":
        _add_setting_validations(worksheet, keys.index("value"), lang)


def _field_validation(name: str, key: str, lang: Lang) -> dict[str, Any] | None:
    declared = next((field for field in TABLES[name].fields if field.key == key), None)
    if declared is not None and declared.choices is not None:
        return _listed(choices_in(declared.choices, lang), _PICK, lang)
    if (name, key) in _LIMITS:
        return _number(_LIMITS[name, key], lang)
    special: Mapping[tuple[str, str], dict[str, Any]] = {
        ("Students", "placed_class"): _listed(f"={CLASS_NAMES}", _KNOWN_CLASS, lang),
        ("Rules", "class"): _listed(f"={CLASS_NAMES}", _KNOWN_CLASS, lang),
        ("Rules", "pupils"): {"validate": "any", **_prompted(_PUPILS, lang)},
        ("Rules", "kept"): _listed(choices_in(YES_NO, lang), _PICK, lang),
        ("Columns", "column"): {**_listed(f"={ROSTER_HEADERS}", _KNOWN_COLUMN, lang), "error_type": "warning"},
        ("Columns", "band_width"): {**_number(None, lang), **_prompted(_BAND, lang)},
    }
    return special.get((name, key))


def _add_setting_validations(worksheet: Any, position: int, lang: Lang) -> None:
    for row, setting in enumerate(SETTING_ROWS, start=FIRST_ROW):
        if setting.choices is not None:
            worksheet.data_validation(
                row, position, row, position, _listed(choices_in(setting.choices, lang), _PICK, lang)
            )
        elif setting.key in _SETTING_LIMITS:
            worksheet.data_validation(row, position, row, position, _number(_SETTING_LIMITS[setting.key], lang))


def _listed(source: list[str] | str, message: Text, lang: Lang) -> dict[str, Any]:
    return {"validate": "list", "source": source, **_refused(message, lang)}


def _number(least: int | None, lang: Lang) -> dict[str, Any]:
    kind = "decimal" if least is None else "integer"
    message = _NOT_NEGATIVE if least is None else _WHOLE.fill(least=least)
    return {"validate": kind, "criteria": ">=", "value": least or 0, **_refused(message, lang)}


def _refused(message: Text, lang: Lang) -> dict[str, Any]:
    return {"error_title": Text("请核对", "Please check").to(lang), "error_message": message.to(lang)}


def _prompted(message: Text, lang: Lang) -> dict[str, Any]:
    return {"input_title": Text("怎么填", "How to fill in").to(lang), "input_message": message.to(lang)}
