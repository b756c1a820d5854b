"""Profiles as people get them wrong: each file has one fault, and exactly that is said, at its line.

The first line of a file says what is expected: ``# line N: code``, with N counted from 1 and this line included (0: the
file as a whole), and perhaps a dash and a sentence.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sayso import spec
from sayso.errors import Problem, SourceError
from sayso.profile.check import check
from sayso.profile.source import load
from support import AT, ROOT, WHEN, sayso

FILES = sorted((ROOT / "tests" / "broken").glob("*.yml"))

_EXPECTATION = re.compile(rb"(?:\xef\xbb\xbf)?# line ([0-9]+): ([a-z0-9-]+)(?: \xe2\x80\x94 [^\r\n]+)?\r?\n")
_WITHOUT_COMMENT = {"saved-as-utf-16.yml": (1, "source-encoding")}

# The first stands for all the others; a file for one of the rest would be tens of thousands of values, or 256 KiB, long.
_WITHOUT_FILE = {"invalid-profile", "yaml-nodes", "source-too-large"}


def expected(path: Path) -> tuple[int, str]:
    if path.name in _WITHOUT_COMMENT:
        return _WITHOUT_COMMENT[path.name]
    match = _EXPECTATION.match(path.read_bytes())
    assert match is not None, f"{path.name} does not say in its first line what is wrong with it"
    return int(match[1]), match[2].decode()


def problems(path: Path) -> tuple[Problem, ...]:
    try:
        return check(load(path.read_bytes(), path.name), AT)
    except SourceError as error:
        return error.problems


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_fault_is_one_problem_at_its_line(path: Path) -> None:
    """What is wrong with a profile is said once, with its code and its line, and nothing else is said."""
    assert [(problem.line, problem.code) for problem in problems(path)] == [expected(path)]


def test_the_command_says_it_of_all_files_at_once() -> None:
    """The command names file, line and code of every fault, exits with 1, and never breaks down."""
    paths = [str(path.relative_to(ROOT)) for path in FILES]
    done = sayso("check", *paths, "--at", WHEN)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not re.search(r"\bbug\b", done.stderr)
    said = done.stdout.splitlines()
    for path in paths:
        line, code = expected(ROOT / path)
        lines = [text for text in said if text.startswith(f"{path}:{line}:")]
        assert any(re.search(rf"(?<![\w-]){code}(?![\w-])", text) for text in lines), (path, line, code, lines)


def test_every_code_is_met() -> None:
    """Everything that can be wrong with a source has a file here, save what only a huge file can have."""
    groups = ("source", "check", "warning", "info")
    listed = {code for group in groups for code in spec.codes()[group]}
    assert {expected(path)[1] for path in FILES} == listed - _WITHOUT_FILE


def test_there_are_many() -> None:
    """At least sixty files are there, so that a mistaken folder cannot make the tests above hold."""
    assert len(FILES) >= 60
