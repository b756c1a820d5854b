"""Rewriting: a source edited by lines so that it says what is wanted, and nothing else in it changes by a byte.

The text is changed in steps, each of which makes one kind of change and is read again before the next. What is given was
read once more, and says exactly what is wanted; else nothing is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sayso.errors import NotSigned, Problem, SourceError
from sayso.profile.rewriting.matches import alike, differences
from sayso.profile.rewriting.places import Unclear
from sayso.profile.rewriting.scalars import scalar
from sayso.profile.rewriting.steps import STEPS
from sayso.profile.source import Path, Source, load

_NEVER = ("source-too-large", "source-character", "yaml-nodes")  # what no text may have, whoever writes it
_ROUNDS = 3  # a line that came at the end may change what a text above it says of its own end
_NAMED = 3  # differences that a hint tells
_SHOWN = 60  # characters of a value


def rewritten(data: bytes, wanted: Any, name: str = "profile.yml") -> bytes:
    """Give the bytes of a source, edited by lines, of which ``load`` gives data equal to ``wanted``.

    ``data`` is what ``load`` accepts, and ``name`` what messages call it. Where both say the same, the bytes are the very
    same; the order of members in a mapping says nothing. Raises SourceError for a source with errors, or for data that no
    source may have, and NotSigned, with every difference among its problems, where the text cannot be edited safely.
    """
    source = load(data, name)
    new, says = data, source.data
    try:
        for _ in range(_ROUNDS):
            for step in STEPS:
                if alike(says, wanted):
                    return _ended_as(data, new, wanted)
                changed = step(new, says, wanted)
                if changed != new:
                    new, says = changed, load(changed, name).data
        if alike(says, wanted):
            return _ended_as(data, new, wanted)
    except SourceError as error:
        if error.code in _NEVER:
            raise
    except (Unclear, UnicodeEncodeError):
        pass  # nobody but the author can edit this text
    raise _not_edited(source, wanted)


def _ended_as(data: bytes, new: bytes, wanted: Any) -> bytes:
    """Take the line break at the end away where there was none, and nothing else needs it, as a block may."""
    shorter = new.removesuffix(b"\n").removesuffix(b"\r")
    ended = data.endswith((b"\n", b"\r")) or shorter == new
    return new if ended or not alike(load(shorter).data, wanted) else shorter


def _not_edited(source: Source, wanted: Any) -> NotSigned:
    problems = tuple(
        Problem("cannot-edit", _told(source, path, old, new), *source.position(path))
        for path, old, new in differences(source.data, wanted)
    )
    named = [f"line {problem.line}: {problem.message}" for problem in problems[:_NAMED]]
    more = [f"and {len(problems) - _NAMED} more"] if len(problems) > _NAMED else []
    return NotSigned(
        "cannot-edit",
        f"{source.name} could not be edited safely",
        name=source.name,
        problems=problems,
        hint=f"change it by hand: {'; '.join([*named, *more])}",
    )


def _told(source: Source, path: Path, old: Any, new: Any) -> str:
    """Say in words what is to change at a place."""
    where = " > ".join(_steps(source.data, path)) or "the profile"
    if old is ...:
        return f"{where} is to have {_shown(new)}"
    if new is ...:
        return f"{where} is to go"
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return f"the entries of {where} are to stand in another order"
    return f"{where} is to be {_shown(new)}, not {_shown(old)}"


def _steps(data: Any, path: Path) -> Iterator[str]:
    """Name what leads to a place: keys, and entries of lists by their id or topic, or else by their number."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else data[name]
        if isinstance(name, int):
            item = data if isinstance(data, dict) else {"id": data}
            yield str(item.get("id") or item.get("topic") or f"number {name + 1}")
        else:
            yield name


def _shown(value: Any) -> str:
    text = scalar(value) if not isinstance(value, (list, dict)) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
