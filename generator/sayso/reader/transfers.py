"""Many profiles over the network at once: what is wanted goes in, files or errors come out as they are there.

Of a profile the two files are asked for one after the other, over one connection: a host that is asked for a single profile
is connected to once. Nothing here waits but ``Crawl.step``, and no longer than it is told.
"""

from __future__ import annotations

import time
from contextlib import suppress

import pycurl

from sayso.errors import FetchError
from sayso.reader.agenda import Agenda
from sayso.reader.answers import Validators as Validators
from sayso.reader.failures import not_https
from sayso.reader.handle import Handle, is_askable
from sayso.reader.http import MAX_BYTES
from sayso.reader.network import Network
from sayso.reader.proxies import Proxies
from sayso.reader.robots import MAX_BYTES as MAX_ROBOTS
from sayso.reader.tasks import Files as Files
from sayso.reader.tasks import Politeness as Politeness
from sayso.reader.tasks import Stage, Task
from sayso.reader.tasks import Wanted as Wanted

_LOOK = 0.005  # seconds between two looks while libcurl has no socket to wait for: it looks up a name


class Crawl:
    """Profiles on their way; a context manager, which breaks off all that is still on its way when it is left."""

    def __init__(self, network: Network, politeness: Politeness, *, robots: bool) -> None:
        self._network, self._politeness = network, politeness
        self._proxies = Proxies()
        self._agenda = Agenda(politeness, robots=robots)
        self._handles: dict[pycurl.Curl, Handle] = {}
        self._free: list[Handle] = []
        self._pending = 0
        self._started = False  # something that libcurl has not yet looked at
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, 2 * politeness.at_once)

    def __enter__(self) -> Crawl:
        return self

    def __exit__(self, *_: object) -> None:
        free = {handle.curl for handle in self._free}
        for curl in self._handles:
            if curl not in free:
                self._multi.remove_handle(curl)
            curl.close()
        self._multi.close()

    def room(self) -> int:
        """Tell how many more may be added without piling up."""
        return 4 * self._politeness.at_once - self._pending

    def pending(self) -> int:
        """Tell how many were added that ``step`` did not give yet."""
        return self._pending

    def add(self, wanted: Wanted) -> None:
        """Ask for a profile; what comes of it is given by a later ``step``."""
        self._pending += 1
        base = wanted.base
        if is_askable(base):
            self._agenda.add(wanted, base[8 : base.find("/", 8)], time.monotonic())
        else:
            self._agenda.finished.append((wanted, not_https(base)))

    def step(self, timeout: float) -> list[tuple[Wanted, Files | FetchError]]:
        """Work for at most ``timeout`` seconds, less when something is finished, and give all that is."""
        now = time.monotonic()
        end = now + timeout
        while True:
            self._begin(now)
            self._started = False
            self._multi.perform()
            now = time.monotonic()
            self._collect(now)
            if self._agenda.finished or not self._pending or now >= end:
                break
            self._begin(now)
            if not self._started:
                self._wait(now, end)
                now = time.monotonic()
        finished, self._agenda.finished = self._agenda.finished, []
        self._pending -= len(finished)
        return finished

    def _begin(self, now: float) -> None:
        while self._free or len(self._handles) < self._politeness.at_once:
            task = self._agenda.next(now)
            if task is None:
                return
            if self._free:
                handle = self._free.pop()
            else:
                handle = Handle(self._network, self._proxies)
                self._handles[handle.curl] = handle
            self._start(handle, task, now)

    def _start(self, handle: Handle, task: Task, now: float) -> None:
        task.until = now + task.left
        deadline = min(self._politeness.deadline, task.left)
        robots = task.stage is Stage.ROBOTS
        handle.task = task
        handle.ask(task.url(), task.headers(), MAX_ROBOTS if robots else MAX_BYTES, deadline, cut=robots)
        self._multi.add_handle(handle.curl)
        self._started = True

    def _collect(self, now: float) -> None:
        left = 1
        while left:
            left, done, failed = self._multi.info_read()
            for curl in done:
                self._take(curl, 0, "", now)
            for curl, number, text in failed:
                self._take(curl, number, text, now)

    def _take(self, curl: pycurl.Curl, number: int, text: str, now: float) -> None:
        self._multi.remove_handle(curl)
        handle = self._handles[curl]
        task: Task = handle.task
        if self._agenda.answered(task, handle, number, text, now):
            self._start(handle, task, now)
        else:
            handle.task = None
            self._free.append(handle)

    def _wait(self, now: float, end: float) -> None:
        """Wait for the network, or for the next turn, or for libcurl's own clock."""
        seconds = end - now
        busy = len(self._handles) - len(self._free)
        due = self._agenda.sleep(now) if busy < self._politeness.at_once else None
        if due is not None:
            seconds = min(seconds, due)
        milliseconds = self._multi.timeout()
        if milliseconds >= 0:
            seconds = min(seconds, milliseconds / 1000)
        if not busy:
            time.sleep(max(seconds, 0.0))
            return
        ready = 0
        with suppress(pycurl.error):  # a signal, such as that of going on after Ctrl-Z
            ready = self._multi.select(max(seconds, 0.0))
        if not ready and seconds > _LOOK and time.monotonic() - now < _LOOK / 2:
            time.sleep(_LOOK)
