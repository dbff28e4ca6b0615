"""Guess what each column of a roster is, from its heading and its values, and say why; staff correct the guess.

What weighs how much. Columns that a school places by (gender, marks, and what a known heading names: class officers,
support, feeder school, ethnic group, former class …) weigh 1. Columns that nothing but their values speaks for are
minor: they weigh 0.5 while there are few of them. With more than `MOST_MINOR` of them nobody has asked for their
balance, and it would be paid for with the marks', so all become notes; each says so, and staff turn on what matters.
A few whole numbers (1 to 5) of unknown meaning count as a category: if they are codes a mean would be nonsense, and
where every value is even the mean is too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from engine.headings import AVERAGE, FORMER_CLASS, FORMER_TEACHER, MARK, RANK, SERIAL, Heading, heading_of, rank_of
from engine.look import Look, look_at
from engine.pupils import SEPARATORS
from engine.tables import COLUMNS, STUDENTS, USES, YES_NO, header_of, matching
from engine.values import has_han, is_blank, normal_name
from engine.wording import Lang, Text

OWN_CLASS = frozenset(matching(word) for word in ("班级", "班", "class"))
GENDERS = frozenset("男 女 男生 女生 m f boy girl male female".split())
MOST_LEVELS = 60  # of a category
FEW_NUMBERS = 8  # different whole numbers that still are a category
PUPILS_A_LEVEL = 4  # at least, on average, for values to be a category without a heading that says so
MOST_MINOR = 8
MINOR_WEIGHT = 0.5
SHARE_OF_BANDS = 0.2
OF_PUPILS = frozenset({"id", "name", "mark", "total", "flag", "date"})
NO_WEIGHT = ("id", "name", "note", "preset", "together", "apart")
LAST = 10_000  # rank of what only values speak for


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is used for, and why. ``heading``: what its heading says, None if only its values speak."""

    use: str
    why: Text
    heading: Heading | None = None

    @property
    def rank(self) -> int:
        """Return how much the guess is to be preferred to others of the same use: the smaller the better."""
        return LAST if self.heading is None else rank_of(self.heading)

    @property
    def minor(self) -> bool:
        """Return whether nothing but the values says that the column should be balanced."""
        return self.heading is None and self.use in ("category", "flag", "number", "date")


def language_of(headers: Iterable[object]) -> Lang:
    """Return the language of a roster: Chinese if any heading has Chinese characters."""
    return "zh" if any(has_han(str(header)) for header in headers) else "en"


def says_pupils(students: pd.DataFrame) -> bool:
    """Return whether any column says that the rows of a table are pupils.

    By its heading and what stands below it one is a pupil's id, a name, a gender, a mark, a total of marks, a flag or a
    date of birth; or its values are boy and girl. An invoice, a timetable or a stock list has none.
    """
    looks = {str(header): look_at(students[header]) for header in students.columns}
    guesses = [_guess(header, look) for header, look in looks.items()]
    return any(
        guess.use == "gender"
        or ((said := guess.heading) is not None and said.use == guess.use in OF_PUPILS and not said.of_any_list)
        for guess in guesses
    )


