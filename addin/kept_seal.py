"""The seal of a workbook, kept inside it: the sealed list with its secret, the last draw, and all that ever happened.

In pieces on a sheet that nobody sees, like the record for Undo, but never taken back. What is written there is told on
the sheets *Seal* and *Draws*. Nothing here keeps whoever holds the file from doctoring it: `docs/draw.md` says what
shows that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from addin import book
from addin.trouble import FileTrouble
from addin.undo_steps import joined, packed, pieces_of, unpacked
from addin.writable import found_table
from engine.adjust_tables import DECLARED
from engine.canonical import short_code
from engine.draw_tables import DRAWS, PARTS, SEAL, SEALED, TEACHERS
from engine.intake import Tables, completed
from engine.setting import language_in
from engine.tables import TABLES, framed, matching
from engine.values import as_text, is_blank
from engine.wording import Lang, Text

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.record import Seal
    from engine.seal_changes import Change

SEALED_NOW = Text("封存", "sealed")
BROKEN = Text("启封", "seal broken")
DRAWN = Text("第{n}次抽签", "draw {n}")
BECAUSE = Text("再次封存、再抽或启封的原因", "Why sealed or drawn again, or opened")
_LARGE = 18  # points
_NOT_SEALED = Text("名单还没有封存。请先用“封存名单”。", "The list is not sealed yet. First seal it.")
_DAMAGED = Text(
    "隐藏的“封存副本”表已损坏，封存的名单和抽签记录读不出来。请从备份中恢复这个工作簿；什么都没有改动。",
    "The hidden sheet Sealed copy is damaged: the sealed list and its draws cannot be read. Restore this workbook from "
    "a copy; nothing was changed.",
)
_IS_SEALED = Text(
    "名单已封存（{s}），现在这样做就不是抽签了。请用“现场抽签”；只想试算，请用封存前的副本；要改名单，请先启封："
    'evenclass seal --open "原因"，会记录在案。',
    "The list is sealed ({s}): this would be no draw. Use Draw. To try things out take a copy from before sealing; to "
    'change the list first open the seal: evenclass seal --open "why"; that is put on record.',
)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptSeal:
    """What a workbook keeps: the seal, its draws so far, and the log of everything since the first seal.

    ``open``: why the seal was broken, None while it holds. ``record`` is that of the last draw of this seal,
    ``earlier`` what later records say of all draws so far, ``log`` the rows of *Draws*, texts in both languages.
    """

    seal: Seal
    title: str = ""
    open: str | None = None
    record: Json | None = None
    earlier: tuple[Json, ...] = ()
    log: tuple[Json, ...] = field(default=())

    @property
    def short(self) -> str:
        """The short code."""
        return short_code(self.seal.code)

    @property
    def draws(self) -> int:
        """How often this seal was drawn from."""
        return sum(one["seal"] == self.seal.code for one in self.earlier)


def kept_in(workbook: book.Book) -> KeptSeal | None:
    """Return the seal that a workbook keeps, broken or not, None if it was never sealed. Raises `FileTrouble`."""
    from engine.record import Seal, sealed_from

    if found_table(workbook, SEALED.name) is None:
        return None
    text = joined(book.read_tables(workbook, [SEALED.name])[SEALED.name]["piece"])
    if not text:
        return None
    found = unpacked(text, _DAMAGED)
    sealed, secret = sealed_from(found["list"])
    seal = Seal(sealed, secret, found["when"], found["official"])
    return KeptSeal(seal, found["title"], found["open"], found["record"], tuple(found["earlier"]), tuple(found["log"]))


def must_be_kept(workbook: book.Book) -> KeptSeal:
    """Return the seal, broken or not. Raises `FileTrouble` if there never was one."""
    kept = kept_in(workbook)
    if kept is None:
        raise FileTrouble(_NOT_SEALED)
    return kept


def must_be_sealed(workbook: book.Book) -> KeptSeal:
    """Return the seal that holds. Raises `FileTrouble` if there is none."""
    kept = must_be_kept(workbook)
    if kept.open is not None:
        raise FileTrouble(_NOT_SEALED)
    return kept


def refuse_sealed(workbook: book.Book) -> None:
    """Raise `FileTrouble` if a seal holds: whoever sealed the list expects a draw, and nothing that looks like one."""
    kept = kept_in(workbook)
    if kept is not None and kept.open is None:
        raise FileTrouble(_IS_SEALED.fill(s=kept.short))


def inputs_of(workbook: book.Book) -> tuple[Tables, Lang]:
    """Return the complete input tables of a workbook, *Teachers* among them if there are any, and its language."""
    tables = book.read_tables(workbook, [*TABLES, TEACHERS.name])
    lang = language_in(tables)
    return completed(tables, lang), lang


def changes_since(kept: KeptSeal, tables: Tables) -> tuple[Change, ...]:
    """Return what was changed in the inputs since they were sealed."""
    from engine.seal_changes import changes_between
    from engine.sealing import sealed_tables

    return changes_between(kept.seal.sealed, sealed_tables(tables))


def logs_of(kept: KeptSeal, lang: Lang) -> Tables:
    """Return the tables that keep and tell a seal; `addin.undo` writes them for good."""
    from engine.record import sealed_list

    content = {
        "list": sealed_list(kept.seal),
        "when": kept.seal.when,
        "official": kept.seal.official,
        "title": kept.title,
        "open": kept.open,
        "record": kept.record,
        "earlier": list(kept.earlier),
        "log": list(kept.log),
    }
    pieces = [{"number": at, "piece": piece} for at, piece in enumerate(pieces_of(packed(content)), start=1)]
    rows = [
        {
            **row,
            "when": str(row["when"]).replace("T", " "),
            "what": Text(**row["what"]).to(lang),
            "parts": "\n".join(f"{who}：{said}" for who, said in row.get("parts", ())) or None,
        }
        for row in kept.log
    ]
    return {SEALED.name: framed(SEALED, pieces), DRAWS.name: framed(DRAWS, rows), SEAL.name: _seal_table(kept, lang)}


def noted(what: Text, when: str, kept: KeptSeal, because: str = "", record: Json | None = None) -> Json:
    """Return a row of the log."""
    said = Text("{w}：{b}", "{w}: {b}").fill(w=what, b=because) if because else what
    row: Json = {"when": when, "what": {"zh": said.zh, "en": said.en}, "seal": kept.short}
    if record is not None:
        draw = record["draw"]
        row |= {"number": draw["number"], "parts": draw["parts"], "seed": draw["seed"]}
        row["result"] = record["result"]["short"]
    return row


def reason_in(workbook: book.Book) -> str:
    """Return the reason that staff have written into the sheet *Seal*, "" if none."""
    frame = book.read_tables(workbook, [SEAL.name]).get(SEAL.name)
    if frame is None:
        return ""
    wanted = {matching(BECAUSE.zh), matching(BECAUSE.en)}
    pairs = zip(frame["item"], frame["value"], strict=True)
    return next((as_text(value) for item, value in pairs if matching(item) in wanted), "")


def parts_in(workbook: book.Book) -> list[tuple[str, str]]:
    """Return what staff have written down of what those present say, in the sheet *Draw*."""
    frame = book.read_tables(workbook, [PARTS.name]).get(PARTS.name)
    rows = [] if frame is None else zip(frame["who"], frame["said"], strict=True)
    return [(as_text(who), as_text(said)) for who, said in rows if not (is_blank(who) and is_blank(said))]


def parts_table(parts: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Return the table *SeedParts*, with a few rows to fill in if nothing was said yet."""
    rows = [{"who": who or None, "said": said or None} for who, said in parts]
    return framed(PARTS, [*rows, *[{}] * (4 - len(rows))])


