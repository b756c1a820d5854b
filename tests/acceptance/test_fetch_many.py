"""Fetching many profiles from a real web server: nothing lost and nothing doubled, whatever hosts, lists and people do."""

from __future__ import annotations

import json
import os
import pty
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

import crowd
from sayso.instants import rfc3339
from sayso.profile.policy import Request
from sayso.reader.parts import holder, parts_of
from sayso.reader.reader import Reader
from sayso.reader.spans import read as read_spans
from sayso.reader.store import Store
from sayso.trust.envelope import seal
from sayso.trust.keylog import next_line, read_keylog
from sayso.trust.verify import TYP
from support import sayso, validator

AT, DAY = crowd.AT, crowd.DAY
MANY = 2_000
KILLS = 50
NORTHPEAK = Request("northpeak.example", "purchase.history", "offers.personalised", "email")

Line = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What a run said: its exit code, its lines by address, and what was on stderr."""

    code: int
    lines: dict[str, Line]
    said: str

    def outcomes(self) -> dict[str, str]:
        """Give what came of each address."""
        return {base: line["outcome"] for base, line in self.lines.items()}


def command(*arguments: str | Path, via: str, store: Path, at: int = AT) -> list[str]:
    """Give the command that fetches."""
    words = ("--unsafe-http-via", via, "--store", store, "--at", rfc3339(at), "--handed-over", *arguments)
    return [sys.executable, "-m", "sayso", "fetch", *map(str, words)]


def read(output: bytes) -> dict[str, Line]:
    """Read whole lines of output, each by the schema and each address once; where a line ends a killed program, it is left out."""
    found: dict[str, Line] = {}
    for text in output[: output.rfind(b"\n") + 1].splitlines():
        line = read_line(text)
        assert line["base"] not in found
        found[line["base"]] = line
    return found


@cache
def read_line(text: bytes) -> Line:
    """Read one line by the schema."""
    line = json.loads(text)
    validator("cli-output").validate(line)
    result: Line = line["result"]
    assert line["ok"] == (result["outcome"] in ("verified", "unchanged"))
    return result


def fetch(*arguments: str | Path, via: str, store: Path, at: int = AT, stdin: bytes = b"") -> Done:
    """Fetch and read what is said."""
    ran = subprocess.run(
        command(*arguments, via=via, store=store, at=at), input=stdin, capture_output=True, check=False, timeout=60
    )
    assert b"Traceback" not in ran.stderr, ran.stderr.decode()
    return Done(ran.returncode, read(ran.stdout), ran.stderr.decode())


def listed(folder: Path, bases: list[str]) -> Path:
    """Write a list."""
    file = folder / "addresses.txt"
    file.write_text("".join(f"{base}\n" for base in bases))
    return file


def pins(store: Path) -> dict[str, int]:
    """Give the last good version of each address."""
    with Store(store) as opened:
        return {pin.base: pin.sequence for pin, _ in opened.pins()}


def rows(store: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the file itself."""
    file = sqlite3.connect(store)
    try:
        return file.execute(query).fetchall()
    finally:
        file.close()


def whole(store: Path) -> bool:
    """Tell whether SQLite finds the file in order."""
    return rows(store, "PRAGMA integrity_check") == [("ok",)] and not rows(store, "PRAGMA foreign_key_check")


def contents(store: Path) -> tuple[Any, ...]:
    """Give what a store knows, without the numbers that it gave to things."""
    with Reader(store) as reader:
        allowed = sorted(entry.sub for entry in reader.audience(NORTHPEAK, AT))
    return (
        allowed,
        rows(
            store,
            "SELECT base, tried_at, outcome, identity, line, key_event, sequence, digest, iat, exp, status, seen_at, said"
            " FROM subjects JOIN rules ON rules.id = subjects.rules ORDER BY base",
        ),
        rows(
            store,
            "SELECT base, profile, keys, profile_etag, profile_modified, keys_etag, keys_modified"
            " FROM documents JOIN subjects ON subject = id ORDER BY base",
        ),
        spans(store),
        rows(store, "SELECT base, at, fetches.outcome FROM fetches JOIN subjects ON subject = id ORDER BY base"),
        rows(store, "SELECT * FROM runs"),
    )


