"""The first sheet: what to do, in ten lines, with a link to each sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.tables import CLASS_LISTS, CLASSES, COLUMNS, GAPS, ISSUES, RULES_TABLE, SETTINGS, STUDENTS
from engine.wording import Lang, Text
from workbook_templates.looks import GREY, INK, LINE, MONOSPACED, PAPER, TEAL, WHITE, Looks

START_SHEET = Text("使用说明", "Start")
PRODUCT = Text("均衡分班  EvenClass", "EvenClass")
_SUBTITLE = Text(
    "把一份年级名单分成各方面都均衡的班级。", "Turns one roster into classes that are even in every respect."
)
_PRIVACY = Text(
    "名单只留在这台电脑上：所有计算都在本机完成，不上传，不联网。",
    "Nothing leaves this PC: everything is computed here, nothing is uploaded.",
)
_TABS = Text(
    "蓝色标签的表由您填写，绿色标签的表由程序写出。表名和表头请不要改。",
    "You fill in the sheets with blue tabs; the program writes those with green tabs. "
    "Please keep sheet names and headers.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered line: what to do, how, the sheet it happens on, the command to type if any."""

    what: Text
    how: Text
    sheet: Text | None = None
    command: Text | None = None


STEPS: tuple[Step, ...] = (
    Step(
        Text("放入名单", "Paste the roster"),
        Text(
            "按“导入名单”，选名单文件；没有按钮时用下面的命令，或连同表头从“学生”表的 A3 起粘贴，多余的示例列删掉。",
            "Press Import roster and choose the file; without buttons use the command below, "
            "or paste it with its headers into Students at A3 and delete example columns left over.",
        ),
        STUDENTS.sheet,
        Text("evenclass new 新文件.xlsx --from 名单.xlsx", "evenclass new NEW_FILE.xlsx --from ROSTER.xlsx"),
    ),
    Step(
        Text("核对列设置", "Check the columns"),
        Text(
            "每一列是什么：学号、姓名、性别、成绩……没填的由程序判断，写明依据；不对就改“用途”。",
            "What each column is: id, name, gender, mark … Blank ones are guessed and the reason is given; "
            "correct Use as where needed.",
        ),
        COLUMNS.sheet,
    ),
    Step(
        Text("列出班级", "List the classes"),
        Text("一个班一行。人数留空就是各班平均。", "One row per class. Leave Size blank for equal classes."),
        CLASSES.sheet,
    ),
    Step(
        Text("写下规则", "Add the rules"),
        Text(
            "必须同班、不能同班、指定班级、禁入班级、每班最多几人。没有就空着。",
            "Together, apart, fixed class, barred class, at most n per class. Leave it empty if there are none.",
        ),
        RULES_TABLE.sheet,
    ),
    Step(
        Text("看一眼设置", "See the settings"),
        Text(
            "随机种子、计算强度、同名同音是否分开；一般不用改。",
            "Seed, effort, same names apart; usually fine as they are.",
        ),
        SETTINGS.sheet,
    ),
    Step(
        Text("检查", "Check"),
        Text(
            "按“检查”；没有按钮时保存并关闭本文件，在命令窗口输入下面的命令（写进副本“…-检查”）。要改的地方一次列全，见“问题”表。",
            "Press Check; without buttons save and close this file and type the command below, which writes a copy. "
            "Everything to fix is listed at once, in the sheet Issues.",
        ),
        ISSUES.sheet,
        Text("evenclass check 本文件.xlsx", "evenclass check THIS_FILE.xlsx"),
    ),
    Step(
        Text("分班", "Place"),
        Text(
            "按“一键分班”，几秒钟就好；不满意按“撤销”。下面的命令把结果写进新文件，本文件不动。",
            "Press Place; it is done in seconds, and Undo takes it back. The command below writes a new file instead.",
        ),
        None,
        Text("evenclass place 本文件.xlsx -o 分班结果.xlsx", "evenclass place THIS_FILE.xlsx -o RESULT.xlsx"),
    ),
    Step(
        Text("看结果", "Read the result"),
        Text(
            "“均衡检验”逐项写明各班最大差、最小可能差和结论；“均衡图”一眼看全。",
            "Gaps shows for every criterion the gap, the smallest possible one and the verdict; Charts shows it all.",
        ),
        GAPS.sheet,
    ),
    Step(
        Text("需要时微调", "Adjust if you must"),
        Text(
            "在“学生”表改“班级”，按“重新核对”；不想动的“锁定”写“是”，再分一次班，锁定的学生不动。",
            "Change Class in Students, press Measure; set Locked to yes and place again: locked pupils stay.",
        ),
        STUDENTS.sheet,
    ),
    Step(
        Text("打印", "Print"),
        Text(
            "“分班名单”每班另起一页，A4 纸，每页都有表头、班名和人数。",
            "ClassLists starts each class on a new page of A4, with headers, class and size on every page.",
        ),
        CLASS_LISTS.sheet,
    ),
)


