"""Advice: what a source may say, but perhaps not what its author means (SPEC.md, Advice).

A warning is likely a slip; an info is for knowing. None of it hinders signing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from sayso import spec
from sayso.errors import Problem
from sayso.instants import DAY, end_of_day
from sayso.profile.addresses import a_label
from sayso.profile.draft import MEANS_EVERYONE, Draft, ends_first, instant_of, last_day, texts
from sayso.profile.source import Path
from sayso.profile.words import parent

SOON = 30 * DAY  # seconds
MOST = 1000  # grants and refusals that are compared: as many as a profile may have

_SETS = ("signals", "purposes", "channels", "categories")
_LIMITS = ("granularity", "lookback", "frequency", "retention", "sharing", "from", "until")


def advice(draft: Draft) -> Iterator[Problem]:
    """Give everything that the author of a source may want to look at again."""
    yield from _ends(draft)
    yield from _left_out(draft)
    yield from _sensitive(draft)
    yield from _repeated(draft)
    yield from _unreachable(draft)


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
        word = verticals.get(category.partition("-")[0])
        if word is not None and word.sensitive:
            message = f"`{category}` ({word.label}) may say something about your health, belief or family"
            hint = "everybody who finds the profile reads it: the companies, and the whole world"
            yield _warning(draft, "sensitive-category", message, path, hint)


def _repeated(draft: Draft) -> Iterator[Problem]:
    for section in ("grants", "refusals"):
        first: dict[object, Path] = {}
        for path, item in draft.items(section):
            sets = tuple(frozenset(name for _, name in texts(item.get(member))) for member in ("to", *_SETS))
            mark = (sets, tuple(repr(item.get(member)) for member in _LIMITS))
            where = first.setdefault(mark, path)
            if where != path:
                message = f"this says the same as {draft.called(section.removesuffix('s'), where)}"
                yield _warning(draft, "says-the-same", message, path, "remove one of the two")


def _unreachable(draft: Draft) -> Iterator[Problem]:
    """Point out what one refusal covers wholly, or what only uses channels that are never to be used."""
    masks = _Masks(draft)
    never = {channel for channel, rule in draft.mapping("channels").items() if rule == "never"}
    refusals = [(path, _scope(item, masks)) for path, item in islice(draft.items("refusals"), MOST)]
    for path, item in (*islice(draft.items("grants"), MOST), *islice(_answers(draft), MOST)):
        kind, scope = "want" if path[0] == "wants" else "grant", _scope(item, masks)
        covering = next((where for where, refusal in refusals if _covers(refusal, scope)), None)
        if covering is not None:
            message = f"{draft.called('refusal', covering)} covers this {kind}, so that it permits nothing"
            hint = "remove one of the two, or make the refusal narrower"
            yield _warning(draft, "unreachable-grant", message, path, hint)
        elif scope.channels and scope.channels <= never:
            message = f"all channels of this {kind} are never to be used, so that it permits nothing"
            hint = "name another channel, or change the rule under channels"
            yield _warning(draft, "unreachable-grant", message, path, hint)
        else:
            for where, name in texts(item.get("channels"), (*path, "channels")):
                if name in never:
                    message = f"`{name}` is never to be used, says line {draft.line(('channels', name))}"
                    hint = "remove it here, or change the rule under channels"
                    yield _info(draft, "channel-never", message, where, hint)


def _answers(draft: Draft) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give the wants that somebody may answer, as the grants that they stand for."""
    for path, item in draft.items("wants"):
        if "open_to" in item:
            categories = [item["category"]] if "category" in item else []
            scope = {"signals": ["intent.declared"], "purposes": ["intent.response"], "categories": categories}
            yield path, {**scope, "to": item["open_to"], "channels": item.get("channels", [])}


class _Scope(NamedTuple):
    """What a grant or a refusal is about; ``to`` has a bit for each company."""

    to: int
    signals: frozenset[str]
    purposes: frozenset[str]
    channels: frozenset[str]
    categories: frozenset[str]


def _scope(item: Mapping[str, Any], masks: _Masks) -> _Scope:
    return _Scope(masks(item.get("to")), *(frozenset(name for _, name in texts(item.get(member))) for member in _SETS))


def _covers(refusal: _Scope, grant: _Scope) -> bool:
    """Tell whether a refusal takes in all of a grant; no channels and no categories of a grant are not all of them."""
    return bool(
        grant.to
        and not grant.to & ~refusal.to
        and _all_in(grant.signals, refusal.signals)
        and _all_in(grant.purposes, refusal.purposes)
        and (not refusal.channels or (grant.channels and grant.channels <= refusal.channels))
        and (
            not refusal.categories
            or (grant.categories and all(_under(name, refusal.categories) for name in grant.categories))
        )
    )


def _all_in(words: frozenset[str], named: frozenset[str]) -> bool:
    """Tell whether each word, or its parent, is among those that a refusal names; none named are all."""
    return bool(words) and (
        not named or words <= named or all(word in named or parent(word) in named for word in words)
    )


def _under(category: str, named: frozenset[str]) -> bool:
    """Tell whether a category lies under one of several."""
    parts = category.split("-")
    return any("-".join(parts[:end]) in named for end in range(1, len(parts) + 1))


class _Masks:
    """Turns recipients into sets of companies that compare fast: a bit for each company, all bits for everyone."""

    def __init__(self, draft: Draft) -> None:
        self._groups = draft.groups
        self._bits = {label: 1 << index for index, label in enumerate(draft.companies)}
        self._known: dict[str, int] = {MEANS_EVERYONE: -1}

    def __call__(self, value: Any) -> int:
        mask = 0
        for _, name in texts(value):
            if name not in self._known:
                members = [member for _, member in texts(self._groups.get(name, [name]))]
                self._known[name] = sum({self._bits.get(a_label(member) or "", 0) for member in members})
            mask |= self._known[name]
        return mask


def _warning(draft: Draft, code: str, message: str, path: Path, hint: str | None) -> Problem:
    return draft.problem(code, message, path, hint, severity="warning")


def _info(draft: Draft, code: str, message: str, path: Path, hint: str | None) -> Problem:
    return draft.problem(code, message, path, hint, severity="info")
