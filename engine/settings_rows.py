"""The rows of the table *Settings* declared once: key, label, value when nothing is said, meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.tables import ABSENT_MARKS, EFFORTS, HAND_MOVED, ID_MASKS, LANGUAGES, NAME_MASKS, YES_NO, choice, matching
from engine.wording import Text


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of *Settings*: canonical key, label, value when the row is missing or blank, meaning.

    ``sealed``: it decides who comes into which class, so a seal (`engine.sealing`) covers it. ``spelled``: what else
    staff write for a choice, as `matching` has it, and the choice's key.
    """

    key: str
    label: Text
    default: str
    meaning: Text
    choices: Mapping[str, Text] | None = None
    sealed: bool = True
    spelled: Mapping[str, str] = field(default_factory=dict)

    def chosen(self, cell: object) -> str | None:
        """Return the key of the choice a cell names, or None if it names none."""
        return choice(cell, self.choices or {}) or self.spelled.get(matching(cell))


_CHINESE = "中 汉语 汉文 华文 简体 简体中文 中文简体 简中 zhcn zhhans chinese simplifiedchinese chinesesimplified cn"
_ENGLISH = "英 英文 英语 英語 英文版 enus engb eng"

SETTING_ROWS: tuple[Setting, ...] = (
    Setting(
        "seed",
        Text("随机种子", "Seed"),
        "1",
        Text(
            "同样的名单、种子和版本，总得到同样的分班。",
            "The same input, seed and version always give the same classes.",
        ),
        sealed=False,  # a draw makes its own
    ),
    Setting(
        "effort",
        Text("计算强度", "Effort"),
        "quick",
        Text(
            "快速、标准或深度：300人约需0.5秒、1秒、8秒；计算越久，结果越均衡。",
            "Quick, standard or deep: about 0.5, 1 or 8 seconds for 300 pupils. A longer search balances better.",
        ),
        EFFORTS,
    ),
    Setting(
        "size_gap",
        Text("班额最大差", "Class size gap"),
        "1",
        Text(
            "未指定人数的班级之间允许的最大人数差。", "How far apart the sizes of classes without a given size may be."
        ),
    ),
    Setting(
        "same_name_apart",
        Text("同名不同班", "Same name apart"),
        "yes",
        Text("姓名完全相同的学生分到不同班。", "Pupils with exactly the same name go to different classes."),
        YES_NO,
    ),
    Setting(
        "same_sound_apart",
        Text("同音不同班", "Same sound apart"),
        "yes",
        Text(
            "姓名读音相同或相近的学生分到不同班。",
            "Pupils whose names sound the same or alike go to different classes.",
        ),
        YES_NO,
    ),
    Setting(
        "like_sounds",
        Text("近音对照", "Like sounds"),
        "z=zh c=ch s=sh n=l an=ang en=eng in=ing",
        Text(
            "视为同音的声母或韵母，用空格隔开；留空表示只看读音完全相同。",
            "Initials or finals heard as the same, separated by spaces; blank: only names that sound exactly the same.",
        ),
    ),
    Setting(
        "absent_marks",
        Text("缺考处理", "Missing marks"),
        "leave_out",
        Text(
            "不计入平均：均分只算有成绩的学生，缺考人数另行均衡。按零分计：缺考算 0 分。",
            "Leave out: means are over the marks present and the number missing is evened out. Zero: counts as 0.",
        ),
        ABSENT_MARKS,
    ),
    Setting(
        "official",
        Text("应有人数", "Official count"),
        "",
        Text(
            "学籍上应有多少名学生；封存名单时与名单核对，留空就不核对。",
            "How many pupils there officially are; sealing compares the list with it; blank: not compared.",
        ),
        sealed=False,
    ),
    Setting(
        "hand_moved",
        Text("手工换过的学生", "Pupils moved by hand"),
        "stay",
        Text(
            "“推荐交换”“重新均衡”“继续优化”是否可以再动上次分班后手工换过、试换后采用的学生；锁定的总是不动。",
            "Whether Repair, Rebalance and Improve may move pupils who were moved by hand, or tried and applied, since "
            "they were placed; locked ones always stay.",
        ),
        HAND_MOVED,
        sealed=False,
    ),
    Setting(
        "language",
        Text("语言", "Language"),
        "zh",
        Text("结果表所用的语言。", "The language of the result tables."),
        LANGUAGES,
        sealed=False,
        spelled=dict.fromkeys(_CHINESE.split(), "zh") | dict.fromkeys(_ENGLISH.split(), "en"),
    ),
    Setting(
        "mask_name",
        Text("公示姓名", "Names published"),
        "middle",
        Text(
            "公示时姓名怎么遮盖：张*三、张** 或不遮盖。只影响公示，不影响分班。",
            "How names are masked where they are published; decides nothing about classes.",
        ),
        NAME_MASKS,
        sealed=False,
    ),
    Setting(
        "mask_id",
        Text("公示学号", "Ids published"),
        "tail",
        Text(
            "公示时学号怎么遮盖；至少遮住一半。遮盖后看起来一样的学生会多露几位来区分，并指出是谁。",
            "How ids are masked; half of an id at least is hidden. Pupils who would look the same show a few more "
            "characters, and are named to you.",
        ),
        ID_MASKS,
        sealed=False,
    ),
    Setting(
        "published_columns",
        Text("公示其他列", "Other columns published"),
        "",
        Text(
            "除姓名、学号、班级外还公示哪些列，用顿号隔开，如“性别”；留空：没有。",
            "Columns published besides name, id and class, separated by commas, such as Gender; blank: none.",
        ),
        sealed=False,
    ),
)
