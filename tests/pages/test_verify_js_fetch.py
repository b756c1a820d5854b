"""fetchAndVerify of verify.js in a real browser: what hosts answer, what is asked of them, and when nothing can be checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from browser import chromium
from pages.verify_runner import VECTORS, VERIFY_JS, open_runner, strange_members, write_runner
from sayso import spec
from sayso.publish.keys import with_new_key
from sayso.publish.signing import prepare, sign
from sayso.trust.verify import verify
from sign_examples import public_test_key
from support import AT, BASE, consumer

PROFILE, KEYS = "/host/sayso/profile.jwt", "/host/sayso/keys.jsonl"
LIMIT = 262_144

# A browser follows or refuses redirects and undoes encodings by itself, and tells a page no more than that it failed.
AS_A_BROWSER_SAYS = {"redirect-refused": "network", "content-encoding": "network", "not-https": "bad-base-url"}


class Answer(NamedTuple):
    """What the host answers: a status, a body, headers, and whether it stops in the middle until the test is over."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    stalls: bool = False


class Host(ThreadingHTTPServer):
    """A web server with the runner's page that answers each path with one answer after the other, the last one ever after."""

    daemon_threads = True
    answers: dict[str, list[Answer]]
    asked: list[tuple[str, dict[str, str]]]
    over: Event

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def plays(self, answers: dict[str, list[Answer]]) -> None:
        """Answer so from now on."""
        self.answers, self.asked = answers, []


class Handler(BaseHTTPRequestHandler):
    server: Host
    pages: dict[str, bytes]

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        kind = "text/html" if self.path.endswith(".html") else "text/javascript"
        page = self.pages.get(self.path)
        left = self.server.answers.get(self.path, [Answer(b"", 404)])
        answer = Answer(page, headers=(("Content-Type", kind),)) if page else left.pop(0) if left[1:] else left[0]
        self.send_response(answer.status)
        for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # a reader who has had enough goes away
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.stalls else answer.body)
            if answer.stalls:
                self.wfile.flush()
                self.server.over.wait(60)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running(folder: Path) -> Iterator[Host]:
    """Run a host until the block ends."""
    write_runner(folder)
    pages = {f"/{path.name}": path.read_bytes() for path in folder.iterdir()}
    with Host(("127.0.0.1", 0), type("Pages", (Handler,), {"pages": pages})) as host:
        host.plays({})
        host.over = Event()
        thread = Thread(target=host.serve_forever)
        thread.start()
        try:
            yield host
        finally:
            host.over.set()
            host.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with running(tmp_path_factory.mktemp("runner")) as host:
        yield host


@pytest.fixture(scope="module")
def browser(host: Host) -> Iterator[Browser]:
    with chromium(https_at=host.server_port) as browser:
        yield browser


@pytest.fixture(scope="module")
def page(browser: Browser, host: Host) -> Iterator[Page]:
    with browser.new_page() as page:
        yield open_runner(page, f"http://127.0.0.1:{host.server_port}")


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, bytes]]:
    """Give two versions, each with its key log: the second is signed by a new key."""
    folder = consumer(tmp_path_factory.mktemp("ada"))
    written = [folder / "signed" / name for name in ("profile.jwt", "keys.jsonl")]
    first = written[0].read_bytes(), written[1].read_bytes()
    recovery, daily, spare = (public_test_key(f"ada {name}") for name in ("recovery", "second daily", "spare"))
    prepared = prepare(folder, lambda: AT + 60)
    sign(with_new_key(prepared, recovery, daily.public, [spare.public], disown=False), daily)
    return [first, (written[0].read_bytes(), written[1].read_bytes())]


@pytest.fixture
def good(versions: list[tuple[bytes, bytes]]) -> dict[str, list[Answer]]:
    profile, keys = versions[0]
    return {PROFILE: [Answer(profile)], KEYS: [Answer(keys)]}


