"""Taking back: a source without a grant, without a company's grants, without any, or withdrawn as a whole.

The text is edited, and then read again: what is given says exactly what it should, or nothing is given. What it should say
is worked out from the compiled terms, not from the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sayso.errors import NotSigned, ProfileError
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
    SourceError or InvalidProfile for a source with errors, NotSigned where there is nothing to take back, or
    the text is such that it cannot be edited safely.
    """
    source = load(data, name)
    ensure_valid(source, at)
    if STATUS in source.data:
        raise _withdrawn_already(source)
    terms = compile_terms(source, at)
    wanted = terms_without(terms, what)
    if wanted == terms:
        raise NotSigned("nothing-to-revoke", _nothing(what, name), name=name, hint=_hint(what, terms, source))
    remove, replace = _changes(source.data, _named(what))
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

    Raises SourceError or InvalidProfile for a source with errors, NotSigned for one that is withdrawn already, or
    where the text is such that it cannot be edited safely.
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


def _withdrawn_already(source: Source) -> NotSigned:
    line, _ = source.key_position((STATUS,))
    message = f"{source.name} is withdrawn already"
    return NotSigned("already-withdrawn", message, name=source.name, hint=f"line {line} says so")


def terms_without(terms: Terms, what: str | None) -> Terms:
    """Give terms without a grant, a company or, for None, any grant; a grant to everyone no company can lose."""
    named = _named(what)

    def left(name: str, to: tuple[str, ...]) -> tuple[str, ...]:
        if named is None or named == name:
            return ()
        return to if EVERYONE in to else tuple(company for company in to if company != named)

    return msgspec.structs.replace(
        terms,
        grants=tuple(
            msgspec.structs.replace(grant, to=to) for grant in terms.grants if (to := left(grant.id, grant.to))
        ),
        wants=tuple(msgspec.structs.replace(want, open_to=left(_of(want.id), want.open_to)) for want in terms.wants),
    )


def still_allowed(terms: Terms, what: str | None) -> Iterator[str]:
    """Say in which ways a company may still learn something after all that names it was taken back."""
    company = _named(what)
    if company is None or "." not in company:
        return
    for grant in terms.grants:
        if EVERYONE in grant.to:
            yield f"{company} still may what everyone may ({grant.id}), until you refuse it"
        if grant.sharing is not None and not isinstance(grant.sharing, str) and company in grant.sharing.named:
            yield f"{', '.join(grant.to)} still may share with {company} ({grant.id})"


def _named(what: str | None) -> str | None:
    """Give the id of a grant as it is, and a company as its A-label: an id has no dot, a company has one."""
    return (a_label(what) or what) if what and "." in what else what


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
    to_all = [grant.id for grant in terms.grants if EVERYONE in grant.to]
    if what == MEANS_EVERYONE and to_all:
        return f"to everyone there is `{to_all[0]}`: sayso revoke {to_all[0]}"
    if what in groups:
        return f"`{what}` is a group: take back from each of its companies, or a grant by its id"
    if label in {company.domain for company in terms.companies}:
        refusal = f"{{id: no-{label.split('.')[0]}, to: [{label}]}}" if label else ""
        return "no grant names it" + (f"; what everyone may, only a refusal takes from it: {refusal}" if to_all else "")
    names = {company.name: company.domain for company in terms.companies if company.name}
    if meant := nearest_word(what, names):
        return did_you_mean(names[meant])
    companies = {company for grant in terms.grants for company in grant.to} - {EVERYONE}
    if (domain := registrable_domain(what)) in companies:
        return did_you_mean(domain)
    if "." in what:  # what all domains end in alike makes none of them near
        first = {company.split(".")[0]: company for company in sorted(companies, reverse=True)}
        near = nearest_word(what.split(".")[0], first)
        return did_you_mean(first[near]) if near else "no grant names it"
    return did_you_mean(nearest_word(what, sorted(grant.id for grant in terms.grants))) or "no grant names it"


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
