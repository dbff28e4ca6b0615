"""customUI14.xml, made from the declared buttons: one tab per language, of which Excel shows the one it speaks.

Labels and tips stand in the file itself, so that VBA needs no Chinese and a click no look-up.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from addin.buttons import BUTTONS, GROUPS, TAB
from engine.wording import Lang

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
_SHOWN_BY: dict[Lang, str] = {"zh": "EC_Chinese", "en": "EC_English"}


def ribbon_xml() -> bytes:
    """Return the part: UTF-8, the same bytes each time."""
    root = Element("customUI", {"xmlns": NAMESPACE, "onLoad": "EC_Load"})
    tabs = SubElement(SubElement(root, "ribbon"), "tabs")
    for lang, shown_by in _SHOWN_BY.items():
        tab = SubElement(tabs, "tab", {"id": f"EC_{lang}", "label": TAB.to(lang), "getVisible": shown_by})
        _add_groups(tab, lang)
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _add_groups(tab: Element, lang: Lang) -> None:
    for group in GROUPS:
        place = SubElement(tab, "group", {"id": f"EC_{lang}_group_{group.key}", "label": group.label.to(lang)})
        for button in BUTTONS:
            if button.group == group.key:
                about = {
                    "id": f"EC_{lang}_{button.key}",
                    "tag": f"{button.needs}:{button.key}",
                    "label": button.label.to(lang),
                    "screentip": button.label.to(lang),
                    "supertip": button.tip.to(lang),
                    "imageMso": button.icon,
                    "size": "large" if button.large else "normal",
                    "onAction": "EC_Click",
                    "getEnabled": "EC_Enabled",
                }
                SubElement(place, "button", about)
