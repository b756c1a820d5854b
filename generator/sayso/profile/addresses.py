"""Company domains and base addresses, normalised and offline (SPEC.md, Companies and Addresses)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Most addresses are in their one form already, and can be seen to be.
_AS_IT_IS = re.compile(
    r"https://(?=[a-z0-9.-]{4,253}/)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?=[a-z0-9-]*[a-z-])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?/(?:[A-Za-z0-9_~-]+/)*"
)
_SEGMENT = re.compile(r"[A-Za-z0-9_~!$&'()*+,;=:@.-]+")


def a_label(host: str) -> str | None:
    """Give a host name in lower-case A-label form (RFC 5890), or None for what is not a host name with a dot."""
    name = host.lower().removesuffix(".")
    if not name.isascii():
        import idna  # its tables are large, and most names are ASCII

        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError:
            return None
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        return None
    return name


def registrable_domain(host: str) -> str | None:
    """Give the registrable domain (public suffix and one label) that a host name lies under, or None if there is none."""
    name = a_label(host)
    return _suffixes(name.rpartition(".")[2]).privatesuffix(name) if name else None


def canonical_base(url: str) -> str | None:
    """Give the one form of a base address: https, lower-case A-label host, no port, query or dot segments, ending in ``/``.

    None for what cannot be one. ``canonical_base(url) == url`` tells whether an address is in that form already.
    """
    if _AS_IT_IS.fullmatch(url):
        return url
    if not url.isprintable():  # what takes it apart would leave tabs and line feeds out
        return None
    from urllib.parse import urlsplit  # takes longer to load than a question to a store takes

    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port
    except ValueError:
        return None
    host = a_label(parts.hostname or "")
    if (
        parts.scheme != "https"
        or host is None
        or port not in (None, 443)
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or "?" in url
        or "#" in url
    ):
        return None
    segments = parts.path.strip("/").split("/") if parts.path.strip("/") else []
    if any(not _SEGMENT.fullmatch(segment) or segment in (".", "..") for segment in segments):
        return None
    return "/".join([f"https://{host}", *segments, ""])


@lru_cache(maxsize=2000)
def _suffixes(top: str) -> PublicSuffixList:
    """Make a list of the rules that names under one top-level domain can meet: the whole one takes long to make."""
    from publicsuffixlist import PublicSuffixList

    spelled = {top, _in_its_own_letters(top)}  # the list writes some so
    return PublicSuffixList([rule for name in spelled for rule in _rules_under(name.encode())])


def _in_its_own_letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode().decode("idna")
    except UnicodeError:
        return label


def _rules_under(top: bytes) -> Iterator[bytes]:
    """Find the rules that end in a top-level domain: lines that are it, or end in a dot and it."""
    data = _bundled()
    place = data.find(top + b"\n")
    while place > 0:
        begin = data.rfind(b"\n", 0, place) + 1
        if (begin == place or data[place - 1 : place] == b".") and not data.startswith(b"//", begin):
            yield data[begin : place + len(top)]
        place = data.find(top + b"\n", place + 1)


@cache
def _bundled() -> bytes:
    """Read the bundled list, its lines without spaces at their ends."""
    from pkgutil import get_data

    data = get_data("publicsuffixlist", "public_suffix_list.dat")
    assert data is not None
    return b"\n" + data.replace(b"\r", b"").rstrip() + b"\n"
