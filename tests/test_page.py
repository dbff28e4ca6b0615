"""The checking page as people use it: one file, no network, files dropped in any order, both languages, keyboard."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from addin import ceremony
from addin.cli import app
from addin.draw_page.build import HERE, build_page, joined, page
from tests.draws import FOLDER

RECORD, SEALED = FOLDER / "whole.record.json", FOLDER / "whole.list.json"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "check.html"
    build_page(path)
    return path


@pytest.fixture
def seen(browser: Browser, built: Path) -> Iterator[Page]:
    """Return the page opened from its file in Chinese; whatever it asks of a network or complains of is an error."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 720})
    made = context.new_page()
    troubles: list[str] = []
    made.on("console", lambda message: troubles.append(message.text))
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on("request", lambda request: troubles.append(request.url) if request.url != built.as_uri() else None)
    made.goto(built.as_uri())
    yield made
    context.close()
    assert troubles == []


def put(page: Page, *paths: Path) -> None:
    """Give files to the page and wait until it has taken them."""
    page.evaluate("document.querySelector('.check').dataset.old = 'yes'")
    page.set_input_files("#files", [str(path) for path in paths])
    page.wait_for_selector(".check:not([data-old])")


def verdicts(page: Page) -> dict[str, str]:
    """Return the verdict of every step shown."""
    steps = page.query_selector_all(".step")
    return {
        str(step.get_attribute("id")).removeprefix("step-"): str(step.get_attribute("data-verdict")) for step in steps
    }


