"""A request and an answer, whatever carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}

#: What our own pages may do: show our style, our script and our preview, and be sent back to us.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: The preview runs no script, sends no form, and stands in our own pages alone.
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self'; sandbox allow-same-origin"
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser, or somebody else, asks: names of headers are in small letters."""

    method: str
    path: str
    query: str
    headers: Mapping[str, tuple[str, ...]]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give the value of a header, or None; one that was sent twice is no value that anything equals."""
        values = self.headers.get(name)
        return ", ".join(values) if values else None

    def cookie(self, name: str) -> str | None:
        """Give the value of a cookie; None for one that was not sent once."""
        parts = (part.strip().partition("=") for part in (self.header("cookie") or "").split(";"))
        found = [value for key, _, value in parts if key == name]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back; ``framed`` for the preview, which stands in a frame of ours."""

    status: int
    body: bytes = b""
    kind: str = "html"
    headers: Mapping[str, str] = field(default_factory=dict)
    framed: bool = False

    def all_headers(self) -> dict[str, str]:
        """Give every header: nothing is stored, guessed, framed or shown by anybody else."""
        return {
            "Content-Type": _TYPES[self.kind],
            "Content-Length": str(len(self.body)),
            "Content-Security-Policy": PREVIEW_POLICY if self.framed else PAGE_POLICY,
            "X-Frame-Options": "SAMEORIGIN" if self.framed else "DENY",
            "Cache-Control": "no-store",
            # Not `no-referrer`: a browser would then say `Origin: null` when it posts a form to us.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            **self.headers,
        }


def to(place: str) -> Answer:
    """Send the browser to another place of ours, with GET."""
    return Answer(303, headers={"Location": place})
