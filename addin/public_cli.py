"""The verbs that face the public: was it fair, what is posted, what changed since; thin shells, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from addin.options import DONE, SHORT, AsJson, Folder, InPlace, Out, Workbook, ours, printed, saved_to, told
from engine.wording import Text

Columns = Annotated[
    list[str] | None, typer.Option("--column", metavar="COLUMN", help="再检验这一列 test this column too")
]
Resamples = Annotated[
    int | None, typer.Option(min=99, max=999_999, help="随机抽签次数，默认 9999 how many random deals")
]
Title = Annotated[str | None, typer.Option(metavar="TITLE", help="公示的标题 the heading of what is posted")]
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

    with told(None) as voice, ours(book) as source:
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

    with told(None) as voice, ours(book) as source:
        made, voice.lang = publishing.publish(source.workbook, folder, title)

        def say() -> None:
            for path in made.posted:
                voice.say(_POST.fill(p=path))
            for path in made.private:
                voice.say(_HAND_OUT.fill(p=path))

        voice.warn(made.warnings)
        printed(voice, made.facts(), as_json, say)


VERBS: tuple[Callable[..., None], ...] = (fairness, publish)
