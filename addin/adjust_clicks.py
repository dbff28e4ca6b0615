"""What the buttons of the group Adjust do: who or what is meant is what the user has selected in the sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from addin import adjust, plans
from addin.by_hand import held_said
from addin.desk import Click, Said, now_and_then, paragraphs
from addin.selection import Picked, cell_of, class_picked, picked, pupils_picked
from addin.trouble import FileTrouble
from engine.wording import Text

if TYPE_CHECKING:
    from engine.effects import Effect

_WHO = Text(
    "请先在“学生”表里选中一名学生（看换到各班会怎样），或两名学生（互换），或一名学生和“班级”列里写着要去的班的一格；"
    "第二处按住 Ctrl 再点。",
    "First select one pupil in the sheet Students (to see a move to each class), or two (to swap them), or a pupil and "
    "a cell of the column Class that says where to; hold Ctrl for the second.",
)
_WHO_WHY = Text("请先在“学生”表里选中一名学生。", "First select a pupil in the sheet Students.")
_TO_APPLY = Text(
    "要采用，请在“推荐交换”表里选中那一行，再按“采用所选”。", "To do it, select the row in Suggestions, press Apply."
)
_NOTHING = Text("换一次或两次都不会更好，没有可推荐的。", "Nothing better by one exchange or two: nothing to suggest.")
_LISTED = Text(
    "有 {n} 种换法，写在“推荐交换”表里，最好的在前：\n{e}", "{n} exchanges are in Suggestions, the best first:\n{e}"
)
_ALTERNATIVES = Text(
    "换几个人能均衡到什么程度，写在“备选方案”表里。选中一行，再按“采用所选”。",
    "How even it gets for how many moves is in Alternatives. Select a row, then press Apply.",
)
_APPLIED = Text("已采用：{m}\n{e}", "Done: {m}\n{e}")
_LATE = Text("补录了 {n} 名学生，经过写在“补录”表里。", "{n} late pupils placed; how is told in Late arrivals.")
_PRICED = Text(
    "{n} 条规则的代价写在“规则代价”表里；{f} 条没有代价。{e}",
    "The prices of {n} rules are in Prices; {f} cost nothing. {e}",
)
_GIVE_UP = Text("有规则矛盾：建议取消 {n} 条，见“规则代价”。", "Rules conflict: {n} would have to go, see Prices.")
_SAVED = Text(
    "已存为方案“{n}”，在“方案”表里；列名可以改。", "Saved as the plan “{n}” in Plans; rename the column at will."
)
_COMPARED = Text(
    "{n} 个方案并排写在“方案比较”表里；之后换班的学生在“手工改动”表里。",
    "{n} plans side by side in Comparison; who moved since, in Edits.",
)
_RESTORED = Text("已恢复方案“{n}”，{k} 人换班。", "The plan “{n}” is back; {k} pupils moved.")
_COMPUTING = Text("正在计算……", "Computing …")
_FEW = 12  # moves named one by one in a message


def _selected(click: Click) -> list[Picked]:
    return picked(click.workbook, click.desk.areas())


def _try(click: Click) -> Said:
    session = adjust.opened(click.workbook)
    class_, rows = class_picked(session, _selected(click))
    pupils = pupils_picked(session, rows)
    cohort = session.case.cohort
    if len(pupils) == 1 and class_ is not None:
        effects = [adjust.try_out(session, [cohort.ids[pupils[0]], class_])]
    elif len(pupils) == 2 and class_ is None:
        effects = [adjust.try_out(session, [cohort.ids[i] for i in pupils])]
    elif len(pupils) == 1 and class_ is None:
        here = cohort.classes[int(session.case.current.class_of[pupils[0]])]
        effects = [adjust.try_out(session, [cohort.ids[pupils[0]], c]) for c in cohort.classes if c != here]
    else:
        raise FileTrouble(_WHO)
    with click.desk.one_step(click.label):
        adjust.show_suggestions(session, adjust.TRY, effects)
    if len(effects) > 1:
        click.desk.show_table("Suggestions")
    words = [_effect(session, effect) for effect in effects[:4]]
    return paragraphs(session.lang, *words, _TO_APPLY), "info"


def _why(click: Click) -> Said:
    from engine.adjust_report import FREE
    from engine.effects import pupils_said

    session = adjust.opened(click.workbook)
    pupils = pupils_picked(session, _selected(click))
    if len(pupils) != 1:
        raise FileTrouble(_WHO_WHY)
    pupil, ways = adjust.why(session, session.case.cohort.ids[pupils[0]])
    with click.desk.one_step(click.label):
        adjust.show_reasons(session, pupil, ways)
    click.desk.show_table("Reasons")
    free = [way for way in ways if way.effect is not None and way.effect.free]
    what = Text("{p}：{n} 个班里有 {f} 个{w}。见“解释”表。", "{p}: {f} of {n} classes: {w}. See the sheet Why.")
    facts = {"p": pupils_said(session.case.cohort, [pupil]), "n": len(ways), "f": len(free), "w": FREE}
    return what.fill(**facts).to(session.lang), "info"


def _repair(click: Click) -> Said:
    workbook, rows = click.workbook, _selected(click)
    session = adjust.opened(workbook)
    ids = [session.case.cohort.ids[i] for i in pupils_picked(session, rows)]
    class_ = cell_of(workbook, rows, "Classes", "class") or cell_of(workbook, rows, "Balance", "class")
    criterion = cell_of(workbook, rows, "Gaps", "criterion")
    moved = set(session.by_hand())
    chosen = [pupil for pupil in ids if session.case.pupil(pupil) not in moved]  # whoever was just moved is to stay
    pupils = chosen if rows and rows[0].table in ("Students", "ClassLists") and len(chosen) > 1 else []
    focus = adjust.focus_on(session, pupils=pupils, class_=class_, criterion=criterion)
    effects = adjust.repair(session, focus)
    stayed = held_said(session.case.cohort, session.held(focus.pupils))
    if not effects:
        return paragraphs(session.lang, _NOTHING, stayed), "info"
    with click.desk.one_step(click.label):
        adjust.show_suggestions(session, adjust.REPAIR, effects)
    click.desk.show_table("Suggestions")
    words = _LISTED.fill(n=len(effects), e=_effect(session, effects[0]))
    return paragraphs(session.lang, words, stayed, _TO_APPLY), "info"


def _rebalance(click: Click) -> Said:
    session = adjust.opened(click.workbook)
    with click.desk.one_step(click.label), click.desk.status(_COMPUTING.to(click.lang)) as tell:
        effects = adjust.rebalance(session, None, now_and_then(tell))
        adjust.show_alternatives(session, effects)
    click.desk.show_table("Alternatives")
    return paragraphs(session.lang, _ALTERNATIVES, held_said(session.case.cohort, session.held())), "info"


def _apply(click: Click) -> Said:
    rows = [(one.table, one.row) for one in _selected(click)]
    with click.desk.one_step(click.label):
        session, effect = adjust.apply_chosen(click.workbook, rows)
    click.desk.show_table("Gaps")
    done = _APPLIED.fill(m=_moves(session, effect), e=_changes(effect))
    return done.to(session.lang), "warning" if effect.after.violations else "info"


def _late(click: Click) -> Said:
    with click.desk.one_step(click.label):
        arrivals, found = adjust.late(click.workbook)
    click.desk.show_table("Late")
    return _LATE.fill(n=len(arrivals.placed)).to(found.cohort.settings.language), "info"


def _prices(click: Click) -> Said:
    from engine.price_report import searches_said

    workbook = click.workbook
    with click.desk.one_step(click.label), click.desk.status(_COMPUTING.to(click.lang)) as tell:
        priced = adjust.prices(workbook, now_and_then(tell))
        adjust.show_prices(priced)
    click.desk.show_table("Prices")
    free = sum(price.free for price in priced.prices)
    said = _PRICED.fill(n=len(priced.prices), f=free, e=searches_said(priced.tries)).to(priced.session.lang)
    if not priced.given_up:
        return said, "info"
    return f"{said}\n{_GIVE_UP.fill(n=len(priced.given_up)).to(priced.session.lang)}", "warning"


def _save_plan(click: Click) -> Said:
    with click.desk.one_step(click.label):
        name, lang = plans.save_plan(click.workbook)
    return _SAVED.fill(n=name).to(lang), "info"


def _compare_plans(click: Click) -> Said:
    found = plans.compare_plans(click.workbook)
    with click.desk.one_step(click.label):
        plans.show_comparison(found)
    click.desk.show_table("Comparison")
    return _COMPARED.fill(n=len(found.edits)).to(found.session.lang), "info"


def _restore_plan(click: Click) -> Said:
    rows = _selected(click)
    name = next((one.header for one in rows if one.table in ("Plans", "Comparison")), None)
    with click.desk.one_step(click.label):
        name, moved, lang = plans.restore_plan(click.workbook, name)
    return _RESTORED.fill(n=name, k=moved).to(lang), "info"


def _effect(session: adjust.Session, effect: Effect) -> Text:
    return Text("{m}\n{e}", "{m}\n{e}").fill(m=_moves(session, effect), e=_changes(effect))


def _changes(effect: Effect) -> Text:
    from engine.effects import effect_said

    return effect_said(effect)


def _moves(session: adjust.Session, effect: Effect) -> Text:
    from engine.effects import moves_said

    if len(effect.moves) > _FEW:
        return Text("{n} 人换班", "{n} pupils moved").fill(n=len(effect.moves))
    return moves_said(session.case.cohort, effect.before, effect.moves)


WORKS: dict[str, Callable[[Click], Said]] = {
    "try": _try,
    "repair": _repair,
    "why": _why,
    "rebalance": _rebalance,
    "apply": _apply,
    "late": _late,
    "prices": _prices,
    "save_plan": _save_plan,
    "compare_plans": _compare_plans,
    "restore_plan": _restore_plan,
}
