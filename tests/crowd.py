"""Many people with signed profiles of about 4 KB, each with keys and an address of their own, as a web server finds them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sayso import Store, remember
from sayso.profile import model
from sayso.profile.model import Payload
from sayso.trust.envelope import digest, seal
from sayso.trust.keylog import first_line, read_keylog
from sayso.trust.keys import PublicKey
from sayso.trust.verify import TYP

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "examples"))

from loopback_nginx import free_port, run_nginx  # noqa: E402 - the folder is on the path only now

AT = 1_795_251_600
DAY = 86_400

# Each host has a folder of its own, by its name.
SERVER = """
log_format asked "$host $uri $status";
server {{ listen 127.0.0.1:{port}; root {root}/$host; error_page 404 /404.html; keepalive_requests 1000000; {more} }}
"""


class Key:
    """A key made from a text."""

    def __init__(self, seed: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
        self.public = PublicKey(self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        return self._private.sign(message)


RECOVERY = Key("recovery of all of them").public


@lru_cache(maxsize=1)
def ada() -> Payload:
    """Give Ada's payload without some of her grants: about 4 KB."""
    payload = model.read((ROOT / "examples" / "consumer" / "ada" / "signed" / "profile.json").read_bytes())
    return msgspec.structs.replace(payload, grants=payload.grants[:8], refusals=payload.refusals[:3])


def base_of(number: int) -> str:
    """Give the base URL of a person by number."""
    return f"https://p{number:06}.example/"


def person(
    number: int, sequence: int = 1, change: Callable[[Payload], Payload] = lambda payload: payload, **members: Any
) -> tuple[bytes, bytes]:
    """Give the bytes of ``profile.jwt`` and ``keys.jsonl`` of a person; each version follows the one before."""
    key, base = Key(f"person {number}"), base_of(number)
    keys = first_line(base, key, [RECOVERY], AT - DAY)
    log = read_keylog(keys)
    previous = None
    for version in range(1, sequence + 1):
        payload = msgspec.structs.replace(
            ada(), sub=base, identity=log.identity, key_event=log.head, sequence=version, previous=previous,
            iat=AT - DAY + version, exp=AT + 180 * DAY, subject=model.Subject(name=f"Person {number}"),
        )  # fmt: skip
        if version == sequence:
            payload = change(msgspec.structs.replace(payload, **members))
        profile = seal(model.encode(payload), TYP, key)
        previous = digest(profile.rpartition(b".")[0])
    return profile, keys


_older = count(DAY)


def meet(store: Store, *numbers: int) -> None:
    """Let a store see Ada and some people, each for the first time, at ``AT``."""
    signed = ROOT / "examples" / "consumer" / "ada" / "signed"
    remember(
        store, (signed / "profile.jwt").read_bytes(), (signed / "keys.jsonl").read_bytes(), "https://ada.example/", AT
    )
    for number in numbers:
        remember(store, *person(number), base_of(number), AT)


def publish(root: Path, number: int, files: tuple[bytes, bytes]) -> None:
    """Put the two files of a person where the server finds them."""
    folder = root / f"p{number:06}.example" / "sayso"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in zip(("profile.jwt", "keys.jsonl"), files, strict=True):
        fresh = folder / f".{name}"
        fresh.write_bytes(data)
        os.utime(fresh, (AT, AT - next(_older)))  # nginx tells files apart by second and size
        fresh.replace(folder / name)


def crowd(root: Path, number: int) -> list[str]:
    """Publish that many people, and give their base URLs."""
    for one in range(number):
        publish(root, one, person(one))
    return [base_of(one) for one in range(number)]


@contextmanager
def served(root: Path, log: Path | None = None, *, before: str = "", more: str = "") -> Iterator[str]:
    """Serve all of them by one real nginx on loopback; gives ``address:port``.

    Each request gets a line in ``log``: host, path and status. What nginx is told besides may come ``before`` the server,
    and as ``more`` of it.
    """
    port = free_port()
    if log is not None:
        more = f"access_log {log} asked; {more}"
    with run_nginx(before + SERVER.format(port=port, root=root.resolve(), more=more), port):
        yield f"127.0.0.1:{port}"


def asked(log: Path) -> list[tuple[str, str, int]]:
    """Give the requests in a log, in their order: base URL, path below it, and status."""
    lines = [line.split(" ") for line in log.read_text().splitlines()] if log.exists() else []
    return [(f"https://{host}/", path[1:], int(status)) for host, path, status in lines]
