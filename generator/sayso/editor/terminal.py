"""What the page asks of the terminal in which the form was started: to sign. No key and no passphrase come near the page."""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far it is: nothing was asked, somebody is being asked, it is signed (``told`` is the version), or it is not (why)."""

    state: Literal["idle", "waiting", "done", "failed"] = "idle"
    told: str = ""


class Terminal:
    """Passes one question at a time from the page to the terminal, and what came of it back."""

    def __init__(self, *, there: bool) -> None:
        self.there = there
        self._asked: SimpleQueue[None] = SimpleQueue()
        self._outcome = Outcome()
        self._lock = Lock()

    def ask(self) -> None:
        """Ask, unless somebody is being asked already."""
        with self._lock:
            if self._outcome.state != "waiting":
                self._outcome = Outcome("waiting")
                self._asked.put(None)

    def wait(self) -> None:
        """Wait until the page asks."""
        self._asked.get()

    def tell(self, outcome: Outcome) -> None:
        """Say what came of it."""
        with self._lock:
            self._outcome = outcome

    def outcome(self) -> Outcome:
        """Give what came of it, once; or that somebody is being asked."""
        with self._lock:
            outcome = self._outcome
            if outcome.state != "waiting":
                self._outcome = Outcome()
            return outcome
