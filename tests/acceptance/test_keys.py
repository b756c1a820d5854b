"""Keys from the first to the last: made, shown, replaced, recovered, kept, and never lost or shown by accident."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import BASE, PASSPHRASE, WHEN, consumer, sayso, tree
from terminal import at_terminal, recovery_words

HOUR = "2026-11-21T{:02}:00:00Z"


def result(*arguments: str | Path, home: Path) -> Any:
    done = sayso(*arguments, "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["result"]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's computer, with a profile, its keys, and two signed versions."""
    home = tmp_path_factory.mktemp("begun")
    consumer(home, signed=False)
    for command in (
        ("key", "new", "ada", "--recovery", "paper.txt", "--at", HOUR.format(9)),
        ("sign", "ada", "--yes", "--at", HOUR.format(10)),
        ("sign", "ada", "--yes", "--at", HOUR.format(11)),
    ):
        done = sayso(*command, home=home)
        assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Path:
    """A copy of it for each test."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return tmp_path


def words_on(page: Path) -> list[str]:
    return re.findall(r"\b\d{1,2} ([a-z]{3,8})\b", page.read_text("utf-8"))


def test_showing(home: Path) -> None:
    """What is shown names the identity in digits to read out, and where the private key is; nothing of the private key."""
    shown = result("key", "show", "ada", home=home)
    assert shown["sub"] == BASE
    assert re.fullmatch(r"\d{5}( \d{5}){7}", shown["fingerprint"])
    assert shown["fingerprint"] in (home / "paper.txt").read_text("utf-8")
    [key] = shown["keys"]
    assert Path(key["private"]).stat().st_mode & 0o777 == 0o600
    Path(key["private"]).rename(home / "elsewhere.key")
    assert result("key", "show", "ada", home=home)["keys"] == [{**key, "private": None}]


def test_rotating(home: Path) -> None:
    """A new daily key takes the place of the old one: the chain goes on, the old key signs nothing more, the paper is used up."""
    before = result("key", "show", "ada", home=home)
    told = result(
        "key", "rotate", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes", "--at", HOUR.format(12), home=home
    )  # fmt: skip
    after = result("key", "show", "ada", home=home)
    assert (told["sequence"], told["identity"]) == (3, before["identity"])
    assert after["keys"] == [{"kid": told["kid"], "private": told["key"]}]
    assert after["recovery"] != before["recovery"]
    assert len(words_on(home / "paper-2.txt")) == 24
    old = before["keys"][0]["private"]
    done = sayso("sign", "ada", "--yes", "--key", old, "--at", HOUR.format(13), home=home)
    assert (done.returncode, "key-of-another" in done.stderr) == (1, True)
    again = ("--recovery", "paper-3.txt", "--yes", "--at", HOUR.format(13))
    done = sayso("key", "rotate", "ada", "--from-recovery", "paper.txt", *again, home=home)
    assert (done.returncode, "recovery-unknown" in done.stderr) == (1, True)
    assert not (home / "paper-3.txt").exists()
    assert sayso("sign", "ada", "--yes", "--at", HOUR.format(13), home=home).returncode == 0
    assert sayso("build", "ada", "--at", HOUR.format(13), home=home).returncode == 0
    assert [item["kept"] for item in result("history", "ada", home=home)["versions"]] == [True] * 4


def test_recovering_with_the_daily_key_lost(home: Path) -> None:
    """Without the daily key nothing is signed; the paper brings its owner back, and the last version becomes the floor."""
    Path(result("key", "show", "ada", home=home)["keys"][0]["private"]).unlink()
    done = sayso("sign", "ada", "--yes", "--at", HOUR.format(12), home=home)
    assert (done.returncode, "key-not-here" in done.stderr, "sayso key recover" in done.stderr) == (1, True, True)
    told = result(
        "key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes", "--at", HOUR.format(12), home=home
    )  # fmt: skip
    assert told["sequence"] == 3
    assert result("key", "show", "ada", home=home)["events"][1]["floor"] == 2
    assert sayso("sign", "ada", "--yes", "--at", HOUR.format(13), home=home).returncode == 0


def test_recovering_from_a_thief_in_the_folder(home: Path) -> None:
    """What a thief signed into the folder is taken out of the chain, and kept aside as evidence."""
    text = (home / "ada" / "profile.yml").read_text("utf-8")
    stolen = text.replace("refusals:\n", "refusals:\n  - {id: thief, to: everyone}\n")
    (home / "ada" / "profile.yml").write_text(stolen, "utf-8")
    assert sayso("sign", "ada", "--yes", "--at", HOUR.format(12), home=home).returncode == 0  # by the thief
    thiefs = (home / "ada" / "signed" / "profile.jwt").read_bytes()
    (home / "ada" / "profile.yml").write_text(text, "utf-8")
    recover = ("key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    done = sayso(*recover, "--last-own", "7", "--at", HOUR.format(13), home=home)
    assert (done.returncode, "version-not-kept" in done.stderr) == (1, True)
    told = result(*recover, "--last-own", "2", "--at", HOUR.format(13), home=home)
    assert told["sequence"] == 3
    assert not any("thief" in change["what"] for change in told["changes"])
    signed = home / "ada" / "signed"
    assert [path.read_bytes() for path in (signed / "disowned").iterdir()] == [thiefs]
    assert sorted(path.name for path in (signed / "history").iterdir()) == ["1.jwt", "2.jwt"]
    assert sayso("build", "ada", "--at", HOUR.format(13), home=home).returncode == 0
    assert not any("disowned" in path for path in tree(home / "ada" / "public"))


def test_words_at_a_terminal(tmp_path: Path) -> None:
    """The recovery words are shown once, to somebody at a terminal who proves that they were written down, and they work."""
    consumer(tmp_path, signed=False)

    def word(shown: str) -> str:
        return recovery_words(shown)[int(re.findall(r"word (\d+) is", shown)[-1])].upper()

    code, shown = at_terminal(
        "key", "new", "ada", "--recovery-words", "--at", HOUR.format(9), home=tmp_path,
        answers=[("new passphrase", PASSPHRASE), ("the same again", PASSPHRASE), (r"word \d+ is", "wrong"), (r"word \d+ is", word), (r"word \d+ is", word)],
    )  # fmt: skip
    assert code == 0, shown
    assert "that is another word" in shown
    rows = shown[shown.index("not shown again") : shown.index("To be sure")]
    words = re.findall(r"\d+ +([a-z]+)", rows)
    assert len(words) == 24
    assert not any(" ".join(words[:3]) in content.decode("utf-8", "replace") for content in tree(tmp_path).values())
    code, shown = at_terminal("sign", "ada", "--at", HOUR.format(10), home=tmp_path, answers=[(r"Sign this\?", "n")])
    assert (code, "not-confirmed" in shown) == (1, True)
    assert not (tmp_path / "ada" / "signed" / "profile.jwt").exists()
    code, shown = at_terminal(
        "sign", "ada", "--at", HOUR.format(10), home=tmp_path,
        answers=[(r"Sign this\?", "y"), ("passphrase for", PASSPHRASE)],
    )  # fmt: skip
    assert code == 0, shown
    assert PASSPHRASE not in shown
    code, shown = at_terminal(
        "key", "recover", "ada", "--recovery", "paper.txt", "--at", HOUR.format(11), home=tmp_path,
        answers=[
            ("word 1 of 24", " ".join(words[:3]) + " sayso"), ("word 4 is not in the list of words", words[3].upper()),
            ("word 5 of 24", " ".join(f"{place}. {words[place - 1]}" for place in range(5, 25))), (r"sign this\?", "y"),
            ("new passphrase", ""), (r"(?s)cannot be empty.*new passphrase", "other"), ("the same again", "others"), (r"(?s)not the same.*new passphrase", "other"), ("the same again", "other"),
        ],
    )  # fmt: skip
    assert code == 0, shown
    assert "destroy the old recovery page" in shown


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda words: [*words[:4], "sayso", *words[5:]], "word 5 is not in the list"),
        (lambda words: words[:23], "is no page of a recovery key"),
        (lambda _: ["abandon"] * 24, "do not belong together"),
        (lambda words: [*words, "copies"], "is no page of a recovery key"),
    ],
)
def test_wrong_words(change: Any, told: str, home: Path) -> None:
    """Words that are wrong are told which, or that they do not belong together, and nothing is changed."""
    words = words_on(home / "paper.txt")
    (home / "typed.txt").write_text(" ".join(change(words)))
    before = tree(home)
    command = ("key", "recover", "ada", "--from-recovery", "typed.txt", "--recovery", "new.txt", "--yes")
    done = sayso("-vv", *command, "--at", HOUR.format(12), "--format", "json", home=home)
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr
    said = (done.stdout + done.stderr).split()
    assert not all(
        word in said for word in words[:3]
    )  # a message is no place for them, though one may be in it by chance
    assert tree(home) == before


@pytest.mark.parametrize(
    "retype",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: " ".join(re.findall(r"\b\d{1,2} ([a-z]{3,8})\b", text)).upper(),
        lambda text: "\n".join(re.findall(r"\b\d{1,2} ([a-z]{3,8})\b", text)),
        lambda text: "\n".join(line for line in text.splitlines() if re.match(r" ?\d", line)),
        lambda text: text.upper(),
        lambda text: re.sub(r"(\d{1,2}) ([a-z]{3,8})", r"\1.) \2,", text).replace("   ", "\u00a0\u00a0"),
        lambda text: "\n".join(sorted(re.findall(r"\b\d{1,2} [a-z]{3,8}\b", text))),
        lambda text: ",".join(re.findall(r"\b\d{1,2} ([a-z]{3,8})\b", text)),
    ],
    ids=[
        "windows",
        "mark",
        "capitals",
        "a line each",
        "only the rows",
        "all capitals",
        "retyped",
        "by columns",
        "commas",
    ],
)
def test_a_page_as_people_keep_it(retype: Any, home: Path) -> None:
    """A page is read in whatever way it was saved or typed again."""
    (home / "typed.txt").write_text(retype((home / "paper.txt").read_text("utf-8")), "utf-8")
    command = ("key", "rotate", "ada", "--from-recovery", "typed.txt", "--recovery", "new.txt", "--yes")
    done = sayso(*command, "--at", HOUR.format(12), home=home)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("what", ["ledger", "folder"])
def test_whatever_fails_no_key_is_lost(what: str, home: Path) -> None:
    """Where something fails while keys are replaced, the keys that the key log names are there, and the page of the next one too."""
    config = home / ".config" / "sayso"
    if what == "ledger":  # what is signed is signed; only the record of it cannot be written
        [path] = (config / "ledger").iterdir()
        path.unlink()
        path.symlink_to(home / "nowhere" / "ledger.json")
    else:
        (home / "ada" / "signed" / "history").rename(home / "history")
        (home / "ada" / "signed" / "history").write_text("in the way")
    command = ("key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    done = sayso(*command, "--at", HOUR.format(12), home=home)
    shown = result("key", "show", "ada", home=home)
    assert shown["keys"][0]["private"] is not None
    if what == "ledger":
        assert (done.returncode, "warning: version 3 is signed" in done.stderr) == (0, True), done.stderr
        again = ("--from-recovery", "paper-2.txt", "--recovery", "paper-3.txt", "--yes", "--at", HOUR.format(13))
    else:
        assert done.returncode == 3, done.stderr
        assert not (home / "paper-2.txt").exists()
        (home / "ada" / "signed" / "history").unlink()
        again = ("--from-recovery", "paper.txt", "--recovery", "paper-3.txt", "--yes", "--at", HOUR.format(13))
    done = sayso("key", "recover", "ada", *again, home=home)
    assert done.returncode == 0, done.stderr


def test_a_wrong_passphrase_may_be_typed_again(home: Path) -> None:
    """At a terminal a slip in the passphrase costs nothing; the third ends it."""
    sign = ("sign", "ada", "--yes", "--at", HOUR.format(12))
    code, shown = at_terminal(
        *sign, home=home, answers=[("passphrase for", "wrong"), (r"(?s)left: 2.*passphrase for", PASSPHRASE)]
    )
    assert code == 0, shown
    sign = ("sign", "ada", "--yes", "--at", HOUR.format(13))
    code, shown = at_terminal(
        *sign,
        home=home,
        answers=[("passphrase for", "x"), (r"(?s)left: 2.*passphrase for", "y"), (r"(?s)left: 1.*passphrase for", "z")],
    )
    assert (code, "key-wrong-passphrase" in shown) == (1, True)


def test_another_passphrase(home: Path) -> None:
    """The passphrase is changed, and the key and what it signed stay; the file is never open to others."""
    [key] = result("key", "show", "ada", home=home)["keys"]
    environment = {"SAYSO_PASSPHRASE": PASSPHRASE, "SAYSO_NEW_PASSPHRASE": "another"}
    code, shown = at_terminal("key", "passwd", "ada", home=home, answers=[], environment=environment)
    assert code == 0, shown
    assert Path(key["private"]).stat().st_mode & 0o777 == 0o600
    done = sayso("sign", "ada", "--yes", "--at", HOUR.format(12), home=home)
    assert (done.returncode, "key-wrong-passphrase" in done.stderr) == (1, True)
    code, shown = at_terminal(
        "sign", "ada", "--yes", "--at", HOUR.format(12), home=home, answers=[("passphrase for", "another")]
    )
    assert code == 0, shown


def test_backup(home: Path) -> None:
    """A copy of the daily key is made where it is safe, never over anything, and it signs elsewhere."""
    done = sayso("key", "backup", "ada", "--to", "ada/docs/copy.key", home=home)
    assert (done.returncode, "key-in-folder" in done.stderr) == (1, True)
    assert sayso("key", "backup", "ada", "--to", "copy.key", home=home).returncode == 0
    assert (home / "copy.key").stat().st_mode & 0o777 == 0o600
    done = sayso("key", "backup", "ada", "--to", "copy.key", home=home)
    assert (done.returncode, "key-exists" in done.stderr) == (1, True)
    Path(result("key", "show", "ada", home=home)["keys"][0]["private"]).unlink()
    assert sayso("sign", "ada", "--yes", "--key", "copy.key", "--at", HOUR.format(12), home=home).returncode == 0
    (home / "copy.key").chmod(0o640)
    done = sayso("sign", "ada", "--yes", "--key", "copy.key", "--at", HOUR.format(13), home=home)
    assert (done.returncode, "key-open-to-others" in done.stderr) == (1, True)


@pytest.mark.parametrize("command", ["new", "rotate", "recover"])
@pytest.mark.parametrize(
    ("options", "code", "exit_code"),
    [
        (("--recovery", "ada/docs/r.txt"), "key-in-folder", 1),
        (("--recovery", "site/pages/r.txt"), "key-in-folder", 1),
        (("--recovery", "there.txt"), "key-exists", 1),
        (("--recovery", "stick/r.txt"), "no-such-folder", 1),
        (("--recovery-words",), "no-terminal", 2),
        ((), "--recovery FILE, or --recovery-words", 2),
        (("--recovery", "r.txt", "--recovery-words"), "--recovery FILE, or --recovery-words", 2),
    ],
)
def test_where_a_recovery_key_cannot_go(
    command: str, options: tuple[str, ...], code: str, exit_code: int, tmp_path: Path
) -> None:
    """A recovery key goes neither into what is published, nor over a file, nor where nobody sees it; nothing is changed then."""
    ada = consumer(tmp_path, signed=command != "new")
    (tmp_path / "site" / "pages").mkdir(parents=True)
    (tmp_path / "site" / "mkdocs.yml").write_text("site_name: Mine\ndocs_dir: 'pages'  # not docs\n")
    (tmp_path / "there.txt").write_text("precious")
    before = tree(tmp_path)
    more = () if command == "new" else ("--yes",)
    done = sayso("key", command, ada, *options, *more, "--at", WHEN, home=tmp_path)
    assert (done.returncode, code in done.stderr) == (exit_code, True), done.stderr
    assert tree(tmp_path) == before


def test_whatever_the_umask(tmp_path: Path) -> None:
    """Private keys and recovery pages are closed to others even where files are open by habit."""
    consumer(tmp_path, signed=False)
    before = os.umask(0)
    try:
        assert sayso("key", "new", "ada", "--recovery", "r.txt", "--at", WHEN, home=tmp_path).returncode == 0
    finally:
        os.umask(before)
    keys = tmp_path / ".config" / "sayso" / "keys"
    modes = {oct(path.stat().st_mode & 0o777) for path in (tmp_path / "r.txt", *keys.iterdir())}
    assert (modes, oct(keys.stat().st_mode & 0o777)) == ({"0o600"}, "0o700")


def test_a_backup_that_was_put_back(home: Path) -> None:
    """A number is not given twice: with an older ``signed/`` put back nothing is signed, until the later one is there again."""
    signed = home / "ada" / "signed"
    shutil.copytree(signed, home / "backup")
    assert sayso("sign", "ada", "--yes", "--at", HOUR.format(12), home=home).returncode == 0
    signed.rename(home / "later")
    shutil.copytree(home / "backup", signed)
    before = tree(home)
    done = sayso("sign", "ada", "--yes", "--at", HOUR.format(13), home=home)
    assert (done.returncode, "sequence-reused" in done.stderr) == (1, True)
    assert tree(home) == before
    built = sayso("build", "ada", "--at", HOUR.format(13), home=home)
    assert "warning: this computer signed version 3 last, and this is version 2" in built.stderr
    shutil.rmtree(signed)
    (home / "later").rename(signed)
    assert sayso("sign", "ada", "--yes", "--at", HOUR.format(13), home=home).returncode == 0


def test_old_keys_that_were_put_back(home: Path) -> None:
    """After the keys were replaced, an older ``signed/`` is refused even with its own recovery key: it would fork the key log."""
    signed = home / "ada" / "signed"
    shutil.copytree(signed, home / "backup")
    rotate = ("key", "rotate", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    assert sayso(*rotate, "--at", HOUR.format(12), home=home).returncode == 0
    shutil.rmtree(signed)
    shutil.copytree(home / "backup", signed)
    before = tree(home)
    recover = ("key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-3.txt", "--yes")
    done = sayso(*recover, "--at", HOUR.format(13), home=home)
    assert (done.returncode, "sequence-reused" in done.stderr) == (1, True), done.stderr
    assert tree(home) == before


def test_recovering_needs_what_was_signed(home: Path) -> None:
    """With the key log alone, and versions signed before, nothing is recovered: the numbers would begin again."""
    for path in ("profile.jwt", "profile.json", "history.json", "history/1.jwt"):
        (home / "ada" / "signed" / path).unlink()
    recover = ("key", "recover", "ada", "--from-recovery", "paper.txt", "--recovery", "paper-2.txt", "--yes")
    done = sayso(*recover, "--at", HOUR.format(13), home=home)
    assert (done.returncode, "sequence-reused" in done.stderr, "sayso restore" in done.stderr) == (1, True, True)


def test_a_page_is_not_published(home: Path) -> None:
    """A recovery page that lies among the pages of the site is not published."""
    (home / "ada" / "docs" / "page.txt").write_text((home / "paper.txt").read_text())
    done = sayso("build", "ada", "--at", HOUR.format(12), home=home)
    assert (done.returncode, "private-key" in done.stderr) == (1, True)
    assert not (home / "ada" / "public").exists()


def test_what_was_shown_is_what_is_signed(home: Path) -> None:
    """Who edits the source while the question waits signs nothing by the answer, and loses nothing of the edit."""
    source = home / "ada" / "profile.yml"

    def edit_and_say_yes(_: str) -> str:
        source.write_text(source.read_text("utf-8") + "# one more thought\n", "utf-8")
        return "y"

    for command in (("sign", "ada"), ("revoke", "reading-tips", "ada")):
        code, shown = at_terminal(
            *command, "--at", HOUR.format(12), home=home,
            answers=[(r"Sign this\?", edit_and_say_yes), ("passphrase for", PASSPHRASE)],
        )  # fmt: skip
        assert (code, "signed-meanwhile" in shown) == (1, True), shown
    text = source.read_text("utf-8")
    assert text.endswith("# one more thought\n# one more thought\n")
    assert "id: reading-tips" in text
