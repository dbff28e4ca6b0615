"""One function per ribbon button and command-line verb; each carries tables between a workbook and the engine.

A workbook is whatever `addin.book` reads and writes: Excel, a file, LibreOffice. Nothing is written before everything
has succeeded, so a refused or stopped command leaves the workbook as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from addin import book
from engine import report, roster, tables
from engine.checking import cohort_from_tables
from engine.cohort import Cohort
from engine.criteria import criteria_of
from engine.issue import LEVELS, InputError, Issue, errors
from engine.measuring import Measured, floors_of, measure_placement
from engine.wording import Lang, Text

if TYPE_CHECKING:
    from addin.roster_file import Roster

Tables = dict[str, pd.DataFrame]
Progress = Callable[[float], bool]


class StoppedError(Exception):
    """The user stopped the command; the workbook is as it was."""
