"""What the buttons that face the public do: was it fair, what is posted, what changed since."""

from __future__ import annotations

from collections.abc import Callable

from addin import commands, fairness, publishing
from addin.desk import Click, Said
from engine.wording import Text

_SHOWN = 3  # findings in a message box
_NOT_BY_CHANCE = Text(
    "{n} 项检验里有 {k} 项不像抽签，详见“公平性”表：", "{k} of {n} tests say: not by chance. See the sheet Fairness:"
)
_FAIR = Text(
    "{n} 项检验，没有一项看出分班与它有关，详见“公平性”表。",
    "{n} tests, none finds a connection with the class. See Fairness.",
)
_LINES = 6  # changes in a message box
_CHOOSE = Text("选择后来的名单", "Choose the later list")
_UNCHANGED = Text("“{p}”与这个工作簿一致，没有发现变更。", "“{p}” agrees with this workbook: nothing has changed.")
_CHANGED = Text("“{p}”有 {n} 处变更，写在“变更”表里：", "“{p}” differs in {n} places; they are in the sheet Changes:")
_PUBLISHING = Text("正在制作公示……", "Publishing …")
_PUBLISHED = Text(
    "公示的文件在“{p}”：各班和全年级名单可以张贴；“{q}”里的学生条请逐人发放，不要公开。",
    "What is published is in {p}: the lists can be posted; the slips in “{q}” are for each family alone.",
)


def _fairness(click: Click) -> Said:
    from engine.fairness_report import sentence

    found, lang = fairness.fairness(click.workbook)
    with click.desk.one_step(click.label):
        fairness.show_fairness(click.workbook, found, lang)
    click.desk.show_table("Fairness")
    suspicious = found.suspicious
    if not suspicious:
        return _FAIR.fill(n=len(found.found)).to(lang), "info"
    head = _NOT_BY_CHANCE.fill(n=len(found.found), k=len(suspicious)).to(lang)
    return "\n".join([head, *(sentence(found, one).to(lang) for one in suspicious[:_SHOWN])]), "warning"


def _publish(click: Click) -> Said:
    folder = publishing.folder_beside(click.workbook, commands.language_of(click.workbook))
    with click.desk.status(_PUBLISHING.to(click.lang)):
        made, lang = publishing.publish(click.workbook, folder)
    lines = [_PUBLISHED.fill(p=folder, q=made.private[0].parent.name), *made.warnings]
    return "\n\n".join(line.to(lang) for line in lines), "warning" if made.warnings else "info"


def _changes(click: Click) -> Said:
    from addin import changes
    from addin.roster_file import FORMATS

    workbook, lang = click.workbook, commands.language_of(click.workbook)
    certified = changes.certified_workbook(workbook, workbook.name)
    path = click.desk.choose_file(_CHOOSE.to(click.lang), FORMATS)
    if path is None:
        return None
    found = changes.watched(certified, changes.later_list(path, certified))
    lines = [] if found.any else [_UNCHANGED.fill(p=path.name)]
    if found.any:
        with click.desk.one_step(click.label):
            changes.show_changes(workbook, found, lang)
        click.desk.show_table("Changes")
        lines = [_CHANGED.fill(n=len(found.found) + len(found.others), p=path.name), *found.lines()[:_LINES]]
    return "\n".join(line.to(lang) for line in [*lines, *found.notes]), "warning" if found.any else "info"


WORKS: dict[str, Callable[[Click], Said]] = {"fairness": _fairness, "publish": _publish, "changes": _changes}
