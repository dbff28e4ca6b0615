"""Clicks in LibreOffice: ``python -m addin.office``, started by the extension, does what each clicked button says.

The document in front is the caller, as a workbook in Excel is; the same commands run on it. Everything that a click
does is one step for LibreOffice's own Undo, and nothing if it fails or is stopped.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from addin.buttons import BUTTONS
from addin.clicks import clicked
from addin.hosts.libreoffice import attach, clicks_served
from addin.hosts.office_desk import Desk


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what buttons say; return 0 also when something was refused in words."""
    parser = argparse.ArgumentParser(prog="python -m addin.office", description=__doc__)
    parser.add_argument("--pipe", help="attach to an office that listens there instead of the one that started this")
    parser.add_argument("--key", choices=[button.key for button in BUTTONS], help="with --pipe: what was clicked")
    chosen = parser.parse_args(arguments)
    clicks = [(attach(chosen.pipe), chosen.key)] if chosen.pipe else clicks_served()
    for app, key in clicks:
        clicked(Desk(app), key)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
