"""What a host is to say with the files: the policy of the pages, and ``_headers`` for hosts that read it.

Netlify and Cloudflare Pages read ``_headers``, and do not serve it. A header that two of their rules name would be sent
twice in one, so no two rules that meet name the same one.
"""

from __future__ import annotations

#: The policy as a host sends it. Pages of our theme carry it themselves, too, but for its end, which is ignored in a page.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)

_OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}

#: IANA has registered the types of a JWT (RFC 7519) and of a JWK set (RFC 7517), and none for a file of lines. Those of
#: ``keys.jsonl`` are no JSON either, but compact JWS.
_RULES = {
    "/*": {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    },
    "/sayso/*": _OPEN,
    "/.well-known/sayso.json": {**_OPEN, "Content-Type": "application/json"},
    "/sayso/profile.jwt": {"Content-Type": "application/jwt"},
    "/sayso/history/*": {"Content-Type": "application/jwt"},
    "/sayso/profile.json": {"Content-Type": "application/json"},
    "/sayso/history.json": {"Content-Type": "application/json"},
    "/sayso/manifest.json": {"Content-Type": "application/json"},
    "/sayso/jwks.json": {"Content-Type": "application/jwk-set+json"},
    "/sayso/keys.jsonl": {"Content-Type": "text/plain; charset=utf-8"},
}


def headers_file(*, policy: bool, unlisted: bool) -> bytes:
    """Give the content of ``_headers`` for a site at the root of its origin; without ``policy``, none for the pages.

    Search engines are asked to leave out what is ``unlisted``.
    """
    lines = ["# Written by sayso, for hosts that read it (Netlify, Cloudflare)."]
    for path, headers in _RULES.items():
        more = {"X-Robots-Tag": "noindex"} if unlisted and path == "/*" else {}
        lines += [
            path,
            *(
                f"  {name}: {value}"
                for name, value in (headers | more).items()
                if policy or value != CONTENT_SECURITY_POLICY
            ),
        ]
    return ("\n".join(lines) + "\n").encode()
