"""The standing of a folder as JSON data, for a widget: names that stay, ids of the vocabulary, instants in RFC 3339."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sayso.cli.standing_words import Told
from sayso.cli.writing import problem_data
from sayso.instants import rfc3339
from sayso.publish.folder import Signed
from sayso.publish.held import Holding
from sayso.publish.live import Live
from sayso.publish.standing import Edited, End, Standing


def standing_data(told: Told, calendar: Path | None) -> dict[str, Any]:
    """Give all of it; ``calendar`` is the file that was written."""
    standing = told.standing
    data: dict[str, Any] = {
        "at": rfc3339(standing.at),
        "within": standing.within,
        "well": not standing.wants_doing and standing.live.unknown is None,
        "live": _live(standing.live),
        "source": _source(standing.edited),
        "ends": [_end(end, told) for end in standing.ends],
        "companies": [_holding(item) for item in standing.held.holdings],
        "to_do": [{"code": deed, "text": text, "command": command} for deed, text, command in told.deeds()],
    }
    if standing.signed is not None:
        data |= {"sub": standing.signed.payload.sub, "signed": _signed(standing.signed)}
    return data | ({"calendar": str(calendar)} if calendar else {})


def _signed(signed: Signed) -> dict[str, Any]:
    payload = signed.payload
    return {
        "sequence": payload.sequence,
        "digest": signed.verified.digest,
        "status": payload.status,
        "iat": rfc3339(payload.iat),
        "exp": rfc3339(payload.exp),
    }


def _live(live: Live) -> dict[str, Any]:
    data: dict[str, Any] = {"state": live.state}
    if live.version is not None:
        data |= {"sequence": live.version.payload.sequence, "iat": rfc3339(live.version.payload.iat)}
    if live.problems:
        data["problems"] = [
            {name: value for name, value in problem_data(problem).items() if name not in ("line", "column")}
            for problem in live.problems
        ]
    if live.unknown is not None:
        data["error"] = {"code": live.unknown.code, "message": live.unknown.message}
    return data


def _source(edited: Edited) -> dict[str, Any]:
    data: dict[str, Any] = {"state": edited.state}
    if edited.errors:
        data |= {"errors": len(edited.errors), "first": problem_data(edited.errors[0])}
    if edited.changes:
        data["changes"] = [{"kind": item.kind, "what": item.what, "text": item.text} for item in edited.changes]
    return data


def _end(end: End, told: Told) -> dict[str, Any]:
    data = {
        "kind": end.kind,
        "at": rfc3339(end.at),
        "last_day": rfc3339(end.at - 1)[:10],
        "when": _when(end, told.standing),
        "text": told.what(end),
    }
    return data | ({"id": end.id} if end.id else {})


def _when(end: End, standing: Standing) -> str:
    return "over" if end in standing.over else "soon" if end in standing.soon else "later"


def _holding(item: Holding) -> dict[str, Any]:
    entry = item.card.entry
    data: dict[str, Any] = {
        "company": item.card.domain,
        "signals": [*item.signals],
        "purposes": [*item.purposes],
        "channels": [*item.channels],
    }
    if entry is not None and entry.name:
        data["name"] = entry.name
    return data | ({"from": rfc3339(item.begins)} if item.begins is not None else {})
