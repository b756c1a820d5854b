"""What a person reads about a slip: the cause, and what to do about it."""

from __future__ import annotations

import pytest
from tables.check import RIGHT

from sayso import spec
from sayso.errors import Problem, SourceError
from sayso.profile.check import check
from sayso.profile.hints import missing_member
from sayso.profile.nearest import Guesses
from sayso.profile.source import load
from support import AT

LAST = "    channels: [email]\n"

# the text; where, and what is part of the message; the hint
NOT_YAML = [
    ("a:\n  - x: [b, c\n    y: [d]\n", "2:8 what begins here is not closed", "close it with ]"),
    ('a: {x: "b, c: d}\ne: f\n', "1:8 what begins here is not closed", 'close it with "'),
    ('a: {x: "b}\nc: {y: "d"}\n', "1:4 what begins here is not closed", 'a quote in this line is not closed: add "'),
    ("[[[\n", "2:1 expected node content", "look above it too: an open quote or bracket, a colon without a space, or another indentation"),
    ("a: b\nto:[x]\nc: d\n", "2:1 could not find expected ':'", "put a space after the colon"),
    ("me:\n  url:https://a.example/\n  b: c\n", "2:3 not allowed", "put a space after the colon"),
    ("a: b\nc\nd: e\n", "2:1 could not find expected ':'", "a key is followed by a colon and a space"),
    ("note: My sizes: 43\n", "1:15 not allowed", "a colon stands in this text: put the text in quotes"),
    ("a:\n  -id: x\n    to: y\n", "2:3 not allowed", "put a space after the dash"),
    ("a:\n  - id: x\n  -id: y\n", "3:3 '-' indicator", "put a space after the dash"),
    ("a: 'don't'\n", "1:9 expected key", "an apostrophe ends the quotes: use double quotes"),
    ("a: ['don't', b]\n", "1:10 ',' or ']'", "an apostrophe ends the quotes: use double quotes"),
    ('a: "b" c\n', "1:8 expected key", "the quotes end before this: put the whole text in quotes"),
    ("a: [b] c\n", "1:8 expected key", "the brackets end before this: put the whole text in quotes"),
    ('a: "b\nc: "d"\n', "2:5 expected key", "these quotes begin in a line above: close them there"),
    ("a: %x\n", "1:4 cannot start any token", "a text cannot begin with %: put it in quotes"),
    ("a: @x\n", "1:4 cannot start any token", "a text cannot begin with @: put it in quotes"),
    ("a: `x`\n", "1:4 cannot start any token", "a text cannot begin with `: put it in quotes"),
    ("a: &Söhne\n", "1:4 while scanning an anchor", "a text cannot begin with &: put it in quotes"),
    ("a: * x\n", "1:4 while scanning an alias", "a text cannot begin with *: put it in quotes"),
    ("a: {b: c d: e}\n", "1:11 ',' or '}'", "put a comma before this key, or the text in quotes if the colon belongs to it"),
    ("a:\n\tb: c\n", "2:1 cannot start any token", "a tab stands here: indent with spaces"),
    ("a: - b\n", "1:4 not allowed", "begin the list in a line of its own"),
    ('a: "C:\\dir"\n', "1:7 unknown escape", "write \\\\ for a backslash, or single quotes around the text"),
    ("a:\n  - b: c\n   d: e\n", "3:4 indented otherwise than those above it that it belongs to", "put as many spaces before it as before those"),
    ("a: b\n c: d\n", "2:2 indented otherwise than those above it that it belongs to", "put as many spaces before it as before those"),
    ("a:\n  b: c\n d: e\n", "3:2 indented otherwise than those above it that it belongs to", "put as many spaces before it as before those"),
    ("a: &Co b\n", "1:4 the anchor &Co", "write the value out where it is needed; or put the text in quotes if & belongs to it"),
    ("a: *b\n", "1:4 the alias *b", "write the value out; or put the text in quotes if * belongs to it"),
    ("a: !!str b\n", "1:4 the tag !!str is not allowed", "remove it; put text in quotes if need be"),
    ("a: {{ b }}\n", "1:5 a key must be plain text", "fill in what stands in double braces, or put it in quotes"),
    ("a: " + "[" * 21 + "]" * 21, "1:24 nested more than 20 levels", "remove brackets, or close them: no profile needs more than 6 levels"),
    ("[" + "1," * 20_001 + "]", "1:40000 more than 20000 values", "name groups in the place of many companies"),
    ("a: b".encode("utf-16"), "1:1 not UTF-8", "this is UTF-16: save it as UTF-8"),
    ("a: b\nc: Bj\xf6rn".encode("latin-1"), "2:6 what stands after `Bj` is not UTF-8", "save the file as UTF-8"),
    ("a: my colours\u2028b", "1:14 U+2028", "delete it: it stands after `colours`"),
    ("a: b\n\u2028c", "2:1 U+2028", "delete it"),
]  # fmt: skip

