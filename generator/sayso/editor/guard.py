"""The guard: who may ask, and what for. Everything that is not asked by the person's own browser, from our own pages, is refused.

A page of somebody else's may be given a name that leads to this machine (DNS rebinding): its Host is not ours. It may send a
form to our address: it has neither the cookie, which goes nowhere from other sites, nor the token of the form, and says an
Origin that is not ours. Another program on this machine may be shown the cookie, since cookies know no ports: but only
below our path, which is random too.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import compare_digest, token_urlsafe
from threading import Lock
from urllib.parse import parse_qs

from sayso.editor.exchange import Answer, Request, to

COOKIE = "sayso-edit"
FORM_TYPE = "application/x-www-form-urlencoded"
METHODS = ("GET", "HEAD", "POST")
# A browser keeps a strict cookie from a redirect that a page of another site began, but not from a page that goes on by itself.
_GO_ON = '<!DOCTYPE html><title>sayso</title><meta http-equiv="refresh" content="0; url={0}"><a href="{0}">sayso</a>'


class Guard:
    """Knows the secrets of one run: those of the address that is opened, of the cookie, and of the forms.

    Who opens an address for the second time is shown ``again``, and the next address goes to ``tell``.
    """

    def __init__(self, port: int, again: bytes, tell: Callable[[str], None]) -> None:
        self.root = f"/{token_urlsafe(12)}/"
        self.form_token = token_urlsafe(32)
        self._port, self._cookie = port, token_urlsafe(32)
        self._entry: str | None = token_urlsafe(32)
        self._spent: set[str] = set()
        self._again, self._tell = again, tell
        self._lock = Lock()

    @property
    def address(self) -> str:
        """The address that lets one browser in, once."""
        return f"http://127.0.0.1:{self._port}/?token={self._entry}"

    def stop(self, request: Request) -> Answer | None:
        """Give the answer to a request that goes no further, or None for one that may."""
        if request.header("host") not in (f"127.0.0.1:{self._port}", f"localhost:{self._port}"):
            return Answer(403)
        if request.method not in METHODS:
            return Answer(405, headers={"Allow": ", ".join(METHODS)})
        if request.path == "/" and request.method == "GET":
            return self._entered(request)
        if request.header("sec-fetch-site") not in (None, "same-origin", "none"):
            return Answer(403)
        if not request.path.startswith(self.root) or not self._has_cookie(request):
            return Answer(403)
        if request.method == "POST":
            return self._stop_post(request)
        return None

    def is_form(self, token: str) -> bool:
        """Tell whether a form came from a page of ours."""
        return compare_digest(token.encode(), self.form_token.encode())

    def _entered(self, request: Request) -> Answer:
        """Exchange the token of the first address for a cookie: it works once, and leaves the address bar."""
        if self._has_cookie(request):
            return to(self.root)
        token = parse_qs(request.query).get("token", [""])[0]
        with self._lock:
            if token in self._spent:
                if self._entry is None:
                    self._entry = token_urlsafe(32)
                    self._tell(self.address)
                return Answer(403, self._again)
            if self._entry is None or not compare_digest(token.encode(), self._entry.encode()):
                return Answer(403)
            self._spent.add(self._entry)
            self._entry = None
        cookie = {"Set-Cookie": f"{COOKIE}={self._cookie}; Path={self.root}; HttpOnly; SameSite=Strict"}
        if request.header("sec-fetch-site") in (None, "same-origin", "none"):
            return Answer(303, headers={"Location": self.root, **cookie})
        return Answer(200, _GO_ON.format(self.root).encode(), headers=cookie)

    def _has_cookie(self, request: Request) -> bool:
        sent = request.cookie(COOKIE)
        return sent is not None and compare_digest(sent.encode(), self._cookie.encode())

    def _stop_post(self, request: Request) -> Answer | None:
        if request.header("origin") not in (None, f"http://{request.header('host')}"):
            return Answer(403)
        kind = (request.header("content-type") or "").lower().replace(" ", "")
        if kind not in (FORM_TYPE, f"{FORM_TYPE};charset=utf-8"):
            return Answer(415)
        return None
