"""Questions to a store at the command line: the same answers as ever, without the network."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import crowd
from sayso import Reader, Request, Store, VerificationError, remember
from support import ADA, AT, BASE, ROOT, WHEN, documents, sayso

QUESTION = ("--company", "northpeak.example", "--signal", "purchase.history", "--purpose", "offers.personalised")
WEEK_LATER = "2026-11-28T09:00:01Z"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store with Ada and nine others, all seen at ``AT``."""
    path = tmp_path_factory.mktemp("store") / "store.sqlite"
    with Store(path) as opened:
        crowd.meet(opened, *range(9))
        gone = crowd.person(8, 2, status="withdrawn", grants=(), refusals=())
        remember(opened, *gone, crowd.base_of(8), AT)
        opened.failed("https://never.example/", AT, "no-such-host")
    return path


def both_ways(*arguments: str) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    """Ask by the shortest way, and by that of all commands."""
    found = []
    for code in (
        "from sayso.cli import main; main()",
        "from sayso.cli.commands import run; import sys; run(sys.argv[1:])",
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, "ask", *arguments],
            cwd=ROOT, env=os.environ | {"LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found.append((done.returncode, done.stdout, done.stderr))
    return found[0], found[1]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), 0),
        (("--channel", "email", "--category", "sg-4"), 0),
        (("--channel=email",), 0),
        (("--channel", "phone"), 1),
        (("--channel", "pigeon"), 1),
        (("--granularity", "event"), 1),
        (("--granularity", "week"), 2),
        (("--age", "366"), 1),
        (("--age", "old"), 2),
        (("--sharing", "processors"), 1),
        (("--sharing", "a.example,b.example"), 1),
        (("--sharing", "world wide"), 2),
        (("--category", "SG"), 2),
        (("--format", "json"), 0),
        (("--format", "xml"), 2),
        (("--at", WEEK_LATER), 1),
        (("--at", "yesterday"), 2),
        (("--at", "2027-06-01"), 1),
        (("--company", "co.uk"), 2),
        (("--nothing",), 2),
        (("--channel",), 2),
        (("--help",), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_the_shortest_way_says_the_same(store: Path, more: tuple[str, ...], code: int) -> None:
    """Whatever is asked, and however wrongly, the short way writes what the way of all commands writes."""
    at = () if "--at" in more else ("--at", WHEN)
    quick, whole = both_ways(BASE, "--store", str(store), *QUESTION, *more, *at)
    assert quick == whole
    assert quick[0] == code, quick


@pytest.mark.parametrize(
    "target", ["https://ADA.example", "ada.example", "https://never.example/", "https://nobody.example/", "x y"]
)
def test_other_addresses(store: Path, target: str) -> None:
    """An address in another form is the same address; one of which nothing good is known is an error, not a no."""
    quick, whole = both_ways(target, "--store", str(store), *QUESTION, "--at", WHEN)
    assert quick == whole
    assert quick[0] == {"https://ADA.example": 0, "ada.example": 0, "x y": 2}.get(target, 3)
    assert ("not-in-store" in quick[2]) == (quick[0] == 3)


def test_a_week_is_the_end(store: Path) -> None:
    """Seven days after fetching the answer is still there; a second later it is no, and says why."""
    last = ("ask", BASE, "--store", store, *QUESTION, "--format", "json", "--at")
    assert json.loads(sayso(*last, "2026-11-28T09:00:00Z").stdout)["result"]["verdict"] == "allow"
    done = sayso(*last, WEEK_LATER)
    assert (done.returncode, json.loads(done.stdout)["result"]["reasons"]) == (1, ["stale"])


def test_files_that_are_no_store(tmp_path: Path) -> None:
    """A file that is not there, another program's, or no database at all is an error, and is not touched."""
    other, text = tmp_path / "other.sqlite", tmp_path / "text"
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE notes (text TEXT)")
    file.close()
    text.write_text("no database, but long enough to look like one" * 100)
    for path in (tmp_path / "none", other, text):
        before = path.read_bytes() if path.exists() else None
        done = sayso("ask", BASE, "--store", path, *QUESTION)
        assert done.returncode == 3, done
        assert done.stderr.count("sayso: error: ") == 1
        assert (path.read_bytes() if path.exists() else None) == before


def test_a_store_from_before(tmp_path: Path) -> None:
    """A file in which only pins were kept is brought to today's form by the first question, with all that it knew."""
    path = tmp_path / "pins.sqlite"
    with Store(tmp_path / "today.sqlite") as today:
        crowd.meet(today)
        seen = today.get(BASE)
        assert seen is not None
    columns = "identity TEXT NOT NULL, line INTEGER NOT NULL, key_event TEXT NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL, iat INTEGER NOT NULL, profile BLOB NOT NULL, keys BLOB NOT NULL, at INTEGER NOT NULL"
    pin = seen.pin
    row = (pin.identity, pin.line, pin.key_event, pin.sequence, pin.digest, pin.iat, seen.profile, seen.keys, seen.at)
    file = sqlite3.connect(path)
    file.execute(f"CREATE TABLE pins (base TEXT PRIMARY KEY, {columns})")
    file.execute(
        f"CREATE TABLE contradictions (base TEXT NOT NULL, code TEXT NOT NULL, {columns}, other_profile BLOB NOT NULL,"
        " other_keys BLOB NOT NULL, other_at INTEGER NOT NULL, UNIQUE (base, digest, key_event, other_profile, other_keys))"
    )
    file.execute("INSERT INTO pins VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (BASE, *row))
    file.execute(
        "INSERT INTO contradictions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (BASE, "equivocation", *row, b"other", b"keys", AT),
    )
    file.execute("PRAGMA user_version = 1")
    file.commit()
    file.close()
    assert sayso("ask", BASE, "--store", path, *QUESTION, "--at", WHEN).returncode == 0
    with Store(path) as store:
        assert store.get(BASE) == seen
        assert [item.code for item in store.contradictions(BASE)] == ["equivocation"]
        assert store.file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_asking_a_folder_of_fetched_files(tmp_path: Path) -> None:
    """The folder that `fetch --into` makes can be asked, offline, and is verified first."""
    folder = tmp_path / "fetched"
    folder.mkdir()
    for name in ("profile.jwt", "keys.jsonl"):
        (folder / name).write_bytes((ADA / "signed" / name).read_bytes())
    done = sayso("ask", folder, *QUESTION, "--at", WHEN)
    assert (done.returncode, "speak for https://ada.example/" in done.stderr) == (0, True)
    data = bytearray((folder / "profile.jwt").read_bytes())
    data[-9] ^= 1
    (folder / "profile.jwt").write_bytes(data)
    assert sayso("ask", folder, *QUESTION, "--at", WHEN).returncode == 1


def test_an_audience(store: Path) -> None:
    """Who may be addressed is listed with limits, or counted with the reasons of the others; nobody is exit code 1."""
    audience = ("audience", *QUESTION, "--store", store, "--at", WHEN)
    done = sayso(*audience, "--format", "json")
    found = [answer["result"] for answer in documents(done.stdout)]
    assert done.returncode == 0
    assert sorted(item["sub"] for item in found) == sorted([BASE, *map(crowd.base_of, range(8))])
    assert all(item["limits"]["channels"] == ["email"] for item in found)
    assert "9 of 10 may be addressed; 1 withdrawn" in done.stderr
    lines = sayso(*audience).stdout.splitlines()
    assert len(lines) == 9
    assert "channels email" in lines[0]
    counted = json.loads(sayso(*audience, "--count", "--format", "json").stdout)["result"]
    assert counted == {"allowed": 9, "reasons": {"withdrawn": 1}}
    none = sayso(*audience, "--channel", "phone", "--count")
    assert (none.returncode, none.stdout.splitlines()[0]) == (1, "0 may be addressed")
    assert sayso("audience", *QUESTION, "--store", store, "--at", WEEK_LATER).returncode == 1


def test_what_was_asked_is_evidence(store: Path) -> None:
    """A question and an audience that were kept verify again from what is in the store."""
    asked = sayso("ask", BASE, "--store", store, *QUESTION, "--at", WHEN, "--evidence")
    plain = sayso("ask", BASE, "--store", store, *QUESTION, "--at", WHEN)
    assert (asked.returncode, asked.stdout) == (0, plain.stdout)
    assert sayso("audience", *QUESTION, "--store", store, "--at", WHEN, "--evidence", "--count").returncode == 0
    told = json.loads(sayso("evidence", "verify", "--store", store, "--format", "json").stdout)["result"]
    assert (told["lines"], told["findings"]) == (2, [])
    assert sayso("ask", BASE, *QUESTION, "--evidence").returncode == 2


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE documents SET profile = x'00'",
        "UPDATE documents SET profile = x'612e622e63'",
        "DELETE FROM stances",
        "DELETE FROM clauses",
        "UPDATE clauses SET said = CAST(id AS BLOB)",
        "DROP TABLE documents",
        "PRAGMA foreign_keys = OFF; ALTER TABLE subjects RENAME TO other; CREATE VIEW subjects AS SELECT * FROM other",
    ],
)
def test_a_store_that_somebody_damaged(store: Path, tmp_path: Path, damage: str) -> None:
    """Whatever was done to a store, a question is answered or ends in one clear error; never in a yes by accident, nor in a traceback."""
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(store) as whole, sqlite3.connect(path) as copy:
        whole.backup(copy)
        copy.executescript(damage)
    whole.close()
    copy.close()
    for words in (("ask", BASE), ("audience",)):
        done = sayso(*words, *QUESTION, "--store", path, "--at", WHEN)
        assert done.returncode in (0, 1, 3), done
        assert "Traceback" not in done.stderr
        assert "bug" not in done.stderr


