"""``sayso export``: every form read back by a reader of its own, views in their tool's shape, and what happens when it fails."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import msgspec
import pytest
from pyarrow import parquet  # type: ignore[import-untyped]

from sayso.instants import rfc3339
from sayso.profile.model import ContactRule, Grant, Payload, Refusal, Subject, Terms, encode
from sayso.profile.policy import Request, decide
from sayso.reader.consent import TARGETS, builtin, view
from sayso.reader.reader import Reader
from sayso.reader.record import record_of_payload
from sayso.reader.store import Store
from sayso.trust import base64url
from sayso.trust.pin import Pin
from sayso.trust.pins import remember
from support import AT, BASE, CONSUMERS, ROOT, WHEN, sayso

DAY = 86_400
PAGE = ROOT / "site" / "content" / "export.md"
FORMS = ("csv", "jsonl", "parquet", "duckdb")
COLUMNS = [
    "sub", "company", "signal", "purpose", "channel", "categories", "except", "granularity", "lookback", "frequency",
    "retention", "sharing", "contact_max", "quiet", "grants", "valid_until", "recheck_after", "sequence", "digest", "fetched_at",
]  # fmt: skip
LISTS, INSTANTS = ("categories", "grants"), ("valid_until", "recheck_after", "fetched_at")
Json = dict[str, Any]


def person(number: int, *, status: Any = "active", grants: int = 1) -> Payload:
    """Make up a person who permits 40 things in each grant, and refuses some of them."""
    words = tuple(f"purchase.made_up_{place}" for place in range(10))
    return Payload(
        v=1, sub=f"https://p{number:05}.example/", iat=AT - DAY, exp=AT + 30 * DAY, status=status, vocabulary=1,
        subject=Subject(), identity="A" * 43, key_event="A" * 43, sequence=1, previous=None,
        grants=tuple(
            Grant(f"g{place}", (f"shop{place}.example",), words, ("offers.personalised",), ("email", "post", "sms"))
            for place in range(grants)
        ),
        refusals=(Refusal("r", ("*",), categories=("me",)),),
        channels=(ContactRule("email", max="4/P1M", quiet="20:00-08:00 Europe/Dublin"), ContactRule("phone", never=True)),
    )  # fmt: skip


def write(store: Store, payload: Payload, at: int = AT) -> None:
    """Write a payload as if it had been verified; its signature is of no account here."""
    digest = "-" + payload.sub[9:14] + "A" * 37
    pin = Pin(payload.sub, payload.identity, 0, payload.key_event, payload.sequence, digest, payload.iat)
    body = base64url.encode(encode(payload))
    assert store.write(record_of_payload(pin, payload, b"h." + body + b".s", b"keys", at), None)


def crowd(path: Path, number: int) -> Path:
    """Make a store of so many people."""
    with Store(path) as store, store.transaction():
        for place in range(number):
            write(store, person(place))
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store with the signed examples, and people who withdrew, ended, were long not fetched, or never found."""
    path = tmp_path_factory.mktemp("export") / "store.sqlite"
    with Store(path) as opened:
        for example in sorted(CONSUMERS.iterdir()):
            profile, keys = ((example / "signed" / name).read_bytes() for name in ("profile.jwt", "keys.jsonl"))
            base = json.loads((example / "signed" / "profile.json").read_bytes())["sub"]
            remember(opened, profile, keys, base, AT)
        write(opened, person(1, grants=2))
        write(opened, person(2, status="withdrawn"))
        write(opened, msgspec.structs.replace(person(3), exp=AT))
        write(opened, person(4), AT - 7 * DAY - 1)
        opened.failed("https://never.example/", AT, "no-such-host")
    return path


