"""The checks of three lines that the page shows to marketers work as they stand there."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from loopback_nginx import serve
from pages.https import Web, web
from pages.profiles import PROFILES
from pages.visit import visit
from support import AT, ROOT, WHEN

FULL = PROFILES["full"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the full example into the folder of a small web."""
    work = tmp_path_factory.mktemp("three")
    FULL.built(work, Web.place(work / "web", FULL.base))
    return work / "web"


@pytest.fixture
def site(root: Path) -> Path:
    return Web.place(root, FULL.base)


def block(site: Path, language: str) -> str:
    """Give what the page shows for a language, with the domain of a company that may in the place of the one to replace."""
    page = (site / "index.html").read_text("utf-8")
    (found,) = re.findall(rf'<pre tabindex="0"><code class="language-{language}">(.*?)</code>', page, re.DOTALL)
    assert len(found.splitlines()) == 3
    return html.unescape(found).replace("shop.example", "northpeak.example")


def test_in_a_terminal(site: Path, tmp_path: Path) -> None:
    """The lines for a terminal fetch, verify and ask, and the answer is yes."""
    with serve(site) as address:
        asked = re.sub(r"(sayso \w+ \S+)", rf"\1 --unsafe-http-via {address} --at {WHEN}", block(site, "sh"))
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["/bin/sh", "-ec", asked], env={"PATH": path, "HOME": str(tmp_path)}, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "allow: northpeak.example" in done.stdout


def test_in_python(site: Path) -> None:
    """The lines in Python print the verdict."""
    with serve(site) as address:
        program = (
            block(site, "python")
            .replace("int(time.time())", str(AT))
            .replace(", now).verified", ", now, via).verified")
        )
        assert "via" in program
        prelude = (
            "from functools import partial\nfrom sayso.reader.http import Loopback, get\n"
            f"via = partial(get, loopback=Loopback.parse({address!r}))\n"
        )
        done = subprocess.run([sys.executable, "-c", prelude + program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "allow\n"), done.stderr


def test_in_javascript(root: Path, site: Path) -> None:
    """The lines in JavaScript run as a module beside a copy of ours, and print what the profile says."""
    place = site / "three"
    place.mkdir()
    (place / "three.js").write_text(block(site, "js"), "utf-8")
    (place / "verify.js").write_bytes((ROOT / "site" / "sayso_theme" / "js" / "verify.js").read_bytes())
    (place / "index.html").write_text(
        '<!DOCTYPE html><title>three</title><script type="module" src="three.js"></script>'
    )
    with web(root) as up, visit(up, FULL.read_at) as seen:
        with seen.page.expect_console_message(lambda message: message.type == "log") as said:
            seen.page.goto(f"{FULL.base}three/")
        assert said.value.args[0].json_value() == "active"
        assert {grant["id"] for grant in said.value.args[1].json_value()} >= {"northpeak-offers", "want-boots"}
