"""All that `sayso init` has to know: from its options, and from somebody at the terminal what they leave open."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sayso.cli import answers as read
from sayso.cli import beginner as ask
from sayso.cli.interview import Again, Interview
from sayso.errors import NotSigned, RequestError
from sayso.publish.beginning import Answers
from sayso.publish.folder import address_of_keys
from sayso.publish.homes import Home
from sayso.publish.starts import starts
from sayso.texts import language_of

Taken = TypeVar("Taken")


@dataclass(frozen=True, slots=True)
class Given:
    """The options, as they were given; ``key`` becomes `there` where the folder has its keys already."""

    url: str | None
    name: str | None
    languages: tuple[str, ...]
    start: str | None
    shops: tuple[str, ...]
    want: str | None
    key: str | None
    page: Path | None
    host: str | None
    install: str | None
    silent: bool  # nobody can be asked


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that was answered: what the profile says, what to know about its address, its keys, and its host."""

    answers: Answers
    warnings: tuple[str, ...]
    key: str  # new, own, later, or there: in the folder already
    own: Path | None
    page: Path | None
    host: str


def wanted(folder: Path, at: int, given: Given) -> Wanted:
    """Give all answers; raises RequestError for options that cannot be taken, or that nobody is here to complete.

    Raises NotSigned where the folder has keys that do not fit, click.Abort where somebody goes away.
    """
    there = _address_of_keys(folder)
    if there is not None and (given.key not in (None, "later") or given.page):
        hint = "leave --key and --recovery out"
        raise NotSigned("has-keys", f"{folder} has its keys already", name=str(folder), hint=hint)
    key, url = ("there", given.url or there) if there is not None else (given.key, given.url)
    _refuse_misfits(given)
    if given.silent:
        _refuse_missing(given, url, key)
    open_ones = (url, given.name, given.languages or None, given.start, key, given.host)
    interview = Interview(sum(answer is None for answer in open_ones))
    home = ask.ask_home(interview) if url is None else _option("--url", lambda: read.take_home(url))
    if url is not None:
        ask.tell_home(home, url)
    if there is not None and home.url != there:
        raise NotSigned(
            "keys-for-other-address",
            f"the keys were made for {there}, but the profile is for {home.url}",
            name=str(folder),
            hint="an identity belongs to one address: use that one, or begin in a new folder",
        )
    name = _name(given, interview, at)
    languages = _languages(given, interview, at)
    start, want, shops = ask.ask_start(interview, at) if given.start is None else _start(given.start, given, at)
    own, page = None, given.page
    if key is None:
        key, own, asked = ask.ask_keys(interview, folder, _page_of(home))
        page = page or asked
    elif key not in ("new", "later", "there"):
        own, key = _option("--key", lambda: read.take_file(str(given.key))), "own"
    host = given.host or (ask.NO_HOST if given.silent else ask.ask_host(interview))
    return Wanted(Answers(home.url, start, name, languages, shops, want), home.warnings, key, own, page, host)


def _name(given: Given, interview: Interview, at: int) -> str:
    name = given.name
    if name is not None:
        return _option("--name", lambda: read.take_name(name.strip(), at))
    return "" if given.silent else ask.ask_name(interview, at)


def _languages(given: Given, interview: Interview, at: int) -> tuple[str, ...]:
    suggested = language_of(os.environ)
    if given.languages or given.silent:
        return _option("--language", lambda: read.take_languages(" ".join(given.languages) or suggested, at))
    return ask.ask_languages(interview, suggested, at)


def _start(start: str, given: Given, at: int) -> tuple[str, str, tuple[str, ...]]:
    """Read the starting point from options; what it has to know and they do not say is asked."""
    takes = starts(str)[start].takes
    shops = _option("--shop", lambda: read.take_shops(" ".join(given.shops))) if given.shops else ()
    if takes == "want":
        want = given.want
        if want is not None:
            return start, _option("--want", lambda: read.take_want(want.strip(), at)), shops
        what, more = ask.ask_want(at)
        return start, what, tuple(dict.fromkeys((*shops, *more)))
    return start, "", shops or (ask.ask_shops() if takes == "shops" else ())


def _refuse_misfits(given: Given) -> None:
    """Raise RequestError for options that do not go together, or for nothing without another."""
    takes = starts(str)[given.start].takes if given.start else "nothing"
    host = given.host or (ask.NO_HOST if given.silent else None)
    for option, needs, value, unfit in (
        ("--want", "--start market", given.start, given.want is not None and takes != "want"),
        ("--shop", "--start offers", given.start, bool(given.shops) and takes == "nothing"),
        ("--recovery", "--key new", given.key, given.page is not None and given.key == "later"),
        ("--install", "--host github", given.host, given.install is not None and host == ask.NO_HOST),
    ):
        other = needs.partition(" ")[0]
        if unfit and value:
            told, hint = f"{option} does not go with {other} {value}", "leave one of the two out"
            raise RequestError("bad-answer", told, hint=hint)
        if unfit:
            told, hint = f"{option} does not go without {other}", f"say {needs}, for example"
            raise RequestError("bad-answer", told, hint=hint)


def _refuse_missing(given: Given, url: str | None, key: str | None) -> None:
    """Raise RequestError where nobody can be asked for what is missing, and name all of it."""
    takes = starts(str)[given.start].takes if given.start else "nothing"
    needed = {
        "--url": url is None,
        "--start": given.start is None,
        "--shop": takes == "shops" and not given.shops,
        "--want": takes == "want" and given.want is None,
        "--key": key is None,
        "--recovery": key not in (None, "later", "there") and given.page is None,
    }
    missing = [option for option, is_missing in needed.items() if is_missing]
    if missing:
        raise RequestError(
            "answer-needed",
            f"nobody is here to ask: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} needed",
            hint="sayso init --help tells what each can be",
        )


def _option(option: str, take: Callable[[], Taken]) -> Taken:
    """Read what was given as an option; raises RequestError for what cannot be taken."""
    try:
        return take()
    except Again as error:
        raise RequestError("bad-answer", f"{option}: {error.message}", hint=error.hint) from None


def _page_of(home: Home) -> Path:
    """Suggest a file for the page of the recovery key: in one's home, and named after the address."""
    name = home.url.removeprefix("https://").strip("/").replace("/", "-")
    return Path.home() / f"sayso-recovery-{name}.txt"


def _address_of_keys(folder: Path) -> str | None:
    """Give the address that the keys in a folder were made for; None where there are none."""
    if not os.path.lexists(folder / "signed" / "keys.jsonl"):
        return None
    return address_of_keys(folder)
