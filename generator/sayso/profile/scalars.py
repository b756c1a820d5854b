"""Writing a text into YAML: what any reader of YAML reads back is the same text, and never a number, a date or a yes."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[^\W\d_]\w*(?:(?:-+|[. ])\w+)*")
_ADDRESS = re.compile(r"https://[a-z0-9.-]+/[A-Za-z0-9_~./-]*")
_OTHERWISE = frozenset(
    {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
)  # as some version of YAML reads them


def scalar(text: str) -> str:
    """Give the form in which a text stands in a line of YAML, in brackets too: as it is where that is safe, else in quotes."""
    if (_PLAIN.fullmatch(text) and text.lower() not in _OTHERWISE) or _ADDRESS.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)  # a string of JSON is one of YAML


def flow(texts: tuple[str, ...]) -> str:
    """Give a list of texts in brackets."""
    return f"[{', '.join(map(scalar, texts))}]"
