"""Adjusting by hand: one function per button and command-line verb, like `addin.commands`, on the same workbooks.

What only looks (try, why, repair) may write its list so that a row of it can be chosen; `apply_chosen` then does it.
Every write goes through `undo.written`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from addin import book, undo
from addin.by_hand import held_said, may_move, put_by_hand
from addin.commands import StoppedError, now, read_completed, refuse_edited
from addin.trouble import FileTrouble
from addin.writable import can_be_had
from engine.adjust_tables import MORE_TABLES
from engine.intake import Tables
from engine.tables import YES_NO, choice, matching
from engine.values import as_text, is_yes
from engine.wording import Lang, Text

if TYPE_CHECKING:  # for real only where they are needed: they import numba
    from engine.adjusting import Adjusted, Case
    from engine.cohort import Rule
    from engine.effects import Effect
    from engine.explaining import Way
    from engine.late import Arrivals
    from engine.pricing import Price
    from engine.repairing import Focus

TRY = Text("试换", "try")
APPLY = Text("采用", "apply")
WHY = Text("解释", "why")
REPAIR = Text("推荐交换", "repair")
REBALANCE = Text("重新均衡", "rebalance")
LATE = Text("补录", "late")
PRICES = Text("规则代价", "prices")
LISTS = ("Suggestions", "Alternatives")
LISTED = 10  # suggestions
_NOT_LISTED = Text(
    "没有可采用的行。请先用“试换”“推荐交换”或“重新均衡”，再在“选用”列填“是”，或选中那一行。",
    "There is no row to apply. First press Try, Repair or Rebalance; then enter yes in Choose, or select the row.",
)
_WHICH = Text(
    "不知道采用哪一行。请在“选用”列给一行填“是”，或选中那一行。",
    "Which row is to be applied? Enter yes in Choose for one row, or select it.",
)
_TWO = Text("试换要两名学生，或一名学生和一个班。", "Try needs two pupils, or a pupil and a class.")
_SAME = Text("这两名学生在同一个班，换了没有变化。", "Both are in the same class: nothing would change.")
_SIZES = Text(
    "能动的学生不够，各班人数调不到要求的样子。请解锁一些学生或班级。{h}",
    "Too few pupils may move for the class sizes that are wanted. Unlock some pupils or classes. {h}",
)


@dataclass(frozen=True, slots=True)
class Session:
    """A workbook read for adjusting: complete input tables, and the placement that stands in it."""

    workbook: book.Book
    tables: Tables
    case: Case

    @property
    def lang(self) -> Lang:
        """The language of the workbook."""
        return self.case.lang

    def show(self, command: Text, made: Tables) -> None:
        """Write what a command found; the placement stays."""
        undo.written(self.workbook, command.to(self.lang), made, self.lang)

    def apply(self, command: Text, moves: dict[int, int], *, by_hand: bool = False) -> Adjusted:
        """Make moves: write the classes and all result tables, measured anew. Lists made before hold no longer.

        ``by_hand``: a person chose these pupils, and repairs are to leave them there.
        """
        from engine.adjusting import adjusted

        after = self.case.current.after(moves)
        found = adjusted(self.tables, self.case.checked, after, command.to(self.lang), now())
        put = (set(self.by_hand()) - set(moves)) | (set(moves) if by_hand else set())
        write_adjusted(self.workbook, command, self.tables, found, by_hand=put)
        return found

    def held(self, asked: Collection[int] = (), *, anyone: bool = False) -> list[int]:
        """Return whom repair and rebalance leave where a person put them since they were placed.

        Nobody if ``anyone`` or *Settings* say so; not those whose exchanges are ``asked`` for.
        """
        return [] if may_move(self.tables, anyone=anyone) else [i for i in self.by_hand() if i not in asked]

    def by_hand(self) -> list[int]:
        """Return the pupils whom a person put where they are since they were placed: typed, or tried and applied."""
        return put_by_hand(self.workbook, self.case.cohort, self.case.current.class_of)


def opened(workbook: book.Book) -> Session:
    """Return the placement that stands, ready to be adjusted. Raises `InputError` if there is none."""
    from engine.adjusting import case_of

    tables, _ = read_completed(workbook)
    return Session(workbook, tables, case_of(tables))


def try_out(session: Session, words: Sequence[str]) -> Effect:
    """Return what would change if two pupils traded classes, or a pupil went to a class."""
    from engine.adjusting import effect_in
    from engine.current import joined, swap_of

    if len(words) != 2:
        raise FileTrouble(_TWO)
    case = session.case
    k = next((k for k, c in enumerate(case.cohort.classes) if matching(c) == matching(words[1])), None)
    i = case.pupil(words[0])
    if k is None and case.checked.pupils.found(words[1]):
        moves = swap_of(case.current, i, case.pupil(words[1]))
    else:
        moves = {i: case.class_index(words[1]) if k is None else k}
    moves = joined(case.current, moves)
    if not moves:
        raise FileTrouble(_SAME)
    return effect_in(case, moves)


def show_suggestions(session: Session, command: Text, effects: Sequence[Effect]) -> None:
    """Write the table *Suggestions*, from which `apply_chosen` takes a row."""
    from engine.adjust_report import suggestions

    session.show(command, suggestions(session.case, effects, by_hand=command is TRY))


def why(session: Session, word: str) -> tuple[int, list[Way]]:
    """Return a pupil, and for every other class the exchange that does the least harm."""
    from engine.explaining import ways_out

    pupil = session.case.pupil(word)
    return pupil, ways_out(session.case.current, session.case.before, pupil)


def show_reasons(session: Session, pupil: int, ways: Sequence[Way]) -> None:
    """Write the table *Reasons*."""
    from engine.adjust_report import reasons

    session.show(WHY, {"Reasons": reasons(session.case, pupil, ways)})


def focus_on(
    session: Session, *, pupils: Iterable[str] = (), class_: str | None = None, criterion: str | None = None
) -> Focus:
    """Return what a repair is asked for, in the engine's terms. Raises `InputError` for unknown names."""
    from engine.repairing import Focus

    case = session.case
    return Focus(
        None if class_ is None else case.class_index(class_),
        None if criterion is None else case.criterion(criterion),
        tuple(case.pupil(word) for word in pupils),
    )


