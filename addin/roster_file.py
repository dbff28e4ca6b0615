"""Read the roster a school has: .xlsx, .xls, .ods or .csv in, a Students table out. The file is never changed."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from addin.trouble import FileTrouble
from engine.issue import Issue
from engine.layout import Grid, Layout, find_roster
from engine.wording import Text

TEXT_FORMATS = (".csv", ".txt", ".tsv")
SHEET_FORMATS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as it stands in a file.

    ``students`` has the roster's own columns in order, cells as they are; ``rows`` is the file's row (from 1) of each
    pupil; ``sheet`` the sheet used, "" for a text file; ``issues`` notes and warnings about the reading.
    """

    students: pd.DataFrame
    rows: tuple[int, ...]
    sheet: str
    issues: tuple[Issue, ...]


def read_roster(path: Path) -> Roster:
    """Return the roster in a file.

    Raises `FileTrouble` if there is no such file, it cannot be read, or holds no headings with rows below.
    """
    if not path.is_file():
        what = Text("找不到文件“{p}”。请检查文件名和文件夹。", "No file “{p}”. Check its name and folder.")
        raise FileTrouble(what.fill(p=path))
    suffix = path.suffix.lower()
    if suffix in TEXT_FORMATS:
        return _from_text(path)
    if suffix in SHEET_FORMATS:
        return _from_sheets(path)
    what = Text(
        "不认识“{p}”的格式。名单可以是 .xlsx、.xls、.ods 或 .csv。",
        "“{p}”: this kind of file is not known. A roster is an .xlsx, .xls, .ods or .csv file.",
    )
    raise FileTrouble(what.fill(p=path.name))


def _from_text(path: Path) -> Roster:
    text, encoding = _decoded(path)
    layout = _found(list(csv.reader(text.splitlines(keepends=True), delimiter=_separator(text))), path)
    note = Text("按 {e} 编码读取。", "Read as {e}.").fill(e="UTF-8" if encoding == "utf-8-sig" else encoding.upper())
    issues = [] if encoding == "utf-8-sig" else [Issue("note", "Students", None, None, note, Text("", ""))]
    students = layout.students.apply(_numbers_where_exact)
    return Roster(students.astype(object), layout.rows, "", (*issues, *layout.issues))


def _decoded(path: Path) -> tuple[str, str]:
    """Return the text of a file and its encoding: UTF-8 with or without BOM, UTF-16 with BOM, else GB18030."""
    data = _bytes(path)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16"), "utf-16"
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    what = Text(
        "“{p}”既不是 UTF-8 也不是 GB18030 编码的文本。请在 Excel 中打开，另存为 .xlsx。",
        "“{p}” is neither UTF-8 nor GB18030 text. Open it in Excel and save it as .xlsx.",
    )
    raise FileTrouble(what.fill(p=path.name))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = Text("无法读取“{p}”：{e}", "“{p}” cannot be read: {e}")
        raise FileTrouble(what.fill(p=path.name, e=error.strerror)) from error


def _separator(text: str) -> str:
    """Return the separator: of comma, semicolon and tab the one that most evenly fills the first lines."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def columns(separator: str) -> tuple[int, int]:
        counts = Counter(line.count(separator) for line in lines)
        most, times = max(((c, t) for c, t in counts.items() if c), key=lambda item: item[1], default=(0, 0))
        return times, most

    return max(",;\t", key=columns)


def _numbers_where_exact(column: pd.Series) -> pd.Series:
    """Return a text column as numbers if every cell comes back the same when written, else as it is.

    So 00123, 1.50 and 18-digit ids stay text, as Excel would not have left them.
    """
    numbers = []
    for cell in column:
        number = None if cell is None else _exact(cell)
        if cell is not None and number is None:
            return column
        numbers.append(number)
    return pd.Series(numbers, index=column.index, dtype=object)


def _exact(text: str) -> int | float | None:
    digits = text.removeprefix("-")
    if not digits.isascii():
        return None
    if digits.isdigit() and len(digits) <= 15 and str(int(digits)) == digits:
        return int(text)
    whole = digits.removesuffix(".0")
    if whole.isdigit() and len(whole) <= 15 and str(int(whole)) == whole:
        return int(text.removesuffix(".0"))
    try:
        number = float(text)
    except ValueError:
        return None
    return number if repr(number) == text else None


def _from_sheets(path: Path) -> Roster:
    from python_calamine import CalamineWorkbook  # late: text rosters and workbooks of ours do not need it

    try:
        book = CalamineWorkbook.from_path(str(path))
        grids = {
            name: _cleaned(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        }
    except Exception as error:  # calamine raises many kinds; each means the same to the user
        what = Text(
            "无法读取“{p}”：文件可能已损坏、有密码，或不是真正的 Excel 文件。请在 Excel 中打开，另存为新的 .xlsx。",
            "“{p}” cannot be read: it may be damaged, have a password, or be no real Excel file. Open it in Excel and "
            "save it as a new .xlsx.",
        )
        raise FileTrouble(what.fill(p=path.name)) from error
    layouts = {name: layout for name, grid in grids.items() if (layout := find_roster(grid)) is not None}
    if not layouts:
        raise FileTrouble(_nothing(path))
    sheet = max(layouts, key=lambda name: layouts[name].students.size)
    layout, issues = layouts[sheet], []
    if len(layouts) > 1:
        what = Text("文件里有几张表，用的是“{s}”。", "The file has several sheets; “{s}” was used.").fill(s=sheet)
        do = Text(
            "如果不对，请把名单单独存成一个文件。", "If that is the wrong one, save the roster as a file of its own."
        )
        issues.append(Issue("note", "Students", None, None, what, do))
    return Roster(layout.students, layout.rows, sheet, (*issues, *layout.issues))


def _cleaned(grid: Grid) -> Grid:
    """Return the grid with whole numbers as int, as Excel shows them."""
    return [[int(c) if isinstance(c, float) and c.is_integer() and abs(c) < 1e15 else c for c in row] for row in grid]


def _found(grid: Grid, path: Path) -> Layout:
    layout = find_roster(grid)
    if layout is None:
        raise FileTrouble(_nothing(path))
    return layout


def _nothing(path: Path) -> Text:
    what = Text(
        "“{p}”里没有找到名单：需要一行标题（如 学号、姓名、性别）和下面的学生。",
        "“{p}”: no roster found. It needs a row of headings (such as id, name, gender) with pupils below.",
    )
    return what.fill(p=path.name)
