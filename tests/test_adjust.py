"""Adjusting by hand in a workbook: try, why, repair, rebalance, apply, late, prices; on every host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from addin import adjust, commands, undo
from addin.book import read_tables, write_column, write_tables
from addin.by_hand import held_said
from addin.trouble import FileTrouble
from addin.writable import found_table
from engine.issue import InputError
from engine.tables import RULES_TABLE, framed
from tests.rosters import roster
from tests.test_book import Host, host
from tests.test_undo import cells
from workbook_templates import template_path

__all__ = ["host"]  # pytest finds fixtures by name
on_a_file = pytest.mark.parametrize("host", ["file"], indirect=True)  # where the host makes no difference


@pytest.fixture
def book(host: Host) -> Iterator[Any]:
    with host(template_path("zh")) as book:
        commands.fill(book, roster(24), "zh", 3)
        commands.place(book, chosen={"effort": "quick"})
        yield book


def classes(book: Any) -> list[Any]:
    return list(read_tables(book)["Students"]["placed_class"])


def edit(book: Any, **by_id: str | None) -> None:
    """Type classes into *Students*: pupils by number of their row, as i7='2班'."""
    now = classes(book)
    for word, label in by_id.items():
        now[int(word.removeprefix("i"))] = label
    write_column(book, "Students", "placed_class", now, "zh")


def swapped_by_hand(book: Any, first: int = 0) -> tuple[int, int]:
    """Swap a girl and a boy of different classes by hand, girls from row ``first`` on; return their rows."""
    now = classes(book)
    i, j = next((i, j) for i in range(first, 24, 2) for j in range(first + 1, 24, 2) if now[i] != now[j])
    edit(book, **{f"i{i}": now[j], f"i{j}": now[i]})
    return i, j


def test_try_says_what_would_change_and_apply_does_it(book: Any) -> None:
    """Nothing is changed by trying; the suggestion written is applied as said, and undone by one step."""
    before = cells(book)
    session = adjust.opened(book)
    now = classes(book)
    j = next(j for j in range(1, 24, 2) if now[j] != now[0])
    effect = adjust.try_out(session, ["001", f"{j + 1:03}"])
    assert [now.criterion.label.zh for _, now in effect.worse if now.criterion.kind == "count"] == [
        "性别：女",
        "性别：男",
    ]
    assert cells(book) == before
    adjust.show_suggestions(session, adjust.TRY, [effect])
    assert classes(book) == now
    assert "李雷（001）" in read_tables(book, ["Suggestions"])["Suggestions"]["exchange"][0]
    _, done = adjust.apply_chosen(book)
    assert (classes(book)[0], classes(book)[j]) == (now[j], now[0])
    assert [gap.gap for gap in done.after.gaps] == [gap.gap for gap in effect.after.gaps]
    kept = read_tables(book)["Gaps"]
    assert float(kept["gap"][2]) == float(effect.after.gaps[2].gap)
    assert undo.undo(book, "zh") == "采用"
    assert undo.undo(book, "zh") == "试换"
    assert cells(book) == before


@on_a_file
def test_try_moves_a_pupil_to_a_class(book: Any) -> None:
    """A pupil and a class: the sizes change, and that is said; words that mean nothing are refused in words."""
    session = adjust.opened(book)
    label = next(c for c in ("1班", "2班", "3班") if c != classes(book)[0])
    effect = adjust.try_out(session, ["李雷", label])
    assert any(now.criterion.kind == "size" for _, now in effect.worse)
    with pytest.raises(FileTrouble, match="nothing would change"):
        adjust.try_out(session, ["001", classes(book)[0]])
    with pytest.raises(InputError, match="no pupil"):
        adjust.try_out(session, ["王五", "1班"])
    with pytest.raises(InputError, match="no class"):
        adjust.try_out(session, ["001", "9班"])
    with pytest.raises(FileTrouble, match="two pupils"):
        adjust.try_out(session, ["001"])


@on_a_file
def test_why_names_a_way_into_every_other_class(book: Any) -> None:
    """One exchange per other class; a locked pupil's lock is among what would be broken."""
    session = adjust.opened(book)
    pupil, ways = adjust.why(session, "001")
    assert pupil == 0
    assert sorted(way.class_index for way in ways) == sorted({0, 1, 2} - {int(session.case.current.class_of[0])})
    adjust.show_reasons(session, pupil, ways)
    table = read_tables(book, ["Reasons"])["Reasons"]
    assert set(table["verdict"]) <= {"可以自由换", "换了会变差"}
    write_column(book, "Students", "locked", ["是", *[None] * 23], "zh")
    _, ways = adjust.why(adjust.opened(book), "001")
    assert all(way.effect is not None and [c.rule.source.zh for c in way.effect.broken] == ["锁定"] for way in ways)


