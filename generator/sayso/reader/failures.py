"""What went wrong with one file, in our words."""

from __future__ import annotations

from urllib.parse import urlsplit

import pycurl

from sayso.errors import (
    AddressRefused,
    BadStatus,
    FetchError,
    NotFound,
    RedirectRefused,
    TimedOut,
    TooLarge,
)
from sayso.reader.answers import is_encoded
from sayso.reader.handle import Handle

# Codes that say something of a host rather than of one profile there.
HOST_FAILURES = frozenset({"timed-out", "host-busy", "network", "no-such-host", "bad-certificate", "address-refused"})
_HANDED_OVER = "an address that the person handed to you may be asked for all the same: --handed-over"
_CERTIFICATE = frozenset(
    {
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CACERT,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_INVALIDCERTSTATUS,
    }
)


def not_https(url: str) -> FetchError:
    """Give the error for what is no https URL."""
    return AddressRefused("not-https", f"{url} is not an https address")


def left_alone(host: str, url: str) -> FetchError:
    """Give the error for a profile of a host that is left alone for a while."""
    return FetchError(
        "host-busy",
        f"{url} was not asked for: {host} asked to be left alone for longer, or failed many times in a row",
        hint="try again later",
    )


def too_slow(host: str, delay: float) -> FetchError:
    """Give the error for a host whose robots.txt wants more time between two requests than there is."""
    return FetchError(
        "host-busy",
        f"the robots.txt of {host} asks for {delay:g} seconds between two requests, and that is too long",
        hint=_HANDED_OVER,
    )


def out_of_patience(url: str, patience: float) -> FetchError:
    """Give the error for a profile whose files took too long together."""
    return TimedOut("timed-out", f"{url} did not come whole within {patience:g} seconds", hint="try again later")


def robots_refused(url: str) -> FetchError:
    """Give the error for a profile that the host's robots.txt does not want to be asked for."""
    return FetchError(
        "robots-refused", f"the robots.txt of its host does not let programs ask for {url}", hint=_HANDED_OVER
    )


def robots_unreachable(url: str) -> FetchError:
    """Give the error for a host that cannot tell its rules."""
    return FetchError(
        "robots-unreachable",
        f"the host of {url} cannot give its robots.txt, so nothing is asked there",
        hint=_HANDED_OVER,
    )


def is_passing(status: int, number: int) -> bool:
    """Tell whether it may be over in a moment: too many questions, a fault of the server, or no answer in time."""
    return status == 429 or status >= 500 or (status <= 200 and number == pycurl.E_OPERATION_TIMEDOUT)


def failure(handle: Handle, status: int, number: int, text: str) -> FetchError | None:
    """Give the error of a request that is over, or nothing where the file came: with its status, and libcurl's number (0 for an answer) and text."""
    url = handle.url
    if number == 0 or status > 200:
        if status != 200:
            return _bad_status(url, status)
        if is_encoded(handle.head):
            return BadStatus("content-encoding", f"{url} comes encoded, though that was not asked for")
        return None
    limit, deadline = handle.limits
    if handle.refused:
        return AddressRefused(
            "address-refused", f"{url} leads to {handle.refused}, which is not on the public Internet"
        )
    if handle.overflow or number == pycurl.E_FILESIZE_EXCEEDED:
        return TooLarge("answer-too-large", f"{url} has more than {limit} bytes")
    if number == pycurl.E_OPERATION_TIMEDOUT:
        return TimedOut("timed-out", f"{url} did not come whole within {deadline:g} seconds", hint="try again later")
    if number == pycurl.E_COULDNT_RESOLVE_HOST:
        return FetchError(
            "no-such-host",
            f"there is no host {urlsplit(url).hostname}",
            hint="check the spelling and your connection",
        )
    if number in _CERTIFICATE:
        return FetchError(
            "bad-certificate",
            f"{url} cannot be trusted to be what it says: {text}",
            hint="its host must renew its certificate; if every host fails, SSL_CERT_FILE names the authorities to trust",
        )
    return FetchError("network", f"{url} could not be fetched: {text}", hint="try again later")


def _bad_status(url: str, status: int) -> FetchError:
    if status in (404, 410):
        return NotFound(
            "not-found",
            f"there is nothing at {url}",
            hint="check the address: a profile lies at its base URL",
        )
    if status == 304:
        return BadStatus("bad-status", f"{url} is said not to have changed, though that was not asked")
    if 300 <= status < 400:
        return RedirectRefused(
            "redirect-refused", f"{url} points elsewhere", hint="fetch the profile at its own address"
        )
    if status in (429, 503):
        return BadStatus(
            "host-busy", f"{url} answers that it is too busy, with status {status}", hint="try again later"
        )
    return BadStatus("bad-status", f"{url} answers with status {status}", hint="try again later")
