"""Read the roster a school has: a spreadsheet or a text in, a Students table out. The file is never changed.

What a file is, its content says: school systems call HTML and text .xls.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from addin.roster_markup import declared_encoding, is_markup, read_markup
from addin.roster_text import ENCODING_NAMES, cells_of, decoded, with_numbers
from addin.trouble import FileTrouble
from engine.headings import heading_of
from engine.issue import Issue
from engine.layout import Grid, Layout, find_roster, first_pupil_on_top
from engine.roster import says_pupils
from engine.values import as_text
from engine.wording import Text, listed, plain

FORMATS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".txt", ".tsv", ".htm", ".html")
_SHOWN = 8  # headings in a refusal
MOST_SHARED = 0.5  # of the smaller sheet's pupils: with more in common, two sheets are not parts of one roster

_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_CELL = rb"<c\b(?=[^>]*\br=\"([A-Z]+\d+)\")"
_NO_RESULT = re.compile(_CELL + rb"[^>]*><f\b[^>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_ERROR = re.compile(_CELL + rb"(?=[^>]*\bt=\"e\")")


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as it stands in a file.

    ``students`` has the roster's own columns in order, cells as they are; ``rows`` is the file's row (from 1) of each
    pupil; ``sheet`` the sheets used, "" for a text file; ``issues`` notes and warnings about the reading.
    """

    students: pd.DataFrame
    rows: tuple[int, ...]
    sheet: str
    issues: tuple[Issue, ...]


def read_roster(path: Path) -> Roster:
    """Return the roster in a file.

    Raises `FileTrouble` if there is no such file, it cannot be read, or holds no headings with pupils below.
    """
    if not path.is_file():
        what = Text("找不到文件“{p}”。请检查文件名和文件夹。", "No file “{p}”. Check its name and folder.")
        raise FileTrouble(what.fill(p=path))
    if path.suffix.lower() not in FORMATS:
        what = Text(
            "不认识“{p}”的格式。名单可以是 .xlsx、.xls、.ods 或 .csv。",
            "“{p}”: this kind of file is not known. A roster is an .xlsx, .xls, .ods or .csv file.",
        )
        raise FileTrouble(what.fill(p=path.name))
    data = _bytes(path)
    if not data.strip():
        raise FileTrouble(Text("“{p}”是空文件。", "“{p}” is empty.").fill(p=path.name))
    if data[:4] in (_OLE, _ZIP):
        return _from_sheets(data, path)
    return _from_text(data, path)


