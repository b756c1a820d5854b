"""A real Chromium for tests: the system's, else Playwright's own; headless, with a home of its own, and alone with loopback."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from support import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")
ONLY_LOOPBACK = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # so that no test depends on the network

os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(ROOT / ".tools" / "browsers"))  # as in tests/system-tools


def find_chromium(playwright: Playwright) -> str:
    """Give the path of the system's Chromium, else of Playwright's own; fails the test, with advice, without either."""
    for path in (*map(shutil.which, NAMES), playwright.chromium.executable_path):
        if path and Path(path).exists():
            return path
    pytest.fail("there is no Chromium on this machine; `make test` installs one")


@contextmanager
def chromium(https_at: int | None = None) -> Iterator[Browser]:
    """Run a browser until the block ends. Playwright gives it no sandbox: root needs that, and it sees our pages only.

    With ``https_at``, every https address whose host ends with ``.example`` is found at that port of 127.0.0.1.
    """
    rules = f"MAP *.example:443 127.0.0.1:{https_at}, {ONLY_LOOPBACK}" if https_at else ONLY_LOOPBACK
    with (
        tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as home,
        sync_playwright() as driver,
    ):
        environment: dict[str, str | float | bool] = {
            name: value for name, value in os.environ.items() if not name.startswith("XDG_")
        }
        browser = driver.chromium.launch(
            executable_path=find_chromium(driver),
            env={**environment, "HOME": home},
            args=[f"--host-resolver-rules={rules}"],
        )
        try:
            yield browser
        finally:
            browser.close()
