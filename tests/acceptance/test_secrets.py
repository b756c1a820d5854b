"""A private key shows itself nowhere but in its own file, and a recovery key nowhere but on its own page."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

from sayso.trust.keyfile import PrivateKey
from sayso.trust.recovery import read_page, to_words
from support import BASE, PASSPHRASE, consumer, sayso


def forms(seed: bytes) -> list[bytes]:
    """Give a secret in every form in which it could be written down."""
    words = to_words(seed)
    texts = [
        seed.hex(),
        seed.hex().upper(),
        base64.b64encode(seed).decode().rstrip("="),
        base64.b32encode(seed).decode().rstrip("="),
    ]
    texts += [base64.urlsafe_b64encode(seed).decode().rstrip("="), repr(seed)[2:-1], str(list(seed))[1:-1]]
    texts += [" ".join(words[:4]), ",".join(words[:4]), "', '".join(words[:4])]
    # Inside a longer text of base64 the same bytes stand in one of three ways.
    texts += [base64.b64encode(bytes(shift) + seed).decode()[4:40] for shift in (1, 2)]
    return [seed, *(text.encode() for text in texts)]


def at(hour: int) -> tuple[str, str]:
    return ("--at", f"2026-11-21T{hour:02}:00:00Z")


def test_private_keys_show_themselves_nowhere(tmp_path: Path) -> None:
    """Through all commands, right and wrong, with tracebacks asked for: no output, file, folder for temporary files or site has a secret."""
    home = tmp_path / "home"
    home.mkdir()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    consumer(home, signed=False)
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(temporary)
    said: list[str] = []

    def run(*arguments: str, fails: bool = False) -> None:
        for form in ((), ("--format", "json")) if fails else ((),):
            done = sayso("-vv", *arguments, *form, home=home)
            assert (done.returncode != 0) == fails, done.stderr
            said.extend((done.stdout, done.stderr))

    try:
        run("key", "new", "ada", "--recovery", "one.txt", *at(9))
        run("sign", "ada", "--yes", *at(10))
        run("key", "show", "ada")
        run("key", "rotate", "ada", "--from-recovery", "one.txt", "--recovery", "two.txt", "--yes", *at(11))
        run("key", "recover", "ada", "--from-recovery", "two.txt", "--recovery", "three.txt", "--yes", *at(12))
        run("revoke", "northpeak.example", "ada", "--yes", *at(13))
        run("build", "ada", "--history", *at(13))
        run("history", "ada")
        run("key", "backup", "ada", "--to", "copy.key")
        # and whatever goes wrong
        run("key", "rotate", "ada", "--from-recovery", "one.txt", "--recovery", "x.txt", "--yes", *at(14), fails=True)
        (home / "bent.txt").write_text((home / "three.txt").read_text().replace("\n 5 ", "\n 6 "))
        page = (home / "three.txt").read_text()
        (home / "short.txt").write_text(page[: page.index("\n21 ")] + "\n")
        run(
            "key", "recover", "ada", "--from-recovery", "short.txt", "--recovery", "x.txt", "--yes", *at(14), fails=True
        )
        run(
            "key",
            "recover",
            "ada",
            "--from-recovery",
            "three.txt",
            "--recovery",
            "three.txt",
            "--yes",
            *at(14),
            fails=True,
        )
        run("key", "recover", "ada", "--from-recovery", "copy.key", "--recovery", "x.txt", "--yes", *at(14), fails=True)
        run("sign", "ada", "--yes", "--key", "three.txt", *at(14), fails=True)
        run("sign", "ada", "--yes", "--at", "2026-11-20", fails=True)
        run("verify", "--profile", "copy.key", "--keys", "copy.key", "--base", BASE, fails=True)
        run("check", "copy.key", fails=True)
    finally:
        os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)

    pages = [home / f"{name}.txt" for name in ("one", "two", "three")]
    key_files = sorted((home / ".config" / "sayso" / "keys").iterdir())
    assert len(key_files) == 3
    secrets = {path: read_page(path.read_text()) for path in pages}
    for path in key_files:
        private = PrivateKey.from_openssh(path.read_bytes(), PASSPHRASE.encode())
        secrets[path] = private._key.private_bytes_raw()
    own = {*pages, home / "bent.txt", home / "short.txt"}  # pages, and what this test made of them
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path not in own}
    assert len(files) > 30
    for name, secret in secrets.items():
        for form in forms(secret):
            assert not any(form in text.encode() for text in said), name
            assert [path for path, content in files.items() if form in content] == [], name
    assert [*temporary.iterdir()] == []


def test_what_is_looked_for_would_be_found(tmp_path: Path) -> None:
    """The forms that are looked for are those in which a key is written: an unencrypted key file has one, a page has the words."""
    seed = bytes(range(7, 39))
    assert any(form in PrivateKey(seed).to_openssh(b"").replace(b"\n", b"") for form in forms(seed))
    script = "import sys; sys.stdout.buffer.write(bytes(range(7, 39)))"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=tmp_path).stdout
    assert any(form in shown for form in forms(seed))
