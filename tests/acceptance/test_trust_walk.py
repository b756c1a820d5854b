"""Theft, recovery, and what readers remember: whole walks with real parts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loopback_nginx import serve
from support import BASE, PASSPHRASE, consumer, edit, sayso, tree

ASK = ("--company", "northpeak.example", "--signal", "purchase.history", "--purpose", "offers.personalised")


def at(hour: int) -> tuple[str, str]:
    return ("--at", f"2026-11-21T{hour:02}:00:00Z")


def done(*arguments: str | Path, home: Path, expect: int = 0) -> Any:
    """Run a command that is to end as expected, and give its JSON."""
    ran = sayso(*arguments, "--format", "json", home=home)
    assert ran.returncode == expect, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada's computer with two signed versions, the second of which is built into public/."""
    home = tmp_path_factory.mktemp("ada")
    ada = consumer(home, signed=False)
    done("key", "new", "ada", "--recovery", "paper.txt", *at(9), home=home)
    done("sign", "ada", "--yes", *at(10), home=home)
    edit(ada / "profile.yml", "frequency: 2/P1M\n    retention", "frequency: 1/P1M\n    retention")
    done("sign", "ada", "--yes", *at(11), home=home)
    done("build", "ada", *at(11), home=home)
    return home


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Path:
    shutil.copytree(begun, tmp_path / "ada", dirs_exist_ok=True)
    return tmp_path / "ada"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A marketer's computer."""
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


@pytest.fixture
def web(home: Path) -> Iterator[tuple[str, ...]]:
    """The web: what lies in the folder `www` is what everybody sees."""
    shutil.copytree(home / "ada" / "public", home / "www")
    with serve(home / "www") as address:
        yield ("--unsafe-http-via", address)


def publish(site: Path, home: Path) -> None:
    """Put a site on the web, in the place of what is there."""
    shutil.copytree(site, home / "www", dirs_exist_ok=True)


