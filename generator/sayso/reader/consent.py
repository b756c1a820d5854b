"""What a subject permits one company, in the shape of the consent tools that the company runs.

A mapping is data: which questions stand behind each key of a tool. Data-use categories ask without a channel, channels ask
with theirs, and neither ever sets the other. A key is granted only where every question behind it is allowed whole; the
tools cannot be told of part of a permission, so part of one is denied, and so is whatever the profile does not say.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import msgspec

from sayso.instants import rfc3339
from sayso.profile.model import Payload
from sayso.profile.policy import Request, decide
from sayso.reader.mapping import TARGETS, Mapping, Question, Reach, Target, builtin, read_mapping

__all__ = ["TARGETS", "Mapping", "Question", "Reach", "Target", "builtin", "read_mapping", "view"]


def view(mapping: Mapping, payload: Payload, company: str, at: int, *, fetched_at: int) -> dict[str, Any]:
    """Give the object of the mapping's tool for one verified profile and one company at an instant.

    ``fetched_at`` is the instant at which the profile was fetched. Raises RequestError for a company that is no domain.
    """
    # Grants for some product categories only, or of a coarser level, permit a part: without them an allow is a whole one.
    uncut = [grant for grant in payload.grants if not grant.categories]
    at_any_level = msgspec.structs.replace(payload, grants=tuple(uncut))
    at_full_level = msgspec.structs.replace(
        payload, grants=tuple(grant for grant in uncut if grant.granularity is None)
    )

    def whole(question: Question, channel: str | None) -> bool:
        terms = at_any_level if question.granularity else at_full_level
        for signal, purpose in product(question.signals, question.purposes):
            request = Request(
                company, signal, purpose, channel=channel, sharing=question.sharing, granularity=question.granularity
            )
            limits = decide(terms, request, at, fetched_at=fetched_at).limits
            if limits is None or any(item.categories and (channel or not item.channels) for item in limits.except_):
                return False
        return True

    granted = {name: all(whole(item, None) for item in asked) for name, asked in mapping.categories.items()}
    for name, reach in mapping.channels.items():
        granted[name] = all(whole(item, reach.channel) for item in reach.questions)
    granted |= dict.fromkeys(mapping.never, False)
    return _shaped(mapping.target, granted, payload.iat)


def _shaped(target: Target, granted: dict[str, bool], said_at: int) -> dict[str, Any]:
    if target == "segment":
        return {"context": {"consent": {"categoryPreferences": granted}}}
    if target == "rudderstack":
        return {
            "context": {
                "consentManagement": {
                    "provider": "custom",
                    "resolutionStrategy": "and",
                    "allowedConsentIds": [name for name, yes in granted.items() if yes],
                    "deniedConsentIds": [name for name, yes in granted.items() if not yes],
                }
            }
        }
    if target == "google-consent-mode":
        return {name: "granted" if yes else "denied" for name, yes in granted.items()}
    consents: dict[str, Any] = {"metadata": {"time": rfc3339(said_at)}}
    for name, yes in granted.items():
        place = consents
        for part in name.split("."):
            place = place.setdefault(part, {})
        place["val"] = "y" if yes else "n"
    return {"consents": consents}