def guess_columns(students: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Return the table *Columns* for a roster: a row per column, uses in ``lang``, each with its reason.

    Our own class and locked columns get no row. Where there are marks but no total, a row for a total to be computed
    is added.
    """
    own = {header_of(students.columns, field) for field in STUDENTS.fields if _ours(students, field.key)}
    headers = [str(header) for header in students.columns if header not in own]
    looks = {header: look_at(students[header]) for header in headers}
    guesses = {header: _guess(header, looks[header]) for header in headers}
    _settle(guesses, looks)
    marks = [header for header, guess in guesses.items() if guess.use == "mark"]
    totals = [header for header, guess in guesses.items() if guess.use == "total"]
    main = totals[0] if totals else (marks[0] if len(marks) == 1 else None)
    rows = [_row(header, guess, lang, main=header == main) for header, guess in guesses.items()]
    if len(marks) >= 2 and not totals:
        why = Text("名单里没有总分，由各科成绩相加", "the roster has no total: it is added up from the marks")
        rows.append(_row(_total_name(headers, lang), Guess("total", why, MARK), lang, main=True))
    return pd.DataFrame(rows, columns=[field.key for field in COLUMNS.fields], dtype=object)


def _ours(students: pd.DataFrame, key: str) -> bool:
    """Return whether our column of this key is there: canonical, or the roster's own heading standing empty."""
    header = header_of(students.columns, STUDENTS.field(key))
    if header is None:
        return False
    return header == key or matching(header) not in OWN_CLASS or all(is_blank(cell) for cell in students[header])


def _row(header: str, guess: Guess, lang: Lang, *, main: bool) -> dict[str, Any]:
    return dict.fromkeys(field.key for field in COLUMNS.fields) | {
        "column": header,
        "use": USES[guess.use].to(lang),
        "weight": None if guess.use in NO_WEIGHT else (MINOR_WEIGHT if guess.minor else 1),
        "band_width": SHARE_OF_BANDS if main else None,
        "spread": YES_NO["yes"].to(lang) if guess.use in ("mark", "total") else None,
        "reason": guess.why.to(lang),
    }


def _total_name(headers: list[str], lang: Lang) -> str:
    base = USES["total"].to(lang) if lang == "zh" else "Total"
    taken = {matching(header) for header in headers}
    names = (base, *(f"{base}（相加）" if lang == "zh" else f"{base} (sum)" for _ in "1"))
    return next((name for name in names if matching(name) not in taken), f"{base} ({len(headers)})")


def _guess(header: str, look: Look) -> Guess:
    """Return the use of one column: first by its heading if its values fit, else by its values."""
    if look.held == 0:
        return Guess("note", Text("整列空白", "the column is blank"))
    heading = heading_of(header)
    if heading is not None and (found := _by_heading(header, heading, look)) is not None:
        return found
    return _by_values(look)


def _by_heading(header: str, heading: Heading, look: Look) -> Guess | None:
    """Return the use that a heading says if the values allow it, or one near to it, or None."""
    if look.different == 1 < look.n == look.held and heading.use in ("mark", "total", "category", "number", "date"):
        return Guess("note", Text("所有学生都一样", "the same for every pupil"), heading)
    if heading.soft and look.different <= MOST_LEVELS and _repeats(look):
        return None
    if heading.use in ("together", "apart") and look.flags and look.numbers == 0:
        what = Text(
            "只有“是”，看不出谁和谁一组：请填组号", "it only says yes, not who belongs with whom: enter group numbers"
        )
        return Guess("note", what, heading)
    if heading.use == "id" and look.n > 1 and look.different <= look.held / 2:
        return Guess(
            "note", Text("号码重复太多，不能区分学生", "the numbers repeat too much to tell pupils apart"), heading
        )
    use = heading.use
    if matching(header) == "grade" and look.different_numbers <= FEW_NUMBERS:
        return None  # the year they are in
    if not _fits(use, look):
        if use in ("category", "flag") and look.different > MOST_LEVELS:
            return Guess("note", _too_many(look.different), heading)
        if use not in ("flag", "mark") or not _fits("category", look):
            return None
        use = "category"
    return Guess(use, _why(heading, use, look), heading)


def _why(heading: Heading, use: str, look: Look) -> Text:
    """Return a short sentence: what the heading says, what is done with the column."""
    then = {
        "id": Text("用来区分学生", "it tells pupils apart"),
        "name": Text("用来称呼学生", "what pupils are called"),
        "gender": Text("各班人数均衡", "counts are evened out"),
        "mark": Text("各班平均均衡", "means are evened out"),
        "total": Text("各班平均和分段均衡", "means and bands are evened out"),
        "flag": Text("{y}人是，各班人数均衡", "{y} pupils, counts are evened out"),
        "category": Text("{d}种，各班人数均衡", "{d} values, counts are evened out"),
        "number": Text("各班平均均衡", "means are evened out"),
        "date": Text("各班平均年龄均衡", "the mean age is evened out"),
        "preset": Text(
            "数字或班名是指定班级，字母相同的同班", "a number or class name is that class, equal letters go together"
        ),
        "together": Text("组号相同的同班", "equal groups go to one class"),
        "apart": Text("组号相同的不同班", "equal groups go to different classes"),
        "wish": Text("尽量让每人至少有一个愿望同伴同班", "everyone gets one of them as far as possible"),
        "note": Text("不参与分班", "it decides nothing"),
    }[use].fill(y=look.yes, d=look.different)
    return Text("标题表示{k}；{t}", "by the heading: {k}; {t}").fill(k=heading.kind, t=then)


def _fits(use: str, look: Look) -> bool:
    """Return whether a column's values allow the use that its heading suggests."""
    if use == "flag":
        return look.flags
    if use == "gender":
        return look.different <= 4
    if use == "category":
        return look.different <= MOST_LEVELS and (look.different > 1 or look.held < look.n)
    if use in ("mark", "total", "number"):
        return _most(look.numbers + look.in_words, look)  # words are then told, pupil by pupil, not taken for levels
    if use == "date":
        return _most(look.dates, look)
    return True


def _most(count: int, look: Look) -> bool:
    """Return whether nearly all cells are so, of few pupils all but one; marks of absent pupils may be among them."""
    known = look.held - look.absent
    return count > 0 and count >= min(0.8 * known, known - 1)


def _repeats(look: Look) -> bool:
    return look.different <= max(2, look.held / PUPILS_A_LEVEL)


def _by_values(look: Look) -> Guess:
    d, n = look.different, look.n
    if d == 1 < n == look.held:
        return Guess("note", Text("所有学生都一样", "the same for every pupil"))
    if {text.casefold() for text in look.texts} <= GENDERS and 2 * look.held >= n:
        return Guess("gender", Text("值是男/女", "the values are boy and girl"))
    if look.flags and d <= 2:
        return Guess("flag", Text("只有“是”和空白之类的值；次要", "only yes and blank, or 1 and 0; minor"))
    if look.dates == look.held and look.numbers < look.held:
        return Guess("date", Text("值是日期；次要", "the values are dates; minor"))
    if look.a_key and n > 1 and look.numbers == 0 and _like_names(look):
        return Guess("name", Text("值像姓名", "the values look like names"))
    if look.a_key and n > 1 and _like_ids(look):
        return Guess("id", Text("{n} 个值各不相同，像编号", "{n} values, all different, like ids").fill(n=n))
    if look.numbers == look.held and not (look.whole == look.held and d <= FEW_NUMBERS):
        return Guess("number", Text("多种数值，均衡其平均；次要", "many numbers: their mean is evened out; minor"))
    if d <= MOST_LEVELS and _repeats(look):
        return Guess("category", Text("{d} 种值反复出现；次要", "{d} values that repeat; minor").fill(d=d))
    return Guess("note", _too_many(d))


def _too_many(different: int) -> Text:
    return Text("{d} 种值，太多样，不用于均衡", "{d} values, too many to balance").fill(d=different)


def _like_names(look: Look) -> bool:
    names = sum(has_han(text) and 2 <= len(normal_name(text).replace("·", "")) <= 6 for text in look.texts)
    return names >= 0.9 * look.different


def _like_ids(look: Look) -> bool:
    """Return whether all different values look like ids: consecutive or long whole numbers, or codes with digits."""
    if look.whole == look.held:
        low, high = look.span
        return high - low == look.n - 1 or low >= 10_000
    return look.numbers == 0 and all(t.isascii() and " " not in t and any(c.isdigit() for c in t) for t in look.texts)


def _settle(guesses: dict[str, Guess], looks: dict[str, Look]) -> None:
    """Settle what columns are to each other: one id, name, gender, total; what repeats another; too many minor ones."""
    _find_an_id(guesses, looks)
    _only_one(guesses, looks)
    _no_pupils_named(guesses, looks)
    uses = {guess.use for guess in guesses.values()}
    if any(guess.heading is FORMER_CLASS and guess.use == "category" for guess in guesses.values()):
        why = Text("和原来的班级是一回事", "the former class says the same")
        _turn(guesses, [h for h, g in guesses.items() if g.heading is FORMER_TEACHER and g.use == "category"], why)
    if "mark" not in uses and "total" not in uses:
        ranks = (h for h, g in guesses.items() if g.heading is RANK and looks[h].numbers == looks[h].held > 1)
        if (rank := next(ranks, None)) is not None:
            why = Text("没有成绩，用名次代替：各班平均均衡", "there are no marks: the mean rank is evened out")
            guesses[rank] = Guess("number", why, RANK)
    minor = [header for header, guess in guesses.items() if guess.minor]
    if len(minor) > MOST_MINOR:
        why = Text(
            "有 {n} 列次要信息，都均衡会拖累成绩，所以先不用；要均衡请改用途",
            "{n} minor columns: balancing them all would cost the marks, so none is; set the use of those that matter",
        )
        _turn(guesses, minor, why.fill(n=len(minor)))


def _no_pupils_named(guesses: dict[str, Guess], looks: dict[str, Look]) -> None:
    """Turn columns of wishes into notes where most cells name no pupil by id or name."""
    known = {
        normal_name(text)
        for header, guess in guesses.items()
        if guess.use in ("id", "name")
        for text in looks[header].texts
    }
    for header, guess in guesses.items():
        if guess.use == "wish":
            named = sum(
                normal_name(text) in known
                or any(normal_name(word) in known for word in re.split(rf"{SEPARATORS.pattern}|\s+", text))
                for text in looks[header].texts
            )
            if 2 * named < looks[header].different:
                why = Text("大多不是名单里的学生", "most cells name no pupil of the roster")
                _turn(guesses, [header], why)


def _turn(guesses: dict[str, Guess], headers: list[str], why: Text) -> None:
    for header in headers:
        guesses[header] = replace(guesses[header], use="note", why=why)


def _find_an_id(guesses: dict[str, Guess], looks: dict[str, Look]) -> None:
    """Let a serial number serve as the id where nothing else does."""
    if any(guess.use == "id" for guess in guesses.values()):
        return
    serial = next((h for h, g in guesses.items() if g.heading is SERIAL and looks[h].a_key), None)
    if serial is not None:
        guesses[serial] = Guess(
            "id", Text("没有学号，用序号代替", "there are no ids: the serial number serves"), SERIAL
        )


def _only_one(guesses: dict[str, Guess], looks: dict[str, Look]) -> None:
    """Leave one id, name, gender and total, the one whose heading tells most; the others keep what they still say."""
    for use in ("id", "name", "gender", "total"):
        headers = [header for header, guess in guesses.items() if guess.use == use]
        if len(headers) < 2:
            continue
        best = min(
            headers,
            key=lambda h: (use == "id" and not looks[h].a_key, guesses[h].rank, use == "name" and -looks[h].different),
        )
        for header in headers:
            if header == best:
                continue
            guess = guesses[header]
            other = "category" if use == "gender" else "note"
            why = Text("已有“{b}”作{u}", "“{b}” is the {u} already").fill(b=best, u=USES[use])
            if use == "total" and guess.heading is not AVERAGE:
                other = "mark"
                why = Text("已有“{b}”作总分，这一列按成绩均衡", "“{b}” is the total; this is balanced as a mark").fill(
                    b=best
                )
            guesses[header] = replace(guess, use=other, why=why)
