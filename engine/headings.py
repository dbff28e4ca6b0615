"""What a heading of a roster says the column is: the words schools use, in Chinese and English, as one table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from engine.wording import Text


@dataclass(frozen=True, slots=True)
class Heading:
    """What a group of heading words means.

    ``use`` is a key of `tables.USES`, ``kind`` what such a column holds, in words. ``words``: a Chinese word is
    understood anywhere in a heading, an English one (``_`` for the gaps of a phrase) where it stands as words of its
    own; after ``=`` the heading must be just that. ``soft``: believed only if the values look like nothing better.
    ``of_any_list``: it does not tell a list of pupils from one of goods.
    """

    use: str
    kind: Text
    words: str
    soft: bool = False
    of_any_list: bool = False


# The most telling first: a heading is what the first line with one of its words says.
HEADINGS: tuple[Heading, ...] = (
    Heading("note", Text("名次", "a rank"), "名次 排名 位次 排位 rank ranking position"),
    Heading(
        "note",
        Text("联系方式", "a contact"),
        "电话 手机 联系 微信 邮箱 邮编 =qq =qq号 phone telephone tel mobile email e_mail postcode",
    ),
    Heading(
        "note",
        Text("其他人或别的姓名", "somebody else's or another name"),
        "家长姓名 父亲姓名 母亲姓名 监护人姓名 曾用名 英文名 姓名拼音 parent_name father_name mother_name guardian_name",
    ),
    Heading("note", Text("文件资料", "papers"), "照片 密码 证件类型 证件类别 学籍状态 photo password"),
    Heading("note", Text("备注", "a note"), "备注 说明 note notes remark remarks comment comments"),
    Heading(
        "note", Text("办事日期", "a date of office"), "入学日期 入学年月 入学时间 报名日期 报名时间 登记日期 填表日期"
    ),
    Heading("note", Text("地址", "an address"), "住址 地址 住所 address street", soft=True),
    Heading(
        "note",
        Text("家长信息", "about the parents"),
        "家长 父亲 母亲 监护 parent parents parental father mother guardian carer",
        soft=True,
    ),
    Heading(
        "note",
        Text("序号", "a serial number"),
        "=序号 =序 =编次 =行号 =no =nr =# =sn =index =serial =serial_no 座号 座位号 床位",
    ),
    Heading("preset", Text("预设班级", "a class given beforehand"), "预设班 指定班 预定班 固定班 预分班 已定班"),
    Heading("preset", Text("预设班级", "a class given beforehand"), "preset preset_class fixed_class assigned_class"),
    Heading("note", Text("不愿同班的人", "whom somebody would rather not be with"), "不想 不愿 不要 不希望"),
    Heading(
        "wish",
        Text("愿望同伴", "wished companions"),
        "愿望 志愿同学 想和 想同 希望和 希望同 好友 好朋友 伙伴 同伴 friend friends wish wishes wished preferred_peers companion "
        "companions friendship friendships buddy buddies",
    ),
    Heading(
        "apart",
        Text("不能同班的组", "pupils to keep apart"),
        "互斥 情侣 分开 不同班 不能同班 不同组 拆分 隔离 回避 apart separate separated keep_apart conflict",
    ),
    Heading(
        "together",
        Text("必须同班的组", "pupils to keep together"),
        "双胞胎 多胞胎 三胞胎 孪生 同班 绑定 捆绑 together twin twins sibling siblings same_class",
    ),
    Heading(
        "id",
        Text("学号", "the id"),
        "学籍号 学籍编号 =学籍 学号 学生编号 学生号 student_id pupil_id student_no pupil_no student_number pupil_number "
        "admission_no admission_number adm_no upn uln =sid",
    ),
    Heading("id", Text("学号", "the id"), "=id", of_any_list=True),
    Heading("id", Text("学籍辅号", "a second id"), "学籍辅号 辅号"),
    Heading(
        "id",
        Text("考号", "an exam number"),
        "考号 准考证 考生号 报名号 报名序号 exam_no exam_number candidate_no candidate_number",
    ),
    Heading("id", Text("编号", "a number"), "=编号 =编码", of_any_list=True),
    Heading("id", Text("证件号", "an identity number"), "身份证 证件号 护照 passport identity_number national_id"),
    Heading("gender", Text("性别", "the gender"), "性别 =男女 gender =sex"),
    Heading("category", Text("籍贯", "the place of birth"), "籍贯 出生地 place_of_birth birthplace"),
    Heading("date", Text("出生日期", "the date of birth"), "出生 生日 birth birth_date birthdate birthday dob born"),
    Heading(
        "flag",
        Text("教职工子女", "children of staff"),
        "教师子女 教职工子女 教工子女 教职子女 教师子弟 教工子弟 staff_child staff_children child_of_staff teachers_child",
    ),
    Heading("flag", Text("班干部", "class officers"), "班干 干部 班委 leader leaders prefect monitor"),
    Heading(
        "flag",
        Text("特长或优秀学生", "able pupils"),
        "特长 特优 特等生 优等生 优秀生 优生 尖子 gifted talented more_able",
    ),
    Heading(
        "flag",
        Text("需要帮助的学生", "pupils who need support"),
        "差生 后进 学困 潜能 待优 残疾 残障 特殊 随班 sen send iep ehcp sped special special_needs disability disabled support "
        "schoolsup needs",
    ),
    Heading(
        "flag",
        Text("家庭情况", "family circumstances"),
        "建档立卡 贫困 困难 低保 资助 随迁 留守 单亲 离异 孤儿 流动 fsm pp pupil_premium free_lunch lunch "
        "free_school_meals disadvantaged lac looked_after",
    ),
    Heading(
        "flag",
        Text("住宿", "boarders"),
        "住宿 寄宿 住校 走读 内宿 board boarder boarders boarding",
    ),
    Heading("flag", Text("少数民族", "minorities"), "少数民族"),
    Heading(
        "flag",
        Text("语言", "the language at home"),
        "eal ell esl lep english_learner english_as_additional_language english_as_an_additional_language",
    ),
    Heading("flag", Text("标记", "a flag"), "flag"),
    Heading(
        "category",
        Text("原来的班级", "the former class"),
        "原班 原行政班 行政班 =班级 =班 所在班 现班 现在班 旧班 班别 班级名称 former_class previous_class current_class old_class =class "
        "=form tutor_group reg_group registration_group homeroom =section",
    ),
    Heading("category", Text("原来的老师", "the former teacher"), "班主任 老师 教师 teacher tutor"),
    Heading(
        "category",
        Text("来源学校", "the school they come from"),
        "毕业学校 毕业院校 原学校 原就读 来源 生源 小学 幼儿园 =学校 =学校名称 feeder feeder_school previous_school "
        "primary_school origin =school school_id school_name",
    ),
    Heading("category", Text("民族", "the ethnic group"), "民族 族别 ethnic ethnicity race"),
    Heading(
        "category",
        Text("户籍或片区", "where they live"),
        "户籍 户口 片区 学区 社区 街道 乡镇 =村 =村居 catchment residence region",
    ),
    Heading("category", Text("政治面貌", "membership"), "政治面貌 团员 少先队"),
    Heading("category", Text("选科", "the subjects chosen"), "选科 科类 选考 首选 再选 语种 组合 stream option"),
    Heading("category", Text("学院", "the house"), "=house"),
    Heading("number", Text("年龄", "the age"), "年龄 =age"),
    Heading("number", Text("身高体重", "a measure"), "身高 体重 height weight"),
    Heading("number", Text("次数", "how often"), "缺勤 旷课 failures absences attendance"),
    Heading("total", Text("总分", "the total"), "总分 总成绩 总评 total_score"),
    Heading("total", Text("总分", "the total"), "合计 总计 =total =sum =overall", of_any_list=True),
    Heading("total", Text("平均分", "the average"), "平均分 平均成绩 均分 =平均 =average =avg =mean =gpa"),
    Heading("name", Text("姓名", "the name"), "姓名 名字 =学生名 =学生 full_name student_name pupil_name =name"),
    Heading("name", Text("姓名", "the name"), "=pupil =student =pupils =students preferred_name"),
    Heading(
        "name",
        Text("姓或名", "a part of the name"),
        "=姓 =名 surname forename first_name last_name family_name given_name firstname lastname",
    ),
)
MARK = Heading("mark", Text("科目成绩", "a subject's mark"), "")
TOTAL, AVERAGE = (next(h for h in HEADINGS if h.use == "total" and h.kind.zh == word) for word in ("总分", "平均分"))
FORMER_CLASS = next(h for h in HEADINGS if h.kind.en == "the former class")
FORMER_TEACHER = next(h for h in HEADINGS if h.kind.en == "the former teacher")
FEEDER_SCHOOL = next(h for h in HEADINGS if h.kind.en == "the school they come from")
STAFF_CHILD = next(h for h in HEADINGS if h.kind.en == "children of staff")
SERIAL = next(h for h in HEADINGS if h.kind.en == "a serial number")
RANK = HEADINGS[0]

SUBJECTS = frozenset(
    "语文 数学 英语 外语 物理 化学 生物 历史 地理 政治 道法 道德与法治 品德 思品 思想品德 科学 综合 文综 理综 体育 音乐 美术 信息 "
    "信息技术 劳动 劳技 书法 阅读 写作 作文 口算 计算 口语 日语 俄语 语数英 语数外 语数".split()
)
SUBJECT_WORDS = frozenset(
    "math maths mathematics arithmetic reading read writing write science english chinese mandarin physics chemistry "
    "biology history geography language languages arts art literacy numeracy spelling grammar gps spag ela music pe french "
    "german spanish latin computing".split()
)
MARK_WORDS = frozenset("score scores mark marks grade grades points result results sats sat ks1 ks2 ks3".split())
BESIDE_MARKS = frozenset(  # words that may stand beside a subject without making it something else
    "test tests exam exams raw scaled standardised standardized ss ta assessment attainment term autumn spring summer year end "
    "of the final mid midterm first second third percent percentage paper age entry baseline cat".split()
)
_OCCASION = re.compile(
    r"期中|期末|月考|周考|第[一二三四五六七八九十\d]+次|第?[一二三四五六七八]模|[上下]学期|学期|学年|小升初|中考|高考|会考|联考|统考|"
    r"入学|摸底|分班|单元|笔试|口试|卷面|原始|等级赋|赋|折算|满分|[一二三四五六七八九]年级|[初高][一二三]|\d+|[上下分级年]"
)
_MARK_WORD = re.compile(r"成绩|分数|得分|测试|考试|检测|测验|赋分")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


@lru_cache(maxsize=4096)
def heading_of(header: str) -> Heading | None:
    """Return what a heading says its column is, or None if no word of it is known."""
    words, plain = _words(header), _plain(header)
    if not plain:
        return None
    return _mark(words, plain) or next(
        (h for h in HEADINGS if any(_reads(k, words, plain) for k in h.words.split())), None
    )


def rank_of(heading: Heading) -> int:
    """Return how telling a heading is among those of the same use: the smaller the better."""
    return HEADINGS.index(heading) if heading in HEADINGS else 0


def _plain(header: str) -> str:
    """Return a heading as it is compared: NFKC, lower case, letters and digits only, nothing from brackets."""
    text = unicodedata.normalize("NFKC", header).casefold()
    bare = _BRACKETS.sub("", text)
    if text.strip() == "#":
        return "#"
    return "".join(char for char in bare if char.isalnum()) or "".join(char for char in text if char.isalnum())


def _words(header: str) -> tuple[str, ...]:
    """Return the English words of a heading: ``PupilName`` and ``pupil_name`` are two, brackets do not count."""
    text = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", header))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("'s", "")
    return tuple(re.findall(r"[a-z]+\d?|\d+", text.casefold()))


def _reads(key: str, words: tuple[str, ...], plain: str) -> bool:
    if key.startswith("="):
        return plain == key[1:].replace("_", "")
    if not key.isascii():
        return key in plain
    parts = tuple(key.split("_"))
    return plain == "".join(parts) or any(
        words[at : at + len(parts)] == parts for at in range(len(words) - len(parts) + 1)
    )


def _mark(words: tuple[str, ...], plain: str) -> Heading | None:
    """Return mark, total or average if a heading is a subject, a test or both and nothing else."""
    if plain.isascii():
        known = SUBJECT_WORDS | MARK_WORDS
        if re.fullmatch(r"g\d", plain):
            return MARK
        rest = [w for w in words if w not in known and w not in BESIDE_MARKS and not w.isdigit()]
        if len(rest) == len(words) or not any(w in known for w in words):
            return None
        if not rest:
            return MARK
        of_all = {"total": TOTAL, "overall": TOTAL, "average": AVERAGE, "mean": AVERAGE}
        return of_all.get(" ".join(rest))
    rest_han = _OCCASION.sub("", _MARK_WORD.sub("", plain))
    if rest_han in SUBJECTS or (not rest_han and _MARK_WORD.search(plain)):
        return MARK
    return None
