"""The self-test's draw: sealed, an edit told, drawn, verified, certified, taken back with the record staying."""

from __future__ import annotations

from addin import book, commands, draw, kept_seal, verify
from addin.certificate import write_certificate
from addin.trouble import FileTrouble
from engine.wording import Text

_PARTS = (("A", "1 2 3"), ("B", "春风"))


def drawn(workbook: book.Book) -> tuple[list[str], Text]:
    """Go through a draw; return what went wrong, and what was found."""
    wrong: list[str] = []

    def must(true: bool, otherwise: str) -> None:
        if not true:
            wrong.append(otherwise)

    kept, lang = draw.seal(workbook)
    try:
        commands.place(workbook)
        wrong.append("a sealed list was placed without a draw")
    except FileTrouble:
        pass
    classes = book.read_tables(workbook, ["Classes"])["Classes"]["class"]
    book.write_column(workbook, "Classes", "class", ["Z", *classes[1:]], lang)
    must(bool(kept_seal.changes_since(kept, kept_seal.inputs_of(workbook)[0])), "an edit was not noticed")
    book.write_column(workbook, "Classes", "class", list(classes), lang)
    before = _classes(workbook)
    made = draw.draw(workbook, _PARTS)
    for one in verify.verify(workbook):
        must(one.verdict == "agrees", one.said().en)
    write_certificate(workbook, made.kept)
    commands.take_back(workbook)
    must(_classes(workbook) == before, "undo of the draw")
    must(len(book.read_tables(workbook, ["Draws"])["Draws"]) == 2, "the draw is not on record any more")
    draw.open_seal(workbook, "self-test")
    what = Text("封存码 {s}，结果码 {r}，复核全部一致", "sealed code {s}, result code {r}, all of it verified")
    return wrong, what.fill(s=kept.short, r=made.record["result"]["short"])


def _classes(workbook: book.Book) -> list[object]:
    return list(book.read_tables(workbook, ["Students"])["Students"]["placed_class"])
