"""Read the table *Columns* and, by it, the columns of *Students*: marks as exact integers, labels as codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
import pandas as pd

from engine.cohort import Ints, LabelColumn, LabelUse, NumberColumn, NumberUse
from engine.doubtful import look_at_cells
from engine.issue import Findings
from engine.pupils import OURS, Pupils, cells_of, note_faults
from engine.sizes import pupils_in
from engine.tables import COLUMNS, USES, YES_NO, choice, matching
from engine.values import as_text, folded, is_absent, is_blank, is_no, is_yes, parse_date, parse_number
from engine.wording import Text, listed, plain

NUMBERS: dict[str, NumberUse] = {"mark": "mark", "total": "total", "number": "number", "date": "date"}
LABELS: dict[str, LabelUse] = {"gender": "gender", "flag": "flag", "category": "category"}
GROUPS = ("preset", "together", "apart")
SHOWN_HEADERS = 12
DECIMALS = 6  # places held exactly; Excel's own averages have no end
LARGEST_SQUARES = 1 << 61  # no sum of squares of a column may exceed this: 64 bits must hold it
LARGEST_NUMBER = 1 << 53  # what a cell holds exactly
ONLY_NUMBERS = ("tolerance", "band_width", "top", "bottom", "spread")


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One row of *Columns*, checked. ``computed``: a total that *Students* does not have."""

    row: int
    header: str
    use: str
    weight: Fraction
    tolerance: float | None
    band_width: float | None
    top: int | None
    bottom: int | None
    spread: bool
    at_most: int | None
    computed: bool


def read_columns(frame: pd.DataFrame, students: pd.DataFrame, findings: Findings) -> list[ColumnRow]:
    """Return the rows of *Columns*; each problem is noted at its cell."""
    headers = [str(header) for header in students.columns if header not in OURS]
    rows: list[ColumnRow] = []
    seen: dict[str, int] = {}
    for at, cells in enumerate(frame.to_dict("records"), start=1):
        name = as_text(cells["column"])
        if not name:
            continue
        use = _use(cells["use"], at, findings)
        header = _header(name, use, headers, at, findings)
        if header is None or use is None:
            continue
        if header in seen:
            what = Text("“{h}”在第{r}行已经有了。", "“{h}” is in row {r} already.").fill(h=header, r=seen[header])
            findings.add("error", _place(at, "column"), what, Text("请删掉一行。", "Delete one of the rows."))
            continue
        seen[header] = at
        rows.append(_read(at, header, use, cells, header not in headers, findings))
    for use in ("id", "name"):
        several = [item for item in rows if item.use == use]
        for item in several[1:]:
            what = Text("用途“{u}”只能有一列，“{h}”已经是了。", "Only one column can be the {u}; “{h}” is.")
            do = Text("请把其中一列改成“备注”。", "Set one of them to note.")
            findings.add("error", _place(item.row, "use"), what.fill(u=USES[use], h=several[0].header), do)
    return rows


def column_used_as(rows: Sequence[ColumnRow], use: str) -> str | None:
    """Return the header of the first column with this use, or None."""
    return next((item.header for item in rows if item.use == use), None)


def measured_columns(
    rows: Sequence[ColumnRow], students: pd.DataFrame, pupils: Pupils, absent_is_zero: bool, findings: Findings
) -> tuple[NumberColumn | LabelColumn, ...]:
    """Return the columns that are measured, in the order of *Students*, a computed total last."""
    order = {str(header): at for at, header in enumerate(students.columns)}
    weights = whole_weights([item.weight for item in rows])
    made: list[tuple[int, NumberColumn | LabelColumn]] = []
    for item, weight in zip(rows, weights, strict=True):
        if item.computed or item.use not in (*NUMBERS, *LABELS):
            continue
        cells = cells_of(students, item.header, pupils.rows)
        look_at_cells(item.header, item.use, cells, pupils, findings)
        column: NumberColumn | LabelColumn | None
        if item.use in NUMBERS:
            column = _number_column(item, weight, cells, pupils, absent_is_zero, findings)
        else:
            column = _label_column(item, weight, cells, pupils, findings)
        if column is not None:
            made.append((order[item.header], column))
    columns = [column for _, column in sorted(made, key=lambda pair: pair[0])]
    for item, weight in zip(rows, weights, strict=True):
        if item.computed and (total := _computed_total(item, weight, columns, findings)) is not None:
            columns.append(total)
    if columns and not any(column.weight for column in columns):
        what = Text("所有列的权重都是 0，没有一项会均衡。", "All weights are 0: nothing is evened out.")
        do = Text("请给要均衡的列填 1 或更大的权重。", "Give the columns that matter a weight of 1 or more.")
        findings.add("warning", ("Columns", None, COLUMNS.field("weight").header), what, do)
    return tuple(columns)


