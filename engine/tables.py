"""The workbook's tables declared once: names, headers in both languages, choices, settings.

Template, reading, checking and writing all follow these declarations. Inside the engine a table has the
canonical header of each field (`Field.key`); `to_canonical` and `headers_in` translate.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.wording import Lang, Text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table: canonical key, header, other headers that mean the same, choices if any."""

    key: str
    header: Text
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, Text] | None = None

    def names(self) -> tuple[str, ...]:
        """Return every header by which the field is known."""
        return (self.key, self.header.zh, self.header.en, *self.aliases)


@dataclass(frozen=True, slots=True)
class Table:
    """One named table (ListObject): ASCII name, sheet name in both languages, declared fields.

    ``open`` tables have further columns that are not declared: the roster's own, or one per criterion.
    """

    name: str
    sheet: Text
    fields: tuple[Field, ...]
    open: bool = False

    def field(self, key: str) -> Field:
        """Return the field with this canonical key."""
        return next(field for field in self.fields if field.key == key)


YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}

USES: dict[str, Text] = {
    "id": Text("学号", "id"),
    "name": Text("姓名", "name"),
    "gender": Text("性别", "gender"),
    "mark": Text("成绩", "mark"),
    "total": Text("总分", "total"),
    "flag": Text("标记", "flag"),
    "category": Text("类别", "category"),
    "number": Text("数值", "number"),
    "date": Text("出生日期", "date"),
    "preset": Text("预设班级", "preset class"),
    "together": Text("同班组", "together group"),
    "apart": Text("分开组", "apart group"),
    "wish": Text("愿望同伴", "wish"),
    "note": Text("备注", "note"),
}

RULES: dict[str, Text] = {
    "together": Text("同班", "together"),
    "apart": Text("不同班", "apart"),
    "fixed": Text("指定班级", "fixed class"),
    "barred": Text("禁入班级", "barred class"),
    "at_most": Text("每班最多", "at most per class"),
}

EFFORTS: dict[str, Text] = {
    "quick": Text("快速", "quick"),
    "standard": Text("标准", "standard"),
    "deep": Text("深度", "deep"),
}

ABSENT_MARKS: dict[str, Text] = {
    "leave_out": Text("不计入平均", "leave out"),
    "zero": Text("按零分计", "count as zero"),
}

NAME_MASKS: dict[str, Text] = {
    "middle": Text("张*三", "J**n S***h"),
    "first": Text("张**", "J*** S****"),
    "full": Text("不遮盖", "in full"),
}

ID_MASKS: dict[str, Text] = {
    "tail": Text("只留后4位", "last 4"),
    "ends": Text("只留前3位和后4位", "first 3 and last 4"),
    "hidden": Text("不列出", "left out"),
    "full": Text("不遮盖", "in full"),
}

HAND_MOVED: dict[str, Text] = {
    "stay": Text("不动", "stay"),
    "free": Text("可以动", "may move"),
}

LANGUAGES: dict[str, Text] = {"zh": Text("中文", "中文"), "en": Text("English", "English")}

STUDENTS = Table(
    "Students",
    Text("学生", "Students"),
    (
        Field("placed_class", Text("班级", "Class"), ("新班级", "New class")),
        Field("locked", Text("锁定", "Locked"), choices=YES_NO),
    ),
    open=True,
)

COLUMNS = Table(
    "Columns",
    Text("列设置", "Columns"),
    (
        Field("column", Text("列名", "Column")),
        Field("use", Text("用途", "Use as"), choices=USES),
        Field("weight", Text("权重", "Weight")),
        Field("tolerance", Text("允许差", "Tolerance")),
        Field("band_width", Text("分段宽度", "Band width")),
        Field("top", Text("前n名", "Top n")),
        Field("bottom", Text("后n名", "Bottom n")),
        Field("spread", Text("均衡离散", "Spread"), choices=YES_NO),
        Field("at_most", Text("每班最多", "At most per class")),
        Field("reason", Text("判断依据", "Why")),
    ),
)

