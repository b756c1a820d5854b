"""The commands of the evidence, as an auditor runs them: on a store, and on a file of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sayso.profile.policy import Request, decide
from sayso.reader.store import Store
from sayso.trust.verify import verify
from support import ADA, AT, BASE, LATER, WHEN, sayso

ASKED = Request("northpeak.example", "purchase.history", "offers.personalised", "email")
QUESTION = ("--company", "northpeak.example", "--signal", "purchase.history", "--purpose", "offers.personalised")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Give a store in which a fetch, a decision, a failure and an audience are told."""
    path = tmp_path / "store.sqlite"
    profile, keys = ((ADA / "signed" / name).read_bytes() for name in ("profile.jwt", "keys.jsonl"))
    seen = verify(profile, keys, BASE, AT)
    with Store(path) as opened, opened.transaction():
        log = opened.evidence
        log.fetched(BASE, AT, "verified", profile, keys, seen.pin)
        decision = decide(seen.payload, ASKED, AT + 5, digest=seen.digest, fetched_at=AT)
        log.decided(BASE, AT + 5, ASKED, decision, AT, profile, keys)
        log.fetched(BASE, AT + 60, "timed-out", None, None, None)
        log.audience(AT + 61, ASKED, 0, {"granted": 0}, bytes(32))
    return path


def answered(*arguments: str | Path) -> tuple[int, Any]:
    done = sayso("evidence", *arguments, "--format", "json")
    found = json.loads(done.stdout)
    return done.returncode, found.get("result") or found["error"]


def test_verifying_a_store(store: Path) -> None:
    """A store that nobody touched verifies, and the head that is given is one that verifies it again."""
    code, result = answered("verify", "--store", store)
    assert (code, result["lines"], result["redone"], result["findings"]) == (0, 4, 2, [])
    assert result["kinds"] == {"audience": 1, "decision": 1, "fetch": 2}
    assert answered("verify", "--store", store, "--head", result["head"])[0] == 0
    told = sayso("evidence", "verify", "--store", store).stdout
    assert f"head         {result['head']}" in told
    assert "verified     4 lines: audience 1, decision 1, fetch 2" in told


def test_verifying_a_store_that_somebody_changed(store: Path) -> None:
    """Whoever changes a line, though the guards are gone, is found: exit code 1, with line and code."""
    with Store(store) as opened:
        opened.file.execute("DROP TRIGGER evidence_stays")
        opened.file.execute("UPDATE evidence SET line = replace(line, 'timed-out', 'not-found') WHERE n = 2")
    code, result = answered("verify", "--store", store)
    assert (code, result["counts"]) == (1, {"evidence-chain": 1})
    assert result["findings"][0]["line"] == 3
    assert "line 3: evidence-chain" in sayso("evidence", "verify", "--store", store).stdout


def test_another_head_is_found(store: Path) -> None:
    """A head that is not in the log is found; what is no head is a wrong usage."""
    code, result = answered("verify", "--store", store, "--head", "4:" + "A" * 43)
    assert (code, result["counts"]) == (1, {"evidence-head": 1})
    assert sayso("evidence", "verify", "--store", store, "--head", "yesterday").returncode == 2


def test_showing_the_lines(store: Path) -> None:
    """The lines can be read by people, and had byte for byte; those of a subject and a time, too."""
    told = sayso("evidence", "show", "--store", store).stdout.splitlines()
    assert [line.split()[2] for line in told] == ["fetch", "decision", "fetch", "audience:"]
    assert "allow (granted): northpeak.example · purchase.history · offers.personalised · email" in told[1]
    raw = sayso("evidence", "show", "--store", store, "--format", "ndjson").stdout.encode().splitlines()
    with Store(store) as opened:
        assert raw == list(opened.evidence.lines())
    part = sayso("evidence", "show", "--store", store, "--subject", BASE, "--from", "2026-11-21T09:00:01Z").stdout
    assert [line.split()[0] for line in part.splitlines()] == ["1", "2"]
    none = sayso("evidence", "show", "--store", store, "--until", "2026-11-20")
    assert (none.returncode, none.stdout, none.stderr) == (0, "", "sayso: there is no such line\n")


