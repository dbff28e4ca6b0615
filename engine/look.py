"""What the cells of a roster's column look like: how many there are, and how many are numbers, dates, yes or no."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from engine.values import (
    as_text,
    is_absent,
    is_blank,
    is_no,
    is_number_in_words,
    is_yes,
    parse_date,
    parse_number,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a column's cells look like, counted once: of ``n`` pupils ``held`` have a cell that is not blank.

    ``texts`` are the different ones; the counts of numbers, numbers in words (九十), dates … are of cells.
    """

    n: int
    held: int
    texts: frozenset[str]
    numbers: int
    in_words: int
    whole: int
    different_numbers: int
    dates: int
    yes: int
    no: int
    absent: int
    span: tuple[int, int]

    @property
    def different(self) -> int:
        """Return how many different values there are."""
        return len(self.texts)

    @property
    def a_key(self) -> bool:
        """Return whether every pupil has a value of its own."""
        return self.held == self.n == self.different

    @property
    def flags(self) -> bool:
        """Return whether all cells say yes or no, and some say yes."""
        return self.yes + self.no == self.held and self.yes > 0


def look_at(column: pd.Series) -> Look:
    """Return what a column looks like; equal cells are read once."""
    counts = Counter((type(cell), cell) for cell in column)
    seen = [(cell, times) for (_, cell), times in counts.items() if not is_blank(cell)]
    numbers = [(number, times) for cell, times in seen if (number := parse_number(cell)) is not None]
    whole = [(int(number), times) for number, times in numbers if number == int(number)]
    values = [number for number, _ in whole]
    return Look(
        n=len(column),
        held=sum(times for _, times in seen),
        texts=frozenset(as_text(cell) for cell, _ in seen),
        numbers=sum(times for _, times in numbers),
        in_words=sum(times for cell, times in seen if is_number_in_words(cell)),
        whole=sum(times for _, times in whole),
        different_numbers=len({number for number, _ in numbers}),
        dates=sum(times for cell, times in seen if parse_date(cell) is not None),
        yes=sum(times for cell, times in seen if is_yes(cell)),
        no=sum(times for cell, times in seen if is_no(cell) and not is_yes(cell)),
        absent=sum(times for cell, times in seen if is_absent(cell)),
        span=(min(values), max(values)) if values else (0, 0),
    )
