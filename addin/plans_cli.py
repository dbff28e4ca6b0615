"""The verbs of plans and of measuring hand edits: thin shells over `addin.plans`, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from addin.options import AsJson, InPlace, Out, Workbook, code_of, printed, saved_to, worked_on
from engine.wording import Text, plain

if TYPE_CHECKING:
    from addin.plans import Compared
    from addin.speech import Voice

_EDITS = 20  # hand edits listed one by one


def plans(  # one per option
    book: Workbook,
    save: Annotated[str | None, typer.Option(metavar="NAME", help="把现在的分班存下来 keep what stands")] = None,
    restore: Annotated[str | None, typer.Option(metavar="NAME", help="恢复这个方案 put this plan back")] = None,
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """方案：存下、比较、恢复几个分班，列出手工改动 Keep several placements, compare, restore; list hand edits."""
    from addin import plans

    with worked_on(book) as (voice, source):
        where = (book, out, in_place)
        if save is not None:
            name, voice.lang = plans.save_plan(source.workbook, save)
            done = Text("已存为方案“{n}”。", "Saved as the plan “{n}”.").fill(n=name)
            saved_to(voice, source, where, plans.SAVE, as_json=as_json)
            printed(voice, {"saved": name}, as_json, lambda: voice.say(done))
        elif restore is not None:
            name, moved, voice.lang = plans.restore_plan(source.workbook, restore)
            done = Text("已恢复方案“{n}”，{k} 人换班。", "The plan “{n}” is back; {k} pupils moved.").fill(
                n=name, k=moved
            )
            saved_to(voice, source, where, plans.RESTORE, as_json=as_json)
            printed(voice, {"restored": name, "moved": moved}, as_json, lambda: voice.say(done))
        elif not plans.plan_names(source.workbook) and out is None and not in_place:
            printed(voice, {"plans": {}, "edits": {}}, as_json, lambda: voice.say(plans.NO_PLANS))
        else:
            found = plans.compare_plans(source.workbook)
            voice.lang = found.session.lang
            printed(voice, plans.compared_json(found), as_json, lambda: _say_compared(voice, found))
            if out is not None or in_place:
                plans.show_comparison(found)
                saved_to(voice, source, where, plans.COMPARE, as_json=as_json)


def measure(book: Workbook, out: Out = None, in_place: InPlace = False, as_json: AsJson = False) -> None:
    """量一量现有的分班，手工改动也算；要写进工作簿就加 -o Measure what stands, hand edits and all; -o writes it."""
    from addin import plans
    from engine.report import measured_json

    with worked_on(book) as (voice, source):
        found, edited = plans.recheck(source.workbook)
        voice.lang = found.cohort.settings.language
        voice.issues(found.issues)
        facts = {**measured_json(found.cohort, found.measured), "edited": edited}

        def say() -> None:
            voice.measured(found.measured)
            if edited:
                voice.say(plans.edits_said(edited))

        printed(voice, facts, as_json, say)
        if out is not None or in_place:
            plans.show_recheck(source.workbook, found)
            saved_to(voice, source, (book, out, in_place), plans.MEASURE, as_json=as_json)
    whole = len(found.cohort.ids) == len(found.class_of)
    raise typer.Exit(code_of(found.measured) if whole else max(1, code_of(found.measured)))


def _say_compared(voice: Voice, found: Compared) -> None:
    from engine.wording import figure

    def said(cell: object) -> str:
        return "" if cell is None else figure(cell) if isinstance(cell, float) else str(cell)

    heads = ["", *(str(name) for name in found.table.columns[1:])]
    rows = [[said(cell) for cell in row] for row in found.table.itertuples(index=False)]
    voice.table([plain(head) for head in heads], rows)
    cohort = found.session.case.cohort
    for name, edits in found.edits.items():
        head = Text("“{n}”之后换了 {k} 人", "{k} pupils moved since “{n}”").fill(n=name, k=len(edits))
        voice.say(head)
        for edit in edits[:_EDITS]:
            step = Text("  {p} {a}→{b}", "  {p} {a} → {b}")
            voice.say(
                step.fill(p=cohort.pupil(edit.pupil), a=cohort.classes[edit.before], b=cohort.classes[edit.after])
            )


VERBS: tuple[Callable[..., None], ...] = (measure, plans)
