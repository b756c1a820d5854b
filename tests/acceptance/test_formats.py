"""What `sayso check` finds reaches people's tools, every problem of every file at its place; and so do words and schemas."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml

from sayso.cli.formats import github, junit, sarif
from sayso.cli.output import Report
from sayso.errors import Problem
from support import CONSUMERS, ROOT, WHEN, sayso, validator

SARIF: dict[str, Any] = json.loads(
    (ROOT / ".tools/npm/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8")
)
ODD = "odd, 100 %: \u00fcber\n<&\"'>]]>.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a good profile, one with info only, one with a warning, two with errors, and a name that is odd."""
    minimal = (CONSUMERS / "minimal" / "profile.yml").read_text("utf-8")
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "profile.yml").write_text(minimal, "utf-8")
    (tmp_path / "info.yml").write_text(re.sub(r"(?m)^valid:.*", "valid: {for: P2W}", minimal), "utf-8")
    (tmp_path / "warning.yml").write_text(
        re.sub(r"(?m)^me:.*", "me: {url: https://ada.example/, name: Ada Example}", minimal), "utf-8"
    )
    (tmp_path / "wrong.yml").write_text(minimal.replace("signals:", "signal:"), "utf-8")
    (tmp_path / ODD).write_text("sayso: [1\n", "utf-8")
    return tmp_path


EVERY = ("good", "info.yml", "warning.yml", "wrong.yml", ODD, "missing.yml")


def test_one_bad_file_hides_no_other(folder: Path) -> None:
    """All files are checked, in the order in which they are named, whatever is wrong with one of them."""
    done = sayso("check", *EVERY, "--at", WHEN, "--format", "json", home=folder)
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert (answer["ok"], answer["error"]["code"]) == (False, "invalid-profile")
    assert [entry["path"] for entry in answer["result"]["files"]] == ["good/profile.yml", *EVERY[1:]]
    codes = [[problem["code"] for problem in entry["problems"]] for entry in answer["result"]["files"]]
    assert codes == [[], ["ends-soon"], ["full-name"], ["unknown-member"], ["yaml-syntax"], ["file-not-found"]]
    text = sayso("check", *EVERY, "--at", WHEN, home=folder)
    assert text.returncode == 1
    assert [
        line.partition(": ")[0] for line in text.stdout.splitlines() if re.match(r"(info|warning|wrong)\.yml", line)
    ] == [
        f"{entry['path']}:{entry['problems'][0]['line']}:{entry['problems'][0]['column']}"
        for entry in answer["result"]["files"][1:4]
    ]
    assert "sayso: error: file-not-found: there is no file missing.yml\n" in text.stderr
    assert text.stderr.endswith("sayso: 6 profiles: 3 errors, 1 warning, 1 info\n")


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (("good",), 0),
        (("info.yml",), 0),
        (("warning.yml",), 0),
        (("info.yml", "--strict"), 0),
        (("warning.yml", "--strict"), 1),
        (("wrong.yml",), 1),
        (("missing.yml",), 3),
        (("missing.yml", "good"), 3),
        (("missing.yml", "wrong.yml"), 1),
        (("**/profile.yml",), 0),
        (("w*.yml", "good"), 1),
        (("none*.yml",), 3),
        (("good", "good"), 0),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_exit_codes(arguments: tuple[str, ...], exit_code: int, form: str, folder: Path) -> None:
    """The exit code is the same in every format: 1 for an error, 3 if all that is wrong is that a file cannot be read."""
    done = sayso("check", *arguments, "--at", WHEN, "--format", form, home=folder)
    assert done.returncode == exit_code, done.stderr
    assert "Traceback" not in done.stderr


def test_sarif(folder: Path) -> None:
    """The log has the form that OASIS describes, and names every problem by its rule, at its place."""
    done = sayso("check", *EVERY, "--at", WHEN, "--format", "sarif", home=folder)
    log = json.loads(done.stdout)
    jsonschema.Draft4Validator(SARIF).validate(log)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    found = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        found.append((unquote(place["artifactLocation"]["uri"]), result["level"], result["ruleId"], "region" in place))
    assert found == [
        ("info.yml", "note", "ends-soon", True),
        ("warning.yml", "warning", "full-name", True),
        ("wrong.yml", "error", "unknown-member", True),
        (ODD, "error", "yaml-syntax", True),
        ("missing.yml", "error", "file-not-found", False),
    ]
    broken = json.loads(json.dumps(log).replace('"startLine"', '"line"'))
    assert not jsonschema.Draft4Validator(SARIF).is_valid(broken)


