"""The six questions of `sayso init`. Nothing is chosen for anybody; what can be known, such as a language, is suggested."""

from __future__ import annotations

from pathlib import Path

from sayso.cli.answers import (
    take_home,
    take_languages,
    take_name,
    take_own_key,
    take_page,
    take_shops,
    take_want_and_shops,
)
from sayso.cli.faults import is_doubtful
from sayso.cli.interview import Again, Interview, choice, complete, show
from sayso.publish.homes import Home
from sayso.publish.hosts import HOSTS
from sayso.publish.starts import starts
from sayso.texts import gettext

NO_HOST = "none"


def ask_home(interview: Interview) -> Home:
    """Ask for the address; where there is something to know about it, ask once more, and take it if it is kept."""
    lines = [
        gettext("For example https://ada.example/ or https://ada.github.io/. It is part of what you sign, and stays.")
    ]
    said = ""

    def take(text: str) -> Home:
        nonlocal said
        said = text
        return take_home(text)

    found = interview.ask(gettext("Where will your page be?"), lines, gettext("address"), take)
    kept: Home | None = None
    while kept != found:
        tell_home(found, said)
        kept = found
        if found.warnings:
            found = complete(gettext("address (Enter keeps it)"), take, found.url)
    return found


def tell_home(home: Home, said: str) -> None:
    """Tell what was made of an address, and what to know about it."""
    if home.url != said:
        show(gettext("your address: %(url)s") % {"url": home.url})
    for warning in home.warnings:
        show(gettext("note: %(warning)s") % {"warning": warning})


def ask_name(interview: Interview, at: int) -> str:
    """Ask for a name, which may be empty; where it may be a slip, ask once more, and take it if it is kept."""
    lines = [gettext("A pseudonym will do. Everybody can read it; you need not have one.")]
    prompt = gettext("name (may be left empty)")
    name = interview.ask(gettext("What are you called?"), lines, prompt, lambda said: take_name(said, at))
    return _kept_name(name, at)


def _kept_name(name: str, at: int) -> str:
    if not is_doubtful(name, at):
        return name
    prompt = gettext("name (Enter keeps it)")
    other = complete(prompt, lambda said: said if said == name else take_name(said, at), name)
    return name if other == name else _kept_name(other, at)


def ask_languages(interview: Interview, suggested: str, at: int) -> tuple[str, ...]:
    """Ask for languages; the one of the terminal is suggested."""
    heading = gettext("In which languages do you want to be addressed? The best first.")
    return interview.ask(heading, [], gettext("languages"), lambda said: take_languages(said, at), suggested)


def ask_start(interview: Interview, at: int) -> tuple[str, str, tuple[str, ...]]:
    """Ask for the starting point, with what it has to know in the same line, or else on the next: name, want, shops."""
    known = starts(gettext)
    lines = [
        f"{number}  {start.title}. {start.meaning} ({start.resembles})"
        for number, start in enumerate(known.values(), 1)
    ]
    lines.append(gettext("Shops, and what you look for, can stand behind the number: 3 northpeak.example"))

    def take(said: str) -> tuple[str, str, tuple[str, ...]]:
        name, rest = choice(said, [*known])
        if name is None:
            raise Again(gettext("type one of the numbers: nothing is chosen for you"))
        if known[name].takes == "nothing":
            if rest:
                raise Again(gettext("nothing follows this number"))
            return name, "", ()
        if known[name].takes == "shops":
            return name, "", take_shops(rest) if rest else ask_shops()
        what, shops = take_want_and_shops(rest, at) if rest else ask_want(at)
        if not shops:
            show(gettext("no shop is named, so nobody may answer yet"))
        return name, what, shops

    heading = gettext("Where do you want to begin? You can change everything later.")
    return interview.ask(heading, lines, gettext("starting point"), take)


def ask_shops() -> tuple[str, ...]:
    """Ask for the shops, where the starting point was given without them."""
    return complete(gettext("which shops (their domains)"), take_shops)


def ask_want(at: int) -> tuple[str, tuple[str, ...]]:
    """Ask for what is wanted, where the starting point was given without it."""
    prompt = gettext("what you are looking for (and behind a colon, which shops may answer)")
    return complete(prompt, lambda said: take_want_and_shops(said, at))


def ask_keys(interview: Interview, folder: Path, page: Path) -> tuple[str, Path | None, Path | None]:
    """Ask for the keys: `new`, `later` or `own`, the file of one's own, and the page of the recovery key (else it is shown).

    ``page`` is suggested, where it could be.
    """
    suggested = None if page.is_relative_to(folder.resolve()) or page.exists() else page
    place = str(suggested) if suggested else gettext("a file that you name behind the number")

    def new_page(said: str) -> Path:
        return take_page(said, folder)

    def own_key(said: str) -> Path:
        return take_own_key(said, folder)

    lines = [
        gettext("Two keys make this profile yours: one signs, the other brings you back if that one is lost."),
        "1  " + gettext("Make them now; write the recovery key, to be printed, into %(file)s.") % {"file": place},
        "2  " + gettext("Make them now; show the recovery key, to be written down by hand."),
        "3  " + gettext("Sign with a key of mine, whose file I name; show the recovery key."),
        "4  " + gettext("Later."),
        gettext("A file can stand behind the number: 1 recovery.txt"),
    ]

    def take(said: str) -> tuple[str, Path | None, Path | None]:
        number, rest = choice(said, "1234")
        if number is None:
            raise Again(gettext("type one of the numbers: nothing is chosen for you"))
        if number == "1":
            return "new", None, new_page(rest) if rest else suggested or complete(gettext("file"), new_page)
        if number == "3":
            return "own", own_key(rest) if rest else complete(gettext("file"), own_key), None
        if rest:
            raise Again(gettext("nothing follows this number"))
        return "new" if number == "2" else "later", None, None

    return interview.ask(gettext("Keys"), lines, gettext("keys"), take)


def ask_host(interview: Interview) -> str:
    """Ask which host is to build and serve the site."""
    names = [*HOSTS, NO_HOST]
    titles = ["GitHub", "GitLab", "Netlify", "Cloudflare Pages", gettext("My own web server, or I do not know yet")]
    lines = [f"{number}  {title}" for number, title in enumerate(titles, 1)]

    known = {"": NO_HOST, **{name: name for name in names}, **dict(zip(map(str.lower, titles), names, strict=True))}

    def take(said: str) -> str:
        host = choice(said, names)[0] or known.get(said.lower())
        if host is None:
            raise Again(gettext("type one of the numbers, or nothing"))
        return host

    heading = gettext("Who builds and serves your site? The file that this host needs is written for you.")
    return interview.ask(heading, lines, gettext("host (may be left empty)"), take)
