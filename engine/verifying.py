"""A draw recomputed: what agrees with its record, what does not, and what cannot be told from what was given.

The record alone tells the seal's hash, the seed, the lots, the result code and the gaps; with the sealed list the
commits, the placement itself and every criterion are computed anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any, Literal

from engine import __version__
from engine.canonical import short_code
from engine.criteria import even_sizes
from engine.drawing import draw_labels, drawn, result_code
from engine.issue import InputError
from engine.lots import Lots, key_of, normal_parts, seed_of
from engine.record import RECORD, Seal, record_of, rounded
from engine.sealing import Sealed, seal_code
from engine.solve import Progress
from engine.wording import Text, listed, plain

Verdict = Literal["agrees", "differs", "unknown"]
Record = Mapping[str, Any]
VERDICTS: dict[Verdict, Text] = {
    "agrees": Text("一致", "agrees"),
    "differs": Text("不一致", "differs"),
    "unknown": Text("无法判断", "cannot be told"),
}
_UNREADABLE = Text("读不懂这一部分：{w}", "this part cannot be read: {w}")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was recomputed, and whether it agrees; ``detail`` says what was found where it does not."""

    what: Text
    verdict: Verdict
    detail: Text = _NOTHING

    def said(self) -> Text:
        """Return the finding as a line."""
        line = Text("{w}：{v}", "{w}: {v}").fill(w=self.what, v=VERDICTS[self.verdict])
        return Text("{l}。{d}", "{l}. {d}").fill(l=line, d=self.detail) if self.detail.en else line


def verify_record(record: Record) -> list[Finding]:
    """Return what a record says of itself: everything that can be recomputed without the sealed list."""
    if record.get("format") != RECORD:
        what = Text("文件格式", "file format")
        return [Finding(what, "differs", plain(record.get("format")))]
    return [_guarded(what, check, record) for what, check in _CHECKS]


def verify_list(record: Record, sealed: Sealed, secret: str, progress: Progress | None = None) -> list[Finding]:
    """Return whether a sealed list is the one sealed, and whether the whole draw made from it anew is the recorded one.

    The placement can only be repeated by the version that made it.
    """
    given = record["seal"]
    seal = Seal(sealed, secret, given["when"], given["official"])
    found = [_same(_LIST, seal.code, given["code"])]
    if record["version"] != __version__:
        what = Text("抽签用的是版本 {a}，这里是 {b}。", "The draw was made by version {a}, this is {b}.")
        found.append(Finding(_AGAIN, "unknown", what.fill(a=record["version"], b=__version__)))
        return found
    if found[0].verdict == "differs":
        return found
    try:
        again = drawn(sealed, seal.code, record["draw"]["number"], record["draw"]["parts"], progress)
    except InputError as error:
        said = listed([issue.what for issue in error.issues if issue.level == "error"])
        return [*found, Finding(_AGAIN, "differs", said)]
    made = record_of(seal, again, record["draw"]["when"])
    parts = (
        (_REDONE.fill(w=Text("种子", "seed")), "draw", ("key", "seed", "effort")),
        (_AGAIN, "draw", ("groups", "sets")),
        (_REDONE.fill(w=_LABELS), "draw", ("labels",)),
        (_REDONE.fill(w=_TEACHERS), "teachers", None),
        (_REDONE.fill(w=_RESULT), "result", ("code", "short", "classes")),
        (_REDONE.fill(w=_GAPS), "criteria", None),
        (_REDONE.fill(w=_RULES), "rules", None),
    )
    for what, name, keys in parts:
        ours, theirs = made[name], record[name]
        if keys is not None:
            ours, theirs = [ours[key] for key in keys], [theirs[key] for key in keys]
        found.append(Finding(what, "agrees" if ours == theirs else "differs", _difference(ours, theirs)))
    return found


def classes_of(record: Record) -> list[str]:
    """Return the class of every pupil, in roster order, that a record says was drawn."""
    draw, names = record["draw"], record["result"]["classes"]
    return [str(names[draw["labels"][g]]) for g in draw["groups"]]


def classes_of_teachers(record: Record) -> list[list[str]]:
    """Return ``[name, class]`` of every teacher that a record says was drawn; none without any."""
    found, names = record["teachers"], record["result"]["classes"]
    if found is None:
        return []
    return [
        [name, str(names[found["labels"][team]])] for name, team in zip(found["names"], found["teams"], strict=True)
    ]


