"""The tree of errors and what each carries.

SaysoError                      code, message, hint, exit_code
├── ProfileError                the author can fix it
│   ├── SourceError             the text is not YAML that we read; .problems with positions
│   ├── InvalidProfile          the text is read, what it says is wrong; .problems, all of them
│   └── NotSigned               what is signed is missing, or is not what profile.yml says; .problems
├── KeyFileError                private key unreadable, of the wrong kind, or the wrong passphrase
├── VerificationError           do not trust this; .step of SPEC.md
├── FetchError                  could not find out: nothing is known, so nothing is granted
│   └── NotFound, TooLarge, TimedOut, BadStatus, RedirectRefused, AddressRefused
├── RequestError                the question itself cannot be understood
├── PublishError                a site, or what was fetched, was not written; what was there is untouched
└── DiskError                   the disk refused, or somebody else is at work; what was there is untouched

Every code is listed once, with one sentence, in ``sayso_spec/codes.json``; a test proves that the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

MAX_SENTENCE = 400  # characters

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say about a source, or a file that should be one: a stable code, a sentence, and where.

    ``line`` and ``column`` count from 1; 0 means the file as a whole. A sentence that names something endless is cut.
    """

    code: str
    message: str
    line: int = 0
    column: int = 0
    hint: str | None = None
    severity: Severity = "error"

    def __post_init__(self) -> None:
        """Cut what nobody would read."""
        for name in ("message", "hint"):
            text = getattr(self, name)
            if text and len(text) > MAX_SENTENCE:
                object.__setattr__(self, name, f"{text[: MAX_SENTENCE - 3]}...")


class SaysoError(Exception):
    """Anything that sayso refuses, with a stable code, one clear line and, where there is one, a way out."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class ProfileError(SaysoError):
    """The author of the profile can fix it; ``problems`` names all that is wrong, ``name`` the file."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        name: str,
        problems: tuple[Problem, ...] = (),
        hint: str | None = None,
    ) -> None:
        super().__init__(code, message, hint=hint)
        self.name = name
        self.problems = problems


class SourceError(ProfileError):
    """The text cannot be read as the strict YAML of SPEC.md."""


class InvalidProfile(ProfileError):
    """The text is read, but what it says is against the rules of SPEC.md."""


class NotSigned(ProfileError):
    """There is no signed version, it does not say what profile.yml says, or it cannot be made."""


class KeyFileError(SaysoError):
    """A private key cannot be used, or would have been overwritten."""


class VerificationError(SaysoError):
    """A document must not be trusted; ``step`` is the number of the step in SPEC.md that refuses it."""

    def __init__(self, code: str, message: str, *, step: int, hint: str | None = None) -> None:
        super().__init__(code, message, hint=hint)
        self.step = step


class FetchError(SaysoError):
    """Something could not be found out: a network or a file did not give what was asked for."""

    exit_code = 3


class NotFound(FetchError):
    """Nothing is at that address."""


class TooLarge(FetchError):
    """The answer is larger than a profile may be."""


class TimedOut(FetchError):
    """The answer did not come whole before the deadline."""


class BadStatus(FetchError):
    """The server answered, but not with the file."""


class RedirectRefused(FetchError):
    """The server points elsewhere; a profile lives at its own address."""


class AddressRefused(FetchError):
    """The name leads to an address that is not on the public Internet, or the protocol is not https."""


class RequestError(SaysoError):
    """A question, an option or an address that cannot be understood."""

    exit_code = 2


class PublishError(SaysoError):
    """Something was not written where somebody asked for it: a site, or what was fetched; what was there before is untouched."""


class DiskError(SaysoError):
    """A disk refused, or somebody else is at work in a folder; what was there before is untouched."""

    exit_code = 3