# in RIGHT: what is replaced, and by what; where, and what is part of the message; the hint
SHAPES = [
    ("[email]", "[email, sms, email]", "14:28 `email` stands here twice", "remove one of the two"),
    ("for: P6M", "for: P6M, until: 2027-01-01", "3:8 valid has both `for` and `until`", "remove one of the two"),
    ("    purposes: [offers.personalised]\n", "", "10:5 needs `purposes`", "add for example purposes: [offers.personalised]"),
    ("    signals: [purchase.history]\n", "", "10:5 needs `signals`", "add for example signals: [purchase.history]"),
    ("me: {url: https://ada.example/}\n", "", "1:1 needs `me`", "add for example me: {url: https://ada.example/}"),
    ("valid: {for: P6M}\n", "", "1:1 needs `valid`", "add for example valid: {for: P6M}"),
    ("groups:", "interests: [cooking]\ngroups:", "7:13 found `cooking`", "write {topic: cooking, level: like}"),
    ("trailhead.example: {}", "trailhead.example:\n    - name: Trail", "7:5 found a list", "remove the dash before name"),
    ("groups:", "refusals: {id: a, to: everyone}\ngroups:", "7:11 found keys with values", "begin each with a dash: - id: …"),
    ("groups:", "channels: {phone: false}\ngroups:", "7:19 found `false`", "write never, or remove the line"),
    ("groups:", "channels: {phone: no}\ngroups:", "7:19 `no` is not allowed", "write never, or remove the line"),
    ("groups:", "channels: {email: {max: 4}}\ngroups:", "7:25 found `4`", "write 4/P1M for 4 a month"),
    ("me: {url: https://ada.example/}", "me: url:https://ada.example/", "2:5 keys with values", "write {url: https://ada.example/}, with a space after url:"),
    (LAST, "    frequency: weekly\n", "14:16 `weekly` is not a rate", "write 1/P1W"),
    (LAST, "    frequency: twice a month\n", "14:16 `twice a month`", "write 2/P1M"),
    ("P6M", "6 months", "3:14 `6 months` is not a duration", "write P6M"),
    ("P6M", "p90d", "3:14 `p90d`", "write P90D"),
    ("P6M", "0 days", "3:14 `0 days`", "a duration in years, months, weeks or days, for example P6M or P90D"),
    ("for: P6M", "until: 31.05.2027", "3:16 `31.05.2027` is not a day", "write 2027-05-31"),
    ("for: P6M", "until: 31/05/2027", "3:16 `31/05/2027`", "write 2027-05-31"),
    ("for: P6M", "until: 05/31/2027", "3:16 `05/31/2027`", "write 2027-05-31"),
    ("for: P6M", "until: 05/06/2027", "3:16 `05/06/2027`", "a day as YYYY-MM-DD, for example 2027-05-31"),
    ("for: P6M", "until: 31 May 2027", "3:16 `31 May 2027`", "write 2027-05-31"),
    ("id: offers", "id: Surf Shack_offers", "10:9 is not an id", "write surf-shack-offers"),
    ("id: offers", "id: käse offers", "10:9 is not an id", "a name made of small letters, digits and hyphens, for example northpeak-offers"),
    ("id: offers", "id: " + "a" * 70, "10:9 is not an id", "shorten it: it has 70 characters; 64 are allowed"),
    ("outdoor:", "Out Door:", "8:3 `Out Door` is not a group name", "write out-door"),
    ("example/}", "example/, languages: [pt_BR]}", "2:45 `pt_BR` is not a language", "write pt-BR"),
    ("example/}", "example/, country: ie}", "2:42 `ie` is not a country", "write IE"),
    ("example/}", "example/, country: uk}", "2:42 `uk` is not a country", "write GB"),
    (LAST, "    categories: [Sporting]\n", "14:18 `Sporting` is no category", "did you mean `sg` (Sporting Goods)?"),
    (LAST, "    categories: [SG-4]\n", "14:18 `SG-4` is no category", "write sg-4"),
    (LAST, "    categories: [zz]\n", "14:18 `zz` is no category", "a product category of the Shopify taxonomy, for example sg or sg-4-2; `sayso vocab categories` lists them all"),
    ("[purchase.history]", "[foo]", "12:15 `foo` is no signal", "a kind of browsing or purchase data; `sayso vocab signals` lists them all"),
    ("[email]", "[WhatsApp]", "14:16 `WhatsApp` is no channel", "write messaging"),
    ("[email]", "[data.sale]", "14:16 `data.sale` is no channel", "this is a purpose: write it under purposes"),
    ("[purchase.history]", "[email]", "12:15 `email` is no signal", "this is a channel: write it under channels"),
    ("    purposes:", "    purpose:", "13:5 `grants[1]` has no `purpose`", "did you mean `purposes`?"),
    ("groups:", "refusals: [{id:no-sale, to: everyone, purposes: [ai]}]\ngroups:", "7:13 has no `id:no-sale`", "put a space after the colon: id: no-sale"),
    ("example/}", "example/, name: " + "x" * 557 + "}", "2:39 has 557 characters; 500 are allowed", "shorten it by 57 characters"),
    ("groups:", f"interests: [{', '.join(f'{{topic: t{n}, level: like}}' for n in range(201))}]\ngroups:", "7:12 has 201 entries; 200 are allowed", "remove 1 of them"),
]  # fmt: skip
RULES = [
    ("to: [northpeak.example]", "to: OUTDOOR", "11:9 `OUTDOOR` is neither", "did you mean `outdoor`?"),
    ("to: [northpeak.example]", "to: otudoor", "11:9 `otudoor` is neither", "did you mean `outdoor`?"),
    ("to: [northpeak.example]", "to: Everyone", "11:9 `Everyone` is neither", "write everyone"),
    ("companies:\n  northpeak.example: {}\n  trailhead.example: {}\n", "companies: [northpeak.example]\n", "4:12 found a list", "the companies you deal with, by their registrable domain"),
    ("trailhead.example: {}", "trailhead.example: {}\n  https://www.shop.example/a: {}", "7:3 is not a domain name", "write shop.example"),
    ("outdoor:", "everyone:", "8:3 it already means every company", "choose another name"),
    ("groups:", "wants: [{id: a, what: b, open_to: everyone}]\ngroups:", "7:35 open to everyone", "only those whom you name may answer: name companies or groups"),
    ("id: offers", "id: want-a", "15:14 the want `a` makes a grant `want-a`, and line 10 has that id already", "choose another"),
    ("for: P6M", "until: 2027-06-31", "3:16 there is no day 2027-06-31", "June 2027 has 30 days"),
    ("for: P6M", "until: 2027-13-01", "3:16 there is no day 2027-13-01", "a year has months 01 to 12"),
    (LAST, "    until: 2027-12-31\n", "14:12 after the end of the profile on 2027-05-21", "choose an earlier day, or let the profile hold longer"),
    (LAST, "    until: 2027-05-21\n", "14:12 after the end of the profile on 2027-05-21 at 09:00 UTC", "choose an earlier day, or let the profile hold longer"),
    ("groups:", "channels: {sms: {quiet: 20:00-08:00 europe/dubblin}}\ngroups:", "7:25 `europe/dubblin`", "did you mean `Europe/Dublin`?"),
    ("groups:", "channels: {sms: {quiet: 20:00-08:00 Dublin}}\ngroups:", "7:25 `Dublin`", "did you mean `Europe/Dublin`?"),
    ("groups:", "channels: {sms: {quiet: 20:00-08:00 Europe/Munich}}\ngroups:", "7:25 `Europe/Munich`", "a zone has the name of a large city, such as Europe/Berlin"),
    ("https://ada", "http://ada", "2:11 it must begin with https://", "write https://ada.example/"),
    ("ada.example/", "ada.example", "2:11 it must end with /", "write https://ada.example/"),
    ("https://ada", "https://Ada", "2:11 capital letters in the host", "write https://ada.example/"),
    ("trailhead.example: {}", "trailhead.example: {}\n  Trailhead.example: {}", "7:3 the same company as `trailhead.example` in line 6", "keep one of the two"),
    ("trailhead.example: {}", "trailhead.example: {}\n  co.uk: {}", "7:3 `co.uk` is a public suffix", "something is missing before it, for example shop.co.uk"),
    (LAST, "    note: write to ada@mail.example, please\n", "14:11 everybody can read it: `ada@mail.example`", "leave it out"),
    (LAST, "    note: to de89 3704 0044 0532 0130 00 please\n", "14:11 a bank account number", "leave it out"),
    (LAST, "    note: " + "a" * 40 + "@mail.example\n", "14:11 `" + "a" * 27 + "...`", "leave it out"),
    (LAST, "    from: 2026-11-02\n    until: 2026-11-01\n", "15:12 ends on 2026-11-01", "put the two days in order"),
    (LAST, "    until: 2026-12-15\n", "14:12 this ends on 2026-12-15, in 25 days", None),
    ("grants:", "channels: {email: never, sms: {max: 1/P1D}}\ngrants:", "11:5 of this grant are never to be used", "name another channel, or change the rule under channels"),
    ("[email]", "[email, sms]\nchannels: {email: never}", "14:16 `email` is never to be used", "remove it here, or change the rule under channels"),
    (LAST, LAST + "refusals: [{id: no, to: everyone}]\n", "10:5 the refusal `no` in line 15 covers this grant", "remove one of the two, or make the refusal narrower"),
    (LAST, LAST + "refusals: [{id: a, to: everyone, purposes: [ai]}, {id: b, to: everyone, purposes: [ai]}]\n", "15:51 this says the same as the refusal `a` in line 15", "remove one of the two"),
]  # fmt: skip
SILENT = [
    ("an account number with a slip in it is no telephone number", LAST, "    note: DE89 3704 0044 0532 0130 02\n"),
    ("a letter for a name is no full name", "example/}", "example/, name: Ada L.}"),
    ("a country that the schema takes is not corrected", "example/}", "example/, country: UK}"),
]