def run_fetch(page: Page, base: str = BASE, at: int = AT, milliseconds: int | None = None) -> dict[str, Any]:
    """Fetch from the host as if it were that of the base URL; gives digest and identity, or the code."""
    told: dict[str, Any] = page.evaluate(
        """async ([base, at, milliseconds]) => {
          const told = await runFetch(base, { at }, "/host/", milliseconds);
          return told.payload ? { digest: told.digest, identity: told.identity } : told;
        }""",
        [base, at, milliseconds],
    )
    return told


def digest_of(version: tuple[bytes, bytes]) -> dict[str, str]:
    verified = verify(*version, BASE, AT + 60)
    return {"digest": verified.digest, "identity": verified.keylog.identity}


def fetch_vectors() -> list[Any]:
    paths = sorted((VECTORS / "fetch").glob("*.json"))
    return [pytest.param(json.loads(path.read_text("utf-8")), id=path.stem) for path in paths]


def test_it_fetches_and_verifies(page: Page, host: Host, good: Any, versions: list[tuple[bytes, bytes]]) -> None:
    """What a host gives is verified, the profile being asked for first, and each file once."""
    host.plays(good)
    assert run_fetch(page) == digest_of(versions[0])
    assert host.paths == [PROFILE, KEYS]


def test_nothing_is_sent_along_and_nothing_old_is_taken(
    page: Page, host: Host, good: Any, versions: list[tuple[bytes, bytes]]
) -> None:
    """No cookie goes out, and a file that a cache may keep is asked for again all the same."""
    kept = (("Cache-Control", "max-age=3600"),)
    host.plays({path: [answer._replace(headers=kept)] for path, [answer] in good.items()})
    page.evaluate("document.cookie = 'who=me; path=/'")
    for _ in range(2):
        assert run_fetch(page) == digest_of(versions[0])
    assert host.paths == [PROFILE, KEYS] * 2
    assert not any("cookie" in headers for _, headers in host.asked)
    assert page.evaluate("document.cookie") == "who=me"


@pytest.mark.parametrize("vector", fetch_vectors())
def test_every_fetch_vector(page: Page, host: Host, vector: dict[str, Any]) -> None:
    """What a host answers leaves a page with nothing found out, as the vector says as far as a browser tells, at the first file."""
    given = vector["input"]
    host.plays(
        {
            f"/host/{name}": [Answer(answer["body"].encode(), answer["status"], tuple(answer["headers"].items()))]
            for name, answer in given["answers"].items()
        }
    )
    code = vector["expect"]["code"]
    assert run_fetch(page, given["base"]) == {"code": AS_A_BROWSER_SAYS.get(code, code)}
    assert host.paths == ([] if code == "not-https" else [PROFILE])


@pytest.mark.parametrize(
    ("file", "answer", "code"),
    [
        (KEYS, Answer(b"", 404), "not-found"),
        (KEYS, Answer(b"", 503), "bad-status"),
        (KEYS, Answer(b"x" * (LIMIT + 1)), "answer-too-large"),
        (PROFILE, Answer(b"x" * 20_000_000), "answer-too-large"),
        (PROFILE, Answer(b"", 302, (("Location", KEYS),)), "network"),
    ],
)
def test_could_not_check(page: Page, host: Host, good: Any, file: str, answer: Answer, code: str) -> None:
    """A file that is not there, not given, too large or elsewhere leaves nothing found out, and is not asked for again."""
    host.plays(good | {file: [answer]})
    assert run_fetch(page) == {"code": code}
    assert host.paths == ([PROFILE] if file == PROFILE else [PROFILE, KEYS])


@pytest.mark.parametrize("file", [PROFILE, KEYS])
def test_a_host_that_stalls(page: Page, host: Host, good: Any, file: str) -> None:
    """A file that stops in the middle leaves nothing found out when the time is over."""
    [whole] = good[file]
    host.plays(good | {file: [whole._replace(stalls=True)]})
    assert run_fetch(page, milliseconds=500) == {"code": "timed-out"}


def test_a_host_that_is_gone(page: Page) -> None:
    """A host that cannot be reached leaves nothing found out."""
    assert page.evaluate("(base) => runFetch(base, {})", "https://nobody.invalid.test/") == {"code": "network"}


