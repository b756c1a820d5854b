"""``sayso status``: how a folder stands, against a real host on loopback, at a terminal, and for a scheduled job."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hostile_host import host as hostile
from loopback_nginx import serve
from sayso.cli.looking import judge, served_now
from sayso.errors import TimedOut
from sayso.publish.folder import read_signed
from sayso.publish.keys import new_keys
from sayso.publish.live import live
from sayso.publish.signing import prepare, sign
from sayso.trust.keylog import first_line
from sign_examples import public_test_key
from support import AT, BASE, consumer, edit, sayso, tree
from terminal import at_terminal

NOW = "2026-11-21T10:00:00Z"
NOTHING_ENDS = ("--within", "0")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A computer on which Ada has signed, and published into a folder that a host shows."""
    consumer(tmp_path)
    publish(tmp_path)
    return tmp_path


def publish(home: Path, place: str = "www") -> None:
    done = sayso("publish", "ada", "--to", place, "--force", "--no-verify", "--at", NOW, home=home)
    assert done.returncode == 0, done.stderr


def next_version(ada: Path) -> None:
    """Edit the profile, and sign it."""
    change(ada)
    sign(prepare(ada, lambda: AT + 60), public_test_key("ada daily"))


def change(ada: Path) -> None:
    edit(ada / "profile.yml", "frequency: 2/P1M\n    retention", "frequency: 1/P1M\n    retention")


def status(*arguments: str | Path, home: Path) -> tuple[int, str, str]:
    done = sayso("status", "ada", "--at", NOW, *arguments, home=home)
    return done.returncode, done.stdout, done.stderr


def data(*arguments: str | Path, home: Path) -> tuple[int, dict[str, Any]]:
    """Give the exit code and the JSON, which has its schema."""
    code, out, _ = status(*arguments, "--format", "json", home=home)
    return code, json.loads(out)


@contextmanager
def host(home: Path) -> Iterator[tuple[str, str]]:
    """Serve what is published."""
    with serve(home / "www") as address:
        yield "--unsafe-http-via", address


def commands(told: dict[str, Any]) -> dict[str, str]:
    return {item["code"]: item["command"] for item in told["result"]["to_do"]}


# All is well


def test_all_is_well(home: Path) -> None:
    """Where what is signed is live and nothing ends soon, that is said, the exit code is 0, and the next step is to look closer."""
    with host(home) as via:
        code, out, err = status(*NOTHING_ENDS, *via, home=home)
        assert (code, data(*NOTHING_ENDS, *via, home=home)[1]["result"]["well"]) == (0, True)
        assert status(*NOTHING_ENDS, *via, "--quiet", home=home) == (0, "", "")
    assert out.splitlines()[:4] == [
        f"Live: version 1, as you signed it on 21 November 2026, at {BASE}",
        "Signed: version 1 of 21 November 2026; its last day is 21 May 2027",
        "profile.yml: says what is signed",
        "Nothing ends within 0 days",
    ]
    assert (
        "  Soundbarn (soundbarn.example): Content watched or read; for: Recommendations · Product improvement; by: In the app\n"
        in out
    )
    assert "Nothing is permitted to: Adtech (adtech.example)\n" in out
    assert err == "sayso: next: not each is for each: see in full what a company may do: sayso explain COMPANY ada\n"


def test_what_ends_soon(home: Path) -> None:
    """What ends within the days is told with its last day and wants doing; --within says how many days."""
    with host(home) as via:
        code, out, err = status(*via, home=home)
        assert code == 1
        assert (
            "Ends within 30 days:\n  20 December 2026 (in 29 days): what you want: Waterproof walking boots, EU 41\n"
            in out
        )
        assert "next: let it end, or give it another end and sign: sayso edit ada\n" in err
        assert status("--within", "29", *via, home=home)[0] == 0
        code, told = data("--at", "2027-05-20", *via, home=home)
        assert (code, commands(told)) == (1, {"profile-ends": "sayso sign ada"})
        assert [(end["id"], end["when"]) for end in told["result"]["ends"][:-1]] == [
            ("boots", "over"),
            ("trailhead-trial", "over"),
            ("hearthside-alerts", "over"),
        ]
        assert told["result"]["ends"][-1] == {
            "kind": "profile",
            "at": "2027-05-21T09:00:00Z",
            "last_day": "2027-05-21",
            "when": "soon",
            "text": "your whole profile",
        }
        code, told = data("--at", "2027-05-21T09:00:00Z", *via, home=home)
        assert (code, commands(told), told["result"]["companies"]) == (1, {"ended": "sayso sign ada"}, [])