def pupils_in(path: Path) -> Roster:
    """Return the roster in a file, as `read_roster` does.

    Raises `FileTrouble`, saying what was found, also if nothing in it looks like pupils.
    """
    roster = read_roster(path)
    if says_pupils(roster.students):
        return roster
    headings = [plain(str(header)) for header in roster.students.columns]
    sheet = Text("工作表“{s}”", "sheet “{s}”").fill(s=roster.sheet) if roster.sheet else Text("文件", "the file")
    what = Text(
        "“{p}”不像学生名单：{s}里的标题是 {h}，下面有 {n} 行；没有一列是学生的学号、姓名、性别或成绩。什么都没有写。"
        "请选学生名单；如果就是它，请把标题改成“学号”“姓名”这样的。",
        "“{p}” does not look like a roster of pupils: in {s} the headings are {h}, with {n} rows below, and no column "
        "is a pupil's id, name, gender or mark. Nothing was written. Choose the roster; if this is it, call its "
        "columns student id, name and so on.",
    )
    raise FileTrouble(what.fill(p=path.name, s=sheet, h=listed(headings, _SHOWN), n=len(roster.rows)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = Text("无法读取“{p}”：{e}", "“{p}” cannot be read: {e}")
        raise FileTrouble(what.fill(p=path.name, e=error.strerror)) from error


def _from_text(data: bytes, path: Path) -> Roster:
    found = decoded(data)
    if found is None:
        what = Text(
            "“{p}”既不是表格，也不是能识别的文本。请在 Excel 中打开，另存为 .xlsx。",
            "“{p}” is neither a spreadsheet nor text. Open it in Excel and save it as .xlsx.",
        )
        raise FileTrouble(what.fill(p=path.name))
    text, encoding = found
    if is_markup(text):
        return _from_markup(data, text, path)
    issues = []
    if encoding != "utf-8-sig":
        name = ENCODING_NAMES.get(encoding, encoding.upper())
        issues.append(_issue("note", Text("按 {e} 编码读取。", "Read as {e}.").fill(e=name)))
    grid, in_order = cells_of(text)
    if not in_order:
        what = Text(
            "文件里的引号不成对，已按原样读取。", "The quotation marks do not pair up: they were read as they stand."
        )
        do = Text("请核对人数和内容。", "Check the number of pupils and their data.")
        issues.append(_issue("warning", what, do))
    layout = find_roster(grid)
    if layout is None:
        raise FileTrouble(_nothing(path, [grid]))
    return Roster(with_numbers(layout.students), layout.rows, "", (*issues, *layout.issues))


def _from_markup(data: bytes, text: str, path: Path) -> Roster:
    if (encoding := declared_encoding(data)) is not None:
        with suppress(LookupError, UnicodeDecodeError):  # wrong about itself: what was found by trying stays
            text = data.decode(encoding)
    roster = _from_grids(read_markup(text), [], path)
    what = Text("“{p}”其实是网页格式，已按网页中的表格读取。", "“{p}” really is a web page; its table was read.")
    note = _issue("note", what.fill(p=path.name))
    return Roster(with_numbers(roster.students), roster.rows, roster.sheet, (note, *roster.issues))


def _from_sheets(data: bytes, path: Path) -> Roster:
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum  # late: text does not need it

    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FileTrouble(_locked(path))
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        visible = {sheet.name: sheet.visible == SheetVisibleEnum.Visible for sheet in book.sheets_metadata}
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        grids = {name: _cleaned(sheet.to_python(skip_empty_area=False)) for name, sheet in sheets.items()}
        merged = {name: sheet.merged_cell_ranges or [] for name, sheet in sheets.items()}
    except PasswordError as error:
        raise FileTrouble(_locked(path)) from error
    except Exception as error:  # calamine raises many kinds; each means the same to the user
        what = Text(
            "无法读取“{p}”：文件可能已损坏、有密码，或不是真正的 Excel 文件。请在 Excel 中打开，另存为新的 .xlsx。",
            "“{p}” cannot be read: it may be damaged, have a password, or be no real Excel file. Open it in Excel and "
            "save it as a new .xlsx.",
        )
        raise FileTrouble(what.fill(p=path.name)) from error
    shown = {name: grid for name, grid in grids.items() if visible.get(name, True)}
    hidden = [name for name in grids if name not in shown and grids[name]]
    roster = _from_grids(shown or grids, hidden if shown else [], path)
    spans = [span for name in roster.sheet.split("、") for span in merged.get(name, [])]
    issues = (*roster.issues, *_merged(spans, roster.rows), *_looking_blank(data))
    return Roster(roster.students, roster.rows, roster.sheet, issues)


def _locked(path: Path) -> Text:
    what = Text(
        "“{p}”有打开密码。请在 Excel 中打开，去掉密码（文件 → 信息 → 保护工作簿），再保存。",
        "“{p}” needs a password. Open it in Excel, remove the password (File, Info, Protect Workbook) and save it.",
    )
    return what.fill(p=path.name)


def _cleaned(grid: Grid) -> Grid:
    """Return the grid with whole numbers as int, as Excel shows them."""
    return [[int(c) if isinstance(c, float) and c.is_integer() and abs(c) < 1e15 else c for c in row] for row in grid]


def _merged(spans: list[tuple[tuple[int, int], tuple[int, int]]], rows: tuple[int, ...]) -> list[Issue]:
    """Return a warning if cells of several pupils are merged: only the first of them has the value."""
    held = set(rows)
    found = [
        (top, left, bottom) for (top, left), (bottom, _) in spans if bottom > top and {top + 1, bottom + 1} <= held
    ]
    if not found:
        return []
    top, left, bottom = found[0]
    what = Text(
        "有 {n} 处合并单元格（如第{c}列第{a}至{b}行），只有第一名学生有值。",
        "{n} merged cells span several pupils (such as column {c}, rows {a} to {b}): only the first has the value.",
    )
    do = Text("请取消合并，给每名学生填上，再导入。", "Unmerge them, fill in every pupil, and import again.")
    return [_issue("warning", what.fill(n=len(found), c=left + 1, a=top + 1, b=bottom + 1), do)]


def _looking_blank(data: bytes) -> list[Issue]:
    """Return warnings about cells of an .xlsx that are read as blank but are not: formulas without result, errors."""
    if data[:4] != _ZIP:
        return []
    formulas: list[str] = []
    errors: list[str] = []
    with zipfile.ZipFile(BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                part = parts.read(name)
                formulas += [found.decode() for found in _NO_RESULT.findall(part)] if b"<f" in part else []
                errors += [found.decode() for found in _ERROR.findall(part)] if b't="e"' in part else []
    issues = []
    if formulas:
        what = Text(
            "有 {n} 格公式还没有算出结果（如 {c}），读到的是空白。",
            "{n} formulas have no result yet (such as {c}): read as blank.",
        )
        do = Text("请用 Excel 打开文件，保存后再导入。", "Open the file in Excel, save it and import again.")
        issues.append(_issue("warning", what.fill(n=len(formulas), c=formulas[0]), do))
    if errors:
        what = Text(
            "有 {n} 格显示错误（如 {c} 的 #N/A），读到的是空白。",
            "{n} cells show an error (such as #N/A in {c}): read as blank.",
        )
        do = Text("请在 Excel 里改好公式，再导入。", "Correct the formulas in Excel and import again.")
        issues.append(_issue("warning", what.fill(n=len(errors), c=errors[0]), do))
    return issues


def _from_grids(grids: Mapping[str, Grid], hidden: list[str], path: Path) -> Roster:
    """Return the roster of several sheets: the fullest one, with the sheets that go on with the same headings."""
    layouts = {name: layout for name, grid in grids.items() if (layout := find_roster(grid)) is not None}
    if not layouts:
        raise FileTrouble(_nothing(path, list(grids.values())))
    main = max(layouts, key=lambda name: (_says_who(layouts[name]), layouts[name].students.size))
    joined = _parts_of_one(layouts, main)
    issues = [_issue_of(issue, name, several=len(layouts) > 1) for name in joined for issue in layouts[name].issues]
    return Roster(
        pd.concat([layouts[name].students[list(layouts[main].students.columns)] for name in joined], ignore_index=True)
        if len(joined) > 1
        else layouts[main].students,
        tuple(row for name in joined for row in layouts[name].rows),
        "、".join(joined),
        (*_about_sheets(layouts, joined, hidden), *issues),
    )


def _says_who(layout: Layout) -> bool:
    """Return whether a sheet's headings name an id or a name: then it is a list of pupils."""
    return any((found := heading_of(str(h))) is not None and found.use in ("id", "name") for h in layout.students)


def _parts_of_one(layouts: Mapping[str, Layout], main: str) -> list[str]:
    """Return the sheets with the same headings as ``main``, in order, if they list different pupils; else only it."""
    headers = set(layouts[main].students.columns)
    alike = [name for name, layout in layouts.items() if set(layout.students.columns) == headers]
    seen: set[tuple[str, ...]] = set()
    for name in alike:
        keys = _pupils(layouts[name].students)
        if len(keys & seen) > MOST_SHARED * min(len(keys), len(seen)):
            return [main]
        seen |= keys
    return alike


def _pupils(students: pd.DataFrame) -> set[tuple[str, ...]]:
    """Return what tells pupils apart: their ids, else their names, else whole rows."""
    uses = {header: found.use for header in students.columns if (found := heading_of(str(header))) is not None}
    keys = [h for h, use in uses.items() if use == "id"] or [h for h, use in uses.items() if use == "name"]
    cells = students[keys or list(students.columns)]
    return {tuple(as_text(cell) for cell in row) for row in cells.itertuples(index=False)}


def _about_sheets(layouts: Mapping[str, Layout], joined: list[str], hidden: list[str]) -> list[Issue]:
    """Return what is to be said about the sheets: which were joined, which were not used."""
    issues = []
    if len(joined) > 1:
        what = Text("{n} 张表标题相同，已合并：{s}。", "{n} sheets have the same headings and were joined: {s}.")
        part = Text("“{s}” {p} 人", "“{s}” {p} pupils")
        parts = listed([part.fill(s=name, p=len(layouts[name].rows)) for name in joined])
        do = Text(
            "如果不该合并，请把名单单独存成一个文件。",
            "If they do not belong together, save the roster as a file of its own.",
        )
        issues.append(_issue("note", what.fill(n=len(joined), s=parts), do))
    left = [name for name in layouts if name not in joined]
    if left:
        pupils = any(_says_who(layouts[name]) for name in left)
        what = Text("用的是“{u}”；没有用：{s}。", "“{u}” was used; not used: {s}.")
        do = Text("如果用错了，请把名单单独存成一个文件。", "If that is wrong, save the roster as a file of its own.")
        names = listed([plain(f"“{name}”") for name in left])
        issues.append(_issue("warning" if pupils else "note", what.fill(u="、".join(joined), s=names), do))
    if hidden:
        what = Text("隐藏的表没有读：{s}。", "Hidden sheets were not read: {s}.")
        do = Text("如果需要，请先取消隐藏。", "Show them first if they are needed.")
        issues.append(_issue("note", what.fill(s=listed([plain(f"“{name}”") for name in hidden])), do))
    return issues


def _issue_of(issue: Issue, sheet: str, *, several: bool) -> Issue:
    if not several:
        return issue
    what = Text("“{s}”：{w}", "“{s}”: {w}").fill(s=sheet, w=issue.what)
    return Issue(issue.level, issue.table, issue.row, issue.column, what, issue.do)


def _issue(level: str, what: Text, do: Text | None = None) -> Issue:
    return Issue("warning" if level == "warning" else "note", "Students", None, None, what, do or Text("", ""))


def _nothing(path: Path, grids: list[Grid]) -> Text:
    pupil = next((found for grid in grids if (found := first_pupil_on_top(grid)) is not None), None)
    if pupil is not None:
        what = Text(
            "“{p}”没有标题行：第一行“{s}”像是一名学生。请在最上面加一行标题（如 学号、姓名、性别）。",
            "“{p}” has no headings: the first row “{s}” looks like a pupil. Put a row of headings on top (such as id, "
            "name, gender).",
        )
        return what.fill(p=path.name, s=pupil)
    what = Text(
        "“{p}”里没有找到名单：需要一行标题（如 学号、姓名、性别）和下面的学生。",
        "“{p}”: no roster found. It needs a row of headings (such as id, name, gender) with pupils below.",
    )
    return what.fill(p=path.name)