def _place(row: int, key: str) -> tuple[str, int, Text]:
    return "Columns", row, COLUMNS.field(key).header


def _use(cell: object, row: int, findings: Findings) -> str | None:
    found = choice(cell, USES)
    if found is None:
        what = Text("没有“{v}”这种用途。", "There is no use “{v}”.").fill(v=as_text(cell))
        do = Text("请填 {u} 之一。", "Enter one of {u}.").fill(u=listed(list(USES.values())))
        findings.add("error", _place(row, "use"), what, do)
    return found


def _header(name: str, use: str | None, headers: list[str], row: int, findings: Findings) -> str | None:
    """Return the header of *Students* that is meant; a total that is not there is one to be computed."""
    exact = [header for header in headers if header == name] or [h for h in headers if h.strip() == name]
    alike = exact or [header for header in headers if matching(header) == matching(name)]
    if alike:
        return alike[0]
    if use == "total":
        return name
    spelled = {matching(header): header for header in headers}
    close = [spelled[word] for word in get_close_matches(matching(name), spelled, n=1, cutoff=0.5)]
    what = Text("学生表没有“{n}”这一列。", "Students has no column “{n}”.").fill(n=name)
    do = Text("请改成学生表的标题（{h}），或删掉这一行。", "Write a heading of Students ({h}), or delete the row.")
    if close:
        do = Text("您是不是要写“{c}”？标题有：{h}。", "Did you mean “{c}”? The headings are {h}.")
    shown = listed([plain(header) for header in headers], SHOWN_HEADERS)
    findings.add("error", _place(row, "column"), what, do.fill(h=shown, c="".join(close)))
    return None


def _read(at: int, header: str, use: str, cells: Mapping[Any, object], computed: bool, findings: Findings) -> ColumnRow:
    for key in ONLY_NUMBERS if use not in NUMBERS else ():
        unused = (
            is_blank(cells[key])
            or (key == "tolerance" and (use in LABELS or use == "wish"))
            or choice(cells[key], YES_NO) == "no"
        )
        if not unused:
            what = Text("“{h}”的用途是“{u}”，这一项不起作用。", "“{h}” is a {u}: this has no effect.")
            findings.add("warning", _place(at, key), what.fill(h=header, u=USES[use]), Text("可以删掉。", "Clear it."))
    weight = _number(cells["weight"], at, "weight", findings, least=Decimal(0))
    tolerance = _number(cells["tolerance"], at, "tolerance", findings, least=Decimal(0))
    band_width = _number(cells["band_width"], at, "band_width", findings, least=Decimal("0.001"))
    spread = choice(cells["spread"], YES_NO) if not is_blank(cells["spread"]) else "no"
    if spread is None:
        what = Text("“{v}”不对。", "“{v}” is not understood.").fill(v=as_text(cells["spread"]))
        findings.add("error", _place(at, "spread"), what, Text("请填“是”或“否”。", "Enter yes or no."))
    return ColumnRow(
        row=at,
        header=header,
        use=use,
        weight=Fraction(1) if weight is None else Fraction(weight),
        tolerance=None if tolerance is None else float(tolerance),
        band_width=None if band_width is None else float(band_width),
        top=pupils_in(cells["top"], _place(at, "top"), findings),
        bottom=pupils_in(cells["bottom"], _place(at, "bottom"), findings),
        spread=spread == "yes",
        at_most=pupils_in(cells["at_most"], _place(at, "at_most"), findings),
        computed=computed,
    )


