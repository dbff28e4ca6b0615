"""Make the pictures of the guides, in both languages: ribbon, a placement in LibreOffice, printed sheets, a draw.

`python docs/make_pictures.py` needs soffice with windows, Xvfb, xdotool, pdftoppm and chromium. Only Excel shows the
ribbon itself: it is drawn from the buttons' declarations (`addin/ribbon/drawing.py`).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from office_pictures import example, picture_check, picture_placing, workbook_of
from playwright.sync_api import sync_playwright

from addin.ribbon.drawing import drawings
from engine.wording import Lang

PICTURES = Path(__file__).with_name("pictures")
ROSTER = Path(__file__).resolve().parent.parent / "workbook_templates" / "example_roster.xlsx"
DOTS = 90
CUTS = {  # table: (left, top, width, height) in dots of the page at 90 dpi
    "ClassLists": (40, 50, 670, 420),
    "Charts": (40, 50, 980, 590),
}
LANGS: tuple[Lang, ...] = ("zh", "en")


def draw_ribbon() -> None:
    """Draw the ribbon and each of its groups."""
    for name, drawing in drawings().items():
        (PICTURES / name).write_text(drawing, encoding="utf-8")


def picture_printed(lang: Lang, folder: Path) -> None:
    """Place the example, print every sheet, and cut out of the pages what the guide shows."""
    folder.mkdir()
    book = workbook_of(example(ROSTER, lang), lang, folder)
    run("place", book, "--in-place")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
    subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
    pdf = book.with_suffix(".pdf")
    for table, (left, top, width, height) in CUTS.items():
        page = page_of(pdf, title_of(book, table))
        where = ["-x", left, "-y", top, "-W", width, "-H", height, "-f", page, "-l", page]
        out = PICTURES / f"{table.lower()}_{lang}"
        command = ["pdftoppm", "-png", "-singlefile", "-r", DOTS, *where, pdf, out]
        subprocess.run([str(word) for word in command], check=True)


def run(*words: object) -> None:
    """Run a command of ours in silence."""
    subprocess.run([sys.executable, "-m", "addin", *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def picture_draw(folder: Path) -> None:
    """Draw the example and picture the checking page and the ceremony, half size."""
    book, record, pages = folder / "draw.xlsx", folder / "record.json", [folder / "page.html", folder / "ceremony.html"]
    run("new", book, "--from", ROSTER, "-k", 8, "--lang", "zh")
    run("seal", book, "--official", 100, "--title", "阳光小学 2026 级新生分班", "--in-place")
    run("draw", book, "--say", "家长代表=春风化雨", "--say", "教师代表=3 6 2 5", "--in-place")
    run("certificate", book, "--record", record, "--in-place")
    run("page", pages[0])
    run("ceremony", "--record", record, pages[1])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        seen = browser.new_page(viewport={"width": 1280, "height": 1100}, locale="zh-CN", device_scale_factor=0.7)
        seen.goto(pages[0].as_uri())
        seen.set_input_files("#files", str(record))
        seen.wait_for_selector("#step-seal")
        seen.screenshot(path=PICTURES / "page.png")
        seen = browser.new_page(viewport={"width": 1280, "height": 720}, locale="zh-CN", device_scale_factor=0.7)
        seen.goto(pages[1].as_uri())
        while seen.get_attribute(".ceremony", "data-slide") != "classes":
            seen.keyboard.press("ArrowRight")
        for _ in range(5):
            seen.keyboard.press("ArrowRight")
        seen.screenshot(path=PICTURES / "ceremony.png", animations="disabled")
        browser.close()


def page_of(pdf: Path, title: str) -> int:
    """Return the first page that begins with a sheet's title."""
    pages = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True).stdout.decode().split("\f")
    return next(number for number, text in enumerate(pages, start=1) if text.startswith(title + "\n"))


def title_of(book: Path, table: str) -> str:
    """Return the title of the sheet that holds a table; the charts stand on the sheet before their data."""
    sheets = list(openpyxl.load_workbook(book))
    if table == "Charts":
        return next(str(sheet["A1"].value) for sheet in sheets if sheet._charts)
    return next(str(sheet["A1"].value) for sheet in sheets if table in sheet.tables)


def main() -> None:
    """Make every picture."""
    PICTURES.mkdir(exist_ok=True)
    draw_ribbon()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        picture_draw(folder)
        for lang in LANGS:
            picture_placing(ROSTER, lang, folder / f"placing-{lang}", PICTURES)
            picture_check(ROSTER, lang, folder / f"check-{lang}", PICTURES)
            picture_printed(lang, folder / f"printed-{lang}")


if __name__ == "__main__":
    main()
