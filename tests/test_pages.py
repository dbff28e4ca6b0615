"""Class lists on paper: each class starts a page of its own, on both hosts, also after it is placed anew or undone."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from addin import undo
from addin.book import opened, read_tables, saved, write_tables
from addin.hosts.libreoffice import office_engine
from addin.hosts.office_process import available
from workbook_templates import template_path

HEAD = 4  # the row of the first pupil


def lists(*sizes: int) -> pd.DataFrame:
    rows = [
        {"class": f"{k}班", "size": size, "number": n, "id": f"{k}{n:02}", "name": "某", "gender": "女", "total": n}
        for k, size in enumerate(sizes, start=1)
        for n in range(1, size + 1)
    ]
    return pd.DataFrame(rows, dtype=object)


def starts(path: Path) -> list[int]:
    """Return the rows that begin a page, as a saved file has them."""
    sheet = openpyxl.load_workbook(path)["分班名单"]
    assert sheet.print_title_rows == "$3:$3"
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage  # Excel would not heed the breaks
    return sorted(each.id + 1 for each in sheet.row_breaks.brk if each.man)


@pytest.mark.parametrize("host", ["file", "libreoffice"])
def test_each_class_starts_a_page(host: str, tmp_path: Path) -> None:
    """Breaks stand where classes change, those of before are gone, a break of the user's elsewhere stays."""
    if host == "libreoffice" and (lacking := available()) is not None:
        pytest.skip(lacking.en)
    source, path = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    file = openpyxl.load_workbook(template_path("zh"))
    file["分班名单"].row_breaks.append(openpyxl.worksheet.pagebreak.Break(id=99))
    file.save(source)
    with opened(source, office_engine() if host == "libreoffice" else None) as book:
        write_tables(book, {"ClassLists": lists(3, 2, 4)}, "zh")
        saved(book, path)
        assert starts(path) == [HEAD + 3, HEAD + 5, 100]
        undo.written(book, "place", {"ClassLists": lists(4, 5)}, "zh")
        saved(book, path)
        assert starts(path) == [HEAD + 4, 100]
        undo.undo(book, "zh")
        saved(book, path)
        assert starts(path) == [HEAD + 3, HEAD + 5, 100]
        assert len(read_tables(book)["ClassLists"]) == 9