@cache
def expected(store: Path, *companies: str) -> list[Json]:
    """Give the rows that there must be, each asked of the store; which they are is what the law in test_permissions says."""
    with Reader(store) as reader:
        found = []
        for payload, digest, seen_at in reader.versions():
            for company, word, purpose, channel in sorted(
                asked(payload, companies), key=lambda key: (*key[:3], key[3] or "")
            ):
                answer = decide(
                    payload, Request(company, word, purpose, channel), AT, digest=digest, fetched_at=seen_at
                )
                if answer.limits is None:
                    continue
                limits = msgspec.json.decode(msgspec.json.encode(answer.limits))
                if isinstance(limits["sharing"], dict):
                    limits["sharing"] = ",".join(limits["sharing"]["named"])
                rules = {rule["channel"]: rule for rule in limits.get("contact", ())}.get(channel, {})
                said = json.dumps(limits["except"], separators=(",", ":")) if "except" in limits else None
                values = [
                    payload.sub, company, word, purpose, channel, limits.get("categories"), said,
                    *(limits.get(name) for name in ("granularity", "lookback", "frequency", "retention", "sharing")),
                    rules.get("max"), rules.get("quiet"), list(answer.grants), answer.valid_until, answer.recheck_after,
                    answer.sequence, digest, rfc3339(seen_at),
                ]  # fmt: skip
                found.append(dict(zip(COLUMNS, values, strict=True)))
    return found


def asked(terms: Terms, companies: tuple[str, ...]) -> set[tuple[str, str, str, str | None]]:
    """Give the questions that the words of the grants make, with all words that there are below them."""
    from sayso import spec

    known = spec.vocabulary()
    return {
        (company, word, purpose, channel)
        for company in companies or {name for grant in terms.grants for name in grant.to} - {"*"}
        for grant in terms.grants
        for word in {*grant.signals, *known.signals}
        for purpose in {*grant.purposes, *known.purposes}
        for channel in (None, *grant.channels)
    }


def read_csv(data: bytes) -> list[Json]:
    """Read CSV with the reader of the standard library, and give it types as the documentation says."""
    rows: list[Json] = []
    for cells in csv.DictReader(io.StringIO(data.decode("ascii"), newline="")):
        row: Json = {name: text or None for name, text in cells.items()}
        row |= {name: row[name] and row[name].split(" ") for name in LISTS}
        rows.append(row | {"sequence": int(row["sequence"]), "digest": row["digest"].removeprefix("sha-256:")})
    return rows


