"""Where the source code is found that an environment or a bundle is made from."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from addin.install import source
from addin.install.source import source_folder
from addin.install.wheels import built_from
from addin.trouble import FileTrouble


def test_a_working_copy_is_its_own_source() -> None:
    assert source_folder() == Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["source", "源 代码"])
def test_an_installation_knows_the_folder_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As pip wrote it down after ``pip install .``; once the folder is gone, that is said."""
    folder = tmp_path / name
    (folder / "addin" / "install").mkdir(parents=True)
    project = folder / "pyproject.toml"
    project.write_text("")
    written = json.dumps({"url": folder.as_uri(), "dir_info": {}})
    monkeypatch.setattr(source, "ROOT", tmp_path / "site-packages")
    monkeypatch.setattr(source, "distribution", lambda _: SimpleNamespace(read_text=lambda _: written))
    assert source_folder() == folder
    project.unlink()
    with pytest.raises(FileTrouble, match="not to be found"):
        built_from()


@pytest.mark.parametrize("written", [None, '{"url": "https://example.org/evenclass.whl"}'])
def test_a_wheel_has_no_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str | None) -> None:
    monkeypatch.setattr(source, "ROOT", tmp_path)
    monkeypatch.setattr(source, "distribution", lambda _: SimpleNamespace(read_text=lambda _: written))
    assert source_folder() is None