def spans(store: Path) -> list[tuple[str, str, int, int]]:
    """Give whom each span is of, who holds it, and from when until when; apart from numbers that the order of writing gives."""
    with Reader(store) as reader:
        bases = dict(reader.rows("SELECT id, base FROM subjects", {}))
        found = []
        for company, domain in reader.rows("SELECT id, domain FROM companies", {}):
            (low, _), (_, high) = (parts_of(holder(company, granted=granted)) for granted in (False, True))
            said = read_spans(
                reader.rows("SELECT * FROM spans WHERE part BETWEEN :low AND :high", {"low": low, "high": high})
            )
            rows_of = zip(said.subject.tolist(), said.since.tolist(), said.until.tolist(), strict=True)
            found += [(bases[subject], domain, since, until) for subject, since, until in rows_of]
        assert found
        return sorted(found)


def children(process: subprocess.Popen[bytes]) -> set[int]:
    """Give the processes that a process began."""
    try:
        return {int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()}
    except OSError:
        return set()


def alive(pids: set[int]) -> set[int]:
    """Give those of the processes that still verify."""
    left = set()
    for pid in pids:
        try:
            if b"sayso.reader.workers" in Path(f"/proc/{pid}/cmdline").read_bytes():
                left.add(pid)
        except OSError:
            continue
    return left


def gone(pids: set[int]) -> bool:
    """Wait until the processes have ended; tells whether they have."""
    end = time.monotonic() + 10
    while (left := alive(pids)) and time.monotonic() < end:
        time.sleep(0.02)
    return not left


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Many people, published once."""
    root = tmp_path_factory.mktemp("people")
    return root, crowd.crowd(root, MANY)


@pytest.fixture(scope="module")
def some(people: tuple[Path, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """A server for all of them, and three hundred of their addresses."""
    root, bases = people
    with crowd.served(root) as via:
        yield via, bases[:300]


class Host:
    """A folder of people that a test may change, its log, and how to fetch from it."""

    def __init__(self, folder: Path, via: str) -> None:
        self.root, self.log, self.store, self.via = folder / "root", folder / "log", folder / "store.sqlite", via

    def publish(self, number: int, files: tuple[bytes, bytes]) -> str:
        """Publish somebody's files."""
        crowd.publish(self.root, number, files)
        return crowd.base_of(number)

    def file(self, number: int, name: str) -> Path:
        """Give the path of a file of somebody."""
        return self.root / f"p{number:06}.example" / "sayso" / name

    def fetch(self, *arguments: str | Path, at: int = AT, stdin: bytes = b"") -> Done:
        """Fetch from here."""
        return fetch(*arguments, via=self.via, store=self.store, at=at, stdin=stdin)

    def asked(self) -> list[tuple[str, str, int]]:
        """Give what was asked since this was asked last."""
        found = crowd.asked(self.log)
        self.log.write_text("")
        return found


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    (tmp_path / "root").mkdir()
    with crowd.served(tmp_path / "root", tmp_path / "log") as via:
        yield Host(tmp_path, via)


