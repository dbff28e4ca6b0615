"""The file host: charts, looks and everything else in a workbook survive; files are replaced whole or not at all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation

from addin.book import opened, read_tables, saved, write_column, write_tables
from addin.hosts.losses import losses
from addin.trouble import FileTrouble
from engine.tables import TABLES
from engine.wording import Lang
from workbook_templates import template_path

Book = Any
LANGS: tuple[Lang, ...] = ("zh", "en")
both = pytest.mark.parametrize("lang", LANGS)
RIBBON = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
OLDER_RIBBON = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'


def charts(rows: int) -> pd.DataFrame:
    values = [[f"{a}<&班", 20 + a, 21, 0, 80.5 + a, 81] for a in range(rows)]
    return pd.DataFrame(values, columns=["class", "男", "女", "others", "均分", "overall"], dtype=object)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


def changed(path: Path, change: Callable[[dict[str, bytes]], None], lang: Lang = "zh") -> Path:
    """Write a template whose parts were changed by hand, as only Excel would write them."""
    content = parts(template_path(lang))
    change(content)
    return packed(path, content)


def resaved(path: Path, target: Path | None = None) -> dict[str, bytes]:
    """Return the parts of a file after it went through the host."""
    with opened(path) as book:
        saved(book, target or path)
    return parts(target or path)


def sheet_with(book: Book, name: str) -> Any:
    return next(sheet for sheet in book if name in sheet.tables)


@both
def test_everything_survives(lang: Lang, tmp_path: Path) -> None:
    """A template that is opened and saved keeps its cells, looks, widths, rules, names and print setup."""
    resaved(template_path(lang), tmp_path / "again.xlsx")
    before, after = openpyxl.load_workbook(template_path(lang)), openpyxl.load_workbook(tmp_path / "again.xlsx")
    assert {key: name.value for key, name in after.defined_names.items()} == {
        key: name.value for key, name in before.defined_names.items()
    }
    for old, new in zip(before, after, strict=True):
        assert (new.title, new.freeze_panes, new.print_title_rows) == (
            old.title,
            old.freeze_panes,
            old.print_title_rows,
        )
        assert [looks(cell) for row in new for cell in row] == [looks(cell) for row in old for cell in row]
        assert {key: each.width for key, each in new.column_dimensions.items()} == {
            key: each.width for key, each in old.column_dimensions.items()
        }
        assert {row: new.row_dimensions[row].height for row in range(1, 30)} == {
            row: old.row_dimensions[row].height for row in range(1, 30)
        }
        assert rules(new) == rules(old)
        assert dict(new.tables.items()) == dict(old.tables.items())


def looks(cell: Any) -> tuple[Any, ...]:
    link = cell.hyperlink.location if cell.hyperlink else None
    drawn = (repr(each) for each in (cell.font, cell.fill, cell.alignment, cell.border))
    return (cell.value, cell.number_format, *drawn, link)


def rules(sheet: Any) -> tuple[Any, ...]:
    """Return validations and conditional formats of a sheet, comparable."""
    validations = [(str(v.sqref), v.type, v.formula1, v.error, v.prompt) for v in sheet.data_validations.dataValidation]
    formats = [(str(a.sqref), r.formula, r.dxf.fill, r.dxf.font) for a in sheet.conditional_formatting for r in a.rules]
    return validations, formats


@both
def test_rules_survive_a_table_that_is_written(lang: Lang, tmp_path: Path) -> None:
    """Validations and conditional formats reach as far as before after the table under them was replaced."""
    students = pd.DataFrame({"id": ["007"] * 30, "placed_class": ["1"] * 30}, dtype=object)
    with opened(template_path(lang)) as book:
        write_tables(book, {"Students": students, "Charts": charts(9)}, lang)
        saved(book, tmp_path / "out.xlsx")
    before, after = openpyxl.load_workbook(template_path(lang)), openpyxl.load_workbook(tmp_path / "out.xlsx")
    for old, new in zip(before, after, strict=True):
        assert rules(new) == rules(old)


@both
@pytest.mark.parametrize("rows", [2, 3, 30, 1])
def test_charts_follow_the_rows(lang: Lang, rows: int, tmp_path: Path) -> None:
    """Each series refers to exactly the data rows, its remembered values are the cells', and nothing else changed."""
    path = tmp_path / "out.xlsx"
    with opened(template_path(lang)) as book:
        for count in (50, rows):
            write_tables(book, {"Charts": charts(count)}, lang)
        saved(book, path)
    before, after = parts(template_path(lang)), parts(path)
    for name in ("xl/charts/chart1.xml", "xl/charts/chart2.xml"):
        old, new = before[name].decode(), after[name].decode()
        sheet = "图表数据" if lang == "zh" else "ChartData"
        assert old.count("$5</c:f>") == new.count(f"${3 + rows}</c:f>") > 3 or rows == 1
        references = re.findall(r"<c:f>([^<]*)</c:f>", new)
        end = "" if rows == 1 else f":$A${3 + rows}"
        assert references.count(f"{sheet}!$A$4{end}") == old.count(f"{sheet}!$A$4:$A$5")
        assert without_data(new) == without_data(old)
        ElementTree.fromstring(new)
    assert after["xl/drawings/drawing1.xml"] == before["xl/drawings/drawing1.xml"]
    remembered = re.findall(r'<c:pt idx="(\d+)"><c:v>([^<]*)</c:v>', after["xl/charts/chart1.xml"].decode())
    assert (str(rows - 1), f"{rows - 1}&lt;&amp;班") in remembered
    assert (str(rows - 1), str(80.5 + rows - 1)) in remembered
    assert ("0", "均分") in remembered


