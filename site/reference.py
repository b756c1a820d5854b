"""A MkDocs hook: writes the reference from what the program itself reads, each time the site is built.

Schema, vocabulary, list of codes and commands go in; pages come out, by the templates in ``reference/`` beside this file.
Nothing of it is committed, so nothing can be out of step. Every value is written so that Markdown and HTML see only text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from mkdocs.structure.files import File, InclusionLevel

from members import WORD_LISTS, choices, forms, mappings
from sayso import spec
from sayso.cli.commands import cli
from sayso.cli.schemas import NAMES

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

TEMPLATES = Path(__file__).parent / "reference"
WIDTH = 96  # characters in a line of help


class Command(NamedTuple):
    """A command as people type it, and what its ``--help`` says."""

    name: str
    help: str


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages, and the schemas as files to fetch."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_as_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known, source = spec.vocabulary(), spec.schema("profile")
    values = {
        "mappings": list(mappings(source)),
        "kinds": list(forms(source)),
        "choices": list(choices(source)),
        "version": known.version,
        "words": {name: _families(getattr(known, name)) for name in WORD_LISTS},
        "groups": spec.codes(),
        "commands": list(_commands(cli, _context())),
        "schemas": [(name, _file(name), _about(name)) for name in NAMES],
    }
    contents = {path.name: environment.get_template(path.name).render(values) for path in TEMPLATES.glob("*.md")}
    contents |= {_file(name): spec.schema_text(name) for name in NAMES}
    for name, content in sorted(contents.items()):
        files.append(File.generated(config, f"reference/{name}", content=content, inclusion=InclusionLevel.INCLUDED))
    return files


def _as_text(value: Any) -> Markup:
    """Write all that is neither a letter, a digit nor a space by its number, which means nothing in Markdown or HTML."""
    if isinstance(value, Markup):
        return value
    return Markup(re.sub(r"[^A-Za-z0-9 ]", lambda match: f"&#{ord(match[0])};", str(value)))  # noqa: S704 - this makes it safe


def _families(words: Any) -> list[spec.Word]:
    """Put each parent before the words that lie under it."""
    families: dict[str, list[spec.Word]] = {}
    for word in words.values():
        families.setdefault(word.parent or word.key, []).append(word)
    return [word for family in families.values() for word in family]


def _context() -> click.Context:
    return click.Context(cli, info_name="sayso", **{**cli.context_settings, "terminal_width": WIDTH})


def _commands(command: click.Command, context: click.Context) -> Iterator[Command]:
    yield Command(context.command_path, command.get_help(context))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from _commands(inner, click.Context(inner, info_name=name, parent=context))


def _file(name: str) -> str:
    return f"{name}.jsonld" if name == "context" else f"{name}.schema.json"


def _about(name: str) -> str:
    return str(json.loads(spec.schema_text(name))["description"])
