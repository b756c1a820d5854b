"""A visit to a page: a browser's context with a clock of its own, and a record of all that the page does meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, Response

from pages.https import Web

SETTLED = "#seal:not([data-state=unchecked]):not([data-state=checking])"
#: What a person can read, without the mark that only a script can earn.
TEXT = "() => { document.querySelector('#seal')?.remove(); return document.body.innerText }"


@dataclass
class Visit:
    """A page, and what it asked for, complained of, and asked the reader, wherever it went."""

    page: Page
    scripts: bool
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        """Open an address, and wait until the mark, if there is one and scripts run, has made up its mind."""
        self.page.goto(address)
        if self.scripts and self.page.locator("#seal").count():
            self.page.locator(SETTLED).wait_for(state="attached", timeout=10_000)

    def foreign(self, base: str) -> list[str]:
        """Give the requests that went anywhere else than to the origin of an address."""
        origin = urlsplit(base)[:2]
        return [url for url in self.requests if urlsplit(url)[:2] != origin]

    def said(self, message: ConsoleMessage) -> None:
        """Note what the console shows as an error or a warning, but for the page of a missing address that is one."""
        at = message.location["url"]
        expected = at == self.page.url and "status of 404" in message.text
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"{message.type}: {message.text} ({at})")

    def answered(self, response: Response) -> None:
        """Note a request of the page that was refused."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"status {response.status}: {response.url}")


@contextmanager
def visit(web: Web, at: int, *, scripts: bool = True, **options: Any) -> Iterator[Visit]:
    """Give a page in a fresh context, at an instant (seconds, UTC), until the block ends."""
    with web.browser.new_context(ignore_https_errors=True, java_script_enabled=scripts, **options) as context:
        page = context.new_page()
        page.clock.set_fixed_time(at)
        seen = Visit(page, scripts)

        def asked(dialog: Dialog) -> None:
            seen.faults.append(f"{dialog.type}: {dialog.message}")
            dialog.dismiss()

        def requested(request: Request) -> None:
            seen.requests.append(request.url)

        context.on("request", requested)
        context.on("dialog", asked)
        page.on("console", seen.said)
        page.on("response", seen.answered)
        page.on("pageerror", lambda error: seen.faults.append(f"uncaught: {error}"))
        yield seen


def addresses(site: Path, base: str, *, most: int = 3) -> list[str]:
    """Give the address of each page of a site, or of some, that of a missing one for its 404 page."""
    return [base + address_of(path.relative_to(site).as_posix()) for path in sample(site, most=most)]


def sample(site: Path, *, most: int = 3) -> list[Path]:
    """Give the pages of a site.

    Of many pages in the folders of one folder, those of companies perhaps, only the first, the last and the largest.
    """
    families: dict[Path, list[Path]] = {}
    for path in sorted(site.rglob("*.html")):
        families.setdefault(path.parent.parent if path.parent != site else site / "own", []).append(path)
    found: list[Path] = []
    for pages in families.values():
        large = max(pages, key=lambda path: path.stat().st_size)
        found += pages if len(pages) <= most else dict.fromkeys([pages[0], pages[-1], large])
    return found


def address_of(path: str) -> str:
    """Give the address, below the base, at which a reader finds a file of the site."""
    return "no/such/page/" if path == "404.html" else re.sub(r"(^|/)index\.html$", r"\1", path)


def collapsed(text: str) -> str:
    """Give a text with its white space as HTML collapses it."""
    return " ".join(re.split(r"[ \t\n\f\r]+", text)).strip(" ")
