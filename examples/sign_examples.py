"""Sign the example profiles with keys that everybody knows: for examples and tests, and for nothing else.

Seeds, clock and sources being fixed, this writes the same bytes each time; a test compares them with what is committed.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from sayso.publish.keys import new_keys
from sayso.publish.signing import prepare, sign
from sayso.publish.source_file import read_source
from sayso.trust.keyfile import PrivateKey
from sayso.trust.keylog import first_line

CONSUMERS = Path(__file__).parent / "consumer"
SIGNED_AT = 1_795_251_600  # 2026-11-21T09:00:00Z


def public_test_key(name: str) -> PrivateKey:
    """Make the key that a public text makes: whoever reads this line has it."""
    return PrivateKey(hashlib.sha256(f"sayso public test key: {name}".encode()).digest())


def sign_example(folder: Path, at: int = SIGNED_AT) -> None:
    """Give an example folder a first signed version."""
    shutil.rmtree(folder / "signed", ignore_errors=True)
    daily, spare = public_test_key(f"{folder.name} daily"), public_test_key(f"{folder.name} recovery")
    new_keys(folder, first_line(read_source(folder).data["me"]["url"], daily, [spare.public], at))
    sign(prepare(folder, lambda: at), daily)


def examples() -> list[Path]:
    """Give every folder with an example profile: those of consumers, and the one that the documentation shows."""
    return [*sorted(path for path in CONSUMERS.iterdir() if path.is_dir()), CONSUMERS.parents[1] / "site" / "demo"]


if __name__ == "__main__":
    for consumer in examples():
        sign_example(consumer)
        print(f"signed {consumer.name}")