def without_data(chart: str) -> str:
    chart = re.sub(r"(<c:f>[^<]*\$4)[^<]*(</c:f>)", r"\1\2", chart)
    return re.sub(r"<c:(str|num)Cache>.*?</c:\1Cache>", "", chart)


@both
def test_the_saved_file_can_be_opened_and_charts_are_seen(lang: Lang, tmp_path: Path) -> None:
    """Another reader finds both charts on their sheet, over the right rows; every part has a content type."""
    path = tmp_path / "out.xlsx"
    with opened(template_path(lang)) as book:
        write_tables(book, {"Charts": charts(4)}, lang)
        saved(book, path)
        saved(book, path)
    drawn = [chart for sheet in openpyxl.load_workbook(path) for chart in sheet._charts]
    assert len(drawn) == 2
    assert drawn[1].series[0].val.numRef.f.endswith("!$B$4:$B$7")
    content = parts(path)
    kinds = content["[Content_Types].xml"].decode()
    for name in content:
        if not name.endswith(".rels") and name != "[Content_Types].xml":
            assert f'PartName="/{name}"' in kinds
    assert all(kinds.count(f'"{each}"') == 1 for each in re.findall(r'PartName="([^"]*)"', kinds))


def test_new_rows_look_like_the_first(tmp_path: Path) -> None:
    """Rows that a table grows into have font, alignment and number format of the first data row, column by column."""
    with opened(template_path("zh")) as book:
        write_tables(book, {"Gaps": pd.DataFrame({"criterion": ["a"] * 9, "gap": [1.5] * 9}, dtype=object)}, "zh")
        saved(book, tmp_path / "out.xlsx")
    sheet = sheet_with(openpyxl.load_workbook(tmp_path / "out.xlsx"), "Gaps")
    for column in range(1, 11):
        first, last = sheet.cell(4, column), sheet.cell(12, column)
        assert looks(first)[1:] == looks(last)[1:]
        assert last.font.name == "Microsoft YaHei"
    assert sheet.cell(12, 6).number_format == "0.00##"


def test_a_look_given_by_hand_goes_down_the_column(tmp_path: Path) -> None:
    """When staff format the first data row, rows that come later look the same; rows that were there stay."""
    book = openpyxl.load_workbook(template_path("zh"))
    sheet = sheet_with(book, "Classes")
    sheet["B4"].font, sheet["B4"].number_format = openpyxl.styles.Font(name="KaiTi", b=True), "0.0"
    book.save(tmp_path / "in.xlsx")
    with opened(tmp_path / "in.xlsx") as again:
        write_tables(again, {"Classes": pd.DataFrame({"class": list("abcdefghij")}, dtype=object)}, "zh")
        saved(again, tmp_path / "in.xlsx")
    sheet = sheet_with(openpyxl.load_workbook(tmp_path / "in.xlsx"), "Classes")
    assert looks(sheet["B13"]) == looks(sheet["B4"])
    assert sheet["B13"].font.name == "KaiTi"
    assert sheet["B11"].font.name != "KaiTi"


