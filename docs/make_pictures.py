"""Make the pictures of the guides: the example placed, printed by LibreOffice, its sheets cut out.

`python docs/make_pictures.py` needs soffice and pdftoppm. What only Excel shows (the ribbon) has no picture here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

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
