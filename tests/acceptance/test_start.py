"""The walks in the documentation go as it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from acceptance.test_readme import replay
from keyboard import Keyboard
from support import PASSPHRASE, ROOT, sayso

CONTENT = ROOT / "site" / "content"
HOME = "/home/ada"  # hers, on the page
PROMPT = r"^(address|name .*|languages .*|starting point|keys|host .*|new passphrase|the same again): ?(.*)$"
UNLIKE = (  # what is another each time
    (r"(?<![\w-])[\w-]{43}(?![\w-])", "DIGEST"),
    (r"\b(?:[0-9]{5} ){7}[0-9]{5}\b", "FINGERPRINT"),
    (r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T| )[0-9]{2}:[0-9]{2}(?::[0-9]{2})?", "INSTANT"),
    (r"\b[0-9]+ files\b", "FILES"),
)


def alike(session: str) -> str:
    """Give a session without what is another each time."""
    for pattern, word in UNLIKE:
        session = re.sub(pattern, word, session)
    return session


def blocks(page: str, languages: str) -> list[tuple[str, str]]:
    """Give the blocks of code on a page that are in one of some languages."""
    text = (CONTENT / page).read_text("utf-8")
    return re.findall(rf"^```({languages})\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder and an empty home, all that start.md shows is what somebody sees who does as it says, to the last line.

    The profile that the questions make is the one that it shows, but for its remarks.
    """
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith(("SAYSO_", "SSH_", "XDG_"))]:
        monkeypatch.delenv(name)
    [(_, interview)] = blocks("start.md", "text")
    command, _, told = interview.partition("\n")
    typed = [
        (rf"{re.escape(asked)}: $", PASSPHRASE if "again" in asked or "passphrase" in asked else answer)
        for asked, answer in re.findall(PROMPT, told, re.MULTILINE)
    ]
    code, shown = Keyboard(home).run(command.split()[2:], typed)
    assert code == 0, shown
    assert alike(shown.replace(str(home), HOME)) == alike(told)

    folder = home / "profile"
    [(_, source)] = blocks("start.md", "yaml")
    written = [line for line in (folder / "profile.yml").read_text("utf-8").splitlines() if line.strip()]
    assert [line for line in written if not line.strip().startswith("#")] == source.splitlines()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SAYSO_PASSPHRASE", PASSPHRASE)  # which the page says is asked for
    for _, text in blocks("start.md", "console"):
        went = replay(f"$ cd {folder}\n{text}").partition("\n")[2]
        assert alike(went.replace(str(home), HOME)) == alike(text)
    assert "offers.personalised" not in (folder / "profile.yml").read_text("utf-8")


def test_the_answer_in_python(tmp_path: Path) -> None:
    """The program that read.md gives to marketers answers from the files that a marketer has fetched, and refuses changed ones."""
    [(_, source)] = blocks("start.md", "yaml")
    code = blocks("read.md", "python")[0][1]
    (tmp_path / "profile").mkdir()
    (tmp_path / "profile" / "profile.yml").write_text(source.replace("ada.github.io", "ada.example"), "utf-8")
    for arguments in (("key", "new", "profile", "--recovery", "paper.txt"), ("sign", "profile", "--yes")):
        assert sayso(*arguments, home=tmp_path).returncode == 0
    shutil.copytree(tmp_path / "profile" / "signed", tmp_path / "ada")
    for profile, code_and_answer in (
        ((tmp_path / "ada" / "profile.jwt").read_bytes(), (0, "allow granted offers\n", "")),
        (b"<html>", (1, "", "no: step 2, not-three-segments\n")),
    ):
        (tmp_path / "ada" / "profile.jwt").write_bytes(profile)
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == code_and_answer
