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
    ("same-topic", "A topic stands once.", "groups:", "interests: [{topic: sg, level: love}, {topic: sg, level: dislike}]\ngroups:", "repeated-item", 7, 47),
    ("long-want", "The id of a want leaves room for that of its grant.", "groups:", "wants: [{id: " + "a" * 60 + ", what: b}]\ngroups:", "bad-format", 7, 14),
    ("before-time", "A day before 1970 is none.", "    channels: [email]", "    from: 0500-01-01", "no-such-day", 14, 11),
    ("granularity", "A level of detail must be one of the five.", "    channels: [email]", "    granularity: fine", "value-not-allowed", 14, 18),
    ("bad-duration", "A duration has its form.", "P6M", "6 months", "bad-format", 3, 14),
    ("empty-duration", "A duration that says nothing is none.", "P6M", "P", "bad-format", 3, 14),
    ("no-duration", "A duration of nothing is none.", "P6M", "P0D", "bad-format", 3, 14),
    ("bad-rate", "A rate has its form.", "    channels: [email]", "    frequency: monthly", "bad-format", 14, 16),
    ("id-with-line-feed", "A line feed at the end does not slip past a pattern.", "- id: offers", '- id: "offers\\n"', "bad-format", 10, 9),
    ("text-too-long", "A text has 500 characters at the most.", "https://ada.example/}", "https://ada.example/, name: " + "x" * 501 + "}", "too-long", 2, 39),
    ("nothing-granted", "An empty list of signals is refused.", "[purchase.history]", "[]", "empty", 12, 14),
    ("twice", "A list names nothing twice.", "[email]", "[email, email]", "repeated-item", 14, 23),
    ("http", "The address is https.", "https://ada", "http://ada", "url-not-canonical", 2, 11),
    ("no-slash", "The address ends with a slash.", "ada.example/", "ada.example", "url-not-canonical", 2, 11),
    ("capital-host", "The host is in lower case.", "https://ada", "https://Ada", "url-not-canonical", 2, 11),
    ("ended", "A profile that would be over at once is refused.", "for: P6M", "until: 2026-11-20", "profile-ended", 3, 16),
    ("too-long-life", "A profile holds for 400 days at the most.", "P6M", "P401D", "valid-too-long", 3, 14),
    ("no-such-day", "A day must exist.", "for: P6M", "until: 2027-02-30", "no-such-day", 3, 16),
    ("bad-domain", "A company is named by a domain.", "  trailhead.example: {}", "  trailhead.example: {}\n  Trailhead Inc: {}", "bad-domain", 7, 3),
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
    ("too-many", "A list has a limit.", "companies:\n", "wants: [" + ", ".join(f"{{id: w{n}, what: b}}" for n in range(201)) + "]\ncompanies:\n", "too-many", 4, 8),
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
        if RIGHT.count(old) < 1:
            raise ValueError(f"{name}: nothing to replace")
        text = RIGHT.replace(old, new, 1)
        yield Case(
            name,
            description,
            "SPEC.md#rules",
            {"text": text, "at": AT},
            {"problems": [{"code": code, "line": line, "column": column}]},
        )
