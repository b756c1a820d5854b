"""verify.js in a real browser: it passes every vector that needs no pin, and refuses what is damaged just as Python does."""

from __future__ import annotations

import base64
import json
import random
import re
import shutil
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from browser import chromium
from loopback_nginx import serve
from pages.verify_runner import VECTORS, VERIFY_JS, as_vector, in_python, open_runner, strange_members, write_runner
from sayso import spec
from sayso.trust.keylog import fingerprint
from sayso.trust.keys import PublicKey
from sayso.trust.verify import verify
from support import AT, BASE, consumer, corpus

KINDS = ("envelope", "keylog", "verify")  # those that say what step refuses a document, and have no pin
BATCH = 200
CHANGES = 120


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("runner")
    write_runner(folder)
    for kind in KINDS:
        shutil.copytree(VECTORS / kind, folder / kind)
    with serve(folder) as address, browser.new_page() as page:
        yield open_runner(page, f"http://{address}")


@cache
def every_vector() -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.rglob("*.json")) if path.parent != VECTORS]


def expected(kind: str) -> dict[str, Any]:
    """Give what each vector of a kind expects, by the path of its file."""
    paths = sorted((VECTORS / kind).glob("*.json"))
    return {f"{kind}/{path.name}": json.loads(path.read_text("utf-8"))["expect"] for path in paths}


def run_files(page: Page, paths: list[str], how: str = "(paths) => runFiles(paths)") -> dict[str, Any]:
    """Run vectors in the page, some at a time; gives the outcome of each by its path."""
    outcomes: dict[str, Any] = {}
    for start in range(0, len(paths), BATCH):
        some = paths[start : start + BATCH]
        outcomes |= dict(zip(some, page.evaluate(how, some), strict=True))
    return outcomes


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    folder = consumer(tmp_path_factory.mktemp("ada")) / "signed"
    return (folder / "profile.jwt").read_bytes(), (folder / "keys.jsonl").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_every_vector(page: Page, kind: str) -> None:
    """Each vector of a kind ends in a browser as it says, with its step and its code, and none is left out."""
    expectations = expected(kind)
    outcomes = run_files(page, [*expectations])
    wrong = {path: (outcomes[path], expect) for path, expect in expectations.items() if outcomes[path] != expect}
    assert not wrong
    assert len(outcomes) == sum(vector["kind"] == kind for vector in every_vector()) > 190


def test_no_kind_is_left_out() -> None:
    """The vectors of verification that are not run here are those with a pin or a history, which the page has not."""
    refusing = {vector["kind"] for vector in every_vector() if "step" in vector["expect"]}
    assert refusing == {*KINDS, "pin", "history"}


def test_a_profile_that_verifies(page: Page, signed: tuple[bytes, bytes]) -> None:
    """Of a profile that verifies the page learns what Python learns, and nobody can change it."""
    verified = verify(*signed, BASE, AT)
    told = page.evaluate(
        """async ({ input }) => {
          const told = await verify(bytes(input.profile_base64), bytes(input.keys_base64), input.base, input.at);
          const open = [];
          const look = (value) => {
            if (typeof value !== "object" || value === null) return;
            const heir = !Array.isArray(value) && Object.getPrototypeOf(value) !== null;
            if (heir || !Object.isFrozen(value)) open.push(value);
            Object.values(value).forEach(look);
          };
          look(told);
          return { ...told, payload: JSON.stringify(told.payload), open };
        }""",
        as_vector(*signed),
    )
    assert told == {
        "payload": verified.envelope.payload.decode(),
        "digest": verified.digest,
        "identity": verified.payload.identity,
        "kid": verified.kid,
        "keyEvent": verified.payload.key_event,
        "fingerprint": fingerprint(verified.payload.identity),
        "open": [],
    }


