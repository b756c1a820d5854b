"""The options that make a question, for the commands that ask one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_OPTIONS = (
    click.option("--company", required=True, help="Who asks: a company's domain."),
    click.option("--signal", required=True, help="What it would see, for example purchase.history."),
    click.option("--purpose", required=True, help="What for, for example offers.personalised."),
    click.option("--channel", help="How it would reach the person, for example email."),
    click.option("--category", help="About which product category, for example sg."),
    click.option(
        "--granularity",
        type=click.Choice(["event", "item", "category", "band", "aggregate"]),
        help="How fine the data is.",
    ),
    click.option("--age", type=click.IntRange(min=0), metavar="DAYS", help="How old the oldest data is."),
    click.option("--sharing", metavar="none|processors|anonymised|DOMAIN,…", help="With whom it would be shared."),
)


def question_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the members of a request, which come in by their names."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