def test_repair_keeps_what_was_moved_by_hand(book: Any) -> None:
    """After a careless swap by hand the suggestions even the counts out again without moving these two back."""
    i, j = swapped_by_hand(book)
    session = adjust.opened(book)
    assert session.by_hand() == sorted([i, j])
    effects = adjust.repair(session, adjust.focus_on(session))
    assert effects
    assert not {i, j} & {pupil for effect in effects for pupil in effect.moves}
    assert all(gap.gap == 0 for gap in effects[0].after.gaps if gap.criterion.kind == "count")
    adjust.show_suggestions(session, adjust.REPAIR, effects)
    with pytest.raises(FileTrouble, match="Which row"):
        adjust.apply_chosen(book)
    _, done = adjust.apply_chosen(book, [("Suggestions", 0)])
    assert done.moves == effects[0].moves
    with pytest.raises(FileTrouble, match="no row to apply"):
        adjust.apply_chosen(book)


def test_repair_keeps_what_was_tried_and_applied(book: Any) -> None:
    """A swap of a girl and a boy that was tried and applied is not offered back, not by a second repair either."""
    now = classes(book)
    i, j = next((i, j) for i in range(0, 24, 2) for j in range(1, 24, 2) if now[i] != now[j])
    session = adjust.opened(book)
    effect = adjust.try_out(session, [f"{i + 1:03}", f"{j + 1:03}"])
    adjust.show_suggestions(session, adjust.TRY, [effect])
    adjust.apply_chosen(book)
    session = adjust.opened(book)
    assert session.by_hand() == sorted([i, j])
    effects = adjust.repair(session, adjust.focus_on(session))
    assert not {i, j} & {pupil for each in effects for pupil in each.moves}
    back = adjust.repair(session, adjust.focus_on(session), anyone=True)
    assert set(back[0].moves) == {i, j}
    adjust.show_suggestions(session, adjust.REPAIR, effects)
    adjust.apply_chosen(book, [("Suggestions", 0)])
    assert adjust.opened(book).by_hand() == sorted([i, j])  # what the repair moved is not among them
    commands.place(book, chosen={"effort": "quick"})
    assert adjust.opened(book).by_hand() == []


@on_a_file
def test_a_suggestion_that_no_longer_fits_is_refused(book: Any) -> None:
    """The pupil was moved by hand after the list was made: said, nothing written."""
    swapped_by_hand(book)
    session = adjust.opened(book)
    effects = adjust.repair(session, adjust.focus_on(session, criterion="性别：女"))
    adjust.show_suggestions(session, adjust.REPAIR, effects)
    pupil, target = next(iter(effects[0].moves.items()))
    edit(book, **{f"i{pupil}": f"{target + 1}班"})
    before = cells(book)
    with pytest.raises(InputError, match="moved"):
        adjust.apply_chosen(book, [("Suggestions", 0)])
    assert cells(book) == before
    with pytest.raises(InputError, match="no criterion"):
        adjust.focus_on(session, criterion="身高")
    assert adjust.focus_on(session, class_="2班", pupils=["002"]).class_index == 1


@on_a_file
def test_rebalance_lists_moves_against_gaps(book: Any) -> None:
    """Four pupils swapped by hand: from none moved to all free, each alternative better than those before it."""
    swapped_by_hand(book)
    swapped_by_hand(book, 12)
    session = adjust.opened(book)
    effects = adjust.rebalance(session, None)
    moved = [len(effect.moves) for effect in effects]
    assert moved[0] == 0
    assert moved == sorted(set(moved))
    assert [gap.gap for gap in effects[-1].after.gaps if gap.criterion.kind == "count"] == [0, 0]
    adjust.show_alternatives(session, effects)
    table = read_tables(book, ["Alternatives"])["Alternatives"]
    assert list(table["moved"]) == moved
    alternatives = found_table(book, "Alternatives")
    alternatives.data_body_range[1, 0].value = "是"
    _, done = adjust.apply_chosen(book)
    assert done.moves == effects[1].moves
    few = adjust.rebalance(adjust.opened(book), 2)
    assert all(len(effect.moves) <= 2 for effect in few)


