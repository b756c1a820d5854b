"""The rules of a source, one fault each: a small profile that is right, and what one change does to it."""

from __future__ import annotations

from collections.abc import Iterator

from tables.case import Case

AT = 1_795_251_600  # 2026-11-21T09:00:00Z

RIGHT = """\
sayso: 1
me: {url: https://ada.example/}
valid: {for: P6M}
companies:
  northpeak.example: {}
  trailhead.example: {}
groups:
  outdoor: [northpeak.example, trailhead.example]
grants:
  - id: offers
    to: [northpeak.example]
    signals: [purchase.history]
    purposes: [offers.personalised]
    channels: [email]
"""

ADVICE = (
    "already-ended", "ends-soon", "unreachable-grant", "channel-never", "says-the-same", "explicit-only-left-out", "parent-grants-nothing",
    "sensitive-category", "full-name",
)  # fmt: skip

LONG = ".".join(["a" * 63] * 3)  # and a label of 53 makes a host under .example as long as one may be
NAMED = [f"{letter}.example" for letter in "abcdefghijkl"]

# name, sentence, what is replaced, what it is replaced by, code, line, column
CHANGES = [
    ("version", "A version that is not known is refused.", "sayso: 1", "sayso: 2", "unsupported-version", 1, 8),
    ("no-address", "The address is required.", "url: https://ada.example/", "name: Ada", "missing-member", 2, 1),
    ("no-end", "Consent must end.", "valid: {for: P6M}\n", "", "missing-member", 1, 1),
    ("two-ends", "The end is said in one way only.", "for: P6M", "for: P6M, until: 2027-01-01", "valid-for-or-until", 3, 8),
    ("unknown-member", "A member that does not exist is refused, not skipped.", "    channels: [email]", "    channel: [email]", "unknown-member", 14, 5),
    ("wrong-type", "A value of the wrong kind is refused.", "signals: [purchase.history]", "signals: purchase.history", "wrong-type", 12, 14),
    ("null", "An empty value is not an empty list.", "groups:\n  outdoor: [northpeak.example, trailhead.example]\n", "groups:\n", "wrong-type", 7, 8),
    ("number-for-text", "A number is not text.", "{url: https://ada.example/}", "{url: https://ada.example/, name: 7}", "wrong-type", 2, 39),
    ("unknown-signal", "A signal must be in the vocabulary.", "purchase.history", "purchase.histroy", "unknown-signal", 12, 15),
    ("unknown-purpose", "A purpose must be in the vocabulary.", "offers.personalised", "offers.personal", "unknown-purpose", 13, 16),
    ("unknown-channel", "A channel must be in the vocabulary.", "[email]", "[mail]", "unknown-channel", 14, 16),
    ("unknown-stage", "A stage must be in the vocabulary.", "northpeak.example: {}", "northpeak.example: {stage: bought}", "unknown-stage", 5, 30),
    ("unknown-category", "A category must lie under a known vertical.", "    channels: [email]", "    categories: [zz-1]", "unknown-category", 14, 18),
    ("category-zero", "A category is written without leading zeros.", "    channels: [email]", "    categories: [sg-03]", "unknown-category", 14, 18),
    ("category-10000", "A number in a category is 9999 at the most.", "    channels: [email]", "    categories: [sg-10000]", "unknown-category", 14, 18),
    ("language-of-9", "A language has 8 letters at the most.", "https://ada.example/}", "https://ada.example/, languages: [abcdefghi]}", "bad-format", 2, 45),
    ("subtag-of-9", "So has each of its further subtags.", "https://ada.example/}", "https://ada.example/, languages: [en-abcdefghi]}", "bad-format", 2, 45),
    ("six-subtags", "A language has 5 further subtags at the most.", "https://ada.example/}", "https://ada.example/, languages: [en-a1-b1-c1-d1-e1-f1]}", "bad-format", 2, 45),
    ("country-of-three", "A country is two capitals.", "https://ada.example/}", "https://ada.example/, country: IEX}", "bad-format", 2, 42),
    ("same-topic", "A topic stands once.", "groups:", "interests: [{topic: sg, level: love}, {topic: sg, level: dislike}]\ngroups:", "repeated-item", 7, 47),
    ("long-want", "The id of a want leaves room for that of its grant.", "groups:", "wants: [{id: " + "a" * 60 + ", what: b}]\ngroups:", "bad-format", 7, 14),
    ("before-time", "A day before 1970 is none.", "    channels: [email]", "    from: 0500-01-01", "no-such-day", 14, 11),
    ("granularity", "A level of detail must be one of the five.", "    channels: [email]", "    granularity: fine", "value-not-allowed", 14, 18),
    ("bad-duration", "A duration has its form.", "P6M", "6 months", "bad-format", 3, 14),
    ("empty-duration", "A duration that says nothing is none.", "P6M", "P", "bad-format", 3, 14),
    ("no-duration", "A duration of nothing is none.", "P6M", "P0D", "bad-format", 3, 14),
    ("100-years", "A duration has 99 years at the most.", "    channels: [email]", "    lookback: P100Y", "bad-format", 14, 15),
    ("1000-months", "It has 999 months at the most.", "    channels: [email]", "    lookback: P1000M", "bad-format", 14, 15),
    ("1000-weeks", "It has 999 weeks at the most.", "    channels: [email]", "    lookback: P1000W", "bad-format", 14, 15),
    ("10000-days", "It has 9999 days at the most.", "    channels: [email]", "    lookback: P10000D", "bad-format", 14, 15),
    ("bad-rate", "A rate has its form.", "    channels: [email]", "    frequency: monthly", "bad-format", 14, 16),
    ("id-with-line-feed", "A line feed at the end does not slip past a pattern.", "- id: offers", '- id: "offers\\n"', "bad-format", 10, 9),
    ("text-too-long", "A text has 500 characters at the most.", "https://ada.example/}", "https://ada.example/, name: " + "x" * 501 + "}", "too-long", 2, 39),
    ("nothing-granted", "An empty list of signals is refused.", "[purchase.history]", "[]", "empty", 12, 14),
    ("twice", "A list names nothing twice.", "[email]", "[email, email]", "repeated-item", 14, 23),
    ("http", "The address is https.", "https://ada", "http://ada", "url-not-canonical", 2, 11),
    ("no-slash", "The address ends with a slash.", "ada.example/", "ada.example", "url-not-canonical", 2, 11),
    ("capital-host", "The host is in lower case.", "https://ada", "https://Ada", "url-not-canonical", 2, 11),
    ("host-of-254", "The host has 253 characters at the most.", "https://ada.example", f"https://{LONG}.{'a' * 54}.example", "url-not-canonical", 2, 11),
    ("ended", "A profile that would be over at once is refused.", "for: P6M", "until: 2026-11-20", "profile-ended", 3, 16),
    ("too-long-life", "A profile holds for 400 days at the most.", "P6M", "P401D", "valid-too-long", 3, 14),
    ("no-such-day", "A day must exist.", "for: P6M", "until: 2027-02-30", "no-such-day", 3, 16),
    ("bad-domain", "A company is named by a domain.", "  trailhead.example: {}", "  trailhead.example: {}\n  Trailhead Inc: {}", "bad-domain", 7, 3),
    ("company-of-253", "A host of 253 characters is one, though no registrable domain.", "  trailhead.example: {}", f"  trailhead.example: {{}}\n  ? {LONG}.{'a' * 53}.example\n  : {{}}", "not-registrable", 7, 5),
    ("company-of-254", "A company has 253 characters at the most.", "  trailhead.example: {}", f"  trailhead.example: {{}}\n  ? {LONG}.{'a' * 54}.example\n  : {{}}", "bad-domain", 7, 5),
    ("public-suffix", "A public suffix is no company.", "  trailhead.example: {}", "  trailhead.example: {}\n  co.uk: {}", "public-suffix", 7, 3),
    ("part-of-company", "A part of a company is not a company.", "  trailhead.example: {}", "  trailhead.example: {}\n  shop.hearthside.example: {}", "not-registrable", 7, 3),
    ("same-company", "Two spellings of one domain are one company.", "  trailhead.example: {}", "  trailhead.example: {}\n  Trailhead.example: {}", "duplicate-company", 7, 3),
    ("group-everyone", "`everyone` cannot name a group.", "outdoor:", "everyone:", "group-name-taken", 8, 3),
    ("undeclared", "A typing slip never becomes a grant.", "to: [northpeak.example]", "to: [nordpeak.example]", "undeclared-company", 11, 10),
    ("undeclared-member", "A group holds declared companies.", "outdoor: [northpeak.example, ", "outdoor: [nordpeak.example, ", "undeclared-company", 8, 13),
    ("everyone-in-grant", "A purpose that is not open cannot be granted to everyone.", "to: [northpeak.example]", "to: everyone", "everyone-in-grant", 11, 9),
    ("same-id", "Two grants have two ids.", "    channels: [email]\n", "  - {id: offers, to: outdoor, signals: [cart], purposes: [offers]}\n", "duplicate-id", 14, 10),
    ("backwards", "A grant does not end before it begins.", "    channels: [email]", "    from: 2027-03-01\n    until: 2027-02-01", "ends-before-it-begins", 15, 12),
    ("outlives", "A grant does not outlive its profile.", "    channels: [email]", "    until: 2027-12-31", "outlives-profile", 14, 12),
    ("over", "A grant that is over is pointed out.", "    channels: [email]", "    until: 2026-11-01", "already-ended", 14, 12),
    ("zone", "Quiet hours name a time zone that exists.", "groups:", 'channels: {email: {quiet: "20:00-08:00 Europe/Dubblin"}}\ngroups:', "unknown-time-zone", 7, 27),
    ("zone-of-64", "The name of a time zone has 64 characters at the most; none has so many.", "groups:", f'channels: {{email: {{quiet: "20:00-08:00 {"A" * 64}"}}}}\ngroups:', "unknown-time-zone", 7, 27),
    ("too-many", "A list has a limit.", "companies:\n", "wants: [" + ", ".join(f"{{id: w{n}, what: b}}" for n in range(201)) + "]\ncompanies:\n", "too-many", 4, 8),
    ("email-in-text", "An e-mail address in a text is an error.", "    channels: [email]", "    note: Write to ada@mail.example", "email-in-text", 14, 11),
    ("phone-in-text", "A telephone number in a text is an error.", "    channels: [email]", "    note: Call +353 20 912 4567", "phone-in-text", 14, 11),
    ("phone-in-groups", "Groups of 3, 3 and 4 digits are a telephone number.", "    channels: [email]", "    in_return: Call (202) 555-0143", "phone-in-text", 14, 16),
    ("card-in-text", "A payment card number in a text is an error.", "groups:", "wants: [{id: w, what: Pay with 4111 1111 1111 1111}]\ngroups:", "card-in-text", 7, 23),
    ("account-in-text", "A bank account number in a text is an error.", "northpeak.example: {}", "northpeak.example: {note: Refund to DE89 3704 0044 0532 0130 00}", "account-in-text", 5, 29),
    ("street-in-text", "A street address in a text is an error.", "groups:", "interests: [{topic: Plants for 12 Rose Street, level: like}]\ngroups:", "street-in-text", 7, 21),
    ("street-in-german", "A street address in German is one.", "    channels: [email]", "    note: Bitte in die Lindenstraße 7", "street-in-text", 14, 11),
    ("street-in-french", "A street address in French is one.", "    channels: [email]", "    note: Livrez au 5, rue Victor", "street-in-text", 14, 11),
    ("full-name", "A full name is pointed out.", "https://ada.example/}", "https://ada.example/, name: Ada Example}", "full-name", 2, 39),
    ("profile-ends-soon", "A profile that ends within 30 days says so.", "P6M", "P2W", "ends-soon", 3, 14),
    ("ends-soon", "A grant that ends within 30 days says so.", "    channels: [email]", "    until: 2026-12-15", "ends-soon", 14, 12),
    ("over-today", "A grant that ended as the check begins has ended.", "    channels: [email]", "    until: 2026-11-20", "already-ended", 14, 12),
    ("unreachable", "A grant that a refusal covers permits nothing.", "groups:", "refusals: [{id: no, to: everyone}]\ngroups:", "unreachable-grant", 11, 5),
    ("unreachable-by-group", "A refusal of a group covers each of its companies.", "groups:", "refusals: [{id: no, to: outdoor, signals: [purchase], purposes: [offers], channels: [sms, email]}]\ngroups:", "unreachable-grant", 11, 5),
    ("unreachable-categories", "A refusal of a category covers what lies under it.", "    channels: [email]", "    categories: [sg-4-2]\nrefusals: [{id: no, to: northpeak.example, categories: [sg-4]}]", "unreachable-grant", 10, 5),
    ("unreachable-channels", "A grant of which all channels are never to be used permits nothing.", "groups:", "channels: {email: never}\ngroups:", "unreachable-grant", 11, 5),
    ("unreachable-want", "A want that nobody may answer after all is pointed out.", "groups:", "refusals: [{id: no, to: outdoor, signals: [intent]}]\nwants: [{id: w, what: boots, open_to: [outdoor]}]\ngroups:", "unreachable-grant", 8, 9),
    ("channel-never", "A channel that is never to be used is named.", "    channels: [email]", "    channels: [email, phone]\nchannels: {phone: never}", "channel-never", 14, 23),
    ("says-the-same", "Two grants that say the same are pointed out.", "    channels: [email]", "    channels: [email]\n  - {id: again, to: northpeak.example, signals: [purchase.history], purposes: [offers.personalised], channels: [email], note: x}", "says-the-same", 15, 5),
    ("want-everyone", "A want is not open to everyone.", "groups:", "wants: [{id: w, what: x, open_to: everyone}]\ngroups:", "everyone-in-grant", 7, 35),
    ("zone-letters", "The name of a time zone is written letter by letter.", "groups:", 'channels: {email: {quiet: "20:00-08:00 europe/dublin"}}\ngroups:', "unknown-time-zone", 7, 27),
    ("part-in-a-grant", "A name below a declared company is not declared.", "to: [northpeak.example]", "to: [shop.northpeak.example]", "undeclared-company", 11, 10),
    ("suffix-in-a-group", "Nor is a public suffix in a group.", "outdoor: [northpeak.example", "outdoor: [co.uk", "undeclared-company", 8, 13),
    ("parent-of-open", "A purpose that others lie under is not open, though they are.", "to: [northpeak.example]\n    signals: [purchase.history]\n    purposes: [offers.personalised]", "to: everyone\n    signals: [purchase.history]\n    purposes: [intent]", "everyone-in-grant", 11, 9),
    ("want-takes-an-id", "A want takes the id of its grant, and is told where it stands.", "    channels: [email]", "  - {id: want-w, to: outdoor, signals: [cart], purposes: [offers]}\nwants: [{id: w, what: x, open_to: outdoor}]", "duplicate-id", 15, 14),
    ("past-without-from", "A grant that only ended has not ended before it began.", "    channels: [email]", "    until: 1999-01-01", "already-ended", 14, 12),
    ("same-sharing", "The order of what lists name is not said.", "    channels: [email]\n", "    sharing: {named: [" + ", ".join(NAMED) + "]}\n  - {id: again, to: northpeak.example, signals: [purchase.history], purposes: [offers.personalised], sharing: {named: [" + ", ".join(reversed(NAMED)) + "]}}\n", "says-the-same", 15, 5),
    ("parent-of-explicit", "A word of which every part must be named by itself grants nothing.", "[purchase.history]", "[profile]", "parent-grants-nothing", 12, 15),
    ("explicit-left-out", "A word does not imply what must be named by itself.", "[purchase.history]", "[purchase]", "explicit-only-left-out", 12, 15),
    ("sensitive", "A category that may say something about health is pointed out.", "    channels: [email]", "    categories: [hb-2]", "sensitive-category", 14, 18),
]  # fmt: skip


