"""What changed between two versions is told in sentences that anybody understands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from typing import Any

import msgspec
import pytest

from sayso import spec
from sayso.profile.changes import LONGEST, changes
from sayso.profile.compile import compile_terms
from sayso.profile.model import CompanyEntry, ContactRule, Grant, Interest, Named, Refusal, Subject, Terms, Want
from sayso.profile.policy import Request, decide
from sayso.profile.source import load
from sayso.texts import LANGUAGES
from support import ADA, AT

replace = msgspec.structs.replace
SOURCE = (ADA / "profile.yml").read_text("utf-8")
BOOTS = next(line + "\n" for line in SOURCE.splitlines() if "id: boots" in line)
NORTHPEAK = "Northpeak Outdoor (northpeak.example)"
TRAILHEAD = "Trailhead (trailhead.example)"


def terms(text: str) -> Terms:
    return compile_terms(load(text.encode()), AT)


def edited(edits: Mapping[str, str]) -> Terms:
    """Compile the demo source with each of some texts, which stand there once, replaced by another."""
    text = SOURCE
    for old, new in edits.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return terms(text)


def told(before: Terms | None, now: Terms) -> list[str]:
    """Give each change as one line."""
    return [f"{change.kind} {change.what}: {change.text}" for change in changes(before, now)]


BASE = terms(SOURCE)
EDITS: dict[str, tuple[dict[str, str], list[str]]] = {
    "a channel less": (
        {"    channels: [email]\n    categories: [sg]": "    categories: [sg]"},
        [f"takes grants.northpeak-offers: {NORTHPEAK} may no longer reach you by e-mail (northpeak-offers)"],
    ),
    "a channel more, and others": (
        {"channels: [in_store, email]": "channels: [in_store, agent]"},
        [
            "takes grants.pageturner-events: Pageturner Books (pageturner.example) may no longer reach you by e-mail (pageturner-events)",
            "gives grants.pageturner-events: Pageturner Books (pageturner.example) may now also reach you by your software agent (pageturner-events)",
        ],
    ),
    "stricter limits": (
        {"lookback: P12M": "lookback: P6M", "frequency: 2/P1M": "frequency: 6/P1Y", "P90D": "P2W", "granularity: item": "granularity: band"},
        [
            f"takes grants.northpeak-offers: {NORTHPEAK} may now use data of the last 6 months (before: of the last 12 months) (northpeak-offers)",
            f"takes grants.northpeak-offers: {NORTHPEAK} may now make at most 6 contacts a year (before: at most 2 contacts a month) (northpeak-offers)",
            f"takes grants.northpeak-offers: {NORTHPEAK} may now keep your data for 2 weeks (before: for 90 days) (northpeak-offers)",
            "takes grants.soundbarn-usage: Soundbarn (soundbarn.example) may now see rough bands only (before: single items) (soundbarn-usage)",
        ],
    ),
    "looser limits": (
        {"    lookback: P5Y\n": "", "fb-1": "fb", "    granularity: band\n    retention: P1D\n": "    retention: P1M\n"},
        [
            "gives grants.ridgeline-location: Ridgeline Maps (ridgeline.example) may now see every detail (before: rough bands only) (ridgeline-location)",
            "gives grants.ridgeline-location: Ridgeline Maps (ridgeline.example) may now keep your data for 1 month (before: for 1 day) (ridgeline-location)",
            "gives grants.pageturner-history: Pageturner Books (pageturner.example) may now use data of any age (before: of the last 5 years) (pageturner-history)",
            "gives grants.beanworks-club: Beanworks Coffee (beanworks.example) may now use this permission only about Food, Beverages & Tobacco (before: only about part of Food, Beverages & Tobacco (fb-1)) (beanworks-club)",
        ],
    ),
    "neither stricter nor looser": (
        {"sharing: anonymised": "sharing: {named: [adtech.example]}"},
        [
            "takes grants.soundbarn-usage: Soundbarn (soundbarn.example) may now share your data only with Adtech (adtech.example) (before: also with others, once nobody can be recognised), which in part is less (soundbarn-usage)",
            "gives grants.soundbarn-usage: Soundbarn (soundbarn.example) may now share your data only with Adtech (adtech.example) (before: also with others, once nobody can be recognised), which in part is more (soundbarn-usage)",
        ],
    ),
    "the same length in other words": (
        {"lookback: P12M": "lookback: P1Y"},
        ["says grants.northpeak-offers: The grant northpeak-offers is written differently, and permits the same"],
    ),
    "days": (
        {"    from: 2026-11-23\n": "", "until: 2027-02-28 ": "until: 2027-03-31 "},
        [
            f"gives grants.trailhead-trial: {TRAILHEAD} may now use this permission from the beginning (before: from 2026-11-23 on) (trailhead-trial)",
            f"gives grants.trailhead-trial: {TRAILHEAD} may now use this permission until the end of 2027-03-31 (before: until the end of 2027-02-28) (trailhead-trial)",
        ],
    ),
    "companies and a signal more": (
        {"to: [ridgeline.example]\n    signals: [location.coarse]": "to: outdoor\n    signals: [location.coarse, device]"},
        [
            f"gives grants.ridgeline-location: {NORTHPEAK} and {TRAILHEAD} may now see device and approximate location, for adapting the site or app to you, in the app, as rough bands only, kept for 1 day (ridgeline-location)",
            "gives grants.ridgeline-location: Ridgeline Maps (ridgeline.example) may now also see device (ridgeline-location)",
        ],
    ),
    "a company less": (
        {"to: reading\n": "to: [pageturner.example]\n"},
        [
            "takes grants.reading-tips: Marginalia (marginalia.example) may no longer see declared interests, purchase categories and reviews and ratings, for direct marketing and recommendations, by e-mail and by letter post (reading-tips)"
        ],
    ),
    "a purpose less": (
        {"purposes: [offers.personalised, marketing.direct]\n    channels: [email]\n    categories: [sg]": "purposes: [offers.personalised]\n    channels: [email]\n    categories: [sg]"},
        [f"takes grants.northpeak-offers: {NORTHPEAK} may no longer use your data for direct marketing (northpeak-offers)"],
    ),
    "everything under a word": (
        {"signals: [purchase.categories]\n    purposes: [ads.suppression]": "signals: [purchase]\n    purposes: [ads.suppression]"},
        ["gives grants.stop-showing-me: Every company may now also see purchases as a whole (stop-showing-me)"],
    ),
    "not everyone any more": (
        {"to: everyone\n    signals: [purchase.categories]": "to: kitchen\n    signals: [purchase.categories]"},
        ["takes grants.stop-showing-me: Not every company may still see purchase categories, for showing you less advertising (stop-showing-me)"],
    ),
    "another name": (
        {"id: pageturner-history": "id: my-books", "id: no-golf": "id: golf", "id: boots": "id: walking"},
        [
            "says grants.my-books: The grant pageturner-history is now called my-books",
            "says refusals.golf: The refusal no-golf is now called golf",
            "says wants.walking: The want boots is now called walking",
        ],
    ),
    "texts of a grant": (
        {"in_return: Free delivery on Tuesdays": "in_return: Free tea", "    note: So that I only see what fits.\n": ""},
        [
            "says grants.northpeak-sizes: Your remark is gone (before: “So that I only see what fits.”) (northpeak-sizes)",
            "says grants.basket-refill: What you get in return is now “Free tea” (before: “Free delivery on Tuesdays”) (basket-refill)",
        ],
    ),
    "a refusal less": (
        {"  - {id: no-golf, to: northpeak.example, categories: [sg-3]}\n": ""},
        [f"gives refusals.no-golf: You no longer refuse {NORTHPEAK}: anything about part of Sporting Goods (sg-3) (no-golf)"],
    ),
    "another purpose refused": (
        {"[data.sale, ai.training]": "[data.sale, ads.cross_context]"},
        [
            "takes refusals.no-sale: You now also refuse everyone: advertising on other companies' pages (no-sale)",
            "gives refusals.no-sale: You no longer refuse everyone: training AI models (no-sale)",
        ],
    ),
    "a refusal of more and less": (
        {"{id: no-golf, to: northpeak.example, categories: [sg-3]}": "{id: no-golf, to: outdoor, categories: [sg-3-1]}"},
        [
            f"takes refusals.no-golf: You refuse more than before, now {NORTHPEAK}, Ridgeline Maps (ridgeline.example) and {TRAILHEAD}: anything about part of Sporting Goods (sg-3-1), and before {NORTHPEAK}: anything about part of Sporting Goods (sg-3) (no-golf)",
            f"gives refusals.no-golf: You refuse less than before, now only {NORTHPEAK}, Ridgeline Maps (ridgeline.example) and {TRAILHEAD}: anything about part of Sporting Goods (sg-3-1), and before {NORTHPEAK}: anything about part of Sporting Goods (sg-3) (no-golf)",
        ],
    ),
    "a refusal of everything": (
        {"to: [marginalia.example], channels: [post]}": "to: [marginalia.example]}"},
        [
            "takes refusals.no-letters-from-marginalia: You refuse more than before, now Marginalia (marginalia.example): everything, and before Marginalia (marginalia.example): reaching you by letter post (no-letters-from-marginalia)"
        ],
    ),
    "a channel closed": (
        {"sms: {max: 2/P1M}": "sms: never"},
        ["takes channels.sms: Nobody may reach you by text message any more: it is never to be used"],
    ),
    "a channel open again": (
        {"phone: never": "phone: {max: 1/P1W}"},
        ["gives channels.phone: Companies may reach you by phone call again, where a grant says so, at most 1 contact a week"],
    ),
    "contact rules": (
        {"max: 4/P1M, quiet: \"20:00": "max: 3/P2M, quiet: \"19:30", "  push: {quiet: \"22:00-09:00 Europe/Dublin\"}\n": "  in_app: {max: 1/P1D}\n"},
        [
            "takes channels.email: By e-mail, a company may now make at most 3 contacts in 2 months (before: at most 4 contacts a month)",
            "takes channels.email: By e-mail, a company may now contact you only outside the hours 19:30-08:00 Europe/Dublin (before: only outside the hours 20:00-08:00 Europe/Dublin)",
            "takes channels.in_app: In the app, a company may now make at most 1 contact a day",
            "gives channels.push: By push notification, a company may now contact you at any hour (before: only outside the hours 22:00-09:00 Europe/Dublin)",
        ],
    ),
    "a want less": (
        {BOOTS: ""},
        [
            f"takes wants.boots: {NORTHPEAK}, Ridgeline Maps (ridgeline.example) and {TRAILHEAD} may no longer make you offers for “Waterproof walking boots, EU 41”, by e-mail, as you no longer look for it (boots)"
        ],
    ),
    "a want that nobody could answer": (
        {'  - {id: bicycle, what: "Some day, a second-hand touring bicycle"}': "  - {id: kite, what: A kite}"},
        [
            "says wants.bicycle: You no longer look for “Some day, a second-hand touring bicycle” (bicycle)",
            "says wants.kite: You now look for “A kite”, and nobody may make you offers for it (kite)",
        ],
    ),
    "a want opened": (
        {'touring bicycle"}': 'touring bicycle", open_to: fixit.example, until: 2027-04-30}'},
        [
            "gives wants.bicycle: Fix-It (fixit.example) may now make you offers for “Some day, a second-hand touring bicycle”, but not contact you, until the end of 2027-04-30 (bicycle)"
        ],
    ),
    "a want in other words": (
        {'"Waterproof walking boots, EU 41"': "Boots", "up to 90 EUR": "up to 70 EUR", 'touring bicycle"}': 'touring bicycle", until: 2027-04-30, category: vp}', "until: 2026-12-20": "until: 2026-12-15"},
        [
            f"takes wants.boots: {NORTHPEAK}, Ridgeline Maps (ridgeline.example) and {TRAILHEAD} may now use this permission until the end of 2026-12-15 (before: until the end of 2026-12-20) (boots)",
            "says wants.boots: What you look for is now “Boots” (before: “Waterproof walking boots, EU 41”) (boots)",
            "says wants.lamp: Your budget is now “up to 70 EUR” (before: “up to 90 EUR”) (lamp)",
            "says wants.bicycle: What it is about is now “Vehicles & Parts” (bicycle)",
            "says wants.bicycle: How long you look for it is now “the end of 2027-04-30” (bicycle)",
        ],
    ),
    "who you are": (
        {"name: Ada\n": "name: Countess\n", "[en, fr]": "[fr, en]", "  country: IE\n": "", "https://ada.example/": "https://ada.example/me/"},
        [
            "says me: The address of your profile is now “https://ada.example/me/” (before: “https://ada.example/”)",
            "says me: Your name is now “Countess” (before: “Ada”)",
            "says me: The list of your languages is now “fr, en” (before: “en, fr”)",
            "says me: Your country is gone (before: “IE”)",
        ],
    ),
    "companies": (
        {"{name: Trailhead, stage: try}": "{name: Trail Head, stage: repeat}", "{name: Adtech, note: I never dealt with them; they deal with me.}": "{}\n  bank.example: {name: Bank}"},
        [
            "says companies.bank.example: You now list Bank (bank.example)",
            "says companies.adtech.example: What you call adtech.example is gone (before: “Adtech”)",
            "says companies.adtech.example: Your remark on Adtech (adtech.example) is gone (before: “I never dealt with them; they deal with me.”)",
            "says companies.trailhead.example: What you call trailhead.example is now “Trail Head” (before: “Trailhead”)",
            "says companies.trailhead.example: Where you stand with Trail Head (trailhead.example) is now “buy again” (before: “try”)",
        ],
    ),
    "interests": (
        {"{topic: golf, level: dislike}": "{topic: golf, level: like}", '  - {topic: "trail running", level: like}\n': ""},
        [
            "says interests: You no longer tell how much you care about trail running",
            "says interests: You now tell how much you care about golf (like)",
        ],
    ),
    "the order": (
        {"  - {topic: sg, level: love}\n  - {topic: me, level: love}\n": "  - {topic: me, level: love}\n  - {topic: sg, level: love}\n"},
        ["says interests: The order of your interests is another one now"],
    ),
    "a later end": (
        {"{for: P6M}": "{until: 2027-05-31}"},
        ["gives valid: This holds until the end of 2027-05-31 (before: until 2027-05-21 09:00 UTC)"],
    ),
    "an earlier end": (
        {"{for: P6M}": "{for: P5M}"},
        ["takes valid: This holds until 2027-04-21 09:00 UTC (before: until 2027-05-21 09:00 UTC)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_what_an_edit_tells(name: str) -> None:
    """An edit of the demo profile is told in these sentences, and in no others."""
    edits, expected = EDITS[name]
    assert told(BASE, edited(edits)) == expected


def test_a_first_version() -> None:
    """Of a first version everything is told: what it refuses, what it gives, and the rest."""
    now = terms(
        "{sayso: 1, me: {url: https://bo.example/, name: Bo}, valid: {until: 2027-05-31}, companies: {shop.example: {}},"
        " refusals: [{id: all, to: everyone, signals: [search, wishlist], purposes: [ads], channels: [post], categories: [ma]}],"
        " grants: [{id: news, to: shop.example, signals: [cart], purposes: [marketing.direct], channels: [on_site, email]}]}"
    )
    assert told(None, now) == [
        "takes refusals.all: You refuse everyone: seeing search and wish list for advertising by letter post about Mature (all)",
        "gives grants.news: The company shop.example may see basket, for direct marketing, by e-mail and on the web site (news)",
        "says valid: This holds until the end of 2027-05-31",
        "says me: Your name is “Bo”",
        "says companies.shop.example: You list shop.example",
    ]


def test_nothing_was_there_before_a_first_version() -> None:
    """Of a first version nothing is said to be so now, or not any more."""
    wanted = Want(id="kite", what="A kite")
    rules = (
        ContactRule(channel="phone", never=True),
        ContactRule(channel="post", max="1/P1M"),
        ContactRule(channel="sms"),
    )
    now = made(
        companies=(), channels=rules, wants=(wanted,), interests=(Interest(topic="sg", level="love"),), ext={"a": "1"}
    )
    assert told(None, now) == [
        "takes channels.phone: Nobody may reach you by phone call: it is never to be used",
        "takes channels.post: By letter post, a company may make at most 1 contact a month",
        "says valid: This holds until 2026-11-22 09:00 UTC",
        "says channels.sms: The channel sms is listed, and limits nothing",
        "says wants.kite: You look for “A kite”, and nobody may make you offers for it (kite)",
        "says interests: You tell how much you care about Sporting Goods (love)",
        "says ext: What else stands in your profile: “a”",
    ]
    for line in told(None, BASE):
        assert not re.search(r"\b(now|any more|no longer|before|again)\b", line)


def test_withdrawing_and_coming_back() -> None:
    """Withdrawing is one sentence, and coming back is told like a first version."""
    blank = Terms(v=1, sub=BASE.sub, iat=AT + 9, exp=BASE.exp, status="withdrawn", vocabulary=1, subject=Subject())
    everything = "takes status: You withdraw everything: no company may do anything from now on"
    assert told(BASE, blank) == [f"{everything}, and 18 grants end"]
    assert told(replace(BASE, grants=BASE.grants[:1]), blank) == [f"{everything}, and 1 grant ends"]
    assert told(None, blank) == ["takes status: Your profile is withdrawn: no company may do anything"]
    again = "gives status: Your profile is active again: what it says holds from now on"
    assert [line for line in told(blank, BASE) if line != again] == told(None, BASE)
    assert told(blank, BASE)[len([line for line in told(None, BASE) if line.startswith("takes")])] == again
    assert told(blank, replace(blank, iat=AT + 10)) == []
    assert told(blank, replace(blank, exp=AT + 99)) == [
        "says exp: What stands under exp is written differently, and permits the same"
    ]


def made(*grants: Grant, **members: Any) -> Terms:
    """Make terms of some grants, as a version that was written by hand may have them."""
    listed = tuple(CompanyEntry(domain=f"shop-{letter}.example") for letter in "abcdefghijklmnopqrst")
    blank = Terms(v=1, sub=BASE.sub, iat=AT, exp=AT + 86_400, status="active", vocabulary=1, subject=Subject())
    return replace(blank, **{"companies": listed, "grants": grants} | members)


GRANT = Grant(id="g", to=("shop-a.example",), signals=("cart",), purposes=("offers",))
WHO = "The company shop-a.example"


def test_long_lists() -> None:
    """A list for which there is no room is cut, and its rest counted."""
    everybody = tuple(entry.domain for entry in made().companies)
    (change,) = changes(made(), made(replace(GRANT, to=everybody)))
    assert change.text == (
        "The companies shop-a.example, shop-b.example, shop-c.example, shop-d.example, shop-e.example, shop-f.example,"
        " shop-g.example, shop-h.example, shop-i.example, shop-j.example, shop-k.example, shop-l.example and 8 more"
        " may now see basket, for offers, but not contact you (g)"
    )
    long = tuple(f"{letter * 60}.{'x' * 60}.{'y' * 60}.example" for letter in "abc")
    words = tuple(f"{letter * 32}.{letter * 32}" for letter in "abc")
    giant = replace(
        GRANT, id="g" * 64, to=long, signals=words, purposes=words, channels=words, sharing=Named(named=long)
    )
    (change,) = changes(made(), made(giant))
    assert len(change.text) == LONGEST
    assert change.text.startswith(f"The companies …{'x' * 10}.{'y' * 60}.example and 2 more may now see ")
    assert change.text.endswith("…")


def test_words_that_are_not_known() -> None:
    """A word that the vocabulary does not have is told as it stands, and an instant that is no day with its time."""
    strange = replace(GRANT, signals=("aura.colour",), channels=("pigeon",), categories=("zz-1",), from_="2026-11-21T12:00:05Z", until="2026-11-21T18:30:00Z")  # fmt: skip
    (change,) = changes(made(), made(strange))
    assert change.text == (
        f"{WHO} may now see aura.colour, for offers, by pigeon, only about part of zz (zz-1),"
        " from 2026-11-21 12:00:05 UTC on, until 2026-11-21 18:30 UTC (g)"
    )


def test_days_that_do_not_count() -> None:
    """A beginning that is over, and an end after that of the profile, permit neither more nor less than none."""
    begun, whole = (
        replace(GRANT, **day) for day in ({"from_": "2026-11-20T00:00:00Z"}, {"until": "2027-01-01T00:00:00Z"})
    )
    assert told(made(begun), made(GRANT)) == [
        f"says grants.g: {WHO} may now use this permission from the beginning (before: from 2026-11-20 on) (g)"
    ]
    assert told(made(GRANT), made(whole)) == [
        f"says grants.g: {WHO} may now use this permission until the end of 2026-12-31 (before: as long as the profile holds) (g)"
    ]


def test_the_order_of_grants() -> None:
    """Another order of the same grants is told, with what else changed."""
    other = replace(GRANT, id="h", signals=("search",))
    assert told(made(GRANT, other), made(replace(other, note="Mine."), GRANT)) == [
        "says grants.h: Your remark is now “Mine.” (h)",
        "says grants: The order of your grants is another one now",
    ]


def test_a_whole_that_shrinks() -> None:
    """Where some of what a word holds stays, the rest is not told as all of it."""
    now = replace(GRANT, signals=("cart.contents",))
    assert told(made(GRANT), made(now)) == [f"takes grants.g: {WHO} may no longer see basket as a whole (g)"]
    assert told(made(GRANT), made(replace(GRANT, signals=("cart", "cart.contents")))) == [
        "says grants.g: The grant g is written differently, and permits the same"
    ]


def test_other_companies() -> None:
    """A grant that goes to other companies altogether is told as lost by some and given to others."""
    now = replace(GRANT, to=("shop-b.example",), signals=("search",))
    assert told(made(GRANT), made(now)) == [
        f"takes grants.g: {WHO} may no longer see basket, for offers (g)",
        "gives grants.g: The company shop-b.example may now see search, for offers, but not contact you (g)",
    ]


def test_channels_that_are_closed() -> None:
    """A grant permits nothing while all its channels are closed; naming none, it permits all but contact."""
    never = (ContactRule(channel="sms", never=True),)
    closed, silent = (made(replace(GRANT, channels=channels), channels=never) for channels in (("sms",), ()))
    assert [decide(version, Request("shop-a.example", "cart", "offers"), AT).verdict for version in (closed, silent)] == ["deny", "allow"]  # fmt: skip
    assert told(closed, silent) == [
        f"takes grants.g: {WHO} may no longer reach you by text message (g)",
        f"gives grants.g: {WHO} may now use this permission without contacting you (g)",
    ]
    assert told(silent, closed) == [
        f"takes grants.g: {WHO} may no longer use this permission without contacting you (g)",
        f"gives grants.g: {WHO} may now reach you by text message (g)",
    ]


def test_a_refusal_that_is_wider_and_yet_permits() -> None:
    """A refusal that names no channels any more may open one for a question without channel, and is told so."""
    by_post = Refusal(id="r", to=("*",), channels=("post",), categories=("sg",))
    grant = replace(GRANT, channels=("post",), categories=("me",))
    before, now = (made(grant, refusals=(refusal,)) for refusal in (by_post, replace(by_post, channels=())))
    assert [decide(version, Request("shop-a.example", "cart", "offers"), AT).verdict for version in (before, now)] == ["deny", "allow"]  # fmt: skip
    assert told(before, now) == [
        "takes refusals.r: You refuse more than before, now everyone: anything about Sporting Goods, and before everyone: reaching you by letter post about Sporting Goods (r)",
        "gives refusals.r: You refuse less than before, now only everyone: anything about Sporting Goods, and before everyone: reaching you by letter post about Sporting Goods (r)",
    ]


def test_parts_of_what_is_refused() -> None:
    """Refusing a part of what was refused is not told as refusing nothing of it."""
    before, now = (
        made(refusals=(Refusal(id="r", to=("*",), purposes=(purpose,)),)) for purpose in ("data", "data.sale")
    )
    assert told(before, now) == [
        "gives refusals.r: You refuse less than before, now only everyone: selling or passing on your data, and before everyone: passing data on (r)"
    ]


def test_a_newer_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer vocabulary alone is no change, unless a word that is granted holds more by it."""
    assert changes(made(GRANT), made(GRANT, vocabulary=2)) == ()
    words = spec.vocabulary()
    newer = replace(words.signals["cart.contents"], key="cart.gaze", label="How I look at it", since=2)
    vocabulary = copy(words)
    vocabulary.signals = {**words.signals, "cart.gaze": newer}
    monkeypatch.setattr(spec, "vocabulary", lambda: vocabulary)
    request = Request("shop-a.example", "cart.gaze", "offers")
    assert [decide(made(GRANT, vocabulary=version), request, AT).verdict for version in (1, 2)] == ["deny", "allow"]
    assert told(made(GRANT), made(GRANT, vocabulary=2)) == [
        f"gives grants.g: {WHO} may now also see how you look at it (g)"
    ]


