"""Beginning a profile: what is asked, what is written, what is refused, and that it is all or nothing."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keyboard import CTRL_C, Keyboard, Typed
from loopback_nginx import free_port
from sayso.texts import LANGUAGES, catalogue
from support import PASSPHRASE, consumer, sayso, tree
from terminal import recovery_words

BASE = "https://ada.example/"
FLAGS = ("--url", BASE, "--start", "nothing", "--key", "later", "--no-input")
NEW_KEYS = ("--url", BASE, "--start", "nothing", "--key", "new", "--recovery", "paper.txt", "--no-input")


def init(*arguments: str | Path, home: Path, expect: int = 0) -> Any:
    """Run init with options alone, and give its result, or its error."""
    ran = sayso("init", *arguments, "--format", "json", home=home)
    assert ran.returncode == expect, ran.stderr
    told = json.loads(ran.stdout)
    return told["error" if expect else "result"]


def word(shown: str) -> str:
    """Give the word of the recovery key that was asked for last."""
    return recovery_words(shown)[int(re.findall(r"word (\d+) is", shown)[-1])]


def questions(start: str, key: str) -> list[tuple[str, Typed]]:
    """Give every question to somebody who makes keys, with answers."""
    return [
        (r"1/6(?s:.*)address: $", "ada.example"),
        (r"2/6(?s:.*)name .*: $", "Ada"),
        (r"3/6(?s:.*)languages .*: $", "en, fr"),
        (r"4/6(?s:.*)starting point: $", start),
        (r"5/6(?s:.*)keys: $", key),
        (r"6/6(?s:.*)host .*: $", "1"),
        (r"new passphrase: $", PASSPHRASE),
        (r"the same again: $", PASSPHRASE),
    ]


WORDS: list[tuple[str, Typed]] = [(r"To be sure: word \d+ is: $", word)] * 2
STARTS = {
    "1": ("--start", "nothing"),
    "2 a.example": ("--start", "service", "--shop", "a.example"),
    "3 www.a.example, https://b.example/x": ("--start", "offers", "--shop", "a.example", "--shop", "b.example"),
    "4 boots: a.example": ("--start", "market", "--want", "boots", "--shop", "a.example"),
    "4 boots": ("--start", "market", "--want", "boots"),
}


@pytest.mark.parametrize("start", STARTS)
def test_answers_and_options_come_to_the_same(start: str, tmp_path: Path) -> None:
    """What is answered at a terminal writes the files that the options write; the profile has no warning, and its keys sign it."""
    person = Keyboard(tmp_path)
    code, shown = person.run(["init", "typed"], [*questions(start, "1 paper.txt")])
    assert code == 0, shown
    assert "\x1b" not in shown
    options = ("--name", "Ada", "--language", "en", "--language", "fr", "--host", "github", *STARTS[start])
    init("given", *options, "--url", BASE, "--key", "new", "--recovery", "paper-2.txt", "--no-input", home=tmp_path)
    typed, given = tree(tmp_path / "typed"), tree(tmp_path / "given")
    assert typed.pop("signed/keys.jsonl") != given.pop("signed/keys.jsonl")
    assert typed == given
    assert sorted(typed) == [".github/workflows/sayso.yml", ".gitignore", "profile.schema.json", "profile.yml"]
    assert "profile.yml: 0 errors, 0 warnings\n" in sayso("check", "typed", home=tmp_path).stderr
    assert json.loads(typed["profile.schema.json"]) == json.loads(sayso("schema", "profile").stdout)
    signed = sayso("sign", "typed", "--yes", home=tmp_path)
    assert signed.returncode == 0, signed.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(language: str, tmp_path: Path) -> None:
    """In each language all is asked, suggested and written in it, within the lines of a narrow terminal."""

    def asked(message: str) -> str:
        return re.escape(catalogue(language).gettext(message)) + r".*: $"

    person = Keyboard(tmp_path, {"LC_ALL": f"{language}_XX.UTF-8"})
    answered: list[tuple[str, Typed]] = [
        (asked("address"), "ada.example/x"),
        (asked("address (Enter keeps it)"), BASE),
        (asked("name (may be left empty)"), "Ada \u0623"),
        (asked("languages"), ""),
        (asked("starting point"), ""),
        (asked("starting point"), "2"),
        (asked("which shops (their domains)"), "a"),
        (asked("which shops (their domains)"), "a.example"),
        (asked("keys"), "4"),
        (asked("host (may be left empty)"), ""),
    ]
    code, shown = person.run(["init"], answered)
    assert code == 0, shown
    text = (tmp_path / "profile.yml").read_text("utf-8")
    assert f"languages: [{language}]" in text
    assert catalogue(language).gettext("How often: at most twice a month.") not in text
    assert catalogue(language).gettext("Who may.") in text
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_nothing_is_chosen_for_anybody(tmp_path: Path) -> None:
    """Enter alone, and a number that there is not, choose neither a starting point nor keys: both are asked until they are answered."""
    again = "type one of the numbers: nothing is chosen for you"
    typed: list[tuple[str, Typed]] = [
        (r"address: $", BASE), (r"name .*: $", ""), (r"languages .*: $", ""), (r"starting point: $", ""),
        (rf"{again}\r\nstarting point: $", "5"), (rf"{again}\r\nstarting point: $", "1 a.example"), (r"nothing follows this number\r\nstarting point: $", "1"),
        (r"keys: $", ""), (rf"{again}\r\nkeys: $", "yes"), (rf"{again}\r\nkeys: $", "4"), (r"host .*: $", "9"), (r"host .*: $", ""),
    ]  # fmt: skip
    code, shown = Keyboard(tmp_path).run(["init", "ada"], typed)
    assert code == 0, shown
    assert sorted(tree(tmp_path)) == ["ada/.gitignore", "ada/profile.schema.json", "ada/profile.yml"]


def test_answers_are_read_as_people_write_them(tmp_path: Path) -> None:
    """A number with a dot or in other digits, an address in quotation marks, and one with nothing else in it are understood."""
    typed: list[tuple[str, Typed]] = [
        (r"address: $", ""), (r"\r\nan address looks like[^`]*address: $", f'"<{BASE}>"'), (r"name .*: $", ""),
        (r"languages .*: $", ""), (r"starting point: $", "3) a.example"), (r"keys: $", "\u0664"), (r"host .*: $", "3."),
    ]  # fmt: skip
    code, shown = Keyboard(tmp_path).run(["init"], typed)
    assert code == 0, shown
    assert f"url: {BASE}\n" in (tmp_path / "profile.yml").read_text("utf-8")
    assert (tmp_path / "netlify.toml").exists()


@pytest.mark.parametrize(("then", "name"), [("", "Ada Lovelace"), ("Ada", "Ada")])
def test_a_full_name_is_asked_about(then: str, name: str, tmp_path: Path) -> None:
    """Somebody who gives a full name is told who will read it, and may keep it or give another."""
    options = ("--url", BASE, "--language", "en", "--start", "nothing", "--key", "later", "--host", "none")
    typed: list[tuple[str, Typed]] = [
        (r"left empty\): $", "Ada Lovelace"),
        (r"full name(?s:.*)Enter keeps it\) \[Ada Lovelace\]: $", then),
    ]
    code, shown = Keyboard(tmp_path).run(["init", *options], typed)
    assert (code, shown.count("full name")) == (0, 1), shown
    assert f"  name: {name}\n" in (tmp_path / "profile.yml").read_text("utf-8")


@pytest.mark.parametrize("language", ["de", "fr", "ar"])
def test_what_is_wrong_is_said_in_the_language_of_the_questions(language: str, tmp_path: Path) -> None:
    """Whatever is wrong with an answer is said in the language of the question, and no more of English than what was typed."""

    def say(message: str) -> str:
        return catalogue(language).gettext(message)

    def asked(message: str) -> str:
        return re.escape(say(message)) + r".*: $"

    (tmp_path / "there.txt").touch()
    typed: list[tuple[str, Typed]] = [
        (asked("name (may be left empty)"), "ada@ada.example"), (asked("name (may be left empty)"), "+49 170 1234567"),
        (asked("name (may be left empty)"), "\x1b[A"), (asked("name (may be left empty)"), "x" * 501),
        (asked("name (may be left empty)"), "Ada Lovelace"), (asked("name (Enter keeps it)"), "Ada"),
        (asked("languages"), "x"), (asked("languages"), "german"), (asked("languages"), ""), (asked("starting point"), "4 boots: Northpeak"),
        (asked("keys"), "1 ada/paper.txt"), (asked("keys"), "1 there.txt"), (asked("keys"), "1 no/paper.txt"), (asked("keys"), "4"),
    ]  # fmt: skip
    code, shown = Keyboard(tmp_path, {"LC_ALL": f"{language}_XX.UTF-8"}).run(
        ["init", "ada", "--url", BASE, "--host", "none"], typed
    )
    assert code == 0, shown
    english = (" this ", " looks ", " is ", " exists", " folder", "leave", "character", "language", "named", "delete")
    assert [word for word in english if word in shown] == []
    assert say("no shop is named, so nobody may answer yet") in shown


def test_it_asks_on_for_what_an_answer_lacks(tmp_path: Path) -> None:
    """A starting point, or keys, that were chosen by their number alone are completed on the next line, or by the file that is suggested."""
    typed: list[tuple[str, Typed]] = [
        (r"starting point: $", "4"), (r"what you are looking for .*: $", ""), (r"what you are looking for .*: $", "a lamp: no hum"),
        (r"keys: $", "1 ada/paper.txt"), (r"lies in the folder(?s:.*)keys: $", "1"),
        (r"new passphrase: $", PASSPHRASE), (r"the same again: $", PASSPHRASE),
    ]  # fmt: skip
    options = ("--url", BASE, "--name", "", "--language", "en", "--host", "none")
    code, shown = Keyboard(tmp_path).run(["init", "ada", *options], typed)
    assert code == 0, shown
    assert "1/2  " in shown
    assert 'what: "a lamp: no hum"' in (tmp_path / "ada" / "profile.yml").read_text("utf-8")
    assert "24" in (tmp_path / "sayso-recovery-ada.example.txt").read_text("utf-8")


@pytest.mark.parametrize("place", range(10))
def test_ctrl_c_leaves_nothing(place: int, tmp_path: Path) -> None:
    """Ctrl-C at any question ends it at once with 130, and leaves no file and no folder, in the folder or the home."""
    asked = [*questions("3 a.example", "2"), *WORDS]
    assert len(asked) == 10
    code, shown = Keyboard(tmp_path).run(["init", "ada"], [*asked[:place], (asked[place][0], CTRL_C)])
    assert (code, [*tmp_path.iterdir()]) == (130, []), shown
    assert "Traceback" not in shown


def test_words_can_be_written_down(tmp_path: Path) -> None:
    """With words in the place of a page, they are shown and asked for, and then all is written."""
    code, shown = Keyboard(tmp_path).run(["init", "ada"], [*questions("1", "2"), *WORDS])
    assert code == 0, shown
    assert (tmp_path / "ada" / "signed" / "keys.jsonl").exists()
    assert len(recovery_words(shown)) == 24


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ((), "--url, --start, --key"),
        (("--url", BASE, "--start", "offers", "--key", "new"), "--shop, --recovery"),
        (("--url", BASE, "--start", "market", "--key", "later"), "--want"),
        (("--start", "nothing", "--key", "key.file", "--recovery", "paper.txt"), "--url"),
    ],
)
def test_no_input_names_every_option_that_is_missing(options: tuple[str, ...], missing: str, tmp_path: Path) -> None:
    """Where nobody can be asked, all options that are missing are named, and nothing is written."""
    for silent in ((), ("--no-input",)):
        error = init("ada", *options, *silent, home=tmp_path, expect=2)
        assert (error["code"], f": {missing} " in error["message"]) == ("answer-needed", True), error
        assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--url", "ada", "--start", "nothing", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--start", "offers", "--shop", "northpeak", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--start", "offers", "--shop", "co.uk", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--start", "offers", "--shop", "a.example", "--want", "x", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--shop", "a.example", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--shop", "a.example", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--start", "market", "--want", "ada@ada.example", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--name", "a\u202eb", "--key", "later"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--language", "english", "--key", "later", "--language", "e"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--key", "later", "--language", "german"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--key", "later", "--recovery", "paper.txt"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--key", "later", "--install", "sayso"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--key", "", "--recovery", "paper.txt"), "bad-answer"),
        (("--url", BASE, "--start", "nothing", "--key", "no.key", "--recovery", "paper.txt"), "key-unreadable"),
        (("--url", BASE, "--start", "nothing", "--key", "new", "--recovery", "ada/paper.txt"), "key-in-folder"),
        (("--url", BASE, "--start", "nothing", "--key", "new", "--recovery", "no/paper.txt"), "no-such-folder"),
    ],
)  # fmt: skip
def test_a_bad_option_is_refused(options: tuple[str, ...], code: str, tmp_path: Path) -> None:
    """An option that cannot be taken is refused with its name, and nothing is written."""
    error = init("ada", *options, "--no-input", home=tmp_path, expect=1 if code[0] in "kn" else 2)
    assert error["code"] == code, error
    assert [*tmp_path.iterdir()] == []


def _profile(folder: Path) -> None:
    (folder / "profile.yml").write_text("sayso: 1\n", "utf-8")


def _dangling(folder: Path) -> None:
    (folder / "profile.yml").symlink_to("nowhere")


def _signed(folder: Path) -> None:
    shutil.copytree(consumer(folder.parent / "other") / "signed", folder / "signed")


def _workflow(folder: Path) -> None:
    (folder / ".github" / "workflows").mkdir(parents=True)
    (folder / ".github" / "workflows" / "sayso.yml").write_text("name: mine\n", "utf-8")


def _no_folder(folder: Path) -> None:
    folder.rmdir()
    folder.write_text("I am a file", "utf-8")


@pytest.mark.parametrize(
    ("there", "code", "exit_code"),
    [
        (_profile, "has-profile", 1),
        (_dangling, "has-profile", 1),
        (_signed, "has-profile", 1),
        (_workflow, "workflow-exists", 1),
        (_no_folder, "disk", 3),
    ],
)
def test_nothing_is_overwritten(there: Callable[[Path], None], code: str, exit_code: int, tmp_path: Path) -> None:
    """A folder with a profile, signed or not, another workflow, or no folder at all is refused with a hint, and stays as it is."""
    (tmp_path / "ada").mkdir()
    there(tmp_path / "ada")
    before = tree(tmp_path)
    error = init("ada", *NEW_KEYS, "--host", "github", home=tmp_path, expect=exit_code)
    assert (error["code"], bool(error["hint"])) == (code, True)
    assert tree(tmp_path) == before
    assert not (tmp_path / ".config").exists()


def test_what_was_there_stays(tmp_path: Path) -> None:
    """Other files stay; a .gitignore gets the lines that it lacks, at its end, and one that has it, a schema, and the same workflow stay as they are."""
    ada = tmp_path / "ada"
    ada.mkdir()
    (ada / "README.md").write_text("mine\n", "utf-8")
    (ada / ".gitignore").write_text("*.bak", "utf-8")
    (ada / "profile.schema.json").write_text("{}", "utf-8")
    told = init("ada", *FLAGS, "--host", "netlify", home=tmp_path)
    assert told["changed"] == ["ada/.gitignore"]
    assert told["written"] == ["ada/profile.yml", "ada/netlify.toml"]
    assert (ada / ".gitignore").read_text() == "*.bak\n/public/\n/profile.yml.bak\n"
    assert ((ada / "README.md").read_text(), (ada / "profile.schema.json").read_text()) == ("mine\n", "{}")
    (ada / "profile.yml").unlink()
    told = init("ada", *FLAGS, "--host", "netlify", home=tmp_path)
    assert (told["written"], told["changed"]) == (["ada/profile.yml"], [])


def test_in_a_repository(tmp_path: Path) -> None:
    """In a folder of a git repository the workflow goes to its top, where the host looks for it, and names the folder."""
    subprocess.run(["git", "init", "-q", "repository"], cwd=tmp_path, check=True)
    told = init("repository/people/ada", *FLAGS, "--host", "github", home=tmp_path)
    top = tmp_path / "repository" / ".github" / "workflows" / "sayso.yml"
    assert str(top) in told["written"]
    assert "sayso build people/ada" in top.read_text()
    refused = init("repository/my page", *FLAGS, "--host", "github", home=tmp_path, expect=1)
    assert refused["code"] == "workflow-path"
    assert not (tmp_path / "repository" / "my page").exists()


def _file_for_folder(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".github").write_text("in the way", "utf-8")


def _file_for_signed(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".gitignore").write_text("*.bak\n", "utf-8")
    (folder / "signed").write_text("in the way", "utf-8")


def _small_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))  # less than the schema has


@pytest.mark.parametrize("hindrance", [_file_for_folder, _file_for_signed, _small_disk])
def test_all_or_nothing(hindrance: Callable[..., None], tmp_path: Path) -> None:
    """Where any file cannot be written, none is left behind: not the files before it, not their folders, not the keys, not the page."""
    folder, before_start = tmp_path / "new" / "ada", None
    if hindrance is _small_disk:
        before_start = hindrance
    else:
        hindrance(folder)
    before, folders = tree(tmp_path), {path for path in tmp_path.rglob("*") if path.is_dir()}
    ran = subprocess.run(
        [sys.executable, "-m", "sayso", "init", "new/ada", *NEW_KEYS, "--host", "github"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config"), "SAYSO_PASSPHRASE": PASSPHRASE, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before_start,
    )  # fmt: skip
    assert ran.returncode == 3, ran.stderr
    assert "sayso: error: disk: " in ran.stderr
    assert tree(tmp_path) == before
    left = {path for path in tmp_path.rglob("*") if path.is_dir()} - folders
    assert {path.name for path in left} <= {".config", "sayso", "keys"}, left


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A folder that the system refuses is an error of the disk, after which no key is left."""
    error = init("/proc/sayso/ada", *NEW_KEYS, home=tmp_path, expect=3)
    assert error["code"] == "disk"
    assert tree(tmp_path) == {}


