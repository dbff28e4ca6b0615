"""Masks: what stays, what is hidden, and that nobody is published like anybody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.masking import masked_id, masked_name, masked_pupils


@pytest.mark.parametrize(
    ("name", "middle", "first"),
    [
        ("张三丰", "张*丰", "张**"),
        ("李雷", "李*", "李*"),
        ("李　雷", "李*", "李*"),
        ("欧阳修远", "欧**远", "欧***"),
        ("李", "*", "*"),
        ("Anna Lee", "A**a L*e", "A*** L**"),
        ("Jo", "J*", "J*"),
        ("", "", ""),
    ],
)
def test_names(name: str, middle: str, first: str) -> None:
    """Chinese names by character, others word by word; a name of one character is hidden."""
    assert (masked_name(name, "middle"), masked_name(name, "first"), masked_name(name, "full")) == (middle, first, name)


@pytest.mark.parametrize(
    ("text", "tail", "ends"),
    [
        ("20260012", "****0012", "20****12"),
        ("001", "**1", "***"),
        ("110101201209011234", "**************1234", "110***********1234"),
        ("7", "*", "*"),
    ],
)
def test_ids(text: str, tail: str, ends: str) -> None:
    """The last four, or the first three and the last four, and never more than half."""
    assert masked_id(text, "tail") == tail
    assert masked_id(text, "ends") == ends
    assert masked_id(text, "hidden") == ""


def test_pupils_who_would_look_the_same_are_told_apart() -> None:
    """As few characters more as it takes; where two thirds of the ids are the same, by a number."""
    names = ["张三丰", "张四丰", "李雷"]
    found = masked_pupils(names, ["20260012", "20270012", "20280012"], ("middle", "tail"))
    assert [(one.name, one.id, one.alike) for one in found] == [
        ("张*丰", "***60012", True),
        ("张*丰", "***70012", True),
        ("李*", "****0012", False),
    ]
    far = masked_pupils(names[:2], ["120260012", "220260012"], ("middle", "tail"))
    assert [(one.name, one.id) for one in far] == [("张*丰（1）", "*****0012"), ("张*丰（2）", "*****0012")]
    hidden = masked_pupils(names, ["20260012", "20270013", "20280012"], ("middle", "hidden"))
    assert [one.id for one in hidden] == ["*******2", "*******3", ""]


@given(
    st.lists(
        st.tuples(st.sampled_from(["张三丰", "张四丰", "李雷", "李蕾", "Ann"]), st.integers(0, 99999)), max_size=30
    ),
    st.sampled_from(["middle", "first"]),
    st.sampled_from(["tail", "ends", "hidden"]),
)
def test_no_two_pupils_are_published_alike_and_ids_stay_hidden(
    pupils: list[tuple[str, int]], name: str, rule: str
) -> None:
    """All different, whatever the ids; of no id more than two thirds shows, no name is whole."""
    ids = list(dict.fromkeys(f"G{number:07}" for _, number in pupils))
    names = [who for who, _ in pupils][: len(ids)]
    found = masked_pupils(names, ids, (name, rule))
    assert len({(one.name, one.id) for one in found}) == len(ids)
    assert all(
        one.id == "" or one.id.count("*") >= len(text) - len(text) * 2 // 3
        for one, text in zip(found, ids, strict=True)
    )
    assert not any(whole in one.name for one, whole in zip(found, names, strict=True))
