"""How the network is reached."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sayso.errors import RequestError
from sayso.reader.public import Address, is_public


@dataclass(frozen=True, slots=True)
class Loopback:
    """A web server on this machine that plays the part of every host, by plain HTTP: for trying things out, never for real."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Loopback:
        """Read ``127.0.0.1:8000`` or ``[::1]:8000``; raises RequestError for anything that is not this machine."""
        parts = urlsplit(f"//{text}")
        try:
            address, port = ipaddress.ip_address(parts.hostname or ""), parts.port
        except ValueError:
            address, port = None, None
        if address is None or port is None or not address.is_loopback:
            raise RequestError(
                "not-loopback",
                f"`{text}` is not a loopback address with a port",
                hint="write address and port and nothing else, for example 127.0.0.1:8000",
            )
        return cls(str(address), port)


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is reached; what is not said here comes from the environment.

    ``loopback`` plays every host. ``contact`` (an e-mail address or a URL) is told to every host. ``permitted`` tells
    which addresses may be connected to. ``resolve`` answers for ``host:port`` with an address, with several that have
    commas between, or with one address and another port; each is checked like any other. ``authorities`` is a file of
    certificates to trust in place of SSL_CERT_FILE, CURL_CA_BUNDLE, and those that libcurl finds.
    """

    loopback: Loopback | None = None
    contact: str | None = None
    permitted: Callable[[Address], bool] = is_public
    resolve: Mapping[str, str] = field(default_factory=dict)
    authorities: Path | None = None
