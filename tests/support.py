"""What several tests need: a fixed clock, the public test keys, a consumer's folder, schemas, and the command line as a process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sayso import spec
from sign_examples import SIGNED_AT, sign_example

ROOT = Path(__file__).parents[1]
CONSUMERS = ROOT / "examples" / "consumer"
ADA = CONSUMERS / "ada"
BASE = "https://ada.example/"
AT = SIGNED_AT  # 2026-11-21T09:00:00Z, in seconds
WHEN = "2026-11-21T09:00:00Z"
LATER = "2026-11-21T21:00:00Z"
PASSPHRASE = "correct horse"


def consumer(folder: Path, name: str = "ada", *, signed: bool = True) -> Path:
    """Copy an example into a folder, signed at ``AT`` with its public test key or not signed."""
    copy = folder / name
    shutil.copytree(CONSUMERS / name, copy, ignore=shutil.ignore_patterns("signed", "public"))
    if signed:
        sign_example(copy)
    return copy


def sayso(*arguments: str | Path, home: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own; ``home`` is the current folder, the home, and where keys lie."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "SSH_"))}
    environment["LC_ALL"] = "C.UTF-8"  # what people are asked, in English
    if home is not None:
        environment |= {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".data"),
            "SAYSO_PASSPHRASE": PASSPHRASE,
        }
    done = subprocess.run(
        [sys.executable, "-m", "sayso", *map(str, arguments)],
        cwd=home or ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    if "json" in arguments:  # whatever a test is about, the answer has its schema, and so has each line of many
        for answer in documents(done.stdout):
            validator("cli-output").validate(answer)
    return done


def documents(text: str) -> Iterator[Any]:
    """Give the JSON documents of a text, one after the other."""
    while text := text.lstrip():
        document, end = json.JSONDecoder().raw_decode(text)
        yield document
        text = text[end:]


@cache
def validator(name: str) -> Any:
    """Make what validates documents by one of our schemas, reading patterns as ECMA-262 does: $ is the very end."""

    def pattern(_validator: Any, text: str, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
        if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", text), instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {text!r}")

    schema = json.loads(spec.schema_text(name))
    kind: Any = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    extend: Any = jsonschema.validators.extend
    return extend(kind, {"pattern": pattern})(schema)


def corpus(path: str) -> Any:
    """Read a file of the external corpora; where they are not, the test is skipped, and says so."""
    file = Path(os.environ.get("SAYSO_EXTRA_VECTORS") or "not-set") / path
    if not file.is_file():
        pytest.skip(f"{path} is not there: set SAYSO_EXTRA_VECTORS to the folder of the external corpora")
    return json.loads(file.read_text("utf-8"))


def tree(folder: Path) -> dict[str, bytes]:
    """Give path and content of every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place in a file where a text stands."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), "utf-8")
