"""Workbooks as they come from offices: protected, filtered, sorted, with hidden rows and columns of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.filters import FilterColumn, Filters

from addin import commands
from addin.book import opened, read_tables, saved, write_column, write_tables
from addin.trouble import FileTrouble
from addin.writable import found_table
from tests.rosters import roster
from tests.test_book import Host, host
from tests.test_undo import QUICK, cells
from workbook_templates import template_path

__all__ = ["host"]  # pytest finds fixtures by name


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook with 24 pupils, three classes, and nobody placed."""
    path = tmp_path_factory.mktemp("awkward") / "plain.xlsx"
    with opened(template_path("zh")) as book:
        commands.fill(book, roster(24), "zh", 3)
        saved(book, path)
    return path


def changed(plain: Path, folder: Path, change: Callable[[Any], None]) -> Path:
    """Return the workbook after a change that no command of ours would make."""
    book = openpyxl.load_workbook(plain)
    change(book)
    path = folder / "awkward.xlsx"
    book.save(path)
    return path


def placed(book: Any) -> None:
    """Place, and see that every pupil stands in the class lists under the class in Students."""
    commands.place(book, chosen=QUICK)
    tables = read_tables(book)
    pupils = dict(zip(tables["Students"]["学号"], tables["Students"]["placed_class"], strict=True))
    lists = dict(zip(tables["ClassLists"]["id"], tables["ClassLists"]["class"], strict=True))
    assert len(pupils) == 24
    assert None not in pupils.values()
    assert lists == pupils


@pytest.mark.parametrize("sheet", ["学生", "均衡检验"])
def test_a_protected_sheet_is_refused(host: Host, plain: Path, tmp_path: Path, sheet: str) -> None:
    """Before the search, in words that name the sheet and say what to do; nothing is changed."""

    def protect(book: Any) -> None:
        book[sheet].protection.sheet = True

    with host(changed(plain, tmp_path, protect)) as book:
        before = cells(book)
        with pytest.raises(FileTrouble) as refusal:
            commands.place(book, chosen=QUICK, progress=lambda _: pytest.fail("searched in vain"))
        assert cells(book) == before
    assert f"“{sheet}”受保护" in refusal.value.text.zh
    assert "Unprotect" in refusal.value.text.en


def test_a_protected_structure(host: Host, plain: Path, tmp_path: Path) -> None:
    """Where no sheet can be added all works as long as none is missing; then it is said which."""

    def protect(book: Any) -> None:
        book.security = WorkbookProtection(lockStructure=True)

    def lose(book: Any) -> None:
        protect(book)
        book.remove(book["问题"])

    with host(changed(plain, tmp_path, protect)) as book:
        placed(book)
    with host(changed(plain, tmp_path, lose)) as book:
        if not book.impl.structure_locked:  # LibreOffice does not read this lock from an Excel file
            placed(book)
            return
        before = cells(book)
        with pytest.raises(FileTrouble, match="Issues"):
            commands.place(book, chosen=QUICK)
        assert cells(book) == before


def test_filtered_tables_are_written_whole(host: Host, plain: Path, tmp_path: Path) -> None:
    """Rows that a filter hides get their class too; the filter is lifted, its buttons stay."""

    def boys(book: Any) -> None:
        sheet = book["学生"]
        table = sheet.tables["Students"]
        table.autoFilter.filterColumn = [FilterColumn(colId=2, filters=Filters(filter=["男"]))]
        for row in range(4, 28):
            sheet.row_dimensions[row].hidden = sheet.cell(row, 3).value != "男"

    with host(changed(plain, tmp_path, boys)) as book:
        assert found_table(book, "Students").impl.filtered
        placed(book)
        table = found_table(book, "Students")
        assert not table.impl.filtered
        assert table.show_autofilter
        commands.take_back(book)
        assert set(read_tables(book)["Students"]["placed_class"]) == {None}


