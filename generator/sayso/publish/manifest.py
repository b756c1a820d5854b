"""Which files a site consists of: so that nothing else is ever taken away with it, and nothing of before stays behind."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from sayso.errors import PublishError
from sayso.trust.recovery import PAGE_TITLE

MANIFEST = "sayso/manifest.json"
_SECRETS = (b"PRIVATE KEY-----", PAGE_TITLE.encode())
_PRIVATE_JWK = re.compile(rb"""["']d["']\s*:\s*["'][A-Za-z0-9_-]{43}["']""")


def files_in(site: Path) -> list[str]:
    """Give the path of every file of a site, below its root, but that of the manifest."""
    paths = (path.relative_to(site).as_posix() for path in site.rglob("*") if not path.is_dir())
    return sorted(path for path in paths if path != MANIFEST)


def listed(site: Path) -> list[str]:
    """Give the files that the manifest of a site lists; none where there is no manifest."""
    try:
        files = json.loads((site / MANIFEST).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    return [path for path in files if isinstance(path, str)] if isinstance(files, list) else []


def purge(site: Path) -> None:
    """Take away what was built there before: MkDocs leaves files with a dot, and what was taken back must not stay."""
    for path in listed(site):
        inside = ".." not in Path(path).parts and not Path(path).is_absolute()
        if inside and not _through_a_link(site, path) and (site / path).is_file():
            (site / path).unlink()


def finish(site: Path, contents: Mapping[str, bytes], before: Collection[str]) -> None:
    """Write the manifest of a site that was just built; ``contents`` is what must be in it, by path below its root.

    Files with a dot that were there ``before``, a repository of git perhaps, are none of it: MkDocs takes all others away.
    Raises PublishError for a file that is missing or changed, that is a link, or that would publish a private key.
    """
    for path, content in contents.items():
        if not (site / path).is_file() or (site / path).read_bytes() != content:
            raise PublishError(
                "file-changed",
                f"{path} was changed or dropped while the site was built",
                hint="see which plugin does so",
            )
    found = [path for path in files_in(site) if path in contents or path not in before or not _hidden(path)]
    for path in found:
        if (site / path).is_symlink():
            raise _link(path)
        if _holds_a_secret((site / path).read_bytes()):
            raise PublishError("private-key", f"{path} would publish a private key", hint="take it out of docs/")
    (site / MANIFEST).parent.mkdir(exist_ok=True)
    (site / MANIFEST).write_text(json.dumps({"files": found}, indent=1) + "\n", "utf-8")


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in Path(path).parts)


def _holds_a_secret(data: bytes) -> bool:
    """Tell whether a private key is in a file: as PEM, in UTF-16 or between tags too, or as a JWK."""
    plain = re.sub(rb"<[^<>]*>|\0", b"", data)
    return any(mark in plain for mark in _SECRETS) or _PRIVATE_JWK.search(plain) is not None


def refuse_links(places: Iterable[tuple[Path, str]]) -> None:
    """Raise PublishError for a path below a folder that is a link, or leads through one."""
    for folder, path in places:
        if _through_a_link(folder, path):
            raise _link(path)


def _link(path: str) -> PublishError:
    return PublishError(
        "link-in-site", f"{path} is a link, and might publish what it points to", hint="put the file itself there"
    )


def _through_a_link(root: Path, path: str) -> bool:
    """Tell whether a file below a folder, or a folder between the two, is a link."""
    place = root / path
    return any(part.is_symlink() for part in (place, *place.parents) if part != root and part.is_relative_to(root))
