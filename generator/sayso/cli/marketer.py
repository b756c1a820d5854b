"""The marketer's commands: fetch, verify, ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.memory import memory, no_pins_option, pins_option
from sayso.cli.output import answer, at_option, canonical_base_url, format_option, note
from sayso.cli.web import getter, via_option
from sayso.errors import PublishError, RequestError

if TYPE_CHECKING:
    from sayso.profile.policy import Decision, Request
    from sayso.reader.client import Fetched
    from sayso.trust.pin import Pin
    from sayso.trust.verify import Verified


_FETCHED = ("profile.jwt", "profile.json", "keys.jsonl")


@click.command()
@click.argument("base_url")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the files, once verified, in this folder.",
)
@via_option
@pins_option
@no_pins_option
@at_option
@format_option
def fetch(
    base_url: str,
    into: Path | None,
    via: str | None,
    pins_file: Path | None,
    no_pins: bool,
    at: int,
    form: str,
) -> None:
    """Fetch the profile published at BASE_URL and verify it.

    It is compared with what was seen of it before, and remembered (what a server on this machine pretends to be only if --pins
    names a file). Nothing is kept unless it verifies. Exit code 1 for a profile that does not verify, 3 for one that could
    not be had.

    \b
    Example: sayso fetch https://ada.example/ --into ada
    """
    if into is not None:
        _refuse_to_overwrite(into)
    fetched = _fetch(base_url, via, at, pins_file, no_pins=no_pins)
    if into is not None:
        from sayso.disk import new_folder

        contents = (fetched.profile, fetched.verified.envelope.payload, fetched.keys)
        with new_folder(into) as fresh:
            for name, content in zip(_FETCHED, contents, strict=True):
                (fresh / name).write_bytes(content)
    summary = _summary(fetched.verified)
    answer(form, summary, _summary_lines(summary))
    if into is not None:
        note(f"kept in {into}")


@click.command()
@click.option("--profile", type=click.Path(path_type=Path), required=True, help="The signed profile, profile.jwt.")
@click.option("--keys", type=click.Path(path_type=Path), required=True, help="Its key log, keys.jsonl.")
@click.option("--base", required=True, help="The base URL that the two files came from.")
@click.option(
    "--pins",
    "pins_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Compare with what this SQLite file remembers, and remember there; otherwise nothing is.",
)
@at_option
@format_option
def verify(profile: Path, keys: Path, base: str, pins_file: Path | None, at: int, form: str) -> None:
    """Verify files that you have, offline.

    Runs the numbered steps of SPEC.md; the tenth, which compares with what was seen before, if --pins names a memory. Exit
    code 1, with the step and a code, for files that must not be trusted.

    \b
    Example: sayso verify --profile profile.jwt --keys keys.jsonl --base https://ada.example/
    """
    from sayso.disk import read_file
    from sayso.trust.pins import remember
    from sayso.trust.verify import verify as verify_bytes

    files = (read_file(profile), read_file(keys), canonical_base_url(base), at)
    with memory(pins_file, none=pins_file is None) as pins:
        verified = verify_bytes(*files) if pins is None else remember(pins, *files)
    summary = _summary(verified)
    answer(form, summary, _summary_lines(summary))


@click.command()
@click.argument("target", metavar="PROFILE.yml|BASE_URL")
@click.option("--company", required=True, help="Who asks: a company's domain.")
@click.option("--signal", required=True, help="What it would see, for example purchase.history.")
@click.option("--purpose", required=True, help="What for, for example offers.personalised.")
@click.option("--channel", help="How it would reach the person, for example email.")
@click.option("--category", help="About which product category, for example sg.")
@click.option(
    "--granularity",
    type=click.Choice(["event", "item", "category", "band", "aggregate"]),
    help="How fine the data is.",
)
@click.option("--age", type=click.IntRange(min=0), metavar="DAYS", help="How old the oldest data is.")
@click.option("--sharing", metavar="none|processors|anonymised|DOMAIN,…", help="With whom it would be shared.")
@via_option
@pins_option
@no_pins_option
@at_option
@format_option
@click.pass_context
def ask(
    ctx: click.Context,
    /,
    target: str,
    via: str | None,
    pins_file: Path | None,
    no_pins: bool,
    at: int,
    form: str,
    **question: Any,
) -> None:
    """Ask: may this company use this signal for this purpose?

    Asks the published profile at BASE_URL, fetched and verified now as by `sayso fetch`, or your own PROFILE.yml before you
    sign it. Exit code 0 for yes, 1 for no.

    \b
    Example: sayso ask https://ada.example/ --company northpeak.example \\
               --signal purchase.history --purpose offers.personalised --channel email
    """
    from sayso.profile.model import Named
    from sayso.profile.policy import Request, decide

    sharing = question.pop("sharing")
    if sharing is not None and sharing not in ("none", "processors", "anonymised"):
        sharing = Named(named=tuple(part.strip() for part in sharing.split(",")))
    request = Request(**question, sharing=sharing)
    if target.endswith((".jwt", ".json")) and Path(target).is_file():
        raise RequestError(
            "not-a-source",
            f"{target} is no profile.yml",
            hint="ask the base URL that it was fetched from, or the author's profile.yml",
        )
    if _is_local(target):
        if via or pins_file or no_pins:
            raise click.UsageError("--unsafe-http-via, --pins and --no-pins go with a base URL, not with a file")
        from sayso.profile.check import ensure_valid
        from sayso.profile.compile import compile_terms
        from sayso.publish.source_file import read_source

        source = read_source(Path(target))
        ensure_valid(source, at)
        decision = decide(compile_terms(source, at), request, at)
    else:
        fetched = _fetch(target, via, at, pins_file, no_pins=no_pins)
        decision = decide(fetched.verified.payload, request, at, digest=fetched.verified.digest, fetched_at=fetched.at)
    _warn_of_unknown_words(request)
    data = _decision_data(decision)
    answer(form, data, _decision_lines(decision, data, request))
    ctx.exit(0 if decision.verdict == "allow" else 1)


def _refuse_to_overwrite(into: Path) -> None:
    """Only what was fetched before may be replaced: neither other files nor an author's own ``signed/``."""
    authors = (into.resolve().parent / "profile.yml").exists()
    if into.exists() and (authors or not {path.name for path in into.iterdir()} <= {*_FETCHED}):
        raise PublishError(
            "would-overwrite",
            f"{into} holds other files than those of a fetched profile",
            hint="choose a new or empty folder with --into",
        )