def test_hidden_rows_and_columns_stay_hidden(host: Host, plain: Path, tmp_path: Path) -> None:
    """Pupils in rows hidden by hand are placed like others, and nothing is shown that was hidden."""

    def hide(book: Any) -> None:
        for row in (6, 7, 20):
            book["学生"].row_dimensions[row].hidden = True
        book["学生"].column_dimensions["B"].hidden = True
        book["方案记录"].sheet_state = "hidden"

    with host(changed(plain, tmp_path, hide)) as book:
        placed(book)
        saved(book, tmp_path / "after.xlsx")
    after = openpyxl.load_workbook(tmp_path / "after.xlsx")
    assert [row for row in range(3, 28) if after["学生"].row_dimensions[row].hidden] == [6, 7, 20]
    assert after["学生"].column_dimensions["B"].hidden
    assert after["方案记录"].sheet_state == "hidden"


def test_a_sorted_roster_is_placed_by_pupil(host: Host, plain: Path) -> None:
    """Sorted by name or mark before and after placing: each pupil keeps the class."""
    with host(plain) as book:
        body = found_table(book, "Students").data_body_range
        body.value = sorted(body.options(ndim=2).value, key=lambda row: -row[3])
        placed(book)
        classes = read_tables(book)["Students"].set_index("学号")["placed_class"].to_dict()
        body.value = sorted(body.options(ndim=2).value)
        _, measured, _ = commands.measure(book)
        assert measured.violations == 0
        assert read_tables(book)["Students"].set_index("学号")["placed_class"].to_dict() == classes


def test_columns_of_the_users_own_stay(host: Host, plain: Path, tmp_path: Path) -> None:
    """A column put between ours in Classes, or beside the roster, keeps its cells and its place."""
    with host(plain) as book:
        for name, header in (("Classes", "教室"), ("Students", "走读")):
            table = found_table(book, name)
            rows, columns = table.range.shape
            table.resize(table.range[0, 0].resize(rows, columns + 1))
            found_table(book, name).range[0, columns].value = header
            found_table(book, name).range[1:4, columns].value = [["101"], ["102"], ["103"]]
        placed(book)
        for name, header in (("Classes", "教室"), ("Students", "走读")):
            area = found_table(book, name).range
            assert area[0, area.shape[1] - 1].value == header
            assert [str(int(cell)) for cell in area[1:4, area.shape[1] - 1].value] == ["101", "102", "103"]
        commands.take_back(book)
        assert found_table(book, "Classes").range[0, 6].value == "教室"


def test_own_columns_in_result_tables_are_refused_if_they_hold_something(host: Host, plain: Path) -> None:
    """Remarks typed beside Gaps would stand beside other rows next time: said before anything is written."""
    with host(plain) as book:
        commands.place(book, chosen=QUICK)
        table = found_table(book, "ClassLists")
        rows, columns = table.range.shape
        table.resize(table.range[0, 0].resize(rows, columns + 1))
        found_table(book, "ClassLists").range[0:2, columns].value = [["宿舍"], ["A1"]]
        commands.place(book, chosen=QUICK)  # the same rows again: the remarks still stand beside the right pupils
        found_table(book, "Students").data_body_range[0, 1].value = "改名"
        before = cells(book)
        with pytest.raises(FileTrouble, match="宿舍"):
            commands.place(book, chosen=QUICK)
        assert cells(book) == before


@pytest.mark.parametrize(("sheet", "area", "cell"), [("学生", "G10:G12", "G10"), ("分班名单", "B9:C12", "B9")])
def test_merged_cells_are_refused(host: Host, plain: Path, tmp_path: Path, sheet: str, area: str, cell: str) -> None:
    """In a table, or where it has to grow: all but the first of the merged cells would silently stay blank."""
    path = changed(plain, tmp_path, lambda book: book[sheet].merge_cells(area))
    with host(path) as book:
        before = cells(book)
        with pytest.raises(FileTrouble) as trouble:
            commands.place(book, chosen=QUICK)
        assert f"“{sheet}”的 {cell} 有合并单元格" in trouble.value.text.zh
        assert cells(book) == before


