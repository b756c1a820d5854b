"""The command line: answers, exit codes, and what it says of bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sayso import __version__
from sayso.cli.commands import _COMMANDS
from support import ADA, BASE, LATER, ROOT, WHEN, consumer, edit, sayso, tree

ASK = ("--company", "northpeak.example", "--signal", "purchase.history", "--purpose", "offers.personalised")
SIGNED = ADA / "signed"
FILES = ("--profile", SIGNED / "profile.jwt", "--keys", SIGNED / "keys.jsonl")


def test_version() -> None:
    """The version is said in one line."""
    assert sayso("--version").stdout == f"sayso {__version__}\n"


GROUPS = {
    "key": ["new", "show", "rotate", "recover", "passwd", "backup"],
    "pins": ["list", "contradictions", "forget"],
    "evidence": ["verify", "show", "prove", "export"],
}


@pytest.mark.parametrize(
    "command",
    [
        *(name for name in _COMMANDS if name not in GROUPS),
        *(f"{group} {name}" for group in GROUPS for name in GROUPS[group]),
    ],
)
def test_help(command: str) -> None:
    """Every command explains itself, with an example."""
    done = sayso(*command.split(), "--help")
    assert done.returncode == 0
    assert f"Example: sayso {command}" in done.stdout


@pytest.mark.parametrize(
    ("question", "code", "verdict", "reason"),
    [
        ((), 0, "allow", "granted"),
        (("--channel", "email", "--category", "sg-4"), 0, "allow", "granted"),
        (("--channel", "phone"), 1, "deny", "channel-refused"),
        (("--category", "me"), 1, "deny", "category-not-granted"),
        (("--category", "sg-3-1"), 1, "deny", "refused"),
        (("--granularity", "event"), 1, "deny", "granularity-not-granted"),
        (("--age", "366"), 1, "deny", "lookback-exceeded"),
        (("--sharing", "processors"), 1, "deny", "sharing-not-granted"),
        (("--at", "2027-06-01"), 0, "allow", "granted"),
    ],
)
def test_asking_a_draft(question: tuple[str, ...], code: int, verdict: str, reason: str) -> None:
    """An author can ask the own source before signing; the answer says that it is a draft's."""
    at = () if "--at" in question else ("--at", WHEN)
    done = sayso("ask", ADA / "profile.yml", *ASK, *question, *at, "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["result"]["verdict"], answer["result"]["reasons"]) == (code, verdict, [reason])
    assert answer["result"]["basis"] == "unsigned-draft"
    assert {"version": answer["version"], "command": answer["command"], "ok": answer["ok"]} == {
        "version": 1,
        "command": "ask",
        "ok": True,
    }
    assert "digest" not in answer["result"]


def test_asking_with_a_slip() -> None:
    """A word that is not in the vocabulary is a fair question, with the answer no and a hint."""
    done = sayso(
        "ask",
        ADA,
        "--company",
        "northpeak.example",
        "--signal",
        "purchase.histroy",
        "--purpose",
        "offers",
        "--at",
        WHEN,
    )
    assert done.returncode == 1
    assert "did you mean `purchase.history`?" in done.stderr
    assert "not-declared" in done.stdout


def test_verify_offline() -> None:
    """Files alone verify, offline, and JSON says what was verified."""
    done = sayso("verify", *FILES, "--base", "ada.example", "--at", WHEN, "--format", "json")
    assert done.returncode == 0
    result = json.loads(done.stdout)["result"]
    assert (result["sub"], result["sequence"], result["status"]) == (BASE, 1, "active")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (("verify", *FILES, "--base", "https://thief.example/", "--at", WHEN), 1, "wrong-address"),
        (("verify", *FILES, "--base", BASE, "--at", "2028-01-01"), 1, "expired"),
        (("verify", *FILES, "--base", "http://ada.example/"), 2, "bad-base-url"),
        (("verify", "--profile", "nothing", "--keys", SIGNED / "keys.jsonl", "--base", BASE), 3, "file-not-found"),
        (("verify", "--profile", SIGNED, "--keys", SIGNED / "keys.jsonl", "--base", BASE), 3, "file-unreadable"),
        (
            (
                "verify",
                "--profile",
                SIGNED / "keys.jsonl",
                "--keys",
                SIGNED / "keys.jsonl",
                "--base",
                BASE,
                "--at",
                WHEN,
            ),
            1,
            "bad-base64url",
        ),
        (("ask", "nothing.yml", *ASK), 3, "file-not-found"),
        (("ask", ADA, "--company", "co.uk", "--signal", "cart", "--purpose", "offers", "--at", WHEN), 2, "bad-company"),
        (("fetch", "localhost"), 2, "bad-base-url"),
        (("fetch", BASE, "--unsafe-http-via", "93.184.216.34:80"), 2, "not-loopback"),
        (("ask", SIGNED / "profile.jwt", *ASK), 2, "not-a-source"),
        (("fetch", BASE, "--unsafe-http-via", "127.0.0.1:9"), 3, "network"),
        (("check", "nothing.yml"), 3, "file-not-found"),
    ],
)
def test_errors(arguments: tuple[str, ...], exit_code: int, code: str, tmp_path: Path) -> None:
    """Bad input gets one clear line with its code, the right exit code, no data and no traceback."""
    done = sayso(*arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (exit_code, "")
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"sayso: error: {code}: ")
    assert all(line.startswith("sayso: hint: ") for line in lines[1:])
    assert len(lines) <= 2
    told = json.loads(sayso(*arguments, "--format", "json", home=tmp_path).stdout)
    assert (told["ok"], told["error"]["code"], told["command"]) == (False, code, arguments[0])


