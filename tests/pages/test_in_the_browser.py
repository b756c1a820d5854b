"""The example of a marketer's own page: in a real browser it tells what verifies, what does not, and what nobody can tell."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from pages.https import Web, web
from pages.profiles import PROFILES
from pages.verify_runner import VERIFY_JS
from pages.visit import Visit, visit
from sayso.trust.keylog import fingerprint
from sayso.trust.verify import verify
from support import AT, BASE, ROOT, consumer

EXAMPLE = ROOT / "examples" / "marketer" / "in-the-browser"
HERE = "https://marketer.example/"
READABLE = "/sayso/*\n  Access-Control-Allow-Origin: *\n"
AXE = ROOT / ".tools" / "npm" / "node_modules" / "axe-core" / "axe.min.js"


def publish(root: Path, work: Path, host: str, headers: str = READABLE) -> Path:
    """Serve Ada's signed files at a host, to be read by the pages that its headers let read them."""
    site = root / host
    shutil.copytree(consumer(work / host) / "signed", site / "sayso")
    if headers:
        (site / "_headers").write_text(headers, "utf-8")
    return site / "sayso"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    work, root = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("web")
    shutil.copytree(EXAMPLE, root / "marketer.example", ignore=shutil.ignore_patterns("verify.js"))
    shutil.copy(VERIFY_JS, root / "marketer.example")
    publish(root, work, "ada.example")
    publish(root, work, "copied.example")
    publish(root, work, "closed.example", headers="")
    changed = publish(root, work, "changed.example") / "profile.jwt"
    changed.write_bytes(changed.read_bytes().replace(b".", b"..", 1))
    wanda = PROFILES["withdrawn"]
    folder = wanda.make(work)
    shutil.copytree(folder / "signed", root / "wanda.example" / "sayso")
    (root / "wanda.example" / "_headers").write_text(READABLE, "utf-8")
    with web(root) as running:
        yield running


@contextmanager
def at_desk(sites: Web, at: int, **options: Any) -> Iterator[Visit]:
    """Open the example's page at an instant."""
    with visit(sites, at, **options) as seen:
        seen.page.clock.set_fixed_time(at)  # in seconds
        seen.go(HERE)
        yield seen


def ask(page: Page, base: str) -> dict[str, str]:
    """Type an address, press Enter, and give what the page answers: the verdict, and what it says of what."""
    page.get_by_label("Address of the profile").fill(base)
    page.keyboard.press("Enter")
    answer = page.get_by_role("status")
    answer.get_by_role("heading").wait_for()
    names, values = answer.locator("dt").all_inner_texts(), answer.locator("dd").all_inner_texts()
    return {"verdict": answer.get_by_role("heading").inner_text(), **dict(zip(names, values, strict=True))}


def test_what_verifies(sites: Web) -> None:
    """Of a profile that verifies the page says who, which version, when it ends, and the fingerprint; no request goes elsewhere."""
    signed = sites.folder(BASE) / "sayso"
    verified = verify((signed / "profile.jwt").read_bytes(), (signed / "keys.jsonl").read_bytes(), BASE, AT)
    with at_desk(sites, AT) as seen:
        assert ask(seen.page, BASE) == {
            "verdict": "Verified",
            "Who": "Ada",
            "Address": BASE,
            "Version": "1",
            "Holds from": "2026-11-21T09:00:00Z",
            "Ends": "2027-05-21T09:00:00Z",
            "Fingerprint": fingerprint(verified.payload.identity),
            "Digest": verified.digest,
        }
        own = [f"{HERE}{name}" for name in ("", "check.css", "check.js", "verify.js")]
        files = [f"{BASE}sayso/{name}" for name in ("profile.jwt", "keys.jsonl")]
        assert sorted(seen.requests) == sorted([*own, *files])
        assert not seen.faults


@pytest.mark.parametrize("typed", ["https://ada.example", "ada.example", " ada.example/ "])
def test_an_address_as_people_type_it(typed: str, sites: Web) -> None:
    """The https and the slash at the end need not be typed."""
    with at_desk(sites, AT) as seen:
        assert ask(seen.page, typed)["Address"] == BASE


def test_what_is_withdrawn(sites: Web) -> None:
    """A withdrawn profile verifies, and the page says that it permits nothing."""
    wanda = PROFILES["withdrawn"]
    with at_desk(sites, wanda.read_at) as seen:
        told = ask(seen.page, wanda.base)
    assert (told["verdict"], told["Version"]) == ("Verified", "2, withdrawn: it permits nothing")
    assert told["Who"] == "somebody who gives no name"


@pytest.mark.parametrize(
    ("base", "at", "reason"),
    [
        ("https://copied.example/", AT, "(wrong-address, step 8)"),
        ("https://changed.example/", AT, "(not-three-segments, step 2)"),
        (BASE, AT - 3_600, "(from-the-future, step 9)"),
        (BASE, AT + 400 * 86_400, "(expired, step 9)"),
    ],
)
def test_what_does_not_verify(sites: Web, base: str, at: int, reason: str) -> None:
    """Of a profile that is refused the page says why, with step and code, and nothing that it says."""
    with at_desk(sites, at) as seen:
        told = ask(seen.page, base)
    assert told["verdict"] == "Not verified"
    assert told["Why"].endswith(reason)
    assert {*told} == {"verdict", "Why"}


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        ("https://closed.example/", "its host lets no other site read it (network)"),
        ("https://nobody.example/", "(network)"),
        ("Ada", "(bad-base-url)"),
    ],
)
def test_what_nobody_can_tell(sites: Web, base: str, reason: str) -> None:
    """Where a host is closed to other sites, or there is none, or no address was typed, nothing is said to verify or not to."""
    with at_desk(sites, AT) as seen:
        told = ask(seen.page, base)
    assert told["verdict"] == "Could not check"
    assert told["Why"].endswith(reason)
    assert {*told} == {"verdict", "Why"}


def test_one_answer_after_another(sites: Web) -> None:
    """A later answer takes the place of an earlier one, and leaves nothing of it."""
    with at_desk(sites, AT) as seen:
        assert ask(seen.page, BASE)["verdict"] == "Verified"
        seen.page.get_by_label("Address of the profile").fill("https://copied.example/")
        seen.page.get_by_role("button", name="Check").click()
        seen.page.get_by_role("heading", name="Not verified").wait_for()
        assert "Ada" not in seen.page.get_by_role("status").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier(sites: Web, scheme: str) -> None:
    """Axe finds no barrier in the page, before an answer and with one, and it fits a small screen."""
    with at_desk(sites, AT, color_scheme=scheme, viewport={"width": 320, "height": 640}) as seen:
        seen.page.evaluate(AXE.read_text("utf-8"))
        for _ in range(2):
            found = seen.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            assert [rule["id"] for rule in found["violations"]] == []
            assert seen.page.evaluate("document.documentElement.scrollWidth") == 320
            ask(seen.page, BASE)


def test_without_scripts(sites: Web) -> None:
    """Without scripts the page says what to do instead."""
    with at_desk(sites, AT, scripts=False) as seen:
        assert "sayso fetch" in seen.page.locator("noscript").inner_text()
