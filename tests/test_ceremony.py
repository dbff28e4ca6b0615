"""Ceremony mode: from the sealed list to the lists of names, by keys alone, before the draw and after it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from addin import ceremony
from engine.lots import key_of, seed_of
from tests.draws import FOLDER

RECORD: dict[str, Any] = json.loads((FOLDER / "whole.record.json").read_text(encoding="utf-8"))
BEFORE = {key: RECORD[key] for key in ("format", "version", "title", "seal")}
SIZES = [(1920, 1080), (1280, 720), (1024, 768)]
Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Return what opens a ceremony with a record, or with none; whatever it complains of is an error."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 720})
    troubles: list[str] = []

    def page_of(record: dict[str, Any] | None, published: Path | None = None) -> Page:
        path = tmp_path / "ceremony.html"
        ceremony.write_ceremony(path, record, published)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield page_of
    context.close()
    assert troubles == []


def slide(page: Page) -> str:
    return str(page.get_attribute(".ceremony", "data-slide"))


def to(page: Page, wanted: str) -> None:
    """Press the key forward until a slide is there."""
    for _ in range(60):
        if slide(page) == wanted:
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"no slide {wanted}")


def published(tmp_path: Path) -> Path:
    draw, names = RECORD["draw"], RECORD["result"]["classes"]
    rows = [f"{i},{names[draw['labels'][g]]},张*{i},*{i:03}" for i, g in enumerate(draw["groups"], start=1)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["序号,班级,姓名,学号", *rows]), encoding="utf-8-sig")
    return path


def drop(page: Page, record: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "dropped.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    page.evaluate("document.querySelector('.ceremony').dataset.old = 'yes'")
    page.set_input_files(".hidden-file", str(path))
    page.wait_for_selector(".ceremony:not([data-old])")


@pytest.mark.parametrize("size", SIZES)
def test_every_slide_fits_the_screen(opened: Opened, tmp_path: Path, size: tuple[int, int]) -> None:
    """From the first to the last by one key, and back; nothing is cut off, names of pupils come last."""
    page = opened(RECORD, published(tmp_path))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    seen = []
    for _ in range(60):
        seen.append(slide(page))
        cut = page.evaluate("(e => e.scrollHeight - e.clientHeight)(document.querySelector('.stage'))")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert cut <= 1 and wide <= 0, (slide(page), cut, wide)
        assert slide(page) == "list" or "张*" not in page.inner_text("body")
        before = page.inner_html("#root")
        page.keyboard.press(" ")
        if page.inner_html("#root") == before:
            break
    order = "welcome sealed words seed groups classes teachers gaps result list".split()
    assert list(dict.fromkeys(seen)) == order
    assert page.inner_text(".names-list").count("张*") == RECORD["draw"]["groups"].count(_group_of_last_class())
    for _ in range(len(seen) - 1):
        page.keyboard.press("ArrowLeft")
    assert slide(page) == "welcome"


def _group_of_last_class() -> int:
    labels: list[int] = RECORD["draw"]["labels"]
    return labels.index(len(labels) - 1)


def test_what_is_drawn_is_shown_one_by_one(opened: Opened) -> None:
    """No class before its turn; at the end each group has the class of the record, and the page says that it agrees."""
    page = opened(RECORD)
    to(page, "classes")
    names, labels = RECORD["result"]["classes"], RECORD["draw"]["labels"]
    traded = [g for trading in RECORD["draw"]["sets"] for g in trading]
    for turn in range(len(traded) + 1):
        shown = [card.inner_text() for card in page.query_selector_all(".card .label")]
        hidden = traded[turn:]
        assert shown == ["?" if g in hidden else names[labels[g]] for g in range(len(labels))]
        assert (page.query_selector(".checked") is not None) == (not hidden)
        page.keyboard.press("PageDown")
    assert slide(page) == "teachers"
    to(page, "result")
    assert page.inner_text(".big-code") == RECORD["result"]["short"]
    assert page.get_attribute(".checked", "data-verdict") == "ok"
    assert "之前已经抽过 1 次" in page.inner_text(".alarm")


def test_a_changed_record_cannot_pass_in_a_ceremony(opened: Opened) -> None:
    record = json.loads(json.dumps(RECORD))
    record["draw"]["labels"][:2] = record["draw"]["labels"][1::-1]
    page = opened(record)
    to(page, "result")
    assert page.get_attribute(".checked", "data-verdict") == "bad"
    assert "班级抽签" in page.inner_text(".checked")


def test_the_seed_is_made_from_the_words_typed(opened: Opened, tmp_path: Path) -> None:
    """Hidden while typed, shown one by one, mixed with the sealed code; saved, or handed to `evenclass draw`."""
    page = opened(BEFORE)
    to(page, "words")
    said = ["春\u3000\u3000风 ", 'a "b"', "3 5 1"]
    for field, words in zip(page.query_selector_all("input.said"), said, strict=True):
        field.fill(words)
    assert page.eval_on_selector("input.said", "e => getComputedStyle(e).webkitTextSecurity") == "disc"
    page.keyboard.press(" ")  # types a space: a field has the cursor
    assert slide(page) == "words" and page.query_selector("input.said") is not None
    page.keyboard.press("PageDown")
    shown = [item.inner_text() for item in page.query_selector_all(".parts .said")]
    assert shown == ["春 风", "……", "……"]
    to(page, "seed")
    parts = [("家长代表", "春 风"), ("教师代表", 'a "b"'), ("督学", "3 5 1")]
    key = key_of(BEFORE["seal"]["code"], 1, parts)
    assert page.inner_text(".key").replace(" ", "") == key
    assert page.inner_text(".seed strong") == str(seed_of(key))
    assert '--say "家长代表=春 风" --say "教师代表=a \\"b\\""' in page.inner_text(".hand-over code")
    with page.expect_download() as download:
        page.click(".hand-over button")
    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8")) == [list(part) for part in parts]


def test_a_record_dropped_goes_on_and_another_one_raises_an_alarm(opened: Opened, tmp_path: Path) -> None:
    """The record of the draw carries on where the words ended; other words or another list are told in red."""
    page = opened(BEFORE)
    to(page, "words")
    drop(page, RECORD, tmp_path)
    assert page.query_selector(".alarm") is None
    to(page, "result")
    other = json.loads((FOLDER / "plain.record.json").read_text(encoding="utf-8"))
    drop(page, other, tmp_path)
    assert f"与刚才展示的 {RECORD['seal']['short']} 不同" in page.inner_text(".alarm")


def test_words_other_than_those_typed_raise_an_alarm(opened: Opened, tmp_path: Path) -> None:
    page = opened(BEFORE)
    to(page, "words")
    page.fill("input.said", "not what the record says")
    drop(page, RECORD, tmp_path)
    assert "记录里的话与刚才输入的不同" in page.inner_text(".alarm")


def test_without_a_record_it_asks_for_one(opened: Opened) -> None:
    page = opened(None)
    to(page, "nothing")
    assert "请把封存时导出的记录" in page.inner_text(".big")
    page.click("nav button:last-child")
    assert page.inner_text("h1") == "抽签核对"


def test_full_screen_by_a_key(opened: Opened) -> None:
    page = opened(RECORD)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
