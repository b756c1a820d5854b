"""Signing by a real ssh-agent, and what broken ones do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from support import PASSPHRASE, WHEN, consumer, sayso, tree

LATER = "2026-11-21T10:00:00Z"


def run(home: Path, *arguments: str | Path, agent: str | Path | None) -> subprocess.CompletedProcess[str]:
    """Run sayso with an agent and without any passphrase."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "SSH_"))}
    environment |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "XDG_DATA_HOME": str(home / ".data")}
    if agent is not None:
        environment["SSH_AUTH_SOCK"] = str(agent)
    return subprocess.run(
        [sys.executable, "-m", "sayso", *map(str, arguments)],
        cwd=home, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    consumer(tmp_path, signed=False)
    done = sayso("key", "new", "ada", "--recovery", "r.txt", "--at", WHEN, home=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


@pytest.fixture
def agent(home: Path) -> Iterator[Path]:
    """A real ssh-agent that holds no key yet."""
    place = home / "agent"
    surroundings = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    surroundings |= {"SSH_ASKPASS": "/bin/false"}
    process = subprocess.Popen(["ssh-agent", "-D", "-a", place], env=surroundings, stdout=subprocess.DEVNULL)
    try:
        while not place.exists():
            assert process.poll() is None
        yield place
    finally:
        process.terminate()
        process.wait()


def add(home: Path, agent: Path, *options: str) -> None:
    """Add the daily key to the agent, as its owner would with ssh-add."""
    [key] = (home / ".config" / "sayso" / "keys").iterdir()
    say = home / "say"
    say.write_text(f"#!/bin/sh\necho '{PASSPHRASE}'\n")
    say.chmod(0o700)
    environment = {**os.environ, "SSH_AUTH_SOCK": str(agent), "SSH_ASKPASS": str(say), "SSH_ASKPASS_REQUIRE": "force"}
    subprocess.run(
        ["ssh-add", *options, key], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )


def test_the_agent_signs(home: Path, agent: Path) -> None:
    """With the key in ssh-agent nobody is asked for a passphrase, and what is signed verifies as ever."""
    done = run(home, "sign", "ada", "--yes", "--at", WHEN, agent=agent)
    assert (done.returncode, "no-passphrase" in done.stderr) == (1, True)  # the agent does not have it yet
    add(home, agent)
    done = run(home, "sign", "ada", "--yes", "--at", WHEN, agent=agent)
    assert done.returncode == 0, done.stderr
    assert sayso("build", "ada", "--at", WHEN, home=home).returncode == 0
    [key] = (home / ".config" / "sayso" / "keys").iterdir()
    key.unlink()  # the file is not needed while the agent lives
    shown = json.loads(run(home, "key", "show", "ada", "--format", "json", agent=agent).stdout)["result"]
    assert [key["private"] for key in shown["keys"]] == ["ssh-agent"]
    assert run(home, "sign", "ada", "--yes", "--at", LATER, agent=agent).returncode == 0


def test_an_agent_that_says_no(home: Path, agent: Path) -> None:
    """An agent that is to ask, and cannot, does not sign; that is told, and nothing is written."""
    add(home, agent, "-c")
    before = tree(home / "ada")
    done = run(home, "sign", "ada", "--yes", "--at", WHEN, agent=agent)
    assert (done.returncode, "agent-refused" in done.stderr) == (1, True), done.stderr
    assert tree(home / "ada") == before


def test_a_locked_agent(home: Path, agent: Path) -> None:
    """A locked agent shows no key, so the key file is used, and its passphrase is missed."""
    add(home, agent)
    say = home / "say"
    environment = {**os.environ, "SSH_AUTH_SOCK": str(agent), "SSH_ASKPASS": str(say), "SSH_ASKPASS_REQUIRE": "force"}
    subprocess.run(["ssh-add", "-x"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    done = run(home, "sign", "ada", "--yes", "--at", WHEN, agent=agent)
    assert (done.returncode, "no-passphrase" in done.stderr) == (1, True)


@contextmanager
def pretended(place: Path, answer: Callable[[bytes], bytes]) -> Iterator[Path]:
    """An agent that answers each message as it is told to, and then hangs up."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(place))
    server.listen()

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                request = connection.recv(65_536)
                connection.sendall(answer(request))

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(10)


def text(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


@pytest.mark.parametrize(
    "answer",
    [b"", b"\0\0\0\0", b"\xff\xff\xff\xff", text(b"\x05"), text(b"\x0c\0\0\0\1"), text(b"\x0c\0\0\0\1" + text(b"x") + b"\0\0\0\x09y"), b"\0\0\1\0short"],
    ids=["hangs up", "says nothing", "too long", "failure", "cut short", "cut in the middle", "hangs up halfway"],
)  # fmt: skip
def test_a_broken_agent(answer: bytes, home: Path) -> None:
    """An agent that talks nonsense is as good as none."""
    with pretended(home / "a", lambda _: answer) as place:
        done = run(home, "sign", "ada", "--yes", "--at", WHEN, agent=place)
    assert (done.returncode, "no-passphrase" in done.stderr) == (1, True), done.stderr


def test_an_agent_that_signs_something_else(home: Path) -> None:
    """A signature that is not that of the profile is told at once, and nothing is written."""
    import base64

    event = (home / "ada" / "signed" / "keys.jsonl").read_bytes().split(b".")[1]
    x = json.loads(base64.urlsafe_b64decode(event + b"=="))["signer"]["x"]
    blob = text(b"ssh-ed25519") + text(base64.urlsafe_b64decode(x + "="))

    def answer(request: bytes) -> bytes:
        if request[4] == 11:
            return text(b"\x0c\0\0\0\1" + text(blob) + text(b"mine"))
        return text(b"\x0e" + text(text(b"ssh-ed25519") + text(bytes(64))))

    before = tree(home / "ada")
    with pretended(home / "a", answer) as place:
        done = run(home, "sign", "ada", "--yes", "--at", WHEN, agent=place)
    assert (done.returncode, "agent-refused" in done.stderr, "(mine)" in done.stderr) == (1, True, True), done.stderr
    assert tree(home / "ada") == before
