"""Many profiles at once, from hosts that misbehave over real sockets on loopback: each ends in its code, in time."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

from hostile_host import Answer, Host, authority, by_path, host, in_turn, proxy, raw, says
from sayso.errors import FetchError
from sayso.reader.network import Loopback, Network
from sayso.reader.transfers import Crawl, Files, Politeness, Validators, Wanted

BASE = "https://ada.example/"
QUICK = Politeness(deadline=0.4, patience=2.0, attempts=1, per_second=0)
GOOD = by_path(profile=says("200 OK", b"profile"), keys=says("200 OK", b"keys"), robots=says("404 Not Found"))
ETAG = Validators('"a"', None)
Outcome = Files | FetchError


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give an environment that names no proxy."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return monkeypatch


def crawl(
    network: Network, *wanted: str | Wanted, politeness: Politeness = QUICK, robots: bool = False
) -> dict[str, Outcome]:
    """Ask for profiles, and give what came of each, by its base URL."""
    outcomes: dict[str, Outcome] = {}
    with Crawl(network, politeness, robots=robots) as going:
        for one in wanted:
            going.add(Wanted(one) if isinstance(one, str) else one)
        end = time.monotonic() + 20
        while going.pending():
            assert time.monotonic() < end, "the crawl does not end"
            for one, outcome in going.step(0.2):
                assert one.base not in outcomes
                outcomes[one.base] = outcome
        assert going.step(0) == []
    assert len(outcomes) == len(wanted)
    return outcomes


def via(running: Host) -> Network:
    return Network(Loopback("127.0.0.1", running.port))


def code(outcome: Outcome) -> str:
    assert isinstance(outcome, FetchError), outcome
    assert outcome.message
    assert not outcome.message.endswith(".")
    return outcome.code


def one(answer: Answer, *, politeness: Politeness = QUICK, robots: bool = False) -> Outcome:
    with host(answer) as running:
        return crawl(via(running), BASE, politeness=politeness, robots=robots)[BASE]


def drip(head: bytes) -> Answer:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        for _piece in range(100):
            connection.sendall(b"A")
            time.sleep(0.05)

    return answer


def endless(head: bytes, piece: bytes) -> Answer:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        for _piece in range(2000):
            connection.sendall(piece)

    return answer


def half_closed(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    connection.shutdown(socket.SHUT_WR)
    time.sleep(0.2)


def bomb() -> bytes:
    squeezed = zlib.compressobj(9, zlib.DEFLATED, 31)
    return squeezed.compress(bytes(30_000_000)) + squeezed.flush()


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HOSTILE: dict[str, tuple[Answer, set[str]]] = {
    "drip": (drip(b"HTTP/1.1 200 OK\r\n\r\n"), {"timed-out"}),
    "drip-of-a-header": (drip(b"HTTP/1.1 200 OK\r\nX: "), {"timed-out"}),
    "silence": (raw(b"", 0.8), {"timed-out"}),
    "endless": (endless(b"HTTP/1.1 200 OK\r\n\r\n", bytes(65_536)), {"answer-too-large"}),
    "endless-chunks": (endless(CHUNKED, b"1000\r\n" + bytes(4096) + b"\r\n"), {"answer-too-large"}),
    "announced-too-large": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 262145\r\n\r\n", 0.3), {"answer-too-large"}),
    "announced-absurd": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1" + b"0" * 30 + b"\r\n\r\n"), {"answer-too-large", "network"}),
    "length-negative": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nbody"), {"network"}),
    "length-too-long": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"), {"network"}),
    "two-lengths": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody"), {"network"}),
    "gzip-bomb": (says("200 OK", bomb(), "Content-Encoding: gzip"), {"content-encoding"}),
    "gzip-in-second-line": (
        says("200 OK", gzip.compress(b"A"), "Content-Encoding: identity", "content-encoding:gzip"),
        {"content-encoding"},
    ),
    "transfer-gzip": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n" + bomb()),
        {"content-encoding", "network"},
    ),
    "redirect-to-itself": (says("302 Found", b"", "Location: /sayso/profile.jwt"), {"redirect-refused"}),
    "redirect-elsewhere": (says("301 Moved", b"", "Location: https://thief.example/"), {"redirect-refused"}),
    "redirect-to-a-file": (says("307 Moved", b"", "Location: file:///etc/passwd"), {"redirect-refused"}),
    "300": (says("300 Choices"), {"redirect-refused"}),
    "304-without-condition": (raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), {"bad-status"}),
    "206": (says("206 Partial Content", b"part"), {"bad-status"}),
    "204": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), {"bad-status"}),
    "101": (raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"), {"bad-status", "network"}),
    "401": (says("401 Unauthorized", b"", 'WWW-Authenticate: Basic realm="x"'), {"bad-status"}),
    "404": (says("404 Not Found"), {"not-found"}),
    "404-endless": (endless(b"HTTP/1.1 404 Not Found\r\n\r\n", bytes(65_536)), {"not-found"}),
    "404-drip": (drip(b"HTTP/1.1 404 Not Found\r\n\r\n"), {"not-found"}),
    "500": (says("500 Oops"), {"bad-status"}),
    "429": (says("429 Too Many Requests"), {"host-busy"}),
    "half-closed": (half_closed, {"network"}),
    "closed": (raw(b""), {"network"}),
    "not-http": (raw(b"SSH-2.0-OpenSSH_9.9\r\n", 0.1), {"network"}),
    "http-0.9": (raw(b"<!DOCTYPE html>"), {"network"}),
    "header-flood": (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 8192), {"network"}),
    "header-long": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"A" * 65_536), {"network"}),
    "interim-flood": (endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 500), {"network", "timed-out"}),
    "nul-in-header": (raw(b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n"), {"network"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_misbehaviour(name: str) -> None:
    """Each misbehaviour ends in its own error, within the deadline."""
    answer, codes = HOSTILE[name]
    begin = time.monotonic()
    assert code(one(answer)) in codes
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("name", ["drip", "endless", "404", "half-closed", "redirect-elsewhere"])
def test_misbehaviour_in_the_second_file(name: str) -> None:
    """A good first file does not make up for a second one that is none."""
    answer, codes = HOSTILE[name]
    assert code(one(by_path(profile=says("200 OK", b"profile"), keys=answer))) in codes


def test_a_reset_connection() -> None:
    """A host that breaks off with a reset is a failure of the network."""

    def reset(connection: socket.socket, _: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        connection.close()

    assert code(one(reset)) == "network"


def test_html_with_status_200_is_given_as_it_is() -> None:
    """What is no profile is not judged here: its bytes are given to whoever verifies."""
    page = b"<!DOCTYPE html><title>Sign in</title>"
    assert one(says("200 OK", page)) == Files(page, page, None, None)


def test_hostile_hosts_do_not_hold_up_good_ones() -> None:
    """Fifty good profiles come while others drip, in much less than one after the other would take."""

    def answer(connection: socket.socket, request: bytes) -> bool | None:
        slow = b"Host: slow" in request
        return (drip(b"HTTP/1.1 200 OK\r\n\r\n") if slow else GOOD)(connection, request)

    with host(answer) as running, Crawl(via(running), QUICK, robots=False) as going:
        for number in range(20):
            going.add(Wanted(f"https://slow{number}.example/"))
        for number in range(50):
            going.add(Wanted(f"https://good{number}.example/"))
        begin, good = time.monotonic(), 0
        while good < 50:
            good += sum(isinstance(outcome, Files) for _, outcome in going.step(0.1))
            assert time.monotonic() - begin < 10
        assert going.pending() > 0  # those that drip


def test_both_files_come_over_one_connection_without_cookies() -> None:
    """A profile costs one connection and two plain requests, which name us and our contact, and carry nothing back."""
    good = by_path(
        profile=says(
            "200 OK", b"profile", "Set-Cookie: a=b", 'ETag: "p"', "Last-Modified: Sat, 21 Nov 2026 09:00:00 GMT"
        ),
        keys=says("200 OK", b"keys", "Set-Cookie: a=b", 'etag:W/"k"'),
    )
    with host(good) as running:
        network = replace(via(running), contact="https://northpeak.example/bot\r\nX: y")
        outcome = crawl(network, BASE)[BASE]
    assert outcome == Files(
        b"profile", b"keys", Validators('"p"', "Sat, 21 Nov 2026 09:00:00 GMT"), Validators('W/"k"', None)
    )
    assert running.connections == 1
    assert running.paths == ["/sayso/profile.jwt", "/sayso/keys.jsonl"]
    for request in running.requests:
        lines = request.decode().split("\r\n")
        assert {"Host: ada.example", "Accept-Encoding: identity"} <= set(lines)
        agent = next(line for line in lines if line.startswith("User-Agent: "))
        assert agent.startswith("User-Agent: sayso/")
        assert agent.endswith("(+https://northpeak.example/botX: y)")
        assert not any(line.lower().startswith(("cookie", "x:", "if-", "authorization")) for line in lines)


def test_conditional_requests() -> None:
    """With validators a file is asked for only if it changed, and nothing is given for one that did not."""
    unchanged = raw_keeping(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    both = Validators('"a"', "Sat, 21 Nov 2026 09:00:00 GMT")
    with host(by_path(profile=unchanged, keys=unchanged)) as running:
        assert crawl(via(running), Wanted(BASE, both, ETAG))[BASE] == Files(None, None, both, ETAG)
    assert b'\r\nIf-None-Match: "a"\r\n' in running.requests[0]
    assert b"\r\nIf-Modified-Since: Sat, 21 Nov 2026 09:00:00 GMT\r\n" in running.requests[0]
    assert b"\r\nIf-None-Match: " in running.requests[1]
    assert b"If-Modified-Since" not in running.requests[1]
    with host(by_path(profile=says("200 OK", b"new", 'ETag: "b"'), keys=unchanged)) as running:
        changed = crawl(via(running), Wanted(BASE, both, ETAG))[BASE]
    assert changed == Files(b"new", None, Validators('"b"', None), ETAG)


@pytest.mark.parametrize("known", [None, Validators(None, None), Validators("", "a\r\nb")])
def test_not_modified_without_condition(known: Validators | None) -> None:
    """Who was not asked for a change cannot say that there is none."""
    unchanged = raw_keeping(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    with host(by_path(profile=says("200 OK", b"new"), keys=unchanged)) as running:
        assert code(crawl(via(running), Wanted(BASE, ETAG, known))[BASE]) == "bad-status"


def raw_keeping(data: bytes) -> Answer:
    def answer(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(data)
        return True

    return answer


def test_conditions_of_one_profile_do_not_stick_to_the_next() -> None:
    """A handle that asked with a condition asks without one where none is known."""
    only = replace(QUICK, at_once=1)
    with host(GOOD) as running:
        crawl(via(running), Wanted(BASE, ETAG, ETAG), "https://eve.example/", politeness=only)
    assert [b"If-None-Match" in request for request in running.requests] == [True, True, False, False]


def test_a_429_storm_ends_within_patience() -> None:
    """A host that is always busy is asked as often as there are attempts, and then given up."""
    begin = time.monotonic()
    with host(says("429 Too Many Requests")) as running:
        assert code(crawl(via(running), BASE, politeness=replace(QUICK, attempts=3, patience=5))[BASE]) == "host-busy"
    assert len(running.requests) == 3
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Busy", "500 Oops", "502 Bad Gateway"])
def test_a_storm_that_passes(status: str) -> None:
    """After refusals the file comes, and with it the profile."""
    busy = [says(status, b"", "Retry-After: 0")] * (2 if status.startswith("429") else 1)
    outcome = one(in_turn(*busy, says("200 OK", b"file")), politeness=replace(QUICK, attempts=3, patience=5))
    assert isinstance(outcome, Files)


def test_a_timeout_is_tried_again_and_a_404_is_not() -> None:
    """Only what may pass is asked again."""
    patient = replace(QUICK, attempts=3, patience=5, deadline=0.3)
    with host(in_turn(raw(b"", 0.6), says("200 OK", b"file"))) as running:
        assert isinstance(crawl(via(running), BASE, politeness=patient)[BASE], Files)
    for answer in (says("404 Not Found"), says("403 Forbidden"), raw(b""), HOSTILE["endless"][0]):
        with host(answer) as running:
            code(crawl(via(running), BASE, politeness=patient)[BASE])
        assert len(running.requests) == 1


def test_patience_is_for_all_attempts_together() -> None:
    """However many attempts there may be, and however long each, a profile ends when the patience does."""
    begin = time.monotonic()
    assert code(one(raw(b"", 1), politeness=Politeness(deadline=10, patience=1, attempts=50))) == "timed-out"
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize(
    "value",
    ["1000000000", "9" * 5000, "99999999999999999999", formatdate(time.time() + 10**8, usegmt=True)],
    ids=["years", "endless", "ages", "date"],
)
def test_retry_after_beyond_patience(value: str) -> None:
    """A host that asks for more patience than there is, is left alone at once, with all that waits for it."""
    bases = [f"{BASE}{number}/" for number in range(20)]
    begin = time.monotonic()
    with host(says("429 Too Many", b"", f"Retry-After: {value}")) as running:
        outcomes = crawl(via(running), *bases, politeness=replace(QUICK, attempts=3))
    assert {code(outcome) for outcome in outcomes.values()} == {"host-busy"}
    assert len(running.requests) <= QUICK.per_host
    assert time.monotonic() - begin < 1.5


@pytest.mark.parametrize(
    "value", ["-5", "", "soon", "0", "1e3", "Sat, 99 Nov 2026", formatdate(0, usegmt=True), "\xff"]
)
def test_retry_after_that_says_nothing(value: str) -> None:
    """What is no time to come is as if it were not said: the attempts follow after a while of our own."""
    busy = says("503 Busy", b"", f"Retry-After: {value}")
    outcome = one(in_turn(busy, says("200 OK", b"file")), politeness=replace(QUICK, attempts=2))
    assert isinstance(outcome, Files)


def test_retry_after_holds_for_the_whole_host() -> None:
    """While a host asks to be left alone nothing else is asked there, and what waited comes afterwards."""
    answer = in_turn(says("429 Too Many", b"", "Retry-After: 1"), says("200 OK", b"file"))
    bases = [f"{BASE}{number}/" for number in range(5)]
    with host(answer) as running:
        outcomes = crawl(via(running), *bases, politeness=replace(QUICK, per_host=1, attempts=2, patience=5))
    assert all(isinstance(outcome, Files) for outcome in outcomes.values())
    assert running.at[1] - running.at[0] >= 0.95


def test_a_host_that_fails_again_and_again_is_left_alone() -> None:
    """After some failures in a row the rest of a host's profiles is given up unasked; another host's is not."""

    def answer(connection: socket.socket, request: bytes) -> bool | None:
        return (GOOD if b"Host: eve" in request else raw(b""))(connection, request)

    with host(answer) as running:
        outcomes = crawl(via(running), *(f"{BASE}{number}/" for number in range(100)), "https://eve.example/")
    assert isinstance(outcomes.pop("https://eve.example/"), Files)
    codes = [code(outcome) for outcome in outcomes.values()]
    assert set(codes) == {"network", "host-busy"}
    assert len(running.requests) < 20


def test_concurrency_is_bounded() -> None:
    """No host is asked by more than its bound at once, all together no more than theirs."""

    def linger(connection: socket.socket, request: bytes) -> bool | None:
        time.sleep(0.05)
        return GOOD(connection, request)

    polite = replace(QUICK, per_host=3, at_once=7)
    with host(linger) as running:
        outcomes = crawl(via(running), *(f"{BASE}{number}/" for number in range(12)), politeness=polite)
    assert all(isinstance(outcome, Files) for outcome in outcomes.values())
    assert running.busiest == 3
    with host(linger) as running:
        crawl(via(running), *(f"https://h{number}.example/" for number in range(20)), politeness=polite)
    assert running.busiest == 7
    assert running.connections <= 14  # kept and used again


def test_the_rate_is_bounded() -> None:
    """A host is asked no oftener than is polite, but for the two files of a first profile."""
    with host(GOOD) as running:
        crawl(via(running), *(f"{BASE}{number}/" for number in range(5)), politeness=replace(QUICK, per_second=10))
    assert len(running.at) == 10
    assert running.at[-1] - running.at[0] >= 0.78
    assert all(later - sooner >= 0.08 for sooner, later in zip(running.at[1:], running.at[2:], strict=False))


def test_waits_do_not_block() -> None:
    """A step takes no longer than it is told, whatever is waited for."""
    with host(says("503 Busy", b"", "Retry-After: 1")) as running:
        with Crawl(via(running), replace(QUICK, attempts=3), robots=False) as going:
            going.add(Wanted(BASE))
            for _ in range(4):
                begin = time.monotonic()
                assert going.step(0.1) == []
                assert time.monotonic() - begin < 0.3
            assert going.pending() == 1
        assert running.requests


def test_room_is_bounded() -> None:
    """There is room for a few rounds, and room again once something is given."""
    with host(GOOD) as running, Crawl(via(running), replace(QUICK, at_once=2), robots=False) as going:
        for number in range(8):
            assert going.room() == 8 - number
            going.add(Wanted(f"https://h{number}.example/"))
        assert going.room() == 0
        while not (given := going.step(1)):
            pass
        assert going.room() == len(given)


@pytest.mark.parametrize(
    "base", ["http://ada.example/", "https:///", "https://", "https://ada.example/\r\nX: y/", "https://äda.example/", "file:///etc/", ""]
)  # fmt: skip
def test_only_https_is_asked(base: str) -> None:
    """What is no https URL of plain characters is refused before anything is sent."""
    with host(GOOD) as running:
        assert code(crawl(via(running), base)[base]) == "not-https"
    assert running.connections == 0


# robots.txt


def robots(answer: Answer, politeness: Politeness = QUICK, base: str = BASE) -> tuple[Outcome, Host]:
    whole = by_path(profile=says("200 OK", b"profile"), keys=says("200 OK", b"keys"), robots=answer)
    with host(whole) as running:
        return crawl(via(running), base, politeness=politeness, robots=True)[base], running


def text(body: str, status: str = "200 OK") -> Answer:
    return says(status, body.encode())


RULES: dict[str, tuple[Answer, str | None]] = {
    "empty": (text(""), None),
    "allow": (text("User-agent: *\nDisallow: /private\nAllow: /sayso/"), None),
    "disallow": (text("User-agent: *\nDisallow: /"), "robots-refused"),
    "disallow-us": (text("User-agent: Sayso\nDisallow: /sayso/\n\nUser-agent: *\nAllow: /"), "robots-refused"),
    "disallow-others": (text("User-agent: sayso\nAllow: /\n\nUser-agent: *\nDisallow: /"), None),
    "disallow-keys": (text("User-agent: *\nDisallow: /*.jsonl$"), "robots-refused"),
    "html": (text("<!DOCTYPE html><title>hello</title>"), None),
    "binary": (says("200 OK", bytes(range(256)) * 50), None),
    "404": (text("", "404 Not Found"), None),
    "403": (text("", "403 Forbidden"), None),
    "redirect": (says("301 Moved", b"", "Location: https://thief.example/robots.txt"), None),
    "500": (text("", "500 Oops"), "robots-unreachable"),
    "429": (text("", "429 Too Many"), "robots-unreachable"),
    "encoded": (says("200 OK", gzip.compress(b"User-agent: *\nDisallow: /"), "Content-Encoding: gzip"), "robots-unreachable"),
    "huge": (says("200 OK", b"User-agent: *\nDisallow: /\n" + b"#" * 3_000_000), "robots-refused"),
    "huge-and-late": (says("200 OK", b"#" * 512_000 + b"\nUser-agent: *\nDisallow: /\n"), None),
    "endless": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"Disallow: /\n" * 4096), None),
    "many-agents": (text("".join(f"User-agent: a{n}\n" for n in range(12_000)) + "Disallow: /\n" * 12_000), None),
    "drip": (drip(b"HTTP/1.1 200 OK\r\n\r\n"), "timed-out"),
    "closed": (raw(b""), "network"),
    "impatient": (text("User-agent: *\nCrawl-delay: 86400"), "host-busy"),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_robots(name: str) -> None:
    """The rules of a host are asked for first, and decide whether its profile is."""
    answer, expected = RULES[name]
    begin = time.monotonic()
    outcome, running = robots(answer)
    assert time.monotonic() - begin < 3
    if expected is None:
        assert isinstance(outcome, Files), outcome
        assert running.paths == ["/robots.txt", "/sayso/profile.jwt", "/sayso/keys.jsonl"]
    else:
        assert code(outcome) == expected
        assert running.paths == ["/robots.txt"]
        if expected.startswith("robots-"):
            assert isinstance(outcome, FetchError)
            assert "--handed-over" in (outcome.hint or "")


def test_robots_are_asked_once_a_host() -> None:
    """However many profiles a host has, its rules are asked for once; without robots not at all."""
    bases = [f"{BASE}{number}/" for number in range(10)]
    whole = by_path(robots=text("User-agent: *\nDisallow: /3/"))
    with host(whole) as running:
        outcomes = crawl(via(running), *bases, robots=True)
    assert running.paths.count("/robots.txt") == 1
    assert {base for base, outcome in outcomes.items() if isinstance(outcome, FetchError)} == {f"{BASE}3/"}
    with host(whole) as running:
        assert all(isinstance(outcome, Files) for outcome in crawl(via(running), *bases).values())
    assert "/robots.txt" not in running.paths


def test_robots_that_are_busy_at_first() -> None:
    """Rules that come at the second attempt count."""
    busy_at_first = in_turn(text("", "503 Busy"), text("User-agent: *\nDisallow: /"))
    assert code(robots(busy_at_first, replace(QUICK, attempts=2))[0]) == "robots-refused"


def test_a_crawl_delay_is_kept() -> None:
    """A host that wants time between two requests has it."""
    with host(by_path(robots=text("User-agent: *\nCrawl-delay: 0.3"))) as running:
        outcomes = crawl(via(running), BASE, f"{BASE}2/", politeness=replace(QUICK, per_second=50), robots=True)
    assert all(isinstance(outcome, Files) for outcome in outcomes.values())
    assert len(running.at) == 5
    assert all(later - sooner >= 0.27 for sooner, later in zip(running.at, running.at[1:], strict=False))


# TLS, names that lead inward, proxies


@contextmanager
def https(folder: Path, *names: str, answer: Answer = GOOD) -> Iterator[tuple[Host, Network]]:
    """Run a host with a certificate for some names, and give the network in which ada.example leads to it."""
    trusted, tls = authority(folder, *names)
    with host(answer, tls) as running:
        yield (
            running,
            Network(permitted=lambda _: True, resolve={"ada.example:443": running.address}, authorities=trusted),
        )


def test_tls(tmp_path: Path) -> None:
    """Over TLS a profile comes from a host that proves its name."""
    with https(tmp_path, "ada.example") as (running, network):
        outcome = crawl(network, BASE, robots=True)[BASE]
    assert outcome == Files(b"profile", b"keys", None, None)
    assert running.connections == 1


def test_the_requests_over_tls(tmp_path: Path) -> None:
    """Over TLS too a request carries its own conditions and no others, and wants no encoding."""
    with https(tmp_path, "ada.example") as (running, network):
        crawl(
            network,
            *(Wanted(BASE, ETAG), Wanted(f"{BASE}2/"), Wanted(f"{BASE}3/", None, ETAG)),
            politeness=replace(QUICK, at_once=1),
        )
    assert [b'If-None-Match: "a"' in request for request in running.requests] == [True, *[False] * 4, True]
    for request in running.requests:
        assert {b"Host: ada.example", b"Accept-Encoding: identity"} <= set(request.split(b"\r\n"))


@pytest.mark.parametrize("names", [("eve.example",), ("*.ada.example",), ("ada.example.eve.example", "eve.example")])
def test_tls_with_a_wrong_name(tmp_path: Path, names: tuple[str, ...]) -> None:
    """A host that proves another name is not asked for anything."""
    with https(tmp_path, *names) as (running, network):
        assert code(crawl(network, BASE)[BASE]) == "bad-certificate"
    assert running.requests == []


def test_tls_of_an_unknown_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is to be trusted can be said in the environment, and nobody else is."""
    with https(tmp_path, "ada.example") as (running, network):
        stranger = replace(network, authorities=None)
        for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE"):
            monkeypatch.delenv(name, raising=False)
        assert code(crawl(stranger, BASE)[BASE]) == "bad-certificate"
        assert running.requests == []
        monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "authority.pem"))
        assert isinstance(crawl(stranger, BASE)[BASE], Files)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
        assert code(crawl(stranger, BASE)[BASE]) == "bad-certificate"


