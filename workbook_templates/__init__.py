"""The workbook templates and what builds them; at run time only `template_path` is needed."""

from __future__ import annotations

from pathlib import Path

from engine.wording import Lang


def template_path(lang: Lang) -> Path:
    """Return the empty workbook in one language, as installed beside this module."""
    return Path(__file__).with_name(f"evenclass_{lang}.xlsx")
