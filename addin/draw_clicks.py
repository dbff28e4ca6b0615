"""What the buttons of the group Draw do: seal, draw, certificate, verify; words come from the sheets Draw and Seal."""

from __future__ import annotations

from collections.abc import Callable

from addin import commands, draw, kept_seal, teachers_sheet, verify
from addin.desk import Click, Said, now_and_then
from addin.hosts import guard
from engine.wording import Text

_TEACHERS = Text(
    "“教师”表有 {n} 名教师。每行写一名，“回避学生”写亲属的学号或姓名；封存之前填好。",
    "The sheet Teachers has {n} teachers. One per row; Barred pupils: ids or names of relatives. Fill it in before "
    "sealing.",
)
_SEALED = Text(
    "已封存 {n} 名学生。封存码：\n\n{s}\n\n请当众宣布，请大家记下。然后在“抽签”表写下各方说的话，再按“现场抽签”。",
    "{n} pupils are sealed. The sealed code:\n\n{s}\n\n"
    "Announce it and let everyone write it down. Then write what each party says into the sheet Draw, and press Draw.",
)
_DRAWING = Text("正在抽签……", "Drawing …")
_DRAWN = Text(
    "第 {d} 次抽签完成：{n} 名学生，{k} 个班。\n种子 {s}\n结果码：\n\n{r}\n\n按“抽签凭证”打印签字。",
    "Draw {d} is done: {n} pupils in {k} classes.\nSeed {s}\nResult code:\n\n{r}\n\n"
    "Press Certificate to print and sign.",
)
_CERTIFICATE = Text(
    "凭证在“抽签凭证”表里，一页 A4，可直接打印。",
    "The certificate is in the sheet Certificate, one page of A4.",
)
_VERIFYING = Text("正在重新计算……", "Recomputing …")
_ALL = Text("全部一致：{n} 项重新计算，没有不同。", "Everything agrees: {n} things recomputed, none differs.")
_SOME = Text("{n} 项里有 {k} 项不一致或无法判断：", "{k} of {n} do not agree or cannot be told:")


def _teachers(click: Click) -> Said:
    with click.desk.one_step(click.label):
        count, lang = teachers_sheet.add_teachers(click.workbook)
    click.desk.show_table("Teachers")
    return _TEACHERS.fill(n=count).to(lang), "info"


def _seal(click: Click) -> Said:
    workbook = click.workbook
    with click.desk.one_step(click.label):
        kept, lang = draw.seal(workbook)
    guard.forget_undo(workbook)  # a seal, like a draw, stays on record whatever key is pressed
    click.desk.show_table("SeedParts" if not kept_seal.parts_in(workbook) else "Seal")
    return _SEALED.fill(n=kept.seal.pupils, s=kept.short).to(lang), "info"


def _draw(click: Click) -> Said:
    workbook = click.workbook
    with click.desk.one_step(click.label), click.desk.status(_DRAWING.to(click.lang)) as tell:
        made = draw.draw(workbook, progress=now_and_then(tell))
    guard.forget_undo(workbook)
    click.desk.show_table("Gaps")
    cohort = made.placed.cohort
    said = _DRAWN.fill(
        d=made.drawn.number,
        n=len(cohort.ids),
        k=len(cohort.classes),
        s=made.drawn.seed,
        r=made.record["result"]["short"],
    )
    whole = not made.placed.measured.violations and made.placed.measured.tolerated
    return said.to(cohort.settings.language), "info" if whole else "warning"


def _certificate(click: Click) -> Said:
    from addin.certificate import write_certificate

    workbook = click.workbook
    kept, _ = verify.record_in(workbook)
    with click.desk.one_step(click.label):
        lang = write_certificate(workbook, kept)
    return _CERTIFICATE.to(lang), "info"


def _verify(click: Click) -> Said:
    workbook = click.workbook
    with click.desk.status(_VERIFYING.to(click.lang)) as tell:
        found = verify.verify(workbook, now_and_then(tell))
    lang = commands.language_of(workbook)
    wrong = [one for one in found if one.verdict != "agrees"]
    if not wrong:
        return _ALL.fill(n=len(found)).to(lang), "info"
    head = _SOME.fill(n=len(found), k=len(wrong))
    return "\n".join([head.to(lang), *(one.said().to(lang) for one in wrong)]), "warning"


WORKS: dict[str, Callable[[Click], Said]] = {
    "teachers": _teachers,
    "seal": _seal,
    "draw": _draw,
    "certificate": _certificate,
    "verify": _verify,
}