def test_a_host_that_speaks_no_tls() -> None:
    """Plain http where https was asked for is a failure of the network."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        network = Network(permitted=lambda _: True, resolve={"ada.example:443": address})
        assert code(crawl(network, BASE)[BASE]) == "network"
        thread.join()


@pytest.mark.parametrize("inward", ["127.0.0.1", "127.0.0.1,10.0.0.1", "10.0.0.1,127.0.0.1", "[::ffff:127.0.0.1]"])
def test_names_that_lead_inward(tmp_path: Path, inward: str) -> None:
    """Where a name leads to this machine or a network of somebody's own no connection is made."""
    with https(tmp_path, "ada.example") as (running, network):
        base = f"https://ada.example:{running.port}/"
        leads = Network(resolve={f"ada.example:{running.port}": inward}, authorities=network.authorities)
        assert code(crawl(leads, base)[base]) == "address-refused"
        elsewhere = Network(resolve={"ada.example:443": running.address}, authorities=network.authorities)
        assert code(crawl(elsewhere, BASE)[BASE]) == "address-refused"
    assert running.connections == 0


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0177.1", "[::1]", "localhost", "0"]
)
def test_hosts_that_are_inward_addresses(name: str) -> None:
    """However an address of this machine is spelled it is refused."""
    with host(GOOD) as running:
        base = f"https://{name}:{running.port}/"
        assert code(crawl(Network(), base)[base]) == "address-refused"
    assert running.connections == 0


