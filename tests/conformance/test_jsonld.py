"""The payload as linked data: what the JSON-LD context makes of it, tried with PyLD and without network."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from pyld import jsonld  # type: ignore[import-untyped]

from sayso.profile.model import (
    CompanyEntry,
    ContactRule,
    Grant,
    Interest,
    Named,
    Payload,
    Refusal,
    Revocation,
    Subject,
    Want,
    decode,
    encode,
)
from strategies import payloads

ROOT = Path(__file__).parents[2]
CONSUMERS = ROOT / "examples" / "consumer"
CONTEXT = json.loads((ROOT / "profile_spec" / "sayso_spec" / "context.jsonld").read_text("utf-8"))["@context"]
EXAMPLES = sorted(path.parents[1].name for path in CONSUMERS.glob("*/signed/profile.json"))

TERM = "urn:sayso:term:"
DPV = "https://w3id.org/dpv#"
ODRL = "http://www.w3.org/ns/odrl/2/"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

#: Every foreign term that the context uses; each was looked up where it is defined. Look up before adding one.
FOREIGN = {
    *(DPV + name for name in ("hasDataSubject", "hasPersonalData", "hasPurpose", "hasRecipient")),
    *(ODRL + name for name in ("assignee", "assigner", "permission", "prohibition")),
    *(SCHEMA + name for name in ("category", "description", "identifier", "name", "validFrom", "version")),
    XSD + "dateTime",
}

#: A payload with every member of the model, and with words that no vocabulary has.
FULL = Payload(
    v=1,
    sub="https://ada.example/",
    identity="A" * 43,
    key_event="B" * 42 + "A",
    sequence=2,
    previous="C" * 42 + "A",
    iat=1_795_251_600,
    exp=1_810_890_000,
    status="active",
    vocabulary=1,
    subject=Subject(name="Ada", languages=("fr", "en", "ar"), country="IE"),
    companies=(CompanyEntry(domain="a.example", name="A", stage="repeat", note="Good."), CompanyEntry("b.example")),
    grants=(
        Grant(
            id="all",
            to=("a.example", "b.example"),
            signals=("purchase.history", "until", "to", "novel.word"),
            purposes=("offers.personalised", "id"),
            channels=("channel", "email", "note"),
            categories=("sg", "sg-4-2-17", "zz-1"),
            granularity="item",
            lookback="P2W",
            frequency="2/P1M",
            retention="P1Y6M",
            sharing=Named(named=("b.example",)),
            from_="2026-11-21T00:00:00Z",
            until="2027-01-01T00:00:00Z",
            in_return="10 % off",
            note="Please.",
        ),
        Grant(id="open", to=("*",), signals=("cart",), purposes=("ads.suppression",), sharing="processors"),
    ),
    refusals=(
        Refusal(
            id="no",
            to=("*",),
            signals=("browsing",),
            purposes=("data.sale",),
            channels=("phone",),
            categories=("ma",),
            note="Never.",
        ),
    ),
    revocations=(Revocation(id="gone", to=("a.example",), revoked_at=1_795_251_599),),
    channels=(ContactRule(channel="email", never=True, max="1/P1W", quiet="20:00-08:00 Europe/Dublin"),),
    wants=(
        Want(
            id="boots",
            what="Boots, EU 41",
            category="sg-1",
            budget="180 EUR",
            until="2026-12-21T00:00:00Z",
            open_to=("a.example",),
        ),
    ),
    interests=(Interest(topic="trail running", level="love"),),
    ext={"@context": "https://elsewhere.example/", "a.example:b": "c", "sub": "d"},
)


def plain(payload: Payload) -> dict[str, Any]:
    """Give a payload as the JSON object that is signed."""
    return json.loads(encode(payload))  # type: ignore[no-any-return]


def refuse(url: str, _options: dict[str, Any]) -> dict[str, Any]:
    """Stand in for the network."""
    raise AssertionError(f"{url} was asked for")


def expand(payload: dict[str, Any], context: dict[str, Any] = CONTEXT) -> list[dict[str, Any]]:
    """Expand a payload with the context from outside."""
    return jsonld.expand(payload, {"expandContext": context, "documentLoader": refuse})  # type: ignore[no-any-return]


def scope(definition: Any) -> dict[str, Any]:
    """Give the terms inside a member: those of its own context, which forgets all others."""
    inner: dict[str, Any]
    nothing, inner = definition["@context"]
    assert nothing is None
    return inner


def lost(payload: Any, node: Any, terms: dict[str, Any], path: str = "") -> Iterator[str]:
    """Name what an object says and its expanded node does not, or says otherwise, and what the node says besides."""
    said = {name: value for name, value in payload.items() if value is not None}  # JSON-LD has no null
    iris = [
        definition if isinstance(definition, str) else definition["@id"]
        for definition in terms.values()
        if definition != 1.1
    ]
    assert len(iris) == len(set(iris)), f"two members of {path or 'the payload'} are one term"
    expected = {}
    for name, value in said.items():
        here = f"{path}/{name}"
        definition = terms[name] if isinstance(terms[name], dict) else {"@id": terms[name]}
        expected[definition["@id"]] = here
        found = node.get(definition["@id"], [])
        if definition.get("@container") == "@list":
            found = found[0].get("@list", []) if found else []
        values = value if isinstance(value, list) else [value]
        if len(found) != len(values):
            yield f"{here}: {len(values)} values became {len(found)}"
        for one, other in zip(values, found, strict=False):
            if isinstance(one, dict) and definition.get("@type") != "@json":
                yield from lost(one, other, scope(definition), here)
            elif repr(text(other, definition)) != repr(one):  # by repr, for True is not 1 here
                yield f"{here}: {one!r} became {other!r}"
    yield from (f"{path}: {iri} is not from here" for iri in node.keys() - expected.keys())


def text(value: dict[str, Any], definition: dict[str, Any]) -> Any:
    """Get the JSON value back from an expanded one, or the expanded one if it is of another kind than was said."""
    if definition.get("@type") == "@id":
        return value.get("@id", value) if value.keys() == {"@id"} else value
    if definition.get("@type") == "@vocab":
        inner = scope(definition)
        if value == {"@id": inner.get("*")}:
            return "*"
        word = value.get("@id", "").removeprefix(inner["@vocab"])
        return word if value == {"@id": inner["@vocab"] + word} else value
    typed = {"@type": definition["@type"]} if "@type" in definition else {}
    return value["@value"] if value == {"@value": value.get("@value"), **typed} else value


def members(kind: Any) -> Iterator[str]:
    """Give the path of every member below a type of the model."""
    for part in kind.types if isinstance(kind, msgspec.inspect.UnionType) else [kind]:
        match part:
            case msgspec.inspect.VarTupleType():
                yield from members(part.item_type)
            case msgspec.inspect.StructType():
                for field in part.fields:
                    yield field.encode_name
                    yield from (f"{field.encode_name}/{path}" for path in members(field.type))


MEMBERS = list(members(msgspec.inspect.type_info(Payload)))


def definitions(terms: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give path, place and name of every term of the context that is a member of the payload."""
    for name in [name for name in terms if not name.startswith("@")]:
        yield name, terms, name
        if isinstance(terms[name], dict) and terms[name].get("@type") != "@vocab" and "@context" in terms[name]:
            for path, place, inner in definitions(scope(terms[name])):
                yield f"{name}/{path}", place, inner


