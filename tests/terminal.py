"""The command line at a real terminal: what it asks is answered as a person would."""

from __future__ import annotations

import re
from pathlib import Path

from keyboard import Keyboard, Typed


def at_terminal(
    *arguments: str | Path, home: Path, answers: list[tuple[str, Typed]], environment: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run sayso at a terminal; each answer is typed when its question (a pattern) is shown. Gives exit code and all that was shown."""
    folders = {"XDG_CONFIG_HOME": str(home / ".config"), "XDG_DATA_HOME": str(home / ".data")}
    return Keyboard(home, folders | (environment or {})).run(arguments, answers)


def recovery_words(shown: str) -> dict[int, str]:
    """Give the words of a recovery key by their numbers, as they stand in rows at a terminal."""
    rows = re.findall(r"(\d+) ([a-z]+)(?=   |[ ]*\r?\n)", shown)
    return {int(number): word for number, word in rows}
