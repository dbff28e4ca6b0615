"""Rules that cannot all hold, found before any search: each conflict is named by the rules that make it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from engine.blocks import blocks, chain
from engine.cohort import Cohort, Rule
from engine.issue import Findings
from engine.wording import Text, listed, plain

GIVE_UP_ONE = Text("请取消其中一条。", "Give up one of them.")


def find_conflicts(cohort: Cohort, findings: Findings) -> None:
    """Note an error for every conflict found among rules and sizes.

    Found are: apart within a block, blocks fixed to two classes, fixed where barred, barred everywhere, blocks larger
    than any class open to them, classes over-filled by fixed pupils or left without enough pupils, more mutually apart
    pupils than classes, limits too low. Conflicts that take a search to see are not.
    """
    _Conflicts(cohort, findings).find()


class _Conflicts:
    """The cohort's rules by block; each method notes one sort of conflict."""

    def __init__(self, cohort: Cohort, findings: Findings) -> None:
        self.cohort, self.findings = cohort, findings
        self.k = len(cohort.classes)
        self.blocks = blocks(len(cohort.ids), cohort.rules)
        self.block_of = {i: number for number, block in enumerate(self.blocks) for i in block}
        self.fixed: dict[int, list[tuple[int, Rule]]] = defaultdict(list)
        self.barred: dict[int, list[tuple[int, Rule]]] = defaultdict(list)
        for rule in cohort.rules:
            for i in rule.pupils:
                if rule.kind == "fixed":
                    self.fixed[self.block_of[i]].append((i, rule))
                elif rule.kind == "barred":
                    self.barred[self.block_of[i]].append((i, rule))
        self.open = {number: self._open(number) for number in range(len(self.blocks))}

    def find(self) -> None:
        self._apart_in_blocks()
        self._classes_of_blocks()
        self._blocks_too_large()
        self._fixed_too_many()
        self._too_few_for_a_class()
        self._too_many_apart()
        self._limits()

    def _open(self, number: int) -> set[int]:
        held = {rule.class_index for _, rule in self.fixed[number]}
        shut = {rule.class_index for _, rule in self.barred[number]}
        return {k for k in range(self.k) if (not held or held == {k}) and k not in shut}

    def _say(self, what: Text, rules: Sequence[Rule], do: Text = GIVE_UP_ONE) -> None:
        """Note a conflict at the first rule of the table *Rules* that takes part, else at *Students*."""
        row = next((rule.row for rule in rules if rule.row is not None), None)
        place = ("Rules", row, None) if row is not None else ("Students", None, None)
        self.findings.add("error", place, what, do)

    def _called(self, pupils: Sequence[int]) -> Text:
        shown = [plain(self.cohort.pupil(i)) for i in pupils[:6]]
        more = Text("等 {n} 人", "and {n} more").fill(n=len(pupils) - 6)
        return listed(shown) if len(pupils) <= 6 else listed([*shown, more])

    def _tie(self, i: int, j: int) -> Text:
        return _sources(chain(i, j, self.cohort.rules))

    def _apart_in_blocks(self) -> None:
        for rule in self.cohort.rules:
            if rule.kind != "apart":
                continue
            first: dict[int, int] = {}
            for i in rule.pupils:
                j = first.setdefault(self.block_of[i], i)
                if j != i:
                    what = Text(
                        "{p}既要同班（{t}），又要不同班（{s}）。", "{p} must be together ({t}) and apart ({s})."
                    )
                    self._say(
                        what.fill(p=self._called([j, i]), t=self._tie(j, i), s=rule.source),
                        [rule, *chain(j, i, self.cohort.rules)],
                    )
            fixed = {self.block_of[i]: i for i in rule.pupils if len(self.open[self.block_of[i]]) == 1}
            by_class: dict[int, list[int]] = defaultdict(list)
            for number, i in fixed.items():
                by_class[min(self.open[number])].append(i)
            for k, pupils in by_class.items():
                if len(pupils) > 1:
                    what = Text(
                        "{p}要不同班（{s}），却都只能在{c}（{f}）。",
                        "{p} must be apart ({s}), but all can be only in {c} ({f}).",
                    )
                    held = [
                        r for i in pupils for _, r in (*self.fixed[self.block_of[i]], *self.barred[self.block_of[i]])
                    ]
                    self._say(
                        what.fill(p=self._called(pupils), s=rule.source, c=self.cohort.classes[k], f=_sources(held)),
                        [rule, *held],
                    )

    def _classes_of_blocks(self) -> None:
        for number, block in enumerate(self.blocks):
            if self.open[number]:
                continue
            held, shut = self.fixed[number], self.barred[number]
            rules = [rule for _, rule in (*held, *shut)]
            classes = {rule.class_index: i for i, rule in held}
            if len(classes) > 1:
                (k, i), (other, j) = list(classes.items())[:2]
                tied = (
                    Text("", "")
                    if i == j
                    else Text("，又要同班（{t}）", " and must be together ({t})").fill(t=self._tie(i, j))
                )
                what = Text(
                    "{p}指定了不同的班：{a}、{b}（{f}）{t}。", "{p}: fixed to different classes, {a} and {b} ({f}){t}."
                )
                pupils = [i] if i == j else [i, j]
                names = [self.cohort.classes[c] for c in (k, other) if c is not None]
                self._say(
                    what.fill(p=self._called(pupils), a=names[0], b=names[1], f=_sources([r for _, r in held]), t=tied),
                    rules,
                )
            elif held:
                i, rule = held[0]
                k = rule.class_index or 0
                against = [r for _, r in shut if r.class_index == k]
                what = Text(
                    "{p}指定在{c}（{f}），又禁入{c}（{b}）。", "{p}: fixed to {c} ({f}) but barred from it ({b})."
                )
                self._say(
                    what.fill(p=self._called(block), c=self.cohort.classes[k], f=rule.source, b=_sources(against)),
                    rules,
                )
            else:
                what = Text("{p}所有的班都禁入（{b}）。", "{p}: barred from every class ({b}).")
                self._say(what.fill(p=self._called(block), b=_sources(rules)), rules)

    def _blocks_too_large(self) -> None:
        for number, block in enumerate(self.blocks):
            largest = max((self.cohort.most[k] for k in self.open[number]), default=len(block))
            if len(block) > largest:
                rules = [r for r in self.cohort.rules if r.kind == "together" and self.block_of[r.pupils[0]] == number]
                what = Text(
                    "要同班的 {n} 人（{p}；{s}）超过班级人数 {m}。",
                    "{n} pupils must be together ({p}; {s}) but the class has {m} places.",
                )
                do = Text("请分成几组，或增加班级人数。", "Split the group or enlarge a class.")
                self._say(what.fill(n=len(block), p=self._called(block), s=_sources(rules), m=largest), rules, do)

    def _fixed_too_many(self) -> None:
        for k, size in enumerate(self.cohort.most):
            here = [number for number, classes in self.open.items() if classes == {k}]
            pupils = [i for number in here for i in self.blocks[number]]
            if len(pupils) > size:
                rules = [rule for number in here for _, rule in (*self.fixed[number], *self.barred[number])]
                what = Text(
                    "{c}只有 {s} 个位置，却有 {n} 人只能在这个班（{f}）。",
                    "{c} has {s} places but {n} pupils can be nowhere else ({f}).",
                )
                do = Text("请减少指定的学生，或增加这个班的人数。", "Fix fewer pupils or enlarge the class.")
                self._say(what.fill(c=self.cohort.classes[k], s=size, n=len(pupils), f=_sources(rules)), rules, do)

    def _too_few_for_a_class(self) -> None:
        for k, size in enumerate(self.cohort.fewest):
            may = sum(len(self.blocks[number]) for number, classes in self.open.items() if k in classes)
            if may < size and all(self.open.values()):
                rules = [
                    r
                    for r in self.cohort.rules
                    if (r.kind == "barred") == (r.class_index == k) and r.class_index is not None
                ]
                what = Text(
                    "{c}要 {s} 人，却只有 {n} 人可以进这个班（{f}）。",
                    "{c} needs {s} pupils but only {n} may be in it ({f}).",
                )
                do = Text(
                    "请减少禁入或指定，或减少这个班的人数。", "Bar or fix fewer pupils, or make the class smaller."
                )
                self._say(what.fill(c=self.cohort.classes[k], s=size, n=may, f=_sources(rules)), rules, do)

    def _too_many_apart(self) -> None:
        """Note groups of pupils that are all apart from each other and more than the classes (greedy cliques)."""
        near: dict[int, dict[int, Rule]] = defaultdict(dict)
        for rule in self.cohort.rules:
            if rule.kind == "apart":
                numbers = sorted({self.block_of[i] for i in rule.pupils})
                for a in numbers:
                    for b in numbers:
                        if a != b:
                            near[a].setdefault(b, rule)
        done: set[int] = set()
        for start in sorted(near, key=lambda a: (-len(near[a]), a)):
            if start in done or len(near[start]) < self.k:
                continue
            clique = [start]
            for b in sorted(near[start], key=lambda b: (-len(near[b]), b)):
                if all(b in near[a] for a in clique):
                    clique.append(b)
            if len(clique) > self.k:
                done.update(clique)
                rules = [near[a][b] for a in clique for b in clique if a < b]
                what = Text(
                    "{n} 人两两不能同班（{p}；{s}），班只有 {k} 个。",
                    "{n} pupils are all to be apart ({p}; {s}) but there are {k} classes.",
                )
                do = Text("请减少分开的要求，或增加班级。", "Ask for less, or add classes.")
                pupils = [self.blocks[a][0] for a in clique]
                self._say(what.fill(n=len(clique), p=self._called(pupils), s=_sources(rules), k=self.k), rules, do)

    def _limits(self) -> None:
        for rule in self.cohort.rules:
            if rule.kind != "at_most" or rule.limit is None:
                continue
            what = None
            blocked = Counter(self.block_of[i] for i in rule.pupils)
            number, most = max(blocked.items(), key=lambda item: item[1], default=(0, 0))
            per_class = Counter(min(self.open[b]) for b in blocked for _ in range(blocked[b]) if len(self.open[b]) == 1)
            k, held = max(per_class.items(), key=lambda item: item[1], default=(0, 0))
            if len(rule.pupils) > rule.limit * self.k:
                what = Text(
                    "{n} 人每班最多 {m} 人（{s}），{k} 个班放不下。",
                    "{n} pupils at most {m} per class ({s}) do not fit into {k} classes.",
                )
            elif most > rule.limit:
                what = Text(
                    "每班最多 {m} 人（{s}），但其中 {h} 人要同班（{p}）。",
                    "At most {m} per class ({s}), but {h} of them must be together ({p}).",
                )
            elif held > rule.limit:
                what = Text(
                    "每班最多 {m} 人（{s}），但其中 {h} 人只能在{c}。",
                    "At most {m} per class ({s}), but {h} of them can be only in {c}.",
                )
            if what is not None:
                filled = what.fill(
                    n=len(rule.pupils),
                    m=rule.limit,
                    s=rule.source,
                    k=self.k,
                    h=most if most > rule.limit else held,
                    p=self._called(self.blocks[number]),
                    c=self.cohort.classes[k],
                )
                self._say(
                    filled, [rule], Text("请提高上限，或取消其他要求。", "Raise the limit, or drop the other rules.")
                )


def _sources(rules: Sequence[Rule]) -> Text:
    """Return where rules come from, each once, the tail left out where there are many."""
    said: list[Text] = []
    for rule in rules:
        if rule.source not in said:
            said.append(rule.source)
    return listed(said, 4)
