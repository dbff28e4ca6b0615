"""Publication (公示): the lists to post, the published list for the checking page, and a slip for every family.

Everything is made in a folder of our own first; only when all of it is there does it go where it was wanted.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import book
from addin.commands import now
from addin.hosts.pdf import make_pdfs
from addin.hosts.saving import write_whole
from addin.kept_seal import KeptSeal, changes_since, inputs_of, kept_in
from addin.trouble import FileTrouble
from engine.intake import Tables
from engine.wording import Lang, Text

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.notice import Notice
    from engine.record import Seal

PUBLISH = Text("公示", "publish")
NOTICE, LISTED = Text("公示-分班名单", "notice-classes"), Text("公示名单", "published-list")
PRIVATE, SLIPS = Text("学生条-逐人发放-勿公开", "slips-confidential"), Text("学生条", "slips")
_THERE = Text(
    "“{p}”已经有了，不会被覆盖。请换个文件夹，或先移走。",
    "“{p}” is there already and is not overwritten. Use another folder.",
)
_NO_FOLDER = Text("不能用文件夹“{p}”：{e}", "The folder “{p}” cannot be used: {e}")
_CHANGED = Text(
    "封存之后名单改过，所以公示里没有封存码，学生条里没有核对码。",
    "The list was changed since it was sealed: no codes are published.",
)
_UNSAVED = Text(
    "请先把工作簿存到这台电脑上：公示的文件放在它旁边。", "Save the workbook on this PC first: the files go beside it."
)
_MOVED = Text(
    "现在的分班不是抽签的结果，所以公示里没有结果码。", "The classes are not those drawn: no result code is published."
)


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: the files to post, those to hand out one by one, and what staff should know."""

    notice: Notice
    posted: tuple[Path, ...]
    private: tuple[Path, ...]
    warnings: tuple[Text, ...]

    def facts(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {
            "pupils": len(self.notice.pupils),
            "classes": len(self.notice.classes),
            "seal": self.notice.seal or None,
            "result": self.notice.result or None,
            "published": [str(path) for path in self.posted],
            "confidential": [str(path) for path in self.private],
            "warnings": [{"zh": text.zh, "en": text.en} for text in self.warnings],
        }


def publish(workbook: book.Book, folder: Path, title: str | None = None) -> tuple[Published, Lang]:
    """Write everything that is published of the placement that stands into a folder, made if need be.

    Raises `InputError` if there is no placement or a setting is wrong, `FileTrouble` if a file is there already or
    cannot be written; nothing is written then.
    """
    from engine.checking import cohort_from_tables
    from engine.notice import TITLE, codes_of, notice_of, published_list, slips_of
    from engine.placing import classes_in
    from workbook_templates.notice_sheets import write_notice, write_slips

    tables, lang = inputs_of(workbook)
    checked = cohort_from_tables(tables, in_conflict=True)
    class_of = classes_in(tables["Students"], checked, lang)
    kept = kept_in(workbook)
    seal, result, warnings = _codes(kept, tables, [checked.cohort.classes[k] for k in class_of])
    heading = title or (kept.title if kept is not None else "") or TITLE.to(lang)
    notice, more = notice_of(tables, checked, class_of, heading, (codes_of(seal), result))
    slips = slips_of(notice, seal)
    warnings += more
    names = {part: part.to(lang) for part in (NOTICE, LISTED, PRIVATE, SLIPS)}
    with tempfile.TemporaryDirectory(prefix="evenclass-") as made:
        at = Path(made)
        lists, cut = at / f"{names[NOTICE]}.xlsx", at / f"{names[SLIPS]}.xlsx"
        write_notice(lists, notice, now())
        write_slips(cut, notice, slips, now())
        posted = {f"{names[NOTICE]}.xlsx": lists.read_bytes(), f"{names[LISTED]}.csv": published_list(notice).encode()}
        private = {f"{names[SLIPS]}.xlsx": cut.read_bytes()}
        if seal is not None:
            facts = [slip.facts(notice) for slip in slips]
            private[f"{names[SLIPS]}.json"] = json.dumps(facts, ensure_ascii=False, indent=1).encode() + b"\n"
        try:
            pdfs = make_pdfs([lists, cut], at)
            posted[pdfs[0].name], private[pdfs[1].name] = (path.read_bytes() for path in pdfs)
        except FileTrouble as trouble:
            warnings.append(trouble.text)
    inner = folder / names[PRIVATE]
    return Published(notice, *_written({folder: posted, inner: private}), tuple(warnings)), lang


def folder_beside(workbook: book.Book, lang: Lang) -> Path:
    """Return a new folder beside the workbook's file. Raises `FileTrouble` if it was never saved on this PC."""
    path = Path(str(workbook.fullname))
    if not path.is_file():
        raise FileTrouble(_UNSAVED)
    stem = f"{path.stem}-{PUBLISH.to(lang)}"
    names = (stem if n == 1 else f"{stem} ({n})" for n in range(1, 10_000))
    return next(folder for folder in map(path.with_name, names) if not folder.exists())


def _codes(kept: KeptSeal | None, tables: Tables, classes: list[str]) -> tuple[Seal | None, str, list[Text]]:
    """Return the seal if it is that of the list as it stands, the result code if the classes are those drawn."""
    from engine.verifying import classes_of

    if kept is None:
        return None, "", []
    if changes_since(kept, tables):
        return None, "", [_CHANGED]
    if kept.record is None:
        return kept.seal, "", []
    if classes_of(kept.record) != classes:
        return kept.seal, "", [_MOVED]
    return kept.seal, str(kept.record["result"]["short"]), []


def _written(files: Mapping[Path, Mapping[str, bytes]]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Write the files of two folders, none of them over another."""
    paths = {folder / name: content for folder, contents in files.items() for name, content in contents.items()}
    for path in paths:
        if path.exists():
            raise FileTrouble(_THERE.fill(p=path.name))
    for folder in files:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileTrouble(_NO_FOLDER.fill(p=folder, e=error.strerror)) from error
    for path, content in paths.items():
        write_whole(path, content)
    posted, private = (tuple(folder / name for name in contents) for folder, contents in files.items())
    return posted, private