def test_two_builds_are_one_file(built: Path, tmp_path: Path) -> None:
    """Another process, hash seed, time zone and language: the same bytes."""
    again = tmp_path / "again.html"
    script = "import sys, pathlib; from addin.draw_page.build import build_page; build_page(pathlib.Path(sys.argv[1]))"
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", script, str(again)], check=True, env=env)
    assert hashlib.sha256(built.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()


def test_the_policy_allows_this_script_and_style_alone() -> None:
    """Nothing from elsewhere, nothing inline but what the hashes name; what is put in cannot end its block."""
    made = page("ceremony", {"record": '{"title": "</script><script>alert(1)</script><!--"}'})
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', made)
    assert policy and policy[1].startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in policy[1]
    assert made.count("<script") == 2 and made.count("</script>") == 2 and "<!--" not in made


def test_two_modules_cannot_use_the_same_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Joined they share one scope: a name twice would silently be the wrong one; a circle has no order."""
    monkeypatch.setattr("addin.draw_page.build.HERE", tmp_path)
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("export function one() {}\n")
    (tmp_path / "js" / "b.js").write_text('import { one } from "./a.js";\nfunction one() {}\n')
    with pytest.raises(ValueError, match=r"js/b\.js: one is a name of js/a\.js too"):
        joined("b.js")
    (tmp_path / "js" / "a.js").write_text('import { two } from "./b.js";\n')
    with pytest.raises(ValueError, match=r"b\.js → a\.js → b\.js"):
        joined("b.js")


def test_every_module_is_part_of_the_page_and_small() -> None:
    for path in HERE.glob("js/*.js"):
        assert f"// ---- {path.name}\n" in joined("main.js")
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_files_in_any_order_lead_to_the_same_verdicts(seen: Page) -> None:
    """The sealed list before the record or after it; a file taken out again is gone."""
    put(seen, SEALED)
    assert verdicts(seen) == {}
    put(seen, RECORD)
    whole = {"seal": "ok", "seed": "ok", "classes": "ok", "teachers": "ok", "result": "ok", "gaps": "told"}
    whole |= {"list": "missing", "earlier": "told", "slip": "missing"}
    assert verdicts(seen) == whole
    assert seen.inner_text(".summary-head") == "✓ 重算的都符合"
    assert "注意：这份结果之前已经抽过 1 次" in seen.inner_text("#step-earlier")
    seen.click(".kinds li:nth-child(3) .remove")
    assert "督学放入封存名单后" in seen.inner_text("#step-seal")


def test_the_step_that_fails_is_named_at_the_top(seen: Page, tmp_path: Path) -> None:
    """One label changed: the summary names the draw of the classes, the row of the table is marked."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    record["draw"]["labels"][:2] = record["draw"]["labels"][1::-1]
    (tmp_path / "r.json").write_text(json.dumps(record), encoding="utf-8")
    put(seen, tmp_path / "r.json")
    assert "不符" in seen.inner_text(".summary-head") and "班级抽签" in seen.inner_text(".summary-head")
    assert len(seen.query_selector_all("#step-classes tr.bad")) == 2


def test_broken_files_are_refused_and_the_rest_is_taken(seen: Page, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_bytes(RECORD.read_bytes()[:500])
    (tmp_path / "list.csv").write_bytes("序号,班级\n1,3班".encode("gb18030"))
    put(seen, tmp_path / "cut.json", RECORD, tmp_path / "list.csv")
    assert "cut.json：没有放入。文件不是完整的 JSON" in seen.inner_text(".refusal")
    assert "缺少这些序号" in seen.inner_text("#step-list")


def test_a_code_is_compared_as_it_is_typed(seen: Page) -> None:
    put(seen, RECORD)
    short = json.loads(RECORD.read_text(encoding="utf-8"))["seal"]["short"]
    for typed, said in ((short.lower().replace("-", " "), "✓ 一样"), (short[:6], ""), ("zz" + short[2:], "✗ 不一样")):
        seen.fill("#step-seal input", typed)
        assert seen.inner_text("#step-seal output") == said


def test_both_languages_say_everything(seen: Page) -> None:
    """Switched to English no Chinese sentence is left but what the files hold, and the page says so to its readers."""
    put(seen, FOLDER / "plain.record.json", FOLDER / "plain.list.json")
    assert seen.get_attribute("html", "lang") == "zh-CN"
    seen.click("nav button:last-child")
    assert seen.get_attribute("html", "lang") == "en"
    left = re.sub("中文|均衡分班|李雷|男|女", "", seen.inner_text("body"))
    assert re.findall("[\u4e00-\u9fff]+", left) == []


def test_the_language_is_that_of_the_browser(browser: Browser, built: Path) -> None:
    for locale, title in (("en-GB", "Check the draw"), ("zh-TW", "抽签核对"), ("fr-FR", "抽签核对")):
        made = browser.new_page(locale=locale)
        made.goto(built.as_uri())
        assert made.inner_text("h1") == title
        made.close()


def run(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, list(words), env={"EVENCLASS_LANG": "en"})
    return found.exit_code, found.output


def test_the_command_writes_the_page(built: Path, tmp_path: Path) -> None:
    """Again over itself, never over anything else."""
    out = tmp_path / "check.html"
    assert run("page", str(out))[0] == 0
    assert out.read_bytes() == built.read_bytes()
    assert run("page", str(out), "--json") == (0, json.dumps({"page": str(out)}, ensure_ascii=False) + "\n")
    out.write_text("<p>somebody else's</p>")
    assert run("page", str(out))[0] == 2 and out.read_text() == "<p>somebody else's</p>"
    assert run("page", str(tmp_path / "check.xlsx"))[0] == 2


def test_the_ceremony_takes_a_record_or_a_workbook(tmp_path: Path) -> None:
    """Exactly one of them, or none; what is no record is refused in words."""
    out = tmp_path / "c.html"
    code, said = run("ceremony", "--record", str(RECORD), str(out), "--json")
    assert (code, json.loads(said)) == (0, {"page": str(out), "sealed": True, "drawn": True})
    assert 'data-mode="ceremony"' in out.read_text(encoding="utf-8")
    assert run("ceremony", str(out))[0] == 0
    assert run("ceremony", "b.xlsx", "--record", str(RECORD), str(out))[0] == 2
    assert "no record of a draw" in run("ceremony", "--record", str(SEALED), str(out))[1]
    assert "cannot be read" in run("ceremony", "--record", str(tmp_path / "none.json"), str(out))[1]
    assert ceremony.ENDINGS == (".html", ".htm")
