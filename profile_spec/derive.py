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


def main() -> int:
    """Write the files, or with ``--check`` tell whether they are up to date."""
    status = 0
    for path, text in ((SCHEMA, schema()), (SPECIFICATION, specification())):
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif text != path.read_text("utf-8"):
            print(f"{path.name}: run python profile_spec/derive.py")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
