"""Personal data in free text: what a profile that the whole world reads should not say (SPEC.md, Personal data in texts).

The forms are narrow on purpose. Whoever means to publish a telephone number will find a way; the rule is for slips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso.errors import Problem
from sayso.profile.draft import Draft, texts
from sayso.profile.source import Path

_EMAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]+\.[^\W\d_]{2,}(?!\w)")
_ACCOUNT = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11,30}|[a-z]{2}[0-9]{2}(?: ?[0-9a-z]){11,30})(?![0-9A-Za-z])"
)
_CARD = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][ -])(?:[2456][0-9]{3}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?"
    r"|3[47][0-9]{2}([ -]?)[0-9]{6}\2[0-9]{5}|3[068][0-9]{2}([ -]?)[0-9]{6}\3[0-9]{4})(?![0-9])"
)
_NOT_PHONE = re.compile(
    r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
    r"|(?<![0-9])(?<![0-9][-./])[0-9]{1,2}[-./][0-9]{1,2}[-./](?:[0-9]{4}|[0-9]{2})(?![0-9])(?![-./][0-9])"
    r"|ISBN(?:-1[03])?[ :]*[0-9X-]+"
)
_PHONE = re.compile(
    r"(?<![0-9A-Za-z.])(?<![0-9][ ./-])(?:(?:\+|00)[1-9](?:(?:[ ./-]|\) ?| ?\()?[0-9]){7,13}|\(?0[1-9](?:(?:[ ./-]|\) ?)?[0-9]){7,9}"
    r"|\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[-. ][0-9]{4}|[2-9][0-9]{2}([-.])[2-9][0-9]{2}\1[0-9]{4})(?![ ./-]?[0-9])"
)
_NAME = r"[^\W\d_][\w'\u2019.-]*"
_STREET = re.compile(
    r"(?<!\w)[0-9]{1,4}[A-Za-z]?,? (?:[A-Z][\w'\u2019.-]* ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Square|Terrace|Boulevard|Blvd|Crescent)(?!\w)"
    r"|(?<!\w)[^\W\d_][\w-]{0,40}(?:straße|strasse|str\.|gasse|[aA]llee) [0-9]{1,3}[a-z]?(?!\w)(?! [A-ZÄÖÜ])"
    r"|(?<!\w)[0-9]{1,4}(?: (?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Ii]mpasse|[Aa]llée) "
    rf"(?:d[eu]s? |de la |de l')?{_NAME}"
)

_TEXTS = {"grants": ("note", "in_return"), "refusals": ("note",), "wants": ("what", "budget"), "interests": ("topic",)}


def personal_data(draft: Draft) -> Iterator[Problem]:
    """Give each free text with an e-mail address, telephone, card or account number or street address."""
    for path, text in _free_texts(draft):
        for code, what, part in found_in(text):
            shown = part if len(part) <= 30 else part[:27] + "..."
            message = f"{what} stands in this text, and everybody can read it: `{shown}`"
            yield draft.problem(code, message, path, "leave it out")


def found_in(text: str) -> Iterator[tuple[str, str, str]]:
    """Give the code, the noun and the part itself of each kind of personal data that a text has."""
    if email := _EMAIL.search(text):
        yield "email-in-text", "an e-mail address", email.group().rstrip(",;:!?")
    shaped = [match.group() for match in _ACCOUNT.finditer(text)]
    accounts = [account for part in shaped if (account := _account_in(part))]
    if accounts:
        yield "account-in-text", "a bank account number", accounts[0]
    cards = [match.group() for match in _CARD.finditer(text) if _has_card(re.sub(r"\D", "", match.group()))]
    if cards:
        yield "card-in-text", "a payment card number", cards[0]
    elif not accounts and (phone := _PHONE.search(_NOT_PHONE.sub("x", _ACCOUNT.sub(_without_account, text)))):
        yield "phone-in-text", "a telephone number", phone.group().strip()
    if street := _STREET.search(text):
        yield "street-in-text", "a street address", street.group()


def _free_texts(draft: Draft) -> Iterator[tuple[Path, str]]:
    yield from texts(draft.mapping("me").get("name"), ("me", "name"))
    for company, entry in draft.mapping("companies").items():
        if isinstance(entry, dict):
            for member in ("name", "note"):
                yield from texts(entry.get(member), ("companies", company, member))
    for section, members in _TEXTS.items():
        for path, item in draft.items(section):
            for member in members:
                yield from texts(item.get(member), (*path, member))


def _has_card(digits: str) -> bool:
    """Tell whether digits are a card number, or one of 16 digits and the code on its back."""
    return _is_card(digits) or _is_card(digits[:16])


def _is_card(digits: str) -> bool:
    """Luhn's check, of ISO/IEC 7812-1."""
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _account_in(text: str) -> str | None:
    """Give the account number that a text begins with, or None; words may follow it."""
    parts = text.split(" ")
    starts = (" ".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((start for start in starts if _is_long(start) and _is_account(start.replace(" ", ""))), None)


def _without_account(match: re.Match[str]) -> str:
    """Leave out what has the form of an account number, rightly typed or not: it is no telephone number."""
    return "x" if _is_long(match.group()) else match.group()


def _is_long(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 10 and len(text.replace(" ", "")) >= 15


def _is_account(text: str) -> bool:
    """The check of ISO 13616: moved to the end, country and check digits make it 1 modulo 97."""
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1
