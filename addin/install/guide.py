"""The guide for staff as one page that any browser shows, pictures inside; offline, like everything else."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from engine.wording import Lang, Text

FOLDERS = (Path(__file__).resolve().parent.parent.parent / "docs", Path(__file__).resolve().parent.parent / "guide")
TITLE = Text("均衡分班 使用说明", "EvenClass guide")
_KINDS = {"png": "png", "svg": "svg+xml"}
LOOKS = (
    "body{max-width:50em;margin:2em auto;padding:0 1em;line-height:1.7;"
    "font-family:'Microsoft YaHei','Noto Sans CJK SC',sans-serif;color:#222}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em;vertical-align:top}"
    "img{max-width:100%;border:1px solid #ccc}code{background:#f2f2f2;padding:0 .2em}"
    "pre{background:#f2f2f2;padding:.6em;overflow:auto}"
)


def guide_text(lang: Lang) -> Path:
    """Return the guide as it is written: in the source folder, or as installed."""
    name = f"guide_{lang}.md"
    return next((folder / name for folder in FOLDERS if (folder / name).is_file()), FOLDERS[-1] / name)


def guide_page(lang: Lang) -> str:
    """Return the guide as a whole HTML page."""
    from markdown_it import MarkdownIt

    path = guide_text(lang)
    body = MarkdownIt("commonmark").enable("table").render(path.read_text(encoding="utf-8"))

    def inside(found: re.Match[str]) -> str:
        picture = base64.b64encode((path.parent / found[1]).read_bytes()).decode()
        return f'src="data:image/{_KINDS[found[2]]};base64,{picture}"'

    body = re.sub(r'src="([^":]+\.(png|svg))"', inside, body)
    body = re.sub(r'href="guide_(zh|en)\.md"', lambda found: f'href="{_other(found[1])}"', body)
    head = f'<meta charset="utf-8"><title>{TITLE.to(lang)}</title><style>{LOOKS}</style>'
    spoken = "zh-CN" if lang == "zh" else "en"
    return f'<!doctype html><html lang="{spoken}"><head>{head}</head><body>{body}</body></html>\n'


def write_guide(lang: Lang, folder: Path) -> Path:
    """Write the page into a folder and return it, to be opened."""
    path = folder / f"EvenClass-guide-{lang}.html"
    path.write_text(guide_page(lang), encoding="utf-8")
    return path


def _other(lang: str) -> str:
    return "使用说明.html" if lang == "zh" else "Guide.html"
