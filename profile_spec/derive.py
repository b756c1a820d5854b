"""Write what follows from the data: ``python profile_spec/derive.py`` (``--check`` only compares).

The vocabulary is the truth: the source schema repeats its words as labelled enumerations, so that editors complete and
explain them. The source schema is the truth: SPEC.md repeats its members, and there is a copy in draft-07 for older editors.
The list of codes is the truth: SPEC.md repeats it, and so does the schema of a decision, which is a part of that of the
command line. Exit code 1 with ``--check`` when a file is not what this would write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "sayso_spec"
SCHEMAS = DATA / "schemas"
SCHEMA = SCHEMAS / "profile.schema.json"
SPECIFICATION = Path(__file__).parent / "SPEC.md"
SECTIONS = {
    "companies": "company",
    "grants": "grant",
    "refusals": "refusal",
    "channels": "contactRule",
    "wants": "want",
    "interests": "interest",
}
PAYLOAD_SECTIONS = {
    "companies": "companyEntry",
    "grants": "grant",
    "refusals": "refusal",
    "revocations": "revocation",
    "channels": "contactRule",
    "wants": "want",
    "interests": "interest",
}


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
            + deprecation(word)
            for word in listed
        ],
    }


def deprecation(word: dict[str, Any]) -> str:
    """Say that a word is advised against, and what to write in its place."""
    if "deprecated" not in word:
        return ""
    return f" Deprecated: write {word['replaced_by']}." if "replaced_by" in word else " Deprecated."


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
    return _text(tree)


def draft_07() -> str:
    """Give the text of the source schema in draft-07, where what stands beside a reference does not count."""
    tree = _in_draft_07(json.loads(SCHEMA.read_text("utf-8")))
    return _text(tree | {"$schema": "http://json-schema.org/draft-07/schema#", "$id": f"{tree['$id']}:draft-07"})


def _in_draft_07(part: Any) -> Any:
    if isinstance(part, list):
        return [_in_draft_07(item) for item in part]
    if not isinstance(part, dict):
        return part
    renamed = {"definitions" if name == "$defs" else name: _in_draft_07(value) for name, value in part.items()}
    target = renamed.pop("$ref", None)
    if not isinstance(target, str):
        return renamed
    reference = {"$ref": target.replace("#/$defs/", "#/definitions/")}
    return {**renamed, "allOf": [reference]} if renamed else reference


def decision() -> str:
    """Give the text that the schema of a decision should have: every reason is a code."""
    tree = json.loads((SCHEMAS / "decision.schema.json").read_text("utf-8"))
    tree["properties"]["reasons"]["items"]["enum"] = list(_codes()["decision"])
    return _text(tree)


def cli_output() -> str:
    """Give the text that the schema of the command line's output should have, which holds that of a decision."""
    tree = json.loads((SCHEMAS / "cli-output.schema.json").read_text("utf-8"))
    tree["$defs"]["decision"] = json.loads(decision())
    return _text(tree)


def specification() -> str:
    """Give the text that SPEC.md should have."""
    text = SPECIFICATION.read_text("utf-8")
    codes = [
        f"| {group} | `{code}` | {meaning} |" for group, listed in _codes().items() for code, meaning in listed.items()
    ]
    text = _between(text, "codes", ["| where | code | meaning |", "|---|---|---|", *codes])
    source, payload = (
        json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")) for name in ("profile", "payload")
    )
    text = _between(text, "members", _members(source, ("me", "valid"), SECTIONS, "required"))
    return _between(text, "payload", _members(payload, ("subject",), PAYLOAD_SECTIONS, "always"))


def _members(tree: dict[str, Any], objects: tuple[str, ...], sections: dict[str, str], required: str) -> list[str]:
    """Give the tables of all members of a document: of its own, of the objects in it, and of the entries of its sections."""
    lines: list[str] = []
    for title, described in (
        ("The whole", tree),
        *((f"`{name}`", tree["properties"][name]) for name in objects),
        *((f"An entry of `{name}`", tree["$defs"][kind]) for name, kind in sections.items()),
    ):
        other = f" is {_form(described, tree)}, with these members" if "then" in described else ""
        lines += ["", f"{title}{other}:", "", f"| member | {required} | form | meaning |", "|---|---|---|---|"]
        for member, part in described["properties"].items():
            needed = "yes" if member in described.get("required", ()) else ""
            meaning, form = _resolved(part, tree)["description"], _form(part, tree)
            lines.append(f"| `{member}` | {needed} | {form} | {meaning} |")
    return [*lines, ""]


def _resolved(part: dict[str, Any], tree: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in part and {"type": "null"} in part["anyOf"]:  # its default, which is left out
        part = {**part["anyOf"][0], **{name: value for name, value in part.items() if name != "anyOf"}}
    name = part.get("$ref", "").rpartition("/")[2]
    return {**tree["$defs"][name], **part} if name else part


def _form(part: dict[str, Any], tree: dict[str, Any]) -> str:
    """Say in a few words what a member holds."""
    whole = _resolved(part, tree)
    if "const" in whole:
        return f"`{whole['const']}`"
    if "then" in whole:
        return ", ".join(f"`{value}`" for value in whole["then"]["enum"]) + ", or a mapping"
    if "array" in whole.get("type", ()):
        several = f"list of {_form(whole['items'], tree)}s".replace("ys", "ies")
        return several if whole["type"] == "array" else f"{_form(whole['items'], tree)}, or {several}"
    if whole.get("type") == "object":
        return "mapping"
    if part.get("$ref") == "#/$defs/wantId":
        return "id of a want"
    if "enum" in whole and "title" not in whole:
        return ", ".join(f"`{value}`" for value in whole["enum"])
    if whole.get("type") in ("integer", "boolean") and "title" not in whole:
        return {"integer": "number", "boolean": "true or false"}[whole["type"]]
    return str(whole.get("title", "text")).lower()


def _between(text: str, name: str, lines: list[str]) -> str:
    """Put lines between the two marks of a name."""
    begin, end = f"<!-- {name}: written by derive.py -->", f"<!-- end of {name} -->"
    before, rest = text.split(begin)
    return "\n".join([f"{before}{begin}", *lines, end]) + rest.split(end)[1]


def _codes() -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = json.loads((DATA / "codes.json").read_text("utf-8"))
    return groups


def _text(tree: Any) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


MADE = {
    SCHEMA: schema,
    SCHEMAS / "draft-07" / "profile.schema.json": draft_07,
    SCHEMAS / "decision.schema.json": decision,
    SCHEMAS / "cli-output.schema.json": cli_output,
    SPECIFICATION: specification,
}


def main() -> int:
    """Write the files, or with ``--check`` tell whether they are up to date."""
    status = 0
    for path, make in MADE.items():
        text = make()
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif text != path.read_text("utf-8"):
            print(f"{path.name}: run python profile_spec/derive.py")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
