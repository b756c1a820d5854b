"""The words that can be chosen in a field: grouped, with their labels and explanations, in a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sayso import spec
from sayso.editor.controls import Many, as_text
from sayso.editor.forms import Field, entries
from sayso.editor.posting import one_line_break
from sayso.profile.addresses import a_label
from sayso.profile.draft import MEANS_EVERYONE
from sayso.profile.words import parent
from sayso.publish.words import Words


@dataclass(frozen=True, slots=True)
class Option:
    """A word, what it is called, what it means, and whether it is chosen."""

    value: str
    label: str
    help: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Words under one heading; none for words that need none."""

    label: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        """Count those that are chosen."""
        return sum(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Choices:
    """Gives what can be chosen, in a language, in a profile that says this, with these phrases."""

    words: Words
    phrases: Mapping[str, str]
    data: Any

    def groups(self, section: str, field: Field, chosen: Iterable[str], search: str) -> tuple[Group, ...]:
        """Give the words of a field that takes many: those that are chosen, and of the others those with what is searched."""
        assert isinstance(field.kind, Many)
        left = {*chosen}
        found = []
        for label, options in self._many(section, field.kind.of, left):
            shown = [o for o in options if o.chosen or _has(search, label, o)]
            left -= {option.value for option in options}
            if shown:
                found.append(Group(label, tuple(shown)))
        if left:
            others = tuple(Option(word, word, self.phrases["other"], True) for word in sorted(left))
            found.append(Group("", others))
        return tuple(found)

    def choice(self, name: str, value: str) -> tuple[Option, ...]:
        """Give the words of a field that takes one, and the one that is chosen among them, whatever it is."""
        options = {option.value: option for option in self._one(name)}
        options.setdefault(value, Option(value, value))
        return tuple(Option(o.value, o.label, o.help, o.value == value) for o in options.values())

    def keys(self, section: str) -> tuple[Option, ...]:
        """Give the keys that a new entry may have, where they are words: the channels without a rule."""
        there = {name for name, _ in entries(self.data, section)}
        known = spec.vocabulary().channels
        return (
            tuple(self._word("channel", known[key]) for key in known if key not in there)
            if section == "channels"
            else ()
        )

    def _many(self, section: str, of: str, chosen: set[str]) -> Iterator[tuple[str, tuple[Option, ...]]]:
        if of in ("companies", "recipients"):
            yield "", tuple(self._recipients(section, of, chosen))
            return
        kind = {"categories": "category"}.get(of, of.removesuffix("s"))
        known: Mapping[str, spec.Word] = getattr(spec.vocabulary(), of)
        groups: dict[str, list[Option]] = {}
        for key, word in known.items():
            if word.deprecated is None or key in chosen:
                above = parent(key) or (key if any(other.parent == key for other in known.values()) else "")
                groups.setdefault(above, []).append(self._word(kind, word, key in chosen, whole=key == above))
        for above, options in groups.items():
            yield (self.words.texts.pgettext(kind, known[above].label) if above else ""), tuple(options)

    def _recipients(self, section: str, of: str, chosen: set[str]) -> Iterator[Option]:
        written = {a_label(name): name for name in chosen if a_label(name)}
        for name, entry in entries(self.data, "companies"):
            called = as_text(entry.get("name")) if isinstance(entry, dict) else None
            value = one_line_break(name if name in chosen else written.get(a_label(name), name))
            yield Option(value, called or name, name if called else "", value in chosen)
        if of == "recipients":
            for name, members in entries(self.data, "groups"):
                who = self.words.list(map(str, members)) if isinstance(members, list) else ""
                yield Option(one_line_break(name), name, who, name in chosen)
            if section != "wants":
                help_ = self.phrases["every_recipient"]
                yield Option(MEANS_EVERYONE, self.phrases["everyone"], help_, MEANS_EVERYONE in chosen)

    def _word(self, kind: str, word: spec.Word, chosen: bool = False, *, whole: bool = False) -> Option:
        say, told = self.words.texts.pgettext, [self.phrases["all_of"]] if whole else []
        if word.definition:
            told.append(say(kind, word.definition))
        told += [
            self.phrases[name]
            for name, holds in (
                ("explicit", word.explicit_only),
                ("for_everyone", word.open and kind == "purpose"),
                ("sensitive", word.sensitive),
            )
            if holds
        ]
        return Option(word.key, say(kind, word.label), " ".join(told), chosen)

    def _one(self, name: str) -> Iterator[Option]:
        words, say = self.words, self.phrases
        match name:
            case "stage":
                yield Option("", say["not_chosen"])
                yield from (self._word("stage", word) for word in spec.vocabulary().stages.values())
            case "category":
                yield Option("", say["not_chosen"])
                yield from (self._word("category", word) for word in spec.vocabulary().categories.values())
            case "granularity":
                yield Option("", say["as_signal"])
                for key in ("event", "item", "category", "band", "aggregate"):
                    yield Option(key, words.granularity(key))
            case "level":
                yield from (Option(key, words.level(key)) for key in ("love", "like", "dislike"))
            case "sharing":
                yield Option("none", words.sharing(None))
                yield from (Option(key, words.sharing(key)) for key in ("processors", "anonymised"))
                yield Option("named", say["named"])
            case "rule" | "kind":
                keys = ("limits", "never") if name == "rule" else ("for", "until")
                yield from (Option(key, say[f"{name if name == 'rule' else 'valid'}_{key}"]) for key in keys)


def _has(search: str, label: str, option: Option) -> bool:
    sought = search.casefold().strip()
    return sought in f"{label} {option.label} {option.help} {option.value}".casefold()
