"""The filled example: the example roster placed into four classes, with a few rules, as staff would have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from addin.roster_file import read_roster
from engine.intake import completed, tables_from_roster
from engine.placing import place_tables
from engine.tables import RULES, RULES_TABLE, framed
from workbook_templates import example_roster_path

WHEN = datetime(2025, 8, 20, 9, 0)  # the example is the same file whenever it is built
CLASSES = 4
_RULES: tuple[Mapping[str, object], ...] = (
    {"rule": RULES["apart"].zh, "pupils": "康元淇、何天然", "reason": "家长申请，已核实"},
    {"rule": RULES["barred"].zh, "pupils": "夏沅芷", "class": "4班", "reason": "亲属任班主任"},
    {"rule": RULES["at_most"].zh, "pupils": "廖康鸣、卓金萌、张江烨、邱智阳", "at_most": 1, "reason": "随班就读"},
)


def example_tables() -> dict[str, pd.DataFrame]:
    """Return every table of the example workbook, canonical headers."""
    roster = read_roster(example_roster_path())
    given = tables_from_roster(roster.students, "zh", CLASSES) | {"Rules": framed(RULES_TABLE, _RULES)}
    whole = completed(given, "zh")
    placed = place_tables(whole, command="分班", when=WHEN, found=roster.issues)
    return {**whole, **placed.tables}
