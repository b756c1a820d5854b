"""A form that is saved changes in the text what it changes in the data, in whatever style the text is written."""

from __future__ import annotations

import copy
import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
import yaml

from sayso.errors import NotSigned
from sayso.profile.check import ensure_valid
from sayso.profile.rewriting import rewritten
from sayso.profile.source import load
from strategies import AT

STYLES = sorted((Path(__file__).parents[1] / "styles").glob("*.yml"))
EDITS, CHAINS, LENGTH = 200, 4, 20
LISTS, FREE, WORDS = (
    ("grants", "refusals", "wants", "interests"),
    ("companies", "groups"),
    ("to", "signals", "channels"),
)
TEXTS = [
    "Ada",
    "plain words",
    "key: value",
    "a #remark",
    "a # remark",
    "- dash",
    "-",
    "no",
    "12",
    "1.5",
    "null",
    "~",
    "true",
    "2027-05-31",
    "10:30",
    "0o17",
    "",
    " space before",
    "space behind ",
    "it's",
    'he said "so"',
    "back\\slash",
    "[a, b]",
    "a, b",
    "{a: b}",
    "? what",
    "& and * and !",
    "@home",
    "100 %",
    "%",
    "| >",
    "two\nlines",
    "three\n\nlines\n",
    "a line\n",
    "many\n\n\n",
    "  indented\nthen not",
    "not\n  then indented",
    "tab\there",
    "carriage\rreturn",
    "نور، ومتجر الجبل",
    "🥾 👩‍👩‍👧 ½",
    "日本語: 本",
    "--- a",
    "...",
    "a:",
    ":a",
    "#",
    "a very long text " * 12,
    "x",
]


class Edit(NamedTuple):
    """What a form came to: the data, what was done, and the new names of what was renamed."""

    wanted: Any
    what: str
    names: dict[str, str]


class Place(NamedTuple):
    """The lines of something: its first and its last, and the column in which it begins."""

    first: int
    last: int
    column: int


# What stands where, found with PyYAML alone.


def places(text: str) -> dict[str, Place]:
    """Give the place of all that a remark can be about: sections, entries by their name, their members and words."""
    root: Any = yaml.CSafeLoader(text.removeprefix("\ufeff").encode()).get_single_node()
    lines = rows(text)
    found: dict[str, Place] = {}

    def add(name: str, begin: Any, node: Any) -> None:
        line, column = begin.start_mark.line, begin.start_mark.column
        last = node.end_mark.line if node.end_mark.column else node.end_mark.line - 1
        while (
            last > line
            and (not lines[last].strip() or lines[last].lstrip().startswith("#"))
            and last > end_of_scalars(node)
        ):
            last -= 1
        while not lines[line][:column].strip(" -?") and not lines[line][:column].strip():
            if (above := next((n for n in range(line - 1, -1, -1) if bare(lines[n])), None)) is None or bare(
                lines[above]
            ) != "-":
                break
            if len(lines[above].split("#")[0].rstrip()) > column:
                break
            line, column = above, lines[above].index("-")
        dash = re.match(r"(?: *[-?] +)+$", lines[line][:column])
        found[name] = Place(line, last, lines[line].index(dash[0].strip()[0]) if dash else column)

    def members(name: str, node: Any) -> None:
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            add(f"{name}/{key.value}", key, value)
            for item in value.value if isinstance(value, yaml.SequenceNode) else ():
                if isinstance(item, yaml.ScalarNode):
                    add(f"{name}/{key.value}/{item.value}", item, item)

    for key, section in root.value:
        add(key.value, key, section)
        if key.value in LISTS:
            for item in section.value if isinstance(section, yaml.SequenceNode) else ():
                name = next(value.value for key, value in item.value if key.value in ("id", "topic"))
                add(name, item, item)
                members(name, item)
        elif key.value in FREE:
            for name, value in section.value if isinstance(section, yaml.MappingNode) else ():
                add(name.value, name, value)
                members(name.value, value)
                for item in value.value if isinstance(value, yaml.SequenceNode) else ():
                    add(f"{name.value}/{item.value}", item, item)
        else:
            members(key.value, section)
    return found


def end_of_scalars(node: Any) -> int:
    """Give the last line in which a text of a node has a word."""
    if isinstance(node, yaml.ScalarNode):
        count = node.value.rstrip("\n").count("\n") if node.style == "|" else 0
        return int(node.start_mark.line) + count + (1 if node.style in ("|", ">") else 0)
    inner = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
    return max([int(node.start_mark.line), *map(end_of_scalars, inner)])