@on_a_file
def test_rebalance_keeps_what_was_moved_by_hand_unless_settings_let_it_move(book: Any) -> None:
    """By default the two swapped stay, in every alternative and said by name; one row of Settings frees them."""
    i, j = swapped_by_hand(book)
    session = adjust.opened(book)
    effects = adjust.rebalance(session, None)
    assert len(effects) > 1
    assert not {i, j} & {pupil for effect in effects for pupil in effect.moves}
    said = held_said(session.case.cohort, session.held())
    assert session.case.cohort.pupil(i) in said.zh and "“手工换过的学生”改成“可以动”" in said.zh
    back = adjust.rebalance(session, None, free=False, anyone=True)
    assert {i, j} & {pupil for effect in back for pupil in effect.moves}
    settings = read_tables(book)["Settings"]
    values = ["可以动" if name == "手工换过的学生" else value for name, value in settings[["setting", "value"]].values]
    write_column(book, "Settings", "value", values, "zh")
    session = adjust.opened(book)
    assert session.held() == [] and held_said(session.case.cohort, []).zh == ""
    assert {i, j} & {pupil for one in adjust.repair(session, adjust.focus_on(session)) for pupil in one.moves}
    assert {i, j} & {pupil for one in adjust.rebalance(session, None, free=False) for pupil in one.moves}


@on_a_file
def test_rebalance_keeps_whom_a_person_put_against_a_rule(book: Any) -> None:
    """Twins torn by hand, and pupils barred from where they now are: all stay, and the others are evened out."""
    i, j = swapped_by_hand(book)
    now = classes(book)
    rules = [
        {"rule": "同班", "pupils": f"{i + 1:03}、{j + 1:03}"},
        {"rule": "禁入班级", "pupils": f"{j + 1:03}", "class": now[j]},
    ]
    write_tables(book, {"Rules": framed(RULES_TABLE, rules)}, "zh")
    session = adjust.opened(book)
    assert session.case.before.violations == 2
    effects = adjust.rebalance(session, None)
    assert len(effects) > 1
    assert not {i, j} & {pupil for effect in effects for pupil in effect.moves}


@on_a_file
def test_locked_pupils_and_classes_stay(book: Any) -> None:
    """Locked pupils and everyone in a locked class are where they were, whatever is chosen, place included."""
    swapped_by_hand(book)
    now = classes(book)
    write_column(book, "Classes", "locked", [None, "是", None], "zh")
    write_column(book, "Students", "locked", ["是", "是", *[None] * 22], "zh")
    session = adjust.opened(book)
    stay = {0, 1} | {i for i in range(24) if now[i] == "2班"}
    effects = adjust.rebalance(session, None)
    assert not stay & {pupil for effect in effects for pupil in effect.moves}
    placed = commands.place(book, chosen={"effort": "quick"})
    assert placed.measured.violations == 0
    assert [classes(book)[i] for i in sorted(stay)] == [now[i] for i in sorted(stay)]
    write_column(book, "Classes", "locked", [None, "也许", None], "zh")
    with pytest.raises(InputError, match="neither yes nor no"):
        adjust.opened(book)


@on_a_file
def test_rebalance_mends_sizes_first(book: Any) -> None:
    """A pupil moved by hand leaves 9, 8 and 7: one of the fuller class moves on, then the rest is evened out."""
    now = classes(book)
    here = now[0]
    there = next(c for c in now if c != here)
    edit(book, i0=there)
    session = adjust.opened(book)
    effects = adjust.rebalance(session, None, free=False)
    assert sorted(session.case.cohort.sizes) == [7, 8, 9]
    assert len(effects) > 1
    assert all(sorted(gap.gap for gap in e.after.gaps if gap.criterion.kind == "size") == [0] for e in effects[1:])
    write_column(book, "Students", "locked", [None, *["是"] * 23], "zh")
    with pytest.raises(FileTrouble, match=r"Too few pupils .* Left where they were put by hand \(1\): .*001"):
        adjust.rebalance(adjust.opened(book), None)


