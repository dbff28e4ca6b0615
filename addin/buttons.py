"""Every button declared once: the ribbon, LibreOffice's menu and toolbar and their tests are all made from this."""

from __future__ import annotations

from dataclasses import dataclass

from engine.wording import Text


@dataclass(frozen=True, slots=True)
class Group:
    """A group of buttons on the tab."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Button:
    """One button. ``key`` is its name everywhere; ``icon`` is one of Office's own pictures (imageMso).

    ``needs`` says what must be there for it to work: "nothing", "tables" (an open workbook of ours), "placement"
    (pupils with classes), "history" (something to undo).
    """

    key: str
    group: str
    label: Text
    tip: Text
    icon: str
    needs: str = "tables"
    large: bool = False


TAB = Text("均衡分班", "EvenClass")

GROUPS = (
    Group("prepare", Text("准备", "Prepare")),
    Group("place", Text("分班", "Place")),
    Group("adjust", Text("调整", "Adjust")),
    Group("draw", Text("抽签", "Draw")),
    Group("results", Text("结果", "Results")),
    Group("help", Text("帮助", "Help")),
)

ADJUST = (
    Button(
        "try",
        "adjust",
        Text("试换", "Try"),
        Text(
            "选中两名学生看互换会怎样，选中一名看换到各班会怎样，一名加“班级”列里的一格看换到那个班会怎样；不改动分班。",
            "Two pupils selected: what a swap would change. One: a move to each class; with a cell of Class: to that "
            "class. Nobody is moved.",
        ),
        "GoalSeek",
        needs="placement",
    ),
    Button(
        "repair",
        "adjust",
        Text("推荐交换", "Repair"),
        Text(
            "手工改动之后，列出把均衡换回来的最好换法；可先选中一个班、一个均衡项或几名学生。",
            "After hand edits: list what brings balance back; for the class, criterion or pupils selected.",
        ),
        "SortDialog",
        needs="placement",
    ),
    Button(
        "why",
        "adjust",
        Text("解释", "Why"),
        Text(
            "选中的学生换到别的班，代价最小的换法和会变差的项。",
            "For the pupil selected: the least harmful way into every other class, and what it would worsen.",
        ),
        "TraceDependents",
        needs="placement",
    ),
    Button(
        "rebalance",
        "adjust",
        Text("重新均衡", "Rebalance"),
        Text(
            "锁定的、手工换过的学生和锁定的班级不动，列出换几个人能均衡到什么程度，供选择。",
            "Locked pupils and classes and those moved by hand stay: how even the rest gets for how many moves.",
        ),
        "WhatIfAnalysisMenu",
        needs="placement",
    ),
    Button(
        "apply",
        "adjust",
        Text("采用所选", "Apply"),
        Text(
            "采用“推荐交换”或“备选方案”里选中的（或“选用”填“是”的）那一行。",
            "Do what the selected row of Suggestions or Alternatives says, or the one with yes in Choose.",
        ),
        "DataValidation",
        needs="placement",
    ),
    Button(
        "late",
        "adjust",
        Text("补录", "Late arrivals"),
        Text(
            "没有班级的学生在人数、性别、成绩允许的班里抽签；其他人不动，经过有记录。",
            "Pupils without a class get one by lot among those that size, gender and marks allow; nobody else moves.",
        ),
        "TableRowsInsertAboveExcel",
        needs="placement",
    ),
    Button(
        "prices",
        "adjust",
        Text("规则代价", "Prices"),
        Text(
            "每条规则的代价：没有它，哪些项能更均衡；规则矛盾时先取消哪几条。",
            "What each rule costs: what would be more even without it; in a conflict, which to give up first.",
        ),
        "AccountingFormat",
        needs="placement",
    ),
    Button(
        "save_plan",
        "adjust",
        Text("存为方案", "Save plan"),
        Text("把现在的分班存成一个方案。", "Keep the placement that stands as a plan."),
        "FileSaveAs",
        needs="placement",
    ),
    Button(
        "compare_plans",
        "adjust",
        Text("比较方案", "Compare plans"),
        Text(
            "各方案和现在的分班并排比较，列出谁换了班。", "Plans beside what stands: criteria, rules, who is elsewhere."
        ),
        "ViewSideBySide",
        needs="placement",
    ),
    Button(
        "restore_plan",
        "adjust",
        Text("恢复方案", "Restore plan"),
        Text(
            "恢复“方案”表里选中的那一列；没有选中就恢复最后存的。",
            "Put back the plan whose column is selected in Plans; else the one saved last.",
        ),
        "FileOpen",
        needs="placement",
    ),
)

DRAW = (
    Button(
        "teachers",
        "draw",
        Text("教师表", "Teachers"),
        Text(
            "要抽教师的，加一张“教师”表，填好后和班级一起抽签。",
            "To draw teachers too: add the sheet Teachers; filled in, they are drawn with the classes.",
        ),
        "TableInsertExcel",
    ),
    Button(
        "seal",
        "draw",
        Text("封存名单", "Seal"),
        Text(
            "封存名单和全部设置，得到封存码，当众宣布；之后的任何改动都能逐格指出。",
            "Seal the list and all settings; announce the code. Any later change is named cell by cell.",
        ),
        "Lock",
    ),
    Button(
        "draw",
        "draw",
        Text("现场抽签", "Draw"),
        Text(
            "用“抽签”表里各方当场说的话定种子，分班、抽班级、抽教师，只抽一次，全程有记录。",
            "From what each party says (sheet Draw): groups, classes and teachers, once, on record.",
        ),
        "CalculateNow",
    ),
    Button(
        "certificate",
        "draw",
        Text("抽签凭证", "Certificate"),
        Text(
            "一页 A4：封存码、结果码、各方的话、各项最大差、二维码、签字处。",
            "One page of A4: the codes, what was said, gaps and floors, a QR code, places to sign.",
        ),
        "SignatureLineInsert",
    ),
    Button(
        "verify",
        "draw",
        Text("复核", "Verify"),
        Text(
            "把封存、种子、分班、抽签全部重新计算，说出一致和不一致的。",
            "Recompute seal, seed, placement and draw; say what agrees and what does not.",
        ),
        "FileViewDigitalSignatures",
    ),
    Button(
        "ceremony",
        "draw",
        Text("大屏", "Ceremony"),
        Text(
            "投影用的抽签页，一步一步，也能核对：一个网页文件，存在工作簿旁，不联网。",
            "The draw for the projector, step by step, and for checking: one page beside the workbook, no network.",
        ),
        "ViewFullScreenView",
    ),
)

BUTTONS = (
    Button(
        "new_workbook",
        "prepare",
        Text("新建工作簿", "New workbook"),
        Text("新建一个空的分班工作簿。", "Make a new, empty workbook for placing."),
        "FileNew",
        needs="nothing",
    ),
    Button(
        "import_roster",
        "prepare",
        Text("导入名单", "Import roster"),
        Text(
            "读入一份名单（.xlsx .xls .ods .csv），自动判断每一列是什么。名单文件不会被改动。",
            "Read a roster (.xlsx .xls .ods .csv) and guess what each column is. The file is not changed.",
        ),
        "GetExternalDataFromText",
        needs="nothing",
    ),
    Button(
        "check",
        "prepare",
        Text("检查", "Check"),
        Text("列出全部问题，写进“问题”表。", "List every issue and write them to the sheet Issues."),
        "ErrorChecking",
    ),
    Button(
        "place",
        "place",
        Text("一键分班", "Place"),
        Text(
            "按列设置、班级、规则和设置分班，写出班级和各张结果表。",
            "Place the pupils by the sheets Columns, Classes, Rules and Settings; write classes and all results.",
        ),
        "ObjectsGroup",
        large=True,
    ),
    Button(
        "improve",
        "place",
        Text("继续优化", "Improve"),
        Text(
            "从现有的分班接着算，锁定的、手工换过的学生不动；没有更好的就不改。",
            "Search on from the placement that stands; locked pupils and those moved by hand stay; nothing changes "
            "unless it is better.",
        ),
        "Refresh",
        needs="placement",
    ),
    Button(
        "undo",
        "place",
        Text("撤销", "Undo"),
        Text("恢复到上一次操作之前。", "Restore what was there before the last command."),
        "Undo",
        needs="history",
    ),
    Button(
        "redo",
        "place",
        Text("重做", "Redo"),
        Text("把刚撤销的操作再做一遍。", "Do again what Undo took back."),
        "Redo",
        needs="history",
    ),
    *ADJUST,
    *DRAW,
    Button(
        "measure",
        "results",
        Text("重新核对", "Measure"),
        Text(
            "手工改过班级后，重新核对每一项和每条规则，写进结果表；没有班级的、班名不对的、超过人数的都指出来。",
            "After hand edits: measure every criterion and rule anew and write the results; whoever has no class, an "
            "unknown class or one too full is named.",
        ),
        "Calculator",
        needs="placement",
    ),
    Button(
        "class_lists",
        "results",
        Text("分班名单", "Class lists"),
        Text("转到按班排好的名单，可直接打印。", "Go to the lists by class, ready to print."),
        "PrintAreaMenu",
        needs="placement",
    ),
    Button(
        "fairness",
        "results",
        Text("公平性检验", "Was it fair"),
        Text(
            "分班是否与名单先后、毕业学校、教师子女、性别等无关：逐项检验，一项一句话，写进“公平性”表。",
            "Is the class independent of list order, feeder school, staff child, gender? Each tested, each in one "
            "sentence, in the sheet Fairness.",
        ),
        "FormulaEvaluate",
        needs="placement",
    ),
    Button(
        "publish",
        "results",
        Text("公示", "Publish"),
        Text(
            "在工作簿旁新建文件夹，放入姓名学号遮盖后的各班和全年级名单、公示名单 CSV 和学生条；怎么遮盖见“设置”。",
            "Make a folder beside the workbook with lists to post, names and ids masked, the list as CSV, and slips; "
            "how they are masked stands in Settings.",
        ),
        "FileSaveAsPdfOrXps",
        needs="placement",
    ),
    Button(
        "changes",
        "results",
        Text("变更核查", "Changes"),
        Text(
            "选一份后来的名单，与这个工作簿（封存过的，以封存和抽签为准）对照：谁增、谁减、谁换班、哪一格改了。",
            "Choose a later list and compare it with this workbook, or with what was sealed and drawn: who was "
            "added, removed or moved; which cells changed.",
        ),
        "ReviewHighlightChanges",
        needs="placement",
    ),
    Button(
        "settings",
        "results",
        Text("设置", "Settings"),
        Text("转到“设置”表。", "Go to the sheet Settings."),
        "PropertySheet",
    ),
    Button(
        "check_installation",
        "help",
        Text("检查安装", "Check installation"),
        Text("检查这台电脑上的安装，有问题就说怎么办。", "Check the installation on this PC; say what to mend."),
        "FileCheckOut",
        needs="nothing",
    ),
    Button(
        "self_test",
        "help",
        Text("自检", "Self-test"),
        Text(
            "新建一个临时工作簿，把每个功能都跑一遍并写出报告。", "Run every command in a scratch workbook and report."
        ),
        "MacroPlay",
        needs="nothing",
    ),
    Button(
        "help",
        "help",
        Text("使用说明", "Help"),
        Text("打开使用说明。", "Open the guide."),
        "Help",
        needs="nothing",
    ),
    Button(
        "about",
        "help",
        Text("关于", "About"),
        Text("版本和许可。", "Version and licence."),
        "FileProperties",
        needs="nothing",
    ),
)