def bare(line: str) -> str:
    return line.split(" #")[0].strip() if not line.lstrip().startswith("#") else ""


def rows(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)


def remarks(text: str) -> Iterator[tuple[int, str]]:
    """Give each remark that names an owner, with its line."""
    for line, row in enumerate(rows(text)):
        if match := re.search(r"#(?: and)?(?: still)? about (\S+(?: running)?)", row):
            yield line, match[1]


def beside(text: str, line: int, place: Place) -> bool:
    """Tell whether a remark stands directly above something, within or behind it, or deeper below it."""
    lines = rows(text)
    if place.first <= line <= place.last:
        return True
    if line < place.first:
        return all(row.lstrip().startswith("#") for row in lines[line : place.first])
    between = lines[place.last + 1 : line + 1]
    return all(not row.strip() or (row.lstrip().startswith("#") and row.index("#") > place.column) for row in between)


# What a person does in a form.


def entries(data: Any, chance: Random) -> list[Any] | None:
    found = [data[name] for name in LISTS if data.get(name)]
    return chance.choice(found) if found else None


def mappings(data: Any) -> list[dict[str, Any]]:
    """Give all mappings that have members of the language."""
    items = [item for name in LISTS for item in data.get(name) or []]
    others = [*(data.get("companies") or {}).values(), *(data.get("channels") or {}).values(), data["me"]]
    return [item for item in [*items, *others] if isinstance(item, dict)]


def new_name(chance: Random) -> str:
    return f"{chance.choice(['new', 'another', 'x'])}-{chance.randrange(10**6)}"


def change_a_value(data: Any, chance: Random) -> None:
    found = [
        (item, key)
        for item in [*mappings(data), data["valid"]]
        for key, value in item.items()
        if not isinstance(value, (list, dict)) and key not in ("id", "topic")
    ]
    item, key = chance.choice(found)
    item[key] = chance.choice([text for text in TEXTS if text != item[key]])


def change_to_no_text(data: Any, chance: Random) -> None:
    item = chance.choice(mappings(data))
    keys = [key for key, value in item.items() if not isinstance(value, (list, dict)) and key not in ("id", "topic")]
    item[chance.choice([*keys, "note"])] = chance.choice([None, 12, -3, True, False, 1.5, 1e300, [], {}])


def rename_an_entry(data: Any, chance: Random) -> dict[str, str]:
    if not (items := entries(data, chance)):
        return {}
    item = chance.choice(items)
    key = "id" if "id" in item else "topic"
    old, item[key] = item[key], new_name(chance)
    return {old: item[key]}


def rename_a_key(data: Any, chance: Random) -> dict[str, str]:
    section = chance.choice(FREE)
    if not data.get(section):
        return {}
    old, new = chance.choice([*data[section]]), f"{new_name(chance)}.example"
    data[section] = {new if key == old else key: value for key, value in data[section].items()}
    return {old: new}


def delete_an_entry(data: Any, chance: Random) -> None:
    if items := entries(data, chance):
        del items[chance.randrange(len(items))]


def delete_a_key(data: Any, chance: Random) -> None:
    section = chance.choice([*FREE, "channels"])
    if data.get(section):
        del data[section][chance.choice([*data[section]])]


def insert_an_entry(data: Any, chance: Random) -> None:
    section = chance.choice(LISTS)
    name = new_name(chance)
    new: dict[str, dict[str, Any]] = {
        "grants": {
            "id": name,
            "to": ["a.example"],
            "signals": ["cart"],
            "purposes": ["service", "ads"],
            "note": chance.choice(TEXTS),
        },
        "refusals": {"id": name, "to": "everyone", "purposes": ["data.sale"]},
        "wants": {"id": name, "what": chance.choice(TEXTS), "open_to": ["a.example"]},
        "interests": {"topic": name, "level": "like"},
    }
    items = data.get(section) or []
    items.insert(chance.randint(0, len(items)), new[section])
    data[section] = items


def insert_a_key(data: Any, chance: Random) -> None:
    section = chance.choice([*FREE, "channels"])
    key = "letter" if section == "channels" else f"{new_name(chance)}.example"
    company = {"name": chance.choice(TEXTS), "stage": "buy"}
    values: dict[str, Any] = {"companies": company, "groups": ["a.example", "b.example"], "channels": {"max": "1/P1M"}}
    data[section] = (data.get(section) or {}) | {key: values[section]}


