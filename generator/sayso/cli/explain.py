"""The command that says in plain sentences what companies may do: explain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.output import answer, at_option, format_option
from sayso.cli.tongue import language_option
from sayso.cli.writing import note, write
from sayso.errors import NotSigned, RequestError, VerificationError

if TYPE_CHECKING:
    from sayso.profile.model import Terms
    from sayso.profile.source import Source
    from sayso.profile.wording import Wording
    from sayso.publish.explaining import Explained

_MARKS = {"may": "+", "may not": "-", "says": "="}


@click.command()
@click.argument("company", required=False)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--signed", is_flag=True, help="Explain what is signed, and not profile.yml as it stands.")
@language_option
@at_option
@format_option
def explain(company: str | None, folder: Path | None, signed: bool, language: str, at: int, form: str) -> None:
    """Say in plain sentences what a company may do.

    And what it may not. Of every company, if none is named; a company may be written as on its web site (www.northpeak.example). A line with +
    permits, one with - forbids, one with = is for knowing. Each sentence is an answer to the question that a company would
    ask, with refusals and contact rules taken off, as FOLDER/profile.yml stands.

    \b
    Example: sayso explain northpeak.example examples/consumer/ada
    """
    from sayso.profile.model import EVERYONE
    from sayso.profile.wording import Wording
    from sayso.publish.explaining import explain as explained_of
    from sayso.publish.explaining import state_of
    from sayso.publish.explanation import holds

    if company is not None and folder is None and Path(company).is_dir():
        folder, company = Path(company), None
    folder = folder or Path()
    terms, more = _terms(folder, at, signed=signed)
    domain = None if company is None else _domain(company)
    wanted = (EVERYONE, *(entry.domain for entry in terms.companies)) if domain is None else (domain,)
    state = state_of(terms, at)
    found = [explained_of(terms, each, at) for each in wanted] if state == "live" else []
    words = Wording({entry.domain: entry.name for entry in terms.companies if entry.name}, language)
    first = holds(terms, state, words)
    result = {"sub": terms.sub, "state": state, "language": language, "holds": first, **more}
    companies = [_data(item, words) for item in found]
    answer(form, {**result, "companies": companies}, (first, *_lines(found, words)))
    if more.get("differs"):
        said = words.texts.ngettext(
            "this is profile.yml as it stands; what is signed differs in %(num)d sentence: sayso diff %(folder)s",
            "this is profile.yml as it stands; what is signed differs in %(num)d sentences: sayso diff %(folder)s",
            more["differs"],
        )
        note(said % {"num": more["differs"], "folder": folder})
    elif not signed and "sequence" not in more:
        note(words.texts.gettext("this is profile.yml as it stands; nothing is signed yet"))
    _next(domain, terms, folder, found, words)


def _terms(folder: Path, at: int, *, signed: bool) -> tuple[Terms, dict[str, Any]]:
    """Give what a folder says, and of what is signed the number, and in how many sentences it differs."""
    from sayso.profile.changes import changes
    from sayso.profile.check import ensure_valid
    from sayso.profile.compile import compile_terms
    from sayso.publish.folder import read_keys, read_signed
    from sayso.publish.source_file import read_source
    from sayso.trust.keylog import read_keylog

    if signed:
        base = read_keylog(read_keys(folder)).events[-1].sub
        payload = read_signed(folder, base, None).payload
        return payload, {"basis": "standing-preference", "sequence": payload.sequence}
    source = read_source(folder)
    ensure_valid(source, at)
    more: dict[str, Any] = {"basis": "unsigned-draft"}
    last = _last(folder, source)
    if last is not None:
        differs = len(changes(last, compile_terms(source, last.iat)))
        more |= {"sequence": last.sequence, "differs": differs}
    return compile_terms(source, at), more


def _last(folder: Path, source: Source) -> Any:
    """Give what is signed; None where nothing is, or it is not to be relied on, which `sayso sign` tells."""
    from sayso.publish.folder import read_signed

    try:
        return read_signed(folder, source.data["me"]["url"], None).payload
    except (NotSigned, VerificationError):
        return None


def _domain(company: str) -> str:
    from sayso.profile.addresses import registrable_domain

    domain = registrable_domain(company)
    if domain is None:
        raise RequestError(
            "bad-company",
            f"`{company}` is not a company's domain",
            hint="a company is named by its domain, for example northpeak.example",
        )
    return domain


def _lines(found: list[Explained], words: Wording) -> Iterator[str]:
    from sayso.publish.explanation import heading, lines

    for item in found:
        yield ""
        yield heading(item, words)
        for line in lines(item, words, alone=len(found) == 1):
            yield f"  {_MARKS[line.kind]} {line.text}"


def _next(domain: str | None, terms: Terms, folder: Path, found: list[Explained], words: Wording) -> None:
    """Say what to do next: for a company that is not listed, perhaps to write it as it is listed."""
    from sayso.profile.nearest import did_you_mean, nearest_word

    place = "" if folder == Path() else f" {folder}"
    if found and domain is not None and found[0].entry is None:
        near = did_you_mean(nearest_word(domain, [entry.domain for entry in terms.companies], cutoff=0.8))
        if near:
            write(f"sayso: hint: {near}", err=True)
    given = domain is not None and bool(found) and any(domain in part.grant.to for part in found[0].permissions)
    if given:
        form = words.texts.gettext(
            "next: change it (sayso edit%(folder)s), or take it back (sayso revoke %(company)s%(folder)s)"
        )
    else:
        form = words.texts.gettext("next: change it (sayso edit%(folder)s)")
    note(form % {"folder": place, "company": domain})


def _data(item: Explained, words: Wording) -> dict[str, Any]:
    """Give the facts about one company as JSON data, with the sentences that tell them."""
    import msgspec

    from sayso.publish.explanation import lines

    permits = [
        {
            "grant": part.grant.id,
            "everyone": "*" in part.grant.to,
            "signals": part.signals,
            "purposes": part.purposes,
            "channels": part.channels,
            **{name: value for name, value in _limits(part.grant).items() if value},
            **({"categories": part.categories} if part.categories else {}),
        }
        for part in item.permissions
    ]
    takes = [
        {"grant": taken.grant.id, "whole": taken.whole}
        | ({"refusal": taken.refusal.id} if taken.refusal else {"channel": taken.channel})
        for taken in item.taken
    ]
    return {
        "company": item.domain,
        "listed": item.entry is not None,
        "permits": permits,
        "takes": takes,
        "refusals": [refusal.id for refusal in item.refusals],
        "rules": msgspec.to_builtins(item.rules),
        "ended": [grant.id for grant in item.ended],
        "revoked": [revocation.id for revocation in item.revoked],
        "agreements": {
            "ids": item.agreed.ids,
            "outside": item.agreed.outside,
            "partly": item.agreed.partly,
            "sharing": item.agreed.sharing,
        },
        "sentences": [{"kind": line.kind, "text": line.text} for line in lines(item, words)],
    }


def _limits(grant: Any) -> dict[str, Any]:
    import msgspec

    names = ("granularity", "lookback", "frequency", "retention", "sharing", "from", "until")
    written: dict[str, Any] = msgspec.to_builtins(grant)
    return {name: written.get(name) for name in names}
