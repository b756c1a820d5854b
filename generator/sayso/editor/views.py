"""What the templates show: the fields of a form with what is typed and what is wrong, and the entries of a profile told briefly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sayso.editor.briefly import Briefly
from sayso.editor.controls import Choice, Many, Text, as_text
from sayso.editor.forms import LISTS, WHOLE, Field, editable, entries, form_of
from sayso.editor.labels import label_of, labels, section_names
from sayso.editor.options import Choices, Group, Option
from sayso.editor.phrases import phrases
from sayso.editor.posting import Values
from sayso.editor.problems import Placed
from sayso.publish.words import Words, words_in

_INSTEAD = {"groups": "members", "channels": "rule", "valid": "kind"}  # where an entry is one value, or may be
LIMITS = ("categories", "granularity", "lookback", "frequency", "retention", "sharing", "from", "until")


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it is shown."""

    name: str
    look: str
    label: str
    help: str
    required: bool
    values: Mapping[str, tuple[str, ...]]
    problems: tuple[Placed, ...]
    options: tuple[Option, ...] = ()
    groups: tuple[Group, ...] = ()
    search: str = ""
    long: bool = False  # a list that somebody may want to search
    add_first: str = ""  # what leads to the form for a company, where there is none to choose

    @property
    def described(self) -> str:
        """Name what describes it, for those who hear it."""
        parts = [f"f-{self.name}-help"] * bool(self.help) + [f"f-{self.name}-{n}" for n in range(len(self.problems))]
        return " ".join(parts)

    @property
    def invalid(self) -> bool:
        """Tell whether there is a mistake in it."""
        return any(item.is_error for item in self.problems)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry told briefly: what it is called, and a few facts."""

    section: str
    entry: str
    title: str
    facts: tuple[tuple[str, str], ...]
    problems: tuple[Placed, ...]
    note: str = ""
    first: bool = True
    last: bool = True


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of a profile, and its entries."""

    name: str
    title: str
    help: str
    add: str
    entries: tuple[EntryView, ...]
    editable: bool
    can_add: bool


class Views:
    """Makes what is shown of a profile that says this, in a language."""

    def __init__(self, language: str, data: Any) -> None:
        self.words: Words = words_in(language)
        gettext = self.words.texts.gettext
        self.phrases, self.sections_named = phrases(gettext), section_names(gettext)
        self._labels = labels(gettext)
        self._data = data
        self._choices = Choices(self.words, self.phrases, data)
        self._told = Briefly(
            self.words, self.phrases, self._labels, {n: v[0] for n, v in self.sections_named.items()}, data
        )

    def fields(
        self, section: str, values: Values, problems: Iterable[Placed], held: Iterable[str]
    ) -> Iterator[FieldView]:
        """Give the fields of a form with these values, and what is wrong with each."""
        problems, held = tuple(problems), {*held}
        for field in form_of(section).fields:
            mine = tuple(item for item in problems if member_of(section, item) == field.name)
            yield self._field(section, field, values, mine, held=field.name in held)

    def label(self, section: str, name: str) -> str:
        """Give what a field is called; nothing for one without a name."""
        return label_of(self._labels, section, name)[0] if name not in ("", "drop") else ""

    def key(self, section: str, value: str, problems: tuple[Placed, ...]) -> FieldView:
        """Give the field in which a new entry is given its key."""
        label, help_ = label_of(self._labels, section, "key")
        options = self._choices.keys(section)
        look = "choice" if options else "text"
        return FieldView("key", look, label, help_, True, {"": (value,)}, problems, options)

    def _field(
        self, section: str, field: Field, values: Values, problems: tuple[Placed, ...], *, held: bool
    ) -> FieldView:
        (label, help_), kind = label_of(self._labels, section, field.name), field.kind
        ends = {
            name[len(field.name) :]: given for name, given in values.items() if name.partition(".")[0] == field.name
        }
        look, search, many, add_first = ("held" if held else kind.look), "", False, ""
        options: tuple[Option, ...] = ()
        groups: tuple[Group, ...] = ()
        if isinstance(kind, Many) and not held:
            search = values.get(f"find.{field.name}", ("",))[0]
            groups = self._choices.groups(section, field, ends.get("", ()), search)
            there = entries_of(self._data, "companies")
            many = kind.of in ("signals", "purposes", "categories") or len(there) > 12
            if kind.of in ("companies", "recipients") and not there:
                add_first = self.sections_named["companies"][2]
        elif look in ("choice", "radio", "sharing"):
            options = self._choices.choice(field.name, ends.get("", ("",))[0])
        elif isinstance(kind, Text) and not isinstance(kind, Choice):
            text = ends.get("", ("",))[0]
            look = "long" if "\n" in text else "text" if look == "day" and not _is_day(text) else look
        elif look in ("duration", "rate", "quiet") and "" in ends:
            look = "text"
        required = field.required and field.name != "id"  # which is made, if nobody writes it
        return FieldView(
            field.name, look, label, help_, required, ends, problems, options, groups, search, many, add_first
        )

    def sections(self, problems: Iterable[Placed]) -> Iterator[SectionView]:
        """Give every section, and what each entry says."""
        found = tuple(problems)
        for name, (title, help_, add, _) in self.sections_named.items():
            shown = tuple(self._entries(name, found))
            usable = editable(self._data, name)
            yield SectionView(name, title, help_, add, shown, usable, usable and bool(add))

    def _entries(self, section: str, problems: tuple[Placed, ...]) -> Iterator[EntryView]:
        there = list(entries(self._data, section))
        for place, (name, entry) in enumerate(there):
            members = form_of(section).members(entry)
            part: Any = None if section in WHOLE else place if section in LISTS else name
            mine = tuple(item for item in problems if item.within(section, part))
            note = as_text(members.get("note")) or ""
            title = self._told.title(section, name, members)
            ends = (place == 0, place == len(there) - 1) if section in LISTS else (True, True)
            yield EntryView(section, name, title, tuple(self._told.facts(section, members)), mine, note, *ends)

    def title(self, section: str, entry: str, value: Any) -> str:
        """Give what an entry is called."""
        return self._told.title(section, entry, form_of(section).members(value))


def member_of(section: str, item: Placed) -> str | None:
    """Name the field of a form that a problem of its entry is about; None for one of the entry as a whole."""
    depth, path = (1 if section in WHOLE else 2), item.path or ()
    if item.key and len(path) == depth:
        return None
    if section in _INSTEAD and (section == "groups" or len(path) == depth):
        return _INSTEAD[section]
    return str(path[depth]) if len(path) > depth else None


def entries_of(data: Any, section: str) -> list[str]:
    """Name the entries of a section."""
    return [name for name, _ in entries(data, section)]


def _is_day(text: str) -> bool:
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