def move_an_entry(data: Any, chance: Random) -> None:
    if items := entries(data, chance):
        item = items.pop(chance.randrange(len(items)))
        items.insert(chance.randint(0, len(items)), item)


def shuffle_entries(data: Any, chance: Random) -> None:
    if items := entries(data, chance):
        chance.shuffle(items)


def set_a_member(data: Any, chance: Random) -> None:
    item = chance.choice(mappings(data))
    key = chance.choice(["note", "until", "sharing", "channels", "what", "name", "from", "categories"])
    item[key] = chance.choice([{"named": ["a.example"]}, ["email", "sms"], [], *TEXTS[:12]])


def unset_a_member(data: Any, chance: Random) -> None:
    item = chance.choice(mappings(data))
    keys = [key for key in item if key not in ("id", "topic")]
    if keys:
        del item[chance.choice(keys)]


def change_words(data: Any, chance: Random) -> None:
    found = [value for item in mappings(data) for value in item.values() if isinstance(value, list)]
    found += [value for value in (data.get("groups") or {}).values() if isinstance(value, list)]
    words = chance.choice(found or [[]])
    for _ in range(chance.choice([1, 1, 2])):
        kind = chance.randrange(4)
        if kind == 0 or not words:
            words.insert(chance.randint(0, len(words)), f"word.{chance.randrange(10**4)}")
        elif kind == 1:
            words.remove(chance.choice(words))
        elif kind == 2:
            words[chance.randrange(len(words))] = chance.choice([text for text in TEXTS if text not in words])
        else:
            chance.shuffle(words)


def one_or_many(data: Any, chance: Random) -> None:
    item = chance.choice(mappings(data))
    for key in ("to", "open_to"):
        if isinstance(item.get(key), str):
            item[key] = [item[key], "z.example"][: chance.choice([1, 2])]
        elif isinstance(item.get(key), list) and item[key]:
            item[key] = item[key][0]
    for key, rule in (data.get("channels") or {}).items():
        data["channels"][key] = {"max": "2/P1W"} if rule == "never" else "never"


def change_a_section(data: Any, chance: Random) -> None:
    section = chance.choice([*LISTS, *FREE, "channels", "status"])
    new: Any = [] if section in LISTS else "withdrawn" if section == "status" else {}
    if section in data and chance.random() < 0.5:
        del data[section]
    else:
        data[section] = new if new else chance.choice([new, None])


EDITING: list[Callable[[Any, Random], dict[str, str] | None]] = [
    change_a_value,
    change_a_value,
    change_to_no_text,
    rename_an_entry,
    rename_a_key,
    delete_an_entry,
    delete_a_key,
    insert_an_entry,
    insert_a_key,
    move_an_entry,
    shuffle_entries,
    set_a_member,
    unset_a_member,
    change_words,
    change_words,
    one_or_many,
    change_a_section,
]
# One that goes and one like it that comes in its place are one that was renamed.
ANOTHER = {rename_an_entry, rename_a_key, delete_an_entry, delete_a_key}


def edit(data: Any, chance: Random) -> Edit:
    """Do one thing, or now and then two, to a copy of the data; but nothing beside what makes one entry another."""
    wanted = copy.deepcopy(data)
    doing = chance.choices(EDITING, k=1 if chance.random() < 0.8 else 2)
    if ANOTHER & {*doing}:
        doing = doing[-1:]
    names = [do(wanted, chance) or {} for do in doing]
    return Edit(wanted, " and ".join(do.__name__ for do in doing), names[0])


# What is to hold of every edit.


