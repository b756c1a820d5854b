"""One file by HTTPS: its bytes, or an error that says why there are none (SPEC.md, Fetching)."""

from __future__ import annotations

import pycurl

from sayso.reader.failures import failure, not_https
from sayso.reader.handle import PLAIN, Handle, is_askable
from sayso.reader.network import Loopback as Loopback
from sayso.reader.network import Network as Network
from sayso.reader.proxies import Proxies

MAX_BYTES = 256 * 1024
DEADLINE = 20.0  # seconds for one file, from the first packet to the last


def get(
    url: str,
    *,
    loopback: Loopback | None = None,
    limit: int = MAX_BYTES,
    deadline: float = DEADLINE,
    network: Network | None = None,
) -> bytes:
    """Fetch the bytes at an https URL: at most ``limit`` bytes within ``deadline`` seconds.

    With ``loopback`` the same path is asked of that server instead, with the URL's host in the Host header; ``network``
    says more than that. Raises NotFound, TooLarge, TimedOut, BadStatus, RedirectRefused, AddressRefused, or FetchError for
    what else goes wrong.
    """
    if not is_askable(url):
        raise not_https(url)
    handle = Handle(network or Network(loopback), Proxies())
    try:
        handle.ask(url, PLAIN, limit, deadline)
        number, text = 0, ""
        try:
            handle.curl.perform()
        except pycurl.error as error:
            number, text = (*error.args, 0, "")[:2]
        wrong = failure(handle, handle.status, number, text)
        if wrong is not None:
            raise wrong
        return handle.body
    finally:
        handle.curl.close()
