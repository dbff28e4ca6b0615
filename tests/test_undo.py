"""Undo inside the workbook: what it brings back, what it refuses, and what a failed command leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from addin import book as book_module
from addin import commands
from addin.book import read_tables, saved, write_tables
from addin.trouble import FileTrouble
from addin.undo_steps import STEPS, packed, pieces_of, steps_in, unpacked
from addin.writable import found_table
from engine.tables import TABLES, UNDO, framed
from tests.rosters import roster
from tests.test_book import HOSTS, Host, host
from workbook_templates import template_path

__all__ = ["host"]  # pytest finds fixtures by name
QUICK = {"effort": "quick"}
on_a_file = pytest.mark.parametrize("host", ["file"], indirect=True)  # where the host makes no difference


@pytest.fixture
def book(host: Host) -> Iterator[Any]:
    with host(template_path("zh")) as book:
        commands.fill(book, roster(24), "zh", 3)
        yield book


def cells(book: Any, *but: str) -> dict[str, Any]:
    """Return what every table holds, with formulas, formats and sizes; the hidden record of undo apart."""
    found: dict[str, Any] = {}
    for name in TABLES:
        if name not in ("Undo", *but) and (table := found_table(book, name)) is not None:
            area = table.range
            forms = [area[row, at].number_format for at in range(area.shape[1]) for row in (0, 1, area.shape[0] - 1)]
            found[name] = (table.range.address, area.options(ndim=2, err_to_str=True).value, area.formula, forms)
    return found


def classes(book: Any) -> list[object]:
    return list(read_tables(book)["Students"]["placed_class"])


def test_undo_brings_back_every_cell(book: Any) -> None:
    """Place, then undo: values, formulas, number formats and sizes of all tables are what they were."""
    students = found_table(book, "Students")
    students.data_body_range[3, 2].value = "=40+50"
    found_table(book, "Classes").data_body_range[0, 4].value = "我的备注"
    before = cells(book)
    commands.place(book, chosen=QUICK)
    assert None not in classes(book)
    assert cells(book) != before
    assert commands.take_back(book) == ("分班", "zh")
    assert cells(book) == before
    with pytest.raises(FileTrouble, match="nothing to undo"):
        commands.take_back(book)


def test_undo_survives_saving(host: Host, tmp_path: Path) -> None:
    """The record is in the file: a workbook saved, closed and opened again can be taken back."""
    with host(template_path("zh")) as book:
        commands.fill(book, roster(24), "zh", 3)
        before = cells(book)
        commands.place(book, chosen=QUICK)
        saved(book, tmp_path / "placed.xlsx")
    with host(tmp_path / "placed.xlsx") as book:
        commands.take_back(book)
        after = cells(book)
    assert {name: each[:2] for name, each in after.items()} == {name: each[:2] for name, each in before.items()}


def test_commands_are_taken_back_one_by_one(book: Any) -> None:
    """A placement and a check: two steps back, the last first."""
    states = [cells(book)]
    commands.place(book, chosen=QUICK)
    states.append(cells(book))
    commands.check(book)
    assert [step.command for step in steps_in(book)] == ["分班", "检查"]
    for state in reversed(states):
        commands.take_back(book)
        assert cells(book) == state


@on_a_file
def test_only_the_last_steps_are_kept(book: Any) -> None:
    """The record does not grow without end."""
    for _ in range(STEPS + 2):
        commands.check(book)
    assert [step.number for step in steps_in(book)] == [3, 4, 5, 6, 7]


@on_a_file
def test_every_command_leaves_a_line_in_history(book: Any) -> None:
    """What was done and when can be read in History, also for a command that places nobody."""
    commands.place(book, chosen=QUICK)
    commands.check(book)
    history = read_tables(book)["History"]
    assert list(history["command"]) == ["分班", "检查"]
    assert all(isinstance(when, datetime) for when in history["when"])


@pytest.mark.parametrize(("table", "at", "said"), [("Students", (4, -1), "学生!"), ("Gaps", (1, 2), "均衡检验!")])
def test_an_edit_since_is_not_lost(book: Any, table: str, at: tuple[int, int], said: str) -> None:
    """A class moved by hand, or a result overwritten: undo names the cell and changes nothing."""
    commands.place(book, chosen=QUICK)
    found = found_table(book, table)
    column = list(read_tables(book)["Students"].columns).index("placed_class") if table == "Students" else at[1]
    cell = found.data_body_range[at[0], column]
    cell.value = "别的班"
    before = cells(book)
    with pytest.raises(FileTrouble) as refusal:
        commands.take_back(book)
    assert f"{said}{cell.get_address(False, False)}" in refusal.value.text.zh
    assert cells(book) == before
    assert len(steps_in(book)) == 1


def test_a_sorted_sheet_is_told(book: Any) -> None:
    """Pupils sorted otherwise since: the old classes would go to other pupils; said as that, not cell by cell."""
    commands.place(book, chosen=QUICK)
    body = found_table(book, "Students").data_body_range
    body.value = body.options(ndim=2).value[::-1]
    before = cells(book)
    with pytest.raises(FileTrouble) as refusal:
        commands.take_back(book)
    assert "：工作表“学生”（行的次序变了，例如排过序）。" in refusal.value.text.zh
    assert cells(book) == before


@on_a_file
def test_two_classes_exchanged_by_hand_are_told_by_cell(book: Any) -> None:
    """The same classes at other pupils: an edit of two cells, no sorting."""
    commands.place(book, chosen=QUICK)
    column = list(read_tables(book)["Students"].columns).index("placed_class")
    now = classes(book)
    other = next(row for row, label in enumerate(now) if label != now[0])
    body = found_table(book, "Students").data_body_range
    body[0, column].value, body[other, column].value = now[other], now[0]
    with pytest.raises(FileTrouble) as refusal:
        commands.take_back(book)
    assert body[other, column].get_address(False, False) in refusal.value.text.zh
    assert "次序" not in refusal.value.text.zh


@on_a_file
def test_a_deleted_sheet_is_told(book: Any) -> None:
    """By the name on its tab, not the table's."""
    commands.place(book, chosen=QUICK)
    found_table(book, "Balance").parent.delete()
    with pytest.raises(FileTrouble, match="the table of sheet Balance") as refusal:
        commands.take_back(book)
    assert "“均衡汇总”的表格（已删除）" in refusal.value.text.zh