def test_an_answer_that_cannot_be_written(store: Path) -> None:
    """Where the answer cannot be written the exit code says that it could not, and not no."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sayso", "ask", BASE, "--store", store, *QUESTION, "--at", WHEN],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr.startswith("sayso: error: disk: ")) == (3, True), done


def test_what_took_back_is_what_was_known(tmp_path: Path) -> None:
    """A later version that had ended when it was fetched, or was written while the clock was behind, is what evidence proves from."""
    path, base = tmp_path / "store.sqlite", crowd.base_of(1)
    first, ended = crowd.person(1), crowd.person(1, 2, grants=(), exp=AT + 50)
    with Store(path) as opened:
        seen = remember(opened, *first, base, AT)
        with opened.transaction():
            opened.evidence.fetched(base, AT, "verified", *first, seen.pin)
        with pytest.raises(VerificationError):
            remember(opened, *ended, base, AT + 100)
        kept = opened.get(base)
        assert kept is not None
        assert kept.pin.sequence == 2
        with opened.transaction():
            opened.evidence.fetched(base, AT + 100, "expired", *ended, kept.pin)
    words = ("--store", path, *QUESTION, "--format", "json")
    asked = sayso("ask", base, *words, "--at", "2026-11-21T10:00:00Z")
    proven = sayso("evidence", "prove", "--subject", base, *words, "--at", "2026-11-21T10:00:00Z")
    assert json.loads(asked.stdout)["result"]["reasons"] == ["expired"]
    assert json.loads(proven.stdout)["result"]["decision"]["reasons"] == ["expired"]
    assert (asked.returncode, proven.returncode) == (1, 1)


def test_what_is_forgotten_while_it_is_fetched(tmp_path: Path) -> None:
    """That a host says that nothing changed does not bring back who was forgotten meanwhile, nor end the run."""
    with Store(tmp_path / "store.sqlite") as opened:
        remember(opened, *crowd.person(1), crowd.base_of(1), AT)
        assert opened.unchanged(crowd.base_of(1), AT + 1) is True
        assert opened.forget(crowd.base_of(1))
        assert opened.unchanged(crowd.base_of(1), AT + 2) is None
        opened.failed(crowd.base_of(1), AT + 3, "timed-out")
        assert opened.unchanged(crowd.base_of(1), AT + 4) is None


def test_a_list_is_of_one_version(tmp_path: Path) -> None:
    """While another process gives and takes back in turn, nobody is listed as of a version that does not permit it."""
    path, stop = tmp_path / "store.sqlite", tmp_path / "stop"
    with Store(path) as opened:
        remember(opened, *crowd.person(1), crowd.base_of(1), AT)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(stop)], env=os.environ | {"PYTHONPATH": f"{ROOT}/tests"}
    )
    listed = 0
    try:
        with Reader(path) as reader:
            until = time.monotonic() + 3
            while time.monotonic() < until or not listed:
                for one in reader.audience(Request("northpeak.example", "purchase.history", "offers.personalised"), AT):
                    listed += 1
                    assert one.sequence % 4 == 1
                assert writer.poll() is None
    finally:
        stop.touch()
        writer.wait(30)
    assert writer.returncode == 0


WRITER = """
import sys, pathlib, crowd
from sayso import Reader, Request, Store, VerificationError, remember
path, stop = map(pathlib.Path, sys.argv[1:])
versions = [crowd.person(1, n, **({} if n % 4 == 1 else {"grants": ()})) for n in range(1, 60, 2)]
with Store(path) as store:
    while not stop.exists():
        for files in versions:
            remember(store, *files, crowd.base_of(1), crowd.AT)
        store.forget(crowd.base_of(1))
"""
