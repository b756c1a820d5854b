"""The laws of decisions (SPEC.md, Decisions), on made-up profiles and questions."""

from __future__ import annotations

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sayso.profile.model import GRANULARITIES, Grant, Named, Payload, Refusal, Sharing
from sayso.profile.policy import Decision, Request, decide
from sayso.profile.sharing import no_wider
from sayso.profile.words import within
from strategies import AT, CATEGORIES, grants, payloads, refusals, requests

replace = msgspec.structs.replace
MANY = settings(max_examples=600, deadline=None)


@MANY
@given(payloads, requests, refusals, st.integers(0, 4))
def test_a_refusal_more_permits_nothing_more(payload: Payload, request: Request, refusal: Refusal, place: int) -> None:
    """Adding a refusal never turns a no into a yes."""
    before = decide(payload, request, AT)
    added = replace(refusal, id="new")
    after = decide(
        replace(payload, refusals=(*payload.refusals[:place], added, *payload.refusals[place:])), request, AT
    )
    assert before.verdict == "allow" or after.verdict == "deny"


@MANY
@given(payloads, requests, st.integers(0, 3))
def test_a_grant_less_permits_nothing_more(payload: Payload, request: Request, place: int) -> None:
    """Removing a grant never turns a no into a yes."""
    before = decide(payload, request, AT)
    after = decide(replace(payload, grants=payload.grants[:place] + payload.grants[place + 1 :]), request, AT)
    assert before.verdict == "allow" or after.verdict == "deny"


@MANY
@given(payloads, requests, st.dictionaries(st.text("abc", min_size=1), st.text(max_size=5)))
def test_ext_changes_nothing(payload: Payload, request: Request, ext: dict[str, str]) -> None:
    """What stands in ``ext`` has no effect."""
    assert decide(payload, request, AT) == decide(replace(payload, ext=ext), request, AT)


@MANY
@given(payloads, requests)
def test_no_contact_on_a_channel_that_is_never_used(payload: Payload, request: Request) -> None:
    """No answer permits a channel that the contact rules close."""
    never = {rule.channel for rule in payload.channels if rule.never}
    decision = decide(payload, request, AT)
    if decision.verdict == "allow":
        assert decision.limits is not None
        assert request.channel not in never
        assert never.isdisjoint(decision.limits.channels or ())


def narrowed(request: Request, decision: Decision, data: st.DataObject) -> Request:
    """Fill in what a request left open, at random, within the limits of its answer."""
    limits = decision.limits
    assert limits is not None
    channel, category = request.channel, request.category
    if channel is None and limits.channels and data.draw(st.booleans()):
        channel = data.draw(st.sampled_from(limits.channels))
    whole = [named for item in limits.except_ if not item.channels or request.channel for named in item.categories]
    if data.draw(st.booleans()):
        inside = limits.categories if request.category is None else (request.category,)
        choices = [
            name
            for name in CATEGORIES
            if (not inside or any(within(name, other) for other in inside))
            and not any(within(name, named) or within(named, name) for named in whole)
        ]
        category = data.draw(st.sampled_from(choices)) if choices else category
    granularity = request.granularity
    if granularity is None and limits.granularity is not None and data.draw(st.booleans()):
        granularity = data.draw(st.sampled_from(GRANULARITIES[GRANULARITIES.index(limits.granularity) :]))
    age = 0 if request.age is None and data.draw(st.booleans()) else request.age
    sharing = request.sharing
    if sharing is None and data.draw(st.booleans()):
        sharing = limits.sharing
    return replace(request, channel=channel, category=category, granularity=granularity, age=age, sharing=sharing)


@MANY
@given(payloads, requests, grants, st.data())
def test_what_keeps_the_limits_is_permitted(
    payload: Payload, request: Request, grant: Grant, data: st.DataObject
) -> None:
    """A request narrowed within the limits of an allowed one stays allowed."""
    fitting = replace(grant, id="fit", to=("*",), signals=(request.signal,), purposes=(request.purpose,))
    payload = replace(payload, grants=(*payload.grants, fitting))
    decision = decide(payload, request, AT)
    assume(decision.verdict == "allow")
    inner = narrowed(request, decision, data)
    assert decide(payload, inner, AT).verdict == "allow", (inner, decision)


@given(st.data())
def test_sharing_is_an_order(data: st.DataObject) -> None:
    """Being no wider is reflexive and transitive, and with nobody is the narrowest."""
    values: list[Sharing | None] = [
        None,
        "processors",
        "anonymised",
        Named(named=("a.example",)),
        Named(named=("a.example", "b.example")),
    ]
    one, two, three = (data.draw(st.sampled_from(values)) for _ in range(3))
    assert no_wider(one, one)
    assert no_wider(None, one)
    assert not (no_wider(one, two) and no_wider(two, three)) or no_wider(one, three)
