"""The guides for staff: no button or command missing or misdescribed, no dead link, no picture too heavy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from addin.buttons import BUTTONS, GROUPS
from addin.cli import app
from addin.install.cli import app as addin_app
from addin.install.guide import guide_page, guide_text, write_guide
from addin.install.machine import ADDIN, LINK
from addin.ribbon.drawing import drawings
from engine.wording import Lang

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LANGS: tuple[Lang, ...] = ("zh", "en")


def text(lang: Lang) -> str:
    return guide_text(lang).read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGS)
def test_every_button_stands_in_the_guide_as_it_is_declared(lang: Lang) -> None:
    """A part per group, in order, with its drawing and a row per button, label and tip; no row without a button."""
    chapter = re.split(r"\n## ", text(lang))[3]
    parts = re.split(r"\n### ", chapter)[1:]
    assert [part.splitlines()[0] for part in parts] == [group.label.to(lang) for group in GROUPS]
    for group, part in zip(GROUPS, parts, strict=True):
        rows = [f"| {b.label.to(lang)} | {b.tip.to(lang)} |" for b in BUTTONS if b.group == group.key]
        assert [line for line in part.splitlines() if line.startswith("|")][2:] == rows
        assert f"(pictures/ribbon_{group.key}_{lang}.svg)" in part


def test_the_ribbon_is_drawn_as_it_is_declared() -> None:
    """The drawings are those of today's buttons, with every label (`python docs/make_pictures.py` makes them)."""
    for name, drawing in drawings().items():
        assert (DOCS / "pictures" / name).read_text(encoding="utf-8") == drawing
    for lang in LANGS:
        shown = re.findall(r"<text[^>]*>([^<]*)</text>", drawings()[f"ribbon_{lang}.svg"])
        assert {button.label.to(lang) for button in BUTTONS} <= set(shown)


@pytest.mark.parametrize("lang", LANGS)
def test_every_picture_is_shown_in_its_guide(lang: Lang) -> None:
    """No picture is forgotten in the folder; a guide shows those of its own language."""
    shown = set(re.findall(r"\(pictures/([^)]+)\)", text(lang)))
    other = {"zh": "_en.", "en": "_zh."}[lang]
    drawn = {path.name for path in (DOCS / "pictures").iterdir() if not path.name.startswith("bench_")}
    assert shown == {name for name in drawn if other not in name}


@pytest.mark.parametrize("lang", LANGS)
def test_every_command_stands_in_the_guide(lang: Lang) -> None:
    """A row per command, those of `addin` too; and no row for a command that is not there."""
    names = {f"evenclass {c.name or c.callback.__name__}" for c in app.registered_commands if c.callback}
    names |= {f"evenclass addin {c.name or c.callback.__name__}" for c in addin_app.registered_commands if c.callback}
    chapter = re.split(r"\n## ", text(lang))[8]
    told = {" ".join(re.findall(r"[a-z]+", found)) for found in re.findall(r"^\| `(evenclass [a-z ]+)", chapter, re.M)}
    assert told == names


@pytest.mark.parametrize("path", sorted(DOCS.glob("guide_*.md")), ids=lambda path: path.name)
def test_links_and_pictures_resolve(path: Path) -> None:
    """Every relative link leads to a file; pictures weigh less than 150 kB and say what they show."""
    for shows, link in re.findall(r"!?\[([^]]*)\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        target = path.parent / link
        assert shows and target.is_file(), link
        assert target.suffix == ".md" or target.stat().st_size < 150_000


@pytest.mark.parametrize("lang", LANGS)
def test_the_guide_names_files_and_folders_as_the_installer_does(lang: Lang) -> None:
    """The add-in, its folder, our folder and the way out of it are those of the code; nothing untested is hidden."""
    for word in (ADDIN, r"%APPDATA%\Microsoft\Excel\XLSTART", r"%LOCALAPPDATA%\EvenClass\cache", "install.cmd", "WPS"):
        assert word in text(lang)
    assert LINK in text("zh")
    assert {"zh": "还没有在真正的 Windows", "en": "neither has run on a real Windows"}[lang] in text(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_the_guide_becomes_one_page_that_needs_nothing_else(lang: Lang, tmp_path: Path) -> None:
    """The HTML page has its pictures inside, its tables as tables, and asks nothing of a network."""
    page = guide_page(lang)
    assert page.count("<table>") == 2 + len(GROUPS)
    assert "data:image/png;base64," in page and "data:image/svg+xml;base64," in page
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(link.startswith("data:") or link in {"使用说明.html", "Guide.html"} for link in links)
    assert write_guide(lang, tmp_path).read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    "command", [[], *([c.name or c.callback.__name__] for c in addin_app.registered_commands if c.callback)]
)
def test_every_addin_command_explains_itself_in_both_languages(command: list[str]) -> None:
    """--help of `evenclass addin` and of each of its commands has Chinese and English, and README names it."""
    said = CliRunner().invoke(app, ["addin", *command, "--help"]).stdout
    assert re.search("[\u4e00-\u9fff]", said) and re.search("[A-Za-z]{4}", said)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"evenclass addin {name}" in readme or f"`{name}`" in readme for name in command)
