"""Guess what each column of a roster is, from its heading and its values, and say why; staff correct the guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.tables import COLUMNS, STUDENTS, USES, YES_NO, header_of, matching
from engine.values import as_text, has_han, is_absent, is_blank, is_no, is_yes, parse_date, parse_number
from engine.wording import Lang, Text

SUBJECTS = (
    "语文 数学 英语 外语 物理 化学 生物 历史 地理 政治 道法 道德与法治 思品 科学 综合 文综 理综 体育 音乐 美术 信息 阅读 写作 口算 "
    "日语 俄语 math maths mathematics reading read writing write science english chinese physics chemistry biology history "
    "geography language arts spelling ela music pe"
).split()

# Heading words by use, the most telling first. A heading is understood if it contains one; "=" means it must equal it.
HEADINGS: tuple[tuple[str, str], ...] = (
    (
        "note",
        "名次 排名 位次 rank 电话 手机 联系 phone tel 地址 住址 家长 监护 父亲 母亲 parent father mother 备注 说明 note remark comment",
    ),
    ("note", "班主任 老师 教师 teacher 照片 photo email 邮箱 密码 =国籍 年度 学年"),
    ("preset", "预设班 指定班 预定班 固定班 预分班 presetclass preset fixedclass assignedclass"),
    ("together", "双胞胎 多胞胎 同班 绑定 捆绑 together twin sameclass"),
    ("apart", "互斥 情侣 分开 不同班 不同组 拆分 隔离 apart separate keepaway conflict"),
    (
        "id",
        "学籍号 学籍 学号 考号 准考证 考生号 身份证 证件号 报名号 编号 studentid pupilid studentno studentnumber pupilno =id =no =sid =upn",
    ),
    ("gender", "性别 gender =sex =男女"),
    ("date", "出生 生日 birthdate dateofbirth birthday =dob"),
    (
        "flag",
        "班干部 干部 特长 特优 优等生 特等生 差生 后进 学困 潜能 随迁 留守 寄宿 住宿 走读 残疾 特殊 资助 贫困 低保 单亲 少数民族 随班",
    ),
    ("flag", "leader support boarder sen flag special needs"),
    (
        "category",
        "原班 原学校 毕业学校 毕业小学 小学 幼儿园 来源 生源 民族 户籍 户口 政治面貌 片区 社区 村 类别 类型 origin feeder ethnic race",
    ),
    ("category", "lunch type category"),
    ("number", "=年龄 =age 身高 体重 height weight"),
    ("total", "总分 总成绩 总评 合计 总计 =total =totalscore =totalmark =sum =overall"),
    ("name", "姓名 学生姓名 学生名 名字 fullname studentname pupilname =name =pupil =student =学生"),
)
MARK_WORDS = ("成绩", "分数", "得分", "score", "mark", "grade", "points")
SERIAL = frozenset(matching(word) for word in ("序号", "序", "编次", "行号", "no", "no.", "#", "index", "serial"))
OWN_CLASS = frozenset(matching(word) for word in ("班级", "班", "class"))
MOST_LEVELS = 40  # of a category
FEW_NUMBERS = 8  # different whole numbers that still are a category
SHARE_OF_BANDS = 0.2


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is used for, and why."""

    use: str
    why: Text


@dataclass(frozen=True, slots=True)
class Look:
    """What a column's cells look like, counted once."""

    cells: tuple[object, ...]
    different: int
    numbers: int
    dates: int
    flags: int
    han_names: int

    @property
    def held(self) -> int:
        """Return the number of cells that are not blank."""
        return len(self.cells)


