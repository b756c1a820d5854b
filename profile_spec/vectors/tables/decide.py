"""Decisions: one profile that says several things, and questions to which each step of the procedure has the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tables.case import Case

AT = 1_795_251_600  # 2026-11-21T09:00:00Z
END = "2027-05-20T09:00:00Z"
LONG = ".".join(["a" * 63] * 3)
ASK = {"company": "shop.example", "signal": "purchase.history", "purpose": "offers.personalised"}
ID = "A" * 43


def payload(**content: Any) -> dict[str, Any]:
    """Make a payload with what is said here and nothing else."""
    return {
        "v": 1, "sub": "https://ada.example/", "identity": ID, "key_event": ID, "sequence": 1, "previous": None,
        "iat": AT - 86_400, "exp": AT + 180 * 86_400, "status": "active", "vocabulary": 1, "subject": {},
        "companies": [{"domain": "other.example"}, {"domain": "shop.example"}],
    } | content  # fmt: skip


def grant(**members: Any) -> dict[str, Any]:
    """Make a grant of what ``ASK`` asks for, by e-mail, changed as said."""
    made = {
        "id": "g",
        "to": ["shop.example"],
        "signals": ["purchase.history"],
        "purposes": ["offers.personalised"],
        "channels": ["email"],
    }
    return {name: value for name, value in (made | members).items() if value is not None}


def refusal(**members: Any) -> dict[str, Any]:
    """Make a refusal of everything to the shop, narrowed as said."""
    return {"id": "r", "to": ["shop.example"]} | members


def allow(*grants: str, **limits: Any) -> dict[str, Any]:
    """Expect a permission, by e-mail if nothing else is said; None takes a limit out."""
    expected = {"sharing": "none", "channels": ["email"]} | limits
    return {
        "verdict": "allow",
        "reasons": ["granted"],
        "grants": list(grants or ("g",)),
        "limits": {name: value for name, value in expected.items() if value is not None},
    }


def deny(reason: str, *refusals: str) -> dict[str, Any]:
    """Expect a refusal; the refusals that it rests on, if they are named here."""
    return {"verdict": "deny", "reasons": [reason]} | ({"refusals": list(refusals)} if refusals else {})


def error(code: str) -> dict[str, Any]:
    """Expect that the question is refused as none."""
    return {"error": code}


BY_EMAIL = {"sharing": "none"}  # the limits where the request named its channel

# step, name, sentence, payload, what is asked beyond ASK, expected
TABLE: list[tuple[int, str, str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (1, "withdrawn", "A withdrawn profile permits nothing.", payload(status="withdrawn", grants=[grant()]), {}, deny("withdrawn")),
    (1, "not-yet", "Before iat nothing is permitted.", payload(iat=AT + 1, grants=[grant()]), {}, deny("not-yet-valid")),
    (1, "from-iat", "At iat it is.", payload(iat=AT, grants=[grant()]), {}, allow()),
    (1, "expired", "From exp on nothing is permitted.", payload(exp=AT, grants=[grant()]), {}, deny("expired")),
    (1, "seven-days", "Seven days after fetching it still speaks.", payload(grants=[grant()]), {"fetched_at": AT - 604_800}, allow() | {"recheck_after": "2026-11-15T09:00:00Z"}),
    (1, "stale", "A second later nothing is permitted.", payload(grants=[grant()]), {"fetched_at": AT - 604_801}, deny("stale") | {"recheck_after": "2026-11-15T08:59:59Z"}),
    (1, "stale-and-expired", "That it has ended is the stronger reason.", payload(exp=AT, grants=[grant()]), {"fetched_at": AT - 604_801}, deny("expired")),
    (2, "sub-domain", "A sub-domain is its company.", payload(grants=[grant()]), {"company": "www.Shop.example"}, allow()),
    (2, "other-company", "Another company is another company.", payload(grants=[grant()]), {"company": "other.example"}, deny("not-declared")),
    (2, "look-alike", "A domain that ends alike is another company.", payload(grants=[grant()]), {"company": "myshop.example"}, deny("not-declared")),
    (2, "listed-sub-domain", "A sub-domain that is listed is its company all the same.", payload(companies=[{"domain": "shop.example"}, {"domain": "www.shop.example"}], grants=[grant(to=["www.shop.example"])]), {"company": "www.shop.example"}, deny("not-declared")),
    (2, "listed-public-suffix", "A public suffix is no company, whatever the payload lists.", payload(companies=[{"domain": "co.uk"}], grants=[grant(to=["co.uk"])]), {"company": "co.uk"}, error("bad-company")),
    (2, "no-company", "A public suffix is no company.", payload(grants=[grant()]), {"company": "co.uk"}, error("bad-company")),
    (2, "company-of-253", "A host has 253 characters at the most.", payload(grants=[grant()]), {"company": f"{LONG}.{'a' * 48}.shop.example"}, allow()),
    (2, "company-of-254", "One of 254 is no company's.", payload(grants=[grant()]), {"company": f"{LONG}.{'a' * 49}.shop.example"}, error("bad-company")),
    (2, "category-10000", "A number in a category is 9999 at the most.", payload(grants=[grant()]), {"category": "sg-10000"}, error("bad-category")),
    (2, "category-spelling", "A category in another spelling would slip past a refusal: it is none.", payload(grants=[grant()], refusals=[refusal(categories=["sg-3"])]), {"category": "SG-3"}, error("bad-category")),
    (2, "category-zero", "Neither does a leading zero make another category.", payload(grants=[grant()], refusals=[refusal(categories=["sg-3"])]), {"category": "sg-03"}, error("bad-category")),
    (2, "category-empty", "An empty category is none.", payload(grants=[grant()]), {"category": ""}, error("bad-category")),
    (2, "granularity-unknown", "An unknown granularity is none.", payload(grants=[grant()]), {"granularity": "week"}, error("bad-granularity")),
    (2, "sharing-unknown", "An unknown sharing is none.", payload(grants=[grant()]), {"sharing": "world"}, error("bad-sharing")),
    (3, "refused", "A refusal wins over a grant.", payload(grants=[grant()], refusals=[refusal()]), {}, deny("refused")),
    (3, "refused-everyone", "A refusal to everyone is one to each.", payload(grants=[grant()], refusals=[refusal(to=["*"])]), {}, deny("refused")),
    (3, "refused-other-company", "A refusal to another company does not bear.", payload(grants=[grant()], refusals=[refusal(to=["other.example"])]), {}, allow()),
    (3, "refused-signal", "A refusal on the signal bears.", payload(grants=[grant()], refusals=[refusal(signals=["purchase.history"])]), {}, deny("refused")),
    (3, "refused-other-signal", "A refusal on another signal does not.", payload(grants=[grant()], refusals=[refusal(signals=["cart.contents"])]), {}, allow()),
    (3, "refused-parent", "A refusal on a parent covers its children.", payload(grants=[grant()], refusals=[refusal(signals=["purchase"])]), {}, deny("refused")),
    (3, "refused-parent-explicit", "A refusal on a parent covers children that must be named, too.", payload(grants=[grant(signals=["purchase.elsewhere"])], refusals=[refusal(signals=["purchase"])]), {"signal": "purchase.elsewhere"}, deny("refused")),
    (3, "parent-asked", "Asking for a parent asks for its children: a refusal on one denies.", payload(grants=[grant(signals=["purchase"])], refusals=[refusal(signals=["purchase.returns"])]), {"signal": "purchase"}, deny("refused")),
    (3, "parent-asked-explicit", "A child that must be named is not asked for with its parent.", payload(grants=[grant(signals=["purchase"])], refusals=[refusal(signals=["purchase.elsewhere"])]), {"signal": "purchase"}, allow()),
    (3, "parent-asked-unknown", "A refused child that this reader does not know is asked for with its parent.", payload(vocabulary=2, grants=[grant(signals=["purchase"])], refusals=[refusal(signals=["purchase.novel"])]), {"signal": "purchase"}, deny("refused")),
    (3, "refused-purpose-parent", "Purposes have parents likewise.", payload(grants=[grant()], refusals=[refusal(purposes=["offers"])]), {}, deny("refused")),
    (3, "refused-channel-named", "A refusal on the channel that was asked for denies.", payload(grants=[grant()], refusals=[refusal(channels=["email"])]), {"channel": "email"}, deny("refused")),
    (3, "refused-channel-other", "A refusal on another channel does not touch.", payload(grants=[grant()], refusals=[refusal(channels=["sms"])]), {"channel": "email"}, {**allow(), "limits": BY_EMAIL}),
    (3, "refused-channel-open", "Where the channel was left open, a refused one leaves the answer.", payload(grants=[grant(channels=["email", "sms"])], refusals=[refusal(channels=["sms"])]), {}, allow(**{"except": [{"channels": ["sms"]}]})),
    (3, "refused-last-channel", "When no granted channel is left, the answer is no.", payload(grants=[grant()], refusals=[refusal(channels=["email"])]), {}, deny("refused")),
    (3, "refused-category-in", "A refused category covers those under it.", payload(grants=[grant()], refusals=[refusal(categories=["sg"])]), {"category": "sg-4"}, deny("refused")),
    (3, "refused-category-out", "Another category is not touched.", payload(grants=[grant()], refusals=[refusal(categories=["sg"])]), {"category": "me"}, allow()),
    (3, "refused-category-open", "Where the category was left open, the refused one is an exception.", payload(grants=[grant()], refusals=[refusal(categories=["sg"])]), {}, allow(**{"except": [{"categories": ["sg"]}]})),
    (3, "refused-category-wider", "A category that holds a refused one is touched in part.", payload(grants=[grant()], refusals=[refusal(categories=["sg-4"])]), {"category": "sg"}, allow(**{"except": [{"categories": ["sg-4"]}]})),
    (3, "refused-category-all", "When every granted category is refused, the answer is no.", payload(grants=[grant(categories=["sg-4"])], refusals=[refusal(categories=["sg"])]), {}, deny("refused")),
    (3, "refused-both-one-outside", "A refusal that names channel and category needs both.", payload(grants=[grant()], refusals=[refusal(channels=["email"], categories=["sg"])]), {"channel": "email", "category": "me"}, {**allow(), "limits": BY_EMAIL}),
    (3, "refused-both-covered", "Where both lie within, it denies.", payload(grants=[grant()], refusals=[refusal(channels=["email"], categories=["sg"])]), {"channel": "email", "category": "sg-4"}, deny("refused", "r")),
    (3, "refused-both-open", "Where both are left open, the channel is taken.", payload(grants=[grant(channels=["email", "sms"])], refusals=[refusal(channels=["sms"], categories=["sg"])]), {}, allow(**{"except": [{"channels": ["sms"], "categories": ["sg"]}]}) | {"refusals": ["r"]}),
    (3, "all-that-cover", "An answer names every refusal that covers the request.", payload(grants=[grant()], refusals=[refusal(id="a", to=["*"]), refusal(id="b", signals=["cart.contents"]), refusal(id="c", signals=["purchase"])]), {}, deny("refused", "a", "c")),
    (3, "three-parts", "The parent of a word is what stands before its first dot, however many there are.", payload(refusals=[refusal(signals=["purchase"])]), {"signal": "purchase.history.x"}, deny("refused", "r")),
    (4, "never", "A channel that is never to be used is refused.", payload(grants=[grant()], channels=[{"channel": "email", "never": True}]), {"channel": "email"}, deny("channel-refused")),
    (4, "never-open", "It leaves an open answer.", payload(grants=[grant(channels=["email", "phone"])], channels=[{"channel": "phone", "never": True}]), {}, allow()),
    (4, "never-last", "When nothing else was granted, the answer is no.", payload(grants=[grant()], channels=[{"channel": "email", "never": True}]), {}, deny("channel-refused")),
    (5, "child-of-parent", "A grant of a parent covers its children.", payload(grants=[grant(signals=["purchase"])]), {}, allow()),
    (5, "explicit-only", "It does not cover children that must be named.", payload(grants=[grant(signals=["purchase"])]), {"signal": "purchase.elsewhere"}, deny("not-declared")),
    (5, "explicit-named", "Named, they are granted.", payload(grants=[grant(signals=["purchase.elsewhere"])]), {"signal": "purchase.elsewhere"}, allow()),
    (5, "parent-from-child", "A grant of a child does not cover its parent.", payload(grants=[grant()]), {"signal": "purchase"}, deny("not-declared")),
    (5, "unknown-word", "A word that nobody knows matches nothing but itself.", payload(grants=[grant(signals=["purchase"])]), {"signal": "purchase.novel"}, deny("not-declared")),
    (5, "unknown-word-itself", "It matches itself.", payload(grants=[grant(signals=["purchase.novel"])]), {"signal": "purchase.novel"}, allow()),
    (5, "private-suffix", "The private part of the list of public suffixes counts.", payload(companies=[{"domain": "shop.github.io"}], grants=[grant(to=["shop.github.io"])]), {"company": "www.shop.github.io"}, allow()),
    (5, "trailing-dot", "A dot at the end of a domain is the root's.", payload(grants=[grant()]), {"company": "shop.example."}, allow()),
    (5, "sharing-fewer", "Fewer of the named companies are within them.", payload(grants=[grant(sharing={"named": ["other.example", "third.example"]})]), {"sharing": {"named": ["third.example"]}}, allow(sharing={"named": ["other.example", "third.example"]})),
    (5, "sharing-named-processors", "Naming companies includes processors.", payload(grants=[grant(sharing={"named": ["other.example"]})]), {"sharing": "processors"}, allow(sharing={"named": ["other.example"]})),
    (5, "lookback-months", "Months of look-back are counted back from the instant.", payload(grants=[grant(lookback="P12M")]), {"age": 365}, allow(lookback="P12M")),
    (5, "everyone", "A grant to everyone is one to each.", payload(grants=[grant(to=["*"], purposes=["ads.suppression"])]), {"purpose": "ads.suppression", "company": "stranger.example"}, allow()),
    (5, "last-second", "Until is exclusive.", payload(grants=[grant(until="2026-11-21T09:00:01Z")]), {}, allow() | {"valid_until": "2026-11-21T09:00:01Z"}),
    (6, "nothing-granted", "Nothing is shared by default.", payload(), {}, deny("not-declared")),
    (6, "revoked", "Who has lost a grant is told.", payload(revocations=[{"id": "g", "to": ["shop.example"], "revoked_at": AT - 60}]), {}, deny("revoked")),
    (6, "revoked-other", "Others are not.", payload(revocations=[{"id": "g", "to": ["other.example"], "revoked_at": AT - 60}]), {}, deny("not-declared")),
    (6, "regranted", "What is granted again is granted.", payload(grants=[grant()], revocations=[{"id": "g", "to": ["shop.example"], "revoked_at": AT - 60}]), {}, allow()),
    (6, "grant-expired", "A grant that has ended permits nothing.", payload(grants=[grant(until="2026-11-21T09:00:00Z")]), {}, deny("grant-expired")),
    (6, "grant-not-yet", "A grant that has not begun permits nothing.", payload(grants=[grant(**{"from": "2026-11-21T09:00:01Z"})]), {}, deny("grant-not-yet-valid")),
    (6, "channel", "Another channel is not granted.", payload(grants=[grant()]), {"channel": "sms"}, deny("channel-not-granted")),
    (6, "no-channel", "None listed is none granted.", payload(grants=[grant(channels=None)]), {"channel": "email"}, deny("channel-not-granted")),
    (6, "category", "Another category is not granted.", payload(grants=[grant(categories=["sg-4"])]), {"category": "sg-5"}, deny("category-not-granted")),
    (6, "category-prefix", "sg-40 does not lie under sg-4.", payload(grants=[grant(categories=["sg-4"])]), {"category": "sg-40"}, deny("category-not-granted")),
    (6, "lookback-months", "A day beyond them is too far.", payload(grants=[grant(lookback="P12M")]), {"age": 366}, deny("lookback-exceeded")),
    (6, "revoked-everyone", "A trace to everyone is one to each.", payload(revocations=[{"id": "g", "to": ["*"], "revoked_at": AT - 60}]), {}, deny("revoked")),
    (6, "nearest-first", "The reason is the nearest miss, wherever its grant stands.", payload(grants=[grant(id="b", channels=["sms"]), grant(id="a", until="2026-01-01T00:00:00Z")]), {"channel": "email"}, deny("channel-not-granted")),
    (6, "sharing-anonymised", "Naming companies does not include anybody else, recognised or not.", payload(grants=[grant(sharing={"named": ["other.example"]})]), {"sharing": "anonymised"}, deny("sharing-not-granted")),
    (6, "granularity", "Finer than granted is not granted.", payload(grants=[grant(granularity="category")]), {"granularity": "item"}, deny("granularity-not-granted")),
    (6, "lookback", "Older than the look-back is not granted.", payload(grants=[grant(lookback="P30D")]), {"age": 31}, deny("lookback-exceeded")),
    (6, "sharing", "Sharing is not granted unless it is.", payload(grants=[grant()]), {"sharing": "processors"}, deny("sharing-not-granted")),
    (6, "sharing-named", "Named companies are those and no others.", payload(grants=[grant(sharing={"named": ["other.example"]})]), {"sharing": {"named": ["third.example"]}}, deny("sharing-not-granted")),
    (6, "nearest-miss", "The reason is the miss that came nearest.", payload(grants=[grant(id="a", until="2026-01-01T00:00:00Z"), grant(id="b", channels=["sms"])]), {"channel": "email"}, deny("channel-not-granted")),
    (7, "limits", "What was left open is limited.", payload(grants=[grant(categories=["sg"], granularity="category", lookback="P12M", frequency="2/P1M", retention="P90D", sharing="processors")], channels=[{"channel": "email", "max": "4/P1M", "quiet": "20:00-08:00 Europe/Dublin"}]), {}, allow(sharing="processors", categories=["sg"], granularity="category", lookback="P12M", frequency="2/P1M", retention="P90D", contact=[{"channel": "email", "max": "4/P1M", "quiet": "20:00-08:00 Europe/Dublin"}])),
    (7, "no-channels", "A grant without channels permits use, and no contact.", payload(grants=[grant(channels=None)]), {}, allow(channels=[])),
    (7, "granularity-coarser", "Coarser than granted is granted.", payload(grants=[grant(granularity="category")]), {"granularity": "band"}, allow(granularity="category")),
    (7, "lookback-at", "As old as the look-back is granted.", payload(grants=[grant(lookback="P30D")]), {"age": 30}, allow(lookback="P30D")),
    (7, "two-grants", "Two grants of the same reach add their channels, and the stricter limit holds.", payload(grants=[grant(id="a", retention="P90D"), grant(id="b", channels=["sms"], retention="P30D")]), {}, allow("a", "b", channels=["email", "sms"], retention="P30D")),
    (7, "strictest", "Of each limit the strictest holds.", payload(grants=[grant(id="a", granularity="item", lookback="P1M", frequency="1/P1M", retention="P30D", sharing="anonymised"), grant(id="b", granularity="band", lookback="P12M", frequency="1/P1W", retention="P31D", sharing="processors")]), {}, allow("a", "b", granularity="band", lookback="P1M", frequency="1/P1M", retention="P30D", sharing="processors")),
    (7, "retention-ahead", "Retention is counted ahead: from 1 March a month is longer than 30 days.", payload(iat=1_803_859_200, exp=1_803_859_200 + 86_400 * 90, grants=[grant(id="a", retention="P1M"), grant(id="b", retention="P30D")]), {"at": 1_803_859_200}, allow("a", "b", retention="P30D")),
    (7, "lookback-back", "Look-back is counted back: to 1 March a month is shorter than 30 days.", payload(iat=1_803_859_200, exp=1_803_859_200 + 86_400 * 90, grants=[grant(id="a", lookback="P30D"), grant(id="b", lookback="P1M")]), {"at": 1_803_859_200}, allow("a", "b", lookback="P1M")),
    (7, "equal-rates", "Of equals the first holds; a year is twelve months of 30 days.", payload(grants=[grant(id="a", frequency="12/P1Y"), grant(id="b", frequency="1/P30D")]), {}, allow("a", "b", frequency="12/P1Y")),
    (7, "sharing-both", "Of two lists of companies those hold that both name.", payload(grants=[grant(id="a", sharing={"named": ["other.example", "third.example"]}), grant(id="b", sharing={"named": ["fourth.example", "third.example"]})]), {}, allow("a", "b", sharing={"named": ["third.example"]})),
    (7, "sharing-neither", "Where two sharings have nothing else in common, processors remain.", payload(grants=[grant(id="a", sharing={"named": ["other.example"]}), grant(id="b", sharing="anonymised")]), {}, allow("a", "b", sharing="processors")),
    (7, "any-category", "A grant without categories is not widened by one that has some.", payload(grants=[grant(id="a"), grant(id="b", channels=["sms"], categories=["me"])]), {}, allow("a")),
    (7, "category-named", "Where the category was named, all that match count.", payload(grants=[grant(id="a", categories=["sg"]), grant(id="b", channels=["sms"], categories=["sg-4"])]), {"category": "sg-4"}, allow("a", "b", channels=["email", "sms"])),
    (7, "contact-named", "The contact rule of the channel that was named is told.", payload(grants=[grant()], channels=[{"channel": "email", "max": "4/P1M"}, {"channel": "sms", "max": "1/P1M"}]), {"channel": "email"}, allow(channels=None, contact=[{"channel": "email", "max": "4/P1M"}])),
    (7, "both-took", "A refusal that took part in emptying a grant is the reason.", payload(grants=[grant(channels=["email", "phone"])], refusals=[refusal(channels=["email"])], channels=[{"channel": "phone", "never": True}]), {}, deny("refused", "r")),
    (7, "both-took-category", "So is one that took its categories.", payload(grants=[grant(channels=["phone"], categories=["me"])], refusals=[refusal(categories=["me"])], channels=[{"channel": "phone", "never": True}]), {}, deny("refused", "r")),
    (7, "only-takers", "A refusal that took nothing is not named.", payload(grants=[grant(channels=["email", "sms"])], refusals=[refusal(id="r1", channels=["email"]), refusal(id="r2", channels=["sms"]), refusal(id="r3", channels=["post"])]), {}, deny("refused", "r1", "r2")),
    (7, "category-of-a-channel", "A refusal of a category on another channel takes nothing where the channel is left.", payload(grants=[grant(channels=["email", "sms"], categories=["sg"])], refusals=[refusal(channels=["sms"], categories=["sg"])]), {}, allow(categories=["sg"], **{"except": [{"channels": ["sms"], "categories": ["sg"]}]})),
    (7, "category-of-the-channel", "On the channel that was named it takes all.", payload(grants=[grant(categories=["sg"])], refusals=[refusal(channels=["email"], categories=["sg"])]), {"channel": "email"}, deny("refused", "r")),
    (7, "one-left", "A grant of which nothing is left does not stand in the way of another.", payload(grants=[grant(id="a", channels=["phone"]), grant(id="b", channels=["post"], categories=["me"])], channels=[{"channel": "phone", "never": True}]), {}, allow("b", channels=["post"], categories=["me"])),
    (7, "one-refused", "Neither does one whose categories are all refused.", payload(grants=[grant(id="a", categories=["sg-4"]), grant(id="b", categories=["me"])], refusals=[refusal(categories=["sg"])]), {}, allow("b", categories=["me"], **{"except": [{"categories": ["sg"]}]})),
    (7, "use-without-contact", "A grant without channels is left when another's channels are closed.", payload(grants=[grant(id="a"), grant(id="b", channels=None)], channels=[{"channel": "email", "never": True}]), {}, allow("b", channels=[])),
    (7, "two-reaches", "A grant that does not cover the first one's categories adds nothing.", payload(grants=[grant(id="a", categories=["sg"]), grant(id="b", channels=["sms"], categories=["me"])]), {}, allow("a", categories=["sg"])),
    (7, "wider-reach", "A grant that covers them adds its channels.", payload(grants=[grant(id="a", categories=["sg-4"]), grant(id="b", channels=["sms"], categories=["sg"])]), {}, allow("a", "b", channels=["email", "sms"], categories=["sg-4"])),
    (8, "ends-with-grant", "An answer ends with the first grant that it rests on.", payload(grants=[grant(id="a", until="2026-12-01T00:00:00Z"), grant(id="b", until="2027-01-01T00:00:00Z")]), {}, allow("a", "b") | {"valid_until": "2026-12-01T00:00:00Z", "recheck_after": "2026-11-22T09:00:00Z"}),
    (8, "ends-with-profile", "An answer ends with the profile at the latest, and is to be asked for again after a day.", payload(grants=[grant()]), {}, allow() | {"valid_until": END, "recheck_after": "2026-11-22T09:00:00Z"}),
    (8, "fetched-before", "The day is counted from fetching.", payload(grants=[grant()]), {"fetched_at": AT - 3600}, allow() | {"recheck_after": "2026-11-22T08:00:00Z", "evaluated_at": "2026-11-21T09:00:00Z", "sequence": 1, "basis": "standing-preference"}),
    (8, "recheck-at-the-end", "What ends within the day is to be asked for again then.", payload(exp=AT + 60, grants=[grant()]), {}, allow() | {"recheck_after": "2026-11-21T09:01:00Z"}),
    (2, "sharing-nobody-named", "A sharing with named companies names one at least.", payload(grants=[grant(sharing={"named": ["other.example"]})]), {"sharing": {"named": []}}, error("bad-sharing")),
    (5, "lookback-before-1970", "A look-back may reach to before 1970.", payload(grants=[grant(lookback="P99Y")]), {"age": 25_000}, allow(lookback="P99Y")),
    (5, "lookback-longest", "The longest look-back that can be written is counted to the day.", payload(grants=[grant(lookback="P99Y999M999W9999D")]), {"age": 83_558}, allow(lookback="P99Y999M999W9999D")),
    (6, "lookback-longest-exceeded", "A day more exceeds it.", payload(grants=[grant(lookback="P99Y999M999W9999D")]), {"age": 83_559}, deny("lookback-exceeded")),
    (7, "lookback-before-1970", "The strictest look-back is found before 1970 too.", payload(grants=[grant(lookback="P99Y"), grant(id="h", lookback="P90Y")]), {}, allow("g", "h", lookback="P90Y")),
    (7, "named-channel-takers", "Of a question that names its channel, a refusal of another category on that channel takes nothing.", payload(grants=[grant(categories=["sg"])], refusals=[refusal(categories=["sg"]), refusal(id="s", channels=["email"], categories=["me"])]), {"channel": "email"}, deny("refused", "r")),
    (7, "sharing-equal", "Of two sharings that are equal the limit is the first.", payload(grants=[grant(sharing={"named": ["shop.example", "other.example"]}), grant(id="h", sharing={"named": ["other.example", "shop.example"]})]), {}, allow("g", "h", sharing={"named": ["shop.example", "other.example"]})),
]  # fmt: skip


def cases() -> Iterator[Case]:
    """Give the cases of deciding."""
    for step, name, description, said, asked, expect in TABLE:
        others = {member: asked[member] for member in ("at", "fetched_at") if member in asked}
        request = {member: value for member, value in (ASK | asked).items() if member not in others}
        given = {"payload": said, "request": request, "at": AT} | others
        yield Case(f"step-{step}-{name}", description, f"SPEC.md#decision-step-{step}", given, expect)
