"""One list of codes: what the code raises is what the list names."""

from __future__ import annotations

import ast
from pathlib import Path

from sayso import errors, spec
from sayso.profile.policy import MISSES
from support import ROOT

# Calls whose first text is a code; `_verdict` in structure.py returns its codes, and names those of unknown words;
# `found_in` in personal.py yields its codes.
RAISERS = {"Problem", "problem", "_problem", "_warning", "_info", "_stop", "_refuse", "answer"} | {
    name
    for name in vars(errors)
    if isinstance(getattr(errors, name), type) and issubclass(getattr(errors, name), Exception)
}


def codes_in(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = 1 if name in ("answer", "_warning", "_info") else 0  # after the verdict, or the draft
            given = node.args[place] if name in RAISERS and len(node.args) > place else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                found.add(given.value)
        speaks = ast.Return if path.name == "structure.py" else ast.Yield if path.name == "personal.py" else ()
        if isinstance(node, speaks) and isinstance(node.value, ast.Tuple):
            first = node.value.elts[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def test_codes_agree() -> None:
    """Every code that the code uses is listed, and every code that is listed is used."""
    used = set().union(*(codes_in(path) for path in (ROOT / "generator" / "sayso").rglob("*.py"))) | set(MISSES)
    used |= {f"unknown-{word}" for word in ("signal", "purpose", "channel", "stage", "category")}
    listed = {code for group in spec.codes().values() for code in group}
    assert used == listed, (sorted(used - listed), sorted(listed - used))


def test_the_tree_is_drawn_as_it_is() -> None:
    """Every class of error stands in the docstring that draws the tree."""
    classes = [
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.SaysoError)
    ]
    assert classes
    assert all(name in (errors.__doc__ or "") for name in classes)
