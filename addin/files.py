"""Files for the command line: a workbook of ours or a roster opened, a target named, a result saved, a backup kept."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from addin import book, commands
from addin.hosts.losses import losses
from addin.roster_file import pupils_in
from addin.trouble import FileTrouble
from engine.adjust_tables import DECLARED
from engine.issue import Issue
from engine.roster import language_of
from engine.sizes import default_classes
from engine.tables import STUDENTS
from engine.wording import Lang, Text, listed, plain
from workbook_templates import example_roster_path, template_path

WORKBOOKS = (".xlsx", ".xlsm")
_TABLE_NAME = re.compile(rb'<table\b[^>]*\sdisplayName="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Source:
    """What a command works on: an open workbook, and for a roster put into it its language, issues and file rows.

    ``path`` is the file of a workbook of ours, None for one made from a template.
    """

    workbook: book.Book
    path: Path | None = None
    lang: Lang | None = None
    found: tuple[Issue, ...] = ()
    rows: tuple[int, ...] = ()


@contextmanager
def opened(path: Path, lang: Lang | None = None, classes: int | None = None) -> Iterator[Source]:
    """Open a workbook of ours as it is, or put a roster into an empty one. Raises `FileTrouble`."""
    if is_ours(path):
        with book.opened(path) as workbook:
            yield Source(workbook, path)
        return
    _refuse_without_students(path)
    roster = pupils_in(path)
    spoken = lang or language_of(roster.students.columns)
    with book.opened(template_path(spoken)) as workbook:
        commands.fill(workbook, roster.students, spoken, classes)
        yield Source(workbook, None, spoken, roster.issues, roster.rows)


@contextmanager
def empty(lang: Lang, classes: int | None = None) -> Iterator[Source]:
    """Open an empty workbook, its classes named if their number is given."""
    with book.opened(template_path(lang)) as workbook:
        if classes is not None:
            book.write_tables(workbook, {"Classes": default_classes(classes, lang)}, lang)
        yield Source(workbook, None, lang)


def is_ours(path: Path) -> bool:
    """Return whether a file is a workbook with our table *Students*; only its table parts are looked at."""
    return STUDENTS.name.casefold() in (name.casefold() for name in _tables_in(path))


def must_be_ours(path: Path) -> None:
    """Raise `FileTrouble` if a file is no workbook of ours."""
    if not path.is_file() or is_ours(path):
        return
    _refuse_without_students(path)
    what = Text(
        "“{p}”不是本程序的工作簿：里面没有表格 Students{t}，也就没有可用的分班。请用 evenclass place 的结果文件。",
        "“{p}” is no workbook of ours: it has no table Students{t}, so there is no placement in it. Use the result "
        "of evenclass place.",
    )
    raise FileTrouble(what.fill(p=path.name, t=_found_instead(_tables_in(path))))


def _found_instead(tables: list[str]) -> Text:
    if not tables:
        return Text("", "")
    return Text("（有的是 {t}）", " (but {t})").fill(t=listed([plain(name) for name in tables]))


def _tables_in(path: Path) -> list[str]:
    """Return the names of the tables in a workbook file; none if it is none."""
    if path.suffix.lower() not in WORKBOOKS or not zipfile.is_zipfile(path):
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/tables/")]
    except (OSError, zipfile.BadZipFile):
        return []
    return [found[1].decode("utf-8", "replace") for part in parts if (found := _TABLE_NAME.search(part)) is not None]


def _refuse_without_students(path: Path) -> None:
    """Raise `FileTrouble` if a file was a workbook of ours before its table *Students* was renamed or deleted."""
    there = _tables_in(path)
    if not {"Columns", "Classes", "Settings"} <= set(there):
        return
    other = [name for name in there if name not in DECLARED]
    what = Text(
        "“{p}”里没有表格 Students{t}：它可能被改名或删掉了。请点学生表里的任一格，在“表设计”的“表名称”里"
        "改回 Students；删掉了的，请从备份恢复，或用名单重新 evenclass new。什么都没有改动。",
        "“{p}” has no table Students{t}: it may have been renamed or deleted. Click a cell of the list of pupils "
        "and write Students in Table Design, Table Name; if it was deleted, restore the file from a copy or begin anew "
        "with evenclass new. Nothing was changed.",
    )
    raise FileTrouble(what.fill(p=path.name, t=_found_instead(other)))


def target(source: Path, out: Path | None, done: Text, *, in_place: bool) -> Path:
    """Return where the result goes: ``out``, the source itself, or a new name beside it (``名单-分班.xlsx``).

    Raises `FileTrouble` where the input would be overwritten unasked, or could not be.
    """
    if in_place:
        if out is not None:
            raise FileTrouble(Text("--in-place 和 -o 只能用一个。", "Use either --in-place or -o."))
        if source.is_file() and not is_ours(source):
            what = Text(
                "“{p}”不是本程序的工作簿，不能直接写回。请用 -o 指定结果文件。",
                "“{p}” is no workbook of ours and cannot be written into. Use -o to name a result file.",
            )
            raise FileTrouble(what.fill(p=source.name))
        return source
    if out is None:
        word = done.to("zh")
        names = (f"{source.stem}-{word}{'' if n == 1 else f' ({n})'}.xlsx" for n in range(1, 10_000))
        return next(path for path in (source.with_name(name) for name in names) if not path.exists())
    if out.suffix.lower() != ".xlsx":
        what = Text("结果文件“{p}”的名字要以 .xlsx 结尾。", "The result file “{p}” must end in .xlsx.")
        raise FileTrouble(what.fill(p=out.name))
    if out.exists() and source.exists() and out.samefile(source):
        what = Text(
            "“{p}”就是输入文件，不会被覆盖。请换个结果文件名，或用 --in-place 写回（先留备份）。",
            "“{p}” is the input itself and is not overwritten. Name another file, or use --in-place (keeps a backup).",
        )
        raise FileTrouble(what.fill(p=out.name))
    if not out.parent.is_dir():
        what = Text("没有“{p}”这个文件夹。请先建好。", "There is no folder “{p}”. Make it first.")
        raise FileTrouble(what.fill(p=out.parent))
    return out


def must_be_free(out: Path) -> None:
    """Raise `FileTrouble` if a new workbook cannot have this name."""
    target(Path(), out, Text("", ""), in_place=False)
    if out.exists():
        what = Text("“{p}”已经存在。请换个文件名。", "“{p}” exists already. Choose another name.")
        raise FileTrouble(what.fill(p=out.name))


def lost(source: Source, path: Path) -> list[Text]:
    """Return a sentence if saving to ``path`` loses something that the user's own workbook holds."""
    found = [] if source.path is None else losses(source.path, path)
    what = Text("保存后不再有：{w}。原文件里还在。", "Not in the saved file: {w}. The original keeps it.")
    return [what.fill(w=listed(found))] if found else []


def save(workbook: book.Book, path: Path, *, backup: bool = False) -> None:
    """Save the workbook, whole or not at all; with ``backup`` the old file is kept beside it first."""
    if backup:
        kept = path.with_name(f"{path.stem}.备份-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
        try:
            shutil.copy2(path, kept)
        except OSError as error:
            what = Text(
                "无法留备份“{k}”：{e}。什么都没有写。请用 -o 存到别处。",
                "No backup “{k}” could be made: {e}. Nothing was written. Save elsewhere with -o.",
            )
            raise FileTrouble(what.fill(k=kept.name, e=error.strerror)) from error
    book.saved(workbook, path)


def example_roster(folder: Path) -> Path:
    """Copy the example roster into a folder, made if need be, and return it there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "EvenClass示例-名单.xlsx"
        shutil.copyfile(example_roster_path(), path)
    except OSError as error:
        what = Text("无法写入文件夹“{p}”：{e}", "The folder “{p}” cannot be written to: {e}")
        raise FileTrouble(what.fill(p=folder, e=error.strerror)) from error
    return path
