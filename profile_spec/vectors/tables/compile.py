"""Compiling: a source, an instant and a place in the chain, and the payload that they make."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tables.case import Case

AT = 1_795_251_600  # 2026-11-21T09:00:00Z
DAY = 86_400
LINK = {"identity": "A" * 43, "key_event": "B" * 42 + "A", "sequence": 1, "previous": None}
NEXT = LINK | {"sequence": 2, "previous": "C" * 42 + "A"}
HEAD = "sayso: 1\nme: {url: https://ada.example/}\nvalid: {for: P30D}\n"
TWO = (
    HEAD
    + "companies: {trailhead.example: {}, northpeak.example: {}}\ngroups: {outdoor: [trailhead.example, northpeak.example]}\n"
)
COMPANIES = [{"domain": "northpeak.example"}, {"domain": "trailhead.example"}]
OFFERS = {
    "id": "offers",
    "to": ["northpeak.example"],
    "signals": ["purchase.history"],
    "purposes": ["offers.personalised"],
    "channels": ["email"],
}
GRANT = "grants:\n  - {id: offers, to: northpeak.example, signals: [purchase.history], purposes: [offers.personalised], channels: [email]"


def payload(**content: Any) -> dict[str, Any]:
    """Make the payload of ``HEAD`` as the first version, with what is said here."""
    members = {
        "v": 1,
        "sub": "https://ada.example/",
        "iat": AT,
        "exp": AT + 30 * DAY,
        "status": "active",
        "vocabulary": 1,
        "subject": {},
    }
    return members | LINK | content


def offers(**members: Any) -> dict[str, Any]:
    """Make the payload of ``TWO`` with the one grant, changed as said."""
    grant = {name: value for name, value in (OFFERS | members).items() if value is not None}
    return payload(companies=COMPANIES, grants=[grant])


# name, sentence, place, source, what else goes in, payload
TABLE: list[tuple[str, str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("least", "The least profile says who, where and until when.", "compiling", HEAD, {}, payload()),
    ("subject", "Name, languages in their order, and country are the subject's.", "compiling", HEAD.replace("ada.example/", "ada.example/, name: Ada, languages: [fr, en], country: IE"), {}, payload(subject={"name": "Ada", "languages": ["fr", "en"], "country": "IE"})),
    ("until-a-day", "A profile until a day holds to the end of that day.", "compiling", HEAD.replace("for: P30D", "until: 2026-12-31"), {}, payload(exp=1_798_761_600)),
    ("for-months", "A duration in months keeps the day of the month, or takes the last.", "compiling", HEAD.replace("P30D", "P3M"), {"at": 1_796_029_200}, payload(iat=1_796_029_200, exp=1_803_805_200)),
    ("defaults", "What has its default is left out.", "canonical", TWO + GRANT + ", categories: [sg], sharing: none}\n", {}, offers(categories=["sg"])),
    ("groups", "A group becomes its companies, each once, sorted.", "compiling", TWO + GRANT.replace("northpeak.example,", "[outdoor, northpeak.example],") + "}\n", {}, offers(to=["northpeak.example", "trailhead.example"])),
    ("everyone", "Everyone becomes the star.", "compiling", HEAD + "refusals: [{id: no, to: everyone, purposes: [data.sale]}]\n", {}, payload(refusals=[{"id": "no", "to": ["*"], "purposes": ["data.sale"]}])),
    ("letters", "A name in other letters becomes an A-label, and one in capitals small.", "companies", HEAD + "companies: {b\u00fccher.example: {}, Northpeak.Example: {stage: buy}}\n", {}, payload(companies=[{"domain": "northpeak.example", "stage": "buy"}, {"domain": "xn--bcher-kva.example"}])),
    ("sets", "Lists that are sets are sorted.", "compiling", TWO + "grants:\n  - {id: g, to: [trailhead.example, northpeak.example], signals: [wishlist, cart], purposes: [offers, ads], channels: [sms, email], categories: [sg, me], sharing: {named: [z.example, a.example]}}\n", {}, payload(companies=COMPANIES, grants=[{"id": "g", "to": ["northpeak.example", "trailhead.example"], "signals": ["cart", "wishlist"], "purposes": ["ads", "offers"], "channels": ["email", "sms"], "categories": ["me", "sg"], "sharing": {"named": ["a.example", "z.example"]}}])),
    ("named-once", "Two spellings of one domain are one company.", "companies", TWO + GRANT + ", sharing: {named: [B.example, b.example]}}\n", {}, offers(sharing={"named": ["b.example"]})),
    ("grants-in-order", "Grants, refusals, wants and interests keep their order.", "compiling", TWO + "grants: [{id: z, to: outdoor, signals: [cart], purposes: [offers]}, {id: a, to: outdoor, signals: [search], purposes: [offers]}]\nrefusals: [{id: y, to: everyone, signals: [cart.abandoned]}, {id: b, to: everyone, signals: [search.queries]}]\nwants: [{id: x, what: one}, {id: c, what: two}]\ninterests: [{topic: z, level: like}, {topic: a, level: love}]\n", {}, payload(companies=COMPANIES, grants=[{"id": "z", "to": ["northpeak.example", "trailhead.example"], "signals": ["cart"], "purposes": ["offers"]}, {"id": "a", "to": ["northpeak.example", "trailhead.example"], "signals": ["search"], "purposes": ["offers"]}], refusals=[{"id": "y", "to": ["*"], "signals": ["cart.abandoned"]}, {"id": "b", "to": ["*"], "signals": ["search.queries"]}], wants=[{"id": "x", "what": "one"}, {"id": "c", "what": "two"}], interests=[{"topic": "z", "level": "like"}, {"topic": "a", "level": "love"}])),
    ("days", "A day becomes its first instant, or that of the next day.", "compiling", TWO + GRANT + ", from: 2026-11-25, until: 2026-12-10}\n", {}, offers(**{"from": "2026-11-25T00:00:00Z", "until": "2026-12-11T00:00:00Z"})),
    ("with-the-profile", "An end is kept also where it is that of the profile.", "compiling", (TWO + GRANT + ", until: 2026-12-31}\n").replace("for: P30D", "until: 2026-12-31"), {}, offers(until="2027-01-01T00:00:00Z") | {"exp": 1_798_761_600}),
    ("limits", "Limits and texts are taken as they stand.", "compiling", TWO + GRANT + ', granularity: band, lookback: P1Y, frequency: 2/P1M, retention: P90D, sharing: processors, in_return: "10 %", note: "a \\"b\\""}\n', {}, offers(granularity="band", lookback="P1Y", frequency="2/P1M", retention="P90D", sharing="processors", in_return="10 %", note='a "b"')),
    ("contact-rules", "Contact rules are sorted by channel.", "compiling", HEAD + 'channels: {sms: never, email: {max: 4/P1M, quiet: "20:00-08:00 Europe/Dublin"}}\n', {}, payload(channels=[{"channel": "email", "max": "4/P1M", "quiet": "20:00-08:00 Europe/Dublin"}, {"channel": "sms", "never": True}])),
    ("want", "A want that nobody may answer gives no grant.", "compiling", HEAD + "wants: [{id: boots, what: boots, category: sg-4, budget: 180 EUR, until: 2026-12-10}]\n", {}, payload(wants=[{"id": "boots", "what": "boots", "category": "sg-4", "budget": "180 EUR", "until": "2026-12-11T00:00:00Z"}])),
    ("want-open", "A want that companies may answer gives the grant for it, after the others.", "compiling", TWO + "wants: [{id: boots, what: boots, category: sg-4, until: 2026-12-10, open_to: outdoor, channels: [sms, email]}]\n" + GRANT + "}\n", {}, payload(companies=COMPANIES, grants=[OFFERS, {"id": "want-boots", "to": ["northpeak.example", "trailhead.example"], "signals": ["intent.declared"], "purposes": ["intent.response"], "channels": ["email", "sms"], "categories": ["sg-4"], "until": "2026-12-11T00:00:00Z"}], wants=[{"id": "boots", "what": "boots", "category": "sg-4", "until": "2026-12-11T00:00:00Z", "open_to": ["northpeak.example", "trailhead.example"]}])),
    ("withdrawn", "Of a withdrawn profile nothing is told but that it is.", "compiling", TWO.replace("ada.example/}", "ada.example/, name: Ada}") + "status: withdrawn\n" + GRANT + "}\nrefusals: [{id: no, to: everyone}]\nchannels: {sms: never}\nwants: [{id: x, what: one}]\ninterests: [{topic: z, level: like}]\n", {}, payload(status="withdrawn")),
    ("withdrawn-leaves-traces", "Withdrawing takes every grant back, and says so.", "revocations", TWO + "status: withdrawn\n" + GRANT + "}\n", {"at": AT + DAY, "link": NEXT, "before": offers()}, payload(status="withdrawn", iat=AT + DAY, exp=AT + 31 * DAY, revocations=[{"id": "offers", "to": ["northpeak.example"], "revoked_at": AT + DAY}]) | NEXT),
    ("back-from-withdrawn", "A profile comes back by leaving out the line; traces stay.", "revocations", TWO + GRANT + "}\n", {"at": AT + 2 * DAY, "link": NEXT, "before": payload(status="withdrawn", revocations=[{"id": "offers", "to": ["northpeak.example"], "revoked_at": AT + DAY}])}, offers() | {"iat": AT + 2 * DAY, "exp": AT + 32 * DAY, "revocations": [{"id": "offers", "to": ["northpeak.example"], "revoked_at": AT + DAY}]} | NEXT),
    ("place", "The place in the chain is taken as it is given.", "compiling", HEAD, {"link": NEXT, "before": payload()}, payload(**NEXT)),
    ("last-second", "A profile that would hold on is cut off by nothing but its end.", "compiling", HEAD.replace("P30D", "P400D"), {}, payload(exp=AT + 400 * DAY)),
]  # fmt: skip

STANDING = offers(
    lookback="P3M", frequency="2/P1M", categories=["sg-4"], to=["northpeak.example", "trailhead.example"]
) | {"iat": AT - DAY, "exp": AT + 29 * DAY}
SOURCE = (
    TWO
    + "grants:\n  - {id: offers, to: outdoor, signals: [purchase.history], purposes: [offers.personalised], channels: [email], categories: [sg-4], lookback: P3M, frequency: 2/P1M}\n"
)
BOTH, ALL = (
    ["northpeak.example", "trailhead.example"],
    {"to": ["northpeak.example", "trailhead.example"], "lookback": "P3M", "frequency": "2/P1M", "categories": ["sg-4"]},
)

# name, sentence, what is replaced in the source, by what, the grant then, who lost
TAKEN: list[tuple[str, str, str, str, dict[str, Any] | None, list[str]]] = [
    ("same", "What still stands leaves no trace.", "P3M", "P3M", {}, []),
    ("gone", "A grant that is gone leaves a trace for all its companies.", SOURCE[len(TWO):], "", None, BOTH),
    ("company", "A company that is named no more has lost, and the others have not.", "outdoor, signals", "northpeak.example, signals", {"to": ["northpeak.example"]}, ["trailhead.example"]),
    ("signal", "Another signal is not what was permitted.", "purchase.history", "purchase.returns", {"signals": ["purchase.returns"]}, BOTH),
    ("wider-signal", "A word that holds the old one takes nothing back.", "purchase.history", "purchase", {"signals": ["purchase"]}, []),
    ("purpose", "Another purpose is not what was permitted.", "offers.personalised", "marketing.direct", {"purposes": ["marketing.direct"]}, BOTH),
    ("channel", "A channel less takes something back.", ", channels: [email]", "", {"channels": None}, BOTH),
    ("channel-more", "A channel more takes nothing back.", "[email]", "[email, sms]", {"channels": ["email", "sms"]}, []),
    ("category", "A narrower category takes something back.", "sg-4", "sg-4-1", {"categories": ["sg-4-1"]}, BOTH),
    ("any-category", "All categories hold the old one.", ", categories: [sg-4]", "", {"categories": None}, []),
    ("stricter", "A stricter limit takes something back.", "P3M", "P2M", {"lookback": "P2M"}, BOTH),
    ("laxer", "A laxer limit takes nothing back.", "2/P1M", "3/P1M", {"frequency": "3/P1M"}, []),
    ("coarser", "A coarser granularity takes something back.", "P3M", "P3M, granularity: item", {"granularity": "item"}, BOTH),
    ("as-fine", "To state the finest granularity takes nothing back.", "P3M", "P3M, granularity: event", {"granularity": "event"}, []),
    ("retention", "To state a retention takes something back.", "P3M", "P3M, retention: P5Y", {"retention": "P5Y"}, BOTH),
    ("rarer", "A lower frequency takes something back.", "2/P1M", "1/P1M", {"frequency": "1/P1M"}, BOTH),
    ("as-often", "A month counts as 30 days.", "2/P1M", "2/P30D", {"frequency": "2/P30D"}, []),
    ("as-far-back", "A look-back is compared as it is counted back from now.", "P3M", "P92D", {"lookback": "P92D"}, []),
    ("not-as-far-back", "From 21 November, 91 days are less than three months.", "P3M", "P91D", {"lookback": "P91D"}, BOTH),
    ("shared-wider", "Wider sharing takes nothing back.", "P3M", "P3M, sharing: processors", {"sharing": "processors"}, []),
    ("start-before", "A beginning in the past is no later beginning.", "P3M", "P3M, from: 2026-11-21", {"from": "2026-11-21T00:00:00Z"}, []),
    ("earlier", "An earlier end takes something back.", "P3M", "P3M, until: 2026-12-10", {"until": "2026-12-11T00:00:00Z"}, BOTH),
    ("later-start", "A later beginning takes something back.", "P3M", "P3M, from: 2026-12-10", {"from": "2026-12-10T00:00:00Z"}, BOTH),
]  # fmt: skip


def cases() -> Iterator[Case]:
    """Give the cases of compiling."""
    for name, description, place, text, more, expected in TABLE:
        yield _case(name, description, place, text, more, expected)
    for name, description, old, new, change, losers in TAKEN:
        grant = (
            None
            if change is None
            else {key: value for key, value in (OFFERS | ALL | change).items() if value is not None}
        )
        after = payload(**NEXT, companies=COMPANIES, **({"grants": [grant]} if grant else {}))
        if losers:
            after["revocations"] = [{"id": "offers", "to": losers, "revoked_at": AT}]
        yield _case(
            f"taken-{name}",
            description,
            "revocations",
            SOURCE.replace(old, new),
            {"link": NEXT, "before": STANDING},
            after,
        )
    yield from _kept()
    slip = HEAD.replace("P30D", "P401D")
    given = {"text": slip, "at": AT, "link": LINK}
    yield Case(
        "error", "A source with an error is not compiled.", "SPEC.md#checking", given, {"error": "invalid-profile"}
    )


def _kept() -> Iterator[Case]:
    """Give the cases of traces that the version before had already."""
    for name, description, age, kept in (
        ("carried-on", "A trace is carried on.", 10, True),
        ("last-day", "A trace of 729 days is carried on.", 729, True),
        ("too-old", "A trace of 730 days is not.", 730, False),
    ):
        trace = {"id": "old", "to": ["northpeak.example"], "revoked_at": AT - age * DAY}
        before = payload(revocations=[trace])
        after = payload(**NEXT, **({"revocations": [trace]} if kept else {}))
        yield _case(name, description, "revocations", HEAD, {"link": NEXT, "before": before}, after)
    traces = [
        {"id": name, "to": ["northpeak.example"], "revoked_at": AT - age * DAY}
        for name, age in (("b", 9), ("c", 5), ("a", 5))
    ]
    before, after = payload(revocations=traces), payload(**NEXT, revocations=[traces[0], traces[2], traces[1]])
    yield _case(
        "sorted",
        "Traces are sorted by their instant, then by id.",
        "revocations",
        HEAD,
        {"link": NEXT, "before": before},
        after,
    )
    trace = {"id": "offers", "to": ["northpeak.example"], "revoked_at": AT - DAY}
    before, after = payload(companies=COMPANIES, revocations=[trace]), offers() | NEXT | {"revocations": [trace]}
    yield _case(
        "given-again",
        "A trace stays when the grant is given again.",
        "revocations",
        TWO + GRANT + "}\n",
        {"link": NEXT, "before": before},
        after,
    )
    trace = {"id": "offers", "to": ["trailhead.example"], "revoked_at": AT - DAY}
    again = {"id": "offers", "to": BOTH, "revoked_at": AT}
    before, after = offers() | {"revocations": [trace]}, payload(**NEXT, companies=COMPANIES, revocations=[again])
    yield _case(
        "again",
        "A later trace takes the place of an earlier one, with the companies of both.",
        "revocations",
        TWO,
        {"link": NEXT, "before": before},
        after,
    )
    ended = offers(until="2026-11-21T00:00:00Z")
    yield _case(
        "had-ended",
        "A grant that had ended leaves no trace.",
        "revocations",
        TWO,
        {"link": NEXT, "before": ended},
        payload(**NEXT, companies=COMPANIES),
    )


def _case(name: str, description: str, place: str, text: str, more: dict[str, Any], expected: dict[str, Any]) -> Case:
    given = {"text": text, "at": AT, "link": LINK} | more
    return Case(
        name,
        description,
        f"SPEC.md#{place}",
        given,
        {"payload": json.dumps(expected, sort_keys=True, separators=(",", ":"), ensure_ascii=False)},
    )