@pytest.mark.parametrize("which", ["profile", "keys"])
def test_every_changed_byte(page: Page, signed: tuple[bytes, bytes], which: str) -> None:
    """A file with one byte changed is refused by the page and by Python, at the same step and with the same code."""
    seed = random.SystemRandom().getrandbits(64)
    dice = random.Random(seed)
    place_of = ("profile", "keys").index(which)
    cases: list[tuple[bytes, bytes]] = []
    for _ in range(CHANGES):
        files = [bytearray(data) for data in signed]
        place = dice.randrange(len(files[place_of]))
        old = files[place_of][place]
        files[place_of][place] = dice.choice(
            [byte for byte in (old ^ 1, *b".\nA_", dice.randrange(256)) if byte != old]
        )
        cases.append((bytes(files[0]), bytes(files[1])))
    wanted = [in_python(*case) for case in cases]
    assert all("code" in outcome for outcome in wanted), f"seed {seed}"
    assert len({outcome["code"] for outcome in wanted}) >= 3, f"seed {seed}"
    assert page.evaluate("(cases) => run(cases)", [as_vector(*case) for case in cases]) == wanted, f"seed {seed}"


def test_signatures_as_others_test_them(page: Page) -> None:
    """Of the edge cases of Wycheproof and CCTV the page accepts exactly those signatures that Python accepts."""
    cases = [
        (bytes.fromhex(group["publicKey"]["pk"]), bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
        for group in corpus("wycheproof/ed25519_test.json")["testGroups"]
        for case in group["tests"]
        if len(case["sig"]) == 128  # of others, steps 2 and 4 have seen to the length
    ]
    cases += [
        (bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode())
        for case in corpus("cctv-ed25519/ed25519/ed25519vectors.json")
    ]
    verdicts = [PublicKey(key).verifies(signature, message) for key, signature, message in cases]
    assert len(cases) > 1_000
    assert 100 < sum(verdicts) < 200
    encoded = [[base64.b64encode(part).decode() for part in case] for case in cases]
    assert page.evaluate("(cases) => signatures(cases)", encoded) == verdicts


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_inherited(page: Page, signed: tuple[bytes, bytes], kind: str) -> None:
    """Each vector ends as it says also where every object of the page inherits members that it does not have."""
    expectations = expected(kind)
    members = json.dumps(strange_members(*signed))
    how = f"""async (paths) => {{
      const vectors = await Promise.all(paths.map(async (path) => (await fetch(path)).json()));
      return await polluted({members}, () => run(vectors));
    }}"""
    assert run_files(page, [*expectations], how) == expectations
    assert page.evaluate("Object.keys({}).length === 0 && ({}).floor === undefined && ({}).toJSON === undefined")


@pytest.mark.parametrize("given", ["profile", "keys", "at"])
def test_misuse(page: Page, given: str) -> None:
    """A file that is not bytes, or a clock that is no number, is an error of the caller, and never a profile that verifies."""
    values = {"profile": "new Uint8Array()", "keys": "new Uint8Array()", "at": "1"}
    for value in ("undefined", "null", "'1'", "NaN", "Infinity", "{}"):
        if given == "at" or value != "Infinity":
            arguments = values | {given: value}
            with pytest.raises(Error, match="TypeError"):
                page.evaluate(
                    f"verify({arguments['profile']}, {arguments['keys']}, {json.dumps(BASE)}, {arguments['at']})"
                )


def test_codes_are_listed() -> None:
    """Every code that verify.js refuses with is one of SPEC.md, at a step that it has there, and none but of step 10 is missing."""
    text = VERIFY_JS.read_text("utf-8")
    used = {(code, int(step)) for code, step in re.findall(r'refuse\("([a-z0-9-]+)", ([0-9]+),', text)}
    listed = {
        (code, int(step))
        for code, said in spec.codes()["verification"].items()
        for step in re.findall(r"[0-9]+", said.partition(":")[0])
    }
    assert {(code, step) for code, step in listed if step != 10} == used


def test_size() -> None:
    """verify.js is small enough for a page, asks for no other module, and makes no code or markup out of text."""
    text = VERIFY_JS.read_text("utf-8")
    assert len(text.encode()) < 20_480
    assert not re.search(r"\b(import\s*[({\"']|from \"|eval\(|Function\(|innerHTML|document\b)", text)
