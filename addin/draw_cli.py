"""The verbs of a draw: thin shells over `addin.draw` and `addin.verify`, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from addin.json_files import read_json, write_json
from addin.options import DONE, SHORT, AsJson, InPlace, Out, Workbook, code_of, ours, printed, saved_to, told, worked_on
from addin.trouble import FileTrouble
from engine.wording import Text

if TYPE_CHECKING:
    from addin.kept_seal import KeptSeal
    from addin.speech import Voice
    from engine.verifying import Finding

Because = Annotated[str, typer.Option(metavar="WORDS", help="写明原因，会记录在案 why; it is put on record")]
Official = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="应有多少名学生 how many pupils there are to be")
]
Title = Annotated[str | None, typer.Option(metavar="TITLE", help="凭证上的标题 what the certificate is headed")]
Open = Annotated[str | None, typer.Option("--open", metavar="WHY", help="启封，原因记录在案 open the seal, on record")]
Say = Annotated[
    list[str] | None,
    typer.Option("--say", metavar="WHO=WORDS", help="谁说了什么，按先后 who says what, in order: 家长代表=春风"),
]
RecordOut = Annotated[Path | None, typer.Option("--record", metavar="R.json", help="公开的抽签记录 the public record")]
ListOut = Annotated[
    Path | None, typer.Option("--sealed-list", metavar="L.json", help="保密的封存名单 the confidential sealed list")
]
Book = Annotated[Path | None, typer.Argument(metavar="BOOK", help="本程序的工作簿 a workbook of ours (.xlsx)")]
_NO_WHO = Text(
    '--say “{s}”看不出是谁说的。请写成 --say "家长代表=春风"。',
    '--say “{s}” does not tell who says it. Write it like --say "parents=spring wind".',
)
_SEALED = Text(
    "封存码 {s}，{n} 名学生，应有{o}。请当众宣布封存码，再请各方说话抽签。",
    "Sealed code {s}, {n} pupils, officially {o}. Announce the code, then ask for the words and draw.",
)
_OPENED = Text("已启封：{w}", "The seal is open: {w}")
_DRAWN = Text("第 {n} 次抽签：种子 {s}，结果码 {r}。", "Draw {n}: seed {s}, result code {r}.")
_CERTIFIED = Text(
    "凭证在“抽签凭证”表里，一页 A4：封存码 {s}，第 {n} 次抽签，结果码 {r}。",
    "The certificate is in the sheet Certificate, one page of A4: sealed code {s}, draw {n}, result code {r}.",
)
_WHICH = Text("请给一个工作簿，或 --record。", "Give a workbook, or --record.")


def seal(
    book: Workbook,
    official: Official = None,
    because: Because = "",
    title: Title = None,
    open_: Open = None,
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """封存名单：之后任何改动都能逐格指出；封存码当众宣布 Seal the list: any later change is named cell by cell."""
    from addin import draw

    with worked_on(book) as (voice, source):
        if open_ is None:
            kept, voice.lang = draw.seal(source.workbook, official=official, because=because, title=title)
        else:
            kept, voice.lang = draw.open_seal(source.workbook, open_)
        saved_to(voice, source, (book, out, in_place), draw.SEAL, as_json=as_json)
        printed(voice, _seal_facts(kept), as_json, lambda: _say_seal(voice, kept))


def draw(
    book: Workbook,
    say: Say = None,
    because: Because = "",
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """现场抽签：在场各方说的话定种子，分班、配教师全由它决定 Draw classes and teachers from what those present say."""
    from addin import draw

    with worked_on(book) as (voice, source):
        parts = None if say is None else [_part(words) for words in say]
        with voice.progress() as progress:
            made = draw.draw(source.workbook, parts, because=because, progress=progress)

        def tell() -> None:
            voice.placed(made.placed)
            short = made.record["result"]["short"]
            voice.say(_DRAWN.fill(n=made.drawn.number, s=made.drawn.seed, r=short))

        saved_to(voice, source, (book, out, in_place), draw.DRAW, as_json=as_json)
        printed(voice, made.record, as_json, tell)
    raise typer.Exit(code_of(made.placed.measured))


def certificate(
    book: Workbook,
    record: RecordOut = None,
    sealed_list: ListOut = None,
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """抽签凭证：一页 A4，可导出公开的记录和保密的封存名单 The certificate on one A4 page, and the files of a draw."""
    from addin import certificate, files, verify

    with worked_on(book) as (voice, source):
        kept, found = verify.record_in(source.workbook)
        files.target(book, out, certificate.CERTIFICATE, in_place=in_place)  # before the other files are written
        certificate.write_certificate(source.workbook, kept)
        for path, content in ((record, found), (sealed_list, verify.list_of(kept))):
            if path is not None:
                write_json(path, content)
        facts = {"s": kept.short, "n": found["draw"]["number"], "r": found["result"]["short"]}
        saved_to(voice, source, (book, out, in_place), certificate.CERTIFICATE, as_json=as_json)
        printed(voice, found, as_json, lambda: voice.say(_CERTIFIED.fill(**facts)))


def verify(
    book: Book = None,
    record: Annotated[Path | None, typer.Option(metavar="R.json", help="公开的抽签记录 the public record")] = None,
    sealed_list: Annotated[
        Path | None, typer.Option("--sealed-list", metavar="L.json", help="保密的封存名单 the sealed list")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """复核：全部重新计算，逐项说一致不一致；不写文件 Recompute everything and say what agrees and what does not."""
    from addin import commands, verify

    with told(None) as voice:
        if (book is None) == (record is None):
            raise FileTrouble(_WHICH)
        with voice.progress() as progress:
            if book is not None:
                with ours(book) as source:
                    voice.lang = commands.language_of(source.workbook)
                    found = verify.verify(source.workbook, progress)
            else:
                given = read_json(sealed_list) if sealed_list is not None else None
                assert record is not None, "one of them is given"
                found = verify.verify_files(read_json(record), given, progress)
        facts = {"agrees": _whole(found), "findings": [_finding_facts(one) for one in found]}
        printed(voice, facts, as_json, lambda: _say_findings(voice, found))
    raise typer.Exit(DONE if _whole(found) else SHORT)


def teachers(
    book: Workbook,
    roster: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="读入这份教师名单 put this list of teachers in")
    ] = None,
    out: Out = None,
    in_place: InPlace = False,
) -> None:
    """教师表：加一张“教师”表，可读入名单；抽签时和班级一起抽 Add the sheet Teachers, to be drawn with the classes."""
    from addin import teachers_sheet

    with worked_on(book) as (voice, source):
        count, voice.lang = teachers_sheet.add_teachers(source.workbook, roster)
        voice.say(Text("教师表：{n} 名教师。", "The sheet Teachers: {n} teachers.").fill(n=count))
        saved_to(voice, source, (book, out, in_place), teachers_sheet.TEACHERS, as_json=False)


def _part(words: str) -> tuple[str, str]:
    who, sign, said = words.replace("＝", "=", 1).partition("=")
    if not sign or not who.strip():
        raise FileTrouble(_NO_WHO.fill(s=words))
    return who, said


def _seal_facts(kept: KeptSeal) -> dict[str, Any]:
    seal = kept.seal
    return {
        "code": seal.code,
        "short": kept.short,
        "when": seal.when,
        "pupils": seal.pupils,
        "official": seal.official,
        "draws": kept.draws,
        "open": kept.open,
    }


def _say_seal(voice: Voice, kept: KeptSeal) -> None:
    official = kept.seal.official
    said = Text("未登记", "not given") if official is None else Text(" {n} 名", "{n}").fill(n=official)
    voice.say(_SEALED.fill(s=kept.short, n=kept.seal.pupils, o=said))
    if kept.open is not None:
        voice.say(_OPENED.fill(w=kept.open))


def _say_findings(voice: Voice, found: Sequence[Finding]) -> None:
    levels = {"agrees": "note", "differs": "error", "unknown": "warning"}
    from engine.verifying import VERDICTS

    for one in found:
        what = Text("{w}。{d}", "{w}. {d}").fill(w=one.what, d=one.detail) if one.detail.en else one.what
        voice.finding(VERDICTS[one.verdict], levels[one.verdict], what)
    wrong = sum(one.verdict != "agrees" for one in found)
    whole = Text("全部一致。", "Everything agrees.")
    voice.say(
        whole if not wrong else Text("有 {n} 项不一致或无法判断。", "{n} do not agree or cannot be told.").fill(n=wrong)
    )


def _whole(found: Sequence[Finding]) -> bool:
    return all(one.verdict == "agrees" for one in found)


def _finding_facts(one: Finding) -> dict[str, Any]:
    texts = {"what": one.what, "detail": one.detail}
    return {"verdict": one.verdict, **{key: {"zh": text.zh, "en": text.en} for key, text in texts.items()}}


VERBS: tuple[Callable[..., None], ...] = (teachers, seal, draw, certificate, verify)
