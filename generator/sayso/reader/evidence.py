"""Evidence: what a reader fetched and decided, as the lines of a log of which each names the one before it.

A line is canonical JSON. Its ``prev`` is the SHA-256 of the bytes of the line before, so nothing can be changed, taken out or
put in without every later line changing too. Whoever holds the whole log can still write it anew from any line on, or cut
its end: against that the ``Head`` is written down where its holder cannot reach it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sayso import __version__, canonical
from sayso.errors import RequestError
from sayso.instants import INSTANT_PATTERN, exists
from sayso.profile.model import Digest, Named
from sayso.profile.policy import Decision, Request
from sayso.trust import base64url

TOOL = f"sayso {__version__}"
#: Outcomes after which a profile may be relied on; every other outcome is the code of an error.
GOOD = ("verified", "unchanged")

Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
InstantText = Annotated[str, Meta(pattern=INSTANT_PATTERN)]


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question as it was put. Unlike a Request it may hold words that make no sense: an ended profile answers those too."""

    company: str
    signal: str
    purpose: str
    channel: str | None = None
    category: str | None = None
    granularity: str | None = None
    age: int | None = None
    sharing: str | Named | None = None

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Give a question as a line keeps it."""
        return cls(**msgspec.structs.asdict(request))

    @property
    def request(self) -> Request:
        """The question, to be put again."""
        members: dict[str, Any] = msgspec.structs.asdict(self)
        return Request(**members)


class Line(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="kind"):
    """What every line has: its number, the digest of the line before, when it was written, and by which tool."""

    n: Number
    prev: Digest | None
    at: InstantText
    tool: str


class FetchLine(Line, frozen=True, kw_only=True, tag="fetch"):
    """A profile was fetched, or could not be. ``profile`` and ``keys`` are the SHA-256 of the files; the rest names the version."""

    base: str
    outcome: str
    profile: Digest | None = None
    keys: Digest | None = None
    digest: Digest | None = None
    sequence: Number | None = None
    identity: Digest | None = None


class DecisionLine(Line, frozen=True, kw_only=True, tag="decision"):
    """A question was answered, from these files, which were last fetched or found unchanged at ``fetched_at``."""

    base: str
    request: Asked
    answer: Decision
    fetched_at: InstantText
    profile: Digest
    keys: Digest


class AudienceLine(Line, frozen=True, kw_only=True, tag="audience"):
    """One question was put to all profiles. ``sha256`` is that of the base URLs given out, each ended by a line feed."""

    request: Asked
    allowed: Number
    reasons: dict[str, Number]
    sha256: Digest


AnyLine = FetchLine | DecisionLine | AudienceLine
_decoder: msgspec.json.Decoder[AnyLine] = msgspec.json.Decoder(AnyLine)


@dataclass(frozen=True, slots=True)
class Head:
    """How many lines a log has, and the digest of its last: what is to be written down elsewhere."""

    count: int
    digest: str

    def __str__(self) -> str:
        """Write it as ``COUNT:DIGEST``."""
        return f"{self.count}:{self.digest}"

    @classmethod
    def read(cls, text: str) -> Head:
        """Read ``COUNT:DIGEST``; raises ValueError."""
        count, _, digest = text.partition(":")
        if not (count.isascii() and count.isdecimal() and int(count) and len(base64url.decode(digest.encode())) == 32):
            raise ValueError(f"not a head: {text}")
        return cls(int(count), digest)


def digest_of(data: bytes) -> str:
    """Give the base64url SHA-256 by which a line names a file, or the line before it."""
    return base64url.encode(hashlib.sha256(data).digest()).decode()


def write(line: AnyLine) -> bytes:
    """Give the bytes of a line, without a line feed; raises RequestError for a question that no file can hold."""
    try:
        return canonical.encode(line)
    except (UnicodeEncodeError, OverflowError):  # half a character, as a terminal may give it
        raise RequestError(
            "cannot-be-kept", "the question cannot be written into the evidence", hint="write it in UTF-8"
        ) from None


def read(data: bytes) -> AnyLine:
    """Read the bytes of a line; raises ``canonical.NotCanonical`` for anything else."""
    line: AnyLine = canonical.decode(data, _decoder)
    if not exists(line.at) or (isinstance(line, DecisionLine) and not exists(line.fetched_at)):
        raise canonical.NotCanonical("a line names a day that there is not")
    return line
