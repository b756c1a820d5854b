"""Which standard agreements of IEEE 7012 a profile comes to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from sayso import spec
from sayso.profile.agreements import Agreed, agreed
from sayso.profile.model import CompanyEntry, Grant, Named, Payload, Refusal, Subject
from sayso.publish.overview import Overview
from support import AT, ROOT

RULE = spec.agreements()
PURPOSES = [word for word in spec.vocabulary().purposes.values() if word.parent]


def test_every_purpose_has_its_place() -> None:
    """The rule knows the mapping of every purpose, and no other; a place is an agreement of the roster, or outside, never both."""
    mappings = [word.mappings["ieee7012_agreement"]["terms"] for word in PURPOSES]
    assert {text for (text,) in mappings} == {*RULE.purposes}
    known = {rung.id for rung in (*RULE.relationship, *RULE.contribution)}
    for place in (*RULE.purposes.values(), *RULE.sharing.values()):
        assert place.agreement is None or place.agreement in known
        assert not (place.outside and place.agreement)
    assert all(place.agreement or place.outside for place in RULE.purposes.values())


def test_the_mappings_are_those_of_the_data() -> None:
    """The purposes map to what the data beside the design says, where that is present."""
    data = ROOT.parent / "shared" / "data" / "vocabulary.yaml"
    if not data.is_file():
        pytest.skip("the data beside the design is not there")
    source = yaml.safe_load(data.read_text("utf-8"))["purposes"]
    assert {item["key"]: item["myterms"] for item in source} == {
        word.key: word.mappings["ieee7012_agreement"]["terms"][0] for word in PURPOSES
    }


@pytest.mark.parametrize(
    ("purposes", "sharing", "expected"),
    [
        ([], None, Agreed()),
        (["service.delivery"], None, Agreed(("SD-BASE",))),
        (["service.delivery"], "processors", Agreed(("SD-BASE",))),
        (["analytics.usage", "service.delivery"], None, Agreed(("SD-BASE-A",))),
        (["ads.measurement"], None, Agreed(("SD-BASE-A",), partly=("ads.measurement",))),
        (["offers.personalised", "research.market"], None, Agreed(("SD-BASE-ATP",))),
        (["offers.personalised"], "anonymised", Agreed(("SD-BASE-ATP-S3P",))),
        (["analytics.usage"], "anonymised", Agreed(("SD-BASE-A",), sharing=("anonymised",))),
        (["offers.personalised"], Named(named=("b.example",)), Agreed(("SD-BASE-ATP",), sharing=("named",))),
        (["public.good", "ai.training", "intent.response"], None, Agreed(("PDC-INTENT", "PDC-AI", "PDC-GOOD"))),
        (["intent.response", "service.delivery"], None, Agreed(("SD-BASE", "PDC-INTENT"))),
        (["marketing.direct"], None, Agreed(outside=("marketing.direct",))),
        (["data.sale", "pricing.individual", "ads.cross_context"], None, Agreed(outside=("ads.cross_context", "data.sale", "pricing.individual"))),
        (["offers", "offers.personalised"], None, Agreed(("SD-BASE-ATP",))),
        (["dreams.reading"], None, Agreed(outside=("dreams.reading",))),
    ],
)  # fmt: skip
def test_what_it_comes_to(purposes: list[str], sharing: object, expected: Agreed) -> None:
    """Purposes and a sharing come to these agreements, and this is outside them."""
    assert agreed(purposes, [sharing]) == expected  # type: ignore[list-item]
    assert agreed(reversed(purposes), [None, sharing]) == expected  # type: ignore[list-item]
    assert expected.whole == (not (expected.outside or expected.partly or expected.sharing))


def test_it_follows_decisions() -> None:
    """What a refusal takes from a grant to a whole family of purposes does not count, and what everyone may does."""
    payload = Payload(
        v=1, sub="https://ada.example/", identity="A" * 43, key_event="A" * 43, sequence=1, previous=None, iat=AT,
        exp=AT + 86_400, status="active", vocabulary=1, subject=Subject(),
        companies=(CompanyEntry(domain="a.example"), CompanyEntry(domain="b.example")),
        grants=(
            Grant(id="ads", to=("a.example",), signals=("cart",), purposes=("ads",)),
            Grant(id="all", to=("*",), signals=("cart",), purposes=("ads.suppression",)),
        ),
        refusals=(
            Refusal(id="no", to=("*",), purposes=("ads.first_party", "ads.cross_context")),
            Refusal(id="none", to=("b.example",)),
        ),
    )  # fmt: skip
    assert Overview(payload).agreements == {
        "*": Agreed(("SD-BASE-A",)),
        "a.example": Agreed(("SD-BASE-A",), partly=("ads.measurement",)),
        "b.example": Agreed(),
    }


def test_nothing_conforms() -> None:
    """What is said of agreements never says that a profile conforms to one, or is one."""
    places: list[Path] = [
        ROOT / "site" / "sayso_theme" / "profile" / "company.html",
        ROOT / "generator" / "sayso" / "publish" / "explanation.py",
        ROOT / "profile_spec" / "sayso_spec" / "vocabulary" / "agreements.json",
    ]
    for path in places:
        assert "conform" not in path.read_text("utf-8").lower(), os.fspath(path)