def guess_columns(students: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Return the table *Columns* for a roster: a row per column, uses in ``lang``, each with its reason.

    Our own class and locked columns get no row. Where there are marks but no total, a row for a total to be computed
    is added.
    """
    own = {header_of(students.columns, field) for field in STUDENTS.fields if _ours(students, field.key)}
    headers = [str(header) for header in students.columns if header not in own]
    looks = {header: _look(students[header]) for header in headers}
    guesses = {header: _guess(header, looks[header], len(students)) for header in headers}
    _only_one(guesses, looks, len(students))
    marks = [header for header, guess in guesses.items() if guess.use == "mark"]
    totals = [header for header, guess in guesses.items() if guess.use == "total"]
    main = totals[0] if totals else (marks[0] if len(marks) == 1 else None)
    rows = [_row(header, guess, lang, main=header == main) for header, guess in guesses.items()]
    if len(marks) >= 2 and not totals:
        why = Text("名单里没有总分，由各科成绩相加", "the roster has no total: it is added up from the marks")
        rows.append(_row(_total_name(headers, lang), Guess("total", why), lang, main=True))
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
        "weight": None if guess.use in ("id", "name", "note", "preset", "together", "apart") else 1,
        "band_width": SHARE_OF_BANDS if main else None,
        "spread": YES_NO["yes"].to(lang) if guess.use in ("mark", "total") else None,
        "reason": guess.why.to(lang),
    }


def _total_name(headers: list[str], lang: Lang) -> str:
    base = USES["total"].to(lang) if lang == "zh" else "Total"
    return base if base.casefold() not in {h.casefold() for h in headers} else f"{base} (sum)"


def _look(column: pd.Series) -> Look:
    cells = tuple(cell for cell in column if not is_blank(cell))
    texts = [as_text(cell) for cell in cells]
    return Look(
        cells=cells,
        different=len(set(texts)),
        numbers=sum(parse_number(cell) is not None for cell in cells),
        dates=sum(parse_date(cell) is not None for cell in cells),
        flags=sum(is_yes(cell) or is_no(cell) for cell in cells),
        han_names=sum(2 <= len(re.sub(r"[\s·•.]", "", text)) <= 5 and has_han(text) for text in texts),
    )


def _guess(header: str, look: Look, n: int) -> Guess:
    """Return the use of one column: first by its heading if its values fit, else by its values."""
    if look.held == 0:
        return Guess("note", Text("整列空白", "the column is blank"))
    by_heading = _by_heading(header, look)
    if by_heading is not None and _fits(by_heading.use, look):
        return by_heading
    return _by_values(header, look, n)


def _by_heading(header: str, look: Look) -> Guess | None:
    word = matching(header)
    why = Text("标题“{h}”像{u}", "the heading “{h}” reads like a {u}")
    subject = any(re.fullmatch(f"{s}(成绩|分数|得分|分|考试)?", word) for s in SUBJECTS if has_han(s))
    latin = re.sub(r"[^a-z]", " ", header.casefold()).split()
    subject = subject or any(s in latin for s in SUBJECTS) or re.fullmatch(r"g\d", word) is not None
    if subject or any(word.endswith(w) or w in latin for w in MARK_WORDS):
        if any(t in word for t in ("总", "total", "sum", "overall")):
            return Guess("total", why.fill(h=header, u=USES["total"]))
        if not any(w in word for w in ("名次", "排名", "rank", "等级")) and _most(look.numbers, look):
            return Guess("mark", Text("标题“{h}”是科目成绩", "the heading “{h}” is a subject's mark").fill(h=header))
    if word in SERIAL:
        return Guess("note", Text("序号不参与分班", "a serial number decides nothing"))
    for use, words in HEADINGS:
        for key in words.split():
            if _reads(key, word, latin):
                return Guess(use, why.fill(h=header, u=USES[use]))
    return None


def _reads(key: str, word: str, latin: list[str]) -> bool:
    """Return whether a heading has a key word in it. Short Latin words must stand alone: "parent" is not "parental"."""
    plain = matching(key)
    if key.startswith("="):
        return word == plain
    if plain.isascii() and len(plain) < 8:
        return plain in latin or word == plain
    return plain in word


def _fits(use: str, look: Look) -> bool:
    """Return whether a column's values allow the use that its heading suggests."""
    if use == "flag":
        return look.flags == look.held
    if use == "gender":
        return look.different <= 4
    if use == "category":
        return 2 <= look.different <= MOST_LEVELS
    if use in ("mark", "total"):
        return _most(look.numbers, look)
    if use == "date":
        return _most(look.dates, look)
    if use == "name":
        return look.different > 1
    return True


def _most(count: int, look: Look) -> bool:
    """Return whether nearly all cells are so; marks of absent pupils may be among them."""
    absent = sum(is_absent(cell) for cell in look.cells)
    return count >= 0.8 * (look.held - absent) and count > 0


def _by_values(header: str, look: Look, n: int) -> Guess:
    d = look.different
    if d == 1 and look.held == n:
        return Guess("note", Text("所有学生都一样", "the same for every pupil"))
    if look.flags == look.held and d <= 2:
        return Guess("flag", Text("只有“是”和空白之类的值", "only yes and blank, or 1 and 0"))
    words = {as_text(cell).casefold() for cell in look.cells}
    if words <= {"男", "女", "m", "f", "boy", "girl", "male", "female"}:
        return Guess("gender", Text("值是男/女", "the values are boy and girl"))
    if look.dates == look.held and look.numbers < look.held:
        return Guess("date", Text("值是日期", "the values are dates"))
    if look.held == n == d and n > 1 and look.numbers == 0 and look.han_names >= 0.9 * n:
        return Guess("name", Text("值像姓名", "the values look like names"))
    if look.numbers == look.held:
        return _of_numbers(header, look, n)
    if d <= MOST_LEVELS and d <= max(2, 0.5 * look.held):
        return Guess("category", Text("{d} 种值反复出现", "{d} values that repeat").fill(d=d))
    if look.held == n == d:
        return Guess("id", Text("{n} 个值各不相同，像编号", "{n} values, all different, like ids").fill(n=n))
    return Guess("note", Text("值太多样，不用于均衡", "too many different values to balance"))


def _of_numbers(header: str, look: Look, n: int) -> Guess:
    whole = all(number == int(number) for cell in look.cells if (number := parse_number(cell)) is not None)
    if matching(header) in OWN_CLASS and look.different <= MOST_LEVELS:
        return Guess("category", Text("原来的班级", "the former class"))
    if whole and look.different <= FEW_NUMBERS:
        return Guess("category", Text("{d} 种数值反复出现", "{d} numbers that repeat").fill(d=look.different))
    if whole and look.held == n == look.different and _consecutive_or_long(look):
        return Guess("id", Text("{n} 个值各不相同，像编号", "{n} values, all different, like ids").fill(n=n))
    return Guess("number", Text("多种数值，均衡其平均", "many numbers: their mean is evened out"))


def _consecutive_or_long(look: Look) -> bool:
    numbers = sorted(int(number) for cell in look.cells if (number := parse_number(cell)) is not None)
    return numbers[-1] - numbers[0] == len(numbers) - 1 or numbers[0] >= 10_000


def _only_one(guesses: dict[str, Guess], looks: dict[str, Look], n: int) -> None:
    """Leave one id, name, gender and total: the best by heading; later ones become notes or categories."""
    if not any(guess.use == "id" for guess in guesses.values()):
        serial = next((h for h in guesses if matching(h) in SERIAL and looks[h].different == looks[h].held == n), None)
        if serial is not None:
            guesses[serial] = Guess("id", Text("没有学号，用序号代替", "there are no ids: the serial number serves"))
    for use in ("id", "name", "gender", "total"):
        headers = [header for header, guess in guesses.items() if guess.use == use]
        if len(headers) > 1:
            best = max(headers, key=lambda h: (looks[h].different if use in ("id", "name") else 0, -headers.index(h)))
            for header in headers:
                if header != best:
                    why = Text("已有“{b}”作{u}", "“{b}” is the {u} already").fill(b=best, u=USES[use])
                    guesses[header] = Guess("category" if use == "gender" else "note", why)