def test_a_thief_is_shaken_off(home: Path, shop: Path, web: tuple[str, ...], tmp_path: Path) -> None:
    """A thief of the daily key publishes far ahead; the owner's job notices; with the paper the owner is believed again, and the thief is not."""
    fetch = ("fetch", BASE, *web, "--store", "store.sqlite")
    assert done(*fetch, *at(11), home=shop)["result"]["sequence"] == 2
    assert done("monitor", BASE, "ada", *web, *at(11), home=home)["result"]["problems"] == []
    assert done("monitor", "ada", *web, *at(11), home=home)["result"]["sub"] == BASE
    wrong = done("monitor", "https://bob.example/", "ada", *web, *at(11), home=home, expect=2)["error"]
    assert (wrong["code"], BASE in wrong["hint"]) == ("bad-base-url", True)

    # The thief has the folder, the key and the passphrase, but not the paper: and signs on and on.
    thief = tmp_path / "thief"
    shutil.copytree(home, thief)
    edit(
        thief / "ada" / "profile.yml",
        "  - {id: no-sale,",
        "  - {id: hm, to: everyone, channels: [sms]}\n  - {id: no-sale,",
    )
    for hour in (12, 13, 14):
        done("sign", "ada", "--yes", *at(hour), home=thief)
    done("build", "ada", *at(14), home=thief)
    publish(thief / "ada" / "public", home)
    told = done(*fetch, *at(14), home=shop)["result"]
    assert (told["sequence"], told["missed"]) == (5, 2)
    [problem] = done("monitor", BASE, "ada", *web, *at(14), home=home, expect=1)["result"]["problems"]
    assert problem["code"] == "served-ahead"
    assert "sayso key recover" in problem["hint"]

    # The owner comes back with the paper.
    recover = ("key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    told = done(*recover, *at(15), home=home)["result"]
    assert told["sequence"] == 3
    done("build", "ada", *at(15), home=home)
    publish(home / "ada" / "public", home)
    ran = sayso(*fetch, *at(15), "--format", "json", home=shop)
    told = json.loads(ran.stdout)["result"]
    assert (told["sequence"], told["missed"]) == (3, 0)
    assert "version 5, which you saw, does not count" in ran.stderr
    assert done("monitor", BASE, "ada", *web, *at(15), home=home)["result"]["problems"] == []

    # The thief tries again: with what there was, and with the key log that is there now.
    publish(thief / "ada" / "public", home)
    assert done(*fetch, *at(16), home=shop, expect=1)["error"]["code"] == "keylog-behind"
    shutil.copy(home / "ada" / "signed" / "keys.jsonl", home / "www" / "sayso" / "keys.jsonl")
    assert done(*fetch, *at(16), home=shop, expect=1)["error"]["code"] == "unknown-key"
    assert (
        done("monitor", BASE, "ada", *web, *at(16), home=home, expect=1)["result"]["problems"][0]["code"]
        == "served-broken"
    )
    assert done("pins", "list", "--store", "store.sqlite", home=shop)["result"]["pins"][0]["sequence"] == 3


def test_withdrawn_is_withdrawn(home: Path, shop: Path, web: tuple[str, ...]) -> None:
    """After a withdrawal has been seen, the version before it is refused as a replay; coming back is a new version."""
    old = tree(home / "www")
    ask = ("ask", BASE, *ASK, *web, "--store", "store.sqlite", "--live")
    assert done(*ask, *at(11), home=shop)["result"]["verdict"] == "allow"
    told = done("withdraw", "ada", "--yes", *at(12), home=home)["result"]
    assert (told["status"], "northpeak-offers" in told["revoked"]) == ("withdrawn", True)
    done("build", "ada", *at(12), home=home)
    shown = tree(home / "ada" / "public")
    assert not any(b"Boots and rain wear" in content or b"Northpeak Outdoor" in content for content in shown.values())
    publish(home / "ada" / "public", home)
    assert done(*ask, *at(12), home=shop, expect=1)["result"]["reasons"] == ["withdrawn"]
    for path, content in old.items():
        (home / "www" / path).write_bytes(content)
    assert done(*ask, *at(13), home=shop, expect=1)["error"]["code"] == "rollback"
    assert (
        done("monitor", BASE, "ada", *web, *at(13), home=home, expect=1)["result"]["problems"][0]["code"]
        == "served-behind"
    )
    assert done("withdraw", "ada", "--yes", *at(13), home=home, expect=1)["error"]["code"] == "already-withdrawn"
    edit(home / "ada" / "profile.yml", "status: withdrawn\n", "")
    assert done("sign", "ada", "--yes", *at(14), home=home)["result"]["status"] == "active"
    done("build", "ada", *at(14), home=home)
    publish(home / "ada" / "public", home)
    told = done(*ask, *at(14), home=shop)["result"]
    assert (told["verdict"], told["sequence"]) == ("allow", 4)


def test_two_versions_of_one_number(home: Path, shop: Path, web: tuple[str, ...], tmp_path: Path) -> None:
    """Two documents under one number are both kept as evidence, which anybody can verify with the same commands."""
    fetch = ("fetch", BASE, *web, "--store", "store.sqlite")
    done(*fetch, *at(11), home=shop)
    other = tmp_path / "other"
    shutil.copytree(home, other)
    shutil.rmtree(other / ".config" / "sayso" / "ledger")  # as on another computer
    history = other / "ada" / "signed"
    first = (history / "history" / "1.jwt").read_bytes()
    shutil.rmtree(history / "history")
    (history / "history.json").unlink()
    (history / "profile.jwt").write_bytes(first)
    done("sign", "ada", "--yes", *at(12), home=other)
    done("build", "ada", *at(12), home=other)
    publish(other / "ada" / "public", home)
    refused = done(*fetch, *at(12), home=shop, expect=1)["error"]
    assert (refused["code"], refused["step"]) == ("equivocation", 10)
    told = done("pins", "contradictions", BASE, "--into", "evidence", "--store", "store.sqlite", home=shop)["result"]
    assert [item["code"] for item in told["contradictions"]] == ["equivocation"]
    digests = set()
    for side in ("1-seen", "1-refused"):
        files = ("--profile", f"evidence/{side}/profile.jwt", "--keys", f"evidence/{side}/keys.jsonl")
        proven = done("verify", *files, "--base", BASE, *at(12), home=shop)["result"]
        assert proven["sequence"] == 2
        digests.add(proven["digest"])
    assert len(digests) == 2


def test_a_new_owner_of_the_address(home: Path, shop: Path, web: tuple[str, ...], tmp_path: Path) -> None:
    """Whoever takes over the address with keys of their own is refused, until a person decides to forget the old one."""
    fetch = ("fetch", BASE, *web, "--store", "store.sqlite")
    done(*fetch, *at(11), home=shop)
    squatter = tmp_path / "squatter"
    squatter.mkdir()
    consumer(squatter, signed=False)
    done("key", "new", "ada", "--recovery", "p.txt", *at(9), home=squatter)
    for hour in (10, 11, 12):
        done("sign", "ada", "--yes", *at(hour), home=squatter)
    done("build", "ada", *at(12), home=squatter)
    publish(squatter / "ada" / "public", home)
    assert done(*fetch, *at(12), home=shop, expect=1)["error"]["code"] == "identity-changed"
    assert (
        done("monitor", BASE, "ada", *web, *at(12), home=home, expect=1)["result"]["problems"][0]["code"]
        == "served-foreign"
    )
    assert done("fetch", BASE, *web, "--no-store", *at(12), home=shop)["result"]["sequence"] == 3
    assert done("pins", "forget", BASE, "--store", "store.sqlite", home=shop)["result"]["forgotten"] is True
    assert done(*fetch, *at(12), home=shop)["result"]["missed"] == 0
    assert done("pins", "forget", "https://nobody.example/", "--store", "store.sqlite", home=shop, expect=1)["ok"]


def test_what_a_trial_server_pretends_is_not_remembered(shop: Path, web: tuple[str, ...]) -> None:
    """A server on one's own machine plays any host; without a file of its own for it, nothing of that is remembered."""
    done("fetch", BASE, *web, *at(11), home=shop)
    assert tree(shop) == {}
    assert done("pins", "list", home=shop)["result"]["pins"] == []


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("sayso/profile.jwt", None, "served-missing"),
        ("sayso/keys.jsonl", None, "served-missing"),
        ("sayso/profile.jwt", b"<!DOCTYPE html><p>Sign in</p>", "served-page"),
        ("sayso/jwks.json", b'{"keys": []}', "served-file"),
        ("sayso/history.json", None, "served-file"),
        (".well-known/sayso.json", b"{}", "served-file"),
    ],
)
def test_monitor_looks_at_every_file(
    path: str, content: bytes | None, code: str, home: Path, web: tuple[str, ...]
) -> None:
    """Any file that is not served, or not as it was signed, is told with exit code 1."""
    place = home / "www" / path
    place.write_bytes(content) if content is not None else place.unlink()
    told = done("monitor", BASE, "ada", *web, *at(11), home=home, expect=1)["result"]["problems"]
    assert [problem["code"] for problem in told] == [code]


