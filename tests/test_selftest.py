"""The self-test, over every host that is here: what a school can run is what CI runs."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from addin import commands, selftest
from addin.book import opened, saved
from addin.cli import app
from addin.writable import found_table
from engine.wording import Lang
from tests.test_book import Host, host
from workbook_templates import template_path

__all__ = ["host"]  # pytest finds fixtures by name


def test_every_command_works_in_this_host(host: Host, tmp_path: Path) -> None:
    """Each step passes, and the report sheet in the workbook says so."""
    lang: Lang = "zh"
    with host(template_path(lang)) as book:
        results = selftest.tested(book, lang)
        saved(book, tmp_path / "report.xlsx")
    assert [(each.what.zh, each.found.zh) for each in results if not each.passed] == []
    assert len(results) == len(selftest.STEPS)
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["自检报告"]
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows[0][0] == f"自检报告：{len(results)}/{len(results)} 项通过"
    assert [row[1] for row in rows[2:]] == ["通过"] * len(results)


def test_what_fails_is_reported_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A command that is broken fails its step in words; the report is written all the same."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(commands, "improve", broken)
    with opened(template_path("en")) as book:
        results = selftest.tested(book, "en")
        assert [each.what.en for each in results if not each.passed] == ["Improve"]
        assert "broken on purpose" in next(each.found.en for each in results if not each.passed)
        assert (
            book.sheets["Self-test report"].range("A1").value
            == f"Self-test: {len(results) - 1} of {len(results)} passed"
        )
        assert found_table(book, "Students") is not None


def test_a_changed_result_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A placement that leaves a pupil out, or an undo that does nothing, does not pass."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(commands, "take_back", lambda _: ("place", "zh"))
    with opened(template_path("zh")) as book:
        failed = [each.what.en for each in selftest.tested(book, "zh") if not each.passed]
    assert "Undo" in failed


def test_the_self_test_from_the_command_line(tmp_path: Path) -> None:
    """`evenclass addin selftest` says every step and keeps the report where asked; no Excel is said in words."""
    result = CliRunner().invoke(app, ["addin", "selftest", "--lang", "en", "-o", str(tmp_path / "r.xlsx")])
    assert result.exit_code == 0
    assert result.output.count("passed") == len(selftest.STEPS)
    assert (tmp_path / "r.xlsx").is_file()
    refused = CliRunner().invoke(app, ["addin", "selftest", "--in", "excel"])
    assert refused.exit_code == 2
