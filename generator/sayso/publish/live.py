"""What is live: what a host serves beside what is signed, as one state that a person can be told.

Pure: what came for each path and what was found to be wrong with it come in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sayso.errors import FetchError, Problem, VerificationError
from sayso.publish.deployed import Findings
from sayso.publish.folder import Signed
from sayso.publish.served import KEYS, PROFILE
from sayso.trust.verify import Verified, verify_past

LiveState = Literal["as-signed", "in-part", "older", "newer", "missing", "wrong", "unknown", "not-asked"]

_STATES: dict[str, LiveState] = {"served-behind": "older", "served-ahead": "newer", "served-file": "in-part"}
_OF_TIME = {"served-ended", "served-ends-soon"}  # what ends is told by itself


@dataclass(frozen=True, slots=True)
class Live:
    """What is served at the profile's address.

    ``version`` is the one that readers get, where it is one of the person's; ``problems`` tells what is wrong with what is
    served, and ``unknown`` why it could not be found out.
    """

    state: LiveState
    version: Verified | None = None
    problems: tuple[Problem, ...] = ()
    unknown: FetchError | None = None


def live(signed: Signed, served: Mapping[str, bytes | FetchError | None], found: Findings) -> Live:
    """Tell what is served, of what came for each path and of what was found to be wrong with it."""
    wrong = tuple(problem for problem in found.problems if problem.code not in _OF_TIME)
    if wrong:
        if all(served.get(path, b"") is None for path in (PROFILE, KEYS)):
            return Live("missing", problems=wrong)
        state = _STATES.get(wrong[0].code, "wrong")
        if state == "in-part":  # what decides is served as it was signed
            return Live(state, signed.verified, wrong)
        return Live(state, _theirs(signed, served) if state in ("older", "newer") else None, wrong)
    if found.unknown is not None:
        return Live("unknown", unknown=found.unknown)
    return Live("as-signed", signed.verified)


def _theirs(signed: Signed, served: Mapping[str, bytes | FetchError | None]) -> Verified | None:
    """Read the version that is served, and that was found to be the person's."""
    profile, keys = served.get(PROFILE), served.get(KEYS)
    if not (isinstance(profile, bytes) and isinstance(keys, bytes)):
        return None
    try:
        return verify_past(profile, keys, signed.payload.sub)
    except VerificationError:
        return None