# name, sentence, what is replaced, what it is replaced by: and nothing is found
FINE = [
    ("numbers", "Days, prices, sizes and book numbers are no telephone numbers.", "    channels: [email]", "    note: From 01.12.2026 to 05/12/2026 at 20 %, 180 EUR, ISBN 0-306-40615-2, size 41-42"),
    ("not-a-card", "A number that fails Luhn's check is no card.", "    channels: [email]", "    note: Order 4111 1111 1111 1112"),
    ("first-name", "One name is no full name.", "https://ada.example/}", "https://ada.example/, name: Ada}"),
    ("ends-later", "What ends after more than 30 days does not end soon.", "    channels: [email]", "    until: 2026-12-31"),
    ("reached-by-another-company", "A refusal of another company does not cover a grant.", "groups:", "refusals: [{id: no, to: trailhead.example}]\ngroups:"),
    ("reached-by-a-part", "A refusal of one signal does not cover the word that it lies under.", "    channels: [email]", "  - {id: all, to: northpeak.example, signals: [cart], purposes: [offers]}\nrefusals: [{id: no, to: everyone, signals: [cart.abandoned]}]"),
    ("reached-without-contact", "A refusal of a channel does not cover a grant without any.", "    channels: [email]", "refusals: [{id: no, to: everyone, channels: [email]}]"),
    ("reached-in-any-category", "A refusal of a category does not cover a grant of all.", "    channels: [email]", "refusals: [{id: no, to: everyone, categories: [sg]}]"),
    ("topic-in-words", "A topic in one's own words is no category.", "groups:", "interests: [{topic: rc-cars, level: love}]\ngroups:"),
    ("want-for-nobody", "A want that nobody may answer reaches nobody.", "groups:", "channels: {sms: never}\nwants: [{id: w, what: boots, channels: [sms]}]\ngroups:"),
    ("explicit-named", "A word and what must be named by itself beside it leave nothing out.", "[purchase.history]", "[purchase, purchase.elsewhere]"),
    ("another-limit", "Two grants that differ in a limit do not say the same.", "    channels: [email]", "    channels: [email]\n  - {id: again, to: northpeak.example, signals: [purchase.history], purposes: [offers.personalised], channels: [email], lookback: P1Y}"),
]  # fmt: skip

