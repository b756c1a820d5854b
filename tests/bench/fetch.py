"""Fetching many profiles from a real web server, against libcurl alone and against verification alone (figures, for reading)."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from io import BytesIO
from itertools import islice
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pycurl

import crowd
from sayso import verify
from sayso.instants import rfc3339

SIZES = {"": 2_000, "full": 10_000}
SMALL, LARGE = 1_000, 10_000  # profiles of which the peaks of memory are compared
TURNS = 3
AT_ONCE = 64
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
FILES = ("profile.jwt", "keys.jsonl")

Pair = tuple[bytes, bytes]


def bench_fetch(work: Path) -> None:
    """Fetch a crowd, each from a host of their own; the environment's ``SIZE`` is `full`, or a number of profiles."""
    size = os.environ.get("SIZE", "")
    number = min(SIZES.get(size) or int(size), LARGE)
    root = work / "people"
    print(f"fetch: {number} signed profiles, from nginx on this machine, on {CORES} cores")
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(_publish, [root] * LARGE, range(LARGE), chunksize=100))
    with crowd.served(root) as via:
        _speed(work, root, via, number)
        _memory(work, via)


def _show(name: str, value: float, unit: str, bar: str = "none", note: str = "") -> None:
    print(f"{'fetch: ' + name:<58} {value:8.2f} {unit:<6} bar {bar:<9} {note}".rstrip())


def _publish(root: Path, number: int) -> None:
    crowd.publish(root, number, crowd.person(number))


def _speed(work: Path, root: Path, via: str, number: int) -> None:
    files = [_files(root, place) for place in range(number)]
    addresses = _list(work, number)
    figures: dict[str, list[float]] = {}
    for _ in range(TURNS):
        store = work / "store.sqlite"
        first, cpu = _sayso(addresses, via, store, crowd.AT)
        second, _ = _sayso(addresses, via, store, crowd.AT + 60)
        _remove(store)
        for name, value in (
            ("first", first), ("second", second), ("cpu", cpu / first), ("curl", _curl_alone(via, files)),
            ("one", _verify_alone(root, number, 1)), ("all", _verify_alone(root, number, CORES)),
        ):  # fmt: skip
            figures.setdefault(name, []).append(value)
    middle = {name: statistics.median(values) for name, values in figures.items()}
    each = 1e6 / number
    for name, text in (("curl", "libcurl alone, two files"), ("one", "verification alone, one process"), ("all", f"verification alone, {CORES} processes"), ("first", "the whole process"), ("second", "the whole process, all 304")):  # fmt: skip
        _show(f"{text}", middle[name] * each, "µs", note=f"({middle[name]:.2f} s)")
    for name, text in (("one", "one process"), ("all", f"{CORES} processes")):
        slower = max(middle["curl"], middle[name])
        which = "libcurl" if slower == middle["curl"] else "verification"
        _show(f"speed against the slower alone, {text}", slower / middle["first"], "", ">= 0.6", f"({which})")
    _show("the second run, all 304, against the first", middle["first"] / middle["second"], "times", ">= 3")
    _show("cores in use, without those of nginx", middle["cpu"], f"of {CORES}")


def _memory(work: Path, via: str) -> None:
    peaks = {}
    for number in (SMALL, LARGE):
        store = work / "memory.sqlite"
        for run in ("first", "second"):
            peaks[run, number] = _peak(_command(_list(work, number), via, store, crowd.AT + (run == "second")))
        _remove(store)
    for run in ("first", "second"):
        small, large = peaks[run, SMALL], peaks[run, LARGE]
        note = f"({small / 1e6:.0f} and {large / 1e6:.0f} MB)"
        _show(f"peak of memory, {run} run, {LARGE} against {SMALL}", large / small, "times", "<= 1.2", note)


def _files(root: Path, place: int) -> Pair:
    folder = root / f"p{place:06}.example" / "sayso"
    profile, keys = ((folder / name).read_bytes() for name in FILES)
    return profile, keys


def _list(work: Path, number: int) -> Path:
    file = work / f"{number}.txt"
    file.write_text("".join(f"{crowd.base_of(place)}\n" for place in range(number)))
    return file


def _command(addresses: Path, via: str, store: Path, at: int) -> list[str]:
    options = ("--store", store, "--unsafe-http-via", via, "--handed-over", "--at", rfc3339(at))
    return [sys.executable, "-m", "sayso", "fetch", "--from", *map(str, (addresses, *options))]


def _remove(store: Path) -> None:
    for name in ("", "-wal", "-shm"):
        store.with_name(store.name + name).unlink(missing_ok=True)


def _sayso(addresses: Path, via: str, store: Path, at: int) -> tuple[float, float]:
    """Run the whole process; gives seconds, and seconds of processors, those of the processes that it began too."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        _command(addresses, via, store, at), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    spent = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return spent, usage.ru_utime + usage.ru_stime


def _curl_alone(via: str, files: list[Pair]) -> float:
    """Fetch the same files with libcurl and nothing else; gives seconds."""
    wanted = iter([(place, name) for place in range(len(files)) for name in FILES])
    multi = pycurl.CurlMulti()
    free = [pycurl.Curl() for _ in range(AT_ONCE)]
    handles, busy, size = list(free), 0, 0
    begin = time.perf_counter()
    while True:
        for place, name in islice(wanted, len(free)):
            curl: Any = free.pop()
            curl.body = BytesIO()
            curl.setopt(pycurl.URL, f"http://{via}/sayso/{name}")
            curl.setopt(pycurl.HTTPHEADER, [f"Host: p{place:06}.example"])
            curl.setopt(pycurl.WRITEDATA, curl.body)
            multi.add_handle(curl)
            busy += 1
        if not busy:
            break
        multi.perform()
        left = 1
        while left:
            left, done, failed = multi.info_read()
            assert not failed
            for curl in done:
                multi.remove_handle(curl)
                size += len(curl.body.getvalue())
                free.append(curl)
                busy -= 1
        if not free:
            multi.select(1.0)
    spent = time.perf_counter() - begin
    assert size == sum(len(data) for pair in files for data in pair)
    for curl in handles:
        curl.close()
    multi.close()
    return spent


def _verify_alone(root: Path, number: int, processes: int) -> float:
    """Verify the same files, read before, in so many processes; gives the seconds from the first one's begin to the last one's end."""
    spawn = multiprocessing.get_context("spawn")
    barrier, results = spawn.Barrier(processes), spawn.SimpleQueue()
    running = [
        spawn.Process(target=_verify_some, args=(root, range(place, number, processes), barrier, results.put))
        for place in range(processes)
    ]
    for process in running:
        process.start()
    times: list[tuple[float, float]] = [results.get() for _ in running]
    for process in running:
        process.join()
    return max(end for _, end in times) - min(begin for begin, _ in times)


def _verify_some(root: Path, places: range, barrier: Barrier, tell: Callable[[tuple[float, float]], None]) -> None:
    files = [(crowd.base_of(place), _files(root, place)) for place in places]
    barrier.wait()
    begin = time.monotonic()
    for base, (profile, keys) in files:
        verify(profile, keys, base, crowd.AT)
    tell((begin, time.monotonic()))


def _peak(command: list[str]) -> int:
    """Run a command and give the most bytes that it and the processes that it began held at once (their shares of what they share)."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_held(pid) for pid in _tree(process.pid)))
        time.sleep(0.02)
    assert process.returncode == 0
    return peak


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from _tree(int(child))


def _held(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
