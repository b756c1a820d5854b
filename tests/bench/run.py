"""Measure speed as ratios to a peer or a limit, side by side in one run (``make bench``).

The two sides of each pair take turns, so that whatever else the machine does falls on both; what counts is the median of
each. No bar is enforced here: the figures are for reading.
"""

from __future__ import annotations

import base64
import gc
import html
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.jwk import KeySet

from sayso import Store, remember, spec, verify
from sayso.profile.model import Payload
from sayso.trust.keylog import read_keylog

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "tests")]

from bench.fetch import bench_fetch  # noqa: E402 - the folders are on the path only now
from bench.store import bench_store  # noqa: E402
from sign_examples import sign_example  # noqa: E402

ADA = ROOT / "examples" / "consumer" / "ada"
SIGNED = ADA / "signed"
AT = 1_795_251_600
BASE = "https://ada.example/"
BIN = Path(sys.executable).parent

CLICK = "import click\n@click.command()\n@click.version_option('1')\ndef main(): pass\nmain()\n"
THEME = "<!DOCTYPE html><title>{{ page.title }}</title>{{ page.content }}"


def seconds(action: Callable[[], object]) -> float:
    """Give how long an action takes; garbage is collected before and not meanwhile, as `timeit` has it."""
    gc.collect()
    gc.disable()
    begin = time.perf_counter()
    action()
    end = time.perf_counter()
    gc.enable()
    return end - begin


