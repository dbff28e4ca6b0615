"""xlwings' VBA, as the add-in needs it: taken from the installed package at build time, then closed and cut down.

As shipped, a sheet or file named after the project in or beside *any* active workbook sets the interpreter, that
workbook's folder goes first on ``sys.path``, and a failed start pops up a traceback. Here the routines of
``vba/Overrides.bas`` take the place of those that do it, and routines that nothing reaches any more are left out,
so that no other way to a setting stays in the add-in.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PROJECT = "EvenClass"
CALLED = ("RunPython", "GetConfig", "FileExists", "ParentFolder")  # what our own modules call
_SHIPPED = "xlwings/xlwings_custom_addin.bas"
_ROUTINE = re.compile(r"^(?:(?:Public|Private|Friend) )?(?:Static )?(?P<kind>Sub|Function) (?P<name>\w+)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"^\s*#(?P<word>If|ElseIf|Else|End If)\b(?P<rest>.*?)(?:Then\s*)?(?:'.*)?$", re.IGNORECASE)
_SETTLED = {  # what is known when the add-in is built; other conditions are left to Excel
    'app = "microsoft excel"': True,
    'app = "microsoft word"': False,
    'app = "microsoft access"': False,
    'app = "microsoft powerpoint"': False,
    "mac": False,
    "not mac": True,
    "mac_office_version >= 15": False,
}


class BuildError(Exception):
    """The add-in cannot be built; the message says why and what to do."""


def shipped_source() -> str:
    """Return the VBA that the installed xlwings brings for add-ins. Raises `BuildError`."""
    try:
        path = Path(str(distribution("xlwings").locate_file(_SHIPPED)))
        return path.read_text(encoding="ascii").replace("\r\n", "\n")
    except (PackageNotFoundError, OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{_SHIPPED} cannot be read ({error}). Install xlwings anew: pip install xlwings.") from error


def closed_source(shipped: str, overrides: str) -> str:
    """Return the module without attribute lines: our project name, our routines, and only what these reach.

    Raises `BuildError` if xlwings' text is not what this was written for.
    """
    text = _settled(shipped)
    name = 'PROJECT_NAME As String = "myaddin"'
    if text.count(name) != 1:
        raise BuildError(f"xlwings' VBA has changed: {name} is not in it once. Adapt addin/ribbon/xlwings_vba.py.")
    head, theirs = _routines(text.replace(name, f'PROJECT_NAME As String = "{PROJECT}"'))
    note, ours = _routines(overrides)
    new = {"executeserver", "callingbook", "quoted"}
    if missing := sorted(set(ours) - set(theirs) - new):
        raise BuildError(f"xlwings' VBA has changed: it has no {', '.join(missing)}. Adapt vba/Overrides.bas.")
    kept = _reached(theirs | ours)
    body = [routine for key, routine in (theirs | ours).items() if key in kept]
    lines = [line for line in head if not line.startswith(("Attribute ", "'Attribute ", "#Const App"))]
    licence_end = max(number for number, line in enumerate(lines) if line.startswith("'"))
    lines[licence_end + 1 : licence_end + 1] = ["", "'Changed for EvenClass.", *(line for line in note if line)]
    return "\n".join([*_thinned(lines), "", *("\n".join(_thinned(routine)) + "\n" for routine in body)])


def version(source: str) -> str:
    """Return the xlwings version that a module's DLL names carry."""
    found = re.search(r'XLWINGS_VERSION As String = "([\d.]+)"', source)
    if found is None:
        raise BuildError("xlwings' VBA has changed: it has no XLWINGS_VERSION. Adapt addin/ribbon/xlwings_vba.py.")
    return found[1]


def _settled(source: str) -> str:
    """Return the source without the branches for other programs and for the Mac."""
    lines: list[str] = []
    stack: list[list[bool | None]] = []  # per open #If: is it settled, is the branch taken, was one taken
    for line in source.split("\n"):
        directive = _DIRECTIVE.match(line)
        word = directive["word"].lower() if directive else ""
        condition = _SETTLED.get(directive["rest"].strip().lower()) if directive else None
        if word == "if":
            stack.append([condition is not None, condition is not False, condition])
        elif word in ("elseif", "else") and stack[-1][0]:
            if word == "elseif" and condition is None:
                raise BuildError(f"xlwings' VBA has changed: {line.strip()}. Adapt addin/ribbon/xlwings_vba.py.")
            taken = not stack[-1][2] and (word == "else" or bool(condition))
            stack[-1] = [True, taken, stack[-1][2] or taken]
        settled = bool(word) and bool(stack[-1][0])
        if all(level[1] for level in (stack[:-1] if word else stack)) and not settled:
            lines.append(line)
        if word == "end if":
            stack.pop()
    return "\n".join(lines)


def _routines(source: str) -> tuple[list[str], dict[str, list[str]]]:
    """Split a module into the lines before its first routine and its routines by lower-case name."""
    head: list[str] = []
    routines: dict[str, list[str]] = {}
    current: list[str] | None = None
    end = ""
    for line in source.split("\n"):
        begins = _ROUTINE.match(line)
        if current is None and begins:
            current = routines.setdefault(begins["name"].lower(), [])
            end = f"end {begins['kind'].lower()}"
        if current is not None:
            current.append(line)
            if line.strip().lower() == end:
                current = None
        elif not routines:
            head.append(line)
        elif line.strip() and not line.startswith("'"):
            raise BuildError(f"xlwings' VBA has changed: {line.strip()} stands between routines.")
    return head, routines


def _reached(routines: dict[str, list[str]]) -> set[str]:
    """Return the names of the routines that may run: those whose name stands in the text of one that may."""
    reached: set[str] = set()
    waiting = [name.lower() for name in CALLED]
    while waiting:
        name = waiting.pop()
        if name in routines and name not in reached:
            reached.add(name)
            code = "\n".join(line.split("'")[0] if '"' not in line else line for line in routines[name])
            waiting += {word.lower() for word in re.findall(r"\w+", code)} - reached
    return reached


def _thinned(lines: list[str]) -> list[str]:
    """Return the lines without trailing blanks and without blank lines in a row."""
    thin = [line.rstrip() for line in lines]
    return [line for before, line in zip(["x", *thin], thin, strict=False) if before or line]
