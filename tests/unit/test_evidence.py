"""The evidence: every change is found, what was done is done again, and what was known can be proven."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import canonical, spec
from sayso.errors import DiskError, FetchError, PublishError, RequestError
from sayso.instants import DAY, rfc3339
from sayso.profile.policy import Request, decide
from sayso.reader.evidence import TOOL, Asked, AudienceLine, DecisionLine, FetchLine, Head, Line, digest_of, read, write
from sayso.reader.evidence_audit import MAX_FINDINGS, Findings, verify_log
from sayso.reader.evidence_export import export, exported, save
from sayso.reader.evidence_log import TABLES, EvidenceLog
from sayso.reader.evidence_proof import Known, prove
from sayso.reader.evidence_redo import BY_PIN, Finding
from sayso.trust.verify import Verified, verify
from strategies import requests
from support import AT, BASE, CONSUMERS

ASKED = Request("northpeak.example", "purchase.history", "offers.personalised", "email")
NETWORK = "timed-out"


def signed(name: str) -> tuple[bytes, bytes]:
    folder = CONSUMERS / name / "signed"
    return (folder / "profile.jwt").read_bytes(), (folder / "keys.jsonl").read_bytes()


ADA = signed("ada")
OTHERS: dict[str, tuple[bytes, bytes]] = {"https://ada.example/": ADA} | {
    json.loads((CONSUMERS / name / "signed" / "profile.json").read_bytes())["sub"]: signed(name)
    for name in ("minimal", "nothing")
}
PROVEN: dict[str, Verified] = {base: verify(*files, base, AT) for base, files in OTHERS.items()}


@pytest.fixture
def file() -> Iterator[sqlite3.Connection]:
    with closing(opened()) as connection:
        yield connection


@pytest.fixture
def log(file: sqlite3.Connection) -> EvidenceLog:
    return EvidenceLog(file)


def opened() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in TABLES:
        connection.execute(statement)
    return connection


def fetched(log: EvidenceLog, at: int, base: str = BASE, outcome: str = "verified") -> None:
    log.fetched(base, at, outcome, *OTHERS[base], PROVEN[base].pin)


def decided(log: EvidenceLog, at: int, fetched_at: int, request: Request = ASKED, base: str = BASE) -> None:
    proven = PROVEN[base]
    decision = decide(proven.payload, request, at, digest=proven.digest, fetched_at=fetched_at)
    log.decided(base, at, request, decision, fetched_at, *OTHERS[base])


def given_out(log: EvidenceLog, at: int) -> None:
    listed = hashlib.sha256(f"{BASE}\n".encode()).digest()
    log.audience(at, ASKED, 1, {"granted": 1, "not-declared": 2}, listed)


def story(log: EvidenceLog) -> None:
    """Write a log with a line of every sort."""
    fetched(log, AT)
    decided(log, AT + 5, AT)
    log.fetched(BASE, AT + 60, NETWORK, None, None, None)
    fetched(log, AT + DAY, outcome="unchanged")
    log.fetched(BASE, AT + DAY + 1, "unchanged", None, None, PROVEN[BASE].pin)
    given_out(log, AT + DAY + 2)
    log.fetched(BASE, AT + DAY + 3, "rollback", *ADA, None)
    log.fetched(BASE, AT + DAY + 4, "bad-signature", ADA[0][:-2] + b"AA", ADA[1], None)
    decided(log, AT + DAY + 5, AT + DAY + 1, ASKED)


def audit(log: EvidenceLog, noted: Head | None = None) -> Findings:
    return verify_log(log.lines(), log.exhibit, noted)


def rewritten(lines: list[bytes], changes: dict[int, dict[str, Any]]) -> list[bytes]:
    """Change members of lines and mend the chain, as somebody would who owns the file."""
    written: list[bytes] = []
    for n, data in enumerate(lines):
        prev = digest_of(written[-1]) if written else None
        written.append(write(msgspec.structs.replace(read(data), **{"prev": prev, **changes.get(n, {})})))
    return written


def test_a_log_as_it_was_written_is_good(log: EvidenceLog) -> None:
    """Nothing is wrong with a log that nobody touched, and all that can be done over is done over."""
    story(log)
    head = log.head()
    findings = audit(log, head)
    assert (findings.first, findings.wrong, findings.head) == ([], False, head)
    assert findings.kinds == {"fetch": 6, "decision": 2, "audience": 1}
    assert findings.redone == 5
    assert log.misfiled() is None


def test_an_empty_log_is_good(log: EvidenceLog) -> None:
    """A log without lines has no head, and nothing is wrong with it, unless a head was written down."""
    assert (log.head(), audit(log).wrong) == (None, False)
    assert audit(log, Head(1, "A" * 43)).counts == {"evidence-head": 1}


def test_a_line_has_these_members(log: EvidenceLog) -> None:
    """A line is canonical JSON with these members, of which the digest of the line before is one."""
    fetched(log, AT)
    decided(log, AT + 5, AT)
    given_out(log, AT + 6)
    lines = list(log.lines())
    first, second, third = (json.loads(line) for line in lines)
    assert first == {
        "n": 0, "prev": None, "kind": "fetch", "at": rfc3339(AT), "tool": TOOL, "base": BASE, "outcome": "verified",
        "profile": digest_of(ADA[0]), "keys": digest_of(ADA[1]), "digest": PROVEN[BASE].digest, "sequence": 1,
        "identity": PROVEN[BASE].keylog.identity,
    }  # fmt: skip
    assert second["prev"] == digest_of(lines[0])
    assert second["answer"]["verdict"] == "allow"
    assert second["request"] == {name: value for name, value in msgspec.to_builtins(ASKED).items() if value is not None}
    assert (third["kind"], third["allowed"], "base" in third) == ("audience", 1, False)
    assert third["sha256"] == digest_of(f"{BASE}\n".encode())


def test_files_are_kept_once(log: EvidenceLog, file: sqlite3.Connection) -> None:
    """However often a file is cited, it is kept once."""
    for later in range(5):
        fetched(log, AT + later)
    log.fetched(BASE, AT, "bad-header", ADA[1], ADA[1], None)  # one file in both places
    assert file.execute("SELECT COUNT(*) FROM exhibits").fetchone() == (2,)
    assert sorted(log.exhibits()) == sorted(ADA)


def test_every_changed_byte_of_a_line_is_found(log: EvidenceLog) -> None:
    """Change any one byte of any line: that is found."""
    story(log)
    lines, head = list(log.lines()), log.head()
    for n, line in enumerate(lines):
        for place in range(len(line)):
            changed = [*lines]
            changed[n] = line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
            # The lines before are as they were, and what comes after a break needs no second look.
            assert verify_log(changed[: n + 2], log.exhibit, head if n + 1 == len(lines) else None).wrong, (n, place)


@pytest.mark.parametrize("which", [0, 1])
def test_every_changed_byte_of_an_exhibit_is_found(log: EvidenceLog, which: int) -> None:
    """Change any one byte of a file that is cited: that is found, by the line that cites it."""
    fetched(log, AT)
    lines, name = list(log.lines()), digest_of(ADA[which])
    for place in range(len(ADA[which])):
        changed = ADA[which][:place] + bytes([ADA[which][place] ^ 1]) + ADA[which][place + 1 :]
        found = verify_log(lines, lambda wanted, changed=changed: changed if wanted == name else log.exhibit(wanted))  # type: ignore[misc]
        assert found.counts == {"evidence-exhibit": 1}, place


events = st.one_of(
    st.tuples(st.just("fetched"), st.sampled_from(sorted(OTHERS)), st.sampled_from(["verified", "unchanged"])),
    st.tuples(
        st.just("failed"), st.sampled_from(sorted(OTHERS)), st.sampled_from([NETWORK, "not-found", "equivocation"])
    ),
    st.tuples(st.just("decided"), st.sampled_from(sorted(OTHERS)), requests),
    st.tuples(st.just("audience"), st.just(""), st.just("")),
)


def tell(log: EvidenceLog, told: list[tuple[str, str, Any]]) -> None:
    for later, (kind, base, what) in enumerate(told):
        if kind == "fetched":
            fetched(log, AT + later, base, what)
        elif kind == "failed":
            log.fetched(base, AT + later, what, None, None, None)
        elif kind == "decided":
            decided(log, AT + later, AT, what, base)
        else:
            given_out(log, AT + later)


@given(st.lists(events, min_size=1, max_size=8), st.data())
@settings(deadline=None)
def test_every_other_log_is_another(told: list[tuple[str, str, Any]], data: st.DataObject) -> None:
    """Whatever a log tells, it is good as it is; and one with a byte, a line or an order of its own is not."""
    with closing(opened()) as connection:
        log = EvidenceLog(connection)
        tell(log, told)
        lines, head = list(log.lines()), log.head()
        files = {digest_of(exhibit): exhibit for exhibit in log.exhibits()}
    assert verify_log(lines, files.get, head).counts == {}
    n = data.draw(st.integers(0, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[n]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != lines[n][place]))
    others = {
        "changed": [*lines[:n], lines[n][:place] + bytes([byte]) + lines[n][place + 1 :], *lines[n + 1 :]],
        "dropped": lines[:n] + lines[n + 1 :],
        "doubled": lines[: n + 1] + lines[n:],
        "cut": lines[:n],
    }
    if n:
        others["swapped"] = [*lines[: n - 1], lines[n], lines[n - 1], *lines[n + 1 :]]
    for what, other in others.items():
        assert verify_log(other, files.get, head).wrong, what


@pytest.mark.parametrize("n", range(9))
def test_what_needs_no_head(log: EvidenceLog, n: int) -> None:
    """A line that is taken out, doubled or swapped is found without a head, and by its number; one cut off at the end is not."""
    story(log)
    lines = list(log.lines())
    last = n == len(lines) - 1
    without = verify_log(lines[:n] + lines[n + 1 :], log.exhibit)
    assert [(item.code, item.n) for item in without.first] == ([] if last else [("evidence-chain", n + 1)])
    doubled = verify_log(lines[: n + 1] + lines[n:], log.exhibit)
    assert (doubled.first[0].code, doubled.first[0].n) == ("evidence-chain", n)
    if not last:
        swapped = verify_log([*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]], log.exhibit)
        assert (swapped.first[0].code, swapped.first[0].n) == ("evidence-chain", n + 1)


def test_only_a_head_tells_a_cut(log: EvidenceLog) -> None:
    """A log that was cut at its end, or written anew, is good by itself, and not for who wrote its head down before."""
    story(log)
    head = log.head()
    assert head is not None
    cut = list(log.lines())[:-1]
    assert not verify_log(cut, log.exhibit).wrong
    assert verify_log(cut, log.exhibit, head).counts == {"evidence-head": 1}
    anew = rewritten(cut, {2: {"outcome": "not-found"}})
    assert not verify_log(anew, log.exhibit).wrong
    assert verify_log(anew, log.exhibit, head).counts == {"evidence-head": 1}


def test_a_head_stays_good_as_the_log_grows(log: EvidenceLog) -> None:
    """Whoever wrote a head down can show later that what was then is still there."""
    fetched(log, AT)
    head = log.head()
    assert head is not None
    story(log)
    assert not audit(log, Head.read(str(head))).wrong


@pytest.mark.parametrize(
    "text", ["", "3", "0:" + "A" * 43, "-1:" + "A" * 43, "3:" + "A" * 42, "3:" + "A" * 42 + "B", "³:" + "A" * 43]
)
def test_a_head_has_one_form(text: str) -> None:
    """What is no number of lines and digest is no head."""
    with pytest.raises(ValueError):  # noqa: PT011 - the texts differ
        Head.read(text)


def test_a_false_fetch_is_found(log: EvidenceLog) -> None:
    """Who mends the chain after a lie about a fetch is found all the same: the files do not verify so."""
    story(log)
    lines = list(log.lines())
    ended = PROVEN[BASE].payload.exp
    lies: dict[str, tuple[int, dict[str, Any]]] = {
        "an ended profile verified": (0, {"at": rfc3339(ended)}),
        "another version": (0, {"sequence": 2}),
        "another's": (0, {"base": "https://eve.example/"}),
        "no files": (0, {"profile": None, "keys": None}),
        "another file": (0, {"profile": digest_of(ADA[1])}),
        "unchanged, of another identity": (3, {"identity": "A" * 43}),
        "refused for nothing": (0, {"outcome": "bad-signature"}),
        "refused for another reason": (7, {"outcome": "unknown-key"}),
        "broken, not rolled back": (7, {"outcome": "rollback"}),
        "verified, though it is broken": (7, {"outcome": "verified"}),
    }
    for what, (at, members) in lies.items():
        false = rewritten(lines, {at: members})
        found = verify_log(false, log.exhibit)
        assert [(item.code, item.n) for item in found.first] == [("evidence-fetch", at)], what


def test_an_exhibit_that_is_gone_is_found(log: EvidenceLog) -> None:
    """A line that cites a file that is not there is named."""
    story(log)
    found = verify_log(log.lines(), lambda _: None)
    assert found.counts == {"evidence-exhibit": 6}


def test_a_false_decision_is_found(log: EvidenceLog) -> None:
    """Every decision is made again: another answer, question, time or file is found though the chain is mended."""
    story(log)
    lines = list(log.lines())
    line = read(lines[1])
    assert isinstance(line, DecisionLine)
    assert line.answer.limits is not None
    refused = msgspec.structs.replace(line.answer, verdict="deny", reasons=("refused",), grants=(), limits=None)
    lies: dict[str, dict[str, Any]] = {
        "answer": {"answer": refused},
        "limits": {"answer": msgspec.structs.replace(line.answer, limits=msgspec.structs.replace(line.answer.limits, frequency="9/P1D"))},
        "digest": {"answer": msgspec.structs.replace(line.answer, digest="A" * 43)},
        "question": {"request": msgspec.structs.replace(line.request, channel="phone")},
        "nonsense": {"request": msgspec.structs.replace(line.request, company="nobody")},
        "time": {"at": rfc3339(AT + 6)},
        "last fetched": {"fetched_at": rfc3339(AT - 8 * DAY)},
        "files": {"profile": digest_of(ADA[1])},
    }  # fmt: skip
    for what, members in lies.items():
        false = rewritten(lines, {1: members})
        found = verify_log(false, log.exhibit)
        assert [(item.code, item.n) for item in found.first] == [("evidence-decision", 1)], what


@given(requests, st.integers(-1000, 401 * DAY), st.integers(0, 8 * DAY))
@settings(deadline=None)
def test_every_decision_can_be_made_again(request: Request, later: int, age: int) -> None:
    """Whatever was asked, and whenever: the line is read as it was written, and the answer is the same again."""
    with closing(opened()) as connection:
        log = EvidenceLog(connection)
        decided(log, AT + later, AT + later - age, request)
        findings = audit(log)
    assert (findings.first, findings.redone) == ([], 1)


def test_another_version_is_no_forger(log: EvidenceLog) -> None:
    """What another version of sayso decided otherwise, or wrote in a form of its own, is said to be that, and not wrong."""
    story(log)
    lines = list(log.lines())
    line = read(lines[1])
    assert isinstance(line, DecisionLine)
    other = msgspec.structs.replace(line.answer, reasons=("granted", "and-more"))
    changes: dict[int, dict[str, Any]] = {n: {"tool": "sayso 9.0"} for n in range(len(lines))}
    changes[1]["answer"] = other
    told = rewritten(lines, changes)
    unknown = json.loads(told[-1]) | {"n": len(told), "prev": digest_of(told[-1]), "kind": "counter-signature"}
    findings = verify_log([*told, canonical.encode(unknown)], log.exhibit)
    assert findings.counts == {"evidence-other-version": 2}
    assert [item.n for item in findings.first] == [1, len(told)]
    assert not findings.wrong
    mine = verify_log([*told, canonical.encode(unknown | {"tool": TOOL})], log.exhibit)
    assert mine.counts == {"evidence-other-version": 1, "evidence-line": 1}


def test_findings_take_no_more_room_than_they_may(log: EvidenceLog) -> None:
    """Of a log that is all wrong only the first findings are kept, and all are counted; a sentence has an end."""
    findings = verify_log((b"\xff" for _ in range(1000)), log.exhibit)
    assert (len(findings.first), findings.counts) == (MAX_FINDINGS, {"evidence-line": 1000})
    long = write(Line(n=0, prev=None, at=rfc3339(AT), tool="x" * 100_000))  # type: ignore[arg-type]
    [found] = verify_log([long], log.exhibit).first
    assert (found.code, len(found.message)) == ("evidence-other-version", 400)


def test_refusals_by_pin_are_those_of_step_10() -> None:
    """The refusals that cannot be done over are those that the list of codes gives to step 10."""
    codes = spec.codes()["verification"]
    assert {code for code, meaning in codes.items() if meaning.startswith("Step 10:")} == BY_PIN


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence SET line = '' WHERE n = 0",
        "UPDATE evidence SET n = 7 WHERE n = 0",
        "DELETE FROM evidence WHERE n = 0",
        "INSERT OR REPLACE INTO evidence SELECT n, base, at, '' FROM evidence WHERE n = 0",
        "UPDATE exhibits SET bytes = x''",
        "DELETE FROM exhibits",
        "INSERT OR REPLACE INTO exhibits SELECT sha256, x'' FROM exhibits",
    ],
)
def test_the_tables_are_only_added_to(log: EvidenceLog, file: sqlite3.Connection, statement: str) -> None:
    """Whoever changes, removes or replaces a line or a file by accident is refused, and everything stays."""
    story(log)
    with pytest.raises(sqlite3.IntegrityError, match="is only added"):
        file.execute(statement)
    assert not audit(log).wrong


def test_a_line_filed_elsewhere_is_found(log: EvidenceLog, file: sqlite3.Connection) -> None:
    """A line that the table keeps under another address or time than its own would not be found, so that is told."""
    story(log)
    file.execute("DROP TRIGGER evidence_stays")
    for statement in ("base = 'https://eve.example/'", "at = at + 1", "base = NULL"):
        file.execute("SAVEPOINT before")
        file.execute(f"UPDATE evidence SET {statement} WHERE n = 3")
        assert log.misfiled() == 3
        file.execute("ROLLBACK TO before")
        file.execute("RELEASE before")
    assert log.misfiled() is None


def test_what_is_undone_leaves_no_trace(log: EvidenceLog, file: sqlite3.Connection) -> None:
    """If what a line tells of is undone, so is the line and its files, and the next takes its place in the chain."""
    fetched(log, AT)
    file.execute("BEGIN IMMEDIATE")
    fetched(log, AT + 1, sorted(OTHERS)[1])
    fetched(log, AT + 2, sorted(OTHERS)[1])
    file.execute("ROLLBACK")
    fetched(log, AT + 3, sorted(OTHERS)[1])
    findings = audit(log, log.head())
    assert (findings.first, findings.redone) == ([], 2)


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    """Two who write in turns, each with a connection of its own, write one chain."""
    first, second = (sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None) for _ in range(2))
    for statement in TABLES:
        first.execute(statement)
    for later, connection in enumerate([first, second, first, second, second]):
        connection.execute("BEGIN IMMEDIATE")
        fetched(EvidenceLog(connection), AT + later)
        connection.execute("COMMIT")
    findings = audit(EvidenceLog(first))
    assert (findings.first, findings.head and findings.head.count) == ([], 5)
    first.close()
    second.close()


def test_a_broken_file_is_a_disk_error(log: EvidenceLog, file: sqlite3.Connection) -> None:
    """What goes wrong in the file comes out as a DiskError, when writing and when reading."""
    file.close()
    for act in (
        lambda: fetched(log, AT),
        lambda: list(log.lines()),
        log.head,
        lambda: log.exhibit("A" * 43),
        log.misfiled,
    ):
        with pytest.raises(DiskError) as caught:
            act()
        assert caught.value.code == "store-unreadable"


def test_half_a_character_is_refused(log: EvidenceLog) -> None:
    """A question that no file can hold is refused as a question, and nothing is written."""
    with pytest.raises(RequestError) as caught:
        decided(log, AT, AT, Request("northpeak.example", "\udcff", "offers.personalised"))
    assert caught.value.code == "cannot-be-kept"
    assert (log.head(), list(log.exhibits())) == (None, [])


def test_nonsense_that_was_answered_can_be_read(log: EvidenceLog) -> None:
    """An ended profile answers even a question that makes no sense; its line is read and done again."""
    request: Any = Request("nobody", "x", "y", granularity="whole", sharing="all", age=10**30)  # type: ignore[arg-type]
    decided(log, PROVEN[BASE].payload.exp, AT, request)
    findings = audit(log)
    assert (findings.first, findings.redone) == ([], 1)
    [line] = map(read, log.lines())
    assert isinstance(line, DecisionLine)
    assert (line.request, line.request.request) == (Asked.of(request), request)


def known(log: EvidenceLog, at: int, base: str = BASE) -> Known:
    found = prove(log, base, at)
    assert isinstance(found, Known)
    return found


def test_nothing_was_known_before(log: EvidenceLog) -> None:
    """Before the first good fetch, and of a stranger, nothing was known, and that is said."""
    log.fetched(BASE, AT - 10, NETWORK, None, None, None)
    story(log)
    for base, at in ((BASE, AT - 1), ("https://eve.example/", AT + DAY)):
        with pytest.raises(FetchError) as caught:
            prove(log, base, at)
        assert (caught.value.code, caught.value.exit_code) == ("nothing-known", 3)


def test_what_was_known_between_and_after(log: EvidenceLog) -> None:
    """What was known is what the last good fetch until then gave, with what was tried since and decided until then."""
    story(log)
    first, between, after = known(log, AT), known(log, AT + 60), known(log, AT + DAY + 10)
    assert (first.seen.n, first.seen_at, first.decisions, first.failed) == (0, AT, (), ())
    assert [line.n for line in between.decisions] == [1]
    assert [line.outcome for line in between.failed] == [NETWORK]
    assert (after.seen.n, after.version.n, after.seen_at) == (4, 3, AT + DAY + 1)  # 4 was unchanged, and cites no files
    assert [line.outcome for line in after.failed] == ["rollback", "bad-signature"]
    assert [line.n for line in after.decisions] == [1, 8]
    assert {item.verified.digest for item in (first, between, after)} == {PROVEN[BASE].digest}


def test_the_answer_of_then(log: EvidenceLog) -> None:
    """A question is answered as it would have been then: yes while it was fresh, and no once it was stale."""
    fetched(log, AT)
    decided(log, AT + 5, AT)
    then, later = known(log, AT + 5), known(log, AT + 7 * DAY + 1)
    assert then.decide(ASKED) == then.decisions[0].answer
    assert (then.fresh, later.fresh) == (True, False)
    assert (then.decide(ASKED).verdict, later.decide(ASKED).reasons) == ("allow", ("stale",))
    assert known(log, AT + 7 * DAY).fresh


def test_a_proof_needs_its_files(log: EvidenceLog, file: sqlite3.Connection) -> None:
    """Where the files do not verify any more there is no proof, but what is wrong."""
    fetched(log, AT)
    file.execute("DROP TRIGGER exhibits_stays")
    file.execute("UPDATE exhibits SET bytes = ? WHERE bytes = ?", (ADA[0][:-1], ADA[0]))
    found = prove(log, BASE, AT)
    assert isinstance(found, Finding)
    assert (found.code, found.n) == ("evidence-exhibit", 0)


def test_a_proof_needs_lines_that_can_be_read(log: EvidenceLog, file: sqlite3.Connection) -> None:
    """A line that cannot be read ends the proof with an error that says where to look."""
    fetched(log, AT)
    file.execute("INSERT INTO evidence VALUES (1, ?, ?, 'x')", (BASE, AT))
    with pytest.raises(DiskError) as caught:
        prove(log, BASE, AT)
    assert caught.value.code == "evidence-line"


def test_unchanged_means_the_version_that_it_names(log: EvidenceLog) -> None:
    """A line that says unchanged without files leads to files of the version that it names, and to no others."""
    fetched(log, AT)
    log.fetched(BASE, AT + 1, "unchanged", None, None, _Facts("B" * 42 + "A", 2, "A" * 43))
    with pytest.raises(FetchError):
        prove(log, BASE, AT + 1)
    assert known(log, AT).version.n == 0


class _Facts(msgspec.Struct, frozen=True):
    digest: str
    sequence: int
    identity: str


def test_an_export_is_all_that_is_needed(log: EvidenceLog) -> None:
    """The file that was exported verifies by itself, with the head of the log, and holds its lines byte for byte."""
    story(log)
    data = b"".join(line + b"\n" for line in export(log))
    with exported(io.BytesIO(data)) as (lines, exhibit):
        findings = verify_log(lines, exhibit, log.head())
    assert (findings.first, findings.redone, findings.head) == ([], 5, log.head())
    assert data.endswith(b"".join(line + b"\n" for line in log.lines()))


def test_every_changed_byte_of_an_export_is_found(log: EvidenceLog) -> None:
    """Change a byte anywhere in an exported file: that is found, save in its very last line feed."""
    fetched(log, AT, sorted(OTHERS)[2])
    data, head = b"".join(line + b"\n" for line in export(log)), log.head()
    for place in range(len(data) - 1):
        for change in (1, data[place] ^ 0x0A) if place % 7 == 0 else (1,):
            changed = data[:place] + bytes([data[place] ^ change]) + data[place + 1 :]
            with exported(io.BytesIO(changed)) as (lines, exhibit):
                assert changed == data or verify_log(lines, exhibit, head).wrong, place


def test_a_saved_export_is_new_and_private(log: EvidenceLog, file: sqlite3.Connection, tmp_path: Path) -> None:
    """An export is written into a file of its own that nobody else can read, never over another, and whole or not at all."""
    story(log)
    path = tmp_path / "evidence.ndjson"
    save(log, path)
    assert path.stat().st_mode & 0o077 == 0
    assert path.read_bytes() == b"".join(line + b"\n" for line in export(log))
    with pytest.raises(PublishError) as caught:
        save(log, path)
    assert caught.value.code == "would-overwrite"
    with pytest.raises(DiskError):
        save(log, tmp_path / "nowhere" / "evidence.ndjson")
    file.close()
    with pytest.raises(DiskError):
        save(log, tmp_path / "other.ndjson")
    assert [item.name for item in tmp_path.iterdir()] == ["evidence.ndjson"]


def test_a_line_without_end_is_no_line() -> None:
    """A file that is one endless line is read in parts, each of which is no line."""
    with exported(io.BytesIO(b"x" * 3_000_000)) as (lines, exhibit):
        assert verify_log(lines, exhibit).counts == {"evidence-line": 3}


def test_lines_of_a_time(log: EvidenceLog) -> None:
    """The lines about one profile, or about all, from one instant through another, come in their order."""
    story(log)
    fetched(log, AT + 5, sorted(OTHERS)[1])
    lines = list(log.lines())
    assert list(log.about(None)) == lines
    assert list(log.about(BASE, AT + 5, AT + 60)) == lines[1:3]
    assert list(log.about(None, AT + 5, AT + 60)) == [lines[1], lines[2], lines[9]]
    assert list(log.about(sorted(OTHERS)[1])) == [lines[9]]


def test_lines_can_be_told_apart() -> None:
    """A line of each kind is read as that kind, and a day that there is not is none."""
    head: dict[str, Any] = {"n": 0, "prev": None, "at": rfc3339(AT), "tool": TOOL}
    for line in (
        FetchLine(**head, base=BASE, outcome=NETWORK),
        AudienceLine(**head, request=Asked.of(ASKED), allowed=0, reasons={}, sha256="A" * 43),
    ):
        assert read(write(line)) == line
    with pytest.raises(canonical.NotCanonical):
        read(write(FetchLine(**(head | {"at": "2026-02-30T00:00:00Z"}), base=BASE, outcome=NETWORK)))
