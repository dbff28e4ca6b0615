"""What several test modules need ready-made."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.ribbon.build import build_addin


@pytest.fixture(scope="session")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the add-in file, built once."""
    path = tmp_path_factory.mktemp("addin") / "EvenClass.xlam"
    build_addin(path)
    return path
