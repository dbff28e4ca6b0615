"""Finding the roster in a sheet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layout import Layout, find_roster, first_pupil_on_top

Cells = list[list[object]]

PUPILS: Cells = [["001", "李 雷", "男", 90, 80], ["002", "韩梅梅", "女", 88, "缺考"], ["003", "王小明", "男", 70, 75]]
HEAD: list[object] = ["学号", "姓名", "性别", "语文", "数学"]


def found(grid: Cells) -> Layout:
    layout = find_roster(grid)
    assert layout is not None
    return layout


def said(layout: Layout) -> str:
    return " ".join(issue.what.zh for issue in layout.issues)


def cells(layout: Layout) -> Cells:
    return [list(row) for row in layout.students.itertuples(index=False)]


def test_a_plain_roster_is_taken_as_it_is() -> None:
    """Headings in row 1: every heading and cell as it stands, spaces included, nothing to say."""
    head: list[object] = ["学号", "姓 名", "性别", "语文\n成绩 ", "数学（100分）"]
    layout = found([head, *PUPILS])
    assert list(layout.students.columns) == head
    assert cells(layout) == PUPILS and layout.rows == (2, 3, 4) and layout.issues == ()


def test_titles_blank_rows_totals_and_remarks_around_are_told() -> None:
    """A printed class list: only the pupils are pupils, and each row left out is named with its number."""
    blank: list[object] = [None] * 5
    grid: Cells = [
        ["第一中学七年级名单", *blank[1:]],
        blank,
        [None, None, None, "2024年9月", None],
        HEAD,
        PUPILS[0],
        blank,
        PUPILS[1],
        ["第一中学七年级名单", *blank[1:]],
        HEAD,
        PUPILS[2],
        ["合计", None, None, 248, 155],
        ["平均分", None, None, 82.7, 77.5],
        ["制表人：王老师", None, None, None, "2024-9-1"],
    ]
    layout = found(grid)
    assert cells(layout) == PUPILS and layout.rows == (5, 7, 10)
    for word in (
        "第4行",
        "第一中学七年级名单",
        "2024年9月",
        "空行（第6行）",
        "第8行",
        "第9行",
        "第11行",
        "第12行",
        "第13行",
    ):
        assert word in said(layout)


def test_a_roster_may_start_in_any_column_and_have_blank_ones() -> None:
    """A title in A, the roster from C on, a blank column within: told, and no cell is lost."""
    wide = [[None, None, *row[:3], None, *row[3:]] for row in [HEAD, *PUPILS]]
    layout = found([["名单", *[None] * 7], *wide])
    assert list(layout.students.columns) == HEAD and cells(layout) == PUPILS
    assert "第6列是空列" in said(layout)


def test_a_second_table_below_is_not_read_as_pupils() -> None:
    """Numbers by class under the roster: a warning says from which row on nothing was read."""
    counts: Cells = [["班级", "人数", "男", "女", None], ["1班", 10, 5, 5, None], ["2班", 11, 5, 6, None]]
    layout = found([HEAD, *PUPILS, [None] * 5, *counts])
    assert cells(layout) == PUPILS and "第6行“班级 人数 男 女”起" in said(layout)
    assert layout.issues[0].level == "warning"
    layout = found([HEAD, PUPILS[0], [None] * 5, *PUPILS[1:]])
    assert cells(layout) == PUPILS


def test_columns_without_heading_and_headings_twice_get_names_of_their_own() -> None:
    """Repeated headings are numbered as pandas does, blank ones called by their place; both are told."""
    layout = found([["学号", "姓名", "语文", "语文", None, "语文.1"], ["1", "李雷", 90, 91, "x", 3]])
    assert list(layout.students.columns) == ["学号", "姓名", "语文", "语文.2", "列5", "语文.1"]
    assert "重复" in said(layout) and "没有标题" in said(layout)


@pytest.mark.parametrize("titles", [0, 1, 2])
def test_headings_in_two_rows_are_joined(titles: int) -> None:
    """期末成绩 over 语文 and 数学: the lower word is the heading, with the upper one only where it repeats."""
    grid: Cells = [["七年级名单"]] * titles
    grid += [["学号", "姓名", "期中", None, "期末", None], [None, None, "语文", "数学", "语文", "数学"]]
    grid += [["001", "李雷", 1, 2, 3, 4], ["002", "韩梅梅", 5, 6, 7, 8]]
    layout = found(grid)
    assert list(layout.students.columns) == ["学号", "姓名", "期中 语文", "期中 数学", "期末 语文", "期末 数学"]
    assert len(layout.students) == 2
    grid = [["学号", "姓名", "期末成绩", None, None, "备注"], [None, None, "语文", "数学", "英语", None]]
    layout = found([*grid, ["001", "李雷", 1, 2, 3, None]])
    assert list(layout.students.columns) == ["学号", "姓名", "语文", "数学", "英语", "备注"]


def test_a_first_pupil_with_hardly_a_cell_is_no_second_heading() -> None:
    """Only a name below the headings is a pupil."""
    layout = found([HEAD, [None, "李雷", None, None, None], *PUPILS])
    assert len(layout.students) == 4
    layout = found([["姓名", "评语", None], ["张三", "好", "好"], ["李四", "好", "差"]])
    assert len(layout.students) == 2


def test_cells_stay_as_they_are() -> None:
    """Spaces, full-width digits, dates as text and blanks made of spaces are kept."""
    odd: Cells = [[" 001", "李　雷", "男 ", "９８", "  "]]
    assert cells(found([HEAD, *odd])) == odd


@pytest.mark.parametrize("grid", [[], [[]], [["", None]], [HEAD], [["名单"]], [HEAD, ["合计", None, None, 1, 2]]])
def test_no_roster_no_layout(grid: Cells) -> None:
    """Nothing, headings alone, or headings over totals are no roster."""
    assert find_roster(grid) is None


def test_a_list_without_headings_is_no_roster() -> None:
    """The first pupil must not become the heading: the row is shown instead."""
    assert find_roster(PUPILS) is None
    assert first_pupil_on_top(PUPILS) == "001 李 雷 男 90 80"
    assert first_pupil_on_top([HEAD, *PUPILS]) is None


def test_headings_may_be_few_or_wide() -> None:
    """Names only in two columns, or 300 columns."""
    assert len(found([["姓名", "性别"], ["李雷", "男"]]).students) == 1
    head: list[object] = ["姓名", *(f"题{i}" for i in range(300))]
    assert found([head, ["李雷", *range(300)]]).students.shape == (1, 301)


def test_ruined_ids_and_failed_formulas_are_warned_of() -> None:
    """1.23E+17 and #N/A: a warning with the column, the number of cells and what to do."""
    layout = found([["身份证号", "姓名", "语文"], ["1.23E+17", "李雷", "#N/A"], [1.1e17, "韩梅梅", 90]])
    warned = {issue.column: issue.what.zh for issue in layout.issues if issue.level == "warning"}
    assert "2 个号码" in warned["身份证号"] and "1.23E+17" in warned["身份证号"]
    assert "第2行" in warned["语文"]