# What is live


def test_an_older_version_is_live(home: Path) -> None:
    """What is signed and not published is told: which version is live instead, and of when."""
    next_version(home / "ada")
    with host(home) as via:
        code, out, err = status(*NOTHING_ENDS, *via, home=home)
        _, told = data(*NOTHING_ENDS, *via, home=home)
    assert code == 1
    assert out.startswith(
        "Live: still version 1, signed on 21 November 2026; version 2, signed on 21 November 2026, is not published\n"
    )
    assert "next: put on the web what is signed: sayso publish ada --help\n" in err
    assert (told["result"]["live"]["state"], told["result"]["live"]["sequence"]) == ("older", 1)
    assert commands(told) == {"not-published": "sayso publish ada --help"}


def test_a_later_version_is_live(home: Path) -> None:
    """A version that is live and was not signed here is told loudly: somebody may have the key."""
    shutil.copytree(home / "ada", home / "old")
    next_version(home / "ada")
    publish(home)
    shutil.rmtree(home / "ada")
    (home / "old").rename(home / "ada")
    with host(home) as via:
        code, out, err = status(*NOTHING_ENDS, *via, home=home)
        assert data(*NOTHING_ENDS, *via, home=home)[1]["result"]["live"]["state"] == "newer"
    assert code == 1
    assert out.startswith("ATTENTION: version 2 is live")
    assert "somebody has your key: sayso key recover" in err
    assert "next: see whether you signed it elsewhere: sayso monitor ada\n" in err


def _nothing(www: Path, ada: Path) -> None:
    shutil.rmtree(www)
    www.mkdir()
    del ada


def _a_byte(www: Path, ada: Path) -> None:
    path = www / "sayso" / "profile.jwt"
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    del ada


def _a_stranger(www: Path, ada: Path) -> None:
    """Sign the same profile with keys of somebody else."""
    forged = www.parent / "forged"
    shutil.copytree(ada, forged, ignore=shutil.ignore_patterns("signed"))
    thief = public_test_key("a thief")
    new_keys(forged, first_line(BASE, thief, [public_test_key("another").public], AT))
    sign(prepare(forged, lambda: AT), thief)
    for name in ("profile.jwt", "keys.jsonl"):
        shutil.copy(forged / "signed" / name, www / "sayso" / name)


def _half(www: Path, ada: Path) -> None:
    (www / "sayso" / "keys.jsonl").unlink()
    del ada


def _a_dot(www: Path, ada: Path) -> None:
    shutil.rmtree(www / ".well-known")
    del ada


@pytest.mark.parametrize(
    ("spoil", "state", "deed", "said"),
    [
        (_nothing, "missing", "not-published", "Live: nothing; version 1"),
        (_a_byte, "wrong", "served-wrong", "ATTENTION: "),
        (_a_stranger, "wrong", "served-wrong", "ATTENTION: "),
        (_half, "wrong", "served-wrong", "ATTENTION: "),
        (_a_dot, "in-part", "served-wrong", "Live: version 1, as you signed it on 21 November 2026, but not all"),
    ],
)
def test_something_else_is_live(
    spoil: Callable[[Path, Path], None], state: str, deed: str, said: str, home: Path
) -> None:
    """Whatever a host serves in the place of what is signed is told in the first line, with what to do, and the exit code is 1."""
    spoil(home / "www", home / "ada")
    with host(home) as via:
        code, out, err = status(*NOTHING_ENDS, *via, home=home)
        json_code, told = data(*NOTHING_ENDS, *via, home=home)
    assert (code, json_code) == (1, 1)
    assert out.startswith(said)
    assert told["result"]["live"]["state"] == state
    assert [*commands(told)] == [deed]
    assert f": {commands(told)[deed]}\n" in err
    if spoil is _a_stranger:
        assert "served-foreign" in out
        assert "somebody else controls what is served there" in err


