"""The language in which somebody is told of a profile: that of the terminal, or one that they ask for."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from sayso.texts import LANGUAGES, language_of


def language_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--language``."""
    option = click.option(
        "--language",
        type=click.Choice(tuple(LANGUAGES)),
        default=spoken,
        show_default="that of the terminal",
        help="The language of the sentences.",
    )
    return option(command)


def spoken() -> str:
    """Give the language of the terminal."""
    return language_of(os.environ)