def compare(
    name: str, bar: str, ours: Callable[[], object], theirs: Callable[[], object], turns: int, *, speed: bool
) -> None:
    """Let two actions take turns and print their ratio: of speeds (more is better), or of times (less is better)."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(turns)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = other / mine if speed else mine / other
    print(f"{name:<58} {ratio:6.2f}   bar {bar:<9} ({mine * 1000:.3f} ms, {other * 1000:.3f} ms)")


def process(*command: str | Path, cwd: Path = ROOT) -> Callable[[], object]:
    """Give the action of running a whole process."""
    words = [str(word) for word in command]
    return lambda: subprocess.run(words, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def bench_verify(work: Path) -> None:
    """One profile of about 4 KB, from bytes in files to a typed payload, warm."""
    folder = work / "typical"
    shutil.copytree(ADA, folder, ignore=shutil.ignore_patterns("signed"))
    text = (folder / "profile.yml").read_text("utf-8")
    begin, end = text.index("  # --- reading ---"), text.index("\nrefusals:")
    (folder / "profile.yml").write_text(text[:begin] + text[end:], "utf-8")
    sign_example(folder)
    profile, keys = folder / "signed" / "profile.jwt", folder / "signed" / "keys.jsonl"
    print(f"verify: a payload of {(folder / 'signed' / 'profile.json').stat().st_size} bytes")
    event = json.loads(base64.urlsafe_b64decode(keys.read_bytes().split(b".")[1] + b"=="))
    raw = base64.urlsafe_b64decode(event["keys"][0]["x"] + "=")
    decoder = msgspec.json.Decoder(Payload)
    jwks = KeySet.import_key_set({"keys": event["keys"]})
    schema = jsonschema.Draft202012Validator(spec.schema("payload"))

    log = keys.read_bytes()

    def ours() -> object:
        for _ in range(100):
            verify(profile.read_bytes(), log, "https://ada.example/", AT)
        return None

    def anew() -> object:
        for _ in range(100):
            read_keylog.cache_clear()
            verify(profile.read_bytes(), keys.read_bytes(), "https://ada.example/", AT)
        return None

    def limit() -> object:
        for _ in range(100):
            signing_input, _, signature = profile.read_bytes().rpartition(b".")
            key = Ed25519PublicKey.from_public_bytes(raw)
            key.verify(base64.urlsafe_b64decode(signature + b"=="), signing_input)
            body = signing_input.partition(b".")[2]
            decoder.decode(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
        return None

    def joserfc() -> object:
        for _ in range(100):
            read: Any = jws.deserialize_compact(profile.read_text(), jwks, algorithms=["Ed25519"])
            schema.validate(json.loads(read.payload))
        return None

    compare("verify, key log known: speed against the bare limit", ">= 0.8", ours, limit, 20, speed=True)
    compare("verify, key log read anew: the same", "none", anew, limit, 20, speed=True)
    compare("verify: speed against joserfc, then jsonschema", ">= 20", ours, joserfc, 7, speed=True)


def bench_processes(work: Path) -> None:
    """Whole processes."""
    (work / "bare.py").write_text(CLICK)
    bare = process(sys.executable, work / "bare.py", "--version")
    compare(
        "sayso --version: time against a bare click program",
        "<= 1.5",
        process(BIN / "sayso", "--version"),
        bare,
        15,
        speed=False,
    )
    (work / "schema.json").write_text(json.dumps(spec.schema("profile")))
    source = ADA / "profile.yml"
    peer = process(BIN / "check-jsonschema", "--schemafile", work / "schema.json", source)
    compare(
        "sayso check: time against check-jsonschema",
        "<= 0.7",
        process(BIN / "sayso", "check", source, "--at", "2026-11-21"),
        peer,
        9,
        speed=False,
    )


def bench_ask(work: Path) -> None:
    """A question to a stored profile, as a whole process."""
    with Store(work / "one.sqlite") as store:
        remember(store, (SIGNED / "profile.jwt").read_bytes(), (SIGNED / "keys.jsonl").read_bytes(), BASE, AT)
    question = ("--company", "northpeak.example", "--signal", "purchase.history", "--purpose", "offers.personalised")
    words = ("ask", BASE, "--store", work / "one.sqlite", *question, "--at", "2026-11-21T09:00:00Z")
    compare(
        "sayso ask, stored: time against `import sqlite3`",
        "<= 3",
        process(BIN / "sayso", *words),
        process(sys.executable, "-c", "import sqlite3"),
        31,
        speed=False,
    )


def bench_build(work: Path) -> None:
    """The demo's site against sites of as many pages with the smallest theme: with the text of ours, and almost empty."""
    ours = process(BIN / "sayso", "build", ADA, "--output", work / "ours", "--at", "2026-11-21T09:00:00Z")
    ours()
    pages = [path.relative_to(work / "ours") for path in (work / "ours").rglob("index.html")]
    print(f"build: {len(pages)} pages")
    for name, bar, text_of in (("as long", "<= 1.3", _as_markdown), ("almost empty", "none", lambda _: "# A page\n")):
        site = work / name
        (site / "theme").mkdir(parents=True)
        for template in ("main.html", "404.html"):
            (site / "theme" / template).write_text(THEME)
        for page in pages:
            source = site / "docs" / page.with_suffix(".md")
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_text(text_of((work / "ours" / page).read_text("utf-8")), "utf-8")
        (site / "mkdocs.yml").write_text("site_name: Peer\ntheme: {name: null, custom_dir: theme}\nplugins: []\n")
        peer = process(BIN / "mkdocs", "build", "-q", cwd=site)
        compare(f"sayso build: time against mkdocs, pages {name}", bar, ours, peer, 9, speed=False)


def _as_markdown(page: str) -> str:
    """Write what a person reads on a page as Markdown: its headings, and all else as lists."""
    body = re.sub(r"<(svg|head|ul hidden)\b.*?</(?:svg|head|ul)>", "", page, flags=re.DOTALL)
    marked = re.sub(r"<h([1-3])[^>]*>", lambda found: f"\n\n{'#' * int(found[1])} ", body)
    marked = re.sub(r"</h[1-3]>", "\n\n", re.sub(r"<(?:li|p|tr|div|dd|dt)\b[^>]*>", "\n- ", marked))
    lines = html.unescape(re.sub(r"<[^>]+>", " ", marked)).splitlines()
    return "\n".join(line for line in lines if line.strip(" -")) + "\n"


def main() -> None:
    """Run every benchmark."""
    os.environ["PYTHONWARNINGS"] = "ignore"
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # what is installed has its bytecode beside it; so must what is measured
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as work:
        bench_verify(Path(work))
        bench_processes(Path(work))
        bench_ask(Path(work))
        bench_build(Path(work))
        bench_store(Path(work))
        bench_fetch(Path(work))


if __name__ == "__main__":
    main()