def test_it_could_not_be_found_out(home: Path) -> None:
    """Where nobody answers the exit code is 3, with all that is known all the same; what is known to want doing comes before that."""
    nobody = ("--unsafe-http-via", "127.0.0.1:9")
    code, out, err = status(*NOTHING_ENDS, *nobody, home=home)
    assert code == 3
    assert out.startswith(f"Live: it could not be found out what is served at {BASE}\n")
    assert "Companies hold, if version 1 is live:\n" in out
    assert "sayso: error: network: " in err
    code, told = data(*NOTHING_ENDS, *nobody, home=home)
    assert (code, told["ok"], told["error"]["code"]) == (3, False, "network")
    assert (told["result"]["live"]["state"], told["result"]["well"]) == ("unknown", False)
    code, told = data(*nobody, home=home)
    assert (code, told["ok"], [*commands(told)]) == (1, True, ["entry-ends"])
    assert told["result"]["live"]["error"]["code"] == "network"


def test_offline(home: Path) -> None:
    """With --offline nobody is asked, which is said, and is no fault."""
    code, out, _ = status("--offline", *NOTHING_ENDS, "--unsafe-http-via", "127.0.0.1:9", home=home)
    assert (code, out.startswith("Live: not asked (--offline)\n")) == (0, True)


# What is edited


def test_edited_and_not_signed(home: Path) -> None:
    """What was edited and not signed is told in plain sentences; nothing of it is held by anybody yet."""
    change(home / "ada")
    code, out, err = status("--offline", *NOTHING_ENDS, home=home)
    assert code == 1
    assert "profile.yml: says something else than what is signed:\n  Northpeak Outdoor (northpeak.example)" in out
    assert "at most 1 contact a month" in out
    assert "next: sign what you changed: sayso sign ada\n" in err
    told = data("--offline", *NOTHING_ENDS, home=home)[1]["result"]["source"]
    assert (told["state"], [item["kind"] for item in told["changes"]]) == ("edited", ["takes"])


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("to: [hearthside.example]", "to: [hearthsde.example]", "undeclared-company"),
        ("sayso: 1", "sayso: [1", "yaml-syntax"),
    ],
)
def test_errors_in_the_source(old: str, new: str, place: str, home: Path) -> None:
    """Errors in profile.yml are counted, the first is told, and `sayso check` tells the rest."""
    edit(home / "ada" / "profile.yml", old, new)
    code, out, err = status("--offline", *NOTHING_ENDS, home=home)
    assert code == 1
    assert re.search(rf"profile.yml: 1 error hinders signing:\n  \d+:\d+: {place} ", out)
    assert "sayso check ada\n" in err
    told = data("--offline", *NOTHING_ENDS, home=home)[1]["result"]
    assert (told["source"]["errors"], told["source"]["first"]["code"]) == (1, place)


def test_the_beginning(tmp_path: Path) -> None:
    """From an empty folder on, each state names the command that leads to the next."""
    (tmp_path / "ada").mkdir()

    def step() -> tuple[int, list[str]]:
        code, told = data("--offline", *NOTHING_ENDS, home=tmp_path)
        assert status("--offline", *NOTHING_ENDS, home=tmp_path)[0] == code
        return code, [*commands(told).values()]

    assert step() == (1, ["sayso init ada"])
    shutil.rmtree(tmp_path / "ada")
    consumer(tmp_path, signed=False)
    assert step() == (1, ["sayso key new ada --recovery FILE"])
    for command in (("key", "new", "ada", "--recovery", "r.txt"), ("sign", "ada", "--yes")):
        assert sayso(*command, "--at", "2026-11-21T09:00:00Z", home=tmp_path).returncode == 0
        if command[0] == "key":
            assert step() == (1, ["sayso sign ada"])
    assert step() == (0, [])
    edit(tmp_path / "ada" / "profile.yml", "valid: {for: P6M}", "valid: {for: P6M}\nstatus: withdrawn")
    assert step() == (1, ["sayso sign ada"])
    assert sayso("sign", "ada", "--yes", "--at", "2026-11-21T09:30:00Z", home=tmp_path).returncode == 0
    assert step() == (0, [])
    code, out, err = status("--offline", home=tmp_path)
    assert (code, "Signed: version 2 of 21 November 2026: everything is withdrawn\n" in out) == (0, True)
    assert "No company holds anything\n" in out
    assert err == "sayso: next: see what it said before: sayso history ada\n"
    (tmp_path / "ada" / "profile.yml").unlink()
    assert step() == (1, ["sayso init FOLDER"])


def test_it_changes_nothing(home: Path) -> None:
    """Asking how it stands writes nothing, but for the calendar that was asked for."""
    before = tree(home)
    with host(home) as via:
        status(*via, home=home)
        status(*via, "--calendar", "ends.ics", home=home)
    assert {path: content for path, content in tree(home).items() if path != "ends.ics"} == before


