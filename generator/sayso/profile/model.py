"""The published document as frozen, typed values (SPEC.md, Payload), and its canonical bytes.

``Terms`` is what a profile says: all that a decision looks at. ``Payload`` is the terms in their place in the subject's
chain of signed versions: what is signed. Members that are absent have the default given here; a default is never written.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sayso import canonical
from sayso.instants import Instant

EVERYONE = "*"

# The forms of the texts that recur are checked after decoding, in `forms`.
Id = Annotated[str, Meta(max_length=64)]
Company = Annotated[str, Meta(max_length=253)]
Recipient = Annotated[str, Meta(max_length=253)]
VocabularyWord = Annotated[str, Meta(max_length=65)]
Category = Annotated[str, Meta(max_length=37)]
DurationText = Annotated[str, Meta(max_length=17)]
RateText = Annotated[str, Meta(max_length=22)]
InstantText = Annotated[str, Meta(max_length=20)]
Digest = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z")]
Url = Annotated[str, Meta(pattern=r"^https://[!-~]+/\Z", max_length=500)]
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}\Z")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")]
QuietText = Annotated[
    str, Meta(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-3]):[0-5][0-9] [A-Za-z0-9_+/-]{1,64}\Z")
]
Text = Annotated[str, Meta(min_length=1, max_length=500)]

#: From the finest to the coarsest; a grant of one level permits it and all that follow.
Granularity = Literal["event", "item", "category", "band", "aggregate"]
GRANULARITIES: tuple[Granularity, ...] = ("event", "item", "category", "band", "aggregate")

Level = Literal["love", "like", "dislike"]


class _Member(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """What every object in a payload has in common: frozen, closed, defaults left out, and no cycle that a collector could find."""


class Subject(_Member, frozen=True):
    """Who speaks: a name or pseudonym, languages in order of preference (BCP 47), country (ISO 3166-1 alpha-2)."""

    name: Text | None = None
    languages: tuple[Language, ...] = ()
    country: Country | None = None


class CompanyEntry(_Member, frozen=True):
    """A company that the subject deals with, and where the relationship stands."""

    domain: Company
    name: Text | None = None
    stage: VocabularyWord | None = None
    note: Text | None = None


class Named(_Member, frozen=True):
    """Sharing with the companies named here and nobody else."""

    named: Annotated[tuple[Company, ...], Meta(min_length=1)]


#: With whom a company may share; absent means with nobody.
Sharing = Literal["processors", "anonymised"] | Named


class Grant(_Member, frozen=True):
    """A permission: these companies, these signals, these purposes, these channels, within these limits."""

    id: Id
    to: Annotated[tuple[Recipient, ...], Meta(min_length=1)]
    signals: Annotated[tuple[VocabularyWord, ...], Meta(min_length=1)]
    purposes: Annotated[tuple[VocabularyWord, ...], Meta(min_length=1)]
    channels: tuple[VocabularyWord, ...] = ()
    categories: tuple[Category, ...] = ()
    granularity: Granularity | None = None
    lookback: DurationText | None = None
    frequency: RateText | None = None
    retention: DurationText | None = None
    sharing: Sharing | None = None
    from_: InstantText | None = msgspec.field(name="from", default=None)
    until: InstantText | None = None
    in_return: Text | None = None
    note: Text | None = None


class Refusal(_Member, frozen=True):
    """A prohibition; an empty scope means all of them."""

    id: Id
    to: Annotated[tuple[Recipient, ...], Meta(min_length=1)]
    signals: tuple[VocabularyWord, ...] = ()
    purposes: tuple[VocabularyWord, ...] = ()
    channels: tuple[VocabularyWord, ...] = ()
    categories: tuple[Category, ...] = ()
    note: Text | None = None


class Revocation(_Member, frozen=True):
    """The trace of a grant that stood in an earlier version and is gone or narrower: which, for whom, since when."""

    id: Id
    to: Annotated[tuple[Recipient, ...], Meta(min_length=1)]
    revoked_at: Instant


class ContactRule(_Member, frozen=True):
    """What holds on one channel, over all grants: never, or at most so often and not in the quiet hours."""

    channel: VocabularyWord
    never: bool = False
    max: RateText | None = None
    quiet: QuietText | None = None


class Want(_Member, frozen=True):
    """A buying intent: what the subject is in the market for, and who may answer."""

    id: Id
    what: Text
    category: Category | None = None
    budget: Text | None = None
    until: InstantText | None = None
    open_to: tuple[Company, ...] = ()


class Interest(_Member, frozen=True):
    """A topic (a product category or free words) and how much the subject cares."""

    topic: Text
    level: Level


class Terms(_Member, frozen=True, kw_only=True):
    """What a profile says, compiled; ``iat`` ≤ t < ``exp`` is when it says so (instants)."""

    v: Literal[1]
    sub: Url
    iat: Instant
    exp: Instant
    status: Literal["active", "withdrawn"]
    vocabulary: Annotated[int, Meta(ge=1, le=1_000_000)]
    subject: Subject
    companies: tuple[CompanyEntry, ...] = ()
    grants: tuple[Grant, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    channels: tuple[ContactRule, ...] = ()
    wants: tuple[Want, ...] = ()
    interests: tuple[Interest, ...] = ()
    ext: dict[Annotated[str, Meta(pattern=r"^[ -~]{1,100}\Z")], Annotated[str, Meta(max_length=1000)]] = {}


class Payload(Terms, frozen=True, kw_only=True):
    """The terms as one version in the subject's chain: whose keys, which version, and which one it follows."""

    identity: Digest
    key_event: Digest
    sequence: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    previous: Digest | None


_decoder = msgspec.json.Decoder(Payload)


def encode(payload: Terms) -> bytes:
    """Give the canonical bytes of a payload (or of unsigned terms)."""
    return canonical.encode(payload)


def decode(data: bytes) -> Payload:
    """Read a payload from its canonical bytes; raises ``canonical.NotCanonical`` for anything else."""
    from sayso.profile.forms import check_forms  # not needed by who only asks

    payload = canonical.decode(data, _decoder)
    try:
        check_forms(payload)
    except ValueError as error:
        raise canonical.NotCanonical(str(error)) from None
    return payload


def read(data: bytes) -> Payload:
    """Read the bytes of a payload that was verified before, without looking at their form again."""
    return _decoder.decode(data)