def add_start(worksheet: Any, looks: Looks) -> None:
    """Write the first sheet."""
    lang = looks.lang
    for position, width in enumerate((2, 5, 21, 64, 14)):
        worksheet.set_column(position, position, width)
    worksheet.set_row(0, 14)
    worksheet.set_row(1, 40)
    worksheet.write_string(1, 1, PRODUCT.to(lang), looks.cell(font_size=26, bold=True, font_color=INK))
    worksheet.set_row(2, 22)
    worksheet.write_string(2, 1, _SUBTITLE.to(lang), looks.cell(font_size=12, font_color=GREY))
    worksheet.set_row(3, 12)
    worksheet.set_row(4, 30)
    banner = looks.cell(bold=True, font_color=TEAL, bg_color="#E6F2F0", indent=1)
    worksheet.merge_range(4, 1, 4, 4, _PRIVACY.to(lang), banner)
    worksheet.set_row(5, 12)
    row = 6
    for number, step in enumerate(STEPS, start=1):
        row = _add_step(worksheet, looks, row, (number, step))
    worksheet.set_row(row, 12)
    worksheet.set_row(row + 1, 34)
    note = looks.cell(font_color=GREY, bg_color=PAPER, indent=1, text_wrap=True)
    worksheet.merge_range(row + 1, 1, row + 1, 4, _TABS.to(lang), note)


def _add_step(worksheet: Any, looks: Looks, row: int, numbered: tuple[int, Step]) -> int:
    """Write one step from ``row`` on and return the row after it."""
    number, step = numbered
    lang: Lang = looks.lang
    edge = {} if step.command else {"bottom": 1, "bottom_color": LINE}
    worksheet.set_row(row, 44)
    worksheet.write_number(row, 1, number, looks.cell(bold=True, font_size=14, font_color=TEAL, align="center", **edge))
    worksheet.write_string(row, 2, step.what.to(lang), looks.cell(bold=True, font_size=12, font_color=INK, **edge))
    worksheet.write_string(row, 3, step.how.to(lang), looks.cell(text_wrap=True, font_size=11, **edge))
    link = looks.cell(font_color="#28588C", underline=1, align="right", **edge)
    if step.sheet is None:
        worksheet.write_blank(row, 4, None, link)
    else:
        name = step.sheet.to(lang)
        worksheet.write_url(row, 4, f"internal:'{name}'!A1", link, f"{name} →")
    if step.command is None:
        return row + 1
    return _add_command(worksheet, looks, row + 1, step.command)


def _add_command(worksheet: Any, looks: Looks, row: int, command: Text) -> int:
    line = {"bottom": 1, "bottom_color": LINE}
    worksheet.set_row(row, 26)
    for position in (1, 2, 4):
        worksheet.write_blank(row, position, None, looks.cell(**line))
    typed = looks.cell(font_name=MONOSPACED, font_color=WHITE, bg_color=INK, indent=1, **line)
    worksheet.write_string(row, 3, command.to(looks.lang), typed)
    return row + 1