def check(old: bytes, new: bytes, done: Edit, names: dict[str, str]) -> None:
    """Fail where a text that was edited is not as it should be; ``names`` are the names that remarks call differently."""
    before, after = old.decode(), new.decode()
    assert load(new).data == done.wanted
    assert after[:1] == before[:1] or before[:1] != "\ufeff"
    assert line_ends(after) <= line_ends(before)
    assert after[-1] in "\r\n" or before[-1] not in "\r\n"
    if before[-1] not in "\r\n" and after[-1] in "\r\n":  # only where a block says that it ends so
        assert load(after[:-1].removesuffix("\r").encode()).data != done.wanted
    here = places(after)
    left = Counter(owner for _, owner in remarks(after))
    for owner, count in Counter(owner for _, owner in remarks(before)).items():
        assert left[owner] == (count if called(owner, names) in here else 0), owner
    for line, owner in remarks(after):
        assert beside(after, line, here[called(owner, names)]), (owner, line, here[called(owner, names)])
    changed = [
        code
        for code in difflib.SequenceMatcher(None, rows(before), rows(after), autojunk=False).get_opcodes()
        if code[0] != "equal"
    ]
    if done.what == "change_a_value" and in_one_line(before, after):
        assert [(tag, b - a, d - c) for tag, a, b, c, d in changed] == [("replace", 1, 1)]
    if done.what in ("rename_an_entry", "rename_a_key") and done.names:
        assert [(tag, b - a, d - c) for tag, a, b, c, d in changed] == [("replace", 1, 1)]


def line_ends(text: str) -> set[str]:
    return {*re.findall(r"\r\n|\r|\n", text)}


def in_one_line(before: str, after: str) -> bool:
    """Tell whether the only scalar that differs stood and stands in one line, and in no block."""

    def scalars(text: str) -> list[Any]:
        tree = yaml.CSafeLoader(text.removeprefix("\ufeff").encode()).get_single_node()
        return [node for node in every(tree) if isinstance(node, yaml.ScalarNode)]

    def every(node: Any) -> Iterator[Any]:
        yield node
        for pair in node.value if not isinstance(node, yaml.ScalarNode) else ():
            for part in pair if isinstance(pair, tuple) else (pair,):
                yield from every(part)

    for one, other in zip(scalars(before), scalars(after), strict=True):
        if (one.value, one.style) != (other.value, other.style):
            return one.style not in ("|", ">") and one.start_mark.line == one.end_mark.line
    return False


def called(owner: str, names: dict[str, str]) -> str:
    first, slash, rest = owner.partition("/")
    return names.get(owner) or names.get(first, first) + slash + rest


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_nothing_changes_nothing(style: Path) -> None:
    """Each style is a valid profile, says so in its first line, and stays the same to the byte when nothing was changed."""
    data = style.read_bytes()
    source = load(data)
    ensure_valid(source, AT)
    assert data.decode().removeprefix("\ufeff").startswith("# style: ")
    assert rewritten(data, copy.deepcopy(source.data)) == data
    assert rewritten(data, dict(reversed(source.data.items()))) == data
    here = places(data.decode())
    for line, owner in remarks(data.decode()):  # or the other tests would see nothing
        assert beside(data.decode(), line, here[owner]), (owner, line)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_any_edit(style: Path) -> None:
    """After any edit the text says what is wanted, remarks stand beside what they are about, and the rest is as it was."""
    old, chance, refused = style.read_bytes(), Random(style.stem), []
    data = load(old).data
    for number in range(EDITS):
        done = edit(data, chance)
        try:
            new = rewritten(old, done.wanted)
        except NotSigned as error:
            refused.append((number, done.what, error.hint))
            continue
        try:
            check(old, new, done, done.names)
        except Exception:
            print(f"edit {number}: {done.what}\n{difference(old, new)}")
            raise
    print(*refused, sep="\n")
    assert len(refused) <= EDITS / 100


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_edits_one_after_the_other(style: Path) -> None:
    """Edits of what was edited before hold what single ones hold."""
    chance, refused = Random(f"{style.stem}, again"), 0
    for chain in range(CHAINS):
        now, names = style.read_bytes(), dict[str, str]()
        for number in range(LENGTH):
            done = edit(load(now).data, chance)
            try:
                new = rewritten(now, done.wanted)
            except NotSigned as error:
                print(f"chain {chain}, edit {number}: {done.what}: {error.hint}\n{now.decode()}")
                refused += 1
                continue
            names = {owner: done.names.get(name, name) for owner, name in names.items()} | {
                name: new_name for name, new_name in done.names.items() if name not in names.values()
            }
            try:
                check(now, new, done, names)
            except Exception:
                print(f"chain {chain}, edit {number}: {done.what}\n{difference(now, new)}")
                raise
            now = new
    assert refused <= CHAINS * LENGTH / 100


def difference(old: bytes, new: bytes) -> str:
    """Show what was changed in a text."""
    return "\n".join(difflib.unified_diff(rows(old.decode()), rows(new.decode()), lineterm="", n=3))