def test_monitor_looks_at_the_clock(home: Path, web: tuple[str, ...]) -> None:
    """That a profile ends soon is told without a fault; that it ended is one; no server at all is exit code 3."""
    soon = ("--at", "2027-05-01")
    [problem] = done("monitor", BASE, "ada", *web, *soon, home=home)["result"]["problems"]
    assert (problem["code"], problem["severity"]) == ("served-ends-soon", "warning")
    [problem] = done("monitor", BASE, "ada", *web, "--at", "2027-06-01", home=home, expect=1)["result"]["problems"]
    assert problem["code"] == "served-ended"
    nobody = ("--unsafe-http-via", "127.0.0.1:9")
    assert done("monitor", BASE, "ada", *nobody, *soon, home=home, expect=3)["error"]["code"] == "network"


def test_history_is_proven(home: Path) -> None:
    """What the profile said on a day is told and proven from the chain; what is not kept, or swapped, is not believed."""
    history = ("history", "ada")
    versions = done(*history, home=home)["result"]["versions"]
    assert [(item["sequence"], item["kept"]) for item in versions] == [(1, True), (2, True)]
    then = done(*history, "--at", "2026-11-21T10:30:00Z", home=home)["result"]
    assert (then["sequence"], then["proven"], then["chain"]) == (1, True, [item["digest"] for item in versions])
    assert any("at most 2 contacts a month" in sentence for sentence in then["said"])
    assert done(*history, "--at", "2026-11-21", home=home)["result"]["sequence"] == 2  # as the day ended, or now
    assert done(*history, "--at", "2999-01-01", home=home, expect=2)["error"]["code"] == "not-yet"
    assert done(*history, "--at", "2026-11-21T09:30:00Z", home=home, expect=1)["result"]["proven"] is False
    body = home / "ada" / "signed" / "history" / "1.jwt"
    body.unlink()
    assert [item["kept"] for item in done(*history, home=home)["result"]["versions"]] == [False, True]
    told = done(*history, "--at", "2026-11-21T10:30:00Z", home=home, expect=1)["error"]
    assert told["code"] == "version-not-kept"
    done("sign", "ada", "--yes", *at(12), home=home)  # what is not kept hinders nothing
    body.write_bytes((home / "ada" / "signed" / "history" / "2.jwt").read_bytes())
    assert done(*history, home=home, expect=1)["error"]["code"] == "history-broken"


