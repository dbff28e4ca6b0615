"""Find the roster in a sheet: headings below title rows, pupils, and rows that are none. Pure; nothing is read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engine.issue import Issue
from engine.tables import matching
from engine.values import as_text, is_blank, parse_number, ruined_id
from engine.wording import Text

Grid = Sequence[Sequence[object]]

HEADINGS_WITHIN = 30  # rows from the top in which the headings are looked for
TOTALS = frozenset(
    "合计 总计 共计 小计 平均 平均分 平均值 均分 最高 最高分 最低 最低分 及格率 优秀率 标准差 人数".split()
    + "total sum average mean max min".split()
)
REMARKS = (
    "制表",
    "制表人",
    "填表",
    "审核",
    "注：",
    "注:",
    "备注：",
    "备注:",
    "说明：",
    "说明:",
    "note:",
    "printed",
    "打印",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A roster found in a sheet.

    ``students`` has the roster's own headers and cells, ``rows`` the sheet row (from 1) of each pupil; ``issues`` say
    what was left out.
    """

    students: pd.DataFrame
    rows: tuple[int, ...]
    issues: tuple[Issue, ...]


def find_roster(grid: Grid) -> Layout | None:
    """Return the roster in a grid of cells, or None if there are no headings with at least one row below."""
    width = max((len(row) for row in grid), default=0)
    rows = [[*row, *[None] * (width - len(row))] for row in grid]
    rows = [[None if is_blank(cell) else cell for cell in row] for row in rows]
    at = _heading_row(rows)
    if at is None:
        return None
    heading = _heading(rows, at)
    if _continues(rows, at):
        at += 1
        heading = _heading(rows, at)
    used = [c for c in range(width) if heading[c] or any(row[c] is not None for row in rows[at + 1 :])]
    headers, issues = _headers([heading[c] for c in used])
    issues = _skipped_above(rows, at) + issues
    kept, numbers = [], []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = [row[c] for c in used]
        left_out = _no_pupil(cells, headers)
        if left_out is not None:
            issues.append(_left_out(number, left_out, cells))
        elif any(cell is not None for cell in cells):
            kept.append(cells)
            numbers.append(number)
    issues += _blank_rows(rows, at, numbers)
    if not kept:
        return None
    students = pd.DataFrame(kept, columns=headers, dtype=object)
    return Layout(students, tuple(numbers), tuple(issues + _ruined(students)))


def _heading_row(rows: list[list[object]]) -> int | None:
    """Return the row that looks most like headings: many different words, no numbers, fuller rows below."""
    best: tuple[float, int] | None = None
    for at, row in enumerate(rows[:HEADINGS_WITHIN]):
        words = [as_text(cell) for cell in row if cell is not None]
        if not words or at + 1 >= len(rows):
            continue
        text = sum(parse_number(word) is None for word in words)
        below = [sum(cell is not None for cell in row) for row in rows[at + 1 : at + 6]]
        weight = text + len(set(words)) - 2 * (len(words) - text) + min(len(words), max(below, default=0))
        # Of rows alike (pupils look like headings in a sheet of words) the first is the heading.
        if best is None or weight > best[0] + 1:
            best = (weight, at)
    return None if best is None else best[1]


def _heading(rows: list[list[object]], at: int) -> list[str]:
    """Return the heading of each column; where a second heading row splits one above it, both words are joined."""
    heading = [" ".join(as_text(cell).split()) for cell in rows[at]]
    if at == 0 or sum(cell is not None for cell in rows[at - 1]) < 2:
        return heading
    above = [as_text(cell) for cell in rows[at - 1]]
    return [word or up for word, up in zip(heading, above, strict=True)]


def _continues(rows: list[list[object]], at: int) -> bool:
    """Return whether the row below the headings is their second row: words only, under blanks or a spanning word."""
    if at + 2 >= len(rows):
        return False
    upper, lower = rows[at], rows[at + 1]
    words = [as_text(cell) for cell in lower if cell is not None]
    fills = any(up is None and low is not None for up, low in zip(upper, lower, strict=True))
    return fills and lower[0] is None and upper[0] is not None and all(parse_number(word) is None for word in words)