@on_a_file
def test_rebalance_can_be_stopped(book: Any) -> None:
    """Progress that says no ends it without a result."""
    with pytest.raises(commands.StoppedError):
        adjust.rebalance(adjust.opened(book), None, lambda share: False)


def late_roster(book: Any, more: int = 3) -> None:
    """Add pupils at the end of *Students*, without a class."""
    students = read_tables(book)["Students"]
    fresh = roster(24 + more).iloc[24:].assign(placed_class=None, locked=None)
    for header in students.columns:
        if header not in fresh.columns:
            fresh[header] = None
    whole = pd.concat([students, fresh[list(students.columns)]], ignore_index=True)
    write_tables(book, {"Students": whole.astype(object).where(whole.notna(), None)}, "zh")


def test_late_pupils_are_placed_without_moving_anyone(book: Any) -> None:
    """Three new ones: nobody else moves, sizes stay even, the record says what was open; undone in one step."""
    late_roster(book)
    before, now = cells(book), classes(book)
    arrivals, found = adjust.late(book)
    after = classes(book)
    assert after[:24] == now[:24]
    assert None not in after
    assert len(arrivals.placed) == 3
    assert max(found.cohort.sizes) - min(found.cohort.sizes) <= 1
    record = read_tables(book, ["Late"])["Late"]
    assert list(record["id"]) == ["025", "026", "027"]
    assert list(record["class"]) == after[24:]
    assert all(label in allowed for label, allowed in zip(record["class"], record["allowed"], strict=True))
    assert undo.undo(book, "zh") == "补录"
    assert cells(book) == before
    assert adjust.late(book)[0].class_of.tolist() == arrivals.class_of.tolist()
    with pytest.raises(InputError, match="no late arrivals"):
        adjust.late(book)


@on_a_file
def test_late_pupils_keep_rules_largest_sizes_and_locks(book: Any) -> None:
    """Barred, locked and full classes are closed to them, and the record says why."""
    write_tables(
        book,
        {
            "Rules": read_tables(book)["Rules"]
            .iloc[:0]
            .reindex(range(1))
            .assign(rule="禁入班级", pupils="002", **{"class": "1班"})
        },
        "zh",
    )
    late_roster(book, 1)
    write_column(book, "Classes", "largest", [None, 8, None], "zh")
    arrivals, _ = adjust.late(book)
    (one,) = arrivals.placed
    assert one.reasons[1].en == "full: 8"
    assert 1 not in one.allowed


def test_prices_say_what_a_rule_costs(book: Any) -> None:
    """A rule that parts the balance has a price beside it, one that costs nothing says so."""
    rules = read_tables(book)["Rules"].iloc[:0].reindex(range(2))
    girls = "、".join(f"{i + 1:03}" for i in range(0, 10, 2))
    rules = rules.assign(rule=["同班", "不同班"], pupils=[girls, "011、012"])
    write_tables(book, {"Rules": rules.astype(object).where(rules.notna(), None)}, "zh")
    commands.place(book, chosen={"effort": "quick"})
    priced = adjust.prices(book)
    assert [price.free for price in priced.prices] == [False, True]
    assert priced.given_up == []
    adjust.show_prices(priced)
    price = list(read_tables(book)["Rules"]["price"])
    assert "→" in price[0] or "代价" in price[0]
    assert price[1] == "没有代价"
    assert list(read_tables(book, ["Prices"])["Prices"]["rule"]) == ["全部规则都遵守", "同班", "不同班"]


@on_a_file
def test_prices_say_which_rules_to_give_up(book: Any) -> None:
    """Rules that contradict each other: the fewest that have to go are named."""
    rules = read_tables(book)["Rules"].iloc[:0].reindex(range(3))
    rules = rules.assign(rule=["同班", "不同班", "同班"], pupils=["001、002", "001、002", "003、004"])
    write_tables(book, {"Rules": rules.astype(object).where(rules.notna(), None)}, "zh")
    priced = adjust.prices(book)
    assert len(priced.given_up) == 1
    assert priced.given_up[0].row in (1, 2)
    with pytest.raises(commands.StoppedError):
        adjust.prices(book, lambda share: False)
