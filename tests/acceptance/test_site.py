"""The pages in a site: in several languages, in a MkDocs site of one's own, and with nothing left of what was taken back."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from loopback_nginx import free_port
from sayso import spec
from sayso.errors import SaysoError
from sayso.publish.signing import prepare, sign
from sayso.publish.site import build
from sayso.trust.keyfile import PrivateKey
from sign_examples import public_test_key, sign_example
from support import AT, ROOT, consumer, edit, tree

NOW = {**os.environ, "SOURCE_DATE_EPOCH": str(AT)}
KEY = public_test_key("ada daily")


def with_settings(folder: Path, theme: str, plugin: str = "sayso", more: str = "") -> Path:
    """Give a consumer's folder a mkdocs.yml with a theme and the plugin."""
    (folder / "mkdocs.yml").write_text(
        f"site_name: Mine\ntheme: {{name: {theme}}}\nplugins: [{plugin}]\n{more}", "utf-8"
    )
    return folder


def run(program: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Let MkDocs or ProperDocs build a folder, as of the day on which the examples were signed."""
    command = [sys.executable, "-m", program, "build", "--strict", *more]
    return subprocess.run(command, cwd=folder, env=NOW, capture_output=True, text=True, check=False)


def html_of(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text("utf-8")


def test_every_company_has_an_address_in_every_language(tmp_path: Path) -> None:
    """There is a page for each company in each language that the person speaks, and each leads to the others."""
    ada = consumer(tmp_path)
    edit(ada / "profile.yml", "languages: [en, fr]", "languages: [fr, pl, de-AT, ar]")
    sign(prepare(ada, lambda: AT + 60), KEY)
    build(ada, tmp_path / "site", AT + 60)
    homes = {"fr": "", "de": "de/", "ar": "ar/"}
    for language, home in homes.items():
        first = html_of(tmp_path / "site", home)
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in first
        for entry in (ada / "profile.yml").read_text().split("groups:")[0].split("companies:")[1].splitlines():
            for domain in re.findall(r"^  ([a-z-]+\.example):", entry):
                page = html_of(tmp_path / "site", f"{home}companies/{domain}")
                assert f'href="companies/{domain}/"' in first
                assert set(re.findall(r'<a href="[^"]*" lang="(\w+)"', page)) == {*homes}
                assert domain in page
    assert not (tmp_path / "site" / "pl").exists()


def test_who_withdraws_is_withdrawn_in_every_language(tmp_path: Path) -> None:
    """After withdrawing, each language has a page that says so, and no page of a company is left."""
    ada = consumer(tmp_path)
    build(ada, ada / "public", AT)
    edit(ada / "profile.yml", "valid: {for: P6M}", "valid: {for: P6M}\nstatus: withdrawn")
    sign(prepare(ada, lambda: AT + 60), KEY)
    build(ada, ada / "public", AT + 60)
    marks = {"": "Withdrawn", "de/": "Widerrufen", "fr/": "Retiré", "ar/": "مسحوب"}
    for home, mark in marks.items():
        page = html_of(ada / "public", home)
        assert re.search(rf"<title>{mark}", page)
        assert 'class="banner withdrawn"' in page
    assert not [path for path in tree(ada / "public") if "companies/" in path]
    assert b"Northpeak" not in b"".join(tree(ada / "public").values())


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_in_a_theme_of_somebody_else(theme: str, tmp_path: Path) -> None:
    """In another theme the pages bring their style sheet and their script along, and hosts are told no policy for them."""
    ada = with_settings(consumer(tmp_path), theme)
    build(ada, tmp_path / "site", AT)
    site = tree(tmp_path / "site")
    for path, up in (("index.html", ""), ("fr/companies/fixit.example/index.html", "../../../")):
        head = site[path].decode().partition("</head>")[0]
        assert f'<link rel="stylesheet" href="{up}sayso/assets/css/profile.css">' in head
        assert f'<script type="module" src="{up}sayso/assets/js/page.js"></script>' in head
        assert f'<link rel="alternate" type="application/jwt" href="{up}sayso/profile.jwt">' in head
    for name in ("css/profile.css", "js/page.js", "js/verify.js"):
        assert site[f"sayso/assets/{name}"] == (ROOT / "site" / "sayso_theme" / name).read_bytes()
    assert b"Content-Security-Policy" not in site["_headers"]
    assert b"profile.css" not in site["about/index.html"]


@pytest.mark.parametrize(("theme", "says"), [("mkdocs", "Suivant"), ("readthedocs", "Suivant")])
def test_other_themes_keep_their_language(theme: str, says: str, tmp_path: Path) -> None:
    """What another theme says in its own language it goes on saying."""
    ada = with_settings(consumer(tmp_path), f"{theme}, locale: fr")
    build(ada, tmp_path / "site", AT)
    assert says in "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html"))


def test_below_the_root_of_a_site(tmp_path: Path) -> None:
    """A profile whose address lies below that of the site has its pages and files there, and only there."""
    folder = with_settings(consumer(tmp_path, "minimal"), "sayso", more="site_url: https://people.example/\n")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# People\n")
    build(folder, tmp_path / "site", AT)
    site = tree(tmp_path / "site").keys()
    assert {"index.html", ".nojekyll", "bo/index.html", "bo/sayso/profile.jwt", "bo/sayso/keys.jsonl"} <= site
    assert not [path for path in site if path.startswith(("companies/", ".well-known")) or path == "sayso/profile.jwt"]


def test_chosen_languages_and_names(tmp_path: Path) -> None:
    """In a site of one's own the languages can be chosen, and the menu names the page as it is told to."""
    plugin = "sayso: {page: preferences.md, languages: [de]}"
    ada = with_settings(
        consumer(tmp_path), "sayso", plugin, "nav:\n  - Home: about.md\n  - What I share: preferences.md\n"
    )
    build(ada, tmp_path / "site", AT)
    page = html_of(tmp_path / "site", "preferences")
    assert "Auf einen Blick" in page
    assert '<nav class="languages"' not in page
    assert "What I share</bdi>" in page
    assert 'href="../sayso/profile.jwt"' in page
    assert (tmp_path / "site" / "preferences" / "companies" / "fixit.example" / "index.html").is_file()


def test_a_language_without_texts(tmp_path: Path) -> None:
    """A language that there are no texts for is refused in the settings."""
    ada = with_settings(consumer(tmp_path), "sayso", "sayso: {languages: [tlh]}")
    with pytest.raises(SaysoError, match="tlh") as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "mkdocs-failed"


def test_properdocs_builds_the_same(tmp_path: Path) -> None:
    """ProperDocs and MkDocs make the same site of the same folder, byte for byte."""
    ada = with_settings(consumer(tmp_path), "sayso")
    shutil.copy(ada / "mkdocs.yml", ada / "properdocs.yml")
    for program in ("mkdocs", "properdocs"):
        done = run(program, ada, "--site-dir", str(tmp_path / program))
        assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "mkdocs") == tree(tmp_path / "properdocs")
    assert ".nojekyll" in tree(tmp_path / "properdocs")


