"""Was it fair: the placement that stands, tested for what class it should be independent of. Like `addin.commands`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from addin import book, undo
from addin.commands import read_completed
from engine.wording import Lang, Text

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.fairness_report import Fairness

FAIRNESS = Text("公平性检验", "fairness")


def fairness(workbook: book.Book, columns: Sequence[str] = (), resamples: int | None = None) -> tuple[Fairness, Lang]:
    """Return the tests of the placement that stands, and the language. Raises `InputError` if there is none."""
    from engine.checking import cohort_from_tables
    from engine.fairness import RESAMPLES, outcomes_of
    from engine.fairness_report import Fairness
    from engine.measuring import actual_sizes
    from engine.placing import classes_in
    from engine.traits import traits_of

    tables, lang = read_completed(workbook)
    checked = cohort_from_tables(tables, in_conflict=True)
    class_of = classes_in(tables["Students"], checked, lang)
    classes, seed = checked.cohort.classes, checked.cohort.settings.seed
    sizes = actual_sizes(class_of, len(classes))
    traits = traits_of(tables["Students"], checked, columns)
    found = outcomes_of(traits, class_of, sizes, seed, RESAMPLES if resamples is None else resamples)
    return Fairness(class_of, classes, sizes, seed, tuple(found)), lang


def show_fairness(workbook: book.Book, found: Fairness, lang: Lang) -> None:
    """Write the table *Fairness*."""
    from engine.fairness_report import fairness_table

    undo.written(workbook, FAIRNESS.to(lang), {"Fairness": fairness_table(found, lang)}, lang)
