"""Teachers put into even teams by the same search that places pupils, and the teams drawn for the classes.

`docs/draw_format.md`, section 7. A team may have one teacher (the head teacher of a class) or many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from engine.checking import Checked, cohort_from_tables
from engine.cohort import Cohort, Ints, Rule
from engine.draw_tables import TEACHERS
from engine.issue import Findings, InputError, Issue
from engine.lots import Lots
from engine.placing import searched
from engine.roster import guess_columns
from engine.rules import say_not_one
from engine.setting import with_settings
from engine.sizes import default_classes
from engine.tables import COLUMNS, RULES_TABLE, USES, choice, framed
from engine.values import as_text, is_blank, is_yes
from engine.wording import Text

MOST_TRIES = 10_000
_USES = {
    "name": "name",
    "gender": "gender",
    "subject": "category",
    "head": "flag",
    "title": "category",
    "experience": "number",
}
_EVENED = {  # what a guessed use comes to among teachers; any other column decides nothing
    **{use: use for use in ("gender", "flag", "category", "number", "date")},
    **dict.fromkeys(("mark", "total"), "number"),
}
_TOO_FEW = Text("有 {k} 个班，教师只有 {t} 名。", "There are {k} classes and only {t} teachers.")
_NO_NAME = Text("这一行没有教师姓名。", "This row has no teacher's name.")
_NO_WAY = Text(
    "试了 {n} 次，总有教师抽到有回避学生的班。",
    "In {n} lots some teacher always got a class with a pupil they are barred from.",
)
_FEWER_BARS = Text(
    "请减少“回避学生”，或给相关学生指定班级，重新封存再抽。",
    "Name fewer barred pupils, or fix the class of those concerned; then seal and draw anew.",
)


@dataclass(frozen=True, slots=True)
class TeacherTeams:
    """Teachers in teams: ``team_of`` (t,) from 0 to k-1; ``bars`` are pairs of positions (teacher, pupil)."""

    names: tuple[str, ...]
    team_of: Ints
    bars: tuple[tuple[int, int], ...]
    k: int


@dataclass(frozen=True, slots=True)
class TeacherDraw:
    """The class of each team, drawn; ``tries`` counts the permutations until one kept every bar."""

    teams: TeacherTeams
    labels: tuple[int, ...]
    tries: int


@dataclass(frozen=True, slots=True)
class Teachers:
    """Teachers before they are put into teams: their names, whom they are barred from, and they as a cohort."""

    names: tuple[str, ...]
    bars: tuple[tuple[int, int], ...]
    checked: Checked


def teams_of(tables: Mapping[str, pd.DataFrame], checked: Checked, seed: int) -> TeacherTeams | None:
    """Return the teachers of input tables in as many teams as there are classes, None if there are none.

    Raises `InputError` as `teachers_in` does.
    """
    found = teachers_in(tables, checked, seed)
    if found is None:
        return None
    return TeacherTeams(found.names, searched(found.checked).class_of, found.bars, len(checked.cohort.classes))


def teachers_in(tables: Mapping[str, pd.DataFrame], checked: Checked, seed: int = 1) -> Teachers | None:
    """Return the teachers of input tables, None if there are none; ``checked`` are the pupils.

    Raises `InputError` naming rows of *Teachers* if something is wrong with them.
    """
    frame = tables.get(TEACHERS.name)
    if frame is None or all(is_blank(cell) for row in frame.itertuples(index=False) for cell in row):
        return None
    cohort = checked.cohort
    k, lang = len(cohort.classes), cohort.settings.language
    findings = Findings(lang)
    names = tuple(as_text(cell) for cell in frame["name"])
    for at, name in enumerate(names, start=1):
        if not name:
            do = Text("请补上，或删掉这一行。", "Fill it in, or delete the row.")
            findings.add("error", (TEACHERS.name, at, TEACHERS.field("name").header), _NO_NAME, do)
    if len(names) < k:
        do = Text("请补上教师，或减少班级。", "Add teachers, or take fewer classes.")
        findings.add("error", (TEACHERS.name, None, None), _TOO_FEW.fill(k=k, t=len(names)), do)
    bars = _bars(frame, checked, findings)
    if findings.failed:
        raise InputError(findings.issues, lang)
    try:
        return Teachers(names, bars, _as_cohort(frame, k, seed, cohort))
    except InputError as error:
        raise InputError([_of_teachers(issue) for issue in error.issues], lang) from error


def draw_teachers(key: str, teams: TeacherTeams, class_of: Ints) -> TeacherDraw:
    """Return the class of each team by the first permutation that keeps every bar; ``class_of`` is the pupils'.

    Raises `InputError` if none of many does.
    """
    barred = {(int(teams.team_of[teacher]), int(class_of[pupil])) for teacher, pupil in teams.bars}
    lots = Lots(key, "teachers")
    for tries in range(1, MOST_TRIES + 1):
        labels = lots.permutation(teams.k)
        if not any((team, label) in barred for team, label in enumerate(labels)):
            return TeacherDraw(teams, tuple(labels), tries)
    what = _NO_WAY.fill(n=MOST_TRIES)
    raise InputError([Issue("error", TEACHERS.name, None, None, what, _FEWER_BARS)])


def _bars(frame: pd.DataFrame, checked: Checked, findings: Findings) -> tuple[tuple[int, int], ...]:
    if "barred" not in frame.columns:
        return ()
    bars: list[tuple[int, int]] = []
    for teacher, cell in enumerate(frame["barred"]):
        for word in checked.pupils.words_in(cell):
            those = checked.pupils.found(word)
            if len(those) == 1:
                bars.append((teacher, those[0]))
            else:
                place = (TEACHERS.name, teacher + 1, TEACHERS.field("barred").header)
                say_not_one(place, word, those, checked.pupils, findings)
    return tuple(dict.fromkeys(bars))


def _as_cohort(frame: pd.DataFrame, k: int, seed: int, pupils: Cohort) -> Checked:
    """Return the teachers as a cohort whose classes are teams, with the rules that spread heads and subjects."""
    lang = pupils.settings.language
    headers = {field.key: field.header.to(lang) for field in TEACHERS.fields}
    own = [key for key in frame.columns if not all(is_blank(cell) for cell in frame[key])]
    kept = [key for key in own if key not in ("barred", "drawn_class")]
    shown = frame[kept].rename(columns={key: _free(headers[key], own) for key in kept if key in headers})
    uses = {header: _USES.get(key) for key, header in zip(kept, shown.columns, strict=True)}
    guessed = {row["column"]: row for row in guess_columns(shown, lang).to_dict("records")}
    rows = []
    for header, use in uses.items():
        guess = guessed.get(header, {})  # a heading like 锁定 would be our own column among pupils: it decides nothing
        found = use or _EVENED.get(choice(guess.get("use"), USES) or "", "note")
        rows.append({"column": header, "use": found, "weight": 1 if use else guess.get("weight")})
    chosen = {
        "seed": seed,
        "effort": pupils.settings.effort,
        "same_name_apart": "no",
        "same_sound_apart": "no",
        "language": lang,
    }
    students = shown.assign(placed_class=None, locked=None).astype(object)
    checked = cohort_from_tables(
        {
            "Students": students,
            "Columns": framed(COLUMNS, rows),
            "Classes": default_classes(k, lang),
            "Rules": framed(RULES_TABLE, []),
            "Settings": with_settings(None, chosen, lang),
        }
    )
    rules = [*_spread(frame, "head", k), *_spread(frame, "subject", k)]
    return replace(checked, cohort=replace(checked.cohort, rules=(*checked.cohort.rules, *rules)))


def _spread(frame: pd.DataFrame, key: str, k: int) -> list[Rule]:
    """Return rules that let no team have more head teachers, or teachers of one subject, than its share."""
    if key not in frame.columns:
        return []
    groups: dict[str, list[int]] = defaultdict(list)
    for at, cell in enumerate(frame[key]):
        if not is_blank(cell) and (key == "subject" or is_yes(cell)):
            groups[as_text(cell).casefold() if key == "subject" else key].append(at)
    source = TEACHERS.field(key).header
    return [
        Rule("at_most", tuple(those), source, limit=-(-len(those) // k)) for those in groups.values() if len(those) > 1
    ]


def _free(header: str, taken: list[str]) -> str:
    return header if header not in taken else f"{header} *"


def _of_teachers(issue: Issue) -> Issue:
    """Return an issue found among teachers taken for pupils, as one of *Teachers*."""
    return replace(issue, table=TEACHERS.name, row=issue.row if issue.table == "Students" else None)
