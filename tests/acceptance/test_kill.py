"""Killed at any point, signing leaves what was there or what is new, and whole; the next signing works."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from sayso import disk
from sayso.disk import read_file
from sayso.profile.taking_back import revoke
from sayso.publish import keys, ledger, signing
from sayso.publish.folder import read_signed
from sayso.publish.ledger import Ledger
from sayso.publish.signing import prepare, sign
from sign_examples import public_test_key
from support import AT, consumer, tree

WATCHED = {module.__file__ for module in (disk, ledger, signing, keys)}
DAILY = public_test_key("minimal daily")
RECOVERY = public_test_key("minimal recovery")


def sign_again(folder: Path, books: Ledger) -> None:
    sign(prepare(folder, lambda: AT + 60, books), DAILY, books.note)


def revoke_and_sign(folder: Path, books: Ledger) -> None:
    sign(prepare(folder, lambda: AT + 60, books, rewrite=lambda data, at: revoke(data, None, at)), DAILY, books.note)


def replace_the_key(folder: Path, books: Ledger) -> None:
    prepared = prepare(folder, lambda: AT + 60, books)
    spare = public_test_key("minimal second recovery")
    daily = public_test_key("minimal second daily")
    sign(keys.with_new_key(prepared, RECOVERY, daily.public, [spare.public], disown=True), daily, books.note)


def killed(action: Callable[[], None], after: int) -> bool:
    """Run something in a process of its own that kills itself after so many lines of what writes; tells whether it did."""
    child = os.fork()
    if child == 0:
        left = after

        def count(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal left
            del argument
            if frame.f_code.co_filename not in WATCHED:
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        code = 1
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


# The test runner has threads; the child needs none of them.
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("action", [sign_again, revoke_and_sign, replace_the_key])
def test_killed_at_any_line(action: Callable[[Path, Ledger], None], tmp_path: Path) -> None:
    """At whatever line of what writes it is killed: ``signed/`` and the source are old or new, and the next signing works."""
    start = consumer(tmp_path, "minimal")
    books = Ledger(tmp_path / "ledger")
    old = tree(start / "signed")
    source = (start / "profile.yml").read_bytes()
    work = tmp_path / "work"
    place = work / "minimal"

    def begin_anew() -> None:
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(books.folder, ignore_errors=True)
        shutil.copytree(start, place)

    begin_anew()
    action(place, books)
    new, new_source = tree(place / "signed"), read_file(place / "profile.yml")
    assert new != old
    seen = {"old": 0, "new": 0}
    lines = 1
    while True:
        begin_anew()
        if not killed(lambda: action(place, books), lines):
            break
        found = tree(place / "signed")
        assert found in (old, new), lines
        seen["old" if found == old else "new"] += 1
        assert read_file(place / "profile.yml") in (source, new_source), lines
        assert found == old or read_file(place / "profile.yml") == new_source, lines  # never signed and then undone
        assert read_signed(place, base_of(place), None).payload.sequence in (1, 2)
        if found == old and action is not replace_the_key:
            sign(prepare(place, lambda: AT + 120, books), DAILY)
            assert not [path for path in place.iterdir() if path.name.startswith(".signed-")]
        lines += 1
    assert seen["old"] > 20
    assert seen["new"] > 3


def base_of(folder: Path) -> str:
    from sayso.trust.keylog import read_keylog

    return read_keylog((folder / "signed" / "keys.jsonl").read_bytes()).events[-1].sub


def test_an_exchange_that_the_system_has_not(tmp_path: Path) -> None:
    """Where two folders cannot be exchanged in one step, what was moved aside before a kill is put back by the next signing."""
    folder = consumer(tmp_path, "minimal")
    old = tree(folder / "signed")
    aside = folder / ".signed-12345678"
    aside.mkdir()
    (folder / "signed").rename(aside / "old")
    (aside / "new").mkdir()
    sign(prepare(folder, lambda: AT + 60), DAILY)
    assert read_signed(folder, base_of(folder), None).payload.sequence == 2
    assert tree(folder / "signed")["history/1.jwt"] == old["profile.jwt"]
    assert not aside.exists()
