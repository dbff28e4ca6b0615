"""The verbs of adjusting by hand: thin shells over `addin.adjust` and `addin.plans`, like `addin.cli`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin.options import DONE, Anyone, AsJson, InPlace, Out, Workbook, code_of, printed, saved, saved_to, worked_on
from addin.trouble import FileTrouble
from engine.wording import Text, figure

if TYPE_CHECKING:
    from addin.adjust import Session
    from addin.files import Source
    from addin.speech import Voice
    from engine.effects import Effect
    from engine.measuring import Measured

Pupil = Annotated[str, typer.Argument(metavar="PUPIL", help="学号或姓名 an id or a name")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="另一名学生，或一个班 another pupil, or a class")]
Apply = Annotated[bool, typer.Option("--apply", help="采用 do it")]
Number = Annotated[int | None, typer.Option("--apply", min=1, metavar="N", help="采用第 N 个 do the N-th")]
Class = Annotated[str | None, typer.Option("--class", metavar="CLASS", help="只看这个班 only this class")]
Criterion = Annotated[str | None, typer.Option(metavar="NAME", help="只看这一项 for this criterion of Gaps")]
Pupils = Annotated[list[str] | None, typer.Option("--pupil", metavar="PUPIL", help="只看这些学生 only these pupils")]
Keep = Annotated[list[str] | None, typer.Option(metavar="PUPIL", help="不动这些学生 leave these pupils alone")]
Moves = Annotated[
    str | None, typer.Option(metavar="N|free", help="采用最多换 N 人的，free 为不限 do the one that moves up to N")
]
_NOTHING = Text("换一次或两次都不会更好。", "Nothing better by one exchange or two.")
_HEAD = Text(
    "{n}. 换 {k} 人；达到最小可能差的 {f} 项，均分最大差 {m}",
    "{n}. {k} pupils move; at the floor: {f}, largest gap of means: {m}",
)
_DONE = Text("采用第 {n} 个。", "Done: number {n}.")
_NO_SUCH = Text("没有第 {n} 个，一共 {k} 个。", "There is no number {n}; there are {k}.")
_NOT_A_NUMBER = Text("--moves 要写人数或 free。", "--moves takes a number of pupils, or free.")


def try_(
    book: Workbook,
    pupil: Pupil,
    other: Other,
    apply: Apply = False,
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """试换：两名学生互换，或一名学生换到一个班，先看每一项会怎样 What a swap or a move would change."""
    from addin import adjust, files
    from engine.effects import effect_json

    with _session(book) as (voice, source, session):
        effect = adjust.try_out(session, [pupil, other])
        printed(voice, effect_json(session.case.cohort, effect), as_json, lambda: voice.effect(session.case, effect))
        measured: Measured | None = None
        if apply:
            target = files.target(book, out, adjust.TRY, in_place=in_place)
            measured = session.apply(adjust.TRY, dict(effect.moves), by_hand=True).measured
            saved(voice, source, target, in_place=in_place, as_json=as_json)
    raise typer.Exit(DONE if measured is None else code_of(measured))


def why(book: Workbook, pupil: Pupil, out: Out = None, in_place: InPlace = False, as_json: AsJson = False) -> None:
    """解释：一名学生换到别的班，代价最小的换法和会变差的项 Why a pupil is where they are: the best way elsewhere."""
    from addin import adjust
    from engine.adjust_report import ways_json

    with _session(book) as (voice, source, session):
        who, ways = adjust.why(session, pupil)
        printed(voice, ways_json(session.case, who, ways), as_json, lambda: voice.ways(session.case, ways))
        if out is not None or in_place:
            adjust.show_reasons(session, who, ways)
            saved_to(voice, source, (book, out, in_place), adjust.WHY, as_json=as_json)


def repair(
    book: Workbook,
    class_: Class = None,
    criterion: Criterion = None,
    pupil: Pupils = None,
    keep: Keep = None,
    anyone: Anyone = False,
    apply: Number = None,
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """推荐交换：手工改动之后，把均衡换回来的最好换法 The exchanges that bring most balance back, ranked."""
    from addin import adjust

    with _session(book) as (voice, source, session):
        focus = adjust.focus_on(session, pupils=pupil or (), class_=class_, criterion=criterion)
        effects = adjust.repair(session, focus, keep or (), anyone=anyone)
        _list(voice, session, effects, session.held(focus.pupils, anyone=anyone), as_json=as_json)
        chosen = None if apply is None else _numbered(effects, apply)
        if chosen is not None:
            session.apply(adjust.REPAIR, dict(chosen.moves))
            _done(voice, effects, chosen, as_json=as_json)
        elif out is not None or in_place:
            adjust.show_suggestions(session, adjust.REPAIR, effects)
        if chosen is not None or out is not None or in_place:
            saved_to(voice, source, (book, out, in_place), adjust.REPAIR, as_json=as_json)
    raise typer.Exit(DONE if chosen is None else code_of(chosen.after))


def rebalance(
    book: Workbook,
    moves: Moves = None,
    anyone: Anyone = False,
    out: Out = None,
    in_place: InPlace = False,
    as_json: AsJson = False,
) -> None:
    """重新均衡：锁定的、手工换过的不动；列出换几人能到什么程度 Re-balance the rest, moving as few as possible."""
    from addin import adjust

    with _session(book) as (voice, source, session):
        if moves not in (None, "free") and not str(moves).isdigit():
            raise FileTrouble(_NOT_A_NUMBER)
        with voice.progress() as progress:
            most = int(moves) if moves and moves != "free" else None
            effects = adjust.rebalance(session, most, progress, anyone=anyone)
        _list(voice, session, effects, session.held(anyone=anyone), as_json=as_json)
        chosen = effects[-1] if moves is not None else None
        if chosen is not None:
            session.apply(adjust.REBALANCE, dict(chosen.moves))
            _done(voice, effects, chosen, as_json=as_json)
        elif out is not None or in_place:
            adjust.show_alternatives(session, effects)
        if chosen is not None or out is not None or in_place:
            saved_to(voice, source, (book, out, in_place), adjust.REBALANCE, as_json=as_json)
    raise typer.Exit(DONE if chosen is None else code_of(chosen.after))


def late(book: Workbook, out: Out = None, in_place: InPlace = False, as_json: AsJson = False) -> None:
    """补录：没有班级的学生在可进的班里抽签，其他人不动 Place pupils without a class by lot; nobody else moves."""
    from addin import adjust
    from engine.late import late_rows

    with worked_on(book) as (voice, source):
        arrivals, found = adjust.late(source.workbook)
        voice.lang = found.cohort.settings.language
        rows = [{key: cell for key, cell in row.items() if key != "when"} for row in late_rows(arrivals, None)]
        what = Text("{p}→{c}；可进：{a}{r}", "{p} → {c}; open: {a}{r}")

        def say() -> None:
            for one, row in zip(arrivals.placed, rows, strict=True):
                why_not = Text("；{r}", "; {r}").fill(r=row["reasons"]) if row["reasons"] else ""
                facts = {"p": found.cohort.pupil(one.pupil), "c": row["class"], "a": row["allowed"]}
                voice.say(what.fill(**facts, r=why_not))

        saved_to(voice, source, (book, out, in_place), adjust.LATE, as_json=as_json)
        printed(voice, {"late": rows}, as_json, say)
    raise typer.Exit(code_of(found.measured))


def prices(book: Workbook, out: Out = None, in_place: InPlace = False, as_json: AsJson = False) -> None:
    """规则代价：没有这条规则，各项能均衡多少；规则矛盾时先取消哪几条 What every rule costs, and which to give up."""
    from addin import adjust
    from engine.effects import pupils_said
    from engine.price_report import kept_effect, kept_said, prices_json, searches_said

    with worked_on(book) as (voice, source):
        with voice.progress() as progress:
            priced = adjust.prices(source.workbook, progress)
        voice.lang = priced.session.lang
        cohort = priced.session.case.cohort

        def say() -> None:
            for price in priced.prices:
                line = Text("{s}（{p}）：{t}", "{s} ({p}): {t}")
                voice.say(line.fill(s=price.rule.source, p=pupils_said(cohort, price.rule.pupils), t=price.text))
            voice.say(searches_said(priced.tries))
            kept = kept_said(kept_effect(priced.session.case, priced.prices))
            voice.say(Text("全部规则都遵守：{k}", "With all rules kept: {k}").fill(k=kept))
            for at, rule in enumerate(priced.given_up, start=1):
                line = Text("建议取消 {n}：{s}（{p}）", "Give up, {n}: {s} ({p})")
                voice.say(line.fill(n=at, s=rule.source, p=pupils_said(cohort, rule.pupils)))

        printed(voice, prices_json(priced.session.case, priced.prices, priced.given_up, priced.tries), as_json, say)
        if out is not None or in_place:
            adjust.show_prices(priced)
            saved_to(voice, source, (book, out, in_place), adjust.PRICES, as_json=as_json)


@contextmanager
def _session(book: Path) -> Iterator[tuple[Voice, Source, Session]]:
    """Open the placement that stands in a workbook of ours; whatever goes wrong is said."""
    from addin import adjust

    with worked_on(book) as (voice, source):
        session = adjust.opened(source.workbook)
        voice.lang = session.lang
        yield voice, source, session


def _list(voice: Voice, session: Session, effects: list[Effect], held: list[int], *, as_json: bool) -> None:
    """Show effects, numbered, best first, and who was ``held`` where a person put them."""
    from addin.by_hand import held_said
    from engine.adjust_report import facts_of
    from engine.effects import effect_json

    cohort = session.case.cohort
    listed = {
        "found": [{"number": at, **effect_json(cohort, effect)} for at, effect in enumerate(effects, start=1)],
        "held": [cohort.ids[i] for i in held],
    }

    def say() -> None:
        for at, effect in enumerate(effects, start=1):
            facts = facts_of(effect.after)
            mean = facts["largest_mean_gap"]
            shown = "–" if mean is None else figure(mean)
            voice.say(_HEAD.fill(n=at, k=len(effect.moves), f=facts["at_floor"], m=shown))
            voice.effect(session.case, effect)
        if not effects:
            voice.say(_NOTHING)
        if held:
            voice.say(held_said(cohort, held))

    printed(voice, listed, as_json, say)


def _done(voice: Voice, effects: list[Effect], chosen: Effect, *, as_json: bool) -> None:
    """Say which of the effects listed was carried out; as JSON the list is all."""
    if not as_json:
        voice.say(_DONE.fill(n=1 + next(at for at, effect in enumerate(effects) if effect is chosen)))


def _numbered(effects: list[Effect], number: int) -> Effect:
    if number > len(effects):
        raise FileTrouble(_NO_SUCH.fill(n=number, k=len(effects)))
    return effects[number - 1]


VERBS: tuple[Callable[..., None], ...] = (try_, why, repair, rebalance, late, prices)
