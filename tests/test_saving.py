"""Files that cannot be read or written: refused in words, and replaced whole or not at all."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from addin.book import opened, saved, write_tables
from addin.hosts.saving import write_whole
from addin.trouble import FileTrouble
from workbook_templates import template_path


def damaged(path: Path, part: str, content: bytes) -> Path:
    """Write the template with one part replaced."""
    with zipfile.ZipFile(template_path("zh")) as archive, zipfile.ZipFile(path, "w") as target:
        for name in archive.namelist():
            target.writestr(name, content if name == part else archive.read(name))
    return path


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", ("完好", "sound")),
        ("a.xlsx", b"a,b\n1,2\n", ("完好", "sound")),
        ("a.xlsx", b"PK\x03\x04 cut off", ("完好", "sound")),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ("旧版", "old .xls")),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            ("密码", "password"),
        ),
        ("a.ods", b"PK", (".xlsx", ".xlsx")),
    ],
)
def test_files_that_are_no_workbook_are_refused_in_words(
    name: str, content: bytes, words: tuple[str, str], tmp_path: Path
) -> None:
    """Which file, why, and what to do, in both languages, for whatever stands under the name of a workbook."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileTrouble) as refusal, opened(path):
        pass
    assert name in refusal.value.text.zh
    assert name in refusal.value.text.en
    assert words[0] in refusal.value.text.zh
    assert words[1] in refusal.value.text.en


@pytest.mark.parametrize(
    "missing", ["xl/workbook.xml", "xl/worksheets/sheet3.xml", "[Content_Types].xml", "xl/styles.xml"]
)
def test_damaged_workbooks_are_refused_in_words(missing: str, tmp_path: Path) -> None:
    """A package whose parts are cut off says so, and no other exception comes through."""
    with zipfile.ZipFile(template_path("zh")) as archive:
        start = archive.read(missing)[:40]
    for content in (start, b"\0"):
        path = damaged(tmp_path / "in.xlsx", missing, content)
        with pytest.raises(FileTrouble, match=r"in\.xlsx"), opened(path):
            pass


def test_missing_and_locked_files_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such file, a folder of that name, and a file that Excel holds open."""
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(FileTrouble, match="Check its name"), opened(path):
            pass

    def held(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", held)
    with pytest.raises(FileTrouble, match="open in Excel or WPS"), opened(template_path("zh")):
        pass


@pytest.mark.parametrize("failure", [OSError(28, "No space left"), PermissionError(13, "held"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["os.replace", "os.fsync", "addin.hosts.package.Parts.zipped", "pathlib.Path.chmod"])
def test_a_failed_save_leaves_the_old_file(
    step: str, failure: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever saving fails, the file is the old one byte for byte and nothing lies beside it."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(template_path("zh").read_bytes())

    def fail(*_: object, **__: object) -> None:
        raise failure

    with opened(path) as book:
        write_tables(book, {"Classes": pd.DataFrame({"class": ["1班"]}, dtype=object)}, "zh")
        monkeypatch.setattr(step, fail)
        with pytest.raises((FileTrouble, OSError, KeyboardInterrupt)) as trouble:
            saved(book, path)
    monkeypatch.undo()
    if isinstance(failure, OSError) and "zipped" not in step:
        assert isinstance(trouble.value, FileTrouble)
        assert "book.xlsx" in trouble.value.text.zh
    assert path.read_bytes() == template_path("zh").read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_a_saved_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    """Who may read the file stays as it was; a link stays a link to the new content; a new file gets the usual mode."""
    path, link, new = tmp_path / "book.xlsx", tmp_path / "link.xlsx", tmp_path / "new.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), link.is_symlink()) == (b"new", 0o640, True)
    write_whole(new, b"x")
    usual = tmp_path / "usual"
    usual.touch()
    assert stat.S_IMODE(new.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Saving into a folder that is not there says so and makes none."""
    with opened(template_path("zh")) as book, pytest.raises(FileTrouble, match="no such folder"):
        saved(book, tmp_path / "none" / "book.xlsx")
    assert not (tmp_path / "none").exists()


def test_a_full_disk_and_a_closed_folder_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says what to do: make room, or save elsewhere; and names the folder that may not be written in."""

    def fail(failure: OSError, match: str) -> None:
        def failing(*_: object) -> None:
            raise failure

        with monkeypatch.context() as broken:
            broken.setattr("os.fsync", failing)
            broken.setattr("os.access", lambda path, _: path != tmp_path)
            with pytest.raises(FileTrouble, match=match) as trouble:
                write_whole(tmp_path / "book.xlsx", b"new")
        assert "-o" in trouble.value.text.zh

    fail(OSError(28, "No space left on device"), "disk is full")
    fail(PermissionError(13, "Permission denied"), str(tmp_path))
    assert not list(tmp_path.iterdir())
