"""Build: what is signed becomes a static site, whole or not at all."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from sayso.disk import new_folder
from sayso.errors import PublishError
from sayso.publish.folder import Signed, publication
from sayso.publish.mkdocs_plugin import SaysoPlugin
from sayso.publish.page import title
from sayso.trust.recovery import PAGE_TITLE

#: Which files a site consists of, so that nothing else is ever taken away with it.
MANIFEST = "sayso/manifest.json"


def build(folder: Path, output: Path, at: int, *, history: bool = False) -> Signed:
    """Build the site of a consumer's folder into ``output`` at an instant (seconds, UTC); gives what it publishes.

    With ``history`` the kept earlier versions are published too.
    A ``mkdocs.yml`` in the folder is used, otherwise a plain site is made of the page and ``docs/``. The same signed
    version gives the same bytes. Raises NotSigned, with the lines, when ``profile.yml`` says something else than what is
    signed; InvalidProfile and SourceError for a source with errors; VerificationError when what is signed does not verify;
    PublishError when MkDocs refuses. Whatever is raised, ``output`` is as it was before.
    """
    signed = publication(folder, at)
    _refuse_to_overwrite(output, folder)
    with new_folder(output) as fresh, _build_date(signed.payload.iat), _mkdocs_messages() as messages:
        try:
            mkdocs_build(_config(folder, fresh, signed, history=history))
        except (MkDocsException, Abort) as error:
            reason = "; ".join(messages) or str(error)
            raise PublishError("mkdocs-failed", f"MkDocs could not build the site: {reason}") from error
        if not (fresh / "sayso" / "profile.jwt").is_file():
            raise PublishError(
                "plugin-missing",
                f"{folder / 'mkdocs.yml'} does not use the sayso plugin",
                hint="add `sayso` under `plugins:`",
            )
        _refuse_private_keys(fresh)
        (fresh / MANIFEST).write_text(json.dumps({"files": files_in(fresh)}, indent=1) + "\n")
    return signed


def files_in(site: Path) -> list[str]:
    """Give the path of every file of a site, below its root, but that of the manifest."""
    paths = (path.relative_to(site).as_posix() for path in site.rglob("*") if not path.is_dir())
    return sorted(path for path in paths if path != MANIFEST)


def _refuse_to_overwrite(output: Path, folder: Path) -> None:
    """Only a site of our own making, with nothing added, may be replaced, and never what it is made from."""
    target, home = output.resolve(), folder.resolve()
    made_from = [home / name for name in ("docs", "signed")]
    if home.is_relative_to(target) or any(target.is_relative_to(place) for place in made_from):
        raise _would_overwrite(f"{output} is part of what the site is made from")
    around = next((place for place in target.parents if (place / MANIFEST).exists()), None)
    if around is not None:
        raise _would_overwrite(f"{output} lies in {around}, which is a site itself")
    if target.exists():
        if not target.is_dir():
            raise _would_overwrite(f"{output} is a file")
        try:
            known = json.loads((target / MANIFEST).read_text("utf-8"))["files"]
        except (OSError, ValueError, KeyError, TypeError):
            known = []
        foreign = sorted({*files_in(target)} - {*known})
        if foreign:
            raise _would_overwrite(f"{output} holds {foreign[0]}, which is no file of a site that sayso built")


def _would_overwrite(message: str) -> PublishError:
    return PublishError("would-overwrite", message, hint="choose a new or empty folder with --output")


_SECRETS = (b"PRIVATE KEY-----", PAGE_TITLE.encode())


def _refuse_private_keys(site: Path) -> None:
    for path in site.rglob("*"):
        if path.is_file() and any(mark in path.read_bytes() for mark in _SECRETS):
            raise PublishError(
                "private-key", f"{path.relative_to(site)} would publish a private key", hint="take it out of docs/"
            )


def _config(folder: Path, fresh: Path, signed: Signed, *, history: bool) -> MkDocsConfig:
    own = folder / "mkdocs.yml"
    if own.is_file():
        config = load_config(str(own), site_dir=str(fresh.resolve()))
    else:
        docs = folder / "docs"
        if not docs.is_dir():
            docs = fresh.parent / "docs"
            docs.mkdir()
        settings: dict[str, Any] = {
            "site_name": title(signed.payload),
            "site_url": signed.payload.sub,
            "docs_dir": str(docs.resolve()),
            "site_dir": str(fresh.resolve()),
            "theme": {"name": "sayso"},
            "plugins": ["sayso"],
            "strict": True,
        }
        config = MkDocsConfig()
        config.load_dict(settings)
        errors, _ = config.validate()
        if errors:
            raise PublishError("mkdocs-failed", f"MkDocs refuses {errors[0][0]}: {errors[0][1]}")
    for plugin in config.plugins.values():
        if isinstance(plugin, SaysoPlugin):
            plugin.signed = signed
            plugin.config.history |= history
    return config


@contextmanager
def _build_date(instant: int) -> Iterator[None]:
    """Let MkDocs take the day of signing for that of building, so that one signed version makes one site."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(instant)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@contextmanager
def _mkdocs_messages() -> Iterator[list[str]]:
    """Collect what MkDocs warns of, to say it in one line if the build fails."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
