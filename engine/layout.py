"""Find the roster in a sheet: headings below title rows, pupils, and rows that are none. Pure; nothing is read here.

No cell is changed and no row or column is left out without an issue that says so. A row counts as a pupil unless it
clearly is none: a row with an id and a name never is left out, whatever else it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engine.doubtful import MEND_FORMULA
from engine.headings import heading_of
from engine.issue import Issue
from engine.rows import NOT_PUPILS, Keys, says_totals, why_no_pupil
from engine.values import as_text, folded, is_blank, is_error, parse_number, ruined_id
from engine.wording import Text

Grid = Sequence[Sequence[object]]
Row = list[object]

HEADINGS_WITHIN = 30  # rows from the top in which the headings are looked for
GENDERS = frozenset("男 女 m f boy girl male female".split())
SHOWN = 60  # characters of a left out row that are shown


@dataclass(frozen=True, slots=True)
class Layout:
    """A roster found in a sheet.

    ``students`` has the roster's own headers and cells, ``rows`` the sheet row (from 1) of each pupil; ``issues`` say
    what was left out.
    """

    students: pd.DataFrame
    rows: tuple[int, ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading of each column as it is written ("": none), and the rows (from 0, the last excluded) it stands in."""

    words: list[str]
    start: int
    stop: int


def find_roster(grid: Grid) -> Layout | None:
    """Return the roster in a grid of cells, or None if there are no headings with at least one pupil below."""
    width = max((len(row) for row in grid), default=0)
    rows: list[Row] = [[None if cell == "" else cell for cell in row] + [None] * (width - len(row)) for row in grid]
    headings = _headings(rows)
    if headings is None:
        return None
    below = rows[headings.stop :]
    used = [c for c in range(width) if headings.words[c] or any(not is_blank(row[c]) for row in below)]
    headers, issues = _headers([headings.words[c] for c in used], used)
    issues = _skipped_above(rows, headings) + _blank_columns(used) + issues
    numbers, left_out = _pupils(rows, headings, used, Keys.of(headers))
    if not numbers:
        return None
    issues += left_out + _blank_rows(rows, headings.stop, numbers)
    students = pd.DataFrame([[rows[n - 1][c] for c in used] for n in numbers], columns=headers, dtype=object)
    return Layout(students, tuple(numbers), tuple(issues + _ruined(students) + _failed(students, numbers)))


def _pupils(rows: list[Row], headings: Headings, used: list[int], keys: Keys) -> tuple[list[int], list[Issue]]:
    """Return the row (from 1) of each pupil, and an issue for each row that holds something else."""
    printed = [_folded(row) for row in rows[: headings.stop] if not _empty(row)]
    numbers: list[int] = []
    issues: list[Issue] = []
    for at in range(headings.stop, len(rows)):
        if _empty(rows[at]):
            continue
        cells = [rows[at][c] for c in used]
        again = _folded(rows[at]) in printed
        if not again and _another_table(rows, at):
            issues.append(_from_here(at + 1, cells))
            break
        why = "repeated" if again else why_no_pupil(cells, keys)
        if why is None:
            numbers.append(at + 1)
        else:
            issues.append(_left_out(at + 1, why, cells))
    return numbers, issues


def first_pupil_on_top(grid: Grid) -> str | None:
    """Return the first row, in words, if a sheet seems to be a list of pupils without headings; None if not."""
    rows = [[cell for cell in row if not is_blank(cell)] for row in grid]
    first = next((row for row in rows if len(row) > 1), None)
    if first is None or not _like_a_pupil(first):
        return None
    return " ".join(as_text(cell) for cell in first)[:SHOWN]


def _empty(row: Row) -> bool:
    return all(is_blank(cell) for cell in row)


def _folded(row: Row) -> tuple[str, ...]:
    return tuple(folded(cell) for cell in row)


def _like_a_pupil(cells: Row) -> bool:
    """Return whether cells that might be headings are a pupil's: no heading is known, but a number or a gender."""
    if any(heading_of(as_text(cell)) is not None for cell in cells):
        return False
    return any(folded(cell) in GENDERS or parse_number(cell) is not None for cell in cells)


def _headings(rows: list[Row]) -> Headings | None:
    """Return the headings: the row that looks most like them, with the row above or below that belongs to it."""
    at = _heading_row(rows)
    if at is None:
        return None
    for upper in (at, at - 1):
        if upper >= 0 and (words := _two_rows(rows, upper)) is not None:
            return Headings(words, upper, upper + 2)
    return Headings(["" if is_blank(cell) else str(cell) for cell in rows[at]], at, at + 1)