def _number(cell: object, row: int, key: str, findings: Findings, least: Decimal) -> Decimal | None:
    """Return the number in a cell, 20% as 0.2; None if it is blank or, after noting it, wrong."""
    if is_blank(cell):
        return None
    text = folded(cell)
    number = parse_number(text.removesuffix("%"))
    if number is not None and text.endswith("%"):
        number = number.scaleb(-2)
    if number is None or number < least:
        what = Text("“{v}”不是有效的数。", "“{v}” is no valid number.").fill(v=as_text(cell))
        do = (
            Text("请填大于 0 的数，或留空。", "Enter a number above 0, or leave it blank.")
            if least
            else Text("请填 0 或更大的数，或留空。", "Enter a number, 0 or more, or leave it blank.")
        )
        findings.add("error", _place(row, key), what, do)
        return None
    return number


def whole_weights(weights: Sequence[Fraction]) -> list[int]:
    """Return the weights as the smallest whole numbers in the same ratio."""
    common = lcm(*(weight.denominator for weight in weights)) if weights else 1
    whole = [int(weight * common) for weight in weights]
    divisor = gcd(*whole) or 1
    return [weight // divisor for weight in whole]


def _number_column(
    item: ColumnRow, weight: int, cells: list[object], pupils: Pupils, absent_is_zero: bool, findings: Findings
) -> NumberColumn | None:
    numbers: list[Decimal | None] = []
    wrong: list[tuple[int, Text]] = []
    if item.use == "date":
        what = Text("{w}的“{v}”不是日期。", "{w}: “{v}” is no date.")
        do = Text("请写成 2012-09-01 这样，或留空。", "Write it like 2012-09-01, or leave it blank.")
    else:
        what = Text("{w}的“{v}”不是数。", "{w}: “{v}” is no number.")
        do = Text(
            "请改成数字；没有成绩就写“缺考”或留空。",
            "Enter a number; where there is none write absent or leave it blank.",
        )
    for i, cell in enumerate(cells):
        number = _date_number(cell) if item.use == "date" else parse_number(cell)
        numbers.append(number)
        if number is None and not is_absent(cell):
            wrong.append((i, what.fill(w=pupils.called(i), v=as_text(cell))))
    note_faults(wrong, item.header, pupils, do, findings)
    if wrong:
        return None
    if absent_is_zero and item.use in ("mark", "total"):
        numbers = [Decimal(0) if number is None else number for number in numbers]
    if all(number is None for number in numbers):
        what = Text("“{h}”列没有一个数。", "The column “{h}” has no number at all.").fill(h=item.header)
        do = Text("已不参与均衡；请把用途改成“备注”。", "It is not balanced; set its use to note.")
        findings.add("warning", ("Students", None, item.header), what, do)
        return None
    values, per_unit = _as_integers(numbers, item.header, pupils, findings)
    present = np.array([number is not None for number in numbers], np.bool_)
    return _of(item, weight, values, present, per_unit)


def _date_number(cell: object) -> Decimal | None:
    found = parse_date(cell)
    return None if found is None else Decimal(found.toordinal())


def _of(item: ColumnRow, weight: int, values: Ints, present: Any, per_unit: int) -> NumberColumn:  # noqa: ANN401
    return NumberColumn(
        name=item.header,
        use=NUMBERS[item.use],
        values=values,
        present=present,
        per_unit=per_unit,
        weight=weight,
        tolerance=item.tolerance,
        band_width=item.band_width,
        top=item.top,
        bottom=item.bottom,
        spread=item.spread,
    )


def _as_integers(
    numbers: Sequence[Decimal | None], header: str, pupils: Pupils, findings: Findings
) -> tuple[Ints, int]:
    """Return the numbers as integers and how many of them make one: exact up to 6 decimals, as far as 64 bits hold."""
    known = [number for number in numbers if number is not None]
    needed = max(0, *(-int(number.normalize().as_tuple().exponent) for number in known), 0)
    span = max(known) - min(known) + 1
    places = min(needed, DECIMALS)
    while places > 0 and int(span * 10**places) ** 2 * len(known) > LARGEST_SQUARES:
        places -= 1
    largest = max(known, key=abs)
    if int(span) ** 2 * len(known) > LARGEST_SQUARES or abs(largest) > LARGEST_NUMBER:
        i = numbers.index(largest)
        what = Text(
            "“{h}”列的数太大，最大的是{w}的 {v}。",
            "The column “{h}” has numbers that are too large, such as {v} of {w}.",
        )
        do = Text("请核对；如果是编号，请把用途改成“备注”。", "Check them; if they are codes set the use to note.")
        filled = what.fill(h=header, v=largest, w=pupils.called(i))
        findings.add("error", ("Students", pupils.rows[i] + 1, header), filled, do)
        return np.zeros(len(numbers), np.int64), 1
    if places < needed:
        what = Text("“{h}”列有超过 {p} 位小数的数。", "The column “{h}” has numbers with more than {p} decimals.")
        do = Text("按 {p} 位小数计算，名单不变。", "They are counted to {p} decimals; the roster stays as it is.")
        findings.add("note", ("Students", None, header), what.fill(h=header, p=places), do.fill(p=places))
    scaled = [0 if number is None else round(number.scaleb(places)) for number in numbers]
    return np.array(scaled, np.int64), 10**places


def _label_column(
    item: ColumnRow, weight: int, cells: list[object], pupils: Pupils, findings: Findings
) -> LabelColumn | None:
    if item.use == "flag":
        what = Text("{w}的“{v}”看不出是或否。", "{w}: “{v}” is neither yes nor no.")
        do = Text(
            "请填“是”或留空；如果有几种值，请把用途改成“类别”。",
            "Enter yes or leave it blank; with several values the use is category.",
        )
        wrong = [
            (i, what.fill(w=pupils.called(i), v=as_text(cell)))
            for i, cell in enumerate(cells)
            if not is_yes(cell) and not is_no(cell)
        ]
        note_faults(wrong, item.header, pupils, do, findings)
        codes = [0 if is_yes(cell) else -1 for cell in cells]
        levels: tuple[str, ...] = (YES_NO["yes"].to(findings.lang),)
    else:
        first: dict[str, str] = {}
        for cell in cells:
            if not is_blank(cell):
                first.setdefault(folded(cell), as_text(cell))
        keys = sorted(first)
        levels = tuple(first[key] for key in keys)
        codes = [-1 if is_blank(cell) else keys.index(folded(cell)) for cell in cells]
    tolerance = item.tolerance
    return LabelColumn(item.header, LABELS[item.use], np.array(codes, np.int64), levels, weight, tolerance)


def _computed_total(
    item: ColumnRow, weight: int, columns: Sequence[NumberColumn | LabelColumn], findings: Findings
) -> NumberColumn | None:
    """Return the sum of all marks; a pupil who misses one has no total."""
    marks = [column for column in columns if isinstance(column, NumberColumn) and column.use == "mark"]
    if not marks:
        if findings.failed:
            return None  # the marks are there but wrong: that is said already
        what = Text("学生表没有“{h}”列，也没有成绩可以相加。", "Students has no column “{h}” and no marks to add up.")
        do = Text("请改列名，或把成绩列的用途设为“成绩”。", "Correct the name, or set the use of the marks to mark.")
        findings.add("error", _place(item.row, "column"), what.fill(h=item.header), do)
        return None
    per_unit = max(column.per_unit for column in marks)
    total = sum(
        (column.values * (per_unit // column.per_unit) for column in marks), np.zeros(len(marks[0].values), np.int64)
    )
    present = np.logical_and.reduce([column.present for column in marks])
    if not present.any():
        return None
    return _of(item, weight, np.where(present, total, 0).astype(np.int64), present, per_unit)


def named(columns: Sequence[NumberColumn | LabelColumn]) -> Text:
    """Return the names of columns for a sentence."""
    return listed([plain(column.name) for column in columns])
