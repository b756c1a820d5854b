"""An entry of a profile told briefly: what it is called, and a few facts, whatever its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sayso import spec
from sayso.editor.controls import as_list, as_text
from sayso.editor.forms import entries
from sayso.editor.labels import Label, label_of
from sayso.profile.draft import MEANS_EVERYONE
from sayso.publish.words import Words


@dataclass(frozen=True, slots=True)
class Briefly:
    """Tells entries of a profile that says this, in a language."""

    words: Words
    phrases: Mapping[str, str]
    labels: Mapping[str, Label]
    sections: Mapping[str, str]  # what each is called
    data: Any

    def title(self, section: str, name: str, members: Mapping[str, Any]) -> str:
        """Give what an entry with these members is called."""
        words = self.words
        match section:
            case "grants" | "refusals":
                return words.list(self._who(members.get("to"))) or str(members.get("id", name))
            case "companies":
                return as_text(members.get("name")) or name
            case "channels":
                return words.channel(name)
            case "wants":
                return as_text(members.get("what")) or name
            case "interests":
                topic = as_text(members.get("topic")) or name
                return words.category(topic) if topic in spec.vocabulary().categories else topic
            case "groups":
                return name
        return self.sections[section]

    def _who(self, value: Any) -> list[str]:
        called = {
            key: as_text(item.get("name")) for key, item in entries(self.data, "companies") if isinstance(item, dict)
        }
        everyone = {MEANS_EVERYONE: self.phrases["everyone"]}
        return [everyone.get(name) or called.get(name) or name for name in as_list(value) or []]

    def facts(self, section: str, members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Tell what an entry says, whatever its shape: what cannot be told is left out."""
        words, say = self.words, self.phrases
        told = {
            "signals": (say["sees_not" if section == "refusals" else "sees"], words.signal),
            "purposes": (say["for"], words.purpose),
            "channels": (say["by"], words.channel),
            "categories": (say["about"], words.category),
        }
        if section in ("grants", "refusals"):
            for name, (label, of) in told.items():
                if listed := as_list(members.get(name)):
                    yield label, words.list(_known(of, key) for key in listed)
            if section == "refusals" and not any(members.get(name) for name in told):
                yield say["sees_not"], say["everything"]
            if section == "grants" and not members.get("channels"):
                yield say["by"], say["no_channel"]
        elif section == "companies":
            yield "", words.stage(stage) if (stage := as_text(members.get("stage"))) else ""
        elif section == "wants":
            yield say["who"], words.list(self._who(members.get("open_to"))) or say["nobody"]
        elif section == "interests":
            level = as_text(members.get("level")) or ""
            yield "", words.level(level) if level in ("love", "like", "dislike") else level
        elif section == "groups":
            yield "", words.list(self._who(members.get("members")))
        elif section == "channels":
            if members.get("rule") == "never":
                yield "", say["never"]
            for name, say_it in (("max", words.rate), ("quiet", words.quiet)):
                if text := as_text(members.get(name)):
                    yield "", _known(say_it, text)
        elif section == "me":
            for name in ("name", "url", "country"):
                if text := as_text(members.get(name)):
                    yield label_of(self.labels, "me", name)[0], text
            if tags := as_list(members.get("languages")):
                yield label_of(self.labels, "me", "languages")[0], words.list(map(words.tag, tags))
        elif text := as_text(members.get(str(members.get("kind")))):
            yield "", _known(words.day if members["kind"] == "until" else words.duration, text)
        if until := as_text(members.get("until")) if section in ("grants", "wants") else None:
            yield say["until"], _known(words.day, until)


def _known(say: Callable[[str], str], text: str) -> str:
    """Say a text in words or, where it is none that has any, as it is."""
    try:
        return str(say(text))
    except (ValueError, KeyError, IndexError):
        return text
