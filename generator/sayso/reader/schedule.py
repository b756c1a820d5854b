"""Whose turn it is: tasks wait for their host, which is asked neither too often nor by too many at once.

No clock, no network: every call is told what time it is, in seconds on a clock of the caller's. A host's requests lie
``interval`` seconds apart, but for the first ``at_first`` of them, which may follow each other at once.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

Task = TypeVar("Task")
REMEMBERED = 1024  # hosts with nothing to do whose next turn is still known


@dataclass(slots=True, eq=False)
class Host(Generic[Task]):
    """A host: what waits for it, how many are at it, and when it may be asked again."""

    name: str
    limit: int  # at once
    interval: float
    slack: float  # how much sooner than ``due`` is soon enough
    due: float = 0.0
    paused: float = 0.0  # until when it asked to be left alone
    closed: float = 0.0  # until when nothing is to wait for it
    failures: int = 0  # in a row
    active: int = 0
    later: int = 0  # tasks that wait for an instant of their own
    waiting: deque[Task] = field(default_factory=deque)
    slowed: bool = False
    listed: bool = False  # in line for a turn, or asleep until one

    def opens(self) -> float:
        """Give the instant from which it may be asked next."""
        return max(self.due - self.slack, self.paused)

    def slow_down(self, interval: float) -> None:
        """Ask one thing at a time, so many seconds apart, from the last request on."""
        self.due += interval - self.interval
        self.limit, self.slack, self.interval, self.slowed = 1, 0.0, interval, True


class Turns(Generic[Task]):
    """The hosts, and the order of their turns: one after the other, each with its oldest task."""

    def __init__(self, per_host: int, interval: float, at_first: int) -> None:
        self._per_host, self._interval, self._slack = per_host, interval, interval * (at_first - 1)
        self._hosts: OrderedDict[str, Host[Task]] = OrderedDict()
        self._ready: deque[Host[Task]] = deque()
        self._asleep: list[tuple[float, int, Host[Task]]] = []
        self._later: list[tuple[float, int, Host[Task], Task]] = []
        self._count = 0

    def host(self, name: str) -> Host[Task]:
        """Give a host; one that was forgotten begins anew."""
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(name, self._per_host, self._interval, self._slack)
            if len(self._hosts) > REMEMBERED:
                self._forget()
        else:
            self._hosts.move_to_end(name)
        return host

    def wait_for(self, host: Host[Task], task: Task, *, first: bool = False) -> None:
        """Put a task in the line of its host, at the end or at the head of it."""
        if first:
            host.waiting.appendleft(task)
        else:
            host.waiting.append(task)
        self._list(host)

    def wait_until(self, at: float, host: Host[Task], task: Task) -> None:
        """Put a task at the head of its host's line, but not before an instant."""
        self._count += 1
        host.later += 1
        heappush(self._later, (at, self._count, host, task))

    def next(self, now: float) -> Task | None:
        """Give the task whose turn it is, if any; its host has one more at it, until ``leave``."""
        while self._later and self._later[0][0] <= now:
            _, _, host, task = heappop(self._later)
            host.later -= 1
            self.wait_for(host, task, first=True)
        while self._asleep and self._asleep[0][0] <= now:
            self._ready.append(heappop(self._asleep)[2])
        while self._ready:
            host = self._ready.popleft()
            if not host.waiting or host.active >= host.limit:
                host.listed = False
            elif (opens := host.opens()) > now:
                self._count += 1
                heappush(self._asleep, (opens, self._count, host))
            else:
                host.active += 1
                host.due = max(host.due, now) + host.interval
                host.listed = False
                task = host.waiting.popleft()
                self._list(host)
                return task
        return None

    def again(self, host: Host[Task], now: float) -> bool:
        """Take one more turn without leaving, if it may be had at once."""
        if host.opens() > now:
            return False
        host.due = max(host.due, now) + host.interval
        return True

    def leave(self, host: Host[Task]) -> None:
        """Make room at a host for another task."""
        host.active -= 1
        self._list(host)

    def widen(self, host: Host[Task], limit: int) -> None:
        """Let so many at a host at once."""
        host.limit = limit
        self._list(host)

    def close(self, host: Host[Task], until: float) -> list[Task]:
        """Give up on a host until an instant; gives the tasks that waited for their turn there."""
        host.closed, host.failures = max(host.closed, until), 0
        waiting = list(host.waiting)
        host.waiting.clear()
        return waiting

    def sleep(self, now: float) -> float | None:
        """Give the seconds until it may be somebody's turn that is not yet; nothing where nobody waits for a time."""
        instants = [heap[0][0] for heap in (self._asleep, self._later) if heap]
        return max(min(instants) - now, 0.0) if instants else None

    def _list(self, host: Host[Task]) -> None:
        if host.waiting and not host.listed:
            host.listed = True
            self._ready.append(host)

    def _forget(self) -> None:
        for _ in range(len(self._hosts) - REMEMBERED):
            name, host = self._hosts.popitem(last=False)
            if host.active or host.waiting or host.listed or host.later:
                self._hosts[name] = host
