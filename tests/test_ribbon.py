"""The add-in file part by part: one sha256, a package as Excel wants it, a ribbon whose callbacks all exist."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path, PureWindowsPath
from typing import cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from addin.buttons import BUTTONS, GROUPS, TAB
from addin.cli import app
from addin.hosts.package import Parts, relations, unzipped
from addin.install.machine import Places
from addin.ribbon import build, xlwings_vba
from addin.ribbon.build import RIBBON_PART, build_addin, modules
from addin.ribbon.ribbon_xml import NAMESPACE, ribbon_xml
from addin.ribbon.sheets import SETTINGS, WORDS
from addin.trouble import FileTrouble
from engine.wording import Lang

ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
LANGS: tuple[Lang, ...] = ("zh", "en")
# Controls of Excel 2013, 2016 and Microsoft 365 alike, so that each has the picture: excelcontrols.xlsx of
# github.com/OfficeDev/office-fluent-ui-command-identifiers at b230a0df.
PICTURES = set(
    "Calculator ErrorChecking FileCheckOut FileNew FileProperties GetExternalDataFromText Help MacroPlay ObjectsGroup "
    "PrintAreaMenu PropertySheet Refresh Undo Redo GoalSeek SortDialog TraceDependents WhatIfAnalysisMenu "
    "DataValidation TableRowsInsertAboveExcel AccountingFormat FileSaveAs ViewSideBySide FileOpen "
    "FormulaEvaluate TableInsertExcel Lock CalculateNow SignatureLineInsert FileViewDigitalSignatures "
    "FileSaveAsPdfOrXps ReviewHighlightChanges ViewFullScreenView".split()
)
# The signatures that Office calls, from the documentation of the ribbon's callbacks for VBA.
SIGNATURES = {
    "onLoad": r"\(\w+ As IRibbonUI\)",
    "onAction": r"\(\w+ As IRibbonControl\)",
    "getEnabled": r"\(\w+ As IRibbonControl, ByRef \w+\)",
    "getVisible": r"\(\w+ As IRibbonControl, ByRef \w+\)",
}
ALLOWED = {
    "customUI": {"onLoad"},
    "ribbon": set[str](),
    "tabs": set[str](),
    "tab": {"id", "label", "getVisible"},
    "group": {"id", "label"},
    "button": set("id tag label screentip supertip imageMso size onAction getEnabled".split()),
}


@pytest.fixture
def parts(addin: Path) -> Parts:
    return unzipped(addin.read_bytes())


def code() -> str:
    return "\n".join(module.source for module in modules() if module.name != "xlwings")


def elements(name: str) -> list[Element]:
    return list(ElementTree.fromstring(ribbon_xml()).iter(f"{{{NAMESPACE}}}{name}"))


def test_two_builds_are_one_file(addin: Path, tmp_path: Path) -> None:
    """Another process, hash seed, time zone and language give the same sha256."""
    again = tmp_path / "again.xlam"
    script = "import sys, pathlib; from addin.ribbon.build import build_addin; build_addin(pathlib.Path(sys.argv[1]))"
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", script, str(again)], check=True, env=env)
    one, two = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (addin, again))
    assert one == two
    assert list(tmp_path.iterdir()) == [again], "nothing is left beside it"


def test_the_zip_says_nothing_of_where_and_when(addin: Path) -> None:
    """Parts in order, one stamp, not packed: nothing hangs on a clock or a version of zlib."""
    with zipfile.ZipFile(addin) as package:
        entries = package.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.compress_type, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3)
    }


def test_every_part_is_declared_and_reached(parts: Parts) -> None:
    """Each part has a content type, every relationship leads to a part; the workbook is an add-in's, with its VBA."""
    types = ElementTree.fromstring(parts.content["[Content_Types].xml"])
    named = {e.get("PartName", "").lstrip("/"): e.get("ContentType") for e in types if e.get("PartName")}
    endings = {e.get("Extension"): e.get("ContentType") for e in types if e.get("Extension")}
    for name in parts.content:
        assert name == "[Content_Types].xml" or name in named or name.rpartition(".")[2] in endings, name
    assert named["xl/workbook.xml"] == ADDIN_TYPE
    assert endings["bin"] == "application/vnd.ms-office.vbaProject"
    root = {link.type.rpartition("/")[2]: link.target for link in relations(parts, "")}
    assert root["extensibility"] == RIBBON_PART and root["officeDocument"] == "xl/workbook.xml"
    book = {link.type.rpartition("/")[2]: link.target for link in relations(parts, "xl/workbook.xml")}
    assert book["vbaProject"] == "xl/vbaProject.bin"
    assert {*root.values(), *book.values()} <= set(parts.content)
    for start in ("", "xl/workbook.xml"):
        ids = [link.id for link in relations(parts, start)]
        assert len(set(ids)) == len(ids)


