"""The decision procedure of SPEC.md said a second time: plainly, about plain JSON, and with nothing of sayso.

Nothing here is fast, and nothing is shared with the library. What both say alike is likely what the text says.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache, reduce
from pathlib import Path
from typing import Any

import idna
from publicsuffixlist import PublicSuffixList

Json = dict[str, Any]

VOCABULARY = Path(__file__).parents[1] / "profile_spec" / "sayso_spec" / "vocabulary"
SHARINGS = ["none", "processors", "anonymised"]
LEVELS = ["event", "item", "category", "band", "aggregate"]
DAY = 86_400
CATEGORY = r"[a-z]{2}(?:-[1-9][0-9]{0,3}){0,7}"
DURATION = r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
CALENDAR_CYCLE = 146_097 * DAY  # 400 years


def instant(text: str) -> int:
    """Read an instant from its text."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def as_text(seconds: int) -> str:
    """Write an instant as text."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def months_and_days(duration: str) -> tuple[int, int]:
    """Read a duration as months and days."""
    found = re.fullmatch(DURATION, duration)
    assert found, duration
    years, months, weeks, days = (int(number or 0) for number in found.groups())
    return 12 * years + months, 7 * weeks + days


def moved(at: int, duration: str, sign: int) -> int:
    """Count a duration ahead (+1) or back (-1) from an instant: months first, to the last day at most, then days."""
    months, days = months_and_days(duration)
    # Python's calendar ends with the year 9999: count in the first 400 years after 1970 instead, which repeat for ever.
    like = at % CALENDAR_CYCLE
    start = datetime.fromtimestamp(like, UTC)
    year, month = divmod(12 * start.year + start.month - 1 + sign * months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    end = start.replace(year=year, month=month + 1, day=day) + sign * timedelta(days)
    return at - like + int(end.timestamp())


def times_a_day(rate: str) -> Fraction:
    """Give a rate as a number a day, a month being 30 days."""
    number, duration = rate.split("/")
    months, days = months_and_days(duration)
    return Fraction(int(number), 30 * months + days)


@cache
def vocabulary(name: str) -> dict[str, Json]:
    """Load the signals or purposes of the vocabulary, without the parents, which nothing implies."""
    return {term["key"]: term for term in json.loads((VOCABULARY / f"{name}.json").read_text("utf-8"))["terms"]}


def parent(word: str) -> str | None:
    """Give what stands before the first dot of a word, if there is one."""
    return word.partition(".")[0] if "." in word else None


def refers(scope: list[str], word: str, name: str) -> bool:
    """Tell whether a word is in the scope of a refusal; an empty scope is all."""
    hidden = {key for key, term in vocabulary(name).items() if term.get("explicit_only")}
    asked_for_with_it = {other for other in scope if parent(other) == word} - hidden
    return not scope or word in scope or parent(word) in scope or bool(asked_for_with_it)


def permits(granted: list[str], word: str, name: str, version: int) -> bool:
    """Tell whether a word is in the list of a grant, or is implied by its parent there."""
    term = vocabulary(name).get(word)
    implied = term is not None and not term.get("explicit_only") and term["since"] <= version
    return word in granted or (implied and parent(word) in granted)


def is_domain(host: str) -> bool:
    """Tell whether a text is a host name in the form that Companies describes."""
    labels = host.split(".")
    return (
        len(labels) >= 2
        and len(host) <= 253
        and all(re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", label) for label in labels)
        and not re.fullmatch(r"[0-9]+", labels[-1])
    )


@cache
def suffixes() -> PublicSuffixList:
    """Load the Public Suffix List with its private part."""
    return PublicSuffixList()


def registrable(company: str) -> str | None:
    """Reduce a host name to its registrable domain, if it has one."""
    host = company.lower().removesuffix(".")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True, transitional=False).decode()
        except idna.IDNAError:
            return None
    return suffixes().privatesuffix(host) if is_domain(host) else None


def names(listed: list[str], company: str) -> bool:
    """Tell whether a list of companies holds this one; ``*`` is everyone."""
    return company in listed or "*" in listed


def lies_under(category: str, other: str) -> bool:
    """Tell whether a category is another, or a part of it."""
    return category == other or category.startswith(other + "-")


def under_any(category: str, others: list[str]) -> bool:
    """Tell whether a category lies under one of these."""
    return any(lies_under(category, other) for other in others)


def includes(wide: Any, narrow: Any) -> bool:
    """Tell whether a sharing includes another."""
    if isinstance(wide, dict) and isinstance(narrow, dict):
        return set(narrow["named"]) <= set(wide["named"])
    return narrow in SHARINGS[: 2 if isinstance(wide, dict) else SHARINGS.index(wide) + 1]


def narrower(one: Any, two: Any) -> Any:
    """Give what two sharings have in common."""
    if includes(two, one) or includes(one, two):
        return one if includes(two, one) else two
    both = isinstance(one, dict) and isinstance(two, dict)
    common = sorted(set(one["named"]) & set(two["named"])) if both else []
    return {"named": common} if common else "processors"


def is_sharing(value: Any) -> bool:
    """Tell whether a request's sharing is one."""
    if isinstance(value, dict):
        return bool(value["named"]) and all(is_domain(name) for name in value["named"])
    return value in SHARINGS


