"""The rules of a cohort: from the table *Rules*, from columns of *Students*, and from names alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.cohort import LabelColumn, NumberColumn, Rule, RuleKind
from engine.columns import GROUPS, ColumnRow
from engine.issue import Findings, Level, Place
from engine.pupils import Pupils, cells_of
from engine.sizes import class_named, classes_said
from engine.tables import RULES, RULES_TABLE, USES, choice
from engine.values import as_text, folded, is_blank, is_no, is_yes, parse_number
from engine.wording import Text, listed, plain


@dataclass(frozen=True, slots=True)
class Known:
    """What rules refer to: pupils and class labels."""

    pupils: Pupils
    classes: tuple[str, ...]


def table_rules(frame: pd.DataFrame | None, known: Known, findings: Findings) -> list[Rule]:
    """Return the rules of the table *Rules*; rows that are blank are passed over, what is wrong is noted."""
    rules = []
    for at, cells in enumerate(frame.to_dict("records") if frame is not None else [], start=1):
        if all(is_blank(cells[key]) for key in ("rule", "pupils", "class", "at_most")):
            continue
        rule = _table_rule(at, cells, known, findings)
        if rule is not None:
            rules.append(rule)
    return rules


def _place(row: int, key: str) -> tuple[str, int, Text]:
    return "Rules", row, RULES_TABLE.field(key).header


def _table_rule(at: int, cells: dict[Any, object], known: Known, findings: Findings) -> Rule | None:
    kind: RuleKind | None = choice(cells["rule"], RULES)  # type: ignore[assignment] # RULES has the kinds as keys
    if kind is None:
        what = Text("没有“{v}”这种规则。", "There is no rule “{v}”.").fill(v=as_text(cells["rule"]))
        if is_blank(cells["rule"]):
            what = Text("这一行没有写是哪种规则。", "This row does not say which rule.")
        do = Text("请填 {r} 之一。", "Enter one of {r}.").fill(r=listed(list(RULES.values())))
        findings.add("error", _place(at, "rule"), what, do)
    pupils = _named_pupils(at, cells["pupils"], known.pupils, findings)
    class_index = _named_class(at, cells["class"], known, findings)
    limit = _limit(at, cells["at_most"], findings)
    if kind is None or pupils is None:
        return None
    if kind in ("together", "apart") and len(pupils) < 2:
        what = Text("“{r}”至少要写两名学生。", "“{r}” needs at least two pupils.").fill(r=RULES[kind])
        findings.add("error", _place(at, "pupils"), what, Text("请补上，或删掉这一行。", "Add one, or delete the row."))
        return None
    if kind in ("fixed", "barred") and class_index is None:
        if is_blank(cells["class"]):
            what = Text("“{r}”没有写班级。", "“{r}” needs a class.").fill(r=RULES[kind])
            findings.add("error", _place(at, "class"), what, Text("请从列表中选择。", "Choose one from the list."))
        return None
    if kind == "at_most" and limit is None:
        if is_blank(cells["at_most"]):
            what = Text("“每班最多”没有写人数。", "“at most per class” needs a number.")
            findings.add("error", _place(at, "at_most"), what, Text("请填“最多人数”。", "Fill in At most."))
        return None
    _say_unused(at, kind, cells, findings)
    return Rule(
        kind=kind,
        pupils=tuple(pupils),
        source=Text("规则表 第{n}行", "Rules, row {n}").fill(n=at),
        class_index=class_index if kind in ("fixed", "barred") else None,
        limit=limit if kind == "at_most" else None,
        row=at,
        reason=as_text(cells["reason"]),
    )


def _say_unused(at: int, kind: RuleKind, cells: dict[Any, object], findings: Findings) -> None:
    for key, kinds in (("class", ("fixed", "barred")), ("at_most", ("at_most",))):
        if kind not in kinds and not is_blank(cells[key]):
            what = Text("“{r}”用不到这一格，已忽略。", "“{r}” makes no use of this cell: it is ignored.")
            findings.add("warning", _place(at, key), what.fill(r=RULES[kind]), Text("可以清空。", "Clear it."))


def _named_pupils(at: int, cell: object, pupils: Pupils, findings: Findings) -> list[int] | None:
    """Return the pupils named in a cell, or None after noting those that are unknown or ambiguous."""
    place = _place(at, "pupils")
    words = pupils.words_in(cell)
    if not words:
        do = Text("请写学号或姓名，用顿号隔开。", "Enter ids or names, separated by commas.")
        findings.add("error", place, Text("没有写学生。", "No pupils are named."), do)
        return None
    found: list[int] = []
    good = True
    for word in words:
        those = pupils.found(word)
        if len(those) == 1 and those[0] not in found:
            found.append(those[0])
        elif len(those) == 1:
            what = Text("学生“{w}”写了两次。", "The pupil “{w}” is named twice.").fill(w=word)
            findings.add("note", place, what, Text("算一次。", "Counted once."))
        else:
            good = False
            say_not_one(place, word, those, pupils, findings)
    return found if good else None


def say_not_one(
    place: Place, word: str, those: list[int], pupils: Pupils, findings: Findings, level: Level = "error"
) -> None:
    """Note that a word stands for no pupil, or for several."""
    if those:
        what = Text("叫“{w}”的学生有 {n} 名。", "{n} pupils are called “{w}”.").fill(w=word, n=len(those))
        do = Text("请写学号：{i}。", "Write the id: {i}.").fill(i=listed([plain(pupils.ids[i]) for i in those]))
    else:
        what = Text("找不到学生“{w}”。", "There is no pupil “{w}”.").fill(w=word)
        close = pupils.close_to(word)
        do = Text("请核对学号或姓名。", "Check the id or name.")
        if close:
            names = [Text("“{c}”", "“{c}”").fill(c=c) for c in close]
            do = Text("您是不是要找{c}？", "Did you mean {c}?").fill(c=listed(names))
    findings.add(level, place, what, do)


def _named_class(at: int, cell: object, known: Known, findings: Findings) -> int | None:
    if is_blank(cell):
        return None
    k = class_named(cell, known.classes)
    if k is None:
        say_no_class(_place(at, "class"), cell, known.classes, findings)
    return k


def say_no_class(place: Place, cell: object, classes: Sequence[str], findings: Findings) -> None:
    """Note that a cell names no class."""
    what = Text("没有“{c}”这个班。", "There is no class “{c}”.").fill(c=as_text(cell))
    do = Text("班级有：{k}。", "The classes are: {k}.").fill(k=classes_said(classes))
    findings.add("error", place, what, do)


def _limit(at: int, cell: object, findings: Findings) -> int | None:
    if is_blank(cell):
        return None
    number = parse_number(cell)
    if number is None or number != int(number) or number < 0:
        what = Text("“{v}”不是人数。", "“{v}” is no number of pupils.").fill(v=as_text(cell))
        findings.add("error", _place(at, "at_most"), what, Text("请填整数。", "Enter a whole number."))
        return None
    return int(number)


def column_rules(
    rows: Sequence[ColumnRow],
    columns: Sequence[NumberColumn | LabelColumn],
    students: pd.DataFrame,
    known: Known,
    findings: Findings,
) -> list[Rule]:
    """Return the rules in columns: preset classes, together and apart groups, at most n per class of a label."""
    rules: list[Rule] = []
    for item in rows:
        if item.use in GROUPS:
            cells = cells_of(students, item.header, known.pupils.rows)
            rules += _group_rules(item, cells, known, findings)
        if item.at_most is not None:
            column = next((c for c in columns if c.name == item.header and isinstance(c, LabelColumn)), None)
            if column is not None:
                rules += _at_most(column, item.at_most)
            elif item.use not in ("gender", "flag", "category"):
                what = Text("“{h}”的用途是“{u}”，这一项不起作用。", "“{h}” is a {u}: this has no effect.")
                place = ("Columns", item.row, Text("每班最多", "At most per class"))
                findings.add(
                    "warning", place, what.fill(h=item.header, u=USES[item.use]), Text("可以删掉。", "Clear it.")
                )
    return rules


def _at_most(column: LabelColumn, limit: int) -> list[Rule]:
    rules = []
    for code, level in enumerate(column.levels):
        pupils = tuple(int(i) for i in (column.codes == code).nonzero()[0])
        source = Text("列“{c}”：{v}", "column “{c}”: {v}").fill(c=column.name, v=level)
        rules.append(Rule("at_most", pupils, source, limit=limit))
    return rules


def _group_rules(item: ColumnRow, cells: list[object], known: Known, findings: Findings) -> list[Rule]:
    """Return the rules of a column of groups. A preset number or label is that class, a letter a class not named."""
    groups: dict[str, list[int]] = defaultdict(list)
    rules: list[Rule] = []
    source = Text("列“{c}”", "column “{c}”").fill(c=item.header)
    for i, cell in enumerate(cells):
        word = folded(cell)
        if word == "" or (is_no(cell) and word not in ("f", "n")):
            continue
        place = ("Students", known.pupils.rows[i] + 1, item.header)
        if item.use == "preset":
            k = class_named(cell, known.classes)
            if k is not None:
                rules.append(Rule("fixed", (i,), source, class_index=k))
            elif _lettered(word):
                groups[word].append(i)
            else:
                say_no_class(place, cell, known.classes, findings)
        elif is_yes(cell) and word not in ("1", "y", "t", "v", "x"):
            what = Text("{w}的“{v}”看不出和谁一组。", "{w}: “{v}” does not tell the group.")
            do = Text("请给同一组的学生写同一个编号。", "Give the pupils of one group the same number.")
            findings.add("error", place, what.fill(w=known.pupils.called(i), v=as_text(cell)), do)
        else:
            groups[word].append(i)
    kind: RuleKind = "apart" if item.use == "apart" else "together"
    for pupils in groups.values():
        if len(pupils) == 1:
            what = Text("组“{g}”只有{w}一人，不起作用。", "Group “{g}” has only {w}: it has no effect.")
            place = ("Students", known.pupils.rows[pupils[0]] + 1, item.header)
            findings.add(
                "warning",
                place,
                what.fill(g=as_text(cells[pupils[0]]), w=known.pupils.called(pupils[0])),
                Text("请核对是否漏了同组的学生。", "Check whether another pupil of the group is missing."),
            )
            continue
        grouped = Text("列“{c}”组 {g}", "column “{c}”, group {g}").fill(c=item.header, g=as_text(cells[pupils[0]]))
        rules.append(Rule(kind, tuple(pupils), grouped))
    return rules


def _lettered(word: str) -> bool:
    return len(word) <= 2 and word.isascii() and word.isalpha()


def alike_rules(
    keys: Sequence[str], why: Callable[[int], Text], given: Sequence[Rule], known: Known, findings: Findings
) -> list[Rule]:
    """Return rules that keep pupils with the same key (name, sound) apart, as far as the given rules allow.

    ``why(i)`` says what pupil i's group has in common. A pair that a given rule puts into one class is left out; of
    more pupils than classes each class may have its share. Both are noted.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if key:
            groups[key].append(i)
    tied = _tied(len(keys), given)
    rules = []
    for pupils in groups.values():
        by_tie: dict[object, list[int]] = defaultdict(list)
        for i in pupils:
            by_tie[tied[i]].append(i)
        for same in by_tie.values():
            if len(same) > 1:
                what = Text("{p}：{w}，但规则要求在同一个班。", "{p}: {w}, but rules put them in one class.")
                names = listed([plain(known.pupils.called(i)) for i in same])
                findings.add("note", ("Students", None, None), what.fill(p=names, w=why(same[0])), _FOLLOWED)
        apart = [same[0] for same in by_tie.values()]
        k = len(known.classes)
        if len(apart) > k:
            limit = -(-len(apart) // k)
            what = Text("有 {n} 名学生{w}，班只有 {k} 个。", "{n} pupils: {w}, in {k} classes.")
            do = Text("每班最多 {m} 名。", "At most {m} in each class.").fill(m=limit)
            findings.add("note", ("Students", None, None), what.fill(n=len(apart), w=why(apart[0]), k=k), do)
            rules.append(Rule("at_most", tuple(apart), why(apart[0]), limit=limit))
        elif len(apart) > 1:
            rules.append(Rule("apart", tuple(apart), why(apart[0])))
    return rules


_FOLLOWED = Text("以规则为准。", "The rules are followed.")


def _tied(n: int, rules: Sequence[Rule]) -> list[object]:
    """Return a mark for each pupil; pupils that the rules put into one class have the same."""
    from engine.blocks import blocks

    mark: list[object] = [None] * n
    fixed = {i: rule.class_index for rule in rules if rule.kind == "fixed" for i in rule.pupils}
    for number, block in enumerate(blocks(n, rules)):
        classes = [fixed[i] for i in block if i in fixed]
        for i in block:
            mark[i] = ("class", classes[0]) if classes else ("block", number)
    return mark
