"""`python -m addin …` is `evenclass …`: what the shortcut starts, whatever became of the launchers that pip made.

Nothing heavy is imported before it is tried: whoever has half an installation is told so, and never sees a traceback.
"""

from __future__ import annotations

import sys

from addin.logbook import noted
from addin.speech import Voice, own_language
from engine.wording import Text

BROKEN = 3
_INCOMPLETE = Text(
    "EvenClass 装得不完整，什么都没有做：{why}。请重新安装。检查安装的结果：",
    "EvenClass is not completely installed, nothing was done: {why}. Install it again. What a check of it finds:",
)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that cannot show a sign must not end the run
    try:
        from addin.cli import app

        app()
    except ImportError as problem:
        voice = Voice(own_language())
        noted(problem, "command line")
        voice.refuse(_INCOMPLETE.fill(why=str(problem).strip().splitlines()[0]))
        from addin.install.cli import say_findings

        say_findings(voice, least="warning")
        sys.exit(BROKEN)
    except Exception as problem:
        Voice(own_language()).refuse(noted(problem, "command line"))
        sys.exit(BROKEN)


if __name__ == "__main__":
    main()
