"""Run by a Python that can speak UNO: opens a macro workbook in LibreOffice, runs one macro, prints the first column.

``python office_basic.py SOFFICE PROFILE FILE MACRO`` with a profile folder that may be thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Filter/Import/VBA"><prop oor:name="Load" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Filter/Import/VBA"><prop oor:name="Executable" oor:op="fuse">
<value>true</value></prop></item>
</oor:items>
"""
_ALWAYS = 4  # MacroExecMode: run, do not ask
_ROWS = 100


def main(soffice: str, profile: str, file: str, macro: str) -> None:
    """Start an office, run the macro, print what stands in the first column, end the office."""
    settings = Path(profile, "user", "registrymodifications.xcu")
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    pipe = f"evenclass-ribbon-{os.getpid()}"
    office = subprocess.Popen(
        [
            *(soffice, "--headless", "--norestore", "--nolockcheck"),
            *(f"-env:UserInstallation={Path(profile).as_uri()}", f"--accept=pipe,name={pipe};urp;"),
        ]
    )
    try:
        desktop = _desktop(pipe)
        options = {"Hidden": True, "MacroExecutionMode": _ALWAYS, "FilterName": "Calc MS Excel 2007 VBA XML"}
        named = tuple(_property(name, value) for name, value in options.items())
        book = desktop.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, named)
        where = f"vnd.sun.star.script:{macro}?language=Basic&location=document"
        book.getScriptProvider().getScript(where).invoke((), (), ())
        sheet = book.Sheets.getByIndex(0)
        cells = [sheet.getCellByPosition(0, row).String for row in range(_ROWS)]
        sys.stdout.write(json.dumps([cell for cell in cells if cell]))
        book.close(True)
        desktop.terminate()
        office.wait(30)
    finally:
        if office.poll() is None:
            office.kill()


def _desktop(pipe: str) -> Any:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _ in range(240):
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
        else:
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    raise TimeoutError("LibreOffice did not answer")


def _property(name: str, value: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


if __name__ == "__main__":
    main(*sys.argv[1:])
