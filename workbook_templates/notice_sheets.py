"""The workbooks that are posted and handed out: lists per class and in alphabetical order; slips to cut apart.

Made anew for every publication, never from the workbook of the placement: what is not in a `Notice` cannot be in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from engine.notice import HEADERS, Notice, Posted, Slip
from engine.wording import Lang, Text
from workbook_templates.looks import FADED, GREY, INK, LINE, MONOSPACED, Looks, font
from workbook_templates.paper import Paper, lay_out

ALPHABETICAL = Text("全年级（按姓名）", "All by name")
SLIPS = Text("学生条", "Slips")
ROWS = 40  # of pupils on a page
WIDE = 104  # characters across a page
SLIPS_ACROSS, SLIPS_DOWN = 2, 4
_ROW, _SLIP = 17, 192  # heights in points
_HEAD = 3  # rows above the pupils, on every page
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_NUMBER, _CLASS, _NAME, _ID = range(4)
_WIDTHS = {_NUMBER: 7, _CLASS: 9, _NAME: 13, _ID: 20}
_PUPILS = Text("{n} 人", "{n} pupils")
_TEACHER = Text("教师：{t}", "Teachers: {t}")
_SEALED = Text("封存码 {s}", "Sealed code {s}")
_RESULT = Text("结果码 {s}", "Result code {s}")
_ROW_IN_LIST = Text("名单序号：{n}", "No. on the list: {n}")
_SALT = Text("核对用（勿公开）：", "For checking (keep it to yourself):")


def write_notice(path: Path, notice: Notice, when: datetime) -> None:
    """Write the lists to post: a sheet per class, then all pupils in alphabetical order."""
    with _workbook(path, notice, when) as book:
        looks, taken = Looks(book, notice.lang), set[str]()
        for k, name in enumerate(notice.classes):
            pupils = notice.of_class(k)
            said = [_PUPILS.fill(n=len(pupils)).to(notice.lang)]
            said += [_TEACHER.fill(t=notice.teachers[k]).to(notice.lang)] if notice.teachers[k] else []
            columns = [_NAME, _ID, *range(4, 4 + len(notice.headers)), _NUMBER]
            sheet = book.add_worksheet(_sheet_name(name, taken))
            _write_list(sheet, looks, notice, (name, "   ".join(said)), pupils, columns)
        everyone = notice.alphabetical()
        title = ALPHABETICAL.to(notice.lang)
        sheet = book.add_worksheet(_sheet_name(title, taken))
        said_all = _PUPILS.fill(n=len(everyone)).to(notice.lang)
        _write_list(sheet, looks, notice, (title, said_all), everyone, [_NAME, _ID, _CLASS, _NUMBER])


def write_slips(path: Path, notice: Notice, slips: Sequence[Slip], when: datetime) -> None:
    """Write the slips, eight on a page, to be cut along the dashed lines; confidential if they hold salts."""
    with _workbook(path, notice, when) as book:
        looks = Looks(book, notice.lang)
        sheet = book.add_worksheet(SLIPS.to(notice.lang))
        lay_out(sheet, Paper(left=0.4, right=0.4, top=0.3, bottom=0.5))
        sheet.set_column(0, SLIPS_ACROSS - 1, 47, looks.cell())
        for at, slip in enumerate(slips):
            row, column = divmod(at, SLIPS_ACROSS)
            sheet.set_row(row, _SLIP)
            _write_slip(sheet, looks, notice, (row, column), slip)
        rows = -(-len(slips) // SLIPS_ACROSS)
        sheet.set_h_pagebreaks(list(range(SLIPS_DOWN, rows, SLIPS_DOWN)))
        sheet.print_area(0, 0, max(0, rows - 1), SLIPS_ACROSS - 1)


def _workbook(path: Path, notice: Notice, when: datetime) -> Any:
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "default_format_properties": font(notice.lang)})
    book.set_properties({"title": notice.title, "author": "EvenClass", "created": when})
    return book


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that Excel allows and no other sheet has."""
    stem = name.translate(_FORBIDDEN).strip("' ")[:27] or "_"
    free, times = stem, 1
    while free.casefold() in (*taken, "history"):  # Excel keeps that one for itself
        times += 1
        free = f"{stem} ({times})"
    taken.add(free.casefold())
    return free


