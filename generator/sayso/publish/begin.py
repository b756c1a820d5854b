"""Beginning a folder: several files that are not there yet, written all or not at all."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sayso.disk import is_folder, make_folder, read_file, write_new, write_over
from sayso.errors import DiskError, PublishError
from sayso.publish.source_file import SOURCE

_IGNORED = ("/public/", "/profile.yml.bak")  # what `sayso build` makes, and what `sayso edit` keeps


def refuse_begun(folder: Path) -> None:
    """Raise PublishError for a folder with a profile, DiskError where something else than a folder stands."""
    if os.path.lexists(folder) and not is_folder(folder):
        raise DiskError("disk", f"{folder} is not a folder", hint="name a folder, or one that is not there yet")
    if os.path.lexists(folder / SOURCE):
        raise PublishError(
            "has-profile",
            f"{folder / SOURCE} is there already",
            hint=f"to change it: sayso edit {shlex.quote(str(folder))}",
        )
    if os.path.lexists(folder / "signed" / "profile.jwt"):
        raise PublishError(
            "has-profile",
            f"{folder} holds a signed profile, and {SOURCE} is gone",
            hint=f"put {SOURCE} back, from where you keep copies, or begin in a new folder",
        )


def with_ignored(text: bytes | None) -> bytes:
    """Give a ``.gitignore`` that leaves out what need not be kept: what it has, and each line that there is none like."""
    before = text or b""
    lines = {line.strip().strip("/") for line in before.decode("utf-8", "replace").splitlines()}
    missing = [line for line in _IGNORED if line.strip("/") not in lines]
    gap = b"\n" if missing and before and not before.endswith(b"\n") else b""
    return before + gap + "".join(f"{line}\n" for line in missing).encode()


@contextmanager
def written(
    folder: Path, new: Mapping[Path, bytes], changed: Mapping[Path, bytes], *, stays: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Write files, and folders around them, until the block has ended well; else take all of it away again.

    ``new`` ones are not there yet; ``changed`` ones get another content. With ``stays``, told after a failure, they stay all
    the same. Raises DiskError where the disk refuses, PublishError where something is there by now.
    """
    made: list[Path] = []
    before: dict[Path, bytes] = {}
    written_new: list[Path] = []
    try:
        _make(folder, made)
        made += [folder / "signed"] if not os.path.lexists(folder / "signed") else []  # which the block may make
        for path, content in changed.items():
            before[path] = read_file(path)
            write_over(path, content)
        for path, content in new.items():
            _make(path.parent, made)
            try:
                write_new(path, content)
            except FileExistsError:
                raise PublishError(
                    "has-profile", f"{path} is there by now", hint="look at who else is at work"
                ) from None
            written_new.append(path)
        yield
    except BaseException:
        if not stays():
            for path in reversed(written_new):
                with suppress(OSError):
                    path.unlink()
            for path, content in before.items():
                with suppress(DiskError):
                    write_over(path, content)
            for path in reversed(made):
                with suppress(OSError):
                    path.rmdir()
        raise


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and those around it, and note which were not there."""
    missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    try:
        make_folder(folder, 0o777)
    except OSError as error:
        raise DiskError("disk", f"{folder} cannot be made: {error.strerror}") from None
    finally:
        made += [path for path in reversed(missing) if is_folder(path)]