@pytest.mark.parametrize("change", ["gone", "cut", "nonsense", "other", "earlier"])
def test_the_list_of_versions_is_checked(change: str, home: Path) -> None:
    """A list of versions that does not fit what is signed is told, and nothing is signed or published on top of it."""
    path = home / "ada" / "signed" / "history.json"
    data = json.loads(path.read_text())
    if change == "cut":
        data["versions"] = data["versions"][1:]
    if change == "other":
        data["versions"][0]["digest"] = data["versions"][1]["digest"]
    if change == "earlier":  # a version that was signed today is to have held last year
        data["versions"][1]["iat"] -= 31_536_000
    path.write_text("no" if change == "nonsense" else json.dumps(data))
    if change == "gone":
        path.unlink()
    before = tree(home)
    for command in (("sign", "ada", "--yes"), ("build", "ada"), ("history", "ada")):
        clock = () if command[0] == "history" else at(12)
        assert done(*command, *clock, home=home, expect=1)["error"]["code"] == "history-broken"
    assert tree(home) == before


def test_earlier_versions_are_published_on_request(home: Path) -> None:
    """Digests of earlier versions are always published; the versions themselves only where their subject asks for it."""
    site = home / "ada" / "public" / "sayso"
    assert not (site / "history").exists()
    assert len(json.loads((site / "history.json").read_text())["versions"]) == 2
    done("build", "ada", "--history", *at(12), home=home)
    assert (site / "history" / "1.jwt").read_bytes() == (home / "ada" / "signed" / "history" / "1.jwt").read_bytes()
    done("build", "ada", *at(12), home=home)
    assert not (site / "history").exists()
    (home / "ada" / "mkdocs.yml").write_text(
        "site_name: Ada\nsite_url: https://ada.example/\ntheme: {name: sayso}\nplugins: [sayso: {history: true}]\n"
    )
    done("build", "ada", *at(12), home=home)
    assert (site / "history" / "1.jwt").exists()


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ("reading-tips", ["northpeak-offers", "outdoor-service"]),
        ("NORTHPEAK.example", ["outdoor-service", "reading-tips"]),
        ("--all", []),
    ],
)
def test_taking_back_in_one_step(what: str, left: list[str], home: Path) -> None:
    """A grant, a company or all is taken back by one command, which signs; comments stay with what they are about."""
    before = (home / "ada" / "profile.yml").read_text("utf-8")
    told = done("revoke", what, "ada", "--yes", *at(12), home=home)["result"]
    after = (home / "ada" / "profile.yml").read_text("utf-8")
    assert told["revoked"]
    assert [
        name for name in ("northpeak-offers", "outdoor-service", "reading-tips") if f"id: {name}\n" in after
    ] == left
    assert {line for line in after.splitlines() if "#" in line} <= set(before.splitlines())
    assert "# Who may know what about my shopping." in after
    done("build", "ada", *at(12), home=home)
    answer = done("ask", "ada/profile.yml", *ASK, *at(12), home=home, expect=0 if what == "reading-tips" else 1)[
        "result"
    ]
    assert answer["verdict"] == ("allow" if what == "reading-tips" else "deny")


