"""Cells that can be read but are probably not meant: failed formulas, marks below zero, genders spelled in two ways.

They are warned of pupil by pupil; nothing is changed or refused for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from engine.issue import Findings
from engine.pupils import Pupils, note_faults
from engine.values import as_text, folded, is_error, parse_number
from engine.wording import Text

MALE = frozenset("男 男生 男孩 m male boy".split())
FEMALE = frozenset("女 女生 女孩 f female girl".split())
MARKS = ("mark", "total")
NUMBERS = (*MARKS, "number", "date")
RARE = 0.02  # of the pupils: a gender of so few, beside 男 and 女, looks like a slip
_FAILED = Text("{w}的这一格是公式错误“{v}”，按没有值处理。", "{w}: a failed formula, “{v}”, taken as no value.")
_FAILED_LABEL = Text(
    "{w}的这一格是公式错误“{v}”，算作另一种值。", "{w}: a failed formula, “{v}”, taken as another value."
)
MEND_FORMULA = Text("请改好公式，或直接填上。", "Correct the formula, or fill the cell in.")  # also said of columns
_NEGATIVE = Text("{w}的“{v}”小于 0。", "{w}: “{v}” is below 0.")
_NO_MARK = Text("请核对；没有成绩就写“缺考”或留空。", "Check it; if there is no mark write absent or leave it blank.")
_SPELLED = Text("{w}的“{v}”与别人写的“{m}”不同，算作另一种。", "{w}: “{v}” counts as other than the “{m}” of others.")
_ONE_SPELLING = Text("请改成同样的写法。", "Write it the same way.")
_DATES = Text(
    "有 {n} 个学号是日期（如{w}的 {v}），可能是 Excel 把学号改成了日期。",
    "{n} ids are dates (such as {v} of {w}): Excel may have made dates of them.",
)
_AS_TEXT = Text(
    "请核对；如果改坏了，把这一列设为“文本”格式再填。",
    "Check them; if they are spoilt, format the column as Text and enter them anew.",
)


def look_at_cells(header: str, use: str, cells: Sequence[object], pupils: Pupils, findings: Findings) -> None:
    """Warn of doubtful cells of a measured column, pupil by pupil; ``cells`` (n,) in the order of the pupils."""
    failed = _FAILED if use in NUMBERS else _FAILED_LABEL
    wrong = [(i, failed.fill(w=pupils.called(i), v=cell)) for i, cell in enumerate(cells) if is_error(cell)]
    note_faults(wrong, header, pupils, MEND_FORMULA, findings, "warning")
    if use in MARKS:
        low = [
            (i, _NEGATIVE.fill(w=pupils.called(i), v=as_text(cell)))
            for i, cell in enumerate(cells)
            if (number := parse_number(cell)) is not None and number < 0
        ]
        note_faults(low, header, pupils, _NO_MARK, findings, "warning")
    if use == "gender":
        note_faults(_spelled_otherwise(cells, pupils), header, pupils, _ONE_SPELLING, findings, "warning")


def look_at_ids(header: str, cells: Sequence[object], pupils: Pupils, findings: Findings) -> None:
    """Warn once if ids are dates: 1-2 typed into a cell becomes one."""
    dates = [i for i, cell in enumerate(cells) if isinstance(cell, date)]
    if dates:
        first = as_text(cells[dates[0]]).removesuffix(" 00:00:00")
        what = _DATES.fill(n=len(dates), v=first, w=pupils.names[dates[0]] or Text("第一名", "the first"))
        findings.add("warning", ("Students", pupils.rows[dates[0]] + 1, header), what, _AS_TEXT)


def _spelled_otherwise(cells: Sequence[object], pupils: Pupils) -> list[tuple[int, Text]]:
    """Return the pupils whose gender is spelled unlike that of most, such as M among 男 and 女."""
    times = Counter(folded(cell) for cell in cells)
    del times[""]
    usual: dict[str, str] = {}
    for meaning in (MALE, FEMALE):
        known = [word for word in times if word in meaning]
        usual |= dict.fromkeys(known, max(known, key=lambda word: times[word])) if known else {}
    if not usual:
        return []
    both = "/".join(sorted(set(usual.values())))
    most_rare = max(1, RARE * len(cells))
    usual |= {word: both for word, count in times.items() if word not in usual and count <= most_rare}
    shown = {folded(cell): as_text(cell) for cell in cells}
    return [
        (i, _SPELLED.fill(w=pupils.called(i), v=as_text(cell), m=shown.get(usual[word], both)))
        for i, cell in enumerate(cells)
        if (word := folded(cell)) in usual and usual[word] != word and not is_error(cell)  # a failed formula is told
    ]
