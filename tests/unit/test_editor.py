"""What the form is made of: every member of the schema, with a name and a control; a guard that lets one browser in."""

from __future__ import annotations

import http.client
import re
from pathlib import Path

import pytest

from sayso import spec
from sayso.editor import labels as labels_of
from sayso.editor.controls import ABSENT
from sayso.editor.exchange import Answer, Request
from sayso.editor.forms import SECTIONS, WHOLE, form_of
from sayso.editor.guard import Guard
from sayso.editor.phrases import phrases
from sayso.editor.posting import MAX_FIELDS, values_of
from sayso.editor.problems import placed
from sayso.editor.rendering import fill
from sayso.editor.server import Server
from sayso.editor.steps import NAMED
from sayso.editor.views import Views
from sayso.errors import SourceError
from sayso.profile.source import load
from sayso.texts import LANGUAGES
from support import ADA, AT, ROOT

TEMPLATES = ROOT / "generator" / "sayso" / "editor" / "templates"
BROKEN = sorted((ROOT / "tests" / "broken").glob("*.yml"))


def same(text: str) -> str:
    return text


@pytest.mark.parametrize("section", SECTIONS)
def test_every_member_has_a_field(section: str) -> None:
    """Whatever the schema says that an entry may have can be changed in its form, and has a label."""
    schema, form = spec.schema("profile"), form_of(section)
    names = {field.name for field in form.fields}
    if section not in ("groups",):
        described = schema["properties"][section] if section in WHOLE else schema["$defs"][SECTIONS[section]]
        assert {*described["properties"]} <= names
    for name in (*names, *(["key"] if section in (*NAMED, "channels") else [])):
        assert labels_of.label_of(labels_of.labels(same), section, name)[0]
    assert {*schema["properties"]} - {*SECTIONS} == {"sayso", "status"}, "every section has a form"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_can_be_chosen(language: str) -> None:
    """Each signal, purpose, channel and category stands once in its field, with a label, in every language."""
    views = Views(language, load((ADA / "profile.yml").read_bytes()).data)
    fields = {field.name: field for field in views.fields("grants", form_of("grants").values(ABSENT), (), ())}
    for name in ("signals", "purposes", "channels", "categories"):
        shown = [option.value for group in fields[name].groups for option in group.options]
        assert sorted(shown) == sorted(getattr(spec.vocabulary(), name))
        assert all(option.label for group in fields[name].groups for option in group.options)


def test_every_phrase_is_used_and_there() -> None:
    """The templates say no phrase that there is not, and none is translated for nothing."""
    said = "".join(path.read_text("utf-8") for path in [*TEMPLATES.glob("*.html"), *TEMPLATES.parent.glob("*.py")])
    used = {*re.findall(r"\bt\.(\w+)", said), *re.findall(r"(?:phrases|say)\[\"(\w+)\"\]", said)}
    known = phrases(same)
    assert used <= {*known}
    by_name = {*re.findall(r'"(\w+)"', said)}  # those that are named as values
    made = {name for name in known if name.startswith(("problem_", "rule_", "valid_"))}
    assert {*known} <= used | by_name | made


def test_values_are_put_into_a_phrase_as_text() -> None:
    """Markup in a value, or in a phrase, is shown as it is; a value is kept from what stands around it."""
    assert fill("<%(what)s>", what="<b>") == "&lt;<bdi>&lt;b&gt;</bdi>&gt;"


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_problem_has_its_place(path: Path) -> None:
    """What check says of a broken profile is said with the same line and column, and with the path of a value there."""
    from sayso.profile.check import check

    try:
        source = load(path.read_bytes())
    except SourceError:
        return
    found = placed(source, AT)
    key = lambda problem: (problem.line, problem.column, problem.code, problem.message)  # noqa: E731
    assert sorted((item.problem for item in found), key=key) == sorted(check(source, AT), key=key)
    for item in found:
        assert item.path is not None
        place = item.path
        while place and place not in source.values:  # what is missing has no place
            place = place[:-1]
        assert (item.problem.line, item.problem.column) in (source.position(place), source.key_position(place))


@pytest.mark.parametrize(
    "body", [b"a", b"a=1&", b"&a=1", b"\xff=1", b"a=%ff", "ä=1".encode(), b"&".join([b"a=1"] * (MAX_FIELDS + 1))]
)
def test_a_body_that_is_no_form(body: bytes) -> None:
    """What no browser sends for a form of ours is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - it is never shown
        values_of(body)


def test_the_token_works_once_for_many_at_once() -> None:
    """Of many browsers that come with the token at the same time one is let in."""
    from concurrent.futures import ThreadPoolExecutor

    told: list[str] = []
    guard = Guard(1234, b"", told.append)
    query = guard.address.partition("?")[2]
    request = Request("GET", "/", query, {"host": ("127.0.0.1:1234",)})
    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(lambda _: guard.stop(request), range(64))]
    assert sorted(answer.status for answer in answers if answer) == [303, *[403] * 63]
    assert told == [guard.address]


def test_a_bug_is_answered_and_told() -> None:
    """Where answering fails, the browser is told that, and so is the terminal: nobody waits for nothing."""
    found: list[Exception] = []

    def failing(_: Request) -> Answer:
        raise KeyError("oops")

    server = Server(0, found.append)
    with server.serving(failing):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().status == 500
        connection.close()
    assert [repr(error) for error in found] == ["KeyError('oops')"]
