"""The buttons of the group Adjust, clicked with rows selected, in Excel's way (on the file host) and in LibreOffice."""

from __future__ import annotations

from typing import Any

import pytest

from addin.book import read_tables, write_column
from addin.hosts.excel_desk import ExcelDesk
from addin.selection import picked
from addin.writable import found_table
from tests.test_clicks import click, desk, filled

__all__ = ["desk"]  # pytest finds fixtures by name
excel_way = pytest.mark.parametrize("desk", ["excel"], indirect=True)


def select(desk: Any, *places: tuple[str, int, str | int]) -> None:
    """Select cells: table, data row, and column by header or position."""
    areas = []
    for name, row, column in places:
        table = found_table(desk.workbook, name)
        headers = table.header_row_range.options(ndim=1).value
        at = column if isinstance(column, int) else headers.index(column)
        body = table.data_body_range
        areas.append((table.parent.name, body.row + row, body.column + at, 1, 1))
    if isinstance(desk, ExcelDesk):
        book: Any = desk.workbook
        book.app.impl.areas = areas
    else:
        desk.workbook.impl.ask("select", [list(area) for area in areas])


def classes(desk: Any) -> list[Any]:
    return list(read_tables(desk.workbook)["Students"]["placed_class"])


def placed(desk: Any) -> list[Any]:
    filled(desk)
    click(desk, "place")
    return classes(desk)


def said(desk: Any, key: str) -> str:
    words = click(desk, key)
    assert words is not None
    return words[0]


def test_an_argument_about_a_placement(desk: Any) -> None:
    """Save a plan, try a swap, apply it, measure, repair, apply, compare, restore, undo, redo."""
    now = placed(desk)
    j = next(j for j in range(1, 24, 2) if now[j] != now[0])
    assert "方案1" in said(desk, "save_plan")
    assert "选中一名学生" in said(desk, "try")
    select(desk, ("Students", 0, 0), ("Students", j, 0))
    assert "变差" in said(desk, "try")
    assert classes(desk) == now
    assert said(desk, "apply").startswith("已采用")
    assert (classes(desk)[0], classes(desk)[j]) == (now[j], now[0])
    assert "没有可采用的行" in said(desk, "apply")
    select(desk, ("Gaps", 1, 0))
    assert "推荐交换" in said(desk, "repair")
    select(desk, ("Suggestions", 0, 0))
    assert said(desk, "apply").startswith("已采用")
    assert "1 个方案" in said(desk, "compare_plans")
    select(desk, ("Plans", 3, "方案1"))
    assert "恢复方案“方案1”" in said(desk, "restore_plan")
    assert classes(desk) == now
    assert said(desk, "undo") == "已撤销“恢复方案”，恢复到它之前。"
    assert said(desk, "redo") == "已重做“恢复方案”。"
    assert classes(desk) == now
    assert desk.shown[-1] == "Comparison"


@excel_way
def test_why_and_a_move_to_each_class(desk: Any) -> None:
    """One pupil selected, in Students or in the class lists: why, and trying every class; none selected: how to."""
    placed(desk)
    assert "选中一名学生" in said(desk, "why")
    select(desk, ("ClassLists", 4, 0))
    assert "2 个班里有" in said(desk, "why")
    assert desk.shown[-1] == "Reasons"
    select(desk, ("Students", 2, 0))
    said(desk, "try")
    assert len(read_tables(desk.workbook, ["Suggestions"])["Suggestions"]) == 2
    assert "不知道采用哪一行" in said(desk, "apply")


@excel_way
def test_rebalance_late_prices_and_measure(desk: Any) -> None:
    """Each writes its sheet, brings it to the front and says so."""
    now = placed(desk)
    write_column(desk.workbook, "Students", "placed_class", [*now[1:12], now[0], *now[12:]], "zh")
    assert "手工改了" in said(desk, "measure")
    assert "备选方案" in said(desk, "rebalance")
    select(desk, ("Alternatives", 1, 0))
    assert said(desk, "apply").startswith("已采用")
    assert "没有要补录的" in said(desk, "late")
    assert "规则的代价" in said(desk, "prices")
    assert desk.shown[-1] == "Prices"
    write_column(desk.workbook, "Students", "placed_class", [None, *classes(desk)[1:]], "zh")
    told = click(desk, "measure")
    assert told is not None
    assert "没有班级" in told[0]
    assert told[1] == "warning"
    assert "补录了 1 名学生" in said(desk, "late")
    select(desk, ("Classes", 0, 0))
    assert len(said(desk, "repair")) > 5
    desk.go_on = False
    assert click(desk, "rebalance") == ("已停止；工作簿没有改动。", "info")


def test_a_selection_is_told_in_rows_of_tables(desk: Any) -> None:
    """Cells outside of tables count for nothing; a cell in a table is its row and heading."""
    placed(desk)
    select(desk, ("Students", 5, "姓名"))
    assert [(one.table, one.row, one.header) for one in picked(desk.workbook, desk.areas())] == [
        ("Students", 5, "姓名")
    ]
    sheet = found_table(desk.workbook, "Students").parent.name
    assert picked(desk.workbook, [(sheet, 1, 1, 1, 1), ("没有这张表", 5, 1, 1, 1)]) == []


def test_a_pupil_and_a_class(desk: Any) -> None:
    """A pupil and a cell of Class that says another one: only that move is tried; applied, the pupil is there."""
    now = placed(desk)
    j = next(j for j in range(24) if now[j] != now[0])
    select(desk, ("Students", 0, 0), ("Students", j, "班级"))
    assert "班级人数" in said(desk, "try")
    suggested = read_tables(desk.workbook, ["Suggestions"])["Suggestions"]
    assert len(suggested) == 1
    assert f"{now[0]}→{now[j]}" in suggested["exchange"][0]
    said(desk, "apply")
    assert classes(desk)[0] == now[j]


@excel_way
def test_a_pupil_and_a_class_from_other_sheets(desk: Any) -> None:
    """ClassLists says classes too; two cells of that column are two pupils; a class alone is not enough."""
    now = placed(desk)
    listed = read_tables(desk.workbook, ["ClassLists"])["ClassLists"]
    select(desk, ("ClassLists", 0, "姓名"), ("ClassLists", 23, "班级"))
    said(desk, "try")
    suggested = read_tables(desk.workbook, ["Suggestions"])["Suggestions"]
    assert list(suggested["exchange"]) == [f"{listed['name'][0]}（{listed['id'][0]}） 1班→3班"]
    j = next(j for j in range(24) if now[j] != now[0])
    select(desk, ("Students", 0, "班级"), ("Students", j, "班级"))
    said(desk, "try")
    assert read_tables(desk.workbook, ["Suggestions"])["Suggestions"]["exchange"][0].count("→") == 2
    select(desk, ("Balance", 1, 0))
    assert "选中一名学生" in said(desk, "try")
