"""Which questions stand behind each key of a consent tool: data, read strictly, since a slip here would grant something.

A mapping names its tool, the tool's data-use categories, its channels, and the keys that nothing in a profile speaks of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from sayso import spec
from sayso.errors import RequestError
from sayso.profile.addresses import a_label
from sayso.profile.model import Granularity, Named, Sharing
from sayso.profile.nearest import did_you_mean, nearest_word

Target = Literal["segment", "rudderstack", "google-consent-mode", "adobe-xdm"]
TARGETS: tuple[Target, ...] = get_args(Target)
Words = Annotated[tuple[str, ...], Meta(min_length=1)]

_STORAGE = ("ad_storage", "analytics_storage", "functionality_storage", "personalization_storage", "security_storage")
_MARKETING = ("email", "push", "sms", "call", "fax", "commercialEmail", "postalMail")

#: The categories and the channels that a tool documents. What is left out it may take as allowed, so a mapping has them all.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "google-consent-mode": (*_STORAGE, "ad_user_data", "ad_personalization"),
    "adobe-xdm": ("collect", "share", "personalize.content", "tracking.email.open"),
}
CHANNELS: dict[str, tuple[str, ...]] = {"adobe-xdm": tuple(f"marketing.{name}" for name in _MARKETING)}

_MORE = {"adobe-xdm": ("adID",)}  # in the data type, not in the field group of profiles
# A company can add channels to the schema; `any` would overrule all others, and `preferred` is no permission.
_OWN_CHANNEL = re.compile(r"marketing\.(?!(?:any|preferred)\Z)[A-Za-z][A-Za-z0-9_]{0,63}")


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each of the signals for each of the purposes, shared as far as said; without a granularity, at the signals' own level."""

    signals: Words
    purposes: Words
    sharing: Sharing | None = None
    granularity: Granularity | None = None


Questions = Annotated[tuple[Question, ...], Meta(min_length=1)]


class Reach(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel of ours, and the questions that are asked on it."""

    channel: str
    questions: Questions


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of a tool; ``never`` are those that are always denied, because no word of ours means them."""

    target: Target
    categories: dict[str, Questions]
    channels: dict[str, Reach] = {}
    never: tuple[str, ...] = ()


class _Draft(msgspec.Struct, forbid_unknown_fields=True):
    target: Target
    categories: dict[str, Any]
    channels: dict[str, Any] = {}
    never: tuple[str, ...] = ()


def read_mapping(data: bytes) -> Mapping:
    """Read a mapping from JSON; raises RequestError (``bad-mapping``) that names the place of the first thing wrong."""
    try:
        msgspec.json.decode(data)  # stricter about text than `json`, which can tell what stands twice
        draft: _Draft = _typed(json.loads(data, object_pairs_hook=_once), _Draft, "")
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _bad("the file", f"it is not JSON: {error}", "a mapping is one JSON object") from None
    categories = {name: _typed(item, Questions, f"categories.{name}") for name, item in draft.categories.items()}
    channels = {name: _typed(item, Reach, f"channels.{name}") for name, item in draft.channels.items()}
    mapping = Mapping(draft.target, categories, channels, draft.never)
    _check_keys(mapping)
    for place, question in _questions(mapping):
        _check_words(place, question)
    for name, reach in channels.items():
        _check_known(f"channels.{name}.channel", reach.channel, spec.vocabulary().channels, "channel")
    return mapping


def builtin(target: str) -> Mapping:
    """Give the mapping that ships for a tool; raises RequestError (``bad-mapping``) for a tool that there is none for."""
    if target not in TARGETS:
        raise _bad("target", f"`{target}` is no tool that is known here", "one of: " + ", ".join(TARGETS))
    return read_mapping(files("sayso.reader").joinpath(f"mappings/{target}.json").read_bytes())


def _check_keys(mapping: Mapping) -> None:
    target, channels = mapping.target, CHANNELS.get(mapping.target, ())
    for name in mapping.categories:
        _check_category(f"categories.{name}", name, target)
    for name in mapping.channels:
        if not channels:
            raise _bad(f"channels.{name}", f"{target} has no place for channels", "a channel never sets a category")
        if not _OWN_CHANNEL.fullmatch(name):
            raise _bad(f"channels.{name}", f"it is no channel of {target}", f"for example {channels[0]}")
    names = [*mapping.categories, *mapping.channels, *mapping.never]
    for name in mapping.never:
        if names.count(name) > 1:
            raise _bad(f"never.{name}", "it stands in the mapping twice", "a key has one place")
        if not (channels and _OWN_CHANNEL.fullmatch(name)):
            _check_category(f"never.{name}", name, target)
    missing = [name for name in (*CATEGORIES.get(target, ()), *channels) if name not in names]
    if missing:
        hint = "the tool may take a key that is left out as allowed: map it, or name it under `never`"
        raise _bad(missing[0], "it is missing from the mapping", hint)


def _check_category(place: str, name: str, target: str) -> None:
    if target in CATEGORIES:
        _check_known(place, name, (*CATEGORIES[target], *_MORE.get(target, ())), f"category of {target}")
    elif not (0 < len(name) <= 100 and name.isprintable() and name == name.strip()):
        raise _bad(place, "it cannot be the name of a category", "1 to 100 characters, without space at its ends")


def _questions(mapping: Mapping) -> Iterator[tuple[str, Question]]:
    for name, asked in mapping.categories.items():
        yield from ((f"categories.{name}[{number}]", question) for number, question in enumerate(asked))
    for name, reach in mapping.channels.items():
        yield from ((f"channels.{name}.questions[{number}]", item) for number, item in enumerate(reach.questions))


def _check_words(place: str, question: Question) -> None:
    words = spec.vocabulary()
    for signal in question.signals:
        _check_known(f"{place}.signals", signal, words.signals, "signal")
    for purpose in question.purposes:
        _check_known(f"{place}.purposes", purpose, words.purposes, "purpose")
    for name in question.sharing.named if isinstance(question.sharing, Named) else ():
        if a_label(name) != name:
            raise _bad(f"{place}.sharing", f"`{name}` is no domain", "for example northpeak.example")


def _check_known(place: str, word: str, known: Collection[str], kind: str) -> None:
    if word not in known:
        near = did_you_mean(nearest_word(word, known))
        raise _bad(place, f"`{word}` is no {kind}", near or f"for example {min(known)}")


def _typed(value: Any, kind: Any, place: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        where = (place + path.rstrip("`")).lstrip(".") or "the file"
        hint = _HINTS.get(
            where.rpartition(".")[2], "look at a mapping that comes with sayso, or at the documentation of export"
        )
        raise _bad(where, sentence[:1].lower() + sentence[1:], hint) from None


_HINTS = {
    "target": "one of: " + ", ".join(TARGETS),
    "sharing": 'none, processors, anonymised, or {"named": ["a.example"]}',
    "questions": "at least one question: signals and purposes",
}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice, of which the last would silently count."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _bad(twice, "it stands twice in one object", "a key has one place")
    return found


def _bad(place: str, sentence: str, hint: str) -> RequestError:
    return RequestError("bad-mapping", f"mapping: {place}: {sentence}", hint=hint)