def _headers(heading: list[str]) -> tuple[list[str], list[Issue]]:
    """Return headers that are all there and all different, and a note for each that had to be made."""
    headers: list[str] = []
    issues: list[Issue] = []
    for number, word in enumerate(heading, start=1):
        base = word or f"列{number}"
        header, times = base, 1
        while header.casefold() in {h.casefold() for h in headers}:
            times += 1
            header = f"{base}_{times}"
        if header != word:
            what = Text("第{n}列的标题{was}，改称“{new}”。", "Column {n} {was_en}; it is called “{new}”.")
            was = "为空" if not word else f"“{word}”重复"
            issues.append(
                Issue(
                    "note",
                    "Students",
                    None,
                    header,
                    what.fill(
                        n=number, was=was, was_en="has no heading" if not word else "repeats a heading", new=header
                    ),
                    Text("如不合适，请在名单里改好标题。", "Give it a heading of its own if that does not fit."),
                )
            )
        headers.append(header)
    return headers, issues


def _no_pupil(cells: list[object], headers: list[str]) -> str | None:
    """Return why a row below the headings is no pupil: "heading", "totals" or "remark"; None if it is one."""
    words = [as_text(cell) for cell in cells if cell is not None]
    if not words:
        return None
    repeated = sum(as_text(cell) == header for cell, header in zip(cells, headers, strict=True) if cell is not None)
    if repeated > len(words) / 2:
        return "heading"
    first = matching(words[0])
    blanks = sum(cell is None for cell in cells)
    texts = [word for word in words if parse_number(word) is None]
    if blanks and texts and all(matching(word) in TOTALS for word in texts[:1]) and len(texts) <= 2:
        return "totals"
    if any(first.startswith(matching(total)) for total in ("合计", "总计", "平均", "total", "average")) and blanks > 1:
        return "totals"
    if len(words) <= max(1, len(cells) // 4) and len(cells) > 1 and words[0].casefold().startswith(REMARKS):
        return "remark"
    return None


def _left_out(number: int, why: str, cells: list[object]) -> Issue:
    reason = {
        "heading": Text("重复的标题行", "a repeated heading"),
        "totals": Text("合计或平均行", "a row of totals or averages"),
        "remark": Text("说明文字", "a remark"),
    }[why]
    shown = " ".join(as_text(cell) for cell in cells if cell is not None)[:40]
    return Issue(
        "note",
        "Students",
        None,
        None,
        Text("名单第{n}行“{s}”是{r}，没有当作学生。", "Roster row {n} “{s}” is {r}: left out.").fill(
            n=number, s=shown, r=reason
        ),
        Text("如果是学生，请改正后重新导入。", "If it is a pupil, correct it and import again."),
    )


def _skipped_above(rows: list[list[object]], at: int) -> list[Issue]:
    titles = [" ".join(as_text(cell) for cell in row if cell is not None) for row in rows[:at]]
    said = [title for title in titles if title]
    if not said:
        return []
    what = Text(
        "标题在名单第{n}行；其上的“{t}”没有当作数据。", "The headings are in roster row {n}; “{t}” above is no data."
    )
    return [Issue("note", "Students", None, None, what.fill(n=at + 1, t=said[0][:40]), Text("", ""))]


def _blank_rows(rows: list[list[object]], at: int, numbers: list[int]) -> list[Issue]:
    """Return a note if blank rows stand between pupils; those behind the last are nothing to speak of."""
    last = max(numbers, default=0)
    blank = [n for n, row in enumerate(rows, start=1) if at + 1 < n < last and all(cell is None for cell in row)]
    if not blank:
        return []
    shown = "、".join(map(str, blank[:5])) + ("…" if len(blank) > 5 else "")
    what = Text("名单中有 {n} 个空行（第{s}行），已跳过。", "The roster has {n} blank rows ({s}): skipped.")
    return [Issue("note", "Students", None, None, what.fill(n=len(blank), s=shown), Text("", ""))]


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
            found.append(
                Issue("warning", "Students", None, str(header), what.fill(h=header, n=len(cells), c=cells[0]), do)
            )
    return found
