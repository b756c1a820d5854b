"""A reader's memory: the same rules in memory and in an SQLite file."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import DiskError, VerificationError
from sayso.reader.store import Store
from sayso.trust.pins import MAX_CONTRADICTIONS, Contradiction, MemoryPins, Pins, Seen, remember
from support import ROOT

VECTORS = ROOT / "profile_spec" / "vectors" / "pin"


@pytest.fixture(params=["memory", "sqlite"])
def pins(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryPins | Store]:
    if request.param == "memory":
        yield MemoryPins()
        return
    with Store(tmp_path / "data" / "store.sqlite") as opened:
        yield opened


def vector(name: str) -> dict[str, Any]:
    given: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["input"]
    return given


def seen_of(given: dict[str, Any], pins: Pins) -> Seen:
    """Let the memory see the first document of a vector."""
    first = given["seen"][0]
    remember(pins, first["profile"].encode(), first["keys"].encode(), given["base"], first["at"])
    found = pins.get(given["base"])
    assert found is not None
    return found


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda path: path.stem)
def test_sqlite_is_as_good_a_memory(path: Path, tmp_path: Path) -> None:
    """Every vector of pins comes out of the file as it says, though it is closed and opened before each document."""
    vector = json.loads(path.read_text("utf-8"))
    given, expect = vector["input"], vector["expect"]
    found: dict[str, Any] = {}
    for shown in (*given["seen"], given):
        with Store(tmp_path / "store.sqlite") as opened:
            try:
                verified = remember(
                    opened, shown["profile"].encode(), shown["keys"].encode(), given["base"], shown["at"]
                )
                found = {
                    "digest": verified.digest,
                    "identity": verified.keylog.identity,
                    "missed": verified.missed,
                }
            except VerificationError as error:
                found = {"step": error.step, "code": error.code}
    assert found == expect


def test_a_pin_is_only_replaced_by_who_knows_it(pins: MemoryPins | Store) -> None:
    """Who comes with another pin than the one that is there changes nothing, and is told."""
    seen = seen_of(vector(any_with_seen()), pins)
    later = Seen(seen.pin, seen.profile, seen.keys, seen.at + 1)
    assert not pins.put(later, None)
    other = Seen(type(seen.pin)(**{**fields(seen.pin), "digest": "B" * 42 + "A"}), b"", b"", 0)
    assert not pins.put(later, other.pin)
    assert pins.get(seen.pin.base) == seen
    assert pins.put(later, seen.pin)
    assert pins.get(seen.pin.base) == later


def any_with_seen() -> str:
    return next(
        path.stem for path in sorted(VECTORS.glob("*.json")) if json.loads(path.read_text("utf-8"))["input"]["seen"]
    )


def fields(pin: Any) -> dict[str, Any]:
    return {name: getattr(pin, name) for name in pin.__dataclass_fields__}


def test_both_documents_are_kept(pins: MemoryPins | Store) -> None:
    """Of two documents that contradict each other both are kept, once each, and the memory stays as it was."""
    path = next(
        path
        for path in sorted(VECTORS.glob("*.json"))
        if json.loads(path.read_text("utf-8"))["expect"].get("code") == "equivocation"
        and len(json.loads(path.read_text("utf-8"))["input"]["seen"]) == 1
    )
    given = json.loads(path.read_text("utf-8"))["input"]
    seen = seen_of(given, pins)
    for later in (0, 60):
        with pytest.raises(VerificationError):
            remember(pins, given["profile"].encode(), given["keys"].encode(), given["base"], given["at"] + later)
    assert pins.get(given["base"]) == seen
    [kept] = pins.contradictions(given["base"])
    assert (kept.code, kept.seen, kept.at) == ("equivocation", seen, given["at"])
    assert (kept.seen.profile, kept.profile) == (given["seen"][0]["profile"].encode(), given["profile"].encode())


def test_a_thief_cannot_fill_the_disk(pins: MemoryPins | Store) -> None:
    """Of any number of contradictions of one code only the first few are kept; those of another have their own room."""
    seen = seen_of(vector(any_with_seen()), pins)
    for number in range(MAX_CONTRADICTIONS + 5):
        pins.keep(Contradiction("equivocation", seen, str(number).encode(), seen.keys, number))
    pins.keep(Contradiction("keylog-forked", seen, b"other", seen.keys, 0))
    *kept, last = pins.contradictions(seen.pin.base)
    assert last.code == "keylog-forked"
    assert [item.profile for item in kept] == [str(number).encode() for number in range(MAX_CONTRADICTIONS)]


def test_forgetting(tmp_path: Path) -> None:
    """What is forgotten is not there any more, and the next profile is as the first."""
    with Store(tmp_path / "store.sqlite") as opened:
        seen = seen_of(vector(any_with_seen()), opened)
        assert [pin.base for pin, _ in opened.pins()] == [seen.pin.base]
        assert opened.forget(seen.pin.base)
        assert not opened.forget(seen.pin.base)
        assert opened.get(seen.pin.base) is None


def damaged(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says" * 100)


def of_the_future(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()


def folder(path: Path) -> None:
    path.mkdir()


def anothers(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE songs (title TEXT)")
    file.close()


@pytest.mark.parametrize("make", [damaged, of_the_future, folder, anothers])
def test_a_memory_that_cannot_be_used(make: Any, tmp_path: Path) -> None:
    """A memory that is damaged, of a later form, another program's, or no file, is an error; never a memory that begins anew."""
    path = tmp_path / "store.sqlite"
    make(path)
    with pytest.raises(DiskError) as raised:
        Store(path)
    assert raised.value.code == "store-unreadable"


