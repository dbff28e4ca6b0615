"""The self-test's argument about a placement: a plan, a swap tried and applied, repaired, taken back, done again."""

from __future__ import annotations

from addin import adjust, book, commands, plans
from engine.wording import Text


def argued(workbook: book.Book) -> tuple[list[str], Text]:
    """Adjust a placement in every way; return what went wrong, and what was found."""
    wrong: list[str] = []

    def must(true: bool, otherwise: str) -> None:
        if not true:
            wrong.append(otherwise)

    plans.save_plan(workbook, "Z")
    planned = _classes(workbook)
    session = adjust.opened(workbook)
    cohort, movable = session.case.cohort, session.case.current.movable
    i, j = next((i, j) for i in range(1, len(planned)) for j in range(i) if planned[i] != planned[j] and movable[j])
    effect = adjust.try_out(session, [cohort.ids[i], cohort.ids[j]])
    must(_classes(workbook) == planned, "trying moved someone")
    adjust.show_suggestions(session, adjust.TRY, [effect])
    _, done = adjust.apply_chosen(workbook)
    swapped = _classes(workbook)
    must((swapped[i], swapped[j]) == (planned[j], planned[i]), "the swap was not made")
    must([gap.gap for gap in done.after.gaps] == [gap.gap for gap in effect.after.gaps], "not what was predicted")
    session = adjust.opened(workbook)
    found = adjust.repair(session, adjust.focus_on(session), [cohort.ids[i]])
    adjust.show_suggestions(session, adjust.REPAIR, found)
    _, ways = adjust.why(session, cohort.ids[i])
    must(len(ways) == len(cohort.classes) - 1, "a class is missing in Why")
    priced = adjust.prices(workbook)
    must(len(priced.prices) == len(cohort.rules), "a rule has no price")
    must(len(plans.compare_plans(workbook).edits["Z"]) == 2, "the swap is not told beside the plan")
    plans.restore_plan(workbook, "Z")
    must(_classes(workbook) == planned, "the plan did not come back")
    commands.take_back(workbook)
    must(_classes(workbook) == swapped, "undo after a plan came back")
    commands.do_again(workbook)
    must(_classes(workbook) == planned, "redo")
    what = Text("试换、采用、推荐 {n} 种交换、方案、重做都对", "try, apply, {n} suggestions, plans and redo are right")
    return wrong, what.fill(n=len(found))


def _classes(workbook: book.Book) -> list[object]:
    return list(book.read_tables(workbook, ["Students"])["Students"]["placed_class"])
