"""`python -m tests`: everything that must hold before a change lands, in one command.

Style, types, the suite compiled, and the search once more interpreted (NUMBA_DISABLE_JIT=1).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INTERPRETED = ("tests/test_kernels.py", "tests/test_finish.py", "tests/test_wish_kernels.py")


def main() -> int:
    """Run every check, the suite last so that its summary closes the output; return the first exit code not 0."""
    python = sys.executable
    runs: list[tuple[list[str], dict[str, str]]] = [
        ([python, "-m", "ruff", "check", "."], {}),
        ([python, "-m", "ruff", "format", "--check", "."], {}),
        ([python, "-m", "mypy"], {}),
        ([python, "-m", "workbook_templates.build", "--check"], {}),
        ([python, "-m", "pytest", *INTERPRETED], {"NUMBA_DISABLE_JIT": "1"}),
        ([python, "-m", "pytest", "-n", "2"], {}),
    ]
    for command, extra in runs:
        print("$", " ".join(["python", *command[1:]]), flush=True)  # noqa: T201 # a command's own output
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}, check=False).returncode
        if code != 0:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