def test_workbook_and_sheets_belong_to_their_modules(parts: Parts) -> None:
    """The code names in the package are the names of the document modules, or Excel makes new ones beside them."""
    names = set[str]()
    for name, content in parts.content.items():
        if re.fullmatch(r"xl/(workbook|worksheets/sheet\d)\.xml", name):
            names |= set(re.findall(r'codeName="(\w+)"', content.decode()))
    assert names == {module.name for module in modules() if module.kind != "standard"}
    assert b'<workbookView visibility="hidden"' in parts.content["xl/workbook.xml"]


def test_settings_are_the_installers_places(addin: Path) -> None:
    """The interpreter is where the installer puts it; the folder of no workbook goes on Python's path."""
    rows = CalamineWorkbook.from_path(addin).get_sheet_by_name(f"{xlwings_vba.PROJECT}.conf").to_python()
    assert {key: value for key, value, *_ in rows} == SETTINGS
    local = PureWindowsPath("%LOCALAPPDATA%")
    home = cast(Path, local)  # paths of Windows, put together on any system
    places = Places(local=home, roaming=home, desktop=home, system=home, temp=home)
    assert SETTINGS["INTERPRETER_WIN"] == str(places.python)
    assert PureWindowsPath(SETTINGS["LOG_FILE"]).parent == cast(PureWindowsPath, places.home)
    assert SETTINGS["ADD_WORKBOOK_TO_PYTHONPATH"] == "False"


def test_both_tabs_show_every_button_as_it_is_declared() -> None:
    """Per language a tab with the groups in order and their buttons: label, tip, picture, size, tag."""
    tabs = elements("tab")
    assert [tab.get("label") for tab in tabs] == [TAB.to(lang) for lang in LANGS]
    assert [tab.get("getVisible") for tab in tabs] == ["EC_Chinese", "EC_English"]
    for tab, lang in zip(tabs, LANGS, strict=True):
        assert [group.get("label") for group in tab] == [group.label.to(lang) for group in GROUPS]
        for shown, group in zip(tab, GROUPS, strict=True):
            declared = [button for button in BUTTONS if button.group == group.key]
            assert [(b.get("label"), b.get("supertip"), b.get("imageMso"), b.get("tag")) for b in shown] == [
                (b.label.to(lang), b.tip.to(lang), b.icon, f"{b.needs}:{b.key}") for b in declared
            ]


def test_the_ribbon_keeps_to_the_schema() -> None:
    """Only elements and attributes that customUI14 knows there, ids that are unique names, texts not too long."""
    root = ElementTree.fromstring(ribbon_xml())
    assert root.tag == f"{{{NAMESPACE}}}customUI"
    ids = list[str]()
    for element in root.iter():
        assert set(element.keys()) <= ALLOWED[element.tag.rpartition("}")[2]]
        ids += [element.get("id", "")] if "id" in element.keys() else []  # noqa: SIM118 # not a mapping
        assert all(0 < len(value) <= 1024 for value in element.attrib.values())
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) for name in ids)
    assert {button.get("size") for button in elements("button")} <= {"large", "normal"}


def test_pictures_are_excels_own() -> None:
    """Every icon is on the list of Excel's controls, and the list holds no other."""
    assert {button.icon for button in BUTTONS} == PICTURES


def test_every_callback_is_there_with_the_signature_that_office_calls() -> None:
    """A callback that is missing, private or other than Office calls it makes Excel say so at every start."""
    called = {
        (kind, name)
        for element in ElementTree.fromstring(ribbon_xml()).iter()
        for kind, name in element.attrib.items()
        if kind in SIGNATURES or kind.startswith(("get", "on"))
    }
    assert {kind for kind, _ in called} == set(SIGNATURES)
    ribbon = next(module.source for module in modules() if module.name == "Ribbon")
    for kind, name in called:
        assert re.search(rf"^Public Sub {name}{SIGNATURES[kind]}$", ribbon, re.MULTILINE), name
    assert len(re.findall(r"^Public Sub (\w+)", code(), re.MULTILINE)) == len(
        set(re.findall(r"^Public Sub (\w+)", code(), re.MULTILINE))
    ), "a name that two modules have cannot be called"


