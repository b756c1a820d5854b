"""Build: what is signed becomes a static site, whole or not at all."""

from __future__ import annotations

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
from sayso.errors import PublishError, SaysoError
from sayso.publish.folder import Signed, publication
from sayso.publish.manifest import MANIFEST, files_in, listed, refuse_links
from sayso.publish.mkdocs_plugin import SaysoPlugin
from sayso.publish.pages import Profile
from sayso.publish.shown import of_signed


def build(
    folder: Path,
    output: Path,
    at: int,
    *,
    history: bool = False,
    cname: bool = False,
    unlisted: bool = False,
    signed: Signed | None = None,
) -> Signed:
    """Build the site of a consumer's folder into ``output`` at an instant (seconds, UTC); gives what it publishes.

    ``signed`` is what the folder publishes, where somebody has read it already. With ``history`` the kept
    earlier versions are published too; with ``cname`` the file by which GitHub knows a domain; what is ``unlisted`` search engines
    are asked to leave out.
    A ``mkdocs.yml`` in the folder is used, otherwise a plain site is made of the pages and ``docs/``. The same signed
    version gives the same bytes. Raises NotSigned, with the lines, when ``profile.yml`` says something else than what is
    signed; InvalidProfile and SourceError for a source with errors; VerificationError when what is signed does not verify;
    PublishError when MkDocs refuses. Whatever is raised, ``output`` is as it was before.
    """
    refuse_to_overwrite(output, folder)
    signed = publication(folder, at) if signed is None else signed
    profile = of_signed(signed)
    with new_folder(output, lasting=False) as fresh, _build_date(signed.payload.iat):
        config, plugin = configuration(folder, fresh, profile)
        plugin.handed_over = profile.in_languages(plugin.config.languages)
        plugin.config.history |= history
        plugin.config.cname |= cname
        plugin.config.unlisted |= unlisted
        run(config)
    return signed


def run(config: MkDocsConfig, serve_url: str | None = None) -> None:
    """Let MkDocs build; raises what the plugin raised, and PublishError for what MkDocs refuses, in one line."""
    with _mkdocs_messages() as messages:
        try:
            mkdocs_build(config, serve_url=serve_url)
        except (MkDocsException, Abort) as error:
            cause: BaseException | None = error
            while cause is not None and not isinstance(cause, SaysoError):
                cause = cause.__cause__ or cause.__context__
            if cause is not None:
                raise cause from None
            reason = "; ".join(messages) or str(error)
            raise PublishError("mkdocs-failed", f"MkDocs could not build the site: {reason}") from error


def refuse_to_overwrite(output: Path, folder: Path) -> None:
    """Raise PublishError unless a site of our own making, with nothing added, would be replaced, and nothing it is made from."""
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
        foreign = sorted({*files_in(target)} - {*listed(target)})
        if foreign:
            raise _would_overwrite(f"{output} holds {foreign[0]}, which is no file of a site that sayso built")


def _would_overwrite(message: str) -> PublishError:
    return PublishError("would-overwrite", message, hint="choose a new or empty folder")


def configuration(folder: Path, site: Path, profile: Profile) -> tuple[MkDocsConfig, SaysoPlugin]:
    """Give the configuration of a folder's own ``mkdocs.yml``, or one that needs none, and the plugin in it.

    Raises PublishError where MkDocs refuses it, or it does not use the plugin.
    """
    own = folder / "mkdocs.yml"
    with _mkdocs_messages() as messages:
        try:
            given = load_config(str(own), site_dir=str(site.resolve())) if own.is_file() else None
        except (MkDocsException, Abort) as error:
            reason = "; ".join(messages) or str(error)
            raise PublishError("mkdocs-failed", f"MkDocs refuses {own}: {reason}") from None
    config = given or _plain(folder, site, profile)
    for plugin in config.plugins.values():
        if isinstance(plugin, SaysoPlugin):
            plugin.serving = False
            return config, plugin
    raise PublishError("plugin-missing", f"{own} does not use the sayso plugin", hint="add `sayso` under `plugins:`")


def _plain(folder: Path, site: Path, profile: Profile) -> MkDocsConfig:
    docs = folder / "docs"
    refuse_links([(folder, "docs")])
    if not docs.is_dir():
        docs = site.parent / "docs"
        docs.mkdir(exist_ok=True)
    settings: dict[str, Any] = {
        "site_name": profile.title,
        "site_url": profile.terms.sub,
        "docs_dir": str(docs.resolve()),
        "site_dir": str(site.resolve()),
        "theme": {"name": "sayso", "language": profile.languages[0]},
        "plugins": ["sayso"],
        "strict": True,
    }
    config = MkDocsConfig()
    config.load_dict(settings)
    errors, _ = config.validate()
    if errors:
        raise PublishError("mkdocs-failed", f"MkDocs refuses {errors[0][0]}: {errors[0][1]}")
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
