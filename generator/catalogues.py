"""The gettext catalogues: ``python generator/catalogues.py`` finds the messages and brings each ``sayso.po`` in step.

Messages are found in the code, in the templates of the theme, and in the vocabulary, whose labels and definitions have the
context of their kind. Catalogues are compiled when the package is built or installed (this is hatchling's hook for that too).
Exit code 1 with ``--check`` when a catalogue is not what this would write, or lacks a translation.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "generator" / "sayso" / "locales"
VOCABULARY = ROOT / "profile_spec" / "sayso_spec" / "vocabulary"
KINDS = {
    "signals": "signal",
    "purposes": "purpose",
    "channels": "channel",
    "stages": "stage",
    "categories": "category",
}
_NO_DAY = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
TEMPLATES = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}


def messages() -> Catalog:
    """Find every message that there is to translate."""
    catalogue = Catalog(project="sayso", fuzzy=False, charset="utf-8")
    for folder, method in ((ROOT / "generator" / "sayso", "python"), (ROOT / "site" / "sayso_theme", "jinja2")):
        pattern = "**.py" if method == "python" else "**.html"
        found = extract_from_dir(
            folder,
            [(pattern, method)],
            {pattern: TEMPLATES},
            KEYWORDS,
            comment_tags=("note:",),
            strip_comment_tags=True,
        )
        for name, _, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
            place = (folder / name).relative_to(ROOT).as_posix()
            catalogue.add(message, locations=[(place, None)], auto_comments=comments, context=context)  # type: ignore[list-item]  # a place without a line
    for context, text, key in _vocabulary():
        catalogue.add(text, auto_comments=[key], context=context)
    return catalogue


def _vocabulary() -> Iterator[tuple[str, str, str]]:
    for name, kind in KINDS.items():
        part = json.loads((VOCABULARY / f"{name}.json").read_text("utf-8"))
        for word in (*part.get("parents", ()), *part["terms"]):
            yield kind, word["label"], word["key"]
            if word.get("definition"):
                yield kind, word["definition"], word["key"]


def updated(path: Path, template: Catalog) -> bytes:
    """Give the text of a catalogue with the messages that there are now: what was translated stays, the rest is empty."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalogue, width=120, omit_header=True)
    return _header(catalogue).encode() + text.getvalue()


def _header(catalogue: Catalog) -> str:
    """Write what gettext needs to know, and no date: the same messages make the same file."""
    lines = (
        f"Language: {catalogue.locale}",
        "Content-Type: text/plain; charset=utf-8",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    return "".join(('msgid ""\nmsgstr ""\n', *(f'"{line}\\n"\n' for line in lines), "\n"))


def compiled(path: Path) -> bytes:
    """Give what ``sayso.mo`` holds for a catalogue."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    catalogue.creation_date = catalogue.revision_date = _NO_DAY  # the same messages make the same file
    data = io.BytesIO()
    write_mo(data, catalogue)
    return data.getvalue()


def compile_all() -> None:
    """Write ``sayso.mo`` beside each ``sayso.po``."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/sayso.po")):
        path.with_suffix(".mo").write_bytes(compiled(path))


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles the catalogues before anything is packed, and for an installation in place."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; hatchling takes the compiled ones as artifacts, since git ignores them."""
        del version, build_data
        compile_all()


def main() -> None:
    """Bring every catalogue in step, or only compare."""
    template, wrong = messages(), 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/sayso.po")):
        text = updated(path, template)
        with io.BytesIO(text) as file:
            missing = [message.id for message in read_po(file) if message.id and not all(_strings(message.string))]
        if "--check" in sys.argv:
            wrong += path.read_bytes() != text or bool(missing)
        else:
            path.write_bytes(text)
        if missing:
            print(f"{path.relative_to(ROOT)}: {len(missing)} messages have no translation, the first: {missing[0]!r}")
    if "--check" not in sys.argv:
        compile_all()
    sys.exit(1 if wrong else 0)


def _strings(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (string,)


if __name__ == "__main__":
    main()