def test_what_the_author_cannot_write() -> None:
    """What only a version made by hand can have does not change silently either."""
    assert told(made(), made(ext={"a": "1", "b": "2"})) == [
        "says ext: What else stands in your profile changed: “a” and “b”"
    ]
    assert told(made(), made(companies=made().companies[::-1])) == [
        "says companies: The order of your companies is another one now"
    ]
    assert told(made(), made(channels=(ContactRule(channel="sms"),))) == [
        "says channels.sms: The channel sms is written differently, and permits the same"
    ]


OTHERS = [language for language in LANGUAGES if language != "en"]
ENGLISH = re.compile(r"\b(may|your|you|before|now|about|for|the|and|with|until|company)\b")
#: What people wrote themselves, and names, which stay as they are.
OF_THE_AUTHOR = re.compile(r"[“„«][^”“»]*[”“»]|\([a-z0-9.-]+\)|\b(The|Northpeak Outdoor|Trail ?[Hh]ead)\b")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_in_another_language(name: str, language: str) -> None:
    """The same is told of the same entries, in words of the language and in no English ones."""
    now = edited(EDITS[name][0])
    found, english = changes(BASE, now, language), changes(BASE, now)
    assert [(change.kind, change.what) for change in found] == [(change.kind, change.what) for change in english]
    for change, other in zip(found, english, strict=True):
        assert change.text != other.text
        assert "%(" not in change.text
        assert not ENGLISH.search(OF_THE_AUTHOR.sub("", change.text)), change.text


