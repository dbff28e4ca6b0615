"""The tables of a draw: teachers, what was sealed, what was drawn; made when a command first needs them."""

from __future__ import annotations

from engine.tables import YES_NO, Field, Table
from engine.wording import Text

# Read as input by a draw; further columns (age, years taught …) are evened out as what they hold.
TEACHERS = Table(
    "Teachers",
    Text("教师", "Teachers"),
    (
        Field("name", Text("姓名", "Name"), ("教师", "教师姓名", "老师", "Teacher", "Teacher name")),
        Field("gender", Text("性别", "Gender"), ("Sex",)),
        Field("subject", Text("学科", "Subject"), ("任教学科", "科目", "Teaches")),
        Field("head", Text("班主任", "Head teacher"), ("Form teacher", "Class teacher"), YES_NO),
        Field("title", Text("职称", "Title"), ("Rank",)),
        Field("experience", Text("教龄", "Experience"), ("教龄（年）", "Years taught", "Years")),
        Field("barred", Text("回避学生", "Barred pupils"), ("回避", "Relatives")),
        Field("drawn_class", Text("抽到的班", "Class drawn"), ("班级", "Class")),
    ),
    open=True,
)

SEAL = Table("Seal", Text("封存", "Seal"), (Field("item", Text("项目", "Item")), Field("value", Text("内容", "Value"))))

DRAWS = Table(
    "Draws",
    Text("抽签记录", "Draws"),
    (
        Field("when", Text("时间", "When")),
        Field("what", Text("事项", "What")),
        Field("seal", Text("封存码", "Sealed code")),
        Field("number", Text("第几次", "No.")),
        Field("parts", Text("现场提供", "Said by those present")),
        Field("seed", Text("随机种子", "Seed")),
        Field("result", Text("结果码", "Result code")),
    ),
)

# What those present say, one row each, filled in before the button is pressed.
PARTS = Table(
    "SeedParts",
    Text("抽签", "Draw"),
    (Field("who", Text("谁", "Who")), Field("said", Text("说了什么", "What they say"))),
)

# The sealed list, its secret and every draw, in pieces that fit into cells; on a sheet that nobody sees.
SEALED = Table(
    "Sealed",
    Text("封存副本", "Sealed copy"),
    (Field("number", Text("序号", "No.")), Field("piece", Text("内容", "Piece"))),
)
