"""The command line at a real terminal: what it asks is answered as a person would."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Answer = str | Callable[[str], str]  # what is typed, or how it follows from what was shown so far

PATIENCE = 60.0  # seconds until a question must have come


def at_terminal(
    *arguments: str | Path, home: Path, answers: list[tuple[str, Answer]], environment: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run sayso at a terminal; each answer is typed when its question (a pattern) is shown. Gives exit code and all that was shown."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "SSH_"))}
    surroundings |= {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".data"),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",  # questions in English
    }
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sayso", *map(str, arguments)],
        cwd=home,
        env=surroundings | (environment or {}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, seen, text = "", 0, codecs.getincrementaldecoder("utf-8")()
    try:
        for question, answer in answers:
            deadline = time.monotonic() + PATIENCE
            while not (found := re.compile(question).search(shown, seen)):
                part = _read(ours, deadline - time.monotonic())
                assert part, f"{question!r} was not asked: {shown}"
                shown += text.decode(part)
            seen = found.end()
            os.write(ours, (answer if isinstance(answer, str) else answer(shown)).encode() + b"\n")
        while part := _read(ours, PATIENCE):
            shown += text.decode(part)
        return process.wait(PATIENCE), shown.replace("\r\n", "\n")
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def recovery_words(shown: str) -> dict[int, str]:
    """Give the words of a recovery key by their numbers, as they stand in rows at a terminal."""
    rows = re.findall(r"(\d+) ([a-z]+)(?=   |[ ]*\r?\n)", shown)
    return {int(number): word for number, word in rows}


def _read(terminal: int, patience: float) -> bytes:
    """Read what is shown next; nothing once the other side has hung up, or after a while."""
    ready, _, _ = select.select([terminal], [], [], max(patience, 0))
    try:
        return os.read(terminal, 65_536) if ready else b""
    except OSError:  # how Linux says that the other side has hung up
        return b""
