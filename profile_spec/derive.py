"""Write what follows from the data: ``python profile_spec/derive.py`` (``--check`` only compares).

The vocabulary is the truth; the source schema repeats its words as labelled enumerations so that editors complete and explain
them. The list of codes is the truth; SPEC.md repeats it as a table. Exit code 1 with ``--check`` when a file is not what this
would write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "sayso_spec"
SCHEMA = DATA / "schemas" / "profile.schema.json"
SPECIFICATION = Path(__file__).parent / "SPEC.md"
PAGE = Path(__file__).parent.parent / "site" / "content" / "words.md"
FLAGS = {
    "explicit_only": "Must be named by itself.",
    "open": "May be granted to everyone.",
    "sensitive": "Says things about health, belief or family.",
}
TITLES = {"contactRule": "contact rule"}
BEGIN, END = "<!-- codes: written by derive.py -->", "<!-- end of codes -->"


def words(name: str) -> list[dict[str, Any]]:
    """Give the words of one part of the vocabulary, parents first within their family."""
    part = json.loads((DATA / "vocabulary" / f"{name}.json").read_text("utf-8"))
    families: dict[str, list[dict[str, Any]]] = {}
    for parent in part.get("parents", []):
        families[parent["key"]] = [parent]
    for term in part["terms"]:
        families.setdefault(term.get("parent", term["key"]), []).append(term)
    return [word for family in families.values() for word in family]


def enumeration(title: str, description: str, name: str) -> dict[str, Any]:
    """Make the schema of one word list: an enumeration with a sentence for each word."""
    listed = words(name)
    children = {word["parent"] for word in listed if "parent" in word}
    return {
        "title": title,
        "description": description,
        "enum": [word["key"] for word in listed],
        "enumDescriptions": [
            f"{word['label']}: all of {word['key']}.*, save what must be named by itself."
            if word["key"] in children
            else f"{word['label']}: {word['definition']}"
            + (" Must be named by itself." if word.get("explicit_only") else "")
            for word in listed
        ],
    }


def schema() -> str:
    """Give the text that the source schema should have."""
    tree = json.loads(SCHEMA.read_text("utf-8"))
    tree["$defs"] |= {
        "signal": enumeration("Signal", "A kind of browsing or purchase data.", "signals"),
        "purpose": enumeration("Purpose", "What data is used for.", "purposes"),
        "channel": enumeration("Channel", "How you are reached.", "channels"),
        "stage": enumeration("Stage", "Where a relationship stands.", "stages"),
        "category": {
            "title": "Category",
            "description": "A product category of the Shopify taxonomy, for example sg or sg-4-2.",
            "type": "string",
            "pattern": f"^({'|'.join(word['key'] for word in words('categories'))})(-[1-9][0-9]{{0,3}}){{0,7}}$",
        },
    }
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def specification() -> str:
    """Give the text that SPEC.md should have."""
    text = SPECIFICATION.read_text("utf-8")
    groups = json.loads((DATA / "codes.json").read_text("utf-8"))
    rows = [f"| {group} | `{code}` | {meaning} |" for group, codes in groups.items() for code, meaning in codes.items()]
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return "\n".join([f"{before}{BEGIN}", "| where | code | meaning |", "|---|---|---|", *rows, f"{END}{after}"])


def documentation() -> str:
    """Give the text of the page that lists all words."""
    parts = ["# The words", "", "What a profile can say. This page is made from the vocabulary.", ""]
    for name, title in (
        ("signals", "Signals"),
        ("purposes", "Purposes"),
        ("channels", "Channels"),
        ("stages", "Stages"),
    ):
        parts += [f"## {title}", "", "| word | meaning |", "|---|---|"]
        for word in words(name):
            notes = [flag for member, flag in FLAGS.items() if word.get(member)]
            meaning = word.get("definition") or f"All of `{word['key']}.*` that need not be named by itself."
            parts.append(f"| `{word['key']}` | **{word['label']}.** {' '.join([meaning, *notes])} |")
        parts.append("")
    parts += ["## Product categories", "", "Of the Shopify taxonomy; numbers behind a hyphen go deeper: `sg-4-2`.", ""]
    parts += [
        "| word | meaning |",
        "|---|---|",
        *(f"| `{word['key']}` | {word['label']} |" for word in words("categories")),
        "",
    ]
    members = json.loads(SCHEMA.read_text("utf-8"))["$defs"]
    for name in ("grant", "refusal", "want", "company", "contactRule"):
        definition = members[name]
        parts += [
            f"## Members of a {TITLES.get(name, name)}",
            "",
            definition["description"],
            "",
            "| member | meaning |",
            "|---|---|",
        ]
        for member, described in definition["properties"].items():
            text = described.get("description") or members[described["$ref"].rpartition("/")[2]]["description"]
            needed = " Required." if member in definition.get("required", ()) else ""
            parts.append(f"| `{member}` | {text}{needed} |")
        parts.append("")
    return "\n".join(parts)


def main() -> int:
    """Write the files, or with ``--check`` tell whether they are up to date."""
    status = 0
    for path, make in ((SCHEMA, schema), (SPECIFICATION, specification), (PAGE, documentation)):
        text = make()
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif text != path.read_text("utf-8"):
            print(f"{path.name}: run python profile_spec/derive.py")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
