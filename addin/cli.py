"""`evenclass …`: a thin shell over `addin.commands`; files in, files out, words for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin import adjust_cli, draw_cli, page_cli, plans_cli, public_cli, undo_cli
from addin.install.cli import app as addin_app
from addin.install.cli import drop
from addin.options import (
    DONE,
    REFUSED,
    Anyone,
    Classes,
    Effort,
    Folder,
    InPlace,
    Input,
    Language,
    Out,
    Seed,
    Workbook,
    code_of,
    told,
)
from engine.issue import errors
from engine.wording import Text

if TYPE_CHECKING:
    from addin.files import Source
    from addin.speech import Voice

app = typer.Typer(
    name="evenclass",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="EvenClass 均衡分班：把一份名单分成各方面都均衡的班。"
    "Turn one roster into classes that are even in every respect.",
    epilog="退出码 Exit codes: 0 完成 done; 1 完成，但有规则未遵守或超出允许差 done, but a rule is broken or a "
    "tolerance missed; 2 输入有问题，什么都没有写 the input has issues, nothing was written; 3 安装不完整，或程序出错 "
    "half an installation, or the program failed.",
)


@app.command()
def demo(folder: Folder = Path()) -> None:
    """用一份真实名单（100 人，4 个班）演示一遍 Place a real roster of 100 pupils into 4 classes."""
    from addin import files

    with told(None) as voice:
        roster = files.example_roster(folder)
        with files.opened(roster, "zh", classes=4) as source:
            voice.listen(source)
            voice.say(Text("示例名单：{p}", "Example roster: {p}").fill(p=roster))
            code = _place(voice, source, folder / "EvenClass示例-分班.xlsx")
    raise typer.Exit(code)


@app.command()
def new(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="新工作簿 the new workbook")],
    roster: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="放入这份名单 put this roster in")
    ] = None,
    classes: Classes = None,
    lang: Language = None,
) -> None:
    """新建工作簿，可放入名单；核对设置后再分班 Make a workbook, with a roster if given, to look over before placing."""
    from addin import files

    with told(lang) as voice:
        files.must_be_free(out)
        with files.empty(voice.lang, classes) if roster is None else files.opened(roster, lang, classes) as source:
            voice.listen(source)
            voice.issues(source.found)
            files.save(source.workbook, out)
        voice.say(Text("已新建：{p}", "Made: {p}").fill(p=out))


@app.command()
def check(
    file: Input, out: Out = None, classes: Classes = None, lang: Language = None, in_place: InPlace = False
) -> None:
    """只检查：列出全部问题，并写进“问题”表 Only check: list every issue, and write them to the sheet Issues."""
    from addin import commands, files

    with told(lang) as voice:
        target = files.target(file, out, Text("检查", "checked"), in_place=in_place)
        with files.opened(file, lang, classes) as source:
            voice.listen(source)
            issues, voice.lang = commands.check(source.workbook, classes=classes, found=source.found)
            voice.warn(files.lost(source, target))
            files.save(source.workbook, target, backup=in_place)
        voice.issues(issues)
        if not issues:
            voice.say(Text("没有问题，可以分班。", "No issues: ready to place."))
        voice.say(Text("已写进“问题”表：{p}", "Written to the sheet Issues: {p}").fill(p=target))
    raise typer.Exit(REFUSED if errors(issues) else DONE)


@app.command()
def place(
    file: Input,
    out: Out = None,
    classes: Classes = None,
    seed: Seed = None,
    effort: Effort = None,
    lang: Language = None,
    in_place: InPlace = False,
) -> None:
    """分班：写出班级、均衡检验、规则检查、分班名单 Place the pupils: classes, gaps, checks, class lists."""
    from addin import files

    with told(lang) as voice:
        target = files.target(file, out, Text("分班", "placed"), in_place=in_place)
        chosen = {key: value for key, value in (("seed", seed), ("effort", effort)) if value is not None}
        with files.opened(file, lang, classes) as source:
            code = _place(voice, source, target, classes=classes, chosen=chosen, backup=in_place)
    raise typer.Exit(code)


@app.command()
def improve(
    book: Workbook,
    out: Out = None,
    seed: Seed = None,
    effort: Effort = None,
    anyone: Anyone = False,
    in_place: InPlace = False,
) -> None:
    """从工作簿里现有的分班接着算；没有更好的就不改 Search on from the placement that stands in a workbook of ours."""
    from addin import commands, files
    from engine.placing import Placed

    with told(None) as voice:
        files.must_be_ours(book)
        target = files.target(book, out, Text("优化", "improved"), in_place=in_place)
        chosen = {key: value for key, value in (("seed", seed), ("effort", effort)) if value is not None}
        with files.opened(book) as source:
            voice.lang = commands.language_of(source.workbook)
            with voice.progress() as progress:
                improved = commands.improve(source.workbook, chosen=chosen, anyone=anyone, progress=progress)
            found = improved.found
            if isinstance(found, Placed):
                voice.warn(files.lost(source, target))
                files.save(source.workbook, target, backup=in_place)
                voice.placed(found)
                voice.say(Text("结果：{p}", "Result: {p}").fill(p=target))
                measured = found.measured
            else:
                voice.measured(measured := found)
                voice.say(Text("没有找到更好的分班；什么都没有写。", "Nothing better was found; nothing was written."))
            if improved.held.en:
                voice.say(improved.held)
    raise typer.Exit(code_of(measured))


def _place(
    voice: Voice,
    source: Source,
    target: Path,
    *,
    classes: int | None = None,
    chosen: Mapping[str, object] | None = None,
    backup: bool = False,
) -> int:
    from addin import commands, files

    voice.listen(source)
    with voice.progress() as progress:
        placed = commands.place(source.workbook, classes=classes, chosen=chosen, found=source.found, progress=progress)
    voice.lang = placed.cohort.settings.language
    voice.warn(files.lost(source, target))
    files.save(source.workbook, target, backup=backup)
    voice.issues(placed.issues)
    voice.placed(placed)
    voice.say(Text("结果：{p}", "Result: {p}").fill(p=target))
    return code_of(placed.measured)


app.add_typer(addin_app, name="addin")
app.command()(drop)
for verbs in (adjust_cli, plans_cli, undo_cli, draw_cli, page_cli, public_cli):
    for verb in verbs.VERBS:
        app.command(verb.__name__.rstrip("_"))(verb)
