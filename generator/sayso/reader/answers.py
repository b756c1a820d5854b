"""What the header lines of an answer say: whether the file comes encoded, how to ask for it again, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_VALIDATOR = 1000  # characters
_ENCODING = re.compile(rb"\n(?:content|transfer)-encoding[ \t]*:[ \t]*([^\r\n]*)")
_HARMLESS = (b"", b"identity", b"chunked")
FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a host said to name a version of a file by; what is long, or would not fit in a line, is dropped."""

    etag: str | None
    last_modified: str | None

    def __post_init__(self) -> None:
        """Drop what is no plain text of some length: it would be sent back in a line of its own."""
        for name in ("etag", "last_modified"):
            text = getattr(self, name)
            if text is not None and not (0 < len(text) <= MAX_VALIDATOR and text.isascii() and text.isprintable()):
                object.__setattr__(self, name, None)

    def conditions(self) -> list[str]:
        """Give the header lines that ask for the file only if it is another one; none where there is nothing to name it by."""
        lines = []
        if self.etag is not None:
            lines.append(f"If-None-Match: {self.etag}")
        if self.last_modified is not None:
            lines.append(f"If-Modified-Since: {self.last_modified}")
        return lines


def validators(head: bytearray) -> Validators | None:
    """Give what an answer names its version by, if anything."""
    small = head.lower()
    etag, modified = _value(head, small, b"\netag:"), _value(head, small, b"\nlast-modified:")
    if etag is None and modified is None:
        return None
    found = Validators(etag, modified)
    return found if found.etag is not None or found.last_modified is not None else None


def is_encoded(head: bytearray) -> bool:
    """Tell whether an answer comes in an encoding, of its content or on its way."""
    small = head.lower()
    if b"-encoding" not in small:
        return False
    return any(value.strip() not in _HARMLESS for value in _ENCODING.findall(small))


def retry_after(head: bytearray, now: float) -> float | None:
    """Give the seconds that an answer asks to wait, at an instant (seconds, UTC); nothing where it names none that is to come."""
    text = _value(head, head.lower(), b"\nretry-after:")
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 10 else FOREVER
    from email.utils import parsedate_to_datetime

    try:
        wait = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return wait if wait > 0 else None


def _value(head: bytearray, small: bytearray, name: bytes) -> str | None:
    at = small.rfind(
        name, max(small.rfind(b"\nhttp/"), 0)
    )  # in the last answer: before it are a proxy's, and interim ones
    if at < 0:
        return None
    at += len(name)
    end = small.find(b"\n", at)
    return head[at : end if end >= 0 else len(head)].decode("latin-1").strip()