# The calendar


def test_the_calendar(home: Path) -> None:
    """The calendar has a day for each end, is the same when it is written again, and follows a later version by the same names."""
    code, out, _ = status("--offline", "--calendar", "ends.ics", home=home)
    assert (code, "Signed: " in out) == (1, True)
    first = (home / "ends.ics").read_bytes()
    days = re.findall(rb"DTSTART;VALUE=DATE:(\d+)\r\n", first)
    assert days == [b"20261220", b"20270228", b"20270331", b"20270521"]
    assert first.count(b"BEGIN:VALARM\r\n") == 4
    status("--offline", "--calendar", "ends.ics", home=home)
    assert (home / "ends.ics").read_bytes() == first
    edit(home / "ada" / "profile.yml", "until: 2026-12-20", "until: 2026-12-24")
    sign(prepare(home / "ada", lambda: AT + 60), public_test_key("ada daily"))
    code, told = data("--offline", "--calendar", "ends.ics", home=home)
    assert told["result"]["calendar"] == "ends.ics"
    second = (home / "ends.ics").read_bytes()
    names = [re.findall(rb"UID:(.*)\r\n", content) for content in (first, second)]
    assert names[0] == names[1]
    assert b"DTSTART;VALUE=DATE:20261224\r\n" in second
    assert (first.count(b"SEQUENCE:1\r\n"), second.count(b"SEQUENCE:2\r\n")) == (4, 4)


def test_the_calendar_on_standard_output(home: Path) -> None:
    """As `-` the calendar is all that is on standard output; the rest is told beside it, and JSON has no place there."""
    assert status("--offline", "--calendar", "ends.ics", home=home)[0] == 1
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "sayso", "status", "ada", "--at", NOW, "--offline", "--calendar", "-"]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, (home / "ends.ics").read_bytes())
    assert b"Signed: version 1" in done.stderr
    assert status("--offline", "--calendar", "-", "--format", "json", home=home)[0] == 2


def test_no_calendar_of_nothing(home: Path) -> None:
    """Where nothing ends, or the disk refuses, the calendar that was there stays as it was."""
    (home / "ends.ics").write_text("mine")
    for name in ("profile.jwt", "history.json"):
        (home / "ada" / "signed" / name).unlink()
    code, _, err = status("--offline", "--calendar", "ends.ics", home=home)
    assert (code, "nothing-ends" in err) == (1, True)
    assert (home / "ends.ics").read_text() == "mine"
    shutil.rmtree(home / "ada")
    consumer(home)
    code, _, err = status("--offline", "--calendar", "no/such/ends.ics", home=home)
    assert (code, "error: disk: " in err) == (3, True)


# At a terminal, in other languages, and without anybody

LANGUAGES = {
    "de_DE.UTF-8": ("Online: nicht nachgefragt", "Endet innerhalb von 30 Tagen:", "20. Dezember 2026 (in 29 Tagen)", "wofür: Direktmarketing", "Endet: was du suchst: Waterproof"),
    "ar_EG.UTF-8": ("على الويب: لم يُسأل", "ينتهي خلال 30 يومًا:", "20 ديسمبر 2026 (بعد 29 يومًا)", "لأجل: التسويق المباشر", "ينتهي: ما تبحث عنه: Waterproof"),
    "fr_FR.UTF-8": ("En ligne : pas demandé", "Prend fin d’ici 30 jours :", "20 décembre 2026 (dans 29 jours)", "pour : Marketing direct", "Prend fin : ce que vous cherchez : Waterproof"),
}  # fmt: skip


@pytest.mark.parametrize("locale", LANGUAGES)
def test_in_the_language_of_the_terminal(locale: str, home: Path) -> None:
    """At a terminal everything is said in its language, without colour, and the last line says what to do next."""
    *texts, summary = LANGUAGES[locale]
    arguments = ("status", "ada", "--at", NOW, "--offline", "--calendar", "ends.ics")
    code, shown = at_terminal(
        *arguments, home=home, answers=[], environment={"LC_ALL": locale, "TERM": "xterm-256color"}
    )
    assert code == 1
    assert [text for text in texts if text not in shown] == []
    assert "\x1b" not in shown
    assert shown.splitlines()[-1].startswith("sayso: next: ")
    assert shown.splitlines()[-1].endswith(": sayso explain COMPANY ada")
    for english in ("Signed", "Companies", "let it end", "Every company"):
        assert english not in shown
    unfolded = (home / "ends.ics").read_bytes().replace(b"\r\n ", b"").decode("utf-8")
    assert f"SUMMARY:{summary}" in unfolded