# What just keeps a limit: name, sentence, what is replaced, what it is replaced by
KEPT = [
    ("host-of-253", "The host may have 253 characters.", "https://ada.example", f"https://{LONG}.{'a' * 53}.example"),
    ("longest-duration", "A duration may have 99 years, 999 months, 999 weeks and 9999 days.", "    channels: [email]", "    lookback: P99Y999M999W9999D"),
    ("category-9999", "A number in a category may be 9999.", "    channels: [email]", "    categories: [sg-9999]"),
    ("first-day", "1970 has a first day.", "    channels: [email]", "    from: 1970-01-01"),
    ("longest-language", "A language may have 8 letters and 5 further subtags of 8.", "https://ada.example/}", "https://ada.example/, languages: [abcdefgh" + "-a1b2c3d4" * 5 + "]}"),
]  # fmt: skip


MIDNIGHT = 1_795_219_200  # 2026-11-21T00:00:00Z

# As MIDNIGHT strikes: name, sentence, what is replaced, what it is replaced by, problems
EDGES: list[tuple[str, str, str, str, list[tuple[str, int, int]]]] = [
    ("in-30-days", "What ends in 30 days to the second ends soon.", "    channels: [email]", "    until: 2026-12-20", [("ends-soon", 14, 12)]),
    ("in-31-days", "What ends a day later does not.", "    channels: [email]", "    until: 2026-12-21", []),
    ("just-ended", "What ended this second has ended.", "    channels: [email]", "    until: 2026-11-20", [("already-ended", 14, 12)]),
    ("profile-just-ended", "A profile that would end this second is over.", "for: P6M", "until: 2026-11-20", [("profile-ended", 3, 16)]),
    ("400-days", "400 days are allowed.", "P6M", "P400D", []),
    ("one-day", "A grant may hold for a day.", "    channels: [email]", "    from: 2027-01-01\n    until: 2027-01-01", []),
    ("several", "Problems come in the order of their places.", "to: [northpeak.example]\n    signals: [purchase.history]", "to: [nordpeak.example]\n    signals: [purchase.histroy]", [("undeclared-company", 11, 10), ("unknown-signal", 12, 15)]),
]  # fmt: skip


