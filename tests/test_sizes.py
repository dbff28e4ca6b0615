"""Class sizes: as given, otherwise as even as largest sizes allow; what cannot be is said with numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.issue import Findings
from engine.sizes import ClassRow, alike, class_named, class_sizes
from tests.rosters import lines, tables


def rows(*sizes: tuple[int | None, int | None]) -> list[ClassRow]:
    return [ClassRow(at, f"{at}班", size, largest) for at, (size, largest) in enumerate(sizes, start=1)]


def sizes_of(n: int, *sizes: tuple[int | None, int | None], size_gap: int = 99) -> tuple[int, ...] | None:
    findings = Findings("zh")
    found = class_sizes(rows(*sizes), n, size_gap, findings)
    return None if findings.failed else found


@pytest.mark.parametrize(
    ("n", "given_sizes", "expected"),
    [
        (10, [(None, None)] * 3, (4, 3, 3)),
        (10, [(2, None), (None, None), (None, None)], (2, 4, 4)),
        (10, [(None, 2), (None, None), (None, None)], (2, 4, 4)),
        (10, [(None, 2), (None, 3), (None, None)], (2, 3, 5)),
        (9, [(4, None), (5, None)], (4, 5)),
    ],
)
def test_pupils_are_shared_out_evenly(
    n: int, given_sizes: list[tuple[int | None, int | None]], expected: tuple[int, ...]
) -> None:
    """Given sizes hold, full classes are left at their largest size, the rest is even."""
    assert sizes_of(n, *given_sizes) == expected


@given(st.integers(1, 200), st.lists(st.one_of(st.none(), st.integers(1, 30)), min_size=1, max_size=8))
def test_sizes_add_up_and_respect_the_largest(n: int, largest: list[int | None]) -> None:
    """Whenever it is possible at all the sizes add up to n and no class is above its largest size."""
    found = sizes_of(n, *[(None, most) for most in largest])
    room = None if None in largest else sum(most or 0 for most in largest)
    if n < len(largest) or (room is not None and room < n):
        assert found is None
        return
    assert found is not None and sum(found) == n
    assert all(most is None or size <= most for size, most in zip(found, largest, strict=True))
    below = [size for size, most in zip(found, largest, strict=True) if most is None or size < most]
    assert not below or max(found) - min(below) <= 1 or max(below) - min(below) <= 1


def test_sizes_that_do_not_add_up_are_said_in_numbers() -> None:
    """The message names both sums and by how much to change."""
    whole = tables(classes_table=[{"class": "甲", "size": 5}, {"class": "乙", "size": 4}])
    assert lines(whole) == ["班级表 人数：各班人数加起来是 9，学生有 12 人。请把一个或几个班的人数共增加 3。"]


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ([{"class": "甲", "largest": 5}, {"class": "乙", "largest": 4}], "人数上限加起来只能容纳 9 人"),
        ([{"class": "甲", "size": 12}, {"class": "乙"}], "不够再分给其余 1 个班"),
        ([{"class": "甲"}, {"class": "甲"}], "班级“甲”与第1行重复"),
        ([{"class": "甲", "size": "多"}, {"class": "乙"}], "“多”不是人数"),
        ([{"size": 6}, {"class": "乙"}], "没有班级名称"),
        ([{"class": "甲", "size": 8, "largest": 7}, {"class": "乙"}], "人数 8 超过人数上限 7"),
        ([], "还没有班级"),
    ],
)
def test_impossible_classes_are_refused(cells: list[dict[str, object]], part: str) -> None:
    """Each way in which classes cannot be is an error that says so."""
    assert any(part in line for line in lines(tables(classes=None, classes_table=cells)))


def test_a_size_gap_above_the_setting_is_warned_of() -> None:
    """A largest size that makes classes uneven is followed, with a warning."""
    whole = tables(classes=None, classes_table=[{"class": "甲", "largest": 2}, {"class": "乙"}])
    assert any("超过设置的班额最大差 1" in line for line in lines(whole, "warning"))
    assert lines(whole) == []


@pytest.mark.parametrize(
    ("cell", "labels", "k"),
    [
        (1, ["1班", "2班"], 0),
        (2.0, ["1班", "2班"], 1),
        ("２班", ["1班", "2班"], 1),
        (3, ["初一(1)班", "初一(3)班"], 1),
        (2, ["甲", "乙"], 1),
        ("乙班", ["甲", "乙"], 1),
        ("class 2", ["Class 1", "Class 2"], 1),
        (3, ["1班", "2班"], None),
        ("A", ["1班", "2班"], None),
        ("A", ["A班", "B班"], 0),
        ("", ["1班"], None),
        (12, ["1班", "2班"], None),
        (1, ["11班", "21班"], None),
    ],
)
def test_a_class_is_known_by_label_or_number(cell: object, labels: list[str], k: int | None) -> None:
    """3 is 3班 or 初一(3)班; without numbers in the labels the third class."""
    assert class_named(cell, labels) == k


@pytest.mark.parametrize(
    ("n", "given_sizes", "expected"),
    [
        (10, [(None, None)] * 3, (True, True, True)),
        (9, [(None, None)] * 3, ()),
        (10, [(2, None), (None, None), (None, None)], ()),
        (11, [(2, None), (None, None), (None, None)], (False, True, True)),
        (10, [(None, None), (None, 3), (None, None)], (True, False, True)),
        (9, [(4, None), (5, None)], ()),
    ],
)
def test_which_classes_may_be_the_larger(
    n: int, given_sizes: list[tuple[int | None, int | None]], expected: tuple[bool, ...]
) -> None:
    """Classes without a size of their own and with room for one more, where pupils do not divide."""
    classes = rows(*given_sizes)
    sizes = class_sizes(classes, n, 99, Findings("zh"))
    assert alike(classes, sizes) == expected
