"""The page that people read, made from the signed payload alone (never from the source).

No text of the profile is ever Markdown, HTML or a template: everything goes through one autoescaping environment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import jinja2
import msgspec

from sayso import spec
from sayso.instants import parse_rfc3339, rfc3339
from sayso.profile.model import EVERYONE, CompanyEntry, Grant, Named, Payload, Refusal, Sharing
from sayso.profile.policy import Request, decide
from sayso.profile.wording import category, length
from sayso.publish.folder import Signed

#: A company that no profile names: what it may do, everyone may (the top-level domain is reserved, RFC 2606).
NOBODY = "anyone.invalid"


@dataclass(frozen=True, slots=True)
class Permission:
    """A grant as far as it reaches: without what refusals and contact rules take out of it altogether."""

    grant: Grant
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One company on the page and what it may do; ``company`` is None for what everyone may do.

    ``refused`` tells that everything is refused to it by name.
    """

    company: CompanyEntry | None
    permissions: tuple[Permission, ...]
    refused: bool

    @property
    def sees(self) -> frozenset[str]:
        """The signals that the company may see for one purpose or another."""
        return frozenset(signal for permission in self.permissions for signal in permission.signals)


def title(payload: Payload) -> str:
    """Give the title of the page: the subject's name, or the address where there is none."""
    return payload.subject.name or _host(payload.sub)


def render(signed: Signed) -> str:
    """Give the page as a fragment of HTML (what stands inside ``<main>``)."""
    payload = signed.payload
    cards = tuple(
        card for entry in (None, *payload.companies) if (card := _card(entry, payload)).company or card.permissions
    )
    order = {signal: place for place, signal in enumerate(spec.vocabulary().signals)}
    signals = sorted(
        {signal for card in cards for signal in card.sees},
        key=lambda signal: (order.get(signal, len(order)), signal),
    )
    return (
        _environment()
        .get_template("profile.html")
        .render(
            payload=payload,
            title=title(payload),
            host=_host(payload.sub),
            digest=signed.verified.digest,
            kid=signed.verified.kid,
            cards=cards,
            signals=signals,
        )
    )


def _card(entry: CompanyEntry | None, payload: Payload) -> Card:
    """What a company may do, or everyone, as ``decide`` says at the moment of signing or, for what begins later, when it begins."""
    name = entry.domain if entry else EVERYONE
    found = (
        _permission(grant, entry.domain if entry else NOBODY, payload) for grant in payload.grants if name in grant.to
    )
    refused = any(
        name in refusal.to and not (refusal.signals or refusal.purposes or refusal.channels or refusal.categories)
        for refusal in payload.refusals
    )
    return Card(entry, tuple(permission for permission in found if permission.signals), refused)


def _permission(grant: Grant, company: str, payload: Payload) -> Permission:
    at = max(payload.iat, parse_rfc3339(grant.from_) if grant.from_ else 0)
    alone = msgspec.structs.replace(payload, grants=(grant,))

    def allowed(signal: str, purpose: str, channel: str | None = None) -> bool:
        return decide(alone, Request(company, signal, purpose, channel), at).verdict == "allow"

    pairs = [(signal, purpose) for signal in grant.signals for purpose in grant.purposes if allowed(signal, purpose)]
    return Permission(
        grant,
        signals=tuple(signal for signal in grant.signals if any(signal == pair[0] for pair in pairs)),
        purposes=tuple(purpose for purpose in grant.purposes if any(purpose == pair[1] for pair in pairs)),
        channels=tuple(channel for channel in grant.channels if any(allowed(*pair, channel) for pair in pairs)),
    )


def _host(base: str) -> str:
    parts = urlsplit(base)
    return parts.netloc + parts.path.rstrip("/")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: files("sayso_theme").joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = spec.vocabulary()
    environment.filters |= {
        "signal": lambda key: _label(words.signals, key),
        "purpose": lambda key: _label(words.purposes, key),
        "channel": lambda key: _label(words.channels, key),
        "stage": lambda key: _label(words.stages, key),
        "category": category,
        "definition": lambda key: words.signals[key].definition if key in words.signals else "",
        "day": _day,
        "last_day": lambda text: _day(rfc3339(parse_rfc3339(text) - 1)),
        "instant": rfc3339,
        "duration": _duration,
        "rate": _rate,
        "sharing": _sharing,
        "recipients": _recipients,
        "scope": _scope,
    }
    return environment


def _label(words: Mapping[str, spec.Word], key: str) -> str:
    return words[key].label if key in words else key


def _day(text: str) -> str:
    year, month, day = text[:10].split("-")
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    return f"{int(day)} {months[int(month) - 1]} {year}"


def _duration(text: str) -> str:
    return length(text, years_from=12)


def _rate(text: str) -> str:
    count, span = text.split("/")
    often = {"1": "once", "2": "twice"}.get(count, f"{count} times")
    length = _duration(span)
    return f"{often} a {length[2:]}" if length in ("1 day", "1 week", "1 month", "1 year") else f"{often} in {length}"


def _sharing(value: Sharing | None) -> str:
    if isinstance(value, Named):
        return "only with " + ", ".join(value.named)
    return {
        None: "with nobody",
        "processors": "only with those who work for it",
        "anonymised": "also with others, once nobody can be recognised",
    }[value]


def _recipients(to: Sequence[str], companies: Sequence[CompanyEntry]) -> list[str]:
    if EVERYONE in to:
        return ["Everyone"]
    names = {entry.domain: entry.name or entry.domain for entry in companies}
    return [names.get(domain, domain) for domain in to]


def _scope(refusal: Refusal) -> list[str]:
    words = spec.vocabulary()
    parts = [_label(words.signals, key) for key in refusal.signals] or ["any signal"]
    purposes = [_label(words.purposes, key) for key in refusal.purposes] or ["any purpose"]
    channels = [_label(words.channels, key) for key in refusal.channels] or ["any channel"]
    categories = [category(key) for key in refusal.categories]
    return [
        ", ".join(parts),
        ", ".join(purposes),
        ", ".join(channels),
        *([", ".join(categories)] if categories else []),
    ]