def test_names_validations_and_formats_over_all_rows_follow(tmp_path: Path) -> None:
    """What covers exactly a table's rows follows them, as in Excel; what covers anything else stays."""
    book = openpyxl.load_workbook(template_path("zh"))
    sheet = sheet_with(book, "Classes")
    book.defined_names["Sizes"] = openpyxl.workbook.defined_name.DefinedName("Sizes", attr_text="班级!$B$4:$B$11")
    book.defined_names["Half"] = openpyxl.workbook.defined_name.DefinedName("Half", attr_text="班级!$B$4:$B$7")
    sheet.add_data_validation(DataValidation(type="whole", formula1="1", sqref="D4:D11"))
    sheet.conditional_formatting.add("C4:D11", CellIsRule(operator="equal", formula=["1"]))
    book.save(tmp_path / "in.xlsx")
    with opened(tmp_path / "in.xlsx") as again:
        write_tables(again, {"Classes": pd.DataFrame({"class": list("abc")}, dtype=object)}, "zh")
        saved(again, tmp_path / "in.xlsx")
    after = openpyxl.load_workbook(tmp_path / "in.xlsx")
    assert after.defined_names["Sizes"].value == "班级!$B$4:$B$6"
    assert after.defined_names["Half"].value == "班级!$B$4:$B$7"
    sheet = sheet_with(after, "Classes")
    assert "D4:D6" in [str(each.sqref) for each in sheet.data_validations.dataValidation]
    assert "C4:D6" in [str(each.sqref) for each in sheet.conditional_formatting]


def test_formulas_stay_formulas_with_their_results(tmp_path: Path) -> None:
    """A roster with totals by formula gives their last results, also after saving twice; the formulas are kept."""

    def fill(content: dict[str, bytes]) -> None:
        sheet = content["xl/worksheets/sheet2.xml"].decode()
        cells = {
            "D4": "<f>40+2</f><v>42</v>",
            "E4": '" t="str"><f>"a"&amp;"b"</f><v>ab</v>',
            "F4": '" t="e"><f>1/0</f><v>#DIV/0!</v>',
            "C4": '" t="b"><f>TRUE</f><v>1</v>',
        }
        for place, inside in cells.items():
            attributes, _, body = inside.partition(">") if inside.startswith('"') else ("", "", inside)
            sheet = re.sub(rf'<c r="{place}" s="(\d+)"/>', rf'<c r="{place}" s="\1"{attributes[1:]}>{body}</c>', sheet)
        content["xl/worksheets/sheet2.xml"] = sheet.encode()

    path = changed(tmp_path / "in.xlsx", fill)
    for _ in range(2):
        with opened(path) as book:
            assert read_tables(book)["Students"].iloc[0, 2:6].tolist() == [True, 42, "ab", "#DIV/0!"]
            write_column(book, "Students", "placed_class", ["1班"], "zh")
            saved(book, path)
    sheet = sheet_with(openpyxl.load_workbook(path), "Students")
    assert [sheet.cell(4, column).value for column in (3, 4, 5, 6)] == ["=TRUE", "=40+2", '="a"&"b"', "=1/0"]


def test_formulas_nobody_calculated_are_blank(tmp_path: Path) -> None:
    """A formula without a result reads as a blank cell, not as its own text; overwriting it forgets the result."""
    book = openpyxl.load_workbook(template_path("zh"))
    sheet_with(book, "Students")["D4"] = "=1+1"
    book.save(tmp_path / "in.xlsx")
    with opened(tmp_path / "in.xlsx") as again:
        assert read_tables(again)["Students"].iloc[0, 3] is None


@pytest.mark.parametrize("kind", [RIBBON, OLDER_RIBBON])
def test_the_ribbon_survives(kind: str, tmp_path: Path) -> None:
    """The package still leads to the ribbon's part and that to its pictures, or Excel would show no ribbon."""

    def add_ribbon(content: dict[str, bytes]) -> None:
        content["customUI/customUI14.xml"] = b"<customUI/>"
        content["customUI/images/a.png"] = b"png"
        content["customUI/_rels/customUI14.xml.rels"] = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="pic" Type="http://x/image" Target="images/a.png"/></Relationships>'
        )
        relation = f'<Relationship Id="r9" Type="{kind}" Target="customUI/customUI14.xml"/></Relationships>'
        content["_rels/.rels"] = content["_rels/.rels"].replace(b"</Relationships>", relation.encode())
        types = content["[Content_Types].xml"]
        content["[Content_Types].xml"] = types.replace(
            b"<Override", b'<Default Extension="png" ContentType="image/png"/><Override', 1
        )

    path = changed(tmp_path / "in.xlsx", add_ribbon)
    for _ in range(2):
        after = resaved(path)
        relations = {each.get("Type"): each.get("Target") for each in ElementTree.fromstring(after["_rels/.rels"])}
        assert relations[kind] == "/customUI/customUI14.xml"
        assert after["customUI/customUI14.xml"] == b"<customUI/>"
        assert b"/customUI/images/a.png" in after["customUI/_rels/customUI14.xml.rels"]
        assert after["customUI/images/a.png"] == b"png"
        identifiers = [each.get("Id") for each in ElementTree.fromstring(after["_rels/.rels"])]
        assert len(set(identifiers)) == len(identifiers)


