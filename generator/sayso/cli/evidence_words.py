"""How evidence is told: what an audit found, what was known of a profile, and one line for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sayso.profile.hints import count

if TYPE_CHECKING:
    from sayso.profile.policy import Decision
    from sayso.reader.evidence import Asked, FetchLine
    from sayso.reader.evidence_audit import Findings
    from sayso.reader.evidence_proof import Known
    from sayso.reader.evidence_redo import Finding


def audit_data(findings: Findings) -> dict[str, Any]:
    """Give what an audit found as JSON data."""
    return {
        "lines": findings.head.count if findings.head else 0,
        "kinds": dict(sorted(findings.kinds.items())),
        "redone": findings.redone,
        "head": str(findings.head) if findings.head else None,
        "counts": dict(sorted(findings.counts.items())),
        "findings": [finding_data(finding) for finding in findings.first],
    }


def audit_lines(findings: Findings) -> Iterator[str]:
    """Tell what an audit found: each finding, what is not as it should be, and the head to write down."""
    yield from map(finding_line, findings.first)
    if (more := findings.counts.total() - len(findings.first)) > 0:
        yield f"and {count(more, 'finding')} more"
    verdict = "wrong" if findings.wrong else "not confirmed" if findings.counts else "verified"
    if not findings.head:
        verdict = "nothing"
    found = f"{count(findings.counts.total(), 'finding')} in " if findings.counts else ""
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(findings.kinds.items()))
    lines = count(findings.head.count if findings.head else 0, "line")
    yield f"{verdict:<12} {found}{lines}" + (f": {kinds}" if kinds else "")
    yield f"done again   {findings.redone}"
    if findings.head:
        yield f"head         {findings.head}"


def finding_data(finding: Finding) -> dict[str, Any]:
    """Give a finding as JSON data."""
    return {"line": finding.n, "code": finding.code, "message": finding.message}


def finding_line(finding: Finding) -> str:
    """Tell a finding."""
    return f"line {finding.n}: {finding.code} {finding.message}"


def known_data(known: Known, decision: Decision | None) -> dict[str, Any]:
    """Give what was known of a profile as JSON data, with the answer to a question, if one was put."""
    from sayso.instants import rfc3339
    from sayso.trust.keylog import fingerprint

    payload = known.verified.payload
    data: dict[str, Any] = {
        "base": payload.sub,
        "at": rfc3339(known.at),
        "identity": payload.identity,
        "fingerprint": fingerprint(payload.identity),
        "sequence": payload.sequence,
        "digest": known.verified.digest,
        "status": payload.status,
        "iat": rfc3339(payload.iat),
        "exp": rfc3339(payload.exp),
        "seen": _attempt(known.seen),
        "profile": known.version.profile,
        "keys": known.version.keys,
        "fresh": known.fresh,
        "failed": [_attempt(line) for line in known.failed],
        "decisions": [
            {"line": line.n, "at": line.at, "request": _plain(line.request), "decision": _plain(line.answer)}
            for line in known.decisions
        ],
    }
    return data if decision is None else data | {"decision": _plain(decision)}


def known_lines(known: Known, decision: Decision | None) -> Iterator[str]:
    """Tell what was known of a profile, and the answer to a question, if one was put."""
    data = known_data(known, decision)
    fresh = "" if known.fresh else "; too long ago for anything to be permitted"
    yield f"verified     {data['base']}, version {data['sequence']}, {data['status']}"
    yield f"holds        {data['iat']} to {data['exp']}"
    yield f"last seen    {known.seen.at}, line {known.seen.n}: {known.seen.outcome}{fresh}"
    yield f"fingerprint  {data['fingerprint']}"
    yield f"digest       {data['digest']}"
    for attempt in known.failed:
        yield f"in vain      {attempt.at}, line {attempt.n}: {attempt.outcome}"
    for line in known.decisions:
        yield f"decided      {line.at}, line {line.n}: {_verdict(line.answer)}: {_question(line.request)}"
    if decision is not None:
        yield f"{decision.verdict:<12} {', '.join(decision.reasons)}, as of {decision.evaluated_at}"
        if decision.grants:
            yield f"  grants     {', '.join(decision.grants)}"
        if decision.refusals:
            yield f"  refusals   {', '.join(decision.refusals)}"


def line_for_people(data: bytes) -> str:
    """Tell one line of the log in one line."""
    from sayso.canonical import NotCanonical
    from sayso.reader.evidence import AudienceLine, FetchLine, read

    try:
        line = read(data)
    except NotCanonical:
        return f"not a line that this sayso writes: {data.decode('utf-8', 'backslashreplace')}"
    begin = f"{line.n}  {line.at}"
    if isinstance(line, FetchLine):
        version = "" if line.sequence is None else f", version {line.sequence}"
        return f"{begin}  fetch {line.base}: {line.outcome}{version}"
    if isinstance(line, AudienceLine):
        return f"{begin}  audience: {line.allowed} allowed: {_question(line.request)}"
    return f"{begin}  decision {line.base}: {_verdict(line.answer)}: {_question(line.request)}"


def _attempt(line: FetchLine) -> dict[str, Any]:
    return {"line": line.n, "at": line.at, "outcome": line.outcome}


def _verdict(decision: Decision) -> str:
    return f"{decision.verdict} ({', '.join(decision.reasons)})"


def _question(asked: Asked) -> str:
    parts = (asked.company, asked.signal, asked.purpose, asked.channel, asked.category)
    return " · ".join(part for part in parts if part)


def _plain(value: Any) -> dict[str, Any]:
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(value)
    return plain
