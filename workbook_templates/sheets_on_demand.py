"""How the sheets look that no template has: declared like the others, drawn when a command makes them."""

from __future__ import annotations

from engine.wording import Text
from workbook_templates.looks import AS_TEXT, DECIMALS, MOMENT
from workbook_templates.sheets import SHEETS, Column, Sheet

_CODE = Column(18, form=AS_TEXT)
_NAME = Column(14, form=AS_TEXT)
_CLASS = Column(12, "center", AS_TEXT)
_WHEN = Column(18, form=MOMENT)
_COUNT = Column(10, "center")
_PROSE = Column(34, prose=True)
_PUPILS = Column(24, form=AS_TEXT, prose=True)
_SENTENCE = Column(56, prose=True)
_CHANGED = Column(20, prose=True)
_CHANCE = Column(12, "right", DECIMALS)

_ON_DEMAND: dict[str, Sheet] = {
    "Alternatives": Sheet(
        Text("备选方案", "Alternatives"),
        Text(
            "一行一个方案，换的人越来越多。在“选用”写“是”，再按“采用所选”。",
            "One row per alternative, moving ever more pupils. Write yes under Choose, then press Apply.",
        ),
        {
            "choose": _COUNT,
            "number": Column(8, "center"),
            "moved": _COUNT,
            "violations": _COUNT,
            "at_floor": Column(13, "center"),
            "largest_mean_gap": Column(13, "right", DECIMALS),
            "better": _PROSE,
            "worse": _PROSE,
        },
    ),
    "Suggestions": Sheet(
        Text("推荐交换", "Suggestions"),
        Text(
            "最好的换法排在最前。在“选用”写“是”，再按“采用所选”。",
            "The best exchange comes first. Write yes under Choose, then press Apply.",
        ),
        {
            "choose": _COUNT,
            "number": Column(8, "center"),
            "exchange": _PROSE,
            "better": _PROSE,
            "worse": _PROSE,
            "broken": _PUPILS,
            "mended": _PUPILS,
        },
    ),
    "Reasons": Sheet(
        Text("解释", "Why"),
        Text(
            "这名学生换到每个别的班，代价最小的换法和会变差的项。",
            "For every other class: the least harmful exchange for this pupil, and what it would make worse.",
        ),
        {
            "pupil": _PUPILS,
            "class": _CLASS,
            "verdict": _PUPILS,
            "exchange": _PROSE,
            "worse": _PROSE,
            "broken": _PUPILS,
            "better": _PROSE,
        },
    ),
    "Late": Sheet(
        Text("补录", "Late arrivals"),
        Text(
            "每名补录生一行：可进的班、其余班不可进的原因、抽签用的种子。",
            "One row per late arrival: the classes allowed, why not the others, the seed of the lot.",
        ),
        {
            "when": _WHEN,
            "id": _CODE,
            "name": _NAME,
            "class": _CLASS,
            "allowed": _PUPILS,
            "reasons": _SENTENCE,
            "seed": Column(15, "right"),
        },
    ),
    "Prices": Sheet(
        Text("规则代价", "Prices"),
        Text(
            "每条规则一行：没有这条规则，各项还能均衡多少。",
            "One row per rule: how much more even the classes could be without it.",
        ),
        {
            "rule": Column(14),
            "pupils": Column(32, form=AS_TEXT, prose=True),
            "source": _PUPILS,
            "price": _PROSE,
            "without": _PROSE,
            "give_up": Column(13, "center"),
            "found_by": _PUPILS,
        },
    ),
    "Plans": Sheet(
        Text("方案", "Plans"),
        Text("每个存下的方案一列：每名学生在哪个班。", "One column per plan kept: the class of every pupil."),
        {"id": _CODE, "name": _NAME},
        landscape=False,
        frozen_columns=2,
        others=_CLASS,
    ),
    "Comparison": Sheet(
        Text("方案比较", "Comparison"),
        Text(
            "现在的分班和存下的方案并列；每项写最大差。",
            "What stands now beside the plans kept; for every criterion its gap.",
        ),
        {"criterion": Column(34, prose=True)},
        landscape=False,
        frozen_columns=1,
        others=Column(14, "right"),
    ),
    "Edits": Sheet(
        Text("手工改动", "Edits"),
        Text("与最近存下的方案不同的学生。", "Pupils who are elsewhere than in the plan saved last."),
        {"id": _CODE, "name": _NAME, "from": _CLASS, "to": _CLASS},
        landscape=False,
    ),
    "Fairness": Sheet(
        Text("公平性", "Fairness"),
        Text(
            "每项检验一行：如果纯抽签，有多大可能同样不均或更不均。很小才可疑。",
            "One row per test: how likely a pure lot is as uneven or more. Only a very small chance is suspicious.",
        ),
        {
            "test": Column(24, prose=True),
            "uneven": _CHANCE,
            "holm": _CHANCE,
            "even": _CHANCE,
            "how": Column(20, prose=True),
            "verdict": _CHANGED,
            "sentence": _SENTENCE,
        },
    ),
    "Changes": Sheet(
        Text("变更", "Changes"),
        Text("后来的名单与当时的不同之处，一处一行。", "What differs from the list as it was, one row each."),
        {
            "what": _CHANGED,
            "then": Column(9, "center"),
            "now": Column(9, "center"),
            "pupil": _PUPILS,
            "column": _CHANGED,
            "old": _CHANGED,
            "new": _CHANGED,
            "sentence": _SENTENCE,
        },
    ),
    "Choices": Sheet(
        Text("备选记录", "Choices"),
        Text(
            "“采用所选”要用的内容，由程序写出，请勿修改。",
            "What Apply needs; written by the program, not to be changed.",
        ),
        {},
        hidden=True,
    ),
    "Teachers": Sheet(
        Text("教师", "Teachers"),
        Text(
            "一名教师一行，抽签时和班级一起抽；“抽到的班”由程序写出。",
            "One row per teacher, drawn together with the classes. The program writes Class drawn.",
        ),
        {
            "name": _NAME,
            "gender": _COUNT,
            "subject": Column(13, "center"),
            "head": _COUNT,
            "title": Column(14, "center"),
            "experience": _COUNT,
            "barred": _PUPILS,
            "drawn_class": _CLASS,
        },
    ),
    "Seal": Sheet(
        Text("封存", "Seal"),
        Text("封存了什么、封存码是什么；由程序写出。", "What was sealed, and its code; written by the program."),
        {"item": Column(26, prose=True), "value": Column(70, form=AS_TEXT, prose=True)},
        landscape=False,
    ),
    "Draws": Sheet(
        Text("抽签记录", "Draws"),
        Text(
            "封存、抽签、启封，每次一行，不能撤销。", "Every seal, draw and opening of a seal, one row each, for good."
        ),
        {
            "when": _WHEN,
            "what": _CHANGED,
            "seal": Column(24, form=AS_TEXT),
            "number": Column(8, "center"),
            "parts": _PROSE,
            "seed": Column(20, form=AS_TEXT),
            "result": Column(24, form=AS_TEXT),
        },
    ),
    "SeedParts": Sheet(
        Text("抽签", "Draw"),
        Text(
            "在场各方一人一行，按先后；填好再按“现场抽签”。",
            "One row for each of those present, in order; fill it in, then press Draw.",
        ),
        {"who": _PUPILS, "said": _SENTENCE},
        landscape=False,
    ),
    "Sealed": Sheet(
        Text("封存副本", "Sealed copy"),
        Text("封存的名单，由程序写出，请勿修改。", "The sealed list; written by the program, not to be changed."),
        {},
        hidden=True,
    ),
}
EVERY_SHEET: dict[str, Sheet] = {**SHEETS, **_ON_DEMAND}