@pytest.mark.parametrize("program", ["mkdocs", "properdocs"])
def test_nothing_stays_behind_in_place(program: str, tmp_path: Path) -> None:
    """Building in place with MkDocs itself, what was taken back is gone, and so are files with a dot that no longer belong."""
    ada = with_settings(consumer(tmp_path), "sayso")
    assert run(program, ada).returncode == 0
    assert (ada / "site" / ".well-known" / "sayso.json").is_file()
    (ada / "site" / ".own").write_text("mine")
    old = with_settings(consumer(tmp_path / "old", "minimal"), "sayso")
    for name in ("profile.yml", "signed"):
        shutil.rmtree(ada / name) if (ada / name).is_dir() else (ada / name).unlink()
        shutil.move(old / name, ada / name)
    done = run(program, ada)
    assert done.returncode == 0, done.stderr
    site = tree(ada / "site")
    assert ".well-known/sayso.json" not in site
    assert site[".own"] == b"mine"
    assert not [path for path, content in site.items() if b"Northpeak" in content]


@pytest.mark.parametrize("program", ["mkdocs", "properdocs"])
def test_serving_shows_what_is_saved(program: str, tmp_path: Path) -> None:
    """The server of MkDocs shows what is signed and, once the profile says something else, a preview of that."""
    ada = with_settings(consumer(tmp_path), "sayso", more="site_url: https://ada.example/\n")
    shutil.copy(ada / "mkdocs.yml", ada / "properdocs.yml")
    url = f"127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [sys.executable, "-m", program, "serve", "--dev-addr", url], cwd=ada, env=NOW, stderr=subprocess.DEVNULL
    )

    def said() -> str:
        try:
            with urllib.request.urlopen(f"http://{url}/companies/northpeak.example/", timeout=20) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    def wait_for(text: str) -> str:
        end = time.monotonic() + 30
        while text not in (page := said()):
            assert time.monotonic() < end, page
            time.sleep(0.2)
        return page

    try:
        assert 'class="banner preview"' not in wait_for("They remember my boot size.")
        edit(ada / "profile.yml", "They remember my boot size.", "They remember everything.")
        page = wait_for("They remember everything.")
        assert 'class="banner preview"' in page
        assert 'id="seal"' not in page
    finally:
        server.terminate()
        server.wait(20)


