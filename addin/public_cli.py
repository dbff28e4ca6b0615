"""The verbs that face the public: was it fair, what is posted, what changed since; thin shells, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from addin.options import DONE, SHORT, AsJson, InPlace, Out, Workbook, ours, printed, saved_to, told

Columns = Annotated[
    list[str] | None, typer.Option("--column", metavar="COLUMN", help="再检验这一列 test this column too")
]
Resamples = Annotated[
    int | None, typer.Option(min=99, max=999_999, help="随机抽签次数，默认 9999 how many random deals")
]


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


VERBS: tuple[Callable[..., None], ...] = (fairness,)
