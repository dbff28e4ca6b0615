"""The files of a draw: the record that is published, the sealed list that an inspector gets.

`docs/draw_format.md`, sections 9 and 10. Nothing private is in the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from engine import __version__
from engine.canonical import short_code
from engine.cohort import Cohort, Ints, LabelColumn
from engine.criteria import class_sums
from engine.drawing import Drawn
from engine.measuring import Gap, Measured
from engine.sealing import Sealed, SealedTable, published_tables, seal_code
from engine.wording import Text

RECORD = "EvenClass record 1"
SEALED_LIST = "EvenClass sealed list 1"
DECIMALS = 4  # of gaps and floors
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed list with its secret; when it was sealed, and how many pupils there officially are, None: not said."""

    sealed: Sealed
    secret: str
    when: str
    official: int | None = None

    @property
    def code(self) -> str:
        """The seal, 64 hexadecimal digits."""
        return seal_code(published_tables(self.sealed, self.secret))

    @property
    def pupils(self) -> int:
        """How many pupils are sealed."""
        return len(self.sealed[0].rows)


def record_of(seal: Seal, drawn: Drawn, when: str, earlier: Sequence[Json] = (), title: str = "") -> Json:
    """Return the record of a draw; ``when`` it was drawn, ``earlier`` as `earlier_draw` makes them."""
    cohort, groups = drawn.cohort, drawn.groups
    return {
        **_head(seal, title),
        "draw": {
            "number": drawn.number,
            "when": when,
            "parts": [list(part) for part in drawn.parts],
            "key": drawn.key,
            "seed": drawn.seed,
            "effort": cohort.settings.effort,
            "groups": [int(g) for g in groups.group_of],
            "sets": [list(trading) for trading in groups.sets],
            "labels": list(drawn.labels),
        },
        "teachers": _teachers(drawn),
        "result": {"code": drawn.code, "short": short_code(drawn.code), "classes": list(cohort.classes)},
        "criteria": criteria_facts(cohort, drawn.measured),
        "rules": rules_facts(drawn.measured),
        "earlier": list(earlier),
    }


def record_before(seal: Seal, earlier: Sequence[Json] = (), title: str = "") -> Json:
    """Return what a record holds before the draw: the seal, and draws made before it."""
    return {**_head(seal, title), "earlier": list(earlier)}


def _head(seal: Seal, title: str) -> Json:
    return {
        "format": RECORD,
        "version": __version__,
        "title": title,
        "seal": {
            "code": seal.code,
            "short": short_code(seal.code),
            "when": seal.when,
            "pupils": seal.pupils,
            "official": seal.official,
            "tables": published_tables(seal.sealed, seal.secret),
        },
    }


def earlier_draw(record: Json) -> Json:
    """Return what later records say of an earlier draw."""
    draw = record["draw"]
    return {
        "seal": record["seal"]["code"],
        "number": draw["number"],
        "when": draw["when"],
        "parts": draw["parts"],
        "result": record["result"]["code"],
    }


def sealed_list(seal: Seal) -> Json:
    """Return the sealed list: every row in clear, and the secret."""
    tables = [[table.name, list(table.fields), [list(row) for row in table.rows]] for table in seal.sealed]
    return {"format": SEALED_LIST, "secret": seal.secret, "tables": tables}


def sealed_from(given: Mapping[str, Any]) -> tuple[Sealed, str]:
    """Return the tables and the secret of a sealed list. Raises ValueError if it is none."""
    try:
        if given["format"] != SEALED_LIST:
            raise ValueError(f"not {SEALED_LIST}: {given['format']}")
        tables = tuple(
            SealedTable(str(name), tuple(map(str, fields)), tuple(tuple(map(str, row)) for row in rows))
            for name, fields, rows in given["tables"]
        )
        return tables, str(given["secret"])
    except (KeyError, TypeError) as why:
        raise ValueError(f"not {SEALED_LIST}") from why


def criteria_facts(cohort: Cohort, measured: Measured) -> list[Json]:
    """Return every criterion with its gap, floor, tolerance and the exact values of the classes."""
    flags = {c.name for c in cohort.columns if isinstance(c, LabelColumn) and c.use == "flag"}
    return [
        _criterion(gap, measured.class_of, len(cohort.classes), gap.criterion.column in flags) for gap in measured.gaps
    ]


def rules_facts(measured: Measured) -> Json:
    """Return how many rules are kept and how many are broken."""
    broken = sum(check.broken > 0 for check in measured.checks)
    return {"kept": len(measured.checks) - broken, "broken": broken}


def rounded(value: Fraction) -> str:
    """Return a value with four decimals at most, rounded half up."""
    step = Fraction(1, 10**DECIMALS)
    whole = (value / step + Fraction(1, 2)).__floor__()
    return _decimal(whole * step)


def _criterion(gap: Gap, class_of: Ints, k: int, flag: bool) -> Json:
    criterion = gap.criterion
    return {
        "label": _both(criterion.label),
        "column": criterion.column,
        "kind": criterion.kind,
        "level": None if flag else criterion.value or None,
        "gap": rounded(gap.gap),
        "floor": rounded(gap.floor),
        "tolerance": None if criterion.tolerance is None else _decimal(criterion.tolerance),
        "at_floor": gap.at_floor,
        "values": _values(gap, class_of, k),
    }


def _values(gap: Gap, class_of: Ints, k: int) -> list[list[str]]:
    """Return sum and count of every class, of a spread the sum of squares too: exact decimals all."""
    criterion = gap.criterion.given(class_of)
    sums = class_sums(criterion.amounts, class_of, k)
    if criterion.counted:
        return [[str(total), "1"] for total in sums]
    counts = class_sums(criterion.present.astype(np.int64), class_of, k)
    values = [criterion.offset * m + criterion.unit * s for s, m in zip(sums, counts, strict=True)]
    made = [[_decimal(value), str(m)] for value, m in zip(values, counts, strict=True)]
    if criterion.kind != "spread":
        return made
    squares = class_sums(criterion.amounts**2, class_of, k)
    for each, q, s, m in zip(made, squares, sums, counts, strict=True):
        # (offset + unit * a)^2, summed over the class
        total = criterion.offset**2 * m + 2 * criterion.offset * criterion.unit * s + criterion.unit**2 * q
        each.append(_decimal(total))
    return made


def _teachers(drawn: Drawn) -> Json | None:
    found = drawn.teachers
    if found is None:
        return None
    return {
        "names": list(found.teams.names),
        "teams": [int(t) for t in found.teams.team_of],
        "bars": [[teacher, pupil + 1] for teacher, pupil in found.teams.bars],
        "tries": found.tries,
        "labels": list(found.labels),
    }


def _decimal(value: Fraction) -> str:
    """Return an exact value whose denominator divides a power of ten as decimal text, a whole one without point."""
    if value.denominator == 1:
        return str(value.numerator)
    places = next(p for p in range(1, 40) if (10**p) % value.denominator == 0)
    digits = str(abs(value.numerator) * (10**places // value.denominator)).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:].rstrip('0')}"


def _both(text: Text) -> Json:
    return {"zh": text.zh, "en": text.en}
