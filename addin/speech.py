"""What the command line says: sentences, issues, a measured placement, progress; in the language of the roster."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from engine.issue import LEVELS, Issue
from engine.wording import Lang, Text, figure

if TYPE_CHECKING:
    from addin.files import Source
    from engine.adjusting import Case
    from engine.effects import Effect
    from engine.explaining import Way
    from engine.measuring import Measured
    from engine.placing import Placed

_ROSTER = Text("名单", "Roster")
_MOVES = 12  # pupils named one by one
_MANY = Text("{n} 人换班", "{n} pupils move")
COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
VERDICT_COLOURS = {"floor": "green", "inside": "green", "outside": "red", "above": "yellow", "unknown": "default"}


def own_language() -> Lang:
    """Return the language to speak before any file is read: English where the system says so, else Chinese.

    The system's own word is asked, as `locale.getlocale` makes American English of C.UTF-8, which says nothing.
    """
    word = os.environ.get("EVENCLASS_LANG") or locale.setlocale(locale.LC_CTYPE)
    return "en" if word.casefold().startswith(("en", "english")) else "zh"


@dataclass(slots=True)
class Voice:
    """Says things to the user, in the roster's language once known; ``rows``: where its pupils stand in the file."""

    lang: Lang
    rows: tuple[int, ...] = ()
    out: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True))

    def listen(self, source: Source) -> None:
        """Take on the language of what was opened, and the rows its pupils have in the file."""
        self.lang, self.rows = source.lang or self.lang, source.rows

    def say(self, text: Text) -> None:
        """Say a sentence."""
        self.out.print(escape(text.to(self.lang)))

    def warn(self, texts: Iterable[Text]) -> None:
        """Say what the user should know before a file is written."""
        for text in texts:
            self.err.print(f"[yellow]{escape(text.to(self.lang))}[/yellow]")

    def refuse(self, text: Text) -> None:
        """Say why nothing was done."""
        self.err.print(f"[red]{escape(text.to(self.lang))}[/red]")

    def issues(self, issues: Iterable[Issue]) -> None:
        """List issues, errors first; where the roster is a file, pupils stand in its rows."""
        order = list(LEVELS)
        for issue in sorted(issues, key=lambda issue: order.index(issue.level)):
            level = LEVELS[issue.level].to(self.lang)
            in_file = bool(self.rows) and issue.table == "Students"
            row = self.rows[issue.row - 1] if in_file and issue.row else issue.row
            line = replace(issue, row=row).line(self.lang, _ROSTER if in_file else None)
            self.err.print(f"[{COLOURS[issue.level]}]{level}[/] {escape(line)}")

    def finding(self, word: Text, level: str, text: Text) -> None:
        """Say one finding of a check of the installation, ``word`` being its level."""
        self.out.print(f"[{COLOURS.get(level, 'green')}]{word.to(self.lang)}[/] {escape(text.to(self.lang))}")

    def measured(self, measured: Measured) -> None:
        """Show every criterion with its gap, floor and verdict, then how many rules are kept."""
        from engine.report import VERDICTS, verdict

        heads = (
            Text("均衡项", "criterion"),
            Text("最大差", "gap"),
            Text("最小可能差", "floor"),
            Text("结论", "verdict"),
        )
        table = Table(*[head.to(self.lang) for head in heads], box=None, pad_edge=False)
        for gap in measured.gaps:
            said = verdict(gap)
            colour = VERDICT_COLOURS[said]
            cells = (escape(gap.criterion.label.to(self.lang)), figure(gap.gap), figure(gap.floor))
            table.add_row(*cells, f"[{colour}]{VERDICTS[said].to(self.lang)}[/]")
        self.out.print(table)
        kept = sum(check.broken == 0 for check in measured.checks)
        self.say(Text("规则：{k}/{n} 条遵守", "Rules kept: {k} of {n}").fill(k=kept, n=len(measured.checks)))
        for check in measured.checks:
            if check.broken:
                what = Text("未遵守：{s}：{f}", "Broken: {s}: {f}").fill(s=check.rule.source, f=check.found)
                self.out.print(f"[red]{escape(what.to(self.lang))}[/red]")

    def placed(self, placed: Placed) -> None:
        """Show a finished placement."""
        from engine.report import ENDED
        from engine.tables import EFFORTS

        self.measured(placed.measured)
        result, cohort = placed.result, placed.cohort
        what = Text(
            "{n} 名学生，{k} 个班；种子 {s}，强度 {e}，{t} 步；{w}。",
            "{n} pupils, {k} classes; seed {s}, effort {e}, {t} steps; {w}.",
        )
        filled = what.fill(
            n=len(cohort.ids),
            k=len(cohort.classes),
            s=result.seed,
            e=EFFORTS[result.effort],
            t=f"{result.steps:,}",
            w=ENDED[result.ended],
        )
        self.say(filled)

    def table(self, heads: Sequence[Text], rows: Iterable[Sequence[str]]) -> None:
        """Show a table."""
        shown = Table(*[escape(head.to(self.lang)) for head in heads], box=None, pad_edge=False)
        for row in rows:
            shown.add_row(*map(escape, row))
        self.out.print(shown)

    def effect(self, case: Case, effect: Effect) -> None:
        """Say who would go where, and what that changes."""
        from engine.effects import effect_said, moves_said

        if effect.moves:
            few = len(effect.moves) <= _MOVES
            self.say(moves_said(case.cohort, effect.before, effect.moves) if few else _MANY.fill(n=len(effect.moves)))
        self.say(effect_said(effect))

    def ways(self, case: Case, ways: Iterable[Way]) -> None:
        """Say for every other class what the best exchange is and what it does."""
        from engine.adjust_report import FREE

        for way in ways:
            self.say(Text("→{c}", "→ {c}").fill(c=case.cohort.classes[way.class_index]))
            if way.effect is None:
                self.say(Text("没有可以交换的学生。", "Nobody there may be exchanged."))
                continue
            if way.effect.free:
                self.say(FREE)
            self.effect(case, way.effect)

    @contextmanager
    def progress(self) -> Iterator[Callable[[float], bool]]:
        """Show a bar while a search runs; what is given is told the share done and says go on."""
        what = Text("正在分班", "Placing").to(self.lang)
        columns = (TextColumn(what), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
        with Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal) as bar:
            task = bar.add_task(what, total=1.0)

            def tell(share: float) -> bool:
                bar.update(task, completed=share)
                return True

            yield tell
