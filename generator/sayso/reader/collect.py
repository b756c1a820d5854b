"""Collect: fetch many profiles, verify them on every processor, and keep them in a store.

What came of an address is in the store before it is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import partial

import msgspec

from sayso.errors import FetchError, VerificationError
from sayso.reader.client import HALF_NEW
from sayso.reader.record import Record
from sayso.reader.runs import Left, Result, Run
from sayso.reader.store import NO_MARKS, Marks, Store
from sayso.reader.transfers import Crawl, Files, Validators, Wanted
from sayso.reader.workers import Job, Judgement, Workers
from sayso.trust.pin import Pin
from sayso.trust.pins import CONTRADICTIONS, Contradiction, remember

BATCH = 32  # profiles that are verified together
AHEAD = 16 * BATCH  # profiles that may wait for being verified
COMMIT = 256  # results that are written together
_WORTH_KEEPING = CONTRADICTIONS | {"expired"}  # files that were refused: a host could make any number of others
TELL = 0.25  # seconds after which what is there is written and told


@dataclass(frozen=True, slots=True)
class _Asked:
    """An address that is being fetched, and the pin of it; ``again`` if it is fetched a second time."""

    base: str
    before: Pin | None
    marks: Marks
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Fetched:
    """An address whose two files are there."""

    asked: _Asked
    job: Job
    marks: Marks


def collect(
    store: Store, run: Run, crawl: Crawl, workers: Workers, clock: Callable[[], int], *, evidence: bool = False
) -> Iterator[list[Result]]:
    """Fetch, verify and keep every address of a run that is not done yet, and give what came of them as it is written.

    ``clock`` gives the instant (seconds, UTC). Raises DiskError where the store fails; what was told before stays done.
    """
    yield from _Collector(store, crawl, workers, clock, evidence=evidence).collect(run.left())


class _Collector:
    """What is on its way: being fetched, fetched, being verified, done."""

    def __init__(
        self, store: Store, crawl: Crawl, workers: Workers, clock: Callable[[], int], *, evidence: bool
    ) -> None:
        self._store, self._crawl, self._workers, self._clock, self._evidence = store, crawl, workers, clock, evidence
        self._asked: dict[str, _Asked] = {}
        self._fetched: list[_Fetched] = []
        self._judging: dict[Future[list[Judgement]], list[_Fetched]] = {}
        self._done: list[Callable[[], Result]] = []  # what is to be written, and then told

    def collect(self, addresses: Iterator[Left]) -> Iterator[list[Result]]:
        left = next(addresses, None)
        told = time.monotonic()
        while left or self._asked or self._fetched or self._judging or self._done:
            while left and self._crawl.room() > 0 and len(self._judging) * BATCH + len(self._fetched) < AHEAD:
                self._ask(_Asked(left.base, left.pin, left.marks))
                left = next(addresses, None)
            if self._asked:
                for wanted, got in self._crawl.step(0.005 if self._judging else 0.1):
                    self._take(self._asked.pop(wanted.base), got)
            while len(self._fetched) >= BATCH or (self._fetched and not self._asked):
                self._judge()
            self._gather(wait_for_one=not self._asked)
            over = not (left or self._asked or self._fetched or self._judging)
            if self._done and (over or len(self._done) >= COMMIT or time.monotonic() - told > TELL):
                yield self._write()
                told = time.monotonic()

    def _ask(self, asked: _Asked) -> None:
        self._asked[asked.base] = asked
        marks = asked.marks
        self._crawl.add(
            Wanted(
                asked.base,
                _validators(marks.profile_etag, marks.profile_modified),
                _validators(marks.keys_etag, marks.keys_modified),
            )
        )

    def _take(self, asked: _Asked, got: Files | FetchError) -> None:
        at = self._clock()
        if isinstance(got, FetchError):
            self._done.append(partial(self._note, asked, at, got))
        elif got.profile is None and got.keys is None:
            self._done.append(partial(self._note, asked, at, None))
        else:
            profile, keys = got.profile, got.keys
            if profile is None or keys is None:  # one of them is as it was
                seen = self._store.get(asked.base)
                if seen is None:  # somebody forgot it meanwhile
                    return self._ask(_Asked(asked.base, None, NO_MARKS))
                profile, keys = profile or seen.profile, keys or seen.keys
            marks = Marks(
                *_marks(got.profile, got.profile_validators, asked.marks.profile_etag, asked.marks.profile_modified),
                *_marks(got.keys, got.keys_validators, asked.marks.keys_etag, asked.marks.keys_modified),
            )
            self._fetched.append(_Fetched(asked, Job(asked.base, profile, keys, at, asked.before), marks))
        return None

    def _judge(self) -> None:
        batch, self._fetched = self._fetched[:BATCH], self._fetched[BATCH:]
        self._judging[self._workers.judge([fetched.job for fetched in batch])] = batch

    def _gather(self, *, wait_for_one: bool) -> None:
        if self._judging and wait_for_one:
            wait(self._judging, return_when=FIRST_COMPLETED)
        for future in [future for future in self._judging if future.done()]:
            for fetched, judgement in zip(self._judging.pop(future), future.result(), strict=True):
                refusal = judgement.refusal
                if refusal and refusal.code in HALF_NEW and not fetched.asked.again:
                    self._ask(_Asked(fetched.asked.base, fetched.asked.before, NO_MARKS, again=True))
                else:
                    self._done.append(partial(self._keep, fetched, judgement))

    def _write(self) -> list[Result]:
        with self._store.transaction():
            results = [write() for write in self._done]
        self._done = []
        return results

    def _note(self, asked: _Asked, at: int, error: FetchError | None) -> Result:
        """Keep that nothing new came."""
        base, pin = asked.base, asked.before
        ended = None
        if error is None:
            holds = self._store.unchanged(base, at)
            if holds is None:
                error = FetchError("not-in-store", f"{base} was forgotten while it was fetched", hint="fetch it again")
        if error is not None:
            self._store.failed(base, at, error.code)
        elif not holds:
            ended = VerificationError("expired", "the profile has ended, and is as it was", step=9)
        outcome = error.code if error else "unchanged"
        if self._evidence:
            seen = self._store.get(base) if error is None else None
            files = (seen.profile, seen.keys, seen.pin) if seen else (None, None, None)
            self._store.evidence.fetched(base, at, outcome, *files)
        return _result(base, ended.code if ended else outcome, pin, error=error or ended)

    def _keep(self, fetched: _Fetched, judgement: Judgement) -> Result:
        """Keep a version, or that it is refused."""
        job, record, refusal, missed = fetched.job, judgement.record, judgement.refusal, judgement.missed
        error = (
            VerificationError(refusal.code, refusal.message, step=refusal.step, hint=refusal.hint) if refusal else None
        )
        pin = record.pin if record else job.before
        if record is not None and not self._store.write(_whole(record, job), job.before, fetched.marks):
            try:  # somebody else wrote meanwhile
                verified = remember(self._store, job.profile, job.keys, job.base, job.at)
                pin, missed, error = verified.pin, verified.missed, None
            except VerificationError as found:
                error = found
        elif error is not None and error.code in CONTRADICTIONS and (seen := self._store.get(job.base)):
            self._store.keep(Contradiction(error.code, seen, job.profile, job.keys, job.at))
        if error is not None:
            self._store.failed(job.base, job.at, error.code)
        outcome = error.code if error else "verified"
        if self._evidence:
            worth = error is None or error.code in _WORTH_KEEPING
            profile, keys = (job.profile, job.keys) if worth else (None, None)
            self._store.evidence.fetched(job.base, job.at, outcome, profile, keys, pin)
        return _result(job.base, outcome, pin, error=error, missed=missed)


def _whole(record: Record, job: Job) -> Record:
    return msgspec.structs.replace(record, profile=job.profile, keys=job.keys)


def _result(
    base: str, outcome: str, pin: Pin | None, *, error: FetchError | VerificationError | None, missed: int = 0
) -> Result:
    return Result(
        base,
        outcome,
        pin.sequence if pin else None,
        pin.digest if pin else None,
        missed,
        error.message if error else None,
        error.hint if error else None,
        error.step if isinstance(error, VerificationError) else None,
    )


def _validators(etag: str | None, modified: str | None) -> Validators | None:
    return Validators(etag, modified) if etag or modified else None


def _marks(
    body: bytes | None, fresh: Validators | None, etag: str | None, modified: str | None
) -> tuple[str | None, str | None]:
    """Give what the host calls a file: what it says now, or what it said when the file was other than it is now."""
    if body is None and fresh is None:
        return etag, modified
    return (fresh.etag, fresh.last_modified) if fresh else (None, None)