def test_what_is_nobodys_is_not_published(tmp_path: Path) -> None:
    """Files that lie about in the folder, in signed/ too, are in no file of the site."""
    ada = consumer(tmp_path)
    for place in ("diary.txt", "signed/diary.txt", "signed/history/diary.jwt", "signed/disowned/1.jwt", "docs/.diary"):
        (ada / place).parent.mkdir(exist_ok=True)
        (ada / place).write_text("dear diary")
    before = tree(ada)
    build(ada, tmp_path / "site", AT)
    assert not [path for path, content in tree(tmp_path / "site").items() if b"dear diary" in content]
    assert tree(ada) == before


def test_a_repository_in_the_place_of_the_site(tmp_path: Path) -> None:
    """What has a dot and was in the folder before MkDocs built there stays there, a git repository above all."""
    ada = with_settings(consumer(tmp_path), "sayso")
    subprocess.run(["git", "init", "-q", "site"], cwd=ada, check=True)
    (ada / "site" / ".htaccess").write_text("mine")
    for _ in range(2):
        assert run("mkdocs", ada).returncode == 0
        subprocess.run(["git", "rev-parse", "--git-dir"], cwd=ada / "site", check=True, capture_output=True)
        assert (ada / "site" / ".htaccess").read_text() == "mine"
    assert ".git" not in (ada / "site" / "sayso" / "manifest.json").read_text()


def test_a_theme_that_undoes_escaping(tmp_path: Path) -> None:
    """In a theme that takes tags out of titles, and so brings back what was escaped, a name makes no tag all the same."""
    ada = with_settings(consumer(tmp_path), "null, custom_dir: theme")
    (ada / "theme").mkdir()
    (ada / "theme" / "main.html").write_text(
        "<html><head><title>{{ page.title|striptags }}</title></head><body>{{ page.content }}</body></html>"
    )
    edit(ada / "profile.yml", "{name: Marginalia, ", '{name: "</title><script>alert(1)</script>", ')
    sign(prepare(ada, lambda: AT + 60), KEY)
    build(ada, tmp_path / "site", AT + 60)
    page = html_of(tmp_path / "site", "companies/marginalia.example")
    assert "<script>" not in page
    assert page.count("</title>") == 1


