"""The sheet with the two charts: class means, and class size by gender. Both draw the table *Charts*."""

from __future__ import annotations

from typing import Any

from engine.tables import CHARTS
from engine.wording import Text
from workbook_templates.looks import BARS, FONT, GREY, INK, LINE, MEAN_BAR, MEAN_LINE, Looks
from workbook_templates.sheets import FIRST_ROW, HEADER_ROW

CHART_SHEET = Text("均衡图", "Charts")
TITLE = Text("均衡图", "Balance in pictures")
HINT = Text("各班的平均值和人数，随“图表数据”更新。", "Class means and class sizes, drawn from the sheet ChartData.")
_MEANS = Text("各班平均值与年级平均", "Class means and the mean of all pupils")
_SIZES = Text("各班人数", "Class sizes")
_SIZE = {"width": 1000, "height": 288}
_POSITION = {"object_position": 3}  # neither moved nor stretched with the cells
# Elements that belong right after, or right before, what XlsxWriter writes.
_UNSAID = (
    ('<c:lang val="en-US"/>', '<c:roundedCorners val="0"/>'),
    ("</c:scaling>", '<c:delete val="0"/>'),
    ('<c:grouping val="clustered"/>', '<c:varyColors val="0"/>'),
    ('<c:grouping val="stacked"/>', '<c:varyColors val="0"/>'),
    ('<c:grouping val="standard"/>', '<c:varyColors val="0"/>'),
    ('<c:legendPos val="b"/><c:layout/>', '<c:overlay val="0"/>'),
)
_UNSAID_BEFORE = (
    ("</c:title>", '<c:overlay val="0"/>'),
    ("<c:plotArea>", '<c:autoTitleDeleted val="0"/>'),
)


def add_charts(book: Any, worksheet: Any, looks: Looks, rows: int) -> None:
    """Draw both charts on the worksheet; ``rows`` is the number of data rows of the table *Charts*."""
    means = book.add_chart({"type": "column"})
    means.add_series({**_series("mean", looks, rows), "fill": {"color": MEAN_BAR}, "gap": 70})
    overall = book.add_chart({"type": "line"})
    overall.add_series({**_series("overall", looks, rows), "line": {"color": MEAN_LINE, "width": 1.75}})
    means.combine(overall)
    _dress(means, _MEANS, looks)
    worksheet.insert_chart("A4", means, _POSITION)

    sizes = book.add_chart({"type": "column", "subtype": "stacked"})
    for key, colour in zip(("first", "second", "others"), BARS, strict=True):
        sizes.add_series({**_series(key, looks, rows), "fill": {"color": colour}, "gap": 70})
    _dress(sizes, _SIZES, looks)
    worksheet.insert_chart("A17", sizes, _POSITION)


def outspoken(part: str) -> str:
    """Return a chart's XML with the defaults written out that XlsxWriter leaves to the reader.

    Excel reads a missing element one way in its own files and another way in files saved by openpyxl: axes
    vanish, corners turn round, lines smooth.
    """
    for after, element in _UNSAID:
        part = part.replace(after, f"{after}{element}")
    for before, element in _UNSAID_BEFORE:
        part = part.replace(before, f"{element}{before}")
    head, line, tail = part.partition("<c:lineChart>")
    return head + line + tail.replace("</c:ser>", '<c:smooth val="0"/></c:ser>')


def _series(key: str, looks: Looks, rows: int) -> dict[str, Any]:
    sheet = CHARTS.sheet.to(looks.lang)
    position = [field.key for field in CHARTS.fields].index(key)
    last = FIRST_ROW + rows - 1
    return {
        "name": [sheet, HEADER_ROW, position],
        "categories": [sheet, FIRST_ROW, 0, last, 0],
        "values": [sheet, FIRST_ROW, position, last, position],
    }


def _dress(chart: Any, title: Text, looks: Looks) -> None:
    face = FONT.to(looks.lang)
    small = {"name": face, "size": 9, "color": GREY}
    heading = {"name": face, "size": 13, "bold": True, "color": INK}
    chart.set_title({"name": title.to(looks.lang), "name_font": heading, "overlay": False})
    chart.set_legend({"position": "bottom", "font": small})
    chart.set_x_axis({"num_font": small, "line": {"color": LINE}, "major_tick_mark": "none"})
    chart.set_y_axis(
        {
            "min": 0,
            "num_font": small,
            "num_format": "General",
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.75}},
            "major_tick_mark": "none",
        }
    )
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size(_SIZE)
