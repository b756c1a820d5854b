"""Whose turn it is, on a clock of the test's own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sayso.reader.schedule import REMEMBERED, Turns


def turns(per_host: int = 4, interval: float = 1.0, at_first: int = 2) -> Turns[str]:
    return Turns(per_host, interval, at_first)


def drain(line: Turns[str], now: float) -> list[str]:
    given = []
    while (task := line.next(now)) is not None:
        given.append(task)
    return given


def test_the_first_may_follow_each_other_at_once() -> None:
    """Two turns are given at once, and from then on one each interval."""
    line = turns()
    host = line.host("a")
    for task in "1234":
        line.wait_for(host, task)
    assert drain(line, 100.0) == ["1", "2"]
    assert line.sleep(100.0) == 1.0
    assert drain(line, 100.9) == []
    assert drain(line, 101.0) == ["3"]
    assert drain(line, 102.0) == ["4"]
    assert line.sleep(103.0) is None


def test_hosts_take_turns() -> None:
    """A host with many tasks does not keep the others waiting."""
    line = turns(interval=0.0)
    for task in ("a1", "a2", "a3", "b1"):
        line.wait_for(line.host(task[0]), task)
    assert drain(line, 0.0) == ["a1", "b1", "a2", "a3"]


def test_no_more_at_once_than_allowed() -> None:
    """Who is at a host has to leave before the next one comes."""
    line = turns(per_host=1, interval=0.0)
    host = line.host("a")
    line.wait_for(host, "1")
    line.wait_for(host, "2")
    assert drain(line, 0.0) == ["1"]
    line.leave(host)
    assert drain(line, 0.0) == ["2"]
    line.wait_for(host, "3")
    line.wait_for(host, "4")
    line.widen(host, 3)
    assert drain(line, 0.0) == ["3", "4"]


def test_going_on_takes_a_turn() -> None:
    """A second file of the same profile counts as a turn, and has to wait if it comes too soon."""
    line = turns()
    host = line.host("a")
    line.wait_for(host, "1")
    assert drain(line, 0.0) == ["1"]
    assert line.again(host, 0.0)
    assert not line.again(host, 0.5)
    line.leave(host)
    line.wait_for(host, "2")
    line.wait_for(host, "1", first=True)
    assert drain(line, 1.0) == ["1"]


def test_a_task_put_off_comes_back_at_the_head() -> None:
    """A task that waits for an instant is given then, before those that wait at its host."""
    line = turns(interval=0.0)
    host = line.host("a")
    line.wait_until(5.0, host, "late")
    assert line.sleep(1.0) == 4.0
    assert drain(line, 4.9) == []
    line.wait_for(host, "next")
    assert drain(line, 5.0) == ["late", "next"]


def test_a_pause_holds_for_a_host() -> None:
    """A host that is to be left alone gets no turn until then; another one does."""
    line = turns(interval=0.0)
    line.host("a").paused = 3.0
    line.wait_for(line.host("a"), "a1")
    line.wait_for(line.host("b"), "b1")
    assert drain(line, 1.0) == ["b1"]
    assert line.sleep(1.0) == 2.0
    assert drain(line, 3.0) == ["a1"]


def test_closing_gives_back_what_waits() -> None:
    """What waits at a host that is given up comes back, and is not given a turn later."""
    line = turns(per_host=1, interval=0.0)
    host = line.host("a")
    for task in "123":
        line.wait_for(host, task)
    assert line.next(0.0) == "1"
    assert line.close(host, 9.0) == ["2", "3"]
    line.leave(host)
    assert drain(line, 1.0) == []
    assert host.closed == 9.0


def test_slowing_down_counts_from_the_last_turn() -> None:
    """A host that wants more time has it after the turn that it was learned in, and none at once any more."""
    line = turns(interval=0.1)
    host = line.host("a")
    line.wait_for(host, "1")
    assert line.next(0.0) == "1"
    host.slow_down(2.0)
    assert not line.again(host, 1.9)
    assert line.again(host, 2.0)
    assert not line.again(host, 3.9)


def test_hosts_are_forgotten_when_they_are_many() -> None:
    """However many hosts there were, those with nothing to do are forgotten, and those with something are not."""
    line = turns(interval=0.0)
    line.wait_until(7.0, line.host("late"), "late")
    line.wait_for(line.host("busy"), "busy")
    assert line.next(0.0) == "busy"
    busy, late, idle = line.host("busy"), line.host("late"), line.host("idle")
    for number in range(3 * REMEMBERED):
        line.host(f"h{number}")
    assert line.host("busy") is busy
    assert line.host("late") is late
    assert line.host("idle") is not idle


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 3)), max_size=40),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.3]),
)
def test_nobody_is_forgotten_and_nobody_hurried(moves: list[tuple[str, float]], per_host: int, interval: float) -> None:
    """Whatever comes when, each task gets one turn, no host more at once than allowed, nor sooner."""
    line, now, at = turns(per_host, interval, 1), 0.0, dict[str, int]()
    last: dict[str, float] = {}
    given: list[int] = []
    names = [name for name, _ in moves]

    def look() -> None:
        while (task := line.next(now)) is not None:
            name = names[int(task)]
            given.append(int(task))
            at[name] = at.get(name, 0) + 1
            assert at[name] <= per_host
            assert now - last.get(name, -9.0) >= interval - 1e-9
            last[name] = now

    for number, (name, wait) in enumerate(moves):
        line.wait_for(line.host(name), str(number))
        look()
        now += wait
        if at.get(name):
            at[name] -= 1
            line.leave(line.host(name))
    for _ in range(400):
        look()
        for name in at:
            while at[name]:
                at[name] -= 1
                line.leave(line.host(name))
        now += 0.3
    assert sorted(given) == list(range(len(moves)))