_SEAL = Text("封存码（由公布的内容重算）", "sealed code, from what is published")
_LIST = Text("封存名单与封存码", "sealed list and sealed code")
_COUNT = Text("封存的学生人数", "number of pupils sealed")
_SEED = Text("种子（由封存码和现场的话重算）", "seed, from the sealed code and what was said")
_AGAIN = Text("分组（由名单和种子重新计算）", "groups, computed anew from list and seed")
_LABELS = Text("班级抽签", "draw of the classes")
_TEACHERS = Text("教师抽签", "draw of the teachers")
_BARS = Text("教师回避", "bars of teachers")
_RESULT = Text("结果码", "result code")
_GAPS = Text("各项最大差", "gaps")
_RULES = Text("规则", "rules")
_REDONE = Text("{w}（由名单重做）", "{w}, made anew from the list")
_HISTORY = Text("抽签次数", "number of draws")


def _seal(record: Record) -> Finding:
    code = seal_code(record["seal"]["tables"])
    return _same(_SEAL, [code, short_code(code)], [record["seal"]["code"], record["seal"]["short"]])


def _count(record: Record) -> Finding:
    seal = record["seal"]
    rows = next(len(rows) for name, _, rows in seal["tables"] if name == "Students")
    if not rows == seal["pupils"] == len(record["draw"]["groups"]):
        return _same(_COUNT, rows, seal["pupils"])
    if seal["official"] is None:
        return Finding(_COUNT, "agrees", Text("没有登记官方人数。", "No official count was given."))
    what = Text("封存 {p} 人，官方 {o} 人。", "{p} sealed, {o} officially.").fill(p=rows, o=seal["official"])
    return Finding(_COUNT, "agrees" if rows == seal["official"] else "differs", what)


def _seed(record: Record) -> Finding:
    draw = record["draw"]
    parts = [[who, said] for who, said in draw["parts"]]
    if [list(part) for part in normal_parts((who, said) for who, said in parts)] != parts or not parts:
        return Finding(_SEED, "differs", Text("现场的话没有按规定书写。", "What was said is not in its normal form."))
    key = key_of(record["seal"]["code"], draw["number"], normal_parts((who, said) for who, said in parts))
    efforts = [row[1] for row in _open_rows(record, "Settings") if row[0] == "effort"]
    return _same(_SEED, [key, seed_of(key), *efforts], [draw["key"], draw["seed"], draw["effort"]])


def _labels(record: Record) -> Finding:
    draw, k = record["draw"], len(record["result"]["classes"])
    members = [at for trading in draw["sets"] for at in trading]
    sizes = Counter(draw["groups"])
    classes = [row for row in _open_rows(record, "Classes") if row[0].strip()]
    if [row[0].strip() for row in classes] != record["result"]["classes"]:
        return _same(_LABELS, [row[0] for row in classes], record["result"]["classes"])
    alike = all(len({(sizes[at], *classes[at][1:]) for at in trading}) == 1 for trading in draw["sets"])
    if len(members) != len(set(members)) or not alike:
        what = Text("互换的班并不一样大。", "Classes that trade are not alike.")
        return Finding(_LABELS, "differs", what)
    return _same(_LABELS, list(draw_labels(draw["key"], draw["sets"], k)), draw["labels"])


def _open_rows(record: Record, table: str) -> list[list[str]]:
    """Return the rows of a table that is published in clear."""
    return next(rows for name, _, rows in record["seal"]["tables"] if name == table)


def _teachers(record: Record) -> Finding:
    found = record["teachers"]
    if found is None:
        return Finding(_TEACHERS, "agrees", Text("没有教师抽签。", "No teachers were drawn."))
    lots, labels = Lots(record["draw"]["key"], "teachers"), []
    for _ in range(found["tries"]):
        labels = lots.permutation(len(record["result"]["classes"]))
    return _same(_TEACHERS, labels, found["labels"])


def _bars(record: Record) -> Finding:
    found = record["teachers"]
    if found is None:
        return Finding(_BARS, "agrees")
    pupils, labels = classes_of(record), [label for _, label in classes_of_teachers(record)]
    broken = [row for teacher, row in found["bars"] if labels[teacher] == pupils[row - 1]]
    what = Text("第 {r} 行的学生没有回避。", "The bar of the pupils in rows {r} is not kept.")
    return Finding(_BARS, "differs" if broken else "agrees", what.fill(r=broken) if broken else _NOTHING)


