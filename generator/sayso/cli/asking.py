"""Questions and answers at the command line; knows nothing of click."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sayso import spec
from sayso.cli.writing import note
from sayso.profile.model import Named
from sayso.profile.policy import Decision, Request


def request_of(sharing: str | None, **members: Any) -> Request:
    """Make the request that somebody's options are; companies to share with are written with commas between them."""
    if sharing is None or sharing in ("none", "processors", "anonymised"):
        return Request(**members, sharing=sharing)  # type: ignore[arg-type]
    return Request(**members, sharing=Named(named=tuple(part.strip() for part in sharing.split(","))))


def decision_data(decision: Decision) -> dict[str, Any]:
    """Give a decision as JSON data (``decision.schema.json``)."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(decision))
    return data


def decision_lines(decision: Decision, data: dict[str, Any], request: Request) -> Iterator[str]:
    """Give a decision for people, a line for each thing that it says."""
    asked = (
        f"{request.company} · {request.signal} · {request.purpose}"
        + (f" · {request.channel}" if request.channel else "")
        + (f" · {request.category}" if request.category else "")
    )
    yield f"{decision.verdict}: {asked}"
    for reason in decision.reasons:
        yield f"  reason       {reason}: {spec.codes()['decision'][reason]}"
    if decision.grants:
        yield f"  grants       {', '.join(decision.grants)}"
    if decision.refusals:
        yield f"  refusals     {', '.join(decision.refusals)}"
    for name, value in data.get("limits", {}).items():
        yield f"  {name:<12} {limit_text(value)}"
    version = f", version {decision.sequence}" if decision.sequence else ", not signed yet"
    yield f"  basis        {decision.basis}{version}"
    yield f"  valid until  {decision.valid_until}; ask again by {decision.recheck_after}"


def limit_text(value: Any) -> str:
    """Write a limit on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {limit_text(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ("; " if value and isinstance(value[0], dict) else ", ").join(map(limit_text, value)) or "none"
    return str(value)


def warn_of_unknown_words(request: Request) -> None:
    """Say of words that the vocabulary does not have; asked for they match nothing but themselves."""
    words = spec.vocabulary()
    for kind, word, known in (
        ("signal", request.signal, words.signals),
        ("purpose", request.purpose, words.purposes),
        ("channel", request.channel, words.channels),
    ):
        if word is not None and word not in known:
            from sayso.profile.nearest import did_you_mean, nearest_word

            hint = did_you_mean(nearest_word(word, known))
            note(f"note: `{word}` is no {kind} in the vocabulary" + (f"; {hint}" if hint else ""))
