"""The rules of a robots.txt, whatever stands in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.reader.robots import EVERYTHING, MAX_BYTES, UNREACHABLE, Robots, Rules

URL = "https://ada.example/sayso/profile.jwt"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("user-agent:*\rdisallow:/", False),
        ("Disallow: /", True),
        ("User-agent: sayso\nDisallow: /", False),
        ("User-agent: SAYSO/1.0\nDisallow: /", False),
        ("User-agent: saysomore\nDisallow: /", True),
        ("User-agent: other\nUser-agent: sayso\nUser-agent: third\nDisallow: /", False),
        ("User-agent: other\nDisallow: /\nUser-agent: sayso\nDisallow: /x", True),
        ("User-agent: sayso\nDisallow: /x\nUser-agent: other\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: sayso\nDisallow:", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: sayso", True),
        ("User-agent: sayso\nDisallow: /x\n\nUser-agent: sayso\nDisallow: /sayso/", False),
        ("User-agent: *\nDisallow: /sayso/\nAllow: /sayso/profile", True),
        ("User-agent: *\nAllow: /sayso/\nDisallow: /sayso/", True),
        ("User-agent: *\nDisallow: /*.jwt$", False),
        ("User-agent: *\nDisallow: /*.jw$", True),
        ("User-agent: *\nDisallow: /%73ayso/", False),
        ("User-agent: * # all\nSitemap: https://ada.example/x\nDisallow: / # everything", False),
        ("User-agent: *\nDisallow: /SAYSO/", True),
    ],
)
def test_rules(text: str, allowed: bool) -> None:
    """The group for us counts, else the one for everybody; the longest rule wins, and of two the kinder."""
    assert Rules.parse(text.encode()).allow(URL) is allowed


@pytest.mark.parametrize(
    ("value", "delay"),
    [("10", 10.0), ("0.5", 0.5), ("", 0.0), ("-1", 0.0), ("nan", 0.0), ("inf", 0.0), ("1e400", 0.0), ("soon", 0.0)],
)
def test_delay(value: str, delay: float) -> None:
    """A time between requests is one that can be waited."""
    assert Rules.parse(f"User-agent: *\nCrawl-delay: {value}".encode()).delay == delay


def test_nothing_known() -> None:
    """Without rules all is allowed."""
    assert EVERYTHING.allow(URL)
    assert EVERYTHING.delay == 0
    assert UNREACHABLE.unreachable


def test_what_is_beyond_the_bound_does_not_count() -> None:
    """The rules after the first 512,000 bytes are as if they were not there."""
    assert Rules.parse(b"#" * MAX_BYTES + b"\nUser-agent: *\nDisallow: /").allow(URL)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{n}\n" for n in range(15_000)) + "Disallow: /x\n" * 15_000,
        "".join(f"User-agent: sayso/{n}\n" for n in range(10_000)) + "Disallow: /x\n" * 15_000,
        "User-agent: *\n" * 15_000 + "Disallow: /x\n" * 15_000,
        "User-agent: *\n" + "".join(f"Disallow: /*{n}*b$\n" for n in range(25_000)),
        "User-agent: *\nDisallow: /" + "*a" * 250_000 + "$",
    ],
    ids=["agents", "ours", "everybody", "stars", "one-of-stars"],
)
def test_hostile_rules_cost_little(text: str) -> None:
    """However a host fills its robots.txt, reading it takes no more than moments."""
    begin = time.perf_counter()
    assert Rules.parse(text.encode()).allow(URL)
    assert time.perf_counter() - begin < 10


@given(
    st.binary(max_size=300)
    | st.text(alphabet="UserDisallow-agent:*/$%\n\r #\ud800é\x00", max_size=300).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    )
)
def test_any_bytes(text: bytes) -> None:
    """Any bytes are some rules, or none."""
    rules = Rules.parse(text)
    assert rules.allow(URL) in (True, False)
    assert rules.delay >= 0


def test_memory_is_bounded() -> None:
    """The rules longest unused are forgotten, so that large ones of many hosts do not pile up."""
    large = Rules.parse(b"User-agent: *\n" + b"Disallow: /x\n" * 1000)
    robots = Robots(bound=3 * large.weight)
    for name in "abc":
        robots.remember(name, large)
    assert robots.of("a") is large
    robots.remember("d", EVERYTHING)
    assert [robots.of(name) is not None for name in "abcd"] == [True, False, True, True]
    robots.remember("a", EVERYTHING)
    robots.remember("e", large)
    assert [robots.of(name) is not None for name in "acde"] == [True, True, True, True]
