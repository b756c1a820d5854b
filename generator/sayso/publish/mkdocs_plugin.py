"""The MkDocs plugin: a thin adapter that puts the page and the machine files into a site.

All the work is done by the modules beside this one; nothing else knows MkDocs but ``site``, which runs it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, InclusionLevel

from sayso.errors import ProfileError, SaysoError
from sayso.publish.files import machine_files
from sayso.publish.folder import Signed, publication
from sayso.publish.page import render, title

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


class SaysoConfig(Config):  # type: ignore[no-untyped-call]  # of MkDocs' __init_subclass__
    """The plugin's settings in ``mkdocs.yml``."""

    folder = config_options.Type(str, default=".")
    page = config_options.Type(str, default="index.md")
    history = config_options.Type(bool, default=False)


class SaysoPlugin(BasePlugin[SaysoConfig]):  # type: ignore[no-untyped-call]  # as above
    """Adds the profile in ``folder`` to the site: its page at ``page``, its machine files where readers look for them."""

    signed: Signed | None = None

    def on_config(self, config: MkDocsConfig) -> None:
        """Read and verify what is published, unless it was handed over; watch the source while previewing."""
        folder = Path(config.config_file_path or ".").parent / self.config.folder
        if self.signed is None:
            try:
                self.signed = publication(folder, int(time.time()))
            except SaysoError as error:
                problems = error.problems if isinstance(error, ProfileError) else ()
                lines = [f"line {problem.line}: {problem.code} {problem.message}" for problem in problems]
                raise PluginError("\n".join([error.message, *lines, *([error.hint] if error.hint else [])])) from error
        if config.site_url and config.site_url.rstrip("/") != self.signed.payload.sub.rstrip("/"):
            raise PluginError(f"site_url is {config.site_url}, but the profile is for {self.signed.payload.sub}")
        config.watch.extend(str(folder / name) for name in ("profile.yml", "signed"))

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the page, empty as yet, and the machine files; dot files too, which MkDocs would drop without a word."""
        docs = Path(config.docs_dir)
        for file in files:
            if file.src_dir == config.docs_dir and _through_a_link(docs, file.src_uri):
                raise PluginError(
                    f"{file.src_uri} is a link, and might publish what it points to: put the file itself there"
                )
        contents: dict[str, bytes] = {
            **machine_files(self._publication, history=self.config.history),
            self.config.page: b"",
        }
        for path, content in contents.items():
            if files.get_file_from_path(path) is not None:
                raise PluginError(f"{path} is made from your profile: give your own file another name")
            files.append(File.generated(config, path, content=content, inclusion=InclusionLevel.INCLUDED))
        return files

    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002 - MkDocs calls it so
        """Put the rendered page where MkDocs would have put rendered Markdown."""
        if page.file.src_uri != self.config.page:
            return html
        page.title = title(self._publication.payload)
        return render(self._publication)

    @property
    def _publication(self) -> Signed:
        if self.signed is None:
            raise PluginError("the sayso plugin was not configured")
        return self.signed


def _through_a_link(root: Path, path: str) -> bool:
    """Tell whether a file below a folder, or a folder between the two, is a link."""
    place = root / path
    return any(part.is_symlink() for part in (place, *place.parents) if part != root and part.is_relative_to(root))
