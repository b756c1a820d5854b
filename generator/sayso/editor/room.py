"""What every page of one run shares: the folder, the clock, the secrets, the versions that were shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sayso.editor.exchange import Answer, Request
from sayso.editor.forms import SECTIONS, WHOLE, entries, form_of
from sayso.editor.guard import Guard
from sayso.editor.posting import Values
from sayso.editor.problems import Placed
from sayso.editor.rendering import render
from sayso.editor.saving import BACKUP, Shelf, current
from sayso.editor.state import State, state_of
from sayso.editor.terminal import Terminal
from sayso.editor.views import Views, member_of
from sayso.publish.signing import Prepared
from sayso.publish.source_file import SOURCE
from sayso.texts import LANGUAGES

LANGUAGE = "sayso-language"  # the cookie


@dataclass(frozen=True, slots=True)
class Room:
    """One run of the editor; ``prepare`` tells what would be signed, and raises what hinders it."""

    folder: Path
    clock: Callable[[], int]
    language: str
    guard: Guard
    terminal: Terminal
    prepare: Callable[[], Prepared]
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def root(self) -> str:
        """The path below which every page is."""
        return self.guard.root

    @property
    def file(self) -> str:
        """The path of the file, as people are told it."""
        return str(self.folder / SOURCE)

    def state(self) -> State:
        """Read the file, and remember it; raises FetchError."""
        return self.draft(current(self.folder), on_disk=True)

    def draft(self, text: bytes, *, on_disk: bool = False) -> State:
        """Read what the file might be, and remember it."""
        state = state_of(text, self.file, self.clock())
        self.shelf.put(state.digest, text, on_disk=on_disk)
        return state

    def language_of(self, request: Request) -> str:
        """Give the language that the person chose, or that of the terminal."""
        chosen = request.cookie(LANGUAGE)
        return chosen if chosen is not None and chosen in LANGUAGES else self.language

    def page(self, template: str, views: Views, status: int = 200, **values: Any) -> Answer:
        """Render a page with what all of them need."""
        common: dict[str, Any] = {
            "root": self.root,
            "token": self.guard.form_token,
            "t": views.phrases,
            "words": views.words,
            "languages": LANGUAGES.items(),
            "folder": self.folder.resolve().name,
            "file": SOURCE,
            "backup": BACKUP,
            "at_home": False,
        }
        return Answer(status, render(template, **{**common, **values}))

    def unreadable(self, views: Views, state: State, typed: Values | None = None) -> Answer:
        """Show why the file cannot be read, and keep what was typed."""
        return self.page(
            "unreadable.html",
            views,
            409 if typed else 200,
            problems=state.problems,
            excerpt=_excerpt(state),
            heading=views.phrases["unreadable"],
            carried=[(name, value) for name, given in (typed or {}).items() if name != "do" for value in given],
        )

    def message(self, views: Views, status: int, heading: str, text: str = "") -> Answer:
        """Say one thing."""
        return self.page(
            "message.html", views, status, heading=views.phrases[heading], text=views.phrases.get(text, text)
        )

    def place_of(self, data: Any) -> Callable[[Placed], str]:
        """Give what tells the address of the field that a problem is about; nothing where there is none."""

        def place(item: Placed) -> str:
            section = str(item.path[0]) if item.path else ""
            if section not in SECTIONS:
                return ""
            entry = "" if section in WHOLE else str(item.path[1]) if item.path and len(item.path) > 1 else None
            if entry is None or entry not in dict(entries(data, section)):
                return ""
            return f"{self.root}edit?section={section}&entry={quote(entry)}{anchor(section, item)}"

        return place


def _excerpt(state: State) -> list[tuple[int, str, bool]]:
    """Give the lines around what cannot be read."""
    wrong = {item.problem.line for item in state.problems}
    near = {line + step for line in wrong for step in (-1, 0, 1)}
    lines = state.text.decode("utf-8", "replace").splitlines()
    return [(number, text[:200], number in wrong) for number, text in enumerate(lines, 1) if number in near][:60]


def anchor(section: str, item: Placed) -> str:
    """Give the anchor of the field of a form that a problem is about; nothing where it is about all of it."""
    name = field_about(section, item)
    return f"#f-{name}" if name else ""


def field_about(section: str, item: Placed) -> str:
    """Name the field of a form that a problem is about: the members that it does not know have one for them all."""
    name = member_of(section, item)
    if name is None:
        return "key" if item.key else ""
    return name if name in {field.name for field in form_of(section).fields} else "drop"