def test_what_was_written_by_hand_is_signed(home: Path) -> None:
    """Who took a grant out, or withdrew, by hand and then runs the command is not told that all is done: it is signed."""
    text = (home / "ada" / "profile.yml").read_text("utf-8")
    begin, end = text.index("  - id: northpeak-sizes"), text.index("  - id: outdoor-service")
    (home / "ada" / "profile.yml").write_text(text[:begin] + text[end:], "utf-8")
    told = done("revoke", "northpeak-sizes", "ada", "--yes", *at(12), home=home)["result"]
    assert told["revoked"] == ["northpeak-sizes"]
    assert (
        done("revoke", "northpeak-sizes", "ada", "--yes", *at(13), home=home, expect=1)["error"]["code"]
        == "nothing-to-revoke"
    )
    edit(home / "ada" / "profile.yml", "sayso: 1\n", "sayso: 1\nstatus: withdrawn\n")
    assert done("withdraw", "ada", "--yes", *at(13), home=home)["result"]["status"] == "withdrawn"


def test_what_a_company_still_may_is_told(home: Path) -> None:
    """After a company lost all that names it, what everyone may, and who may share with it, is told."""
    ran = sayso("revoke", "beanworks.example", "ada", "--yes", *at(12), home=home)
    assert "beanworks.example still may what everyone may (stop-showing-me)" in ran.stderr
    assert "greenbasket.example still may share with beanworks.example (basket-suppliers)" in ran.stderr


def test_a_lost_folder_comes_back(home: Path, web: tuple[str, ...]) -> None:
    """What is published brings ``signed/`` back, and with the paper its owner too; an older copy on the web does not."""
    lost = home / "ada" / "signed"
    before = tree(lost)
    shutil.move(lost, home / "lost")
    assert "sayso restore" in sayso("sign", "ada", "--yes", *at(12), home=home).stderr
    told = done("restore", BASE, "ada", *web, home=home)["result"]
    assert told["sequence"] == 2
    restored = tree(lost)
    assert restored == {path: content for path, content in before.items() if not path.startswith("history/")}
    done("sign", "ada", "--yes", *at(12), home=home)
    assert (
        done("restore", BASE, "ada", *web, home=home, expect=1)["error"]["code"] == "restore-refused"
    )  # it would go back
    done("build", "ada", "--history", *at(12), home=home)
    publish(home / "ada" / "public", home)
    shutil.rmtree(lost)
    shutil.copytree(home / "lost", lost)  # a backup: version 2, and 1 whole
    assert done("restore", BASE, "ada", *web, home=home)["result"]["sequence"] == 3
    kept = [item["kept"] for item in done("history", "ada", home=home)["result"]["versions"]]
    assert kept == [True, True, True]
    shutil.rmtree(home / ".config")
    recover = ("key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    assert done(*recover, *at(13), home=home)["result"]["sequence"] == 4
    (home / "www" / "sayso" / "history.json").unlink()
    assert done("restore", BASE, "ada", *web, home=home, expect=1)["error"]["code"] == "restore-refused"


def test_nothing_is_edited_for_a_no(home: Path) -> None:
    """Where nobody says yes, or the passphrase is wrong, the source is as it was; so it is for what is not there."""
    before = tree(home)
    for arguments, code in (
        (("revoke", "northpeak.example", "ada"), "confirm"),
        (("withdraw", "ada"), "confirm"),
        (("revoke", "northpeek.example", "ada", "--yes"), "nothing-to-revoke"),
        (("revoke", "northpeak-offer", "ada", "--yes"), "nothing-to-revoke"),
        (("revoke", "Northpeak Outdor", "ada", "--yes"), "nothing-to-revoke"),
    ):
        told = done(*arguments, *at(12), home=home, expect=2 if code == "confirm" else 1)["error"]
        assert told["code"] == code
        assert code == "confirm" or "did you mean" in told["hint"]
    wrong = home / "wrong"
    wrong.write_text("not " + PASSPHRASE)
    with wrong.open() as file:
        import os
        import subprocess
        import sys

        descriptor = file.fileno()
        command = [
            sys.executable,
            "-m",
            "sayso",
            "withdraw",
            "ada",
            "--yes",
            "--passphrase-fd",
            str(descriptor),
            *at(12),
        ]
        environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}
        ran = subprocess.run(
            command, cwd=home, env=environment, pass_fds=[descriptor], capture_output=True, text=True, check=False
        )
    assert (ran.returncode, "key-wrong-passphrase" in ran.stderr) == (1, True)
    wrong.unlink()
    assert tree(home) == before