def _is_local(target: str) -> bool:
    return Path(target).exists() or Path(target).suffix in (".yml", ".yaml")


def _fetch(url: str, via: str | None, at: int, pins_file: Path | None, *, no_pins: bool) -> Fetched:
    """Fetch with the memory; what a server on this machine pretends to be is not remembered, unless a file for it is named."""
    from sayso.reader.client import fetch as fetch_profile

    base, get = canonical_base_url(url), getter(via)
    with memory(pins_file, none=no_pins or (via is not None and pins_file is None)) as pins:
        seen = pins.get(base) if pins is not None else None
        fetched = fetch_profile(base, at, get, pins)
    _tell_what_lies_between(seen.pin if seen else None, fetched.verified)
    return fetched


def _tell_what_lies_between(pin: Pin | None, verified: Verified) -> None:
    from sayso.profile.hints import count

    if verified.missed:
        note(f"note: {count(verified.missed, 'version')} between the one that was seen last and this were never seen")
    if pin is not None and verified.keylog.disowned(pin.line, pin.sequence, pin.digest):
        note(
            f"note: the person put new keys in the place of the old ones; version {pin.sequence}, which you saw, does not count"
        )


def _summary(verified: Verified) -> dict[str, Any]:
    from sayso.instants import rfc3339
    from sayso.trust.keylog import fingerprint

    payload = verified.payload
    return {
        "sub": payload.sub,
        "identity": payload.identity,
        "fingerprint": fingerprint(payload.identity),
        "sequence": payload.sequence,
        "digest": verified.digest,
        "kid": verified.kid,
        "status": payload.status,
        "iat": rfc3339(payload.iat),
        "exp": rfc3339(payload.exp),
        "grants": len(payload.grants),
        "refusals": len(payload.refusals),
        "missed": verified.missed,
    }


def _summary_lines(data: dict[str, Any]) -> list[str]:
    from sayso.profile.hints import count

    return [
        f"verified     {data['sub']}, version {data['sequence']}, {data['status']}",
        f"holds        {data['iat']} to {data['exp']}",
        f"identity     {data['identity']}",
        f"fingerprint  {data['fingerprint']}",
        f"digest       {data['digest']}",
        f"says         {count(data['grants'], 'grant')}, {count(data['refusals'], 'refusal')}",
    ]


def _decision_data(decision: Decision) -> dict[str, Any]:
    import msgspec

    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(decision))
    return data


def _decision_lines(decision: Decision, data: dict[str, Any], request: Request) -> Iterator[str]:
    from sayso import spec

    asked = (
        f"{request.company} · {request.signal} · {request.purpose}"
        + (f" · {request.channel}" if request.channel else "")
        + (f" · {request.category}" if request.category else "")
    )
    yield f"{decision.verdict}: {asked}"
    for reason in decision.reasons:
        yield f"  reason       {reason}: {spec.codes()['decision'][reason]}"
    if decision.grants:
        yield f"  grants       {', '.join(decision.grants)}"
    if decision.refusals:
        yield f"  refusals     {', '.join(decision.refusals)}"
    for name, value in data.get("limits", {}).items():
        yield f"  {name:<12} {_limit(value)}"
    version = f", version {decision.sequence}" if decision.sequence else ", not signed yet"
    yield f"  basis        {decision.basis}{version}"
    yield f"  valid until  {decision.valid_until}; ask again by {decision.recheck_after}"


def _limit(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_limit(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ("; " if value and isinstance(value[0], dict) else ", ").join(map(_limit, value)) or "none"
    return str(value)


def _warn_of_unknown_words(request: Request) -> None:
    from sayso import spec

    words = spec.vocabulary()
    for kind, word, known in (
        ("signal", request.signal, words.signals),
        ("purpose", request.purpose, words.purposes),
        ("channel", request.channel, words.channels),
    ):
        if word is not None and word not in known:
            from sayso.profile.nearest import did_you_mean, nearest_word

            hint = did_you_mean(nearest_word(word, known))
            note(f"note: `{word}` is no {kind} in the vocabulary" + (f"; {hint}" if hint else ""))