def test_notes_below_a_table_are_not_overwritten(host: Host, plain: Path) -> None:
    """What stands where a result has to grow stops the command; the classes are not written either."""
    with host(plain) as book:
        sheet = found_table(book, "ClassLists").parent
        sheet.range((15, 2)).value = "勿删"
        before = cells(book)
        with pytest.raises(FileTrouble, match="B15"):
            commands.place(book, chosen=QUICK)
        assert cells(book) == before
        assert sheet.range((15, 2)).value == "勿删"


def test_a_read_only_workbook_is_refused(host: Host, plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened read-only, or by a colleague at the same time: save it under another name first."""
    with host(plain) as book:
        monkeypatch.setattr(type(book.impl), "read_only", True)
        before = cells(book)
        with pytest.raises(FileTrouble, match="read-only"):
            commands.place(book, chosen=QUICK)
        with pytest.raises(FileTrouble, match="read-only"):
            commands.check(book)
        assert cells(book) == before


def test_the_workbook_has_its_own_language(host: Host) -> None:
    """An English workbook stays English, whatever language the menus have."""
    with host(template_path("en")) as book:
        students = roster(24).rename(columns={"学号": "Id", "姓名": "Name", "性别": "Gender"})
        commands.fill(book, students, "en", 3)
        commands.place(book, chosen=QUICK)
        assert found_table(book, "Gaps").header_row_range.value[0] == "Criterion"
        assert list(read_tables(book)["History"]["command"]) == ["place"]
        assert commands.take_back(book) == ("place", "en")


def test_formulas_in_the_roster_stay_formulas(host: Host, plain: Path) -> None:
    """A total that the school computes is read as a number and left a formula, by placing and by undo."""
    with host(plain) as book:
        write_tables(book, {"Students": read_tables(book)["Students"].assign(总分=0)}, "zh")
        at = list(read_tables(book)["Students"].columns).index("总分")
        total = found_table(book, "Students").data_body_range[:, at]
        total.value = [[f"=D{row}+E{row}"] for row in range(4, 28)]
        formulas = total.formula
        assert str(formulas[0][0]).startswith("=")
        if book.app.engine.name == "libreoffice":  # a file keeps no results: it was never calculated
            placed(book)
            assert total.formula == formulas
            commands.take_back(book)
        assert total.formula == formulas


def test_a_totals_row_is_no_pupil(host: Host, plain: Path) -> None:
    """A totals row that someone switched on under Students stays, and comes back after undo."""
    with host(plain) as book:
        table = found_table(book, "Students")
        table.show_totals = True
        placed(book)
        assert found_table(book, "Students").show_totals
        commands.take_back(book)
        assert found_table(book, "Students").range.shape[0] == 26
        write_column(book, "Students", "locked", ["yes", *[None] * 23], "zh")


def test_a_table_of_someone_elses_program(host: Host, plain: Path, tmp_path: Path) -> None:
    """A sheet of ours renamed, or other tables beside: found by name all the same, others are not touched."""

    def rename(book: Any) -> None:
        book["均衡检验"].title = "检验（打印用）"
        other = book.create_sheet("走访")
        other["A1"], other["A2"] = "谁", "李老师"

    with host(changed(plain, tmp_path, rename)) as book:
        placed(book)
        assert found_table(book, "Gaps").parent.name == "检验（打印用）"
        assert book.sheets["走访"].range("A2").value == "李老师"


def test_pupils_written_below_the_table_are_told(host: Host) -> None:
    """Typed two rows under the list they are not part of it: check and place name the rows, and place the others."""
    with host(template_path("zh")) as book:
        commands.fill(book, roster(12), "zh", 2)
        sheet = found_table(book, "Students").parent
        assert not any("表格下面" in issue.what.zh for issue in commands.check(book)[0])
        sheet.range("A17").value, sheet.range("B17").value = "099", "后来的"
        told = [
            issue for issue in commands.check(book)[0] if "表格下面还有 1 行内容（工作表第 17 行）" in issue.what.zh
        ]
        assert [issue.level for issue in told] == ["warning"]
        placed = commands.place(book, chosen={"effort": "quick"})
        assert told[0] in placed.issues and len(placed.cohort.ids) == 12
