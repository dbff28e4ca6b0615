"""Searching on from the placement that stands: locked pupils stay, and nothing changes unless it is better."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from addin import commands
from addin.book import opened, read_tables, saved, write_column
from engine.intake import Tables
from engine.issue import InputError
from engine.measuring import Measured
from engine.placing import Placed, improve_tables, measure_tables, place_tables, stands_in
from engine.wording import plain
from tests.rosters import roster, tables
from tests.test_cli import chinese, run, table
from workbook_templates import template_path

__all__ = ["chinese"]  # pytest finds fixtures by name
QUICK = [{"setting": "effort", "value": "quick"}]


def standing(
    classes: Sequence[str | None], locked: Sequence[str] = (), rules: Sequence[Mapping[str, object]] = ()
) -> Tables:
    """Return tables of 24 pupils in three classes who stand in these classes."""
    given = tables(roster(len(classes)), settings=QUICK, rules=rules)
    locks = [*locked, *[None] * (len(classes) - len(locked))]
    columns = {"placed_class": list(classes), "locked": locks}
    given["Students"] = given["Students"].assign(
        **{key: pd.Series(cells, dtype=object) for key, cells in columns.items()}
    )
    return given


def improved(given: Tables, stay: Sequence[int] = ()) -> Placed | Measured:
    return improve_tables(given, stands_in(given), command="improve", when="now", stay=stay)


def in_order(n: int = 24) -> list[str | None]:
    return [f"{i * 3 // n + 1}班" for i in range(n)]


def test_a_bad_placement_gets_better() -> None:
    """Classes dealt in roster order: improve finds a strictly better placement of the same sizes."""
    given = standing(in_order())
    _, before, _ = measure_tables(given)
    found = improved(given)
    assert isinstance(found, Placed)
    assert found.measured.violations <= before.violations
    assert sum(gap.gap for gap in found.measured.gaps) < sum(gap.gap for gap in before.gaps)
    assert sorted(np.bincount(found.result.class_of)) == [8, 8, 8]


def test_locked_pupils_stay() -> None:
    """Whoever is locked keeps the class, however bad it is for the balance."""
    given = standing(in_order(), ["yes"] * 6)
    found = improved(given)
    assert isinstance(found, Placed)
    assert list(found.tables["Students"]["placed_class"])[:6] == in_order()[:6]


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [{"rule": "together", "pupils": "001 024"}],
        [{"rule": "apart", "pupils": "001 002 012"}],
        [{"rule": "barred", "pupils": "001", "class": "1班"}],
        [{"rule": "together", "pupils": "001 024"}, {"rule": "together", "pupils": "004 020"}],
    ],
)
def test_whom_a_person_put_somewhere_stays_even_against_a_rule(rules: list[Mapping[str, object]]) -> None:
    """Twins torn by hand, or put together against a rule: they stay, and the others still get more even."""
    stay = [0, 1, 23]
    given = standing(in_order(), rules=rules)
    _, before, _ = measure_tables(given)
    found = improved(given, stay)
    assert isinstance(found, Placed)
    assert [found.tables["Students"]["placed_class"][i] for i in stay] == ["1班", "1班", "3班"]
    assert found.measured.violations <= before.violations
    assert sum(gap.gap for gap in found.measured.gaps) < sum(gap.gap for gap in before.gaps)
    assert not any(check.rule.source == plain("不动") for check in found.measured.checks)  # no rule of the user's


def test_improve_leaves_whom_a_person_moved(tmp_path: Path) -> None:
    """A girl and a boy swapped in the sheet stay, now and the next time, and that is said; --anyone lets them move."""
    book, moved = tmp_path / "book.xlsx", tmp_path / "moved.xlsx"
    with opened(template_path("zh")) as workbook:
        commands.fill(workbook, roster(24), "zh", 3)
        commands.place(workbook, chosen={"effort": "quick"})
        saved(workbook, book)
        now = list(read_tables(workbook)["Students"]["placed_class"])
        i, j = next((i, j) for i in range(0, 24, 2) for j in range(1, 24, 2) if now[i] != now[j])
        now[i], now[j] = now[j], now[i]
        write_column(workbook, "Students", "placed_class", now, "zh")
        saved(workbook, moved)
    for turn in ("1", "2"):
        result = run("improve", moved, "--in-place", "--seed", turn)
        assert result.exit_code in (0, 1) and "手工换过的 2 人没有动" in result.stdout
        assert [table(moved, "Students")["班级"][at] for at in (i, j)] == [now[i], now[j]]
    freed = run("improve", moved, "--anyone", "-o", tmp_path / "freed.xlsx", "--seed", 3)
    assert freed.exit_code in (0, 1) and "没有动" not in freed.stdout


def test_the_sizes_that_stand_stay() -> None:
    """After hand edits the classes have 9, 8 and 7: improve moves pupils about, not the sizes."""
    classes: list[str | None] = [*["1班"] * 9, *["2班"] * 8, *["3班"] * 7]
    found = improved(standing(classes))
    assert isinstance(found, Placed)
    assert list(np.bincount(found.result.class_of)) == [9, 8, 7]


def test_nothing_better_changes_nothing() -> None:
    """What no search can better comes back measured, not placed."""
    given = standing(in_order())
    for _ in range(10):
        found = improved(given)
        if isinstance(found, Measured):
            break
        given["Students"] = found.tables["Students"]
    assert isinstance(found, Measured)


def test_a_torn_group_is_mended() -> None:
    """Pupils that must be together and are not: the result keeps the rule."""
    rule = {"rule": "together", "pupils": "001 024"}
    found = improved(standing(in_order(), rules=[rule]))
    assert isinstance(found, Placed)
    assert found.measured.violations == 0


@pytest.mark.parametrize(("classes", "said"), [([None, *["1班"] * 23], "no class"), (["9班"] * 24, "no class “")])
def test_what_is_no_placement_is_refused(classes: list[str | None], said: str) -> None:
    """Pupils without a class, a class that is not there: in words, nothing is searched."""
    with pytest.raises(InputError, match=said):
        improved(standing(classes))


def test_classes_without_pupils_stay_empty() -> None:
    """The sizes are those that stand: the one class keeps everybody, and nothing is refused."""
    found = improved(standing(["1班"] * 24))
    assert isinstance(found, Measured)


def test_a_stopped_search_is_told() -> None:
    """A run that is stopped is marked so; the command then writes nothing."""
    given = standing(in_order())
    found = improve_tables(given, stands_in(given), command="improve", when="now", progress=lambda _: False)
    assert isinstance(found, Placed)
    assert found.result.ended == "stopped"


def test_a_placement_just_made_is_its_own_start() -> None:
    """Improving what place found never makes it worse, whichever seed."""
    given = tables(roster(24), settings=QUICK)
    placed = place_tables(given, command="place", when="now")
    given["Students"] = placed.tables["Students"]
    found = improved(given)
    after = found.measured if isinstance(found, Placed) else found
    assert after.violations <= placed.measured.violations


def test_improve_from_the_command_line(tmp_path: Path) -> None:
    """A file is bettered beside itself, then nothing is written once nothing is better; undo takes one step back."""
    book = tmp_path / "工作簿.xlsx"
    with opened(template_path("zh")) as workbook:
        commands.fill(workbook, roster(24), "zh", 3)
        write_column(workbook, "Students", "placed_class", in_order(), "zh")
        saved(workbook, book)
    first = run("improve", book, "--effort", "quick")
    assert first.exit_code in (0, 1)
    better = tmp_path / "工作簿-优化.xlsx"
    assert better.is_file()
    for _ in range(10):
        before = hashlib.sha256(better.read_bytes()).hexdigest()
        last = run("improve", better, "--effort", "quick", "--in-place")
        if "没有找到更好的分班" in last.stdout:
            break
    assert "没有找到更好的分班" in last.stdout
    assert hashlib.sha256(better.read_bytes()).hexdigest() == before
    undone = run("undo", better, "--in-place")
    assert undone.exit_code == 0
    assert "已撤销“继续优化”" in undone.stdout


def test_undo_from_the_command_line(tmp_path: Path) -> None:
    """`evenclass undo` brings the workbook back to before; with nothing to take back it says so, as for other files."""
    path = tmp_path / "名单.csv"
    roster(24).to_csv(path, index=False)
    book, placed = tmp_path / "book.xlsx", tmp_path / "placed.xlsx"
    assert run("new", book, "--from", path, "-k", 3).exit_code == 0
    assert run("place", book, "-o", placed, "--effort", "quick").exit_code == 0
    assert run("undo", placed, "-o", tmp_path / "undone.xlsx").exit_code == 0
    with opened(book) as one, opened(tmp_path / "undone.xlsx") as other:
        before, after = read_tables(one), read_tables(other)
    for name in before:
        if name != "Undo":
            assert before[name].equals(after[name]), name
    assert run("undo", book).exit_code == 2
    assert run("undo", path).exit_code == 2
    assert run("improve", path).exit_code == 2
