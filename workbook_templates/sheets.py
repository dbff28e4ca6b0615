"""How each table's sheet looks: title, hint for staff, column widths, paper; declared, nothing drawn here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.wording import Lang, Text
from workbook_templates.looks import AS_TEXT, DECIMALS, MOMENT, SHARE_OR_UNIT
from workbook_templates.paper import Paper

Align = Literal["left", "center", "right"]

HEADER_ROW = 2  # counted from 0: title, hint, then the table's header, on every sheet
FIRST_ROW = HEADER_ROW + 1
WIDEST = 99  # last column, counted from 0, that an open table's looks cover
ROW_HEIGHT = 20  # of a row with one line of text, in points
TITLE_HEIGHT, HINT_HEIGHT, HEADER_HEIGHT = 36, 24, 32  # of the rows above the data, in points
_LINE_HEIGHT = 15


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: width in characters, alignment, number format, prose (wrapped) or not."""

    width: float
    align: Align = "left"
    form: str = "General"
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table's sheet. ``columns`` is by field key; ``others`` is for an open table's own columns.

    ``blank_rows`` is how many empty data rows the empty template has (Excel wants at least one);
    ``reach`` is how many data rows the validation lists and conditional formats cover, since tables grow.
    ``across``: too wide for one page; printed over several, the first column on each. ``scale``: printed at so many
    percent, not fitted to the page's width: Excel does not start pages where it is told to on a sheet that is fitted.
    ``hidden``: not even in the list of hidden sheets.
    """

    title: Text
    hint: Text
    columns: Mapping[str, Column]
    landscape: bool = True
    blank_rows: int = 1
    reach: int = 5000
    filtered: bool = False
    frozen_columns: int = 0
    across: bool = False
    scale: int | None = None
    hidden: bool = False
    others: Column = field(default_factory=lambda: Column(11, "center"))

    @property
    def hint_column(self) -> int:
        """The column in which the hint begins: not that which is printed again and again, cut off."""
        return int(self.across)

    def paper(self, lang: Lang) -> Paper:
        """Return how the sheet goes onto paper."""
        return Paper(
            landscape=self.landscape,
            pages_wide=None if self.across else 1,
            scale=self.scale,
            title=self.title.to(lang),
            head=HEADER_ROW,
            first_column=self.across,
        )


def row_height(lines: int) -> float:
    """Return the height in points of a row with this many lines of text."""
    return ROW_HEIGHT if lines == 1 else lines * _LINE_HEIGHT + 6


def header_height(lines: int) -> float:
    """Return the height in points of a header row with this many lines of text."""
    return max(HEADER_HEIGHT, row_height(lines))


def _code(width: float, align: Align = "left") -> Column:
    return Column(width, align, AS_TEXT)


_COUNT = Column(11, "right")
_FIGURE = Column(10, "right", DECIMALS)

# What the roster example in an empty template looks like.
ROSTER_EXAMPLE = (
    Text("学号", "Id"),
    Text("姓名", "Name"),
    Text("性别", "Gender"),
    Text("语文", "English"),
    Text("数学", "Maths"),
    Text("英语", "Science"),
)
ROSTER_COLUMNS: tuple[Column, ...] = (_code(18), _code(13), Column(10, "center"))

SHEETS: dict[str, Sheet] = {
    "Students": Sheet(
        Text("学生", "Students"),
        Text(
            "把年级名单粘贴到这里，列数、列序、列名都可以不同。“班级”由程序写出，可以手工改；“锁定”为“是”的学生不再换班。",
            "Paste the roster here; any columns in any order. Class is written by the program and may be edited; "
            "Locked pupils stay where they are.",
        ),
        {"placed_class": _code(12, "center"), "locked": Column(10, "center")},
        filtered=True,
        frozen_columns=2,
        reach=20000,
    ),
    "Columns": Sheet(
        Text("列设置", "Columns"),
        Text(
            "学生表的每一列一行：是什么、要不要均衡、有多重要。导入时由程序判断，请核对“用途”。",
            "One row per column of Students: what it is and how it should be evened out. "
            "Guessed on import; please check “Use as”.",
        ),
        {
            "column": _code(17),
            "use": Column(13, "center"),
            "weight": Column(8, "center"),
            "tolerance": Column(10, "center"),
            "band_width": Column(11, "center", SHARE_OR_UNIT),
            "top": Column(9, "center"),
            "bottom": Column(9, "center"),
            "spread": Column(10, "center"),
            "at_most": Column(11, "center"),
            "reason": Column(42, prose=True),
        },
    ),
    "Classes": Sheet(
        Text("班级", "Classes"),
        Text(
            "一个班一行。人数留空：各班平均；人数上限可以不填。“锁定”为“是”的班，学生不进不出。",
            "One row per class. Leave Size blank for equal classes; Largest size is optional. In a Locked class nobody "
            "moves in or out.",
        ),
        {
            "class": _code(16),
            "size": Column(12, "center"),
            "largest": Column(12, "center"),
            "teacher": Column(18),
            "note": Column(30, prose=True),
            "locked": Column(8, "center"),
        },
        landscape=False,
        blank_rows=8,
    ),
    "Rules": Sheet(
        Text("规则", "Rules"),
        Text(
            "必须遵守的要求，一条一行。学生写学号或姓名，用顿号或逗号隔开。最后两列由程序写出。",
            "What must hold, one rule per row. Pupils by id or name, separated by commas. "
            "The program writes the last two columns.",
        ),
        {
            "rule": Column(13, "center"),
            "pupils": Column(44, form=AS_TEXT, prose=True),
            "class": _code(12, "center"),
            "at_most": Column(11, "center"),
            "reason": Column(32, prose=True),
            "kept": Column(11, "center"),
            "price": Column(13, "center"),
        },
        blank_rows=8,
    ),
    "Settings": Sheet(
        Text("设置", "Settings"),
        Text("只改“值”一列；一般不用改。", "Change only the Value column; the defaults suit most schools."),
        {
            "setting": Column(20),
            "value": Column(26, prose=True),
            "meaning": Column(48, prose=True),
        },
        landscape=False,
    ),
    "Balance": Sheet(
        Text("均衡汇总", "Balance"),
        Text("每班一行：人数、各类人数、各科均分。", "One row per class: size, counts and means."),
        {"class": _code(13), "size": Column(9, "right")},
        frozen_columns=1,
        across=True,
        scale=80,
        others=Column(12, "right", DECIMALS),
    ),
    "Gaps": Sheet(
        Text("均衡检验", "Gaps"),
        Text(
            "每个均衡项一行。最大差 = 最大的班减最小的班；最小可能差 = 任何分法都不能更小的差。",
            "One row per criterion. Gap: largest class minus smallest. Floor: no placement can have a smaller gap.",
        ),
        {
            "criterion": Column(28, prose=True),
            "column": Column(13),
            "kind": Column(9, "center"),
            "smallest": _FIGURE,
            "largest": _FIGURE,
            "gap": _FIGURE,
            "floor": Column(12, "right", DECIMALS),
            "tolerance": _FIGURE,
            "verdict": Column(21, "center", prose=True),
            "remark": Column(46, prose=True),
        },
        frozen_columns=1,
    ),
    "Checks": Sheet(
        Text("规则检查", "Checks"),
        Text(
            "每条规则一行，分班后逐条重新核对。",
            "One row per rule, each checked afresh on the finished placement.",
        ),
        {
            "rule": Column(14),
            "pupils": Column(40, form=AS_TEXT, prose=True),
            "class": _code(11, "center"),
            "source": Column(24, prose=True),
            "kept": Column(12, "center"),
            "detail": Column(38, prose=True),
        },
        filtered=True,
        reach=20000,
    ),
    "ClassLists": Sheet(
        Text("分班名单", "Class lists"),
        Text(
            "按班级排列，可直接打印：每班另起一页。", "In class order, ready to print, each class on a page of its own."
        ),
        {
            "class": _code(16),
            "size": Column(9, "center"),
            "number": Column(9, "center"),
            "id": _code(23),
            "name": _code(19),
            "gender": Column(11, "center"),
            "total": Column(12, "center"),
        },
        landscape=False,
        scale=66,  # 50 pupils on a page
        filtered=True,
        reach=20000,
    ),
    "Issues": Sheet(
        Text("问题", "Issues"),
        Text(
            "检查发现的问题。有“错误”时不能分班；“警告”请看一看；“提示”供参考。",
            "What the check found. Errors must be fixed before placing; look at warnings; notes are for information.",
        ),
        {
            "level": Column(10, "center"),
            "table": Column(13),
            "row": Column(8, "center"),
            "column": Column(16),
            "what": Column(49, prose=True),
            "do": Column(49, prose=True),
        },
        filtered=True,
        reach=20000,
    ),
    "History": Sheet(
        Text("方案记录", "History"),
        Text(
            "每次操作一行。名单、随机种子和版本相同，分班结果就相同。",
            "One row per run. The same input, seed and version give the same placement.",
        ),
        {
            "when": Column(18, "left", MOMENT),
            "command": Column(11),
            "version": _code(9, "center"),
            "seed": Column(9, "center"),
            "effort": Column(10, "center"),
            "steps": Column(14, "right", "#,##0"),
            "pupils": _COUNT,
            "classes": _COUNT,
            "violations": _COUNT,
            "imbalance": Column(14, "right"),
            "at_floor": Column(11, "center"),
            "largest_mean_gap": Column(11, "right", DECIMALS),
            "roster_hash": _code(14),
            "placement_hash": _code(14),
            "ended": Column(18, prose=True),
        },
    ),
    "Charts": Sheet(
        Text("图表数据", "Chart data"),
        Text("“均衡图”画的就是这些数，由程序写出。", "What the sheet Charts draws; written by the program."),
        {
            "class": _code(16),
            "first": Column(14, "right"),
            "second": Column(14, "right"),
            "others": Column(14, "right"),
            "mean": Column(14, "right", DECIMALS),
            "overall": Column(14, "right", DECIMALS),
        },
        landscape=False,
        blank_rows=2,  # so that the charts refer to ranges, never to a single cell
    ),
    "Undo": Sheet(
        Text("撤销记录", "Undo"),
        Text("“撤销”要用的内容，由程序写出，请勿修改。", "What Undo needs; written by the program, not to be changed."),
        {"step": Column(8, "right"), "command": Column(14), "piece": _code(60)},
        landscape=False,
        hidden=True,
    ),
    "Placed": Sheet(
        Text("上次分班", "Last placed"),
        Text("程序上次分到的班，用来找出手工改动。", "What a command placed last, to tell later hand edits."),
        {"id": _code(22), "class": _code(15), "by_hand": Column(8, "center")},
        landscape=False,
        hidden=True,
    ),
}