def strings(value: Any) -> Iterator[str]:
    """Give every text of a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def standing(payload: dict[str, Any], path: str) -> list[Any]:
    """Give what stands at a path of member names, through all lists."""
    found: list[Any] = [payload]
    for name in path.split("/"):
        found = [item[name] for item in found if isinstance(item, dict) and name in item]
        found = [item for entry in found for item in (entry if isinstance(entry, list) else [entry])]
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_expand_whole(name: str) -> None:
    """The published examples expand with every member and every value, and with nothing besides."""
    payload = json.loads((CONSUMERS / name / "signed" / "profile.json").read_text("utf-8"))
    (node,) = expand(payload)
    assert list(lost(payload, node, CONTEXT)) == []


def test_full_payload_expands_whole() -> None:
    """A payload with every member, and with unknown words, expands whole."""
    payload = plain(FULL)
    assert decode(encode(FULL)) == FULL
    assert [path for path in MEMBERS if not standing(payload, path)] == []
    (node,) = expand(payload)
    assert list(lost(payload, node, CONTEXT)) == []


@given(payloads)
def test_any_payload_expands_whole(payload: Payload) -> None:
    """Whatever a payload says, its expansion says it."""
    (node,) = expand(plain(payload))
    assert list(lost(plain(payload), node, CONTEXT)) == []


def test_a_missing_term_is_noticed() -> None:
    """The check above can fail: without any one of its terms, the context loses something of the full payload."""
    paths = [path for path, _, _ in definitions(CONTEXT)]
    assert len(paths) > 60
    for path in paths:
        context = copy.deepcopy(CONTEXT)
        place, name = next((place, name) for other, place, name in definitions(context) if other == path)
        del place[name]
        assert any(
            line.startswith(f"/{path}:")
            for line in lost(plain(FULL), (expand(plain(FULL), context) or [{}])[0], CONTEXT)
        ), path


def test_a_wrong_term_is_noticed() -> None:
    """The check above can fail: a word that is taken for a member, a text for a number, or an added value is found."""
    (node,) = expand(plain(FULL))
    changes: list[Callable[[Any], Any]] = [
        lambda node: node[ODRL + "permission"][0][DPV + "hasPersonalData"][1].update({"@id": DPV + "hasPersonalData"}),
        lambda node: node[ODRL + "permission"].pop(),
        lambda node: node[TERM + "iat"][0].update({"@value": str(FULL.iat)}),
        lambda node: node[TERM + "contact_rules"][0][TERM + "never"][0].update({"@value": 1}),
        lambda node: node[TERM + "ext"][0]["@value"].pop("sub"),
        lambda node: node.update({TERM + "more": [{"@value": "1"}]}),
    ]
    for change in changes:
        changed = copy.deepcopy(node)
        change(changed)
        assert len(list(lost(plain(FULL), changed, CONTEXT))) == 1


def test_null_is_all_that_is_lost() -> None:
    """Of a first version, the ``previous`` that is null is not in the expansion: JSON-LD has no null."""
    first = plain(msgspec.structs.replace(FULL, previous=None))
    assert expand(first)[0].keys() == expand(plain(FULL))[0].keys() - {TERM + "previous"}


@pytest.mark.parametrize("name", [*EXAMPLES, "full"])
def test_expanded_and_compacted_is_the_same(name: str) -> None:
    """Compacting the expansion gives the payload again, byte for byte, but for a ``previous`` that is null."""
    payload = (
        plain(FULL) if name == "full" else json.loads((CONSUMERS / name / "signed/profile.json").read_text("utf-8"))
    )
    compact = jsonld.compact(expand(payload), CONTEXT, {"documentLoader": refuse})
    assert compact.pop("@context") == CONTEXT
    assert json.dumps({"previous": None} | compact, sort_keys=True) == json.dumps(payload, sort_keys=True)


def test_every_member_is_defined() -> None:
    """The context defines exactly the members of the model, each in its own place."""
    assert sorted(path for path, _, _ in definitions(CONTEXT)) == sorted(MEMBERS)


def test_foreign_terms_are_known_ones() -> None:
    """What the context takes from other vocabularies is only what was looked up there; all else is our own."""
    iris = {iri for iri in strings(CONTEXT) if not iri.startswith("@")}
    assert {iri for iri in iris if not iri.startswith("urn:sayso:")} == FOREIGN


def test_triples() -> None:
    """As RDF, every term and word is an absolute IRI, so that no triple is dropped."""
    expanded = expand(plain(FULL))
    quads = jsonld.to_rdf(expanded, {"documentLoader": refuse})["@default"]
    assert {quad["predicate"]["value"].partition(":")[0] for quad in quads} == {"urn", "http", "https"}
    objects = {(quad["predicate"]["value"], quad["object"]["value"], quad["object"].get("datatype")) for quad in quads}
    assert (TERM + "iat", "1795251600", XSD + "integer") in objects
    assert (TERM + "until", "2027-01-01T00:00:00Z", XSD + "dateTime") in objects
    assert (TERM + "lookback", "P2W", TERM + "duration") in objects  # which xsd:duration, having no weeks, is not
    assert (ODRL + "assigner", "https://ada.example/", None) in objects


def test_a_grant_is_a_permission_and_a_refusal_a_prohibition() -> None:
    """Grants are ODRL permissions over DPV personal data and purposes, refusals are prohibitions."""
    (node,) = expand(json.loads((CONSUMERS / "ada" / "signed" / "profile.json").read_text("utf-8")))
    grant = node[ODRL + "permission"][0]
    assert grant[SCHEMA + "identifier"] == [{"@value": "northpeak-offers"}]
    assert grant[ODRL + "assignee"] == [{"@id": "urn:sayso:company:northpeak.example"}]
    assert grant[DPV + "hasPersonalData"] == [
        {"@id": "urn:sayso:signal:browsing.products"},
        {"@id": "urn:sayso:signal:purchase.history"},
    ]
    assert {"@id": "urn:sayso:purpose:marketing.direct"} in grant[DPV + "hasPurpose"]
    assert grant[TERM + "channels"] == [{"@id": "urn:sayso:channel:email"}]
    assert grant[TERM + "categories"] == [{"@id": "urn:sayso:category:sg"}]
    refusal = node[ODRL + "prohibition"][0]
    assert refusal[ODRL + "assignee"] == [{"@id": TERM + "everyone"}]
    assert {"@id": "urn:sayso:purpose:data.sale"} in refusal[DPV + "hasPurpose"]


def test_one_name_means_what_its_place_says() -> None:
    """``channels``, ``id``, ``to``, ``sharing`` and ``languages`` come out by where they stand and what they hold."""
    (node,) = expand(plain(FULL))
    first, second = node[ODRL + "permission"]
    assert node[TERM + "contact_rules"][0][TERM + "channel"] == [{"@id": "urn:sayso:channel:email"}]
    assert first[TERM + "channels"][0] == {"@id": "urn:sayso:channel:channel"}
    assert first[TERM + "categories"][1:] == [
        {"@id": "urn:sayso:category:sg-4-2-17"},
        {"@id": "urn:sayso:category:zz-1"},
    ]
    assert first[TERM + "sharing"] == [{DPV + "hasRecipient": [{"@id": "urn:sayso:company:b.example"}]}]
    assert second[TERM + "sharing"] == [{"@value": "processors"}]
    assert node[TERM + "revocations"][0][TERM + "revoked_for"] == [{"@id": "urn:sayso:company:a.example"}]
    assert node[TERM + "companies"][0][TERM + "stage"] == [{"@id": "urn:sayso:stage:repeat"}]
    spoken = [{"@list": [{"@value": "fr"}, {"@value": "en"}, {"@value": "ar"}]}]
    assert node[DPV + "hasDataSubject"][0][TERM + "languages"] == spoken
    assert node[TERM + "ext"] == [{"@value": dict(FULL.ext), "@type": "@json"}]


def test_a_word_is_never_a_member() -> None:
    """A word that is also the name of a member, or of the very list that it stands in, is still a word."""
    words = ("signals", "purposes", "channels", "until", "to", "sub", "v", "dpv", "domain")
    grant = Grant(id="g", to=("a.example",), signals=words, purposes=words, channels=words)
    payload = plain(
        msgspec.structs.replace(FULL, grants=(grant,), companies=(CompanyEntry("a.example", stage="stage"),))
    )
    (node,) = expand(payload)
    assert list(lost(payload, node, CONTEXT)) == []
    for member, kind in (
        (DPV + "hasPersonalData", "signal"),
        (DPV + "hasPurpose", "purpose"),
        (TERM + "channels", "channel"),
    ):
        assert node[ODRL + "permission"][0][member] == [{"@id": f"urn:sayso:{kind}:{word}"} for word in words]
    assert node[TERM + "companies"][0][TERM + "stage"] == [{"@id": "urn:sayso:stage:stage"}]
