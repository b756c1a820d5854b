"""Load: the bytes of a ``profile.yml`` become plain data with a position for every value (SPEC.md, Source text).

PyYAML's C parser gives events; this builder makes of them strings, integers, booleans, null, lists and dicts by the
YAML 1.2 core rules, and refuses what could be read in two ways. Text is never turned into a date, an octal number or a
yes/no that its author did not type.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from sayso.errors import Problem, SourceError
from sayso.profile.syntax import last_word, syntax_fault

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 20
MAX_UNSEEN = 100  # characters that are pointed out

Path = tuple[str | int, ...]
Position = tuple[int, int]  # line and column, both from 1

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_WORDS = {
    word: value
    for value, group in ((None, "~ null Null NULL"), (True, "true True TRUE"), (False, "false False FALSE"))
    for word in group.split()
} | {"": None}
# Controls but tab, line feed and carriage return; line separators; bidirectional overrides and isolates; marks in the middle.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """A loaded profile: the data, and for each path in it the position of the value and of the key before it."""

    name: str
    data: Any
    values: Mapping[Path, Position]
    keys: Mapping[Path, Position]

    def position(self, path: Path) -> Position:
        """Give line and column of a value, or of the nearest thing around it that is in the text."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))

    def key_position(self, path: Path) -> Position:
        """Give line and column of the key that leads to a value."""
        return self.keys.get(path) or self.position(path)


def load(data: bytes, name: str = "profile.yml") -> Source:
    """Read the bytes of a profile source; ``name`` is what messages call it.

    Raises SourceError with every problem found: not UTF-8, too large, too deep, a syntax error, duplicate keys, anchors,
    aliases, merge keys, tags, several documents, keys that are not text, control or direction-changing characters.
    """
    problems: list[Problem] = []
    text = _text(data, problems)
    builder = _Builder(problems)
    value: Any = None
    if text is not None:
        try:
            value = builder.document(yaml.parse(text.encode(), Loader=_Loader))
        except yaml.MarkedYAMLError as error:
            fault, hint, (line, column) = syntax_fault(error, text)
            problems.append(Problem("yaml-syntax", f"this is not YAML: {fault}", line, column, hint))
        except yaml.YAMLError as error:
            problems.append(Problem("yaml-syntax", f"this is not YAML: {str(error).splitlines()[0]}", 1, 1))
        except _Stop:
            pass
    if problems:
        raise SourceError(
            problems[0].code,
            f"{name} cannot be read",
            name=name,
            problems=tuple(sorted(problems, key=lambda p: (p.line, p.column))),
        )
    return Source(name, value, builder.values, builder.keys)


def _text(data: bytes, problems: list[Problem]) -> str | None:
    if len(data) > MAX_BYTES:
        problems.append(Problem("source-too-large", f"the file has {len(data)} bytes; {MAX_BYTES} are allowed"))
        return None
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        problems.append(_no_utf8(data, data[: error.start]))
        return None
    line, begin, seen = 1, 0, 0
    for match in _UNSEEN.finditer(text):
        line += text.count("\n", seen, match.start())
        begin = max(begin, text.rfind("\n", seen, match.start()) + 1)
        seen = match.start()
        problems.append(_unseen(match.group(), (line, seen - begin + 1), text[max(begin, seen - 80) : seen]))
        if len(problems) == MAX_UNSEEN:
            break
    return None if problems else text


