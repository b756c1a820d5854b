"""What importing costs, and which names are public."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import crowd
import sayso
from sayso import Store
from support import ADA, BASE, WHEN

HEAVY = ("mkdocs", "jsonschema", "jsonschema_rs", "jinja2", "segno", "yaml", "pycurl", "cryptography", "numpy")


def imported_by(*arguments: str) -> set[str]:
    """Give the top-level packages that a command line loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sayso", *arguments], capture_output=True, text=True, check=True
    )
    return {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "import time" in line
    }


def test_public_names() -> None:
    """The public names are these, and each can be had."""
    assert sayso.__all__ == [
        "Decision", "DiskError", "FetchError", "Fetched", "InvalidProfile", "MemoryPins", "Payload", "Pin", "Pins", "Problem",
        "Reader", "Request", "SaysoError", "Source", "SourceError", "Store", "Terms", "VerificationError", "Verified", "check", "compile_terms",
        "decide", "fetch", "load", "remember", "verify",
    ]  # fmt: skip
    assert all(getattr(sayso, name) is not None for name in sayso.__all__)
    with pytest.raises(AttributeError):
        sayso.__getattr__("nothing")


def test_version_loads_nothing_heavy() -> None:
    """``sayso --version`` loads none of the large libraries."""
    assert imported_by("--version").isdisjoint(HEAVY)


def test_marketers_path_loads_nothing_of_the_authors() -> None:
    """Verifying files loads neither MkDocs nor YAML, schemas or templates."""
    signed = ADA / "signed"
    files = ("--profile", str(signed / "profile.jwt"), "--keys", str(signed / "keys.jsonl"))
    loaded = imported_by("verify", *files, "--base", BASE, "--at", WHEN)
    assert "cryptography" in loaded
    assert loaded.isdisjoint({"mkdocs", "jsonschema", "jsonschema_rs", "jinja2", "yaml", "pycurl", "publicsuffixlist"})


def test_asking_loads_nothing_of_the_authors() -> None:
    """Fetching and asking load neither MkDocs nor YAML, schemas or templates."""
    code = "import sys, sayso.reader.client, sayso.reader.http, sayso.profile.policy, sayso.cli.fetch, sayso.cli.ask; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "pycurl" in loaded
    assert loaded.isdisjoint({"mkdocs", "jsonschema", "jsonschema_rs", "jinja2", "yaml"})


def test_asking_a_store_loads_only_what_answers(tmp_path: Path) -> None:
    """A plain question to a store loads no command line, no cryptography and no network either."""
    with Store(tmp_path / "store.sqlite") as store:
        crowd.meet(store)
    question = ("--company", "northpeak.example", "--signal", "purchase.history", "--purpose", "offers.personalised")
    loaded = imported_by("ask", BASE, "--store", str(tmp_path / "store.sqlite"), *question, "--at", WHEN)
    assert {"msgspec", "sqlite3"} <= loaded
    assert loaded.isdisjoint({"click", "cryptography", "pycurl", "platformdirs", *HEAVY})


def test_what_is_right_is_checked_without_explaining() -> None:
    """Checking and building a profile without errors does not load the library that says what is wrong with one."""
    assert imported_by("check", str(ADA), "--at", WHEN).isdisjoint({"jsonschema", "referencing"})
