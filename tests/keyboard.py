"""A person at a keyboard: commands at a terminal of their own, what is typed at each question, and how many keys that took.

Unlike ``terminal.at_terminal`` it is the terminal that makes a signal of Ctrl-C, and that counts.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

CTRL_C = "\x03"
PATIENCE = 60.0  # seconds until a question must have come
_A_MOMENT = (
    0.3  # seconds that anybody takes to press it: what asks must have begun to read, or Python forgets the signal
)

Typed = str | Callable[[str], str]  # what is typed, or how it follows from what was shown so far


@dataclass
class Keyboard:
    """A person with a home; ``enters`` counts how often they pressed Enter at a question."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    enters: int = 0

    def run(self, arguments: Iterable[str | Path], typed: Iterable[tuple[str, Typed]] = ()) -> tuple[int, str]:
        """Run sayso; at each question (a pattern) type an answer and Enter, or Ctrl-C alone. Gives exit code and all that was shown."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "sayso", *map(str, arguments)],
            cwd=self.home,
            env=self._surroundings(),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_own_terminal,
        )
        os.close(theirs)
        shown, seen, text = "", 0, codecs.getincrementaldecoder("utf-8")()
        try:
            for question, answer in typed:
                deadline = time.monotonic() + PATIENCE
                while not (found := re.compile(question).search(shown, seen)):
                    part = _read(ours, deadline - time.monotonic())
                    assert part, f"{question!r} was not asked: {shown}"
                    shown += text.decode(part)
                seen = found.end()
                said = answer if isinstance(answer, str) else answer(shown)
                self.enters += said != CTRL_C
                if said == CTRL_C:
                    time.sleep(_A_MOMENT)
                os.write(ours, said.encode() + (b"" if said == CTRL_C else b"\n"))
            while part := _read(ours, PATIENCE):
                shown += text.decode(part)
            return process.wait(PATIENCE), shown.replace("\r\n", "\n")
        finally:
            process.kill()
            process.wait()
            os.close(ours)

    def _surroundings(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "SSH_", "XDG_"))
        }
        return inherited | {"HOME": str(self.home), "TERM": "dumb", "LC_ALL": "C.UTF-8"} | self.environment


def _own_terminal() -> None:
    """In the new process: a session whose terminal this is, and which heeds Ctrl-C, which who runs the tests may ignore."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read(terminal: int, patience: float) -> bytes:
    """Read what is shown next; nothing once the other side has hung up, or after a while."""
    ready, _, _ = select.select([terminal], [], [], max(patience, 0))
    try:
        return os.read(terminal, 65_536) if ready else b""
    except OSError:  # how Linux says that the other side has hung up
        return b""