def test_a_name_that_leads_nowhere() -> None:
    """A host that does not exist is said not to."""
    base = f"https://{'a' * 64}.example/"  # a label so long that nobody has to be asked
    assert code(crawl(Network(), base)[base]) == "no-such-host"


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment(tmp_path: Path, plain_environment: pytest.MonkeyPatch, variable: str) -> None:
    """A proxy is used, wherever it is, and the certificate behind it is that of the host all the same."""
    with https(tmp_path, "ada.example") as (running, network), proxy(running.port) as before:
        plain_environment.setenv(variable, f"http://{before.address}")
        behind = Network(authorities=network.authorities)
        assert crawl(behind, BASE)[BASE] == Files(b"profile", b"keys", None, None)
        assert code(crawl(behind, "https://eve.example/")["https://eve.example/"]) == "bad-certificate"
    assert [request.split(b" ")[1] for request in before.requests] == [b"ada.example:443", b"eve.example:443"]


@pytest.mark.parametrize("no_proxy", ["ada.example", ".example,localhost", "*"])
def test_no_proxy(tmp_path: Path, plain_environment: pytest.MonkeyPatch, no_proxy: str) -> None:
    """Where the environment says that no proxy is to be used the address is checked again."""
    with https(tmp_path, "ada.example") as (running, network), proxy(running.port) as before:
        plain_environment.setenv("https_proxy", f"http://{before.address}")
        plain_environment.setenv("no_proxy", no_proxy)
        assert isinstance(crawl(network, BASE)[BASE], Files)
        assert code(crawl(replace(network, permitted=Network().permitted), BASE)[BASE]) == "address-refused"
    assert before.connections == 0


