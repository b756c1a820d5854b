"""Fetching a list of profiles, with what is said meanwhile and in the end."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.memory import store_path
from sayso.cli.output import answer, envelope
from sayso.cli.writing import note, write, write_file
from sayso.errors import FetchError
from sayso.profile.addresses import canonical_base
from sayso.profile.hints import count
from sayso.reader.store import Store

if TYPE_CHECKING:
    from sayso.reader.runs import Result, Run

_MANY = 64  # addresses from which on other processes verify: to begin them takes longer than to verify some
_MAX_LINE = 4096  # characters; no address has as many


def fetch_many(
    urls: Iterable[str],
    lists: Iterable[str],
    store_file: Path | None,
    via: str | None,
    at: int | None,
    form: str,
    *,
    evidence: bool,
    anew: bool,
    handed_over: bool,
    contact: str | None,
    at_once: int,
    per_host: int,
    rate: float,
    dry_run: bool,
) -> int:
    """Fetch every address that is named, tell what came of each, and give the exit code."""
    from sayso.reader.collect import collect
    from sayso.reader.http import Loopback, Network
    from sayso.reader.runs import Run
    from sayso.reader.transfers import Crawl, Politeness
    from sayso.reader.workers import Workers

    if via and store_file is None:
        raise click.UsageError(
            "--unsafe-http-via needs a --store of its own: what it pretends to be is not to be remembered"
        )

    def clock() -> int:
        return int(time.time()) if at is None else at

    network = Network(Loopback.parse(via) if via else None, contact=contact)
    politeness = Politeness(at_once=at_once, per_host=per_host, per_second=rate)
    bad: list[str] = []
    told: Counter[str] = Counter()
    good = 0
    with _store(store_file, dry_run=dry_run) as store, Workers(0 if dry_run else _processors()) as workers:
        bases = _when_many(_canonical(_addresses(urls, lists), bad), workers.begin)
        run = Run(store, bases, clock(), anew=anew)
        if dry_run:
            return _tell_plan(run, bad, form)
        run.begin()
        if run.done:
            note(f"going on with a run that was broken off: {run.done} of {run.total} are done (--anew begins again)")
        with (
            Crawl(network, politeness, robots=not handed_over) as crawl,
            _progress(run.total + len(bad)) as bar,
        ):
            fresh = collect(store, run, crawl, workers, clock, evidence=evidence)
            for results in chain([_refused(bad)], run.earlier(), fresh):
                good += sum(result.good for result in results)
                told.update(result.outcome for result in results)
                _tell(results, form)
                bar.update(len(results))
        run.end()
    total = sum(told.values())
    summary = ", ".join(f"{number} {outcome}" for outcome, number in told.most_common())
    note(f"{count(total, 'address', 'addresses')}: {summary}" if total else "there was no address to fetch")
    if good == total:
        return 0
    return 4 if good else 3 if any(_not_had(outcome) for outcome in told) else 1


@contextmanager
def _store(file: Path | None, *, dry_run: bool) -> Iterator[Store]:
    """Open the store; where nothing is to be done and there is none, an empty one that nobody sees."""
    with tempfile.TemporaryDirectory(prefix="sayso-") as folder:
        path = store_path(file)
        with Store(Path(folder) / "store.sqlite" if dry_run and not path.exists() else path) as store:
            yield store


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _when_many(bases: Iterable[str], begin: Callable[[], None]) -> Iterator[str]:
    """Pass addresses on, and begin something meanwhile when they are many."""
    for number, base in enumerate(bases, 1):
        if number == _MANY:
            begin()
        yield base


def _refused(bad: list[str]) -> list[Result]:
    """Give the results for what cannot be an address."""
    from sayso.reader.runs import Result

    hint = "an address looks like https://ada.example/ or https://people.example/ada/"
    return [
        Result(text, "bad-base-url", message=f"`{text}` cannot be the address of a profile", hint=hint) for text in bad
    ]


def _addresses(urls: Iterable[str], lists: Iterable[str]) -> Iterator[str]:
    """Give what is named, without empty lines and remarks."""
    yield from urls
    for name in lists:
        try:
            with click.open_file(name, encoding="utf-8-sig", errors="replace") as file:
                while line := file.readline(_MAX_LINE):
                    text = line.strip()
                    whole = line.endswith("\n") or len(line) < _MAX_LINE
                    if (text or not whole) and not text.startswith("#"):
                        yield text if whole else text + "…"
                    while len(line) == _MAX_LINE and not line.endswith("\n"):  # the rest is no address of its own
                        line = file.readline(_MAX_LINE)
        except FileNotFoundError:
            raise FetchError("file-not-found", f"there is no file {name}") from None
        except OSError as error:
            raise FetchError("file-unreadable", f"{name} cannot be read: {error.strerror}") from None


def _canonical(texts: Iterable[str], bad: list[str]) -> Iterator[str]:
    for text in texts:
        base = canonical_base(text)
        if base is None:
            bad.append(text)
        else:
            yield base


def _tell_plan(run: Run, bad: list[str], form: str) -> int:
    result = {"addresses": run.total, "known": run.known(), "done": run.done, "bad": len(bad)}
    lines = [
        f"{count(run.total, 'address', 'addresses')} would be asked for two files each, and their hosts for robots.txt",
        f"{run.known()} of them are known: their files only if they changed",
    ]
    if run.done:
        lines.append(f"{run.done} of them are done, and would not be asked")
    lines += [f"not an address: {text}" for text in bad]
    answer(form, result, lines)
    return 0 if not bad else 4


def _tell(results: list[Result], form: str) -> None:
    if form == "json":
        if results:
            write_file("\n".join(_line(result) for result in results))
        return
    for result in results:
        said = f"version {result.sequence}" if result.sequence and result.good else result.message or ""
        write(f"{result.outcome}  {result.base}  {said}".rstrip())


def _line(result: Result) -> str:
    """Give the line of JSON that tells what came of an address."""
    data: dict[str, Any] = {"base": result.base, "outcome": result.outcome}
    for name in ("sequence", "digest", "missed", "earlier"):
        if value := getattr(result, name):
            data[name] = value
    error = None
    if not result.good:
        error = {"code": result.outcome, "message": result.message or "", "hint": result.hint, "step": result.step}
        error = {name: value for name, value in error.items() if value is not None}
    return envelope(data, error, indent=None)


def _progress(length: int) -> Any:
    """Give a progress bar, to be seen by somebody at a terminal who does not see the lines of the answer there."""
    hidden = sys.stderr is None or not sys.stderr.isatty() or (sys.stdout is not None and sys.stdout.isatty())
    return click.progressbar(length=length, file=sys.stderr, hidden=hidden, show_pos=True, width=24)


def _not_had(outcome: str) -> bool:
    from sayso import spec

    return outcome in spec.codes()["fetch"]
