"""README is true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def replay(block: str) -> str:
    """Run the commands of a terminal session one after the other, and give the session as it went."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    folder, session = ROOT, ""
    for command in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE):
        session += f"$ {command}\n"
        if command.startswith("cd "):
            folder = folder / command.removeprefix("cd ")
            continue
        done = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        session += done.stdout
    return session


@pytest.mark.parametrize("block", blocks("console"))
def test_terminal_session(block: str) -> None:
    """The terminal session in README gives exactly what README prints."""
    assert replay(block) == block


def test_python_block(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python example prints what its comment says."""
    monkeypatch.chdir(ROOT)
    (code,) = blocks("python")
    exec(compile(code, str(README), "exec"), {})
    assert capsys.readouterr().out.strip() == code.strip().rpartition("# ")[2]


def test_exit_codes_are_those_of_the_code() -> None:
    """The table of exit codes in README names those that the command line uses."""
    from sayso import errors
    from sayso.cli import commands as cli
    from sayso.cli.output import PARTLY

    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README.read_text("utf-8"), re.MULTILINE)}
    used = {
        errors.SaysoError.exit_code,
        errors.FetchError.exit_code,
        errors.RequestError.exit_code,
        errors.DiskError.exit_code,
    }
    assert listed == {0, *used, PARTLY, cli.OUR_BUG, cli.INTERRUPTED}


def test_layout_exists() -> None:
    """Every folder that README names is there."""
    for folder in re.findall(r"^\| `([a-z_/]+)` \|", README.read_text("utf-8"), re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
