"""The verbs that face the public: was it fair, what is posted, what changed since; thin shells, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin.options import (
    DONE,
    SHORT,
    AsJson,
    Folder,
    InPlace,
    Out,
    Workbook,
    ours,
    printed,
    saved,
    saved_to,
    told,
    worked_on,
)
from addin.trouble import FileTrouble
from engine.wording import Text

if TYPE_CHECKING:
    from addin.changes import Watched
    from addin.speech import Voice

Columns = Annotated[
    list[str] | None, typer.Option("--column", metavar="COLUMN", help="再检验这一列 test this column too")
]
Resamples = Annotated[
    int | None, typer.Option(min=99, max=999_999, help="随机抽签次数，默认 9999 how many random deals")
]
Title = Annotated[str | None, typer.Option(metavar="TITLE", help="公示的标题 the heading of what is posted")]
Later = Annotated[
    Path,
    typer.Argument(metavar="LATER", help="后来的名单、工作簿或公示名单 a later roster, workbook, list"),
]
Record = Annotated[Path | None, typer.Option(metavar="R.json", help="抽签记录 the public record of the draw")]
Against = Annotated[Path | None, typer.Option(metavar="BOOK", help="当时的工作簿 the certified workbook")]
SealedList = Annotated[
    Path | None, typer.Option("--sealed-list", metavar="L.json", help="保密的封存名单 the confidential sealed list")
]
_WHICH = Text("请给 --record 或 --against，只给一个。", "Give either --record or --against.")
_NO_TABLE = Text(
    "-o 只能和 --against 一起用：变更写进当时工作簿的副本。", "-o goes with --against: a copy of that workbook gets it."
)
_UNCHANGED = Text("没有发现变更。", "Nothing has changed.")
_POST = Text("公示：{p}", "To post: {p}")
_HAND_OUT = Text("逐人发放，勿公开：{p}", "To hand out one by one, confidential: {p}")


def fairness(
    book: Workbook,
    column: Columns = None,
    resamples: Resamples = None,
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """公平性检验：分班是否与名单先后、毕业学校、教师子女、性别等无关 Is the class independent of list, school, …."""
    from addin import fairness
    from engine.fairness_report import fairness_json, how_to_read, sentence

    with worked_on(book) as (voice, source):
        found, voice.lang = fairness.fairness(source.workbook, column or (), resamples)

        def say() -> None:
            voice.say(how_to_read())
            for one in found.found:
                voice.say(sentence(found, one))

        printed(voice, fairness_json(found), as_json, say)
        if out is not None or in_place:
            fairness.show_fairness(source.workbook, found, voice.lang)
            saved_to(voice, source, (book, out, in_place), fairness.FAIRNESS, as_json=as_json)
    raise typer.Exit(SHORT if found.suspicious else DONE)


def publish(book: Workbook, folder: Folder, title: Title = None, as_json: AsJson = False) -> None:
    """公示：姓名学号遮盖后的名单（各班、全年级）、公示名单 CSV、学生条 Masked lists to post, the list as CSV, slips."""
    from addin import publishing

    with worked_on(book) as (voice, source):
        made, voice.lang = publishing.publish(source.workbook, folder, title)

        def say() -> None:
            for path in made.posted:
                voice.say(_POST.fill(p=path))
            for path in made.private:
                voice.say(_HAND_OUT.fill(p=path))

        voice.warn(made.warnings)
        printed(voice, made.facts(), as_json, say)


def changes(
    later: Later,
    record: Record = None,
    against: Against = None,
    sealed_list: SealedList = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """变更核查：后来的名单与抽签记录或当时的工作簿对照，谁增谁减谁换班谁改动 Who was added, removed, moved, altered."""
    from addin import changes, commands, files

    with told(None) as voice:
        if (record is None) == (against is None):
            raise FileTrouble(_WHICH)
        if record is not None:
            if out is not None:
                raise FileTrouble(_NO_TABLE)
            certified = changes.certified_record(record, sealed_list)
            found = changes.watched(certified, changes.later_list(later, certified))
            printed(voice, found.facts(), as_json, lambda: _say_changes(voice, found))
        elif against is not None:
            with ours(against) as source:
                voice.lang = commands.language_of(source.workbook)
                certified = changes.certified_workbook(source.workbook, against.name)
                found = changes.watched(certified, changes.later_list(later, certified))
                printed(voice, found.facts(), as_json, lambda: _say_changes(voice, found))
                if out is not None:
                    target = files.target(against, out, changes.CHANGES, in_place=False)
                    changes.show_changes(source.workbook, found, voice.lang)
                    saved(voice, source, target, in_place=False, as_json=as_json)
    raise typer.Exit(SHORT if found.any else DONE)


def _say_changes(voice: Voice, found: Watched) -> None:
    for line in found.lines():
        voice.say(line)
    if not found.any:
        voice.say(_UNCHANGED)
    voice.warn(found.notes)


VERBS: tuple[Callable[..., None], ...] = (fairness, publish, changes)