@pytest.mark.parametrize(
    "arguments",
    [("ask",), ("frobnicate",), ("verify", "--at", "yesterday"), ("check", "--format", "xml"), ("sign", "nowhere")],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    """Wrong usage is one line and a pointer to the help, exit code 2."""
    done = sayso(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == ["error", "hint"]


def test_check_names_everything_at_once(tmp_path: Path) -> None:
    """Several slips are told in one run, each at its place, with the nearest term, as text and as JSON alike."""
    ada = consumer(tmp_path)
    edit(ada / "profile.yml", "to: [hearthside.example]", "to: [hearthsde.example]")
    edit(ada / "profile.yml", "signals: [store.visits, loyalty.status]", "signals: [store.visit, loyalty.status]")
    edit(ada / "profile.yml", "  phone: never", "  phone: seldom")
    before = tree(tmp_path)
    done = sayso("check", "ada", "--at", WHEN, home=tmp_path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    codes = [line.split()[1] for line in lines if not line.startswith("    ")]
    assert codes == ["unknown-signal", "undeclared-company", "value-not-allowed", "ends-soon"]
    assert "    hint: did you mean `store.visits`?" in lines
    assert "    hint: did you mean `hearthside.example`?" in lines
    answer = json.loads(sayso("check", "ada", "--at", WHEN, "--format", "json", home=tmp_path).stdout)
    assert answer["ok"] is False
    assert answer["error"]["code"] == "invalid-profile"
    [told] = answer["result"]["files"]
    places = [f"{told['path']}:{problem['line']}:{problem['column']}" for problem in told["problems"]]
    assert [line.partition(": ")[0] for line in lines if not line.startswith("    ")] == places
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("prepare", "arguments", "code"),
    [
        ("no keys", ("sign", "ada", "--yes"), "no-keys"),
        ("keys", ("build", "ada"), "not-signed"),
        ("keys", ("key", "new", "ada", "--recovery", "b.key"), "has-keys"),
        ("no keys", ("key", "new", "ada", "--recovery", "ada/b.key"), "key-in-folder"),
        ("no keys", ("key", "new", "ada", "--recovery", "there.key"), "key-exists"),
        ("no keys", ("key", "new", "ada", "--recovery", "stick/r.key"), "no-such-folder"),
        ("example", ("sign", "ada", "--yes"), "key-not-here"),
        ("example", ("sign", "ada", "--yes", "--key", "other.key"), "key-of-another"),
        ("moved", ("sign", "ada", "--yes"), "keys-for-other-address"),
        ("signed", ("sign", "ada", "--yes", "--at", "2026-11-20"), "clock-behind"),
    ],
)
def test_what_cannot_be_signed(prepare: str, arguments: tuple[str, ...], code: str, tmp_path: Path) -> None:
    """Each way in which signing cannot be has its own code, and leaves every file as it was."""
    ada = consumer(tmp_path, signed=prepare == "example")
    (tmp_path / "there.key").write_text("precious")
    if prepare in ("keys", "moved", "signed"):
        assert sayso("key", "new", "ada", "--recovery", "a.key", "--at", WHEN, home=tmp_path).returncode == 0
    if prepare == "signed":
        assert sayso("sign", "ada", "--yes", "--at", WHEN, home=tmp_path).returncode == 0
    if prepare == "moved":
        edit(ada / "profile.yml", "url: https://ada.example/", "url: https://ada.test/")
    if prepare == "example":
        from sayso.trust.keyfile import PrivateKey

        (tmp_path / "other.key").touch(0o600)
        (tmp_path / "other.key").write_bytes(PrivateKey(bytes(32)).to_openssh(b""))
    before = tree(tmp_path)
    at = () if "--at" in arguments else ("--at", WHEN)
    done = sayso(*arguments, *at, home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"sayso: error: {code}: " in done.stderr
    assert tree(tmp_path) == before


def test_passphrase_by_file_descriptor(tmp_path: Path) -> None:
    """A passphrase is asked for on a terminal only; elsewhere the flags are named, and nothing is written."""
    consumer(tmp_path, signed=False)
    import os
    import subprocess
    import sys

    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAYSO_")}
    environment |= {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    command = [sys.executable, "-m", "sayso", "key", "new", "ada", "--recovery", "r.key", "--at", WHEN]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no-passphrase" in done.stderr
    assert "--passphrase-fd" in done.stderr
    assert not (tmp_path / "r.key").exists()
    reading, writing = os.pipe()
    os.write(writing, b"correct horse\n")
    os.close(writing)
    done = subprocess.run(
        [*command, "--passphrase-fd", str(reading)],
        cwd=tmp_path,
        env=environment,
        pass_fds=[reading],
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(reading)
    assert done.returncode == 0, done.stderr
    assert (
        sayso("sign", "ada", "--yes", "--at", WHEN, home=tmp_path).returncode == 0
    )  # the passphrase of support is the same


def test_fetch_overwrites_nothing_of_yours(tmp_path: Path) -> None:
    """``fetch --into`` keeps its hands off a folder that holds anything else."""
    from loopback_nginx import serve

    ada = consumer(tmp_path)
    assert sayso("build", "ada", "--at", WHEN, home=tmp_path).returncode == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    before = tree(tmp_path)
    with serve(ada / "public") as address:
        for target in ("mine", "ada/signed", "."):
            done = sayso("fetch", BASE, "--into", target, "--unsafe-http-via", address, "--at", WHEN, home=tmp_path)
            assert done.returncode == 1
            assert "would-overwrite" in done.stderr
    assert tree(tmp_path) == before


def test_signing_from_two_places_at_once(tmp_path: Path) -> None:
    """Of several signings at once each is a version of its own in one chain, or is told that another one is, or was, at work."""
    import os
    import subprocess
    import sys

    ada = consumer(tmp_path, signed=False)
    assert sayso("key", "new", "ada", "--recovery", "r.key", "--at", WHEN, home=tmp_path).returncode == 0
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "SAYSO_PASSPHRASE": "correct horse",
    }
    command = [sys.executable, "-m", "sayso", "sign", "ada", "--yes", "--format", "json"]
    running = [
        subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    told = [json.loads(process.communicate()[0]) for process in running]
    done = [answer["result"]["sequence"] for answer in told if answer["ok"]]
    assert sorted(done) == list(range(1, len(done) + 1))
    assert {answer["error"]["code"] for answer in told if not answer["ok"]} <= {
        "folder-busy",
        "signed-meanwhile",
    }
    assert len(list((ada / "signed" / "history").glob("*.jwt"))) == len(done) - 1
    assert sayso("build", "ada", home=tmp_path).returncode == 0


def test_signing_keeps_what_else_lies_there(tmp_path: Path) -> None:
    """A file of one's own in ``signed/`` is still there after signing; a foreign version in its history is refused."""
    ada = consumer(tmp_path, signed=False)
    assert sayso("key", "new", "ada", "--recovery", "r.key", "--at", WHEN, home=tmp_path).returncode == 0
    (ada / "signed" / "README.md").write_text("mine")
    for day in ("2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z"):
        assert sayso("sign", "ada", "--yes", "--at", day, home=tmp_path).returncode == 0
    assert (ada / "signed" / "README.md").read_text() == "mine"
    history = ada / "signed" / "history"
    assert [path.name for path in sorted(history.iterdir())] == ["1.jwt", "2.jwt"]
    (history / "1 (copy).jwt").write_bytes((history / "1.jwt").read_bytes())
    assert sayso("build", "ada", "--at", "2026-11-21T12:00:00Z", home=tmp_path).returncode == 0
    (history / "2.jwt").write_bytes((history / "1.jwt").read_bytes())
    done = sayso("build", "ada", "--at", "2026-11-21T12:00:00Z", home=tmp_path)
    assert (done.returncode, "history-broken" in done.stderr) == (1, True)


def test_nothing_is_signed_ahead(tmp_path: Path) -> None:
    """A version as of the future would lock its author out until then: it is refused."""
    ada = consumer(tmp_path, signed=False)
    assert sayso("key", "new", "ada", "--recovery", "r.key", "--at", WHEN, home=tmp_path).returncode == 0
    before = tree(ada)
    done = sayso("sign", "ada", "--yes", "--at", "2999-01-01", home=tmp_path)
    assert (done.returncode, "signed-ahead" in done.stderr) == (2, True)
    assert tree(ada) == before


def test_an_empty_passphrase_makes_no_keys(tmp_path: Path) -> None:
    """A variable that is set but empty does not leave the keys open to everybody."""
    import os
    import subprocess
    import sys

    consumer(tmp_path, signed=False)
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "SAYSO_PASSPHRASE": "",
    }
    command = [sys.executable, "-m", "sayso", "key", "new", "ada", "--recovery", "r.key", "--at", WHEN]
    before = tree(tmp_path)
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "no-passphrase" in done.stderr) == (1, True)
    assert tree(tmp_path) == before


def test_signing_says_what_was_taken_back(tmp_path: Path) -> None:
    """Signing names the grants that were taken back; signing again names none."""
    ada = consumer(tmp_path, signed=False)
    assert sayso("key", "new", "ada", "--recovery", "r.key", "--at", WHEN, home=tmp_path).returncode == 0
    assert "taken back" not in sayso("sign", "ada", "--yes", "--at", WHEN, home=tmp_path).stdout
    edit(ada / "profile.yml", "lookback: P5Y", "lookback: P1Y")
    done = sayso("sign", "ada", "--yes", "--at", LATER, home=tmp_path)
    assert "taken back: pageturner-history" in done.stdout
    assert sayso("build", "ada", "--at", LATER, home=tmp_path).returncode == 0
    assert "Taken back" in (ada / "public" / "index.html").read_text("utf-8")
    assert "taken back" not in sayso("sign", "ada", "--yes", "--at", "2026-11-21T22:00:00Z", home=tmp_path).stdout


@pytest.mark.parametrize(("reader", "expected"), [("true", 0), ("head -1", 0)])
def test_a_reader_who_leaves_early(reader: str, expected: int) -> None:
    """The exit code is that of the answer, whatever becomes of the pipe that it is written to."""
    import subprocess
    import sys

    for extra, code in ((ASK, expected), ((*ASK[:-1], "data.sale"), 1)):
        command = " ".join([sys.executable, "-m", "sayso", "ask", str(ADA), *extra, "--at", WHEN])
        done = subprocess.run(
            ["bash", "-c", f"{command} | {reader} > /dev/null; exit ${{PIPESTATUS[0]}}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (code, "")


def test_a_full_disk_is_no_bug() -> None:
    """An answer that cannot be written is an error of the disk, exit code 3."""
    import subprocess
    import sys

    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sayso", "ask", str(ADA), *ASK, "--at", WHEN],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr.startswith("sayso: error: disk: ")) == (3, True)


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("url: https://ada.example/", "url: http://ada.example/index.html", "write https://ada.example/"),
        ("valid: {for: P6M}", "valid: P6M", "write {for: P6M}"),
        (
            "  trailhead.example: {name: Trailhead, stage: try}",
            "  trailhead.example: Trailhead",
            "write {name: Trailhead}",
        ),
        ("to: [adtech.example]", "to: all", "write everyone, in a refusal"),
        ("to: [adtech.example]", "to: [unknown.example]", "declare it under companies, or as a group under groups"),
        ("stage: refer", "stage: 12", "one of: know, like, trust, try, buy, repeat, refer"),
        ("languages: [en, fr]", "languages: en", "write [en]"),
    ],
)
def test_hints_say_what_to_write(old: str, new: str, hint: str, tmp_path: Path) -> None:
    """A hint says what to write in the place of a slip."""
    ada = consumer(tmp_path)
    edit(ada / "profile.yml", old, new)
    done = sayso("check", "ada", "--at", WHEN, home=tmp_path)
    assert f"    hint: {hint}\n" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("shell", "code"),
    [
        ("{ask} >&-", 0),
        ("{sayso} sign ada --passphrase-fd -1", 2),
        ("SAYSO_PASSPHRASE=$'\\xff' {sayso} key new other --recovery r.key --at {at}", 0),
    ],
    ids=["closed", "descriptor", "bytes"],
)
def test_odd_surroundings(shell: str, code: int, tmp_path: Path) -> None:
    """A closed output, a descriptor that is none, and a passphrase that is no text are not taken for bugs."""
    import os
    import subprocess
    import sys

    consumer(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "profile.yml").write_bytes((tmp_path / "ada" / "profile.yml").read_bytes())
    program = f"{sys.executable} -m sayso"
    ask = " ".join([program, "ask", "ada", *ASK, "--at", WHEN])
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    command = shell.format(sayso=program, ask=ask, at=WHEN)
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == code, done.stderr


def test_a_version_that_is_gone(tmp_path: Path) -> None:
    """Where the current version is gone and earlier ones are there, no number is given a second time."""
    ada = consumer(tmp_path, signed=False)
    assert sayso("key", "new", "ada", "--recovery", "r.key", "--at", WHEN, home=tmp_path).returncode == 0
    for at in (WHEN, LATER):
        assert sayso("sign", "ada", "--yes", "--at", at, home=tmp_path).returncode == 0
    (ada / "signed" / "profile.jwt").unlink()
    done = sayso("sign", "ada", "--yes", "--at", LATER, home=tmp_path)
    assert (done.returncode, "version-missing" in done.stderr) == (1, True)


def test_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    """What is told, compiled and answered does not depend on the order in which Python keeps sets."""
    import os
    import subprocess
    import sys

    ada = consumer(tmp_path)
    sources = sorted(str(path) for path in (ROOT / "tests" / "broken").glob("*.yml"))
    vectors = [
        json.loads(path.read_text("utf-8")) for path in (ROOT / "profile_spec" / "vectors" / "check").glob("*.json")
    ]
    for vector in vectors:
        sources.append(str(tmp_path / f"{vector['id']}.yml"))
        Path(sources[-1]).write_text(vector["input"]["text"], "utf-8")
    bare = tmp_path / "bare.yml"
    bare.write_text("sayso: 1\ngrants: [{}, {note: x}]\nwants: [{}]\ninterests: [{}]\n")  # several slips at one place
    sources.append(str(bare))
    told = set()
    for seed in range(6):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        for command in (
            ("check", *sources, "--at", WHEN, "--format", "json"),
            ("ask", str(ada / "profile.yml"), *ASK, "--at", WHEN, "--format", "json"),
            ("vocab", "--format", "json"),
        ):
            done = subprocess.run(
                [sys.executable, "-m", "sayso", *command], cwd=ROOT, env=environment, capture_output=True, check=False
            )
            told.add((command[0], done.returncode, done.stdout))
    assert len(told) == 3
