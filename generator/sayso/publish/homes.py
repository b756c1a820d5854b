"""Where a profile is to live: the address that somebody means, and what to know about it before it is signed.

Pure, and offline: who may have pages under a host is told by the Public Suffix List.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sayso.profile.addresses import a_label, canonical_base, registrable_domain
from sayso.publish.starts import Say

#: Hosts of repositories and accounts, and the addresses at which they serve the pages of their users.
_ELSEWHERE = {
    "github.com": "NAME.github.io",
    "gitlab.com": "NAME.gitlab.io",
    "codeberg.org": "NAME.codeberg.page",
    "netlify.com": "NAME.netlify.app",
    "cloudflare.com": "NAME.pages.dev",
}


@dataclass(frozen=True, slots=True)
class Home:
    """An address in its one form, and what its owner should know about it."""

    url: str
    warnings: tuple[str, ...]


def home(text: str, say: Say) -> Home | None:
    """Give the address that somebody means; None for what cannot be the address of a profile."""
    meant = re.sub(r"^http://|/[^/]*\.html?$", "", text.strip(" <>\"'`\t"), flags=re.IGNORECASE)
    url = canonical_base(meant)
    return None if url is None else Home(url, _warnings(url, say))


def _warnings(url: str, say: Say) -> tuple[str, ...]:
    _ = say
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path
    domain = registrable_domain(host)
    if domain in _ELSEWHERE:
        told = _("%(host)s shows accounts, and does not serve pages of yours: they would be at %(address)s")
        return (told % {"host": host, "address": _ELSEWHERE[domain]},)
    if domain is None:
        told = _("%(host)s is nobody's own: many people have addresses under it, such as %(address)s")
        return (told % {"host": host, "address": f"NAME.{a_label(host)}"},)
    if path == "/":
        return ()
    told = _(
        "this is a page below %(origin)s: people must know all of its address, since %(origin)s alone leads nobody to it"
    )
    found = told % {"origin": f"{parts.scheme}://{host}/"}
    if host.endswith((".github.io", ".gitlab.io")):
        better = _("a repository called %(name)s would have the root of this host")
        return (found, better % {"name": host})
    return (found, _("who owns %(host)s can take the page away, and anything below it: is it yours?") % {"host": host})