def test_an_identity_is_never_overwritten(home: Path, web: tuple[str, ...], tmp_path: Path) -> None:
    """A folder with keys of its own takes nothing from an address that has others, whatever is missing in it."""
    other = tmp_path / "other"
    other.mkdir()
    consumer(other, signed=False)
    done("key", "new", "ada", "--recovery", "p.txt", *at(9), home=other)
    before = tree(other)
    refused = done("restore", BASE, "ada", *web, home=other, expect=1)["error"]
    assert refused["code"] == "restore-refused"
    assert tree(other) == before
    (home / "ada" / "signed" / "profile.jwt").unlink()
    assert done("restore", BASE, "ada", *web, home=home)["result"]["sequence"] == 2


def test_nothing_of_ones_own_is_lost_by_restoring(home: Path, web: tuple[str, ...]) -> None:
    """Versions that only the folder has stay in it, also before a gap; what is no version is put aside."""
    done("sign", "ada", "--yes", *at(12), home=home)
    done("sign", "ada", "--yes", *at(13), home=home)
    done("build", "ada", *at(13), home=home)
    publish(home / "ada" / "public", home)
    history = home / "ada" / "signed" / "history"
    kept = {name: (history / name).read_bytes() for name in ("1.jwt", "3.jwt")}
    (history / "2.jwt").unlink()
    (history / "9.jwt").write_text("garbage")
    done("restore", BASE, "ada", *web, home=home)
    assert {path.name: path.read_bytes() for path in history.iterdir()} == kept
    assert [path.read_text() for path in (history.parent / "disowned").iterdir()] == ["garbage"]


def test_a_host_cannot_rewrite_the_past(home: Path, web: tuple[str, ...]) -> None:
    """The list of versions is not signed: one that has another version than the folder proves is refused."""
    path = home / "www" / "sayso" / "history.json"
    data = json.loads(path.read_text())
    data["versions"][0]["digest"] = "A" * 43
    path.write_text(json.dumps(data))
    before = tree(home / "ada")
    assert done("restore", BASE, "ada", *web, home=home, expect=1)["error"]["code"] in (
        "restore-refused",
        "history-broken",
    )
    data["versions"][0] |= {"digest": json.loads(before["signed/history.json"])["versions"][0]["digest"], "iat": 1}
    path.write_text(json.dumps(data))
    assert done("restore", BASE, "ada", *web, home=home, expect=1)["error"]["code"] == "restore-refused"
    assert tree(home / "ada") == before


def test_what_is_behind_a_link_is_left_alone(home: Path, web: tuple[str, ...]) -> None:
    """A folder of versions that is a link is refused, and nothing behind it is changed."""
    history = home / "ada" / "signed" / "history"
    shutil.move(history, home / "elsewhere")
    (home / "elsewhere" / "mine.jwt").write_text("mine")
    history.symlink_to(home / "elsewhere")
    before = tree(home / "elsewhere")
    assert done("restore", BASE, "ada", *web, home=home, expect=3)["error"]["code"] == "disk"
    assert done("sign", "ada", "--yes", *at(12), home=home, expect=3)["error"]["code"] == "disk"
    assert tree(home / "elsewhere") == before


