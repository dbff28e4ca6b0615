"""Build the checking page: ONE .html that needs no server and no network, the same byte for byte every time.

The modules in ``js/`` are joined in the order in which they need each other, their imports and exports left out; the
policy of the page allows this one script and this one style by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from addin.hosts.saving import write_whole
from engine import __version__

HERE = Path(__file__).resolve().parent
ENTRY = "main.js"
GENERATOR = '<meta name="generator" content="EvenClass '  # by which a page of ours is known
Mode = Literal["check", "ceremony"]
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z0-9_]+\.js)";\n', re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def build_page(path: Path, mode: Mode = "check", given: Mapping[str, str] | None = None) -> None:
    """Write the page. ``given``: files put into it, as text by kind (``record``, ``list``). Raises `FileTrouble`."""
    write_whole(path, page(mode, given).encode())


def page(mode: Mode = "check", given: Mapping[str, str] | None = None) -> str:
    """Return the page as text."""
    style, script = _source("style.css"), joined(ENTRY)
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    # A data block ends at the first "</script", and "<!--" changes how it is read: no "<" stays as it is.
    data = json.dumps(dict(given or {}), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    filled = {"mode": mode, "policy": policy, "version": __version__, "style": style, "given": data, "script": script}
    return re.sub(r"\{(\w+)\}", lambda found: filled[found[1]], _source("index.html"))


def joined(*entries: str) -> str:
    """Return modules and all they import as one script. Raises ValueError if two of them use the same name."""
    order: list[str] = []
    for entry in entries:
        _add(entry, order, ())
    owner: dict[str, str] = {}
    bodies = []
    for name in order:
        source = _source(f"js/{name}")
        for word in _NAME.findall(source):
            if owner.setdefault(word, name) != name:
                raise ValueError(f"js/{name}: {word} is a name of js/{owner[word]} too")
        body = re.sub(r"^export ", "", _IMPORT.sub("", source), flags=re.MULTILINE)
        bodies.append(f"// ---- {name}\n{body}")
    script = '\n(() => {\n"use strict";\n' + "\n".join(bodies) + "})();\n"
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("the script would end where it should not")
    return script


def _add(name: str, order: list[str], above: tuple[str, ...]) -> None:
    """Append the modules that a module imports, then itself. Raises ValueError if modules import each other."""
    if name in above:
        raise ValueError(f"modules import each other: {' → '.join((*above, name))}")
    for needed in _IMPORT.findall(_source(f"js/{name}")):
        _add(needed, order, (*above, name))
    if name not in order:
        order.append(name)


def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