def _heading_row(rows: list[Row]) -> int | None:
    """Return the row that looks most like headings: words that are known or at least all different, fuller rows below.

    A row that names an id or a name comes before any other. None if it rather looks like a pupil.
    """
    best: tuple[bool, int, int] | None = None
    for at, row in enumerate(rows[: min(HEADINGS_WITHIN, len(rows) - 1)]):
        words = [as_text(cell) for cell in row if not is_blank(cell)]
        below = max((sum(not is_blank(cell) for cell in row) for row in rows[at + 1 : at + 6]), default=0)
        if not words or not below:
            continue
        numbers = sum(parse_number(word) is not None for word in words)
        known = [heading for word in words if (heading := heading_of(word)) is not None]
        who = any(heading.use in ("id", "name") for heading in known)
        weight = len(words) - 3 * numbers + len(set(words)) + 3 * len(known) + min(len(words), below)
        # Of rows alike (pupils look like headings in a sheet of words) the first is the heading.
        if best is None or (who, weight) > (best[0], best[1] + (who == best[0])):
            best = (who, weight, at)
    if best is None or _like_a_pupil([cell for cell in rows[best[2]] if not is_blank(cell)]):
        return None
    return best[2]


def _two_rows(rows: list[Row], at: int) -> list[str] | None:
    """Return the headings that rows at and at + 1 make together, or None if they are not two rows of headings.

    They are if the lower row splits groups of the upper (期末成绩 over 语文, 数学): it has words only, none below a
    heading that stands for one column, and it leaves out such a column in which the row after it is filled.
    """
    if at + 2 >= len(rows):
        return None
    upper, lower, after = rows[at], rows[at + 1], rows[at + 2]
    below = [c for c, cell in enumerate(lower) if not is_blank(cell)]
    if not below or sum(not is_blank(cell) for cell in upper) < 2:
        return None
    if any(parse_number(lower[c]) is not None or folded(lower[c]) in GENDERS for c in below):
        return None
    group: list[str] = []
    for cell in upper:
        group.append(as_text(cell) if not is_blank(cell) else (group[-1] if group else ""))
    wide = [c + 1 < len(upper) and is_blank(upper[c + 1]) and not is_blank(lower[c + 1]) for c in range(len(upper))]
    if any(not is_blank(upper[c]) and not wide[c] for c in below) or all(not is_blank(upper[c]) for c in below):
        return None
    single = [c for c, cell in enumerate(upper) if not is_blank(cell) and is_blank(lower[c])]
    known = sum(heading_of(as_text(lower[c])) is not None for c in below)
    if not single or not (2 * known >= len(below) or any(not is_blank(after[c]) for c in single)):
        return None
    words = [str(low) if not is_blank(low) else as_text(up) for up, low in zip(upper, lower, strict=True)]
    often = [folded(word) for word in words]
    return [
        f"{group[c]} {word}" if c in below and group[c] and often.count(folded(word)) > 1 else word
        for c, word in enumerate(words)
    ]


def _another_table(rows: list[Row], at: int) -> bool:
    """Return whether a second table starts here: headings of its own after a blank row, such as 班级, 人数, 男, 女."""
    cells = [cell for cell in rows[at] if not is_blank(cell)]
    if not _empty(rows[at - 1]) or at + 1 >= len(rows) or _empty(rows[at + 1]) or len(cells) < 2:
        return False
    words = [as_text(cell) for cell in cells]
    known = [heading_of(word) is not None or says_totals(word) or folded(word) in GENDERS for word in words]
    return heading_of(words[0]) is not None and 2 * sum(known) > len(known) >= 2


def _headers(words: list[str], used: list[int]) -> tuple[list[str], list[Issue]]:
    """Return headers that are all there and all different, and a note for each that had to be made."""
    headers: list[str] = []
    issues: list[Issue] = []
    taken = {word.casefold() for word in words}
    seen: set[str] = set()
    for column, word in zip(used, words, strict=True):
        header, times = word or f"列{column + 1}", 0
        while header.casefold() in seen or (header != word and header.casefold() in taken):
            times += 1
            header = f"{word or f'列{column + 1}'}.{times}"
        seen.add(header.casefold())
        headers.append(header)
        if header != word:
            was = Text("标题“{w}”重复", "repeats the heading “{w}”").fill(w=word) if word else _NO_HEADING
            what = Text("第{n}列{was}，改称“{new}”。", "Column {n} {was}; it is called “{new}”.")
            do = Text("如不合适，请在名单里改好标题。", "Give it a heading of its own if that does not fit.")
            heading = heading_of(word)
            if heading is not None and heading.use in ("id", "name"):
                issues.append(_warning(header, what.fill(n=column + 1, was=was, new=header), _BESIDE))
            else:
                issues.append(_note(what.fill(n=column + 1, was=was, new=header), do, header))
    return headers, issues


