"""Building a site: whole or not at all, and always the same."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from sayso.errors import SaysoError
from sayso.publish.signing import prepare, sign
from sayso.publish.site import build
from sayso.trust.keyfile import PrivateKey
from sign_examples import public_test_key, sign_example
from support import AT, CONSUMERS, consumer, edit, sayso, tree

MACHINE_FILES = {
    "sayso/manifest.json", "_headers",
    ".nojekyll", ".well-known/sayso.json", "sayso/history.json", "sayso/jwks.json", "sayso/keys.jsonl",
    "sayso/profile.json", "sayso/profile.jwt",
}  # fmt: skip


@pytest.mark.parametrize("name", [path.name for path in sorted(CONSUMERS.iterdir())])
def test_twice_the_same(name: str, tmp_path: Path) -> None:
    """Building one signed version twice, on two days, gives the same bytes in every file."""
    folder = consumer(tmp_path, name)
    build(folder, tmp_path / "one", AT)
    build(folder, tmp_path / "two", AT + 86_400 * 30)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    files = tree(tmp_path / "one").keys()
    missing = MACHINE_FILES - files
    assert missing == (
        {".well-known/sayso.json", "_headers"} if name == "minimal" else set()
    )  # minimal is no origin root


def test_page_comes_from_what_is_signed(tmp_path: Path) -> None:
    """The page is made from the payload: a comment in the source is not on it, and the machine files are the signed bytes."""
    ada = consumer(tmp_path)
    build(ada, tmp_path / "site", AT)
    site = tree(tmp_path / "site")
    assert b"when the clocks change" not in b"".join(site.values())
    assert site["sayso/profile.jwt"] == (ada / "signed" / "profile.jwt").read_bytes()
    assert site["sayso/profile.json"] == (ada / "signed" / "profile.json").read_bytes()
    assert b"https://ada.example/about/" in gzip.decompress(site["sitemap.xml.gz"])


def test_unlisted(tmp_path: Path) -> None:
    """Search engines are asked to leave out a site that is to be unlisted, by each page, by the host, and by no list of pages.

    Machines get the same files as ever, but for the rules of the host.
    """
    ada, robots = consumer(tmp_path), b'<meta name="robots" content="noindex">'
    build(ada, tmp_path / "listed", AT)
    build(ada, tmp_path / "site", AT, unlisted=True)
    listed, site = tree(tmp_path / "listed"), tree(tmp_path / "site")
    pages = [path for path in site if path.endswith(".html")]
    assert len(pages) > 3
    assert all(robots in site[path] and robots not in listed[path] for path in pages)
    assert b"X-Robots-Tag: noindex" in site["_headers"]
    assert b"X-Robots-Tag" not in listed["_headers"]
    assert listed.keys() - site.keys() == {"sitemap.xml", "sitemap.xml.gz"}
    same = MACHINE_FILES - {"_headers", "sayso/manifest.json"}
    assert {path: site[path] for path in same} == {path: listed[path] for path in same}


def test_page_asks_nobody(tmp_path: Path) -> None:
    """No page loads anything from another origin, and none holds a script but the one that verifies, a file of the site."""
    build(consumer(tmp_path), tmp_path / "site", AT)
    for path, content in tree(tmp_path / "site").items():
        if path.endswith(".html"):
            html = content.decode()
            assert set(re.findall(r"<script[^>]*>[^<]*", html)) <= {
                f'<script type="module" src="{up}js/page.js">' for up in ("", "../", "../../", "../../../")
            }
            for tag in re.findall(r"<(?:link|img|iframe|object|embed|source)\b[^>]*>", html):
                if 'rel="canonical"' not in tag:
                    assert "//" not in tag, tag


def test_page_says_only_what_is_allowed(tmp_path: Path) -> None:
    """What a refusal or a contact rule takes out of a grant is not on the company's card."""
    build(consumer(tmp_path), tmp_path / "site", AT)
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    cards = dict(re.findall(r'<article class="card" id="([a-z.-]+)">(.*?)</article>', html, re.DOTALL))
    for company in cards:
        page = (tmp_path / "site" / "companies" / company / "index.html").read_text("utf-8")
        for text in (cards[company], page[page.index('id="may"') : page.index("</section>", page.index('id="may"'))]):
            assert ("Everything is refused to this company." in text) == (company == "adtech.example")
            assert "Phone call" not in text
            assert ("Letter post" in text) == (company == "pageturner.example")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("purposes: [research.market]", "purposes: [research.markets]"),
        ("sayso: 1", "sayso: [1"),
        ("lookback: P12M", "lookback: P1M"),
    ],
    ids=["invalid", "not-yaml", "not-signed"],
)
def test_a_failed_build_changes_nothing(old: str, new: str, tmp_path: Path) -> None:
    """An invalid profile, or one that is not signed so, leaves the site before byte for byte and exits 1."""
    ada = consumer(tmp_path)
    build(ada, ada / "public", AT)
    before = tree(ada / "public")
    edit(ada / "profile.yml", old, new)
    done = sayso("build", "ada", "--at", "2026-11-21T09:00:00Z", home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"^ada/profile\.yml:\d+:\d+: [a-z-]+ ", done.stderr, re.MULTILINE)
    assert tree(ada / "public") == before
    assert {path.name for path in ada.iterdir()} == {"profile.yml", "docs", "signed", "public"}


