"""Taking back: a source without a grant, without a company's grants, without any, or withdrawn as a whole.

The text is edited, and then read again: what is given says exactly what it should, or nothing is given. What it should say
is worked out from the compiled terms, not from the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sayso.errors import NotSigned, ProfileError, RequestError
from sayso.profile.addresses import a_label, registrable_domain
from sayso.profile.check import ensure_valid
from sayso.profile.compile import compile_terms
from sayso.profile.draft import MEANS_EVERYONE
from sayso.profile.edit import edited, with_member
from sayso.profile.model import EVERYONE, Terms
from sayso.profile.nearest import did_you_mean, nearest_word
from sayso.profile.source import Path, Source, load

STATUS, WITHDRAWN = "status", "withdrawn"


def revoke(data: bytes, what: str | None, at: int, name: str = "profile.yml") -> bytes:
    """Give the bytes of a source without the grants that are taken back at an instant; ``name`` is what messages call it.

    ``what`` is the id of a grant (``want-<id>`` for that of a want), or a company in any spelling, or None for all there
    is. A company loses every grant but those to everyone; a group that has it is written out without it. Raises
    SourceError or InvalidProfile for a source with errors, RequestError where there is nothing to take back, and NotSigned
    where the text is such that it cannot be edited safely.
    """
    source = load(data, name)
    ensure_valid(source, at)
    if STATUS in source.data:
        raise _withdrawn_already(source)
    terms = compile_terms(source, at)
    named = (a_label(what) or what) if what and "." in what else what  # an id has no dot, a company has one
    wanted = terms_without(terms, named)
    if wanted == terms:
        raise RequestError("nothing-to-revoke", _nothing(what, name), hint=_hint(what, terms, source))
    remove, replace = _changes(source.data, named)
    new = edited(data, remove, replace)
    try:
        again = load(new, name)
        ensure_valid(again, at)
    except ProfileError:
        again = source  # which is not what is wanted
    if compile_terms(again, at) != wanted:
        raise _not_edited(name, f"take it out by hand: {_places(source, [*remove, *replace])}")
    return new


def withdraw(data: bytes, at: int, name: str = "profile.yml") -> bytes:
    """Give the bytes of a source with the line ``status: withdrawn`` below ``sayso``; ``name`` is what messages call it.

    Raises SourceError or InvalidProfile for a source with errors, RequestError for one that is withdrawn already, and
    NotSigned where the text is such that it cannot be edited safely.
    """
    source = load(data, name)
    ensure_valid(source, at)
    if STATUS in source.data:
        raise _withdrawn_already(source)
    new = with_member(data, "sayso", STATUS, WITHDRAWN)
    try:
        again = load(new, name).data
    except ProfileError:
        again = None
    if again != source.data | {STATUS: WITHDRAWN}:
        raise _not_edited(name, f"write by hand, in a line of its own: {STATUS}: {WITHDRAWN}")
    return new


def _withdrawn_already(source: Source) -> RequestError:
    line, _ = source.key_position((STATUS,))
    return RequestError("already-withdrawn", f"{source.name} is withdrawn already", hint=f"line {line} says so")


def terms_without(terms: Terms, what: str | None) -> Terms:
    """Give terms without a grant, a company (as A-label) or, for None, any grant; a grant to everyone no company can lose."""

    def left(name: str, to: tuple[str, ...]) -> tuple[str, ...]:
        if what is None or what == name:
            return ()
        return to if EVERYONE in to else tuple(company for company in to if company != what)

    return msgspec.structs.replace(
        terms,
        grants=tuple(
            msgspec.structs.replace(grant, to=to) for grant in terms.grants if (to := left(grant.id, grant.to))
        ),
        wants=tuple(msgspec.structs.replace(want, open_to=left(_of(want.id), want.open_to)) for want in terms.wants),
    )


def _of(want: str) -> str:
    """Give the id of the grant that a want makes."""
    return f"want-{want}"


def _changes(data: dict[str, Any], what: str | None) -> tuple[list[Path], dict[Path, list[str]]]:
    """Say which entries of a source go, and which names are replaced by which."""
    remove: list[Path] = []
    replace: dict[Path, list[str]] = {}
    for item, name, path, whole in _holders(data):
        value = item[path[-1]]
        names = [value] if isinstance(value, str) else value
        rest = {} if what in (None, name) else _rest(names, str(what), data.get("groups", {}))
        if what in (None, name) or (len(rest) == len(names) and not any(rest.values())):
            remove += whole
            continue
        for place, others in rest.items():
            where = path if isinstance(value, str) else (*path, place)
            if others:
                replace[where] = others
            else:
                remove.append(where)
    return remove, replace


def _holders(data: dict[str, Any]) -> Iterator[tuple[Any, str, Path, list[Path]]]:
    """Give each entry that grants, the id of the grant, the path to its recipients, and all paths that go if it goes."""
    for index, item in enumerate(data.get("grants", [])):
        yield item, item["id"], ("grants", index, "to"), [("grants", index)]
    for index, item in enumerate(data.get("wants", [])):
        if "open_to" in item:
            whole: list[Path] = [("wants", index, member) for member in ("open_to", "channels") if member in item]
            yield item, _of(item["id"]), whole[0], whole


def _rest(names: list[str], company: str, groups: dict[str, list[str]]) -> dict[int, list[str]]:
    """Give for each place in a list of recipients that has a company the names that remain there."""
    if MEANS_EVERYONE in names:
        return {}
    seen = {a_label(name) for name in names} | {company}  # whoever is named twice in a list makes it invalid
    rest: dict[int, list[str]] = {}
    for place, name in enumerate(names):
        members = {member: a_label(member) for member in groups.get(name, [name])}
        if company in members.values():
            rest[place] = [member for member, label in members.items() if label not in seen]
            seen.update(members.values())
    return rest


def _nothing(what: str | None, name: str) -> str:
    return f"{name} grants nothing" if what is None else f"{name} has nothing to take back from `{what}`"


def _hint(what: str | None, terms: Terms, source: Source) -> str | None:
    """Say what was perhaps meant, or why there is nothing."""
    if what is None:
        return None
    label, groups = a_label(what), source.data.get("groups", {})
    if what in groups:
        return f"`{what}` is a group: take back from each of its companies, or a grant by its id"
    if label in {company.domain for company in terms.companies}:
        public = any(EVERYONE in grant.to for grant in terms.grants)
        return "no grant names it" + ("; one to everyone holds until you refuse it" if public else "")
    companies = {company for grant in terms.grants for company in grant.to} - {EVERYONE}
    if (domain := registrable_domain(what)) in companies:
        return did_you_mean(domain)
    return (
        did_you_mean(nearest_word(what, sorted(companies | {grant.id for grant in terms.grants})))
        or "no grant names it"
    )


def _not_edited(name: str, hint: str) -> NotSigned:
    return NotSigned("cannot-edit", f"{name} could not be edited safely", name=name, hint=hint)


def _places(source: Source, paths: list[Path]) -> str:
    """Name the first few grants and wants that paths lead into, each with its line."""
    entries = sorted({path[:2] for path in paths}, key=source.position)
    named = [
        f"the {str(path[0]).removesuffix('s')} `{source.data[path[0]][path[1]]['id']}` in line {source.position(path)[0]}"
        for path in entries
    ]
    return ", ".join(named[:3]) + (f", and {len(named) - 3} more" if len(named) > 3 else "")