_BESIDE = Text(
    "如果右边是另一份名单，里面的学生没有分班：请把他们移到左边名单的下面。",
    "If another list stands on the right, its pupils are not placed: move them below the list on the left.",
)
_NO_HEADING = Text("没有标题", "has no heading")


def _note(what: Text, do: Text = Text("", ""), column: str | None = None) -> Issue:  # noqa: B008 # immutable
    return Issue("note", "Students", None, column, what, do)


def _shown(cells: Row) -> str:
    text = " ".join(" ".join(as_text(cell).split()) for cell in cells if not is_blank(cell))
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _left_out(number: int, why: str, cells: Row) -> Issue:
    what = Text("名单第{n}行“{s}”是{r}，没有当作学生。", "Roster row {n} “{s}” is {r}: left out.")
    do = Text("如果是学生，请补上学号和姓名后重新导入。", "If it is a pupil, fill in id and name and import again.")
    return _note(what.fill(n=number, s=_shown(cells), r=NOT_PUPILS[why]), do)


def _from_here(number: int, cells: Row) -> Issue:
    what = Text(
        "名单第{n}行“{s}”起是另一张表，没有读。", "From roster row {n} “{s}” on there is another table: not read."
    )
    do = Text(
        "如果下面还有学生，请移到同一张表里，标题一致。", "If there are pupils in it, move them up under the headings."
    )
    return Issue("warning", "Students", None, None, what.fill(n=number, s=_shown(cells)), do)


def _skipped_above(rows: list[Row], headings: Headings) -> list[Issue]:
    said = [title for row in rows[: headings.start] if (title := _shown(row))]
    if not said:
        return []
    what = Text(
        "标题在名单第{n}行；其上的“{t}”没有当作数据。", "The headings are in roster row {n}; “{t}” above is no data."
    )
    return [_note(what.fill(n=headings.start + 1, t=" / ".join(said)))]


def _blank_columns(used: list[int]) -> list[Issue]:
    """Return a note if blank columns without headings stand between the others."""
    blank = sorted(set(range(used[0], used[-1])) - set(used)) if used else []
    if not blank:
        return []
    what = Text("第{s}列是空列，已跳过。", "Blank columns skipped: {s}.")
    return [_note(what.fill(s=_numbers([c + 1 for c in blank])))]


def _blank_rows(rows: list[Row], start: int, numbers: list[int]) -> list[Issue]:
    """Return a note if blank rows stand between pupils; those behind the last are nothing to speak of."""
    blank = [n for n in range(start + 1, numbers[-1]) if _empty(rows[n - 1])]
    if not blank:
        return []
    what = Text("名单中有 {n} 个空行（第{s}行），已跳过。", "The roster has blank rows ({n}: {s}), skipped.")
    return [_note(what.fill(n=len(blank), s=_numbers(blank)))]


def _numbers(numbers: Sequence[int]) -> Text:
    shown = [str(number) for number in numbers[:5]] + ["…"] * (len(numbers) > 5)
    return Text("、".join(shown), ", ".join(shown))


def _ruined(students: pd.DataFrame) -> list[Issue]:
    """Return a warning for each column in which Excel has ruined ids: their last digits are lost for good."""
    found = []
    for header in students.columns:
        cells = [cell for cell in students[header] if ruined_id(cell)]
        if cells:
            what = Text(
                "“{h}”列有 {n} 个号码被 Excel 改坏了（如 {c}），后几位已经丢失。",
                "Column “{h}”: Excel has ruined {n} numbers (such as {c}), their last digits are lost.",
            )
            do = Text(
                "请把这一列设为“文本”格式，从原始系统重新导出。",
                "Format the column as Text and export it again from where it came from.",
            )
            found.append(_warning(header, what.fill(h=header, n=len(cells), c=cells[0]), do))
    return found


def _failed(students: pd.DataFrame, numbers: list[int]) -> list[Issue]:
    """Return a warning for each column with cells in which a formula has failed, such as #N/A."""
    found = []
    for header in students.columns:
        at = [number for number, cell in zip(numbers, students[header], strict=True) if is_error(cell)]
        if at:
            what = Text(
                "“{h}”列有 {n} 格公式出错（如 #N/A），在名单第{r}行；按没有值处理。",
                "Column “{h}”: {n} cells show a failed formula (such as #N/A), in roster rows {r}; taken as no value.",
            )
            found.append(_warning(header, what.fill(h=header, n=len(at), r=_numbers(at)), MEND_FORMULA))
    return found


def _warning(header: object, what: Text, do: Text) -> Issue:
    return Issue("warning", "Students", None, str(header), what, do)