def problems(text: str | bytes) -> tuple[Problem, ...]:
    try:
        return check(load(text.encode() if isinstance(text, str) else text), AT)
    except SourceError as error:
        return error.problems


def said(text: str | bytes, message: str, hint: str | None) -> None:
    (problem,) = problems(text)
    place, _, part = message.partition(" ")
    assert f"{problem.line}:{problem.column}" == place, problem
    assert part in problem.message
    assert problem.hint == hint


@pytest.mark.parametrize(("text", "message", "hint"), NOT_YAML, ids=range(len(NOT_YAML)))
def test_what_cannot_be_read(text: str | bytes, message: str, hint: str) -> None:
    """A text that cannot be read is explained where the slip is, once, with what to do."""
    said(text, message, hint)


@pytest.mark.parametrize(("old", "new", "message", "hint"), SHAPES, ids=range(len(SHAPES)))
def test_what_has_the_wrong_shape(old: str, new: str, message: str, hint: str) -> None:
    """What has not the shape of the schema is said once, with what to write in its place."""
    said(changed(old, new), message, hint)


@pytest.mark.parametrize(("old", "new", "message", "hint"), RULES, ids=range(len(RULES)))
def test_what_breaks_a_rule(old: str, new: str, message: str, hint: str | None) -> None:
    """A breach of a rule, and advice, is said once, with its cause and what to do."""
    text = changed(old, new)
    said(text + "wants: [{id: a, what: b, open_to: outdoor}]\n" if "want-a" in new else text, message, hint)


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in SILENT], ids=[row[0] for row in SILENT])
def test_what_is_no_slip(old: str, new: str) -> None:
    """Nothing is said where nothing is wrong."""
    assert problems(changed(old, new)) == ()


