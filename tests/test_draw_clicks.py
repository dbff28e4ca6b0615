"""The buttons of the group Draw, in Excel's way (on the file host) and in LibreOffice, as a ceremony goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from addin import kept_seal
from addin.book import read_tables, saved, write_tables
from addin.writable import found_table
from tests.test_clicks import click, desk, filled

__all__ = ["desk"]  # pytest finds fixtures by name


def said(desk: Any, key: str) -> tuple[str, str]:
    words = click(desk, key)
    assert words is not None
    return words


def test_a_ceremony(desk: Any) -> None:
    """Seal, refuse to place, words, draw, certificate, verify; the host's own Undo cannot unmake the record."""
    book = filled(desk)
    assert said(desk, "verify")[0].startswith("名单还没有封存")
    assert said(desk, "teachers")[0].startswith("“教师”表有 0 名教师")
    words, kind = said(desk, "seal")
    kept = kept_seal.must_be_sealed(book)
    assert kept.short in words and kind == "info"
    assert desk.shown[-1] == "SeedParts"
    assert "就不是抽签了" in said(desk, "place")[0]
    assert said(desk, "draw") == (
        "还没有写下在场各方说的话。请在“抽签”表里每方写一行（谁、说了什么），再按“现场抽签”。",
        "warning",
    )
    assert said(desk, "certificate")[0].startswith("还没有抽签")
    write_tables(book, {"SeedParts": kept_seal.parts_table([("家长", "春风"), ("督学", "3 5 1")])}, "zh")
    words, kind = said(desk, "draw")
    assert words.startswith("第 1 次抽签完成：24 名学生，3 个班。") and kind == "info"
    assert None not in list(read_tables(book)["Students"]["placed_class"])
    if hasattr(book.impl, "ask"):
        assert book.impl.ask("undo") == ""  # LibreOffice's own: nothing to take back
    assert said(desk, "certificate")[1] == "info"
    assert said(desk, "verify")[0].startswith("全部一致")
    assert said(desk, "undo") == ("已撤销“现场抽签”，恢复到它之前。", "info")
    assert list(read_tables(book, ["Draws"])["Draws"]["what"]) == ["封存", "第1次抽签"]
    assert "已经抽过 1 次" in said(desk, "draw")[0]
    table = found_table(book, "Seal")
    table.data_body_range[table.data_body_range.shape[0] - 1, 1].value = "断电"
    assert said(desk, "draw")[0].startswith("第 2 次抽签完成")
    assert said(desk, "verify")[0].startswith("全部一致")


def test_the_ceremony_page_stands_beside_the_workbook(
    desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before sealing it is refused; then the page has what is sealed, after the draw the record."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    book = filled(desk)
    saved(book, tmp_path / "分班.xlsx")
    assert said(desk, "ceremony")[0].startswith("名单还没有封存")
    said(desk, "seal")
    words, kind = said(desk, "ceremony")
    page = tmp_path / "分班-大屏.html"
    assert str(page) in words and kind == "info" and opened == [page.as_uri()]
    kept = kept_seal.must_be_sealed(book)
    assert kept.short in page.read_text(encoding="utf-8") and '\\"draw\\"' not in page.read_text(encoding="utf-8")
