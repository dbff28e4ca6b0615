"""A workbook file as PDF, made by LibreOffice where there is one."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from addin.hosts.office_process import environment, soffice
from addin.trouble import FileTrouble
from engine.wording import Text

_TIMEOUT = 300  # seconds
_FAILED = Text(
    "LibreOffice 没有做出 PDF。请打开工作簿自己打印成 PDF。", "LibreOffice made no PDF. Open the workbook and print it."
)


def make_pdfs(books: Sequence[Path], folder: Path) -> list[Path]:
    """Return the PDFs of workbooks, made beside a profile of their own in an empty folder. Raises `FileTrouble`."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice(), profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
    try:
        subprocess.run(
            [*command, *map(str, books)], env=environment(), capture_output=True, check=False, timeout=_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise FileTrouble(_FAILED) from trouble
    made = [folder / f"{book.stem}.pdf" for book in books]
    if not all(path.is_file() for path in made):
        raise FileTrouble(_FAILED)
    return made
