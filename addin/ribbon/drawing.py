"""The ribbon drawn from the declared buttons, as SVG for the guides: nobody here has Excel to take a picture of.

Excel's rules are followed: a large button fills a column, small ones stand three to a column, a group's name stands
below. Excel's own icons are not ours to copy, so a frame stands for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from addin.buttons import BUTTONS, GROUPS, TAB, Button, Group
from engine.wording import Lang, Text

DRAWN = Text("示意图，图标以 Excel 里的为准", "A drawing; Excel shows icons of its own")
_ROWS, _LINE, _GAP, _EDGE = 3, 26, 14, 12  # buttons in a column; its line, space between columns, margin, in pixels
_TOP, _BODY, _FOOT = 30, 3 * 26 + 10, 24  # heights: tab name, buttons, group name
_ICON, _BIG, _TYPE = 16, 34, 13
_INK, _GREY, _LINE_COLOUR, _TEAL, _PAPER = "#1f2d3d", "#6b7785", "#d0d7de", "#1f6f66", "#ffffff"


def drawings() -> dict[str, str]:
    """Return every drawing by the name of its file: the whole tab, and each group, in both languages."""
    langs: tuple[Lang, ...] = ("zh", "en")
    whole = {f"ribbon_{lang}.svg": _drawing(GROUPS, lang) for lang in langs}
    return whole | {f"ribbon_{group.key}_{lang}.svg": _drawing([group], lang) for group in GROUPS for lang in langs}


def _drawing(groups: Sequence[Group], lang: Lang) -> str:
    shapes: list[str] = []
    left = _EDGE
    for group in groups:
        right = _draw_group(shapes, group, lang, left)
        left = right + _EDGE
    tab, note = TAB.to(lang), DRAWN.to(lang)
    width = max(left, 2 * _EDGE + _wide(tab) + 30 + _wide(note))
    height = _TOP + _BODY + _FOOT
    head = [
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="4" fill="{_PAPER}" '
        f'stroke="{_LINE_COLOUR}"/>',
        _text(_EDGE, 20, tab, _TEAL, bold=True),
        f'<rect x="{_EDGE}" y="25" width="{_wide(tab)}" height="2.5" fill="{_TEAL}"/>',
        _text(width - _EDGE, 20, note, _GREY, anchor="end"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f"font-family=\"'Microsoft YaHei','Noto Sans CJK SC','Segoe UI',sans-serif\" font-size=\"{_TYPE}\">\n"
        + "\n".join([*head, *shapes])
        + "\n</svg>\n"
    )


def _draw_group(shapes: list[str], group: Group, lang: Lang, left: int) -> int:
    """Draw a group from ``left`` on and return where it ends."""
    start = left
    for column in _columns([button for button in BUTTONS if button.group == group.key]):
        left = _draw_column(shapes, column, lang, left) + _GAP
    right = max(left - _GAP, start + _wide(group.label.to(lang)))
    shapes.append(_text((start + right) // 2, _TOP + _BODY + _FOOT - 8, group.label.to(lang), _GREY, anchor="middle"))
    edge = right + _EDGE / 2
    shapes.append(f'<path d="M{edge} {_TOP + 6}V{_TOP + _BODY + _FOOT - 6}" stroke="{_LINE_COLOUR}"/>')
    return right


def _columns(buttons: Sequence[Button]) -> list[list[Button]]:
    """Return the buttons as they stand: a large one alone, small ones three to a column."""
    columns: list[list[Button]] = []
    for button in buttons:
        if button.large or not columns or columns[-1][0].large or len(columns[-1]) == _ROWS:
            columns.append([])
        columns[-1].append(button)
    return columns


def _draw_column(shapes: list[str], column: Sequence[Button], lang: Lang, left: int) -> int:
    labels = [button.label.to(lang) for button in column]
    if column[0].large:
        width = max(_BIG, _wide(labels[0]))
        middle = left + width // 2
        shapes.append(_icon(middle - _BIG // 2, _TOP + 12, _BIG))
        shapes.append(_text(middle, _TOP + 12 + _BIG + 20, labels[0], _INK, anchor="middle", bold=True))
        return left + width
    for row, label in enumerate(labels):
        top = _TOP + 6 + row * _LINE
        shapes.append(_icon(left, top + 4, _ICON))
        shapes.append(_text(left + _ICON + 6, top + 17, label, _INK))
    return left + _ICON + 6 + max(map(_wide, labels))


def _icon(x: int, y: int, size: int) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{size}" height="{size}" rx="3" fill="#e6f2f0" stroke="{_TEAL}" '
        f'stroke-width="1.2"/>'
    )


def _text(x: int, y: int, words: str, colour: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{colour}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _wide(words: str) -> int:
    """Return about how many pixels words take, whatever the reader's font."""
    return sum(_TYPE if ord(letter) > 0x2E7F else 8 for letter in words)
