"""What a host serves, compared with what was signed here: what the owner of a profile wants to know first (``sayso monitor``).

Pure: what was fetched comes in, findings go out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sayso.errors import Problem, VerificationError
from sayso.instants import DAY, rfc3339
from sayso.publish.files import FOR_THE_HOST, machine_files
from sayso.publish.folder import Signed
from sayso.trust.pin import missed_since
from sayso.trust.verify import Verified, verify_past

PROFILE, KEYS = "sayso/profile.jwt", "sayso/keys.jsonl"
ENDS_SOON = 30 * DAY
_THIEF = "if you signed it elsewhere, bring signed/ from there; if not, somebody has your key: sayso key recover FOLDER --recovery FILE"
_HINTS = {
    "identity-changed": "somebody else controls what is served there: take the host back, then publish public/ again",
    "keylog-behind": "it is signed with a key that you replaced: publish public/ again, and see who can write to the host",
}


def watched(signed: Signed, *, history: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the paths below the base URL that are to be fetched: those that decide, and the others."""
    return (PROFILE, KEYS), tuple(
        path for path in machine_files(signed, history=history) if path not in {PROFILE, KEYS, *FOR_THE_HOST}
    )


def compare(signed: Signed, served: Mapping[str, bytes | None], at: int) -> tuple[Problem, ...]:
    """Tell what is wrong with the two files that decide, at an instant; None stands for one that is not there."""
    profile, keys = served[PROFILE], served[KEYS]
    if profile is None or keys is None:
        path = PROFILE if profile is None else KEYS
        return (Problem("served-missing", f"{path} is not served", hint="publish public/ as a whole"),)
    found = [*_ends(signed, at)]
    if (profile, keys) != (signed.profile, signed.keys):
        return (_other_version(signed, profile, keys), *found)
    return tuple(found)


def _ends(signed: Signed, at: int) -> Iterator[Problem]:
    end = signed.payload.exp
    if at >= end:
        yield Problem("served-ended", f"the profile ended at {rfc3339(end)}", hint="sign it again, and publish it")
    elif at >= end - ENDS_SOON:
        days = (end - at) // DAY
        yield Problem(
            "served-ends-soon",
            f"the profile ends at {rfc3339(end)}, in {days} days",
            hint="sign it again, and publish it",
            severity="warning",
        )


def _other_version(signed: Signed, profile: bytes, keys: bytes) -> Problem:
    own = signed.verified
    try:
        other = verify_past(profile, keys, signed.payload.sub)
    except VerificationError as error:
        told = f"what is served does not verify: {error.message} ({error.code}, step {error.step})"
        return Problem("served-broken", told, hint="publish public/ again, both files at once")
    if _is_own(signed, other):
        told = f"version {other.payload.sequence} is served, but version {own.payload.sequence} is signed here"
        return Problem("served-behind", told, hint="publish what is signed")
    try:
        missed_since(own.pin, other.keylog, other.payload, other.digest)
    except VerificationError as error:
        told = f"version {other.payload.sequence} is served, which is none of yours ({error.code})"
        return Problem("served-foreign", told, hint=_HINTS.get(error.code, _THIEF))
    told = f"version {other.payload.sequence} is served, but version {own.payload.sequence} was signed here last"
    return Problem("served-ahead", told, hint=_THIEF)


def _is_own(signed: Signed, other: Verified) -> bool:
    """Tell whether a version is one that was signed here, under a key log that is a beginning of the present one."""
    digests = {version.sequence: version.digest for version in signed.history}
    return (
        digests.get(other.payload.sequence) == other.digest
        and signed.verified.keylog.digests[: len(other.keylog.digests)] == other.keylog.digests
    )
