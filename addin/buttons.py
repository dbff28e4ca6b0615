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
    Group("results", Text("结果", "Results")),
    Group("help", Text("帮助", "Help")),
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
            "从现有的分班接着算，锁定的学生不动；没有更好的就不改。",
            "Search on from the placement that stands; locked pupils stay; nothing changes unless it is better.",
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
        "measure",
        "results",
        Text("重新核对", "Measure"),
        Text("手工改过班级后，重新核对每一项和每条规则。", "After hand edits: measure every criterion and rule anew."),
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