def test_a_failure_of_mkdocs_changes_nothing(tmp_path: Path) -> None:
    """When MkDocs refuses, the message is its own, in one line, and the site before stands."""
    ada = consumer(tmp_path)
    build(ada, tmp_path / "site", AT)
    before = tree(tmp_path / "site")
    (ada / "docs" / "about.md").write_text("[lost](nowhere.md)\n")
    with pytest.raises(SaysoError, match=r"MkDocs could not build the site: .*nowhere\.md") as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "mkdocs-failed"
    assert tree(tmp_path / "site") == before


def test_what_is_taken_back_is_gone(tmp_path: Path) -> None:
    """Take a grant out, sign the next version, build in place: its words are in no file but the signed trace of it."""
    ada = consumer(tmp_path)
    build(ada, ada / "public", AT)
    text = (ada / "profile.yml").read_text("utf-8")
    begin, end = text.index("  - id: basket-refill"), text.index("  - id: basket-suppliers")
    (ada / "profile.yml").write_text(text[:begin] + text[end:], "utf-8")
    sign(prepare(ada, lambda: AT + 60), public_test_key("ada daily"))
    build(ada, ada / "public", AT + 60)
    site = tree(ada / "public")
    assert not [path for path, content in site.items() if b"Free delivery" in content]
    assert [path for path, content in site.items() if b"basket-refill" in content] == ["sayso/profile.json"]


def test_somebody_else_signs_first(tmp_path: Path) -> None:
    """Whoever has begun to sign before another one signed is told so, whichever of them read the clock first."""
    ada, key = consumer(tmp_path), public_test_key("ada daily")

    def another_signs_then_read_the_clock() -> int:
        sign(prepare(ada, lambda: AT + 60), key)
        return AT + 59

    begun = prepare(ada, another_signs_then_read_the_clock)
    before = tree(ada)
    with pytest.raises(SaysoError) as raised:
        sign(begun, key)
    assert raised.value.code == "signed-meanwhile"
    assert tree(ada) == before


@pytest.mark.parametrize("place", [".", "..", "profile.yml", "docs", "signed", "docs/site"])
def test_it_overwrites_nothing_of_yours(place: str, tmp_path: Path) -> None:
    """The output never takes the place of the folder, of a folder around it, or of anything that is not such a site."""
    ada = consumer(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(SaysoError) as raised:
        build(ada, ada / place, AT)
    assert raised.value.code == "would-overwrite"
    assert tree(tmp_path) == before


@pytest.mark.parametrize("added", [".git/HEAD", "CNAME", "blog/index.html"])
def test_it_overwrites_nothing_that_was_added(added: str, tmp_path: Path) -> None:
    """A site to which somebody added a file of their own is not replaced, and the message names the file."""
    ada = consumer(tmp_path)
    build(ada, tmp_path / "site", AT)
    (tmp_path / "site" / added).parent.mkdir(exist_ok=True)
    (tmp_path / "site" / added).write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(SaysoError, match=added) as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "would-overwrite"
    assert tree(tmp_path) == before


def test_a_link_as_output_is_followed(tmp_path: Path) -> None:
    """Where the output is a link, what it points to is replaced, and the link stays."""
    ada = consumer(tmp_path)
    (tmp_path / "www").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "www")
    build(ada, tmp_path / "link", AT)
    build(ada, tmp_path / "link", AT)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "www" / "index.html").is_file()


@pytest.mark.parametrize("link", ["notes.txt", "more", "deep/more"])
def test_links_are_not_published(link: str, tmp_path: Path) -> None:
    """A link in docs/, to a file or to a folder, stops the build."""
    ada = consumer(tmp_path)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "diary.md").write_text("secret")
    (ada / "docs" / link).parent.mkdir(exist_ok=True)
    target = tmp_path / "private" / "diary.md" if link == "notes.txt" else tmp_path / "private"
    (ada / "docs" / link).symlink_to(target)
    with pytest.raises(SaysoError, match="is a link"):
        build(ada, tmp_path / "site", AT)
    assert not (tmp_path / "site").exists()


