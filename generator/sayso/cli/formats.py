"""The forms in which `sayso check` writes what it found, for people's tools: GitHub, SARIF, JUnit.

Pure: reports go in, text comes out. Each names every file that was checked, and every problem at its place.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from sayso import __version__, spec
from sayso.cli.output import Report
from sayso.errors import Problem

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}
_SARIF = {"error": "error", "warning": "warning", "info": "note"}


def github(reports: Iterable[Report]) -> Iterator[str]:
    """Give workflow commands, a line each, which a GitHub runner shows as annotations beside the lines."""
    for report in reports:
        for problem in report.problems:
            place = {"file": report.name, "line": problem.line, "col": problem.column, "title": problem.code}
            given = ",".join(f"{name}={_property(value)}" for name, value in place.items() if value)
            yield f"::{_GITHUB[problem.severity]} {given}::{_data(_sentence(problem))}"


def sarif(reports: Iterable[Report]) -> str:
    """Write a SARIF 2.1.0 log (OASIS): one run, a rule for every code, a result for every problem."""
    listed = {code: text for group in ("source", "check", "warning", "info", "fetch") for code, text in _codes(group)}
    index = {code: number for number, code in enumerate(listed)}
    levels = {code: _SARIF[group] for group in ("warning", "info") for code, _ in _codes(group)}
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": index[problem.code],
            "level": _SARIF[problem.severity],
            "message": {"text": _sentence(problem)},
            "locations": [{"physicalLocation": _location(report.name, problem)}],
        }
        for report in reports
        for problem in report.problems
    ]
    driver = {
        "name": "sayso",
        "version": __version__,
        "rules": [
            {
                "id": code,
                "shortDescription": {"text": text},
                "defaultConfiguration": {"level": levels.get(code, "error")},
            }
            for code, text in listed.items()
        ],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def junit(reports: Sequence[Report], *, strict: bool) -> str:
    """Write JUnit's XML: a test case for every file, a failure for every error, and for every warning if they count."""
    failing = ("error", "warning") if strict else ("error",)
    cases = []
    for report in reports:
        case = ElementTree.Element("testcase", classname="sayso.check", name=_xml(report.name), file=_xml(report.name))
        others = []
        for problem in report.problems:
            text = f"{report.name}:{problem.line}:{problem.column}: {problem.code} {_sentence(problem)}"
            if not report.readable:
                ElementTree.SubElement(case, "error", type=problem.code, message=_xml(problem.message)).text = _xml(
                    text
                )
            elif problem.severity in failing:
                ElementTree.SubElement(case, "failure", type=problem.code, message=_xml(problem.message)).text = _xml(
                    text
                )
            else:
                others.append(f"{problem.severity}: {text}")
        if others:
            ElementTree.SubElement(case, "system-out").text = _xml("\n".join(others))
        cases.append(case)
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    suites = ElementTree.Element("testsuites", counts)
    ElementTree.SubElement(suites, "testsuite", counts, name="sayso check").extend(cases)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode")


def _sentence(problem: Problem) -> str:
    return problem.message + (f"; {problem.hint}" if problem.hint else "")


def _codes(group: str) -> Iterable[tuple[str, str]]:
    return spec.codes()[group].items()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")


def _location(name: str, problem: Problem) -> dict[str, Any]:
    path = PurePath(name)
    uri = path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    return place | ({"region": {"startLine": problem.line, "startColumn": problem.column}} if problem.line else {})


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
