"""How long what a consent tool is told holds: until then it is what the view says at any time, and it is told to ask again."""

from __future__ import annotations

from collections import Counter
from random import Random, SystemRandom

import msgspec

import naive
from sayso.profile.model import Payload
from sayso.reader.consent import Mapping, Question, view
from sayso.reader.export_view import told
from test_naive import DIGEST, made_payload

AT = naive.instant("2026-11-21T09:00:00Z")
DAY = 86_400
MAPPING = Mapping(
    "segment",
    {
        f"{signal} {purpose}": (Question((signal,), (purpose,)),)
        for signal in ("purchase", "purchase.history", "novel")
        for purpose in ("offers", "offers.personalised", "ads.suppression")
    },
)


def test_a_view_holds_as_long_as_it_says() -> None:
    """What a tool is told stays as it is until ``valid_until``, or for ever where there is none, as long as it is fetched."""
    seed = SystemRandom().getrandbits(64)
    rng, seen = Random(seed), Counter[str]()
    for _ in range(600):
        payload = msgspec.convert(made_payload(rng, AT), Payload)
        fetched_at = AT - rng.choice([0, 60, 2 * DAY, 8 * DAY])
        line = told(MAPPING, payload, "a.example", AT, digest=DIGEST, fetched_at=fetched_at)
        now = view(MAPPING, payload, "a.example", AT, fetched_at=fetched_at)
        assert (line["sub"], line["sequence"], line["digest"]) == (payload.sub, payload.sequence, DIGEST)
        assert line["segment"] == now
        times = {payload.iat, payload.exp, AT + 300 * DAY}
        times |= {naive.instant(text) for grant in payload.grants for text in (grant.from_, grant.until) if text}
        end = naive.instant(line["valid_until"]) if "valid_until" in line else None
        for at in (at for at in times if at > AT and (end is None or at < end)):
            later = view(MAPPING, payload, "a.example", at, fetched_at=max(fetched_at, at - DAY) if end else fetched_at)
            assert later == now, (seed, at)
        fresh = fetched_at + DAY
        assert line["recheck_after"] == naive.as_text(fresh if end is None else min(end, fresh)), seed
        if end is None:
            assert not any(now["context"]["consent"]["categoryPreferences"].values()), seed
            seen["over"] += 1
        else:
            assert end > AT, seed
            after = view(MAPPING, payload, "a.example", end, fetched_at=end)
            seen["changes" if after != now else "stays"] += 1
    assert min(seen["over"], seen["changes"], seen["stays"]) > 10, seen
