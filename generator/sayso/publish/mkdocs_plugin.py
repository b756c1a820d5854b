"""The MkDocs plugin: a thin adapter that puts the pages and the files of a profile into a site.

All the work is done by the modules beside this one; nothing else knows MkDocs but ``site`` and ``preview``, which run it.
ProperDocs loads it too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from markupsafe import escape
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import get_relative_url

from sayso.errors import ProfileError, SaysoError
from sayso.publish.content import Content
from sayso.publish.files import FOR_THE_HOST
from sayso.publish.kept import compiled_templates
from sayso.publish.manifest import finish, purge, through_a_link
from sayso.publish.pages import Profile
from sayso.publish.shown import published, published_or_draft
from sayso.texts import LANGUAGES, RIGHT_TO_LEFT, catalogue, known

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


class SaysoConfig(Config):  # type: ignore[no-untyped-call]  # of MkDocs' __init_subclass__
    """The plugin's settings in ``mkdocs.yml``."""

    folder = config_options.Type(str, default=".")
    page = config_options.Optional(config_options.Type(str))
    languages = config_options.ListOfItems(config_options.Choice(tuple(LANGUAGES)), default=[])
    history = config_options.Type(bool, default=False)
    cname = config_options.Type(bool, default=False)


class SaysoPlugin(BasePlugin[SaysoConfig]):  # type: ignore[no-untyped-call]  # as above
    """Adds the profile in ``folder`` to the site: its pages at ``page``, its files where readers look for them."""

    handed_over: Profile | None = None  # by whoever has read it already
    serving = False
    _content: Content
    _files: Mapping[str, bytes]

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG002 - MkDocs calls it so
        """Learn whether somebody only looks on: then what is not signed is shown too, as a preview."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> None:
        """Read and verify what is published, unless it was handed over; watch the source while previewing."""
        folder = Path(config.config_file_path or ".").parent / self.config.folder
        read = published_or_draft if self.serving else published
        with _as_plugin_error():
            profile = self.handed_over or read(folder, _now(), self.config.languages)
            prefix = self._prefix(config.site_url, profile.terms.sub)
            self._content = Content(
                profile,
                prefix,
                self.config.page or f"{prefix}index.md",
                own_theme=config.theme.name == "sayso",
                history=self.config.history,
                cname=self.config.cname,
            )
        config.watch.extend(str(folder / name) for name in ("profile.yml", "signed") if (folder / name).exists())

    def on_pre_build(self, config: MkDocsConfig) -> None:
        """Take away what was built before."""
        purge(Path(config.site_dir))

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the pages, empty as yet, and the files; dot files too, which MkDocs would drop without a word."""
        for file in files:
            if file.src_dir == config.docs_dir and through_a_link(Path(config.docs_dir), file.src_uri):
                raise PluginError(
                    f"{file.src_uri} is a link, and might publish what it points to: put the file itself there"
                )
        with _as_plugin_error():
            pages, made = self._content.pages, self._content.files
        own = {path for path in FOR_THE_HOST if files.get_file_from_path(path)}  # who writes one knows why
        contents = self._files = {path: data for path, data in made.items() if path not in own}
        first = next(iter(pages))
        for path, content in (*((path, b"") for path in pages), *contents.items()):
            if files.get_file_from_path(path) is not None:
                raise PluginError(f"{path} is made from your profile: give your own file another name")
            hidden = path in pages and path != first  # from the menu: the pages lead to each other
            inclusion = InclusionLevel.NOT_IN_NAV if hidden else InclusionLevel.INCLUDED
            files.append(File.generated(config, path, content=content, inclusion=inclusion))
        return files

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 - as above
        """Let the theme's templates be compiled once."""
        env.bytecode_cache = compiled_templates()

    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002 - as above
        """Put a rendered page where MkDocs would have put rendered Markdown."""
        own = self._content.pages.get(page.file.src_uri)
        if own is None:
            return html
        around = (lambda path: _url(files, path), lambda url: get_relative_url(url, page.file.url))
        if "title" not in vars(page) or self._content.profile.state != "live":  # the menu may have a name for it
            page.title = escape(self._content.title(own))  # themes do not escape titles
        page.meta["sayso"] = {"language": own.words.language, "head": self._content.head(own, *around)}
        return self._content.body(own, *around)

    def on_page_context(self, context: Any, page: Page, config: MkDocsConfig, nav: Any) -> Any:  # noqa: ARG002 - as above
        """Give our theme the language of the page, and its texts."""
        return context.update(self._language(config, page.meta.get("sayso", {}).get("language"))) or context

    def on_template_context(self, context: Any, template_name: str, config: MkDocsConfig) -> Any:  # noqa: ARG002 - as above
        """Do the same for the page that says that there is none."""
        return context.update(self._language(config, None)) or context

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002 - as above
        """Put what a page needs into the head that a theme of somebody else's made."""
        own = page.meta.get("sayso")
        return (
            output if own is None or self._content.own_theme else output.replace("</head>", f"{own['head']}</head>", 1)
        )

    @event_priority(-100)
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Compare the site with what was to be in it, and note which files it has."""
        if self.serving:
            return
        with _as_plugin_error():
            finish(Path(config.site_dir), self._files)

    def _language(self, config: MkDocsConfig, language: str | None) -> dict[str, Any]:
        default = config.theme.get("language") or config.theme.locale.language
        tag = language or (*known([default]), "en")[0]
        texts = catalogue(tag)
        return {
            "language": language or default,
            "direction": "rtl" if tag in RIGHT_TO_LEFT else "ltr",
            "serving": self.serving,
            "gettext": texts.gettext,
        }

    def _prefix(self, site_url: str | None, sub: str) -> str:
        """Tell where the base URL lies below the root of the site; while serving, the site is on this machine."""
        root, base = urlsplit(site_url or sub), urlsplit(sub)
        path = root.path if root.path.endswith("/") else f"{root.path}/"
        if (not self.serving and (root.scheme, root.netloc) != base[:2]) or not base.path.startswith(path):
            raise PluginError(f"site_url is {site_url}, but the profile is for {sub}")
        return base.path.removeprefix(path)


def _now() -> int:
    """Give the clock or, for a build that is to be the same on every day, the instant that the environment sets for it."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _url(files: Files, path: str) -> str:
    file = files.get_file_from_path(path)
    if file is None:
        raise PluginError(f"another plugin took {path} away")
    return file.url


@contextmanager
def _as_plugin_error() -> Iterator[None]:
    """Let MkDocs say what we have to say."""
    try:
        yield
    except SaysoError as error:
        problems = error.problems if isinstance(error, ProfileError) else ()
        lines = [f"line {problem.line}: {problem.code} {problem.message}" for problem in problems]
        raise PluginError("\n".join([error.message, *lines, *([error.hint] if error.hint else [])])) from error
