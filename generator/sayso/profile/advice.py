"""Advice: what a source may say, but perhaps not what its author means (SPEC.md, Advice).

A warning is likely a slip; an info is for knowing. None of it hinders signing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso import spec
from sayso.errors import Problem
from sayso.instants import DAY, end_of_day
from sayso.profile.coverage import unreachable
from sayso.profile.draft import Draft, ends_first, instant_of, last_day, texts
from sayso.profile.source import Path
from sayso.profile.words import CATEGORY_PATTERN, SCOPE

SOON = 30 * DAY  # seconds

_CATEGORY = re.compile(CATEGORY_PATTERN)
_LIMITS = ("granularity", "lookback", "frequency", "retention", "from", "until")


def advice(draft: Draft) -> Iterator[Problem]:
    """Give everything that the author of a source may want to look at again."""
    yield from _ends(draft)
    yield from _left_out(draft)
    yield from _sensitive(draft)
    yield from _repeated(draft)
    yield from unreachable(draft)
    yield from _full_name(draft)


def _ends(draft: Draft) -> Iterator[Problem]:
    places = [
        ((*path, "until"), instant_of(item.get("until"), end_of_day))
        for path, item in draft.items("grants", "wants")
        if not ends_first(item)
    ]
    valid = draft.mapping("valid")
    for path, end in (*places, (("valid", *valid), draft.end if len(valid) == 1 else None)):
        if end is None or end > draft.at + SOON:
            continue
        if end > draft.at:
            days = -(-(end - draft.at) // DAY)
            message = f"this ends on {last_day(end)}, {'within a day' if days == 1 else f'in {days} days'}"
            yield _info(draft, "ends-soon", message, path, None)
        elif path[0] != "valid":
            message = "this has ended and permits nothing any more"
            yield _warning(draft, "already-ended", message, path, "remove it, or give it a later end")


def _left_out(draft: Draft) -> Iterator[Problem]:
    words = spec.vocabulary().signals
    for path, item in draft.items("grants"):
        named = {name for _, name in texts(item.get("signals"))}
        for where, name in texts(item.get("signals"), (*path, "signals")):
            children = [word for word in words.values() if word.parent == name]
            missing = [word.key for word in children if word.explicit_only and word.key not in named]
            if not missing:
                continue
            if all(word.explicit_only for word in children):
                message = f"`{name}` grants nothing: all that it holds must be named by itself"
                yield _warning(
                    draft, "parent-grants-nothing", message, where, f"name {', '.join(missing)} if you mean it"
                )
            else:
                message = f"`{name}` leaves out `{'`, `'.join(missing)}`"
                yield _info(draft, "explicit-only-left-out", message, where, "if you mean that too, name it by itself")


def _sensitive(draft: Draft) -> Iterator[Problem]:
    named = [
        *(place for path, item in draft.items("grants") for place in texts(item.get("categories"), (*path, "categories"))),
        *(place for path, item in draft.items("wants") for place in texts(item.get("category"), (*path, "category"))),
        *(place for path, item in draft.items("interests") for place in texts(item.get("topic"), (*path, "topic"))),
    ]  # fmt: skip
    verticals = spec.vocabulary().categories
    for path, category in named:
        word = verticals.get(category.partition("-")[0]) if _CATEGORY.fullmatch(category) else None
        if word is not None and word.sensitive:
            message = f"`{category}` ({word.label}) may say something sensitive about you"
            hint = "everybody who finds the profile reads it: the companies, and the whole world"
            yield _warning(draft, "sensitive-category", message, path, hint)


def _repeated(draft: Draft) -> Iterator[Problem]:
    for section in ("grants", "refusals"):
        first: dict[object, Path] = {}
        for path, item in draft.items(section):
            sets = tuple(frozenset(name for _, name in texts(item.get(member))) for member in ("to", *SCOPE))
            sharing = item.get("sharing")
            named = (
                frozenset(name for _, name in texts(sharing.get("named")))
                if isinstance(sharing, dict)
                else repr(sharing)
            )
            mark = (sets, named, tuple(repr(item.get(member)) for member in _LIMITS))
            where = first.setdefault(mark, path)
            if where != path:
                message = f"this says the same as {draft.called(section.removesuffix('s'), where)}"
                yield _warning(draft, "says-the-same", message, path, "remove one of the two")


def _full_name(draft: Draft) -> Iterator[Problem]:
    name = draft.mapping("me").get("name")
    if isinstance(name, str) and sum(map(_is_written_out, name.split())) > 1:
        message = f"`{name}` looks like a full name, and everybody who finds the profile reads it"
        yield _warning(draft, "full-name", message, ("me", "name"), "a first name or a pseudonym would do")


def _is_written_out(word: str) -> bool:
    """Tell whether a part of a name is more than an initial."""
    return word[0].isupper() and sum(map(str.isalpha, word)) > 1


def _warning(draft: Draft, code: str, message: str, path: Path, hint: str | None) -> Problem:
    return draft.problem(code, message, path, hint, severity="warning")


def _info(draft: Draft, code: str, message: str, path: Path, hint: str | None) -> Problem:
    return draft.problem(code, message, path, hint, severity="info")
