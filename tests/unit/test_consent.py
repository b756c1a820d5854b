"""What the marketer hands to consent tools: their published shapes, nothing granted but what is allowed whole, and mappings."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import spec
from sayso.errors import RequestError
from sayso.profile.model import ContactRule, Grant, Payload, Refusal, decode
from sayso.profile.policy import Request, decide
from sayso.reader.consent import TARGETS, Mapping, Question, Reach, builtin, read_mapping, view
from sayso.reader.mapping import CATEGORIES, CHANNELS
from strategies import AT, COMPANIES, PURPOSES, SIGNALS, grants, payloads, some
from strategies import CATEGORIES as PRODUCTS
from strategies import CHANNELS as REACHES
from support import CONSUMERS, ROOT

DAY = 86_400
SCHEMAS = Path(__file__).parents[1] / "consent"
MANY = settings(max_examples=200, deadline=None)
replace = msgspec.structs.replace
Json = dict[str, Any]


@cache
def shape(target: str) -> Any:
    """Make what validates an export by the tool's published shape."""
    schema = json.loads((SCHEMAS / f"{target}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def ticks(target: str, exported: Json) -> dict[str, bool]:
    """Read back from an export, the way its tool does, which keys are granted."""
    if target == "segment":
        preferences: dict[str, bool] = exported["context"]["consent"]["categoryPreferences"]
        return preferences
    if target == "rudderstack":
        told = exported["context"]["consentManagement"]
        assert set(told["allowedConsentIds"]).isdisjoint(told["deniedConsentIds"])
        return dict.fromkeys(told["allowedConsentIds"], True) | dict.fromkeys(told["deniedConsentIds"], False)
    if target == "google-consent-mode":
        return {name: state == "granted" for name, state in exported.items()}
    found: dict[str, bool] = {}

    def walk(place: Json, path: tuple[str, ...]) -> None:
        for name, inner in place.items():
            if name == "val":
                found[".".join(path)] = inner == "y"
            elif isinstance(inner, dict):
                walk(inner, (*path, name))

    walk(exported["consents"], ())
    return found


def keys(mapping: Mapping) -> set[str]:
    return {*mapping.categories, *mapping.channels, *mapping.never}


def signed(name: str) -> Payload:
    return decode((CONSUMERS / name / "signed" / "profile.json").read_bytes())


def asked(mapping: Mapping) -> list[tuple[str, Question, str | None]]:
    """Give each key with each question behind it, and the channel that it is asked on."""
    used = [(name, question, None) for name, several in mapping.categories.items() for question in several]
    reached = [(name, item, reach.channel) for name, reach in mapping.channels.items() for item in reach.questions]
    return [*used, *reached]


def granting(mapping: Mapping, without: str | None = None) -> Payload:
    """Make a profile with one grant for each question of a mapping, as far as the question goes, those of one key left out."""
    given = [
        Grant(
            id=f"g{number}",
            to=("a.example",),
            signals=question.signals,
            purposes=question.purposes,
            channels=(channel,) if channel else (),
            sharing=question.sharing,
        )
        for number, (name, question, channel) in enumerate(asked(mapping))
        if name != without
    ]
    return replace(signed("nothing"), refusals=(), grants=tuple(given))


questions = st.lists(
    st.builds(
        Question,
        signals=some(SIGNALS[:3], 1),
        purposes=some(PURPOSES, 1),
        sharing=st.sampled_from([None, "processors"]),
        granularity=st.sampled_from([None, None, "event", "aggregate"]),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
#: Mappings for Adobe's tool, the one with both categories and channels, in the few words of the made-up profiles.
mappings = st.builds(
    Mapping,
    target=st.just("adobe-xdm"),
    categories=st.fixed_dictionaries(dict.fromkeys(CATEGORIES["adobe-xdm"], questions)),
    channels=st.fixed_dictionaries(
        {
            name: st.builds(Reach, channel=st.sampled_from(REACHES), questions=questions)
            for name in CHANNELS["adobe-xdm"]
        }
    ),
)
companies = st.sampled_from(COMPANIES)


def whole_grants(mapping: Mapping) -> st.SearchStrategy[tuple[Grant, ...]]:
    """Make up grants that fit the questions of a mapping, so that something is granted, with limits of many kinds."""
    rows = asked(mapping)
    return st.lists(st.tuples(st.sampled_from(rows), grants), max_size=6).map(
        lambda picked: tuple(
            replace(
                made,
                id=f"fit{number}",
                to=("*",),
                signals=question.signals,
                purposes=question.purposes,
                channels=tuple(sorted({*made.channels, *((channel,) if channel else ())})),
                until=None,
                from_=None,
            )
            for number, ((_, question, channel), made) in enumerate(picked)
        )
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["ada", "minimal", "nothing"])
def test_examples_have_the_published_shape(name: str, target: str) -> None:
    """For every company of the example profiles, each export has the shape that the tool publishes, with every key mapped."""
    payload, mapping = signed(name), builtin(target)
    for company in [*(entry.domain for entry in payload.companies), "stranger.example"]:
        exported = view(mapping, payload, company, AT, fetched_at=AT)
        shape(target).validate(json.loads(json.dumps(exported)))
        assert set(ticks(target, exported)) == keys(mapping)


@MANY
@given(payloads, companies, st.sampled_from(TARGETS))
def test_any_profile_has_the_published_shape(payload: Payload, company: str, target: str) -> None:
    """Whatever a profile says, each export has the shape that the tool publishes."""
    shape(target).validate(view(builtin(target), payload, company, AT, fetched_at=AT))


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_asked_is_what_is_needed(target: str) -> None:
    """A profile that grants what a shipped mapping asks has all its keys but `never`; without what one key asks, not that key."""
    mapping = builtin(target)
    exported = view(mapping, granting(mapping), "a.example", AT, fetched_at=AT)
    assert ticks(target, exported) == {name: name not in mapping.never for name in keys(mapping)}
    shape(target).validate(exported)
    alone = {"marketing.email": "marketing.commercialEmail", "marketing.commercialEmail": "marketing.email"}
    for name in keys(mapping) - {*mapping.never, *alone}:
        told = ticks(target, view(mapping, granting(mapping, without=name), "a.example", AT, fetched_at=AT))
        assert not told[name], name


@MANY
@given(mappings, payloads, companies, st.data())
def test_nothing_is_granted_but_what_is_allowed_whole(
    mapping: Mapping, payload: Payload, company: str, data: st.DataObject
) -> None:
    """A granted key has all its questions allowed, for each product category too, and at the finest level if none is asked."""
    payload = replace(payload, grants=(*payload.grants, *data.draw(whole_grants(mapping))))
    told = ticks("adobe-xdm", view(mapping, payload, company, AT, fetched_at=AT))
    for name, question, channel in asked(mapping):
        if told[name]:
            for signal, purpose in product(question.signals, question.purposes):
                request = Request(
                    company, signal, purpose, channel, granularity=question.granularity, sharing=question.sharing
                )
                assert decide(payload, request, AT, fetched_at=AT)
                level = question.granularity or "event"
                assert all(
                    decide(payload, replace(request, category=category, granularity=level), AT) for category in PRODUCTS
                )


@pytest.mark.parametrize(
    "limit",
    [{"categories": ("sg",)}, {"granularity": "category"}, {"sharing": None}, {"until": "2026-11-21T09:00:00Z"}],
)
def test_a_part_of_a_permission_is_none(limit: Json) -> None:
    """A grant for some product categories, for coarser data, with too narrow sharing or over by now ticks nothing."""
    mapping = builtin("segment")
    full = granting(mapping)
    cut = replace(full, grants=tuple(replace(grant, **limit) for grant in full.grants))
    assert any(ticks("segment", view(mapping, full, "a.example", AT, fetched_at=AT)).values())
    assert not any(ticks("segment", view(mapping, cut, "a.example", AT, fetched_at=AT)).values())


def test_a_whole_grant_counts_beside_a_part() -> None:
    """A grant without limits is exported, whatever narrower grants stand before it."""
    mapping = builtin("segment")
    full = granting(mapping)
    narrow = tuple(replace(grant, id=f"n{grant.id}", categories=("sg",)) for grant in full.grants)
    both = replace(full, grants=(*narrow, *full.grants))
    assert view(mapping, both, "a.example", AT, fetched_at=AT) == view(mapping, full, "a.example", AT, fetched_at=AT)


def test_a_refused_product_category_takes_the_key() -> None:
    """Where a refusal takes out some product category, nothing is whole; one that is about a channel takes that channel only."""
    mapping = builtin("adobe-xdm")
    full = granting(mapping)
    golf = Refusal(id="golf", to=("*",), categories=("sg-3",))
    told = ticks("adobe-xdm", view(mapping, replace(full, refusals=(golf,)), "a.example", AT, fetched_at=AT))
    assert not any(told.values())
    by_post = replace(golf, channels=("post",))
    told = ticks("adobe-xdm", view(mapping, replace(full, refusals=(by_post,)), "a.example", AT, fetched_at=AT))
    denied = {name for name, yes in told.items() if not yes}
    assert denied == {"marketing.postalMail", *mapping.never}


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_over_grants_nothing(target: str) -> None:
    """A profile that is withdrawn, over, not yet begun, or fetched more than a week ago has every key denied."""
    mapping = builtin(target)
    full = granting(mapping)
    cases = [
        (replace(full, status="withdrawn"), AT, AT),
        (full, full.exp, full.exp),
        (full, full.iat - 1, full.iat - 1),
        (full, AT + 7 * DAY + 1, AT),
    ]
    for payload, at, fetched_at in cases:
        exported = view(mapping, payload, "a.example", at, fetched_at=fetched_at)
        shape(target).validate(exported)
        assert ticks(target, exported) == dict.fromkeys(keys(mapping), False)
    assert any(ticks(target, view(mapping, full, "a.example", AT + 7 * DAY, fetched_at=AT)).values())


@MANY
@given(mappings, payloads, companies, st.data())
def test_channels_do_not_set_categories(mapping: Mapping, payload: Payload, company: str, data: st.DataObject) -> None:
    """Which channels grants name makes no difference to a data-use category, as long as no channel is refused."""
    payload = replace(
        payload,
        grants=(*payload.grants, *data.draw(whole_grants(mapping))),
        channels=(),
        refusals=tuple(replace(refusal, channels=()) for refusal in payload.refusals),
    )
    others = tuple(replace(grant, channels=data.draw(some(REACHES))) for grant in payload.grants)
    before = ticks("adobe-xdm", view(mapping, payload, company, AT, fetched_at=AT))
    after = ticks("adobe-xdm", view(mapping, replace(payload, grants=others), company, AT, fetched_at=AT))
    assert all(before[name] == after[name] for name in mapping.categories)


@MANY
@given(mappings, payloads, companies, st.data())
def test_no_category_rests_on_a_channel(mapping: Mapping, payload: Payload, company: str, data: st.DataObject) -> None:
    """A data-use category that is granted is so too if no grant names a channel; then every channel is denied."""
    payload = replace(payload, grants=(*payload.grants, *data.draw(whole_grants(mapping))))
    silent = replace(payload, grants=tuple(replace(grant, channels=()) for grant in payload.grants))
    before = ticks("adobe-xdm", view(mapping, payload, company, AT, fetched_at=AT))
    after = ticks("adobe-xdm", view(mapping, silent, company, AT, fetched_at=AT))
    assert all(after[name] or not before[name] for name in mapping.categories)
    assert not any(after[name] for name in mapping.channels)


@MANY
@given(mappings, payloads, companies, st.lists(grants, max_size=4), st.data())
def test_categories_do_not_set_channels(
    mapping: Mapping, payload: Payload, company: str, more: list[Grant], data: st.DataObject
) -> None:
    """Grants that name no channel make no difference to any channel."""
    payload = replace(payload, grants=(*data.draw(whole_grants(mapping)), *payload.grants))
    silent = tuple(replace(grant, id=f"s{number}", channels=()) for number, grant in enumerate(more))
    before = ticks("adobe-xdm", view(mapping, payload, company, AT, fetched_at=AT))
    after = ticks(
        "adobe-xdm",
        view(mapping, replace(payload, grants=(*silent, *payload.grants)), company, AT, fetched_at=AT),
    )
    assert all(before[name] == after[name] for name in mapping.channels)


def test_a_channel_that_is_never_used_is_denied() -> None:
    """A contact rule closes its own channel, and no other key."""
    mapping = builtin("adobe-xdm")
    full = granting(mapping)
    closed = replace(full, channels=(ContactRule(channel="sms", never=True),))
    before = ticks("adobe-xdm", view(mapping, full, "a.example", AT, fetched_at=AT))
    after = ticks("adobe-xdm", view(mapping, closed, "a.example", AT, fetched_at=AT))
    assert {name for name in before if before[name] != after[name]} == {"marketing.sms"}


@pytest.mark.parametrize("target", TARGETS)
def test_shipped_mappings_cover_their_tool(target: str) -> None:
    """A shipped mapping has every key that its tool documents, in the order of the data, and only words of ours."""
    mapping = builtin(target)
    assert mapping.target == target
    assert {*CATEGORIES.get(target, ()), *CHANNELS.get(target, ())} <= keys(mapping)
    words = spec.vocabulary()
    for _, question, channel in asked(mapping):
        assert {*question.signals} <= {*words.signals}
        assert {*question.purposes} <= {*words.purposes}
        assert channel is None or channel in words.channels


def test_the_shapes_name_the_same_keys() -> None:
    """The keys that a mapping must have are those of the published shapes."""
    assert {*CATEGORIES["google-consent-mode"]} == {*shape("google-consent-mode").schema["properties"]}
    consents = shape("adobe-xdm").schema["properties"]["consents"]["properties"]
    assert [name.removeprefix("marketing.") for name in sorted(CHANNELS["adobe-xdm"])] == sorted(
        consents["marketing"]["required"]
    )
    assert {name.partition(".")[0] for name in CATEGORIES["adobe-xdm"]} == {
        *shape("adobe-xdm").schema["properties"]["consents"]["required"]
    } - {"marketing", "metadata"}


def test_google_follows_the_vocabulary() -> None:
    """A key of Google asks for just those purposes that the vocabulary maps to it, and none that has no purpose is granted."""
    purposes = spec.vocabulary().purposes.values()
    mapping = builtin("google-consent-mode")
    for name in CATEGORIES["google-consent-mode"]:
        wanted = {word.key for word in purposes if name in word.mappings.get("consent_mode", {}).get("terms", ())}
        have = {purpose for question in mapping.categories.get(name, ()) for purpose in question.purposes}
        assert have == wanted, name
        assert (name in mapping.never) == (not wanted)


def test_adobe_follows_the_vocabulary() -> None:
    """A channel of Adobe is the one that the vocabulary maps to it."""
    mapping = builtin("adobe-xdm")
    known = {
        f"marketing.{term}": word.key
        for word in spec.vocabulary().channels.values()
        for term in word.mappings.get("adobe_xdm", {}).get("terms", ())
    }
    known["marketing.commercialEmail"] = "email"
    assert {name: reach.channel for name, reach in mapping.channels.items()} == {
        name: word for name, word in known.items() if name not in ("marketing.inApp", "marketing.social")
    }


def a_question(**members: Any) -> Json:
    return {"signals": ["purchase.history"], "purposes": ["ads.measurement"]} | members


def a_mapping(target: str = "segment", **members: Any) -> Json:
    return {"target": target, "categories": {"Ads": [a_question()]}} | members


GOOGLE = {name: [a_question()] for name in CATEGORIES["google-consent-mode"]}
ADOBE = {name: [a_question()] for name in CATEGORIES["adobe-xdm"]}
ADOBE_CHANNELS = {name: {"channel": "email", "questions": [a_question()]} for name in CHANNELS["adobe-xdm"]}


def google(**members: Any) -> Json:
    return {"target": "google-consent-mode", "categories": GOOGLE} | members


def adobe(**members: Any) -> Json:
    return {"target": "adobe-xdm", "categories": ADOBE, "channels": ADOBE_CHANNELS} | members


@pytest.mark.parametrize("whole", [a_mapping(), a_mapping("rudderstack"), google(), adobe()])
def test_a_mapping_of_ones_own(whole: Json) -> None:
    """A mapping that names every key that the tool documents is read as it stands."""
    mapping = read_mapping(json.dumps(whole).encode())
    assert msgspec.to_builtins(mapping)["categories"].keys() == whole["categories"].keys()


@pytest.mark.parametrize(
    ("data", "place", "told", "hint"),
    [
        (b"", "the file", "not JSON", "one JSON object"),
        (b"\xff", "the file", "not JSON", "one JSON object"),
        (b'{"a": "\\ud800"}', "the file", "not JSON", "one JSON object"),
        (b"[" * 100_000, "the file", "not JSON", "one JSON object"),
        (b"[]", "the file", "expected `object`", "documentation"),
        (b'{"target": "segment", "target": "segment"}', "target", "twice", "one place"),
        ({"categories": {}}, "the file", "`target`", "documentation"),
        (a_mapping("meta"), "target", "'meta'", "adobe-xdm"),
        (a_mapping(purpose=1), "the file", "`purpose`", "documentation"),
        (a_mapping(categories={"Ads": []}), "categories.Ads", "length >= 1", "documentation"),
        (a_mapping(categories={"Ads": [a_question(signals=[])]}), "categories.Ads[0].signals", "length", "documentation"),
        (a_mapping(categories={"Ads": [a_question(purposes=[1])]}), "categories.Ads[0].purposes[0]", "int", "documentation"),
        (a_mapping(categories={"Ads": [a_question(channel="sms")]}), "categories.Ads[0]", "`channel`", "documentation"),
        (a_mapping(categories={"Ads": [a_question(granularity="fine")]}), "categories.Ads[0].granularity", "fine", "doc"),
        (a_mapping(categories={"Ads": [a_question(sharing="all")]}), "categories.Ads[0].sharing", "all", "named"),
        (
            a_mapping(categories={"Ads": [a_question(sharing={"named": ["Shop.EXAMPLE"]})]}),
            "categories.Ads[0].sharing", "Shop.EXAMPLE", "northpeak.example",
        ),
        (
            a_mapping(categories={"Ads": [a_question(signals=["purchases.history"])]}),
            "categories.Ads[0].signals", "no signal", "`purchase.history`",
        ),
        (
            a_mapping(categories={"Ads": [a_question(), a_question(purposes=["ads.measure"])]}),
            "categories.Ads[1].purposes", "no purpose", "`ads.measurement`",
        ),
        (a_mapping(categories={" Ads": [a_question()]}), "categories. Ads", "name of a category", "space"),
        (a_mapping(categories={"": [a_question()]}), "categories.", "name of a category", "characters"),
        (a_mapping(never=["Ads"]), "never.Ads", "twice", "one place"),
        (a_mapping(never=["a\tb"]), "never.a\tb", "name of a category", "characters"),
        (
            a_mapping(channels={"marketing.email": {"channel": "email", "questions": [a_question()]}}),
            "channels.marketing.email", "no place for channels", "never sets",
        ),
        (google(categories=GOOGLE | {"ads_storage": [a_question()]}), "categories.ads_storage", "no category", "`ad_storage`"),
        (google(never=["marketing.email"]), "never.marketing.email", "no category", "for example"),
        (
            google(categories={name: item for name, item in GOOGLE.items() if name != "ad_user_data"}),
            "ad_user_data", "missing", "`never`",
        ),
        (adobe(channels={}), "marketing.email", "missing", "`never`"),
        (
            adobe(channels=ADOBE_CHANNELS | {"marketing.any": ADOBE_CHANNELS["marketing.email"]}),
            "channels.marketing.any", "no channel", "marketing.email",
        ),
        (
            adobe(channels=ADOBE_CHANNELS | {"marketing.email": {"channel": "e-mail", "questions": [a_question()]}}),
            "channels.marketing.email.channel", "no channel", "`email`",
        ),
        (
            adobe(channels=ADOBE_CHANNELS | {"marketing.email": {"channel": "email", "questions": []}}),
            "channels.marketing.email.questions", "length", "question",
        ),
        (adobe(categories=ADOBE | {"marketing.sms2": [a_question()]}), "categories.marketing.sms2", "no category", "for"),
    ],
)  # fmt: skip
def test_a_slip_in_a_mapping_is_named(data: bytes | Json, place: str, told: str, hint: str) -> None:
    """A mapping with a slip is refused with a sentence that names the place, and a hint."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(RequestError) as caught:
        read_mapping(text)
    assert caught.value.code == "bad-mapping"
    assert caught.value.message.startswith(f"mapping: {place}: "), caught.value.message
    assert told in caught.value.message
    assert hint in (caught.value.hint or "")


def test_no_mapping_for_an_unknown_tool() -> None:
    """Asking for a tool that no mapping ships for names those that there are."""
    with pytest.raises(RequestError, match="`meta`") as caught:
        builtin("meta")
    assert caught.value.code == "bad-mapping"
    assert caught.value.hint is not None
    assert all(target in caught.value.hint for target in TARGETS)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_mapping_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever a byte of a mapping is changed to, it is read, or refused with our own error."""
    text = json.dumps(adobe()).encode()
    place = data.draw(st.integers(0, len(text) - 1))
    try:
        read_mapping(text[:place] + bytes([data.draw(st.integers(0, 255))]) + text[place + 1 :])
    except RequestError as error:
        assert error.code == "bad-mapping"


def test_a_company_must_be_one() -> None:
    """A company that is no domain is refused, not denied."""
    with pytest.raises(RequestError, match="not a company"):
        view(builtin("segment"), granting(builtin("segment")), "co.uk", AT, fetched_at=AT)


def test_the_documentation_has_every_key() -> None:
    """The page names each key of each shipped mapping, and the mapping that it shows can be read."""
    page = (ROOT / "site" / "content" / "export.md").read_text("utf-8")
    for target in TARGETS:
        for name in keys(builtin(target)):
            assert f"`{name}`" in page or f"`.{name.removeprefix('marketing.')}`" in page, name
    blocks = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert [read_mapping(block.encode()).target for block in blocks if '"target"' in block] == ["segment"]
