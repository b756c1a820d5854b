"""The form in the browser as a process, and somebody who asks it with every header in hand."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sayso.editor.forms import entries, form_of
from sayso.profile.source import load
from support import WHEN

FORM = "application/x-www-form-urlencoded"


class Browser:
    """What a browser does, with every header in our hands: it knows the cookie once it was let in."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.port = int(re.findall(r":(\d+)/", address)[0])
        self.host = f"127.0.0.1:{self.port}"
        self.cookie = self.root = ""

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Send a request with these headers alone; gives status, headers and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None and "Content-Length" not in (headers or {}):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def enter(self) -> None:
        """Open the address that was printed."""
        status, headers, _ = self.ask("GET", self.address.partition(self.host)[2], {"Host": self.host})
        assert status == 303
        self.cookie, self.root = headers["Set-Cookie"].partition(";")[0], headers["Location"]

    def get(self, place: str = "") -> str:
        """Get a page of ours."""
        status, _, page = self.ask("GET", self.root + place, {"Host": self.host, "Cookie": self.cookie})
        assert status == 200, page
        return page

    def headers(self, **more: str) -> dict[str, str]:
        """Give the headers of a form that is sent from a page of ours."""
        return {
            "Host": self.host,
            "Cookie": self.cookie,
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": FORM,
            **more,
        }

    def post(self, place: str, fields: dict[str, Any]) -> tuple[int, str]:
        """Send a form; gives status and page."""
        status, _, page = self.ask("POST", self.root + place, self.headers(), urlencode(fields, doseq=True).encode())
        return status, page

    def form(self, page: str) -> dict[str, Any]:
        """Give what the last form of a page holds in hidden fields."""
        last = page.rpartition("<form ")[2]
        found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', last)
        return {unescape(name): unescape(value) for name, value in found}


class Editor:
    """A form that is served: its process, what it said, and a browser that it let in."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.file = folder, folder / "profile.yml"
        self.said = folder.parent / "said.txt"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "SSH_"))}
        environment |= {"HOME": str(folder.parent), "XDG_CONFIG_HOME": str(folder.parent / ".config"), "LC_ALL": "C"}
        with self.said.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sayso", "edit", str(folder), "--no-open", "--no-input", "--at", WHEN, *options],
                stderr=file,
                stdin=subprocess.DEVNULL,
                cwd=folder.parent,
                env=environment,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # who runs the tests may ignore it
            )
        end = time.monotonic() + 30
        while not (found := re.search(r"http://\S+", self.said.read_text())):
            assert time.monotonic() < end, self.said.read_text()
            assert self.process.poll() is None, self.said.read_text()
            time.sleep(0.05)
        self.browser = Browser(found[0])

    def values(self, section: str, entry: str = "", **typed: Any) -> dict[str, Any]:
        """Give what the form of an entry holds, with something else typed."""
        shown = form_of(section).values(dict(entries(load(self.file.read_bytes()).data, section))[entry])
        return {**shown, **{name.replace("__", "."): value for name, value in typed.items()}}

    def change(self, do: str, what: str, section: str, entry: str = "", **typed: Any) -> tuple[int, str]:
        """Send a change of what stands there now."""
        hidden = self.browser.form(self.browser.get(f"edit?section={section}&entry={entry}" if what == "edit" else ""))
        values = self.values(section, entry, **typed) if what == "edit" else typed
        return self.browser.post(
            "change", {**hidden, "step": what, "section": section, "entry": entry, **values, "do": do}
        )


@contextmanager
def editor(folder: Path, *options: str) -> Iterator[Editor]:
    """Serve the form of a folder until the block ends."""
    running = Editor(folder, *options)
    try:
        running.browser.enter()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)
