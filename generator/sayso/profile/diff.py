"""Where a source says something else than what was signed, as positions in the source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from sayso.errors import Problem
from sayso.profile.addresses import a_label
from sayso.profile.model import Terms
from sayso.profile.source import Path, Source

# What names an entry within each list of the payload.
_NAMED_BY = {
    "companies": "domain",
    "grants": "id",
    "refusals": "id",
    "channels": "channel",
    "wants": "id",
    "interests": "topic",
}
# What differs without the author having changed anything.
_NOT_COMPARED = {"vocabulary"}


def differences(signed: Terms, now: Terms, source: Source) -> tuple[Problem, ...]:
    """Give each place where terms compiled now from a source differ from the signed ones, in the order of its lines.

    ``now`` is compiled for the instant at which ``signed`` was. Traces of earlier grants do not count.
    """
    old, new = _data(signed), _data(now)
    places = _Places(source)
    found = [
        problem
        for name in sorted({*old, *new} - _NOT_COMPARED)
        if old.get(name) != new.get(name)
        for problem in (
            _entries(name, old.get(name, []), new.get(name, []), places)
            if name in _NAMED_BY
            else _members(name, old, new, places)
        )
    ]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


def _members(name: str, old: dict[str, Any], new: dict[str, Any], places: _Places) -> Iterator[Problem]:
    before, after = old.get(name), new.get(name)
    if isinstance(before, dict) and isinstance(after, dict):
        for member in sorted({*before, *after}):
            if before.get(member) != after.get(member):
                yield places.problem(("me", member), f"me.{member}", before.get(member), after.get(member))
    else:
        path = {"sub": ("me", "url"), "exp": ("valid",)}.get(name, (name,))
        yield places.problem(path, ".".join(path), before, after)


def _entries(name: str, old: list[Any], new: list[Any], places: _Places) -> Iterator[Problem]:
    key = _NAMED_BY[name]
    before, after = ({entry[key]: entry for entry in entries} for entries in (old, new))
    for label in sorted({*before, *after}):
        path = places.entry(name, label)
        if label not in after:
            yield places.problem((name,), f"{name}.{label}", "there", None, gone=True)
        elif label not in before:
            yield places.problem(path, f"{name}.{label}", None, "there", new=True)
        else:
            for member in sorted({*before[label], *after[label]}):
                if before[label].get(member) != after[label].get(member):
                    yield places.problem(
                        (*path, member),
                        f"{name}.{label}.{member}",
                        before[label].get(member),
                        after[label].get(member),
                    )
    if [*before] != [*after] and {*before} == {*after}:
        yield places.problem((name,), f"the order of {name}", [*before], [*after])


class _Places:
    """Finds in the source where a member of the payload comes from."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def entry(self, section: str, label: str) -> Path:
        if (
            section == "grants"
            and (want := self._index("wants", "id", label.removeprefix("want-"))) is not None
            and label.startswith("want-")
        ):
            return ("wants", want)
        if section in ("companies", "channels"):
            names = self._source.data.get(section, {})
            return (section, next((name for name in names if name == label or a_label(name) == label), label))
        index = self._index(section, _NAMED_BY[section], label)
        return (section,) if index is None else (section, index)

    def problem(
        self, path: Path, what: str, before: Any, after: Any, *, gone: bool = False, new: bool = False
    ) -> Problem:
        if gone:
            message = f"`{what}` is signed, but is not here any more"
        elif new:
            message = f"`{what}` is here, but not in what is signed"
        else:
            message = f"`{what}` is signed as {_show(before)}, here it is {_show(after)}"
        line, column = self._source.position(path)
        return Problem("differs-from-signed", message, line, column)

    def _index(self, section: str, key: str, label: str) -> int | None:
        entries = self._source.data.get(section, [])
        return next((index for index, entry in enumerate(entries) if entry[key] == label), None)


def _show(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _data(terms: Terms) -> dict[str, Any]:
    """Give what a source alone says, as plain data: without the chain, and without traces of earlier versions."""
    members = {name: getattr(terms, name) for name in Terms.__struct_fields__}
    data: dict[str, Any] = msgspec.to_builtins(Terms(**(members | {"revocations": ()})))
    return data
