"""Which rows below the headings are no pupils: totals and averages, remarks, headings and titles printed again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.headings import SERIAL, heading_of
from engine.values import as_text, folded, is_blank, parse_number
from engine.wording import Text

NOT_PUPILS = {
    "repeated": Text("重复的标题", "a heading printed again"),
    "totals": Text("合计或平均之类的行", "a row of totals or averages"),
    "remark": Text("说明文字", "a remark"),
}

_TOTALS = re.compile(
    r"(全班|全校|全年级|年级|班级|班|本校|本班|各科|各班|单科|学科|本页|总|男生|女生|考试)*"
    r"(合计|总计|共计|小计|总和|求和|平均|平均分|平均值|均分|均值|最高|最高分|最大值|最低|最低分|最小值|中位数|标准差|方差|极差|"
    r"及格率|合格率|优秀率|优良率|低分率|及格人数|优秀人数|合格人数|参考人数|实考人数|应考人数|缺考人数|人数|总人数|总分|满分)"
    r"\W*\d*(\.\d+)?[人分名%]?\W*"
    r"|[共计男女生]{1,4}\W*\d+[人名]"
    r"|\d+人"
    r"|((grand|sub|class|overall|year|school|group)[\s-]?)?"
    r"(totals?|sums?|averages?|avg|means?|maximum|max|minimum|min|median|count|"
    r"std|std\.? ?dev\.?|standard deviation|pass rate)"
    r"\W*\d*\W*"
)
_REMARK = re.compile(
    r"(制表|制作|填表|审核|打印|统计|备注|附注|注|说明|日期|时间|班主任|年级主任|校长|教务|联系人|负责人|经办人|单位|学校|签名|签字|盖章)"
    r"\S{0,6}\s*[:：].*"
    r"|(制表|填表|审核|统计|打印)(人|日期|时间)"
    r"|第\s*\d+\s*页.*|.*共\s*\d+\s*页|page\s+\d+.*|-+\s*\d+\s*-+"
    r"|(note|notes|nb|printed|prepared|checked|signed|date|source)\b[^:]{0,12}:.*|printed (on|by).*",
    re.DOTALL,
)
_CLAUSES = re.compile(r"[，。；：！]")  # no name has these
_SENTENCE = re.compile(r"[：:，,。；;！!]")


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a pupil's id, name, gender and serial number stand: positions of columns."""

    id: tuple[int, ...]
    name: tuple[int, ...]
    gender: tuple[int, ...]
    serial: tuple[int, ...]

    @staticmethod
    def of(headers: Sequence[str]) -> Keys:
        """Return the key columns among these headers."""
        found = [heading_of(header) for header in headers]

        def at(use: str) -> tuple[int, ...]:
            return tuple(c for c, heading in enumerate(found) if heading is not None and heading.use == use)

        return Keys(at("id"), at("name"), at("gender"), tuple(c for c, h in enumerate(found) if h is SERIAL))


def why_no_pupil(cells: Sequence[object], keys: Keys) -> str | None:
    """Return why a row that is not blank is no pupil (a key of `NOT_PUPILS`), or None if it is one."""
    filled = [c for c, cell in enumerate(cells) if not is_blank(cell)]
    ids = [cells[c] for c in keys.id if c in filled]
    names = [cells[c] for c in keys.name if c in filled]
    named = any(not says_totals(cell) and not says_remark(cell) for cell in names)
    known = any(not says_totals(cell) and not says_remark(cell) for cell in ids)
    if (named and (known or not keys.id)) or (known and not keys.name):
        return None
    telling = {filled[0], *keys.id, *keys.name, *keys.serial} & set(filled)
    if any(says_totals(cells[c]) for c in telling):
        gender = [cells[c] for c in keys.gender if c in filled]
        if names and gender and (known or not keys.id):
            return None  # a pupil may be called 平均 or Max: all that a pupil has is there
        if keys.id or keys.name or len(filled) < len(cells):
            return "totals"
    if says_remark(cells[filled[0]]) or (not named and _is_sentence(cells, filled)):
        return "remark"
    return None


def says_totals(cell: object) -> bool:
    """Return whether a cell says totals, average, number of pupils and the like, and nothing else."""
    return isinstance(cell, str) and _TOTALS.fullmatch(re.sub(r"(?<=[^\x00-\x7f])\s+", "", folded(cell))) is not None


def says_remark(cell: object) -> bool:
    """Return whether a cell says who made the list, when, or what to mind: a sentence in Chinese does."""
    if not isinstance(cell, str):
        return False
    return (len(cell) > 8 and _CLAUSES.search(cell) is not None) or _REMARK.fullmatch(folded(cell)) is not None


def _is_sentence(cells: Sequence[object], filled: list[int]) -> bool:
    """Return whether a row has nothing but one cell of running text, below several columns."""
    text = as_text(cells[filled[0]])
    if len(filled) > 1 or len(cells) < 3 or parse_number(text) is not None:
        return False
    return len(text) > 20 or (len(text) > 5 and _SENTENCE.search(text) is not None)
