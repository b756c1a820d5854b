"""Fetching: what a server answers when it is asked for the two files, and what a reader makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tables.case import Case

GOOD = {"status": 200, "headers": {}, "body": "x"}

# name, sentence, base URL, what is different about the answer for profile.jwt, code
TABLE: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("not-there", "What is not there is not found, and nothing is known.", "https://ada.example/", {"status": 404}, "not-found"),
    ("gone", "What is gone is not found either; that is no withdrawal.", "https://ada.example/", {"status": 410}, "not-found"),
    ("moved", "A redirect is not followed.", "https://ada.example/", {"status": 301, "headers": {"Location": "/sayso/keys.jsonl"}}, "redirect-refused"),
    ("moved-elsewhere", "A redirect to another place is not followed.", "https://ada.example/", {"status": 302, "headers": {"Location": "https://other.example/"}}, "redirect-refused"),
    ("no-content", "An answer with another status is not the file.", "https://ada.example/", {"status": 203}, "bad-status"),
    ("failed", "A server that fails does not say anything about the profile.", "https://ada.example/", {"status": 500}, "bad-status"),
    ("too-large", "Reading stops after 262,144 bytes.", "https://ada.example/", {"body": "x" * 262_145}, "answer-too-large"),
    ("encoded", "An encoding that was not asked for is refused.", "https://ada.example/", {"headers": {"Content-Encoding": "gzip"}}, "content-encoding"),
    ("plain-http", "A profile is fetched by https.", "http://ada.example/", {}, "not-https"),
]  # fmt: skip


def cases() -> Iterator[Case]:
    """Give the cases of fetching."""
    for name, description, base, answer, code in TABLE:
        given = {"base": base, "answers": {"sayso/profile.jwt": GOOD | answer, "sayso/keys.jsonl": GOOD}}
        yield Case(name, description, "SPEC.md#fetching", given, {"code": code})
