"""A change: from what was typed to what it comes to, to be looked at, confirmed and saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sayso.editor.controls import ABSENT, Many
from sayso.editor.exchange import Answer, to
from sayso.editor.forms import KEYED, LISTS, WHOLE, entries, form_of
from sayso.editor.posting import Values, one
from sayso.editor.problems import Placed
from sayso.editor.room import Room, anchor, field_about
from sayso.editor.saving import Changed, kept, save
from sayso.editor.state import Difference, State, new_errors
from sayso.editor.steps import FORMS, NAMED, Gone, Step, entry_of, rebased, step_of, wanted
from sayso.editor.views import LIMITS, Views
from sayso.errors import Problem, SaysoError
from sayso.instants import time_zones
from sayso.profile.rewriting import rewritten

_OURS = ("token", "base", "step", "section", "entry", "do")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else changed meanwhile; ``gone`` if they took away what was being changed."""

    difference: Difference
    gone: bool


class Changing:
    """One request to change something, in a language."""

    def __init__(self, room: Room, language: str) -> None:
        self._room = room
        self._now = room.state()
        self._views = Views(language, self._now.data)
        self._conflict: Conflict | None = None

    def begun(self, what: str, section: str, entry: str) -> Answer:
        """Show the form of an entry as it is, or of a new one; raises ValueError or Gone for none that there is."""
        if self._now.source is None:
            return to(self._room.root)
        step = step_of({"step": (what,), "section": (section,), "entry": (entry,)})
        values = form_of(section).values(entry_of(self._now.data, step))
        return self._form(replace(step, values=values), self._now, untouched=True)

    def asked(self, values: Values) -> Answer:
        """Answer a form: look, find, ask, back or save; raises ValueError for one that is not ours, Gone for nothing there."""
        if self._now.source is None:
            return self._room.unreadable(self._views, self._now, values)
        step, do, base = step_of(values), one(values, "do"), one(values, "base")
        if base != self._now.digest:
            step = self._brought_up(step, base)
            do = "back" if step.what in FORMS else "ask"
        try:
            after = self._after(step)
        except SaysoError as error:
            return (
                self._form(step, self._now, failed=error)
                if step.what in FORMS
                else self._confirm(step, self._now, error)
            )
        hindering = self._hindering(step, after)
        if step.what in FORMS and (do in ("look", "find", "back") or (hindering and do in ("ask", "save"))):
            return self._form(step, after, refused=bool(hindering) and do in ("ask", "save"), looked=do == "look")
        if do == "save" and not hindering:
            try:
                save(self._room.folder, base, after.text)
            except Changed:
                return Changing(self._room, self._views.words.language).asked(values)
            except SaysoError as error:
                return self._confirm(step, after, error)
            return to(f"{self._room.root}?saved=1")
        if do not in ("ask", "save", "back"):
            raise ValueError(f"there is no {do} here")
        return self._confirm(step, after)

    def _brought_up(self, step: Step, base: str) -> Step:
        """Give the step as one on the file as it is now, and note what was changed there."""
        text = self._room.shelf.file(base)
        if text is None:
            raise Gone
        before = self._room.draft(text)
        fresh = rebased(step, before.data, self._now.data) if step.section else step
        self._conflict = Conflict(self._difference(before, self._now), step.what == "edit" and fresh.what == "add")
        return fresh

    def _after(self, step: Step) -> State:
        """Give what the file would be; raises Gone, ValueError, and SaysoError where it cannot be written by lines."""
        if step.what == "undo":
            before = kept(self._room.folder)
            if before is None:
                raise Gone
            return self._room.draft(before)
        data = wanted(self._now.data, step)
        if data is self._now.data:
            return self._now
        text = self._now.text
        if self._now.data is None:  # an empty file, or one of comments alone
            text = (text.rstrip() + b"\nsayso: 1\n").lstrip()
        return self._room.draft(rewritten(text, data, self._room.file))

    def _place_after(self, step: Step, after: State) -> str | int | None:
        """Give the place of the entry of a step when it is done."""
        if step.what != "add":
            new = step.section in NAMED and step.key and not any(_twice(step, self._now.data))
            return step.key if new else step.place
        return len(list(entries(after.data, step.section))) - 1 if step.section in LISTS else step.key

    def _hindering(self, step: Step, after: State) -> tuple[Placed, ...]:
        """Give the mistakes for which a change is not saved: those of the entry, and those that were not there before.

        Others that a hand wrote elsewhere do not hinder: they can be mended one by one.
        """
        found = (
            [] if self._now.data is None else list(new_errors(self._now, after))
        )  # an empty file is filled part by part
        if step.what in FORMS:
            place = self._place_after(step, after)
            found += [item for item in after.errors if item.within(step.section, place) and item not in found]
        return (*_twice(step, self._now.data), *found)

    def _form(
        self,
        step: Step,
        after: State,
        *,
        untouched: bool = False,
        refused: bool = False,
        looked: bool = False,
        failed: SaysoError | None = None,
    ) -> Answer:
        room, views, form, section = self._room, self._views, form_of(step.section), step.section
        before = entry_of(self._now.data, step)
        place = self._place_after(step, after)
        fresh = untouched and step.what == "add"
        twice = tuple(_twice(step, self._now.data))
        mine = () if fresh else (*twice, *(item for item in after.problems if item.within(section, place)))
        unseen = () if fresh else tuple(item for item in after.problems if item.path is None)
        shown = (
            (*unseen, *mine) if not refused else (*self._hindering(step, after), *(i for i in mine if not i.is_error))
        )
        key = None
        if section in (KEYED if step.what == "add" else NAMED):
            typed = step.values.get("key", (step.entry,))[0]
            key = views.key(section, typed, tuple(item for item in mine if item.key))
        return room.page(
            "form.html",
            views,
            409 if self._conflict else 422 if refused or failed else 200,
            heading=views.sections_named[section][2 if step.what == "add" else 3],
            title="" if step.what == "add" or section in WHOLE else views.title(section, step.entry, before),
            step=step,
            base=self._now.digest,
            digest=after.digest,
            ready=after.terms is not None,
            key=key,
            fields=list(views.fields(section, _typed(step), mine, form.held(before))),
            limits=LIMITS if section == "grants" else (),
            unknown=form.unknown(before) if before is not ABSENT else (),
            dropped=step.values.get("drop", ()),
            difference=self._difference(self._now, after),
            elsewhere=[item for item in after.errors if item not in shown],
            shown_problems=shown,
            anchor_of=lambda item: "#f-key" if item in twice else anchor(section, item) if item in mine else "",
            name_of=lambda item: views.label(section, "key" if item in twice else field_about(section, item)),
            place_of=room.place_of(self._now.data),
            refused=refused or failed is not None,
            failed=failed,
            looked=looked,
            conflict=self._conflict,
            zones=sorted(time_zones()) if section == "channels" else (),
        )

    def _confirm(self, step: Step, after: State, failed: SaysoError | None = None) -> Answer:
        room, views = self._room, self._views
        hindering = self._hindering(step, after)
        there = {item.mark for item in self._now.problems}
        place = self._place_after(step, after) if step.what in FORMS else None
        own = step.what in FORMS
        warnings = [
            item
            for item in after.problems
            if not item.is_error and (item.mark not in there or (own and item.within(step.section, place)))
        ]
        carried: list[tuple[str, Any]] = [
            (name, value) for name, given in step.values.items() if name not in _OURS for value in given
        ]
        ours = ("token", room.guard.form_token), ("base", self._now.digest)
        return room.page(
            "confirm.html",
            views,
            409 if self._conflict else 422 if hindering or failed else 200,
            heading=views.phrases["confirm"],
            title=self._title(step),
            step=step,
            digest=after.digest,
            ready=after.terms is not None,
            difference=self._difference(self._now, after),
            warnings=warnings,
            shown_problems=hindering,
            refused=bool(hindering),
            failed=failed,
            conflict=self._conflict,
            place_of=room.place_of(after.data),
            carried=[*ours, ("step", step.what), ("section", step.section), ("entry", step.entry), *carried],
        )

    def _difference(self, before: State, after: State) -> Difference:
        return Difference.between(before, after, self._views.words.language)

    def _title(self, step: Step) -> str:
        say, views = step.what, self._views
        if step.what in ("withdraw", "return", "undo"):
            return views.phrases[say]
        if step.what == "add" or step.section in WHOLE:
            return views.sections_named[step.section][2 if step.what == "add" else 3]
        called = views.title(step.section, step.entry, entry_of(self._now.data, step))
        do = views.phrases[say if step.section in ("grants", "refusals") or say != "remove" else "remove_other"]
        do = views.sections_named[step.section][3] if step.what == "edit" else do
        return views.phrases["of"] % {"do": do, "what": f"\u2068{called}\u2069"}


def _typed(step: Step) -> Values:
    """Give what was typed, with nothing for lists of which nothing is chosen: browsers do not send those."""
    lists = (field.name for field in form_of(step.section).fields if isinstance(field.kind, Many))
    return {**dict.fromkeys(lists, ()), **step.values}


def _twice(step: Step, data: Any) -> Iterator[Placed]:
    """Complain about a key that another entry has already."""
    key, other = step.key, step.what == "add" or step.key not in ("", step.entry)
    if other and step.section in KEYED and key in dict(entries(data, step.section)):
        text = f"`{key}` is there already"
        problem = Problem("repeated-item", text, hint="change that one, or choose another")
        yield Placed(problem, (step.section, key), key=True)
