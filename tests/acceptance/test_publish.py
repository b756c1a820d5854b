"""Publishing: into a folder, to a branch, and by the workflow of a host; and what is served afterwards."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from loopback_nginx import serve
from sayso import __version__
from sayso.errors import SaysoError
from sayso.publish.files import machine_files
from sayso.publish.folder import publication
from sayso.publish.headers import CONTENT_SECURITY_POLICY
from sayso.publish.signing import prepare, sign
from sign_examples import public_test_key, sign_example
from support import AT, BASE, ROOT, WHEN, consumer, edit, sayso, tree

NO_HOST = ("--no-verify",)


def published(*arguments: str | Path, home: Path, expect: int = 0) -> dict[str, Any]:
    """Publish Ada's folder, which is to end as expected, and give the JSON."""
    done = sayso("publish", "ada", "--at", WHEN, *arguments, "--format", "json", home=home)
    assert done.returncode == expect, done.stderr + done.stdout
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def git(*arguments: str | Path, cwd: Path) -> str:
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@ada.example", "-c", "init.defaultBranch=main")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *person, *map(str, arguments)],
        cwd=cwd,
        env=environment | {"HOME": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def all_but_caches(home: Path) -> dict[str, bytes]:
    """Give every file on Ada's computer that is not there for speed alone."""
    return {path: content for path, content in tree(home).items() if not path.startswith(".cache")}


def next_version(ada: Path) -> None:
    """Sign another version."""
    edit(ada / "profile.yml", "frequency: 2/P1M\n    retention", "frequency: 1/P1M\n    retention")
    sign(prepare(ada, lambda: AT + 1), public_test_key("ada daily"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A computer on which Ada has signed."""
    consumer(tmp_path)
    return tmp_path


@pytest.fixture
def remote(home: Path) -> Path:
    """A bare repository; Ada's folder is a checkout that knows it, by a relative address, as its origin."""
    git("init", "-q", "--bare", "remote.git", cwd=home)
    git("init", "-q", cwd=home / "ada")
    git("remote", "add", "origin", "../remote.git", cwd=home / "ada")
    git("add", "profile.yml", cwd=home / "ada")
    git("commit", "-q", "-m", "begin", cwd=home / "ada")
    edit(home / "ada" / "profile.yml", "sayso: 1\n", "sayso: 1\n# not committed yet\n")
    git("add", "docs", cwd=home / "ada")  # staged, and not committed
    return home / "remote.git"


def on_branch(remote: Path, name: str = "gh-pages") -> dict[str, bytes]:
    """Give what a branch holds."""
    work = remote.parent / "seen"
    shutil.rmtree(work, ignore_errors=True)
    git("clone", "-q", "--branch", name, remote, work, cwd=remote.parent)
    shutil.rmtree(work / ".git")
    return tree(work)


# Into a folder


def test_into_a_web_root(home: Path) -> None:
    """What is put into the folder that a web server shows is served as it was signed, the dot files too."""
    (home / "www").mkdir()
    with serve(home / "www") as address:
        via = ("--unsafe-http-via", address)
        told = published("--to", "www", *via, home=home)["result"]
        assert (told["served"], told["problems"], told["changed"], told["removed"]) == ("as-signed", [], [], [])
        assert sorted(told["added"]) == sorted(tree(home / "www"))
        again = published("--to", "www", *via, home=home)["result"]
        assert (again["added"], again["changed"], again["removed"]) == ([], [], [])
        next_version(home / "ada")
        told = published("--to", "www", "--at", "2026-11-21T09:01:00Z", "--history", *via, home=home)["result"]
        assert "sayso/profile.jwt" in told["changed"]
        assert told["added"] == ["sayso/history/1.jwt"]
        assert sayso("fetch", BASE, *via, "--at", "2026-11-21T09:01:00Z", home=home).returncode == 0


def test_there_is_always_a_site(home: Path) -> None:
    """While one site takes the place of another there is no moment at which a reader finds none."""
    published("--to", "www", *NO_HOST, home=home)
    over, missing, looks = threading.Event(), [], []

    def look() -> None:
        while not over.is_set():
            looks.append(1)
            if not (home / "www" / "sayso" / "profile.jwt").exists():
                missing.append(1)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        next_version(home / "ada")
        published("--to", "www", "--at", "2026-11-21T09:01:00Z", *NO_HOST, home=home)
    finally:
        over.set()
        thread.join()
    assert len(looks) > 100
    assert missing == []


@pytest.mark.usefixtures("remote")
def test_what_fails_changes_nothing(home: Path) -> None:
    """A profile that is not signed so is published neither into a folder nor to a branch."""
    published("--to", "www", *NO_HOST, home=home)
    published("--branch", "gh-pages", "--yes", *NO_HOST, home=home)
    edit(home / "ada" / "profile.yml", "lookback: P12M", "lookback: P1M")
    before = all_but_caches(home)
    for target in (("--to", "www"), ("--branch", "gh-pages", "--yes")):
        told = published(*target, *NO_HOST, home=home, expect=1)
        assert told["error"]["code"] == "differs-from-signed"
    assert all_but_caches(home) == before


@pytest.mark.usefixtures("remote")
def test_a_dry_run_changes_nothing(home: Path) -> None:
    """A dry run names the files that would come, change and go, and leaves folder, remote and checkout as they are."""
    for target in (("--to", "www"), ("--branch", "gh-pages")):
        before = all_but_caches(home)
        told = published(*target, "--dry-run", *NO_HOST, home=home)["result"]
        assert all_but_caches(home) == before
        assert told["dry_run"] is True
        assert "sayso/profile.jwt" in told["added"]
        really = published(*target, "--yes", *NO_HOST, home=home)["result"]
        assert {**really, "dry_run": True} == told
    (home / "ada" / "docs" / "about.md").rename(home / "ada" / "docs" / "more.md")
    for target in (("--to", "www"), ("--branch", "gh-pages")):
        before = all_but_caches(home)
        told = published(*target, "--dry-run", *NO_HOST, home=home)["result"]
        assert all_but_caches(home) == before
        assert (told["added"], told["removed"]) == (["more/index.html"], ["about/index.html"])
        assert "sayso/manifest.json" in told["changed"]
        said = sayso("publish", "ada", *target, "--dry-run", *NO_HOST, "--at", WHEN, home=home).stdout
        assert "would hold version 1" in said
        assert "  - about/index.html\n" in said


def test_a_dry_run_says_what_would_be_refused(home: Path) -> None:
    """A folder that holds something of one's own is refused before anything is tried."""
    (home / "www").mkdir()
    (home / "www" / "mine.txt").write_text("mine")
    for place in ("www", "ada/docs", ".", "ada"):
        for more in ((), ("--dry-run",), ("--force",)):
            told = published("--to", place, *more, *NO_HOST, home=home, expect=1)
            assert told["error"]["code"] == "would-overwrite"
    assert tree(home / "www") == {"mine.txt": b"mine"}


@pytest.mark.parametrize(
    "arguments",
    [(), ("--to", "www", "--branch", "gh-pages"), ("--workflow", "github", "--to", "www"), ("--workflow", "other")],
)
def test_one_target(arguments: tuple[str, ...], home: Path) -> None:
    """One of the three targets is needed, and no more than one."""
    assert sayso("publish", "ada", *arguments, home=home).returncode == 2
    assert {path.name for path in home.iterdir()} == {"ada"}


# To a branch


def test_to_a_branch(home: Path, remote: Path) -> None:
    """The branch holds the site, dot files and all; the next version is a commit on top; the checkout is not touched."""
    checkout = tree(home / "ada")
    told = published("--branch", "gh-pages", "--yes", *NO_HOST, home=home)["result"]
    assert sorted(on_branch(remote)) == sorted(told["added"])
    assert {".nojekyll", ".well-known/sayso.json"} <= {*told["added"]}
    assert tree(home / "ada") == checkout
    first = git("rev-parse", "gh-pages", cwd=remote).strip()
    published("--branch", "gh-pages", "--yes", *NO_HOST, home=home)  # nothing changed, so nothing is pushed
    assert git("rev-parse", "gh-pages", cwd=remote).strip() == first
    next_version(home / "ada")
    checkout = tree(home / "ada")
    told = published("--branch", "gh-pages", "--yes", "--at", "2026-11-21T09:01:00Z", *NO_HOST, home=home)["result"]
    assert "sayso/profile.jwt" in told["changed"]
    assert tree(home / "ada") == checkout
    assert git("rev-parse", "gh-pages~1", cwd=remote).strip() == first
    assert git("log", "--format=%s", "gh-pages", cwd=remote).splitlines() == [
        f"Publish version 2 of {BASE}",
        f"Publish version 1 of {BASE}",
    ]
    assert on_branch(remote)["sayso/profile.jwt"] == (home / "ada" / "signed" / "profile.jwt").read_bytes()


def test_a_branch_is_pushed_from_anywhere(home: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder below the top of a checkout, a remote of another name, and a hook's environment are no hindrance."""
    git("remote", "rename", "origin", "web", cwd=home / "ada")
    (home / "ada" / "me").mkdir()
    consumer(home / "ada" / "me", "nothing")
    monkeypatch.setenv("GIT_DIR", str(home / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(home / "nowhere" / "index"))
    done = sayso(
        "publish", "ada/me/nothing", "--branch", "pages", "--remote", "web", "--yes", *NO_HOST, "--at", WHEN, home=home
    )
    assert done.returncode == 0, done.stderr
    assert "sayso/profile.jwt" in on_branch(remote, "pages")
    assert not (home / "nowhere").exists()


def test_nobody_says_yes(home: Path, remote: Path) -> None:
    """Where nobody can be asked, nothing is pushed."""
    assert published("--branch", "gh-pages", *NO_HOST, home=home, expect=2)["error"]["code"] == "confirm"
    assert git("branch", "--list", cwd=remote) == ""


def test_what_others_put_on_a_branch_stays(home: Path, remote: Path) -> None:
    """A branch with files that sayso did not build is replaced only with --force, and its history keeps them."""
    git("push", "-q", "origin", "main", cwd=home / "ada")
    told = published("--branch", "main", "--yes", *NO_HOST, home=home, expect=1)["error"]
    assert (told["code"], "profile.yml" in told["message"]) == ("would-overwrite", True)
    published("--branch", "main", "--yes", "--force", *NO_HOST, home=home)
    assert git("show", "main~1:profile.yml", cwd=remote)
    assert "profile.yml" not in on_branch(remote, "main")


def test_a_domain_is_not_lost(home: Path, remote: Path) -> None:
    """GitHub writes CNAME into the branch when somebody sets a domain: it is not thrown away without a word."""
    published("--branch", "gh-pages", "--yes", *NO_HOST, home=home)
    git("clone", "-q", "--branch", "gh-pages", remote, home / "github", cwd=home)
    (home / "github" / "CNAME").write_text("ada.example")
    git("add", "CNAME", cwd=home / "github")
    git("commit", "-q", "-m", "Create CNAME", cwd=home / "github")
    git("push", "-q", "origin", "gh-pages", cwd=home / "github")
    told = published("--branch", "gh-pages", "--yes", *NO_HOST, home=home, expect=1)["error"]
    assert (told["code"], "--cname" in told["hint"]) == ("would-overwrite", True)
    assert on_branch(remote)["CNAME"] == b"ada.example"
    published("--branch", "gh-pages", "--yes", "--cname", *NO_HOST, home=home)
    assert on_branch(remote)["CNAME"] == b"ada.example\n"
    published("--branch", "gh-pages", "--yes", "--cname", *NO_HOST, home=home)
    told = published("--branch", "gh-pages", "--yes", *NO_HOST, home=home, expect=1)["error"]
    assert (told["code"], "--cname" in told["hint"]) == ("would-overwrite", True)


@pytest.mark.parametrize(
    ("case", "code", "expect"),
    [
        ("no repository", "no-repository", 1),
        ("no remote", "no-remote", 1),
        ("no such place", "remote-unreachable", 3),
        ("bad name", "bad-branch", 1),
        ("protected", "push-refused", 1),
        ("no git", "no-git", 1),
    ],
)
def test_a_branch_that_cannot_be(
    case: str, code: str, expect: int, home: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thing that hinders a push is told in one line of its own, with what to do."""
    name = "-f" if case == "bad name" else "gh-pages"
    if case == "no repository":
        shutil.rmtree(home / "ada" / ".git")
    if case == "no remote":
        git("remote", "remove", "origin", cwd=home / "ada")
    if case == "no such place":
        shutil.rmtree(remote)
    if case == "protected":
        (remote / "hooks" / "pre-receive").write_text("#!/bin/sh\nexit 1\n")
        (remote / "hooks" / "pre-receive").chmod(0o755)
    if case == "no git":
        monkeypatch.setenv("PATH", str(home))
    told = published(f"--branch={name}", "--yes", *NO_HOST, home=home, expect=expect)["error"]
    assert told["code"] == code
    assert told["hint"]
    assert "\n" not in told["message"]


def test_hooks_are_not_run(home: Path, remote: Path) -> None:
    """A hook for pushes in the user's repository neither runs nor hinders: what is pushed is none of its commits."""
    hooks = home / "ada" / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "pre-push").write_text("#!/bin/sh\ntouch ran\nexit 1\n")
    (hooks / "pre-push").chmod(0o755)
    git("config", "core.hooksPath", str(hooks), cwd=home / "ada")
    published("--branch", "gh-pages", "--yes", *NO_HOST, home=home)
    assert "sayso/profile.jwt" in on_branch(remote)
    assert not list(home.rglob("ran"))


def test_force_takes_nothing_from_others(home: Path, remote: Path) -> None:
    """With --force what others put on the branch is replaced by the next commit, and stays in the history."""
    git("push", "-q", remote, "HEAD:refs/heads/gh-pages", cwd=home / "ada")
    published("--branch", "gh-pages", "--yes", "--force", *NO_HOST, home=home)
    assert "profile.yml" not in on_branch(remote)
    assert "profile.yml" in git("ls-tree", "--name-only", "gh-pages~1", cwd=remote)


# Never back


def test_it_never_goes_back_below_a_site(tmp_path: Path) -> None:
    """A later version is also found where the profile lies below the root of a site of one's own."""
    folder = consumer(tmp_path, "minimal")
    (folder / "mkdocs.yml").write_text(
        "site_name: People\nsite_url: https://people.example/\ntheme: {name: sayso}\nplugins: [sayso]\n"
    )
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# People\n")
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    sign(prepare(folder, lambda: AT + 1), public_test_key("minimal daily"))
    later = ("--at", "2026-11-21T09:01:00Z", *NO_HOST)
    done = sayso("publish", "minimal", "--to", "www", *later, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "www" / "bo" / "sayso" / "profile.jwt").is_file()
    done = sayso("publish", "old", "--to", "www", *later, home=tmp_path)
    assert (done.returncode, "would-go-back" in done.stderr) == (1, True)


def test_it_never_goes_back(home: Path, remote: Path) -> None:
    """Over a later version nothing is published, wherever that one is found, unless somebody insists."""
    old = home / "old"
    shutil.copytree(home / "ada", old, ignore=shutil.ignore_patterns(".git"))
    git("init", "-q", cwd=old)
    git("remote", "add", "origin", remote, cwd=old)
    next_version(home / "ada")
    now = ("--at", "2026-11-21T09:01:00Z")
    published("--to", "www", *now, *NO_HOST, home=home)
    published("--branch", "gh-pages", "--yes", *now, *NO_HOST, home=home)
    before = {**tree(home / "www"), **on_branch(remote)}
    with serve(home / "www") as address:
        for target in (
            ("--to", "www", *NO_HOST),
            ("--branch", "gh-pages", "--yes", *NO_HOST),
            ("--to", "other", "--unsafe-http-via", address),
            ("--branch", "other", "--yes", "--unsafe-http-via", address),
        ):
            ran = sayso("publish", "old", *target, *now, "--format", "json", home=home)
            told = json.loads(ran.stdout)["error"]
            assert (ran.returncode, told["code"]) == (1, "would-go-back")
            assert "sayso restore" in told["hint"]
    assert not (home / "other").exists()
    assert {**tree(home / "www"), **on_branch(remote)} == before
    done = sayso("publish", "old", "--to", "www", "--force", *NO_HOST, *now, home=home)
    assert done.returncode == 0, done.stderr
    assert (home / "www" / "sayso" / "profile.jwt").read_bytes() == (old / "signed" / "profile.jwt").read_bytes()


# What is served


@pytest.mark.parametrize(
    ("change", "code", "hint"),
    [
        ("drops dot files", "served-file", "include-hidden-files: true"),
        ("changes a byte", "served-broken", "switch off"),
        ("changes another file", "served-file", "switch off"),
        ("serves nothing", "served-missing", "very address"),
        ("serves the old version", "served-behind", "wait"),
    ],
)
def test_a_host_that_serves_something_else(change: str, code: str, hint: str, home: Path) -> None:
    """What a host dropped, changed or kept is told, with what to do about it, and the exit code is 1."""
    if change == "serves the old version":
        published("--to", "www", *NO_HOST, home=home)
        next_version(home / "ada")
    published("--to", "site", "--at", "2026-11-21T09:01:00Z", *NO_HOST, home=home)
    if change != "serves the old version":
        (home / "www").mkdir()
    if change.startswith(("drops", "changes")):
        ignored = shutil.ignore_patterns(".*") if change == "drops dot files" else None
        shutil.copytree(home / "site", home / "www", dirs_exist_ok=True, ignore=ignored)
    if change.startswith("changes"):
        path = home / "www" / "sayso" / ("profile.jwt" if "byte" in change else "jwks.json")
        data = bytearray(path.read_bytes())
        data[100] ^= 1
        path.write_bytes(data)
    with serve(home / "www") as address:
        via = ("--unsafe-http-via", address, "--at", "2026-11-21T09:01:00Z", "--wait", "0")
        told = published("--to", "site", *via, home=home, expect=1)["result"]
    [problem] = told["problems"]
    assert told["served"] == "otherwise"
    assert problem["code"] == code
    assert hint in problem["hint"]


Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextmanager
def host(site: Path, answer: Answer) -> Iterator[str]:
    """Serve what a function makes of each file of a site; ``address:port``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = site / self.path.lstrip("/")
            answer(self, path.read_bytes() if path.is_file() else b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def says(status: int, change: Callable[[bytes], bytes] = bytes, **headers: str) -> Answer:
    """Give an answer with a status, some headers, and what is made of the file."""

    def answer(request: BaseHTTPRequestHandler, content: bytes) -> None:
        body = change(content)
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


@pytest.mark.parametrize(
    ("answer", "expect", "code"),
    [
        (says(200, lambda _: b"<!DOCTYPE html><title>Not found</title>"), 1, "served-page"),
        (says(200, lambda _: b"<html>" + b" " * 300_000), 1, "served-page"),
        (says(301, Location="https://www.ada.example/"), 1, "served-redirect"),
        (says(200, gzip.compress, Content_Encoding="gzip"), 1, "served-encoded"),
        (says(200, gzip.compress), 1, "served-encoded"),
        (says(503), 3, "host-busy"),
    ],
    ids=["page", "large-page", "redirect", "encoded", "gzip", "unknown"],
)
def test_a_host_with_ways_of_its_own(answer: Answer, expect: int, code: str, home: Path) -> None:
    """A page in the place of a file, a redirect and a compression are each told as what they are; a failure is no answer."""
    published("--to", "site", *NO_HOST, home=home)
    with host(home / "site", answer) as address:
        told = published("--to", "site", "--unsafe-http-via", address, "--wait", "0", home=home, expect=expect)
    codes = {told["error"]["code"]} if expect == 3 else {problem["code"] for problem in told["result"]["problems"]}
    assert codes == {code}
    assert told["result"]["served"] == ("unknown" if expect == 3 else "otherwise")


def test_it_waits_for_the_deploy(home: Path, remote: Path) -> None:
    """A host that takes its time is asked again until it serves what was pushed."""
    (home / "www").mkdir()

    def deploy() -> None:
        deadline = time.monotonic() + 60
        while not git("branch", "--list", "gh-pages", cwd=remote) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1.5)
        for path, content in on_branch(remote).items():
            (home / "www" / path).parent.mkdir(parents=True, exist_ok=True)
            (home / "www" / path).write_bytes(content)

    thread = threading.Thread(target=deploy)
    with serve(home / "www") as address:
        thread.start()
        via = ("--unsafe-http-via", address, "--wait", "60")
        told = published("--branch", "gh-pages", "--yes", *via, home=home)["result"]
        thread.join()
    assert told["served"] == "as-signed"


# What the host is told


def _headers(content: str, path: str) -> list[tuple[str, str]]:
    """Give what a host that reads ``_headers`` sends for a path: all rules that match it."""
    found: list[tuple[str, str]] = []
    matches = False
    for line in content.splitlines():
        if line.startswith("/"):
            matches = re.fullmatch(re.escape(line).replace(r"\*", ".*"), path) is not None
        elif line.startswith(" ") and matches:
            name, _, value = line.strip().partition(": ")
            found.append((name, value))
    return found


def test_headers(home: Path) -> None:
    """Pages get the policy, machine files their type, for everyone and without a stale copy; no header comes twice."""
    text = machine_files(publication(home / "ada", AT), history=True)["_headers"].decode()
    assert dict(_headers(text, "/index.html"))["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    page = (ROOT / "site" / "sayso_theme" / "main.html").read_text("utf-8")
    (carried,) = re.findall(r'Content-Security-Policy" content="([^"{]*)\{\{[^}]*\}\}([^"]*)"', page)
    assert "".join(carried) + "; frame-ancestors 'none'" == CONTENT_SECURITY_POLICY
    types = {
        "sayso/profile.jwt": "application/jwt",
        "sayso/history/1.jwt": "application/jwt",
        "sayso/jwks.json": "application/jwk-set+json",
        "sayso/history.json": "application/json",
        ".well-known/sayso.json": "application/json",
        "sayso/keys.jsonl": "text/plain; charset=utf-8",
    }
    for path, kind in types.items():
        given = _headers(text, f"/{path}")
        assert len(given) == len(dict(given))
        assert dict(given) | {
            "Content-Type": kind,
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        } == dict(given)
    assert max(map(len, text.splitlines())) < 2000  # what Cloudflare reads of a line


def test_only_an_origin_has_headers_and_a_domain(tmp_path: Path) -> None:
    """A profile below somebody else's root says nothing about the host, and cannot have a domain pointed at it."""
    ada, minimal = (publication(consumer(tmp_path, name), AT) for name in ("ada", "minimal"))
    assert machine_files(ada, cname=True)["CNAME"] == b"ada.example\n"
    assert "CNAME" not in machine_files(ada)
    assert "_headers" not in machine_files(minimal)
    with pytest.raises(SaysoError) as raised:
        machine_files(minimal, cname=True)
    assert raised.value.code == "cname-needs-root"


def test_what_a_host_keeps_for_itself(home: Path) -> None:
    """A host that reads ``_headers`` and ``.nojekyll``, and serves neither, serves all that it should."""
    published("--to", "www", *NO_HOST, home=home)
    for name in (".nojekyll", "_headers"):
        (home / "www" / name).unlink()
    with serve(home / "www") as address:
        done = sayso("monitor", "ada", "--unsafe-http-via", address, "--at", WHEN, home=home)
    assert (done.returncode, done.stdout) == (0, "")


# Workflows

PLACES = {
    "github": ".github/workflows/sayso.yml",
    "gitlab": ".gitlab-ci.yml",
    "netlify": "netlify.toml",
    "cloudflare": "wrangler.toml",
}


def run(command: str, cwd: Path) -> int:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", command], cwd=cwd, env={**os.environ, "PATH": path}, capture_output=True, check=False
    )
    return done.returncode


def commands(name: str, text: str) -> tuple[list[str], str]:
    """Give what a workflow runs to check and build, and the folder that it publishes."""
    if name == "github":
        steps = yaml.safe_load(text)["jobs"]["build"]["steps"]
        [upload] = [step["with"] for step in steps if "upload-pages-artifact" in step.get("uses", "")]
        assert upload["include-hidden-files"] is True
        return [step["run"] for step in steps if "run" in step], upload["path"]
    if name == "gitlab":
        pages = yaml.safe_load(text)["pages"]
        return pages["script"], pages["artifacts"]["paths"][0]
    if name == "netlify":
        build = tomllib.loads(text)["build"]
        return build["command"].split(" && "), build["publish"]
    [command] = re.findall(r"^#   (python .*)$", text, re.MULTILINE)
    return command.split(" && "), tomllib.loads(text)["pages_build_output_dir"]


@pytest.mark.parametrize("place", [".", "me"], ids=["top", "below"])
@pytest.mark.parametrize("name", PLACES)
def test_a_workflow(name: str, place: str, tmp_path: Path) -> None:
    """A workflow stands where its host looks for it, installs this very release, and what it runs builds the site."""
    top = tmp_path / "repository"
    top.mkdir()
    git("init", "-q", cwd=top)
    ada = consumer(tmp_path, signed=False)
    sign_example(ada, int(time.time()))
    shutil.copytree(ada, top / place, dirs_exist_ok=True)
    done = sayso("publish", top / place, "--workflow", name, home=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (top / PLACES[name]).read_text("utf-8")
    steps, site = commands(name, text)
    install, *steps = steps if name != "gitlab" else [yaml.safe_load(text)[".sayso"]["before_script"][0], *steps]
    assert "pip install" in install
    assert f"sayso=={__version__}" in text
    assert [step.split()[1] for step in steps] == ["check", "build"]
    assert [run(step, top) for step in steps] == [0, 0]
    assert (top / site / ".well-known" / "sayso.json").is_file()
    edit(top / place / "profile.yml", "lookback: P12M", "lookback: P1M")
    assert [run(step, top) for step in steps] == [0, 1]  # right, but not what is signed


@pytest.mark.parametrize(("name", "schema"), [("github", "github-workflows"), ("gitlab", "gitlab-ci")])
def test_a_workflow_has_the_form_of_its_host(name: str, schema: str, home: Path) -> None:
    """GitHub and GitLab describe the form of these files, and ours have it."""
    assert sayso("publish", "ada", "--workflow", name, home=home).returncode == 0
    done = subprocess.run(
        [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", PLACES[name]],
        cwd=home / "ada",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", PLACES)
def test_a_workflow_asks_for_little(name: str) -> None:
    """No workflow names a secret; every action is pinned to a commit; a right to write is given to one job only."""
    [path] = (ROOT / "generator" / "sayso" / "publish" / "workflows").glob(f"{name}.*")
    text = path.read_text("utf-8")
    assert "secrets." not in text
    assert "token:" not in text.replace("id-token:", "")
    used = re.findall(r"uses: (.*)", text)
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used), used
    if name == "github":
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {"contents": "read"}
        rights = {job: part["permissions"] for job, part in workflow["jobs"].items() if "permissions" in part}
        assert rights == {"deploy": {"pages": "write", "id-token": "write"}}
        assert len(used) == 6


def test_a_workflow_overwrites_nothing(home: Path) -> None:
    """A workflow that says the same is left alone; another file is too, and is an error; a dry run shows what it would be."""
    path = home / "ada" / ".gitlab-ci.yml"
    shown = sayso("publish", "ada", "--workflow", "gitlab", "--dry-run", home=home)
    assert (shown.returncode, path.exists()) == (0, False)
    assert published("--workflow", "gitlab", home=home)["result"]["added"] == [".gitlab-ci.yml"]
    assert shown.stdout == path.read_text("utf-8")
    assert published("--workflow", "gitlab", home=home)["result"]["added"] == []
    path.write_text("mine: {script: [true]}\n")
    told = published("--workflow", "gitlab", home=home, expect=1)["error"]
    assert (told["code"], "--dry-run" in told["hint"]) == ("workflow-exists", True)
    assert path.read_text() == "mine: {script: [true]}\n"


def test_a_workflow_for_an_odd_folder(tmp_path: Path) -> None:
    """A folder whose name a shell would take for something else is refused, and nothing is written."""
    git("init", "-q", cwd=tmp_path)
    folder = tmp_path / "a; touch b"
    folder.mkdir()
    done = sayso("publish", folder, "--workflow", "github", "--format", "json", home=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "workflow-path")
    assert not (tmp_path / ".github").exists()