words = st.text("甲乙丙丁戊己庚辛壬癸abcdefgh", min_size=1, max_size=5)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[Cells, Cells, list[object]]:
    """Return a sheet, the pupils in it and its headings: random words, titles above, blank rows and totals within."""
    width = draw(st.integers(1, 5))
    head: list[object] = [
        "学号",
        "姓名",
        *draw(st.lists(words.map("项{}".format), min_size=width, max_size=width, unique=True)),
    ]
    cell = st.one_of(st.none(), words, st.integers(0, 150), st.sampled_from(["缺考", "合计", "平均", "备注", "", " "]))
    n = draw(st.integers(1, 8))
    pupils: Cells = [[f"S{i:03}", draw(words), *draw(st.lists(cell, min_size=width, max_size=width))] for i in range(n)]
    pupils = [[None if cell == "" else cell for cell in row] for row in pupils]
    blank: list[object] = [None] * len(head)
    grid: Cells = [[title, *blank[1:]] for title in draw(st.lists(words, max_size=3))]
    grid += [blank] * draw(st.integers(0, 2)) + [list(head)]
    for row in pupils:
        grid += [blank] * draw(st.integers(0, 1)) + [row]
    tail = st.sampled_from(
        [["合计", *blank[1:-1], 99], [None, "平均分", *blank[2:-1], 8.5], ["制表人：甲", *blank[1:]], blank]
    )
    return grid + draw(st.lists(tail, max_size=3)), pupils, head


@settings(max_examples=150, deadline=None)
@given(rosters())
def test_any_roster_is_found_with_exactly_its_pupils(
    roster: tuple[Cells, Cells, list[object]],
) -> None:
    """Whatever stands around it; and each row is a pupil, a title, blank, or told."""
    grid, pupils, head = roster
    layout = found(grid)
    assert list(layout.students.columns) == head and cells(layout) == pupils
    assert [grid[row - 1] for row in layout.rows] == pupils
    told = sum("没有当作学生" in issue.what.zh for issue in layout.issues)
    after = grid[layout.rows[0] - 1 :]
    assert told == sum(any(cell is not None for cell in row) for row in after) - len(pupils)


def test_another_list_on_the_right_is_a_warning() -> None:
    """Its pupils would become columns of the pupils on the left, in silence."""
    grid = [
        ["学号", "姓名", None, "学号", "姓名"],
        ["1", "李雷", None, "3", "林涛"],
        ["2", "韩梅梅", None, "4", "魏华"],
    ]
    layout = find_roster(grid)
    assert layout is not None
    told = [issue.do.zh for issue in layout.issues if issue.level == "warning"]
    assert len(told) == 2 and told[0].startswith("如果右边是另一份名单，里面的学生没有分班")
