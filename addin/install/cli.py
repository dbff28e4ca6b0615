"""`evenclass addin …` and `evenclass drop`: a thin shell over the installer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from addin.trouble import FileTrouble
from engine.wording import Text

if TYPE_CHECKING:
    from addin.install.finding import Level
    from addin.speech import Voice

DONE, SHORT, REFUSED = 0, 1, 2

app = typer.Typer(
    no_args_is_help=True,
    help="Excel 加载项：制作、安装、检查、卸载、打包。The add-in for Excel: build, install, check, remove, bundle.",
)

OutAddin = Annotated[Path, typer.Argument(metavar="OUT.xlam", help="加载项文件 the add-in file")]
OutExtension = Annotated[Path, typer.Argument(metavar="OUT.oxt", help="扩展文件 the extension file")]
OutBundle = Annotated[Path, typer.Argument(metavar="OUT.zip", help="离线安装包 the bundle")]
Wheels = Annotated[
    Path | None,
    typer.Option("--wheels", metavar="FOLDER", help="从这些安装包安装，不用网络 install from these, offline"),
]
Addin = Annotated[
    Path | None,
    typer.Option("--addin", metavar="FILE.xlam", help="用做好的加载项 a finished add-in instead of building"),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="重新建立运行环境 make the environment anew")]
Runtime = Annotated[
    bool,
    typer.Option(
        "--runtime", help="包里加上微软 C++ 运行库（须有权分发）add Microsoft's C++ runtime, if you may pass it on"
    ),
]
PythonSetup = Annotated[
    Path | None,
    typer.Option("--python-setup", metavar="FILE.exe", help="包里加上 Python 安装程序 add Python's own installer"),
]
Host = Annotated[
    Literal["file", "libreoffice", "excel"],
    typer.Option("--in", help="在哪里跑 where to run: file, libreoffice, excel"),
]
Report = Annotated[Path | None, typer.Option("-o", "--out", metavar="OUT.xlsx", help="保存报告 keep the report")]
Language = Annotated[Literal["zh", "en"] | None, typer.Option(help="报告的语言 language of the report")]
Dropped = Annotated[list[Path], typer.Argument(metavar="FILE…", help="名单或工作簿 rosters or workbooks of ours")]


@app.command()
def build(out: OutAddin) -> None:
    """制作 Excel 加载项 Build the add-in for Excel."""
    from addin.hosts.saving import must_end
    from addin.ribbon.build import build_addin

    with _told() as voice:
        must_end(out, ".xlam")
        build_addin(out)
        voice.say(Text("已制作：{p}", "Built: {p}").fill(p=out))


@app.command()
def oxt(out: OutExtension) -> None:
    """制作 LibreOffice 扩展 Build the extension for LibreOffice."""
    from addin.hosts.saving import must_end
    from addin.oxt.build import build_oxt

    with _told() as voice:
        must_end(out, ".oxt")
        build_oxt(out)
        voice.say(Text("已制作：{p}", "Built: {p}").fill(p=out))


@app.command()
def install(wheels: Wheels = None, addin: Addin = None, fresh: Fresh = False) -> None:
    """安装到这台电脑（仅当前用户，不需要管理员）Install on this PC, for this user, without administrator rights."""
    from addin.install.setup import Sources
    from addin.install.setup import install as set_up
    from addin.install.windows import ThisMachine

    with _told() as voice:
        set_up(ThisMachine(), Sources(wheels, addin), voice.say, fresh=fresh)
        voice.say(Text("安装完成。请重新打开 Excel。", "Installed. Please open Excel again."))
        say_findings(voice, least="note")


@app.command()
def check() -> None:
    """检查安装，说出哪里不对、怎么办 Check the installation: what is wrong and how to mend it."""
    with _told() as voice:
        wrong = say_findings(voice, least="ok")
    raise typer.Exit(SHORT if wrong else DONE)


@app.command()
def selftest(host: Host = "file", out: Report = None, lang: Language = None) -> None:
    """自检：新建临时工作簿，把每个功能跑一遍并报告 Run every command in a scratch workbook and report."""
    from addin import book
    from addin import selftest as tests
    from workbook_templates import template_path

    with _told() as voice:
        voice.lang = lang or voice.lang
        with book.opened(template_path(voice.lang), book.engine_called(host)) as workbook:
            results = tests.tested(workbook, voice.lang)
            if out is not None:
                book.saved(workbook, out)
        for each in results:
            word, level = tests.said(each)
            voice.finding(word, level, each.text)
    raise typer.Exit(DONE if all(each.passed for each in results) else SHORT)


@app.command()
def remove() -> None:
    """卸载：删掉安装时放下的一切，不动您的文件 Remove all that was installed; your files stay."""
    from addin.install.remove import remove as take_away
    from addin.install.windows import ThisMachine

    with _told() as voice:
        gone = take_away(ThisMachine())
        for what in gone:
            voice.say(Text("已删除：{w}", "Removed: {w}").fill(w=what))
        if not gone:
            voice.say(Text("没有安装过，没有要删的。", "Nothing was installed; nothing to remove."))


@app.command()
def bundle(out: OutBundle, addin: Addin = None, runtime: Runtime = False, python_setup: PythonSetup = None) -> None:
    """制作离线安装包，给不能上网的电脑 Make a bundle for PCs without internet."""
    from addin.install.bundle import Parts, make_bundle
    from addin.install.wheels import Downloader

    with _told() as voice:
        parts = Parts(addin=addin, python_setup=python_setup, runtime=runtime)
        made = make_bundle(out, parts, Downloader(), voice.say)
        what = Text("已制作：{p}（{m:.0f} MB，{n} 个安装包）", "Made: {p} ({m:.0f} MB, {n} packages)")
        voice.say(what.fill(p=out, m=made.size / 1e6, n=len(made.wheels)))


def drop(files: Dropped) -> None:
    """拖到桌面快捷方式上的文件：检查、分班、存在旁边、打开 Check, place, save beside it and open what was dropped."""
    from addin.install.drop import Drop

    with _told() as voice:
        code = Drop(voice).each(files)
        if code != DONE and sys.stdin is not None and sys.stdin.isatty():
            voice.say(Text("按回车键关闭。", "Press Enter to close."))
            sys.stdin.readline()
    raise typer.Exit(code)


def say_findings(voice: Voice, least: Level) -> bool:
    """Say every finding from a level on, the worst first; return whether something must be mended."""
    from addin.install.check import check_installation
    from addin.install.finding import LEVELS

    order = list(LEVELS)
    found = sorted(check_installation(), key=lambda finding: order.index(finding.level))
    for finding in found:
        if order.index(finding.level) <= order.index(least):
            voice.finding(LEVELS[finding.level], finding.level, finding.text)
    return any(finding.level in {"error", "warning"} for finding in found)


@contextmanager
def _told() -> Iterator[Voice]:
    """Turn what went wrong into words and an exit code."""
    from addin.speech import Voice, own_language

    voice = Voice(own_language())
    try:
        yield voice
    except FileTrouble as trouble:
        voice.refuse(trouble.text)
        raise typer.Exit(REFUSED) from trouble
