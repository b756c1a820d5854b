"""From values to HTML: one autoescaping environment; no text of a profile is ever HTML or a template."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup, escape

from sayso.editor.phrases import phrases
from sayso.publish.words import words_in

STATIC = {
    "editor.css": ("sayso.editor", "static/editor.css"),
    "editor.js": ("sayso.editor", "static/editor.js"),
    "preview.css": ("sayso.editor", "static/preview.css"),
    "profile.css": ("sayso_theme", "css/profile.css"),
    "sayso.css": ("sayso_theme", "css/sayso.css"),
    "sayso.svg": ("sayso_theme", "img/sayso.svg"),
}


def render(template: str, **values: Any) -> bytes:
    """Give a page."""
    return _environment().get_template(template).render(**values).encode("utf-8", "replace")


def again(language: str) -> bytes:
    """Give the page for those who open an address for the second time: it needs nothing that is behind the guard."""
    words = words_in(language)
    return render("again.html", words=words, t=phrases(words.texts.gettext))


def static(name: str) -> bytes | None:
    """Give a style sheet, the script or the picture; None for another name."""
    if name not in STATIC:
        return None
    package, path = STATIC[name]
    return files(package).joinpath(path).read_bytes()


def fill(phrase: str, **values: Any) -> Markup:
    """Put values into a phrase, each kept from what stands around it."""
    parts = {name: Markup("<bdi>{}</bdi>").format(value) for name, value in values.items()}
    return Markup(escape(phrase) % parts)  # noqa: S704 - both are escaped


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: files("sayso.editor").joinpath("templates", name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fill"] = fill
    return environment
