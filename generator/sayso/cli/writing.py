"""How answers, notes and errors are written: data to stdout, everything else to stderr. Knows nothing of click.

JSON comes in one envelope: ``{"version": 1, "command": …, "ok": true, "result": …}``, or ``"ok": false`` and ``"error"``
(``cli-output.schema.json``).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Any

from sayso.errors import DiskError, Problem, ProfileError, SaysoError, VerificationError

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


_NOT_ASCII_CONTROLS = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # which JSON does not escape by itself


def _as_json(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def envelope(
    command: str | None, result: Mapping[str, Any] | None, error: Mapping[str, Any] | None, *, indent: int | None = 2
) -> str:
    """Give the JSON of an answer, of an error, or of an error with what was found all the same; on one line without ``indent``."""
    import json

    parts = {"version": 1, "command": command, "ok": error is None, "result": result, "error": error}
    present = {name: part for name, part in parts.items() if part is not None}
    return _NOT_ASCII_CONTROLS.sub(_as_json, json.dumps(present, indent=indent, ensure_ascii=False))


def error_data(error: SaysoError) -> dict[str, Any]:
    """Give an error as JSON data."""
    details: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.hint:
        details["hint"] = error.hint
    if isinstance(error, VerificationError):
        details["step"] = error.step
    if isinstance(error, ProfileError):
        details |= {"path": error.name, "problems": [problem_data(problem) for problem in error.problems]}
    return details


def problem_data(problem: Problem) -> dict[str, Any]:
    """Give a problem as JSON data."""
    data = {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "line": problem.line,
        "column": problem.column,
    }
    return data | ({"hint": problem.hint} if problem.hint else {})


def note(message: str) -> None:
    """Say something on stderr that is neither data nor an error."""
    write(f"sayso: {message}", err=True)


def complain_error(error: SaysoError) -> None:
    """Say an error on stderr: one line, and what to do about it."""
    step = f" (step {error.step})" if isinstance(error, VerificationError) else ""
    complain(error.code, error.message + step, error.hint)


def complain(code: str, message: str, hint: str | None) -> None:
    """Say on stderr that something is wrong: one line, and what to do about it."""
    write(f"sayso: error: {code}: {message}", err=True)
    if hint:
        write(f"sayso: hint: {hint}", err=True)


def write(text: str, *, err: bool = False) -> None:
    """Write a line for people. What could move the cursor, or begin another line, is written as an escape."""
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    _write(_UNSEEN.sub(_escape, text).encode(encoding, "backslashreplace"), err=err)


def write_file(text: str) -> None:
    """Write what a program reads: as UTF-8, whatever the terminal's encoding, and with a line feed at the end."""
    _write(text.encode("utf-8", "replace"), err=False)


def _escape(match: re.Match[str]) -> str:
    return ascii(match.group())[1:-1]


def _write(line: bytes, *, err: bool) -> None:
    """Write. A reader who has gone away takes nothing from the answer: the exit code still says it."""
    stream = sys.stderr if err else sys.stdout
    if stream is None:  # somebody closed it before we began
        return
    try:
        stream.flush()
        stream.buffer.write(line + b"\n")
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2 if err else 1)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2 if err else 1)
        raise DiskError("disk", f"the answer cannot be written: {error.strerror}") from None
