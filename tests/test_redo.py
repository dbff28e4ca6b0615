"""Redo: what Undo took back, done again to the cell; void after another command, refused after edits."""

from __future__ import annotations

from typing import Any

import pytest

from addin import adjust, commands, plans
from addin import book as book_module
from addin.book import read_tables
from addin.trouble import FileTrouble
from addin.undo_steps import steps_in, undone_in
from addin.writable import found_table
from engine.adjust_tables import DECLARED
from tests.test_adjust import book, on_a_file, swapped_by_hand
from tests.test_book import host
from tests.test_undo import cells, classes

__all__ = ["book", "host"]  # pytest finds fixtures by name


def everything(book: Any) -> dict[str, Any]:
    """Return what every table holds, those made on demand too."""
    names = [name for name in DECLARED if name != "Undo"]
    more = {name: frame.to_dict("list") for name, frame in read_tables(book, names).items()}
    return {"cells": cells(book), "tables": more}


def test_undo_and_redo_across_commands(book: Any) -> None:
    """Place, save a plan, apply a suggestion: three steps back and three forth, every cell as it was each time."""
    states = [everything(book)]
    plans.save_plan(book, "甲")
    states.append(everything(book))
    swapped_by_hand(book)
    session = adjust.opened(book)
    effects = adjust.repair(session, adjust.focus_on(session))
    edited = everything(book)
    adjust.show_suggestions(session, adjust.REPAIR, effects)
    states.append(everything(book))
    adjust.apply_chosen(book, [("Suggestions", 0)])
    states.append(everything(book))
    assert commands.take_back(book)[0] == "采用"
    assert everything(book) == states[2]
    assert commands.take_back(book)[0] == "推荐交换"
    assert everything(book) == edited
    assert [step.command for step in undone_in(book)] == ["推荐交换", "采用"]
    assert commands.do_again(book) == ("推荐交换", "zh")
    assert everything(book) == states[2]
    assert commands.do_again(book) == ("采用", "zh")
    assert everything(book) == states[3]
    with pytest.raises(FileTrouble, match="nothing to redo"):
        commands.do_again(book)
    assert [step.command for step in steps_in(book)] == ["分班", "存为方案", "推荐交换", "采用"]
    assert commands.take_back(book)[0] == "采用"
    assert everything(book) == states[2]


@on_a_file
def test_another_command_makes_redo_void(book: Any) -> None:
    """After undo and something new there is nothing to do again."""
    commands.take_back(book)
    commands.check(book)
    with pytest.raises(FileTrouble, match="nothing to redo"):
        commands.do_again(book)


@on_a_file
def test_redo_refuses_where_someone_edited(book: Any) -> None:
    """A class typed since the undo: named, nothing written."""
    placed = classes(book)
    commands.take_back(book)
    column = list(read_tables(book)["Students"].columns).index("placed_class")
    cell = found_table(book, "Students").data_body_range[4, column]
    cell.value = "1班"
    before = cells(book)
    with pytest.raises(FileTrouble, match="Changed since"):
        commands.do_again(book)
    assert cells(book) == before
    cell.value = None
    commands.do_again(book)
    assert classes(book) == placed


@on_a_file
def test_a_redo_that_fails_midway_leaves_nothing(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host breaks while it is done again: every table as after the undo, and redo works later."""
    states = [everything(book)]
    commands.take_back(book)
    before = everything(book)
    real = book_module.write_contents

    def failing(*given: Any) -> None:
        real(*given)
        monkeypatch.setattr("addin.book.write_contents", real)
        raise RuntimeError("gone")

    monkeypatch.setattr("addin.book.write_contents", failing)
    with pytest.raises(RuntimeError):
        commands.do_again(book)
    assert everything(book) == before
    commands.do_again(book)
    assert everything(book) == states[0]


@on_a_file
def test_a_new_command_that_fails_keeps_redo(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo, then a command that breaks while writing: the undone one can still be done again."""
    placed = everything(book)
    commands.take_back(book)

    def failing(*_: Any) -> None:
        monkeypatch.undo()
        raise RuntimeError("gone")

    real = book_module.write_column
    monkeypatch.setattr("addin.book.write_column", failing)
    with pytest.raises(RuntimeError):
        commands.place(book, chosen={"effort": "quick"})
    assert book_module.write_column is real
    commands.do_again(book)
    assert everything(book) == placed
