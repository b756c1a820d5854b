"""A page that runs verify.js, as a folder to serve, and what would lead astray one who asks objects that inherit."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from sayso.errors import VerificationError
from sayso.trust.envelope import open_envelope
from sayso.trust.keylog import TYP as EVENT
from sayso.trust.verify import TYP as PROFILE
from sayso.trust.verify import verify
from support import AT, BASE, ROOT

VECTORS = ROOT / "profile_spec" / "vectors"
VERIFY_JS = ROOT / "site" / "sayso_theme" / "js" / "verify.js"
RUNNER = "verify_runner.html"

# What verify.js does not give out, for vectors of an envelope, of a key log, and of a signature alone.
_INSIDE = "checkSizes, openEnvelope, checkSignature, readKeyLog, digestOf, thumbprint, letters, isSigned"


def write_runner(folder: Path) -> None:
    """Put into a folder the page that runs vectors, verify.js, and verify.js with its inside given out."""
    for name in (RUNNER, "verify_runner.js"):
        shutil.copy(ROOT / "tests" / "pages" / name, folder)
    shutil.copy(VERIFY_JS, folder)
    (folder / "steps.js").write_text(f"{VERIFY_JS.read_text('utf-8')}\nexport {{ {_INSIDE} }};\n", "utf-8")


def open_runner(page: Page, origin: str) -> Page:
    """Go to the runner that is served at an origin, and wait until it can run."""
    page.goto(f"{origin}/{RUNNER}")
    page.wait_for_function("globalThis.polluted !== undefined")
    return page


def as_vector(profile: bytes, keys: bytes) -> dict[str, Any]:
    """Put two files into the form of a vector, as fetched from where Ada's are published."""
    files = {"profile_base64": base64.b64encode(profile).decode(), "keys_base64": base64.b64encode(keys).decode()}
    return {"kind": "verify", "input": {**files, "base": BASE, "at": AT}}


def in_python(profile: bytes, keys: bytes) -> dict[str, Any]:
    """Verify two files as Ada's, by Python; gives what a page that runs them as a vector should tell."""
    try:
        verified = verify(profile, keys, BASE, AT)
    except VerificationError as error:
        return {"step": error.step, "code": error.code}
    return {"digest": verified.digest, "identity": verified.keylog.identity}


def strange_members(profile: bytes, keys: bytes) -> dict[str, Any]:
    """Give members that would pass for those that a document lacks, for entries of a list, or for options."""
    payload = json.loads(open_envelope(profile, PROFILE).payload)
    event = json.loads(open_envelope(keys.splitlines()[0], EVENT).payload)
    [key] = event["keys"]
    options = {"method": "POST", "body": "x", "integrity": "sha256-x", "fatal": False, "ignoreBOM": False, "at": 0}
    names = ("-1", "0", "1", "undefined", "open_to", "to", "id", "domain", "never", "d", "length")
    floor = {"floor": {"sequence": 10**6, "digest": payload["identity"]}}
    return {**options, **payload, **event, **key, **floor, **dict.fromkeys(names, key)}