def test_private_keys_are_not_published(tmp_path: Path) -> None:
    """A private key under any name stops the build."""
    ada = consumer(tmp_path)
    (ada / "docs" / "notes.txt").write_bytes(PrivateKey(bytes(32)).to_openssh(b""))
    with pytest.raises(SaysoError) as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "private-key"
    assert not (tmp_path / "site").exists()


def test_a_site_at_another_address(tmp_path: Path) -> None:
    """A site whose own address is not the profile's would put the files where no reader accepts them: it is refused."""
    ada = consumer(tmp_path)
    (ada / "mkdocs.yml").write_text("site_name: Mine\nsite_url: https://ada.example/blog/\nplugins: [sayso]\n")
    with pytest.raises(SaysoError, match=r"the profile is for https://ada\.example/"):
        build(ada, tmp_path / "site", AT)


def test_a_relative_folder_with_its_own_mkdocs(tmp_path: Path) -> None:
    """A folder with a mkdocs.yml that is named relatively is built like any other."""
    ada = consumer(tmp_path)
    (ada / "mkdocs.yml").write_text("site_name: Mine\ntheme: {name: sayso}\nplugins: [sayso]\n")
    done = sayso("build", "ada", "--at", "2026-11-21T09:00:00Z", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in ada.iterdir()} == {"profile.yml", "docs", "signed", "public", "mkdocs.yml"}


def test_a_page_in_the_place_of_the_profile(tmp_path: Path) -> None:
    """A page of one's own that the profile would hide is not dropped without a word."""
    ada = consumer(tmp_path)
    (ada / "docs" / "index.md").write_text("# Mine\n")
    with pytest.raises(SaysoError, match=r"index\.md is made from your profile"):
        build(ada, tmp_path / "site", AT)


def test_no_site_within_a_site(tmp_path: Path) -> None:
    """A site is not built into another one, where it would be taken for something foreign the next time."""
    ada = consumer(tmp_path)
    build(ada, tmp_path / "site", AT)
    with pytest.raises(SaysoError, match="which is a site itself"):
        build(ada, tmp_path / "site" / "inner", AT)


def test_an_own_mkdocs_site(tmp_path: Path) -> None:
    """A folder with a mkdocs.yml is built with it: its theme, its pages, and the profile where it says."""
    ada = consumer(tmp_path)
    (ada / "docs" / "index.md").write_text("# My own site\n")
    (ada / "mkdocs.yml").write_text(
        "site_name: Mine\nsite_url: https://ada.example/\ntheme: {name: sayso}\nplugins: [sayso: {page: preferences.md}]\n"
    )
    build(ada, tmp_path / "site", AT)
    site = tree(tmp_path / "site")
    assert b"My own site" in site["index.html"]
    assert b"Northpeak Outdoor" in site["preferences/index.html"]
    assert site.keys() >= MACHINE_FILES


def test_an_own_mkdocs_site_without_the_plugin(tmp_path: Path) -> None:
    """A mkdocs.yml that forgets the plugin is told so, and publishes nothing."""
    ada = consumer(tmp_path)
    (ada / "mkdocs.yml").write_text("site_name: Mine\ntheme: {name: sayso}\n")
    with pytest.raises(SaysoError) as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "plugin-missing"
    assert not (tmp_path / "site").exists()


HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% raw %} [x](javascript:alert(1)) **b** <img src=x onerror=alert(1)> &amp; \"'"


def test_mkdocs_itself_with_the_plugin(tmp_path: Path) -> None:
    """``mkdocs build`` in a site of one's own publishes what is signed, and refuses in one line what is not."""
    import subprocess
    import sys
    import time

    ada = consumer(tmp_path, signed=False)
    sign_example(ada, int(time.time()))
    (ada / "mkdocs.yml").write_text("site_name: Mine\ntheme: {name: sayso}\nplugins: [sayso]\n")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=ada, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    site = tree(ada / "site")
    assert site["sayso/profile.jwt"] == (ada / "signed" / "profile.jwt").read_bytes()
    assert site.keys() >= MACHINE_FILES
    edit(ada / "profile.yml", "frequency: 2/P1M", "frequency: 3/P1M")
    done = subprocess.run(command, cwd=ada, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "says something else than what is signed" in done.stderr
    assert "Traceback" not in done.stderr
