"""Verification on every processor: processes that are given files and give back what is to be kept of them.

A process reads frames (four bytes of length, then MessagePack) on its standard input and answers each on its standard output;
it ends when its input does, so nothing outlives who began it.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import IO

import msgspec

from sayso.errors import DiskError
from sayso.reader.record import Record, record_of
from sayso.trust.pin import Pin
from sayso.trust.pins import judge

_AT_ONCE = 2  # frames on their way to and from a process: it finds the next one there when it has answered


class Job(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Two files to verify, as fetched from a base URL at an instant, and the pin of it if there is one."""

    base: str
    profile: bytes
    keys: bytes
    at: int
    before: Pin | None


class Refusal(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why a profile is not to be trusted."""

    code: str
    message: str
    hint: str | None
    step: int


class Judgement(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is to be kept of a job's files, if anything, and why they are refused, if they are."""

    record: Record | None
    missed: int
    refusal: Refusal | None


_jobs = msgspec.msgpack.Decoder(list[Job])
_judgements = msgspec.msgpack.Decoder(list[Judgement])
_encoder = msgspec.msgpack.Encoder()


def judge_job(job: Job) -> Judgement:
    """Verify the files of a job; the record has them not, since whoever asks has them."""
    verified, error = judge(job.profile, job.keys, job.base, job.at, job.before)
    refusal = Refusal(error.code, error.message, error.hint, error.step) if error else None
    if verified is None:
        return Judgement(None, 0, refusal)
    return Judgement(record_of(verified, b"", b"", job.at), verified.missed, refusal)


class Workers:
    """Processes that verify, from ``begin`` on; before that, and where there are none, it is done here and at once."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._workers: list[_Worker] = []
        self._free: list[_Worker] = []
        self._threads = ThreadPoolExecutor(max(number, 1) * _AT_ONCE, thread_name_prefix="sayso-worker")

    def __enter__(self) -> Workers:
        """Give the workers, to be ended when the block does."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes, whatever they are at."""
        for worker in self._workers:
            worker.process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def begin(self) -> None:
        """Start the processes, unless they were; they are ready a moment later, and take work at once.

        Raises DiskError where the system gives none.
        """
        try:
            while len(self._workers) < self._number:
                self._workers.append(_Worker())
        except OSError as error:
            raise DiskError("worker-ended", f"a process that verifies cannot begin: {error.strerror}") from None
        self._free = self._workers * _AT_ONCE

    def judge(self, jobs: Sequence[Job]) -> Future[list[Judgement]]:
        """Have files verified; raises DiskError, when its result is asked for, where a process was ended."""
        if self._workers:
            return self._threads.submit(self._ask, jobs)
        done: Future[list[Judgement]] = Future()
        done.set_result([judge_job(job) for job in jobs])
        return done

    def _ask(self, jobs: Sequence[Job]) -> list[Judgement]:
        worker = self._free.pop()  # there are as many threads as places in here; the last one came free last
        try:
            return _judgements.decode(worker.ask(_encoder.encode(jobs)))
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            raise DiskError(
                "worker-ended", f"a process that verifies was ended: {error}", hint="run it again"
            ) from None
        finally:
            self._free.append(worker)


class _Worker:
    """One process, which answers in the order in which it is asked."""

    def __init__(self) -> None:
        # In a session of its own, a Ctrl-C does not reach it: who began it answers for both.
        command = [sys.executable, "-P", "-m", "sayso.reader.workers"]
        self.process = subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._given, self._answers = self.process.stdin, self.process.stdout
        self._may_ask, self._may_listen = Lock(), Lock()

    def ask(self, frame: bytes) -> bytes:
        """Send a frame and give the answer; raises OSError and EOFError where the process is no more."""
        with self._may_ask:
            _send(self._given, frame)
            self._may_listen.acquire()  # before anybody else may ask, so that the answers go to those who asked
        try:
            return _receive(self._answers)
        finally:
            self._may_listen.release()

    def close(self) -> None:
        """Take leave of a process that was killed."""
        self._given.close()
        self._answers.close()
        self.process.wait()


def _send(stream: IO[bytes], data: bytes) -> None:
    view = memoryview(len(data).to_bytes(4, "big") + data)
    while view:
        view = view[stream.write(view) :]


def _receive(stream: IO[bytes]) -> bytes:
    return _exactly(stream, int.from_bytes(_exactly(stream, 4), "big"))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            raise EOFError("no answer")
        data += part
    return bytes(data)


def _work() -> None:
    given, answers = os.fdopen(0, "rb", 0), os.fdopen(1, "wb", 0)
    gc.freeze()  # what was loaded stays, and need not be looked at again and again
    try:
        while True:
            jobs = _jobs.decode(_receive(given))
            _send(answers, _encoder.encode([judge_job(job) for job in jobs]))
    except (EOFError, BrokenPipeError):
        return  # who asked has ended, or was ended


if __name__ == "__main__":
    _work()
