"""What is done with a disk: read a file that somebody named, write a new one, replace a folder whole, keep others out."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sayso.errors import DiskError, FetchError

UNFINISHED = ".sayso-"  # what the name of a file that is being written begins with
MAX_READ = 64 * 1024 * 1024  # bytes: more than anything here may have


def read_file(path: Path) -> bytes:
    """Read a file that somebody named; raises FetchError where it cannot be read, or has no end."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_READ + 1)
    except FileNotFoundError:
        raise FetchError("file-not-found", f"there is no file {path}") from None
    except OSError as error:
        raise FetchError("file-unreadable", f"{path} cannot be read: {error.strerror}") from None
    if len(data) > MAX_READ:
        raise FetchError("file-unreadable", f"{path} has more than {MAX_READ} bytes")
    return data


def is_folder(path: Path) -> bool:
    """Tell whether a path that somebody named is a folder; one that cannot be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def write_new(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet, and see it on the disk; raises FileExistsError, or DiskError for the rest.

    A file that could not be written whole is taken away again; where the disk has links, it is never there in part.
    """
    try:
        make_folder(path.parent, 0o700 if mode == 0o600 else 0o777)
        if os.path.lexists(path):
            raise FileExistsError
        fresh = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _name(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync_if_possible(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise _failed(path, error) from error


def _name(fresh: Path, path: Path) -> None:
    """Give a file its name, if nothing has it; raises FileExistsError."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a stick may have no links: then its name is taken first
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            fresh.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def make_folder(path: Path, mode: int) -> None:
    """Make a folder and those around it that are not there, each with a mode, whatever the umask permits; raises OSError."""
    if not path.is_dir():
        if path.parent != path:
            make_folder(path.parent, mode)
        try:
            path.mkdir(mode=mode)
        except FileExistsError:
            if not path.is_dir():  # somebody else may have made it
                raise NotADirectoryError(errno.ENOTDIR, "something else is in the way", str(path)) from None


def write_over(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file as ``whole_file`` does."""
    with whole_file(path, mode) as fresh:
        fresh.write_bytes(data)


@contextmanager
def whole_file(path: Path, mode: int = 0o600) -> Iterator[Path]:
    """Give a path to write at, in a folder beside; when the block ends well the file takes its place, else nothing changes.

    The mode is that of the file that was there, else the one given. A link is followed. Raises DiskError where the disk refuses,
    or something else than a file stands there.
    """
    workshop = None
    try:
        target = Path(os.path.realpath(path))
        if os.path.lexists(target) and not target.is_file():  # a link that leads back to itself is none either
            raise DiskError("disk", f"{path} is not a file that could be replaced", hint="name a file")
        workshop = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=target.parent))
        fresh = workshop / "fresh"
        yield fresh
        fresh.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else mode)
        _sync(fresh)
        fresh.replace(target)
        _sync_if_possible(target.parent)
    except OSError as error:
        raise _failed(path, error) from error
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)


@contextmanager
def new_folder(target: Path, *, lasting: bool = True) -> Iterator[Path]:
    """Give an empty folder to fill beside ``target``; when the block ends well it takes its place, else nothing changes.

    What can be made again need not be ``lasting``: then nobody waits until it is on the disk. A link is followed: what it
    points to is replaced. Where the system can exchange two folders, there is no moment without one. Raises DiskError where
    the disk refuses.
    """
    target = target.resolve()
    workshop = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        fresh = workshop / "new"
        fresh.mkdir()
        yield fresh
        if lasting:
            _to_disk(fresh)
        _put(fresh, target, workshop / "old")
    except OSError as error:
        raise _failed(target, error) from error
    finally:
        # What was there before is only thrown away once something stands in its place.
        if workshop is not None and (target.exists() or not (workshop / "old").exists()):
            shutil.rmtree(workshop, ignore_errors=True)


def tidy_after_kill(target: Path) -> None:
    """Clear away what ``new_folder`` left beside ``target`` when it was killed; nobody else may be at work on it.

    Where the system cannot exchange two folders, the old one may have to be put back.
    """
    try:
        _tidy(target.resolve())
    except OSError as error:
        raise _failed(target, error) from None


def _tidy(target: Path) -> None:
    ours = re.compile(rf"\.{re.escape(target.name)}-[a-z0-9_]{{8}}")  # as `mkdtemp` names it
    for workshop in target.parent.iterdir():
        if not (ours.fullmatch(workshop.name) and workshop.is_dir() and not workshop.is_symlink()):
            continue
        if not {path.name for path in workshop.iterdir()} <= {"new", "old"}:
            continue
        if not target.exists() and (workshop / "old").exists():
            (workshop / "old").rename(target)
        shutil.rmtree(workshop, ignore_errors=True)


@contextmanager
def only_one(folder: Path) -> Iterator[bool]:
    """Keep every other process out of a folder until the block ends, and tell whether that can be done there.

    Windows, and some network disks, have no such lock. Raises DiskError at once where another process is in it.
    """
    try:
        import fcntl
    except ImportError:
        yield False
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise _failed(folder, error) from None
    alone = True
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DiskError("folder-busy", f"another sayso is at work in {folder}", hint="wait for it to end") from None
        except OSError:
            alone = False
        yield alone
    finally:
        os.close(descriptor)


def _put(fresh: Path, target: Path, old: Path) -> None:
    if not target.exists():
        fresh.rename(target)
    elif not _exchange(fresh, target):
        target.rename(old)
        try:
            fresh.rename(target)
        except BaseException:
            old.rename(target)
            raise
    _sync_if_possible(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system has a way: Linux has renameat2, macOS renamex_np."""
    if os.name != "posix":
        return False
    import ctypes

    system, here, exchange = ctypes.CDLL(None), -100, 2
    if hasattr(system, "renameat2"):
        return bool(system.renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
    if hasattr(system, "renamex_np"):
        return bool(system.renamex_np(os.fsencode(one), os.fsencode(other), exchange) == 0)
    return False


def _to_disk(folder: Path) -> None:
    """See files and folders on the disk before anything is done that relies on them."""
    for path in (*folder.rglob("*"), folder):
        if path.is_file() or path.is_dir():
            _sync(path)


def _sync_if_possible(folder: Path) -> None:
    """See a folder on the disk after something in it took its place: that is done, and no failure undoes it."""
    with suppress(OSError):
        _sync(folder)


def _sync(path: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failed(path: Path, error: OSError) -> DiskError:
    reason = error.strerror or str(error)
    if isinstance(error, shutil.Error):  # of several files: a list of source, target, and text
        reason = str(error.args[0][0][2])
    return DiskError("disk", f"{path} cannot be written: {reason}")
