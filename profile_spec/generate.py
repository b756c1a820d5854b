"""Write the words of the vocabulary into the schemas: ``python profile_spec/generate.py`` (``--check`` only compares).

The vocabulary is the truth; the schema repeats its words as labelled enumerations so that editors complete and explain
them. Exit code 1 with ``--check`` when a file is not what this would write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "sayso_spec"
SCHEMA = DATA / "schemas" / "profile.schema.json"


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
            "pattern": f"^({'|'.join(word['key'] for word in words('categories'))})(-[0-9]{{1,4}}){{0,7}}$",
        },
    }
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the schema, or with ``--check`` tell whether it is up to date."""
    text = schema()
    if "--check" in sys.argv:
        same = text == SCHEMA.read_text("utf-8")
        print(f"{SCHEMA.name}: {'up to date' if same else 'run python profile_spec/generate.py'}")
        return 0 if same else 1
    SCHEMA.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
