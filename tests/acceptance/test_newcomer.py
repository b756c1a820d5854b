"""A newcomer's walk: from an empty folder and an empty home to a page that is served and verified, with few keys pressed."""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyboard import Keyboard
from loopback_nginx import serve
from pages.https import Web, web
from pages.visit import visit
from support import PASSPHRASE, sayso

MOST = 12  # key presses beyond the answers
ADDRESS = "https://newcomer.example/"


@pytest.fixture
def the_web(tmp_path: Path) -> Iterator[Web]:
    (tmp_path / "web").mkdir()
    with web(tmp_path / "web") as running:
        yield running


def test_a_newcomer_gets_to_a_verified_page(the_web: Web, tmp_path: Path) -> None:
    """Six questions, then the three commands that were shown, then the page earns its mark in a browser, and a marketer verifies it.

    Beyond the answers no more than twelve keys are pressed: Enter behind each answer, and the letter that says yes. What is
    suggested is taken. That commands are typed, or copied from where they are shown, is not counted.
    """
    (tmp_path / "home").mkdir()
    person = Keyboard(tmp_path / "home")
    code, shown = person.run(
        ["init", "my page"],
        [
            (r"1/6(?s:.*)address: $", "newcomer.example"),
            (r"2/6(?s:.*)name .*: $", "Nova"),
            (r"3/6(?s:.*)languages .*: $", ""),
            (r"4/6(?s:.*)starting point: $", "3 northpeak.example"),
            (r"5/6(?s:.*)keys: $", "1 ~/paper.txt"),
            (r"6/6(?s:.*)host .*: $", ""),
            (r"new passphrase: $", PASSPHRASE),
            (r"the same again: $", PASSPHRASE),
        ],
    )
    assert code == 0, shown
    look, sign, build = [shlex.split(line) for line in re.findall(r"^  (sayso .*)$", shown, re.MULTILINE)]
    assert look == ["sayso", "preview", "my page"]  # which test_preview.py walks

    code, shown = person.run(sign[1:], [(r"Sign this\?.*: $", "y"), (r"passphrase for .*: $", PASSPHRASE)])
    assert code == 0, shown
    yes = len("y")
    code, shown = person.run(build[1:])
    assert code == 0, shown
    assert person.enters + yes <= MOST, person.enters

    site = the_web.folder(ADDRESS)
    code, shown = person.run(["publish", "my page", "--to", site, "--no-verify"])
    assert code == 0, shown
    with visit(the_web, int(time.time())) as seen:
        seen.go(ADDRESS)
        assert seen.page.locator("#seal").get_attribute("data-state") == "verified"
        assert "Nova" in seen.page.inner_text("body")
        assert seen.faults == []

    with serve(site) as address:
        shop = tmp_path / "shop"
        shop.mkdir()
        fetched = sayso("fetch", ADDRESS, "--unsafe-http-via", address, "--format", "json", home=shop)
        assert fetched.returncode == 0, fetched.stderr
        assert json.loads(fetched.stdout)["result"]["sequence"] == 1
    files = ("--profile", site / "sayso" / "profile.jwt", "--keys", site / "sayso" / "keys.jsonl")
    assert sayso("verify", "--base", ADDRESS, *files, home=shop).stdout.startswith("verified")
