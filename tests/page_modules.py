"""The modules of the checking page in a browser, to be called from Python one by one."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from addin.draw_page.build import joined

MODULES = ("steps.js", "reading.js", "sha256.js", "lots.js")
USED = "readFile stepsOf sha256 hash shortCode typedCode normalPart keyOf seedOf folded Lots Refusal parseCsv".split()
CHECK = """(cases) => cases.map((contents) => {
  const files = {record: null, list: null, sealed: null, slip: null};
  const encoder = new TextEncoder();
  try {
    for (const content of contents) {
      const {kind, data} = ours.readFile(encoder.encode(content));
      files[kind] = data;
    }
  } catch (trouble) {
    if (trouble instanceof ours.Refusal) return {refused: trouble.words};
    throw trouble;
  }
  return Object.fromEntries(ours.stepsOf(files).map((step) => [step.id, step.findings]));
})"""
Found = dict[str, Any]


def with_modules(browser: Browser) -> Page:
    """Return an empty page that has the modules at hand as ``ours``."""
    page = browser.new_page()
    script = joined(*MODULES)
    end = script.rindex("})();")
    page.add_script_tag(content=f"{script[:end]}globalThis.ours = {{{', '.join(USED)}}};\n}})();")
    return page


def check(page: Page, cases: list[list[str]]) -> list[Found]:
    """Return, for cases that are the contents of some files, the findings by step, or why a file is ``refused``."""
    return list(page.evaluate(CHECK, cases))
