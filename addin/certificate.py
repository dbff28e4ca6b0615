"""The certificate of a draw as a sheet: one page of A4 with the codes large and as a QR code, made of cells alone.

Cells that are filled look the same in Excel, in a file and in LibreOffice, where pictures would not.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import segno

from addin import book
from addin.cells import write_cells
from addin.commands import language_of
from addin.hosts import guard
from addin.kept_seal import KeptSeal
from addin.trouble import FileTrouble
from addin.writable import refuse_unwritable
from engine.certificate import Certificate, certificate_of
from engine.wording import Lang, Text, plain
from workbook_templates.paper import Paper

CERTIFICATE = Text("抽签凭证", "certificate")
SHEET = Text("抽签凭证", "Certificate")
_TAKEN = Text(
    "工作表“{s}”里是别的内容。请给它改名，再试一次。", "The sheet {s} holds something else. Rename it, then retry."
)
_MARK = "EvenClass record 1"  # in the last line: such a sheet is ours, and is made anew
_WIDTH = 112  # columns, each a module of the QR code wide: 178 mm
_MODULE = 4.5  # points
_BESIDE = 40  # the column in which the codes begin
_LABEL = 18  # columns of a fact's label
_LINE = 80  # characters of a fact's line, of which a Chinese one counts two
_PAGE = (
    790  # points from the first line to the last: about the shape of A4, also where the fonts here make columns wider
)
_FOOT = 84  # points of the lines below the gaps
_BESIDE_GAPS = 20  # columns of gap and of floor, in all, of each part of the gaps
_LABEL_MOST = 56  # columns of a criterion
_ONE_PART = 20  # criteria that stand below each other; more stand in two halves
_MOST_GAPS = 44
_LOW, _HIGH = 11.5, 18.0  # points of a line of the gaps
_SIZE = 10.5  # points of usual type
_SPACING = 1.4  # of a line, for each point of its type
_LARGE = 22  # points: the widest of usual fonts still has room for a code
_BLACK = (0, 0, 0)
_EDGE = 15 / 25.4  # inches
_PAPER = Paper(pages_tall=1, left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


def write_certificate(workbook: book.Book, kept: KeptSeal) -> Lang:
    """Make the sheet *Certificate* anew; return the workbook's language. Raises `FileTrouble` if it cannot be made."""
    assert kept.record is not None, "there was a draw"
    lang = language_of(workbook)
    refuse_unwritable(workbook, ["Certificate"])
    names = {name.casefold(): name for name in (SHEET.zh, SHEET.en)}
    before = [sheet for sheet in workbook.sheets if sheet.name.casefold() in names]
    for sheet in before:
        if not _is_ours(sheet):
            raise FileTrouble(_TAKEN.fill(s=sheet.name))
    sheet = workbook.sheets.add("EvenClass 0", after=workbook.sheets[len(workbook.sheets) - 1])
    with book.quiet(workbook.app):
        _Page(sheet, lang).fill(certificate_of(kept.record))
        for old in before:
            old.delete()
        sheet.name = SHEET.to(lang)
    sheet.impl.activate()
    return lang


def _is_ours(sheet: Any) -> bool:
    cells = sheet.used_range.options(ndim=2, err_to_str=True).value
    return any(isinstance(cell, str) and cell.startswith(_MARK) for row in cells[-1:] for cell in row) or all(
        cell is None for row in cells for cell in row
    )


