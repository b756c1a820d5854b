"""How a folder stands: facts of what was read and fetched, at an instant."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import FetchError
from sayso.instants import DAY, parse_rfc3339
from sayso.publish.deployed import findings
from sayso.publish.files import machine_files
from sayso.publish.folder import Signed, read_signed
from sayso.publish.held import held
from sayso.publish.live import Live, live
from sayso.publish.signing import prepare, sign
from sayso.publish.source_file import read_source
from sayso.publish.standing import Standing, edited
from sign_examples import public_test_key
from support import AT, BASE, consumer, edit


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """Ada's folder, signed."""
    return consumer(tmp_path)


def signed_in(folder: Path) -> Signed:
    return read_signed(folder, BASE, None)


def stands(folder: Path, at: int = AT + 60, within: int = 30, seen: Live | None = None) -> Standing:
    signed = signed_in(folder)
    return Standing(signed, True, edited(read_source(folder), signed, at), seen or Live("not-asked"), at, within)


def seen(signed: Signed, change: dict[str, bytes | FetchError | None], at: int = AT + 60) -> Live:
    """Tell what is live where a host serves all as it was signed, but for some paths."""
    served = {**machine_files(signed), **change}
    return live(signed, served, findings(signed, served, at))


def test_time_alone_is_no_edit(ada: Path) -> None:
    """A profile that holds for six months says the same a month later, though it would end a month later."""
    assert stands(ada, AT + 30 * DAY).edited.state == "as-signed"


def test_an_ended_grant_is_not_held(ada: Path) -> None:
    """What a company holds is what it holds now: the last second of a grant is in, the first after it is out."""
    payload, end = signed_in(ada).payload, parse_rfc3339("2027-04-01T00:00:00Z")  # hearthside-alerts
    signals = {
        at: {
            signal
            for item in held(payload, at).holdings
            if item.card.domain == "hearthside.example"
            for signal in item.signals
        }
        for at in (end - 1, end)
    }
    assert signals[end - 1] - signals[end] == {"alerts.requested", "wishlist.items"}


def test_what_begins_later_is_told_apart(ada: Path) -> None:
    """A grant that has not begun is no holding of now; once it has, it is, and without a day."""
    payload, begin = signed_in(ada).payload, parse_rfc3339("2026-11-23T00:00:00Z")  # trailhead-trial
    for at, begins in ((begin - 1, begin), (begin, None)):
        [found] = [
            item
            for item in held(payload, at).holdings
            if "browsing.products" in item.signals and item.card.domain == "trailhead.example"
        ]
        assert found.begins == begins


def test_nobody_holds_what_has_ended_or_is_withdrawn(ada: Path) -> None:
    """After the last instant of a profile, and once it is withdrawn, no company holds anything."""
    payload = signed_in(ada).payload
    assert held(payload, payload.exp - 1).holdings
    assert held(payload, payload.exp).holdings == ()
    edit(ada / "profile.yml", "valid: {for: P6M}", "valid: {for: P6M}\nstatus: withdrawn")
    withdrawn = sign(prepare(ada, lambda: AT + 60), public_test_key("ada daily"))
    assert held(withdrawn.payload, AT + 60).holdings == ()
    standing = stands(ada, AT + 365 * DAY)
    assert (standing.ends, standing.wants_doing) == ((), ())


@pytest.mark.parametrize(("at", "found"), [(-31 * DAY, []), (-30 * DAY, ["boots"]), (-1, ["boots"]), (0, [])])
def test_what_ends_within_the_days(at: int, found: list[str], ada: Path) -> None:
    """An end is soon from thirty times a day before it until it is there; then it is over, and wants nothing any more."""
    end = parse_rfc3339("2026-12-21T00:00:00Z")
    standing = stands(ada, end + at)
    assert [item.id for item in standing.soon] == found
    assert ("entry-ends" in standing.wants_doing) == bool(found)
    assert [item.id for item in standing.over] == ([] if at else ["boots"])


def test_the_end_of_all(ada: Path) -> None:
    """The profile's own end wants doing before and after it."""
    end = signed_in(ada).payload.exp
    for at, deeds in (
        (end - 31 * DAY, ()),
        (end - 30 * DAY, ("profile-ends",)),
        (end - 1, ("profile-ends",)),
        (end, ("ended",)),
        (end + 365 * DAY, ("ended",)),
    ):
        assert stands(ada, at).wants_doing == deeds


def test_what_is_live(ada: Path) -> None:
    """Each thing that a host may serve is one state, with the version that readers get where it is the person's."""
    first = signed_in(ada)
    edit(ada / "profile.yml", "frequency: 2/P1M\n    retention", "frequency: 1/P1M\n    retention")
    second = sign(prepare(ada, lambda: AT + 1), public_test_key("ada daily"))
    profile, keys = "sayso/profile.jwt", "sayso/keys.jsonl"
    older: dict[str, bytes | FetchError | None] = {**machine_files(first)}
    down = FetchError("network", "down")
    served: tuple[tuple[Signed, dict[str, bytes | FetchError | None], str, int | None], ...] = (
        (second, {}, "as-signed", 2),
        (second, older, "older", 1),
        (first, {**machine_files(second)}, "newer", 2),
        (second, {profile: None, keys: None}, "missing", None),
        (second, {keys: None}, "wrong", None),
        (second, {profile: second.profile[:-1]}, "wrong", None),
        (second, {profile: b"<!DOCTYPE html>"}, "wrong", None),
        (second, {"sayso/jwks.json": None}, "in-part", 2),
        (second, {profile: down}, "unknown", None),
        (second, {profile: second.profile[:-1], "sayso/jwks.json": down}, "wrong", None),
    )
    for signed, change, state, number in served:
        found = seen(signed, change)
        assert (found.state, found.version and found.version.payload.sequence) == (state, number), change
        assert (found.unknown is down) == (state == "unknown")
        assert bool(found.problems) == (state not in ("as-signed", "unknown"))


def test_companies_go_by_what_is_live(ada: Path) -> None:
    """Where an older version is live, what companies hold is what that one says."""
    before = signed_in(ada)
    edit(ada / "profile.yml", "    signals: [media.consumption]", "    signals: [loyalty.status]")
    after = sign(prepare(ada, lambda: AT + 1), public_test_key("ada daily"))
    for served, signal in ((before, "media.consumption"), (after, "loyalty.status")):
        standing = stands(ada, seen=seen(after, {**machine_files(served)}))
        [found] = [item for item in standing.held.holdings if item.card.domain == "soundbarn.example"]
        assert found.signals == (signal,)
        assert ("not-published" in standing.wants_doing) == (served is before)
