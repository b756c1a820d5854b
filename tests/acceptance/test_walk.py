"""The whole way with real parts: the command line as a process, MkDocs, nginx, libcurl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from loopback_nginx import serve
from support import ADA, BASE, LATER, ROOT, WHEN, consumer, edit, sayso, tree

QUESTION = ("--company", "northpeak.example", "--signal", "purchase.history", "--purpose", "offers.personalised")


def result(done: Any) -> Any:
    return json.loads(done.stdout)["result"]


def test_sign_publish_fetch_ask_change_and_again(tmp_path: Path) -> None:
    """A person signs and publishes, a marketer fetches, verifies and asks; the person takes back, and the marketer learns of it."""
    ada = consumer(tmp_path, signed=False)
    via = ("--format", "json", "--unsafe-http-via")

    made = sayso("key", "new", "ada", "--recovery", "stick.key", "--at", WHEN, "--format", "json", home=tmp_path)
    assert made.returncode == 0, made.stderr
    key = Path(result(made)["key"])
    assert key.is_relative_to(tmp_path / ".config")
    assert [oct(path.stat().st_mode & 0o777) for path in (key, key.parent, tmp_path / "stick.key")] == [
        "0o600",
        "0o700",
        "0o600",
    ]

    assert sayso("sign", "ada", "--yes", "--at", WHEN, home=tmp_path).returncode == 0
    assert sayso("build", "ada", "--at", WHEN, home=tmp_path).returncode == 0
    with serve(ada / "public") as address:
        fetched = sayso("fetch", BASE, *via, address, "--at", WHEN, "--into", "got", home=tmp_path)
        assert fetched.returncode == 0, fetched.stderr
        assert result(fetched)["identity"] == result(made)["identity"]
        assert (tmp_path / "got" / "profile.jwt").read_bytes() == (ada / "signed" / "profile.jwt").read_bytes()

        asked = sayso("ask", BASE, *QUESTION, "--channel", "email", *via, address, "--at", WHEN, home=tmp_path)
        assert asked.returncode == 0, asked.stderr
        assert result(asked)["grants"] == ["northpeak-offers"]
        assert result(asked)["digest"] == result(fetched)["digest"]

        # The person takes the grant back: one edit, sign, build.
        text = (ada / "profile.yml").read_text("utf-8")
        begin, end = text.index("  - id: northpeak-offers"), text.index("  - id: northpeak-sizes")
        (ada / "profile.yml").write_text(text[:begin] + text[end:], "utf-8")
        refused = sayso("build", "ada", "--at", LATER, home=tmp_path)
        assert refused.returncode == 1
        assert "`grants.northpeak-offers` is signed, but is not here any more" in refused.stderr
        assert sayso("sign", "ada", "--yes", "--at", LATER, home=tmp_path).returncode == 0
        assert sayso("build", "ada", "--at", LATER, home=tmp_path).returncode == 0

        again = sayso("ask", BASE, *QUESTION, "--channel", "email", *via, address, "--at", LATER, home=tmp_path)
        assert (again.returncode, result(again)["reasons"], result(again)["sequence"]) == (1, ["revoked"], 2)

    published = tree(ada / "public")
    told = [
        path for path, content in published.items() if b"northpeak-offers" in content or b"member discount" in content
    ]
    assert told == ["sayso/profile.json"]  # and, encoded, profile.jwt: the trace of the revocation
    history = json.loads(published["sayso/history.json"])["versions"]
    assert [version["sequence"] for version in history] == [1, 2]
    assert history[0]["digest"] == result(fetched)["digest"]


def test_a_copy_at_another_address_is_refused(tmp_path: Path) -> None:
    """A profile that somebody copied to a host of their own does not verify there."""
    ada = consumer(tmp_path)
    assert sayso("build", "ada", "--at", WHEN, home=tmp_path).returncode == 0
    with serve(ada / "public") as address:
        done = sayso("fetch", "https://thief.example/", "--unsafe-http-via", address, "--at", WHEN, home=tmp_path)
    assert done.returncode == 1
    assert "wrong-address" in done.stderr
    assert "(step 8)" in done.stderr


def test_one_changed_byte_on_the_server_is_refused(tmp_path: Path) -> None:
    """Change one byte of what is served, and nothing is kept and nothing answered."""
    ada = consumer(tmp_path)
    assert sayso("build", "ada", "--at", WHEN, home=tmp_path).returncode == 0
    served = ada / "public" / "sayso" / "profile.jwt"
    data = bytearray(served.read_bytes())
    data[len(data) // 2] ^= 1
    served.write_bytes(data)
    with serve(ada / "public") as address:
        done = sayso("fetch", BASE, "--unsafe-http-via", address, "--into", "got", "--at", WHEN, home=tmp_path)
        asked = sayso("ask", BASE, *QUESTION, "--unsafe-http-via", address, "--at", WHEN, home=tmp_path)
    assert (done.returncode, done.stdout, asked.returncode, asked.stdout) == (1, "", 1, "")
    assert not (tmp_path / "got").exists()


def test_demo_runs() -> None:
    """``make demo`` shows an allowed, a refused and an undeclared question, and names a page that is there."""
    done = subprocess.run(
        [sys.executable, "examples/demo.py"], cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ["granted:" in done.stdout, "refused:" in done.stdout, "not-declared:" in done.stdout] == [True] * 3
    page = Path(done.stdout.strip().rpartition("file://")[2])
    assert page.is_file()
    assert not list(page.parents[1].glob("demo-home-*"))


def test_demo_works_in_three_years() -> None:
    """The days of the demo profile are moved to today, so that it is as fresh on any day as on the first."""
    import datetime as dt

    from demo import moved_to_today
    from sayso import check, load
    from sayso.instants import start_of_day

    text = (ADA / "profile.yml").read_text("utf-8")
    for years in range(4):
        today = dt.date(2026 + years, 12, 31)
        source = load(moved_to_today(text, today).encode())
        assert {problem.severity for problem in check(source, start_of_day(str(today)))} <= {"info"}


def test_editing_a_value_names_its_line(tmp_path: Path) -> None:
    """Editing the profile without signing makes ``sayso build`` refuse with the line that differs."""
    ada = consumer(tmp_path)
    edit(ada / "profile.yml", "frequency: 2/P1M", "frequency: 9/P1M")
    line = (ada / "profile.yml").read_text("utf-8").split("9/P1M")[0].count("\n") + 1
    done = sayso("build", "ada", "--at", WHEN, home=tmp_path)
    assert done.returncode == 1
    assert f"ada/profile.yml:{line}:16: differs-from-signed" in done.stderr
    assert not (ada / "public").exists()
