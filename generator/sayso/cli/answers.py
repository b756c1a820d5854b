"""What is made of the answers to `sayso init`: each is read alike, typed at a question or given as an option.

What cannot be taken raises Again; what may be a slip is told, and taken.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from sayso.cli.faults import named, refuse_faults
from sayso.cli.first_keys import refuse_in_folder
from sayso.cli.interview import Again, show
from sayso.cli.keyring import refuse_place
from sayso.errors import KeyFileError
from sayso.publish.beginning import Answers
from sayso.publish.homes import Home, home
from sayso.texts import LANGUAGES, gettext

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-|$)")


def take_home(said: str) -> Home:
    """Read an address."""
    found = home(said, gettext)
    if found is not None:
        return found
    hint = gettext("an address looks like https://ada.example/ or https://people.example/ada/")
    if not said:
        raise Again(hint)
    raise Again(gettext("`%(text)s` cannot be the address of a profile") % {"text": said}, hint)


def take_name(said: str, at: int) -> str:
    """Read a name; none is one too."""
    refuse_faults(named(said), at)
    return said


def take_languages(said: str, at: int) -> tuple[str, ...]:
    """Read tags of languages, or their own names."""
    by_name = {name.lower(): tag for tag, name in LANGUAGES.items()}
    found = tuple(dict.fromkeys(by_name.get(word.lower(), word) for word in _words(said)))
    for tag in found:
        if not _LANGUAGE.match(tag):  # a longer word would be a tag by its form, and is a name
            told = gettext("`%(text)s` is not the tag of a language: write en, for example, or pt-BR")
            raise Again(told % {"text": tag})
    refuse_faults(Answers("https://ada.example/", "nothing", languages=found), at)
    return found


def take_shops(said: str) -> tuple[str, ...]:
    """Read the domains of shops, each from any address of the shop."""
    from sayso.profile.hints import company_of

    found: dict[str, None] = {}
    for word in _words(said):
        company = company_of(word)
        if company is None:
            raise Again(
                gettext("`%(text)s` is not the domain of a shop") % {"text": word},
                gettext("a shop is named by its domain, such as northpeak.example"),
            )
        if company != word.lower():
            show(gettext("%(text)s is taken for %(company)s") % {"text": word, "company": company})
        found[company] = None
    if not found:
        raise Again(gettext("at least one shop is needed, such as northpeak.example"))
    return tuple(found)


def take_want(said: str, at: int) -> str:
    """Read what is wanted."""
    if not said:
        raise Again(gettext("say what you are looking for"))
    refuse_faults(Answers("https://ada.example/", "market", want=said), at)
    return said


def take_want_and_shops(said: str, at: int) -> tuple[str, tuple[str, ...]]:
    """Read what is wanted, and the shops behind a colon, if there are any."""
    for colon in re.finditer(":", said):
        what, tail = said[: colon.start()].strip(), said[colon.end() :]
        if what and _are_shops(tail):
            return take_want(what, at), take_shops(tail)
    return take_want(said, at), ()


def take_page(said: str, folder: Path) -> Path:
    """Read where the page of a new recovery key goes: a new file, outside the folder."""
    path = take_file(said)
    _refuse_place(folder, path)
    try:
        refuse_place(path)
    except KeyFileError as error:
        told = {
            "key-exists": gettext("%(file)s is there already: name a new file"),
            "no-such-folder": gettext("there is no folder %(folder)s"),
        }.get(error.code, error.message)
        raise Again(told % {"file": path, "folder": path.parent}) from None
    return path


def take_own_key(said: str, folder: Path) -> Path:
    """Read where one's own private key is: a file that is there, outside the folder."""
    path = take_file(said)
    _refuse_place(folder, path)
    if not path.is_file():
        raise Again(gettext("there is no file %(file)s") % {"file": path})
    return path


def _refuse_place(folder: Path, path: Path) -> None:
    try:
        refuse_in_folder(folder, path)
    except KeyFileError:
        told = gettext("%(file)s lies in the folder that you publish: name a file elsewhere")
        raise Again(told % {"file": path}) from None


def take_file(said: str) -> Path:
    """Give the file that somebody names; a tilde is one's home."""
    with suppress(RuntimeError):  # for a tilde and a name that nobody has
        if said:
            return Path(said).expanduser()
    raise Again(gettext("name a file"))


def _words(said: str) -> list[str]:
    return [word for word in re.split(r"[\s,;،؛、]+", said) if word]


def _are_shops(text: str) -> bool:
    from sayso.profile.hints import company_of

    words = _words(text)
    return bool(words) and all("." in word and company_of(word) for word in words)
