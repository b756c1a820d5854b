"""A branch that a host serves: a site becomes its next commit.

All is done in a repository of its own, in a temporary folder, which borrows the settings of the user's: remotes,
credentials, names. Work tree, index and branches of the user's repository are never touched. The commit is made by
ghp-import, as MkDocs does it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import FetchError, PublishError
from sayso.publish.target import Changes

_PATIENCE = 300  # seconds for one call of git
#: What points git at another repository than the one that is meant: set where sayso is run by a hook.
_ELSEWHERE = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as the remote has it; ``tip`` is its last commit, None where there is no such branch yet."""

    workshop: Path
    home: Path
    remote: str
    name: str
    tip: str | None
    may_ask: bool  # git, for a password

    def files(self) -> tuple[str, ...]:
        """Give the paths of the files in it."""
        return () if self.tip is None else self._tree(self.tip)

    def read(self, path: str) -> bytes | None:
        """Give the content of a file in it; None where there is none."""
        done = self._git("cat-file", "blob", f"{self.tip}:{path}") if self.tip else None
        return done.stdout if done is not None and done.returncode == 0 else None

    def commit(self, site: Path, message: str) -> Commit:
        """Make the next commit of a folder's files, whole, on this computer; raises PublishError."""
        named = self._git("config", "user.name").stdout.strip() and self._git("config", "user.email").stdout.strip()
        author = {} if named else {"GIT_COMMITTER_NAME": "sayso", "GIT_COMMITTER_EMAIL": "sayso@noreply.invalid"}
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-P", "-m", "ghp_import", "-r", self.remote, "-b", self.name, "-m", message, str(site)],
            cwd=self.home,
            env=author | _environment(self.workshop, may_ask=False),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        found = self._git("rev-parse", "--verify", f"refs/heads/{self.name}^{{commit}}")
        commit = found.stdout.decode().strip()
        files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
        if done.returncode != 0 or found.returncode != 0 or sorted(self._tree(commit)) != files:
            raise PublishError("branch-failed", f"git could not make a commit of the site: {_words(done.stderr)}")
        return Commit(self, commit, self._changes(commit))

    def _changes(self, commit: str) -> Changes:
        if self.tip is None:
            return Changes(tuple(sorted(self._tree(commit))), (), ())
        told = self._git("diff-tree", "-r", "-z", "--no-renames", "--name-status", self.tip, commit).stdout
        parts = told.decode("utf-8", "surrogateescape").split("\0")
        pairs = [*zip(parts[::2], parts[1::2], strict=False)]
        added, removed = (tuple(path for kind, path in pairs if kind == letter) for letter in "AD")
        return Changes(added, tuple(path for kind, path in pairs if kind not in ("A", "D")), removed)

    def _tree(self, commit: str) -> tuple[str, ...]:
        told = self._git("ls-tree", "-r", "-z", "--name-only", commit).stdout
        return tuple(path for path in told.decode("utf-8", "surrogateescape").split("\0") if path)

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return _git(*arguments, home=self.home, workshop=self.workshop, may_ask=self.may_ask)


@dataclass(frozen=True, slots=True)
class Commit:
    """The next commit of a branch, which nobody has seen yet, and what it changes."""

    branch: Branch
    name: str
    changes: Changes

    def push(self) -> None:
        """Push it, on top of what was looked at. Raises PublishError where the remote refuses it, FetchError where it cannot be reached."""
        branch = self.branch
        done = branch._git("push", "--porcelain", branch.remote, f"{self.name}:refs/heads/{branch.name}")
        if done.returncode == 0:
            return
        refused = [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line.startswith("!")]
        if refused:
            why = refused[0].split("\t")[-1]
            raise PublishError(
                "push-refused",
                f"{branch.remote} refuses the push to {branch.name}: {why}",
                hint="run it again if somebody pushed meanwhile; if the branch is protected, choose another one",
            )
        raise _unreachable(branch.remote, done.stderr)


@contextmanager
def open_branch(repository: Path, remote: str, name: str, *, may_ask: bool) -> Iterator[Branch]:
    """Look at a branch of the remote of the git repository around a folder, until the block ends.

    ``may_ask`` lets git ask somebody at the terminal for a password. Raises PublishError where there is no git, no
    repository, no such remote or no such name, FetchError where the remote cannot be reached.
    """
    home, common = find_repository(repository)
    _refuse_names(home, remote, name)
    with tempfile.TemporaryDirectory(prefix="sayso-branch-") as made:
        workshop = Path(made).resolve()
        form = _git("rev-parse", "--show-object-format", home=home).stdout.decode().strip() or "sha1"
        started = _git("init", "--quiet", "--bare", "--template=", f"--object-format={form}", str(workshop), home=home)
        if started.returncode != 0:
            raise PublishError("branch-failed", f"git could not begin: {_words(started.stderr)}")
        _borrow(workshop, common / "config")
        yield Branch(workshop, home, remote, name, _tip(workshop, home, remote, name, may_ask=may_ask), may_ask)