def test_libcurl_has_no_mind_of_its_own_about_proxies(plain_environment: pytest.MonkeyPatch) -> None:
    """Networks in no_proxy, which only libcurl understands, do not lead past the proxy to an address nobody checked."""
    with host(GOOD) as running, proxy(running.port) as before:
        plain_environment.setenv("https_proxy", f"http://{before.address}")
        plain_environment.setenv("no_proxy", "127.0.0.0/8")
        base = f"https://127.0.0.1:{running.port}/"
        code(crawl(Network(), base)[base])
    assert running.connections == before.connections


@pytest.mark.parametrize(
    "answer",
    [says("403 Forbidden"), says("407 Proxy Authentication Required"), says("404 Not Found"), raw(b""), raw(b"", 0.8)],
    ids=["403", "407", "404", "closed", "silent"],
)
def test_a_proxy_that_refuses(plain_environment: pytest.MonkeyPatch, answer: Answer) -> None:
    """What a proxy says of itself is no answer of the host."""
    with host(answer) as before:
        plain_environment.setenv("https_proxy", f"http://someone:secret@{before.address}")
        outcome = crawl(Network(), BASE)[BASE]
    assert code(outcome) in ("network", "timed-out")
    assert "secret" not in str(outcome)


def test_a_proxy_is_not_used_for_loopback(plain_environment: pytest.MonkeyPatch) -> None:
    """A server on this machine that plays every host is asked itself."""
    with host(GOOD) as running, host(raw(b"")) as before:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            plain_environment.setenv(name, f"http://{before.address}")
        assert isinstance(crawl(via(running), BASE)[BASE], Files)
    assert before.connections == 0


def test_leaving_a_crawl_breaks_it_off() -> None:
    """What is still on its way when a crawl is left is broken off at once."""
    with host(raw(b"", 0.8)) as running:
        with Crawl(via(running), Politeness(), robots=False) as going:
            for number in range(30):
                going.add(Wanted(f"https://h{number}.example/"))
            going.step(0.2)
            begin = time.monotonic()
        assert time.monotonic() - begin < 0.3
        assert running.connections > 20