def repair(session: Session, focus: Focus, keep: Iterable[str] = (), *, anyone: bool = False) -> list[Effect]:
    """Return the best exchanges; whom `Session.held` names stays."""
    from engine.effects import effect_of
    from engine.repairing import repairs

    case = session.case
    kept = set(map(case.pupil, keep)) - set(focus.pupils)
    stay = sorted(kept.union(session.held(focus.pupils, anyone=anyone)))
    found = repairs(case.current.keeping(stay), case.before, LISTED, focus)
    return [effect_of(case.current, case.before, moves) for _, moves in found]


def rebalance(
    session: Session,
    most_moved: int | None,
    progress: Callable[[float], bool] | None = None,
    *,
    free: bool = True,
    anyone: bool = False,
) -> list[Effect]:
    """Return a short list of alternatives, no pupil moved first; locked pupils and classes stay, and `Session.held`.

    ``most_moved`` ends it early; ``free`` adds what the search finds with everyone else free to move. Raises
    `FileTrouble` if the sizes wanted cannot be reached without those who stay.
    """
    from engine.adjusting import effect_in
    from engine.alternatives import alternatives_of
    from engine.rebalancing import at_most, short_list

    stopped = False

    def tell(share: float) -> bool:
        nonlocal stopped
        stopped = stopped or (progress is not None and not progress(share))
        return not stopped

    held = session.held(anyone=anyone)
    case = replace(session.case, current=session.case.current.keeping(held))
    found = alternatives_of(case, most_moved, tell, free=free and most_moved is None)
    if stopped:
        raise StoppedError
    if found is None:
        raise FileTrouble(_SIZES.fill(h=held_said(session.case.cohort, held)))
    shown = short_list(found)
    if most_moved is not None and (best := at_most(found, most_moved)) not in shown:
        shown.append(best)
    return [effect_in(session.case, one.moves) for one in shown]


def show_alternatives(session: Session, effects: Sequence[Effect]) -> None:
    """Write the table *Alternatives*, from which `apply_chosen` takes a row."""
    from engine.adjust_report import alternatives

    session.show(REBALANCE, alternatives(session.case, effects))


def apply_chosen(workbook: book.Book, selected: Sequence[tuple[str, int]] = ()) -> tuple[Session, Effect]:
    """Make the exchange or alternative chosen: of the row selected, else marked in *Choose*, else the only one."""
    from engine.adjusting import effect_in, moves_of

    lists = book.read_tables(workbook, [*LISTS, "Choices"])
    choices = [] if "Choices" not in lists else lists["Choices"].to_dict("records")
    name, number = _chosen({name: lists[name] for name in LISTS if name in lists}, choices, selected)
    session = opened(workbook)
    rows = [row for row in choices if row["list"] == name and row["number"] == number]
    moves = moves_of(session.case, rows)
    effect = effect_in(session.case, moves)
    session.apply(APPLY, moves, by_hand=any(is_yes(row.get("by_hand")) for row in rows))
    return session, effect


