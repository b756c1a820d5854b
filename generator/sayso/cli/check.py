"""The command that everybody runs most: check."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path
from typing import Any

import click

from sayso.cli.output import Report, at_option, envelope, format_option_of, show_problems
from sayso.cli.writing import complain, note, problem_data, write_file


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--strict", is_flag=True, help="Let a warning count as an error.")
@at_option
@format_option_of("text", "json", "github", "sarif", "junit")
@click.pass_context
def check(ctx: click.Context, paths: tuple[str, ...], strict: bool, at: int, form: str) -> None:
    """Tell everything that is wrong with profiles, with its lines.

    PATH is a profile, a folder that holds a profile.yml, a pattern such as 'people/**/profile.yml' (in quotes), or - for
    standard input; the current folder if not given. Exit code 1 if there is an error, 3 if a file cannot be read. A
    warning may be a slip; an info is for knowing.

    \b
    Example: sayso check examples/consumer/ada
    """
    reports = [_report(path, at) for path in dict.fromkeys(_files(paths or (".",)))]
    failing = [report for report in reports if report.count("error") or (strict and report.count("warning"))]
    code = 1 if any(report.readable for report in failing) else 3 if failing else 0
    if form == "json":
        write_file(envelope(_data(reports), _error(reports, failing) if failing else None))
    elif form == "text":
        for report in reports:
            if report.readable:
                show_problems(report.name, report.problems, err=False)
            else:
                complain(report.problems[0].code, report.problems[0].message, report.problems[0].hint)
    else:
        for text in _texts(form, reports, strict):
            write_file(text)
    if any(report.readable for report in reports):
        counted = (
            "; with --strict a warning is an error" if failing and not any(r.count("error") for r in reports) else ""
        )
        note(_summary(reports) + counted)
    if form == "text" and not failing and (folder := _folder_of(reports)) is not None:
        note(f"next: see it (sayso preview {folder}), and sign it (sayso sign {folder})")
    ctx.exit(code)


def _folder_of(reports: list[Report]) -> Path | None:
    """Give the folder that was meant; None where several were, or a file that is nobody's profile.yml."""
    from sayso.publish.source_file import SOURCE

    path = Path(reports[0].name) if len(reports) == 1 else None
    return path.parent if path is not None and path.name == SOURCE else None


def _texts(form: str, reports: list[Report], strict: bool) -> Iterable[str]:
    from sayso.cli import formats

    if form == "github":
        return formats.github(reports)
    return [formats.sarif(reports) if form == "sarif" else formats.junit(reports, strict=strict)]


def _files(paths: tuple[str, ...]) -> Iterator[Path]:
    """Give the files that are meant; a pattern that matches nothing stands for itself, and is not found."""
    from sayso.disk import is_folder
    from sayso.publish.source_file import SOURCE

    for path in paths:
        is_pattern = has_magic(path) and not os.path.lexists(path)
        found = sorted(glob(path, recursive=True)) if is_pattern else []  # noqa: PTH207 - an absolute pattern works too
        for file in (Path(name) for name in found or [path]):
            if is_folder(file):
                if not found or (file / SOURCE).is_file():
                    yield file / SOURCE
            elif not found or file.is_file():
                yield file


def _report(path: Path, at: int) -> Report:
    from sayso.disk import MAX_READ, is_folder
    from sayso.errors import FetchError, Problem, SourceError
    from sayso.profile.check import check as check_source
    from sayso.profile.source import load
    from sayso.publish.source_file import SOURCE, beginning, read_source

    try:
        source = load(sys.stdin.buffer.read(MAX_READ), "-") if str(path) == "-" else read_source(path)
        return Report(str(path), check_source(source, at))
    except SourceError as error:
        return Report(str(path), error.problems)
    except FetchError as error:
        hint = "name a profile, the folder that holds a profile.yml, or a pattern such as 'people/*.yml'"
        if path.name == SOURCE and is_folder(path.parent):
            hint = beginning(path.parent)
        return Report(str(path), (Problem(error.code, error.message, hint=hint),), readable=False)


def _data(reports: list[Report]) -> dict[str, Any]:
    return {
        **_counts(reports),
        "files": [
            {
                "path": report.name,
                **_counts([report]),
                "problems": [problem_data(problem) for problem in report.problems],
            }
            for report in reports
        ],
    }


def _error(reports: list[Report], failing: list[Report]) -> dict[str, Any]:
    unread = [report.problems[0] for report in failing if not report.readable]
    if len(unread) == len(failing):
        return {"code": unread[0].code, "message": unread[0].message, "hint": unread[0].hint}
    wrong = len(failing) - len(unread)
    message = _summary(reports) if len(reports) == 1 else f"{wrong} of {len(reports)} profiles are not right"
    return {"code": "invalid-profile", "message": message}


def _counts(reports: list[Report]) -> dict[str, int]:
    return {
        "errors": sum(report.count("error") for report in reports),
        "warnings": sum(report.count("warning") for report in reports),
        "infos": sum(report.count("info") for report in reports),
    }


def _summary(reports: list[Report]) -> str:
    from sayso.profile.hints import count

    name = reports[0].name if len(reports) == 1 else f"{len(reports)} profiles"
    counts = _counts(reports)
    said = [count(number, noun[:-1]) for noun, number in counts.items() if number or noun != "infos"]
    return f"{name}: {', '.join(said)}"