def test_junit(folder: Path) -> None:
    """A parser of JUnit's XML finds a case for every file, the failures, and what else was said; --strict adds the warning."""
    for strict, failing in ((), {"wrong.yml", ODD}), (("--strict",), {"warning.yml", "wrong.yml", ODD}):
        done = sayso("check", *EVERY, "--at", WHEN, "--format", "junit", *strict, home=folder)
        parsed = JUnitXml.fromstring(done.stdout.encode())
        cases = {case.name: case for suite in parsed for case in suite}
        assert set(cases) == {"good/profile.yml", *EVERY[1:]}
        assert {
            name for name, case in cases.items() if any(isinstance(item, Failure) for item in case.result)
        } == failing
        assert {name for name, case in cases.items() if any(isinstance(item, Error) for item in case.result)} == {
            "missing.yml"
        }
        assert (parsed.tests, parsed.failures, parsed.errors) == (6, len(failing), 1)
        assert "info: info.yml:" in cases["info.yml"].system_out


def test_github(folder: Path) -> None:
    """Every problem is one workflow command, and what it names is escaped as the runner wants."""
    done = sayso("check", *EVERY, "--at", WHEN, "--format", "github", home=folder)
    lines = done.stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::notice", "::warning", "::error", "::error", "::error"]
    odd = next(line for line in lines if "yaml-syntax" in line)
    properties = dict(part.split("=", 1) for part in odd.removeprefix("::error ").split("::")[0].split(","))
    assert set(properties) == {"file", "line", "col", "title"}
    for mark, character in (("%2C", ","), ("%3A", ":"), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        properties["file"] = properties["file"].replace(mark, character)
    assert properties["file"] == ODD
    assert sayso("check", "good", "--at", WHEN, "--format", "github", home=folder).stdout == ""


def test_what_xml_cannot_say() -> None:
    """A character that XML does not know, in a name or a message, spoils no format."""
    report = Report("a\x00\ufffe.yml", (Problem("yaml-syntax", "b\x01", 1, 1),))
    assert len([*JUnitXml.fromstring(junit([report], strict=False).encode())]) == 1
    assert json.loads(sarif([report]))["runs"][0]["results"]
    assert [*github([report])]


def test_vocab() -> None:
    """The words come with their meaning, are found by any part of it, and nothing found is a no."""
    found = json.loads(sayso("vocab", "--format", "json").stdout)["result"]
    assert [len(found[name]) for name in ("signals", "purposes", "channels", "categories", "stages")] == [
        54,
        33,
        12,
        26,
        7,
    ]
    history = next(word for word in found["signals"] if word["key"] == "purchase.history")
    assert history["mappings"]["dpv"] == {"match": "exact", "terms": ["pd:Purchase"]}
    assert "deprecated" not in history
    done = sayso("vocab", "signals", "--search", "BASKET")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines() if re.match("  [a-z]", line)][:2] == [
        "cart",
        "cart.contents",
    ]
    assert "must be named by itself" in sayso("vocab", "signals", "--search", "cross_site").stdout
    nothing = sayso("vocab", "--search", "xylophone")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert sayso("vocab", "colours").returncode == 2


@pytest.mark.parametrize("name", ["profile", "payload", "key-event", "decision", "cli-output", "context"])
def test_schema(name: str, tmp_path: Path) -> None:
    """A schema comes on standard output or into a file, the same, and is one."""
    shown = sayso("schema", name, home=tmp_path)
    assert shown.returncode == 0
    assert sayso("schema", name, "--write", "it.json", home=tmp_path).returncode == 0
    assert (tmp_path / "it.json").read_text("utf-8") == shown.stdout
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["it.json"]
    if name != "context":
        validator(name)


def test_schema_of_older_drafts(tmp_path: Path) -> None:
    """The source schema comes in draft-07 too; the command alone lists what there is; a folder that is not there is told."""
    assert json.loads(sayso("schema", "profile", "--draft7").stdout)["$schema"].startswith(
        "http://json-schema.org/draft-07/"
    )
    assert "cli-output" in sayso("schema").stdout
    assert sayso("schema", "payload", "--draft7").returncode == 2
    lost = sayso("schema", "profile", "--write", "no/it.json", home=tmp_path)
    assert (lost.returncode, lost.stderr.split(": ")[:3]) == (3, ["sayso", "error", "disk"])


