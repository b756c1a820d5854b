"""Which files a site consists of: so that nothing else is ever taken away with it, and nothing of before stays behind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sayso.errors import PublishError
from sayso.trust.recovery import PAGE_TITLE

MANIFEST = "sayso/manifest.json"
_SECRETS = (b"PRIVATE KEY-----", PAGE_TITLE.encode())


def files_in(site: Path) -> list[str]:
    """Give the path of every file of a site, below its root, but that of the manifest."""
    paths = (path.relative_to(site).as_posix() for path in site.rglob("*") if not path.is_dir())
    return sorted(path for path in paths if path != MANIFEST)


def listed(site: Path) -> list[str]:
    """Give the files that the manifest of a site lists; none where there is no manifest."""
    try:
        files = json.loads((site / MANIFEST).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [path for path in files if isinstance(path, str)] if isinstance(files, list) else []


def purge(site: Path) -> None:
    """Take away what was built there before: MkDocs leaves files with a dot, and what was taken back must not stay."""
    for path in listed(site):
        place = site / path
        if ".." not in Path(path).parts and not Path(path).is_absolute() and not _through_a_link(site, path):
            place.unlink(missing_ok=True)


def finish(site: Path, contents: Mapping[str, bytes]) -> None:
    """Write the manifest of a site that was just built; ``contents`` is what must be in it, by path below its root.

    Raises PublishError for a file that is missing or changed, that is a link, or that would publish a private key.
    """
    for path, content in contents.items():
        if not (site / path).is_file() or (site / path).read_bytes() != content:
            raise PublishError(
                "file-changed",
                f"{path} was changed or dropped while the site was built",
                hint="see which plugin does so",
            )
    found = files_in(site)
    for path in found:
        if (site / path).is_symlink():
            raise _link(path)
        if any(mark in (site / path).read_bytes() for mark in _SECRETS):
            raise PublishError("private-key", f"{path} would publish a private key", hint="take it out of docs/")
    (site / MANIFEST).parent.mkdir(exist_ok=True)
    (site / MANIFEST).write_text(json.dumps({"files": found}, indent=1) + "\n", "utf-8")


def refuse_links(folder: Path, paths: Iterable[str]) -> None:
    """Raise PublishError for a path below a folder that is a link, or leads through one."""
    for path in paths:
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