RACER = """
import json, sys
from pathlib import Path
from sayso.errors import VerificationError
from sayso.reader.store import Store
from sayso.trust.pins import remember
given = json.loads(sys.stdin.read())
with Store(Path(sys.argv[1])) as pins:
    for shown in given["shown"]:
        try:
            remember(pins, shown["profile"].encode(), shown["keys"].encode(), given["base"], given["at"])
        except VerificationError:
            pass
"""


def test_an_older_version_never_takes_the_place_of_a_later_one(tmp_path: Path) -> None:
    """Several processes that see versions in any order, at once and in one file, end with the latest one."""
    from hashlib import sha256

    from sayso.profile.model import Payload, Subject, encode
    from sayso.trust.envelope import open_envelope, seal
    from sayso.trust.keyfile import PrivateKey
    from sayso.trust.keylog import first_line, read_keylog
    from sayso.trust.verify import TYP

    base, at = "https://ada.example/", 1_795_251_600
    key, spare = PrivateKey(sha256(b"one").digest()), PrivateKey(sha256(b"two").digest())
    keys = first_line(base, key, [spare.public], at)
    identity = read_keylog(keys).identity
    tokens: list[bytes] = []
    for number in range(1, 31):
        previous = open_envelope(tokens[-1], TYP).digest if tokens else None
        payload = Payload(
            v=1, sub=base, iat=at, exp=at + 86_400, status="active", vocabulary=1, subject=Subject(),
            identity=identity, key_event=identity, sequence=number, previous=previous,
        )  # fmt: skip
        tokens.append(seal(encode(payload), TYP, key))
    running = []
    for number in range(4):
        order = tokens[number::4] + tokens[::-1] if number % 2 else tokens[::-1] + tokens
        shown = [{"profile": token.decode(), "keys": keys.decode()} for token in order]
        process = subprocess.Popen(
            [sys.executable, "-c", RACER, tmp_path / "store.sqlite"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps({"base": base, "at": at, "shown": shown}))
        process.stdin.close()
        running.append(process)
    for process in running:
        assert process.wait() == 0, process.stderr
        assert process.stderr is not None
        process.stderr.close()
    with Store(tmp_path / "store.sqlite") as opened:
        found = opened.get(base)
        assert found is not None
        assert found.pin.sequence == 30
        assert opened.contradictions(base) == ()


def test_many_begin_at_once(tmp_path: Path) -> None:
    """Several processes that open a memory that is not there yet all get it, and it is one."""
    script = "import sys; from pathlib import Path; from sayso.reader.store import Store; Store(Path(sys.argv[1]))"
    for round_ in range(4):
        command = [sys.executable, "-c", script, str(tmp_path / f"{round_}.sqlite")]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(6)]
        for process in running:
            told = process.communicate()[1]
            assert process.returncode == 0, told


def test_reading_needs_no_writing(tmp_path: Path) -> None:
    """A memory is read while somebody else writes in it, and its file is not touched by reading."""
    path = tmp_path / "store.sqlite"
    with Store(path) as opened:
        seen = seen_of(vector(any_with_seen()), opened)
    before = path.stat().st_mtime_ns
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        with Store(path) as opened:
            assert opened.get(seen.pin.base) == seen
            assert [pin.base for pin, _ in opened.pins()] == [seen.pin.base]
    finally:
        writer.close()
    assert path.stat().st_mtime_ns == before
