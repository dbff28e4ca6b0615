"""What commands of the command line share: options, exit codes, saving, and words for whatever goes wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from addin.trouble import FileTrouble
from engine.issue import InputError
from engine.wording import Lang, Text

if TYPE_CHECKING:
    from addin.files import Source
    from addin.speech import Voice
    from engine.measuring import Measured

DONE, SHORT, REFUSED, STOPPED = 0, 1, 2, 130
_RESULT = Text("结果：{p}", "Result: {p}")

Input = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="名单或本程序的工作簿 a roster (.xlsx .xls .ods .csv) or a workbook of ours"),
]
Workbook = Annotated[Path, typer.Argument(metavar="BOOK", help="本程序的工作簿 a workbook of ours (.xlsx)")]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="OUT.xlsx", help="结果文件，默认在名单旁 the result, by default beside FILE"),
]
Classes = Annotated[int | None, typer.Option("-k", "--classes", min=1, help="班数 how many classes")]
Seed = Annotated[int | None, typer.Option(min=0, help="随机种子：同样的种子得到同样的分班 same seed, same classes")]
Effort = Annotated[Literal["quick", "standard", "deep"] | None, typer.Option(help="计算强度 how long to search")]
Language = Annotated[
    Literal["zh", "en"] | None,
    typer.Option(help="结果的语言，默认随名单 language of the result, by default that of the roster"),
]
InPlace = Annotated[
    bool, typer.Option("--in-place", help="写回工作簿本身，先留备份 write into the workbook itself, after a backup")
]
Anyone = Annotated[bool, typer.Option("--anyone", help="手工换过的学生也可以动 pupils moved by hand may move too")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON print JSON")]
Folder = Annotated[Path, typer.Option("-o", "--out", metavar="FOLDER", help="放在哪个文件夹 where to put the files")]


def code_of(measured: Measured) -> int:
    """Return the exit code for a placement that stands."""
    return DONE if measured.violations == 0 and measured.tolerated else SHORT


@contextmanager
def told(lang: Lang | None) -> Iterator[Voice]:
    """Turn what went wrong into words and an exit code; nobody sees a traceback."""
    from addin.commands import StoppedError
    from addin.speech import Voice, own_language

    voice = Voice(lang or own_language())
    try:
        yield voice
    except InputError as error:
        voice.lang = error.lang
        voice.issues(error.issues)
        voice.refuse(
            Text("请先改正上面的错误；什么都没有写。", "Please correct the errors above; nothing was written.")
        )
        raise typer.Exit(REFUSED) from error
    except FileTrouble as trouble:
        voice.refuse(trouble.text)
        raise typer.Exit(REFUSED) from trouble
    except (StoppedError, KeyboardInterrupt) as stop:
        voice.refuse(Text("已停止；什么都没有写。", "Stopped; nothing was written."))
        raise typer.Exit(STOPPED) from stop


def ours(book: Path) -> AbstractContextManager[Source]:
    """Open a workbook of ours. Raises `FileTrouble` if the file is something else."""
    from addin import files

    files.must_be_ours(book)
    return files.opened(book)


@contextmanager
def worked_on(book: Path) -> Iterator[tuple[Voice, Source]]:
    """Open a workbook of ours, say everything in its language, and whatever goes wrong in words, as `told` does."""
    from addin import commands

    with told(None) as voice, ours(book) as source:
        voice.lang = commands.language_of(source.workbook)
        yield voice, source


def printed(voice: Voice, facts: Mapping[str, Any], as_json: bool, say: Callable[[], None]) -> None:
    """Print facts as JSON, or say them."""
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    else:
        say()


def saved_to(voice: Voice, source: Source, where: tuple[Path, Path | None, bool], done: Text, *, as_json: bool) -> None:
    """Save to where a command's options say; ``where``: the workbook, ``--out``, ``--in-place``."""
    from addin import files

    book, out, in_place = where
    saved(voice, source, files.target(book, out, done, in_place=in_place), in_place=in_place, as_json=as_json)


def saved(voice: Voice, source: Source, target: Path, *, in_place: bool, as_json: bool) -> None:
    """Save, and say where the result is."""
    from addin import files

    voice.warn(files.lost(source, target))
    files.save(source.workbook, target, backup=in_place)
    if not as_json:
        voice.say(_RESULT.fill(p=target))