def test_killed_fifty_times(people: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Killed at fifty random moments and begun again each time, a run loses nothing, asks for nothing that it told, and ends as one that was never killed."""
    root, bases = people
    log, chance = tmp_path / "log", random.Random(1)
    slowly = "limit_req_zone $server_port zone=all:1m rate=560r/s;"
    with crowd.served(root, log, before=slowly, more="limit_req zone=all burst=10000;") as via:
        options = ("--from", listed(tmp_path, bases), "--at-once", "16")
        words = command(*options, via=via, store=tmp_path / "killed.sqlite")
        told: dict[str, Line] = {}
        begun: set[int] = set()
        for kill in range(KILLS):
            place = log.stat().st_size if log.exists() else 0
            with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
                process = subprocess.Popen(words, stdout=out, stderr=err)
                if kill % 5:  # most of them while it fetches, some before
                    while (not log.exists() or log.stat().st_size == place) and process.poll() is None:
                        begun |= children(process)
                        time.sleep(0.01)
                time.sleep(chance.uniform(0, 0.45))
                assert process.poll() is None, f"it was done after {kill} kills: {(tmp_path / 'err').read_text()}"
                process.send_signal(signal.SIGKILL)
                process.wait()
            said = (tmp_path / "err").read_text()
            assert not said or said.startswith("sayso: going on with a run"), said
            asked_now = {base for base, _, _ in _asked_since(log, place)}
            assert not asked_now & told.keys(), kill  # what was told is in the store, and is not asked for again
            now = read((tmp_path / "out").read_bytes())
            assert all(line.get("earlier") for base, line in now.items() if base in told)
            told |= now
        assert 100 < len(told) < MANY
        place = log.stat().st_size
        done = fetch(*options, via=via, store=tmp_path / "killed.sqlite")
        assert not {base for base, _, _ in _asked_since(log, place)} & told.keys()
    assert done.code == 0
    assert done.lines.keys() == set(bases)
    assert {base for base in told if not done.lines[base].get("earlier")} == set()
    assert all(line["sequence"] == 1 for line in done.lines.values())
    assert whole(tmp_path / "killed.sqlite")
    assert begun
    assert gone(begun)
    with crowd.served(root) as via:
        never = fetch("--from", tmp_path / "addresses.txt", via=via, store=tmp_path / "never.sqlite")
        assert never.code == 0
        assert contents(tmp_path / "killed.sqlite") == contents(tmp_path / "never.sqlite")
        again = fetch("--from", tmp_path / "addresses.txt", via=via, store=tmp_path / "killed.sqlite", at=AT + DAY)
    assert again.code == 0
    assert set(again.outcomes().values()) == {"unchanged"}
    assert len(again.lines) == MANY


def _asked_since(log: Path, place: int) -> list[tuple[str, str, int]]:
    if not log.exists():
        return []
    with log.open() as file:
        file.seek(place)
        return [(f"https://{host}/", path, int(status)) for host, path, status in map(str.split, file)]


def test_what_hosts_and_people_do(host: Host, tmp_path: Path) -> None:
    """Whatever a host serves the next time, what is refused leaves the last good version, and what was taken back is taken back at once."""
    first = {number: crowd.person(number) for number in range(13)}
    first |= {4: crowd.person(4, 2), 5: crowd.person(5, 2), 8: crowd.person(8, exp=AT + 100)}
    bases = [host.publish(number, files) for number, files in first.items()]
    everyone = listed(tmp_path, bases)
    assert host.fetch("--from", everyone).code == 0
    assert host.fetch(*bases, at=AT + 1).outcomes() == dict.fromkeys(bases, "unchanged")

    host.file(1, "profile.jwt").unlink()
    host.file(2, "profile.jwt").write_bytes(b"<!DOCTYPE html><title>parked</title>")
    profile, keys = first[3]
    host.publish(3, (seal(_payload(profile), TYP, crowd.Key("a thief")), keys))
    host.publish(4, crowd.person(4, 1))
    host.publish(5, crowd.person(5, 2, exp=AT + 90 * DAY))
    host.publish(6, first[7])
    host.publish(7, crowd.person(7, 2, status="withdrawn", grants=()))
    host.publish(9, crowd.person(9, 2, grants=(), exp=AT + 50))
    host.publish(10, crowd.person(10, 2, grants=()))
    host.publish(11, crowd.person(11, 4))
    host.publish(12, (first[12][0][:-6] + b"AAAAAA", first[12][1]))
    done = host.fetch("--from", everyone, at=AT + 200)
    codes = {
        1: "not-found", 2: "not-three-segments", 3: "unknown-key", 4: "rollback", 5: "equivocation", 6: "wrong-address",
        8: "expired", 9: "expired", 12: "bad-signature",
    }  # fmt: skip
    expected = dict.fromkeys(range(13), "verified") | {0: "unchanged"} | codes
    assert [done.lines[base]["outcome"] for base in bases] == list(expected.values())
    assert done.code == 4
    assert done.lines[bases[11]]["missed"] == 2
    kept = {0: 1, 1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 1, 7: 2, 8: 1, 9: 2, 10: 2, 11: 4, 12: 1}
    assert [pins(host.store)[base] for base in bases] == list(kept.values())
    assert [done.lines[base]["sequence"] for base in bases] == list(kept.values())
    with Store(host.store) as store:
        [contradiction] = store.contradictions(bases[5])
        assert contradiction.code == "equivocation"
        assert contradiction.profile == host.file(5, "profile.jwt").read_bytes()
        assert not any(store.contradictions(base) for base in bases if base != bases[5])
    with Reader(host.store) as reader:
        allowed = [base for base in bases if reader.ask(base, NORTHPEAK, AT + 200).verdict == "allow"]
        # Not who took back, or whose profile ended; and not as of before it ended either.
        assert allowed == [bases[number] for number in (0, 1, 2, 3, 4, 5, 6, 11, 12)]
        listed_now = sorted(entry.sub for entry in reader.audience(NORTHPEAK, AT + 40))
        assert listed_now == sorted([*allowed, bases[8]])
    assert whole(host.store)


def _payload(profile: bytes) -> bytes:
    from sayso.trust.envelope import open_envelope

    return open_envelope(profile, TYP).payload


def test_exit_codes(host: Host) -> None:
    """0 if all are good, 4 if some are, and if none is: 3 where one could not be had, else 1."""
    good, missing = host.publish(1, crowd.person(1)), crowd.base_of(2)
    foreign = host.publish(3, crowd.person(4))
    assert host.fetch(good, good).code == 0
    assert host.fetch(good, missing).code == 4
    assert host.fetch(good, "localhost").code == 4
    assert host.fetch(foreign, missing).code == 3
    assert host.fetch(foreign, foreign + "#", "http://ada.example/").code == 1
    assert host.fetch("--from", "-", stdin=b"").code == 0
    assert host.fetch("--from", "no-such-list").code == 3


def test_half_deployed(tmp_path: Path) -> None:
    """New keys beside the old profile are fetched once more: where the host is done by then it is verified, else the last good version stays."""
    first, second = crowd.person(1), crowd.person(2)
    rotated = {1: _with_new_keys(1, *first), 2: _with_new_keys(2, *second)}
    root, log = tmp_path / "root", tmp_path / "log"
    for number, files in ((1, first), (2, second)):
        crowd.publish(root, number, files)
    with crowd.served(root, log) as via:
        bases = [crowd.base_of(1), crowd.base_of(2)]
        assert fetch(*bases, via=via, store=tmp_path / "s").code == 0
    for number, (_, keys) in rotated.items():
        folder = root / f"p{number:06}.example" / "sayso"
        (folder / "keys.jsonl").write_bytes(keys)
        (folder / "old.jwt").write_bytes((folder / "profile.jwt").read_bytes())
        (folder / "new.jwt").write_bytes(rotated[number][0])
    log.unlink()
    # The first time in a minute a host gives its old profile; after that the first one of them gives the new one.
    zone = "map $host $late { p000001.example new; default old; } limit_req_zone $host zone=first:1m rate=1r/m;"
    half = (
        "location = /sayso/profile.jwt { limit_req zone=first; limit_req_status 503; try_files /sayso/old.jwt =404;"
        " error_page 503 =200 /sayso/$late.jwt; }"
    )
    with crowd.served(root, log, before=zone, more=half) as via:
        done = fetch(*bases, via=via, store=tmp_path / "s", at=AT + 60)
    assert done.outcomes() == {bases[0]: "verified", bases[1]: "unknown-key"}
    assert done.code == 4
    assert pins(tmp_path / "s") == {bases[0]: 2, bases[1]: 1}
    for base in bases:
        assert sum(asked == base and path.endswith("jwt") for asked, path, _ in crowd.asked(log)) == 2
        assert sum(asked == base and path.endswith("jsonl") for asked, path, _ in crowd.asked(log)) == 2


def _with_new_keys(number: int, profile: bytes, keys: bytes) -> tuple[bytes, bytes]:
    """Give the second version of somebody, under a key that the recovery key put in the place of the first."""
    from sayso.profile import model
    from sayso.trust.envelope import digest

    fresh, recovery = crowd.Key(f"second of {number}"), crowd.Key("recovery of all of them")
    log = keys + next_line(read_keylog(keys), recovery, [fresh.public], [crowd.Key("spare").public], AT)
    payload = msgspec.structs.replace(
        model.read(_payload(profile)), sequence=2, previous=digest(profile.rpartition(b".")[0]),
        key_event=read_keylog(log).head, iat=AT,
    )  # fmt: skip
    return seal(model.encode(payload), TYP, fresh), log


def test_one_file_that_changed(host: Host) -> None:
    """Where only one of the two files changed, only that one comes, and both are checked together."""
    base, other = host.publish(1, crowd.person(1)), host.publish(2, crowd.person(2))
    assert host.fetch(base, other).code == 0
    assert {status for _, _, status in host.asked()} == {200}
    host.file(1, "profile.jwt").write_bytes(crowd.person(1, 2)[0])
    os.utime(host.file(1, "profile.jwt"), (AT, AT))
    os.utime(host.file(2, "keys.jsonl"), (AT, AT))
    done = host.fetch(base, other, at=AT + 60)
    assert done.outcomes() == {base: "verified", other: "verified"}
    assert sorted(host.asked()) == [
        (base, "sayso/keys.jsonl", 304), (base, "sayso/profile.jwt", 200),
        (other, "sayso/keys.jsonl", 200), (other, "sayso/profile.jwt", 304),
    ]  # fmt: skip
    assert pins(host.store) == {base: 2, other: 1}
    assert host.fetch(base, other, at=AT + 120).outcomes() == {base: "unchanged", other: "unchanged"}
    assert {status for _, _, status in host.asked()} == {304}


@pytest.mark.parametrize("place", ["file", "stdin"])
def test_lists(host: Host, tmp_path: Path, place: str) -> None:
    """Of a list count the addresses, once each and in their one form; what can be none is told, and a long line is one line."""
    bases = [host.publish(number, crowd.person(number)) for number in range(4)]
    long = "x" * 4096 + bases[3]  # what is cut off looks like an address
    lines = [
        "# a remark", "", bases[0], "   ", bases[0], "P000000.EXAMPLE", f"  {bases[1]}  ", bases[2].rstrip("/"), "no address",
        "http://p000003.example/", "https://user@p000003.example/", long, "\x00\x07", "# " + long, "http" + "s" * 100_000,
    ]  # fmt: skip
    text = b"\xef\xbb\xbf" + "\r\n".join(lines).encode() + b"\r\n\xff\xfe\xfd"
    (tmp_path / "list").write_bytes(text)
    name, stdin = (tmp_path / "list", b"") if place == "file" else ("-", text)
    done = host.fetch("--from", name, stdin=stdin)
    outcomes = done.outcomes()
    assert {base: outcomes.pop(base) for base in bases[:3]} == dict.fromkeys(bases[:3], "verified")
    assert len(outcomes) == 7
    assert set(outcomes.values()) == {"bad-base-url"}
    assert max(map(len, outcomes)) <= 4097
    assert done.code == 4
    assert len(host.asked()) == 6


def test_dry_run(host: Host) -> None:
    """A dry run says how many it would ask for, and asks nobody."""
    base, other = host.publish(1, crowd.person(1)), host.publish(2, crowd.person(2))
    assert host.fetch(base, "--evidence").code == 0
    assert len(host.asked()) == 2
    words = ("--store", host.store, "--unsafe-http-via", host.via, "--format", "json")
    ran = sayso("fetch", base, other, other, "localhost", "--dry-run", *words)
    assert ran.returncode == 4
    assert json.loads(ran.stdout)["result"] == {"addresses": 2, "known": 1, "done": 0, "bad": 1}
    ran = sayso("fetch", base, other, "--dry-run", *words[:-1], "text")
    assert ran.returncode == 0
    assert "2 addresses would be asked for two files each" in ran.stdout
    assert host.asked() == []
    assert pins(host.store) == {base: 1}
    assert sayso("fetch", "--dry-run", *words).returncode == 2


def heed_ctrl_c() -> None:
    """Heed Ctrl-C, which who runs the tests may ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


SLOWLY = "limit_req_zone $server_port zone=all:1m rate=200r/s;"


def test_broken_off_and_anew(people: tuple[Path, list[str]], some: tuple[str, list[str]], tmp_path: Path) -> None:
    """A run that Ctrl-C broke off says so, leaves a store in order and no process; --anew asks for all of it again."""
    via, bases = some
    file, store = listed(tmp_path, bases), tmp_path / "store.sqlite"
    with crowd.served(people[0], before=SLOWLY, more="limit_req zone=all burst=10000;") as slow:
        words = command("--from", file, "--at-once", "4", via=slow, store=store)
        with (tmp_path / "out").open("wb") as out:
            process = subprocess.Popen(
                words, stdout=out, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heed_ctrl_c
            )
        while not (tmp_path / "out").stat().st_size:
            time.sleep(0.001)
        begun = children(process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        _, err = process.communicate(timeout=20)
    told = read((tmp_path / "out").read_bytes())
    assert process.returncode == 130, err
    assert err.decode().split("\n") == ["", "sayso: error: interrupted", ""]  # below the ^C
    assert 0 < len(told) < len(bases)
    assert begun
    assert gone(begun)
    assert whole(store)
    planned = sayso("fetch", "--from", file, "--store", store, "--at", rfc3339(AT), "--dry-run", "--format", "json")
    assert json.loads(planned.stdout)["result"]["done"] == len(pins(store)) >= len(told)
    anew = fetch("--from", file, "--anew", via=via, store=store)
    assert anew.code == 0
    assert not any("earlier" in line for line in anew.lines.values())
    assert set(anew.outcomes().values()) == {"verified", "unchanged"}


def test_interrupted_at_any_moment(some: tuple[str, list[str]], tmp_path: Path) -> None:
    """Ctrl-C at a random moment shows no traceback, of the program or of the processes that verify, and leaves none of them."""
    via, bases = some
    file, store, chance = listed(tmp_path, bases), tmp_path / "store.sqlite", random.Random(2)
    for _ in range(6):
        words = command("--from", file, "--anew", via=via, store=store)
        process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heed_ctrl_c
        )
        begun: set[int] = set()
        while not begun and process.poll() is None:
            begun |= children(process)
        time.sleep(chance.uniform(0, 0.3))
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=20)
        # By the signal itself only where all was done, and Python was ending.
        assert process.returncode in (0, 130) or (process.returncode == -signal.SIGINT and b" verified" in err), err
        assert b"Traceback" not in err, err.decode()
        assert gone(begun)
    assert whole(store)


