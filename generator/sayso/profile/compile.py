"""Compile: a checked source becomes terms, and terms become the next version's payload (SPEC.md, Compiling).

The same source, clock, keys and predecessor always give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sayso import spec
from sayso.instants import end_of_day, rfc3339, start_of_day
from sayso.profile.addresses import a_label
from sayso.profile.draft import MEANS_EVERYONE, profile_end
from sayso.profile.model import (
    EVERYONE,
    CompanyEntry,
    ContactRule,
    Grant,
    Interest,
    Named,
    Payload,
    Refusal,
    Subject,
    Terms,
    Want,
)
from sayso.profile.revocations import revocations
from sayso.profile.source import Source
from sayso.profile.words import SCOPE

_AS_WRITTEN = ("granularity", "lookback", "frequency", "retention", "in_return", "note")
INTENT_SIGNAL, INTENT_PURPOSE = "intent.declared", "intent.response"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a version stands in the subject's chain: digests of key-log line 0 and of the last line, number, predecessor."""

    identity: str
    key_event: str
    sequence: int
    previous: str | None


def compile_terms(source: Source, at: int) -> Terms:
    """Turn a source that ``ensure_valid`` accepts at the same instant into terms that begin then.

    Of a withdrawn one nothing is told but that it is.
    """
    data: dict[str, Any] = source.data
    end = profile_end(source, at)
    if end is None:
        raise ValueError("the source was not checked")
    head: dict[str, Any] = {
        "v": 1,
        "sub": data["me"]["url"],
        "iat": at,
        "exp": end,
        "vocabulary": spec.vocabulary().version,
    }
    if "status" in data:
        return Terms(**head, status="withdrawn", subject=Subject())
    recipients = _Recipients(data)
    wants = data.get("wants", [])
    return Terms(
        **head,
        status="active",
        subject=Subject(
            name=data["me"].get("name"),
            languages=tuple(data["me"].get("languages", ())),
            country=data["me"].get("country"),
        ),
        companies=tuple(
            sorted(
                (_company(name, entry) for name, entry in data.get("companies", {}).items()),
                key=lambda company: company.domain,
            )
        ),
        grants=(
            *(_grant(item, recipients) for item in data.get("grants", [])),
            *(_want_grant(item, recipients) for item in wants if "open_to" in item),
        ),
        refusals=tuple(_refusal(item, recipients) for item in data.get("refusals", [])),
        channels=tuple(_contact_rule(name, rule) for name, rule in sorted(data.get("channels", {}).items())),
        wants=tuple(_want(item, recipients) for item in wants),
        interests=tuple(Interest(**item) for item in data.get("interests", [])),
    )


def chain(terms: Terms, link: Link, before: Payload | None = None) -> Payload:
    """Give the payload that puts terms in their place in the chain.

    ``before`` is the version they follow; what it permitted and they do not leaves a trace in ``revocations``.
    """
    members = {name: getattr(terms, name) for name in terms.__struct_fields__}
    if before is not None:
        members["revocations"] = revocations(before, terms)
    return Payload(
        **members,
        identity=link.identity,
        key_event=link.key_event,
        sequence=link.sequence,
        previous=link.previous,
    )


class _Recipients:
    """Turns the names that a source uses for companies into sorted domains."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._groups: dict[str, list[str]] = data.get("groups", {})

    def __call__(self, value: str | list[str]) -> tuple[str, ...]:
        names = [value] if isinstance(value, str) else value
        if MEANS_EVERYONE in names:
            return (EVERYONE,)
        return tuple(sorted({_domain(member) for name in names for member in self._groups.get(name, [name])}))


def _domain(name: str) -> str:
    label = a_label(name)
    if label is None:
        raise ValueError("the source was not checked")
    return label


def _company(name: str, entry: dict[str, Any]) -> CompanyEntry:
    return CompanyEntry(domain=_domain(name), **entry)


def _scope(item: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(sorted(item.get(name, ()))) for name in SCOPE}


def _grant(item: dict[str, Any], recipients: _Recipients) -> Grant:
    as_written: dict[str, Any] = {name: item.get(name) for name in _AS_WRITTEN}
    sharing = item.get("sharing", "none")
    if isinstance(sharing, dict):
        sharing = Named(named=tuple(sorted({*map(_domain, sharing["named"])})))
    return Grant(
        id=item["id"],
        to=recipients(item["to"]),
        **_scope(item),
        sharing=None if sharing == "none" else sharing,
        from_=rfc3339(start_of_day(item["from"])) if "from" in item else None,
        until=_until(item),
        **as_written,
    )


def _want_grant(item: dict[str, Any], recipients: _Recipients) -> Grant:
    return Grant(
        id=f"want-{item['id']}",
        to=recipients(item["open_to"]),
        signals=(INTENT_SIGNAL,),
        purposes=(INTENT_PURPOSE,),
        channels=tuple(sorted(item.get("channels", ()))),
        categories=(item["category"],) if "category" in item else (),
        until=_until(item),
    )


def _refusal(item: dict[str, Any], recipients: _Recipients) -> Refusal:
    return Refusal(id=item["id"], to=recipients(item["to"]), **_scope(item), note=item.get("note"))


def _contact_rule(channel: str, rule: str | dict[str, Any]) -> ContactRule:
    return ContactRule(channel=channel, never=True) if isinstance(rule, str) else ContactRule(channel=channel, **rule)


def _want(item: dict[str, Any], recipients: _Recipients) -> Want:
    return Want(
        id=item["id"],
        what=item["what"],
        until=_until(item),
        open_to=recipients(item["open_to"]) if "open_to" in item else (),
        **{name: item.get(name) for name in ("category", "budget")},
    )


def _until(item: dict[str, Any]) -> str | None:
    return rfc3339(end_of_day(item["until"])) if "until" in item else None
