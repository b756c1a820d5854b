"""A profile on its way: what is wanted of it, how long is waited for it, and which file is asked for next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sayso.reader.answers import Validators
from sayso.reader.handle import PLAIN
from sayso.reader.schedule import Host


@dataclass(frozen=True, slots=True)
class Wanted:
    """A profile that is asked for, by its canonical base URL; each file only if it changed, where there are validators."""

    base: str
    profile: Validators | None = None
    keys: Validators | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of a profile; nothing for one that did not change. The validators are for the next time."""

    profile: bytes | None
    keys: bytes | None
    profile_validators: Validators | None
    keys_validators: Validators | None


@dataclass(frozen=True, slots=True)
class Politeness:
    """How much is asked of the hosts, and how long is waited for them.

    ``at_once`` profiles over all hosts, ``per_host`` of one host, and ``per_second`` requests to one host (0: no bound; the
    files of a first profile may follow each other at once). ``deadline`` seconds for one file; ``patience`` seconds for one profile from its first
    request, with all attempts and the waits between them, but without the waits for its turn. ``attempts`` for one file.
    """

    at_once: int = 64
    per_host: int = 4
    per_second: float = 20.0
    deadline: float = 20.0
    patience: float = 60.0
    attempts: int = 3


class Stage(Enum):
    """What is asked for."""

    ROBOTS = "robots.txt"
    PROFILE = "sayso/profile.jwt"
    KEYS = "sayso/keys.jsonl"


class Task:
    """A profile on its way."""

    __slots__ = ("attempt", "conditional", "host", "left", "profile", "stage", "until", "validators", "wanted")

    def __init__(self, wanted: Wanted, host: Host[Task], patience: float) -> None:
        self.wanted, self.host = wanted, host
        self.left = patience  # seconds, while nothing is asked
        self.until = 0.0  # the instant at which they are over, while something is
        self.attempt = 0
        self.stage = Stage.PROFILE
        self.conditional = False
        self.profile: bytes | None = None
        self.validators: Validators | None = None

    def url(self) -> str:
        """Give the URL that is asked for."""
        if self.stage is Stage.ROBOTS:
            return f"https://{self.host.name}/robots.txt"
        return self.wanted.base + (_PROFILE if self.stage is Stage.PROFILE else _KEYS)

    def known(self) -> Validators | None:
        """Give what is known of the file that is asked for."""
        stage = self.stage
        return self.wanted.profile if stage is Stage.PROFILE else self.wanted.keys if stage is Stage.KEYS else None

    def headers(self) -> list[str]:
        """Give the header lines to ask with."""
        known = self.known()
        conditions = known.conditions() if known is not None else []
        self.conditional = bool(conditions)
        return PLAIN + conditions if conditions else PLAIN

    def go_on(self, stage: Stage) -> None:
        """Go on to another file."""
        self.stage, self.attempt = stage, 0


_PROFILE, _KEYS = Stage.PROFILE.value, Stage.KEYS.value  # an Enum is slow to ask, and this is asked often