@pytest.mark.parametrize("link", ["docs", "theme/leak.txt"])
def test_links_are_not_followed(link: str, tmp_path: Path) -> None:
    """Neither the folder of pages nor a file of a theme of one's own may be a link: nobody knows what it publishes."""
    ada = consumer(tmp_path)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "diary.txt").write_text("dear diary")
    if link == "docs":
        shutil.rmtree(ada / "docs")
        (ada / "docs").symlink_to(tmp_path / "secret")
    else:
        with_settings(ada, "sayso, custom_dir: theme")
        (ada / "theme").mkdir()
        (ada / link).symlink_to(tmp_path / "secret" / "diary.txt")
    with pytest.raises(SaysoError) as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "link-in-site"
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("form", ["utf-16", "between tags", "jwk"])
def test_private_keys_in_disguise(form: str, tmp_path: Path) -> None:
    """A private key stops the build in UTF-16, cut by the tags of a highlighter, and as a JWK."""
    ada = consumer(tmp_path)
    pem = PrivateKey(bytes(32)).to_openssh(b"").decode()
    if form == "utf-16":
        (ada / "docs" / "notes.txt").write_text(pem, "utf-16")
    elif form == "jwk":
        (ada / "docs" / "notes.json").write_text(f'{{"kty": "OKP", "crv": "Ed25519", "d": "{"A" * 43}"}}')
    else:
        words = " ".join(f"<span>{word}</span>" for word in pem.split(" "))
        (ada / "docs" / "notes.html").write_text(f"<pre>{words}</pre>")
    with pytest.raises(SaysoError) as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "private-key"


def test_commands_on_the_page_are_quoted(tmp_path: Path) -> None:
    """An address that a shell would read as a command stands in quotes in the lines that people copy."""
    ada = consumer(tmp_path, signed=False)
    edit(ada / "profile.yml", "https://ada.example/", "https://ada.example/$(id);echo/")
    sign_example(ada)
    build(ada, tmp_path / "site", AT)
    for page in (html_of(tmp_path / "site", ""), html_of(tmp_path / "site", "companies/fixit.example")):
        commands = re.findall(r"sayso (?:fetch|ask) ([^\s<]+)", html.unescape(page))
        assert set(commands) == {"'https://ada.example/$(id);echo/'"}


def test_ones_own_headers_win(tmp_path: Path) -> None:
    """A _headers file of one's own is published as it is."""
    ada = consumer(tmp_path)
    (ada / "docs" / "_headers").write_text("/*\n  X-Mine: yes\n")
    build(ada, tmp_path / "site", AT)
    assert (tmp_path / "site" / "_headers").read_text() == "/*\n  X-Mine: yes\n"


def test_a_plugin_that_changes_a_signed_file(tmp_path: Path) -> None:
    """Where something else changes a signed file while the site is built, the build fails, and says which file."""
    ada = with_settings(consumer(tmp_path), "sayso", more="hooks: [minify.py]\n")
    (ada / "minify.py").write_text(
        "from pathlib import Path\n"
        "def on_post_build(config):\n"
        "    file = Path(config.site_dir) / 'sayso' / 'profile.json'\n"
        "    file.write_bytes(file.read_bytes() + b' ')\n"
    )
    with pytest.raises(SaysoError, match=r"sayso/profile\.json") as raised:
        build(ada, tmp_path / "site", AT)
    assert raised.value.code == "file-changed"
    assert not (tmp_path / "site").exists()


def test_what_the_page_tells_is_what_is_there(tmp_path: Path) -> None:
    """Every grant of the full example stands on the page of each company that has it, with its limits in words."""
    ada = consumer(tmp_path)
    build(ada, tmp_path / "site", AT)
    page = html_of(tmp_path / "site", "companies/northpeak.example")
    for said in (
        "Purchase history with this company", "Personal offers", "E-mail", "Sporting Goods", "product categories only",
        "1 year", "2 times a month", "90 days", "with nobody", "10 % member discount", "21 May 2027",
        "Boots and rain wear, please", "part of Sporting Goods (sg-3)", 'aria-current="step">Buy again',
    ):  # fmt: skip
        assert said in page, said
    meaning = spec.vocabulary().signals["purchase.history"].definition
    assert meaning in page
    first = html_of(tmp_path / "site", "")
    ends = first[first.index('<ol class="ends">') : first.index("</ol>", first.index('<ol class="ends">'))]
    days = re.findall(r'datetime="([0-9-]+)"', ends)
    assert days == ["2026-12-20", "2027-02-28", "2027-03-31", "2027-05-21"]
