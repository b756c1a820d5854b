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

from markupsafe import escape
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import get_relative_url

from sayso.errors import ProfileError, PublishError, SaysoError
from sayso.publish.cache import compiled_templates
from sayso.publish.content import Content, around_a_page, prefix_below
from sayso.publish.files import FOR_THE_HOST
from sayso.publish.manifest import files_in, finish, purge, refuse_links
from sayso.publish.pages import Profile
from sayso.publish.shown import published, published_or_draft
from sayso.texts import LANGUAGES

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


@contextmanager
def _as_plugin_error() -> Iterator[None]:
    """Let MkDocs say what we have to say."""
    try:
        yield
    except SaysoError as error:
        problems = error.problems if isinstance(error, ProfileError) else ()
        lines = [f"line {problem.line}: {problem.code} {problem.message}" for problem in problems]
        told = [f"{error.code}: {error.message}", *lines, *([f"hint: {error.hint}"] if error.hint else [])]
        raise PluginError("\n".join(told)) from error


class SaysoConfig(Config):  # type: ignore[no-untyped-call]  # of MkDocs' __init_subclass__
    """The plugin's settings in ``mkdocs.yml``."""

    folder = config_options.Type(str, default=".")
    page = config_options.Optional(config_options.Type(str))
    languages = config_options.ListOfItems(config_options.Choice(tuple(LANGUAGES)), default=[])
    history = config_options.Type(bool, default=False)
    cname = config_options.Type(bool, default=False)
    unlisted = config_options.Type(bool, default=False)


class SaysoPlugin(BasePlugin[SaysoConfig]):  # type: ignore[no-untyped-call]  # as above
    """Adds the profile in ``folder`` to the site: its pages at ``page``, its files where readers look for them."""

    handed_over: Profile | None = None  # by whoever has read it already
    serving = False
    _content: Content
    _files: Mapping[str, bytes]
    _before: list[str]

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG002 - MkDocs calls it so
        """Learn whether somebody only looks on: then what is not signed is shown too, as a preview."""
        self.serving = command == "serve"

    @_as_plugin_error()
    def on_config(self, config: MkDocsConfig) -> None:
        """Read and verify what is published, unless it was handed over; watch the source while previewing."""
        folder = Path(config.config_file_path or ".").parent / self.config.folder
        read = published_or_draft if self.serving else published
        profile = self.handed_over or read(folder, _now()).in_languages(self.config.languages)
        prefix = prefix_below(config.site_url, profile.terms.sub, anywhere=self.serving)
        self._content = Content(
            profile,
            prefix,
            self.config.page or f"{prefix}index.md",
            own_theme=config.theme.name == "sayso",
            history=self.config.history,
            cname=self.config.cname,
            unlisted=self.config.unlisted,
        )
        config.watch.extend(str(path) for path in (folder / "profile.yml", folder / "signed") if path.exists())

    def on_pre_build(self, config: MkDocsConfig) -> None:
        """Take away what was built before."""
        purge(Path(config.site_dir))
        self._before = files_in(Path(config.site_dir))

    @_as_plugin_error()
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the pages, empty as yet, and the files; dot files too, which MkDocs would drop without a word."""
        refuse_links((Path(file.src_dir), file.src_uri) for file in files if file.src_dir)
        refuse_links([(Path(config.docs_dir).parent, Path(config.docs_dir).name)])
        own = {path for path in FOR_THE_HOST if files.get_file_from_path(path)}  # who writes one knows why
        pages = self._content.pages
        self._files = {path: data for path, data in self._content.files.items() if path not in own}
        first = next(iter(pages))
        for path, content in (*((path, b"") for path in pages), *self._files.items()):
            if files.get_file_from_path(path) is not None:
                raise PublishError(
                    "name-taken",
                    f"{path} is made from your profile",
                    hint="give your own file another name, or choose another `page`",
                )
            hidden = path in pages and path != first  # from the menu: the pages lead to each other
            inclusion = InclusionLevel.NOT_IN_NAV if hidden else InclusionLevel.INCLUDED
            files.append(File.generated(config, path, content=content, inclusion=inclusion))
        return files

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 - as above
        """Let the templates of our theme be compiled once."""
        if self._content.own_theme:
            env.bytecode_cache = compiled_templates()

    @_as_plugin_error()
    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002 - as above
        """Put a rendered page where MkDocs would have put rendered Markdown."""
        own = self._content.pages.get(page.file.src_uri)
        if own is None:
            return html
        around = (lambda path: _url(files, path), lambda url: get_relative_url(url, page.file.url))
        if "title" not in vars(page) or self._content.profile.state != "live":  # the menu may have a name for it
            page.title = escape(self._content.title(own))  # themes do not escape titles, and some undo it
        page.meta["sayso"] = {"language": own.words.language, "head": self._content.head(own, *around)}
        return self._content.body(own, *around)

    def on_page_context(self, context: Any, page: Page, config: MkDocsConfig, nav: Any) -> Any:  # noqa: ARG002 - as above
        """Give our theme the language of the page, and its texts."""
        return self._told(context, config, page.meta.get("sayso", {}).get("language"))

    def on_template_context(self, context: Any, template_name: str, config: MkDocsConfig) -> Any:  # noqa: ARG002 - as above
        """Do the same for the page that says that there is none."""
        return self._told(context, config, None)

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002 - as above
        """Put what a page needs into the head that a theme of somebody else's made."""
        own = page.meta.get("sayso")
        if own is None or self._content.own_theme:
            return output
        return output.replace("</head>", f"{own['head']}</head>", 1)

    def on_post_template(self, output: str, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG002 - as above
        """Leave out the list of pages that is for search engines, if they are to leave the pages out."""
        return "" if self._content.unlisted and template_name == "sitemap.xml" else output

    @event_priority(-100)
    @_as_plugin_error()
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Compare the site with what was to be in it, and note which files it has."""
        if not self.serving:
            finish(Path(config.site_dir), self._files, self._before)

    def _told(self, context: Any, config: MkDocsConfig, language: str | None) -> Any:
        if self._content.own_theme:
            default = config.theme.get("language") or config.theme.locale.language
            context.update(around_a_page(language or default), serving=self.serving, unlisted=self._content.unlisted)
        return context


def _now() -> int:
    """Give the clock or, for a build that is to be the same on every day, the instant that the environment sets for it."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _url(files: Files, path: str) -> str:
    file = files.get_file_from_path(path)
    if file is None:
        raise PublishError(
            "file-changed", f"{path} was taken away while the site was built", hint="see which plugin does so"
        )
    return file.url
