"""How a consumer's folder stands at an instant: what is live, what is signed, what is edited, what ends, who holds what.

Pure: what was read and fetched comes in, and the instant; frozen facts go out, and what wants doing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sayso.errors import Problem
from sayso.instants import DAY
from sayso.profile.changes import Change, changes
from sayso.profile.check import check
from sayso.profile.compile import compile_terms
from sayso.profile.model import Grant, Terms, Want
from sayso.profile.source import Source
from sayso.publish.folder import Signed
from sayso.publish.held import Held, held
from sayso.publish.live import Live, LiveState
from sayso.publish.overview import Overview

SourceState = Literal["missing", "broken", "never-signed", "edited", "as-signed"]
Kind = Literal["profile", "grant", "want"]
Deed = Literal[
    "served-wrong", "served-newer", "no-profile", "profile-errors", "no-keys", "never-signed",
    "edited", "not-published", "ended", "profile-ends", "entry-ends",
]  # fmt: skip

_OF_SOURCE: dict[SourceState, Deed] = {"missing": "no-profile", "broken": "profile-errors", "edited": "edited"}
_OF_LIVE: dict[LiveState, Deed] = {"wrong": "served-wrong", "in-part": "served-wrong", "newer": "served-newer"}
_OF_ENDS: tuple[tuple[tuple[Kind, ...], Deed], ...] = (
    (("profile",), "profile-ends"),
    (("grant", "want"), "entry-ends"),
)


@dataclass(frozen=True, slots=True)
class Edited:
    """What ``profile.yml`` says beside what is signed: its errors, or what is different, in plain sentences."""

    state: SourceState
    errors: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """Something that ends; ``at`` is the first instant without it. It is the profile itself without ``grant`` and ``want``."""

    at: int
    grant: Grant | None = None
    want: Want | None = None

    @property
    def kind(self) -> Kind:
        """What it is."""
        return "grant" if self.grant else "want" if self.want else "profile"

    @property
    def id(self) -> str | None:
        """The id of the grant or the want."""
        entry = self.grant or self.want
        return entry.id if entry else None


@dataclass(frozen=True)
class Standing:
    """All of it at ``at``; what ends less than ``within`` days later wants to be looked at."""

    signed: Signed | None
    has_keys: bool
    edited: Edited
    live: Live
    at: int
    within: int

    @cached_property
    def terms(self) -> Terms | None:
        """What companies go by: the version of the person's that is served; if none is, or nobody knows, the signed one."""
        if self.live.version is not None:
            return self.live.version.payload
        return self.signed.payload if self.signed else None

    @property
    def withdrawn(self) -> bool:
        """Whether what is signed says that everything is withdrawn."""
        return self.signed is not None and self.signed.payload.status == "withdrawn"

    @cached_property
    def ends(self) -> tuple[End, ...]:
        """All that ends, or has ended, of what is signed, the first end first; what was over when it was signed is not there."""
        if self.signed is None or self.withdrawn:
            return ()
        payload = self.signed.payload
        found = (End(item.at, item.grant, item.want) for item in Overview(payload).endings)
        return (*found, End(payload.exp))  # whatever ends before it comes before it

    @property
    def soon(self) -> tuple[End, ...]:
        """What ends within the days."""
        return tuple(end for end in self.ends if self.at < end.at <= self.at + self.within * DAY)

    @property
    def over(self) -> tuple[End, ...]:
        """What has ended."""
        return tuple(end for end in self.ends if end.at <= self.at)

    @cached_property
    def held(self) -> Held:
        """What companies hold now, and will hold from a day on."""
        return held(self.terms, self.at) if self.terms is not None else Held((), ())

    @cached_property
    def wants_doing(self) -> tuple[Deed, ...]:
        """What wants doing, in the order in which it is to be done."""
        return tuple(self._deeds())

    def _deeds(self) -> Iterator[Deed]:
        if self.live.state in _OF_LIVE:
            yield _OF_LIVE[self.live.state]
        if self.edited.state in _OF_SOURCE:
            yield _OF_SOURCE[self.edited.state]
        if self.edited.state in ("broken", "never-signed") and self.signed is None:
            yield "never-signed" if self.has_keys else "no-keys"
        if self.live.state in ("older", "missing"):
            yield "not-published"
        if any(end.kind == "profile" for end in self.over):
            yield "ended"
        for kinds, deed in _OF_ENDS:
            if any(end.kind in kinds for end in self.soon):
                yield deed


def edited(source: Source | None, signed: Signed | None, at: int, language: str = "en") -> Edited:
    """Compare what a source says, None where there is none, with what is signed; what is different is told in a language."""
    if source is None:
        return Edited("missing")
    errors = tuple(problem for problem in check(source, at) if problem.severity == "error")
    if errors:
        return Edited("broken", errors)
    if signed is None:
        return Edited("never-signed")
    # As of the instant at which that was signed: else a profile that holds for six months would change by itself.
    found = changes(signed.payload, compile_terms(source, signed.payload.iat), language)
    return Edited("edited" if found else "as-signed", changes=found)