def _result(record: Record) -> Finding:
    code = result_code(record["draw"]["key"], classes_of(record), classes_of_teachers(record))
    return _same(_RESULT, [code, short_code(code)], [record["result"]["code"], record["result"]["short"]])


def _gaps(record: Record) -> Finding:
    labels, draw = record["result"]["classes"], record["draw"]
    held = Counter(draw["labels"][g] for g in draw["groups"])
    sizes = tuple(held[k] for k in range(len(labels)))
    wrong = [one["label"] for one in record["criteria"] if not _gap_agrees(one, sizes)]
    names = listed([Text(label["zh"], label["en"]) for label in wrong])
    return Finding(_GAPS, "differs" if wrong else "agrees", names)


def _gap_agrees(one: Record, sizes: Sequence[int]) -> bool:
    """Return whether a criterion's gap is that of its values, and whether it says rightly that it is at its floor."""
    values = [[Fraction(part) for part in value] for value in one["values"]]
    if len(values) != len(sizes) or (one["kind"] == "size" and [value[0] for value in values] != list(sizes)):
        return False
    gap, floor = Decimal(one["gap"]), Decimal(one["floor"])
    in_order = gap <= floor if one["at_floor"] else gap >= floor
    return in_order and rounded(gap_from(one["kind"], values, sizes)) == one["gap"]


def gap_from(kind: str, values: Sequence[Sequence[Fraction]], sizes: Sequence[int]) -> Fraction:
    """Return the gap of a criterion from the sum and count (and sum of squares) of every class."""
    known = [value for value in values if value[1]]
    if not known:
        return Fraction(0)
    means: list[Fraction] = [value[0] / value[1] for value in known]
    if kind == "spread":
        variances = [value[2] / value[1] - mean * mean for value, mean in zip(known, means, strict=True)]
        return Fraction(sqrt(max(variances)) - sqrt(min(variances)))
    if kind == "unmet":
        return sum(means, Fraction(0))
    if kind not in ("size", "mean", "met") and not even_sizes(tuple(sizes)):
        share = sum(means, Fraction(0)) / sum(sizes)
        means = [mean - size * share for mean, size in zip(means, sizes, strict=True)]
    return max(means) - min(means)


def _rules(record: Record) -> Finding:
    broken = record["rules"]["broken"]
    what = Text("有 {n} 条没有遵守。", "{n} are broken.").fill(n=broken)
    return Finding(
        Text("规则全部遵守", "every rule kept"), "differs" if broken else "agrees", what if broken else _NOTHING
    )


def _history(record: Record) -> Finding:
    number, earlier = record["draw"]["number"], record["earlier"]
    same = [one["number"] for one in earlier if one.get("seal", record["seal"]["code"]) == record["seal"]["code"]]
    if same != list(range(1, number)):
        what = Text("这是第 {n} 次，记录里先前的有：{e}。", "This is draw {n}; the earlier ones recorded are: {e}.")
        return Finding(_HISTORY, "differs", what.fill(n=number, e=same))
    if earlier:
        what = Text("先前抽过 {n} 次，见记录。", "Earlier draws on record: {n}.")
        return Finding(_HISTORY, "agrees", what.fill(n=len(earlier)))
    return Finding(_HISTORY, "agrees", Text("只抽了一次。", "The only draw."))


_CHECKS: tuple[tuple[Text, Callable[[Record], Finding]], ...] = (
    (_SEAL, _seal),
    (_COUNT, _count),
    (_SEED, _seed),
    (_LABELS, _labels),
    (_TEACHERS, _teachers),
    (_BARS, _bars),
    (_RESULT, _result),
    (_GAPS, _gaps),
    (_RULES, _rules),
    (_HISTORY, _history),
)


def _guarded(what: Text, check: Callable[[Record], Finding], record: Record) -> Finding:
    try:
        return check(record)
    except (KeyError, IndexError, TypeError, ValueError, StopIteration, ArithmeticError) as why:
        return Finding(what, "differs", _UNREADABLE.fill(w=f"{type(why).__name__} {why}"))


def _same(what: Text, ours: object, theirs: object) -> Finding:
    return Finding(what, "agrees" if ours == theirs else "differs", _difference(ours, theirs))


def _difference(ours: object, theirs: object) -> Text:
    if ours == theirs:
        return _NOTHING
    what = Text("算出来是 {a}，记录里是 {b}。", "Computed: {a}; recorded: {b}.")
    return what.fill(a=_shown(ours), b=_shown(theirs))


def _shown(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)
    return text if len(text) <= 120 else text[:120] + "…"
