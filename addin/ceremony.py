"""The pages of a draw: the checking page for everyone, the same page with a record for the projector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from addin import book
from addin.draw_page.build import GENERATOR, build_page
from addin.json_files import read_json
from addin.kept_seal import kept_in, must_be_sealed
from addin.roster_text import decoded
from addin.trouble import FileTrouble
from engine.wording import Lang, Text

CEREMONY = Text("大屏", "ceremony")
ENDINGS = (".html", ".htm")
_NOT_HTML = Text(
    "网页文件“{p}”的名字要以 .html 结尾。",
    "The page “{p}” must end in .html.",
)
_TAKEN = Text(
    "“{p}”已经存在，而且不是本程序做的网页。请换个文件名。",
    "“{p}” exists already and is no page of ours. Choose another name.",
)
_NO_RECORD = Text(
    "“{p}”不是抽签记录（format 是“{f}”）。请用 evenclass certificate --record 导出的文件。",
    "“{p}” is no record of a draw (its format is “{f}”). Use the file of evenclass certificate --record.",
)
_NO_LIST = Text("读不了公示名单“{p}”：{e}", "The published list “{p}” cannot be read: {e}")
_NO_TEXT = Text("不是文字", "it is no text")
_UNSAVED = Text("请先保存工作簿，再做大屏页。", "Save the workbook first, then make the page.")


def write_page(out: Path) -> None:
    """Write the checking page. Raises `FileTrouble` if it cannot have this name or be written."""
    _must_be_ours(out)
    build_page(out)


def write_ceremony(out: Path, record: dict[str, Any] | None, published: Path | None = None) -> None:
    """Write the page that opens as a ceremony, a record and a published list inside. Raises `FileTrouble`."""
    _must_be_ours(out)
    given = {} if record is None else {"record": json.dumps(record, ensure_ascii=False)}
    if published is not None:
        given["list"] = _text_of(published)
    build_page(out, "ceremony", given)


def record_kept(workbook: book.Book, *, again: bool = False) -> dict[str, Any]:
    """Return the record of the last draw; before the draw, or for one more, what is sealed. Raises `FileTrouble`."""
    from engine.record import record_before

    kept = kept_in(workbook)
    if kept is not None and kept.record is not None and not again:
        return kept.record
    kept = must_be_sealed(workbook)
    return record_before(kept.seal, kept.earlier, kept.title)


def record_file(path: Path) -> dict[str, Any]:
    """Return the record in a file. Raises `FileTrouble` if there is none."""
    from engine.record import RECORD

    found = read_json(path)
    if found.get("format") != RECORD:
        raise FileTrouble(_NO_RECORD.fill(p=path.name, f=found.get("format")))
    return found


def beside(workbook: book.Book, lang: Lang) -> Path:
    """Return where the page of a workbook goes: beside its file. Raises `FileTrouble` if it was never saved here."""
    path = Path(str(workbook.fullname))
    if not path.is_file():
        raise FileTrouble(_UNSAVED)
    return path.with_name(f"{path.stem}-{CEREMONY.to(lang)}.html")


def _text_of(path: Path) -> str:
    try:
        found = decoded(path.read_bytes())
    except OSError as why:
        raise FileTrouble(_NO_LIST.fill(p=path.name, e=why.strerror)) from why
    if found is None:
        raise FileTrouble(_NO_LIST.fill(p=path.name, e=_NO_TEXT))
    return found[0]


def _must_be_ours(out: Path) -> None:
    if out.suffix.lower() not in ENDINGS:
        raise FileTrouble(_NOT_HTML.fill(p=out.name))
    if out.exists() and (not out.is_file() or GENERATOR.encode() not in out.read_bytes()[:2000]):
        raise FileTrouble(_TAKEN.fill(p=out.name))
