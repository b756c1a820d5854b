"""The marketer's store with many profiles: its size, its answers, and how fast it is written (figures, for reading)."""

from __future__ import annotations

import gc
import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.crowd import AT, BAZAAR, Crowd
from sayso.instants import DAY
from sayso.profile.policy import Request
from sayso.reader.parts import holder, parts_of
from sayso.reader.reader import Reader
from sayso.reader.record import Record
from sayso.reader.spans import read
from sayso.reader.store import Store

SIZES = {"": 50_000, "full": 1_000_000}
GRANTS = 20
TYPICAL = 12  # grants of a profile of about 4 KB
BATCH = 5_000  # profiles in a transaction
ANSWERING = ("spans", "stances", "clauses", "companies", "rules", "subjects")


@dataclass(frozen=True)
class Asked:
    """A question that is measured, and what to call it."""

    name: str
    request: Request

    def count(self, reader: Reader) -> object:
        return reader.audience(self.request, AT).count()

    def first(self, reader: Reader) -> object:
        return next(iter(reader.audience(self.request, AT)), None)

    def rows(self, reader: Reader) -> int:
        return sum(1 for _ in reader.audience(self.request, AT))

    def reasons(self, reader: Reader) -> object:
        return reader.audience(self.request, AT).reasons()


def bench_store(work: Path) -> None:
    """Write a crowd, weigh the file, and ask it; the environment's ``SIZE`` is `full`, or a number of profiles."""
    size = os.environ.get("SIZE", "")
    number = SIZES.get(size) or int(size)
    crowd = Crowd()
    path, typical = work / "store.sqlite", work / "typical.sqlite"
    print(f"store: {number} profiles of {GRANTS} grants; the bytes are as long as signed ones, and unsigned")
    _fill(path, crowd.records(number, GRANTS), number)
    _weigh(path, number)
    popular = _popular(path, number, crowd.companies)
    questions = [
        Asked("a popular company, a wide question", Request(popular, "purchase.history", "offers.personalised")),
        Asked("a popular company, a narrow one", Request(popular, "purchase.history", "marketing.direct", "email")),
        Asked("the company with the most stances", Request(BAZAAR, "purchase.history", "offers.personalised")),
    ]
    _question(path, number, questions, "none stale")
    with Store(path) as store, store.transaction():
        for pin, _ in list(store.pins())[::100]:
            store.unchanged(pin.base, AT - 8 * DAY)
    _question(path, number, questions, "1 % stale")
    print(f"store: {2 * BATCH} profiles of {TYPICAL} grants")
    _fill(typical, crowd.records(2 * BATCH, TYPICAL), 2 * BATCH)
    _ask(typical)


def _show(name: str, value: float, unit: str, bar: str = "none", note: str = "") -> None:
    print(f"{'store: ' + name:<58} {value:8.2f} {unit:<6} bar {bar:<9} {note}".rstrip())


def _milliseconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def _fill(path: Path, records: Iterator[Record], number: int) -> None:
    written: list[float] = []
    committed = 0.0
    with Store(path) as store:
        while batch := list(islice(records, BATCH)):
            gc.collect()
            gc.disable()
            begin = time.perf_counter()
            with store.transaction():
                for record in batch:
                    store.write(record, None)
                store.write_spans()  # as the transaction would do at its end
                written.append((time.perf_counter() - begin) / len(batch) * 1e6)
            committed += time.perf_counter() - begin
            gc.enable()
    _show(
        "Store.write, a profile, before the commit",
        statistics.median(written),
        "µs",
        "<= 60",
        f"(the last batch {written[-1]:.0f} µs)",
    )
    _show("writes with their commits", number / committed, "a s")