def test_vba_knows_every_need_and_every_sentence() -> None:
    """What buttons need, State can find out; what VBA says is on the sheet, in both languages, and nothing more."""
    assert {button.needs for button in BUTTONS} <= set(re.findall(r'Case "(\w+)"', code()))
    said = set(re.findall(r'(?:EC_Words\(|EC_Tell |EC_Problem = )"(\w+)"', code()))
    assert said == set(WORDS)
    assert len(WORDS) <= 99 and len(SETTINGS) <= 99, "VBA looks at 99 rows"


def test_sources_are_plain() -> None:
    """VBA is ASCII, declares what it uses, and ends every routine; attribute lines are the build's."""
    for module in modules():
        assert module.source.isascii() and "\t" not in module.source, module.name
        if module.source and module.name != "xlwings":
            assert module.source.startswith("Option Explicit\n"), module.name
            assert "Attribute " not in module.source
        for kind in ("Sub", "Function"):
            opened = re.findall(rf"^(?:Public |Private )?{kind} \w+", module.source, re.MULTILINE)
            assert len(opened) == len(re.findall(rf"^End {kind}$", module.source, re.MULTILINE)), module.name


def test_of_xlwings_only_what_is_needed_is_taken() -> None:
    """Word for word, with its licence; nothing that reads settings elsewhere, shows errors or runs code in sheets."""
    shipped = Path(str(distribution("xlwings").locate_file("xlwings/xlwings_custom_addin.bas"))).read_text()
    taken = next(module.source for module in modules() if module.name == "xlwings")
    lines = [line for line in taken.splitlines() if "PROJECT_NAME" not in line and "Shortened for" not in line]
    assert set(lines) <= set(shipped.splitlines())
    assert "Redistributions of source code must retain the above copyright notice" in taken
    assert set(re.findall(r"^(?:Public |Private )?(?:Sub|Function) (\w+)", taken, re.MULTILINE)) == set(
        xlwings_vba.TAKEN
    )
    assert "ActiveWorkbook" not in taken
    for word in ("FullName", "GetConfigFromFile", "xlwings.pro", "Popup", "LICENSE_KEY"):
        assert word not in taken + code(), word


@pytest.mark.parametrize(
    "change", [("myaddin", "other"), ("0.37", "0.36"), ("BSD 3", "GPL 3"), ("Function XLPy(", "Function XLPi(")]
)
def test_another_xlwings_is_refused(change: tuple[str, str]) -> None:
    """If xlwings' text is not what the build was written for, it says so instead of building something untested."""
    package = distribution("xlwings")
    shipped = Path(str(package.locate_file("xlwings/xlwings_custom_addin.bas"))).read_text(encoding="ascii")
    assert xlwings_vba.excerpt(shipped, package.version)
    with pytest.raises(FileTrouble, match="xlwings"):
        xlwings_vba.excerpt(shipped.replace(*change), package.version)


def test_what_hinders_the_build_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, no xlwings, another XlsxWriter: words, and no file."""
    with pytest.raises(FileTrouble, match="no such folder"):
        build_addin(tmp_path / "none" / "a.xlam")
    with monkeypatch.context() as other:
        other.setattr(build, "_WORKBOOK_TYPE", "application/other")
        with pytest.raises(FileTrouble, match="XlsxWriter"):
            build_addin(tmp_path / "a.xlam")
    with monkeypatch.context() as other:
        other.setattr(xlwings_vba, "_SHIPPED", "xlwings/none.bas")
        with pytest.raises(FileTrouble, match=r"none\.bas"):
            build_addin(tmp_path / "a.xlam")
    assert not list(tmp_path.iterdir())


def test_the_command_builds_the_same_file(addin: Path, tmp_path: Path) -> None:
    """`evenclass addin build OUT.xlam` says where the file is."""
    out = tmp_path / "EvenClass.xlam"
    said = CliRunner().invoke(app, ["addin", "build", str(out)])
    assert said.exit_code == 0 and "EvenClass.xlam" in said.output
    assert out.read_bytes() == addin.read_bytes()