def test_a_column_of_their_own_in_a_result_is_not_mixed_up(book: Any) -> None:
    """Dormitories written beside the class lists: another placement is refused, naming sheet, column and a value."""
    commands.place(book, chosen=QUICK)
    table = found_table(book, "ClassLists")
    rows, columns = table.range.shape
    table.resize(table.range[0, 0].resize(rows, columns + 1))
    table.header_row_range[0, columns].value = "宿舍"
    table.data_body_range[0, columns].value = "301室"
    table.parent.name = "各班名单"
    before = cells(book)
    with pytest.raises(FileTrouble) as refusal:
        commands.place(book, chosen={**QUICK, "seed": 8})
    assert "工作表“各班名单”的列“宿舍”" in refusal.value.text.zh
    assert "301室" in refusal.value.text.zh
    assert cells(book) == before


@on_a_file
def test_a_roster_that_grew_is_told(book: Any) -> None:
    """A pupil added since: undo says which sheet has other rows now."""
    commands.place(book, chosen=QUICK)
    table = found_table(book, "Students")
    table.resize(table.range[0, 0].resize(26, table.range.shape[1]))
    with pytest.raises(FileTrouble, match=r"^[^;]*: sheet 学生 \(rows or columns added or removed\)\. Nothing"):
        commands.take_back(book)


@on_a_file
def test_other_edits_do_not_matter(book: Any) -> None:
    """A locked pupil or a note on a sheet of one's own is no reason to refuse, and stays."""
    commands.place(book, chosen=QUICK)
    column = list(read_tables(book)["Students"].columns).index("locked")
    found_table(book, "Students").data_body_range[2, column].value = "是"
    commands.take_back(book)
    assert read_tables(book)["Students"]["locked"][2] == "是"
    assert set(classes(book)) == {None}


