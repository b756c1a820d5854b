"""The mark on the page: earned in the reader's browser from what is served there and then, or not at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from pages.https import Web, web
from pages.profiles import DAY, PROFILES, Profile, ada_at
from pages.visit import visit
from sayso.publish.signing import prepare, sign
from sayso.publish.site import build
from sign_examples import public_test_key, sign_example
from support import AT, BASE, consumer, edit, tree

ADA = PROFILES["full"]
READ_AT = AT + 3_600
PLACES = 12  # in each file, from its first byte to its last
MACHINE_FILES = ("profile.jwt", "keys.jsonl")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build each profile, a second version of Ada's, and somebody else's profile; gives the folder of the sites."""
    folder = tmp_path_factory.mktemp("built")
    for name in ("full", "minimal", "empty", "withdrawn"):
        PROFILES[name].built(folder / "work", folder / name)
    newer = consumer(folder / "work" / "newer")
    edit(newer / "profile.yml", "frequency: 2/P1M", "frequency: 1/P1M")
    sign(prepare(newer, lambda: AT + 60), public_test_key("ada daily"))
    build(newer, folder / "newer", AT + 60)
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture
def site(served: Web, built: Path) -> Path:
    """Serve the full example, whole and fresh, and give the folder that it is served from."""
    return put(served, built / "full", ADA)


def put(web: Web, site: Path, profile: Profile) -> Path:
    place = web.folder(profile.base)
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(site, place)
    return place


def mark(web: Web, base: str = BASE, *, at: int = READ_AT) -> dict[str, str]:
    """Give what the mark of a page says when it has made up its mind: the members of its data set, and its text."""
    with visit(web, at) as seen:
        seen.go(base)
        return said(seen.page.locator("#seal"))


def said(seal: Locator) -> dict[str, str]:
    found: dict[str, str] = seal.evaluate("e => ({...e.dataset})", timeout=5_000)
    return found | {"text": seal.inner_text(timeout=5_000)}


def assert_refused(found: dict[str, str], code: str | None = None) -> None:
    """See that the mark says that this is not to be believed, why, and where in SPEC.md that stands."""
    assert found["state"] == "refused", found
    assert found["code"] == (code or found["code"]), found
    assert re.fullmatch(r"[a-z0-9-]+", found["code"]), found
    assert found["text"].strip()


@pytest.mark.parametrize("name", ["full", "minimal", "empty", "withdrawn"])
def test_what_was_signed_is_verified(name: str, served: Web, built: Path) -> None:
    """The page of a profile as it was built earns the mark."""
    put(served, built / name, PROFILES[name])
    found = mark(served, PROFILES[name].base)
    assert found["state"] == "verified", found
    assert found["text"].strip()


@pytest.mark.parametrize("file", MACHINE_FILES)
def test_one_changed_byte_is_refused(file: str, served: Web, site: Path) -> None:
    """With any one byte of the profile or of the key log changed, the page does not earn the mark."""
    path = site / "sayso" / file
    whole = path.read_bytes()
    with visit(served, READ_AT) as seen:
        for place in range(PLACES):
            data = bytearray(whole)
            at = place * (len(data) - 1) // (PLACES - 1)
            data[at] = ord("B") if data[at] == ord("A") else ord("A")
            path.write_bytes(data)
            seen.go(BASE)
            assert_refused(said(seen.page.locator("#seal")))


def test_it_says_what_is_wrong(served: Web, site: Path) -> None:
    """With a signature that is not right the mark says so, in words, and with the code and the step of SPEC.md."""
    path = site / "sayso" / "profile.jwt"
    data = bytearray(path.read_bytes())
    data[-20] = ord("B") if data[-20] == ord("A") else ord("A")
    path.write_bytes(data)
    found = mark(served)
    assert (found["state"], found["code"], found["step"]) == ("refused", "bad-signature", "6")
    assert "Not verified: do not rely on this page. The signature is wrong. (bad-signature)" in found["text"]


@pytest.mark.parametrize("wanted", ["A" * 43, "A" * 42])
def test_another_identity_in_the_address(wanted: str, served: Web, site: Path) -> None:
    """Who followed an address with an identity is told when another one signs, also when that comes while the page is open."""
    assert site.is_dir()
    with visit(served, READ_AT) as seen:
        seen.go(BASE)
        assert said(seen.page.locator("#seal"))["state"] == "verified"
        seen.page.evaluate("wanted => location.hash = wanted", wanted)
        seen.page.locator("#seal[data-state=refused]").wait_for()
        assert said(seen.page.locator("#seal"))["code"] == "other-identity"
        identity = (site / "sayso" / "profile.json").read_text().partition('"identity":"')[2][:43]
        seen.page.evaluate("wanted => location.hash = wanted", identity)
        seen.page.locator("#seal[data-state=verified]").wait_for()


def test_what_is_over_is_marked_whatever_is_served(served: Web, site: Path) -> None:
    """By the reader's clock alone a page that has ended says so, though no signed file is there any more."""
    shutil.rmtree(site / "sayso")
    with visit(served, AT + 300 * DAY) as seen:
        seen.go(f"{BASE}companies/northpeak.example/")
        assert said(seen.page.locator("#seal"))["state"] == "unknown"
        assert seen.page.locator("#ended").is_visible()
        assert seen.page.locator(".sayso.ended").count() == 1