CLASSES = Table(
    "Classes",
    Text("班级", "Classes"),
    (
        Field("class", Text("班级", "Class")),
        Field("size", Text("人数", "Size")),
        Field("largest", Text("人数上限", "Largest size")),
        Field("teacher", Text("班主任", "Head teacher")),
        Field("note", Text("备注", "Note")),
        Field("locked", Text("锁定", "Locked"), choices=YES_NO),
    ),
)

RULES_TABLE = Table(
    "Rules",
    Text("规则", "Rules"),
    (
        Field("rule", Text("规则", "Rule"), choices=RULES),
        Field("pupils", Text("学生", "Pupils")),
        Field("class", Text("班级", "Class")),
        Field("at_most", Text("最多人数", "At most")),
        Field("reason", Text("原因", "Reason")),
        Field("kept", Text("是否遵守", "Kept")),
        Field("price", Text("代价", "Price")),
    ),
)

SETTINGS = Table(
    "Settings",
    Text("设置", "Settings"),
    (
        Field("setting", Text("设置项", "Setting")),
        Field("value", Text("值", "Value")),
        Field("meaning", Text("说明", "Meaning")),
    ),
)

BALANCE = Table(
    "Balance",
    Text("均衡汇总", "Balance"),
    (Field("class", Text("班级", "Class")), Field("size", Text("人数", "Size"))),
    open=True,
)

GAPS = Table(
    "Gaps",
    Text("均衡检验", "Gaps"),
    (
        Field("criterion", Text("均衡项", "Criterion")),
        Field("column", Text("列名", "Column")),
        Field("kind", Text("类型", "Kind")),
        Field("smallest", Text("最小值", "Smallest")),
        Field("largest", Text("最大值", "Largest")),
        Field("gap", Text("最大差", "Gap")),
        Field("floor", Text("最小可能差", "Floor")),
        Field("tolerance", Text("允许差", "Tolerance")),
        Field("verdict", Text("结论", "Verdict")),
        Field("remark", Text("说明", "Remark")),
    ),
)

CHECKS = Table(
    "Checks",
    Text("规则检查", "Checks"),
    (
        Field("rule", Text("规则", "Rule")),
        Field("pupils", Text("学生", "Pupils")),
        Field("class", Text("班级", "Class")),
        Field("source", Text("来源", "Source")),
        Field("kept", Text("是否遵守", "Kept"), choices=YES_NO),
        Field("detail", Text("实际情况", "Found")),
    ),
)

CLASS_LISTS = Table(
    "ClassLists",
    Text("分班名单", "ClassLists"),
    (
        Field("class", Text("班级", "Class")),
        Field("size", Text("人数", "Size")),
        Field("number", Text("序号", "No.")),
        Field("id", Text("学号", "Id")),
        Field("name", Text("姓名", "Name")),
        Field("gender", Text("性别", "Gender")),
        Field("total", Text("总分", "Total")),
    ),
)

ISSUES = Table(
    "Issues",
    Text("问题", "Issues"),
    (
        Field("level", Text("级别", "Level")),
        Field("table", Text("表", "Table")),
        Field("row", Text("行", "Row")),
        Field("column", Text("列", "Column")),
        Field("what", Text("问题", "What is wrong")),
        Field("do", Text("怎么办", "What to do")),
    ),
)

HISTORY = Table(
    "History",
    Text("方案记录", "History"),
    (
        Field("when", Text("时间", "When")),
        Field("command", Text("操作", "Command")),
        Field("version", Text("版本", "Version")),
        Field("seed", Text("随机种子", "Seed")),
        Field("effort", Text("计算强度", "Effort")),
        Field("steps", Text("步数", "Steps")),
        Field("pupils", Text("学生数", "Pupils")),
        Field("classes", Text("班级数", "Classes")),
        Field("violations", Text("违规", "Violations")),
        Field("imbalance", Text("不均衡度", "Imbalance")),
        Field("at_floor", Text("已达最小可能差", "At the floor")),
        Field("largest_mean_gap", Text("均分最大差", "Largest mean gap")),
        Field("roster_hash", Text("名单指纹", "Input fingerprint")),
        Field("placement_hash", Text("分班指纹", "Placement fingerprint")),
        Field("ended", Text("结束原因", "Ended because")),
    ),
)