def late(workbook: book.Book) -> tuple[Arrivals, Adjusted]:
    """Place the pupils who have no class, moving nobody; write how each class was found to *Late*."""
    from engine.adjusting import adjusted
    from engine.late import late_arrivals, late_rows
    from engine.placing import filled_rows
    from engine.tables import framed

    tables, lang = read_completed(workbook)
    arrivals = late_arrivals(tables)
    when = now()
    found = adjusted(tables, arrivals.checked, arrivals.class_of, LATE.to(lang), when)
    before = filled_rows(book.read_tables(workbook, ["Late"]).get("Late"))
    record = framed(MORE_TABLES["Late"], [*before, *late_rows(arrivals, when)])
    put = put_by_hand(workbook, found.cohort, found.measured.class_of)
    write_adjusted(workbook, LATE, tables, found, {"Late": record}, by_hand=put)
    return arrivals, found


@dataclass(frozen=True, slots=True)
class Priced:
    """The prices of all rules, each searched ``tries`` times; and which to give up where they conflict."""

    session: Session
    prices: list[Price]
    given_up: list[Rule]
    tries: int


def prices(workbook: book.Book, progress: Callable[[float], bool] | None = None) -> Priced:
    """Return what every rule costs, and the smallest set found that would have to be given up."""
    from engine.adjusting import case_with
    from engine.checking import cohort_from_tables
    from engine.placing import classes_in
    from engine.pricing import prices_of, to_give_up, tries_for

    def tell(share: float) -> None:
        if progress is not None and not progress(share):
            raise StoppedError

    tables, lang = read_completed(workbook)
    checked = cohort_from_tables(tables, in_conflict=True)
    session = Session(workbook, tables, case_with(checked, classes_in(tables["Students"], checked, lang)))
    case = session.case
    tries = tries_for(len(case.cohort.ids), len(case.cohort.rules))
    found = prices_of(case.current, case.before, case.cohort.rules, tell, tries)
    gain = {id(price.rule): price.without for price in found}
    given_up: list[Rule] = []
    if case.before.violations:
        given_up = to_give_up(case.cohort, lambda rule: gain[id(rule)])
    return Priced(session, found, given_up, tries)


def show_prices(priced: Priced) -> None:
    """Write the tables *Prices* and *Rules*."""
    from engine.price_report import prices as price_tables

    session = priced.session
    found = priced.prices, priced.given_up
    made = price_tables(session.case, session.tables["Rules"], *found, priced.tries)
    session.show(PRICES, made)


def write_adjusted(
    workbook: book.Book,
    command: Text,
    tables: Tables,
    found: Adjusted,
    more: Tables | None = None,
    *,
    by_hand: Collection[int] = (),
) -> None:
    """Write a placement made by hand, unless what it was made from was edited meanwhile; older lists are emptied."""
    from engine.adjust_report import emptied, placed

    lang = found.cohort.settings.language
    refuse_edited(workbook, {name: tables[name] for name in ("Students", "Classes", "Rules") if name in tables})
    stale = list(book.read_tables(workbook, [*LISTS, "Choices", "Reasons"]))
    made = {name: frame for name, frame in found.tables.items() if name != "Students"}
    record = placed(found.cohort, found.measured.class_of, set(by_hand))
    undo.written(
        workbook,
        command.to(lang),
        {
            **made,
            **emptied(stale, MORE_TABLES),
            **({"Placed": record} if can_be_had(workbook, "Placed") else {}),
            **(more or {}),
        },
        lang,
        list(found.tables["Students"]["placed_class"]),
    )


def _chosen(
    lists: dict[str, pd.DataFrame], choices: Sequence[dict[object, object]], selected: Sequence[tuple[str, int]]
) -> tuple[str, int]:
    """Return the list and number of the row chosen. Raises `FileTrouble` if none is, or several are."""
    known = {(row["list"], row["number"]) for row in choices if isinstance(row["number"], int)}
    rows = {
        name: [row for row in frame.to_dict("records") if isinstance(row["number"], int)]
        for name, frame in lists.items()
    }
    marked = [
        (name, int(row["number"]))
        for name, listed in rows.items()
        for row in listed
        if choice(as_text(row["choose"]), YES_NO) == "yes"
    ]
    found = [
        (name, int(frame["number"].iloc[at]))
        for name, at in selected
        if (frame := lists.get(name)) is not None and at < len(frame) and isinstance(frame["number"].iloc[at], int)
    ]
    options = list(dict.fromkeys(found or marked)) or [(str(name), int(str(number))) for name, number in known]
    options = [each for each in options if each in known]
    if not options:
        raise FileTrouble(_NOT_LISTED)
    if len(set(options)) > 1:
        raise FileTrouble(_WHICH)
    return options[0]