def read_duckdb(path: Path) -> list[Json]:
    """Read the table of a DuckDB file; instants as texts, since there may be nothing that reads them into Python."""
    texts = ", ".join(f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS {name}" for name in INSTANTS)
    with duckdb.connect(path, read_only=True) as file:
        result = file.execute(f"SELECT * REPLACE ({texts}) FROM permissions")
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def read_back(form: str, path: Path) -> list[Json]:
    """Read an export with a reader that is not ours."""
    if form == "csv":
        return read_csv(path.read_bytes())
    if form == "jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if form == "duckdb":
        return read_duckdb(path)
    rows: list[Json] = parquet.read_table(path).to_pylist()
    return [row | {name: row[name].strftime("%Y-%m-%dT%H:%M:%SZ") for name in INSTANTS} for row in rows]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def export(store: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return sayso("export", "--store", store, "--at", WHEN, *arguments)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_same_rows(form: str, store: Path, tmp_path: Path) -> None:
    """Read back by a reader of its own, each form has the stable columns, and the rows that the store answers yes to."""
    done = export(store, "--format", form, "--output", tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, "")
    rows = read_back(form, tmp_path / "out")
    assert list(rows[0]) == COLUMNS
    assert rows == expected(store)
    assert {row["sub"] for row in rows} == {BASE, "https://people.example/bo/", "https://p00001.example/"}
    assert done.stderr == (
        f"sayso: {len(rows)} permissions of 3 people\n"
        "sayso: 1 person was not fetched for 7 days, and left out: fetch, and export again\n"
    )
    for name in set(COLUMNS) - {"retention"}:
        assert any(row[name] for row in rows), name
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600


def test_types_are_real(store: Path, tmp_path: Path) -> None:
    """Parquet and DuckDB have lists, integers and instants in UTC, and nulls only where the documentation says so."""
    for form in ("parquet", "duckdb"):
        assert export(store, "--format", form, "--output", tmp_path / form).returncode == 0
    told = re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [name for name, _ in told[: len(COLUMNS)]] == COLUMNS
    kinds = {
        "text": ("string", "VARCHAR"), "list of texts": ("list<element: string>", "VARCHAR[]"),
        "integer": ("int64", "BIGINT"), "instant": ("timestamp[ms, tz=UTC]", "TIMESTAMP WITH TIME ZONE"),
    }  # fmt: skip
    wanted = [(name, *kinds[kind.removesuffix(" or null")], kind.endswith("or null")) for name, kind in told[:20]]
    schema = parquet.read_schema(tmp_path / "parquet")
    with duckdb.connect(tmp_path / "duckdb", read_only=True) as file:
        columns = file.execute("DESCRIBE permissions").fetchall()
    found = [
        (field.name, str(field.type), column[1], field.nullable) for field, column in zip(schema, columns, strict=True)
    ]
    assert found == wanted
    assert [(column[0], column[2] == "YES") for column in columns] == [(name, null) for name, *_, null in wanted]


def test_text_goes_to_standard_output(store: Path, tmp_path: Path) -> None:
    """Without a file CSV and JSON Lines are written to standard output, byte for byte as into a file; CSV ends lines as RFC 4180."""
    for form in ("csv", "jsonl"):
        export(store, "--format", form, "--output", tmp_path / form)
        command = [sys.executable, "-m", "sayso", "export", "--store", str(store), "--at", WHEN, "--format", form]
        done = subprocess.run(command, capture_output=True, check=True)
        assert done.stdout == (tmp_path / form).read_bytes()
    data = (tmp_path / "csv").read_bytes()
    assert data.startswith(",".join(COLUMNS).encode() + b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\n") == len(read_csv(data)) + 1


def test_for_one_company(store: Path) -> None:
    """With --company there are rows for these companies and no others, whoever named them, and each is named by its domain."""
    done = export(store, "--company", "WWW.northpeak.example", "--company", "shop1.example", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["company"] for row in rows} == {"northpeak.example", "shop1.example"}
    assert rows == expected(store, "northpeak.example", "shop1.example")


def test_grants_to_everyone_need_a_company(tmp_path: Path) -> None:
    """What is granted to everyone has rows for the company that is asked for, and for those that other grants name."""
    path = tmp_path / "store.sqlite"
    everyone = Grant("all", ("*",), ("intent.declared",), ("intent.response",), ("email",))
    with Store(path) as opened:
        write(opened, msgspec.structs.replace(person(1), grants=(everyone,)))
        write(opened, msgspec.structs.replace(person(2), grants=(everyone, *person(2).grants)))
    rows = [json.loads(line) for line in export(path, "--format", "jsonl").stdout.splitlines()]
    assert {(row["sub"], row["company"]) for row in rows} == {("https://p00002.example/", "shop0.example")}
    assert {row["signal"] for row in rows if row["grants"] == ["all"]} == {"intent.declared"}
    other = export(path, "--format", "jsonl", "--company", "other.example").stdout.splitlines()
    assert {(json.loads(line)["company"], *json.loads(line)["grants"]) for line in other} == {("other.example", "all")}
    assert len(other) == 4


@pytest.mark.parametrize("form", FORMS)
def test_a_store_without_permissions(form: str, tmp_path: Path) -> None:
    """A store in which nobody permits anything gives a table without rows, with its columns where the form has them."""
    with Store(tmp_path / "store.sqlite") as opened:
        write(opened, person(1, status="withdrawn"))
    done = export(tmp_path / "store.sqlite", "--format", form, "--output", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "sayso: 0 permissions of 0 people\n")
    assert read_back(form, tmp_path / "out") == []
    if form == "csv":
        assert (tmp_path / "out").read_text() == ",".join(COLUMNS) + "\n"
    if form == "parquet":
        assert parquet.read_schema(tmp_path / "out").names == COLUMNS


def test_who_permits_too_much_is_named(tmp_path: Path) -> None:
    """Who permits more than can be listed is left out and named, exit code 4; the others are exported, and a company can be asked for."""
    path = tmp_path / "store.sqlite"
    words = tuple(f"w{number}" for number in range(60))
    many = Grant("g", tuple(f"c{number}.example" for number in range(100)), words, words, ("email",))
    with Store(path) as opened:
        write(opened, person(1))
        write(opened, msgspec.structs.replace(person(2), grants=(many,)))
    done = export(path, "--format", "jsonl")
    assert done.returncode == 4
    assert "sayso: warning: https://p00002.example/ permits too much to be listed" in done.stderr
    assert {json.loads(line)["sub"] for line in done.stdout.splitlines()} == {"https://p00001.example/"}
    single = export(path, "--format", "jsonl", "--company", "c7.example")
    assert (single.returncode, len(single.stdout.splitlines())) == (0, 60 * 60 * 2)


@cache
def shape(target: str) -> Any:
    schema = json.loads((ROOT / "tests" / "consent" / f"{target}.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("target", TARGETS)
def test_views_have_the_shape_of_their_tool(target: str, store: Path, tmp_path: Path) -> None:
    """Of every person there is a line in the tool's published shape; who withdrew, ended or was not fetched is told no, too."""
    done = export(store, "--view", target, "--company", "northpeak.example", "--output", tmp_path / "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "sayso: 7 people\n")
    lines = {line["sub"]: line for line in map(json.loads, (tmp_path / "out").read_text("utf-8").splitlines())}
    with Reader(store) as reader:
        versions = list(reader.versions())
    assert list(lines) == [payload.sub for payload, _, _ in versions]
    for payload, digest, seen_at in versions:
        line = lines[payload.sub]
        shape(target).validate(line[target])
        assert line[target] == view(builtin(target), payload, "northpeak.example", AT, fetched_at=seen_at)
        assert (line["sequence"], line["digest"]) == (payload.sequence, digest)
        over = payload.sub in [f"https://p{number:05}.example/" for number in (2, 3, 4)]
        assert ("valid_until" in line) == (not over)
        assert line["recheck_after"] == rfc3339(seen_at + DAY)


def test_a_view_by_a_mapping_of_ones_own(store: Path, tmp_path: Path) -> None:
    """The mapping that the documentation shows is used in the place of ours, and grants what the profile permits."""
    mapping = tmp_path / "mapping.json"
    question = {"signals": ["purchase.history"], "purposes": ["offers.personalised"], "granularity": "category"}
    mapping.write_text(json.dumps({"target": "segment", "categories": {"Offers": [question]}, "never": ["Ads"]}))
    done = export(store, "--view", "segment", "--company", "shop0.example", "--mapping", mapping)
    told = [
        json.loads(line)["segment"]["context"]["consent"]["categoryPreferences"] for line in done.stdout.splitlines()
    ]
    assert {json.dumps(item) for item in told} == {'{"Offers": false, "Ads": false}'}
    question |= {"signals": ["purchase.made_up_1"]}
    refused = export(
        store, "--view", "segment", "--company", "shop0.example", "--mapping", write_mapping(mapping, question)
    )
    assert (refused.returncode, "`purchase.made_up_1` is no signal" in refused.stderr) == (2, True)


def write_mapping(path: Path, question: Json) -> Path:
    path.write_text(json.dumps({"target": "segment", "categories": {"Offers": [question]}}))
    return path


SHOP = ("--company", "shop0.example")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--format", "parquet"), 2, "--output"),
        (("--format", "duckdb"), 2, "--output"),
        (("--view", "segment"), 2, "one --company"),
        (("--view", "segment", *SHOP, "--company", "shop1.example"), 2, "one --company"),
        (("--view", "segment", *SHOP, "--format", "csv"), 2, "--format jsonl"),
        (("--mapping", "mapping.json"), 2, "--view"),
        (("--view", "segment", *SHOP, "--mapping", "nothing.json"), 3, "file-not-found"),
        (("--view", "segment", *SHOP, "--mapping", "broken.json"), 2, "bad-mapping: mapping: the file"),
        (("--view", "segment", *SHOP, "--mapping", "google.json"), 2, "bad-mapping: mapping: target"),
        (("--company", "co.uk"), 2, "bad-company"),
        (("--output", "store.sqlite"), 2, "overwrite the store"),
        (("--output", "linked"), 2, "overwrite the store"),
        (("--output", "folder"), 3, "disk: folder is not a file"),
        (("--output", "none/out"), 3, "disk: none/out cannot be written"),
        (("--store", "nothing.sqlite"), 3, "file-not-found"),
    ],
)
def test_what_cannot_be_exported(arguments: tuple[str, ...], code: int, told: str, tmp_path: Path) -> None:
    """Each way in which nothing can be exported is one clear line, with its exit code, and leaves every file as it was."""
    crowd(tmp_path / "store.sqlite", 1)
    (tmp_path / "folder").mkdir()
    (tmp_path / "linked").symlink_to("store.sqlite")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "google.json").write_bytes(
        (ROOT / "generator" / "sayso" / "reader" / "mappings" / "google-consent-mode.json").read_bytes()
    )
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    store = () if "--store" in arguments else ("--store", "store.sqlite")
    done = sayso("export", *store, "--at", WHEN, *arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


@pytest.fixture(scope="module")
def without_extras(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give an environment in which all is installed that is here, save pyarrow and duckdb; to be used with ``python -S``."""
    folder = tmp_path_factory.mktemp("packages")
    (packages,) = {path for path in map(Path, sys.path) if path.name == "site-packages" and (path / "click").exists()}
    for path in packages.iterdir():
        if not path.name.startswith(("pyarrow", "duckdb", "_duckdb", "adbc_driver_duckdb")):
            (folder / path.name).symlink_to(path)
    ours = [ROOT / name for name in ("generator", "profile_spec", "site")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [folder, *ours]))}


@pytest.mark.parametrize("form", FORMS)
def test_without_the_extras(form: str, without_extras: dict[str, str], store: Path, tmp_path: Path) -> None:
    """Where pyarrow and duckdb are not installed, CSV and JSON Lines are written, and the others say what to install."""
    command = [sys.executable, "-S", "-m", "sayso", "export", "--store", str(store), "--at", WHEN, "--format", form]
    done = subprocess.run(
        [*command, "--output", str(tmp_path / "out")], env=without_extras, capture_output=True, text=True, check=False
    )
    if form in ("csv", "jsonl"):
        assert done.returncode == 0, done.stderr
        assert read_back(form, tmp_path / "out") == expected(store)
        return
    assert (done.returncode, done.stdout, names(tmp_path)) == (2, "", [])
    first, second = done.stderr.splitlines()
    assert first.startswith(f"sayso: error: extra-missing: {form} cannot be written here: no module named ")
    assert second == f'sayso: hint: pip install "sayso[{form}]"'


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crowd(tmp_path_factory.mktemp("few") / "store.sqlite", 200)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crowd(tmp_path_factory.mktemp("many") / "store.sqlite", 2_000)


def running(store: Path, *arguments: str | Path, limit: int | None = None) -> subprocess.Popen[bytes]:
    """Start an export, which may write no file larger than a limit."""
    command = [sys.executable, "-m", "sayso", "export", "--store", store, "--at", WHEN, *arguments]
    if limit is not None:
        command = ["/bin/sh", "-c", f'ulimit -f {limit} && exec "$@"', "sh", *command]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("form", FORMS)
def test_killed_in_the_middle(form: str, many: Path, tmp_path: Path) -> None:
    """Killed while it writes, an export leaves the old file as it was; the next one takes its place, with the mode that it had."""
    out = tmp_path / "out"
    out.write_text("the old one")
    out.chmod(0o640)
    with running(many, "--format", form, "--output", out) as process:
        until = time.monotonic() + 60
        while not [path for path in tmp_path.glob(".sayso-*/*") if path.stat().st_size > 0]:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.001)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert out.read_text() == "the old one"
    assert export(many, "--format", form, "--output", out, "--company", "none.example").returncode == 0
    assert read_back(form, out) == []
    assert out.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("form", FORMS)
def test_a_disk_that_is_full(form: str, many: Path, tmp_path: Path) -> None:
    """Where the disk takes no more, it is one clear line, exit code 3, and the old file is as it was, with nothing beside it."""
    out = tmp_path / "out"
    out.write_text("the old one")
    with Reader(many) as reader, reader.still():
        versions = reader.versions()
        next(versions)  # so that SQLite has what it needs, which is larger than the limit
        process = running(many, "--format", form, "--output", out, limit=40)  # half kilobytes, or whole ones
        _, told = process.communicate()
    assert process.returncode == 3, told
    assert b"sayso: error: disk: " in told
    assert b"Traceback" not in told
    assert (out.read_text(), names(tmp_path)) == ("the old one", ["out"])


# A process counts what its parent had in memory when it began, so its parent must be a small one.
MEASURE = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""


def peak(store: Path, *arguments: str) -> int:
    """Give how much memory an export took at most, in KiB."""
    command = [sys.executable, "-m", "sayso", "export", "--store", str(store), "--at", WHEN, *arguments]
    done = subprocess.run([sys.executable, "-c", MEASURE, *command], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.parametrize("form", [*FORMS, "view"])
def test_memory_is_flat(form: str, few: Path, many: Path, tmp_path: Path) -> None:
    """Ten times as many people take at most a fifth more memory; DuckDB, whose cache fills to its bound, a third."""
    how: tuple[str, ...] = ("--format", form, "--output", str(tmp_path / "out"))
    if form == "view":
        how = ("--view", "adobe-xdm", "--company", "shop0.example")
    large, small = peak(many, *how), peak(few, *how)
    assert large <= small * (1.35 if form == "duckdb" else 1.2)


def blocks(language: str) -> Iterator[str]:
    """Give the blocks of the page in a language."""
    yield from re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_page(store: Path, tmp_path: Path) -> None:
    """The three lines in SQL and in Python that the page shows give what the table says."""
    rows = expected(store)
    for form in ("duckdb", "parquet"):
        assert export(store, "--format", form, "--output", tmp_path / f"permissions.{form}").returncode == 0
    whom, how_many = (text.replace("now()", f"TIMESTAMPTZ '{WHEN}'") for text in blocks("sql"))
    assert [len(text.splitlines()) for text in (whom, how_many)] == [3, 3]
    with duckdb.connect(tmp_path / "permissions.duckdb", read_only=True) as file:
        found = file.execute(whom).fetchall()
        counted = file.execute(
            how_many.replace("permissions.parquet", str(tmp_path / "permissions.parquet"))
        ).fetchall()
    assert [row[0] for row in found] == [BASE]
    (wanted,) = [
        row for row in rows
        if (row["sub"], row["company"], row["signal"], row["purpose"], row["channel"])
        == (BASE, "northpeak.example", "purchase.history", "offers.personalised", "email")
    ]  # fmt: skip
    assert found == [tuple(wanted[name] for name in ("sub", "frequency", "contact_max", "quiet", "except"))]
    people = {
        (row["company"], row["purpose"], len({item["sub"] for item in rows if same(item, row)}))
        for row in rows
        if row["channel"] is None
    }
    assert counted == sorted(people)
    (program,) = blocks("python")
    assert len([line for line in program.splitlines() if line]) == 3
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    mailed = {(row["company"], row["purpose"]) for row in rows if row["channel"] == "email"}
    assert {(row["company"], row["purpose"]) for row in eval(done.stdout)} == mailed


def same(one: Json, other: Json) -> bool:
    return all(one[name] == other[name] for name in ("company", "purpose", "channel"))