COVERED, PART, APART = "covered", "touched in part", "not touched"


def channel_touch(refusal: Json, channel: str | None) -> str:
    """Say how a refusal touches the channel of a request."""
    refused = refusal.get("channels", [])
    return COVERED if not refused or channel in refused else PART if channel is None else APART


def category_touch(refusal: Json, category: str | None) -> str:
    """Say how a refusal touches the category of a request."""
    refused = refusal.get("categories", [])
    if not refused or (category is not None and under_any(category, refused)):
        return COVERED
    return PART if category is None or any(lies_under(other, category) for other in refused) else APART


def misses(grant: Json, request: Json, at: int) -> dict[str, bool]:
    """Say of each reason of step 6, in its order, whether it holds for a grant."""
    channel, category, level, age, sharing = (
        request.get(name) for name in ("channel", "category", "granularity", "age", "sharing")
    )
    categories, coarsest, lookback = (grant.get(name) for name in ("categories", "granularity", "lookback"))
    return {
        "grant-expired": "until" in grant and at >= instant(grant["until"]),
        "grant-not-yet-valid": "from" in grant and at < instant(grant["from"]),
        "channel-not-granted": channel is not None and channel not in grant.get("channels", []),
        "category-not-granted": bool(category is not None and categories and not under_any(category, categories)),
        "granularity-not-granted": bool(level and coarsest and LEVELS.index(level) < LEVELS.index(coarsest)),
        "lookback-exceeded": bool(age is not None and lookback and at - age * DAY < moved(at, lookback, -1)),
        "sharing-not-granted": sharing is not None and not includes(grant.get("sharing", "none"), sharing),
    }


def limits_of(
    grants: list[Json], left: list[str], categories: list[str], payload: Json, request: Json, at: int
) -> Json:
    """Give what an answer that rests on these grants leaves to be honoured, apart from exceptions."""

    def strictest(name: str, strictness: Any) -> Any:
        return max((grant[name] for grant in grants if name in grant), key=strictness, default=None)

    open_channel = request.get("channel") is None
    reached = left if open_channel else [request["channel"]]
    limits = {
        "categories": categories,
        "granularity": strictest("granularity", LEVELS.index),
        "lookback": strictest("lookback", lambda duration: moved(at, duration, -1)),
        "frequency": strictest("frequency", lambda rate: -times_a_day(rate)),
        "retention": strictest("retention", lambda duration: -moved(at, duration, 1)),
        "sharing": reduce(narrower, [grant.get("sharing", "none") for grant in grants]),
        "contact": [rule for rule in payload.get("channels", []) if rule["channel"] in reached],
    }
    return {name: limit for name, limit in limits.items() if limit} | ({"channels": left} if open_channel else {})


