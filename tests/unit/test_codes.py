"""One list of codes: what the code raises is what the list names."""

from __future__ import annotations

import ast
from pathlib import Path

from sayso import errors, spec
from sayso.profile.policy import MISSES
from support import ROOT

# Calls whose first text is a code; `_verdict` in structure.py returns its codes, and names those of unknown words.
RAISERS = {"Problem", "_problem", "_stop", "_refuse", "answer"} | {
    name
    for name in vars(errors)
    if isinstance(getattr(errors, name), type) and issubclass(getattr(errors, name), Exception)
}


def codes_in(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
            place = 1 if name == "answer" else 0  # answer(verdict, reason)
            if name in RAISERS:
                found |= set(texts[place : place + 1])
        if path.name == "structure.py" and isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
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
