"""Which rows are no pupils."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rows import Keys, says_remark, says_totals, why_no_pupil

HEADERS = ["序号", "学号", "姓名", "性别", "语文", "数学"]
KEYS = Keys.of(HEADERS)


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, None, 870, 900],
        [None, None, "平均分", None, 87.2, 90.1],
        [46, None, "平均分", None, 87.2, 90.1],
        ["及格率", None, None, None, "95%", "97%"],
        [None, "人数", 45, None, None, None],
        ["合 计", "45人", None, None, None, None],
        ["全班平均：", None, None, None, 80, 81],
        [None, "最高分", None, None, 100, 99],
        ["Total", None, None, None, 870, 900],
        ["Class average", None, None, None, 87, 90],
    ],
)
def test_totals_are_no_pupils(row: list[object]) -> None:
    """Totals, averages, rates and numbers of pupils, whichever of the first columns says so."""
    assert why_no_pupil(row, KEYS) == "totals"


@pytest.mark.parametrize(
    "row",
    [
        ["制表人：王老师", None, None, None, None, "2024-9-1"],
        [None, "制表人：", "王老师", None, None, None],
        [None, "打印日期：2024年9月1日", None, None, None, "审核"],
        ["注：缺考按零分", None, None, None, None, None],
        ["以上名单请各班认真核对，如有错误请联系教务处", None, None, None, None, None],
        ["第 1 页 共 3 页", None, None, None, None, None],
        ["Printed on 1 Sept", None, None, None, None, None],
    ],
)
def test_remarks_are_no_pupils(row: list[object]) -> None:
    """Who made the list and what to mind."""
    assert why_no_pupil(row, KEYS) == "remark"


@pytest.mark.parametrize(
    "row",
    [
        [1, "20230001", "平均", "男", 80, 90],
        [1, "20230001", "合计", "女", None, None],
        [None, None, "李雷", None, None, None],
        [None, "20230001", None, None, None, None],
        ["合计", "20230001", "李雷", None, None, None],
        [7, None, "阿卜杜热西提·麦麦提吐尔逊", None, None, None],
        [1, "20230001", "总", "男", None, None],
    ],
)
def test_pupils_stay_pupils(row: list[object]) -> None:
    """A pupil called 平均, one with hardly a cell filled, one whose serial number says 合计."""
    assert why_no_pupil(row, KEYS) is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 150), st.text(max_size=6)), min_size=6, max_size=6))
def test_a_row_with_an_id_and_a_name_is_always_a_pupil(row: list[object]) -> None:
    """Whatever else a row says: with an id and a name that are no words of totals or remarks it is kept."""
    row[1] = "20230001"
    name = str(row[2] or "").strip() or "李雷"
    row[2] = "李雷" if says_totals(name) or says_remark(name) else name
    assert why_no_pupil(row, KEYS) is None


def test_without_id_and_name_columns_only_rows_with_blanks_are_totals() -> None:
    """performance_1000 has neither: a full row is a pupil, whatever it says."""
    keys = Keys.of(["gender", "group", "math score"])
    assert why_no_pupil(["average", None, 66.1], keys) == "totals"
    assert why_no_pupil(["total", "group B", 66], keys) is None


def test_max_is_a_boy_where_the_roster_says_so() -> None:
    """A name that is a word of totals is a pupil if the gender is there."""
    assert why_no_pupil(["Max", "m", 66], Keys.of(["Name", "Gender", "Maths"])) is None
    assert why_no_pupil(["Max", None, 66], Keys.of(["Name", "Gender", "Maths"])) == "totals"