def test_keys_that_are_there_are_gone_on_with(tmp_path: Path) -> None:
    """Where the keys were made and no more, as after a power cut, init goes on with them, for their address, and makes no others."""
    init("ada", *NEW_KEYS, home=tmp_path)
    (tmp_path / "ada" / "profile.yml").unlink()
    keys = (tmp_path / "ada" / "signed" / "keys.jsonl").read_bytes()
    other = ("--url", "https://eve.example/", "--start", "nothing", "--no-input")
    assert init("ada", *other, home=tmp_path, expect=1)["code"] == "keys-for-other-address"
    assert init("ada", *NEW_KEYS, home=tmp_path, expect=1)["code"] == "has-keys"
    told = init("ada", "--start", "nothing", "--no-input", home=tmp_path)
    assert (told["url"], told["keys"]) == (BASE, None)
    assert told["next"] == ["sayso preview ada", "sayso sign ada", "sayso build ada"]
    assert (tmp_path / "ada" / "signed" / "keys.jsonl").read_bytes() == keys
    assert sayso("sign", "ada", "--yes", home=tmp_path).returncode == 0


def test_damaged_keys_are_told(tmp_path: Path) -> None:
    """Where the keys that are there cannot be read, it says which file it is about and what to do, and writes nothing."""
    (tmp_path / "ada" / "signed").mkdir(parents=True)
    (tmp_path / "ada" / "signed" / "keys.jsonl").write_text("<html>")
    before = tree(tmp_path)
    error = init("ada", *FLAGS, home=tmp_path, expect=1)
    assert (error["code"], "ada/signed" in error["message"], "ada/signed" in error["hint"]) == (
        "keylog-lines",
        True,
        True,
    )
    assert tree(tmp_path) == before