def find_repository(folder: Path) -> tuple[Path, Path]:
    """Give the top of the git repository around a folder, and where git keeps it; raises PublishError where there is none."""
    found = _git("rev-parse", "--path-format=absolute", "--git-common-dir", home=folder)
    if found.returncode != 0:
        raise PublishError(
            "no-repository",
            f"{folder} is in no git repository that could be used: {_words(found.stderr)}",
            hint="name the one to push from with --repository, or make one: git init",
        )
    common = Path(os.fsdecode(found.stdout.rstrip(b"\n")))
    top = _git("rev-parse", "--show-toplevel", home=folder)
    return (Path(os.fsdecode(top.stdout.rstrip(b"\n"))) if top.returncode == 0 else common), common


def _refuse_names(home: Path, remote: str, name: str) -> None:
    if (
        name.startswith(("-", "refs/"))
        or name in ("HEAD", "@")
        or _git("check-ref-format", f"refs/heads/{name}", home=home).returncode != 0
    ):
        raise PublishError("bad-branch", f"`{name}` cannot be the name of a branch", hint="the usual one is gh-pages")
    if remote.startswith("-") or _git("config", "--get", f"remote.{remote}.url", home=home).returncode != 0:
        raise PublishError(
            "no-remote",
            f"the git repository {home} has no remote {remote}",
            hint=f"add it: git remote add {remote} URL; or name another one with --remote",
        )


def _borrow(workshop: Path, settings: Path) -> None:
    """Let a repository have the settings of another one, except for those that say what kind it is."""
    own = workshop / "config"
    path = str(settings).replace("\\", "\\\\").replace('"', '\\"')
    own.write_text(f'[include]\n\tpath = "{path}"\n{own.read_text("utf-8")}', "utf-8")


def _tip(workshop: Path, home: Path, remote: str, name: str, *, may_ask: bool) -> str | None:
    """Fetch the last commit of a branch, and name it; None where the remote has no such branch."""
    listed = _git("ls-remote", remote, f"refs/heads/{name}", home=home, workshop=workshop, may_ask=may_ask)
    if listed.returncode != 0:
        raise _unreachable(remote, listed.stderr)
    if not listed.stdout.strip():
        return None
    here = f"refs/remotes/{remote}/{name}"
    fetch = ("fetch", "--quiet", "--no-tags", "--depth=1", "--no-recurse-submodules", remote)
    done = _git(*fetch, f"+refs/heads/{name}:{here}", home=home, workshop=workshop, may_ask=may_ask)
    if done.returncode != 0:
        raise _unreachable(remote, done.stderr)
    return _git("rev-parse", here, home=home, workshop=workshop).stdout.decode().strip()


def _git(
    *arguments: str, home: Path, workshop: Path | None = None, may_ask: bool = False
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - the names in it were looked at
            ["git", "-c", f"core.hooksPath={os.devnull}", *arguments],  # noqa: S607 - the user's git, wherever it is
            cwd=home,
            env=_environment(workshop, may_ask=may_ask),
            stdin=None if may_ask else subprocess.DEVNULL,
            start_new_session=not may_ask,  # else ssh asks at the terminal, whatever its input is
            timeout=_PATIENCE,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FetchError(
            "remote-unreachable",
            f"git {arguments[0]} took more than {_PATIENCE} seconds",
            hint="see whether it works by hand",
        ) from None
    except FileNotFoundError:
        raise PublishError("no-git", "there is no git on this computer", hint="install it, or use --to") from None


def _environment(workshop: Path | None, *, may_ask: bool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    kept |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "1" if may_ask else "0"}
    return kept if workshop is None else kept | {"GIT_DIR": str(workshop)}


def _unreachable(remote: str, told: bytes) -> FetchError:
    return FetchError(
        "remote-unreachable",
        f"git does not reach {remote}: {_words(told)}",
        hint="see whether `git fetch` works there",
    )


def _words(told: bytes) -> str:
    """Give what git says in one line: the first one that tells an error, else the last."""
    lines = [line.strip() for line in told.decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("fatal:", "error:"))]
    if errors:
        return errors[0]
    return lines[-1] if lines else "it does not say why"
