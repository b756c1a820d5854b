"""Taking back takes back exactly what it should, and leaves every other line and remark where it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import InvalidProfile, NotSigned, SourceError
from sayso.profile import taking_back
from sayso.profile.addresses import a_label
from sayso.profile.check import ensure_valid
from sayso.profile.compile import compile_terms
from sayso.profile.source import load
from sayso.profile.taking_back import revoke, withdraw
from strategies import AT

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "consumer").glob("*/profile.yml"))
HEAD = """sayso: 1
me: {url: https://ada.example/}
valid: {for: P6M}
companies: {a.example: {}, b.example: {}, c.example: {}, bücher.example: {}}
groups:
  two: [B.example, a.example]
  more: [c.example, bücher.example, b.example]
  all: [b.example, A.example, c.example]
refusals: [{id: no, to: two, purposes: [data.sale]}]
"""
SCOPE = "signals: [cart.contents], purposes: [ads.suppression]"


def says(data: bytes) -> Any:
    """Give what a source says as plain data, once it is compiled."""
    source = load(data)
    ensure_valid(source, AT)
    return json.loads(msgspec.json.encode(compile_terms(source, AT)))


def expected(terms: Any, what: str | None) -> Any:
    """Work out what is left of plain terms when a grant, a company or everything is taken back."""
    company = a_label(what) if what and "." in what else None
    grants, wants = [], []
    for grant in terms.get("grants", []):
        left = [name for name in grant["to"] if name != company]
        if left and what not in (None, grant["id"]):
            grants.append(grant | {"to": left})
    for want in terms.get("wants", []):
        left = [grant["to"] for grant in grants if grant["id"] == f"want-{want['id']}"]
        others = {name: value for name, value in want.items() if name != "open_to"}
        wants.append(others | ({"open_to": left[0]} if left else {}))
    members = {name: value for name, value in terms.items() if name not in ("grants", "wants")}
    return members | ({"grants": grants} if grants else {}) | ({"wants": wants} if wants else {})


def targets(terms: Any) -> list[str | None]:
    """Give all that can be taken back."""
    companies = {name for grant in terms.get("grants", []) for name in grant["to"]} - {"*"}
    return [grant["id"] for grant in terms.get("grants", [])] + sorted(companies) + ([None] if companies else [])


CASES = [(path, what) for path in EXAMPLES for what in targets(says(path.read_bytes()))]


def masked(line: str) -> str:
    """Give a line without what an edit may change in it."""
    return re.sub(r"(?:, )?\b(?:to|open_to|channels): (?:\[[^]]*\]|[^ ,}]+)", "", line)


def owners(lines: list[str]) -> dict[str, str]:
    """Give for each line that is a comment the next line that is none."""
    return {
        line: next((other for other in lines[place:] if other.strip() and not other.lstrip().startswith("#")), "")
        for place, line in enumerate(lines)
        if line.lstrip().startswith("#")
    }


@pytest.mark.parametrize(("path", "what"), CASES, ids=[f"{path.parent.name}-{what}" for path, what in CASES])
def test_examples(path: Path, what: str | None) -> None:
    """The rest says what it should, every line of it stood there in this order, and comments are about what they were."""
    old = path.read_bytes()
    new = revoke(old, what, AT)
    assert says(new) == expected(says(old), what)
    before, after = old.decode().split("\n"), new.decode().split("\n")
    rest = iter(before)
    for line in after:
        assert any(line == other or masked(line) == masked(other) for other in rest), line
    assert "\n\n\n" not in new.decode()
    here, there = owners(before), owners(after)
    assert all(there[comment] == here[comment] or here[comment] not in after for comment in there)


RECIPIENTS = [
    ("{to}: a.example", "a.example", None),
    ("{to}: [a.example, c.example]", "a.example", "{to}: [c.example]"),
    ("{to}: [A.EXAMPLE, a.example, c.example]", "a.example", "{to}: [c.example]"),
    ("{to}: ['c.example', \"a.example\"]", "A.example.", "{to}: ['c.example']"),
    ("{to}: two", "a.example", "{to}: B.example"),
    ("{to}: two", "b.example", "{to}: a.example"),
    ('{to}: "more"', "b.example", '{to}: ["c.example", "bücher.example"]'),
    ("{to}: more", "xn--bcher-kva.example", "{to}: [c.example, b.example]"),
    ("{to}: [more]", "BÜCHER.example", "{to}: [c.example, b.example]"),
    ("{to}: [two, more]", "b.example", "{to}: [a.example, c.example, bücher.example]"),
    ("{to}: [two, more]", "c.example", "{to}: [two, bücher.example, b.example]"),
    ("{to}: [two, all]", "b.example", "{to}: [a.example, c.example]"),
    ("{to}: [two, a.example]", "b.example", "{to}: [a.example]"),
    ("{to}: [two, b.example]", "b.example", "{to}: [a.example]"),
    ("{to}: [two, B.example]", "b.example", "{to}: [a.example]"),
]


@pytest.mark.parametrize(("old", "what", "new"), RECIPIENTS)
def test_recipients(old: str, what: str, new: str | None) -> None:
    """A company is taken out of grants and wants, a group written out without it, and what is for nobody goes."""
    other = f"  - {{id: h, to: [everyone, a.example, b.example, c.example], {SCOPE}}}\n"
    before = HEAD + f"grants:\n  - {{id: g, {old.format(to='to')}, {SCOPE}}}\n{other}"
    before += f"wants:\n  - {{id: w, {old.format(to='open_to')}, what: A hat, channels: [email]}}\n"
    after = HEAD + "grants:\n"
    after += f"  - {{id: g, {new.format(to='to')}, {SCOPE}}}\n" if new else ""
    after += f"{other}wants:\n"
    after += f"  - {{id: w, {new.format(to='open_to')}, what: A hat, channels: [email]}}\n" if new else ""
    after += "" if new else "  - {id: w, what: A hat}\n"
    assert revoke(before.encode(), what, AT).decode() == after


def test_everything() -> None:
    """All grants go, those to everyone too, and wants stay without their answers; then there is nothing left to take back."""
    before = HEAD + f"# What I give\ngrants:\n  - {{id: h, to: everyone, {SCOPE}}}\n"
    wants = "wants:\n- id: w  # soon\n  what: A hat\n"
    rest = revoke((before + wants + "  open_to: two  # they know me\n  channels:\n  - email\n").encode(), None, AT)
    assert rest.decode() == HEAD + wants
    with pytest.raises(NotSigned, match=r"profile\.yml grants nothing"):
        revoke(rest, None, AT)


@pytest.mark.parametrize(
    ("what", "hint"),
    [
        ("coffe", "did you mean `coffee`?"),
        ("beanwork.example", "did you mean `beanworks.example`?"),
        ("www.beanworks.example", "did you mean `beanworks.example`?"),
        ("the-newsletter-for-all-our-regulars.beanworks.example", "did you mean `beanworks.example`?"),
        ("zzz.example", "no grant names it"),
        (
            "idle.example",
            "no grant names it; what everyone may, only a refusal takes from it: {id: no-idle, to: [idle.example]}",
        ),
        ("a..b", "no grant names it"),
        ("", "no grant names it"),
        ("*", "no grant names it"),
        ("all", "`all` is a group: take back from each of its companies, or a grant by its id"),
        ("want-hat", "did you mean `want-boots`?"),
    ],
)
def test_nothing_to_take_back(what: str, hint: str) -> None:
    """What nobody was given cannot be taken back, and the answer says what may be meant."""
    data = f"""{{sayso: 1, me: {{url: https://ada.example/}}, valid: {{for: P6M}},
        companies: {{beanworks.example: {{}}, idle.example: {{}}}}, groups: {{all: [beanworks.example]}},
        grants: [{{id: coffee, to: all, {SCOPE}}}, {{id: h, to: everyone, {SCOPE}}}],
        wants: [{{id: hat, what: A hat}}, {{id: boots, what: Boots, open_to: all}}]}}"""
    with pytest.raises(NotSigned) as caught:
        revoke(data.encode(), what, AT)
    assert (caught.value.code, caught.value.hint) == ("nothing-to-revoke", hint)


def test_sources_with_errors() -> None:
    """A source with errors is not edited."""
    for text in (b"a: [", b"", b"[]", HEAD.encode() + b"grants: 1\n"):
        kind = SourceError if text == b"a: [" else InvalidProfile
        with pytest.raises(kind):
            revoke(text, "g", AT)
        with pytest.raises(kind):
            withdraw(text, AT)


@pytest.mark.parametrize("broken", [b"", b"a: [", HEAD.encode(), HEAD.encode() + b"status: withdraw\n"])
def test_what_went_wrong_is_not_given(broken: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit that gives something else than it should is refused, with the place to edit by hand."""
    data = f"{HEAD}grants:\n- {{id: g, to: two, {SCOPE}}}\n- {{id: h, to: everyone, {SCOPE}}}\n".encode()
    monkeypatch.setattr(taking_back, "edited", lambda *_: broken)
    monkeypatch.setattr(taking_back, "with_member", lambda *_: broken)
    with pytest.raises(NotSigned) as caught:
        revoke(data, "a.example", AT, "my.yml")
    assert (caught.value.code, caught.value.name) == ("cannot-edit", "my.yml")
    assert caught.value.hint == "take it out by hand: the grant `g` in line 11"
    with pytest.raises(NotSigned) as caught:
        withdraw(data, AT)
    assert caught.value.hint == "write by hand, in a line of its own: status: withdrawn"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_withdrawing(path: Path) -> None:
    """One line comes, below that of the version, and only once."""
    old = path.read_bytes()
    new = withdraw(old, AT)
    assert new == old.replace(b"\nsayso: 1\n", b"\nsayso: 1\nstatus: withdrawn\n")
    with pytest.raises(NotSigned, match=r"profile\.yml is withdrawn already") as caught:
        withdraw(new, AT)
    line = new.split(b"\n").index(b"status: withdrawn") + 1
    assert (caught.value.code, caught.value.hint) == ("already-withdrawn", f"line {line} says so")


class Writer:
    """Writes the same kind of profile in ever other layouts; each comment names what it is about, as ``# of OWNER``."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.often = chance.choice([0.0, 0.2, 0.5])  # how often there is a comment
        self.names = ["a.example", "b.example", "c.example", "two", "more"]

    def source(self) -> bytes:
        """Write a whole profile."""
        sections: list[Callable[[], list[str]]] = [
            lambda: [*self.above("", "sayso"), "sayso: 1" + self.behind("sayso")],
            lambda: ["me: {url: https://ada.example/}"],
            lambda: [*self.above("", "valid"), "valid:", "  for: P6M" + self.behind("valid")],
            lambda: ["companies: {a.example: {}, b.example: {},", "  c.example: {name: 'Sea # side'}}"],
            lambda: ["groups:", "  two: [b.example, A.example]", "  more:", "  - c.example", "  - b.example"],
            lambda: self.section("grants", [self.grant(n) for n in range(self.chance.randint(1, 4))]),
            lambda: self.section("wants", [self.want(n) for n in range(self.chance.randint(1, 3))]),
            lambda: ["refusals: [{id: no, to: [two], purposes: [data.sale]}]"],
        ]
        self.chance.shuffle(sections)
        lines: list[str] = []
        for write in sections:
            lines += ["# === ruled, of whole", *write()] if self.rarely() else write()
            lines += [""] * self.chance.choice([0, 1, 1, 2])
        newline = self.chance.choice(["\n", "\n", "\r\n"])
        text = self.chance.choice(["", "", "---\n", "# of whole\n\n"]) + "\n".join(lines)
        text = text.rstrip("\n") if self.rarely() else text + "\n"
        return (self.chance.choice(["", "", "\ufeff"]) + text.replace("\n", newline)).encode()

    def rarely(self) -> bool:
        return self.chance.random() < 0.2

    def above(self, indent: str, owner: str) -> list[str]:
        """Write comments directly above something."""
        return [f"{indent}# of {owner}"] * (self.chance.choice([1, 2]) if self.chance.random() < self.often else 0)

    def behind(self, owner: str) -> str:
        """Write a comment at the end of a line."""
        return self.chance.choice([" ", "\t", "   "]) + f"# of {owner}" if self.chance.random() < self.often else ""

    def quoted(self, text: str) -> str:
        return self.chance.choice([text, text, f"'{text}'", f'"{text}"'])

    def grant(self, number: int) -> tuple[str, dict[str, Any]]:
        members = {
            "id": f"g{number}",
            "to": self.recipients(),
            "signals": ["cart.contents", "browsing.pages"],
            "purposes": ["ads.suppression"],
        }
        if self.rarely():
            members["to"] = "everyone"
        if self.chance.random() < 0.5:
            members["note"] = f"No {number}"
        return f"g{number}", members

    def want(self, number: int) -> tuple[str, dict[str, Any]]:
        members: dict[str, Any] = {"id": f"w{number}", "what": "A hat, # 1"}
        if not self.rarely():
            members |= {"open_to": self.recipients(), "channels": ["email", "sms"]}
        return f"w{number}", members

    def recipients(self) -> str | list[str]:
        names = self.chance.sample(self.names, self.chance.randint(1, 4))
        return names[0] if self.rarely() else names

    def section(self, name: str, entries: list[tuple[str, dict[str, Any]]]) -> list[str]:
        """Write a list of entries, in one of the ways in which that can be done."""
        lines = self.above("", name)
        if self.chance.random() < 0.25:
            return [*lines, f"{name}: {self.in_brackets([self.in_braces(*entry, '  ') for entry in entries])}"]
        lines.append(f"{name}:{self.behind(name)}")
        indent = self.chance.choice(["", "  ", "    "])
        apart = self.chance.choice([0, 0, 1, 1, 2])
        for place, (owner, members) in enumerate(entries):
            if place:
                lines += [""] * (self.chance.choice([0, 1]) if self.rarely() else apart)
            if self.rarely():
                lines += [f"{indent}# of {name}", ""]
            if self.rarely():
                lines += [f"{indent}# --- ruled, of {name} ---"]
            lines += self.above(indent, owner)
            lines += self.entry(indent, owner, members)
            if self.rarely():
                lines += [*([""] if self.rarely() else []), f"{indent} # of {owner}"]
        return lines

    def entry(self, indent: str, owner: str, members: dict[str, Any]) -> list[str]:
        """Write an entry of a list in lines."""
        if self.chance.random() < 0.3:
            return [f"{indent}- {self.in_braces(owner, members, indent + '    ')}{self.behind(owner)}"]
        column = indent + " " * self.chance.choice([2, 2, 4])
        names = list(members)
        self.chance.shuffle(names)
        lines: list[str] = []
        for name in names:
            about = f"{owner}/{name}" if name in ("open_to", "channels") else owner
            lines += self.above(column, about) if lines or self.rarely() else []
            lines += self.member(column, name, members[name], about)
        if not lines[0].lstrip().startswith("#") and not self.rarely():
            return [f"{indent}-{' ' * (len(column) - len(indent) - 1)}{lines[0].lstrip()}", *lines[1:]]
        return [f"{indent}-{self.behind(owner).replace(chr(9), ' ')}", *lines]  # no tab may follow a dash

    def member(self, indent: str, name: str, value: Any, owner: str) -> list[str]:
        """Write a member of an entry in lines."""
        if name == "note" and self.chance.random() < 0.6:
            style = self.chance.choice(["|", ">", "|-", ">+", "|+"])
            return [f"{indent}{name}: {style}{self.behind(owner)}", f"{indent}   # {value}", "", f"{indent}   it is"]
        if isinstance(value, str):
            value = f'"{value}"' if "#" in value else self.quoted(value)
            between = self.chance.choice([" ", " ", "  ", f"\n{indent}  "])
            return [f"{indent}{name}:{between}{value}{self.behind(owner)}"]
        if self.chance.random() < 0.5:
            return [
                f"{indent}{name}: {self.in_brackets(self.chance.choice([value, [*map(self.quoted, value)]]))}{self.behind(owner)}"
            ]
        if self.chance.random() < 0.5:
            end = self.chance.choice([",", ""])
            lines = [f"{indent}{name}: ["]
            for place, item in enumerate(value):
                lines += self.above(f"{indent}  ", f"{owner}/{item}")
                lines.append(
                    f"{indent}  {self.quoted(item)}{',' if place + 1 < len(value) else end}{self.behind(f'{owner}/{item}')}"
                )
            return [*lines, f"{indent}]"]
        lines = [f"{indent}{name}:{self.behind(owner)}"]
        deeper = indent + self.chance.choice(["", "  "])
        for item in value:
            lines += self.above(deeper, f"{owner}/{item}")
            lines.append(f"{deeper}- {self.quoted(item)}{self.behind(f'{owner}/{item}')}")
        return lines

    def in_brackets(self, texts: list[str]) -> str:
        """Write a list in brackets, in one line or several."""
        comma = self.chance.choice([", ", ", ", ",", ",\n        ", " , "])
        begin, end = self.chance.choice([("[", "]"), ("[ ", " ]"), ("[", ",]"), ("[\n        ", "\n        ]")])
        return begin + comma.join(texts) + end

    def in_braces(self, _owner: str, members: dict[str, Any], indent: str) -> str:
        """Write a mapping in braces, in one line or several."""
        comma = self.chance.choice([", ", ", ", f",\n{indent}"])
        texts = []
        for name, value in members.items():
            if isinstance(value, list):
                texts.append(f"{name}: {self.in_brackets(value)}")
            else:
                texts.append(f'{name}: "{value}"' if "#" in value else f"{name}: {value}")
        return "{" + comma.join(texts) + self.chance.choice(["}", ",}", " }"])


def present(data: Any) -> set[str]:
    """Name all that comments can be about and that is still there."""
    found = {"whole", *data}
    for section, member in (("grants", "to"), ("wants", "open_to")):
        for item in data.get(section, []):
            found |= {item["id"], *(f"{item['id']}/{name}" for name in item)}
            for name, value in item.items():
                about = item["id"] if name not in ("open_to", "channels") else f"{item['id']}/{name}"
                found |= {f"{about}/{entry}" for entry in value if isinstance(value, list)}
                if name == member and isinstance(value, str):
                    found.add(f"{about}/{value}")
    return found


def remarks(data: bytes) -> list[str]:
    """Give the owners that comments name, in order."""
    return re.findall(r"# (?:[-=]+ ruled, )?of ([^\s]+)", data.decode())


def test_any_layout() -> None:
    """In whatever layout, the rest says what it should and keeps exactly its own comments; that it is refused is rare."""
    done: list[bool] = []

    @given(st.randoms(use_true_random=False))
    @settings(deadline=None, max_examples=150)
    def take(chance: Random) -> None:
        old = Writer(chance).source()
        terms = says(old)
        for what in targets(terms):
            try:
                new = revoke(old, what, AT)
            except NotSigned as error:
                assert error.code == "cannot-edit"
                done.append(False)
                continue
            done.append(True)
            assert says(new) == expected(terms, what)
            groups = {name for name, members in load(old).data["groups"].items() if what in map(a_label, members)}
            left, here = remarks(new), present(load(new).data)
            for owner in {*remarks(old)}:
                if owner.rpartition("/")[2] not in groups:  # written out, or gone if the others are named besides
                    assert left.count(owner) == (remarks(old).count(owner) if owner in here else 0), (what, owner)
            assert new.startswith(b"\xef\xbb\xbf") == old.startswith(b"\xef\xbb\xbf")
            assert new.count(b"\r\n") == (new.count(b"\n") if b"\r" in old else 0)

    take()
    assert len(done) > 500
    assert done.count(False) < len(done) / 20