def test_a_key_of_ones_own(tmp_path: Path) -> None:
    """A key that one has already signs, stays where it is and as it is, and is never taken away, whatever goes wrong."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "mine"], check=True)
    key = (tmp_path / "mine").read_bytes()
    options = ("--url", BASE, "--start", "nothing", "--key", "mine", "--recovery", "paper.txt", "--no-input")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "signed").write_text("in the way", "utf-8")
    assert init("ada", *options, home=tmp_path, expect=3)["code"] == "disk"
    assert (tmp_path / "mine").read_bytes() == key
    told = init("eda", *options, home=tmp_path)
    assert (tmp_path / "mine").read_bytes() == key
    assert not (tmp_path / ".config").exists()
    sign = shlex.split(told["next"][1])
    assert sign == ["sayso", "sign", "eda", "--key", "mine"]
    assert sayso(*sign[1:], "--yes", home=tmp_path).returncode == 0


def test_the_three_commands_run_as_they_are_shown(tmp_path: Path) -> None:
    """The three commands at the end are run by a shell, letter by letter, for a folder with a name that a shell would take apart."""
    name = "it's mine; $HOME"
    ran = sayso("init", name, *NEW_KEYS, home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.splitlines()[-4] == "sayso: next, one after the other:"
    look, sign, build = [line.strip() for line in ran.stderr.splitlines()[-3:]]
    surroundings = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config"), "SAYSO_PASSPHRASE": PASSPHRASE}  # fmt: skip
    surroundings |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def shell(command: str) -> None:
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=surroundings, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    with (tmp_path / "said.txt").open("w+") as said:
        command = f"exec {look} --port {free_port()}"  # the usual one may be taken
        preview = subprocess.Popen(
            command,
            shell=True,
            cwd=tmp_path,
            env=surroundings,
            stderr=said,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        deadline = time.monotonic() + 60
        while "Ctrl-C" not in (tmp_path / "said.txt").read_text():
            assert preview.poll() is None, (tmp_path / "said.txt").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        preview.send_signal(signal.SIGINT)
        assert preview.wait(60) == 0
    shell(f"{sign} --yes")
    shell(build)
    assert (tmp_path / name / "public" / "index.html").exists()


def test_an_address_that_is_not_ones_own_is_told(tmp_path: Path) -> None:
    """A project page, and the host of everybody, are told when they are given, and in the answer for programs."""
    for url, part in (("ada.github.io/profile", "ada.github.io"), ("https://github.io", "nobody's own")):
        folder = url.rpartition("/")[2]
        told = init(folder, "--url", url, "--start", "nothing", "--key", "later", "--no-input", home=tmp_path)
        assert any(part in warning for warning in told["warnings"])


def test_the_help_has_an_example_that_works(tmp_path: Path) -> None:
    """The help page tells every starting point with the agreement that it resembles, and its example does what it says."""
    page = sayso("init", "--help").stdout
    for part in ("nothing ", "SD-BASE", "PDC-INTENT", "service", "offers", "market", "--no-input"):
        assert part in page
    [example] = re.findall(r"^ *Example: sayso (.*)$", page, re.MULTILINE)
    assert sayso(*shlex.split(example), home=tmp_path).returncode == 0
    assert (tmp_path / "ada" / "profile.yml").exists()