@pytest.mark.parametrize("language", OTHERS)
def test_a_first_version_and_withdrawing(language: str) -> None:
    """A first version and a withdrawal are told in the language too."""
    blank = Terms(v=1, sub=BASE.sub, iat=AT + 9, exp=BASE.exp, status="withdrawn", vocabulary=1, subject=Subject())
    for before, now in ((None, BASE), (BASE, blank), (None, blank), (blank, BASE)):
        for change in changes(before, now, language):
            assert not ENGLISH.search(OF_THE_AUTHOR.sub("", change.text)), change.text


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("de", "Das Unternehmen a.example darf jetzt", "Die Unternehmen a.example und b.example dürfen jetzt"),
        ("fr", "L’entreprise a.example peut désormais", "Les entreprises a.example et b.example peuvent désormais"),
        ("ar", "الشركة a.example: يُسمح لها الآن", "الشركتان a.example وb.example: يُسمح لها الآن"),
    ],
)
def test_one_or_several(language: str, one: str, several: str) -> None:
    """The verb follows the number of the companies."""
    blank = Terms(v=1, sub=BASE.sub, iat=AT, exp=AT + 86_400, status="active", vocabulary=1, subject=Subject())
    for to, begin in ((("a.example",), one), (("a.example", "b.example"), several)):
        now = replace(blank, grants=(replace(GRANT, to=to),))
        (change,) = changes(blank, now, language)
        assert change.text.startswith(begin)