@pytest.mark.parametrize(
    "base",
    ["", "https://ada.example", "https://ada.example:8443/", "//ada.example/", "/", "javascript:alert(1)//", "data:,/"],
)
def test_no_address(page: Page, host: Host, base: str) -> None:
    """What is no canonical base URL is not fetched."""
    host.plays({})
    assert run_fetch(page, base) == {"code": "bad-base-url"}
    assert host.paths == []


@pytest.mark.parametrize("new_first", [PROFILE, KEYS])
def test_a_deploy_in_progress(page: Page, host: Host, versions: list[tuple[bytes, bytes]], new_first: str) -> None:
    """While a host has one new file and one old one they are fetched once more, and verify when both are new."""
    old, new = ([Answer(data) for data in version] for version in versions)
    answers = {PROFILE: [old[0], new[0]], KEYS: [old[1], new[1]]}
    answers[new_first] = answers[new_first][1:]
    host.plays(answers)
    assert run_fetch(page, at=AT + 60) == digest_of(versions[1])
    assert host.paths == [PROFILE, KEYS] * 2


@pytest.mark.parametrize("new", [PROFILE, KEYS])
def test_files_that_do_not_fit(page: Page, host: Host, versions: list[tuple[bytes, bytes]], new: str) -> None:
    """Two files that still do not fit each other when they were fetched again are refused."""
    profile, keys = versions[new == PROFILE][0], versions[new == KEYS][1]
    host.plays({PROFILE: [Answer(profile)], KEYS: [Answer(keys)]})
    assert run_fetch(page, at=AT + 60) == {"step": 5, "code": "unknown-key"}
    assert host.paths == [PROFILE, KEYS] * 2


def test_what_is_wrong_by_itself_is_not_fetched_again(page: Page, host: Host, good: Any) -> None:
    """A profile that a second look could not mend is refused at once: one that ended, and a page that is none."""
    host.plays(good)
    assert run_fetch(page, at=AT + 400 * 86_400) == {"step": 9, "code": "expired"}
    assert host.paths == [PROFILE, KEYS]
    host.plays(good | {PROFILE: [Answer(b"<!DOCTYPE html><title>Parked</title>")]})
    assert run_fetch(page) == {"step": 2, "code": "not-three-segments"}
    assert host.paths == [PROFILE, KEYS]


def test_no_option_is_inherited(page: Page, host: Host, good: Any, versions: list[tuple[bytes, bytes]]) -> None:
    """What every object of the page inherits is taken neither for an option of ours nor for one of the browser's."""
    host.plays(good)
    members = json.dumps(strange_members(*versions[0]))
    told = page.evaluate(
        f"""([base, at]) => polluted({members}, async () => {{
          const told = await runFetch(base, {{ at }}, "/host/");
          return Object.hasOwn(told, "payload") ? {{ identity: told.identity, digest: told.digest }} : told;
        }})""",
        [BASE, AT],
    )
    assert told == digest_of(versions[0])
    assert host.paths == [PROFILE, KEYS]
    # Without options it asks the network, where there is no such host, and not the `fetch` that objects inherit.
    assert page.evaluate(f"(base) => polluted({members}, () => runFetch(base))", BASE) == {"code": "network"}


def test_a_page_without_https_has_no_ed25519(browser: Browser, host: Host, good: Any) -> None:
    """Where the browser gives a page no WebCrypto nothing can be checked, and nothing is said to verify."""
    with browser.new_page() as page:
        open_runner(page, "http://plain.example:443")
        host.plays(good)
        assert page.evaluate("[isSecureContext, crypto.subtle === undefined]") == [False, True]
        assert run_fetch(page) == {"code": "no-ed25519"}


def test_codes_of_what_could_not_be_checked_are_listed() -> None:
    """Every code of CouldNotCheck is one that fetching has elsewhere, but for the one that only a browser can need."""
    text = VERIFY_JS.read_text("utf-8")
    used = {part.partition('"')[0] for part in text.split('new CouldNotCheck("')[1:]}
    assert used - {"no-ed25519"} <= {*spec.codes()["fetch"], "bad-base-url"}
    assert all(f"`{code}`" in text for code in used)