def cases() -> Iterator[Case]:
    """Give the cases of checking a source."""
    yield Case(
        "right",
        "The profile that the other cases change is right.",
        "SPEC.md#rules",
        {"text": RIGHT, "at": AT},
        {"problems": []},
    )
    for name, description, old, new, code, line, column in CHANGES:
        problem = {"code": code, "line": line, "column": column}
        yield Case(name, description, _place(code), {"text": changed(old, new), "at": AT}, {"problems": [problem]})
    for name, description, old, new in FINE:
        yield Case(name, description, "SPEC.md#advice", {"text": changed(old, new), "at": AT}, {"problems": []})
    for name, description, old, new in KEPT:
        yield Case(name, description, "SPEC.md#rules", {"text": changed(old, new), "at": AT}, {"problems": []})

    for name, description, old, new, problems in EDGES:
        found = [{"code": code, "line": line, "column": column} for code, line, column in problems]
        yield Case(
            f"edge-{name}",
            description,
            "SPEC.md#problems",
            {"text": changed(old, new), "at": MIDNIGHT},
            {"problems": found},
        )


def changed(old: str, new: str) -> str:
    """Change the right profile in one place."""
    if RIGHT.count(old) < 1:
        raise ValueError(f"{old}: nothing to replace")
    return RIGHT.replace(old, new, 1)


def _place(code: str) -> str:
    if code.endswith("-in-text"):
        return "SPEC.md#personal-data"
    return f"SPEC.md#{'advice' if code in ADVICE else 'rules'}"
