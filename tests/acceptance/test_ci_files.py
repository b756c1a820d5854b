"""What other people's CI takes from here is what their tools expect, and does what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import CONSUMERS, ROOT

BIN = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a git repository with a good profile, a bad one, and a bad file that is none."""
    folder = tmp_path / "repository"
    for name in ("good", "bad"):
        (folder / name).mkdir(parents=True)
        shutil.copy(CONSUMERS / "minimal" / "profile.yml", folder / name)
    bad = folder / "bad" / "profile.yml"
    bad.write_text(bad.read_text("utf-8").replace("signals:", "signal:"), "utf-8")
    (folder / "other.yml").write_text("signal: none\n")
    assert run("git", "init", "-q", cwd=folder).returncode == 0
    assert run("git", "add", ".", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("github-actions", "action.yml"),
        ("github-workflows", "examples/ci/github.yml"),
        ("gitlab-ci", "examples/ci/gitlab.yml"),
    ],
)
def test_the_forms_are_right(schema: str, file: str) -> None:
    """Action, workflow and pipeline have the form that GitHub and GitLab describe."""
    done = run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", file, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_the_hook(repository: Path) -> None:
    """pre-commit takes our manifest, and its hook checks the profiles of a repository and nothing else."""
    assert run("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml", cwd=repository).returncode == 0
    assert run("pre-commit", "validate-config", ROOT / "examples/ci/pre-commit.yml", cwd=repository).returncode == 0
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    hook |= {"language": "system"}  # what is installed here stands for what pre-commit would install
    config = {
        "repos": [{"repo": "local", "hooks": [{key: hook[key] for key in hook if key != "minimum_pre_commit_version"}]}]
    }
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    done = run("pre-commit", "run", "--all-files", cwd=repository, PRE_COMMIT_HOME=str(repository.parent / "cache"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "bad/profile.yml:" in done.stdout
    assert "unknown-member" in done.stdout
    assert "2 profiles" in done.stdout
    shutil.copy(repository / "good" / "profile.yml", repository / "bad" / "profile.yml")
    done = run("pre-commit", "run", "--all-files", cwd=repository, PRE_COMMIT_HOME=str(repository.parent / "cache"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("paths", "strict", "exit_code", "said"),
    [
        ("good\n", "false", 0, []),
        ("good\nbad", "false", 1, ["::error file=bad/profile.yml,"]),
        ("*/profile.yml\n\n", "true", 1, ["::error file=bad/profile.yml,"]),
        ("$(touch hacked); `touch hacked`", "false", 3, ["::error file=$(touch hacked); `touch hacked`,"]),
        ("--help", "false", 3, ["::error file=--help,"]),
    ],
)
def test_the_action(paths: str, strict: str, exit_code: int, said: list[str], repository: Path) -> None:
    """The action's check says what is wrong as annotations, and takes its input for nothing but paths."""
    steps: list[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    (repository.parent / "sayso").symlink_to(BIN.parent)  # what the first step would install
    done = run(
        "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps[1]["run"],
        cwd=repository, RUNNER_TEMP=str(repository.parent), SAYSO_PATHS=paths, SAYSO_STRICT=strict,
    )  # fmt: skip
    assert done.returncode == exit_code, done.stderr
    assert len(done.stdout.splitlines()) == len(said)
    assert all(text in done.stdout for text in said)
    assert not (repository / "hacked").exists()
    assert "${{" not in "".join(step["run"] for step in steps)
