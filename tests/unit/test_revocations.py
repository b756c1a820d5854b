"""Taking back leaves a trace, and giving more leaves none."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sayso.profile.model import Grant, Named, Subject, Terms
from sayso.profile.revocations import KEPT_FOR, revocations

AT = 1_795_251_600
WEEK = 7 * 86_400
GRANT: dict[str, Any] = {
    "id": "g",
    "to": ("a.example", "b.example"),
    "signals": ("purchase.history",),
    "purposes": ("offers.personalised",),
    "channels": ("email",),
    "categories": ("sg-4",),
    "granularity": "category",
    "lookback": "P3M",
    "frequency": "2/P1M",
    "retention": "P90D",
    "sharing": "processors",
    "until": "2027-03-01T00:00:00Z",
}


def terms(*grants: Grant, at: int = AT, until: int = AT + 180 * 86_400, **members: Any) -> Terms:
    return Terms(
        v=1, sub="https://ada.example/", iat=at, exp=until, status="active", vocabulary=1, subject=Subject(), grants=grants, **members
    )  # fmt: skip


BEFORE = terms(Grant(**GRANT))


@pytest.mark.parametrize(
    ("change", "losers"),
    [
        ({"to": ("a.example",)}, ("b.example",)),
        ({"signals": ("purchase.returns",)}, GRANT["to"]),
        ({"purposes": ("marketing.direct",)}, GRANT["to"]),
        ({"channels": ()}, GRANT["to"]),
        ({"categories": ("sg-4-1",)}, GRANT["to"]),
        ({"granularity": "band"}, GRANT["to"]),
        ({"lookback": "P1M"}, GRANT["to"]),
        ({"frequency": "1/P1M"}, GRANT["to"]),
        ({"retention": "P30D"}, GRANT["to"]),
        ({"sharing": None}, GRANT["to"]),
        ({"sharing": Named(named=("a.example",))}, ()),
        ({"until": "2027-02-01T00:00:00Z"}, GRANT["to"]),
        ({"from_": "2027-01-01T00:00:00Z"}, GRANT["to"]),
        ({}, ()),
        ({"to": ("*",)}, ()),
        ({"signals": ("purchase",)}, ()),
        ({"categories": ("sg",)}, ()),
        ({"categories": ()}, ()),
        ({"channels": ("email", "sms")}, ()),
        ({"granularity": None, "lookback": None, "frequency": None, "retention": None, "until": None}, ()),
        ({"note": "Thank you"}, ()),
    ],
)
def test_narrowing_and_widening(change: dict[str, Any], losers: tuple[str, ...]) -> None:
    """Whoever may do less in any respect is named; whoever may do as much or more is not."""
    now = terms(Grant(**(GRANT | change)), at=AT + WEEK)
    assert [item.to for item in revocations(BEFORE, now)] == ([losers] if losers else [])


def test_a_grant_that_is_gone() -> None:
    """A grant that is gone is named with the instant at which it went, and for 24 months."""
    now = terms(at=AT + WEEK)
    (item,) = revocations(BEFORE, now)
    assert (item.id, item.to, item.revoked_at) == ("g", GRANT["to"], AT + WEEK)
    carried = msgspec.structs.replace(now, revocations=(item,))
    assert revocations(carried, terms(at=AT + WEEK + KEPT_FOR - 1)) == (item,)
    assert revocations(carried, terms(at=AT + WEEK + KEPT_FOR)) == ()


def test_a_grant_that_had_ended() -> None:
    """A grant that had ended by itself, or with its profile, is not taken back by leaving it out."""
    assert revocations(BEFORE, terms(at=AT + 181 * 86_400, until=AT + 300 * 86_400)) == ()
    open_ended = terms(Grant(**(GRANT | {"until": None})))
    assert revocations(open_ended, terms(at=open_ended.exp, until=open_ended.exp + WEEK)) == ()


def test_a_profile_that_ends_earlier() -> None:
    """Letting the whole profile end earlier takes back what it cuts short."""
    assert revocations(BEFORE, terms(Grant(**GRANT), at=AT + WEEK, until=AT + 2 * WEEK))