def answer(payload: Json, request: Json, company: str, at: int) -> Json:
    """Give verdict, reason, grants, refusals and limits for a request in good form about a profile that is live."""
    channel, category = request.get("channel"), request.get("category")
    signal, purpose = request["signal"], request["purpose"]

    touched = [
        (refusal, {channel_touch(refusal, channel), category_touch(refusal, category)})
        for refusal in payload.get("refusals", [])
        if names(refusal["to"], company)
        and refers(refusal.get("signals", []), signal, "signals")
        and refers(refusal.get("purposes", []), purpose, "purposes")
    ]
    covering = [refusal for refusal, touches in touched if touches == {COVERED}]
    narrowing = [refusal for refusal, touches in touched if APART not in touches and PART in touches]
    never = {rule["channel"] for rule in payload.get("channels", []) if rule.get("never")}

    about = [
        grant
        for grant in payload.get("grants", [])
        if names(grant["to"], company)
        and permits(grant["signals"], signal, "signals", payload["vocabulary"])
        and permits(grant["purposes"], purpose, "purposes", payload["vocabulary"])
    ]
    missed = [misses(grant, request, at) for grant in about]
    matching = [grant for grant, found in zip(about, missed, strict=True) if not any(found.values())]
    firsts = [next(reason for reason, holds in found.items() if holds) for found in missed if any(found.values())]
    nearest = max(firsts, key=list(missed[0]).index) if firsts else None
    revoked = any(names(revocation["to"], company) for revocation in payload.get("revocations", []))

    def left(grant: Json) -> list[str]:
        taken = never.union(*(refusal.get("channels", []) for refusal in narrowing)) if channel is None else set()
        return [name for name in grant.get("channels", []) if name not in taken]

    # A refusal of a category on some channels leaves the category open on the others.
    whole = [refusal for refusal in narrowing if channel_touch(refusal, channel) == COVERED]

    def over(refusal: Json, grant: Json) -> bool:
        return any(under_any(item, refusal.get("categories", [])) for item in grant.get("categories", []))

    def all_refused(grant: Json) -> bool:
        granted = grant.get("categories", [])
        refused = [item for refusal in whole for item in refusal.get("categories", [])]
        return category is None and bool(granted) and all(under_any(item, refused) for item in granted)

    emptied = [grant for grant in matching if all_refused(grant) or (grant.get("channels") and not left(grant))]
    remaining = [grant for grant in matching if grant not in emptied]
    takers = [
        refusal
        for refusal in narrowing
        if (
            channel is None
            and any(set(refusal.get("channels", [])) & set(grant.get("channels", [])) for grant in emptied)
        )
        or (refusal in whole and any(over(refusal, grant) for grant in emptied if all_refused(grant)))
    ]

    denials: list[tuple[str, bool, list[Json]]] = [
        ("refused", bool(covering), covering),
        ("channel-refused", channel in never, []),
        (nearest or ("revoked" if revoked else "not-declared"), not matching, []),
        ("refused", not remaining and bool(takers), takers),
        ("channel-refused", not remaining, []),
    ]
    for reason, holds, refusals in denials:
        if holds:
            return {"verdict": "deny", "reasons": [reason], "refusals": refusals}

    leading = remaining[0].get("categories", []) if category is None else []
    resting = [
        grant
        for grant in remaining
        if category is not None
        or not grant.get("categories")
        or (leading and all(under_any(item, grant["categories"]) for item in leading))
    ]
    channels = sorted({name for grant in resting for name in left(grant)})
    limits = limits_of(resting, channels, leading, payload, request, at)
    exceptions = [{name: item[name] for name in ("channels", "categories") if item.get(name)} for item in narrowing]
    limits |= {"except": exceptions} if exceptions else {}
    return {"verdict": "allow", "reasons": ["granted"], "grants": resting, "refusals": narrowing, "limits": limits}


def fault(request: Json) -> str | None:
    """Give the first reason why a request is no question, if there is one."""
    category, level, sharing = (request.get(name) for name in ("category", "granularity", "sharing"))
    faults = {
        "bad-company": registrable(request["company"]) is None,
        "bad-category": category is not None and not re.fullmatch(CATEGORY, category),
        "bad-granularity": level is not None and level not in LEVELS,
        "bad-sharing": sharing is not None and not is_sharing(sharing),
    }
    return next((code for code, holds in faults.items() if holds), None)


def decide(payload: Json, request: Json, at: int, fetched_at: int | None = None, digest: str | None = None) -> Json:
    """Decide a request about a payload, or say why it is no question."""
    live = {
        "withdrawn": payload["status"] != "active",
        "not-yet-valid": at < payload["iat"],
        "expired": at >= payload["exp"],
        "stale": fetched_at is not None and at > fetched_at + 7 * DAY,
    }
    dead = next((reason for reason, holds in live.items() if holds), None)
    error = fault(request)
    if dead is None and error is not None:
        return {"error": error}
    company = registrable(request["company"]) or ""
    found: Json = {"verdict": "deny", "reasons": [dead]} if dead else answer(payload, request, company, at)
    grants = found.get("grants", [])
    end = min([payload["exp"], *(instant(grant["until"]) for grant in grants if "until" in grant)])
    decision = found | {
        "basis": "standing-preference",
        "grants": [grant["id"] for grant in grants],
        "refusals": [refusal["id"] for refusal in found.get("refusals", [])],
        "sequence": payload["sequence"],
        "digest": digest,
        "evaluated_at": as_text(at),
        "valid_until": as_text(end),
        "recheck_after": as_text(min(end, (at if fetched_at is None else fetched_at) + DAY)),
    }
    return {name: value for name, value in decision.items() if value}
