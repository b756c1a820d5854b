"""Fetching from servers that misbehave, over real sockets on loopback."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from hostile_host import authority, host
from hostile_host import says as says_kept
from sayso.errors import FetchError, RequestError, VerificationError
from sayso.reader.client import fetch
from sayso.reader.http import Loopback, Network, get
from support import ADA, AT, BASE

URL = f"{BASE}sayso/profile.jwt"
Answer = Callable[[socket.socket, bytes], None]


@contextmanager
def server(answer: Answer) -> Iterator[Loopback]:
    """Answer every connection with a function that may do what it likes with the socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        over = threading.Event()

        def run() -> None:
            while not over.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    with suppress(OSError):  # the reader hangs up, as it should
                        answer(connection, connection.recv(65_536))

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield Loopback("127.0.0.1", listening.getsockname()[1])
        finally:
            over.set()
            thread.join()


def says(status: str, body: bytes = b"", *headers: str) -> Answer:
    """Give an ordinary answer."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""])
    return lambda connection, _: connection.sendall(head.encode() + body)


def endless(connection: socket.socket, request: bytes) -> None:
    del request
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b"A" * 65_536)


def slow(connection: socket.socket, request: bytes) -> None:
    del request
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(600):
        connection.sendall(b"A")
        time.sleep(0.1)


def silent(_: socket.socket, __: bytes) -> None:
    time.sleep(3)


def cut_short(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says("404 Not Found"), "not-found"),
        (says("410 Gone"), "not-found"),
        (says("500 Oops"), "bad-status"),
        (says("204 No Content"), "bad-status"),
        (says("301 Moved", b"", "Location: https://thief.example/"), "redirect-refused"),
        (says("302 Found", b"", "Location: /elsewhere"), "redirect-refused"),
        (says("404 Not Found", b"A" * 262_145), "not-found"),
        (says("200 OK", b"A" * 262_145), "answer-too-large"),
        (says("200 OK", gzip.compress(b"A" * 1_000_000), "Content-Encoding: gzip"), "content-encoding"),
        (endless, "answer-too-large"),
        (slow, "timed-out"),
        (silent, "timed-out"),
        (cut_short, "network"),
        (lambda connection, _: connection.close(), "network"),
    ],
    ids=[
        "404",
        "410",
        "500",
        "204",
        "301",
        "302",
        "404-large",
        "large",
        "gzip",
        "endless",
        "slow",
        "silent",
        "cut",
        "closed",
    ],
)
def test_misbehaviour(answer: Answer, code: str) -> None:
    """Each misbehaviour ends in its own error, soon after the deadline at the latest."""
    with server(answer) as loopback:
        begin = time.monotonic()
        with pytest.raises(FetchError) as raised:
            get(URL, loopback=loopback, deadline=1.0)
        assert time.monotonic() - begin < 30  # the slow server would take a minute
    assert raised.value.code == code


def test_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """One request, with the real host, our name, no encoding and no cookie, whatever proxy the environment names."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    seen: list[bytes] = []

    def keep(connection: socket.socket, request: bytes) -> None:
        seen.append(request)
        says("200 OK", b"body", "Set-Cookie: a=b")(connection, request)

    with server(keep) as loopback:
        assert get(URL, loopback=loopback) == b"body"
        get(URL, loopback=loopback)
    lines = [set(request.decode().split("\r\n")) for request in seen]
    assert len(lines) == 2
    for request in lines:
        assert {"GET /sayso/profile.jwt HTTP/1.1", "Host: ada.example", "Accept-Encoding: identity"} <= request
        assert any(line.startswith("User-Agent: sayso/") for line in request)
        assert not any(line.lower().startswith("cookie") for line in request)


@pytest.mark.parametrize(
    "body",
    [b"<!DOCTYPE html><title>Sign in</title>", b"", b"\x00\xff"],
    ids=["html", "empty", "binary"],
)
def test_a_200_that_is_no_profile(body: bytes) -> None:
    """Whatever a server sends with status 200, it is refused unless it verifies."""
    with server(says("200 OK", body)) as loopback, pytest.raises(VerificationError):
        fetch(BASE, AT, lambda url: get(url, loopback=loopback))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
    ],
)
def test_inward_addresses_are_refused(address: str) -> None:
    """Nothing is asked of an address that is not on the public Internet: no connection is made."""
    with pytest.raises(FetchError) as raised:
        get(f"https://{address}/sayso/profile.jwt", deadline=2.0)
    assert raised.value.code == "address-refused"


def test_only_https() -> None:
    """Plain http is refused before anything is sent."""
    with pytest.raises(FetchError) as raised:
        get("http://ada.example/sayso/profile.jwt")
    assert raised.value.code == "not-https"


@pytest.mark.parametrize("text", ["8.8.8.8:80", "localhost:80", "127.0.0.1", "[::1]", "127.0.0.1:x", "", "10.0.0.1:80"])
def test_the_unsafe_flag_takes_loopback_only(text: str) -> None:
    """The flag for plain http takes nothing but an address of this machine with a port."""
    with pytest.raises(RequestError) as raised:
        Loopback.parse(text)
    assert raised.value.code == "not-loopback"


def test_fetching_from_an_in_memory_site() -> None:
    """The client takes its files from whatever gives bytes for a URL, and asks for nothing else."""
    signed = ADA / "signed"
    site = {f"{BASE}sayso/{name}": (signed / name).read_bytes() for name in ("profile.jwt", "keys.jsonl")}
    assert fetch(BASE, AT, site.__getitem__).verified.payload.sub == BASE


@pytest.mark.parametrize(("name", "code"), [("ada.example", None), ("eve.example", "bad-certificate")])
def test_one_file_over_tls(tmp_path: Path, name: str, code: str | None) -> None:
    """One file comes over TLS from a host that proves its name, and from no other."""
    trusted, tls = authority(tmp_path, name)
    with host(says_kept("200 OK", b"body"), tls) as running:
        network = Network(permitted=lambda _: True, resolve={"ada.example:443": running.address}, authorities=trusted)
        if code is None:
            assert get(URL, network=network) == b"body"
            return
        with pytest.raises(FetchError) as raised:
            get(URL, network=network)
        assert raised.value.code == code


@pytest.mark.parametrize(
    "url", ["https://ada.example/a b", "https://ada.example/\r\nX: y", "https://äda.example/", "https://"]
)
def test_addresses_that_could_break_out_of_a_request(url: str) -> None:
    """Blanks, ends of lines and letters beyond ASCII are refused before anything is sent."""
    with pytest.raises(FetchError) as raised:
        get(url)
    assert raised.value.code == "not-https"
