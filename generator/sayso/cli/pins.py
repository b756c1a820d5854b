"""The command group ``sayso pins``: what a reader remembers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.memory import store_option, store_path
from sayso.cli.output import answer, canonical_base_url, format_option
from sayso.cli.writing import note
from sayso.errors import PublishError

if TYPE_CHECKING:
    from sayso.trust.pin import Pin


@click.group(short_help="Look at what was seen of profiles, and forget it.")
def pins() -> None:
    """Look at what `fetch` and `ask` remember of profiles, and make them forget."""


@pins.command("list")
@store_option
@format_option
def list_pins(store_file: Path | None, form: str) -> None:
    """List the profiles that were seen: address, version, when, fingerprint.

    \b
    Example: sayso pins list
    """
    from sayso.reader.store import Store

    with Store(store_path(store_file)) as memory:
        result = {"pins": [_data(pin, at, len(memory.contradictions(pin.base))) for pin, at in memory.pins()]}
    answer(form, result, [line for data in result["pins"] for line in _lines(data)])
    note(
        f"remembered in {store_path(store_file)}"
        if result["pins"]
        else f"nothing is remembered in {store_path(store_file)}"
    )


@pins.command()
@click.argument("base_url")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Write both sides of each contradiction into this new folder.",
)
@store_option
@format_option
def contradictions(base_url: str, into: Path, store_file: Path | None, form: str) -> None:
    """Get the documents that contradict each other.

    When a profile was refused because it contradicts one that was seen before, both are kept, with their key logs: each is
    validly signed, so together they prove that somebody contradicted themselves. Exit code 1 if there is none.

    \b
    Example: sayso pins contradictions https://ada.example/ --into both
    """
    from sayso.disk import new_folder
    from sayso.instants import rfc3339
    from sayso.reader.store import Store

    if into.exists():
        raise PublishError("would-overwrite", f"{into} is there already", hint="name a new folder")
    base = canonical_base_url(base_url)
    with Store(store_path(store_file)) as memory:
        found = memory.contradictions(base)
    if found:
        with new_folder(into) as fresh:
            for number, item in enumerate(found, 1):
                for side, profile, keys in (
                    ("seen", item.seen.profile, item.seen.keys),
                    ("refused", item.profile, item.keys),
                ):
                    (fresh / f"{number}-{side}").mkdir()
                    (fresh / f"{number}-{side}" / "profile.jwt").write_bytes(profile)
                    (fresh / f"{number}-{side}" / "keys.jsonl").write_bytes(keys)
    result: dict[str, Any] = {
        "base": base,
        "contradictions": [
            {"code": item.code, "seen_at": rfc3339(item.seen.at), "refused_at": rfc3339(item.at)} for item in found
        ],
    }
    lines = [
        f"{item['code']}: seen {item['seen_at']}, refused {item['refused_at']}" for item in result["contradictions"]
    ]
    answer(form, result, lines)
    note(f"written into {into}" if found else f"nothing of {base} contradicts itself")
    click.get_current_context().exit(0 if found else 1)


@pins.command()
@click.argument("base_url")
@store_option
@format_option
def forget(base_url: str, store_file: Path | None, form: str) -> None:
    """Forget a profile that was seen, so that the next one is believed as if it were the first.

    Do this when the person told you, by another way than the address itself, that they have a new identity. Exit code 1 if
    there was nothing to forget.

    \b
    Example: sayso pins forget https://ada.example/
    """
    from sayso.reader.store import Store

    base = canonical_base_url(base_url)
    with Store(store_path(store_file)) as memory:
        forgotten = memory.forget(base)
    answer(form, {"base": base, "forgotten": forgotten}, [f"forgotten: {base}"] if forgotten else [])
    if not forgotten:
        note(f"{base} was not remembered")
    click.get_current_context().exit(0 if forgotten else 1)


def _data(pin: Pin, seen_at: int, contradictions: int) -> dict[str, Any]:
    from sayso.instants import rfc3339
    from sayso.trust.keylog import fingerprint

    return {
        "base": pin.base,
        "sequence": pin.sequence,
        "identity": pin.identity,
        "fingerprint": fingerprint(pin.identity),
        "seen_at": rfc3339(seen_at),
        "contradictions": contradictions,
    }


def _lines(data: dict[str, Any]) -> list[str]:
    from sayso.profile.hints import count

    lines = [
        f"{data['base']}  version {data['sequence']}, seen {data['seen_at']}",
        f"  fingerprint {data['fingerprint']}",
    ]
    if data["contradictions"]:
        lines.append(
            f"  {count(data['contradictions'], 'contradiction')}: sayso pins contradictions {data['base']} --into FOLDER"
        )
    return lines
