"""The workbook templates and what builds them; at run time only `template_path` is needed."""

from __future__ import annotations

from pathlib import Path

from engine.wording import Lang


def template_path(lang: Lang) -> Path:
    """Return the empty workbook in one language, as installed beside this module."""
    return Path(__file__).with_name(f"evenclass_{lang}.xlsx")


def example_roster_path() -> Path:
    """Return the example roster: 100 pupils, fictional, with presets, twins and pupils to keep apart."""
    return Path(__file__).with_name("example_roster.xlsx")


def example_path() -> Path:
    """Return the example workbook: the example roster placed into four classes, in Chinese."""
    return Path(__file__).with_name("evenclass_example.xlsx")
