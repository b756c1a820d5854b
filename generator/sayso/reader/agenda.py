"""Which profile is asked for next, and what an answer means for it: go on, try again later, or done.

No network: answers come in the handle that they came with. Every call is told what time it is, on a clock that only goes
forward; the date on the wall is looked at where a host names one.
"""

from __future__ import annotations

import random
import time

from sayso.errors import FetchError
from sayso.reader.answers import is_encoded, retry_after, validators
from sayso.reader.failures import (
    HOST_FAILURES,
    failure,
    is_passing,
    left_alone,
    out_of_patience,
    robots_refused,
    robots_unreachable,
    too_slow,
)
from sayso.reader.handle import Handle
from sayso.reader.robots import EVERYTHING, UNREACHABLE, Robots, Rules
from sayso.reader.schedule import Host, Turns
from sayso.reader.tasks import Files, Politeness, Stage, Task, Wanted

BACKOFF = 0.5  # seconds before the second attempt, about; twice that before the third
GIVE_UP = 8  # profiles of one host that failed in a row; then it is left alone for a while


class Agenda:
    """The profiles that are still to come, and in ``finished`` those that are done."""

    def __init__(self, politeness: Politeness, *, robots: bool) -> None:
        self.finished: list[tuple[Wanted, Files | FetchError]] = []
        self._politeness = politeness
        self._robots = Robots() if robots else None
        interval = 1 / politeness.per_second if politeness.per_second else 0.0
        # All files of one profile may follow each other at once; where rules count, they come first, and alone.
        self._turns: Turns[Task] = Turns(1 if robots else politeness.per_host, interval, 3 if robots else 2)
        self._random = random.SystemRandom()

    def add(self, wanted: Wanted, name: str, now: float) -> None:
        """Put a profile in the line of its host, or give it up where the host is left alone."""
        host = self._turns.host(name)
        if host.closed > now:
            self.finished.append((wanted, left_alone(name, wanted.base)))
        else:
            self._turns.wait_for(host, Task(wanted, host, self._politeness.patience))

    def next(self, now: float) -> Task | None:
        """Give what is to be asked for now, if anything."""
        while (task := self._turns.next(now)) is not None:
            if task.host.closed > now:
                self._finish(task, left_alone(task.host.name, task.wanted.base), now)
            elif self._may(task, now):
                return task
        return None

    def sleep(self, now: float) -> float | None:
        """Give the seconds until something may be asked for that may not be yet; nothing where nothing is to come."""
        return self._turns.sleep(now)

    def answered(self, task: Task, handle: Handle, number: int, text: str, now: float) -> bool:
        """Take an answer, or libcurl's number and text of a failure; tells whether the task is to go on at once, with its next file."""
        status = handle.status
        task.left = task.until - now
        if task.stage is Stage.ROBOTS:
            return self._take_rules(task, handle, status, number, text, now)
        if status == 304 and task.conditional and not number:
            body, found = None, task.known()
        else:
            error = failure(handle, status, number, text)
            if error is not None:
                if not (is_passing(status, number) and self._retry(task, handle.head, now)):
                    self._finish(task, error, now)
                return False
            body, found = handle.body, validators(handle.head)
        if task.stage is Stage.PROFILE:
            task.profile, task.validators = body, found
            return self._go_on(task, Stage.KEYS, now)
        self._finish(task, Files(task.profile, body, task.validators, found), now)
        return False

    def _take_rules(self, task: Task, handle: Handle, status: int, number: int, text: str, now: float) -> bool:
        if status == 200 and (not number or handle.overflow):
            rules = UNREACHABLE if is_encoded(handle.head) else Rules.parse(handle.body)
        elif is_passing(status, number) and self._retry(task, handle.head, now):
            return False
        elif status == 429 or status >= 500:
            rules = UNREACHABLE
        elif status > 200:
            rules = EVERYTHING
        else:
            self._finish(task, failure(handle, status, number, text) or robots_unreachable(task.wanted.base), now)
            return False
        assert self._robots is not None
        self._robots.remember(task.host.name, rules)
        return self._go_on(task, Stage.PROFILE, now)

    def _go_on(self, task: Task, stage: Stage, now: float) -> bool:
        task.go_on(stage)
        if not self._may(task, now):
            return False
        if self._turns.again(task.host, now):
            return True
        self._turns.leave(task.host)
        self._turns.wait_for(task.host, task, first=True)
        return False

    def _may(self, task: Task, now: float) -> bool:
        """Tell whether a task may be asked for; one that may not is finished, one of an unknown host asks for its rules."""
        base, host, error = task.wanted.base, task.host, None
        if self._robots is not None and task.stage is Stage.PROFILE:
            rules = self._robots.of(host.name)
            if rules is None:
                task.go_on(Stage.ROBOTS)
                return True
            if rules.unreachable:
                error = robots_unreachable(base)
            elif not all(rules.allow(base + stage.value) for stage in (Stage.PROFILE, Stage.KEYS)):
                error = robots_refused(base)
            elif rules.delay > self._politeness.patience:
                error = too_slow(host.name, rules.delay)
            else:
                self._obey(host, rules)
        if error is None and task.left <= 0:
            error = out_of_patience(base, self._politeness.patience)
        if error is None:
            return True
        self._finish(task, error, now)
        return False

    def _obey(self, host: Host[Task], rules: Rules) -> None:
        if rules.delay > host.interval:
            host.slow_down(rules.delay)
        elif not host.slowed and host.limit < self._politeness.per_host:
            self._turns.widen(host, self._politeness.per_host)

    def _retry(self, task: Task, head: bytearray, now: float) -> bool:
        """Put a task off, where there is patience for it; a host that asks for more of it is left alone."""
        asked = retry_after(head, time.time())
        if asked is not None and asked >= task.left:
            self._give_up(task.host, now + asked)
            return False
        task.attempt += 1
        wait = asked or BACKOFF * 2 ** (task.attempt - 1) * self._random.uniform(0.5, 1.5)
        if task.attempt >= self._politeness.attempts or wait >= task.left:
            return False
        task.left -= wait
        if asked:
            task.host.paused = max(task.host.paused, now + asked)
        self._turns.leave(task.host)
        self._turns.wait_until(now + wait, task.host, task)
        return True

    def _finish(self, task: Task, outcome: Files | FetchError, now: float) -> None:
        host = task.host
        self._turns.leave(host)
        self.finished.append((task.wanted, outcome))
        if isinstance(outcome, Files) or outcome.code not in HOST_FAILURES:
            host.failures = 0
        elif host.closed <= now:
            host.failures += 1
            if host.failures >= GIVE_UP:
                self._give_up(host, now + self._politeness.patience)

    def _give_up(self, host: Host[Task], until: float) -> None:
        for task in self._turns.close(host, until):
            self.finished.append((task.wanted, left_alone(host.name, task.wanted.base)))
