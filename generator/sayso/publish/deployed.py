"""What a host made of the files that it was given, and what to do about it.

Pure: what came back for each path goes in, findings go out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sayso.errors import FetchError, Problem, RedirectRefused, TooLarge
from sayso.publish.files import machine_files
from sayso.publish.folder import Signed
from sayso.publish.served import KEYS, PROFILE, compare

_GZIP = b"\x1f\x8b"
_DOTS = (
    "the host leaves out what begins with a dot: with GitHub Actions set include-hidden-files: true, on a branch of GitHub"
    " there must be .nojekyll, and whatever copies the site must copy such files too"
)
_ALTERS = "the host changes files on their way: switch off what it does to them (minifying, injecting, converting)"
_HINTS = {
    "served-missing": "see whether the deploy has ended, and whether this host serves the site at this very address",
    "served-behind": "the deploy may not have ended, or a cache may keep the old one: wait, then run sayso monitor",
    "served-broken": f"the deploy may be half done; if not, {_ALTERS}",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with what is served, and the first thing that could not be found out."""

    problems: tuple[Problem, ...]
    unknown: FetchError | None

    @property
    def wrong(self) -> bool:
        """Tell whether something else is served than was published."""
        return any(problem.severity == "error" for problem in self.problems)


def findings(
    signed: Signed, served: Mapping[str, bytes | FetchError | None], at: int, *, history: bool = False
) -> Findings:
    """Tell what is wrong; for each path there is its content, None where nothing is, or why it could not be had."""
    unknown = next((_unknown(path, answer) for path, answer in served.items() if _unknown(path, answer)), None)
    found = [problem for path in (PROFILE, KEYS) if path in served and (problem := _at_the_door(path, served[path]))]
    files = {path: answer for path, answer in served.items() if not isinstance(answer, FetchError)}
    if not found and PROFILE in files and KEYS in files:
        decided = compare(signed, {path: files[path] for path in (PROFILE, KEYS)}, at)
        found = [replace(problem, hint=_HINTS.get(problem.code, problem.hint)) for problem in decided]
    if not Findings(tuple(found), None).wrong:  # else what decides is told, and nothing else
        found += _others(signed, served, history=history)
    return Findings(tuple(found), unknown)


def _unknown(path: str, answer: bytes | FetchError | None) -> FetchError | None:
    return answer if isinstance(answer, FetchError) and _at_the_door(path, answer) is None else None


def _at_the_door(path: str, answer: bytes | FetchError | None) -> Problem | None:
    """Tell what is not even a file of ours."""
    if isinstance(answer, RedirectRefused):
        return Problem(
            "served-redirect",
            f"{path} is not served, but points elsewhere",
            hint="switch the redirect off, or sign for the address at which the host serves the site",
        )
    if isinstance(answer, FetchError) and answer.code == "content-encoding":
        return Problem("served-encoded", f"{path} is served compressed to readers who did not ask for it", hint=_ALTERS)
    if isinstance(answer, TooLarge) or (isinstance(answer, bytes) and answer.lstrip()[:1] == b"<"):
        return Problem(
            "served-page",
            f"a web page is served in the place of {path}",
            hint="the host answers so where nothing is, or where one must sign in: see whether the deploy has ended, and is public",
        )
    if isinstance(answer, bytes) and answer.startswith(_GZIP):
        return Problem("served-encoded", f"{path} is served compressed, and does not say so", hint=_ALTERS)
    return None


def _others(signed: Signed, served: Mapping[str, bytes | FetchError | None], *, history: bool) -> Iterator[Problem]:
    for path, content in machine_files(signed, history=history).items():
        answer = served.get(path, content)
        if path in (PROFILE, KEYS) or answer == content:
            continue
        problem = _at_the_door(path, answer)
        if problem is not None:
            yield problem
        elif answer is None:
            hint = _DOTS if path.startswith(".") else "publish the site as a whole"
            yield Problem("served-file", f"{path} is not served", hint=hint)
        elif isinstance(answer, bytes):
            yield Problem("served-file", f"{path} is served with another content", hint=_ALTERS)
