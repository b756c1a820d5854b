"""The only module that touches the network: one file by HTTPS, within a size and a deadline (SPEC.md, Fetching).

No redirects, no cookies, no content encodings, no addresses that are not on the public Internet.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pycurl

from sayso import __version__
from sayso.errors import (
    AddressRefused,
    BadStatus,
    FetchError,
    NotFound,
    RedirectRefused,
    RequestError,
    TimedOut,
    TooLarge,
)

MAX_BYTES = 256 * 1024
DEADLINE = 20.0  # seconds for one file, from the first packet to the last


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


def get(url: str, *, loopback: Loopback | None = None, limit: int = MAX_BYTES, deadline: float = DEADLINE) -> bytes:
    """Fetch the bytes at an https URL: at most ``limit`` bytes within ``deadline`` seconds.

    With ``loopback`` the same path is asked of that server instead, with the URL's host in the Host header.
    Raises NotFound, TooLarge, TimedOut, BadStatus, RedirectRefused, AddressRefused, or FetchError for what else goes wrong.
    """
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise AddressRefused("not-https", f"{url} is not an https address")
    body = bytearray()
    excess: list[int] = []

    def receive(data: bytes) -> int:
        if len(body) + len(data) > limit:
            excess.append(1)
            return -1
        body.extend(data)
        return len(data)

    encodings: list[bytes] = []

    def look_at(line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-encoding" and value.strip().lower() != b"identity":
            encodings.append(value)

    refused: list[str] = []
    handle = pycurl.Curl()
    try:
        _prepare(handle, deadline)
        handle.setopt(pycurl.MAXFILESIZE, limit)
        handle.setopt(pycurl.WRITEFUNCTION, receive)
        handle.setopt(pycurl.HEADERFUNCTION, look_at)
        if loopback is None:
            handle.setopt(pycurl.URL, url)
            handle.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS)
            handle.setopt(pycurl.OPENSOCKETFUNCTION, lambda _purpose, address: _open_public(address, refused))
        else:
            host = f"[{loopback.host}]" if ":" in loopback.host else loopback.host
            handle.setopt(pycurl.URL, f"http://{host}:{loopback.port}{parts.path}")
            handle.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP)
            handle.setopt(pycurl.HTTPHEADER, [f"Host: {parts.netloc}", "Accept-Encoding: identity"])
        handle.perform()
        status = handle.getinfo(pycurl.RESPONSE_CODE)
    except pycurl.error as error:
        status = handle.getinfo(pycurl.RESPONSE_CODE)
        if status in (0, 200):
            raise _translate(error, url, bool(excess), refused, limit, deadline) from None
    finally:
        handle.close()
    if status != 200:
        raise _bad_status(url, status)
    if encodings:
        raise BadStatus("content-encoding", f"{url} comes encoded, though that was not asked for")
    return bytes(body)


def _prepare(handle: Any, deadline: float) -> None:
    handle.setopt(pycurl.TIMEOUT_MS, int(deadline * 1000))
    handle.setopt(pycurl.NOSIGNAL, 1)
    handle.setopt(pycurl.PROXY, "")  # a proxy would be the one whose address is checked
    handle.setopt(pycurl.FOLLOWLOCATION, 0)
    handle.setopt(pycurl.USERAGENT, f"sayso/{__version__}")
    handle.setopt(pycurl.HTTPHEADER, ["Accept-Encoding: identity"])
    handle.setopt(pycurl.SSL_VERIFYPEER, 1)
    handle.setopt(pycurl.SSL_VERIFYHOST, 2)


def _open_public(address: Any, refused: list[str]) -> Any:
    """Open a socket to the very address that was looked up, if it is a public one."""
    ip = ipaddress.ip_address(address.addr[0].partition("%")[0])
    if not _is_public(ip):
        refused.append(str(ip))
        return pycurl.SOCKET_BAD
    return socket.socket(address.family, address.socktype, address.protocol)


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether an address is one of the public Internet; forms of IPv6 that carry another address inside are not."""
    if isinstance(ip, ipaddress.IPv6Address):
        return ip.is_global and ip in _UNICAST and not any(ip in network for network in _NOT_PUBLIC)
    return ip.is_global and not ip.is_multicast


_UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA has given out; NAT64, mapped and local forms lie outside
_NOT_PUBLIC = [ipaddress.ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


def _translate(
    error: pycurl.error, url: str, too_large: bool, refused: list[str], limit: int, deadline: float
) -> FetchError:
    number, text = (*error.args, 0, "")[:2]
    if refused:
        return AddressRefused("address-refused", f"{url} leads to {refused[0]}, which is not on the public Internet")
    if too_large or number == pycurl.E_FILESIZE_EXCEEDED:
        return TooLarge("answer-too-large", f"{url} has more than {limit} bytes")
    if number == pycurl.E_OPERATION_TIMEDOUT:
        return TimedOut("timed-out", f"{url} did not come whole within {deadline:g} seconds", hint="try again later")
    if number == pycurl.E_COULDNT_RESOLVE_HOST:
        return FetchError(
            "no-such-host",
            f"there is no host {urlsplit(url).hostname}",
            hint="check the spelling and your connection",
        )
    return FetchError("network", f"{url} could not be fetched: {text}", hint="try again later")


def _bad_status(url: str, status: int) -> FetchError:
    if status in (404, 410):
        return NotFound(
            "not-found",
            f"there is nothing at {url}",
            hint="check the address: a profile lies at its base URL",
        )
    if 300 <= status < 400:
        return RedirectRefused(
            "redirect-refused", f"{url} points elsewhere", hint="fetch the profile at its own address"
        )
    return BadStatus("bad-status", f"{url} answers with status {status}", hint="try again later")
