"""The help of every command, and what each says at its end: to somebody at a terminal, without colour."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from loopback_nginx import free_port, serve
from sayso.cli.commands import cli
from support import BASE, PASSPHRASE, consumer, sayso
from terminal import at_terminal

WIDEST = 100
OF_MARKETERS = {"fetch", "verify", "ask", "audience", "export", "evidence", "pins", "vocab", "schema"}


def commands(group: click.Group = cli, path: str = "") -> Iterator[str]:
    """Give the name of every command, those in groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}"


def examples(command: str) -> list[str]:
    """Give the examples on a help page, each as it is typed."""
    return re.findall(r"^  Example: (sayso .*)$", help_of(command), re.MULTILINE)


def help_of(command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sayso", *command.split(), "--help"],
        env={**os.environ, "COLUMNS": str(WIDEST)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def parse(words: list[str]) -> click.Context:
    """Parse a command line as it is parsed when it runs, up to where it would begin to do something."""
    command: click.Command = cli
    context = click.Context(cli, info_name="sayso")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, words
        context, command, words = click.Context(found, context, words[0]), found, words[1:]
    return command.make_context(context.info_name, words, parent=context.parent)


ALL = [*commands()]
OF_AUTHORS = [command for command in ALL if command.split()[0] not in OF_MARKETERS]


@pytest.mark.parametrize("command", OF_AUTHORS)
def test_a_page(command: str) -> None:
    """A help page says what the command does and has examples of that very command; and fits in 100 columns, without colour."""
    page = help_of(command)
    assert page.startswith(f"Usage: sayso {command} ")
    assert max(map(len, page.splitlines())) <= WIDEST
    assert "\x1b" not in page
    assert examples(command)
    assert all(example.startswith(f"sayso {command}") for example in examples(command))


@pytest.mark.parametrize("command", OF_AUTHORS)
def test_the_examples_are_understood(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example is a command line that its command takes, where the folders that it names are there."""
    (tmp_path / "examples" / "consumer").mkdir(parents=True)
    consumer(tmp_path / "examples" / "consumer")
    monkeypatch.chdir(tmp_path)
    for example in examples(command):
        words = shlex.split(example)[1:]
        parse(words)
        with pytest.raises(click.UsageError):
            parse([*words, "--no-such-option"])


@pytest.mark.parametrize("command", ["check", "build", "publish", "status", "explain"])
def test_the_examples_run(command: str, tmp_path: Path) -> None:
    """An example that does no harm does what it says."""
    (tmp_path / "examples" / "consumer").mkdir(parents=True)
    consumer(tmp_path / "examples" / "consumer")
    example = next(example for example in examples(command) if "examples/consumer" in example)
    at = () if "--at" in example else ("--at", "2026-11-21T09:00:00Z")
    done = sayso(*shlex.split(example)[1:], *at, home=tmp_path)
    # Something of Ada's ends within 30 days.
    assert done.returncode == (1 if command == "status" else 0), done.stderr


class Terminal:
    """A person at a terminal with colours, and what stands in the last line when a command has ended."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def last(self, *arguments: str | Path, code: int = 0) -> str:
        environment = {"TERM": "xterm-256color", "SAYSO_PASSPHRASE": PASSPHRASE, "SAYSO_NEW_PASSPHRASE": PASSPHRASE}
        ended, shown = at_terminal(*arguments, home=self.home, answers=[], environment=environment)
        assert ended == code, shown
        assert not re.search(r"\x1b\[[0-9;]*m", shown)  # no colour; a line of progress may be written over
        return shown.rstrip().splitlines()[-1]


def run_all(terminal: Terminal) -> dict[str, str]:
    """Run each command of an author well, from the first to the last, and give its last line."""
    last, ran = terminal.last, {}
    now, home = ("--at", "2026-11-21T09:00:00Z"), terminal.home
    consumer(home, signed=False)
    ran["check"] = last("check", "ada", *now)
    ran["key new"] = last("key", "new", "ada", "--recovery", "1.txt", *now)
    ran["key show"] = last("key", "show", "ada")
    ran["key passwd"] = last("key", "passwd", "ada")
    ran["key backup"] = last("key", "backup", "ada", "--to", "copy.key")
    ran["sign"] = last("sign", "ada", "--yes", *now)
    ran["build"] = last("build", "ada", *now)
    with serve(home / "ada" / "public") as address:
        via = ("--unsafe-http-via", address)
        ran["monitor"] = last("monitor", "ada", *via, *now)
        ran["status"] = last("status", "ada", *via, *now, code=1)
        (home / "lost").mkdir()
        ran["restore"] = last("restore", BASE, "lost", *via)
    for more in (("--dry-run", "--no-verify"), ("--no-verify",)):
        ran[f"publish {more[0]}"] = last("publish", "ada", "--to", "www", *more, *now)
    with serve(home / "www") as address:
        ran["publish"] = last("publish", "ada", "--to", "www", "--unsafe-http-via", address, *now)
    ran["publish --workflow"] = last("publish", "ada", "--workflow", "gitlab")
    ran["explain"] = last("explain", "soundbarn.example", "ada", *now)
    ran["revoke"] = last("revoke", "soundbarn.example", "ada", "--yes", *now)
    ran["revoke, and the rest is told"] = last("revoke", "northpeak.example", "ada", "--yes", *now)
    ran["key rotate"] = last("key", "rotate", "ada", "--from-recovery", "1.txt", "--recovery", "2.txt", "--yes", *now)
    ran["key recover"] = last("key", "recover", "ada", "--from-recovery", "2.txt", "--recovery", "3.txt", "--yes", *now)
    ran["withdraw"] = last("withdraw", "ada", "--yes", *now)
    ran["history"] = last("history", "ada")
    ran["history --at"] = last("history", "ada", "--at", "2026-11-21T09:00:00Z")
    return ran


WITHOUT_NEXT = {
    "init": "it tells three commands, one below the other (test_init.py)",
    "edit": "it runs until it is stopped (test_what_comes_after_it_is_stopped)",
    "preview": "it runs until it is stopped (test_what_comes_after_it_is_stopped)",
    "diff": "it ends with what was asked for, and changes nothing",
}


def test_what_comes_next(tmp_path: Path) -> None:
    """Each command of an author that ends well, at a terminal, says in its last line what to do next, in plain text."""
    ran = run_all(Terminal(tmp_path))
    assert {*OF_AUTHORS} - ran.keys() == WITHOUT_NEXT.keys() & {*OF_AUTHORS}
    for command, line in ran.items():
        assert line.startswith("sayso: next: "), f"{command}: {line}"
        told = re.findall(r"sayso ((?:key )?[a-z]+)", line.removeprefix("sayso: next: "))
        assert all(name in ALL for name in told), line
        assert told or "--dry-run" in line or command == "publish --workflow", line


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (command, more)
        for command, more in (("preview", ("--port", "PORT")), ("edit", ("--no-open", "--no-input")))
        if command in ALL
    ],
)
def test_what_comes_after_it_is_stopped(command: str, more: tuple[str, ...], tmp_path: Path) -> None:
    """What runs until somebody stops it says then what to do next."""
    consumer(tmp_path, signed=False)
    port = str(free_port())
    with (tmp_path / "said").open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "sayso", command, "ada", *(port if word == "PORT" else word for word in more)],
            cwd=tmp_path,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stderr=file,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # who runs the tests may ignore it
        )
    said, end = tmp_path / "said", time.monotonic() + 60
    try:
        while "Ctrl-C" not in said.read_text():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert "next: sign " in said.read_text().splitlines()[-1]


