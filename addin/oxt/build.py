"""Build ``EvenClass.oxt``: menu and toolbar for LibreOffice Calc, from the same buttons as the ribbon."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from addin.buttons import BUTTONS, GROUPS, TAB, Button
from addin.hosts.office_process import SIDE
from addin.hosts.package import Parts
from addin.hosts.saving import write_whole
from engine import __version__
from engine.wording import Text

IDENTIFIER = "org.evenclass.office"
HERE = Path(__file__).resolve().parent
STOP = Button(
    "stop",
    "place",
    Text("停止", "Stop"),
    Text("停止正在进行的分班；工作簿保持原样。", "Stop the placement that runs; the workbook stays as it was."),
    "Stop",
    needs="nothing",
)
TOOLBAR = ("check", "place", "improve", "stop", "undo", "measure", "class_lists", "help")
_SORRY = (
    "EvenClass 没有完成（{why}）。请运行 evenclass addin oxt 重新制作扩展并安装。日志：{log}",
    "EvenClass did not finish ({why}). Build the extension again with evenclass addin oxt and install it. Log: {log}",
)
_OOR = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CALC = "com.sun.star.sheet.SpreadsheetDocument"
_STAMP = (1980, 1, 1, 0, 0, 0)


def build_oxt(path: Path, python: Path | None = None) -> None:
    """Write the extension; clicks will run ``python``, by default the one that builds it. Raises `FileTrouble`.

    Two builds with the same Python are the same byte for byte.
    """
    parts = Parts()
    parts.writestr("META-INF/manifest.xml", _manifest())
    parts.writestr("description.xml", _description())
    parts.writestr("Addons.xcu", addons())
    parts.writestr("ProtocolHandler.xcu", _protocol())
    parts.writestr("CalcWindowState.xcu", _window_state())
    parts.writestr("component.py", (HERE / "component.py").read_text(encoding="utf-8"))
    facts = {"python": str(python or sys.executable), "sorry": _SORRY}
    parts.writestr("facts.json", json.dumps(facts, ensure_ascii=False, indent=1))
    for module in sorted(SIDE.glob("*.py")):
        parts.writestr(f"pythonpath/office_side/{module.name}", module.read_text(encoding="utf-8"))
    write_whole(path, parts.zipped(stamp=_STAMP))


def buttons() -> list[Button]:
    """Return the buttons in the order of the menu: group by group, the stop after what it stops."""
    ordered = [button for group in GROUPS for button in BUTTONS if button.group == group.key]
    place = next(n for n, button in enumerate(ordered) if button.key == "improve")
    return [*ordered[: place + 1], STOP, *ordered[place + 1 :]]


def addons() -> str:
    """Return the declaration of menu and toolbar."""
    menu = "".join(_entries(buttons(), separated=True))
    bar = "".join(_entries([button for button in buttons() if button.key in TOOLBAR], separated=False))
    return (
        f'{_HEAD}<oor:component-data {_OOR} oor:name="Addons" oor:package="org.openoffice.Office"><node '
        f'oor:name="AddonUI"><node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}.menu" oor:op="replace">'
        f'{_prop("Context", _CALC)}{_words("Title", TAB)}<node oor:name="Submenu">{menu}</node></node></node>'
        f'<node oor:name="OfficeToolBar"><node oor:name="{IDENTIFIER}.toolbar" oor:op="replace">{bar}</node></node>'
        f"</node></oor:component-data>\n"
    )


def _entries(listed: list[Button], *, separated: bool) -> list[str]:
    entries, before = [], listed[0].group
    for number, button in enumerate(listed):
        if separated and button.group != before:
            entries.append(_node(f"m{number:02}a", _prop("URL", "private:separator")))
        before = button.group
        facts = _prop("URL", f"vnd.evenclass:{button.key}") + _words("Title", button.label)
        facts += _prop("Target", "_self") + _prop("Context", _CALC)
        entries.append(_node(f"m{number:02}b", facts))
    return entries


def _node(name: str, content: str) -> str:
    return f'<node oor:name="{name}" oor:op="replace">{content}</node>'


def _prop(name: str, value: str) -> str:
    return f'<prop oor:name="{name}" oor:type="xs:string"><value>{escape(value)}</value></prop>'


def _words(name: str, text: Text) -> str:
    """Return a property in English, and in Chinese for whoever has a Chinese LibreOffice."""
    values = "".join(
        f'<value xml:lang="{lang}">{escape(word)}</value>'
        for lang, word in (("en-US", text.en), ("zh-CN", text.zh), ("zh-TW", text.zh))
    )
    return f'<prop oor:name="{name}" oor:type="xs:string">{values}</prop>'


def _window_state() -> str:
    """Return where the toolbar stands at first, and its name."""
    place = "".join(
        f'<prop oor:name="{name}" oor:type="xs:{kind}"><value>{value}</value></prop>'
        for name, kind, value in (
            ("DockPos", "string", "0,2"),
            ("Docked", "boolean", "true"),
            ("DockingArea", "int", "0"),
            ("Visible", "boolean", "true"),
        )
    )
    bar = f"private:resource/toolbar/addon_{IDENTIFIER}.toolbar"
    return (
        f'{_HEAD}<oor:component-data {_OOR} oor:name="CalcWindowState" oor:package="org.openoffice.Office.UI">'
        f'<node oor:name="UIElements"><node oor:name="States"><node oor:name="{bar}" oor:op="replace">'
        f"{_words('UIName', TAB)}{place}</node></node></node></oor:component-data>\n"
    )


def _protocol() -> str:
    return (
        f'{_HEAD}<oor:component-data {_OOR} oor:name="ProtocolHandler" oor:package="org.openoffice.Office">'
        f'<node oor:name="HandlerSet"><node oor:name="org.evenclass.Buttons" oor:op="replace">'
        f'<prop oor:name="Protocols" oor:type="oor:string-list"><value>vnd.evenclass:*</value></prop>'
        f"</node></node></oor:component-data>\n"
    )


def _manifest() -> str:
    kinds = {
        "Addons.xcu": "application/vnd.sun.star.configuration-data",
        "ProtocolHandler.xcu": "application/vnd.sun.star.configuration-data",
        "CalcWindowState.xcu": "application/vnd.sun.star.configuration-data",
        "component.py": "application/vnd.sun.star.uno-component;type=Python",
    }
    entries = "".join(
        f"<manifest:file-entry manifest:full-path={quoteattr(name)} manifest:media-type={quoteattr(kind)}/>"
        for name, kind in kinds.items()
    )
    return f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">{entries}</manifest:manifest>\n'


def _description() -> str:
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><identifier value="{IDENTIFIER}"/>'
        f'<version value="{__version__}"/><display-name><name lang="en">EvenClass</name>'
        f'<name lang="zh-CN">EvenClass 均衡分班</name></display-name></description>\n'
    )
