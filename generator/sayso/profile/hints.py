"""What to do about a slip: a value in, a hint out. Where a hint says `write`, what it says has the right form."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from sayso import spec
from sayso.profile.addresses import registrable_domain
from sayso.profile.nearest import Guesses, did_you_mean

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = {"day": "D", "week": "W", "month": "M", "year": "Y"}
_EVERY = {"daily": "P1D", "weekly": "P1W", "monthly": "P1M", "yearly": "P1Y"}
_TIMES = re.compile(
    r"(once|twice|[1-9][0-9]{0,3})(?: ?x| times)?(?: ?/ ?| an? | per | each | every )(day|week|month|year)"
)
_TIMES_WORDS = {"once": "1", "twice": "2"}
_EXAMPLES = {
    "sayso": "1",
    "me": "{url: https://ada.example/}",
    "url": "https://ada.example/",
    "valid": "{for: P6M}",
    "id": "offers",
    "to": "[northpeak.example]",
    "signals": "[purchase.history]",
    "purposes": "[offers.personalised]",
    "named": "[northpeak.example]",
    "what": "Walking boots",
    "topic": "trail running",
    "level": "like",
}
# What people write in the place of keys with values, and the member that they mean.
_WRITTEN_SHORT = {"me": "url", "valid": "for", "companies.*": "name"}
_LISTED = {"Signal": "signals", "Purpose": "purposes", "Channel": "channels"}
_FIRST = {"grants": "id", "refusals": "id", "wants": "id", "interests": "topic"}


def missing_member(name: str) -> str:
    """Say what to add for a member that is missing."""
    return f"add for example {name}: {_EXAMPLES[name]}"


def unknown_member(name: str, known: Any, guess: Guesses) -> tuple[str | None, str | None]:
    """Give the member that is meant by another key, and what to do; None and None where none is near."""
    head, colon, rest = name.partition(":")
    if colon and head in known:
        return head, f"put a space after the colon: {head}: {rest[:80]}"
    meant = guess(name, known, kind=",".join(known))
    return meant, did_you_mean(meant)


def wrong_type(value: Any, wanted: str, schema: Any, path: tuple[str | int, ...]) -> str | None:
    """Say what to write in the place of a value of the wrong kind."""
    if not path:
        return "a profile begins with sayso: 1"
    if value is None:
        return "write {}" if path[0] == "companies" and len(path) == 2 else "fill it in, or remove the key"
    if isinstance(value, str) and len(value) <= 80 and (hint := _longer(value, wanted, path)):
        return hint
    if wanted == "keys with values" and isinstance(value, list) and value and isinstance(value[0], dict):
        return f"remove the dash before {next(iter(value[0]), 'it')}"
    if wanted == "a list" and isinstance(value, dict) and path[0] in _FIRST and len(path) == 1:
        return f"begin each with a dash: - {_FIRST[path[0]]}: …"
    if path[0] == "channels" and len(path) == 2 and isinstance(value, bool):
        return "write never, or remove the line"
    if schema.get("title") == "Rate" and type(value) is int and 0 < value < 10_000:
        return _write("Rate", str(value), f"{value}/P1M")
    if wanted == "text" and isinstance(value, int | float) and "pattern" not in schema:
        return "put it in quotes"
    return as_hint(schema.get("description"))


def _longer(text: str, wanted: str, path: tuple[str | int, ...]) -> str | None:
    """Write out what was written short."""
    quoted = f'"{text}"' if re.search(r"[][,{}#&*!|>%@`]|: ", text) and '"' not in text else text
    member = _WRITTEN_SHORT.get(str(path[0]) if len(path) == 1 else f"{path[0]}.*")
    if member and text.startswith(f"{member}:"):
        return f"write {{{member}: {text.removeprefix(f'{member}:')}}}, with a space after {member}:"
    if member:
        return f"write {{{member}: {quoted}}}"
    if path[0] == "interests" and len(path) == 2:
        return f"write {{topic: {quoted}, level: like}}"
    return f"write [{text}]" if wanted == "a list" else None


def unknown_word(title: str, value: Any, description: str | None, guess: Guesses) -> str:
    """Say which word of the vocabulary is meant, or where all are listed."""
    vocabulary = spec.vocabulary()
    name = _LISTED.get(title) or ("stages" if title == "Stage" else "categories")
    words = getattr(vocabulary, name)
    if isinstance(value, str):
        for kind, other in _LISTED.items():
            if title in _LISTED and value in getattr(vocabulary, other):
                return f"this is a {kind.lower()}: write it under {other}"
        small = value.lower()
        if small in words or (title == "Category" and small.partition("-")[0] in words and small != value):
            return f"write {small}"
        if title == "Channel" and (known := _mapped(small, words)):
            return f"write {known}"
        if title == "Category" and (known := _labelled(small, words)):
            return f"did you mean `{known}` ({words[known].label})?"
        if hint := did_you_mean(guess(value, words, kind=title)):
            return hint
    if len(words) <= 12:
        return ("write " if len(words) == 1 else "one of: ") + ", ".join(words)
    return f"{description}; `sayso vocab {name}` lists them all"


def _mapped(name: str, words: Any) -> str | None:
    """Give the word that another vocabulary calls so."""
    for word in words.values():
        if any(name == term.lower() for other in word.mappings.values() for term in other.get("terms", ())):
            return str(word.key)
    return None


def _labelled(name: str, words: Any) -> str | None:
    """Give the one word whose label has a part that begins as a name does."""
    found = [
        key for key, word in words.items() if any(part.startswith(name[:5]) for part in word.label.lower().split())
    ]
    return found[0] if len(found) == 1 and len(name) > 2 else None


def one_of(title: str, words: list[str]) -> str:
    """Say which words a member may have."""
    if title == "Contact rule":
        return "write never, or remove the line"
    return ("write " if len(words) == 1 else "one of: ") + ", ".join(words)


def bad_format(title: str, value: str, pattern: str, description: str | None) -> str | None:
    """Say how a value is written rightly, where that is certain, or what form it has."""
    better = _better(title, value.strip())
    if better and matches(pattern, better):
        return _write(title, value, better)
    limit = re.search(r",([0-9]+)\}\$$", pattern)
    if title in ("Id", "Group name") and limit and len(value) > (most := int(limit[1]) + 1):
        return f"shorten it: it has {len(value)} characters; {most} are allowed"
    return description


def _write(title: str, value: str, better: str) -> str:
    return f"write {better} for {value} a month" if title == "Rate" and value.isdecimal() else f"write {better}"


def _better(title: str, text: str) -> str | None:
    """Give what is likely meant; whether it has the form is for the caller to see."""
    small = text.lower()
    match title:
        case "Id" | "Group name" if text.isascii():
            return re.sub("[^a-z0-9]+", "-", small).strip("-")
        case "Language":
            return text.replace("_", "-")
        case "Country":
            return "GB" if small == "uk" else text.upper()
        case "Day":
            return _day(small)
        case "Duration" if span := re.fullmatch("([0-9]+) ?(day|week|month|year)s?", small):
            return f"P{span[1]}{_UNITS[span[2]]}"
        case "Duration":
            return _EVERY.get(small) or f"P{text.upper().removeprefix('P')}"
        case "Rate" if small in _EVERY:
            return f"1/{_EVERY[small]}"
        case "Rate" if text.isdecimal():
            return f"{text}/P1M"
        case "Rate" if times := _TIMES.fullmatch(small):
            return f"{_TIMES_WORDS.get(times[1], times[1])}/P1{_UNITS[times[2]]}"
    return None


def _day(text: str) -> str | None:
    """Read a day as people write it; with slashes, only where it cannot be meant otherwise."""
    text = re.sub(r"([a-z]+)\.? ([0-9]{1,2}),? ", r"\2 \1 ", text)  # May 31, 2027
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})", text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "/" and month > 12:
            day, month = month, day
        elif match[2] == "/" and day <= 12 and day != month:
            return None
    elif match := re.fullmatch(r"([0-9]{1,2})\.? ([a-z]{3,9})\.?,? ([0-9]{4})", text):
        months = [number for number, name in enumerate(_MONTHS, 1) if name.lower().startswith(match[2])]
        day, month, year = int(match[1]), months[0] if months else 0, int(match[3])
    else:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def no_such_day(text: str) -> str:
    """Say why there is no day ``YYYY-MM-DD``."""
    year, month = int(text[:4]), int(text[5:7])
    if not 1970 <= year < 9999:
        return "a year from 1970 to 9998 is meant"
    if not 1 <= month <= 12:
        return "a year has months 01 to 12"
    return f"{_MONTHS[month - 1]} {year} has {calendar.monthrange(year, month)[1]} days"


def company_of(text: str) -> str | None:
    """Give the registrable domain in an address that stands in the place of a company, or None."""
    host = re.match(r"(?:[a-z]+://)?(?:[^/@]*@)?([^/:?#]+)", text.lower())
    return registrable_domain(host[1]) if host else None


def url_fault(url: str) -> str:
    """Say what hinders an address from being the one form, where it is simple: a colon and a clause, or nothing."""
    if not url.startswith("https://"):
        return ": it must begin with https://"
    if any(character.isupper() for character in url.split("/")[2]):
        return ": capital letters in the host"
    if re.search("[?#]", url):
        return ": neither ? nor # may stand in it"
    return "" if url.endswith(("/", ".html")) else ": it must end with /"


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text has the form of a pattern of ECMA-262, whose $ is the very end; Python's allows a line feed after it."""
    return re.search(re.sub(r"\$$", r"\\Z", pattern), text) is not None


def count(number: int, noun: str, several: str | None = None) -> str:
    """Give a number with its noun; ``several`` is its plural where that does not end in s alone."""
    return f"1 {noun}" if number == 1 else f"{number} {several or noun + 's'}"


def as_hint(description: str | None) -> str | None:
    """Make a hint of a sentence."""
    return description[0].lower() + description[1:].removesuffix(".") if description else None
