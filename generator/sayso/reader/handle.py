"""A handle of libcurl that asks for one file after the other, each within a size and a deadline (SPEC.md, Fetching).

No redirects, no cookies, no content encodings, no addresses that are not on the public Internet. The address is checked
as the socket to it is opened, so it is the one that is connected to, whatever the name leads to a moment later. Where the
environment names a proxy, the proxy finds the target: then only the proxy is connected to, wherever it is, and the address
behind the name cannot be checked.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import suppress
from typing import Any

import pycurl

from sayso import __version__
from sayso.reader.network import Network
from sayso.reader.proxies import Proxies

PLAIN = ["Accept-Encoding: identity"]  # the header lines of a request without conditions


def is_askable(url: str) -> bool:
    """Tell whether a URL can be asked for: https, a host, and nothing that could break out of a line of the request."""
    return (
        url.startswith("https://") and url.find("/", 8) > 8 and url.isascii() and url.isprintable() and " " not in url
    )


class Handle:
    """What is asked for and what came of it: set by ``ask``, filled while libcurl is at work, read when it is done."""

    __slots__ = (
        *("chunks", "curl", "head", "overflow", "refused", "task", "url"),
        *("_asked_headers", "_limit", "_network", "_origin", "_proxies", "_proxy", "_size", "_size_option", "_timeout"),
    )

    def __init__(self, network: Network, proxies: Proxies) -> None:
        self.url = ""
        self.chunks: list[bytes] = []
        self.head = bytearray()  # all header lines, those of a proxy and of interim answers too
        self.overflow = False  # there was more than the limit; the chunks are cut there
        self.refused: str | None = None  # an address that was not connected to
        self.task: Any = None  # for whoever uses the handle
        self._network, self._proxies, self._proxy = network, proxies, ""
        self._asked_headers: list[str] = []
        self._limit = self._size_option = self._timeout = self._size = 0
        self.curl = curl = pycurl.Curl()
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOPROXY, "")  # else libcurl could go past a proxy by itself, to an address nobody checked
        curl.setopt(pycurl.FOLLOWLOCATION, 0)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        contact = "".join(c for c in network.contact or "" if c.isascii() and c.isprintable())
        curl.setopt(pycurl.USERAGENT, f"sayso/{__version__} (+{contact})" if contact else f"sayso/{__version__}")
        curl.setopt(pycurl.WRITEFUNCTION, self._receive)
        curl.setopt(pycurl.HEADERFUNCTION, self.head.extend)
        self._origin = ""
        if network.loopback is not None:
            host = network.loopback.host
            self._origin = f"http://{f'[{host}]' if ':' in host else host}:{network.loopback.port}"
            curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP)
        else:
            self._prepare_https()

    def _prepare_https(self) -> None:
        curl, network = self.curl, self._network
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.SSL_VERIFYPEER, 1)
        curl.setopt(pycurl.SSL_VERIFYHOST, 2)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        authorities = network.authorities or os.environ.get("SSL_CERT_FILE") or os.environ.get("CURL_CA_BUNDLE")
        if authorities:
            curl.setopt(pycurl.CAINFO, os.fsencode(authorities))
        elsewhere = {name: at for name, at in network.resolve.items() if "]:" in at or at.count(":") == 1}
        curl.setopt(pycurl.CONNECT_TO, [f"{name}:{at}" for name, at in elsewhere.items()])
        curl.setopt(pycurl.RESOLVE, [f"{name}:{at}" for name, at in network.resolve.items() if name not in elsewhere])

    def ask(self, url: str, headers: list[str], limit: int, deadline: float, *, cut: bool = False) -> None:
        """Make ready to ask for a URL that ``is_askable``, with header lines, at most ``limit`` bytes in ``deadline`` seconds.

        With ``cut`` an answer that is announced as longer is begun all the same: somebody wants its beginning.
        """
        curl, path = self.curl, url.find("/", 8)
        self.url, self.refused, self.overflow, self._size, self._limit = url, None, False, 0, limit
        self.chunks.clear()
        self.head.clear()
        if self._origin:
            curl.setopt(pycurl.URL, self._origin + url[path:])
            curl.setopt(pycurl.HTTPHEADER, [f"Host: {url[8:path]}", *headers])
        else:
            curl.setopt(pycurl.URL, url)
            if headers is not self._asked_headers:
                curl.setopt(pycurl.HTTPHEADER, headers)
                self._asked_headers = headers
            proxy = self._proxies.of(url[8:path])
            if proxy != self._proxy:
                curl.setopt(pycurl.PROXY, proxy)
                self._proxy = proxy
        size_option = 0 if cut else limit
        if size_option != self._size_option:
            curl.setopt(pycurl.MAXFILESIZE, size_option)
            self._size_option = size_option
        timeout = max(int(deadline * 1000), 1)
        if timeout != self._timeout:
            curl.setopt(pycurl.TIMEOUT_MS, timeout)
            self._timeout = timeout

    @property
    def status(self) -> int:
        """The status of the answer; 0 where there is none, or only a proxy's."""
        return int(self.curl.getinfo(pycurl.RESPONSE_CODE))

    @property
    def body(self) -> bytes:
        """The bytes that came."""
        return self.chunks[0] if len(self.chunks) == 1 else b"".join(self.chunks)

    @property
    def limits(self) -> tuple[int, float]:
        """How many bytes were to come, and within how many seconds."""
        return self._limit, self._timeout / 1000

    def _receive(self, data: bytes) -> int | None:
        self._size += len(data)
        if self._size > self._limit:
            self.chunks.append(data[: len(data) + self._limit - self._size])
            self.overflow = True
            return -1
        self.chunks.append(data)
        return None

    def _open(self, _purpose: int, address: Any) -> Any:
        ip = ipaddress.ip_address(address.addr[0].partition("%")[0])
        if not self._proxy and not self._network.permitted(ip):
            self.refused = str(ip)
            return pycurl.SOCKET_BAD
        return _Opened(socket.socket(address.family, address.socktype, address.protocol))


class _Opened:
    """A socket on its way to libcurl, which takes a copy of it: this one is to be closed, and without a warning."""

    def __init__(self, opened: socket.socket) -> None:
        self._opened = opened

    def fileno(self) -> int:
        return self._opened.fileno()

    def __del__(self) -> None:
        with suppress(OSError):
            self._opened.close()
