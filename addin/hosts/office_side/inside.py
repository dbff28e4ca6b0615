"""Loaded into the office by its own Python loader: answers requests there, where calls to the office cost little."""

from __future__ import annotations

import os
import sys
from typing import Any

import unohelper
from com.sun.star.task import XJob

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from office_side.operations import operations
from office_side.wire import answered

NAME = "org.evenclass.Servant"


class Servant(unohelper.Base, XJob):
    """Answers one request a call."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        self._asked = operations(context)

    def execute(self, arguments: Any) -> str:
        """Answer a request; both are text."""
        return str(answered(arguments[0].Value.encode("ascii"), self._asked), "ascii")


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 # the loader asks for this name
g_ImplementationHelper.addImplementation(Servant, NAME, ("com.sun.star.task.Job",))