def test_proving_what_was_known(store: Path) -> None:
    """What was known is verified again, and a question is answered as of then: exit code 0 for yes, 1 for no."""
    code, result = answered("prove", "--store", store, "--subject", BASE, "--at", LATER)
    assert (code, result["sequence"], result["fresh"]) == (0, 1, True)
    assert result["seen"] == {"line": 0, "at": WHEN, "outcome": "verified"}
    assert [attempt["outcome"] for attempt in result["failed"]] == ["timed-out"]
    assert [item["decision"]["verdict"] for item in result["decisions"]] == ["allow"]
    arguments = ("prove", "--store", store, "--subject", BASE, *QUESTION)
    assert answered(*arguments, "--at", LATER)[1]["decision"]["verdict"] == "allow"
    code, result = answered(*arguments, "--at", "2026-12-01T00:00:00Z")
    assert (code, result["decision"]["reasons"], result["fresh"]) == (1, ["stale"], False)
    told = sayso("evidence", *arguments, "--at", LATER).stdout
    assert f"last seen    {WHEN}, line 0: verified" in told
    assert "allow        granted, as of" in told


def test_proving_what_was_not_known(store: Path) -> None:
    """Before the first fetch nothing was known: exit code 3; without an instant, or with half a question: 2."""
    code, error = answered("prove", "--store", store, "--subject", BASE, "--at", "2026-11-20")
    assert (code, error["code"]) == (3, "nothing-known")
    assert sayso("evidence", "prove", "--store", store, "--subject", BASE).returncode == 2
    half = ("--at", LATER, "--company", "northpeak.example")
    assert sayso("evidence", "prove", "--store", store, "--subject", BASE, *half).returncode == 2


def test_proving_from_a_file_that_was_changed(store: Path) -> None:
    """Where the kept files do not verify any more, there is no proof: exit code 1, with the line."""
    with Store(store) as opened:
        opened.file.execute("DROP TRIGGER exhibits_stays")
        opened.file.execute("UPDATE exhibits SET bytes = x'0a'")
    code, result = answered("prove", "--store", store, "--subject", BASE, "--at", LATER)
    assert (code, result["finding"]["code"], result["finding"]["line"]) == (1, "evidence-exhibit", 0)


def test_an_export_verifies_alone(store: Path, tmp_path: Path) -> None:
    """An auditor who has the exported file, and nothing else, verifies what the store says; and nothing is overwritten."""
    file = tmp_path / "evidence.ndjson"
    done = sayso("evidence", "export", "--store", store, "--into", file)
    assert (done.returncode, done.stdout) == (0, "")
    head = answered("verify", "--store", store)[1]["head"]
    assert head in done.stderr
    assert sayso("evidence", "export", "--store", store, "--into", "-").stdout.encode() == file.read_bytes()
    assert sayso("evidence", "export", "--store", store, "--into", file).returncode == 1
    store.unlink()
    code, result = answered("verify", "--file", file, "--head", head)
    assert (code, result["redone"], result["head"]) == (0, 2, head)
    file.write_bytes(file.read_bytes().replace(b"timed-out", b"not-found"))
    assert answered("verify", "--file", file)[0] == 1


def test_what_is_not_there(tmp_path: Path) -> None:
    """A store or a file that is not there is not made: exit code 3."""
    for arguments in (
        ("verify", "--store"),
        ("show", "--store"),
        ("export", "--into", "-", "--store"),
        ("verify", "--file"),
    ):
        assert sayso("evidence", *arguments, tmp_path / "nothing").returncode == 3
    assert sayso("evidence", "verify", "--store", tmp_path / "a", "--file", tmp_path / "b").returncode == 2
    assert list(tmp_path.iterdir()) == []
