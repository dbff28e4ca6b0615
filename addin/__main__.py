"""`python -m addin …` is `evenclass …`: what the shortcut starts, whatever became of the launchers that pip made."""

from __future__ import annotations

from addin.cli import main

if __name__ == "__main__":
    main()