def test_schema_diff(tmp_path: Path) -> None:
    """A word taken away breaks, another pattern is a doubt, a new member is neither; what is no schema is told."""
    old = json.loads(sayso("schema", "profile").stdout)
    for name, change, code in (
        ("same", lambda _: None, 0),
        ("wider", lambda schema: schema["properties"].update(more={"type": "string"}), 0),
        ("doubt", lambda schema: schema["$defs"]["day"].update(pattern="^[0-9-]{10}$"), 0),
        ("narrower", lambda schema: schema["$defs"]["signal"]["enum"].remove("cart"), 1),
    ):
        new = json.loads(json.dumps(old))
        change(new)
        (tmp_path / "old.json").write_text(json.dumps(old))
        (tmp_path / f"{name}.json").write_text(json.dumps(new))
        done = sayso("schema", "diff", "old.json", f"{name}.json", "--format", "json", home=tmp_path)
        assert done.returncode == code, done.stdout
        assert [change["severity"] for change in json.loads(done.stdout)["result"]["changes"]] == {
            "doubt": ["unknown"],
            "narrower": ["breaking"],
        }.get(name, [])
    assert sayso("schema", "diff", "old.json", "doubt.json", "--strict", home=tmp_path).returncode == 1
    (tmp_path / "none.json").write_text('{"type": "text"}')
    done = sayso("schema", "diff", "old.json", "none.json", home=tmp_path)
    assert (done.returncode, done.stderr.split(": ")[2]) == (2, "not-a-schema")


def test_standard_input(folder: Path) -> None:
    """A profile may come on standard input, beside files."""
    text = (folder / "wrong.yml").read_text("utf-8")
    done = sayso("check", "-", "good", "--at", WHEN, "--format", "json", home=folder, stdin=text)
    assert done.returncode == 1
    files = json.loads(done.stdout)["result"]["files"]
    assert [(entry["path"], entry["errors"]) for entry in files] == [("-", 1), ("good/profile.yml", 0)]


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_odd_names_and_encodings(form: str, encoding: str, folder: Path) -> None:
    """Neither a name that is no text, nor a terminal that has not all letters, nor a name too long, is taken for a bug."""
    emoji = folder / "emoji.yml"
    emoji.write_text("sayso: 1\n\U0001f97e: 1\n", "utf-8")
    names = [os.fsencode("emoji.yml"), b"not-\xff.yml", b"a" * 300, b"a" * 300 + b"*"]
    done = subprocess.run(
        [sys.executable, "-m", "sayso", "check", "--at", WHEN, "--format", form, *names],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert b"bug" not in done.stderr
    if form in ("json", "sarif"):
        assert "\U0001f97e" in json.dumps(json.loads(done.stdout.decode("utf-8")), ensure_ascii=False)
    if form == "junit":
        assert len([*JUnitXml.fromstring(done.stdout)]) == 1


def test_patterns_pass_over_what_is_no_file(folder: Path) -> None:
    """A pattern finds files, and folders that hold a profile; what else lies there is not opened."""
    os.mkfifo(folder / "pipe.yml")
    (folder / "empty").mkdir()
    done = sayso("check", "*", "--at", WHEN, "--format", "json", home=folder)
    paths = [entry["path"] for entry in json.loads(done.stdout)["result"]["files"]]
    assert sorted(paths) == sorted(["good/profile.yml", "info.yml", "warning.yml", "wrong.yml", ODD])


def test_nothing_begins_a_line_of_its_own(tmp_path: Path) -> None:
    """Line feeds and controls in names, keys and values are shown as escapes, so that they say nothing to a terminal or runner."""
    odd = tmp_path / "x\n::error title=pwn::owned"
    odd.mkdir()
    (odd / "profile.yml").write_text(
        'sayso: 1\nme: {url: "https://ada.example/\\n::add-mask::e"}\nvalid: {for: P6M}\n"q\\n::error title=pwn::owned": 1\n',
        "utf-8",
    )
    for form in ("text", "github"):
        done = sayso("check", odd.name, "--at", WHEN, "--format", form, home=tmp_path)
        assert done.returncode == 1
        lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        assert len([line for line in lines if "pwn" in line]) >= 3
        assert not [line for line in lines if re.match("::(error title=pwn|add-mask)", line)]
    done = sayso("check", "gone\n::error::", home=tmp_path)
    assert not [line for line in done.stderr.splitlines() if line.startswith("::")]
