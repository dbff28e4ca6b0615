"""Make the pictures of the guides: the example placed, printed by LibreOffice, its sheets cut out; the pages of a draw.

`python docs/make_pictures.py` needs soffice, pdftoppm and chromium. Only Excel shows the ribbon: no picture of it here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).with_name("pictures")
ROSTER = Path(__file__).resolve().parent.parent / "workbook_templates" / "example_roster.xlsx"
DOTS = 90
CUTS = {  # table: language, (left, top, width, height) in dots of the page at 90 dpi
    "Columns": ("zh", (40, 50, 980, 415)),
    "Gaps": ("zh", (40, 50, 980, 460)),
    "ClassLists": ("zh", (40, 50, 670, 420)),
    "Charts": ("zh", (40, 50, 980, 590)),
    "Gaps_en": ("en", (40, 50, 980, 460)),
}


def printed(lang: str, folder: Path) -> Path:
    """Place the example and print every sheet; return the PDF."""
    book = folder / f"{lang}.xlsx"
    place = [sys.executable, "-m", "addin", "place", str(ROSTER), "-k", "4", "--lang", lang, "-o", str(book)]
    subprocess.run(place, check=True, stdout=subprocess.DEVNULL)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
    subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
    return book.with_suffix(".pdf")


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
    with tempfile.TemporaryDirectory() as temporary:
        picture_draw(Path(temporary))
        pdfs = {lang: printed(lang, Path(temporary)) for lang in ("zh", "en")}
        for name, (lang, (left, top, width, height)) in CUTS.items():
            pdf = pdfs[lang]
            page = str(page_of(pdf, title_of(pdf.with_suffix(".xlsx"), name.removesuffix("_en"))))
            where = ["-x", left, "-y", top, "-W", width, "-H", height, "-f", page, "-l", page]
            out = PICTURES / name.lower()
            command = ["pdftoppm", "-png", "-singlefile", "-r", DOTS, *where, pdf, out]
            subprocess.run([str(word) for word in command], check=True)


if __name__ == "__main__":
    main()