def show_large(workbook: book.Book) -> None:
    """Show the sealed code in the sheet *Seal* so large that it can be read aloud."""
    cell = found_table(workbook, SEAL.name).data_body_range[0, 1]
    cell.font.size, cell.font.bold, cell.row_height = _LARGE, True, 1.6 * _LARGE


def blank_row(cells: Iterable[object]) -> bool:
    """Return whether a row holds nothing."""
    return all(is_blank(cell) for cell in cells)


def filled_teachers(teachers: pd.DataFrame) -> list[int]:
    """Return the positions of the rows of *Teachers* that hold a teacher, whatever class is written beside."""
    own = teachers.drop(columns=["drawn_class"])
    return [at for at, row in enumerate(own.itertuples(index=False)) if not blank_row(row)]


def with_classes_drawn(teachers: pd.DataFrame, drawn: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return *Teachers* with the class drawn for each; ``drawn`` are ``[name, class]`` in order."""
    cells: list[object] = [None] * len(teachers)
    for at, (_, label) in zip(filled_teachers(teachers), drawn, strict=True):
        cells[at] = label
    return teachers.assign(drawn_class=pd.Series(cells, index=teachers.index, dtype=object))


def _seal_table(kept: KeptSeal, lang: Lang) -> pd.DataFrame:
    seal, official = kept.seal, kept.seal.official
    rows: list[tuple[Text, object]] = [
        (Text("封存码", "Sealed code"), kept.short),
        (Text("封存码全文", "Sealed code in full"), seal.code),
        (Text("封存时间", "Sealed at"), seal.when.replace("T", " ")),
        (Text("状态", "State"), (_HOLDS if kept.open is None else _OPENED.fill(w=kept.open)).to(lang)),
        (Text("学生人数", "Pupils"), seal.pupils),
        (Text("应有人数", "Official count"), _NOT_SAID.to(lang) if official is None else official),
        *((_ROWS.fill(s=_sheet(table.name)), len(table.rows)) for table in seal.sealed[1:]),
        (Text("已抽签次数", "Draws so far"), kept.draws),
        (BECAUSE, None),
    ]
    return framed(SEAL, [{"item": item.to(lang), "value": value} for item, value in rows])


def _sheet(name: str) -> Text:
    return DECLARED[name].sheet


_ROWS = Text("{s}表行数", "Rows of {s}")
_HOLDS = Text("封存中", "sealed")
_OPENED = Text("已启封：{w}", "opened: {w}")
_NOT_SAID = Text("未登记", "not given")
