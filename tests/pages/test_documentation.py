"""The project's own site, as it would be published: its pages, and the signed profile in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pages.https import Web, web
from pages.test_page import NPM, TAGS
from pages.visit import visit
from support import AT, ROOT

BASE = "https://sayso.example/"
PAGES = ("", "start/", "read/", "web/", "reference/members/", "reference/words/", "reference/commands/", "reference/plugin/",
         "explanation/page/", "decisions/", "demo/", "demo/ar/", "demo/de/companies/northpeak.example/")  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Build the documentation and serve it at its address."""
    root = tmp_path_factory.mktemp("documentation")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(Web.place(root, BASE))],
        cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": str(AT)}, check=True,
    )  # fmt: skip
    with web(root) as running:
        yield running


def test_no_barrier(site: Web) -> None:
    """On pages of every kind axe finds no barrier, nothing foreign is asked for, and 320 pixels are enough."""
    axe = (NPM / "axe-core" / "axe.min.js").read_text("utf-8")
    found = []
    with visit(site, AT + 60, viewport={"width": 320, "height": 700}) as seen:
        for path in PAGES:
            seen.go(BASE + path)
            seen.page.evaluate(axe)
            result = seen.page.evaluate(
                "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
            )
            found += [f"{path} {rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in result["violations"]]
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            found += [f"{path} is {wide} wide"] if wide > 320 else []
        assert seen.foreign(BASE) == []
        assert seen.faults == []
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("demo/")])
def test_the_profile_in_it_is_genuine(path: str, site: Web) -> None:
    """The profile that the documentation shows is verified in the reader's browser, in each language."""
    with visit(site, AT + 60) as seen:
        seen.go(BASE + path)
        assert seen.page.locator("#seal").get_attribute("data-state") == "verified"


def test_it_fits_every_screen(site: Web) -> None:
    """On a wide screen, where the menu stands beside the text, nothing is wider than the window either."""
    with visit(site, AT + 60, viewport={"width": 1280, "height": 900}) as seen:
        for path in PAGES:
            seen.go(BASE + path)
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280, path


def test_pictures_are_there(site: Web) -> None:
    """Every picture of the documentation is a file of the project that `make pictures` writes."""
    wanted = {path.name for path in (ROOT / "site" / "content" / "pictures").glob("*.png")}
    text = (Web.place(site.root, BASE) / "explanation" / "page" / "index.html").read_text("utf-8")
    assert wanted == {"desktop.png", "company.png", "phone.png", "dark.png", "arabic.png"}
    assert all(f"pictures/{name}" in text for name in wanted)