def test_a_scheduled_job(home: Path) -> None:
    """Without a terminal, a language or a home, as cron runs it, all is plain text, and the exit code tells."""
    command = [sys.executable, "-m", "sayso", "status", str(home / "ada"), "--quiet", "--at", NOW]
    with serve(home / "www") as address:
        for more, code in (((), 1), (NOTHING_ENDS, 0)):
            done = subprocess.run(
                [*command, *more, "--unsafe-http-via", address],
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            assert done.returncode == code, done.stderr
            assert bool(done.stdout) == bool(done.stderr) == bool(code)
            assert b"\x1b" not in done.stdout + done.stderr


# Whatever is in the way


def test_the_commands_can_be_typed(tmp_path: Path) -> None:
    """Each command is shown as a shell takes it, for a folder with a name that a shell would take apart too."""
    name = "it's mine; $HOME"
    consumer(tmp_path, signed=False).rename(tmp_path / name)
    told = json.loads(sayso("status", name, "--format", "json", home=tmp_path).stdout)
    assert shlex.split(commands(told)["no-keys"]) == ["sayso", "key", "new", name, "--recovery", "FILE"]
    told = json.loads(sayso("status", "--format", "json", home=tmp_path / name).stdout)
    assert commands(told)["no-keys"] == "sayso key new . --recovery FILE"


def test_only_a_calendar_is_written_over(home: Path) -> None:
    """A file that is no calendar, such as the profile itself, is never written over; an empty one may be."""
    before = tree(home)
    code, out, err = status("--offline", "--calendar", "ada/profile.yml", home=home)
    assert (code, out, "would-overwrite" in err, "hint: " in err) == (1, "", True, True)
    assert tree(home) == before
    (home / "ends.ics").touch()
    status("--offline", "--calendar", "ends.ics", home=home)
    assert (home / "ends.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_clock_that_is_behind(home: Path) -> None:
    """Where the clock is behind the one that signed, that is said: nothing is wrong with what is served, and no end can be told."""
    with host(home) as via:
        code, out, err = status("--at", "2026-11-20", *via, home=home)
    assert (code, out, "from-the-future" in err) == (1, "", True)
    assert "hint: set the clock" in err


def _no_log(signed: Path) -> None:
    (signed / "keys.jsonl").write_bytes(b"<html>")


def _no_version(signed: Path) -> None:
    (signed / "profile.jwt").unlink()


@pytest.mark.parametrize(
    ("spoil", "code", "hint"),
    [(_no_log, "keylog-lines", "put ada/signed back"), (_no_version, "history-broken", "sayso restore BASE_URL ada")],
)
def test_damage_is_told(spoil: Callable[[Path], None], code: str, hint: str, home: Path) -> None:
    """A key log that cannot be read, and a version that is gone though there was one, are told with where and what to do."""
    spoil(home / "ada" / "signed")
    exit_code, out, err = status("--offline", home=home)
    assert (exit_code, out) == (1, "")
    assert f"error: {code}: ada/signed" in err
    assert f"hint: {hint}" in err or hint in err.partition("hint: ")[2]


def test_a_folder_that_cannot_be_looked_into(home: Path) -> None:
    """Where the system refuses to look into `signed/`, that is what is said, and not that nothing is signed."""
    shutil.rmtree(home / "ada" / "signed")
    (home / "ada" / "signed").symlink_to("x" * 300)  # refused to root, too
    code, out, err = status("--offline", home=home)
    assert (code, out) == (3, "")
    assert "sayso: error: file-unreadable: ada/signed/keys.jsonl cannot be read: " in err


def test_a_slow_host_does_not_keep_anybody(home: Path) -> None:
    """A host that takes long for each file is asked for no more of them once enough time has passed, and what it serves is unknown."""

    def slow(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.3)
        content = (home / "www" / request.split(b" ")[1].decode().lstrip("/")).read_bytes()
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(content) + content
        )

    signed = read_signed(home / "ada", BASE, None)
    with hostile(slow) as asked:
        served = served_now(signed, asked.address, history=False, patience=0.5)
    assert len(asked.requests) == 2
    assert isinstance([*served.values()][-1], TimedOut)
    assert live(signed, served, judge(signed, served, AT, history=False)).state == "unknown"
