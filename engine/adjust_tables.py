"""Tables that a command makes when it first needs them: no template has their sheets, a workbook may lack them."""

from __future__ import annotations

from engine.draw_tables import DRAWS, PARTS, SEAL, SEALED, TEACHERS
from engine.tables import TABLES, YES_NO, Field, Table
from engine.wording import Text

_CHOOSE = Field("choose", Text("选用", "Choose"), choices=YES_NO)
_NUMBER = Field("number", Text("序号", "No."))
_BETTER = Field("better", Text("变好", "Better"))
_WORSE = Field("worse", Text("变差", "Worse"))
_BROKEN = Field("broken", Text("新违反的规则", "Rules then broken"))
_ID = Field("id", Text("学号", "Id"))
_NAME = Field("name", Text("姓名", "Name"))

ALTERNATIVES = Table(
    "Alternatives",
    Text("备选方案", "Alternatives"),
    (
        _CHOOSE,
        _NUMBER,
        Field("moved", Text("换班人数", "Pupils moved")),
        Field("violations", Text("违规", "Violations")),
        Field("at_floor", Text("已达最小可能差", "At the floor")),
        Field("largest_mean_gap", Text("均分最大差", "Largest mean gap")),
        _BETTER,
        _WORSE,
    ),
)

SUGGESTIONS = Table(
    "Suggestions",
    Text("推荐交换", "Suggestions"),
    (
        _CHOOSE,
        _NUMBER,
        Field("exchange", Text("交换", "Exchange")),
        _BETTER,
        _WORSE,
        _BROKEN,
        Field("mended", Text("不再违反的规则", "Rules then kept")),
    ),
)

REASONS = Table(
    "Reasons",
    Text("解释", "Why"),
    (
        Field("pupil", Text("学生", "Pupil")),
        Field("class", Text("换到", "To class")),
        Field("verdict", Text("结论", "Verdict")),
        Field("exchange", Text("代价最小的交换", "Least harmful exchange")),
        _WORSE,
        _BROKEN,
        _BETTER,
    ),
)

LATE = Table(
    "Late",
    Text("补录", "Late arrivals"),
    (
        Field("when", Text("时间", "When")),
        _ID,
        _NAME,
        Field("class", Text("班级", "Class")),
        Field("allowed", Text("可进的班", "Classes allowed")),
        Field("reasons", Text("其余班不可进的原因", "Why not the others")),
        Field("seed", Text("随机种子", "Seed")),
    ),
)

PRICES = Table(
    "Prices",
    Text("规则代价", "Prices"),
    (
        Field("rule", Text("规则", "Rule")),
        Field("pupils", Text("学生", "Pupils")),
        Field("source", Text("来源", "Source")),
        Field("price", Text("代价", "Price")),
        Field("without", Text("没有它时", "Without it")),
        Field("give_up", Text("建议取消的顺序", "Give up, in this order")),
        Field("found_by", Text("怎样得出", "Found by")),
    ),
)

PLANS = Table("Plans", Text("方案", "Plans"), (_ID, _NAME), open=True)

COMPARISON = Table("Comparison", Text("方案比较", "Comparison"), (Field("criterion", Text("项目", "Item")),), open=True)

EDITS = Table(
    "Edits",
    Text("手工改动", "Edits"),
    (
        _ID,
        _NAME,
        Field("from", Text("原来", "From")),
        Field("to", Text("现在", "To")),
    ),
)

FAIRNESS = Table(
    "Fairness",
    Text("公平性", "Fairness"),
    (
        Field("test", Text("检验项", "Test")),
        Field("uneven", Text("不均的概率", "As uneven by lot")),
        Field("holm", Text("校正后", "Corrected")),
        Field("even", Text("均匀的概率", "As even by lot")),
        Field("how", Text("算法", "How")),
        Field("verdict", Text("结论", "Verdict")),
        Field("sentence", Text("说明", "In words")),
    ),
)

CHANGES = Table(
    "Changes",
    Text("变更", "Changes"),
    (
        Field("what", Text("变更", "What")),
        Field("then", Text("原序号", "Row then")),
        Field("now", Text("现序号", "Row now")),
        Field("pupil", Text("学生", "Pupil")),
        Field("column", Text("列", "Column")),
        Field("old", Text("当时", "Was")),
        Field("new", Text("现在", "Is")),
        Field("sentence", Text("说明", "In words")),
    ),
)

# What the rows of Alternatives and Suggestions would move; on a sheet that nobody sees.
CHOICES = Table(
    "Choices",
    Text("备选记录", "Choices"),
    (
        Field("list", Text("表", "List")),
        _NUMBER,
        _ID,
        Field("from", Text("原来", "From")),
        Field("to", Text("换到", "To")),
        Field("by_hand", Text("手工", "By hand"), choices=YES_NO),
    ),
)

MORE_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ALTERNATIVES,
        SUGGESTIONS,
        REASONS,
        LATE,
        PRICES,
        PLANS,
        COMPARISON,
        EDITS,
        FAIRNESS,
        CHANGES,
        CHOICES,
        TEACHERS,
        SEAL,
        DRAWS,
        PARTS,
        SEALED,
    )
}
DECLARED: dict[str, Table] = {**TABLES, **MORE_TABLES}