def _no_utf8(data: bytes, before: bytes) -> Problem:
    line, row = before.count(b"\n") + 1, before.rpartition(b"\n")[2].decode("utf-8", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Problem("source-encoding", "the file is not UTF-8", line, 1, "this is UTF-16: save it as UTF-8")
    message = f"what stands after `{word}` is not UTF-8" if (word := last_word(row)) else "this is not UTF-8"
    return Problem("source-encoding", message, line, len(row) + 1, "save the file as UTF-8")


def _unseen(character: str, at: Position, before: str) -> Problem:
    message = f"the character U+{ord(character):04X} is not allowed: it can hide what a reader sees"
    hint = f"delete it: it stands after `{word}`" if (word := last_word(before)) else "delete it"
    return Problem("source-character", message, *at, hint)


class _Stop(Exception):
    """Reading on makes no sense; the reason is among the problems."""


class _Builder:
    """Builds plain data from parser events and keeps all positions and problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.values: dict[Path, Position] = {}
        self.keys: dict[Path, Position] = {}
        self._nodes = 0
        self._events: Iterator[Any] = iter(())

    def document(self, events: Iterator[Any]) -> Any:
        self._events = events
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(
                        "yaml-documents",
                        "a second document begins here",
                        event,
                        "keep one document in a file: remove the line ---",
                    )
                value = self._node(next(events), ())
        return value

    def _problem(self, code: str, message: str, event: Any, hint: str | None = None) -> None:
        self.problems.append(Problem(code, message, *_start(event), hint))

    def _stop(self, code: str, message: str, event: Any, hint: str | None = None) -> NoReturn:
        self._problem(code, message, event, hint)
        raise _Stop

    def _node(self, event: Any, path: Path) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            hint = "name groups in the place of many companies"
            self._stop("yaml-nodes", f"more than {MAX_NODES} values", event, hint)
        if len(path) > MAX_DEPTH:
            hint = "remove brackets, or close them: no profile needs more than 6 levels"
            self._stop("yaml-depth", f"nested more than {MAX_DEPTH} levels deep", event, hint)
        self.values[path] = _start(event)
        if not self._plain(event):
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _plain(self, event: Any) -> bool:
        """Tell whether a node stands for itself, and complain about anchor and tag; an alias does not."""
        if isinstance(event, yaml.AliasEvent):
            hint = "write the value out; or put the text in quotes if * belongs to it"
            self._problem("yaml-alias", f"the alias *{event.anchor} is not allowed", event, hint)
            return False
        if event.anchor is not None:
            self._problem(
                "yaml-anchor",
                f"the anchor &{event.anchor} is not allowed",
                event,
                "write the value out where it is needed; or put the text in quotes if & belongs to it",
            )
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(
                "yaml-tag",
                f"the tag {tag} is not allowed",
                event,
                "remove it; put text in quotes if need be",
            )
        return True

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            where = (*path, key)
            if key in members:
                line = self.keys[where][0]
                self._problem(
                    "yaml-duplicate-key",
                    f"`{key}` stands here twice, first in line {line}",
                    event,
                    "remove one of the two",
                )
                where = (*path, key, "again")
            else:
                self.keys[where] = _start(event)
            value = self._node(next(self._events), where)
            members.setdefault(key, value)
        return members

    def _key(self, event: Any) -> str:
        if not self._plain(event):
            return f"*{event.anchor}"
        if not isinstance(event, yaml.ScalarEvent):
            hint = "fill in what stands in double braces, or put it in quotes"
            braces = isinstance(event, yaml.MappingStartEvent)
            self._stop(
                "yaml-key", "a key must be plain text", event, hint if braces else "write a word before the colon"
            )
        if event.value == "<<" and event.implicit[0]:
            self._problem("yaml-merge-key", "the merge key << is not allowed", event, "write the members out")
        elif not isinstance(self._scalar(event), str):
            self._problem("yaml-key", f"the key `{event.value}` is not text", event, "put it in quotes")
        return str(event.value)

    def _scalar(self, event: Any) -> str | int | float | bool | None:
        text: str = event.value
        if match := _UNSEEN.search(text):
            self.problems.append(_unseen(match.group(), _start(event), text[: match.start()]))
        if not event.implicit[0]:  # quoted or a block: always text
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text) and len(text) <= 17:
            return int(text)
        if _FLOAT.fullmatch(text) and not _LEADING_ZERO.fullmatch(text):
            return float(text)
        return text


def _start(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1
