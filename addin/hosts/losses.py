"""What a workbook loses when the file host, or LibreOffice, saves it, in words, so that staff can decide beforehand."""

from __future__ import annotations

import re
from pathlib import Path

from addin.hosts.package import Parts, book_part, extensions, is_kept, relations, ribbon_of, sheet_parts
from addin.hosts.reading import file_content, file_parts
from engine.wording import Text

# By the end of a relationship's type.
_BY_RELATION = {
    "slicer": Text("切片器", "slicers"),
    "slicerCache": Text("切片器", "slicers"),
    "timeline": Text("日程表", "timelines"),
    "timelineCache": Text("日程表", "timelines"),
    "threadedComment": Text("带回复的批注（变成普通批注）", "threaded comments (they become notes)"),
    "ctrlProp": Text("按钮等控件", "buttons and other controls"),
    "control": Text("按钮等控件", "buttons and other controls"),
    "oleObject": Text("嵌入的对象", "embedded objects"),
    "package": Text("嵌入的对象", "embedded objects"),
    "connections": Text("外部数据连接", "connections to outside data"),
    "queryTable": Text("外部数据连接", "connections to outside data"),
    "powerPivotData": Text("数据模型", "the data model"),
    "rdRichValue": Text("单元格里的图片和数据类型（变成 #VALUE!）", "pictures in cells, data types (now #VALUE!)"),
    "FeaturePropertyBag": Text("单元格里的复选框（变成 TRUE 或 FALSE）", "check boxes in cells (now TRUE or FALSE)"),
    "revisionHeaders": Text(
        "旧式“共享工作簿”（保存后不再共享，修订记录丢失；别人可能正在编辑）",
        "sharing of the old kind (the saved file is not shared, tracked changes go; others may be editing it)",
    ),
    "origin": Text("数字签名", "the digital signature"),
    "customXml": Text("自定义 XML 数据", "custom XML data"),
}
# By elements of a worksheet or of the workbook.
_BY_ELEMENT = {
    b"protectedRanges": Text("工作表保护中允许编辑的区域", "ranges that may be edited although the sheet is protected"),
    b"scenarios": Text("方案管理器中的方案", "scenarios"),
    b"customSheetViews": Text("自定义视图", "custom views"),
    b"dataConsolidate": Text("合并计算的设置", "settings of Consolidate"),
    b"fileSharing": Text("修改密码或“建议只读”", "the password for changing the file, or “best opened read-only”"),
}
_DYNAMIC = Text("动态数组公式（变成普通数组公式）", "dynamic array formulas (they become ordinary ones)")
_CONTROL = re.compile(rb'ObjectType="(?!Note")')
_MACROS = Text("宏（要保留宏，请存为 .xlsm）", "macros (save as .xlsm to keep them)")
_EXTENSIONS = Text("新版 Excel 的部分格式", "some formats of newer versions of Excel")
_PICTURES = Text("工作表背景或页眉中的图片", "pictures behind a sheet or in its header")

# What LibreOffice does not write, seen with 7.4.7; in files that we let it write the ribbon's pictures are put back.
_OFFICE_LOSES = frozenset(
    "slicer slicerCache timeline timelineCache threadedComment connections queryTable powerPivotData rdRichValue "
    "FeaturePropertyBag revisionHeaders origin".split()
)
_OFFICE_ELEMENTS = {
    rb"<fileSharing\b": _BY_ELEMENT[b"fileSharing"],
    rb"<customWorkbookViews\b": _BY_ELEMENT[b"customSheetViews"],
    rb"<workbookProtection\b[^>]*\blockStructure=\"(?:1|true)\"": Text(
        "工作簿结构保护（不能增删工作表）", "the protection of the workbook's structure"
    ),
}
_CHART_SHEETS = Text("图表工作表（变成普通工作表上的图）", "chart sheets (they become charts on a sheet)")
_HEADER_PICTURES = Text("页眉页脚中的图片", "pictures in headers and footers")
_RIBBON_PICTURES = Text("工作簿自带功能区按钮的图标", "the icons of the workbook's own ribbon")
_PICTURE_ENDS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".ico", ".emf", ".wmf")


def losses(path: Path, target: Path | None = None) -> list[Text]:
    """Return what a workbook file holds that would be lost by saving it (to ``target``, or in place), each once.

    Charts, pictures, shapes, the ribbon, validations, conditional formats and pivot tables are kept. Raises
    `FileTrouble` if the file cannot be read.
    """
    parts = file_parts(path, file_content(path))
    found = [_BY_RELATION[kind] for kind in _kinds(parts) if kind in _BY_RELATION]
    if (target or path).suffix.lower() not in (".xlsm", ".xltm") and "xl/vbaProject.bin" in parts.content:
        found.append(_MACROS)
    for name, content in parts.content.items():
        if name.endswith(".vml") and _CONTROL.search(content):
            found.append(_BY_RELATION["control"])
        if name.startswith("xl/metadata") and b"XLDAPR" in content:
            found.append(_DYNAMIC)
    for part in (*sheet_parts(parts).values(), book_part(parts)):
        content = parts.content.get(part, b"")
        found += [text for element, text in _BY_ELEMENT.items() if re.search(rb"<(?:\w+:)?%s\b" % element, content)]
        if any(not is_kept(*each) for each in extensions(content)):
            found.append(_EXTENSIONS)
        if re.search(rb"<(?:picture|legacyDrawingHF)\b", content):
            found.append(_PICTURES)
    return list(dict.fromkeys(found))


def office_losses(path: Path) -> list[Text]:
    """Return what a workbook file holds that LibreOffice 7.4 does not write when the user saves it there, each once.

    Nothing if it is no .xlsx. Buttons, drawings, scenarios, open ranges and outside XML it keeps. Raises `FileTrouble`
    if the file cannot be read.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return []
    parts = file_parts(path, file_content(path))
    found = [_BY_RELATION[kind] for kind in _kinds(parts) if kind in _OFFICE_LOSES]
    if any(name.startswith("xl/metadata") and b"XLDAPR" in content for name, content in parts.content.items()):
        found.append(_DYNAMIC)
    if (ribbon := ribbon_of(parts)) is not None and any(name.endswith(_PICTURE_ENDS) for name in ribbon.content):
        found.append(_RIBBON_PICTURES)
    if any(name.startswith("xl/chartsheets/") for name in parts.content):
        found.append(_CHART_SHEETS)
    book = parts.content[book_part(parts)]
    found += [text for mark, text in _OFFICE_ELEMENTS.items() if re.search(mark, book)]
    if any(re.search(rb"<legacyDrawingHF\b", parts.content.get(part, b"")) for part in sheet_parts(parts).values()):
        found.append(_HEADER_PICTURES)
    return list(dict.fromkeys(found))


def _kinds(parts: Parts) -> list[str]:
    """Return the last word of the type of every relationship, except those inside drawings, which are kept."""
    kinds = []
    for name in parts.content:
        if name.endswith(".rels") and not re.match(r"xl/(drawings|charts|diagrams|embeddings)/", name):
            part = name.replace("_rels/", "").removesuffix(".rels")
            kinds += [each.type.rpartition("/")[2] for each in relations(parts, part)]
    return kinds