@pytest.mark.parametrize(
    "change", [{"line": -1}, {"sequence": 0}, {"iat": 10**17}, {"identity": "A" * 43}, {"digest": "x"}]
)
def test_a_record_that_makes_no_sense(change: dict[str, Any], home: Path) -> None:
    """An entry in the record of what was signed that cannot be is told; a site is built all the same."""
    [path] = (home / ".config" / "sayso" / "ledger").iterdir()
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert done("sign", "ada", "--yes", *at(12), home=home, expect=3)["error"]["code"] == "ledger-unreadable"
    done("build", "ada", *at(12), home=home)


def test_what_a_thief_left_is_put_aside(home: Path, web: tuple[str, ...], tmp_path: Path) -> None:
    """A folder in which a thief signed is brought back to what its owner published since; the thief's versions are kept apart."""
    shutil.copytree(home, tmp_path / "stolen")
    stolen = tmp_path / "stolen"
    for hour in (12, 13):
        done("sign", "ada", "--yes", *at(hour), home=stolen)
    recover = ("key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    done(*recover, *at(14), home=home)
    done("build", "ada", "--history", *at(14), home=home)
    publish(home / "ada" / "public", home)
    told = done("restore", BASE, "ada", *web, home=stolen)["result"]
    assert told["sequence"] == 3
    assert [item["kept"] for item in done("history", "ada", home=stolen)["result"]["versions"]] == [True] * 3
    assert len([*(stolen / "ada" / "signed" / "disowned").iterdir()]) == 2


def test_keys_that_were_replaced_from_an_older_copy(home: Path, tmp_path: Path) -> None:
    """Where the keys were replaced elsewhere, from a copy that lacked versions, no number is given twice here either."""
    shutil.copytree(home, tmp_path / "elsewhere")
    done("sign", "ada", "--yes", *at(12), home=home)
    rotate = ("key", "rotate", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    done(*rotate, *at(13), home=tmp_path / "elsewhere")  # version 3 there, too
    shutil.rmtree(home / "ada" / "signed")
    shutil.copytree(tmp_path / "elsewhere" / "ada" / "signed", home / "ada" / "signed")
    assert done("sign", "ada", "--yes", *at(14), home=home, expect=1)["error"]["code"] == "sequence-reused"


def test_monitor_tells_what_it_could_not_find_out(home: Path) -> None:
    """A file that decides nothing and cannot be had is exit code 3, unless what decides is wrong already."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    site = home / "ada" / "public"

    class Handler(BaseHTTPRequestHandler):
        changed = False

        def do_GET(self) -> None:
            if "jwks" in self.path:
                self.send_error(503)
                return
            body = (site / self.path.lstrip("/")).read_bytes()
            if self.changed and self.path.endswith("profile.jwt"):
                body = b"<html>"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            via = ("--unsafe-http-via", f"127.0.0.1:{server.server_port}")
            assert done("monitor", BASE, "ada", *via, *at(11), home=home, expect=3)["error"]["code"] == "host-busy"
            Handler.changed = True
            told = done("monitor", BASE, "ada", *via, *at(11), home=home, expect=1)["result"]["problems"]
            assert [problem["code"] for problem in told] == ["served-page"]
        finally:
            server.shutdown()
            thread.join()


def test_a_site_is_built_without_the_record(home: Path) -> None:
    """A record of what was signed that cannot be read hinders signing, and not building."""
    [path] = (home / ".config" / "sayso" / "ledger").iterdir()
    path.write_text("nonsense")
    done("build", "ada", *at(12), home=home)
    assert done("sign", "ada", "--yes", *at(12), home=home, expect=3)["error"]["code"] == "ledger-unreadable"
