"""Read the table *Settings*: known settings with valid values, defaults where a row is missing or blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from engine.issue import Findings
from engine.pupils import SEPARATORS
from engine.settings_rows import SETTING_ROWS, Setting
from engine.tables import SETTINGS, choice, matching
from engine.values import as_text, is_blank, parse_number
from engine.wording import Lang, Text, listed

VALUE = SETTINGS.field("value").header
NAMES: Mapping[str, Text] = {setting.key: setting.label for setting in SETTING_ROWS}
WHOLE = frozenset({"seed", "size_gap", "official"})
LARGEST_SEED = 10**18


@dataclass(frozen=True, slots=True)
class SettingValues:
    """Every setting, checked."""

    seed: int
    effort: str
    size_gap: int
    same_name_apart: bool
    same_sound_apart: bool
    like_sounds: tuple[tuple[str, str], ...]
    absent_is_zero: bool
    official: int | None
    hand_moved_stay: bool
    language: Lang
    mask_name: str
    mask_id: str
    published_columns: tuple[str, ...]


def language_in(tables: Mapping[str, pd.DataFrame], otherwise: Lang = "zh") -> Lang:
    """Return the workbook's language as its *Settings* say."""
    for _, name, value in _rows(tables.get("Settings")):
        if choice(name, NAMES) == "language":
            found = _setting("language").chosen(value)
            return "en" if found == "en" else "zh" if found == "zh" else otherwise
    return otherwise


def read_settings(frame: pd.DataFrame | None, findings: Findings) -> SettingValues:
    """Return all settings; what is unknown or invalid is noted and replaced by its default."""
    values = setting_texts(frame, findings)
    return SettingValues(
        seed=int(values["seed"]),
        effort=values["effort"],
        size_gap=int(values["size_gap"]),
        same_name_apart=values["same_name_apart"] == "yes",
        same_sound_apart=values["same_sound_apart"] == "yes",
        like_sounds=_pairs(values["like_sounds"]),
        absent_is_zero=values["absent_marks"] == "zero",
        official=int(values["official"]) if values["official"] else None,
        hand_moved_stay=values["hand_moved"] == "stay",
        language="en" if values["language"] == "en" else "zh",
        mask_name=values["mask_name"],
        mask_id=values["mask_id"],
        published_columns=tuple(word.strip() for word in SEPARATORS.split(values["published_columns"]) if word.strip()),
    )


def setting_texts(frame: pd.DataFrame | None, findings: Findings) -> dict[str, str]:
    """Return the value of every setting as canonical text, by key, in the order of their declaration."""
    values: dict[str, str] = {setting.key: setting.default for setting in SETTING_ROWS}
    for row, name, cell in _rows(frame):
        key = choice(name, NAMES)
        if key is None:
            _unknown(row, as_text(name), findings)
        elif not is_blank(cell) or key == "like_sounds":
            valid = _valid(_setting(key), cell, row, findings)
            values[key] = values[key] if valid is None else valid
    return values


def with_settings(frame: pd.DataFrame | None, chosen: Mapping[str, object], lang: Lang) -> pd.DataFrame:
    """Return *Settings* with every known setting as a row, some with newly chosen values, unknown rows kept."""
    cells = {choice(name, NAMES): value for _, name, value in _rows(frame)}
    rows = []
    for setting in SETTING_ROWS:
        value = chosen.get(setting.key, cells.get(setting.key, lang if setting.key == "language" else setting.default))
        key = setting.chosen(value)
        number = parse_number(value) if setting.key in WHOLE else None
        shown = setting.choices[key].to(lang) if setting.choices is not None and key is not None else value
        rows.append([setting.label.to(lang), int(number) if number is not None else shown, setting.meaning.to(lang)])
    rows += [[name, value, None] for _, name, value in _rows(frame) if choice(name, NAMES) is None]
    return pd.DataFrame(rows, columns=[item.key for item in SETTINGS.fields], dtype=object)


def _rows(frame: pd.DataFrame | None) -> list[tuple[int, object, object]]:
    """Return (data row from 1, name, value) of each row that names a setting."""
    if frame is None:
        return []
    rows = zip(frame["setting"], frame["value"], strict=True)
    return [(at, name, value) for at, (name, value) in enumerate(rows, start=1) if not is_blank(name)]


def _setting(key: str) -> Setting:
    return next(setting for setting in SETTING_ROWS if setting.key == key)


def _unknown(row: int, name: str, findings: Findings) -> None:
    known = {matching(word): label for label in NAMES.values() for word in (label.zh, label.en)}
    close = get_close_matches(matching(name), known, n=1)
    do = Text("已忽略。", "It is ignored.")
    if close:
        do = Text("已忽略；您是不是要写“{c}”？", "It is ignored; did you mean “{c}”?").fill(c=known[close[0]])
    what = Text("没有“{n}”这个设置项。", "There is no setting “{n}”.").fill(n=name)
    findings.add("warning", ("Settings", row, SETTINGS.field("setting").header), what, do)


def _valid(setting: Setting, cell: object, row: int, findings: Findings) -> str | None:
    """Return the canonical value, or None after noting why it is none."""
    place = ("Settings", row, VALUE)
    what = Text("“{n}”的值“{v}”不对。", "“{n}” cannot be “{v}”.").fill(n=setting.label, v=as_text(cell))
    if setting.choices is not None:
        found = setting.chosen(cell)
        if found is None:
            do = Text("请填 {c} 之一。", "Enter one of {c}.").fill(c=listed(list(setting.choices.values())))
            findings.add("error", place, what, do)
        return found
    if setting.key in WHOLE:
        number = parse_number(cell)
        if number is None or number != int(number) or not 0 <= number <= LARGEST_SEED:
            findings.add("error", place, what, Text("请填 0 或更大的整数。", "Enter a whole number, 0 or more."))
            return None
        return str(int(number))
    if setting.key == "like_sounds" and not _are_pairs(as_text(cell)):
        do = Text("请写成 z=zh n=l 这样，用空格隔开。", "Write it like z=zh n=l, separated by spaces.")
        findings.add("error", place, what, do)
        return None
    return as_text(cell)


def _are_pairs(text: str) -> bool:
    return all(len(pair.split("=")) == 2 and all(pair.split("=")) for pair in _pair_words(text))


def _pair_words(text: str) -> list[str]:
    return text.replace("，", " ").replace(",", " ").replace("、", " ").replace("＝", "=").casefold().split()


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((left, right) for left, _, right in (word.partition("=") for word in _pair_words(text)))