def test_a_bad_spelling_is_not_offered() -> None:
    """A key that must be written otherwise is no hint for a name that is right."""
    found = problems(RIGHT.replace("  northpeak.example:", "  www.northpeak.example:"))
    assert [problem.code for problem in found] == ["not-registrable", "undeclared-company", "undeclared-company"]
    assert not any("www." in str(problem.hint) for problem in found)


def test_an_example_for_every_member_that_is_required() -> None:
    """What may be missing has an example."""
    schema = spec.schema("profile")
    parts = [schema, schema["properties"]["me"], *schema["$defs"].values()]
    for name in {name for part in parts for name in part.get("required", ())}:
        assert missing_member(name).startswith(f"add for example {name}: ")


def test_looking_for_near_words_has_a_limit() -> None:
    """After some looks, or before one that would take too long, nothing is looked for any more; what was found stays."""
    guess = Guesses(left=2)
    assert [guess(word, ["purchase"]) for word in ("purchese", "purchse", "purchas")] == ["purchase", "purchase", None]
    assert guess("purchese", ["purchase"]) == "purchase"
    assert Guesses()("ab" * 100, ["ba" * 100] * 1000) is None


def test_endless_sentences_are_cut() -> None:
    """What is named in a message is cut where nobody would read on, and so is the list of characters that cannot be seen."""
    found = problems(RIGHT.replace("outdoor:", f"{'o' * 100_000}:"))
    assert found
    assert all(len(problem.message) <= 400 for problem in found)
    assert len(problems("a: " + "\u202e" * 60_000)) == 100


def changed(old: str, new: str) -> str:
    assert RIGHT.count(old) >= 1, old
    return RIGHT.replace(old, new, 1)
