"""Preview: what is not signed yet, for this machine only, and never to be taken for the real thing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from browser import chromium
from loopback_nginx import free_port
from support import consumer, edit


class Running:
    """A preview that runs: its process, its address, and what it said."""

    def __init__(self, folder: Path, said: Path) -> None:
        self.port, self.said = free_port(), said
        with said.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sayso", "preview", str(folder), "--port", str(self.port)],
                stderr=file,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # who runs the tests may ignore it
                cwd=said.parent,
            )
        self.url = f"http://127.0.0.1:{self.port}/"
        self.until(lambda: "Ctrl-C" in self.said.read_text())

    def until(self, what: object, seconds: float = 30) -> None:
        """Wait until something holds; fails the test with what the process said if it never does."""
        assert callable(what)
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.said.read_text()
            assert self.process.poll() is None, self.said.read_text()
            time.sleep(0.1)

    def get(self, path: str = "", host: str = "") -> tuple[int, str]:
        """Ask for a file; gives status and text."""
        request = urllib.request.Request(self.url + path, headers={"Host": host} if host else {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def preview(folder: Path) -> Iterator[Running]:
    """Run the preview of a folder until the block ends."""
    running = Running(folder, folder.parent / "said.txt")
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)


def test_preview_is_marked_and_holds_nothing_for_machines(tmp_path: Path) -> None:
    """Every page of a preview says that it is none, has no mark to earn, and no signed file is beside it."""
    with preview(consumer(tmp_path)) as running:
        for path in ("", "fr/", "companies/northpeak.example/"):
            status, page = running.get(path)
            assert status == 200
            assert 'class="banner preview"' in page
            assert 'id="seal"' not in page
            assert '<meta name="robots" content="noindex">' in page
            assert "<title>Preview: " in page or "<title>Aperçu" in page
        for file in ("profile.jwt", "profile.json", "keys.jsonl", "history.json", "manifest.json"):
            assert running.get(f"sayso/{file}")[0] == 404
        assert "There is nothing here" in running.get("nowhere")[1]


def test_preview_is_for_this_machine_only(tmp_path: Path) -> None:
    """A name that somebody else gave to this machine gets nothing to see."""
    with preview(consumer(tmp_path, signed=False)) as running:
        assert running.get(host=f"localhost:{running.port}")[0] == 200
        status, page = running.get(host="evil.example")
        assert status == 421
        assert "Northpeak" not in page


def test_preview_follows_what_is_saved(tmp_path: Path) -> None:
    """The page in a browser changes when the profile is saved; a mistake is told, and leaves what was there."""
    ada = consumer(tmp_path)
    with preview(ada) as running, chromium() as browser:
        page = browser.new_page()
        page.goto(running.url)
        page.wait_for_load_state("load")
        edit(ada / "profile.yml", "They remember my boot size.", "They remember everything.")
        page.goto(f"{running.url}companies/northpeak.example/")
        page.get_by_text("They remember everything.").wait_for(timeout=20_000)
        edit(ada / "profile.yml", "lookback: P12M", "lookback: a year")
        running.until(lambda: "bad-format" in running.said.read_text())
        assert "profile.yml:" in running.said.read_text()
        assert "They remember everything." in running.get("companies/northpeak.example/")[1]
        edit(ada / "profile.yml", "lookback: a year", "lookback: P2Y")
        page.get_by_text("2 years").wait_for(timeout=20_000)
        assert "mended" in running.said.read_text()
        assert "Traceback" not in running.said.read_text()


def test_preview_below_a_site(tmp_path: Path) -> None:
    """A profile that lies below the root of a site of one's own is previewed there, with the rest of the site."""
    folder = consumer(tmp_path, "minimal", signed=False)
    (folder / "mkdocs.yml").write_text(
        "site_name: People\nsite_url: https://people.example/\ntheme: {name: sayso}\nplugins: [sayso]\n"
    )
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# All the people\n")
    with preview(folder) as running:
        assert "All the people" in running.get()[1]
        assert 'class="banner preview"' in running.get("bo/")[1]


def test_interrupting_a_preview(tmp_path: Path) -> None:
    """Ctrl-C ends a preview at once, without a traceback, and leaves nothing behind."""
    ada = consumer(tmp_path)
    with preview(ada) as running:
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(20) == 0
        assert "Traceback" not in running.said.read_text()
    assert {path.name for path in ada.iterdir()} == {"profile.yml", "docs", "signed"}


@pytest.mark.parametrize(("problem", "code"), [("port", "port-taken"), ("profile", "bad-format")])
def test_a_preview_that_cannot_begin(problem: str, code: str, tmp_path: Path) -> None:
    """A port that is taken, or a profile with errors from the beginning, ends the preview with one clear line."""
    from loopback_nginx import serve

    ada = consumer(tmp_path)
    if problem == "profile":
        edit(ada / "profile.yml", "lookback: P12M", "lookback: a year")
    with serve(tmp_path) as address:
        port = address.rpartition(":")[2] if problem == "port" else str(free_port())
        done = subprocess.run(
            [sys.executable, "-m", "sayso", "preview", str(ada), "--port", port],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert code in done.stderr
    assert "Traceback" not in done.stderr