def test_newer_formats_survive(tmp_path: Path) -> None:
    """Validations that Excel keeps in an extension are put back in their place; others are reported as lost."""
    kept = '<ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"><x14:dataValidations/></ext>'
    lost = '<ext uri="{A8765BA9-456A-4dab-B4F3-ACF838C121DE}"><x14:slicerList/></ext>'

    def add(content: dict[str, bytes]) -> None:
        sheet = content["xl/worksheets/sheet2.xml"].decode()
        sheet = sheet.replace("<worksheet ", f"<worksheet {X14} ", 1)
        sheet = sheet.replace("</worksheet>", f"<extLst>{kept}{lost}</extLst></worksheet>")
        content["xl/worksheets/sheet2.xml"] = sheet.encode()

    path = changed(tmp_path / "in.xlsx", add)
    assert [text.en for text in losses(path)] == ["some formats of newer versions of Excel"]
    sheet = resaved(path)["xl/worksheets/sheet2.xml"].decode()
    ElementTree.fromstring(sheet)
    assert sheet.endswith(f"{kept}</extLst></worksheet>")
    assert "slicerList" not in sheet
    assert losses(path) == []


def test_pictures_shapes_and_comments_survive(tmp_path: Path) -> None:
    """A drawing is put back as it was, whatever it shows; a control that cannot work any more is taken out."""
    anchor = b"<xdr:twoCellAnchor><xdr:from/><xdr:sp><xdr:txBody>%s</xdr:txBody></xdr:sp></xdr:twoCellAnchor>"

    def add_shapes(content: dict[str, bytes]) -> None:
        name = "xl/drawings/drawing1.xml"
        added = anchor % b"box" + anchor % b'<a14:compatExt spid="s1"/>'
        content[name] = content[name].replace(b"</xdr:wsDr>", added + b"</xdr:wsDr>")
        content[name] = content[name].replace(b"<xdr:wsDr ", b'<xdr:wsDr xmlns:a14="http://a14" ', 1)

    book = openpyxl.load_workbook(template_path("zh"))
    book.active["B5"].comment = Comment("注意", "me")
    book.active["C9"].value = CellRichText("red", TextBlock(InlineFont(b=True), " bold"))
    book.save(tmp_path / "commented.xlsx")
    after = resaved(changed(tmp_path / "in.xlsx", add_shapes))
    assert anchor % b"box" in after["xl/drawings/drawing1.xml"]
    assert b"compatExt" not in after["xl/drawings/drawing1.xml"]
    resaved(tmp_path / "commented.xlsx")
    again = openpyxl.load_workbook(tmp_path / "commented.xlsx", rich_text=True)
    assert again.active["B5"].comment.text == "注意"
    assert [str(run) for run in again.active["C9"].value] == ["red", " bold"]


def test_templates_lose_nothing() -> None:
    """Our own workbooks pass through the host without loss."""
    assert [losses(template_path(lang)) for lang in LANGS] == [[], []]


def test_macros_stay_in_xlsm_only(tmp_path: Path) -> None:
    """A workbook with macros keeps them as .xlsm, is warned about as .xlsx, and .xlsx cannot become .xlsm."""
    content = parts(template_path("zh"))
    content["xl/vbaProject.bin"] = b"vba"
    main, macro = b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"
    types = content["[Content_Types].xml"]
    old = b"application/vnd.openxmlformats-officedocument." + main
    vba = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    assert old in types
    content["[Content_Types].xml"] = types.replace(old, b"application/vnd.ms-excel." + macro).replace(b"</Types>", vba)
    path = packed(tmp_path / "in.xlsm", content)
    assert losses(path) == []
    assert [text.en for text in losses(path, tmp_path / "out.xlsx")] == ["macros (save as .xlsm to keep them)"]
    after = resaved(path)
    assert after["xl/vbaProject.bin"] == b"vba"
    assert macro in after["[Content_Types].xml"]
    plain = resaved(path, tmp_path / "out.xlsx")
    assert "xl/vbaProject.bin" not in plain
    assert macro not in plain["[Content_Types].xml"]
    for name in ("out.xlsm", "out.csv", "out"):
        with opened(template_path("zh")) as book, pytest.raises(FileTrouble, match="must end in"):
            saved(book, tmp_path / name)
        assert not (tmp_path / name).exists()


def test_a_workbook_file_is_not_held_open(tmp_path: Path) -> None:
    """While a book is open its file can be removed or replaced: it is in memory from the start."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(template_path("zh").read_bytes())
    with opened(path) as book:
        path.unlink()
        saved(book, path)
    with opened(path) as book:
        assert set(read_tables(book)) == set(TABLES)
    assert list(tmp_path.iterdir()) == [path]
    assert zipfile.ZipFile(io.BytesIO(path.read_bytes())).testzip() is None
