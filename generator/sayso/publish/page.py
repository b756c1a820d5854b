"""A page that people read, made from the signed payload alone (never from the source, but for a preview that says so).

No text of the profile is ever Markdown, HTML or a template: everything goes through one autoescaping environment.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from sayso import spec
from sayso.instants import rfc3339
from sayso.publish.cache import compiled_templates, qr_code
from sayso.publish.pages import Page, Profile, alternates, page_title, place_of
from sayso.publish.words import Words
from sayso.trust.keylog import fingerprint

#: Gives the address of a path below the base URL, as seen from the page that is rendered.
Link = Callable[[str], str]


def render(page: Page, profile: Profile, link: Link) -> Markup:
    """Give a page as a fragment of HTML, whole by itself but for its style sheet and its script."""
    signed = profile.signed
    return _render(
        "company" if page.card else "index",
        page,
        profile,
        link,
        payload=signed.payload if signed else None,
        overview=profile.overview,
        card=page.card,
        home=profile.home(page.words.language),
        place_of=place_of,
        stages=tuple(spec.vocabulary().stages),
        fingerprint=fingerprint(signed.payload.identity) if signed else "",
        qr=_qr(f"{profile.terms.sub}#{signed.payload.identity}") if signed and not page.card else "",
    )


def render_head(page: Page, profile: Profile, link: Link, *, picture: str, address: str, unlisted: bool) -> Markup:
    """Give what stands in the head of a page; ``picture`` and ``address`` are whole URLs, for those who show a preview of it.

    Search engines are asked to leave out a page that is ``unlisted``.
    """
    title = page_title(page, profile)
    return _render("head", page, profile, link, title=title, picture=picture, address=address, unlisted=unlisted)


def _render(name: str, page: Page, profile: Profile, link: Link, **more: Any) -> Markup:
    text = (
        _environment(page.words)
        .get_template(f"profile/{name}.html")
        .render(
            page=page,
            profile=profile,
            terms=profile.terms,
            signed=profile.signed,
            words=page.words,
            link=link,
            alternates=alternates(page, profile),
            **more,
        )
    )
    return Markup(text)  # noqa: S704 - its templates escape


def _qr(text: str) -> Markup:
    # What comes back is markup of numbers alone: the text is in it as squares.
    return Markup(qr_code(text, _draw))  # noqa: S704


def _draw(text: str) -> str:
    import segno  # slow to load

    picture: str = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, svgclass=None, lineclass=None)
    return picture


def _date(at: int) -> str:
    return rfc3339(at)[:10]


def _bdi(text: str) -> Markup:
    """Keep the direction of a text from what stands around it."""
    return Markup("<bdi>{}</bdi>").format(text)


@cache
def _environment(words: Words) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: files("sayso_theme").joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=compiled_templates(),
    )
    environment.install_gettext_translations(words.texts, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    environment.globals["_"] = environment.globals["gettext"]  # that of the extension asks twice
    environment.filters |= {
        "bdi": _bdi,
        "shell": shlex.quote,
        "date": _date,
        "signal": words.signal,
        "purpose": words.purpose,
        "channel": words.channel,
        "day": words.day,
        "language": words.tag,
        "category": words.category,
    }
    environment.tests["category"] = lambda text: text in spec.vocabulary().categories
    return environment