IN_AN_EMPTY_FOLDER = [
    ("check",),
    ("key", "new", ".", "--recovery", "../r.txt"),
    ("key", "show"),
    ("key", "rotate", ".", "--recovery", "../r.txt", "--yes"),
    ("key", "recover", ".", "--recovery", "../r.txt", "--yes"),
    ("key", "passwd"),
    ("key", "backup", ".", "--to", "../b.key"),
    ("preview",),
    ("sign", "--yes"),
    ("build",),
    ("publish", "--to", "../www"),
    ("publish", "--branch", "pages", "--yes"),
    ("status",),
    ("explain",),
    ("diff",),
    ("edit", "--no-open"),
    ("revoke", "northpeak.example", "--yes"),
    ("withdraw", "--yes"),
    ("history",),
    ("monitor",),
]


@pytest.mark.parametrize("arguments", [words for words in IN_AN_EMPTY_FOLDER if words[0] in ALL or words[0] == "key"])
def test_in_an_empty_folder(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """In a folder without a profile each command says in one line that none is there, and names `sayso init`; nothing is written."""
    (tmp_path / "empty").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "sayso", *arguments],
        cwd=tmp_path / "empty",
        env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(tmp_path), "SAYSO_PASSPHRASE": PASSPHRASE},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (1, 3)
    lines = done.stderr.splitlines()
    assert re.search(r"sayso init \.(?:;|$)", lines[-1])
    assert len(lines) == (1 if arguments == ("status",) else 2)
    assert {path.name for path in tmp_path.rglob("*")} == {"empty"}
