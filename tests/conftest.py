"""What several test modules need ready-made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from addin.ribbon.build import build_addin
from tests.page_modules import with_modules


@pytest.fixture(scope="session")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the add-in file, built once."""
    path = tmp_path_factory.mktemp("addin") / "EvenClass.xlam"
    build_addin(path)
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser without a window: the system's chromium, which `.ci/run` installs."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="session")
def modules(browser: Browser) -> Page:
    """Return a page with the checking page's modules at hand."""
    return with_modules(browser)
