"""What headings say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.headings import HEADINGS, heading_of

MEANT = {
    "id": "学号 学籍号 全国学籍号 学籍辅号 身份证号 身份证件号 考生号 准考证号 报名号 UPN Pupil_ID StudentID Admission_No student_number",
    "name": "姓名 学生姓名 姓\u3000名 Name Pupil_Name StudentName Full_Name Surname Forename First_name",
    "gender": "性别 性别（男/女） 性\u3000别 Gender Sex",
    "mark": "语文 数学 英语 物理 化学 生物 政治 历史 地理 科学 道法 体育 语文成绩 语文（100分） 数学成绩(满分120) 语文\n成绩 期末语文 英语分数 "
    "语文期中成绩 入学成绩 摸底考试成绩 数\u3000学 语文1 第一次月考语文 语文卷面分 成绩 Maths math_score Reading_scaled_score KS2_Reading "
    "English Score G1 Writing_SS",
    "total": "总分 三科总分 总成绩 语数英总分 平均分 Total total_score Overall_mark Average_score",
    "flag": "班干部 是否住宿 住宿 寄宿 随迁子女 留守儿童 残疾 特殊学生 建档立卡 班干 特长 体育特长 少数民族 均衡差生 SEN EAL FSM "
    "Pupil_Premium leader_flag English_as_an_additional_language",
    "category": "班级 原班级 行政班 民族 户籍 户口性质 政治面貌 毕业学校 毕业小学 生源学校 班主任 选科组合 籍贯 Ethnicity Feeder_School "
    "Previous_School House Tutor_Group Class teacher",
    "number": "年龄 身高 Age absences",
    "date": "出生日期 出生年月 生日 DOB Date_of_Birth birthday",
    "preset": "预设班级 指定班级 Preset_class",
    "together": "双胞胎绑定 同班 Twins Siblings keep_together",
    "apart": "情侣互斥 不同班 不能同班 Keep_apart Separate",
    "note": "名次 年级排名 班级排名 位次 语文排名 家庭住址 联系电话 家长姓名 父亲姓名 监护人电话 备注 身份证件类型 序号 座号 曾用名 入学年月 "
    "Notes Parent_name Phone Email",
}


@pytest.mark.parametrize(("use", "header"), [(use, word) for use, words in MEANT.items() for word in words.split(" ")])
def test_headings_of_schools_are_understood(use: str, header: str) -> None:
    """A table of headings as schools write them, Chinese and English, with brackets, spaces and line breaks."""
    found = heading_of(header.replace("_", " ") if header[0].isupper() else header)
    assert found is not None and found.use == use


@pytest.mark.parametrize(
    "header", ["", "  ", "（）", "Dalc", "体质", "romantic", "test_preparation_course", "123", "张三"]
)
def test_other_words_are_no_headings(header: str) -> None:
    """Words that nobody uses for a purpose we know are left to the values."""
    assert heading_of(header) is None


def test_english_words_must_stand_alone() -> None:
    """Send is no sender, gender no generation, and a subject's teacher is no mark."""
    assert heading_of("sender") is None and heading_of("generation") is None
    for header in ("语文老师", "Maths teacher", "英语名次", "Science set"):
        found = heading_of(header)
        assert found is None or found.use != "mark"


@given(
    st.sampled_from([w for h in HEADINGS for w in h.words.split() if not w.startswith("=")]), st.sampled_from("  _\n")
)
def test_spaces_and_line_breaks_change_no_meaning(word: str, gap: str) -> None:
    """A heading set in two lines says the same."""
    plain = word.replace("_", " ")
    spaced = plain.replace(" ", gap) if plain.isascii() else gap.join(plain)
    assert heading_of(spaced) is heading_of(plain) is not None