@pytest.mark.parametrize(
    ("host", "stage"), [("file", 1), ("file", 2), ("file", 3), ("libreoffice", 2)], indirect=["host"]
)
def test_a_failure_while_writing_leaves_nothing(book: Any, monkeypatch: pytest.MonkeyPatch, stage: int) -> None:
    """Whichever write fails, every table is as it was, the record of undo too."""
    commands.place(book, chosen=QUICK)
    before, steps = cells(book), steps_in(book)
    real, calls = book_module.write_contents, 0

    def failing(*given: Any) -> None:
        nonlocal calls
        calls += 1
        real(*given)
        if calls == stage:
            raise RuntimeError("the host is gone")

    monkeypatch.setattr("addin.book.write_contents", failing)
    with pytest.raises(RuntimeError):
        commands.place(book, chosen={**QUICK, "seed": 5})
    assert cells(book) == before
    assert steps_in(book) == steps


@on_a_file
def test_a_crash_midway_can_be_taken_back(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the program dies while writing, the record is there already: Undo brings back what stood."""
    before = cells(book)
    monkeypatch.setattr("addin.snapshot.put_back", lambda *_: None)
    monkeypatch.setattr("addin.undo._keep_as_it_was", lambda *_, **__: None)

    def dying(*_: Any) -> None:
        raise SystemExit

    real = book_module.write_column

    def written(*given: Any) -> None:
        real(*given)
        monkeypatch.setattr("addin.book.write_contents", dying)

    monkeypatch.setattr("addin.book.write_column", written)
    with pytest.raises(SystemExit):
        commands.place(book, chosen=QUICK)
    assert None not in classes(book)
    monkeypatch.undo()
    commands.take_back(book)
    assert cells(book) == before


@on_a_file
def test_a_stopped_run_writes_nothing(book: Any) -> None:
    """Cancel: not a cell differs, and there is nothing to take back."""
    before = cells(book)
    with pytest.raises(commands.StoppedError):
        commands.place(book, progress=lambda _: False)
    assert cells(book) == before
    assert steps_in(book) == []


@on_a_file
def test_a_damaged_record_is_told(book: Any) -> None:
    """Somebody wrote into the hidden record: undo says so and changes nothing."""
    commands.place(book, chosen=QUICK)
    found_table(book, "Undo").data_body_range[0, 2].value = "zabc"
    with pytest.raises(FileTrouble, match="damaged"):
        commands.take_back(book)


def test_a_workbook_without_the_record_gets_one(book: Any) -> None:
    """A workbook of an earlier version, without the hidden table: made when first needed, gone if that fails."""
    found_table(book, "Undo").parent.delete()
    count = len(book.sheets)
    before = cells(book)
    commands.place(book, chosen=QUICK)
    assert len(book.sheets) == count + 1
    assert not found_table(book, "Undo").parent.visible
    commands.take_back(book)
    assert cells(book) == before


def test_a_record_comes_back_from_a_saved_file(host: Host, tmp_path: Path) -> None:
    """Fails if pieces have underscores: LibreOffice opens ``_x6_`` as one character; so it lost one piece in 100."""
    rng = np.random.default_rng(18)
    record = {"noise": bytes(rng.integers(1, 128, 40_000, np.uint8)).decode()}
    text = packed(record)
    assert re.search("_x[0-9a-f]_", text.translate(str.maketrans("+/", "-_"))), "choose another seed"
    rows = [{"step": 1, "command": "x", "piece": piece} for piece in pieces_of(text)]
    with host(template_path("zh")) as book:
        write_tables(book, {"Undo": framed(UNDO, rows)}, "zh")
        saved(book, tmp_path / "saved.xlsx")
    for opened in HOSTS.values() if host is HOSTS["libreoffice"] else [host]:
        with opened(tmp_path / "saved.xlsx") as again:
            assert unpacked(steps_in(again)[0].packed) == record


def test_a_record_of_an_earlier_version_is_read() -> None:
    """Its letters 63 and 64 were others."""
    text = packed({"a": "ÿþ~?>" * 40})
    assert set(text) & set("+/")
    assert unpacked(text.replace("+", "-").replace("/", "_")) == unpacked(text)