def _weigh(path: Path, number: int) -> None:
    """Weigh the tables that answer, and apart from them the documents, by their pages (dbstat) where SQLite was built so."""
    file = sqlite3.connect(path)
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        sizes = dict(
            file.execute(
                "SELECT tbl_name, SUM(pageno) * (SELECT page_size FROM pragma_page_size) FROM dbstat('main', 1) AS part JOIN sqlite_master AS it ON it.name = part.name"
                " GROUP BY tbl_name"
            )
        )
        exact = file.execute("SELECT SUM(length(profile) + length(keys)) FROM documents").fetchone()[0]
    except sqlite3.Error:
        print("store: this SQLite has no dbstat, so its parts are not weighed")
        return
    finally:
        file.close()
    _show("what answers, a grant", sum(sizes[name] for name in ANSWERING) / number / GRANTS, "bytes", "<= 60")
    for name in (*ANSWERING, "fetches", "documents"):
        _show(
            f"of that {name}, a profile" if name in ANSWERING else f"{name}, a profile", sizes[name] / number, "bytes"
        )
    _show("exact signed bytes in documents, a profile", exact / number, "bytes")


def _popular(path: Path, number: int, companies: list[str]) -> str:
    """Give the company that is named by about 5 % of the profiles."""
    with Reader(path) as reader:
        shares = {name: _named(reader, name)[0] / number for name in companies[:60]}
    return min(shares, key=lambda name: abs(shares[name] - 0.05))


def _named(reader: Reader, company: str) -> tuple[int, int, int]:
    """Give how many subjects name a company, with how many grants, and how many of these differ in clause or stance."""
    spans = [
        read(
            reader.rows("SELECT part, entries FROM spans WHERE part BETWEEN :low AND :high", {"low": low, "high": high})
        )
        for granted in (False, True)
        for low, high in (parts_of(holder(reader.company(company) or 0, granted=granted)),)
    ]
    subjects = {subject for each in spans for subject in each.subject.tolist()}
    grants = spans[1]
    different = set(zip(grants.clause.tolist(), grants.stance.tolist(), strict=True))
    return len(subjects), len(grants.subject), len(different)


def _question(path: Path, number: int, questions: list[Asked], how: str) -> None:
    for asked in questions:
        with Reader(path) as reader:
            named, grants, different = _named(reader, asked.request.company)
            counted = asked.count(reader)
        print(
            f"store: {asked.name}, {how}: named by {named} ({named / number:.1%}) in {grants} grants,"
            f" of which {different} differ in clause or stance; {counted} may be addressed"
        )
        for what, bar, action in (
            ("count", "<= 10", asked.count),
            ("first row", "<= 20", asked.first),
            ("reasons", "none", asked.reasons),
        ):
            fresh: list[float] = []
            warm: list[float] = []
            for _ in range(5):
                with Reader(path) as reader:
                    times = [_milliseconds(lambda: action(reader)) for _ in range(4)]  # noqa: B023 - called at once
                fresh.append(times[0])
                warm.extend(times[1:])
            _show(f"{what}, in a fresh reader", statistics.median(fresh), "ms", bar)
            _show(f"{what}, again", statistics.median(warm), "ms", bar)
        with Reader(path) as reader:
            begin = time.perf_counter()
            rows = asked.rows(reader)
            _show("rows of the list", rows / (time.perf_counter() - begin), "a s")


def _ask(path: Path) -> None:
    request = Request(BAZAAR, "purchase.history", "offers.personalised")
    with Reader(path) as reader:
        profiles = list(
            reader.rows(
                "SELECT base, length(profile) * 3 / 4 FROM subjects JOIN documents ON subject = id LIMIT 2000", {}
            )
        )
        size = statistics.median(length for _, length in profiles)
        base = profiles[-1][0]
        reader.ask(base, request, AT)
        cold = [_milliseconds(lambda: reader.ask(name, request, AT)) for name, _ in profiles]  # noqa: B023
        warm = [_milliseconds(lambda: reader.ask(base, request, AT)) for _ in range(2000)]
    _show("ask, payload not in memory", statistics.median(cold) * 1000, "µs", "<= 60", f"(about {size:.0f} bytes)")
    _show("ask, payload in memory", statistics.median(warm) * 1000, "µs", "<= 60")