def _write_list(
    sheet: Any, looks: Looks, notice: Notice, head: tuple[str, str], pupils: Sequence[Posted], columns: Sequence[int]
) -> None:
    """Write a list in as many blocks beside each other as fit, down a page and then to the next block."""
    widths = [_WIDTHS.get(at, 12) for at in columns]
    blocks = max(1, min(2, WIDE // (sum(widths) + 2)))
    step = len(columns) + 1  # a blank column between blocks
    last = blocks * step - 2
    for at, width in enumerate([*widths, 2] * blocks):
        sheet.set_column(at, at, width, looks.cell())
    _write_heading(sheet, looks, notice, head, last)
    headings = [*HEADERS[notice.lang], *notice.headers]
    heading = looks.cell(bold=True, align="center", bottom=1, bottom_color=INK, text_wrap=True)
    for at, column in enumerate([*columns, None] * blocks):
        if column is not None:
            sheet.write_string(_HEAD - 1, at, headings[column], heading)
    per_page = min(ROWS, max(1, -(-len(pupils) // blocks)))
    text = looks.cell(align="center", bottom=1, bottom_color=LINE, num_format="@")
    number = looks.cell(align="center", bottom=1, bottom_color=LINE, font_color=FADED)
    for at, one in enumerate(pupils):
        page, place = divmod(at, per_page * blocks)
        block, down = divmod(place, per_page)
        row = _HEAD + page * per_page + down
        sheet.set_row(row, _ROW)
        for position, cell in enumerate(_cells(notice, one, columns), start=block * step):
            if isinstance(cell, int):
                sheet.write_number(row, position, cell, number)
            else:
                sheet.write_string(row, position, cell, text)
    rows = -(-len(pupils) // (per_page * blocks)) * per_page
    sheet.set_h_pagebreaks([_HEAD + done for done in range(per_page, rows, per_page)])
    sheet.print_area(0, 0, _HEAD + max(0, rows - 1), last)
    lay_out(sheet, Paper(left=0.4, right=0.4, top=0.5, bottom=0.5))
    sheet.set_footer(f"&L&8{_codes(notice)}&R&8&P / &N")


def _write_heading(sheet: Any, looks: Looks, notice: Notice, head: tuple[str, str], last: int) -> None:
    """Write the title, and below it the class with its size and teachers; both are repeated on every page."""
    middle, strong = looks.cell(align="center"), looks.cell(font_size=13, bold=True, font_color=INK)
    sheet.set_row(0, 34)
    sheet.set_row(1, 24)
    title = looks.cell(font_size=16, bold=True, font_color=INK, align="center")
    sheet.merge_range(0, 0, 0, last, notice.title, title)
    sheet.merge_range(1, 0, 1, last, "", middle)
    sheet.write_rich_string(1, 0, strong, head[0], looks.cell(font_color=GREY), f"   {head[1]}", middle)
    sheet.repeat_rows(0, _HEAD - 1)
    sheet.freeze_panes(_HEAD, 0)
    sheet.hide_gridlines(2)


def _cells(notice: Notice, one: Posted, columns: Iterable[int]) -> list[str | int]:
    known: list[str | int] = [one.number, notice.classes[one.class_index], one.name, one.id, *one.more]
    return [known[column] for column in columns]


def _write_slip(sheet: Any, looks: Looks, notice: Notice, at: tuple[int, int], slip: Slip) -> None:
    one, lang = slip.posted, notice.lang
    small, strong = looks.cell(font_color=GREY, font_size=9), looks.cell(font_size=14, bold=True, font_color=INK)
    plain, fine = looks.cell(), looks.cell(font_name=MONOSPACED, font_size=7, font_color=GREY)
    parts: list[Any] = [small, f"{notice.title}\n", strong, f"{one.name}  {one.id}".rstrip() + "\n"]
    parts += [strong, f"{notice.classes[one.class_index]}\n"]
    if notice.teachers[one.class_index]:
        parts += [plain, _TEACHER.fill(t=notice.teachers[one.class_index]).to(lang) + "\n"]
    parts += [plain, _ROW_IN_LIST.fill(n=one.number).to(lang)]
    if codes := _codes(notice).replace("   ", "\n"):
        parts += [small, f"\n{codes}"]
    if slip.salt:
        half = len(slip.salt) // 2
        parts += [small, f"\n{_SALT.to(lang)}\n", fine, f"{slip.salt[:half]}\n{slip.salt[half:]}"]
    cut = looks.cell(border=3, border_color=GREY, text_wrap=True, valign="vcenter", align="left", indent=2)
    sheet.write_rich_string(*at, *parts, cut)


def _codes(notice: Notice) -> str:
    lang: Lang = notice.lang
    found = [(_SEALED, notice.seal), (_RESULT, notice.result)]
    return "   ".join(text.fill(s=code).to(lang) for text, code in found if code)
