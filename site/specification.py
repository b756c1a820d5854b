"""A MkDocs hook: makes pages of the specification and its README, which lie in ``profile_spec`` because others take that folder whole.

They are written for readers of plain Markdown, where lists may be indented by two or three spaces, and a line with an
anchor stands above what it names; Python-Markdown reads both otherwise. Tables that the reference has too are not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from markdown.extensions.toc import slugify  # type: ignore[import-untyped]
from mkdocs.structure.files import File, InclusionLevel

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

SOURCE = Path(__file__).parent.parent / "profile_spec"
ELSEWHERE = {  # tables of SPEC.md, and what stands in their place
    "members": "[What a profile says](members.md) lists them.",
    "codes": "[Codes](codes.md) lists them all.",
}
PAGES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("SPEC.md", "specification.md", ELSEWHERE),
    ("README.md", "implementers.md", {}),
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the two pages."""
    for name, target, elsewhere in PAGES:
        text = as_page((SOURCE / name).read_text("utf-8"), elsewhere)
        files.append(File.generated(config, f"reference/{target}", content=text, inclusion=InclusionLevel.INCLUDED))
    return files


def as_page(text: str, elsewhere: Mapping[str, str]) -> str:
    """Give the Markdown that makes the same page here as others make of the text, but for the tables that are elsewhere."""
    for name, sentence in elsewhere.items():
        before, rest = text.split(f"<!-- {name}: ")
        text = before + sentence + rest.split(f"<!-- end of {name} -->")[1]
    blocks = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    own = {slugify(title, "-") for title in re.findall(r"^#+ (.+)$", "".join(blocks[::2]), re.MULTILINE)}
    return "".join(block if place % 2 else _prose(block, own) for place, block in enumerate(blocks))


def _prose(text: str, headings: set[str]) -> str:
    """Rewrite what is no code: links, anchors, and lists."""
    text = text.replace("(README.md)", "(implementers.md)").replace("(SPEC.md)", "(specification.md)")
    text = re.sub(
        r'^<a id="([^"]+)"></a>\n(.*)$', lambda match: _anchored(match[2], match[1], headings), text, flags=re.M
    )
    text = re.sub(r"^( {2,5})(?=\S)", lambda match: " " * (4 if len(match[1]) < 4 else 8), text, flags=re.M)
    return "\n\n".join(
        re.sub(r"^(?=- |\d+\. )", "\n", block, flags=re.M) if re.match(r"\n* {4}(?!- )", block) else block
        for block in text.split("\n\n")
    )


def _anchored(line: str, name: str, headings: set[str]) -> str:
    """Put an anchor into the line that it stood above, unless a heading has that name anyhow."""
    if name in headings:
        return line
    if line.startswith("#"):
        return f"{line} {{: #{name} }}"
    marker, rest = re.fullmatch(r"((?:- |\d+\. )?)(.*)", line).groups()  # type: ignore[union-attr]  # it matches everything
    return f'{marker}<a id="{name}"></a>{rest}'