# What the charts draw: a fixed shape, because a chart cannot follow columns that come and go.
CHARTS = Table(
    "Charts",
    Text("图表数据", "ChartData"),
    (
        Field("class", Text("班级", "Class")),
        Field("first", Text("第一类人数", "First value")),
        Field("second", Text("第二类人数", "Second value")),
        Field("others", Text("其余人数", "Others")),
        Field("mean", Text("平均值", "Mean")),
        Field("overall", Text("年级平均", "All pupils")),
    ),
)

# What Undo needs, in pieces that fit into cells; on a sheet that nobody sees. See `addin.undo`.
UNDO = Table(
    "Undo",
    Text("撤销记录", "Undo"),
    (
        Field("step", Text("序号", "Step")),
        Field("command", Text("操作", "Command")),
        Field("piece", Text("内容", "Piece")),
    ),
)

# What a command placed last, by which later hand edits are told; on a sheet that nobody sees.
PLACED = Table(
    "Placed",
    Text("上次分班", "Last placed"),
    (
        Field("id", Text("学号", "Id")),
        Field("class", Text("班级", "Class")),
        Field("by_hand", Text("手工", "By hand"), choices=YES_NO),  # put there by a person since they were placed
    ),
)

INPUTS = (STUDENTS, COLUMNS, CLASSES, RULES_TABLE, SETTINGS)
OUTPUTS = (BALANCE, GAPS, CHECKS, CLASS_LISTS, ISSUES, HISTORY, CHARTS, UNDO, PLACED)
TABLES: dict[str, Table] = {table.name: table for table in (*INPUTS, *OUTPUTS)}


def matching(word: object) -> str:
    """Return the form in which headers and choices are compared: NFKC, lower case, no spaces or signs."""
    text = unicodedata.normalize("NFKC", "" if word is None else str(word)).casefold()
    return "".join(char for char in text if char.isalnum())


def choice(word: object, choices: Mapping[str, Text]) -> str | None:
    """Return the canonical key of a choice written in either language, or None if it is none of them."""
    wanted = matching(word)
    for key, text in choices.items():
        if wanted in (matching(key), matching(text.zh), matching(text.en)):
            return key
    return None


def header_of(frame_columns: Iterable[str], field: Field) -> str | None:
    """Return the header under which a field stands among these headers, or None.

    The last one wins: a roster may bring a 班级 of its own, ours stands behind it.
    """
    known = {matching(name) for name in field.names()}
    return next((header for header in reversed(list(frame_columns)) if matching(header) in known), None)


def to_canonical(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with every declared field under its key; missing fields are added, blank.

    Undeclared columns are kept in open tables and dropped in the others.
    """
    import pandas as pd  # late: a check of the installation reads declarations, and must work where pandas does not

    found = {field.key: header_of(frame.columns, field) for field in table.fields}
    if table.open:
        renamed = frame.rename(columns={header: key for key, header in found.items() if header is not None})
        for key, header in found.items():
            if header is None:
                renamed[key] = None
        return renamed
    columns = {key: (frame[header] if header is not None else None) for key, header in found.items()}
    return pd.DataFrame(columns, index=frame.index, columns=list(found), dtype=object)


def framed(table: Table, rows: Iterable[Mapping[Any, object]]) -> pd.DataFrame:
    """Return rows as a frame with the table's declared fields; what a row does not say is None."""
    import pandas as pd

    keys = [field.key for field in table.fields]
    return pd.DataFrame([[row.get(key) for key in keys] for row in rows], columns=keys, dtype=object)


def headers_in(keys: Iterable[str], table: Table, lang: Lang) -> list[str]:
    """Return the header of each canonical key in one language; keys that are not declared are headers already.

    Ours gives way (新班级, New class) where the roster has the same header already.
    """
    keys = list(keys)
    declared = {field.key: field for field in table.fields}
    taken = {key.casefold() for key in keys if key not in declared}
    return [_free_header(declared[key], taken, lang) if key in declared else key for key in keys]


def _free_header(field: Field, taken: set[str], lang: Lang) -> str:
    aliases = field.aliases if lang == "zh" else field.aliases[::-1]
    names = (field.header.to(lang), *aliases)
    return next((name for name in names if name.casefold() not in taken), field.key)
