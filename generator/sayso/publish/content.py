"""What a profile adds to a site: pages and files by path, and how they find each other. Whatever builds the site asks here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from sayso.errors import PublishError
from sayso.publish.files import machine_files
from sayso.publish.page import Link, render, render_head
from sayso.publish.pages import Page, Profile, page_title, pages
from sayso.texts import RIGHT_TO_LEFT, catalogue, known

#: What the pages need beside themselves, below the folder of the theme.
ASSETS = ("css/profile.css", "js/page.js", "js/verify.js", "img/card.png")


@dataclass(frozen=True)
class Content:
    """The pages and files of a profile in a site.

    ``prefix`` is where the base URL lies below the root of the site, ``""`` or ``"demo/"``; ``first`` the source path of the
    first page. In a theme of somebody else's (``own_theme`` false) what the pages need comes along, and no policy is set. Search engines are asked to leave out what is ``unlisted``.
    """

    profile: Profile
    prefix: str
    first: str
    own_theme: bool
    history: bool = False
    cname: bool = False
    unlisted: bool = False

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """Every page by the path of a source that MkDocs may believe it has."""
        return {self._source(page.place): page for page in pages(self.profile)}

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every file but the pages, by path below the root of the site: none that machines read for an unsigned preview."""
        signed = self.profile.signed
        found: dict[str, bytes] = {}
        if signed is not None:
            machine = machine_files(
                signed, history=self.history, cname=self.cname, policy=self.own_theme, unlisted=self.unlisted
            )
            found |= {(path if path == ".nojekyll" else self.prefix + path): data for path, data in machine.items()}
        if not self.own_theme:
            theme = files("sayso_theme")
            found |= {self._asset(path): theme.joinpath(path).read_bytes() for path in ASSETS}
        return found

    def title(self, page: Page) -> str:
        """Give the title of a page: plain text; for a theme of somebody else's without what could become a tag again."""
        title = page_title(page, self.profile)
        return title if self.own_theme else title.replace("<", "\u2039").replace(">", "\u203a")

    def body(self, page: Page, url_of: Callable[[str], str], relative: Link) -> Markup:
        """Give the HTML of a page.

        ``url_of`` gives the address of a source path below the root of the site, ``relative`` that of such an address as
        seen from the page.
        """
        return render(page, self.profile, self._link(url_of, relative))

    def head(self, page: Page, url_of: Callable[[str], str], relative: Link) -> Markup:
        """Give what stands in the head of a page."""
        root = self.profile.terms.sub.removesuffix(self.prefix)
        link = self._link(url_of, relative)
        picture = root + self._asset("img/card.png")
        address = root + url_of(self._source(page.place))
        return render_head(page, self.profile, link, picture=picture, address=address, unlisted=self.unlisted)

    def _source(self, place: str) -> str:
        if not place:
            return self.first
        folder, _, name = self.first.removesuffix(".md").rpartition("/")
        return "/".join(part for part in (folder, name if name != "index" else "", f"{place}index.md") if part)

    def _asset(self, path: str) -> str:
        return path if self.own_theme else f"{self.prefix}sayso/assets/{path}"

    def _link(self, url_of: Callable[[str], str], relative: Link) -> Link:
        def link(path: str) -> str:
            if path.startswith("@"):
                return relative(self._asset(path[1:]))
            if path.endswith("/") or not path:
                return relative(url_of(self._source(path)))
            return relative(self.prefix + path)

        return link


def prefix_below(site_url: str | None, sub: str, *, anywhere: bool) -> str:
    """Tell where a base URL lies below the root of a site; ``anywhere`` for a site that is served elsewhere, to look at.

    Raises PublishError where it does not lie there.
    """
    root, base = urlsplit(site_url or sub), urlsplit(sub)
    path = root.path if root.path.endswith("/") else f"{root.path}/"
    if (not anywhere and (root.scheme, root.netloc) != base[:2]) or not base.path.startswith(path):
        raise PublishError(
            "wrong-site-url",
            f"site_url is {site_url}, but the profile is for {sub}",
            hint="the site must be at the address of the profile, or above it",
        )
    return base.path.removeprefix(path)


def around_a_page(language: str) -> dict[str, Any]:
    """Give what our theme says around a page in a language: its tag, its direction, and its texts."""
    tag = (*known([language]), "en")[0]
    direction = "rtl" if tag in RIGHT_TO_LEFT else "ltr"
    return {"language": language, "direction": direction, "gettext": catalogue(tag).gettext}
