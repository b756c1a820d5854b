"""What commands that ask a web server share: the server that may be on this machine, and files that may not be there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from sayso.errors import NotFound


def via_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--unsafe-http-via``: a server on this machine that plays the part of every host."""
    option = click.option(
        "--unsafe-http-via",
        "via",
        metavar="ADDRESS:PORT",
        help="Ask a web server on this machine for the files, by plain HTTP, in place of the real host: for trying things out only.",
    )
    return option(command)


def getter(via: str | None, contact: str | None = None) -> Callable[[str], bytes]:
    """Give what fetches a URL, and tells hosts how to reach us; raises RequestError for a server that is not on this machine."""
    from sayso.reader.http import Loopback, Network, get

    return partial(get, network=Network(Loopback.parse(via) if via else None, contact))


def file_getter(base: str, via: str | None) -> Callable[[str], bytes | None]:
    """Give what fetches a path below a base URL, and gives None where nothing is there."""
    ask = getter(via)

    def fetch(path: str) -> bytes | None:
        try:
            return ask(base + path)
        except NotFound:
            return None

    return fetch