def test_evidence(host: Host) -> None:
    """With --evidence each fetch is a link of a chain that holds, good or not, and the files are kept."""
    bases = [host.publish(number, crowd.person(number)) for number in range(3)]
    assert host.fetch(*bases, crowd.base_of(9), "--evidence").code == 4
    host.publish(1, crowd.person(1, 2))
    host.publish(2, crowd.person(2, 1, exp=AT + 90 * DAY))
    assert host.fetch(*bases, "--evidence", at=AT + 60).code == 4
    checked = sayso("evidence", "verify", "--store", host.store, "--format", "json")
    assert checked.returncode == 0, checked.stderr
    result = json.loads(checked.stdout)["result"]
    assert result["kinds"] == {"fetch": 7}
    assert result["redone"] > 0
    assert rows(host.store, "SELECT COUNT(*) FROM exhibits") == [(3 * 2 + 1 + 1,)]


def test_somebody_asks_meanwhile(some: tuple[str, list[str]], tmp_path: Path) -> None:
    """While one process writes, another is answered at any time, and what it counts never becomes less."""
    via, bases = some
    store = tmp_path / "store.sqlite"
    assert fetch(bases[0], "--evidence", via=via, store=store).code == 0
    writer = subprocess.Popen(
        command("--from", listed(tmp_path, bases), via=via, store=store), stdout=subprocess.DEVNULL
    )
    counts = []
    with Reader(store) as reader:
        while writer.poll() is None:
            counts.append(reader.audience(NORTHPEAK, AT).count())
            assert reader.ask(bases[0], NORTHPEAK, AT).verdict == "allow"
        assert reader.audience(NORTHPEAK, AT).count() == len(bases)
    assert writer.returncode == 0
    assert len(counts) > 10
    assert counts == sorted(counts)