@pytest.mark.parametrize("file", MACHINE_FILES)
def test_one_byte_more_or_less_is_refused(file: str, served: Web, site: Path) -> None:
    """With a byte taken from the end of a file, or with one more there, the page does not earn the mark."""
    path = site / "sayso" / file
    whole = path.read_bytes()
    for changed in (whole[:-1], whole + b"A", whole + b"\n\n", b""):
        path.write_bytes(changed)
        assert_refused(mark(served))


@pytest.mark.parametrize("file", MACHINE_FILES)
def test_a_missing_file_proves_nothing(file: str, served: Web, site: Path) -> None:
    """Where a file is not there, the page knows nothing: neither that it is right nor that it is wrong."""
    (site / "sayso" / file).unlink()
    found = mark(served)
    assert found["state"] == "unknown", found
    assert found["code"], found
    assert found["text"].strip()


@pytest.mark.parametrize("file", MACHINE_FILES)
def test_a_page_in_place_of_a_file_is_refused(file: str, served: Web, site: Path) -> None:
    """Where a server answers with a page and says that all is well, that is no profile and no key log."""
    shutil.copy(site / "404.html", site / "sayso" / file)
    assert_refused(mark(served))


def test_the_files_of_somebody_else_are_refused(served: Web, site: Path, built: Path) -> None:
    """Another person's profile, rightly signed, is not that of this address."""
    for file in MACHINE_FILES:
        shutil.copy(built / "empty" / "sayso" / file, site / "sayso" / file)
    assert_refused(mark(served), "wrong-address")


def test_the_same_words_of_another_identity_are_refused(served: Web, site: Path, tmp_path: Path) -> None:
    """A profile for this address under other keys, rightly signed too, is not the version that the page tells of."""
    other = ada_at(tmp_path, BASE).rename(tmp_path / "another")
    shutil.rmtree(other / "signed")
    sign_example(other)
    for file in MACHINE_FILES:
        shutil.copy(other / "signed" / file, site / "sayso" / file)
    assert_refused(mark(served), "other-version")


@pytest.mark.parametrize(("page", "files"), [("newer", "full"), ("full", "newer")], ids=["older", "newer"])
def test_another_version_than_that_of_the_page(page: str, files: str, served: Web, built: Path) -> None:
    """A page that tells of one version does not earn the mark by the files of another one, older or newer."""
    site = put(served, built / page, ADA)
    for file in MACHINE_FILES:
        shutil.copy(built / files / "sayso" / file, site / "sayso" / file)
    assert_refused(mark(served), "other-version")
    put(served, built / page, ADA)
    assert mark(served)["state"] == "verified"


def test_what_is_over_is_refused_and_said(served: Web, site: Path) -> None:
    """After its end a profile is refused, and the page says that it is over, where one sees it."""
    assert site.is_dir()
    assert mark(served, at=AT + 180 * DAY)["state"] == "verified"
    with visit(served, AT + 200 * DAY) as seen:
        seen.go(BASE)
        found = said(seen.page.locator("#seal"))
        assert_refused(found, "expired")
        assert seen.page.locator("#seal").is_visible()
        assert re.search(r"\b(expired|over|ended|no longer)\b", found["text"]), found
        assert seen.page.locator("#seal").bounding_box()["y"] < 720  # type: ignore[index]  # without scrolling


def test_what_is_from_the_future_is_refused(served: Web, site: Path) -> None:
    """A profile from after the reader's now is refused; a clock that is five minutes slow does no harm."""
    assert site.is_dir()
    assert_refused(mark(served, at=AT - DAY), "from-the-future")
    assert mark(served, at=AT - 299)["state"] == "verified"


def test_it_asks_for_nothing_but_the_two_files(served: Web, site: Path) -> None:
    """To earn the mark the page asks its own origin for the profile and the key log, and changes nothing else on the page."""
    assert site.is_dir()
    texts = []
    for scripts in (False, True):
        with visit(served, READ_AT, scripts=scripts) as seen:
            seen.go(BASE)
            texts.append(
                seen.page.evaluate("() => { document.querySelector('#seal').remove(); return document.body.innerText }")
            )
            assert seen.faults == []
            asked = [url for url in seen.requests if "/sayso/" in url]
            wanted = [f"{BASE}sayso/{file}" for file in sorted(MACHINE_FILES)] if scripts else []
            assert sorted(asked) == wanted
    assert texts[0] == texts[1]


def test_every_page_of_a_company_has_what_it_tells(served: Web, built: Path) -> None:
    """Wherever a page carries the mark, at whatever depth, it earns it."""
    site = put(served, built / "full", ADA)
    marked = [path for path, content in tree(site).items() if path.endswith(".html") and b'id="seal"' in content]
    assert "index.html" in marked
    for path in marked[:6]:
        assert mark(served, BASE + path.removesuffix("index.html"))["state"] == "verified", path


def test_without_scripts_nothing_is_claimed(served: Web, site: Path) -> None:
    """Without scripts the mark is in sight, says that nothing was checked, and tells how to check by hand."""
    assert site.is_dir()
    with visit(served, READ_AT, scripts=False) as seen:
        seen.go(BASE)
        seal = seen.page.locator("#seal")
        found = said(seal)
        assert found["state"] == "unchecked"
        assert seal.is_visible()
        assert re.search(
            r"\bnot (been |yet )?checked\b|\bunchecked\b|\bnothing (was|has been) checked\b", found["text"], re.I
        )
        assert re.search(rf"sayso (verify|fetch) {re.escape(BASE)}", seen.page.evaluate("document.body.innerText"))
        assert "sayso" in found["text"] or seal.locator("a[href]").count()
