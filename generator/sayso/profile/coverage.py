"""Grants that permit nothing, because a refusal or a contact rule takes in all of them (SPEC.md, Advice).

Thousands of pairs may have to be looked at, so sets are compared; ``limits.covers`` says the same of categories one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from sayso.errors import Problem
from sayso.profile.addresses import a_label
from sayso.profile.draft import MEANS_EVERYONE, Draft, texts
from sayso.profile.source import Path
from sayso.profile.words import SCOPE, parent

MOST = 1000  # grants and refusals that are compared: as many as a profile may have


def unreachable(draft: Draft) -> Iterator[Problem]:
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
            yield draft.problem("unreachable-grant", message, path, hint, severity="warning")
        elif scope.channels and scope.channels <= never:
            message = f"all channels of this {kind} are never to be used, so that it permits nothing"
            hint = "name another channel, or change the rule under channels"
            yield draft.problem("unreachable-grant", message, path, hint, severity="warning")
        else:
            for where, name in texts(item.get("channels"), (*path, "channels")):
                if name in never:
                    message = f"`{name}` is never to be used, says line {draft.line(('channels', name))}"
                    hint = "remove it here, or change the rule under channels"
                    yield draft.problem("channel-never", message, where, hint, severity="info")


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
    return _Scope(masks(item.get("to")), *(frozenset(name for _, name in texts(item.get(member))) for member in SCOPE))


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