def test_two_at_once(some: tuple[str, list[str]], tmp_path: Path) -> None:
    """Two runs over one list into one store at once both end well, and the store knows everybody once."""
    via, bases = some
    words = command("--from", listed(tmp_path, bases), via=via, store=tmp_path / "store.sqlite")
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err.decode()
        assert read(out).keys() == set(bases)
    assert whole(tmp_path / "store.sqlite")
    assert pins(tmp_path / "store.sqlite") == dict.fromkeys(bases, 1)
    assert rows(tmp_path / "store.sqlite", "SELECT COUNT(*) FROM documents") == [(len(bases),)]


def test_no_room(some: tuple[str, list[str]], tmp_path: Path) -> None:
    """Where nothing can be written, or no more, there is one error that says so, exit code 3, and a store that is in order."""
    via, bases = some
    file, store = listed(tmp_path, bases), tmp_path / "store.sqlite"
    ran = subprocess.run(
        command("--from", file, via=via, store=Path("/proc/store.sqlite")), capture_output=True, check=False
    )
    assert (ran.returncode, ran.stderr.decode().count("sayso: error: store-unreadable")) == (3, 1), ran.stderr.decode()
    limited = ["sh", "-c", 'ulimit -f 1000 && exec "$@"', "sh"]  # blocks of 512 bytes
    ran = subprocess.run([*limited, *command("--from", file, via=via, store=store)], capture_output=True, check=False)
    assert ran.returncode == 3
    said = ran.stderr.decode().splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"sayso: error: store-unreadable: {store} cannot be used:")
    assert whole(store)
    done = fetch("--from", file, via=via, store=store)
    assert done.code == 0
    assert len(done.lines) == len(bases)


@pytest.mark.parametrize("shown", [True, False])
def test_progress(some: tuple[str, list[str]], tmp_path: Path, shown: bool) -> None:
    """Somebody at a terminal who does not see the lines sees a progress bar there; a log gets none."""
    via, bases = some
    ours, theirs = pty.openpty()
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        words = command("--from", listed(tmp_path, bases), "localhost", via=via, store=tmp_path / "s.sqlite")
        process = subprocess.Popen(words, stdout=out, stderr=theirs if shown else err)
        os.close(theirs)
        seen = b""
        while shown:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # how Linux says that the other side has hung up
                break
            seen += part
        assert process.wait(30) == 4
    os.close(ours)
    text = seen if shown else (tmp_path / "err").read_bytes()
    assert (b"301/301" in text) == shown
    assert (b"\r" in text.replace(b"\r\n", b"")) == shown
    assert b"301 addresses: 300 verified, 1 bad-base-url" in text
    assert len(read((tmp_path / "out").read_bytes())) == 301