class _Page:
    """A page that is filled line by line from the top."""

    def __init__(self, sheet: Any, lang: Lang) -> None:
        self.sheet, self.lang, self.row, self.left = sheet, lang, 1, float(_PAGE)
        guard.squares(sheet.range((1, 1)).resize(1, _WIDTH), _MODULE)

    def fill(self, what: Certificate) -> None:
        """Write everything."""
        self.line([(0, what.title)], height=32, size=20, bold=True)
        self.band(what)
        for label, text in what.facts:
            for at, part in enumerate(_wrapped(text.to(self.lang), _LINE)):
                self.line([(0, label if at == 0 else plain("")), (_LABEL, plain(part))], height=16.5)
        self.gaps(what)
        self.line([], height=min(100.0, max(10.0, self.left - _FOOT)))
        places = _WIDTH // len(what.signers)
        self.line([(at * places, signer) for at, signer in enumerate(what.signers)], height=18)
        self.line([(at * places, plain("＿" * 9)) for at in range(len(what.signers))], height=38)
        about = Text(
            "{m}；二维码里是封存码、次数、种子和结果码。用 evenclass verify 或核对网页可以重新计算。",
            "{m}; the QR code holds sealed code, number, seed and result code. Recompute with evenclass verify.",
        )
        self.line([(0, about.fill(m=_MARK))], height=18, size=9)
        guard.set_paper(self.sheet, _PAPER, self.sheet.range((1, 1)).resize(self.row - 1, _WIDTH))

    def line(self, cells: list[tuple[int, Text]], *, height: float, size: float = _SIZE, bold: bool = False) -> None:
        """Write texts into one row at these columns; they run on over the empty cells to their right."""
        row = self.sheet.range((self.row, 1)).resize(1, _WIDTH)
        row.row_height = height
        for column, text in cells:
            cell = row[0, column]
            write_cells(cell, [[text.to(self.lang) or None]])
            cell.font.size = size
            if bold:
                cell.font.bold = True
        self.row += 1
        self.left -= height

    def band(self, what: Certificate) -> None:
        """Draw the QR code, and beside it the codes in large letters."""
        modules = [bytes(line) for line in segno.make(what.qr, error="m").matrix]
        top, n = self.row, len(modules)
        guard.squares(self.sheet.range((top, 1)).resize(n, 1), _MODULE)
        for down, line in enumerate(modules):
            for start, stop in _runs(line):
                self.sheet.range((top + down, start + 1)).resize(1, stop - start).color = _BLACK
        share = n // len(what.codes)
        for at, (label, code) in enumerate(what.codes):
            first = top + at * share
            self.beside(first, 4, label, 12)
            self.beside(first + 4, share - 5, plain(code), _LARGE)
        self.row += n
        self.left -= n * _MODULE
        self.line([], height=8)

    def beside(self, row: int, rows: int, text: Text, size: float) -> None:
        """Write a text beside the QR code, over several of its low rows."""
        block = self.sheet.range((row, _BESIDE + 1)).resize(rows, _WIDTH - _BESIDE)
        block.merge()
        write_cells(block[0, 0], [[text.to(self.lang)]])
        block[0, 0].font.size = size
        block[0, 0].font.bold = True

    def gaps(self, what: Certificate) -> None:
        """Write every criterion with its gap and floor, the fewer the larger; many stand in two halves."""
        shown = what.gaps[:_MOST_GAPS]
        parts = 1 if len(shown) <= _ONE_PART else 2
        rows = -(-len(shown) // parts)
        width = _WIDTH // parts
        label_width = min(_LABEL_MOST, width - _BESIDE_GAPS)
        self.line([], height=6)
        heads = (Text("均衡项", "Criterion"), Text("最大差", "Gap"), Text("最小可能", "Floor"))
        columns = (0, label_width, label_width + _BESIDE_GAPS // 2)
        starts = [part * width for part in range(parts)]
        self.line(
            [(start + column, head) for start in starts for column, head in zip(columns, heads, strict=True)],
            height=17,
            bold=True,
        )
        height = min(_HIGH, max(_LOW, (self.left - _FOOT - _LOW) / max(1, rows)))
        size = min(_SIZE, height / _SPACING)
        characters = int(label_width * _MODULE / (size / 2)) - 1  # of which a Chinese one is as wide as high
        for at in range(rows):
            cells: list[tuple[int, Text]] = []
            for start, (label, gap, floor) in zip(starts, shown[at::rows], strict=False):
                texts = (plain(_shortened(label.to(self.lang), characters)), plain(gap), plain(floor))
                cells += [(start + column, text) for column, text in zip(columns, texts, strict=True)]
            self.line(cells, height=height, size=size)
        if len(what.gaps) > len(shown):
            more = Text("还有 {n} 项，见“均衡检验”表。", "{n} more: see the sheet Gaps.")
            self.line([(0, more.fill(n=len(what.gaps) - len(shown)))], height=_LOW, size=8)


def _runs(line: bytes) -> list[tuple[int, int]]:
    """Return where dark modules begin and end in a row."""
    edges = [at for at in range(len(line) + 1) if (line[at] if at < len(line) else 0) != (line[at - 1] if at else 0)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of so many characters at most, of which wide ones count two; words stay whole."""
    lines, now = [], ""
    for char in " ".join(text.split()):
        if _wide(now + char) > width:
            head, space, tail = now.rpartition(" ")
            kept, now = (head, tail) if space and len(tail) < width // 2 else (now, "")
            lines.append(kept)
        now += char
    return [*lines, now.strip()]


def _shortened(text: str, width: int) -> str:
    """Return a text of so many characters at most: of a longer one both ends, where labels differ."""
    text = " ".join(text.split())
    head, tail = text, ""
    while _wide(head + tail) > width:
        kept = f"{head}{tail}".replace("…", "", 1)
        half = len(kept) // 2
        head, tail = kept[:half] + "…", kept[half + 1 :]
    return head + tail


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
